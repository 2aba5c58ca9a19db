/**
 * Mining hardware and its energy per unit of work, as facts with their sources (data/hardware.tsv), and its names
 * (data/models.tsv). Of rows that are not confirmed, from general knowledge or judgement, only the range is used, never the
 * middle alone.
 */
import hardware from '../../data/hardware.tsv?raw';
import modelNames from '../../data/models.tsv?raw';
import type { Estimate } from '../estimate.ts';
import { number, oneOf, optional, pattern, table, text, yes } from '../schema/table.ts';

export type Machine = 'cpu' | 'gpu' | 'asic' | 'board';

/** Hashes (solutions) in one unit of work. */
export const WORK_UNITS = {
  'J/TH': 1e12,
  'J/GH': 1e9,
  'J/MH': 1e6,
  'J/kH': 1e3,
  'J/kSol': 1e3,
  'J/Sol': 1,
} as const;

const UNITS = Object.keys(WORK_UNITS) as (keyof typeof WORK_UNITS)[];

/** Joules per unit of work: `low` is the best seen, `high` the worst. */
const joules = number(1e-6, 1e9);

export const HARDWARE = table('hardware.tsv', hardware, {
  family: text,
  machine: oneOf<Machine>('cpu', 'gpu', 'asic', 'board'),
  device: text,
  unit: oneOf(...UNITS),
  scope: oneOf('device', 'wall', 'average'),
  year: optional(number(2009, 2100)),
  low: joules,
  value: joules,
  high: joules,
  /** Of one machine (card, processor), hashes a second; null for a class of machines. */
  rate: optional(number(1e-3, 1e18)),
  watts: optional(number(1, 100_000)),
  confirmed: yes,
  source: text,
})();

export type HardwareRow = (typeof HARDWARE)[number];

/** Watts of one worker of which nothing but its kind is known, by judgement. */
export const WORKER_WATTS = {
  asic: { low: 1300, central: 2400, high: 3400 },
  /** One card to a whole rig. */
  gpu: { low: 120, central: 1100, high: 1600 },
  /** A microcontroller, as of an ESP32 or Arduino. */
  board: { low: 0.2, central: 1, high: 3 },
  /** Beyond what the machine draws anyway. */
  cpu: { low: 25, central: 90, high: 250 },
} as const satisfies Readonly<Record<Machine, Estimate>>;

const MODELS = table('models.tsv', modelNames, { pattern, device: text });
/** More words than any host has use for. */
const MAX_TEXTS = 256;

/**
 * The one model that the words name ('Antminer S19 Pro', 's9_07'), if it computes the family; null if none or several are
 * named, since one of several would stand for the others.
 */
export function modelNamed(texts: readonly string[], family: string | null): HardwareRow | null {
  const named = new Set<HardwareRow>();
  for (const text of texts.slice(0, MAX_TEXTS)) {
    const device = MODELS().find((model) => model.pattern.test(text.slice(0, 200)))?.device;
    const row = HARDWARE.find((known) => known.device === device && known.family === family);
    if (row !== undefined) named.add(row);
  }
  const [only = null] = named;
  return named.size === 1 ? only : null;
}

/**
 * Algorithms to the families that hardware is measured in (data/families.tsv), and to the kind of machine that computes them:
 * by what can compute the algorithm at the rate of one worker, then by the model and the programs that it names.
 */
import families from '../../data/families.tsv?raw';
import { kindsOfAgent } from '../evidence/agent.ts';
import { note, number, oneOf, optional, pattern, table, text } from '../schema/table.ts';
import type { Params } from '../statements/codes.ts';
import { bestFit, fittingMachines, type WorkerRate } from './fitting.ts';
import { HARDWARE, type HardwareRow, type Machine } from './hardware.ts';

const year = optional(number(2009, 2100));
const rate = optional(number(1, 1e24));
const rows = table('families.tsv', families, {
  family: text,
  algorithms: pattern,
  usual: oneOf<Machine>('cpu', 'gpu'),
  asicSince: year,
  asicRate: rate,
  networkRate: rate,
  networkYear: year,
  source: note,
});

/** The row of an algorithm id; null if no hardware of its family is known. */
export function familyRow(algorithm: string | null): ReturnType<typeof rows>[number] | null {
  return algorithm === null ? null : (rows().find(({ algorithms }) => algorithms.test(algorithm)) ?? null);
}

/** The family of an algorithm id; null if no hardware of it is known. */
export function familyOf(algorithm: string | null): string | null {
  return familyRow(algorithm)?.family ?? null;
}

interface MachineSigns {
  readonly algorithm: string | null;
  readonly agents: readonly string[];
  /** Null if unknown; of both 0 and more if no share came. */
  readonly ratePerWorker: WorkerRate | null;
  readonly year: number;
  /** The model that the miner names. */
  readonly model?: HardwareRow | null;
}

interface MachineGuess {
  /** Null if nothing tells. */
  readonly machine: Machine | null;
  readonly because: Params['machine']['because'];
  /** Year since which ASICs mine the algorithm, if that is why. */
  readonly since?: number;
}

/** What the usual machine counts against an ASIC once ASICs mine the algorithm. */
const LEFT_TO_OTHERS = 0.3;

/** What kind of machine mines: the rate where it leaves no choice, what is named, then what the algorithm is made for. */
export function machineOf({
  algorithm,
  agents,
  ratePerWorker,
  year,
  model = null,
}: MachineSigns): MachineGuess {
  const row = familyRow(algorithm);
  const { family = null, usual = 'gpu', asicSince = null, asicRate = null } = row ?? {};
  if (ratePerWorker !== null && asicRate !== null && ratePerWorker.low >= asicRate)
    return { machine: 'asic', because: 'rate-too-high' };
  // So slow a worker of an algorithm that ASICs compute is a test, a toy or malware.
  const isSlow = ratePerWorker !== null && ratePerWorker.high > 0 && ratePerWorker.high < slowestAsic(row);
  const isAsicTime = asicSince !== null && year >= asicSince;
  if (model !== null && !(isSlow && model.machine === 'asic'))
    return { machine: model.machine, because: `${model.machine}-agent` };
  const canCompute = (kind: Machine): boolean =>
    kind !== 'asic' || (!isSlow && (isAsicTime || algorithm === null || hasRows(family, 'asic', year)));
  const named = agents.map(kindsOfAgent).find((kinds) => kinds.some(canCompute)) ?? [];
  const kinds = named.filter(canCompute);
  if (kinds.length === 1) return { machine: kinds[0], because: `${kinds[0]}-agent` };
  if (algorithm === null) {
    const [first = null] = kinds;
    return first === null
      ? { machine: null, because: 'nothing-known' }
      : { machine: first, because: `${first}-agent` };
  }
  const possible = kinds.length > 0 ? kinds : (['asic', usual] as const).filter(canCompute);
  if (possible.includes('asic')) {
    const weigh = (kind: Machine): number =>
      bestFit(fittingMachines(family, kind, ratePerWorker, year)) *
      (kind === 'asic' && !isAsicTime
        ? LEFT_TO_OTHERS ** 2
        : kind !== 'asic' && isAsicTime
          ? LEFT_TO_OTHERS
          : 1);
    const [best, other] = possible
      .map((kind) => ({ kind, weight: weigh(kind) }))
      .sort((a, b) => b.weight - a.weight);
    if (other !== undefined && best.weight > 0) return { machine: best.kind, because: 'rate-fits' };
    if (isAsicTime)
      return kinds.length > 0
        ? { machine: 'asic', because: 'asic-agent' }
        : { machine: 'asic', because: 'asic-since', since: asicSince };
  }
  const machine = possible.includes(usual) ? usual : (possible.find((kind) => kind !== 'asic') ?? usual);
  if (kinds.length > 0) return { machine, because: `${machine}-agent` };
  if (machine === 'cpu') return { machine, because: 'made-for-cpu' };
  return {
    machine,
    because: isSlow || family === 'sha256d' || family === 'scrypt' ? 'too-slow-for-asic' : 'made-for-gpu',
  };
}

/** Hashes a second that every ASIC of a family reaches; 0 if none is known. */
function slowestAsic(row: ReturnType<typeof familyRow>): number {
  if (row === null || row.asicSince === null || row.asicRate === null) return 0;
  const rates = HARDWARE.flatMap(({ family, machine, rate }) =>
    family === row.family && machine === 'asic' && rate !== null ? [rate / 2] : [],
  );
  return Math.min(row.asicRate, ...rates);
}

function hasRows(family: string | null, machine: Machine, year: number): boolean {
  return HARDWARE.some(
    (row) => row.family === family && row.machine === machine && row.year !== null && row.year <= year,
  );
}

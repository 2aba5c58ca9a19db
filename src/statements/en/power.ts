/** What power and modelled rates rest on (energy/, assessment/modelled-rates.ts). */
import { counted, digits, grouped } from '../figures.ts';
import type { Statement } from '../statement.ts';

export type Machine = 'cpu' | 'gpu' | 'asic' | 'board';
type Watts = { low: number; central: number; high: number };

const ASSUMED: Readonly<Record<Machine, string>> = {
  cpu: 'Processors',
  gpu: 'Graphics cards',
  asic: 'ASICs',
  board: 'Microcontrollers',
};
export const WORKERS: Readonly<Record<Machine, string>> = {
  cpu: 'processor of a machine, beyond what it draws anyway',
  gpu: 'machine with graphics cards (one card up to a whole rig)',
  asic: 'ASIC',
  board: 'microcontroller',
};
export const MACHINES: Readonly<Record<Machine, string>> = {
  cpu: 'processor',
  gpu: 'machine with graphics cards',
  asic: 'ASIC',
  board: 'microcontroller',
};
/** Why a kind of machine is assumed. */
export type Because =
  | 'rate-too-high'
  | 'nothing-known'
  | 'made-for-cpu'
  | 'asic-since'
  | 'too-slow-for-asic'
  | 'made-for-gpu'
  | 'asic-agent'
  | 'gpu-agent'
  | 'cpu-agent'
  | 'board-agent';
const BECAUSE: Readonly<Record<Because, (algorithm: string, year: number | null) => string>> = {
  'rate-too-high': (algorithm) => `no processor or card reaches this rate of ${algorithm}`,
  'nothing-known': () => 'neither algorithm nor agent is known',
  'made-for-cpu': (algorithm) => `${algorithm} is made for processors`,
  'asic-since': (algorithm, year) => `${algorithm} has been mined by ASICs since ${year}`,
  'too-slow-for-asic': (algorithm) => `too slow for an ASIC for ${algorithm}`,
  'made-for-gpu': (algorithm) => `${algorithm} is made for graphics cards`,
  'asic-agent': () => 'agent is ASIC firmware or drives an ASIC',
  'gpu-agent': () => 'agent is a program for graphics cards',
  'cpu-agent': () => 'agent is a program for processors',
  'board-agent': () => 'agent is a program for microcontrollers',
};
const PREFIXES = ['', 'k', 'M', 'G', 'T', 'P', 'E'];

/** Two significant digits unless `most` says otherwise, thousands by prefix: '43 k', '1.1 kH/s'. */
export function figure(value: number, unit = '', most = 2): string {
  let rest = value;
  let prefix = 0;
  for (; rest >= 1000 && prefix < PREFIXES.length - 1; rest /= 1000) prefix++;
  return `${digits(rest, most)} ${PREFIXES[prefix]}${unit}`.trimEnd();
}

export const POWER = {
  machine: (p: {
    machine: Machine | null;
    because: Because;
    algorithm: string | null;
    year: number | null;
  }) =>
    `${p.machine === null ? 'Kind of machine unknown' : `${ASSUMED[p.machine]} assumed`}: ${BECAUSE[p.because](p.algorithm ?? 'unknown', p.year)}.`,
  'rate-self-reported': 'Rate as reported by the miner.',
  'rate-unchecked':
    'Rate from shares whose hashes nobody has computed again: as the miner wrote them and its server took them, within what its machines and the network can have.',
  'power-bounded': (p: { watts: number }) =>
    `Power is limited to ${digits(p.watts, 3)} W, the most that the machines can draw; the hashrate would need more.`,
  'rate-modelled': 'Rate modelled from bytes and assumptions, not measured.',
  /** Devices of the table; `nearest`: the year that they are of if none of the time is known. */
  efficiency: (p: {
    algorithm: string;
    year: number;
    best: string;
    worst: string;
    middle: string | 'average' | 'geometric-mean' | 'median';
    nearest: number | null;
  }) => {
    const middles: Readonly<Record<string, string>> = {
      average: 'network average at that time',
      'geometric-mean': 'geometric mean of both',
      median: 'median of processors in use',
    };
    const note = p.nearest === null ? '' : ` (nearest known year: ${p.nearest})`;
    return `${p.algorithm} in ${p.year}: ${p.best} at best, ${p.worst} at worst, in between ${middles[p.middle] ?? p.middle}${note}.`;
  },
  'efficiency-named': (p: { algorithm: string; year: number; device: string }) =>
    `${p.algorithm} in ${p.year}: ${p.device}, named by the miner.`,
  'device-named': (p: { device: string; watts: number }) =>
    `${p.device} named by the miner: ${grouped(p.watts)} W nameplate power.`,
  'watts-per-worker': (
    p: Watts & { machine: Machine | null; rate: 'unknown' | 'known' | 'modelled'; algorithm: string | null },
  ) => {
    const why =
      p.rate === 'unknown'
        ? 'Rate not known'
        : `Rate ${p.rate}, but not the consumption of ${p.algorithm ?? 'the algorithm'} on such a machine`;
    const what = p.machine === null ? 'of any kind' : WORKERS[p.machine];
    return `${why}: ${p.central} W (${p.low} to ${p.high}) per worker, ${what}; an estimate.`;
  },
  'no-share-limit': 'No share was seen: power is limited to what the highest possible rate needs.',
  'counts-marginal': 'Only what mining adds is counted: the machines are on anyway.',
  'counts-total': 'The full power of the machines is counted: they are there to mine.',
  'duty-sampled':
    'Packets were sampled, so active time is not known: energy is of the hours with packets, at least of the minutes with packets, at most of the whole window.',
  pue: (p: Watts & { name: string }) => `PUE ${p.central} (${p.low} to ${p.high}, ${p.name}).`,
  'flat-watts': (p: { watts: number }) =>
    `${digits(p.watts, 15)} W per address, day and night, as requested: not a measurement.`,

  'too-heavy': (p: { hosts: number; classes: readonly string[] }) =>
    `${p.hosts === 1 ? '1 host draws' : `${grouped(p.hosts)} hosts draw`} more power than owners of their class (${p.classes.join(', ')}) have behind one address: the rate, the number of machines or the owner is wrong`,
  'more-than-network': (p: { algorithm: string; unit: string; rate: number; highest: number }) =>
    `${p.algorithm}: ${digits(p.rate, 3)} ${p.unit} of all hosts together is more than the ${digits(p.highest, 3)} ${p.unit} that the whole network can have; not in the totals, because shares, algorithms or difficulties must be wrong`,
  'implausible-efficiency': (p: {
    algorithm: string;
    year: number;
    unit: string;
    value: number;
    best: number;
    worst: number;
  }) =>
    `${large(p.value)} ${p.unit} is implausible for ${p.algorithm} in ${p.year}: machines needed ${large(p.best)} to ${large(p.worst)}; part of the power has another use, or one of the figures is wrong`,

  'modelled-shares': (p: {
    low: number;
    central: number;
    high: number;
    seconds: number;
    bytes: number;
    packets: number;
  }) =>
    `${figure(p.central)} (${figure(p.low)} to ${figure(p.high)}) shares in ${grouped(Math.round(p.seconds))} s, from ${p.bytes} bytes out in ${p.packets} packets.`,
  'counted-shares': (p: { low: number; central: number; high: number; seconds: number }) =>
    `${counted(p.central, 'share')}${p.low === p.high ? '' : ` (${grouped(p.low)} to ${grouped(p.high)})`} in ${grouped(Math.round(p.seconds))} s, counted by sizes and times of messages.`,
  'rate-if': (p: { estimate: number; unit: string; low: number; central: number; high: number }) =>
    `${figure(p.estimate, p.unit, 3)} if a share is worth ${grouped(Math.round(p.central))} hashes${p.low === p.high ? '' : `; it may be worth ${grouped(Math.round(p.low))} to ${grouped(Math.round(p.high))}`}.`,
  'modelled-share-size': (p: { algorithm: string; low: number; high: number; form: ShareForm }) =>
    `A share of ${p.algorithm} takes ${p.low} to ${p.high} bytes: ${SHARE_FORMS[p.form]}.`,
  'difficulty-given': (p: {
    algorithm: string;
    unit: 'difficulty' | 'hashes';
    low: number;
    high: number;
    source: string;
  }) => {
    const said = p.low === p.high ? figure(p.low) : `${figure(p.low)} to ${figure(p.high)}`;
    const of = p.algorithm === 'unknown' ? '' : ` of ${p.algorithm}`;
    return `${p.unit === 'hashes' ? `${said} hashes per share` : `Difficulty ${said}`}${of}, given by ${p.source}.`;
  },
  'difficulty-assumed': (p: {
    algorithm: string;
    paceLow: number;
    paceHigh: number;
    machine: Machine;
    year: number;
    rateLow: number;
    rateHigh: number;
    unit: string;
  }) =>
    `Difficulty of ${p.algorithm} not known: assumed that the pool wants a share every ${p.paceLow} to ${p.paceHigh} s from one ${MACHINES[p.machine]} of ${p.year} (${figure(p.rateLow)} to ${figure(p.rateHigh)} ${p.unit}).`,
  'not-modelled': (p: { sessions: number; reason: Statement }) =>
    `${p.sessions === 1 ? '1 session was' : `${grouped(p.sessions)} sessions were`} not modelled: ${p.reason.text}`,
  'rules-unused': (p: { rules: number; of: number }) =>
    `${grouped(p.rules)} of ${grouped(p.of)} ${p.of === 1 ? 'rule' : 'rules'} of --assume ${p.rules === 1 ? 'holds' : 'hold'} for no session whose rate is unknown`,
  'model-no-algorithm': "the algorithm is not known; set it with --assume 'pool=… algorithm=… difficulty=…'",
  'model-no-machine':
    "no machine is known for the algorithm; set the difficulty with --assume 'algorithm=… difficulty=…'",
  'model-no-difficulty': "the difficulty is not known; set it with --assume 'pool=… difficulty=…'",
  'model-no-count': 'sampling left too few packets',
};

/** What a share of an algorithm holds. */
export const SHARE_FORMS = {
  'solution-1344': 'a solution of 1,344 bytes in hex',
  'solution-100': 'a solution of 100 bytes in hex',
  'short-solution': 'a short solution in hex',
  'nonce-and-hash': 'a nonce with a hash or two',
  'nonce-and-mix': 'a nonce, with header and mix in one of two dialects',
  'short-fields-or-v2': 'five or six short fields, or 62 bytes of Stratum V2',
  'short-fields': 'five or six short fields',
} as const;
export type ShareForm = keyof typeof SHARE_FORMS;

function large(value: number): string {
  const rounded = Number(value.toPrecision(3));
  return rounded >= 1000 && Number.isInteger(rounded) ? grouped(rounded) : String(rounded);
}

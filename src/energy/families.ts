/**
 * Algorithms to the families that hardware is measured in (data/families.tsv), and to the kind of machine that computes them:
 * by algorithm, agent, and the rate of one worker.
 */
import families from '../../data/families.tsv?raw';
import { note, number, optional, pattern, table, text } from '../schema/table.ts';
import type { Params } from '../statements/codes.ts';
import type { Machine } from './hardware.ts';

const year = optional(number(2009, 2100));
const rate = optional(number(1, 1e24));
const rows = table('families.tsv', families, {
  family: text,
  algorithms: pattern,
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

/** Families of what the form of jobs leaves open (evidence/algorithm.ts): any of them may be mined. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  'ethash-family': ['ethash', 'kawpow'],
  'kaspa-family': ['kheavyhash'],
};

/** The families that an algorithm id, or what it may be, belongs to; none if no hardware is known. */
export function familiesOf(algorithm: string): readonly string[] {
  return GROUPS[algorithm] ?? [familyOf(algorithm) ?? []].flat();
}

/** Kinds of machine for algorithms without rows of their own as well. */
const CPU_ONLY =
  /^(?:rx\/|randomx|panthera|cn|argon2|ghostrider|yespower|yescrypt|power2b|verushash|minotaurx|m7m|xelishash|astrobwt|spectrex|dynexsolve|argon2d)/;

const BOARD_AGENT = /nerdminer|nmminer|esp32|esp8266|nodemcu|arduino|(?:^|\W)(?:avr|pico) miner/i;
const ASIC_AGENT =
  /bmminer|btminer|bosminer|braiins|vnish|luxminer|luxos|whatsminer|avalon|innominer|antminer|goldshell|iceriver|jasminer|bitaxe|nerdq?axe|cgminer|bfgminer/i;
const CPU_AGENT =
  /xmrig|cpuminer|minerd|xmr-?stak|hellminer|nheqminer|spectre-miner|srbminer-multi.*cpu|(?:^|\W)(?:pc|web) miner/i;
const GPU_AGENT =
  /t-?rex|lolminer|gminer|nbminer|phoenixminer|teamredminer|trm\/|claymore|ethminer|nsfminer|miniz|bminer(?!\/)|rigel|wildrig|kawpowminer|onezerominer|bzminer|ccminer|cryptodredge|ewbf|sgminer|excavator|srbminer/i;

interface MachineSigns {
  readonly algorithm: string | null;
  readonly agents: readonly string[];
  /** Rate of one worker, H/s (Sol/s), at least and at most, by how many there may be; null if unknown. */
  readonly ratePerWorker: { readonly low: number; readonly high: number } | null;
  readonly year: number;
}

interface MachineGuess {
  /** Null if nothing tells. */
  readonly machine: Machine | null;
  readonly because: Params['machine']['because'];
  /** Year since which ASICs mine the algorithm, if that is why. */
  readonly since?: number;
}

/** What kind of machine mines: the rate where it leaves no choice, the agent, then what the algorithm is made for. */
export function machineOf({ algorithm, agents, ratePerWorker, year }: MachineSigns): MachineGuess {
  const { family = null, asicSince = null, asicRate = null } = familyRow(algorithm) ?? {};
  if (ratePerWorker !== null && asicRate !== null && ratePerWorker.low >= asicRate) {
    return { machine: 'asic', because: 'rate-too-high' };
  }
  // So slow a worker of an algorithm that ASICs own is a test, a toy or malware.
  const isSlow =
    ratePerWorker !== null &&
    ratePerWorker.high > 0 &&
    asicRate !== null &&
    ratePerWorker.high < asicRate &&
    asicSince !== null;
  const canBeAsic = asicSince !== null && year >= asicSince && !isSlow;
  const spoken = machineOfAgents(agents, canBeAsic);
  if (spoken !== null) return spoken;
  if (algorithm === null) return { machine: null, because: 'nothing-known' };
  if (CPU_ONLY.test(algorithm)) return { machine: 'cpu', because: 'made-for-cpu' };
  if (canBeAsic) return { machine: 'asic', because: 'asic-since', since: asicSince };
  const isTooSlow = isSlow || family === 'sha256d' || family === 'scrypt';
  return { machine: 'gpu', because: isTooSlow ? 'too-slow-for-asic' : 'made-for-gpu' };
}

function machineOfAgents(agents: readonly string[], canBeAsic: boolean): MachineGuess | null {
  for (const agent of agents) {
    if (BOARD_AGENT.test(agent)) return { machine: 'board', because: 'board-agent' };
    if (canBeAsic && ASIC_AGENT.test(agent)) return { machine: 'asic', because: 'asic-agent' };
    if (GPU_AGENT.test(agent)) return { machine: 'gpu', because: 'gpu-agent' };
    if (CPU_AGENT.test(agent)) return { machine: 'cpu', because: 'cpu-agent' };
  }
  return null;
}

/**
 * Algorithms to the families that hardware is measured in, and to the kind of machine that computes them: by algorithm,
 * agent, and the rate of one worker.
 */

import type { Because } from '../statements/en/power.ts';
import type { Machine } from './hardware.ts';

const FAMILIES: readonly (readonly [family: string, algorithms: RegExp])[] = [
  ['sha256d', /^sha256/],
  ['scrypt', /^scrypt$/],
  ['ethash', /^(?:ethash|etchash|ubqhash|ethashb3)$/],
  ['randomx', /^(?:rx\/|randomx|panthera)/],
  ['kawpow', /^(?:kawpow|firopow|meowpow|evrprogpow|progpow)/],
  ['autolykos2', /^autolykos/],
  ['octopus', /^octopus$/],
  ['equihash', /^(?:equihash|equihash200_9)$/],
  ['equihash144_5', /^equihash144/],
  ['equihash125_4', /^(?:equihash125|zelhash)/],
  ['kheavyhash', /^(?:kheavyhash|karlsenhash|pyrinhash)$/],
  ['cryptonight', /^cn(?:\/|-|$)/],
  ['x11', /^x11$/],
  ['eaglesong', /^eaglesong$/],
  ['ghostrider', /^ghostrider$/],
];

/** The family of an algorithm id; null if no hardware of it is known. */
export function familyOf(algorithm: string): string | null {
  const id = algorithm.toLowerCase();
  return FAMILIES.find(([, pattern]) => pattern.test(id))?.[0] ?? null;
}

/** Kinds of machine for algorithms without rows of their own as well. */
const CPU_ONLY =
  /^(?:rx\/|randomx|panthera|cn|argon2|ghostrider|yespower|yescrypt|power2b|verushash|minotaurx|m7m|xelishash|astrobwt|spectrex|dynexsolve|argon2d)/;
const ASIC_SINCE: Readonly<Record<string, number>> = {
  sha256d: 2013,
  scrypt: 2014,
  x11: 2016,
  equihash: 2018,
  eaglesong: 2020,
  kheavyhash: 2023,
};

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
  readonly because: Because;
  /** Year since which ASICs mine the algorithm, if that is why. */
  readonly since?: number;
}

/** Rates of one worker above which no graphics card or processor does it, and below which no ASIC. */
const ASIC_RATES: Readonly<Record<string, { readonly least: number }>> = {
  sha256d: { least: 20e9 },
  scrypt: { least: 10e6 },
  x11: { least: 1e9 },
  equihash: { least: 5e3 },
  kheavyhash: { least: 50e9 },
  ethash: { least: 1.2e9 },
  randomx: { least: 190e3 },
  eaglesong: { least: 10e9 },
};

/** What kind of machine mines: the rate where it leaves no choice, the agent, then what the algorithm is made for. */
export function machineOf({ algorithm, agents, ratePerWorker, year }: MachineSigns): MachineGuess {
  const family = algorithm === null ? null : familyOf(algorithm);
  const asicSince = family === null ? undefined : ASIC_SINCE[family];
  const rates = family === null ? undefined : ASIC_RATES[family];
  if (ratePerWorker !== null && rates !== undefined && ratePerWorker.low >= rates.least) {
    return { machine: 'asic', because: 'rate-too-high' };
  }
  // So slow a worker of an algorithm that ASICs own is a test, a toy or malware.
  const isSlow =
    ratePerWorker !== null &&
    ratePerWorker.high > 0 &&
    rates !== undefined &&
    ratePerWorker.high < rates.least &&
    asicSince !== undefined;
  const spoken = machineOfAgents(agents, asicSince !== undefined && year >= asicSince && !isSlow);
  if (spoken !== null) return spoken;
  if (algorithm === null) return { machine: null, because: 'nothing-known' };
  if (CPU_ONLY.test(algorithm)) return { machine: 'cpu', because: 'made-for-cpu' };
  if (asicSince !== undefined && year >= asicSince && !isSlow) {
    return { machine: 'asic', because: 'asic-since', since: asicSince };
  }
  if (isSlow || family === 'sha256d' || family === 'scrypt') {
    return { machine: 'gpu', because: 'too-slow-for-asic' };
  }
  return { machine: 'gpu', because: 'made-for-gpu' };
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

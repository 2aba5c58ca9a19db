/** Sessions of random nonces, and how many of them pass for a clock. */
import { estimateCounter } from '../../../src/evidence/counter/counter.ts';
import type { CounterInput, CounterShare } from '../../../src/evidence/counter/counter-input.ts';
import { Chance } from './chance.ts';
import { littleEndian } from './nonces.ts';

export interface RandomSource {
  readonly name: string;
  readonly dialect: CounterInput['dialect'];
  /** Random bits, and hex digits of the whole nonce. */
  readonly bits: number;
  readonly digits: number;
  /** The nonces of a job count up from a start that is random for each job. */
  readonly counts?: boolean;
  /** So many of the upper bits are drawn once a session. */
  readonly fixed?: number;
}

export const RANDOM_NONCES: readonly RandomSource[] = [
  { name: '32 random bits', dialect: 'cryptonote', bits: 32, digits: 8 },
  { name: '20 random bits of 32', dialect: 'cryptonote', bits: 20, digits: 8 },
  { name: '16 random bits of 32', dialect: 'cryptonote', bits: 16, digits: 8 },
  { name: 'the same 32 bits each time', dialect: 'cryptonote', bits: 32, digits: 8, fixed: 32 },
  { name: '16 random bits below 16 fixed ones', dialect: 'cryptonote', bits: 32, digits: 8, fixed: 16 },
  { name: '12 random bits below 20 fixed ones', dialect: 'cryptonote', bits: 32, digits: 8, fixed: 20 },
  { name: 'the same 32 bits in Stratum v1', dialect: 'stratum-v1', bits: 32, digits: 8, fixed: 32 },
  {
    name: '16 random bits below fixed ones in Stratum v1',
    dialect: 'stratum-v1',
    bits: 32,
    digits: 8,
    fixed: 16,
  },
  { name: '32 random bits in Stratum v1', dialect: 'stratum-v1', bits: 32, digits: 8 },
  { name: 'a random start at each job of 32 bits', dialect: 'cryptonote', bits: 32, digits: 8, counts: true },
];

/** So many random bits in hex. */
function digitsOf(bits: number, chance: Chance): string {
  let digits = '';
  for (let bit = 0; bit < bits; bit += 4) digits += Math.floor(chance.uniform() * 16).toString(16);
  return digits;
}

/** Sessions of 4 to 300 random nonces that pass for a clock: what was made of each. */
export function falseClocks(sessions: number, seed: number, source: RandomSource): string[] {
  const chance = new Chance(seed);
  const found: string[] = [];
  for (let index = 0; index < sessions; index += 1) {
    const many = chance.pick([4, 5, 8, 15, 30, 60, 120, 300]);
    const seconds = chance.pick([300, 1800]);
    const times = Array.from({ length: many }, () => chance.uniform() * seconds).sort((a, b) => a - b);
    const shares: CounterShare[] = [];
    let job = 0;
    let jobAt = 0;
    let next = chance.exponential(60);
    let start = '';
    let startOf = -1;
    const fixed = source.fixed === undefined ? '' : digitsOf(source.fixed, chance);
    const rate = 10 ** (source.bits === 32 ? chance.between(1, 4) : chance.between(7, 8));
    for (const at of times) {
      while (next < at) {
        jobAt = next;
        job += 1;
        next += chance.exponential(60);
      }
      if (start === '' || source.counts !== true || job !== startOf) {
        startOf = job;
        start = fixed + digitsOf(source.bits - (source.fixed ?? 0), chance);
      }
      const count = source.counts === true ? BigInt(Math.floor(rate * (at - jobAt))) : 0n;
      const big = BigInt.asUintN(source.bits, BigInt(`0x${start}`) + count)
        .toString(16)
        .padStart(source.digits, '0');
      const nonce = source.dialect === 'cryptonote' ? littleEndian(Number.parseInt(big, 16)) : big;
      // Stratum v1: extranonce2 is as random as the nonce.
      const rolled =
        source.dialect === 'stratum-v1'
          ? {
              extraNonce2:
                source.fixed === undefined
                  ? littleEndian(Math.floor(chance.uniform() * 2 ** 32))
                  : '00000000',
            }
          : {};
      shares.push({
        jobIndex: job,
        jobTimeUs: jobAt * 1e6,
        timeUs: at * 1e6,
        nonce,
        workHashes: 1000,
        ...rolled,
      });
    }
    const estimate = estimateCounter({ dialect: source.dialect, shares, roundTripUs: null });
    if (estimate.verdict === 'clock') found.push(`${many} shares: ${estimate.structure.kind}`);
  }
  return found;
}

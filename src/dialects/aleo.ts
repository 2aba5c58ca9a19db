/**
 * Aleo's Stratum. 1.0.0 (aleo-pool-server, docs/protocols.md 1.16): a job is seven parts of hex and a flag. 2.0.0 (the
 * same author's prover): a job is [id, epoch challenge of 40 bytes, address or nothing, clean], and a share submits nonce,
 * commitment and proof. zk.work's: the job carries its target and the pool's address, a share the whole solution, and
 * the miner reports its speed. A target is the number of proofs that one share stands for, for which no table here has
 * what a machine needs.
 */
import type { Call } from '../framing/message.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { type FamilyJob, type FamilyShare, family } from './mining-family.ts';
import { isHex, jobIdOf, listOf, positiveNumber, stringsOf } from './shape.ts';

export const aleo: Dialect = {
  id: 'aleo',
  title: 'Aleo Stratum',
  reference: 'aleo-pool-server, HarukaProver (AleoStratum/2.0.0), notes on zk.work; docs/protocols.md 1.16',
  checked: '2026-11',
  serves: 'Aleo',
  ...family({
    algorithm: 'aleo-puzzle',
    coin: 'ALEO',
    detail: 'jobs of Aleo',
    jobs: jobsOf,
    share: shareOf,
    shareTells: 'possible',
    others: {
      'mining.subscribe': recogniseSubscribe,
      'mining.set_target': ({ params }) =>
        tells(listOf(params)?.length === 1 && proofsOf(listOf(params)?.[0]) !== null),
      'mining.local_speed': (call) => tells(selfReported(call) !== null),
    },
    target: proofsOf,
    selfReported,
  }),
};

function tells(isOwn: boolean): Recognition {
  return isOwn ? 'possible' : 'foreign';
}

function recogniseSubscribe({ params }: Call): Recognition {
  const [agent, version] = listOf(params) ?? [];
  const isOwn = typeof version === 'string' && /^AleoStratum\/\d/.test(version);
  const isZkWork = typeof version === 'string' && /^ABMatrix\/\d/.test(version);
  return isOwn || (isZkWork && typeof agent === 'string') ? 'certain' : 'foreign';
}

/** The target is the number of proofs that a share takes. */
function proofsOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : null;
}

/** Proofs a second, as text. */
function selfReported({ method, params }: Pick<Call, 'method' | 'params'>): number | null {
  return method === 'mining.local_speed' ? positiveNumber(listOf(params)?.[0]) : null;
}

/** Digits of an epoch challenge: number, hash of the epoch's block, degree. */
const CHALLENGE_DIGITS = 80;
const ADDRESS = /^aleo1[02-9ac-hj-np-z]{58}$/;

/** 1.0.0: job, root of the header, four leaves, clean. 2.0.0: job, challenge, address, clean. zk.work: with a target. */
function jobsOf(call: Call): readonly FamilyJob[] {
  const list = listOf(call.params);
  const jobId = jobIdOf(list?.[0]);
  if (list === null || jobId === null || typeof list.at(-1) !== 'boolean') return [];
  if (list.length === 7)
    return list.slice(1, 6).every((part) => isHex(part, 64)) ? [{ jobId, hashes: null }] : [];
  if (list.length === 4) {
    const [, challenge, address] = list;
    return isHex(challenge, CHALLENGE_DIGITS) && (address === null || isAddress(address))
      ? [{ jobId, hashes: null }]
      : [];
  }
  const hashes = list.length === 5 ? proofsOf(list[1]) : null;
  return hashes !== null && isHex(list[2], CHALLENGE_DIGITS) && isAddress(list[3]) ? [{ jobId, hashes }] : [];
}

function isAddress(value: unknown): boolean {
  return typeof value === 'string' && ADDRESS.test(value);
}

/** Address 32 bytes, nonce 8, commitment 48, proof 49: what zk.work takes. */
const SOLUTION_DIGITS = 274;

/** User, job, nonce, proof; 2.0.0 with a commitment before the proof; zk.work: job, solution. */
function shareOf(call: Call): FamilyShare | null {
  const list = stringsOf(call.params, 2, 5);
  if (list === null || list.length === 3) return null;
  if (list.length === 2) {
    const [jobId, solution] = list;
    return isHex(solution, SOLUTION_DIGITS) ? { user: null, jobId, nonce: solution.slice(64, 80) } : null;
  }
  const [user, jobId, nonce, ...rest] = list;
  const isProof = rest.length === 1 ? isHex(rest[0], 200, 10_000) : isHex(rest[0], 96) && isHex(rest[1], 98);
  return isProof && isHex(nonce, 2, 128) ? { user, jobId, nonce } : null;
}

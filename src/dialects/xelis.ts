/**
 * Xelis's Stratum (docs/protocols.md 1.16): the answer to subscribe carries an extranonce of up to 32 bytes and a public
 * key, authorize names wallet and worker apart, a share the worker alone, and a job is [job, time, work hash, clean]
 * or, since there are several algorithms, the same with the algorithm's name before the last part.
 * Difficulty is the expected work itself. Pings are answered by a call, `mining.pong`.
 */
import { canonicalAlgorithm } from '../evidence/algorithm.ts';
import type { Call } from '../framing/message.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { type FamilyJob, type FamilyShare, family } from './mining-family.ts';
import { type Login, loginOf } from './opening.ts';
import { isHex, jobIdOf, listOf, stringsOf, textOf } from './shape.ts';

export const xelis: Dialect = {
  id: 'xelis',
  title: 'Xelis Stratum',
  reference: 'xelis-stratum-protocol, NiceHash XelisHashV2, docs/protocols.md 1.16',
  checked: '2026-11',
  serves: 'Xelis',
  ...family({
    algorithm: 'xelishash',
    isFamily: true,
    coin: 'XEL',
    detail: 'jobs of Xelis',
    jobs: jobsOf,
    share: shareOf,
    shareTells: 'possible',
    subscription,
    others: { 'mining.pong': recognisePong, 'mining.authorize': recogniseLogin },
    difficulty: 1,
    login,
    isWorker: (user) => !user.startsWith('xel:'),
  }),
};

/** `[session, extranonce, bytes of it, public key]`. */
function subscription(result: unknown): Recognition {
  const list = listOf(result);
  if (list?.length !== 4 || typeof list[0] !== 'string' || typeof list[2] !== 'number') return 'foreign';
  return isHex(list[1], 2, 64) && list[1].length === 2 * list[2] && isHex(list[3], 64)
    ? 'certain'
    : 'foreign';
}

function recognisePong({ params }: Call): Recognition {
  return params === undefined || listOf(params) !== null ? 'possible' : 'foreign';
}

const ADDRESS = /^xel:[02-9ac-hj-np-z]{40,}$/;

function recogniseLogin({ params }: Call): Recognition {
  return ADDRESS.test(stringsOf(params, 3, 3)?.[0] ?? '') ? 'certain' : 'foreign';
}

/** Milliseconds since 1970 in hex, padded or not. */
const TIME = /^[0-9a-fA-F]{8,16}$/;

/** Wallet, worker, password. */
function login([wallet, worker, password]: readonly unknown[]): Login | null {
  return loginOf(wallet, password === undefined ? null : textOf(worker));
}

/** `xel/v2`, `xel/v3` and what may follow. */
const NAME = /^xel\/\w{1,8}$/;

/** Job, time, work hash, perhaps the algorithm, clean. Two hashes of 32 bytes would be EthereumStratum/1.0.0's job. */
function jobsOf(call: Call): readonly FamilyJob[] {
  const list = listOf(call.params);
  const jobId = jobIdOf(list?.[0]);
  if (list === null || jobId === null || typeof list.at(-1) !== 'boolean') return [];
  const [, time, work, name] = list;
  if (typeof time !== 'string' || !TIME.test(time) || !isHex(work, 64, 224)) return [];
  if (list.length === 4) return [{ jobId, hashes: null }];
  const algorithm = list.length === 5 ? textOf(name) : null;
  if (algorithm === null || !NAME.test(algorithm)) return [];
  const proven = {
    algorithm: canonicalAlgorithm(algorithm) ?? algorithm,
    detail: 'algorithm in mining.notify',
  };
  return [{ jobId, hashes: null, proven }];
}

/** Worker or wallet, job, nonce; or with the time before the nonce. */
function shareOf(call: Call): FamilyShare | null {
  const list = stringsOf(call.params, 3, 4);
  if (list === null || (list.length === 4 && !TIME.test(list[2]))) return null;
  const nonce = list[list.length - 1];
  return isHex(nonce, 16, 80) ? { user: list[0] === '' ? null : list[0], jobId: list[1], nonce } : null;
}

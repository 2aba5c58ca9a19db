/**
 * Xelis's Stratum (docs/reference/protocols.md 1.16): the answer to subscribe carries an extranonce of up to 32 bytes and a public
 * key, authorize names wallet and worker apart, a share the worker alone, and a job is [job, time, work hash, clean]
 * or, since there are several algorithms, the same with the algorithm's name before the last part.
 * Difficulty is the expected work itself. Pings are answered by a call, `mining.pong`.
 */
import { canonicalAlgorithm } from '../evidence/algorithm.ts';
import { wordOf } from '../json.ts';
import { form, oneOf } from './form.ts';
import { type FamilyJob, family } from './mining-family.ts';
import { loginOf } from './opening.ts';
import { isHex, listOf, stringsOf, textOf } from './shape.ts';

const ADDRESS = /^xel:[02-9ac-hj-np-z]{40,}$/;
/** Milliseconds since 1970 in hex, padded or not; `xel/v2`, `xel/v3` and what may follow. */
const KINDS = { time: /^[0-9a-fA-F]{8,16}$/, name: /^xel\/\w{1,8}$/ };
/** Job, time, work hash, perhaps the algorithm, clean. Two hashes of 32 bytes would be EthereumStratum/1.0.0's job. */
const [unnamed, named] = [
  form('jobId time hex64..224 bool', KINDS),
  form('jobId time hex64..224 name bool', KINDS),
];

export const xelis = family({
  id: 'xelis',
  title: 'Xelis Stratum',
  reference: 'xelis-stratum-protocol, NiceHash XelisHashV2, docs/reference/protocols.md 1.16',
  checked: '2026-11',
  serves: 'Xelis',
  algorithm: 'xelishash',
  isFamily: true,
  coin: 'XEL',
  detail: 'jobs of Xelis',
  job: jobOf,
  // Worker or wallet, job, nonce; or with the time before the nonce.
  share: oneOf(
    form('user=text|empty jobId=string nonce=hex16..80'),
    form('user=text|empty jobId=string time nonce=hex16..80', KINDS),
  ),
  shareTells: 'possible',
  // `[session, extranonce, bytes of it, public key]`.
  subscription: (result) => {
    const [session, extranonce, size, key, ...rest] = listOf(result) ?? [];
    const isOwn =
      typeof session === 'string' &&
      isHex(extranonce, 2, 64) &&
      typeof size === 'number' &&
      extranonce.length === 2 * size;
    return isOwn && isHex(key, 64) && rest.length === 0 ? 'certain' : 'foreign';
  },
  rows: {
    'mining.pong': { possible: (params) => listOf(params ?? []) },
    'mining.authorize': { certain: (params) => ADDRESS.test(stringsOf(params, 3, 3)?.[0] ?? '') },
  },
  difficulty: 1,
  // Wallet, worker, password.
  login: ([wallet, worker, password]) => loginOf(wallet, password === undefined ? null : textOf(worker)),
  isWorker: (user) => !user.startsWith('xel:'),
});

function jobOf(params: unknown): FamilyJob | null {
  const job = named(params);
  if (job === null) return unnamed(params);
  const algorithm = wordOf(listOf(params)?.[3]);
  const proven = {
    algorithm: canonicalAlgorithm(algorithm) ?? algorithm,
    detail: 'algorithm in mining.notify',
  };
  return { ...job, proven };
}

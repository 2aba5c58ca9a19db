/**
 * The work messages that Ethereum's own RPC defined and pools took over, on plain streams (eth-proxy) and over HTTP
 * (getwork): `eth_getWork` gives [header hash, seed hash, boundary(, height)], `eth_submitWork` takes [nonce, header
 * hash, mix digest] (docs/protocols.md 1.8, 3.4). A job's id is its header hash.
 */
import { hashesFromTarget256 } from '../evidence/target.ts';
import type { Login } from './opening.ts';
import { boundaryDigits, hexDigits, hexNumber, listOf } from './shape.ts';
import type { Sink } from './sink.ts';

export interface EthWork {
  /** Header hash, 64 digits, lower case. */
  readonly jobId: string;
  /** Expected hashes of a share, 2^256/boundary. */
  readonly hashes: number;
}

/** Work in a reply or push, or null if it is something else. */
export function ethWork(result: unknown): EthWork | null {
  const list = listOf(result);
  if (list === null || list.length < 3 || list.length > 4) return null;
  const jobId = hexDigits(list[0], 64);
  const seed = hexDigits(list[1], 64);
  const boundary = boundaryDigits(list[2]);
  if (jobId === null || seed === null || boundary === null) return null;
  const hashes = hashesFromTarget256(boundary);
  return hashes === null ? null : { jobId, hashes };
}

/** What a submit names, or null if it is not a submit. */
export function ethSubmit(params: unknown): { jobId: string; nonce: string } | null {
  const list = listOf(params);
  if (list?.length !== 3 || hexDigits(list[2], 64) === null) return null;
  const nonce = hexDigits(list[0], 16);
  const jobId = hexDigits(list[1], 64);
  return nonce === null || jobId === null ? null : { jobId, nonce };
}

/** `eth_submitHashrate` [rate, random id of the client]. */
export function isEthHashrate(params: unknown): boolean {
  const list = listOf(params);
  return list?.length === 2 && hexNumber(list[0]) !== null && hexDigits(list[1], 64) !== null;
}

/** The rate that a miner claims, H/s; nothing for the zero that it sends while it starts. */
export function ethHashrate(params: unknown, session: Sink): void {
  const hashrate = isEthHashrate(params) ? hexNumber(listOf(params)?.[0]) : null;
  if (hashrate !== null && hashrate > 0 && hashrate < 1e20) session.selfReported(hashrate);
}

/** What a job or session says of its algorithm, if it says anything. */
export interface Naming {
  readonly algorithm: string;
  readonly detail: string;
  readonly coin?: string;
}

const ETHEREUM_ACCOUNT = /^0x[0-9a-f]{40}$/i;

/**
 * Says the algorithm of each job once: what names it; else Ethash, which this kind of work was made for, if an account of
 * Ethereum's form asks for it; else its family, to which Zano's ProgPow belongs too.
 */
export class WorkNames {
  private named = '';
  private isEthereum = false;

  /** Who logs in. */
  account(login: Login | null): void {
    this.isEthereum ||= login !== null && login.isPayout !== true && ETHEREUM_ACCOUNT.test(login.account);
  }

  take(naming: Naming | undefined, session: Sink): void {
    if (naming === undefined && this.named !== '') return;
    const usual = this.isEthereum ? 'ethash' : 'ethash-family';
    const algorithm = naming?.algorithm ?? usual;
    if (algorithm === this.named) return;
    this.named = algorithm;
    // ProgPow has several forms, of which only their own pools say which they mean.
    const isFamily = algorithm === 'ethash-family' || algorithm === 'progpow';
    const source = isFamily ? 'family' : naming === undefined ? 'dialect' : 'job';
    session.algorithm(
      algorithm,
      source,
      naming?.detail ?? 'work of header hash, seed hash and boundary',
      'pool',
    );
    if (naming?.coin !== undefined) session.coin(naming.coin, 'job', 'pool');
  }
}

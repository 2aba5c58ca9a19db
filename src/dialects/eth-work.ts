/**
 * The work messages that Ethereum's own RPC defined and pools took over, on plain streams (eth-proxy) and over HTTP
 * (getwork): `eth_getWork` gives [header hash, seed hash, boundary(, height)], `eth_submitWork` takes [nonce, header
 * hash, mix digest] (docs/reference/protocols.md 1.8, 3.4). A job's id is its header hash.
 */
import type { Call } from '../framing/message.ts';
import { type Form, form, oneOf } from './form.ts';
import { isHidden, type Login, loginOf, type Naming } from './opening.ts';
import { hexNumber, listOf, textOf } from './shape.ts';
import type { SharePart, Side, Sink } from './sink.ts';

/** Work in a reply or push, or null if it is something else. */
export const ethWork = oneOf(
  form('jobId=0xhex64 0xhex64 hashes=0xboundary'),
  form('jobId=0xhex64 0xhex64 hashes=0xboundary any'),
);

/** What a submit names, or null if it is not a submit. */
export const ethSubmit = form('nonce=0xhex16 jobId=0xhex64 0xhex64');

/** `eth_submitHashrate` [rate, random id of the client]. */
export const isEthHashrate = form('rate 0xhex64', { rate: hexNumber });

export function ethHashrate({ params }: Call, session: Sink): void {
  if (isEthHashrate(params) !== null) session.hashrate(hexNumber(listOf(params)?.[0]));
}

/** The worker is a key beside `params`. Claymore and its heirs put `eth1.0` there, which names no worker. */
function workerOf(call: Call): string | null {
  const worker = textOf(call.body.worker);
  return worker === 'eth1.0' ? null : worker;
}

/** A login with the worker beside it; answers who it is. */
export function signInBeside(call: Call, session: Sink): Login | null {
  const login = loginOf(listOf(call.params)?.[0]);
  if (login === null) session.request(call.method);
  else session.login(login.account, login.worker ?? workerOf(call));
  return login;
}

/** A share with the worker beside it. */
export function shareBeside(shareOf: Form): (params: unknown, call: Call) => SharePart | null {
  return (params, call) => {
    const share = shareOf(params) ?? (isHidden(call) ? {} : null);
    return share === null ? null : { ...share, worker: workerOf(call) };
  };
}

/**
 * Says the algorithm of each job once: what names it, else the family of this kind of work. An account of Ethereum's form is also one of
 * Ethereum Classic, and work for ProgPow has the same form.
 */
export class WorkNames {
  private isNamed = false;

  say(naming: Naming | undefined, session: Sink, side: Side = 'pool'): void {
    if (naming === undefined && this.isNamed) return;
    this.isNamed = true;
    const detail = 'work of header hash, seed hash and boundary';
    const { algorithm, coin } = naming ?? { algorithm: 'ethash-family' };
    // ProgPow has several forms, of which only their own pools say which they mean.
    const isFamily = naming === undefined || algorithm === 'progpow';
    const isNew = session.named(algorithm, isFamily ? 'family' : 'job', naming?.detail ?? detail, side);
    if (isNew && coin !== undefined) session.coin(coin, 'job', 'pool');
  }
}

/**
 * Cortex's work RPC on a plain stream: ETHPROXY with `ctxc_` in place of `eth_` (CortexLabs' miner, cortex pools). Work is
 * [header hash, seed of zeros, boundary, height], a share [nonce, header hash, cycle of 42 edges]. The boundary bounds the
 * hash of a cycle, so that work is counted in cycles.
 */
import type { Fact } from '../evidence/fact.ts';
import type { Call, Message } from '../framing/message.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { ethHashrate, ethWork } from './eth-work.ts';
import { admission, Jobs, loginFact, refusal, Shares } from './opening.ts';
import { hexDigits, isPlain, isWebSocket, listOf, textOf } from './shape.ts';

/** Digits of 42 edges of 32 bits. */
const CYCLE_DIGITS = 42 * 8;

export const cortex: Dialect = {
  id: 'cortex',
  title: 'Cortex work RPC',
  reference: 'CortexLabs CortexTheseus miner (ctxc_submitLogin, ctxc_getWork, ctxc_submitWork)',
  checked: '2026-11',
  serves: 'Cortex',
  framing: 'json-lines',
  recognise,
  reader: () => new CortexSession(),
};

function recognise(message: Message): Recognition {
  if (!isPlain(message) || isWebSocket(message)) return 'foreign';
  if (message.kind === 'reply') {
    if (message.call === undefined || recognise(message.call) === 'foreign') return 'foreign';
    return ethWork(message.result) !== null ? 'certain' : 'possible';
  }
  if (message.kind !== 'call') return 'foreign';
  const list = listOf(message.params);
  switch (message.method) {
    case 'ctxc_submitLogin':
      return textOf(list?.[0]) !== null ? 'certain' : 'foreign';
    case 'ctxc_getWork':
    case 'ctxc_submitHashrate':
      return list !== null || message.params === undefined ? 'possible' : 'foreign';
    case 'ctxc_submitWork':
      return shareOf(message) !== null ? 'certain' : 'foreign';
    default:
      return 'foreign';
  }
}

function shareOf({ params }: Call): { jobId: string; nonce: string } | null {
  const list = listOf(params);
  const nonce = hexDigits(list?.[0], 16);
  const jobId = hexDigits(list?.[1], 64);
  const cycle = hexDigits(list?.[2], CYCLE_DIGITS);
  return nonce === null || jobId === null || cycle === null ? null : { nonce, jobId };
}

class CortexSession {
  private readonly shares = new Shares();
  private readonly jobs = new Jobs();
  private hasJob = false;

  *read(message: Message): Iterable<Fact> {
    if (!isPlain(message)) return;
    if (message.kind === 'call') yield* this.readCall(message);
    else if (message.kind === 'reply') {
      const work = ethWork(message.result);
      if (work !== null) yield* this.takeWork(work.jobId, work.hashes);
      else if (message.call?.method === 'ctxc_submitLogin') yield* admission(message);
      else if (message.call?.method === 'ctxc_getWork') yield* refusal(message);
      else yield* this.shares.answer(message);
    }
  }

  private *takeWork(jobId: string, hashes: number): Iterable<Fact> {
    if (!this.hasJob) {
      const detail = 'work of Cortex';
      yield { kind: 'algorithm', algorithm: 'cuckaroo30', source: 'dialect', detail, side: 'pool' };
      yield { kind: 'coin', coin: 'CTXC', source: 'dialect', side: 'pool' };
    }
    this.hasJob = true;
    yield* this.jobs.take(jobId, hashes);
  }

  private *readCall(call: Call): Iterable<Fact> {
    const { method, params } = call;
    const worker = textOf(call.body.worker);
    switch (method) {
      case 'ctxc_submitLogin': {
        const login = loginFact(listOf(params)?.[0]);
        yield login === null ? { kind: 'request', method } : { ...login, worker: login.worker ?? worker };
        return;
      }
      case 'ctxc_getWork':
        yield { kind: 'request', method };
        return;
      case 'ctxc_submitWork': {
        const share = shareOf(call);
        if (share === null && !(call.cut && params === undefined)) return;
        const { jobId = null, nonce = null } = share ?? {};
        yield this.shares.take(call, { jobId, account: null, worker, nonce });
        return;
      }
      case 'ctxc_submitHashrate':
        yield* ethHashrate(params);
    }
  }
}

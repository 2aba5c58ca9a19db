/**
 * Cortex's work RPC on a plain stream: ETHPROXY with `ctxc_` in place of `eth_` (CortexLabs' miner, cortex pools). Work is
 * [header hash, seed of zeros, boundary, height], a share [nonce, header hash, cycle of 42 edges]. The boundary bounds the
 * hash of a cycle, so that work is counted in cycles.
 */
import type { Call, Message } from '../framing/message.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { ethHashrate, ethWork } from './eth-work.ts';
import { loginOf } from './opening.ts';
import { hexDigits, isPlain, isWebSocket, listOf, textOf } from './shape.ts';
import type { Sink } from './sink.ts';

/** Digits of 42 edges of 32 bits. */
const CYCLE_DIGITS = 42 * 8;

export const cortex: Dialect = {
  id: 'cortex',
  title: 'Cortex work RPC',
  reference: 'CortexLabs CortexTheseus miner (ctxc_submitLogin, ctxc_getWork, ctxc_submitWork)',
  checked: '2026-11',
  serves: 'Cortex',
  framing: 'json-lines',
  methods: ['ctxc_submitLogin', 'ctxc_getWork', 'ctxc_submitHashrate', 'ctxc_submitWork'],
  recognise,
  read,
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

function read(message: Message, session: Sink): void {
  if (!isPlain(message)) return;
  if (message.kind === 'call') readCall(message, session);
  else if (message.kind === 'reply') {
    const work = ethWork(message.result);
    if (work !== null) takeWork(work.jobId, work.hashes, session);
    else if (message.call?.method === 'ctxc_submitLogin') session.admission(message);
    else if (message.call?.method === 'ctxc_getWork') session.refusal(message);
    else session.answer(message);
  }
}

function takeWork(jobId: string, hashes: number, session: Sink): void {
  session.names('cuckaroo30', 'CTXC', 'work of Cortex');
  session.job(jobId, hashes);
}

function readCall(call: Call, session: Sink): void {
  const { method, params } = call;
  const worker = textOf(call.body.worker);
  switch (method) {
    case 'ctxc_submitLogin': {
      const login = loginOf(listOf(params)?.[0]);
      if (login === null) session.request(method);
      else session.login(login.account, login.worker ?? worker);
      return;
    }
    case 'ctxc_getWork':
      session.request(method);
      return;
    case 'ctxc_submitWork': {
      const share = shareOf(call);
      if (share === null && !(call.cut && params === undefined)) return;
      const { jobId = null, nonce = null } = share ?? {};
      session.share(call, { jobId, worker, nonce });
      return;
    }
    case 'ctxc_submitHashrate':
      ethHashrate(params, session);
  }
}

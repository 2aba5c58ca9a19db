/**
 * Cortex's work RPC on a plain stream: ETHPROXY with `ctxc_` in place of `eth_` (CortexLabs' miner, cortex pools). Work is
 * [header hash, seed of zeros, boundary, height], a share [nonce, header hash, cycle of 42 edges]. The boundary bounds the
 * hash of a cycle, so that work is counted in cycles.
 */
import { ethHashrate, ethWork, shareBeside, signInBeside } from './eth-work.ts';
import { form } from './form.ts';
import { ADMISSION, ANSWER, grammar, REFUSAL, REQUEST } from './grammar.ts';
import { isListOrNothing, isPlain, isWebSocket, listOf, textOf } from './shape.ts';

/** Nonce, header hash, cycle of 42 edges of 32 bits. */
const shareOf = form('nonce=0xhex16 jobId=0xhex64 0xhex336 ...');

export const cortex = grammar({
  id: 'cortex',
  title: 'Cortex work RPC',
  reference: 'CortexLabs CortexTheseus miner (ctxc_submitLogin, ctxc_getWork, ctxc_submitWork)',
  checked: '2026-11',
  serves: 'Cortex',
  framing: 'json-lines',
  own: () => null,
  takes: (message) => isPlain(message) && !isWebSocket(message),
  ofReply: ({ result }, ofCall) =>
    ethWork(result) !== null && ofCall() !== 'foreign' ? 'certain' : 'foreign',
  ahead: ({ result }, session) => session.work(ethWork(result), 'cuckaroo30', 'CTXC', 'work of Cortex'),
  rows: {
    ctxc_submitLogin: {
      certain: (params) => textOf(listOf(params)?.[0]),
      read: signInBeside,
      reply: ADMISSION,
    },
    ctxc_getWork: { possible: isListOrNothing, read: REQUEST, reply: REFUSAL },
    ctxc_submitWork: { certain: shareOf, share: shareBeside(shareOf), reply: ANSWER },
    ctxc_submitHashrate: { possible: isListOrNothing, read: ethHashrate },
  },
});

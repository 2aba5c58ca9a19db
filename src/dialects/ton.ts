/**
 * TON's Stratum of toncoinpool.io (toncoinpool/stratum-miner, docs/stratum.md), over WebSocket: `mining.set_target` is the job,
 * with the giver's seed, a time to expire, and the addresses of giver and pool; the complexity that a share must stay
 * below comes once, in the answer to the subscription. The givers ended in June 2022. TON-Pool.com's own protocol, polls
 * over HTTPS, is not read.
 */
import { hashesFromTargetDecimal } from '../evidence/target.ts';
import type { Reply } from '../framing/message.ts';
import { wordOf } from '../json.ts';
import { form, target256 } from './form.ts';
import { ADMISSION, ANSWER, grammar, SERVICE } from './grammar.ts';
import { isHidden } from './opening.ts';
import { listOf, textOf } from './shape.ts';
import type { Sink } from './sink.ts';

/** An address as people write it: 36 bytes in base64. */
const ADDRESS = /^[A-Za-z0-9_+/-]{48}$/;
const KINDS = {
  address: ADDRESS,
  time: (value: unknown) => /^1[5-9]\d{8}$|^2\d{9}$/.test(wordOf(value)) || null,
  /** Digits of a 128-bit number, decimal or hex. */
  seed: /^(?:0x)?[0-9a-fA-F]{16,40}$/,
  found: /^[0-9a-fA-F]{16,64}$/,
  expire: /^expire$/,
};
/** Seed, time to expire, addresses of giver and pool. The seed names the job. */
const jobOf = form('jobId=seed time address address', KINDS);
/** Time to expire, what was searched, the pool's part, and nothing. */
const shareOf = form('time found string null|string', KINDS);

export const ton = grammar({
  id: 'ton',
  title: 'TON Stratum',
  reference: 'toncoinpool/stratum-miner docs/stratum.md, client.ts',
  checked: '2026-11',
  serves: 'TON, until June 2022',
  framing: 'websocket',
  own: (): { seed: string | null } => ({ seed: null }),
  rows: {
    'mining.subscribe': {
      certain: (params) => /^\s*ton-pool-client\//.test(wordOf(listOf(params)?.[0])),
      read: ({ method, params }, session) => {
        session.request(method);
        session.agent(listOf(params)?.[0]);
      },
      reply: subscribed,
    },
    'mining.authorize': {
      read: ({ method, params }, session) => {
        const [address, rig] = listOf(params) ?? [];
        // Elsewhere a password stands in the second place.
        session.authorize(method, address, ADDRESS.test(wordOf(address)) ? textOf(rig) : null);
      },
      reply: ADMISSION,
    },
    'mining.set_target': {
      certain: jobOf,
      read: ({ params }, session, own) => {
        const job = jobOf(params);
        own.seed = job?.jobId ?? own.seed;
        session.work(job, 'ton', 'TON', 'jobs of TON');
      },
    },
    'mining.notify': { certain: form('expire time', KINDS), read: SERVICE },
    'mining.submit': {
      possible: shareOf,
      share: (params, call, { seed }) =>
        shareOf(params) !== null || isHidden(call) ? { jobId: seed } : null,
      reply: ANSWER,
    },
  },
});

/** The complexity, decimal or hex. */
function subscribed(reply: Reply, session: Sink): void {
  const complexity = listOf(reply.result)?.[1];
  const isDecimal = typeof complexity === 'string' && /^\d{66,78}$/.test(complexity);
  const value = isDecimal ? hashesFromTargetDecimal(complexity) : target256(complexity);
  if (value !== null) session.difficulty(value);
  else session.refusal(reply);
}

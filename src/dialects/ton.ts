/**
 * TON's Stratum of toncoinpool.io (toncoinpool/stratum-miner, docs/stratum.md), over WebSocket: `mining.set_target` is the job,
 * with the giver's seed, a time to expire, and the addresses of giver and pool; the complexity that a share must stay
 * below comes once, in the answer to the subscription. The givers ended in June 2022. TON-Pool.com's own protocol, polls
 * over HTTPS, is not read.
 */
import { hashesFromTarget256, hashesFromTargetDecimal } from '../evidence/target.ts';
import type { Call, Reply } from '../framing/message.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { PlainReader, recogniser } from './plain.ts';
import { isHex, listOf, textOf } from './shape.ts';
import type { Sink } from './sink.ts';

export const ton: Dialect = {
  id: 'ton',
  title: 'TON Stratum',
  reference: 'toncoinpool/stratum-miner docs/stratum.md, client.ts',
  checked: '2026-11',
  serves: 'TON, until June 2022',
  framing: 'websocket',
  methods: ['mining.subscribe', 'mining.set_target', 'mining.notify', 'mining.submit'],
  recognise: recogniser(recogniseCall),
  reader: () => new TonSession(),
};

function recogniseCall({ method, params }: Call): Recognition {
  if (method === 'mining.set_target') return seedOf(params) !== null ? 'certain' : 'foreign';
  if (method === 'mining.notify') return isExpiry(params) ? 'certain' : 'foreign';
  if (method === 'mining.submit') return shareOf(params) !== null ? 'possible' : 'foreign';
  const agent = textOf(listOf(params)?.[0]) ?? '';
  return method === 'mining.subscribe' && agent.startsWith('ton-pool-client/') ? 'certain' : 'foreign';
}

/** Digits of a 128-bit number, decimal or hex. */
function isNumber128(value: unknown): value is string {
  return typeof value === 'string' && /^(?:0x)?[0-9a-fA-F]{16,40}$/.test(value);
}

function isTime(value: unknown): value is string | number {
  return /^1[5-9]\d{8}$|^2\d{9}$/.test(String(value));
}

/** An address as people write it: 36 bytes in base64. */
function isAddress(value: unknown): boolean {
  return typeof value === 'string' && /^[A-Za-z0-9_+/-]{48}$/.test(value);
}

/** Seed, time to expire, addresses of giver and pool. The seed names the job. */
function seedOf(params: unknown): string | null {
  const list = listOf(params);
  const [seed, expire, giver, wallet] = list ?? [];
  const isJob = list?.length === 4 && isTime(expire) && isAddress(giver) && isAddress(wallet);
  return isJob && isNumber128(seed) ? seed : null;
}

function isExpiry(params: unknown): boolean {
  const list = listOf(params);
  return list?.length === 2 && list[0] === 'expire' && isTime(list[1]);
}

/** Time to expire, what was searched, the pool's part, and nothing. */
function shareOf(params: unknown): string | null {
  const list = listOf(params);
  const [expire, found, seed, rest] = list ?? [];
  const isShare =
    list?.length === 4 && isTime(expire) && typeof found === 'string' && /^[0-9a-fA-F]{16,64}$/.test(found);
  return isShare && typeof seed === 'string' && (rest === null || typeof rest === 'string') ? found : null;
}

class TonSession extends PlainReader {
  private seed: string | null = null;

  protected readCall(call: Call, session: Sink): void {
    const { method, params } = call;
    const list = listOf(params) ?? [];
    if (method === 'mining.subscribe') {
      session.request(method);
      session.agent(list[0]);
    } else if (method === 'mining.authorize') {
      // Elsewhere a password stands in the second place.
      const rig = isAddress(list[0]) ? textOf(list[1]) : null;
      session.authorize(method, list[0], rig);
    } else if (method === 'mining.set_target') this.job(seedOf(params), session);
    else if (method === 'mining.submit') {
      const found = shareOf(params);
      if (found === null && !(call.cut && params === undefined)) return;
      session.share(call, { jobId: this.seed });
    } else if (method === 'mining.notify') session.service(method);
  }

  private job(seed: string | null, session: Sink): void {
    if (seed === null) return;
    session.names('ton', 'TON', 'jobs of TON');
    this.seed = seed;
    session.job(seed, null);
  }

  protected readReply(reply: Reply, session: Sink): void {
    const method = reply.call?.method;
    if (method === 'mining.subscribe') {
      const complexity = listOf(reply.result)?.[1];
      const isDecimal = typeof complexity === 'string' && /^\d{66,78}$/.test(complexity);
      const value = isDecimal
        ? hashesFromTargetDecimal(complexity)
        : isHex(complexity, 64)
          ? hashesFromTarget256(complexity)
          : null;
      if (value !== null) session.difficulty(value);
      else session.refusal(reply);
    } else if (method === 'mining.authorize') session.admission(reply);
    else if (method === 'mining.submit') session.answer(reply);
  }
}

/**
 * TON's Stratum of toncoinpool.io (toncoinpool/stratum-miner, docs/stratum.md), over WebSocket: `mining.set_target` is the job,
 * with the giver's seed, a time to expire, and the addresses of giver and pool; the complexity that a share must stay
 * below comes once, in the answer to the subscription. The givers ended in June 2022. TON-Pool.com's own protocol, polls
 * over HTTPS, is not read.
 */
import type { Fact } from '../evidence/fact.ts';
import { hashesFromTarget256, hashesFromTargetDecimal } from '../evidence/target.ts';
import type { Call, Message, Reply } from '../framing/message.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { admission, agentFact, Jobs, loginFact, refusal, Shares } from './opening.ts';
import { isHex, isPlain, listOf, textOf } from './shape.ts';

export const ton: Dialect = {
  id: 'ton',
  title: 'TON Stratum',
  reference: 'toncoinpool/stratum-miner docs/stratum.md, client.ts',
  checked: '2026-11',
  serves: 'TON, until June 2022',
  framing: 'websocket',
  recognise,
  reader: () => new TonSession(),
};

function recognise(message: Message): Recognition {
  if (!isPlain(message)) return 'foreign';
  if (message.kind === 'reply') {
    return message.call !== undefined && recognise(message.call) !== 'foreign' ? 'possible' : 'foreign';
  }
  if (message.kind !== 'call') return 'foreign';
  const { method, params } = message;
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

class TonSession {
  private readonly shares = new Shares();
  private readonly jobs = new Jobs();
  private seed: string | null = null;

  *read(message: Message): Iterable<Fact> {
    if (!isPlain(message)) return;
    if (message.kind === 'call') yield* this.readCall(message);
    else if (message.kind === 'reply') yield* this.readReply(message);
  }

  private *readCall(call: Call): Iterable<Fact> {
    const { method, params } = call;
    const list = listOf(params) ?? [];
    if (method === 'mining.subscribe') {
      yield { kind: 'request', method };
      yield* agentFact(list[0]);
    } else if (method === 'mining.authorize') {
      // Elsewhere a password stands in the second place.
      const rig = isAddress(list[0]) ? textOf(list[1]) : null;
      yield loginFact(list[0], rig) ?? { kind: 'request', method };
    } else if (method === 'mining.set_target') yield* this.job(seedOf(params));
    else if (method === 'mining.submit') {
      const found = shareOf(params);
      if (found === null && !(call.cut && params === undefined)) return;
      yield this.shares.take(call, { jobId: this.seed, account: null, worker: null, nonce: null });
    } else if (method === 'mining.notify') yield { kind: 'service', method };
  }

  private *job(seed: string | null): Iterable<Fact> {
    if (seed === null) return;
    if (this.seed === null) {
      yield { kind: 'algorithm', algorithm: 'ton', source: 'dialect', detail: 'jobs of TON', side: 'pool' };
      yield { kind: 'coin', coin: 'TON', source: 'dialect', side: 'pool' };
    }
    this.seed = seed;
    yield* this.jobs.take(seed, null);
  }

  private *readReply(reply: Reply): Iterable<Fact> {
    const method = reply.call?.method;
    if (method === 'mining.subscribe') {
      const complexity = listOf(reply.result)?.[1];
      const isDecimal = typeof complexity === 'string' && /^\d{66,78}$/.test(complexity);
      const value = isDecimal
        ? hashesFromTargetDecimal(complexity)
        : isHex(complexity, 64)
          ? hashesFromTarget256(complexity)
          : null;
      if (value !== null) yield { kind: 'difficulty', difficulty: { scale: 'hashes', value } };
      else yield* refusal(reply);
    } else if (method === 'mining.authorize') yield* admission(reply);
    else if (method === 'mining.submit') yield* this.shares.answer(reply);
  }
}

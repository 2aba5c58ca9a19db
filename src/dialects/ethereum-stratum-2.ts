/**
 * EthereumStratum/2.0.0 (EIP-1571, docs/protocols.md 1.10): a hello, a session, worker tokens in place of names, and
 * `mining.set` for whatever changes. Its target is sent without leading zeros and holds until the next one. A share
 * that is fine is answered with nothing but its id. Left out: gzip on the stream, session resumption.
 */
import type { Fact, LoginFact } from '../evidence/fact.ts';
import { hashesFromTarget256 } from '../evidence/target.ts';
import type { Call, Message, Reply } from '../framing/message.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { type Naming, WorkNames } from './eth-work.ts';
import { admission, agentFact, isCutShort, Jobs, loginFact, refusal, Shares } from './opening.ts';
import { isHex, isPlain, listOf, objectOf, portOf, stringsOf, textOf } from './shape.ts';

/** Target until the pool sets one. */
const DEFAULT_TARGET = `00000000ffff${'0'.repeat(52)}`;
const WORKERS_LIMIT = 1024;
/** Quai's pool says `progpow` of its own variant; its node and its miner name themselves. */
const QUAI: Naming = {
  algorithm: 'progpow_quai',
  coin: 'QUAI',
  detail: 'algo of mining.set, and node or miner of Quai',
};

export const ethereumStratum2: Dialect = {
  id: 'ethereum-stratum-2',
  title: 'EthereumStratum/2.0.0',
  reference: 'EIP-1571, go-quai-stratum proxy/stratum.go, docs/protocols.md 1.10',
  checked: '2026-11',
  serves: 'Ethash and Etchash coins; Quai',
  framing: 'json-lines',
  recognise,
  reader: () => new EthereumStratum2Session(),
};

function recognise(message: Message): Recognition {
  if (!isPlain(message)) return 'foreign';
  if (message.kind === 'reply') {
    return message.call !== undefined && recognise(message.call) !== 'foreign' ? 'possible' : 'foreign';
  }
  if (message.kind !== 'call') return 'foreign';
  const { method, params } = message;
  switch (method) {
    case 'mining.hello': {
      const proto = objectOf(params)?.proto;
      return typeof proto === 'string' && /^EthereumStratum\/2\./.test(proto) ? 'certain' : 'foreign';
    }
    case 'mining.set': {
      const set = objectOf(params);
      return targetOf(set?.target) !== null || isHex(set?.epoch, 1, 16) ? 'certain' : 'foreign';
    }
    case 'mining.notify':
      return isJob(params) ? 'certain' : 'foreign';
    case 'mining.submit':
      return isShare(params) ? 'possible' : 'foreign';
    case 'mining.subscribe':
      return params === undefined || typeof params === 'string' ? 'possible' : 'foreign';
    case 'mining.authorize':
      return stringsOf(params, 1, 2) !== null ? 'possible' : 'foreign';
    case 'mining.noop':
    case 'mining.bye':
      return params === undefined || listOf(params)?.length === 0 ? 'possible' : 'foreign';
    case 'mining.hashrate':
      return rateOf(params) !== null ? 'possible' : 'foreign';
    case 'mining.reconnect':
      return typeof objectOf(params)?.host === 'string' ? 'possible' : 'foreign';
    default:
      return 'foreign';
  }
}

/** Hex of 1 to 64 digits. */
function targetOf(value: unknown): string | null {
  return typeof value === 'string' && /^[0-9a-fA-F]{1,64}$/.test(value) ? value : null;
}

/** `[job, height in hex, header hash, "0" or "1" for clean]`. */
function isJob(params: unknown): params is readonly string[] {
  const list = stringsOf(params, 4, 4);
  return (
    list !== null &&
    /^[0-9a-fA-F]{1,64}$/.test(list[0]) &&
    /^[0-9a-fA-F]{1,16}$/.test(list[1]) &&
    isHex(list[2], 64) &&
    (list[3] === '0' || list[3] === '1')
  );
}

/** `[job, nonce less the pool's part, worker token]`. */
function isShare(params: unknown): params is readonly string[] {
  const list = stringsOf(params, 3, 3);
  return list !== null && /^[0-9a-fA-F]{1,64}$/.test(list[0]) && isHex(list[1], 2, 16) && list[2] !== '';
}

/** `[rate in hex, worker token]`. */
function rateOf(params: unknown): number | null {
  const list = stringsOf(params, 2, 2);
  return list !== null && /^(0x)?[0-9a-fA-F]{1,16}$/.test(list[0]) ? Number.parseInt(list[0], 16) : null;
}

class EthereumStratum2Session {
  private readonly shares = new Shares();
  private readonly jobs = new Jobs();
  private readonly workers = new Map<string, LoginFact>();
  private isWhole = false;
  private hasTarget = false;
  private readonly names = new WorkNames();
  /** The pool's node is Quai's. */
  private isQuai = false;

  *read(message: Message): Iterable<Fact> {
    if (!isPlain(message)) return;
    if (message.kind === 'call') yield* this.readCall(message);
    else if (message.kind === 'reply') yield* this.readReply(message);
  }

  private *readCall(call: Call): Iterable<Fact> {
    const { method, params } = call;
    switch (method) {
      case 'mining.hello':
        yield* this.hello(call);
        return;
      case 'mining.subscribe':
      case 'mining.noop':
      case 'mining.bye':
        yield { kind: 'request', method };
        return;
      case 'mining.authorize':
        yield loginOf(call) ?? { kind: 'request', method };
        return;
      case 'mining.set':
        yield* this.set(params);
        return;
      case 'mining.notify':
        yield* this.notify(params);
        return;
      case 'mining.submit':
        yield* this.submit(call);
        return;
      case 'mining.hashrate': {
        const hashrate = rateOf(params);
        if (hashrate !== null && hashrate > 0) yield { kind: 'self-reported', hashrate };
        else if (objectOf(params) !== null) yield { kind: 'service', method };
        return;
      }
      case 'mining.reconnect': {
        const { host, port } = objectOf(params) ?? {};
        yield { kind: 'reconnect', host: textOf(host) ?? '', port: hexPort(port) };
      }
    }
  }

  private *hello(call: Call): Iterable<Fact> {
    const params = objectOf(call.params) ?? {};
    this.isWhole = !call.cut;
    this.isQuai ||= /\bquai\b/i.test(textOf(params.agent) ?? '');
    yield { kind: 'request', method: call.method };
    yield* agentFact(params.agent);
    const host = textOf(params.host);
    if (host !== null) yield { kind: 'target', host, port: hexPort(params.port) };
  }

  private *set(params: unknown): Iterable<Fact> {
    const set = objectOf(params);
    const name = textOf(set?.algo)?.toLowerCase();
    if (name !== undefined) {
      const isQuais = this.isQuai && name === 'progpow';
      yield* this.names.take(isQuais ? QUAI : { algorithm: name, detail: 'algo of mining.set' });
    }
    yield* this.setTarget(targetOf(set?.target));
  }

  private *setTarget(target: string | null): Iterable<Fact> {
    const hashes = target === null ? null : hashesFromTarget256(target);
    if (hashes === null) return;
    this.hasTarget = true;
    yield { kind: 'difficulty', difficulty: { scale: 'hashes', value: hashes } };
  }

  private *notify(params: unknown): Iterable<Fact> {
    if (!isJob(params)) return;
    yield* this.names.take(undefined);
    if (this.isWhole && !this.hasTarget) yield* this.setTarget(DEFAULT_TARGET);
    yield* this.jobs.take(params[0], null);
  }

  private *submit(call: Call): Iterable<Fact> {
    const { params } = call;
    if (!isShare(params)) {
      if (!call.cut || params !== undefined) return;
      yield this.shares.take(call, { jobId: null, account: null, worker: null, nonce: null });
      return;
    }
    const [jobId, nonce, token] = params;
    const login = this.workers.get(token);
    yield this.shares.take(call, {
      jobId,
      account: login?.account ?? null,
      worker: login?.worker ?? null,
      nonce,
    });
  }

  private *readReply(reply: Reply): Iterable<Fact> {
    const { call } = reply;
    if (call === undefined) return;
    const login = call.method === 'mining.authorize' ? loginOf(call) : null;
    if (login !== null) {
      const token = textOf(reply.result);
      if (token !== null && this.workers.size < WORKERS_LIMIT) this.workers.set(token, login);
      // A token is the consent here, so it need not be one of the usual words for yes.
      if (token === null) yield* admission(reply);
      else yield { kind: 'admission', admitted: true, reason: '' };
    } else if (call.method === 'mining.submit') yield* this.shares.answer(reply);
    else if (call.method === 'mining.hello' || call.method === 'mining.subscribe') {
      if (reply.error === undefined || reply.error === null) {
        if (!isCutShort(reply)) yield { kind: 'service', method: call.method };
      } else yield* refusal(reply);
    }
  }
}

function loginOf({ params }: Call): LoginFact | null {
  return loginFact(listOf(params)?.[0]);
}

/** EIP-1571 sends ports in hex. */
function hexPort(value: unknown): number {
  return typeof value === 'string' && /^(0x)?[0-9a-fA-F]{1,4}$/.test(value)
    ? portOf(Number.parseInt(value, 16))
    : 0;
}

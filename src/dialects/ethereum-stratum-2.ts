/**
 * EthereumStratum/2.0.0 (EIP-1571, docs/protocols.md 1.10): a hello, a session, worker tokens in place of names, and
 * `mining.set` for whatever changes. Its target is sent without leading zeros and holds until the next one. A share
 * that is fine is answered with nothing but its id. Left out: gzip on the stream, session resumption.
 */
import { hashesFromTarget256 } from '../evidence/target.ts';
import type { Call, Reply } from '../framing/message.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { type Naming, WorkNames } from './eth-work.ts';
import { isCutShort, type Login, loginOf } from './opening.ts';
import { PlainReader, recogniser } from './plain.ts';
import { isHex, listOf, objectOf, portOf, stringsOf, textOf } from './shape.ts';
import type { Sink } from './sink.ts';

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
  methods: [
    'mining.hello',
    'mining.subscribe',
    'mining.authorize',
    'mining.set',
    'mining.notify',
    'mining.submit',
    'mining.noop',
    'mining.bye',
    'mining.hashrate',
    'mining.reconnect',
  ],
  recognise: recogniser(recogniseCall),
  reader: () => new EthereumStratum2Session(),
};

function recogniseCall({ method, params }: Call): Recognition {
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

class EthereumStratum2Session extends PlainReader {
  private readonly workers = new Map<string, Login>();
  private isWhole = false;
  private hasTarget = false;
  private readonly names = new WorkNames();
  /** The pool's node is Quai's. */
  private isQuai = false;

  protected readCall(call: Call, session: Sink): void {
    const { method, params } = call;
    switch (method) {
      case 'mining.hello':
        this.hello(call, session);
        return;
      case 'mining.subscribe':
      case 'mining.noop':
      case 'mining.bye':
        session.request(method);
        return;
      case 'mining.authorize':
        session.authorize(method, listOf(params)?.[0]);
        return;
      case 'mining.set':
        this.set(params, session);
        return;
      case 'mining.notify':
        this.notify(params, session);
        return;
      case 'mining.submit':
        this.submit(call, session);
        return;
      case 'mining.hashrate': {
        const hashrate = rateOf(params);
        if (hashrate !== null && hashrate > 0) session.selfReported(hashrate);
        else if (objectOf(params) !== null) session.service(method);
        return;
      }
      case 'mining.reconnect': {
        const { host, port } = objectOf(params) ?? {};
        session.reconnect(textOf(host) ?? '', hexPort(port));
      }
    }
  }

  private hello(call: Call, session: Sink): void {
    const params = objectOf(call.params) ?? {};
    this.isWhole = !call.cut;
    this.isQuai ||= /\bquai\b/i.test(textOf(params.agent) ?? '');
    session.request(call.method);
    session.agent(params.agent);
    const host = textOf(params.host);
    if (host !== null) session.target(host, hexPort(params.port));
  }

  private set(params: unknown, session: Sink): void {
    const set = objectOf(params);
    const name = textOf(set?.algo)?.toLowerCase();
    if (name !== undefined) {
      const isQuais = this.isQuai && name === 'progpow';
      this.names.take(isQuais ? QUAI : { algorithm: name, detail: 'algo of mining.set' }, session);
    }
    this.setTarget(targetOf(set?.target), session);
  }

  private setTarget(target: string | null, session: Sink): void {
    const hashes = target === null ? null : hashesFromTarget256(target);
    if (hashes === null) return;
    this.hasTarget = true;
    session.difficulty(hashes);
  }

  private notify(params: unknown, session: Sink): void {
    if (!isJob(params)) return;
    this.names.take(undefined, session);
    if (this.isWhole && !this.hasTarget) this.setTarget(DEFAULT_TARGET, session);
    session.job(params[0], null);
  }

  private submit(call: Call, session: Sink): void {
    const { params } = call;
    if (!isShare(params)) {
      if (!call.cut || params !== undefined) return;
      session.share(call, { jobId: null });
      return;
    }
    const [jobId, nonce, token] = params;
    session.share(call, { jobId, ...this.workers.get(token), nonce });
  }

  protected readReply(reply: Reply, session: Sink): void {
    const { call } = reply;
    if (call === undefined) return;
    const login = call.method === 'mining.authorize' ? loginOf(listOf(call.params)?.[0]) : null;
    if (login !== null) {
      const token = textOf(reply.result);
      if (token !== null && this.workers.size < WORKERS_LIMIT) this.workers.set(token, login);
      // A token is the consent here, so it need not be one of the usual words for yes.
      if (token === null) session.admission(reply);
      else session.admit();
    } else if (call.method === 'mining.submit') session.answer(reply);
    else if (call.method === 'mining.hello' || call.method === 'mining.subscribe') {
      if (reply.error === undefined || reply.error === null) {
        if (!isCutShort(reply)) session.service(call.method);
      } else session.refusal(reply);
    }
  }
}

/** EIP-1571 sends ports in hex. */
function hexPort(value: unknown): number {
  return typeof value === 'string' && /^(0x)?[0-9a-fA-F]{1,4}$/.test(value)
    ? portOf(Number.parseInt(value, 16))
    : 0;
}

/**
 * BTCAgent, the proxy of a farm at pools that run BTC.com's software (btccom/btcagent): the login and the jobs of Stratum
 * v1 as JSON, and between them binary messages for workers that join and leave, difficulties and shares. One connection
 * carries all workers, each with a difficulty of its own, 2^n; a share names job and worker by number. Answers come in
 * order, and only if both ends agreed on them (`subres`). Left out: the form for Ethereum.
 */
import type { Fact, LoginFact } from '../evidence/fact.ts';
import type { Answer } from '../evidence/outcome.ts';
import type { AgentMessage, Message } from '../framing/message.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { Shares } from './opening.ts';
import { isPlain, stringsOf } from './shape.ts';
import { stratumV1 } from './stratum-v1.ts';

const REGISTER = 0x01;
const UNREGISTER = 0x04;
const SET_DIFFICULTY = 0x05;
const ANSWER = 0x10;
/** Shares: bare, with time, with version bits, with both. */
const SHARES: ReadonlySet<number> = new Set([0x02, 0x03, 0x12, 0x13]);
/** Work that was taken, late blocks included (StratumStatus.go). */
const TAKEN: ReadonlySet<number> = new Set([
  1_798_084_231, 950_395_421, 1_422_486_894, 1_713_984_938, 1_835_617_709,
]);
const REFUSALS = new Map<number, Answer['outcome']>([
  [21, 'stale'],
  [22, 'duplicate'],
  [23, 'low-difficulty'],
  [24, 'unauthorised'],
  [25, 'unauthorised'],
  [36, 'stale'],
  [37, 'stale'],
]);
/** Codes of refusals are small. */
const MOST_REFUSAL = 1000;
const OPEN_LIMIT = 65_536;
/** No difficulty beyond: 2^64 units are more than Bitcoin's chain ever asked for. */
const MOST_EXPONENT = 64;

export const btcAgent: Dialect = {
  id: 'btc-agent',
  title: 'BTCAgent (proxy of a farm)',
  reference: 'btccom/btcagent ExMessage.go, UpSessionBTC.go, StratumStatus.go',
  checked: '2026-11',
  serves: 'Bitcoin and its forks, behind a farm’s proxy',
  framing: 'binary',
  recognise,
  reader: () => new AgentSession(),
};

function recognise(message: Message): Recognition {
  if (message.kind === 'agent-frame') return 'certain';
  if (!isPlain(message)) return 'foreign';
  if (message.kind === 'call' && message.method === 'agent.get_capabilities') {
    return stringsOf(message.params, 0, 16) !== null ? 'certain' : 'foreign';
  }
  // The rest is Stratum v1's.
  const { method } = (message.kind === 'reply' ? message.call : undefined) ?? { method: '' };
  return method === 'agent.get_capabilities' ? 'possible' : 'foreign';
}

class AgentSession {
  private readonly stratum = stratumV1.reader();
  private readonly shares = new Shares();
  private readonly open: Message[] = [];
  private account = '';
  private readonly workers = new Map<number, string>();
  /** Exponents of the workers' difficulties. */
  private readonly exponents = new Map<number, number>();
  private job: string | null = null;
  private isNamed = false;
  private offered = '';

  *read(message: Message): Iterable<Fact> {
    if (message.kind === 'agent-frame') yield* this.readFrame(message);
    else for (const fact of this.stratum.read(message)) yield* this.readFact(fact);
  }

  /** Difficulties are the workers' own here, and jobs stand once for each of them. */
  private *readFact(fact: Fact): Iterable<Fact> {
    if (fact.kind === 'difficulty') return;
    if (fact.kind === 'algorithm') this.isNamed = true;
    if (fact.kind === 'login') this.account = fact.account;
    if (fact.kind !== 'job') {
      yield fact;
      return;
    }
    if (!this.isNamed) {
      const detail = 'jobs for BTCAgent';
      yield { kind: 'algorithm', algorithm: 'sha256d', source: 'dialect', detail, side: 'pool' };
    }
    this.isNamed = true;
    this.job = fact.jobId;
    this.offered = '';
    yield { ...fact, difficulty: null };
    yield* this.offer();
  }

  /** The job in force, at each difficulty that some worker has. */
  private *offer(): Iterable<Fact> {
    const { job } = this;
    const key = [...new Set(this.exponents.values())].sort((a, b) => a - b);
    if (job === null || key.join() === this.offered) return;
    this.offered = key.join();
    for (const exponent of key) {
      const difficulty = { scale: 'units', value: 2 ** exponent } as const;
      yield { kind: 'job', jobId: jobAt(job, exponent), difficulty };
    }
  }

  private *readFrame(message: AgentMessage): Iterable<Fact> {
    const { type, body } = message;
    const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
    if (type === REGISTER) yield* this.register(view.getUint16(0, true), body.subarray(2));
    else if (type === UNREGISTER) {
      this.workers.delete(view.getUint16(0, true));
      this.exponents.delete(view.getUint16(0, true));
    } else if (type === SET_DIFFICULTY) yield* this.setDifficulty(view);
    else if (type === ANSWER) yield* this.answer(view.getUint32(2, true));
    else if (SHARES.has(type)) yield this.share(message, view);
  }

  /** Agent and worker, each with a zero behind it. */
  private *register(id: number, names: Uint8Array): Iterable<Fact> {
    const [, worker = ''] = Buffer.from(names).toString('utf8').split('\0');
    this.workers.set(id, worker);
    if (worker === '' || this.account === '') yield { kind: 'request', method: 'agent.register' };
    else yield this.login(worker);
  }

  private login(worker: string): LoginFact {
    return { kind: 'login', account: this.account, worker: worker.slice(0, 256) };
  }

  /** Exponent, number of workers, their ids. */
  private *setDifficulty(view: DataView): Iterable<Fact> {
    const exponent = view.getUint8(0);
    const count = Math.min(view.getUint16(1, true), (view.byteLength - 3) >> 1);
    if (exponent > MOST_EXPONENT) return;
    for (let at = 0; at < count; at++) this.exponents.set(view.getUint16(3 + 2 * at, true), exponent);
    yield { kind: 'service', method: 'agent.set_difficulty' };
    yield* this.offer();
  }

  /** Job, worker, extranonce2, nonce; perhaps time and version bits. */
  private share(message: AgentMessage, view: DataView): Fact {
    const worker = view.getUint16(1, true);
    const job = String(view.getUint8(0));
    const exponent = this.exponents.get(worker);
    if (this.open.length === OPEN_LIMIT) this.open.shift();
    this.open.push(message);
    return this.shares.take(message, {
      jobId: exponent === undefined ? job : jobAt(job, exponent),
      account: this.account === '' ? null : this.account,
      worker: this.workers.get(worker) ?? null,
      // Workers search each their own space, so that their nonces together are not one counter.
      nonce: null,
    });
  }

  private *answer(status: number): Iterable<Fact> {
    const message = this.open.shift();
    if (TAKEN.has(status)) yield* this.shares.answerTo(message, { outcome: 'accepted', text: '' });
    else if (status < MOST_REFUSAL) {
      const outcome = REFUSALS.get(status) ?? 'other';
      yield* this.shares.answerTo(message, { outcome, text: `code ${status}` });
    }
  }
}

/** A job at one difficulty. */
function jobAt(job: string, exponent: number): string {
  return `${job} at 2^${exponent}`;
}

/**
 * BTCAgent, the proxy of a farm at pools that run BTC.com's software (btccom/btcagent): the login and the jobs of Stratum
 * v1 as JSON, and between them binary messages for workers that join and leave, difficulties and shares. One connection
 * carries all workers, each with a difficulty of its own, 2^n; a share names job and worker by number. Answers come in
 * order, and only if both ends agreed on them (`subres`). Left out: the form for Ethereum.
 */
import type { Answer } from '../evidence/outcome.ts';
import type { AgentMessage } from '../framing/message.ts';
import { grammar, type Row } from './grammar.ts';
import { stringsOf } from './shape.ts';
import type { Sink } from './sink.ts';
import { StratumV1Session, V1 } from './stratum-v1.ts';

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
/** No difficulty beyond: 2^64 units are more than Bitcoin's chain ever asked for. */
const MOST_EXPONENT = 64;

export const btcAgent = grammar({
  id: 'btc-agent',
  title: 'BTCAgent (proxy of a farm)',
  reference: 'btccom/btcagent ExMessage.go, UpSessionBTC.go, StratumStatus.go',
  checked: '2026-11',
  serves: 'Bitcoin and its forks, behind a farm’s proxy',
  framing: 'binary',
  within: 'stratum-v1',
  ...V1,
  knowsCut: false,
  ofReply: undefined,
  own: () => new AgentSession(),
  rows: {
    // Stratum v1's, which do not tell it.
    ...Object.fromEntries(
      Object.entries(V1.rows ?? {}).map(([method, { read, reply }]): [string, Row<AgentSession>] => [
        method,
        { read, reply },
      ]),
    ),
    'agent.get_capabilities': { certain: (params) => stringsOf(params, 0, 16) },
  },
  others: {
    'agent-frame': { certain: () => true, read: (message, session, own) => own.readFrame(message, session) },
  },
});

class AgentSession extends StratumV1Session {
  private readonly workers = new Map<number, string>();
  /** Exponents of the workers' difficulties. */
  private readonly exponents = new Map<number, number>();
  private lastJobOf: string | null = null;
  private offered = '';

  /** Difficulties are the workers' own here. */
  override setDifficulty(): void {
    // The connection's number holds for nobody.
  }

  /** Jobs stand once for each difficulty. */
  protected override newJob(jobId: string, previous: string, session: Sink): void {
    if (!this.isNamed) session.names('sha256d', null, 'jobs for BTCAgent');
    this.lastJobOf = jobId;
    this.offered = '';
    super.newJob(jobId, previous, session);
    this.offer(session);
  }

  /** The job in force, at each difficulty that some worker has. */
  private offer(session: Sink): void {
    const job = this.lastJobOf;
    const key = [...new Set(this.exponents.values())].sort((a, b) => a - b);
    if (job === null || key.join() === this.offered) return;
    this.offered = key.join();
    for (const exponent of key) session.newJob(jobAt(job, exponent), 2 ** exponent, { isInUnits: true });
  }

  readFrame(message: AgentMessage, session: Sink): void {
    const { type, body } = message;
    const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
    if (type === REGISTER) this.register(view.getUint16(0, true), body.subarray(2), session);
    else if (type === UNREGISTER) {
      this.workers.delete(view.getUint16(0, true));
      this.exponents.delete(view.getUint16(0, true));
    } else if (type === SET_DIFFICULTY) this.setExponents(view, session);
    else if (type === ANSWER) this.answer(view.getUint32(2, true), session);
    else if (SHARES.has(type)) this.share(message, view, session);
  }

  /** Agent and worker, each with a zero behind it. */
  private register(id: number, names: Uint8Array, session: Sink): void {
    const [, worker = ''] = Buffer.from(names).toString('utf8').split('\0');
    this.workers.set(id, worker);
    if (worker === '' || this.account === '') session.request('agent.register');
    else session.login(this.account, worker.slice(0, 256));
  }

  /** Exponent, number of workers, their ids. */
  private setExponents(view: DataView, session: Sink): void {
    const exponent = view.getUint8(0);
    const count = Math.min(view.getUint16(1, true), (view.byteLength - 3) >> 1);
    if (exponent > MOST_EXPONENT) return;
    for (let at = 0; at < count; at++) this.exponents.set(view.getUint16(3 + 2 * at, true), exponent);
    session.service('agent.set_difficulty');
    this.offer(session);
  }

  /** Job, worker, extranonce2, nonce; perhaps time and version bits. */
  private share(message: AgentMessage, view: DataView, session: Sink): void {
    const worker = view.getUint16(1, true);
    const job = String(view.getUint8(0));
    const exponent = this.exponents.get(worker);
    session.shareInOrder(message, {
      jobId: exponent === undefined ? job : jobAt(job, exponent),
      account: this.account === '' ? null : this.account,
      worker: this.workers.get(worker) ?? null,
      // Workers search each their own space, so that their nonces together are not one counter: no nonce.
    });
  }

  private answer(status: number, session: Sink): void {
    if (TAKEN.has(status)) session.nextOutcome({ outcome: 'accepted', text: '' });
    else if (status < MOST_REFUSAL)
      session.nextOutcome({ outcome: REFUSALS.get(status) ?? 'other', text: `code ${status}` });
  }
}

/** A job at one difficulty. */
function jobAt(job: string, exponent: number): string {
  return `${job} at 2^${exponent}`;
}

/**
 * What the reader of a stream says, written into its session: counted as evidence, without passwords, and taken for
 * what it means. The first thing said shows which end mines, and opens the session.
 */
import { type JobDetails, type OpenShare, type Share, type Side, Sink } from '../dialects/sink.ts';
import { agentShown } from '../evidence/agent-shown.ts';
import type { AlgorithmSource, Outcome } from '../evidence/fact.ts';
import type { ObservedFrames } from '../evidence/sealed-frames.ts';
import { endpointShown, NOTHING_SHOWN, type Shown, withoutPassword } from '../evidence/secrets.ts';
import type { Direction, Message } from '../framing/message.ts';
import type { Observation } from './field-types.ts';
import * as kinds from './observations.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';
import { NO_ROW } from './share-table.ts';
import type { StreamFacts } from './stream-facts.ts';
import { SILENT_US } from './work.ts';
import { SET_BACK_US } from './work-interval.ts';

const NOBODY = { account: '', worker: null };

export class SessionWriter extends Sink {
  /** Something was said. */
  hasSpoken = false;
  /** The current message, or the last one, said something. */
  hasSaid = false;
  /** First account that was named; '' if none was. */
  account = '';
  private message: Message | null = null;
  /** Time of the message before; the last leap of the clock that it has not come back from, and the time that it left. */
  private lastUs = Number.NaN;
  private leapUs = 0;
  private leftUs = Number.NaN;
  /** By how much a clock is known to be ahead at times: that is no silence. */
  private aheadUs = 0;
  /** Longest time between two messages before that leap. */
  private gapUs = 0;
  /** Who found the last share: most shares of a connection have the same. */
  private finder: { readonly account: string; readonly worker: string | null } = NOBODY;
  /** An answer that denies its call says nothing else. */
  private isMuted = false;

  /**
   * @param stream The stream that is read.
   * @param sessions Opens its session; null if what is said only shows which session that is.
   */
  constructor(
    private readonly stream: StreamFacts,
    private readonly sessions: Pick<Sessions, 'open'> | null,
  ) {
    super();
  }

  /** The next message. */
  begin(message: Message, isMuted: boolean): void {
    const elapsedUs = message.timeUs - this.lastUs;
    if (Math.abs(elapsedUs) > SET_BACK_US) this.leap(message, elapsedUs);
    this.lastUs = message.timeUs;
    this.message = message;
    this.isMuted = isMuted;
    this.hasSaid = false;
  }

  /** The message is of another time than the one before. Whether that was silence shows if the clock comes back. */
  private leap(message: Message, elapsedUs: number): void {
    const { session } = this.stream;
    const mayBeSilence = (us: number): boolean =>
      us > 0 && us <= SILENT_US && Math.abs(us - this.aheadUs) >= SET_BACK_US;
    const isReturn = Math.abs(elapsedUs + this.leapUs) < SET_BACK_US;
    if (isReturn && mayBeSilence(this.leapUs)) {
      session?.comeBack(this.leftUs, message);
      if (session != null) session.observed.longestGapUs = this.gapUs;
      this.aheadUs = this.leapUs;
    } else if (isReturn || !mayBeSilence(elapsedUs)) session?.leap(this.lastUs, message);
    this.leapUs = isReturn ? 0 : elapsedUs;
    this.gapUs = session?.observed.longestGapUs ?? 0;
    this.leftUs = this.lastUs;
  }

  get hasGap(): boolean {
    return this.message === null || this.stream.hasGap(this.message.direction);
  }

  /** The message has been read: nobody keeps it. */
  end(): void {
    this.message = null;
  }

  /** The server does not know the method that it was called with, or cannot read the call: no pool says so of its own. */
  denial(method: string): void {
    this.isMuted = false;
    this.said(kinds.DENIAL, this.shown(kinds.DENIAL, method));
  }

  login(account: string, worker: string | null): void {
    const name = withoutPassword(account);
    if (this.account === '') this.account = name;
    this.said(kinds.LOGIN)?.login(name, this.worker(worker));
  }

  software(agent: string): void {
    const name = agentShown(agent, this.stream.secrets);
    this.said(kinds.AGENT, name)?.agent(name);
  }

  request(method: string): void {
    this.said(kinds.REQUEST, this.shown(kinds.REQUEST, method))?.request();
  }

  admitted(isAdmitted: boolean, reason: string): void {
    const words = this.stream.secrets.without(reason);
    this.said(isAdmitted ? kinds.ADMISSION : kinds.REFUSAL, words)?.claims.admission(isAdmitted, words);
  }

  service(method: string): void {
    this.said(kinds.SERVICE, this.shown(kinds.SERVICE, method));
  }

  difficulty(value: number, scale: 'hashes' | 'units' = 'hashes'): void {
    this.said(kinds.DIFFICULTY)?.jobs.setDifficulty({ scale, value }, this.timeUs);
  }

  newJob(jobId: string, worth: number | null, details?: JobDetails): void {
    this.said(kinds.JOB)?.job(jobId, worth, details, this.timeUs);
  }

  protected submitted(share: Share): OpenShare {
    const session = this.said(kinds.SHARE);
    if (session === null) return null;
    const { account, worker } = share;
    if (account !== null && (account !== this.finder.account || worker !== this.finder.worker)) {
      this.finder = { account, worker };
      session.named(withoutPassword(account), this.worker(worker));
    }
    return session.share(share, this.timeUs);
  }

  outcome(share: OpenShare, outcome: Outcome, text: string): void {
    const kind = kinds.ANSWERS[outcome];
    const session = this.said(kind, outcome === 'accepted' ? NOTHING_SHOWN : this.shown(kind, text));
    session?.answer(share ?? NO_ROW, outcome);
  }

  /** Nothing that anybody said, and no evidence. */
  counted(observed: ObservedFrames): void {
    this.stream.session?.counted(observed, this.timeUs);
  }

  selfReported(hashrate: number): void {
    this.said(kinds.SELF_REPORTED)?.selfReported(hashrate, this.timeUs);
  }

  reported(words: string): void {
    this.said(kinds.REPORT, this.shown(kinds.REPORT, words));
  }

  passesOn(): void {
    this.said(kinds.PASSTHROUGH);
  }

  algorithm(
    algorithm: string,
    source: AlgorithmSource,
    words: string,
    side: Side,
    proof?: { readonly met: number; readonly tried: number },
  ): void {
    const detail = this.stream.secrets.without(words);
    const kind = kinds.ALGORITHMS[source];
    const session = this.said(kind, NOTHING_SHOWN, side, proof && { algorithm, ...proof });
    session?.algorithm({ kind: 'algorithm', algorithm, source, detail, ...(proof && { proof }), side });
  }

  coin(coin: string, source: AlgorithmSource, side: Side): void {
    this.said(kinds.COIN, NOTHING_SHOWN, side)?.claims.coin({ kind: 'coin', coin, source, side });
  }

  reconnect(host: string, port: number): void {
    const name = this.stream.secrets.hostWithout(host);
    this.said(kinds.RECONNECT, endpointShown(name, port))?.claims.reconnect(name, port, this.timeUs);
  }

  target(host: string, port: number): void {
    const name = this.stream.secrets.hostWithout(host);
    this.said(kinds.TARGET, endpointShown(name, port))?.claims.target(name, port);
  }

  private get timeUs(): number {
    return this.message?.timeUs ?? 0;
  }

  /** The session in which a thing of the kind was said by its side; null if there is none. */
  private said(
    kind: kinds.Kind,
    detail: Shown = NOTHING_SHOWN,
    side: Side = kind.by,
    proof?: Observation['proof'],
  ): Session | null {
    const { message, stream } = this;
    if (message === null || this.isMuted) return null;
    this.hasSpoken = true;
    this.hasSaid = true;
    const { direction } = message;
    const session =
      stream.session ?? this.open(side === 'miner' ? direction : direction === 0 ? 1 : 0, message);
    session?.observed.note(
      kind,
      message,
      direction === stream.minerDirection ? 'miner' : 'pool',
      detail,
      proof,
    );
    return session;
  }

  private open(minerDirection: Direction, message: Message): Session | null {
    const { sessions, stream } = this;
    return sessions === null ? null : stream.openSession(sessions, minerDirection, message);
  }

  /** Words as they may be shown; those that stand there already may. */
  private shown(kind: kinds.Kind, text: string): Shown {
    const observed = this.stream.session?.observed;
    return observed?.isShown(kind, text) === true ? text : this.stream.secrets.without(text);
  }

  /** An account keeps its name, as many miners send it for a password too; a worker does not. */
  private worker(worker: string | null): Shown | null {
    return worker === null ? null : this.stream.secrets.without(withoutPassword(worker));
  }
}

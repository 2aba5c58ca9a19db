/**
 * What a reader says of the session that it reads: logins, jobs, shares, outcomes, one call each. The abstract methods are
 * what can be said; the others say the common things in fewer words. What is said goes into a session (sessions/writer.ts).
 */
import type { AlgorithmSource, Outcome } from '../evidence/fact.ts';
import { type Answer, classifyAnswer } from '../evidence/outcome.ts';
import type { ObservedFrames } from '../evidence/sealed-frames.ts';
import type { HttpHead, Message, Reply } from '../framing/message.ts';
import { isCutShort, type Login, loginOf, rejectionBeside } from './opening.ts';
import { headerOf, textOf } from './shape.ts';

export type Side = 'miner' | 'pool';

export interface JobDetails {
  /** The block that it builds on, as this dialect names it: the hash, or if it says none the height. */
  readonly previous?: string | undefined;
  /** True if a byte of the nonce is not the miner's to search: the pool or a proxy has set it (NiceHash mode). */
  readonly fixesNonce?: boolean;
  /** True if its difficulty is in Stratum v1's units. */
  readonly isInUnits?: boolean;
}

/** Work submitted. */
export interface Share {
  /** Job that it belongs to; null if the message was cut before it. */
  readonly jobId: string | null;
  readonly account: string | null;
  readonly worker: string | null;
  /** Nonce digits as sent, hex without 0x, for the counter estimator; null if none. */
  readonly nonce: string | null;
  /** Extranonce2 digits as sent; then the time and the version bits, each after a colon. Null if the dialect has none. */
  readonly extraNonce2: string | null;
  /** Difficulty that the hash reaches which it carries, hashes; null if it carries none. Below its job's it is no work. */
  readonly reaches: number | null;
  /** The hash that it carries: one that comes again is no work, whatever it is said to be found by. */
  readonly hash?: string | null;
}

/** A share that waits for its outcome, by the number that who took it gave it; null if it belongs to no session. */
export type OpenShare = number | null;

/** A share as a dialect reads it: what it leaves out is not there. `user` is the login as sent. */
export type SharePart = Partial<Share> & { readonly user?: unknown };

const NOBODY: Login | { readonly account: null; readonly worker: null } = { account: null, worker: null };
/** No farm makes more, H/s. */
const MOST_HASHRATE = 1e20;
export const ACCEPTED: Answer = { outcome: 'accepted', text: '' };
/** Shares that wait for answers which come in order. */
const MOST_IN_ORDER = 4096;

export abstract class Sink {
  private lastJob = '';
  /** Algorithm named last, and from what. */
  private lastName = '';
  private lastCoin = '';
  private lastAgent = '';
  private hasLogin = false;
  private hasConsent = false;
  /** User of the last share as sent, and who that is: most shares of a connection have the same. */
  private user: unknown = undefined;
  private userLogin = NOBODY;
  /** Shares whose outcomes come in order; null while there are none. */
  private inOrder: OpenShare[] | null = null;

  /** Bytes of who says the message are missing, and with them maybe what it said before. */
  abstract readonly hasGap: boolean;
  abstract login(account: string, worker: string | null): void;
  /** Miner software as it names itself. */
  abstract software(agent: string): void;
  /** A message of the miner that opens or keeps a session but names nobody (subscribe, keepalived, getwork poll). */
  abstract request(method: string): void;
  /** The pool's answer to a login. */
  abstract admitted(isAdmitted: boolean, reason: string): void;
  /** The pool's answer to another opening, or another message of the pool that is not a job. */
  abstract service(method: string): void;
  /** Difficulty for the jobs that follow on this connection: expected hashes of a share, or Stratum v1's units. */
  abstract difficulty(value: number, scale?: 'hashes' | 'units'): void;
  /** A job, with the expected hashes of a share; null if the connection's difficulty holds. */
  abstract newJob(jobId: string, hashes: number | null, details?: JobDetails): void;
  protected abstract submitted(share: Share): OpenShare;
  /** The pool's answer to a share, in its own words; '' if accepted without any. */
  abstract outcome(share: OpenShare, outcome: Outcome, text: string): void;
  /** What the sizes of the frames of an encrypted session tell. */
  abstract counted(observed: ObservedFrames): void;
  /** Hashrate that the miner claims, H/s (unit of the algorithm). */
  abstract selfReported(hashrate: number): void;
  /** A device answers who asks how it does: its model and pool in words, as far as it names them. */
  abstract reported(words: string): void;
  /** The connection carries the sessions of other miners. */
  abstract passesOn(): void;
  /** The algorithm, and from what it is known; of hashed shares how many were tried, and how many meet their difficulty. */
  abstract algorithm(
    algorithm: string,
    source: AlgorithmSource,
    detail: string,
    side: Side,
    proof?: { readonly met: number; readonly tried: number },
  ): void;
  /** The coin, and from what it is known. */
  abstract coin(coin: string, source: AlgorithmSource, side: Side): void;
  /** The pool sends the miner elsewhere. Host '' and port 0 mean the same endpoint. */
  abstract reconnect(host: string, port: number): void;
  /** The host that the miner says it talks to. Port 0: not said. */
  abstract target(host: string, port: number): void;

  /** A login as sent; answers who it is, null if it is not text. */
  signIn(login: unknown, worker: string | null = null): Login | null {
    return this.signInAs(loginOf(login, worker));
  }

  /** Account and perhaps worker in the path of a request that opens a WebSocket, as the groups of the pattern. */
  signInByPath({ status, target }: HttpHead, path: RegExp): void {
    const [, account, worker = null] = (status === 0 && path.exec(target)) || [];
    this.signIn(account, worker);
  }

  signInAs(known: Login | null): Login | null {
    if (known !== null) this.login(known.account, known.worker);
    this.hasLogin ||= known !== null;
    return known;
  }

  /** The same by a method, which is a mere request if it names nobody. */
  authorize(method: string, login: unknown, worker: string | null = null): Login | null {
    const known = this.signIn(login, worker);
    if (known === null) this.request(method);
    return known;
  }

  /** The software that a message names; nothing if that is not text. */
  agent(name: unknown): void {
    const agent = textOf(name);
    if (agent !== null) this.software(agent);
  }

  /** The same, unless it is the software that was named so before. */
  agentOnce(name: unknown): void {
    const agent = textOf(name);
    if (agent === null || agent === this.lastAgent) return;
    this.lastAgent = agent;
    this.software(agent);
  }

  /** The software that asks over HTTP. */
  userAgent(message: Message): void {
    this.agentOnce(headerOf(message, 'user-agent'));
  }

  /** A rate that the miner claims, H/s; nothing for the zero that it sends while it starts, nor for more than there is. */
  hashrate(value: number | null): void {
    if (value !== null && value > 0 && value < MOST_HASHRATE) this.selfReported(value);
  }

  /** Work, or an answer to it, for who has named an account is the consent to that: of what asks each time there is no other. */
  consent(): void {
    if (this.hasConsent || !this.hasLogin) return;
    this.hasConsent = true;
    this.admit();
  }

  admit(): void {
    this.admitted(true, '');
  }

  refuse(reason: string): void {
    this.admitted(false, reason);
  }

  /** The reply to a login. */
  admission(reply: Reply): void {
    if (isCutShort(reply)) return;
    const { outcome, text } = classifyAnswer(reply.result, reply.error);
    if (outcome === 'accepted') this.admit();
    else this.refuse(text);
  }

  /** A refusal of something other than a login or share: an admission that failed. Nothing if it was not a refusal. */
  refusal({ error }: Reply): void {
    if (error === undefined || error === null || error === false) return;
    this.refuse(classifyAnswer(null, error).text);
  }

  /** A job, unless it and its difficulty are those of the last one: pools repeat jobs, and who polls gets them again. */
  job(jobId: string, hashes: number | null, details?: JobDetails): void {
    const key = `${jobId} ${hashes}`;
    if (key === this.lastJob) return;
    this.lastJob = key;
    this.newJob(jobId, hashes, details);
  }

  /** The algorithm, unless that was the last thing said of it; false if it was. */
  named(algorithm: string, source: AlgorithmSource, detail: string, side: Side = 'pool'): boolean {
    const name = `${source} ${algorithm}`;
    if (name === this.lastName) return false;
    this.lastName = name;
    this.algorithm(algorithm, source, detail, side);
    return true;
  }

  /** The coin, unless that was the last one said. */
  mines(coin: string, source: AlgorithmSource): void {
    if (coin === this.lastCoin) return;
    this.lastCoin = coin;
    this.coin(coin, source, 'pool');
  }

  /** A job of a dialect that has one algorithm and coin; false if it is none. */
  work(
    job: { readonly jobId: string; readonly hashes: number | null } | null,
    ...names: readonly [algorithm: string, coin: string, detail: string]
  ): boolean {
    if (job === null) return false;
    this.names(...names);
    this.job(job.jobId, job.hashes);
    return true;
  }

  /** The one algorithm, and perhaps coin, of a dialect that has no other. Said once. */
  names(algorithm: string, coin: string | null, detail: string, side: Side = 'pool'): void {
    if (this.named(algorithm, 'dialect', detail, side) && coin !== null) this.coin(coin, 'dialect', side);
  }

  /** Work submitted with the message. */
  share(message: Message, part: SharePart): OpenShare {
    if (part.user !== this.user) {
      this.user = part.user;
      this.userLogin = loginOf(part.user) ?? NOBODY;
    }
    const { jobId = null, nonce = null, extraNonce2 = null, reaches = null, hash } = part;
    const { account = this.userLogin.account, worker = this.userLogin.worker } = part;
    const open = this.submitted({ jobId, account, worker, nonce, extraNonce2, reaches, hash });
    message.share = open;
    return open;
  }

  /** The same, in an envelope that answers in order. */
  shareInOrder(message: Message, part: SharePart): void {
    this.inOrder ??= [];
    if (this.inOrder.length === MOST_IN_ORDER) this.inOrder.shift();
    this.inOrder.push(this.share(message, part));
  }

  /** The answer to the oldest of those; false if there is none. */
  nextOutcome({ outcome, text }: Answer): boolean {
    const share = this.inOrder?.shift();
    if (share !== undefined) this.outcome(share, outcome, text);
    return share !== undefined;
  }

  /** The reply to a share; false if it answers something else. One that was cut says neither yes nor no. */
  answer(
    reply: Reply,
    error: unknown = reply.error ?? rejectionBeside(reply),
    result: unknown = reply.result,
  ): boolean {
    const share = reply.call?.share;
    if (share === undefined) return false;
    if (isCutShort(reply)) return true;
    const { outcome, text } = classifyAnswer(result, error);
    this.outcome(share, outcome, text);
    return true;
  }
}

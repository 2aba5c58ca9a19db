/**
 * From the facts of a session to its verdict, by the meanings of docs/guide/reading-an-audit.md. A small function on purpose: each
 * line is one rule, strongest first, and its reason can be printed.
 */
import { type BareCode, type Statement, statement } from '../statements/index.ts';

/** Verdicts of a host from strong to weak. */
export const VERDICTS = ['confirmed', 'probable', 'suspected', 'attempted', 'listed'] as const;
export type Verdict = (typeof VERDICTS)[number];
/**
 * Why what came through a tunnel or an export is not believed: an outside sender, one end alone says what both sides of a
 * conversation said, or there were too many tunnels to know.
 */
export type Doubt = 'outside' | 'one-way' | 'unknown';
type SessionVerdict = Exclude<Verdict, 'listed'>;

/** True if a verdict is the wanted one or a stronger one. */
export function isAtLeast(verdict: Verdict, wanted: Verdict): boolean {
  return VERDICTS.indexOf(verdict) <= VERDICTS.indexOf(wanted);
}

/** What the rules look at. */
export interface SessionSeen {
  /** A message that only this dialect has was seen whole. */
  readonly certain: boolean;
  /** Jobs and shares have a shape that no dialect knows. */
  readonly unknownForm?: boolean;
  /** The session was seen from its beginning, a login that came would have been seen. */
  readonly opened: boolean;
  /** The pool accepted a login (true), refused it (false), or neither was seen (null). */
  readonly admitted: boolean | null;
  /** Jobs that the pool sent. */
  readonly jobs: number;
  /** Shares submitted, whole or cut. */
  readonly shares: number;
  /** Answers to shares, whole or cut. */
  readonly answers: number;
  /** Of these, shares that were accepted. */
  readonly accepted: number;
  /** The pool's end was observed, all of it, and it has sent neither a job nor a difficulty. */
  readonly workless: boolean;
  /** Answers that the pool's end does not know the method. */
  readonly denials: number;
  /** The pool's end sends back what it is sent. */
  readonly echo: boolean;
  /** The pool's end answers with errors in plain text, or with what it was sent. */
  readonly emptyAnswers: boolean;
  /** The pool's end passes on, or gives back, what others sent. */
  readonly relayed: boolean;
  /** It was said within a protocol that carries texts of others, such as mail. */
  readonly enclosed?: boolean;
  /** The client's end was observed from its first packet on, and said nothing that a miner says. */
  readonly silentMiner: boolean;
  /** Packets of one direction alone were captured. */
  readonly oneSided: boolean;
  /** The client had many jobs for long and submitted nothing. */
  readonly watches: boolean;
  /** An end acknowledges nothing, or resets and sends on: it may not be who speaks. */
  readonly forged: boolean;
  /** Its packets came through a tunnel that is not believed. */
  readonly doubt: Doubt | null;
  /** Different data came at the same sequence numbers. */
  readonly conflict: boolean;
  /** Answers of the pool to shares whose job was visible, refusals for want of a login left out. */
  readonly wholeAnswers: number;
  /**
   * The miner names known mining software, or an account with a valid checksum, or speaks in a mining namespace, or its
   * shares prove their work.
   */
  readonly minerMarks: boolean;
  /** All its shares carry a hash that one in many thousands is as low as. */
  readonly lowHash: boolean;
  /** The endpoint is a pool's and nothing else's, by its name or by the operator's list. */
  readonly dedicated: boolean;
  /** A device told who asked what it does; true for a pool or account as well as for a rate. */
  readonly deviceReport?: boolean;
  /** Answers with work that was polled from a node or pool; absent of what is not polled. */
  readonly polled?: number;
  /** A miner told a manager regularly what it does. */
  readonly telemetry?: boolean;
  /** It is encrypted, and known by the sizes of its messages alone. */
  readonly sealed: boolean;
  /** One end said what the miner says and what the pool says, as one who sends a record of a session does. */
  readonly transcript: boolean;
  /** Packets of the pool's end were captured, and nothing that a pool says was in them. */
  readonly silentPool: boolean;
}

/** A verdict and why. */
export interface Judged<V extends Verdict> {
  readonly verdict: V;
  readonly reason: Statement;
}
export type VerdictReason = Judged<SessionVerdict>;

export function judged<const V extends Verdict>(verdict: V, code: BareCode): Judged<V> {
  return { verdict, reason: statement(code) };
}

/** Answered shares of cut messages, from which on they are a session and no accident. */
const CUT_SHARES = 3;
/** Accepted shares without a login or job, from which on they are more than a task that somebody solved. */
const LASTING_SHARES = 20;
/** Jobs of a session in an unknown form, from which on it is a stream. */
const WHOLE_JOBS = 2;
/** Messages of the size of a share, from which on they are the work of a miner if the endpoint is a pool's. */
const SEALED_SHARES = 10;

/** The verdict on one session, or null if nothing speaks of mining; weaker if its packets may be somebody else's. */
export function sessionVerdict(seen: SessionSeen): VerdictReason | null {
  const found = verdictOf(seen);
  const most = mostOf(seen);
  // In a mail or a store less than a whole session is nothing: that is what these are for.
  if (seen.enclosed === true && found !== null && !isAtLeast(found.verdict, 'probable')) return null;
  return found === null || most === null || isAtLeast(most.verdict, found.verdict) ? found : most;
}

/** What a session can be at most whose packets may be somebody else's. */
function mostOf(seen: SessionSeen): VerdictReason | null {
  const { forged, doubt, relayed, enclosed = false, watches, conflict, oneSided } = seen;
  if (forged) return judged('suspected', 'forged-packets');
  if (doubt !== null) return judged('suspected', `tunnel-${doubt}`);
  if (relayed) return judged('suspected', 'relayed');
  if (enclosed) return judged('suspected', 'enclosed');
  if (watches) return judged('suspected', 'watcher');
  if (conflict) return judged('probable', 'conflicting-data');
  return oneSided ? judged('probable', 'one-direction') : null;
}

/** Encrypted Stratum V2: never more than `probable`, and that at a pool's own endpoint only. */
function sealedVerdict({ shares, dedicated }: SessionSeen): VerdictReason {
  if (shares >= SEALED_SHARES && dedicated) return judged('probable', 'sealed-at-pool');
  return shares > 0 ? judged('suspected', 'sealed-shares') : judged('attempted', 'sealed-handshake');
}

/** Of messages that others have as well: only what marks the miner tells mining from its look-alikes. */
function uncertainVerdict(seen: SessionSeen): VerdictReason | null {
  const { certain, unknownForm = false, jobs, shares, answers } = seen;
  if (!seen.minerMarks) {
    // A login, a nonce and a difficulty: games and web sites ask their visitors for the same.
    return unknownForm && shares >= CUT_SHARES && answers > 0 ? judged('suspected', 'unknown-form') : null;
  }
  if (shares >= CUT_SHARES && answers > 0) {
    // Of an unknown form nothing but the whole course of a session tells.
    const isWhole = seen.admitted === true && jobs > 0;
    if (unknownForm && !isWhole) return judged('suspected', 'unknown-form');
    const isProven = certain && jobs >= WHOLE_JOBS && seen.accepted >= CUT_SHARES;
    return judged(isProven ? 'confirmed' : 'probable', unknownForm ? 'unknown-form' : 'cut-shares');
  }
  if (shares > 0 || jobs > 0) return judged('suspected', 'common-messages');
  return judged('attempted', 'session-not-established');
}

/** Answers with work, from which on a client without a share is called a monitor. */
const MONITOR_POLLS = 3;

/** Who polls work and returns none looks on; whoever returns some mines, or hands in what others have found. */
function polledVerdict({ shares, accepted, oneSided }: SessionSeen, polled: number): VerdictReason | null {
  if (shares === 0) return polled >= MONITOR_POLLS ? judged('attempted', 'watcher') : null;
  if (polled === 0 && !oneSided) return null;
  return judged(accepted > 0 ? 'probable' : 'suspected', 'polled-work-verdict');
}

function verdictOf(seen: SessionSeen): VerdictReason | null {
  const { opened, jobs, shares, answers, accepted, workless, minerMarks } = seen;
  const isAdmitted = seen.admitted === true;
  if (seen.transcript) return null;
  if (seen.deviceReport === true) return judged('probable', 'device-report-verdict');
  if (seen.telemetry !== undefined) return seen.telemetry ? judged('probable', 'telemetry-verdict') : null;
  if (seen.polled !== undefined) return polledVerdict(seen, seen.polled);
  if (seen.sealed) return sealedVerdict(seen);
  if (seen.echo) return judged('attempted', 'echo-server');
  const isDenied = seen.denials > 0 || (opened && answers > 0);
  if (seen.emptyAnswers || (workless && !isAdmitted && accepted === 0 && isDenied))
    return judged('attempted', 'not-a-pool');
  // Nobody can work for a pool that has never said anything: somebody collects such lines.
  if (seen.silentPool && shares > 0) return null;
  if (!seen.certain || seen.unknownForm === true) return uncertainVerdict(seen);
  // There is no work without a job, and if the beginning was seen, so was the first: games submit, too.
  if (opened && jobs === 0 && answers > 0 && !minerMarks) {
    const isLasting = accepted >= LASTING_SHARES || (accepted > 0 && seen.lowHash);
    return isLasting ? judged('suspected', 'shares-without-session') : null;
  }
  if (workless && opened && shares > 0) return judged('suspected', 'server-without-work');
  if (seen.wholeAnswers > 0 && (isAdmitted || jobs > 0) && !workless)
    return judged('confirmed', 'shares-answered');
  // A page makes a browser send a pool what it likes, in a form.
  if (seen.silentMiner && shares === 0 && jobs > 0) return judged('suspected', 'lone-messages');
  // Some pools answer no share that is good. Who submits none may only look on.
  if (opened && isAdmitted && jobs >= 2) return judged(shares > 0 ? 'confirmed' : 'probable', 'job-stream');
  // Of a session whose beginning was seen they would be nothing.
  if (shares > 0) return judged(jobs > 0 || minerMarks ? 'probable' : 'suspected', 'shares-one-sided');
  if (isAdmitted && jobs > 0) return judged('probable', 'job-without-shares');
  if (!opened && jobs > 0) return judged('probable', 'running-jobs');
  return opened ? judged('attempted', 'session-not-established') : judged('suspected', 'lone-messages');
}

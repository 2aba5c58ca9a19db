/**
 * From the facts of a session to its verdict, by the meanings of docs/reading-an-audit.md. A small function on purpose: each
 * line is one rule, strongest first, and its reason can be printed.
 */
import { type Statement, statement } from '../statements/index.ts';

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
  /** The pool's end was heard, all of it, and it has sent neither a job nor a difficulty. */
  readonly workless: boolean;
  /** Answers that the pool's end does not know the method. */
  readonly denials: number;
  /** The pool's end sends back what it is sent. */
  readonly echo: boolean;
  /** The pool's end answers with errors in plain text, or with what it was sent. */
  readonly hollow: boolean;
  /** The pool's end passes on, or gives back, what others sent. */
  readonly relayed: boolean;
  /** The client's end was heard from its first packet on, and said nothing that a miner says. */
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
  /** It is encrypted, and known by the sizes of its messages alone. */
  readonly sealed: boolean;
  /** One end said what the miner says and what the pool says, as one who sends a record of a session does. */
  readonly transcript: boolean;
  /** Packets of the pool's end were captured, and nothing that a pool says was in them. */
  readonly silentPool: boolean;
}

export interface VerdictReason {
  readonly verdict: SessionVerdict;
  readonly reason: Statement;
}

/** Answered shares of cut messages, from which on they are a session and no accident. */
const CUT_SHARES = 3;
/** Accepted shares without a login or job, from which on they are more than a task that somebody solved. */
const LASTING_SHARES = 20;
/** Jobs of a session in an unknown form, from which on it is a stream. */
const WHOLE_JOBS = 2;
/** Messages of the size of a share, from which on they are the work of a miner if the endpoint is a pool's. */
const SEALED_SHARES = 10;

/** Encrypted Stratum V2: never more than `probable`, and that at a pool's own endpoint only. */
function sealedVerdict({ shares, dedicated }: SessionSeen): VerdictReason {
  if (shares >= SEALED_SHARES && dedicated) {
    return {
      verdict: 'probable',
      reason: statement('sealed-at-pool'),
    };
  }
  if (shares > 0) {
    return { verdict: 'suspected', reason: statement('sealed-shares') };
  }
  return { verdict: 'attempted', reason: statement('sealed-handshake') };
}

/** The verdict on one session, or null if nothing speaks of mining; weaker if its packets may be somebody else's. */
export function sessionVerdict(seen: SessionSeen): VerdictReason | null {
  const reason = verdictOf(seen);
  if (reason === null) return null;
  const atMost = (most: VerdictReason): VerdictReason =>
    isAtLeast(most.verdict, reason.verdict) ? reason : most;
  if (seen.forged) {
    return atMost({ verdict: 'suspected', reason: statement('forged-packets') });
  }
  if (seen.doubt !== null) {
    return atMost({ verdict: 'suspected', reason: statement(`tunnel-${seen.doubt}`) });
  }
  if (seen.relayed) return atMost({ verdict: 'suspected', reason: statement('relayed') });
  if (seen.watches) return atMost({ verdict: 'suspected', reason: statement('watcher') });
  if (seen.conflict) {
    return atMost({ verdict: 'probable', reason: statement('conflicting-data') });
  }
  return seen.oneSided ? atMost({ verdict: 'probable', reason: statement('one-direction') }) : reason;
}

function verdictOf(seen: SessionSeen): VerdictReason | null {
  if (seen.transcript) return null;
  if (seen.deviceReport === true) return { verdict: 'probable', reason: statement('device-report-verdict') };
  if (seen.sealed) return sealedVerdict(seen);
  if (seen.echo) {
    return {
      verdict: 'attempted',
      reason: statement('echo-server'),
    };
  }
  if (seen.hollow) return { verdict: 'attempted', reason: statement('not-a-pool') };
  const isAccepted = seen.admitted === true || seen.accepted > 0;
  if (seen.workless && !isAccepted && (seen.denials > 0 || (seen.opened && seen.answers > 0))) {
    return { verdict: 'attempted', reason: statement('not-a-pool') };
  }
  // Nobody can work for a pool that has never said anything: somebody collects such lines.
  if (seen.silentPool && seen.shares > 0) return null;
  if (!seen.certain || seen.unknownForm === true) {
    if (!seen.minerMarks) return null;
    if (seen.shares >= CUT_SHARES && seen.answers > 0) {
      // Of an unknown form nothing but the whole course of a session tells mining from its look-alikes.
      const isWhole = seen.admitted === true && seen.jobs > 0;
      if (seen.unknownForm === true && !isWhole)
        return { verdict: 'suspected', reason: statement('unknown-form') };
      const isProven = seen.certain && seen.jobs >= WHOLE_JOBS && seen.accepted >= CUT_SHARES;
      return {
        verdict: isProven ? 'confirmed' : 'probable',
        reason: statement(seen.unknownForm === true ? 'unknown-form' : 'cut-shares'),
      };
    }
    if (seen.shares > 0 || seen.jobs > 0) {
      return {
        verdict: 'suspected',
        reason: statement('common-messages'),
      };
    }
    return { verdict: 'attempted', reason: statement('session-not-established') };
  }
  // There is no work without a job, and if the beginning was seen, so was the first: games submit, too.
  if (seen.opened && seen.jobs === 0 && seen.answers > 0 && !seen.minerMarks) {
    const isLasting = seen.accepted >= LASTING_SHARES || (seen.accepted > 0 && seen.lowHash);
    return isLasting ? { verdict: 'suspected', reason: statement('shares-without-session') } : null;
  }
  if (seen.workless && seen.opened && seen.shares > 0) {
    return { verdict: 'suspected', reason: statement('server-without-work') };
  }
  const gained = seen.admitted === true || seen.jobs > 0;
  if (seen.wholeAnswers > 0 && gained && !seen.workless) {
    return { verdict: 'confirmed', reason: statement('shares-answered') };
  }
  // A page makes a browser send a pool what it likes, in a form.
  if (seen.silentMiner && seen.shares === 0 && seen.jobs > 0)
    return { verdict: 'suspected', reason: statement('lone-messages') };
  if (seen.opened && seen.admitted === true && seen.jobs >= 2) {
    // Some pools answer no share that is good. Who submits none may only look on.
    return { verdict: seen.shares > 0 ? 'confirmed' : 'probable', reason: statement('job-stream') };
  }
  if (seen.shares > 0) {
    // Of a session whose beginning was seen they would be nothing.
    const isMining = seen.jobs > 0 || seen.minerMarks;
    return { verdict: isMining ? 'probable' : 'suspected', reason: statement('shares-one-sided') };
  }
  if (seen.admitted === true && seen.jobs > 0) {
    return { verdict: 'probable', reason: statement('job-without-shares') };
  }
  if (!seen.opened && seen.jobs > 0) {
    return { verdict: 'probable', reason: statement('running-jobs') };
  }
  if (seen.opened) {
    return { verdict: 'attempted', reason: statement('session-not-established') };
  }
  return { verdict: 'suspected', reason: statement('lone-messages') };
}

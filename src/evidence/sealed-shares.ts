/**
 * Shares of a session that nobody can read, counted by the sizes and times of its messages; the method and its limits are in
 * docs/reference/sealed.md. Messages come in parts of a few hundred. Only tables of their sizes are kept, so that a session of any length
 * costs the same. The count is no sign of mining: whatever sends messages of one size and gets answers seems to submit shares.
 */
import { totalOf } from '../order.ts';
import { AnswerPairs, type Meaning } from './answer-pairs.ts';
import { addFrames, countOf, FrameCount, noFrames, type SealedCount } from './sealed-frames.ts';
import { isCut, joinedUp, type Observed, waitOf } from './sealed-messages.ts';
import {
  CLIENT_GAP,
  classesOf,
  countSize,
  heldIn,
  LONG_PADDING,
  mostOf,
  paddingOf,
  RECORD,
  SERVER_GAP,
  type SizeClass,
  type SizeCount,
} from './size-classes.ts';

/** Messages in the order of time. */
interface MessagePart {
  /** us since 1970. */
  readonly timesUs: ArrayLike<number>;
  /** Bytes of each, those of direction 1 negative; of TLS the length of the record. */
  readonly sizes: ArrayLike<number>;
}

/** Refusals are longer than acceptances by their words. */
const REFUSAL_BYTES = 90;
/** Shorter lines are keep-alives and polls. If they are many and longer ones are rare, they are shares of a terse dialect. */
const LEAST_LINE = 90;
const LEAST_TERSE = 55;
const TERSE_TIMES = 4;
/** A class of the server is answers if at least this part of it follows a message of the client. */
const ANSWERS = 0.6;
/** Sent by a timer, if half of the intervals lie within a tenth of their median. */
const CLOCK_SPREAD = 0.1;
/** If there are only two intervals, they differ by no more than this part. */
const EVEN_SPREAD = 0.02;
const LEAST_INTERVALS = 3;
/** A client that has sent nothing for so long was silent. */
const IDLE_US = 25_000_000;
/** What opens a session follows the message before it within this time. The Finished of TLS (RFC 8446 4.4.4) is no line yet. */
const AT_ONCE_US = 100_000;
const FINISHED: ReadonlySet<number> = new Set([53, 69]);
/** Of fewer shares it is not plain which size is theirs. */
const FEW = 8;

export class SealedShares {
  /** Messages that were taken. */
  private taken = 0;
  /** 1 if direction 0 is the client's, else -1. */
  private readonly sign: 1 | -1;
  /** Bytes that a record adds at least. */
  private readonly overhead: number;
  private readonly client = new Map<number, SizeCount>();
  private readonly server = new Map<number, SizeCount>();
  private readonly answered = new AnswerPairs();
  private isOpening: boolean;
  private isBegun = false;
  private lastUs = Number.NEGATIVE_INFINITY;
  private lastClientUs = Number.NEGATIVE_INFINITY;
  /** Which sides cut their messages into several records. */
  private cuts: { readonly client: boolean; readonly server: boolean } | null = null;
  /** The last message of the part before, of which more records may come. */
  private carried: Observed[] = [];
  /** Of Stratum V2 outside of TLS. */
  private frames: FrameCount | null = null;
  private readonly frameSum = noFrames();

  /** `isFromStart`: what comes first opens the session. */
  constructor(clientDirection: 0 | 1, isTls: boolean, isFromStart: boolean) {
    this.sign = clientDirection === 0 ? 1 : -1;
    this.overhead = isTls ? RECORD.least : 0;
    this.isOpening = isFromStart;
  }

  /**
   * Takes the messages behind those that were taken, `total` with them; returns when shares were sent among them, us since
   * 1970. `isLast`: no more come.
   */
  hear({ timesUs, sizes }: MessagePart, total: number, isLast: boolean): number[] {
    const observed: Observed[] = [];
    for (let i = Math.max(0, sizes.length - (total - this.taken)); i < sizes.length; i++)
      observed.push({ timeUs: timesUs[i], bytes: sizes[i] * this.sign, isOpening: false });
    if (this.taken === 0 && this.overhead === 0)
      this.frames = FrameCount.of(observed.map(({ bytes }) => bytes));
    this.taken = total;
    if (this.frames !== null) return this.hearFrames(this.frames, observed);
    this.cuts ??= { client: isCut(observed, 1), server: isCut(observed, -1) };
    const whole = joinedUp([...this.carried, ...observed], this.cuts);
    this.carried = isLast || !(this.cuts.client || this.cuts.server) ? [] : whole.splice(-1);
    const waitUs = waitOf(whole);
    this.countSizes(whole, waitUs);
    return this.answered.pair(whole, this.meaning(), waitUs);
  }

  private hearFrames(frames: FrameCount, observed: readonly Observed[]): number[] {
    const times: number[] = [];
    for (const { timeUs, bytes } of observed) {
      const news = frames.hear(bytes, timeUs);
      addFrames(this.frameSum, news, news.sharesUs.length);
      times.push(...news.sharesUs);
    }
    return times;
  }

  private countSizes(observed: readonly Observed[], waitUs: number): void {
    const before = this.lastClientUs;
    const opening: Observed[] = [];
    for (const each of observed) {
      const { timeUs, bytes } = each;
      if (bytes < 0) countSize(this.server, -bytes, timeUs - this.lastClientUs <= waitUs);
      else {
        this.isOpening &&= !this.isBegun || timeUs - this.lastUs <= AT_ONCE_US;
        each.isOpening = this.isOpening;
        if (this.isOpening) opening.push(each);
        this.isBegun ||= !FINISHED.has(bytes);
        if (!each.isOpening) countSize(this.client, bytes, false);
        this.lastClientUs = timeUs;
      }
      this.lastUs = timeUs;
    }
    this.countFirstShares(opening, observed);
    this.markClocks(observed, before);
  }

  /**
   * A fast miner may send its first shares while the session is still being opened. They are as long as the others, and are
   * answered as they are; a login is not.
   */
  private countFirstShares(opening: readonly Observed[], observed: readonly Observed[]): void {
    const share = mostOf(this.plausible());
    const accepted = mostOf(this.answers());
    if (share === null || accepted === null) return;
    for (const each of opening) {
      const at = observed.indexOf(each) + 1;
      const next = observed.findIndex(({ bytes }, i) => i >= at && bytes > 0);
      const answers = observed.slice(at, next < 0 ? observed.length : next);
      const isAccepted = answers.some(({ bytes }) => -bytes >= accepted.low - 1 && -bytes <= accepted.high);
      each.isOpening = !isAccepted || each.bytes < share.low - 1 || each.bytes > share.high;
      if (!each.isOpening) countSize(this.client, each.bytes, false);
    }
  }

  /** Marks what the client sends at equal intervals, or always when it has been silent for the same time. */
  private markClocks(observed: readonly Observed[], lastUs: number): void {
    const classes = classesOf(this.client, CLIENT_GAP);
    const own = classes.map((): { bytes: number; timeUs: number; idleUs: number }[] => []);
    for (const { timeUs, bytes, isOpening } of observed) {
      if (bytes < 0) continue;
      const of = isOpening ? -1 : classes.findIndex(({ low, high }) => bytes >= low && bytes <= high);
      if (of >= 0) own[of].push({ bytes, timeUs, idleUs: timeUs - lastUs });
      lastUs = timeUs;
    }
    for (const sent of own) {
      const intervals = sent.slice(1).map(({ timeUs }, i) => timeUs - sent[i].timeUs);
      const idle = sent.map(({ idleUs }) => idleUs).filter((us) => us > IDLE_US);
      const isByClock =
        isRegular(intervals) || (idle.length * 2 > sent.length && (isRegular(idle) || isEven(idle)));
      if (isByClock) for (const { bytes } of sent) countSize(this.client, bytes, true, 0);
    }
  }

  private meaning(): Meaning {
    const share = mostOf(this.plausible());
    const accepted = mostOf(this.answers());
    const refusals = new Set<number>();
    for (const [size, each] of this.server) {
      const isLonger = accepted !== null && size > accepted.high && size <= accepted.high + REFUSAL_BYTES;
      if (isLonger && each.marked >= each.count * ANSWERS) refusals.add(size);
    }
    return {
      shares: heldIn(this.client, share, CLIENT_GAP),
      acceptances: heldIn(this.server, accepted, SERVER_GAP),
      refusals,
    };
  }

  /** Classes of the server that answer the client. */
  private answers(): SizeClass[] {
    return classesOf(this.server, SERVER_GAP).filter(({ count, marked }) => marked >= count * ANSWERS);
  }

  /** Classes that may be shares. */
  private plausible(): SizeClass[] {
    const random = classesOf(this.client, CLIENT_GAP).filter((each) => each.marked * 2 < each.count);
    const long = random.filter(({ high }) => high >= LEAST_LINE + this.overhead);
    const least = Math.max(FEW, TERSE_TIMES * (mostOf(long)?.count ?? 0));
    const terse = random.filter(
      (each) =>
        each.high >= LEAST_TERSE + this.overhead &&
        each.high < LEAST_LINE + this.overhead &&
        each.count >= least,
    );
    return terse.length > 0 ? terse : long;
  }

  /** Sizes in its tables. */
  get sizes(): number {
    return this.client.size + this.server.size;
  }

  /** Shares and answers counted so far. */
  get counts(): SealedCount {
    if (this.frames !== null) return countOf(this.frameSum);
    const padding = paddingOf(this.client, this.server);
    if (padding >= LONG_PADDING)
      return { ...countOf(noFrames()), newTargets: null, channels: null, isPadded: true };
    const found = this.plausible();
    const shares = heldIn(this.client, mostOf(found), CLIENT_GAP);
    let [single, central] = [0, 0];
    for (const [size, held] of shares) {
      const { count } = this.client.get(size) ?? { count: 0 };
      central += count * held;
      if (held === 1) single += count;
    }
    // A record as long as several shares may be something else.
    const isFew = central < FEW;
    const low = isFew ? Math.min(central, ...found.map((each) => each.count)) : single;
    const high = isFew ? totalOf(found, (each) => each.count) : central;
    const { accepted, rejected } = this.answered;
    return {
      submitted: { low, central, high: Math.max(high, central) },
      // Padded answers of both kinds look alike.
      accepted:
        padding > 0
          ? { low: 0, central, high: central }
          : { low: accepted, central: accepted, high: accepted },
      rejected: padding > 0 ? 0 : rejected,
      newTargets: null,
      channels: null,
    };
  }
}

/** True if all intervals are so alike that even of two it is hardly chance. */
function isEven(intervals: readonly number[]): boolean {
  const most = Math.max(...intervals);
  return intervals.length > 1 && most - Math.min(...intervals) < EVEN_SPREAD * most;
}

/** True if half of the intervals lie within a tenth of their median. */
function isRegular(intervals: readonly number[]): boolean {
  if (intervals.length < LEAST_INTERVALS) return false;
  const sorted = intervals.toSorted((a, b) => a - b);
  const at = (part: number): number => sorted[Math.floor((sorted.length - 1) * part)];
  return at(0.75) - at(0.25) < CLOCK_SPREAD * at(0.5);
}

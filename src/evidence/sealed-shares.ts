/**
 * Shares of a session that nobody can read, counted by the sizes and times of its messages; the method and its limits are in
 * docs/sealed.md. The number of shares shows, their difficulty does not. Messages are taken in parts of a few hundred, of which
 * tables of sizes remain, so that a session of any length costs the same. Nothing here is a sign of mining: whatever sends
 * messages of one size and gets answers seems to submit shares.
 */
import { median, modalWindow } from './samples.ts';
import { FrameCount, type SealedCount } from './sealed-frames.ts';

/** Messages in the order of time. */
interface MessagePart {
  /** us since 1970. */
  readonly timesUs: ArrayLike<number>;
  /** Bytes of each, those of lane 1 negative; of TLS the length of the record. */
  readonly sizes: ArrayLike<number>;
}

/** What was said with one size. */
interface SizeCount {
  count: number;
  /** Of the client: sent by the clock. Of the server: came soon after a message of the client. */
  marked: number;
}

interface SizeClass {
  readonly low: number;
  readonly high: number;
  readonly count: number;
  readonly marked: number;
}

/** A message of the client that waits for its answer. */
interface Waiting {
  readonly timeUs: number;
  readonly isShare: boolean;
  /** Something came that may have refused it. */
  isDoubted: boolean;
}

/** Messages as they are heard: bytes of the server negative; those with which a client opens its session apart. */
interface Heard {
  timeUs: number;
  bytes: number;
  isOpening: boolean;
}

/** What sizes mean in a session: for each how many shares, or answers, a record of it holds. */
interface Meaning {
  readonly shares: ReadonlyMap<number, number>;
  readonly acceptances: ReadonlyMap<number, number>;
  readonly refusals: ReadonlySet<number>;
}

/** Sizes of one kind of message lie no farther apart: ids and nonces of any length, words of refusals. */
const CLIENT_GAP = 6;
const SERVER_GAP = 8;
const BLOCK = 16;
/** Refusals are longer than acceptances by their words. */
const REFUSAL_BYTES = 90;
/** Shorter lines are keep-alives and polls, unless they are many and longer ones are rare: shares of a terse dialect. */
const LEAST_LINE = 90;
const LEAST_TERSE = 55;
const TERSE_TIMES = 4;
/** What a record adds to its line: 17 in TLS 1.3, 24 to 29 in 1.2. */
const RECORD = { least: 17, most: 29 } as const;
/** Sizes that are told apart in each direction; further ones count nowhere. */
const MOST_SIZES = 256;
const LEAST_WAIT_US = 500_000;
const ROUND_TRIPS = 4;
/** An answer that comes later is another's. */
const MOST_WAIT_US = 10_000_000;
const MOST_WAITING = 64;
const EARLY_US = 50_000;
const MOST_REFUSED = 0.25;
/** Part of the messages of a class that follow the client where they are answers. */
const ANSWERS = 0.6;
/** A clock: half of the intervals lie within a tenth of their median. */
const CLOCK_SPREAD = 0.1;
const EVEN_SPREAD = 0.02;
const LEAST_INTERVALS = 3;
const IDLE_US = 25_000_000;
/** What a client sends to open a session follows what came before at once; its Finished (RFC 8446 4.4.4) is no line yet. */
const AT_ONCE_US = 100_000;
const FINISHED: ReadonlySet<number> = new Set([53, 69]);
/** The records of one message leave within so short a time. */
const TOGETHER_US = 2_000;
const LEAST_GAIN = 0.1;
const CUT_PART = 0.45;
/** Messages of one kind that one record holds; such records are fewer than those of one message. */
const MOST_JOINED = 8;
const JOINED_PART = 0.25;
/** From so many on the size of shares is plain. */
const FEW = 8;

export class SealedShares {
  /** Messages that were taken. */
  taken = 0;
  /** 1 if lane 0 is the client's, else -1. */
  private readonly sign: 1 | -1;
  /** Bytes that a record adds at least. */
  private readonly overhead: number;
  private readonly client = new Map<number, SizeCount>();
  private readonly server = new Map<number, SizeCount>();
  private accepted = 0;
  private rejected = 0;
  private waiting: Waiting[] = [];
  /** When an acceptance came that nothing waited for: its share comes next, if packets were captured out of order. */
  private earlyUs = Number.NEGATIVE_INFINITY;
  private isOpening: boolean;
  private isBegun = false;
  private lastUs = Number.NEGATIVE_INFINITY;
  private lastClientUs = Number.NEGATIVE_INFINITY;
  /** Which sides cut their messages into records: their records that leave together count as one. */
  private cuts: { readonly client: boolean; readonly server: boolean } | null = null;
  private carried: Heard[] = [];
  /** Of Stratum V2 outside of TLS. */
  private frames: FrameCount | null = null;

  /** `isFromStart`: what comes first opens the session. */
  constructor(clientLane: 0 | 1, isTls: boolean, isFromStart: boolean) {
    this.sign = clientLane === 0 ? 1 : -1;
    this.overhead = isTls ? RECORD.least : 0;
    this.isOpening = isFromStart;
  }

  /**
   * Takes the messages behind those that were taken, `total` with them; returns when shares were sent among them, us since
   * 1970. `isLast`: no more come.
   */
  take({ timesUs, sizes }: MessagePart, total: number, isLast: boolean): number[] {
    const heard: Heard[] = [];
    for (let i = Math.max(0, sizes.length - (total - this.taken)); i < sizes.length; i++)
      heard.push({ timeUs: timesUs[i], bytes: sizes[i] * this.sign, isOpening: false });
    const isFirst = this.taken === 0;
    this.taken = total;
    if (isFirst && this.overhead === 0 && FrameCount.isLike(heard.map(({ bytes }) => bytes))) {
      this.frames = new FrameCount();
      this.frames.learn(heard.map(({ bytes }) => bytes));
    }
    if (this.frames !== null) return hearFrames(this.frames, heard);
    this.cuts ??= { client: isCut(heard, 1), server: isCut(heard, -1) };
    const whole = joinedUp([...this.carried, ...heard], this.cuts);
    // More of the last message may come.
    this.carried = isLast || !(this.cuts.client || this.cuts.server) ? [] : whole.splice(-1);
    return this.hear(whole);
  }

  private hear(heard: readonly Heard[]): number[] {
    const waitUs = waitOf(heard);
    this.tell(heard, waitUs);
    return this.pair(heard, waitUs);
  }

  /** Tells the tables of sizes. */
  private tell(heard: readonly Heard[], waitUs: number): void {
    const before = this.lastClientUs;
    const opening: Heard[] = [];
    for (const each of heard) {
      const { timeUs, bytes } = each;
      if (bytes < 0) count(this.server, -bytes, timeUs - this.lastClientUs <= waitUs);
      else {
        this.isOpening &&= !this.isBegun || timeUs - this.lastUs <= AT_ONCE_US;
        each.isOpening = this.isOpening;
        if (this.isOpening) opening.push(each);
        this.isBegun ||= !FINISHED.has(bytes);
        if (!each.isOpening) count(this.client, bytes, false);
        this.lastClientUs = timeUs;
      }
      this.lastUs = timeUs;
    }
    this.sortOut(opening, heard);
    this.markClocks(heard, before);
  }

  /**
   * A fast miner's first share may come as soon as what opens a session: it is just as long as the others, and is answered as
   * they are. A login is not.
   */
  private sortOut(opening: readonly Heard[], heard: readonly Heard[]): void {
    const share = mostOf(this.plausible());
    const accepted = mostOf(this.answers());
    if (share === null || accepted === null) return;
    for (const each of opening) {
      const at = heard.indexOf(each) + 1;
      const next = heard.findIndex(({ bytes }, i) => i >= at && bytes > 0);
      const answers = heard.slice(at, next < 0 ? heard.length : next);
      const isAccepted = answers.some(({ bytes }) => -bytes >= accepted.low - 1 && -bytes <= accepted.high);
      each.isOpening = !isAccepted || each.bytes < share.low - 1 || each.bytes > share.high;
      if (!each.isOpening) count(this.client, each.bytes, false);
    }
  }

  /** Marks what the client sends by a clock, or whenever it has been silent for so long. */
  private markClocks(heard: readonly Heard[], lastUs: number): void {
    const classes = classesOf(this.client, CLIENT_GAP);
    const own = classes.map((): { bytes: number; timeUs: number; idleUs: number }[] => []);
    for (const { timeUs, bytes, isOpening } of heard) {
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
      if (isByClock) for (const { bytes } of sent) count(this.client, bytes, true, 0);
    }
  }

  /** Pairs answers with what they answer, the oldest first; returns when shares were sent. */
  private pair(heard: readonly Heard[], waitUs: number): number[] {
    const { shares, acceptances, refusals } = this.meaning();
    const times: number[] = [];
    const sizes: number[] = [];
    for (const { timeUs, bytes, isOpening } of heard) {
      this.waiting = this.waiting.filter((each) => timeUs - each.timeUs <= MOST_WAIT_US);
      if (bytes > 0) {
        if (isOpening) continue;
        const held = shares.get(bytes) ?? 0;
        for (let k = 0; k < held; k++) times.push(timeUs);
        if (held === 1 && timeUs - this.earlyUs <= EARLY_US) {
          this.accepted++;
          this.earlyUs = Number.NEGATIVE_INFINITY;
          continue;
        }
        for (let k = 0; k < Math.max(1, held) && this.waiting.length < MOST_WAITING; k++)
          this.waiting.push({ timeUs, isShare: held > 0, isDoubted: false });
        continue;
      }
      const inTime = this.waiting.filter((each) => isInTime(each, timeUs, waitUs)).length;
      const held = acceptances.get(-bytes) ?? 0;
      if (held === 1 || (held > 1 && held <= inTime)) {
        for (let k = 0; k < held; k++) if (this.accept(timeUs, waitUs) && held === 1) sizes.push(-bytes);
      } else if (refusals.has(-bytes)) this.refuse(timeUs, waitUs);
    }
    const refused = refusedOf(sizes);
    this.accepted -= refused;
    this.rejected += refused;
    return times;
  }

  /** True if a share was accepted. */
  private accept(timeUs: number, waitUs: number): boolean {
    const { waiting } = this;
    // A request that gets an answer of its own waits in vain: shares go first.
    const inTime = waiting.filter((each) => isInTime(each, timeUs, waitUs));
    const wanted =
      inTime.find(({ isShare }) => isShare) ?? inTime[0] ?? waiting.findLast(({ isShare }) => isShare);
    const at = wanted === undefined ? -1 : waiting.indexOf(wanted);
    if (at < 0) this.earlyUs = timeUs;
    if (at < 0) return false;
    const [{ isShare, isDoubted }] = waiting.splice(at, 1);
    if (!isShare) return false;
    this.accepted++;
    // What looked like its refusal was something else.
    if (isDoubted) this.rejected--;
    return true;
  }

  private refuse(timeUs: number, waitUs: number): void {
    const first = this.waiting.find((each) => isInTime(each, timeUs, waitUs));
    if (first === undefined) return;
    first.isDoubted = true;
    if (first.isShare) this.rejected++;
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

  /** What was counted. */
  get counts(): SealedCount {
    if (this.frames !== null) return this.frames.counts;
    const found = this.plausible();
    const shares = heldIn(this.client, mostOf(found), CLIENT_GAP);
    let [single, central] = [0, 0];
    for (const [size, held] of shares) {
      const { count } = this.client.get(size) ?? { count: 0 };
      central += count * held;
      if (held === 1) single += count;
    }
    // What is as long as several shares may be something else; and of few no size is plain.
    const isFew = central < FEW;
    const low = isFew ? Math.min(central, ...found.map((each) => each.count)) : single;
    const high = isFew ? found.reduce((sum, each) => sum + each.count, 0) : central;
    const { accepted, rejected } = this;
    return {
      submitted: { low, central, high: Math.max(high, central) },
      accepted: { low: accepted, central: accepted, high: accepted },
      rejected,
      newTargets: null,
    };
  }
}

function isInTime({ timeUs: since, isDoubted }: Waiting, timeUs: number, waitUs: number): boolean {
  return timeUs - since <= waitUs && !isDoubted;
}

function hearFrames(frames: FrameCount, heard: readonly Heard[]): number[] {
  const times: number[] = [];
  for (const { timeUs, bytes } of heard) {
    if (bytes < 0) frames.server(-bytes);
    else for (let k = frames.client(bytes); k > 0; k--) times.push(timeUs);
  }
  return times;
}

/**
 * How many of the answers of about one size are refusals. Ids grow, so that acceptances never get shorter: what is longer
 * than a later answer says something else. Where many are, sizes vary by themselves.
 */
function refusedOf(sizes: readonly number[]): number {
  let refused = 0;
  let least = sizes.at(-1) ?? 0;
  for (const size of sizes.toReversed()) {
    if (size > least) refused++;
    least = Math.min(least, size);
  }
  return refused <= sizes.length * MOST_REFUSED ? refused : 0;
}

function count(table: Map<number, SizeCount>, size: number, isMarked: boolean, more = 1): void {
  const row = table.get(size);
  if (row !== undefined) {
    row.count += more;
    if (isMarked) row.marked++;
  } else if (table.size < MOST_SIZES) table.set(size, { count: more, marked: isMarked ? 1 : 0 });
}

/** Sizes that lie together, from the least on. Of block ciphers (CBC) all are multiples of one length, and lie that far apart. */
function classesOf(table: ReadonlyMap<number, SizeCount>, sizeGap: number): SizeClass[] {
  const isBlocks = table.size > 1 && [...table.keys()].every((size) => size % BLOCK === 0);
  const gap = isBlocks ? BLOCK : sizeGap;
  const classes: SizeClass[] = [];
  for (const [size, { count, marked }] of [...table].sort(([a], [b]) => a - b)) {
    const last = classes.at(-1);
    if (last === undefined || size - last.high > gap) classes.push({ low: size, high: size, count, marked });
    else
      classes[classes.length - 1] = {
        ...{ low: last.low, high: size },
        ...{ count: last.count + count, marked: last.marked + marked },
      };
  }
  return classes;
}

/** The commonest, the longer of equals; null of none. */
function mostOf(classes: readonly SizeClass[]): SizeClass | null {
  let most: SizeClass | null = null;
  for (const each of classes) if (most === null || each.count >= most.count) most = each;
  return most;
}

/** By size how many messages of the class a record holds: one, or, where such records are the fewer, several. */
function heldIn(
  table: ReadonlyMap<number, SizeCount>,
  single: SizeClass | null,
  gap: number,
): Map<number, number> {
  const held = new Map<number, number>();
  if (single === null) return held;
  const joined = classesOf(table, gap).filter((each) => each.count <= single.count * JOINED_PART);
  for (const size of table.keys()) {
    if (size >= single.low && size <= single.high) held.set(size, 1);
    if (size <= single.high || !joined.some(({ low, high }) => size >= low && size <= high)) continue;
    for (let k = 2; k <= MOST_JOINED; k++) {
      // Of records that were joined up each may still have its own header and tag.
      if (size >= k * single.low - (k - 1) * RECORD.most && size <= k * single.high) held.set(size, k);
    }
  }
  return held;
}

/** How long an answer is waited for: some round trips. */
function waitOf(heard: readonly Heard[]): number {
  const delays: number[] = [];
  for (let i = 0; i + 1 < heard.length; i++)
    if (heard[i].bytes > 0 && heard[i + 1].bytes < 0) delays.push(heard[i + 1].timeUs - heard[i].timeUs);
  return Math.max(LEAST_WAIT_US, ROUND_TRIPS * median(delays));
}

/** True if one side's messages are more alike with their records joined. */
function isCut(heard: readonly Heard[], sign: 1 | -1): boolean {
  const apart = constancyOf(heard, sign);
  const joined = joinedUp(heard, { client: sign === 1, server: sign === -1 });
  if (constancyOf(joined, sign) > apart + LEAST_GAIN) return true;
  // In parts of one size: hardly any of the client's records leaves alone.
  return sign === 1 && heard.length - joined.length > sentBy(heard, sign).length * CUT_PART;
}

function sentBy(heard: readonly Heard[], sign: 1 | -1): number[] {
  return heard.map(({ bytes }) => bytes * sign).filter((bytes) => bytes > 0);
}

/** Part of one side's messages that have about one size. */
function constancyOf(heard: readonly Heard[], sign: 1 | -1): number {
  const own = sentBy(heard, sign);
  if (own.length < LEAST_INTERVALS) return 0;
  const { low, high } = modalWindow(own, CLIENT_GAP);
  return own.filter((bytes) => bytes >= low && bytes <= high).length / own.length;
}

/** Joins the records that a side sends at one time, if it cuts its messages. */
function joinedUp(
  heard: readonly Heard[],
  { client, server }: { client: boolean; server: boolean },
): Heard[] {
  const whole: Heard[] = [];
  for (const { timeUs, bytes } of heard) {
    const last = whole.at(-1);
    const isJoined = last !== undefined && timeUs - last.timeUs <= TOGETHER_US;
    const isCutLane = bytes > 0 ? client : server;
    if (isJoined && isCutLane && bytes > 0 === last.bytes > 0) last.bytes += bytes;
    else whole.push({ timeUs, bytes, isOpening: false });
  }
  return whole;
}

/** True if even the few intervals there are can hardly be alike by chance. */
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

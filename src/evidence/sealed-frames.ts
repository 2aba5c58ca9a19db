/**
 * Shares of encrypted Stratum V2 by the sizes of its frames (sv2-spec 04 and 05, docs/reference/protocols.md 2.1): a message of p bytes
 * travels as 22 + p + 16. Answers cover several shares, so that it is not known which of them were accepted.
 *
 *   client  SubmitSharesStandard 62, SubmitSharesExtended 63 + extranonce, UpdateChannel 78,
 *           OpenStandardMiningChannel 79 + user, OpenExtendedMiningChannel 81 + user
 *   server  SubmitShares.Success 58, .Error 47 + code, SetTarget 74, NewMiningJob 83 or 87, SetNewPrevHash 86,
 *           OpenStandardMiningChannel.Success 83 + prefix, OpenExtendedMiningChannel.Success 81 + prefix and more
 *
 * "stale-share" is 11 signs long, so that this refusal has the size of a Success.
 */
import type { Estimate } from '../estimate.ts';

/** What sizes and times tell of shares. */
export interface SealedCount {
  readonly submitted: Estimate;
  /** A range where one answer stands for several shares. */
  readonly accepted: Estimate;
  readonly rejected: number;
  /** Of Stratum V2: new targets that the pool set; null of anything else. */
  readonly newTargets: number | null;
  /** Of Stratum V2: channels that were opened while it was watched; null of anything else. */
  readonly channels?: number | null;
  /** Messages are padded so far that shares do not stand apart: nothing is counted then. */
  readonly isPadded?: boolean;
}

/** Frames that were counted. */
export interface FrameSum {
  submitted: number;
  successes: number;
  refused: number;
  newTargets: number;
  channels: number;
}

/** What one message adds: shares by when they were sent, us since 1970. */
export type ObservedFrames = Readonly<Omit<FrameSum, 'submitted'>> & { readonly sharesUs: readonly number[] };

const STANDARD_SHARE = 62;
/** 63 and an extranonce of 1 to 32 bytes. */
const EXTENDED_LEAST = 64;
const EXTENDED_MOST = 95;
const UPDATE_CHANNEL = 78;
/** Of an opening: its user has 255 bytes at most. What answers it is longer than all else that answers a client. */
const OPENING_LEAST = 79;
const OPENING_MOST = 81 + 255;
const OPENED_LEAST = 81;
/** What comes later answers nothing. */
const MOST_WAIT_US = 2_000_000;
const SUCCESS = 58;
const SET_TARGET = 74;
/** invalid-job-id, duplicate-share, difficulty-too-low. */
const ERRORS: ReadonlySet<number> = new Set([61, 62, 65]);
const FRAMES: ReadonlySet<number> = new Set([SUCCESS, SET_TARGET, 83, 86, 87, ...ERRORS]);
/** Frames that may leave in one go. */
const MOST_MERGED = 8;
/** A size between counts as a share from its third time on: what opens a channel or is sent once has such sizes, too. */
const TIMES = 3;
/** So much of what the client says is shares. */
const LEAST_PART = 0.6;

/** How many frames of the size are in so many bytes; 0 if they are no multiple. */
function multipleOf(bytes: number, size: number): number {
  const times = size === 0 ? 0 : bytes / size;
  return Number.isInteger(times) && times <= MOST_MERGED ? times : 0;
}

export class FrameCount {
  /** When messages of a size came that may be shares, up to the time from which on they are. */
  private readonly timesUs = new Map<number, number[]>();
  /** Size of this session's shares; 0 while unknown. */
  private size = 0;
  /** The client's last message, if it may open a channel. */
  private opening: { readonly bytes: number; readonly timeUs: number } | null = null;
  private observed = nothingObserved();

  /** `sawHandshake`: the handshake was seen. Of what has no other sign of Stratum V2 no UpdateChannel is taken for a share. */
  constructor(private readonly sawHandshake: boolean) {}

  /** For messages like these, of the client (bytes above 0) and its server (below), none of which it has counted; null if they are no such frames. */
  static of(bytes: readonly number[]): FrameCount | null {
    const sent = bytes.filter((size) => size > 0);
    const frames = new FrameCount(false);
    for (const size of bytes) frames.hear(size, 0);
    const shares = sent.filter((size) => multipleOf(size, frames.size) > 0).length;
    const isLike = shares >= TIMES && shares >= sent.length * LEAST_PART && bytes.includes(-SUCCESS);
    return isLike ? new FrameCount(false) : null;
  }

  /** The next message: bytes of the server below 0. Shares that were sent before their size was known come with the one that tells it. */
  hear(bytes: number, timeUs: number): ObservedFrames {
    this.observed = nothingObserved();
    if (bytes > 0) this.client(bytes, timeUs);
    else this.server(-bytes, timeUs);
    return this.observed;
  }

  private client(bytes: number, timeUs: number): void {
    const { sharesUs } = this.observed;
    sharesUs.push(...this.sizeFrom(bytes, timeUs));
    const merged = multipleOf(bytes, this.size);
    for (let k = 0; k < merged; k++) sharesUs.push(timeUs);
    const mayOpen = merged === 0 && bytes >= OPENING_LEAST && bytes <= OPENING_MOST;
    this.opening = mayOpen ? { bytes, timeUs } : null;
  }

  private server(bytes: number, timeUs: number): void {
    const { opening } = this;
    const isOpened = bytes >= OPENED_LEAST && opening !== null && timeUs - opening.timeUs <= MOST_WAIT_US;
    this.opening = null;
    const successes = multipleOf(bytes, SUCCESS);
    // Behind an answer or a target come jobs of any size.
    const first = [SUCCESS, SET_TARGET].find((size) => FRAMES.has(bytes - size));
    if (successes > 0) this.observed.successes += successes;
    else if (FRAMES.has(bytes) && !isOpened) this.one(bytes);
    else if (first !== undefined) {
      this.one(first);
      this.one(bytes - first);
    } else if (isOpened) {
      this.observed.channels++;
      // It was no share.
      this.timesUs.delete(opening.bytes);
    }
  }

  private one(bytes: number): void {
    if (bytes === SUCCESS) this.observed.successes++;
    else if (bytes === SET_TARGET) this.observed.newTargets++;
    else if (ERRORS.has(bytes)) this.observed.refused++;
  }

  /** Learns the size of shares; when those before it were sent. */
  private sizeFrom(bytes: number, timeUs: number): readonly number[] {
    if (this.size !== 0) return [];
    if (bytes === STANDARD_SHARE) this.size = bytes;
    if (bytes < EXTENDED_LEAST || bytes > EXTENDED_MOST) return [];
    if (bytes === UPDATE_CHANNEL && !this.sawHandshake) return [];
    const earlier = this.timesUs.get(bytes) ?? [];
    if (earlier.length < TIMES - 1) {
      this.timesUs.set(bytes, [...earlier, timeUs]);
      return [];
    }
    this.size = bytes;
    return earlier;
  }
}

const NONE = { successes: 0, refused: 0, newTargets: 0, channels: 0 } as const;

function nothingObserved(): Omit<FrameSum, 'submitted'> & { sharesUs: number[] } {
  return { sharesUs: [], ...NONE };
}

export function noFrames(): FrameSum {
  return { submitted: 0, ...NONE };
}

export function addFrames(sum: FrameSum, more: Omit<FrameSum, 'submitted'>, submitted: number): void {
  sum.submitted += submitted;
  for (const key of ['successes', 'refused', 'newTargets', 'channels'] as const) sum[key] += more[key];
}

export function countOf({ submitted, successes, refused, newTargets, channels }: FrameSum): SealedCount {
  const most = Math.max(0, submitted - refused);
  return {
    submitted: { low: submitted, central: submitted, high: submitted },
    accepted: { low: Math.min(successes, most), central: most, high: most },
    rejected: refused,
    newTargets,
    channels,
  };
}

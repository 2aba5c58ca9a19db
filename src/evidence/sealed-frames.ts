/**
 * Shares of encrypted Stratum V2 by the sizes of its frames (sv2-spec 04 and 05, docs/protocols.md 2.1): a message of p bytes
 * travels as 22 + p + 16. Answers cover several shares, so that it is not known which of them were accepted.
 *
 *   client  SubmitSharesStandard 62, SubmitSharesExtended 63 + extranonce, UpdateChannel 78
 *   server  SubmitShares.Success 58, .Error 47 + code, SetTarget 74, NewMiningJob 83 or 87, SetNewPrevHash 86
 *
 * "stale-share" is 11 signs long, so that this refusal has the size of a Success.
 */
export interface CountSpan {
  readonly low: number;
  readonly central: number;
  readonly high: number;
}

/** What sizes and times tell of shares. */
export interface SealedCount {
  readonly submitted: CountSpan;
  /** A range where one answer stands for several shares. */
  readonly accepted: CountSpan;
  readonly rejected: number;
  /** Of Stratum V2: new targets that the pool set; null of anything else. */
  readonly newTargets: number | null;
}

const STANDARD_SHARE = 62;
/** 63 and an extranonce of 1 to 32 bytes. */
const EXTENDED_LEAST = 64;
const EXTENDED_MOST = 95;
const UPDATE_CHANNEL = 78;
const SUCCESS = 58;
const SET_TARGET = 74;
/** invalid-job-id, duplicate-share, difficulty-too-low. */
const ERRORS: ReadonlySet<number> = new Set([61, 62, 65]);
const FRAMES: ReadonlySet<number> = new Set([SUCCESS, SET_TARGET, 83, 86, 87, ...ERRORS]);
/** Frames that may leave in one go. */
const MOST_MERGED = 8;
/** An extended share is known by a size that comes three times: the opening of a channel may have one, but only once or twice. */
const TIMES = 3;
/** So much of what the client says is shares. */
const LEAST_PART = 0.6;

/** How many frames of the size are in so many bytes; 0 if they are no multiple. */
function multipleOf(bytes: number, size: number): number {
  const times = size === 0 ? 0 : bytes / size;
  return Number.isInteger(times) && times <= MOST_MERGED ? times : 0;
}

export class FrameCount {
  private readonly times = new Map<number, number>();
  /** Size of this session's shares; 0 while unknown. */
  private size = 0;
  private submitted = 0;
  private successes = 0;
  private refused = 0;
  private newTargets = 0;

  /**
   * Knows the size of shares from these messages, of the client (bytes above 0) and of its server (below), and has counted none
   * of them; null if they are no such frames.
   */
  static of(bytes: readonly number[]): FrameCount | null {
    const sent = bytes.filter((size) => size > 0);
    const frames = new FrameCount();
    for (const size of sent) frames.sizeFrom(size);
    const shares = sent.filter((size) => multipleOf(size, frames.size) > 0).length;
    const isLike = shares >= TIMES && shares >= sent.length * LEAST_PART && bytes.includes(-SUCCESS);
    return isLike ? frames : null;
  }

  /** Shares in a message of the client. */
  client(bytes: number): number {
    this.sizeFrom(bytes);
    const merged = multipleOf(bytes, this.size);
    this.submitted += merged;
    return merged;
  }

  server(bytes: number): void {
    const successes = multipleOf(bytes, SUCCESS);
    if (successes > 0) this.successes += successes;
    else if (FRAMES.has(bytes)) this.one(bytes);
    else {
      // Behind an answer or a target come jobs of any size.
      const first = [SUCCESS, SET_TARGET].find((size) => FRAMES.has(bytes - size));
      if (first === undefined) return;
      this.one(first);
      this.one(bytes - first);
    }
  }

  private one(bytes: number): void {
    if (bytes === SUCCESS) this.successes++;
    else if (bytes === SET_TARGET) this.newTargets++;
    else if (ERRORS.has(bytes)) this.refused++;
  }

  private sizeFrom(bytes: number): void {
    if (this.size === STANDARD_SHARE) return;
    if (bytes === STANDARD_SHARE) this.size = bytes;
    if (bytes < EXTENDED_LEAST || bytes > EXTENDED_MOST || bytes === UPDATE_CHANNEL) return;
    const times = (this.times.get(bytes) ?? 0) + 1;
    this.times.set(bytes, times);
    if (this.size === 0 && times >= TIMES) this.size = bytes;
  }

  get counts(): SealedCount {
    const { submitted: central, successes, refused: rejected } = this;
    const most = Math.max(0, central - rejected);
    const accepted: CountSpan = { low: Math.min(successes, most), central: most, high: most };
    return {
      submitted: { low: central, central, high: central },
      ...{ accepted, rejected, newTargets: this.newTargets },
    };
  }
}

/** Shares and the answers to them, paired by their order and time (docs/reference/sealed.md, step 4). */
import type { Observed } from './sealed-messages.ts';

/** A message of the client that waits for its answer. */
interface Waiting {
  readonly timeUs: number;
  readonly isShare: boolean;
  /** Something came that may have refused it. */
  isDoubted: boolean;
}

/** What sizes mean in a session: for each how many shares, or answers, a record of it holds. */
export interface Meaning {
  readonly shares: ReadonlyMap<number, number>;
  readonly acceptances: ReadonlyMap<number, number>;
  readonly refusals: ReadonlySet<number>;
}

/** An answer that comes later belongs to another message. */
const MOST_WAIT_US = 10_000_000;
const MOST_WAITING = 64;
/** A share that was captured behind its answer comes so soon. */
const EARLY_US = 50_000;
/** If a larger part of the answers is longer than a later one, their sizes tell nothing. */
const MOST_REFUSED = 0.25;

/** The shares of a session that were accepted and rejected. */
export class AnswerPairs {
  accepted = 0;
  rejected = 0;
  private waiting: Waiting[] = [];
  /** When an acceptance came that nothing waited for: its share comes next, if packets were captured out of order. */
  private earlyUs = Number.NEGATIVE_INFINITY;

  /** Pairs answers with what they answer, the oldest first; returns when shares were sent. */
  pair(observed: readonly Observed[], { shares, acceptances, refusals }: Meaning, waitUs: number): number[] {
    const times: number[] = [];
    const sizes: number[] = [];
    for (const { timeUs, bytes, isOpening } of observed) {
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
      const held = acceptances.get(-bytes) ?? 0;
      // A record as long as several answers may be something else.
      if (held === 1 || (held > 1 && held <= this.inTime(timeUs, waitUs).length)) {
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
    // Shares go first: a request that is answered in another way would take the answer of a share.
    const inTime = this.inTime(timeUs, waitUs);
    const answered =
      inTime.find(({ isShare }) => isShare) ?? inTime[0] ?? waiting.findLast(({ isShare }) => isShare);
    if (answered === undefined) {
      this.earlyUs = timeUs;
      return false;
    }
    waiting.splice(waiting.indexOf(answered), 1);
    const { isShare, isDoubted } = answered;
    if (!isShare) return false;
    this.accepted++;
    // What looked like its refusal was something else.
    if (isDoubted) this.rejected--;
    return true;
  }

  private refuse(timeUs: number, waitUs: number): void {
    const [first] = this.inTime(timeUs, waitUs);
    if (first === undefined) return;
    first.isDoubted = true;
    if (first.isShare) this.rejected++;
  }

  /** What waits no longer than answers take, and was not refused, the oldest first. */
  private inTime(timeUs: number, waitUs: number): Waiting[] {
    return this.waiting.filter((each) => timeUs - each.timeUs <= waitUs && !each.isDoubted);
  }
}

/**
 * How many of the answers of about one size are refusals: those that are longer than a later one. Acceptances never get
 * shorter, because their ids grow. If many are longer, the sizes vary for another reason, and none counts.
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

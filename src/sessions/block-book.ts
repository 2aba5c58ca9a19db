/**
 * The times of new blocks, from the jobs of all sessions: if a job builds on another block than the job before it, that
 * block was found. Blocks that follow one another in a session are of one chain.
 */
import { limits } from '../limits.ts';
import { push } from '../order.ts';

interface Block {
  /** When a session first went over to it, us since 1970; infinite if none has. */
  timeUs: number;
  readonly chain: number;
}

export class BlockBook {
  readonly blocks = new Map<string, Block>();
  /** Of each chain the one that it was found to be part of, or itself. */
  readonly wholes: number[] = [];
  /** Jobs whose block had no room. */
  overflow = 0;

  /** A job builds on `block`, and the one before it in its session on `before`. */
  jobOn(block: string, before: string | null, timeUs: number): void {
    if (block === before) return;
    const [known, last] = [this.blocks.get(block), before === null ? undefined : this.blocks.get(before)];
    const toldUs = before === null ? Number.POSITIVE_INFINITY : timeUs;
    if (known !== undefined) {
      known.timeUs = Math.min(known.timeUs, toldUs);
      if (last !== undefined) this.join(known.chain, last.chain);
    } else if (this.blocks.size === limits.blocks) this.overflow++;
    else
      this.blocks.set(block, {
        timeUs: toldUs,
        chain: last?.chain ?? this.wholes.push(this.wholes.length) - 1,
      });
  }

  /** Forgets all blocks: those of a period that is over say nothing of the next. */
  clear(): void {
    this.blocks.clear();
    this.wholes.length = 0;
    this.overflow = 0;
  }

  /** The chain of a block; -1 if the block is not known. */
  chainOf(block: string): number {
    const known = this.blocks.get(block);
    return known === undefined ? -1 : this.whole(known.chain);
  }

  /** Times of the blocks of each chain, in their order. */
  times(): ReadonlyMap<number, readonly number[]> {
    const times = new Map<number, number[]>();
    for (const { timeUs, chain } of this.blocks.values()) {
      if (Number.isFinite(timeUs)) push(times, this.whole(chain), timeUs);
    }
    for (const all of times.values()) all.sort((a, b) => a - b);
    return times;
  }

  private join(a: number, b: number): void {
    const [first, second] = [this.whole(a), this.whole(b)];
    this.wholes[Math.max(first, second)] = Math.min(first, second);
  }

  private whole(chain: number): number {
    let at = chain;
    const { wholes } = this;
    while (wholes[at] !== at) {
      // The way is shorter for who comes next.
      wholes[at] = wholes[wholes[at]];
      at = wholes[at];
    }
    return at;
  }
}

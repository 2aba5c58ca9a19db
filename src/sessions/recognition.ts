/**
 * The messages of a flow until it is known which dialect they speak: they are held, each with the dialects that it may
 * belong to, as many as docs/reference/limits.md says. The first dialect that is certain of a message is chosen, or whose course they
 * take; when there are too many, or no more come, the one that most of them may belong to.
 */

import type { Dialect, DialectReader } from '../dialects/dialect.ts';
import { ExchangePattern } from '../dialects/exchange-pattern.ts';
import { candidates, DIALECTS } from '../dialects/index.ts';
import { readerOfPattern, stratumOther } from '../dialects/stratum-other.ts';
import type { Message } from '../framing/message.ts';
import { groupBy } from '../order.ts';
import { NONE, withItem } from './short-list.ts';

export interface Choice {
  readonly dialect: Dialect;
  /** A message that only this dialect has was observed whole. */
  readonly certain: boolean;
  readonly reader: DialectReader;
  /** What was held, to be read now. */
  readonly messages: readonly Message[];
}

interface Held {
  readonly message: Message;
  readonly possible: readonly Dialect[];
  readonly isForeign: boolean;
}

/** Messages that are held; of those that no dialect knows the last ones, few while there are no others. */
const MAX_HELD = 64;
const MAX_HELD_BYTES = 256 * 1024;
const MAX_HELD_FOREIGN = 8;
/** Messages that no dialect knows, and their bytes, after which a flow is given up (docs/reference/limits.md). */
export const FOREIGN_MESSAGES = 4096;
const FOREIGN_BYTES = 1024 * 1024;
/** What a body that is no JSON costs at most: it is passed over. */
const MOST_VISIT_BYTES = 4096;

export class Recognition {
  private held: readonly Held[] = NONE;
  private heldBytes = 0;
  /** Messages among them that no dialect knows. */
  private heldForeign = 0;
  /** True if a dialect may know one of the held messages. */
  private hasPossible = false;
  /** What the messages come to while no dialect is certain; null before the first. */
  private pattern: ExchangePattern | null = null;
  private foreignMessages = 0;
  private foreignBytes = 0;
  private hasWhole = false;
  private hasCut = false;
  /** No more need be observed: too much was foreign (`other`), or no dialect could be named. */
  givenUp: 'other' | 'foreign' | null = null;

  /**
   * The choice, once a message makes it.
   * @param isAnswer What it answers came before the capture.
   */
  hear(message: Message, isAnswer: boolean): Choice | null {
    const called = message.kind === 'reply' ? message.call : message;
    if (message.cut || called?.cut === true) this.hasCut = true;
    else this.hasWhole = true;
    let possible: readonly Dialect[] = NONE;
    for (const dialect of candidates(message)) {
      const recognition = dialect.recognise(message);
      if (recognition === 'certain') {
        this.held = withItem(this.held, { message, possible, isForeign: false });
        return this.choice(dialect, !message.cut);
      }
      if (recognition === 'possible') possible = withItem(possible, dialect);
    }
    this.pattern ??= new ExchangePattern();
    const likely = this.hold(message, possible, isAnswer, this.pattern.hear(message));
    if (likely !== null || !this.pattern.isWhole) return likely;
    return this.choice(stratumOther, this.pattern.isMarked, readerOfPattern(this.pattern));
  }

  /** Of all that was said the capture has beginnings alone: nobody knows what it was. */
  get isCutOff(): boolean {
    return this.hasCut && !this.hasWhole;
  }

  private hold(
    message: Message,
    possible: readonly Dialect[],
    isAnswer: boolean,
    isPart: boolean,
  ): Choice | null {
    const isPossible = possible.length > 0;
    this.hasPossible ||= isPossible;
    // What a cut message was about nobody knows: it speaks neither for nor against.
    const isForeign = !isPossible && !message.cut && !isAnswer;
    if (isForeign) {
      this.foreignMessages++;
      this.foreignBytes +=
        message.kind === 'visit' ? Math.min(message.bytes, MOST_VISIT_BYTES) : message.bytes;
    }
    this.held = withItem(this.held, { message, possible, isForeign: isForeign && !isPart });
    this.heldBytes += message.bytes;
    if (isForeign && !isPart) this.heldForeign++;
    const most = this.hasPossible ? MAX_HELD : MAX_HELD_FOREIGN;
    while (this.heldForeign > 0 && (this.heldForeign > most || this.isFull())) {
      const oldest = this.held.findIndex((each) => each.isForeign);
      this.heldBytes -= this.held[oldest].message.bytes;
      this.held = this.held.toSpliced(oldest, 1);
      this.heldForeign--;
    }
    const isSpent = this.foreignMessages >= FOREIGN_MESSAGES || this.foreignBytes >= FOREIGN_BYTES;
    if (!isSpent && !this.isFull()) return null;
    const likely = this.mostLikely();
    this.held = NONE;
    if (likely === null) this.givenUp = isSpent ? 'other' : 'foreign';
    return likely;
  }

  private isFull(): boolean {
    return this.held.length > MAX_HELD || this.heldBytes > MAX_HELD_BYTES;
  }

  /** No message was certain: the dialect that most of them may belong to, the more general of equals. */
  mostLikely(): Choice | null {
    if (!this.hasPossible) return null;
    const votes = groupBy(
      this.held.flatMap(({ possible }) => possible),
      (dialect) => dialect,
    );
    const most = Math.max(...[...votes.values()].map(({ length }) => length));
    const best = DIALECTS.findLast((dialect) => votes.get(dialect)?.length === most);
    return best === undefined ? null : this.choice(best, false);
  }

  private choice(dialect: Dialect, certain: boolean, reader = dialect.reader()): Choice {
    return { dialect, certain, reader, messages: this.held.map(({ message }) => message) };
  }
}

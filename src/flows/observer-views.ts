/**
 * HOT. Counters of a conversation by who reported them, beyond the first reporter, whose counters are in the row itself.
 * Chains of small rows, bounded; rows of conversations that are forgotten are used again.
 */
import { grown } from '../packets/columns.ts';

const DOUBLES = 6;
const NEXT = 0;
const OBSERVER = 1;
const PACKETS = 2; // and 3, by lane
const BYTES = 4; // and 5
const FIRST_VIEWS = 256;

/** What one observer has of a lane, sampling multiplied. */
export interface View {
  readonly bytes: number;
  readonly packets: number;
  /** One packet in so many. */
  readonly interval: number;
}

/** What the first observer has, who has it in the row itself. */
interface OwnView {
  readonly observer: number;
  readonly bytes: number;
  readonly packets: number;
}

/** 95 % of samples lie no farther off, in square roots of the packets that were looked at. */
const Z = 1.96;

/** What so many bytes of samples are at least. */
function surely({ bytes, packets, interval }: View): number {
  if (packets <= 0 || interval <= 1) return 0;
  return bytes * Math.max(0, 1 - Z / Math.sqrt(packets / interval));
}

export class ObserverViews {
  /** Records whose view did not fit; their counters are lost. */
  overflow = 0;
  private readonly maximum: number;
  /** By observer: one packet in so many; 0 and 1: every one. */
  private intervals = new Uint32Array(64);
  private numbers = new Float64Array(FIRST_VIEWS * DOUBLES);
  private end = 0;
  /** Head of the chain of unused views, plus one. */
  private free = 0;

  constructor(maximum: number) {
    this.maximum = maximum;
  }

  /** Adds to the view of `observer` in the chain at `head` (plus one; 0: empty); returns the chain's head. */
  add(head: number, observer: number, lane: number, packets: number, bytes: number): number {
    for (let entry = head; entry !== 0; entry = this.numbers[(entry - 1) * DOUBLES + NEXT]) {
      const at = (entry - 1) * DOUBLES;
      if (this.numbers[at + OBSERVER] !== observer) continue;
      this.numbers[at + PACKETS + lane] += packets;
      this.numbers[at + BYTES + lane] += bytes;
      return head;
    }
    const view = this.take();
    if (view < 0) {
      this.overflow++;
      return head;
    }
    const at = view * DOUBLES;
    this.numbers.fill(0, at, at + DOUBLES);
    this.numbers[at + NEXT] = head;
    this.numbers[at + OBSERVER] = observer;
    this.numbers[at + PACKETS + lane] = packets;
    this.numbers[at + BYTES + lane] = bytes;
    return view + 1;
  }

  /** Views in a chain. */
  count(head: number): number {
    let count = 0;
    for (let entry = head; entry !== 0; entry = this.numbers[(entry - 1) * DOUBLES + NEXT]) count++;
    return count;
  }

  /** Observers up to this one are known, none of whom has sampled yet. */
  meet(observer: number): void {
    if (observer < this.intervals.length) return;
    const length = Math.max(observer + 1, this.intervals.length * 2);
    this.intervals = grown(this.intervals, new Uint32Array(length));
  }

  /** The observer looks at one packet in so many. */
  samples(observer: number, interval: number): void {
    if (interval > this.intervals[observer]) this.intervals[observer] = interval;
  }

  /**
   * Of a lane the view with the most bytes, `own` of the first observer included. One who samples counts beside one who
   * looked at every packet only if he is sure to have seen more: the most of several guesses is too much.
   */
  most(head: number, lane: number, own: OwnView): View {
    // Nearly always there is one observer, who looked at every packet.
    if (head === 0 && this.intervals[own.observer] <= 1) {
      return { bytes: own.bytes, packets: own.packets, interval: 1 };
    }
    const whole = { bytes: 0, packets: 0, interval: 1 };
    const sampled = { bytes: 0, packets: 0, interval: 0 };
    let isWhole = false;
    const take = (observer: number, bytes: number, packets: number): void => {
      const interval = this.intervals[observer];
      const best = interval > 1 ? sampled : whole;
      if (interval <= 1 && (bytes > 0 || packets > 0)) isWhole = true;
      if (bytes < best.bytes || (bytes === best.bytes && packets <= best.packets)) return;
      best.bytes = bytes;
      best.packets = packets;
      if (interval > 1) best.interval = interval;
    };
    take(own.observer, own.bytes, own.packets);
    for (let entry = head; entry !== 0; entry = this.numbers[(entry - 1) * DOUBLES + NEXT]) {
      const at = (entry - 1) * DOUBLES;
      take(this.numbers[at + OBSERVER], this.numbers[at + BYTES + lane], this.numbers[at + PACKETS + lane]);
    }
    if (!isWhole) return { ...sampled, interval: Math.max(1, sampled.interval) };
    return surely(sampled) > whole.bytes ? sampled : whole;
  }

  /** Gives a chain back. */
  release(head: number): void {
    let entry = head;
    while (entry !== 0) {
      const at = (entry - 1) * DOUBLES;
      const next = this.numbers[at + NEXT];
      this.numbers[at + NEXT] = this.free;
      this.free = entry;
      entry = next;
    }
  }

  private take(): number {
    if (this.free !== 0) {
      const view = this.free - 1;
      this.free = this.numbers[view * DOUBLES + NEXT];
      return view;
    }
    if (this.end >= this.maximum) return -1;
    if (this.end * DOUBLES === this.numbers.length) {
      this.numbers = grown(this.numbers, new Float64Array(this.numbers.length * 2));
    }
    return this.end++;
  }
}

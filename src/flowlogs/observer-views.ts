/**
 * HOT. Counters of a conversation by who reported them, beyond the first reporter, who has his in the row itself.
 * Chains of small rows, bounded; rows of conversations that are forgotten are used again.
 */

const DOUBLES = 6;
const NEXT = 0;
const OBSERVER = 1;
const PACKETS = 2; // and 3, by lane
const BYTES = 4; // and 5
const FIRST_VIEWS = 256;

export class ObserverViews {
  /** Records whose view did not fit; their counters are lost. */
  overflow = 0;
  readonly #maximum: number;
  #numbers = new Float64Array(FIRST_VIEWS * DOUBLES);
  #end = 0;
  /** Head of the chain of unused views, plus one. */
  #free = 0;

  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  /** Adds to the view of `observer` in the chain at `head` (plus one; 0: empty); returns the chain's head. */
  add(head: number, observer: number, lane: number, packets: number, bytes: number): number {
    for (let entry = head; entry !== 0; entry = this.#numbers[(entry - 1) * DOUBLES + NEXT]) {
      const at = (entry - 1) * DOUBLES;
      if (this.#numbers[at + OBSERVER] !== observer) continue;
      this.#numbers[at + PACKETS + lane] += packets;
      this.#numbers[at + BYTES + lane] += bytes;
      return head;
    }
    const view = this.#take();
    if (view < 0) {
      this.overflow++;
      return head;
    }
    const at = view * DOUBLES;
    this.#numbers.fill(0, at, at + DOUBLES);
    this.#numbers[at + NEXT] = head;
    this.#numbers[at + OBSERVER] = observer;
    this.#numbers[at + PACKETS + lane] = packets;
    this.#numbers[at + BYTES + lane] = bytes;
    return view + 1;
  }

  /** Views in a chain. */
  count(head: number): number {
    let count = 0;
    for (let entry = head; entry !== 0; entry = this.#numbers[(entry - 1) * DOUBLES + NEXT]) count++;
    return count;
  }

  /** Most bytes that one view of the chain has of a lane, or `least`; `packets` is then that view's. */
  most(head: number, lane: number, least: number, leastPackets: number): { bytes: number; packets: number } {
    let bytes = least;
    let packets = leastPackets;
    for (let entry = head; entry !== 0; entry = this.#numbers[(entry - 1) * DOUBLES + NEXT]) {
      const at = (entry - 1) * DOUBLES;
      const theirs = this.#numbers[at + BYTES + lane];
      if (theirs < bytes || (theirs === bytes && this.#numbers[at + PACKETS + lane] <= packets)) continue;
      bytes = theirs;
      packets = this.#numbers[at + PACKETS + lane];
    }
    return { bytes, packets };
  }

  /** Gives a chain back. */
  release(head: number): void {
    let entry = head;
    while (entry !== 0) {
      const at = (entry - 1) * DOUBLES;
      const next = this.#numbers[at + NEXT];
      this.#numbers[at + NEXT] = this.#free;
      this.#free = entry;
      entry = next;
    }
  }

  #take(): number {
    if (this.#free !== 0) {
      const view = this.#free - 1;
      this.#free = this.#numbers[view * DOUBLES + NEXT];
      return view;
    }
    if (this.#end >= this.#maximum) return -1;
    if (this.#end * DOUBLES === this.#numbers.length) {
      const numbers = new Float64Array(this.#numbers.length * 2);
      numbers.set(this.#numbers);
      this.#numbers = numbers;
    }
    return this.#end++;
  }
}

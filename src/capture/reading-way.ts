/**
 * How a file is read: on the spot, by the thread that is about to parse it, or ahead, by another thread while the block
 * before is parsed. Which is faster depends on the machine and the disk. Read on the spot, bytes lie in the cache of the
 * core that parses them, but it waits for the disk and does the copying; read ahead, they come out of another core's
 * cache, which may take longer than the copying saves. So both are tried in turn, and now and then again.
 */

const MEBIBYTE = 1024 * 1024;
/**
 * Before that the parser's own speed changes too much, and the other cores have to compile: reading on the spot leaves
 * them to it.
 */
const FIRST_TRIAL_BYTES = 96 * MEBIBYTE;
const NEXT_TRIAL_BYTES = 1024 * MEBIBYTE;
/** Long enough for the change from one way to the other to be small, short enough for neighbours to hold like traffic. */
const SLICE_BYTES = 8 * MEBIBYTE;
/** A trial: so many slices of either way in turn, and pairs of neighbours that one way must win. */
const PAIRS = 5;
const CLEAR = 4;

export class ReadingWay {
  /** True where the next block is to be read ahead. */
  isAhead = false;
  readonly #now: () => number;
  /** Bytes to go before the next trial, or before the next slice of one. */
  #left = FIRST_TRIAL_BYTES;
  #sliceBegunMs = Number.NaN;
  /** Times of the slices of a trial, ms; none where there is no trial. */
  #times: number[] = [];
  #wasAhead = false;

  /** @param now The time, ms. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** So many bytes more have been read and parsed. */
  passed(bytes: number): void {
    this.#left -= bytes;
    if (this.#left > 0) return;
    const now = this.#now();
    if (Number.isNaN(this.#sliceBegunMs)) this.#wasAhead = this.isAhead;
    else this.#times.push(now - this.#sliceBegunMs);
    this.#sliceBegunMs = now;
    this.#left = SLICE_BYTES;
    this.isAhead = this.#times.length % 2 === 1;
    if (this.#times.length === 2 * PAIRS) this.#decide();
  }

  /** Where neither way won clearly, the one that was used before stays. */
  #decide(): void {
    let won = 0;
    for (let pair = 0; pair < PAIRS; pair++) {
      if (this.#times[2 * pair + 1] < this.#times[2 * pair]) won++;
    }
    this.isAhead = won >= CLEAR || (this.#wasAhead && won > PAIRS - CLEAR);
    this.#times = [];
    this.#sliceBegunMs = Number.NaN;
    this.#left = NEXT_TRIAL_BYTES;
  }
}

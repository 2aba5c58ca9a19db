/**
 * Places of shared memory in which one thread puts work that either it or a helper does, whoever claims it first. The
 * places are given in turn, round and round.
 */

/**
 * Control words of a place, a cache line; the first is its state, the last the number of what lies there, of all that was
 * ever given, where order matters. Behind all places stands how many were ever given.
 */
export const PLACE_WORDS = 16;
export const NUMBER = PLACE_WORDS - 1;

// States of a place.
export const FREE = 0;
export const WAITING = 1;
export const CLAIMED = 2;
export const DONE = 3;

/**
 * In a helper: the places that it claims, one after another, for ever, in the order of numbers. Waits for those to come,
 * from `first` on.
 */
export function* claimedPlaces(
  control: Int32Array,
  places: number,
  first = Atomics.load(control, places * PLACE_WORDS),
): Generator<number, never> {
  const GIVEN = places * PLACE_WORDS;
  let next = first;
  for (;;) {
    const given = Atomics.load(control, GIVEN);
    if (next >= given) {
      Atomics.wait(control, GIVEN, given);
      continue;
    }
    // Those further back were taken by the other thread long since.
    if (given - next > places) next = given - places;
    const place = next++ % places;
    if (Atomics.compareExchange(control, place * PLACE_WORDS, WAITING, CLAIMED) !== WAITING) continue;
    // By now the place may have been emptied and given anew; what lies between is the other thread's.
    next = Math.max(next, control[place * PLACE_WORDS + NUMBER] + 1);
    yield place;
  }
}

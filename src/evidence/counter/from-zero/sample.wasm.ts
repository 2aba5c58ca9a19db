/**
 * The loops over a sample (sample-loops.ts) as WebAssembly (src/wasm.ts), for sample-program.ts. Each instruction is that of
 * the loops in the same order, so that the numbers are the same to the last bit. Logarithms it has none: of products it
 * leaves the parts. What this exports is worked out when the program is built (bin/build.mjs).
 */
import * as w from '../../../wasm.ts';
import { FASTEST, FEW_OFF, FEW_ON, MANY_OFF, MANY_ON, ROUNDING, UNLIKE } from './hypothesis.ts';
import { BEST_AT_ONE_SCALE, GATHERED, HIGHEST, LEAST_AGREEING, WITHIN } from './sample-loops.ts';

/** Shares that there is room for. */
export const MOST_SHARES = 128;

// Steps of a run, in their order.
export const PLACE = 1;
export const FIND_RATE = 2;
export const JUDGE = 4;
export const COMPARE_AT_BEST = 8;
export const COMPARE = 16;

// How a share stands on its track: as in one counter for all, within a lane, within a chunk.
export const WHOLE = 0;
export const LANES = 1;
export const CHUNKS = 2;

const PARTS = MOST_SHARES / GATHERED + 1;
/** Where in memory, in doubles: what a run is told, and what it tells. */
export const SIZE = 0;
export const TRACKS = 1;
export const ADRIFT_FROM = 2;
export const BEAT = 3;
export const LEAST_AGE = 4;
export const RATE = 5;
export const WEIGHT = 6;
export const LAG_SECONDS = 7;
export const BATCH_SQUARED = 8;
export const SPREAD = 9;
/** Parts of the products. */
export const FEW = 16;
export const MANY = FEW + PARTS;
/** Columns of the shares, and the end of all. */
const COLUMNS = MANY + PARTS;
export const NONCES = COLUMNS;
export const SECONDS = COLUMNS + MOST_SHARES;
const IN_STEP = COLUMNS + 2 * MOST_SHARES;
const ADRIFT = COLUMNS + 3 * MOST_SHARES;
const OFF_IN_STEP = COLUMNS + 4 * MOST_SHARES;
const OFF_ADRIFT = COLUMNS + 5 * MOST_SHARES;
export const RATIOS = COLUMNS + 6 * MOST_SHARES;
const RATES = COLUMNS + 7 * MOST_SHARES;
export const END = COLUMNS + 8 * MOST_SHARES;

/** Bytes of a double. */
const DOUBLE = 8;

export const PROGRAM = w.assemble({ parameters: 5, variables: 8, doubles: 14, body });

/** Gives back 0 where no rate is common to the shares, else 1. */
function body(...locals: w.Local[]): w.Code {
  const [steps, length, standing, isAdrift, isUnlike, at, to, count, first, best, bestFirst, other, part] =
    locals;
  const [size, tracks, beat, rate, fixed, scale, weight, ...used] = locals.slice(13);
  const [value, away, share, product, products, variance, constant] = used;
  const { addDouble: plus, subtractDouble: minus, multiplyDouble: times, divideDouble: over } = w;
  const has = (step: number): w.Code => w.and(steps, step);
  const load = (address: w.Value, place: number): w.Code => w.doubleAt(address, DOUBLE * place);
  const store = (address: w.Value, place: number, number: w.Double): w.Code =>
    w.storeDouble(address, DOUBLE * place, number);
  const told = (place: number): w.Code => load(0, place);
  /** Of the share at `at`. */
  const column = (place: number): w.Code => load(at, place);
  const put = (place: number, number: w.Double): w.Code => store(at, place, number);
  const forEach = (...code: readonly w.Code[]): w.Code => [
    at.set(0),
    w.loopWhile(w.less(at, to), ...code, at.add(DOUBLE)),
  ];

  // Where each share stands: `away` is the number of its chunk or lane, `share` the nonce's offset in that
  const offset = [
    value.set(column(NONCES)),
    away.set(w.floorOf(over(value, size))),
    share.set(minus(value, times(away, size))),
  ];
  const draws = minus(away, over(minus(tracks, 1), 2));
  const place = w.whether(
    w.equal(standing, WHOLE),
    [w.copyBytes(DOUBLE * IN_STEP, DOUBLE * NONCES, to)],
    [
      w.whether(
        w.equal(standing, LANES),
        [forEach(offset, put(IN_STEP, share))],
        [
          forEach(
            offset,
            put(IN_STEP, plus(times(w.floorOf(over(away, tracks)), size), share)),
            w.when(
              isAdrift.value,
              put(
                ADRIFT,
                w.choose(
                  w.moreOrEqualDouble(value, told(ADRIFT_FROM)),
                  plus(over(times(draws, size), tracks), share),
                  w.double(Number.NaN),
                ),
              ),
            ),
          ),
        ],
      ),
    ],
  );

  // The rates of those that are old enough, ascending: by insertion, as they are a hundred at most
  const ratesTo = w.shiftLeft(count, 3);
  const collect = [
    count.set(0),
    forEach(
      value.set(minus(column(SECONDS), beat)),
      w.when(
        w.lessDouble(told(LEAST_AGE), value),
        share.set(column(IN_STEP)),
        w.when(isAdrift.value, away.set(column(ADRIFT)), w.when(w.isNumber(away), share.set(away.value))),
        w.when(w.lessDouble(0, share), store(ratesTo, RATES, over(share, value)), count.add(1)),
      ),
    ),
  ];
  const before = w.subtract(other, DOUBLE);
  const sort = [
    first.set(DOUBLE),
    w.loopWhile(
      w.less(first, ratesTo),
      value.set(load(first, RATES)),
      other.set(first),
      w.loopWhile(
        w.whichever(w.equal(other, 0), 0, w.lessDouble(value, load(before, RATES))),
        store(other, RATES, load(before, RATES)),
        other.add(-DOUBLE),
      ),
      store(other, RATES, value),
      first.add(DOUBLE),
    ),
  ];
  // The most that agree, and the middle one of them
  const agreeing = w.add(w.shiftRight(w.subtract(other, first), 3), 1);
  const middle = w.add(bestFirst, w.shiftLeft(w.shiftRight(best, 1), 3));
  const agree = [
    [first, best, bestFirst, other].map((local) => local.set(0)),
    w.loopWhile(
      w.less(other, ratesTo),
      value.set(load(other, RATES)),
      w.loopWhile(w.lessDouble(times(WITHIN, load(first, RATES)), value), first.add(DOUBLE)),
      w.when(w.less(best, agreeing), best.set(agreeing), bestFirst.set(first)),
      other.add(DOUBLE),
    ),
    w.when(
      w.or(w.less(best, 2), w.lessDouble(w.doubleOfFour(best), times(LEAST_AGREEING, w.doubleOfFour(count)))),
      w.giveBack(0),
    ),
    rate.set(load(middle, RATES)),
    store(0, RATE, rate),
  ];

  const judge = forEach(
    value.set(minus(column(SECONDS), beat)),
    value.set(w.choose(w.lessDouble(0, value), times(rate, value), w.double(0))),
    put(OFF_IN_STEP, minus(column(IN_STEP), value)),
    w.when(isAdrift.value, put(OFF_ADRIFT, minus(column(ADRIFT), value))),
  );

  /** 1 for progress between 0 and the most that there may be, which is in `value`. */
  const isDue = (progress: w.Double): w.Code =>
    w.doubleOfFour(w.and(w.lessOrEqualDouble(0, progress), w.lessOrEqualDouble(progress, value)));
  /** Leaves in `away` the density of a share of a track that is unlike the others; uses up `value` and `size`. */
  const flat = (scale: w.Double): w.Code => [
    value.set(times(FASTEST, w.mostDouble(scale, times(rate, minus(column(SECONDS), beat))))),
    away.set(isDue(column(IN_STEP))),
    w.when(
      isAdrift.value,
      size.set(column(ADRIFT)),
      w.when(w.isNumber(size), away.set(over(plus(away, isDue(size)), 2))),
    ),
    away.set(over(away, value)),
  ];
  // fixedVariance, and the scale that it gives
  const settle = [
    value.set(times(rate, told(LAG_SECONDS))),
    fixed.set(plus(plus(times(value, value), told(BATCH_SQUARED)), ROUNDING)),
    scale.set(w.rootOf(fixed)),
  ];
  /** Goes through all shares, of which each has a factor of the products. */
  const gather = (factors: w.Code): w.Code => {
    const leave = [store(part, FEW, product), store(part, MANY, products)];
    const begin = [product.set(w.double(1)), products.set(w.double(1))];
    const lastOfPart = DOUBLE * (GATHERED - 1);
    return [
      part.set(0),
      begin,
      forEach(factors, w.when(w.equal(w.and(at, lastOfPart), lastOfPart), leave, begin, part.add(DOUBLE))),
      leave,
    ];
  };

  const mostRatio = variance;
  const oneScaleOff = constant;
  const atBest = [
    mostRatio.set(over(times(weight, HIGHEST), scale)),
    oneScaleOff.set(times(weight, BEST_AT_ONE_SCALE)),
    gather([
      value.set(w.absoluteOf(column(OFF_IN_STEP))),
      w.when(
        isAdrift.value,
        away.set(w.absoluteOf(column(OFF_ADRIFT))),
        w.when(w.lessDouble(away, value), value.set(away.value)),
      ),
      share.set(over(oneScaleOff, value)),
      share.set(w.leastDouble(share, mostRatio)),
      w.when(isUnlike.value, flat(scale), share.set(w.mostDouble(share, times(weight, away)))),
      product.set(times(product, plus(MANY_OFF, times(FEW_ON, share)))),
    ]),
  ];

  /** Leaves in `value` the density of Student's t at what is there, as `student4` has it. */
  const student = [
    value.set(plus(1, over(times(value, value), times(4, variance)))),
    value.set(over(HIGHEST, times(times(value, value), w.rootOf(times(value, variance))))),
  ];
  const pace = constant;
  const compare = [
    pace.set(times(told(SPREAD), rate)),
    gather([
      value.set(times(pace, column(SECONDS))),
      variance.set(plus(times(value, value), fixed)),
      value.set(column(OFF_IN_STEP)),
      student,
      share.set(value.value),
      w.when(
        isAdrift.value,
        value.set(column(OFF_ADRIFT)),
        w.when(w.isNumber(value), student, share.set(over(plus(share, value), 2))),
      ),
      share.set(times(weight, share)),
      w.when(
        isUnlike.value,
        flat(w.rootOf(variance)),
        share.set(plus(times(1 - UNLIKE, share), times(times(UNLIKE, weight), away))),
      ),
      put(RATIOS, share),
      product.set(times(product, plus(FEW_OFF, times(FEW_ON, share)))),
      products.set(times(products, plus(MANY_OFF, times(MANY_ON, share)))),
    ]),
  ];

  return [
    to.set(w.shiftLeft(length, 3)),
    size.set(told(SIZE)),
    tracks.set(told(TRACKS)),
    beat.set(told(BEAT)),
    rate.set(told(RATE)),
    weight.set(told(WEIGHT)),
    w.when(has(PLACE), place),
    w.when(has(FIND_RATE), collect, sort, agree),
    w.when(has(JUDGE), judge),
    settle,
    w.when(has(COMPARE_AT_BEST), atBest),
    w.when(has(COMPARE), compare),
    w.giveBack(1),
  ];
}

/**
 * Do the pushes of an unreadable conversation come when new blocks come? Each block has a cell, the time nearer to
 * it than to any other block, a minute each way at most. If pushes have nothing to do with blocks, the place of a push
 * within its cell is chance: of c pushes in a cell of L seconds at least one lies within the W seconds around the block
 * with a probability of c W / L at most. How many blocks were followed is then a sum of independent chances, whose tail
 * is exact. How busy the conversation is from minute to minute does not matter, because the count of each cell is
 * given. Pushes by the clock are left out before, and what a shift of all pushes does as well is not a finding
 * (docs/reference/in-step.md).
 */
import { mayBeChance } from './opaque-session.ts';
import { exponentialMisfit, modalWindow, variation } from './samples.ts';

/** A push belongs to a block from so long before it to so long after it: clocks in whole seconds, and pools' delays. */
const EARLY_US = 2_000_000;
const LATE_US = 3_000_000;
const WINDOW_US = EARLY_US + LATE_US;
const CELL_US = 60_000_000;
/** Pushes of one moment are one: a difficulty and its job, a job and its better version. */
const TOGETHER_US = 1_000_000;
/** Blocks of the newest end of a long watch. */
const MOST_BLOCKS = 2048;
/** Part of the blocks that a push must follow: a pool tells of each. */
const LEAST_FOLLOWED = 0.6;
const LEAST_BLOCKS = 4;
/** Of two conversations that nobody can read: moments that both have. */
const LEAST_SHARED = 8;

/** Part of the gaps that have one length if a clock sends, and the fewest of them. */
const BEAT_PART = 0.25;
const LEAST_BEATS = 5;
const BEAT_TOLERANCE = 0.02;
const LEAST_TOLERANCE_US = 250_000;
/** Different beats in one conversation. */
const MOST_BEATS = 3;

const MOST_SHIFTS = 256;
const LEAST_SHIFT_US = 30_000_000;

/** Pushes of one watched conversation, in the order of time, us since 1970. */
export interface PushTrain {
  readonly fromUs: number;
  readonly toUs: number;
  readonly timesUs: readonly number[];
}

export interface Step {
  /** Blocks that came while it was watched, and those that a push followed. */
  readonly blocks: number;
  readonly followed: number;
  readonly followedUs: readonly number[];
  /** That chance does so; of one test. */
  readonly probability: number;
}

/**
 * Pushes without those that the clock sends: as far behind another push as a quarter of all are behind the one before.
 */
export function withoutBeats({ timesUs, ...span }: PushTrain): PushTrain {
  let kept = apart(timesUs);
  for (let i = 0; i < MOST_BEATS; i++) {
    const beatUs = beatOf(kept);
    if (beatUs === null) break;
    const tolerance = toleranceOf(beatUs);
    const all = kept;
    kept = all.filter((timeUs) => !hasWithin(all, timeUs - beatUs - tolerance, timeUs - beatUs + tolerance));
  }
  return { ...span, timesUs: kept };
}

function apart(timesUs: readonly number[]): readonly number[] {
  const kept: number[] = [];
  for (const timeUs of timesUs) {
    const last = kept.at(-1);
    if (last === undefined || timeUs - last >= TOGETHER_US) kept.push(timeUs);
  }
  return kept;
}

function toleranceOf(beatUs: number): number {
  return Math.max(LEAST_TOLERANCE_US, beatUs * BEAT_TOLERANCE);
}

function beatOf(timesUs: readonly number[]): number | null {
  const gaps = timesUs.slice(1).map((timeUs, i) => timeUs - timesUs[i]);
  if (gaps.length < LEAST_BEATS) return null;
  // In logarithms a tolerance of 2 % has one width.
  const logs = gaps.map(Math.log);
  const { low, high } = modalWindow(logs, 2 * BEAT_TOLERANCE);
  const count = logs.filter((log) => log >= low && log <= high).length;
  return count >= LEAST_BEATS && count >= gaps.length * BEAT_PART ? Math.exp((low + high) / 2) : null;
}

/** True if enough blocks came while it was watched. */
export function canFollow({ fromUs, toUs }: PushTrain, blocksUs: readonly number[]): boolean {
  return countWithin(blocksUs, fromUs, toUs) >= LEAST_BLOCKS;
}

/** True if the two share enough, and not every few seconds. */
export function canFollowEachOther(a: PushTrain, b: PushTrain): boolean {
  const [few, many] = inOrder(a, b);
  const shared = countWithin(few.timesUs, many.fromUs, many.toUs);
  return shared >= LEAST_SHARED && few.toUs - few.fromUs >= few.timesUs.length * LEAST_BLOCK_US;
}

/** How two conversations follow each other at moments that come by chance, as blocks do; null if they do not. */
export function followEachOther(a: PushTrain, b: PushTrain): Step | null {
  const [few, many] = inOrder(a, b);
  const found = followsBlocks(many, few.timesUs);
  return found !== null && comesByChance(found.followedUs) && !comesInBursts(few.timesUs) ? found : null;
}

/** The one with fewer pushes stands for the blocks. */
function inOrder(a: PushTrain, b: PushTrain): readonly [PushTrain, PushTrain] {
  return a.timesUs.length <= b.timesUs.length ? [a, b] : [b, a];
}

/** The least distance of blocks that can be distinguished. */
const LEAST_BLOCK_US = 10_000_000;

/** News of people and markets come in bursts; a block and its better job make up half of the gaps at most. */
const SHORT_GAP_US = 10_000_000;
const MOST_SHORT = 0.6;

function comesInBursts(timesUs: readonly number[]): boolean {
  const short = timesUs.filter((timeUs, i) => i > 0 && timeUs - timesUs[i - 1] < SHORT_GAP_US).length;
  return short > (timesUs.length - 1) * MOST_SHORT;
}

function comesByChance(timesUs: readonly number[]): boolean {
  const gaps = timesUs.slice(1).map((timeUs, i) => timeUs - timesUs[i]);
  return gaps.length >= LEAST_SHARED - 1 && mayBeChance(variation(gaps), exponentialMisfit(gaps));
}

/** How a conversation follows blocks; null if it does not. */
export function followsBlocks(train: PushTrain, blocksUs: readonly number[]): Step | null {
  const { timesUs } = train;
  if (!mayFollow(train, blocksUs)) return null;
  const cells = cellsOf(blocksUs, train);
  const followedUs = cells
    .map(({ blockUs }) => blockUs)
    .filter((blockUs) => hasWithin(timesUs, blockUs - EARLY_US, blockUs + LATE_US));
  const followed = followedUs.length;
  if (cells.length < LEAST_BLOCKS || followed < cells.length * LEAST_FOLLOWED) return null;
  if (shiftsDoAsWell(train, cells, followed)) return null;
  const chances = cells.map(({ startUs, endUs }) =>
    Math.min(1, (countWithin(timesUs, startUs, endUs) * WINDOW_US) / (endUs - startUs)),
  );
  return { blocks: cells.length, followed, followedUs, probability: tailOf(chances, followed) };
}

/** False if less than half of the blocks are followed: of most pairs, told in one pass. */
function mayFollow({ fromUs, toUs, timesUs }: PushTrain, blocksUs: readonly number[]): boolean {
  let [followed, missed, push] = [0, 0, 0];
  for (let i = firstFrom(blocksUs, fromUs); blocksUs[i] <= toUs; i++) {
    const low = blocksUs[i] - EARLY_US;
    while (timesUs[push] < low) push++;
    if (timesUs[push] <= low + WINDOW_US) followed++;
    else missed++;
  }
  return followed > missed;
}

interface Cell {
  readonly blockUs: number;
  readonly startUs: number;
  readonly endUs: number;
}

/** The cells of blocks, without those that are too near to another block or to an end of the watch to tell anything. */
function cellsOf(blocksUs: readonly number[], { fromUs, toUs }: PushTrain): Cell[] {
  const end = firstAbove(blocksUs, toUs);
  const first = Math.max(firstFrom(blocksUs, fromUs), end - MOST_BLOCKS);
  const cells: Cell[] = [];
  for (let i = first; i < end; i++) {
    const blockUs = blocksUs[i];
    const before = i === first ? Number.NEGATIVE_INFINITY : (blocksUs[i - 1] + blockUs) / 2;
    const after = i + 1 === end ? Number.POSITIVE_INFINITY : (blocksUs[i + 1] + blockUs) / 2;
    const startUs = Math.max(fromUs, blockUs - CELL_US, before);
    const endUs = Math.min(toUs, blockUs + CELL_US, after);
    if (startUs <= blockUs - EARLY_US && endUs >= blockUs + LATE_US) cells.push({ blockUs, startUs, endUs });
  }
  return cells;
}

/** Probability that at least `count` of independent chances come true. */
export function tailOf(chances: readonly number[], count: number): number {
  // By how many have come true so far; those that suffice are kept in the last place.
  const odds = new Float64Array(count + 1);
  odds[0] = 1;
  for (const chance of chances) {
    odds[count] += odds[count - 1] * chance;
    for (let k = count - 1; k > 0; k--) odds[k] = odds[k] * (1 - chance) + odds[k - 1] * chance;
    odds[0] *= 1 - chance;
  }
  return Math.min(1, odds[count]);
}

/** True if the same pushes at other times, turned round within the watch, follow as many blocks. */
function shiftsDoAsWell(
  { fromUs, toUs, timesUs }: PushTrain,
  cells: readonly Cell[],
  followed: number,
): boolean {
  const spanUs = toUs - fromUs;
  const shifts = Math.min(MOST_SHIFTS, Math.floor((spanUs - 2 * LEAST_SHIFT_US) / WINDOW_US));
  if (shifts < 1) return true;
  for (let i = 0; i < shifts; i++) {
    const byUs = LEAST_SHIFT_US + ((spanUs - 2 * LEAST_SHIFT_US) * (i + 0.5)) / shifts;
    let count = 0;
    for (const { blockUs } of cells) {
      // A push at t stands at t + by, or behind the end at t + by - span.
      const low = blockUs - EARLY_US - byUs;
      if (
        hasWithin(timesUs, low, low + WINDOW_US) ||
        hasWithin(timesUs, low + spanUs, low + spanUs + WINDOW_US)
      ) {
        count++;
      }
    }
    if (count >= followed) return true;
  }
  return false;
}

function countWithin(sorted: readonly number[], low: number, high: number): number {
  return firstAbove(sorted, high) - firstFrom(sorted, low);
}

function hasWithin(sorted: readonly number[], low: number, high: number): boolean {
  return sorted[firstFrom(sorted, low)] <= high;
}

/** Place of the first that is not below. */
function firstFrom(sorted: readonly number[], least: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

function firstAbove(sorted: readonly number[], most: number): number {
  let at = firstFrom(sorted, most);
  while (sorted[at] === most) at++;
  return at;
}

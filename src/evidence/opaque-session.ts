/**
 * Measures of an unreadable conversation: sizes and times of the messages of both sides, for the marks of a mining
 * session (docs/reference/protocols.md 4.3 and 4.4). A miner submits work in messages of one size, at random
 * moments, each answered by a short one; the pool sends larger, unsolicited messages of one size that nobody
 * answers. Each mark alone is common; verdicts need all of them. Nothing here looks at names, ports or addresses.
 */
import type { Range } from '../estimate.ts';
import { exponentialMisfit, median, modalWindow, variation } from './samples.ts';

/** Messages in the order of time. */
interface OpaqueMessages {
  /** us since 1970. */
  readonly timesUs: ArrayLike<number>;
  /** Bytes of each, those of the server negative; of TLS the length of the record. */
  readonly sizes: ArrayLike<number>;
}

/** A group of messages of about one size. */
interface SizeGroup {
  readonly count: number;
  /** Middle of the sizes, bytes. */
  readonly bytes: number;
  /** Part of its kind that has this size, 0 to 1. */
  readonly constancy: number;
  /** Part of these that has it to the byte, 0 to 1. */
  readonly exactness: number;
}

export type OpaqueMeasures = NonNullable<ReturnType<typeof measureOpaque>>;

/** Room for ids and nonces of growing length. */
const SHARE_WIDTH = 14;
const ANSWER_WIDTH = 8;
/** Refusals are longer than acceptances by their words. */
const REFUSAL_BYTES = 70;
const MAX_ANSWER_US = 10_000_000;
/**
 * Stratum V2 has sizes to the byte: shares of 62, or 63 and an extranonce of at most 32; 58 for their answer, which may
 * stand for several (docs/reference/protocols.md 2.1).
 */
const V2_SHARE = { low: 62, high: 95 } as const;
const V2_ANSWER = 58;
export const EXACTNESS = 0.95;
const NOTHING: SizeGroup = { count: 0, bytes: 0, constancy: 0, exactness: 0 };

/** Part of the upstream messages that have one size where they are shares, and the fewest that tell. */
export const SHARE_CONSTANCY = 0.8;
export const LEAST_SHARES = 12;

/** False if the upstream messages are too few or of too many sizes for shares: most conversations, told cheaply. */
export function mayHoldShares(sizes: Int16Array): boolean {
  const sorted = sizes.filter((size) => size > 0).sort();
  const wanted = Math.max(LEAST_SHARES, Math.ceil(sorted.length * SHARE_CONSTANCY));
  for (let first = 0, last = wanted - 1; last < sorted.length; first++, last++) {
    if (sorted[last] - sorted[first] <= SHARE_WIDTH) return true;
  }
  return false;
}

/** Around 1, the value of a Poisson process; a session of a dozen shares strays that far. */
const LEAST_VARIATION = 0.5;
const MOST_VARIATION = 1.7;
/** Chance alone goes beyond in one sample of 150. */
const MOST_MISFIT = 1.4;

/** True if gaps may be those of a Poisson process, as shares and blocks are: by their variation, and how badly it fits. */
export function mayBeChance(variation: number, misfit: number): boolean {
  return variation >= LEAST_VARIATION && variation <= MOST_VARIATION && misfit <= MOST_MISFIT;
}

interface Kinds {
  /** How many messages there are. */
  readonly length: number;
  /** Answers of Stratum V2: one may stand for several shares. */
  readonly isSized: boolean;
  readonly isShare: (size: number) => boolean;
  readonly isAnswer: (size: number) => boolean;
}

/** Each answer with the shares that waited for it; what came from the server without a share is `unasked`. */
function pairAnswers({ timesUs, sizes }: OpaqueMessages, { length, isSized, isShare, isAnswer }: Kinds) {
  const shareTimes: number[] = [];
  const answerSizes: number[] = [];
  const delays: number[] = [];
  const batches: number[] = [];
  const unasked: { timeUs: number; size: number; nextUs: number }[] = [];
  let pending: number[] = [];
  let nextUpstream = 0;
  for (let i = 0; i < length; i++) {
    const timeUs = timesUs[i];
    if (isShare(sizes[i])) {
      shareTimes.push(timeUs);
      pending.push(timeUs);
    }
    if (sizes[i] >= 0) continue;
    const size = -sizes[i];
    // An answer that may stand for several is waited for as long as it takes.
    if (!isSized) pending = pending.filter((since) => timeUs - since <= MAX_ANSWER_US);
    if (pending.length > 0 && isAnswer(size)) {
      answerSizes.push(size);
      delays.push(timeUs - pending[isSized ? pending.length - 1 : 0]);
      batches.push(isSized ? pending.length : 1);
      pending = isSized ? [] : pending.slice(1);
      continue;
    }
    nextUpstream = Math.max(nextUpstream, i + 1);
    while (nextUpstream < length && sizes[nextUpstream] < 0) nextUpstream++;
    const nextUs = nextUpstream < length ? timesUs[nextUpstream] : Number.POSITIVE_INFINITY;
    unasked.push({ timeUs, size, nextUs });
  }
  return { shareTimes, answerSizes, delays, batches, unasked };
}

/** Measures a conversation; null if one side said nothing or none of it can be paired. */
export function measureOpaque({ timesUs, sizes }: OpaqueMessages) {
  const length = Math.min(timesUs.length, sizes.length);
  const upstream: number[] = [];
  for (let i = 0; i < length; i++) if (sizes[i] > 0) upstream.push(sizes[i]);
  if (upstream.length < 2 || upstream.length === length) return null;
  const shareWindow = modalWindow(upstream, SHARE_WIDTH);
  const isShare = (size: number): boolean => size >= shareWindow.low && size <= shareWindow.high;

  const firstAnswers: number[] = [];
  for (let i = 0; i + 1 < length; i++) {
    const follows = sizes[i + 1] < 0 && timesUs[i + 1] - timesUs[i] <= MAX_ANSWER_US;
    if (isShare(sizes[i]) && follows) firstAnswers.push(-sizes[i + 1]);
  }
  if (firstAnswers.length === 0) return null;
  const answerWindow = modalWindow(firstAnswers, ANSWER_WIDTH);
  const shareGroup = group(upstream, shareWindow);
  const isSized =
    shareGroup.exactness >= EXACTNESS &&
    shareGroup.bytes >= V2_SHARE.low &&
    shareGroup.bytes <= V2_SHARE.high &&
    firstAnswers.includes(V2_ANSWER);
  const isAnswer = (size: number): boolean =>
    isSized ? size === V2_ANSWER : size >= answerWindow.low && size <= answerWindow.high + REFUSAL_BYTES;

  const { shareTimes, answerSizes, delays, batches, unasked } = pairAnswers(
    { timesUs, sizes },
    { length, isSized, isShare, isAnswer },
  );
  const spanUs = timesUs[length - 1] - timesUs[0];
  const medianUs = median(delays);
  const unaskedSizes = unasked.map(({ size }) => size);
  const jobWindow = modalJobs(unaskedSizes);
  const jobs = unasked.filter(({ size }) => size >= jobWindow.low && size <= jobWindow.high);
  const reactionUs = Math.min(500_000, Math.max(50_000, 3 * medianUs));
  const chance = spanUs > 0 ? 1 - Math.exp((-reactionUs * upstream.length) / spanUs) : 1;
  const heeded = jobs.filter(({ timeUs, nextUs }) => nextUs - timeUs <= reactionUs).length / jobs.length;
  const shareGaps = gaps(shareTimes);
  // The first may have begun before the capture.
  const whole = isSized && batches.length > 1 ? batches.slice(1) : batches;
  const perAnswer = median(whole);
  const answered = batches.reduce((sum, count) => sum + count, 0);
  const jobGaps = gaps(jobs.map(({ timeUs }) => timeUs));
  return {
    /** From the first to the last message. */
    seconds: spanUs / 1e6,
    /** When the server said something unasked, of whatever size, us since 1970. */
    pushesUs: unasked.map(({ timeUs }) => timeUs),
    /** Upstream messages of one size: shares, if it is mining. */
    shares: {
      ...shareGroup,
      gapSeconds: mean(shareGaps),
      /** Standard deviation of the gaps over their mean: 0 for a clock, 1 for chance, more for bursts. */
      gapVariation: variation(shareGaps),
      /** Lilliefors' distance of the gaps from an exponential distribution, modified by Stephens. */
      gapMisfit: exponentialMisfit(shareGaps),
    },
    /** Short downstream messages that come upon one of those. */
    answers: {
      ...group(answerSizes, isSized ? { low: V2_ANSWER, high: V2_ANSWER } : answerWindow),
      /** Part of the shares that got one, 0 to 1. */
      answered: shareTimes.length === 0 ? 0 : answered / shareTimes.length,
      /** Shares for which one answer stands; 1 if each has its own. */
      perAnswer,
      /** Part of the answers that stand for as many, 0 to 1. */
      regularity: whole.filter((count) => count === perAnswer).length / Math.max(1, whole.length),
      medianSeconds: medianUs / 1e6,
    },
    /** Downstream messages that nobody asked for: jobs, if it is mining. */
    jobs: {
      ...group(unaskedSizes, jobWindow),
      gapSeconds: mean(jobGaps),
      gapVariation: variation(jobGaps),
      /** Part of them upon which the client says something at once, beyond what chance gives. */
      heeded: jobs.length === 0 ? 0 : Math.max(0, heeded - chance),
      /** Standard deviation of what chance gives. */
      heededByChance: Math.sqrt((chance * (1 - chance)) / Math.max(1, jobs.length)),
    },
  };
}

/** Jobs of one session differ by their branches and ids: a tenth of their size. */
function modalJobs(sizes: readonly number[]): Range {
  return modalWindow(sizes, Math.max(24, Math.round(median([...sizes]) / 10)));
}

function group(sizes: readonly number[], { low, high }: Range): SizeGroup {
  const members = sizes.filter((size) => size >= low && size <= high);
  if (members.length === 0) return NOTHING;
  const bytes = median(members);
  const exact = members.filter((size) => size === bytes).length;
  return {
    count: members.length,
    bytes,
    constancy: members.length / sizes.length,
    exactness: exact / members.length,
  };
}

function gaps(timesUs: readonly number[]): number[] {
  return timesUs.slice(1).map((timeUs, i) => (timeUs - timesUs[i]) / 1e6);
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

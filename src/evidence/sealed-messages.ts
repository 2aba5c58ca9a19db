/**
 * Messages of a session that nobody can read, out of its records: those of one side that leave together are one message that was
 * cut (docs/reference/sealed.md, step 1).
 */
import { median, modalWindow } from './samples.ts';
import { CLIENT_GAP } from './size-classes.ts';

export interface Observed {
  /** us since 1970. */
  readonly timeUs: number;
  /** Those of the server negative. */
  bytes: number;
  /** It belongs to what a client opens its session with. */
  isOpening: boolean;
}

/** An answer comes within four round trips, half a second at least. */
const LEAST_WAIT_US = 500_000;
const ROUND_TRIPS = 4;
/** The records of one message leave within so short a time. */
const TOGETHER_US = 2_000;
/** Messages are cut if joining makes this larger part of them alike, */
const LEAST_GAIN = 0.1;
/** or, of the client, if this part of its records follows another one at once. */
const CUT_PART = 0.45;
/** Of fewer messages nothing can be told. */
const LEAST_SAMPLE = 3;

/** How long an answer is waited for, us. */
export function waitOf(observed: readonly Observed[]): number {
  const delays: number[] = [];
  for (let i = 0; i + 1 < observed.length; i++)
    if (observed[i].bytes > 0 && observed[i + 1].bytes < 0)
      delays.push(observed[i + 1].timeUs - observed[i].timeUs);
  return Math.max(LEAST_WAIT_US, ROUND_TRIPS * median(delays));
}

/** True if one side (1: the client, -1: the server) cuts its messages into several records. */
export function isCut(observed: readonly Observed[], sign: 1 | -1): boolean {
  const apart = constancyOf(observed, sign);
  const joined = joinedUp(observed, { client: sign === 1, server: sign === -1 });
  if (constancyOf(joined, sign) > apart + LEAST_GAIN) return true;
  // Parts of one size are alike already, but hardly any of them leaves alone.
  return sign === 1 && observed.length - joined.length > sentBy(observed, sign).length * CUT_PART;
}

function sentBy(observed: readonly Observed[], sign: 1 | -1): number[] {
  return observed.map(({ bytes }) => bytes * sign).filter((bytes) => bytes > 0);
}

/** Part of one side's messages that have about one size. */
function constancyOf(observed: readonly Observed[], sign: 1 | -1): number {
  const own = sentBy(observed, sign);
  if (own.length < LEAST_SAMPLE) return 0;
  const { low, high } = modalWindow(own, CLIENT_GAP);
  return own.filter((bytes) => bytes >= low && bytes <= high).length / own.length;
}

/** Joins the records that a side sends at one time, if it cuts its messages. */
export function joinedUp(
  observed: readonly Observed[],
  { client, server }: { client: boolean; server: boolean },
): Observed[] {
  const whole: Observed[] = [];
  for (const { timeUs, bytes } of observed) {
    const last = whole.at(-1);
    const isJoined = last !== undefined && timeUs - last.timeUs <= TOGETHER_US;
    const isCutDirection = bytes > 0 ? client : server;
    if (isJoined && isCutDirection && bytes > 0 === last.bytes > 0) last.bytes += bytes;
    else whole.push({ timeUs, bytes, isOpening: false });
  }
  return whole;
}

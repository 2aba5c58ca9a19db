/**
 * The watch over a flow that could not be read, as plain JSON, and two watches over parts of one flow as one. Where the
 * earlier part was too young to be watched, the later one counts from where a watch over the whole would have begun.
 */
import type { FlowState, WatchState } from '../audit/edges.ts';
import { SYN_ACK_SEEN, SYN_SEEN, UNWATCHED } from '../packets/flow-table.ts';
import { RING } from '../packets/message-ring.ts';
import type { WatchedFlow } from '../packets/watch.ts';
import type { SurveyParts } from './survey-parts.ts';

const MINUTE_US = 60_000_000;
/** Flows are watched from this age on (packets/tap). */
const WATCH_AFTER_US = 15_000_000;

export function watchState(watched: WatchedFlow | null): WatchState | null {
  if (watched === null) return null;
  const { timesUs, sizes, messages, ...rest } = watched;
  return { ...rest, timesUs: numbersOf(timesUs), sizes: numbersOf(sizes), messages: [...messages] };
}

/** A plain list; element by element, as iterators over typed arrays are slow and these are tens of thousands. */
function numbersOf(column: ArrayLike<number>): number[] {
  const numbers: number[] = [];
  for (let i = 0; i < column.length; i++) numbers.push(column[i]);
  return numbers;
}

/** Takes in what is known of a flow in a later part. Its numbers must have been added, but for its first time. */
export function joinWatch(
  { flows }: SurveyParts,
  watches: Map<number, WatchedFlow>,
  flow: number,
  state: FlowState,
  isSwapped: boolean,
  firstInput: number,
): void {
  const earlier = watches.get(flow);
  if (state.isUnwatched || flows.state[flow] === UNWATCHED) {
    watches.delete(flow);
    flows.state[flow] = UNWATCHED;
    return;
  }
  if (state.watched === null) return;
  const later = watchedFlow(state.watched, isSwapped, firstInput);
  if (earlier !== undefined) watches.set(flow, joined(earlier, later));
  else {
    // A flow whose SYN or its answer was seen was watched from that age on.
    const isFromStart = (state.seen & (SYN_SEEN | SYN_ACK_SEEN)) === 0;
    const beganBefore = isFromStart && flows.firstUs[flow] < state.firstUs;
    watches.set(flow, beganBefore ? fromAge(later, flows.firstUs[flow] + WATCH_AFTER_US) : later);
  }
}

function watchedFlow(state: WatchState, isSwapped: boolean, firstInput: number): WatchedFlow {
  const [first = 0, second = 0] = state.messages;
  return {
    ...state,
    input: state.input + firstInput,
    timesUs: Float64Array.from(state.timesUs),
    sizes: Int16Array.from(state.sizes, (size) => (isSwapped ? -size : size)),
    messages: isSwapped ? [second, first] : [first, second],
  };
}

function joined(earlier: WatchedFlow, later: WatchedFlow): WatchedFlow {
  const timesUs = [...earlier.timesUs, ...later.timesUs].slice(-RING);
  const sizes = [...earlier.sizes, ...later.sizes].slice(-RING);
  const lastUs = earlier.startUs + earlier.spanUs;
  const isSameMinute = Math.floor(lastUs / MINUTE_US) === Math.floor(later.startUs / MINUTE_US);
  const counts = [earlier, later].map(({ messages: [first, second] }) => first + second);
  if (counts[1] === 0) return earlier;
  if (counts[0] === 0) return { ...later, record: earlier.record, input: earlier.input };
  const total = counts[0] + counts[1];
  const share = (of: (watched: WatchedFlow) => number): number =>
    (of(earlier) * counts[0] + of(later) * counts[1]) / total;
  return {
    record: earlier.record,
    input: earlier.input,
    startUs: earlier.startUs,
    timesUs: Float64Array.from(timesUs),
    sizes: Int16Array.from(sizes),
    messages: [earlier.messages[0] + later.messages[0], earlier.messages[1] + later.messages[1]],
    activeMinutes: earlier.activeMinutes + later.activeMinutes - (isSameMinute ? 1 : 0),
    spanUs: later.startUs + later.spanUs - earlier.startUs,
    tlsShare: share(({ tlsShare }) => tlsShare),
    randomShare: share(({ randomShare }) => randomShare),
  };
}

/** The watch without what was said before the flow had that age, and without the packet that began the watch. */
function fromAge(watched: WatchedFlow, fromUs: number): WatchedFlow {
  const { timesUs } = watched;
  const beganUs = timesUs.find((timeUs) => timeUs > fromUs) ?? Number.POSITIVE_INFINITY;
  const first = timesUs.findIndex((timeUs) => timeUs > beganUs);
  const total = watched.messages[0] + watched.messages[1];
  if (total > timesUs.length && (first === 0 || first === -1)) return watched;
  const from = first < 0 ? timesUs.length : first;
  const kept = timesUs.slice(from);
  const sizes = watched.sizes.slice(from);
  const dropped = watched.sizes.slice(0, from);
  const startUs = kept[0] ?? watched.startUs;
  const endUs = watched.startUs + watched.spanUs;
  const isWhole = total === timesUs.length;
  const minutes = new Set(Array.from(kept, (timeUs) => Math.floor(timeUs / MINUTE_US)));
  return {
    ...watched,
    startUs,
    timesUs: kept,
    sizes,
    messages: [
      watched.messages[0] - dropped.filter((size) => size > 0).length,
      watched.messages[1] - dropped.filter((size) => size < 0).length,
    ],
    activeMinutes: isWhole ? minutes.size : watched.activeMinutes,
    spanUs: kept.length === 0 ? 0 : endUs - startUs,
  };
}

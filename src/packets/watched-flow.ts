/** The result of the kernel's watch over a flow, copied out of its memory when the flow is over. */
import { AT, PACKETS_NUMBERS, WATCH_BYTES } from '../schema/packets-memory.ts';
import type { PacketKernel } from './packet-kernel.ts';

/** The messages of a flow in the order of time, the last ones. */
export interface Messages {
  /** us since 1970. */
  readonly timesUs: Float64Array;
  /** Bytes of each message, those of direction 1 negative. */
  readonly sizes: Int16Array;
  /** Messages over the whole time, by direction. */
  readonly messages: readonly [number, number];
  /** Minutes in which something was said. */
  readonly activeMinutes: number;
  /** Time of the first message, us since 1970, and from there to the last one, us. */
  readonly startUs: number;
  readonly spanUs: number;
}

/** What is known of a watched flow. Sizes are those of TLS records without their headers, or of what was sent. */
export interface WatchedFlow extends Messages {
  /** Where the watch began: 1-based record within the input, and the input's ordinal. */
  readonly record: number;
  readonly input: number;
  /** It was watched as soon as it was encrypted. */
  readonly isFromStart: boolean;
  /** Parts of the segments: TLS records, and bytes that look random. The rest is text or zeros. */
  readonly tlsShare: number;
  readonly randomShare: number;
  /** Segments of which only the headers were captured. */
  readonly hiddenShare: number;
}

const { RING } = PACKETS_NUMBERS;

export function readWatch(kernel: PacketKernel, slot: number): WatchedFlow {
  const { watch } = kernel.rows;
  watch.at = AT.watches + slot * WATCH_BYTES;
  const { count, messages1, activeMinutes, firstUs: startUs, lastUs, record, input } = watch;
  const { buffer } = kernel.bytes;
  const kept = Math.min(count, RING);
  const oldest = (count - kept) & (RING - 1);
  const times = new Float64Array(buffer, AT.ringTimes + slot * RING * 8, RING);
  const sizes = new Int16Array(buffer, AT.ringSizes + slot * RING * 2, RING);
  const segments = Math.max(1, watch.segments);
  return {
    timesUs: unrolled(times, oldest, new Float64Array(kept)),
    sizes: unrolled(sizes, oldest, new Int16Array(kept)),
    messages: [count - messages1, messages1],
    activeMinutes,
    startUs,
    spanUs: lastUs - startUs,
    record,
    input,
    isFromStart: watch.isFromStart !== 0,
    tlsShare: watch.tlsSegments / segments,
    randomShare: watch.randomSegments / segments,
    hiddenShare: watch.hiddenSegments / segments,
  };
}

/** Fills `target` from the ring, the oldest entry first. */
function unrolled<A extends Float64Array | Int16Array>(ring: A, oldest: number, target: A): A {
  const newer = Math.min(target.length, RING - oldest);
  target.set(ring.subarray(oldest, oldest + newer));
  target.set(ring.subarray(0, target.length - newer), newer);
  return target;
}

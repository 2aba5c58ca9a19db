/** What a stream says, to who hears it. The driver answers what the flow is now. */
import { greet, greetingLacks } from './greeting.ts';
import * as host from './host.ts';
import { cutObject, tellBytes } from './payload/objects.ts';
import { Stream, stampUs, TO_DRIVER, TO_GREETING, TO_WATCH } from './streams.ts';
import { missWatched, watchBytes } from './watched-lanes.ts';

/** The next bytes of a lane, in memory [from, to). */
export function tellPayload(stream: Stream, lane: u32, from: u32, to: u32): void {
  if (stream.sink === TO_WATCH) watchBytes(stream.owner, lane, from, to, stampUs);
  else if (stream.sink !== TO_GREETING || !greet(stream, lane, from, to)) {
    tellBytes(stream, lane, from, to);
  }
}

/** So many bytes were not captured, or if negative came after all; `isCut`: of a packet of which the rest was. */
export function tellGap(stream: Stream, lane: u32, missing: i32, isCut: bool): void {
  if (stream.sink === TO_WATCH) missWatched(stream.owner, lane, missing);
  else if (stream.sink !== TO_GREETING || !greetingLacks(stream)) {
    cutObject(stream, lane);
    stream.standing = host.gap(stream.owner, lane, missing, isCut);
  }
}

/** Other bytes than before for a place that was told of. Nobody knows which of them the other end took: both are told. */
export function tellConflict(stream: Stream, lane: u32, from: u32, to: u32): void {
  if (stream.sink !== TO_DRIVER) return;
  tellGap(stream, lane, 0, false);
  tellPayload(stream, lane, from, to);
}

/** Bytes of the lane were acknowledged more quickly than any before. */
export function tellRoundTrip(stream: Stream, lane: u32, tripUs: f64): void {
  if (stream.sink === TO_DRIVER) host.roundTrip(stream.owner, lane, tripUs);
}

/** Something speaks against the packets of the lane, so many times; -1 takes one back. */
export function tellDoubt(stream: Stream, lane: u32, doubt: u32, count: i32): void {
  if (stream.sink === TO_DRIVER) host.doubt(stream.owner, lane, doubt, count);
}

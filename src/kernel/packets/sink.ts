/** What a stream says, to who hears it. The driver answers what the flow is now. */
import { greet, handshakeLacks } from './handshake.ts';
import * as host from './host.ts';
import { cutObject, tellBytes } from './payload/objects.ts';
import { Stream, stampUs, TO_DRIVER, TO_HANDSHAKE, TO_WATCH } from './streams.ts';
import { missWatched, watchBytes } from './watched-directions.ts';

/** The next bytes of a direction, in memory [from, to). */
export function tellPayload(stream: Stream, direction: u32, from: u32, to: u32): void {
  if (stream.sink === TO_WATCH) watchBytes(stream.owner, direction, from, to, stampUs);
  else if (stream.sink !== TO_HANDSHAKE || !greet(stream, direction, from, to)) {
    tellBytes(stream, direction, from, to);
  }
}

/** So many bytes were not captured, or if negative came after all; `isCut`: of a packet of which the rest was. */
export function tellGap(stream: Stream, direction: u32, missing: i32, isCut: bool): void {
  if (stream.sink === TO_WATCH) missWatched(stream.owner, direction, missing);
  else if (stream.sink !== TO_HANDSHAKE || !handshakeLacks(stream)) {
    cutObject(stream, direction);
    stream.status = host.gap(stream.owner, direction, missing, isCut);
  }
}

/** Other bytes than before for a place that was told of. Nobody knows which of them the other end took: both are told. */
export function tellConflict(stream: Stream, direction: u32, from: u32, to: u32): void {
  if (stream.sink !== TO_DRIVER) return;
  tellGap(stream, direction, 0, false);
  tellPayload(stream, direction, from, to);
}

/** Bytes of the direction were acknowledged more quickly than any before. */
export function tellRoundTrip(stream: Stream, direction: u32, tripUs: f64): void {
  if (stream.sink === TO_DRIVER) host.roundTrip(stream.owner, direction, tripUs);
}

/** Something speaks against the packets of the direction, so many times; -1 takes one back. */
export function tellDoubt(stream: Stream, direction: u32, doubt: u32, count: i32): void {
  if (stream.sink === TO_DRIVER) host.doubt(stream.owner, direction, doubt, count);
}

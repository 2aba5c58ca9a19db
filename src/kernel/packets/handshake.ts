/**
 * A flow that opens with a TLS hello, observed for as long as its two sides speak in clear. Most such flows are none of our
 * business, so that their bytes are kept here as they came, each direction's in a row, and the driver hears them only if something
 * else asks for them when the flow ends: the server's address, a name in its certificate, or the flow's behaviour. A flow
 * that turns out otherwise, or whose hello names a server that may be a pool's, goes to the driver at once.
 */

import { be16 } from './bytes.ts';
import * as is from './flow-state.ts';
import { rowOf } from './flows.ts';
import { allocate, release } from './heap.ts';
import * as host from './host.ts';
import { control, HANDSHAKES_AT } from './memory.ts';
import { certificateMayConcern } from './payload/certificate.ts';
import { helloOf, isClientHello } from './payload/client-hello.ts';
import { tellBytes } from './payload/objects.ts';
import {
  closeStream,
  openStream,
  Stream,
  stamp,
  stampInput,
  stampRecord,
  stampUs,
  streamAt,
  TO_DRIVER,
} from './streams.ts';

@unmanaged
class Handshake {
  /** Direction of the client; NOBODY before it has spoken. */
  client: u32;
  isJudged: bool;
  pieces: u32;
  lastPiece: u32;
  count: u32;
}

/** What one direction has said: a block, how much of it, and where the first record begins that was not looked at. */
@unmanaged
class Said {
  at: u32;
  bytes: u32;
  recordAt: u32;
}

/** Bytes [from, to) of a direction as they came. */
@unmanaged
class Piece {
  next: u32;
  direction: u32;
  from: u32;
  to: u32;
  timeUs: f64;
  record: f64;
  input: u32;
}

const HANDSHAKE_BYTES: u32 = offsetof<Handshake>() + 2 * offsetof<Said>();
/** Bytes of a direction that are kept: a hello, or a hello and a certificate. */
const DIRECTION_BYTES: u32 = 24 * 1024;
const FIRST_BYTES: u32 = 512;
/** Segments that are kept. At 536 bytes each, 46 fill a direction. */
const MOST_SEGMENTS: u32 = 64;
/** Flows of which something is kept until they end. */
const MOST_KEPT: u32 = 1 << 15;
const NOBODY: u32 = 2;
/** Types of TLS records (RFC 8446 5.1). */
const FIRST_RECORD: u32 = 0x14;
const HANDSHAKE: u32 = 0x16;
const LAST_RECORD: u32 = 0x18;
const RECORD_HEADER: u32 = 5;
/** Where the type of the first message in it lies (RFC 8446 4). */
const HELLO_AT: u32 = 5;
const CLIENT_HELLO: u32 = 1;
const SERVER_HELLO: u32 = 2;

function handshakeAt(at: u32): Handshake {
  return changetype<Handshake>(<usize>at);
}

function saidOf(at: u32, direction: u32): Said {
  return changetype<Said>(<usize>(at + offsetof<Handshake>() + direction * offsetof<Said>()));
}

function pieceAt(at: u32): Piece {
  return changetype<Piece>(<usize>at);
}

/** One that has observed nothing; 0 if there is no room. */
export function openHandshake(): u32 {
  const at = allocate(HANDSHAKE_BYTES);
  if (at === 0) return 0;
  memory.fill(at, 0, HANDSHAKE_BYTES);
  handshakeAt(at).client = NOBODY;
  return at;
}

/** Takes the next bytes of a direction. False if the driver is to hear them, and what comes behind. */
export function greet(stream: Stream, direction: u32, from: u32, to: u32): bool {
  const at = stream.handshake;
  if (at === 0) return true;
  const handshake = handshakeAt(at);
  const other = 1 - direction;
  const isHandshake = to - from > HELLO_AT && load<u8>(from) === HANDSHAKE;
  const type = isHandshake ? <u32>load<u8>(from + HELLO_AT) : 0;
  if (handshake.client === NOBODY) {
    // Of a connection that was joined in the middle the server may speak first.
    handshake.isJudged = type === SERVER_HELLO;
    handshake.client = handshake.isJudged ? other : direction;
  }
  const own = saidOf(at, direction);
  const isClient = direction === handshake.client;
  if (isClient && handshake.isJudged && saidOf(at, other).bytes > 0) {
    if (own.bytes === 0 && type === CLIENT_HELLO) {
      speak(stream);
      return false;
    }
    finish(stream);
    return true;
  }
  const isFirst = own.bytes === 0;
  if (!add(handshake, own, direction, from, min(to, from + DIRECTION_BYTES - own.bytes))) {
    speak(stream);
    return false;
  }
  const isFull = own.bytes === DIRECTION_BYTES || handshake.count >= MOST_SEGMENTS;
  const first = <u32>load<u8>(from);
  // An answer in the clear.
  if (isFirst && (first < FIRST_RECORD || first > LAST_RECORD)) speak(stream);
  else if (isClient && !handshake.isJudged) judge(stream, handshake, own, isFull);
  else if (isFull || (!isClient && goesDark(own))) finish(stream);
  return true;
}

function judge(stream: Stream, handshake: Handshake, own: Said, isFull: bool): void {
  if (!isClientHello(own.at, own.at + own.bytes)) {
    if (isFull) speak(stream);
    return;
  }
  const outcome = helloOf(rowOf(stream.owner));
  if (outcome === is.HELLO_CONCERNS) speak(stream);
  else if (outcome === is.HELLO_IS_WEB) dismiss(stream);
  else handshake.isJudged = true;
}

/** True if the direction has gone on to records of another type: from there on it is encrypted. */
function goesDark(own: Said): bool {
  while (own.recordAt + RECORD_HEADER <= own.bytes) {
    const at = own.at + own.recordAt;
    if (load<u8>(at) !== HANDSHAKE) return true;
    own.recordAt += RECORD_HEADER + be16(at + 3);
  }
  return false;
}

function add(handshake: Handshake, own: Said, direction: u32, from: u32, to: u32): bool {
  const bytes = own.bytes + to - from;
  const piece = allocate(offsetof<Piece>());
  if (piece === 0 || !makeRoom(own, bytes)) return false;
  memory.copy(own.at + own.bytes, from, to - from);
  pieceAt(piece).next = 0;
  pieceAt(piece).direction = direction;
  pieceAt(piece).from = own.bytes;
  pieceAt(piece).to = bytes;
  pieceAt(piece).timeUs = stampUs;
  pieceAt(piece).record = stampRecord;
  pieceAt(piece).input = stampInput;
  own.bytes = bytes;
  if (handshake.count++ === 0) handshake.pieces = piece;
  else pieceAt(handshake.lastPiece).next = piece;
  handshake.lastPiece = piece;
  return true;
}

/** Bytes of the block that holds what a direction has said. */
function roomOf(bytes: u32): u32 {
  let room = FIRST_BYTES;
  while (room < bytes) room <<= 1;
  return room;
}

function makeRoom(own: Said, bytes: u32): bool {
  if (own.at !== 0 && bytes <= roomOf(own.bytes)) return true;
  const block = allocate(roomOf(bytes));
  if (block === 0) return false;
  memory.copy(block, own.at, own.bytes);
  if (own.at !== 0) release(own.at, roomOf(own.bytes));
  own.at = block;
  return true;
}

/** Bytes are missing. False if the driver is to hear of it. */
export function handshakeLacks(stream: Stream): bool {
  if (stream.handshake !== 0) {
    if (!handshakeAt(stream.handshake).isJudged) {
      speak(stream);
      return false;
    }
    finish(stream);
  }
  return true;
}

/** The flow is over: a hello whose end never came is read as far as it goes. */
export function endHandshake(stream: Stream): void {
  if (stream.handshake === 0) return;
  if (handshakeAt(stream.handshake).isJudged) finish(stream);
  else if (handshakeAt(stream.handshake).count > 0) speak(stream);
  else dismiss(stream);
}

/** From here on, and from the beginning on, the driver hears the flow. */
function speak(stream: Stream): void {
  const at = stream.handshake;
  stream.handshake = 0;
  stream.sink = TO_DRIVER;
  host.candidate(stream.owner, is.OPENS_PLAIN);
  replay(stream, at);
  forget(at);
}

/** Nobody needs to hear the flow. */
function dismiss(stream: Stream): void {
  stream.status = is.IS_FOREIGN;
  forget(stream.handshake);
  stream.handshake = 0;
}

/** Both sides have said what they say in clear: that is kept until the flow ends, if there is room. */
function finish(stream: Stream): void {
  const flow = stream.owner;
  const at = stream.handshake;
  rowOf(flow).mark(is.OPAQUE | is.KEPT);
  const bytes = bytesOf(at);
  if (control.handshakes >= MOST_KEPT || control.handshakeBytes + <f64>bytes > control.handshakesLimit) {
    control.lostHandshakes++;
    dismiss(stream);
    return;
  }
  forgetHandshake(flow);
  store<u32>(placeOf(flow), at);
  control.handshakes++;
  control.handshakeBytes += <f64>bytes;
  stream.handshake = 0;
  stream.status = is.IS_FOREIGN;
}

function bytesOf(at: u32): u32 {
  return saidOf(at, 0).bytes + saidOf(at, 1).bytes;
}

/** Tells the driver what was kept, with the stamps of then. */
function replay(stream: Stream, at: u32): void {
  const nowUs = stampUs;
  const nowRecord = stampRecord;
  const nowInput = stampInput;
  for (let each = handshakeAt(at).pieces; each !== 0; each = pieceAt(each).next) {
    const piece = pieceAt(each);
    const base = saidOf(at, piece.direction).at;
    stamp(piece.timeUs, piece.record, piece.input);
    tellBytes(stream, piece.direction, base + piece.from, base + piece.to);
  }
  stamp(nowUs, nowRecord, nowInput);
}

function forget(at: u32): void {
  for (let each = handshakeAt(at).pieces; each !== 0; ) {
    const next = pieceAt(each).next;
    release(each, offsetof<Piece>());
    each = next;
  }
  for (let direction: u32 = 0; direction < 2; direction++) {
    const said = saidOf(at, direction);
    if (said.at !== 0) release(said.at, roomOf(said.bytes));
  }
  release(at, HANDSHAKE_BYTES);
}

function placeOf(flow: u32): usize {
  return HANDSHAKES_AT + (flow << 2);
}

/** What is kept of a flow that ends goes. */
export function forgetHandshake(flow: u32): void {
  const at = load<u32>(placeOf(flow));
  if (at === 0) return;
  store<u32>(placeOf(flow), 0);
  control.handshakes--;
  control.handshakeBytes -= <f64>bytesOf(at);
  forget(at);
}

/** True if something is kept of the flow. */
export function hasHandshake(flow: u32): bool {
  return load<u32>(placeOf(flow)) !== 0;
}

/** True if a certificate in what is kept of the flow may be for a name that concerns somebody. */
export function handshakeMayConcern(flow: u32): bool {
  const at = load<u32>(placeOf(flow));
  for (let direction: u32 = 0; direction < 2; direction++) {
    const said = saidOf(at, direction);
    if (certificateMayConcern(said.at, said.at + said.bytes)) return true;
  }
  return false;
}

/** Tells the driver what is kept of the flow, which has ended, as that of a candidate. */
export function readHandshake(flow: u32): void {
  const at = openStream(flow, TO_DRIVER);
  if (at === 0) return;
  rowOf(flow).stream = at;
  replay(streamAt(at), load<u32>(placeOf(flow)));
  host.close(flow);
  rowOf(flow).stream = 0;
  closeStream(streamAt(at));
}

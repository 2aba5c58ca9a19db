/**
 * Bytes of a direction to WebSocket messages (RFC 6455): headers, masks, fragments, control frames between them, and
 * permessage-deflate (RFC 7692) with the window kept from message to message, which does no harm where the sides
 * agreed to drop it. A message that is too long, or of which bytes are missing, is delivered as far as it goes.
 */

import { constants, inflateRawSync } from 'node:zlib';
import { limits } from '../limits.ts';
import { withRoom } from './bytes.ts';
import type { DirectionReader } from './direction-reader.ts';
import { afterBlanks, isTooLong } from './http-body.ts';

/** Window of deflate. */
const WINDOW = 32 * 1024;
/** What RFC 7692 7.2.1 takes from the end of a message. */
const DEFLATE_TAIL = new Uint8Array([0, 0, 0xff, 0xff]);
/** Bytes of something else since the last object, packed or not, after which a direction is given up (docs/reference/limits.md). */
const FOREIGN_BYTES = 1024 * 1024;

const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
/** Of the payload of a control frame (RFC 6455 5.5). */
const MOST_CONTROL_BYTES = 125;
const NOTHING = new Uint8Array(0);

export interface WebSocketSink {
  /** A message, unmasked and inflated; the bytes are valid during the call only. Answers whether it was of use. */
  webSocketMessage(payload: Uint8Array, wireBytes: number, cut: boolean): boolean;
}

/** Bytes of the header that begins at `at`: 2, the longer length, the mask. */
function headerLength(second: number): number {
  const length = second & 0x7f;
  return 2 + (length === 126 ? 2 : length === 127 ? 8 : 0) + ((second & 0x80) === 0 ? 0 : 4);
}

/**
 * Whether a direction that is met here begins with a frame: a whole message, or the first part of one, uncompressed, that begins
 * as JSON does. Pings and pongs may come before. Others cannot be told from chance.
 */
export function startsWebSocket(head: Uint8Array, length: number): 'yes' | 'part' | 'no' {
  let at = 0;
  while (at + 1 < length && isPing(head[at]) && (head[at + 1] & 0x7f) <= MOST_CONTROL_BYTES)
    at += headerLength(head[at + 1]) + (head[at + 1] & 0x7f);
  if (at >= length || (at + 1 === length && isPing(head[at]))) return 'part';
  return startsMessage(head.subarray(at, length));
}

function startsMessage(head: Uint8Array): 'yes' | 'part' | 'no' {
  const [first, second = 0] = head;
  if ((first & 0x7f) !== TEXT && (first & 0x7f) !== BINARY) return 'no';
  if (head.length < 2) return 'part';
  const size = second & 0x7f;
  const at = headerLength(second);
  if (size < 2) return 'no';
  if (size === 127 && head.length > 5 && (head[2] | head[3] | head[4] | head[5]) !== 0) return 'no';
  if (head.length <= at) return 'part';
  const opens = head[at] ^ (second >= 0x80 ? head[at - 4] : 0);
  if (opens !== 0x7b && opens !== 0x5b) return 'no';
  if (first >= 0x80) return 'yes';
  // Behind the first part comes another one, or a ping: what else begins with 1 or 2 goes on otherwise.
  const end = at + frameLength(head);
  if (head.length <= end) return 'part';
  return (head[end] & 0x7f) === 0 || isPing(head[end]) ? 'yes' : 'no';
}

function isPing(first: number): boolean {
  return first === 0x89 || first === 0x8a;
}

export class WebSocketReader implements DirectionReader {
  status: 'open' | 'passed' | 'closed' = 'open';
  oversize = 0;
  /** Bytes of these that were passed over. */
  passedBytes = 0;

  private readonly header = new Uint8Array(14);
  private headerFilled = 0;
  private isLost = false;
  /** Bytes left of the frame's payload, its kind and mask. */
  private left = 0;
  private opcode = 0;
  private isFinal = false;
  private isMasked = false;
  private maskAt = 0;
  private phase = 0;
  /** The message that is being put together; its opcode is 0 while there is none. */
  private messageOpcode = 0;
  private isDeflated = false;
  private isBroken = false;
  private isOver = false;
  private kept: Uint8Array = NOTHING;
  private length = 0;
  private wireBytes = 0;
  private window: Uint8Array = NOTHING;
  private foreignBytes = 0;

  constructor(private readonly sink: WebSocketSink) {}

  get isInside(): boolean {
    return this.headerFilled > 0 || this.left > 0 || this.messageOpcode !== 0;
  }

  push(bytes: Uint8Array, from: number, to: number): number {
    let at = from;
    if (this.isLost) {
      // Segments mostly begin with a frame.
      if (startsWebSocket(bytes.subarray(from, to), to - from) !== 'yes') return to;
      this.isLost = false;
    }
    while (at < to && this.status === 'open') {
      at = this.left > 0 ? this.readPayload(bytes, at, to) : this.readHeader(bytes, at, to);
    }
    return to;
  }

  /** Within a frame the rest of it still comes; elsewhere the next frame has to be found. */
  gap(missing: number): void {
    this.isBroken = true;
    this.window = NOTHING;
    if (missing <= this.left && this.left > 0) {
      this.left -= missing;
      this.phase += missing;
      if (this.left === 0) this.endFrame();
      return;
    }
    if (this.messageOpcode !== 0) this.finish();
    this.left = 0;
    this.headerFilled = 0;
    this.isLost = true;
  }

  end(): void {
    if (this.messageOpcode === 0 || this.length === 0) return;
    this.isBroken = true;
    this.finish();
  }

  private readHeader(bytes: Uint8Array, from: number, to: number): number {
    let at = from;
    const { header } = this;
    while (at < to && (this.headerFilled < 2 || this.headerFilled < headerLength(header[1]))) {
      header[this.headerFilled++] = bytes[at++];
    }
    this.wireBytes += at - from;
    if (this.headerFilled >= 2 && this.headerFilled === headerLength(header[1])) this.openFrame();
    return at;
  }

  private openFrame(): void {
    const { header } = this;
    this.headerFilled = 0;
    const [first, second] = header;
    const opcode = first & 0x0f;
    const isControl = opcode >= CLOSE;
    this.isFinal = first >= 0x80;
    this.isMasked = second >= 0x80;
    this.maskAt = headerLength(second) - 4;
    this.phase = 0;
    this.opcode = opcode;
    this.left = frameLength(header);
    const isKnown = opcode <= BINARY || (opcode >= CLOSE && opcode <= CLOSE + 2);
    const isLawful = !isControl || (this.isFinal && this.left <= MOST_CONTROL_BYTES);
    if ((first & 0x30) !== 0 || !isKnown || !isLawful || this.left > Number.MAX_SAFE_INTEGER) {
      this.status = 'closed';
      return;
    }
    if (opcode === TEXT || opcode === BINARY) {
      this.messageOpcode = opcode;
      this.isDeflated = (first & 0x40) !== 0;
      this.isBroken = false;
      this.isOver = false;
      this.length = 0;
    }
    if (this.left === 0) this.endFrame();
  }

  private readPayload(bytes: Uint8Array, from: number, to: number): number {
    const end = Math.min(to, from + this.left);
    this.wireBytes += end - from;
    const isKept = this.opcode < CLOSE && this.messageOpcode !== 0 && !this.isBroken;
    const most = isKept ? Math.min(end, from + limits.websocket - this.length) : from;
    if (isKept) this.keep(bytes, from, most);
    if (isKept && most < end) {
      this.oversize++;
      this.isBroken = true;
      this.isOver = true;
    }
    if (this.isOver && this.opcode < CLOSE) this.passedBytes += end - most;
    this.phase += end - from;
    this.left -= end - from;
    if (this.left === 0) this.endFrame();
    return end;
  }

  private keep(bytes: Uint8Array, from: number, to: number): void {
    const length = this.length + to - from;
    this.kept = withRoom(this.kept, this.length, length);
    const { kept, header, maskAt, phase } = this;
    for (let at = from; at < to; at++) {
      const mask = this.isMasked ? header[maskAt + ((phase + at - from) & 3)] : 0;
      kept[this.length + at - from] = bytes[at] ^ mask;
    }
    this.length = length;
    // However many blanks there are, what follows counts.
    if (this.isDeflated || kept[0] > 0x20) return;
    const start = afterBlanks(kept, 0, length);
    kept.copyWithin(0, start, length);
    this.length -= start;
  }

  private endFrame(): void {
    if (this.opcode === CLOSE) this.status = 'closed';
    if (this.opcode < CLOSE && this.isFinal && this.messageOpcode !== 0) this.finish();
  }

  private finish(): void {
    const cut = this.isBroken;
    const wireBytes = this.wireBytes;
    this.messageOpcode = 0;
    this.wireBytes = 0;
    const payload = this.kept.subarray(0, this.length);
    const text = this.isDeflated ? this.inflate(payload, cut) : payload;
    const isUseful = text !== null && text.length > 0 && this.sink.webSocketMessage(text, wireBytes, cut);
    this.foreignBytes = isUseful ? 0 : this.foreignBytes + Math.max(wireBytes, text?.length ?? 0);
    if (this.foreignBytes >= FOREIGN_BYTES) this.status = 'closed';
    if (this.kept.length > 4096) this.kept = NOTHING;
  }

  /** Inflates a message behind those before it; null if it refers to something that was not captured. */
  private inflate(payload: Uint8Array, cut: boolean): Uint8Array | null {
    const packed = Buffer.concat([payload, cut ? NOTHING : DEFLATE_TAIL]);
    try {
      const text = inflateRawSync(packed, {
        finishFlush: constants.Z_SYNC_FLUSH,
        maxOutputLength: limits['websocket-unpacked'],
        ...(this.window.length > 0 ? { dictionary: this.window } : {}),
      });
      const past = Buffer.concat([this.window, text]);
      this.window = cut ? NOTHING : past.subarray(Math.max(0, past.length - WINDOW));
      return text;
    } catch (error) {
      // Behind a message that could not be read the window is another one.
      this.window = NOTHING;
      if (isTooLong(error)) {
        this.oversize++;
        this.passedBytes += payload.length;
        this.foreignBytes += limits['websocket-unpacked'];
      }
      return null;
    }
  }
}

function frameLength(header: Uint8Array): number {
  const length = header[1] & 0x7f;
  if (length < 126) return length;
  let value = 0;
  for (let at = 2; at < (length === 126 ? 4 : 10); at++) value = value * 256 + header[at];
  return value;
}

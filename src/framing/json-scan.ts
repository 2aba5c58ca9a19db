/**
 * Bytes of a lane to the JSON objects in them: a scanner of brace depth and string state that sees each byte once,
 * wherever segments end (docs/protocols.md 1.1). Line ends do not finish an object, so `}{`, CRLF, blank lines and a
 * last object without line end all work; arrays of objects (JSON-RPC batches) come out object by object.
 * An object counts only if it begins the lane, follows another, begins a line after something else was skipped,
 * or follows its own length: JSON that other text quotes is not read. Depth has no limit, as the objects
 * are not parsed here; of one that is too long the beginning comes out cut. Between objects a farm's proxy may send the
 * binary messages of BTCAgent (agent-frames.ts).
 */

import { limits } from '../limits.ts';
import { AGENT_HEAD, AGENT_MAGIC, agentFrameLength } from './agent-frames.ts';
import {
  BACKSLASH,
  CLOSE_BRACKET,
  CLOSES,
  COMMA,
  FORBIDDEN,
  LF,
  lineEnd,
  OPEN_BRACE,
  OPEN_BRACKET,
  OUTSIDE,
  PLAIN,
  QUOTE,
  SEPARATOR,
  STOPS_STRING,
  STRING,
} from './json-bytes.ts';
import { fitsLength, PREFIX_LIMIT, saysLength } from './length-prefix.ts';

/** Receives what the scanner finds; the bytes are valid during the call only. */
interface ObjectSink {
  /**
   * A balanced object in `bytes[from, to)`; `wireBytes` counts everything since the message before it.
   * Answers false if it turns out to be no JSON.
   */
  object(bytes: Uint8Array, from: number, to: number, wireBytes: number): boolean;
  /** The beginning of an object whose rest was not captured. */
  cutObject(bytes: Uint8Array, from: number, to: number, wireBytes: number): void;
  /** A binary message of BTCAgent; absent if none can come. */
  agentFrame?(bytes: Uint8Array, length: number, wireBytes: number): void;
}

/** Bytes of something else since the last object, after which a lane is given up (docs/limits.md). */
export const FOREIGN_BYTES = 1024 * 1024;

const NOTHING = new Uint8Array(0);
const BRACE = new Uint8Array([OPEN_BRACE]);

const BETWEEN = 0; // after an object, or at the very beginning
const INSIDE = 1; // in an object
const SKIPPING = 2; // in a line of something else
const LINE_START = 3; // at the beginning of a line, after something was skipped or lost
const PREFIX = 4; // in what may be the length of the object that follows
const AGENT = 5; // in a binary message of BTCAgent

export class JsonScanner {
  /** Balanced objects that were not JSON, or broke off at a byte that JSON forbids there. */
  badJson = 0;
  /** Objects longer than the limit. */
  oversize = 0;
  /** Lines of something else. */
  junkLines = 0;
  /** Objects whose end was not captured. */
  cut = 0;

  private readonly sink: ObjectSink;
  /** Longest object, bytes. */
  private readonly limit: number;
  private mode = BETWEEN;
  private inBatch = false;
  private depth = 0;
  private inString = false;
  private escaped = false;
  /** Bytes of something else since the last object. */
  private junk = 0;
  /** Has its room once there is a prefix: few lanes have one. */
  private prefix: Uint8Array = NOTHING;
  /** A brace stands behind the prefix, and the piece ended there. */
  private braceWaits = false;
  private prefixLength = 0;
  private held: Uint8Array = NOTHING;
  private heldLength = 0;
  private wireBytes = 0;

  constructor(sink: ObjectSink, limit = limits.json) {
    this.sink = sink;
    this.limit = limit;
  }

  /** True once the lane has shown that it carries something else. */
  get foreign(): boolean {
    return this.junk >= FOREIGN_BYTES;
  }

  /** True if an object has begun whose end has not come. */
  get isInside(): boolean {
    return this.mode === INSIDE || this.mode === AGENT;
  }

  /** Takes `bytes[from, to)`, the next bytes of the lane. Each mode takes a byte or hands over to one that does. */
  push(bytes: Uint8Array, from: number, to: number): void {
    let at = from;
    while (at < to && !this.foreign) {
      if (this.mode === INSIDE) at = this.inside(bytes, at, to);
      else if (this.mode === PREFIX) at = this.readPrefix(bytes, at, to);
      else if (this.mode === BETWEEN) at = this.between(bytes, at, to);
      else if (this.mode === LINE_START) at = this.lineStart(bytes, at, to);
      else if (this.mode === AGENT) at = this.agent(bytes, at, to);
      else at = this.skip(bytes, at, to);
    }
  }

  /** Bytes of the lane are lost here. What began stays cut; the next object begins at once or at a line start. */
  gap(): void {
    this.flush();
    this.mode = LINE_START;
  }

  /** The lane is over: an object that is not complete comes out cut. */
  flush(): void {
    if (this.mode === INSIDE && this.heldLength > 0) {
      this.cut++;
      const wireBytes = this.wireBytes;
      const length = this.heldLength;
      this.reset(BETWEEN);
      this.wireBytes = 0;
      this.sink.cutObject(this.held, 0, length, wireBytes);
    }
    this.reset(BETWEEN);
  }

  /** The lane was entered inside a line that ends as JSON does: the next line may begin an object. */
  enterAtLineStart(): void {
    this.reset(LINE_START);
  }

  private reset(mode: number): void {
    this.mode = mode;
    this.inBatch = false;
    this.depth = 0;
    this.inString = false;
    this.escaped = false;
    this.heldLength = 0;
    this.prefixLength = 0;
    this.braceWaits = false;
  }

  private between(bytes: Uint8Array, from: number, to: number): number {
    let at = from;
    for (; at < to; at++) {
      const byte = bytes[at];
      if (SEPARATOR[byte] === 1) continue;
      if (byte === OPEN_BRACE) {
        this.mode = INSIDE;
        break;
      }
      if (byte === COMMA || (this.inBatch && byte === CLOSE_BRACKET)) {
        if (byte === CLOSE_BRACKET) this.inBatch = false;
      } else if (!this.inBatch && byte === OPEN_BRACKET) {
        this.inBatch = true;
      } else {
        if (this.beginsAgentFrame(byte)) this.reset(AGENT);
        else this.reset(this.inBatch ? SKIPPING : PREFIX);
        break;
      }
    }
    this.wireBytes += at - from;
    return at;
  }

  /** Collects what stands before an object until it shows whether it is that object's length. */
  private readPrefix(bytes: Uint8Array, from: number, to: number): number {
    let at = from;
    if (this.prefix.length === 0) this.prefix = new Uint8Array(PREFIX_LIMIT);
    if (this.braceWaits) this.settleBrace(bytes[from] === OPEN_BRACE);
    while (at < to && this.mode === PREFIX) {
      const byte = bytes[at];
      const size = this.prefixLength;
      if (byte === OPEN_BRACE && at + 1 === to && size < PREFIX_LIMIT) {
        // The next byte tells what it is.
        this.braceWaits = true;
        at++;
        break;
      }
      // 123 as a binary number has the byte of a brace, 10 that of a line end.
      const isBrace = byte === OPEN_BRACE && (at + 1 === to || bytes[at + 1] !== OPEN_BRACE);
      const endsLine = byte === LF && size > 0 && this.prefix[0] >= 0x20;
      if (isBrace && saysLength(this.prefix, size)) this.mode = INSIDE;
      else if (isBrace || size === PREFIX_LIMIT || (endsLine && !saysLength(this.prefix, size))) {
        this.junk += size;
        this.reset(SKIPPING);
      } else {
        this.prefix[this.prefixLength++] = byte;
        at++;
      }
    }
    this.wireBytes += at - from;
    return at;
  }

  /** What the brace was that a piece ended with: a byte of the length if another one follows, else the object's first. */
  private settleBrace(isDoubled: boolean): void {
    const size = this.prefixLength;
    this.braceWaits = false;
    if (isDoubled) this.prefix[this.prefixLength++] = OPEN_BRACE;
    else if (saysLength(this.prefix, size)) {
      this.mode = INSIDE;
      // It is counted already.
      this.wireBytes--;
      this.inside(BRACE, 0, 1);
    } else {
      this.junk += size + 1;
      this.reset(SKIPPING);
    }
  }

  private lineStart(bytes: Uint8Array, from: number, to: number): number {
    let at = from;
    for (; at < to; at++) {
      const byte = bytes[at];
      if (SEPARATOR[byte] === 1) continue;
      if (byte === OPEN_BRACE) this.mode = INSIDE;
      else if (byte === OPEN_BRACKET) this.mode = BETWEEN;
      else if (this.beginsAgentFrame(byte)) this.reset(AGENT);
      else this.mode = PREFIX;
      break;
    }
    this.wireBytes += at - from;
    return at;
  }

  private beginsAgentFrame(byte: number): boolean {
    return byte === AGENT_MAGIC && this.sink.agentFrame !== undefined;
  }

  /** Four bytes of head tell the length; what has no such head is a line of something else. */
  private agent(bytes: Uint8Array, from: number, to: number): number {
    const wanted = this.heldLength < AGENT_HEAD ? AGENT_HEAD : agentFrameLength(this.held);
    const at = Math.min(to, from + wanted - this.heldLength);
    this.hold(bytes, from, at);
    this.wireBytes += at - from;
    if (this.heldLength < AGENT_HEAD) return at;
    const length = agentFrameLength(this.held);
    if (length === 0) {
      this.junk += this.heldLength;
      this.reset(SKIPPING);
    } else if (this.heldLength === length) {
      const { wireBytes } = this;
      this.reset(BETWEEN);
      this.wireBytes = 0;
      this.junk = 0;
      this.sink.agentFrame?.(this.held, length, wireBytes);
    }
    return at;
  }

  private skip(bytes: Uint8Array, from: number, to: number): number {
    const end = lineEnd(bytes, from, to);
    const at = end === -1 ? to : end;
    this.junk += at - from;
    this.wireBytes += at - from;
    if (end !== -1) {
      this.junkLines++;
      this.mode = LINE_START;
    }
    return at;
  }

  private inside(bytes: Uint8Array, from: number, to: number): number {
    const limit = Math.min(to, from + this.limit - this.heldLength);
    let depth = this.depth;
    let inString = this.inString;
    let escaped = this.escaped;
    let broken = false;
    let at = from;
    for (; at < limit; at++) {
      if (inString) {
        if (escaped) {
          escaped = false;
          continue;
        }
        while (at < limit && STOPS_STRING[bytes[at]] === 0) at++;
        if (at === limit) break;
        if (bytes[at] === QUOTE) inString = false;
        else if (bytes[at] === BACKSLASH) escaped = true;
        else {
          broken = true;
          break;
        }
        continue;
      }
      const kind = OUTSIDE[bytes[at]];
      if (kind === PLAIN) continue;
      if (kind === STRING) inString = true;
      else if (kind === CLOSES) {
        if (--depth === 0) break;
      } else if (kind === FORBIDDEN) {
        broken = true;
        break;
      } else depth++;
    }
    if (broken) {
      this.wireBytes += at - from;
      this.junk += this.heldLength + at - from;
      this.badJson++;
      // A line end at that place begins a new line.
      this.reset(bytes[at] === LF ? LINE_START : SKIPPING);
      return at;
    }
    if (at < limit) {
      this.complete(bytes, from, at + 1);
      return at + 1;
    }
    this.wireBytes += limit - from;
    this.hold(bytes, from, limit);
    if (this.heldLength >= this.limit) {
      this.oversize++;
      this.flush();
      this.mode = SKIPPING;
      return limit;
    }
    this.depth = depth;
    this.inString = inString;
    this.escaped = escaped;
    return limit;
  }

  private complete(bytes: Uint8Array, from: number, to: number): void {
    const wireBytes = this.wireBytes + to - from;
    const inBatch = this.inBatch;
    const size = this.prefixLength;
    // A number on a line of its own says nothing of the object on the next.
    const claims = size > 0 && this.prefix[size - 1] !== LF;
    if (claims && !fitsLength(this.prefix, size, this.heldLength + to - from)) {
      this.junk += this.heldLength + to - from;
      this.wireBytes = wireBytes;
      this.reset(SKIPPING);
      return;
    }
    let valid: boolean;
    if (this.heldLength === 0) {
      this.reset(BETWEEN);
      valid = this.sink.object(bytes, from, to, wireBytes);
    } else {
      this.hold(bytes, from, to);
      const length = this.heldLength;
      this.reset(BETWEEN);
      valid = this.sink.object(this.held, 0, length, wireBytes);
    }
    this.inBatch = inBatch;
    this.wireBytes = 0;
    if (valid) this.junk = 0;
    else {
      this.badJson++;
      this.junk += to - from;
    }
  }

  private hold(bytes: Uint8Array, from: number, to: number): void {
    const length = this.heldLength + to - from;
    if (length > this.held.length) {
      const grown = new Uint8Array(Math.max(512, 2 ** Math.ceil(Math.log2(length))));
      grown.set(this.held.subarray(0, this.heldLength));
      this.held = grown;
    }
    this.held.set(bytes.subarray(from, to), this.heldLength);
    this.heldLength = length;
  }
}

/**
 * Bytes of a lane to the JSON objects in them: a scanner of brace depth and string state that sees each byte once,
 * wherever segments end (stratum-dialects 1.1). Line ends do not finish an object, so `}{`, CRLF, blank lines and a
 * last object without line end all work; arrays of objects (JSON-RPC batches) come out object by object.
 * An object counts only where it begins the lane, follows another, or begins a line after something else was
 * skipped: text that merely quotes JSON is not unfolded. The objects are not parsed here.
 */

import {
  BACKSLASH,
  CLOSE_BRACKET,
  CLOSES,
  COMMA,
  FORBIDDEN,
  LF,
  OPEN_BRACE,
  OPEN_BRACKET,
  OUTSIDE,
  PLAIN,
  QUOTE,
  SEPARATOR,
  STOPS_STRING,
  STRING,
} from './json-bytes.ts';

/** Receives what the scanner finds; the bytes are valid during the call only. */
export interface ObjectSink {
  /**
   * A balanced object in `bytes[from, to)`; `wireBytes` counts everything since the message before it.
   * Answers false where it turns out to be no JSON.
   */
  object(bytes: Uint8Array, from: number, to: number, wireBytes: number): boolean;
  /** The beginning of an object whose rest was not captured. */
  cutObject(bytes: Uint8Array, from: number, to: number, wireBytes: number): void;
}

/** Longest object on a plain stream, bytes. */
export const OBJECT_LIMIT = 64 * 1024;
/** Deepest nesting; pool messages need four. */
const DEPTH_LIMIT = 64;
/** Lines of something else, less the objects since, that end the patience with a lane. */
const STRIKE_LIMIT = 4;

const NOTHING = new Uint8Array(0);

const BETWEEN = 0; // after an object, or at the very beginning
const INSIDE = 1; // in an object
const SKIPPING = 2; // in a line of something else
const LINE_START = 3; // at the beginning of a line, after something was skipped or lost

export class JsonScanner {
  /** Balanced objects that were no JSON, or broke off at a byte that JSON forbids there. */
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
  private strikes = 0;
  /** True while the next skipped line is a remainder of something lost, not a strike. */
  private pardoned = false;
  private skipped = 0;
  private held: Uint8Array = NOTHING;
  private heldLength = 0;
  private wireBytes = 0;

  constructor(sink: ObjectSink, limit = OBJECT_LIMIT) {
    this.sink = sink;
    this.limit = limit;
  }

  /** True once the lane has shown that it carries something else. */
  get foreign(): boolean {
    return this.strikes >= STRIKE_LIMIT;
  }

  /** True where an object has begun whose end has not come. */
  get isInside(): boolean {
    return this.mode === INSIDE;
  }

  /** Takes `bytes[from, to)`, the next bytes of the lane. Each mode takes a byte or hands over to one that does. */
  push(bytes: Uint8Array, from: number, to: number): void {
    let at = from;
    while (at < to && this.strikes < STRIKE_LIMIT) {
      if (this.mode === INSIDE) at = this.inside(bytes, at, to);
      else if (this.mode === BETWEEN) at = this.between(bytes, at, to);
      else if (this.mode === LINE_START) at = this.lineStart(bytes, at, to);
      else at = this.skip(bytes, at, to);
    }
  }

  /** Bytes of the lane are lost here. What began stays cut; the next object begins at once or at a line start. */
  gap(): void {
    this.flush();
    this.mode = LINE_START;
    this.pardoned = true;
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
    this.pardoned = true;
  }

  private reset(mode: number): void {
    this.mode = mode;
    this.inBatch = false;
    this.depth = 0;
    this.inString = false;
    this.escaped = false;
    this.skipped = 0;
    this.heldLength = 0;
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
      if (this.inBatch && (byte === COMMA || byte === CLOSE_BRACKET)) {
        if (byte === CLOSE_BRACKET) this.inBatch = false;
      } else if (!this.inBatch && byte === OPEN_BRACKET) {
        this.inBatch = true;
      } else {
        this.reset(SKIPPING);
        break;
      }
    }
    this.wireBytes += at - from;
    return at;
  }

  private lineStart(bytes: Uint8Array, from: number, to: number): number {
    let at = from;
    for (; at < to; at++) {
      const byte = bytes[at];
      if (SEPARATOR[byte] === 1) continue;
      if (byte === OPEN_BRACE) this.mode = INSIDE;
      else if (byte === OPEN_BRACKET) this.mode = BETWEEN;
      else this.mode = SKIPPING;
      break;
    }
    this.wireBytes += at - from;
    return at;
  }

  private skip(bytes: Uint8Array, from: number, to: number): number {
    const lineEnd = bytes.indexOf(LF, from);
    const at = lineEnd === -1 || lineEnd >= to ? to : lineEnd + 1;
    this.skipped += at - from;
    this.wireBytes += at - from;
    const ended = at > from && bytes[at - 1] === LF;
    if (ended || this.skipped > this.limit) {
      if (!this.pardoned) {
        this.junkLines++;
        this.strikes++;
      }
      this.pardoned = false;
      this.skipped = 0;
      if (ended) this.mode = LINE_START;
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
      } else if (kind === FORBIDDEN || ++depth > DEPTH_LIMIT) {
        broken = true;
        break;
      }
    }
    if (broken) {
      this.wireBytes += at - from;
      this.reject(bytes[at]);
      return at;
    }
    if (at < limit) {
      this.complete(bytes, from, at + 1);
      return at + 1;
    }
    this.wireBytes += limit - from;
    if (limit < to || this.heldLength + limit - from >= this.limit) {
      this.oversize++;
      this.reset(SKIPPING);
      this.pardoned = true;
      return limit;
    }
    this.hold(bytes, from, limit);
    this.depth = depth;
    this.inString = inString;
    this.escaped = escaped;
    return limit;
  }

  private complete(bytes: Uint8Array, from: number, to: number): void {
    const wireBytes = this.wireBytes + to - from;
    const inBatch = this.inBatch;
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
    this.pardoned = false;
    this.wireBytes = 0;
    if (valid) {
      if (this.strikes > 0) this.strikes--;
    } else {
      this.badJson++;
      this.strikes++;
    }
  }

  /** Gives up an object at a byte that cannot stand there. A line end at that place begins a new line. */
  private reject(byte: number): void {
    this.badJson++;
    this.strikes++;
    this.reset(byte === LF ? LINE_START : SKIPPING);
    this.pardoned = byte !== LF; // the rest of this line is no second strike
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

/**
 * Messages behind a head with their length, as language servers send them (Language Server Protocol, base protocol): fields in
 * lines, `Content-Length` and perhaps `Content-Type`, an empty line, an object of so many bytes. Any other field ends the
 * framing: it is the rest of a head of HTTP or of a mail.
 */
import { limits } from '../limits.ts';
import { appended, textOf } from './bytes.ts';
import type { DirectionReader } from './direction-reader.ts';
import type { FrameSink } from './frame-sink.ts';
import { parseObject } from './json.ts';

/** Longest head, bytes. */
const HEAD_LIMIT = 1024;
const REUSED_BYTES = 4096;
const FIELD = /^(?:content-length[ \t]*:[ \t]*\d{1,9}|content-type[ \t]*:[ -~]{0,200})[ \t]*$/i;
const LENGTH = /^content-length[ \t]*:[ \t]*(\d+)/im;
const LENGTH_FIELD = 'content-length:';
const STARTS = ['content-length', 'content-type'];

const LF = 0x0a;

/** Whether a direction that begins with these bytes begins with such a head. */
export function startsHeadedMessages(head: Uint8Array, length: number): 'yes' | 'part' | 'no' {
  const text = textOf(head, 0, Math.min(length, HEAD_LIMIT), 'latin1').toLowerCase();
  const start = STARTS.find((each) => each.startsWith(text.slice(0, each.length)));
  if (start === undefined) return 'no';
  const end = text.search(/\r?\n\r?\n/);
  const lines = text.split('\n');
  const whole = lines.slice(0, end === -1 ? -1 : text.slice(0, end).split('\n').length);
  if (whole.some((line) => !FIELD.test(line.replace(/\r$/, '')))) return 'no';
  if (end === -1) return length < HEAD_LIMIT ? 'part' : 'no';
  return LENGTH.test(text.slice(0, end)) ? 'yes' : 'no';
}

export class HeadedMessageReader implements DirectionReader {
  status: 'open' | 'passed' | 'closed' = 'open';
  /** Messages longer than the limit, and bytes of those that are no object. */
  oversize = 0;
  passedBytes = 0;
  private head = '';
  private kept: Uint8Array = new Uint8Array(0);
  private length = 0;
  private left = 0;
  private size = 0;
  private isLost = false;

  constructor(private readonly sink: FrameSink) {}

  get isInside(): boolean {
    return this.head !== '' || this.left > 0;
  }

  push(bytes: Uint8Array, from: number, to: number): number {
    let at = from;
    while (at < to && this.status === 'open') {
      if (this.isLost) this.seek(bytes[at++]);
      else at = this.left > 0 ? this.readBody(bytes, at, to) : this.readHead(bytes, at, to);
    }
    // What is no head ends at the same place however it arrives.
    return at;
  }

  gap(missing: number): void {
    if (this.left > 0 && missing <= this.left) {
      // What is left of a message with a hole is passed over.
      this.passedBytes += this.length;
      this.length = 0;
      this.size = Number.POSITIVE_INFINITY;
      this.left -= missing;
      return;
    }
    this.head = '';
    this.left = 0;
    this.length = 0;
    this.isLost = true;
  }

  end(): void {}

  /** Looks for the field that each head has; an object has no such line. */
  private seek(byte: number): void {
    const next = String.fromCharCode(byte).toLowerCase();
    this.head = LENGTH_FIELD.startsWith(this.head + next) ? this.head + next : next === 'c' ? next : '';
    if (this.head === LENGTH_FIELD) this.isLost = false;
  }

  private readHead(bytes: Uint8Array, from: number, to: number): number {
    const most = Math.min(to, from + HEAD_LIMIT + 1 - this.head.length);
    const end = bytes.subarray(from, most).indexOf(LF);
    const at = end === -1 ? most : from + end + 1;
    // Some add a line end behind the object.
    this.head = (this.head + textOf(bytes, from, at, 'latin1')).trimStart();
    if (this.head.length > HEAD_LIMIT) this.status = 'closed';
    else if (/\n\r?\n$/.test(this.head)) this.openMessage();
    return at;
  }

  private openMessage(): void {
    const lines = this.head.trimEnd().split('\n');
    const length = LENGTH.exec(this.head);
    this.head = '';
    if (length === null || lines.some((line) => !FIELD.test(line.replace(/\r$/, '')))) {
      this.status = 'closed';
      return;
    }
    this.left = Number(length[1]);
    this.size = this.left;
    this.length = 0;
    if (this.size > limits.json) this.oversize++;
  }

  private readBody(bytes: Uint8Array, from: number, to: number): number {
    const end = Math.min(to, from + this.left);
    this.left -= end - from;
    if (this.size > limits.json) {
      this.passedBytes += end - from;
      return end;
    }
    if (this.length === 0 && this.left === 0) this.finish(bytes, from, end);
    else {
      this.kept = appended(this.kept, this.length, bytes.subarray(from, end));
      this.length += end - from;
      if (this.left === 0) this.finish(this.kept, 0, this.length);
    }
    return end;
  }

  private finish(bytes: Uint8Array, from: number, to: number): void {
    const object = parseObject(bytes, from, to);
    this.length = 0;
    if (this.kept.length > REUSED_BYTES) this.kept = new Uint8Array(0);
    if (object !== null) this.sink.object(object, undefined, to - from);
    else if (this.sink.objectsIn(bytes.subarray(from, to), undefined, to - from, false) === 0)
      this.passedBytes += to - from;
  }
}

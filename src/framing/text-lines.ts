/**
 * Bytes of a direction to lines of text: Duino-Coin speaks comma-separated lines and its PC miner leaves the line ends out,
 * so a line also ends where the other side takes its turn; cgminer's API answers in one line that a zero byte ends. A
 * longer one, or another control character, ends the framing; so does an object at the beginning of a line, behind which
 * the direction is framed anew.
 */
import { textOf } from './bytes.ts';
import type { DirectionReader } from './direction-reader.ts';
import type { DirectionSink } from './message.ts';

/** Longest line, bytes; of a device's state that of many boards. */
const LINE_LIMIT = 512;
const STATE_LIMIT = 16 * 1024;

const LF = 0x0a;
const CR = 0x0d;
const OPEN_BRACE = 0x7b;

/** What Duino-Coin's sides begin with: a request for a job; the server's version; a job or result, met in the middle. */
const CLIENT_START = /^JOB(?:XX)?,/;
/** A line of words follows: JSON behind a number is JSON. */
const SERVER_START = /^\d\.\d{1,2}\r?\n\w/;
const PART =
  /^(?:J|JO|JOB|JOBX|JOBXX|\d|\d\.|\d\.\d{1,2}(?:\r?\n|\r)?|[0-9a-f]{1,40}|[0-9a-f]{40},[0-9a-f]{0,40},?)$/;
const JOB_START = /^[0-9a-f]{40},[0-9a-f]{40},\d/;

/** What cgminer's API answers. */
const STATE_START = /^STATUS=[SIWEF],When=\d/;
const PART_OF_STATE = 'STATUS=S,When=0';

/** Whether a direction that begins with these bytes speaks such lines. `part`: more bytes must tell. */
export function startsTextLines(head: Uint8Array, length: number): 'yes' | 'part' | 'no' {
  const text = textOf(head, 0, Math.min(length, 96), 'latin1');
  if (CLIENT_START.test(text) || SERVER_START.test(text) || JOB_START.test(text) || STATE_START.test(text))
    return 'yes';
  return PART.test(text) || isPartOfState(text) ? 'part' : 'no';
}

function isPartOfState(text: string): boolean {
  return text.length < PART_OF_STATE.length && text === PART_OF_STATE.slice(0, text.length);
}

export class TextLineReader implements DirectionReader {
  status: 'open' | 'passed' | 'closed' = 'open';
  private text = '';
  private wireBytes = 0;

  constructor(private readonly sink: DirectionSink) {}

  get isInside(): boolean {
    return this.text !== '';
  }

  push(bytes: Uint8Array, from: number, to: number): number {
    for (let at = from; at < to && this.status === 'open'; at++) {
      const byte = bytes[at];
      if (byte === OPEN_BRACE && this.text.trim() === '') {
        this.status = 'passed';
        return at;
      }
      this.wireBytes++;
      if (byte === LF || byte === 0) this.flush();
      else if (byte === CR) continue;
      else if (byte < 0x20 || this.isFull) this.status = 'closed';
      else this.text += String.fromCharCode(byte);
    }
    return to;
  }

  private get isFull(): boolean {
    const { length } = this.text;
    return length === STATE_LIMIT || (length === LINE_LIMIT && !STATE_START.test(this.text));
  }

  /** The other side speaks: what was said stands. */
  flush(): void {
    const { text, wireBytes } = this;
    if (text === '') return;
    this.text = '';
    this.wireBytes = 0;
    this.sink.say({ kind: 'text-line', text }, wireBytes);
  }

  gap(): void {
    this.text = '';
  }

  end(): void {
    this.flush();
  }
}

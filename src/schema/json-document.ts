/**
 * JSON (RFC 8259) of any size that is read back, from bytes as they come: the audit of 100,000 sessions is longer than a
 * string of JavaScript can be. Each row of its lists is read by JSON.parse as it ends; of the outer levels a short text
 * stays, with `[n]` in place of row n, which is read at the end. Refused beside what is no JSON: levels beyond what
 * anything here writes, and an object that has a name twice, of which others may read the first. What is wrong is told
 * without a word of the text, which may be a secret.
 */
import { StringDecoder } from 'node:string_decoder';

const OPENS_LIST = 0x5b;
const CLOSES_LIST = 0x5d;
const OPENS_OBJECT = 0x7b;
const CLOSES_OBJECT = 0x7d;
const COLON = 0x3a;
const QUOTE = 0x22;
const ESCAPE = 0x5c;
/** An audit, and its lists: objects and lists in these are rows. */
const OUTER_LEVELS = 2;
/** What reads a value goes down its levels by calls. */
const MOST_LEVELS = 100;
/** A row, and the outer levels, are shorter: no more fits a string of JavaScript. */
const MOST_ROW_BYTES = 512 * 1024 * 1024;

/** Of a whole document: its rows are in memory, and take several times as much. */
const MOST_BYTES = 1024 ** 3;

export class JsonDocument {
  private outer = '';
  private readonly decoder = new StringDecoder('utf8');
  private readonly rows: unknown[] = [];
  /** Of the row that is open. */
  private pieces: Uint8Array[] = [];
  private pending = 0;
  private bytes = 0;
  private depth = 0;
  /** Colons outside of texts: members of the row that is open, and of the outer levels. */
  private rowMembers = 0;
  private outerMembers = 0;
  private isInText = false;
  private isEscaped = false;

  constructor(private readonly mostBytes = MOST_BYTES) {}

  /** Takes the next bytes, and keeps them. Throws SyntaxError. */
  push(bytes: Uint8Array): void {
    this.bytes += bytes.length;
    if (this.bytes > this.mostBytes) throw new SyntaxError(`more than ${this.mostBytes} bytes`);
    if (bytes.includes(0))
      throw new SyntaxError('it has bytes of zero, as a file that was not written to its end');
    let from = 0;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at];
      if (this.isInText) {
        if (this.isEscaped) this.isEscaped = false;
        else if (byte === ESCAPE) this.isEscaped = true;
        else if (byte === QUOTE) this.isInText = false;
      } else if (byte === QUOTE) this.isInText = true;
      else if (byte === COLON) {
        if (this.depth > OUTER_LEVELS) this.rowMembers++;
        else this.outerMembers++;
      } else if (byte === OPENS_OBJECT || byte === OPENS_LIST) {
        if (this.depth === OUTER_LEVELS) {
          this.keep(bytes.subarray(from, at));
          from = at;
        }
        this.depth++;
        if (this.depth > MOST_LEVELS) throw new SyntaxError(`nested deeper than ${MOST_LEVELS} levels`);
      } else if (byte === CLOSES_OBJECT || byte === CLOSES_LIST) {
        if (this.depth === OUTER_LEVELS + 1) {
          this.keep(bytes.subarray(from, at + 1));
          from = at + 1;
          this.outer += `[${this.rows.push(this.row()) - 1}]`;
        }
        this.depth--;
      }
    }
    this.keep(bytes.subarray(from));
  }

  private keep(bytes: Uint8Array): void {
    if (this.depth > OUTER_LEVELS) this.pieces.push(bytes);
    else this.outer += this.decoder.write(bytes);
    this.pending += bytes.length;
    if (this.pending > MOST_ROW_BYTES) throw new SyntaxError('a value that does not end');
  }

  private row(): unknown {
    const text = Buffer.concat(this.pieces).toString('utf8');
    const value = parsed(text);
    if (membersOf(value) !== this.rowMembers) throw new SyntaxError(repeated(text));
    this.pieces = [];
    this.pending = 0;
    this.rowMembers = 0;
    return value;
  }

  /** What the bytes say. Throws SyntaxError. */
  end(): unknown {
    if (this.depth > OUTER_LEVELS) throw new SyntaxError('it ends too early');
    const text = (this.outer + this.decoder.end()).replace(/^\uFEFF/, '');
    const value = parsed(text);
    if (membersOf(value) !== this.outerMembers) throw new SyntaxError(repeated(text));
    return this.filled(value, 0);
  }

  /** The value with its rows in place of their numbers. */
  private filled(value: unknown, level: number): unknown {
    if (typeof value !== 'object' || value === null) return value;
    const isList = Array.isArray(value);
    if (level === OUTER_LEVELS) return this.rows[isList ? value[0] : 0];
    if (isList) return value.map((each) => this.filled(each, level + 1));
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, this.filled(each, level + 1)]),
    );
  }
}

/** What a text says. Throws SyntaxError, with the line if people may have written it. */
export function jsonOf(text: string): unknown {
  const document = new JsonDocument();
  try {
    document.push(Buffer.from(text));
    return document.end();
  } catch (cause) {
    const line = cause instanceof SyntaxError ? wrongLine(text.replace(/^\uFEFF/, '')) : null;
    throw line === null ? cause : new SyntaxError(`line ${line} is not JSON`);
  }
}

const LONGEST_BY_HAND = 2 ** 20;

/** The line from which on a text is no JSON; null if that is not why it is refused. V8 does not always tell the place. */
function wrongLine(text: string): number | null {
  if (text.length > LONGEST_BY_HAND || text.includes('\0') || isBegun(text, text.length)) return null;
  let [good, bad] = [0, text.length];
  while (bad - good > 1) {
    const middle = (good + bad) >>> 1;
    if (isBegun(text, middle)) good = middle;
    else bad = middle;
  }
  return text.slice(0, bad).split('\n').length;
}

/** A number or an escape that is cut short is told at its begin. */
const LONGEST_CUT = 6;

/** True if so many characters are JSON, or its begin. */
function isBegun(text: string, length: number): boolean {
  try {
    JSON.parse(text.slice(0, length));
    return true;
  } catch (cause) {
    const [, place] = /at position (\d+)/.exec(String(cause)) ?? [];
    if (place === undefined) return String(cause).includes('Unexpected end');
    return Number(place) >= length - LONGEST_CUT && !String(cause).includes('control character');
  }
}

/** V8 quotes what it cannot read. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SyntaxError('it is not JSON');
  }
}

/** Members of all objects in a value. */
function membersOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let members = 0;
  if (Array.isArray(value)) for (const each of value) members += membersOf(each);
  else {
    for (const key of Object.keys(value)) {
      members += 1 + membersOf((value as Record<string, unknown>)[key]);
    }
  }
  return members;
}

/** Which name an object of a text that is JSON has twice. */
function repeated(text: string): string {
  const levels: Set<string>[] = [];
  let name = '';
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (sign === '"') {
      const from = at;
      while (text[++at] !== '"') if (text[at] === '\\') at++;
      name = String(JSON.parse(text.slice(from, at + 1)));
    } else if (sign === '{' || sign === '[') levels.push(new Set());
    else if (sign === '}' || sign === ']') levels.pop();
    else if (sign === ':') {
      const names = levels.at(-1);
      if (names?.has(name)) break;
      names?.add(name);
    }
  }
  return `an object has ${/^[\w.-]{1,40}$/.test(name) ? `'${name}'` : 'a name'} twice`;
}

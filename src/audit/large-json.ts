/**
 * JSON (RFC 8259) of any size, from bytes as they come: the audit of 100,000 sessions is longer than a string of JavaScript
 * can be. Each row of its lists is read by JSON.parse as it ends; of the outer levels a short text stays, with `[n]` in place
 * of row n, which is read at the end.
 */
import { StringDecoder } from 'node:string_decoder';

const OPENS_LIST = 0x5b;
const CLOSES_LIST = 0x5d;
const OPENS_OBJECT = 0x7b;
const CLOSES_OBJECT = 0x7d;
const QUOTE = 0x22;
const ESCAPE = 0x5c;
/** An audit, and its lists: objects and lists in these are rows. */
const OUTER_LEVELS = 2;
/** A row, and the outer levels, are shorter: no more fits a string of JavaScript. */
const MOST_BYTES = 512 * 1024 * 1024;

export class LargeJson {
  private outer = '';
  private readonly decoder = new StringDecoder('utf8');
  private readonly rows: unknown[] = [];
  /** Of the row that is open. */
  private pieces: Uint8Array[] = [];
  private pending = 0;
  private depth = 0;
  private isInText = false;
  private isEscaped = false;

  /** Takes the next bytes, and keeps them. Throws SyntaxError. */
  push(bytes: Uint8Array): void {
    let from = 0;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at];
      if (this.isInText) {
        if (this.isEscaped) this.isEscaped = false;
        else if (byte === ESCAPE) this.isEscaped = true;
        else if (byte === QUOTE) this.isInText = false;
      } else if (byte === QUOTE) this.isInText = true;
      else if (byte === OPENS_OBJECT || byte === OPENS_LIST) {
        if (this.depth === OUTER_LEVELS) {
          this.keep(bytes.subarray(from, at));
          from = at;
        }
        this.depth++;
      } else if (byte === CLOSES_OBJECT || byte === CLOSES_LIST) {
        if (this.depth === OUTER_LEVELS + 1) {
          this.keep(bytes.subarray(from, at + 1));
          from = at + 1;
          this.outer += `[${this.rows.push(JSON.parse(Buffer.concat(this.pieces).toString('utf8'))) - 1}]`;
          this.pieces = [];
          this.pending = 0;
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
    if (this.pending > MOST_BYTES) throw new SyntaxError('a value that does not end');
  }

  /** What the bytes say. Throws SyntaxError. */
  end(): unknown {
    if (this.depth > OUTER_LEVELS) throw new SyntaxError('the JSON ends too early');
    return this.filled(JSON.parse((this.outer + this.decoder.end()).replace(/^\uFEFF/, '')), 0);
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

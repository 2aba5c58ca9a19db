/**
 * Lines of a text log as strings, for logs of names, which are few beside flows. A line that is longer than is kept is
 * counted and passed over; CRLF and LF in any mixture; a byte order mark in front is not text.
 */
import { headText } from './headed-table.ts';
import { RowReader } from './row-reader.ts';

const LF = 0x0a;

export abstract class LineReader extends RowReader {
  /** Bytes of a line that is read; less if lines are searched rather than parsed. */
  protected readonly lineLimit: number = 64 * 1024;
  #isSkipping = false;

  /** One line without its end; `at` is its offset in the block. */
  protected abstract line(text: string, at: number): void;

  /** The line says that a server has this name, to whoever asked. */
  protected answer(name: string, server: string, timeUs: number): void {
    const number = this.rows;
    this.writer.name({ kind: 'dns-answer', name, client: '', server, serverPort: 0, timeUs, number });
  }

  /** The line says that a client asked for this name. */
  protected question(name: string, client: string, timeUs: number): void {
    const number = this.rows;
    this.writer.name({ kind: 'dns-query', name, client, server: '', serverPort: 0, timeUs, number });
  }

  consume(bytes: Uint8Array, from: number, to: number): number {
    let at = from;
    for (;;) {
      const end = bytes.indexOf(LF, at);
      if (end < 0 || end >= to) break;
      this.#readLine(bytes, at, end);
      at = end + 1;
    }
    if (to - at <= this.lineLimit) return at;
    if (!this.#isSkipping) this.damage.add('long-line', this.blockOffset + at);
    this.#isSkipping = true;
    return to;
  }

  finish(bytes: Uint8Array, from: number, to: number): void {
    if (from < to) this.#readLine(bytes, from, to);
  }

  #readLine(bytes: Uint8Array, from: number, to: number): void {
    this.rows++;
    if (this.#isSkipping) {
      this.#isSkipping = false;
      return;
    }
    if (to - from > this.lineLimit) {
      this.damage.add('long-line', this.blockOffset + from);
      return;
    }
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('utf8');
    const line = text.replace(/\r$/, '');
    this.line(this.rows === 1 ? line.replace(/^\ufeff/, '') : line, from);
  }
}

/** The whole lines at the beginning of an input, for a `sniff`; the last may be cut and is left out. */
export function headLines(head: Uint8Array): string[] {
  const lines = headText(head).split(/\r?\n/);
  if (lines.length > 1) lines.pop();
  return lines;
}

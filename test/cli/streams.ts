/** Streams that tests hand to the program, and what was written to them. */
import { PassThrough, Readable, Writable } from 'node:stream';
import type { Streams, TextStream } from '../../src/commands/command.ts';

export interface Captured {
  readonly streams: Streams;
  out(): string;
  err(): string;
}

function collector(terminal: boolean, columns: number): { stream: TextStream; text: () => string } {
  let text = '';
  const sink = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  const stream = terminal ? Object.assign(sink, { isTTY: true, columns }) : sink;
  return { stream, text: () => text };
}

/** Streams that are terminals where asked, with this text to read. */
export function capture({ terminal = false, columns = 100, stdin = '' } = {}): Captured {
  const out = collector(terminal, columns);
  const err = collector(terminal, columns);
  const input = stdin === '' ? new PassThrough().end() : Readable.from([stdin]);
  return { streams: { stdin: input, stdout: out.stream, stderr: err.stream }, out: out.text, err: err.text };
}

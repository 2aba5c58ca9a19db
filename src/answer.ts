/**
 * Answers of other programs, which may have no end, no line end, or stop in the middle: bounded in bytes and in lines. The caller
 * bounds the time by its signal. An answer that breaks off is an error, and never a shorter answer.
 */

import type { Socket } from 'node:net';

const LF = 0x0a;

/** Text of an answer. Throws an Error if it is longer. */
export async function textOfAnswer(answer: AsyncIterable<Uint8Array>, mostBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new Error(`the answer is longer than ${mostBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** The first bytes of an answer that says why something was refused, as text; the rest is not read. */
export async function beginOfAnswer(answer: AsyncIterable<Uint8Array>, mostBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer) {
    chunks.push(chunk.subarray(0, mostBytes - bytes));
    bytes += chunk.length;
    if (bytes >= mostBytes) break;
  }
  return Buffer.concat(chunks).toString();
}

/** Lines of an answer, without their ends. Throws an Error if one is longer, all are, or the last one has no end. */
export async function* linesOfAnswer(
  answer: AsyncIterable<Uint8Array>,
  { lineBytes, bytes: mostBytes }: { readonly lineBytes: number; readonly bytes: number },
): AsyncGenerator<string> {
  let open: Uint8Array[] = [];
  let openBytes = 0;
  let bytes = 0;
  for await (const chunk of answer) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new Error(`the answer is longer than ${mostBytes} bytes`);
    let from = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, from)) {
      yield Buffer.concat([...open, chunk.subarray(from, end)]).toString();
      open = [];
      openBytes = 0;
      from = end + 1;
    }
    openBytes += chunk.length - from;
    if (openBytes > lineBytes) throw new Error(`a line of the answer is longer than ${lineBytes} bytes`);
    if (from < chunk.length) open.push(chunk.subarray(from));
  }
  if (openBytes > 0)
    throw new Error(`the answer breaks off: ${Buffer.concat(open).toString().slice(0, 200)}`);
}

/** Between two looks at a connection, ms. */
const LOOK_MS = 200;

/**
 * Ends a connection that brings more bytes, or takes longer, than all answers of an exchange may. Returns what to call when the
 * exchange is over.
 */
export function boundExchange(socket: Socket, { bytes, ms }: { bytes: number; ms: number }): () => void {
  const endMs = performance.now() + ms;
  const timer = setInterval(() => {
    if (socket.bytesRead > bytes) socket.destroy(new Error(`the answers are longer than ${bytes} bytes`));
    else if (performance.now() > endMs) socket.destroy(new Error('the exchange takes too long'));
  }, LOOK_MS);
  return () => clearInterval(timer);
}

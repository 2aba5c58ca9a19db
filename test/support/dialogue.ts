/**
 * Conversations in prose for tests: what the client (direction 0) and the server (direction 1) say, in order, to the messages
 * that framing makes of it and the facts that a dialect reads there. Each utterance is a packet of its own, one
 * second after the one before.
 */
import type { Dialect } from '../../src/dialects/dialect.ts';
import { candidates } from '../../src/dialects/index.ts';
import type { Direction, Message } from '../../src/framing/message.ts';
import { framing } from './framer.ts';
import { type Fact, saidOf } from './recording-sink.ts';

export interface Utterance {
  readonly direction: Direction;
  readonly bytes: Uint8Array;
}

export const START_US = 1_700_000_000_000_000;

/** The client says a text or bytes, exactly, or a value as a line. */
export function client(said: string | Uint8Array | object): Utterance {
  return { direction: 0, bytes: bytesOf(said) };
}

/** The server says the same. */
export function server(said: string | Uint8Array | object): Utterance {
  return { direction: 1, bytes: bytesOf(said) };
}

function bytesOf(said: string | Uint8Array | object): Uint8Array {
  if (said instanceof Uint8Array) return said;
  return Buffer.from(typeof said === 'string' ? said : `${JSON.stringify(said)}\n`);
}

/** Lines `C …` and `S …` as utterances, each with its line end; other lines are comments. */
export function dialogue(text: string): Utterance[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^[CS] /.test(line))
    .map((line) => (line[0] === 'C' ? client : server)(`${line.slice(2)}\n`));
}

/** The messages in a conversation. `cut` splits each utterance into pieces of the same packet. */
export function messagesOf(
  utterances: readonly Utterance[],
  split: (bytes: Uint8Array) => readonly Uint8Array[] = (bytes) => [bytes],
): Message[] {
  const { framer, messages } = framing();
  utterances.forEach(({ direction, bytes }, index) => {
    for (const piece of split(bytes)) {
      // A copy that is overwritten afterwards: nothing may keep the bytes of a packet.
      const packet = Uint8Array.from(piece);
      framer.push(direction, packet, 0, packet.length, {
        timeUs: START_US + index * 1_000_000,
        record: index + 1,
        input: 0,
      });
      packet.fill(0xee);
    }
  });
  framer.end();
  return messages;
}

/** All facts that a dialect reads out of a conversation, in order; which block a job builds on is told by `blocksOf`. */
export function factsOf(dialect: Dialect, utterances: readonly Utterance[]): Fact[] {
  return allFacts(dialect, utterances).map((fact) => {
    if (fact.kind !== 'job') return fact;
    const { previous: _, ...job } = fact;
    return job;
  });
}

/** The block that each job builds on, undefined if the job does not say. */
export function blocksOf(dialect: Dialect, utterances: readonly Utterance[]): (string | undefined)[] {
  return allFacts(dialect, utterances).flatMap((fact) => (fact.kind === 'job' ? [fact.previous] : []));
}

function allFacts(dialect: Dialect, utterances: readonly Utterance[]): Fact[] {
  return saidOf(dialect, messagesOf(utterances));
}

/** Ids of the dialects that are certain of some message of a conversation, and of those to which one is possible. */
export function recognitionOf(
  dialects: readonly Dialect[],
  utterances: readonly Utterance[],
): { certain: string[]; possible: string[] } {
  const messages = messagesOf(utterances);
  const saying = (recognition: 'certain' | 'possible'): string[] =>
    dialects
      .filter((dialect) =>
        messages.some(
          (message) => candidates(message).includes(dialect) && dialect.recognise(message) === recognition,
        ),
      )
      .map((dialect) => dialect.id);
  return { certain: saying('certain'), possible: saying('possible') };
}

/** An HTTP request with a JSON body. */
export function post(
  target: string,
  body: unknown,
  fields: Readonly<Record<string, string>> = {},
): Utterance {
  const text = JSON.stringify(body);
  return client(`POST ${target} HTTP/1.1\r\n${fieldLines(fields, text.length)}\r\n${text}`);
}

/** The response to it. */
export function respond(body: unknown, fields: Readonly<Record<string, string>> = {}): Utterance {
  const text = JSON.stringify(body);
  return server(`HTTP/1.1 200 OK\r\n${fieldLines(fields, text.length)}\r\n${text}`);
}

function fieldLines(fields: Readonly<Record<string, string>>, length: number): string {
  return Object.entries({ ...fields, 'Content-Length': String(length) })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
}

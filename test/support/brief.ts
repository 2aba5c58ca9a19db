/**
 * Messages in one line each, so that tests compare whole conversations at a glance.
 */
import { expect } from 'vitest';
import type { Message } from '../../src/framing/message.ts';
import { messagesOf, type Utterance } from './dialogue.ts';

/** A message in one line: direction, kind, and what distinguishes it. */
export function brief(message: Message): string {
  const cut = message.cut ? ' cut' : '';
  const via =
    message.http === undefined
      ? ''
      : ` [${message.http.method} ${message.http.target} ${message.http.status}]`;
  switch (message.kind) {
    case 'call':
      return `${message.direction} call ${message.method} ${JSON.stringify(message.params)} #${message.id}${via}${cut}`;
    case 'reply': {
      const to = message.call === undefined ? '?' : `${message.call.method}@${message.call.record}`;
      const said = JSON.stringify(message.error ?? message.result);
      return `${message.direction} reply ${said} #${message.id} to ${to}${via}${cut}`;
    }
    case 'datum':
      return `${message.direction} datum ${JSON.stringify(message.body)}${via}${cut}`;
    case 'visit':
      return `${message.direction} visit${via}${cut}`;
    case 'tls-hello':
      return `${message.direction} ${message.role} hello ${message.serverName} ${message.alpn.join(',')}${cut}`;
    case 'text-line':
      return `${message.direction} line ${message.text}`;
    case 'binary-frame': {
      const channel = message.isChannel ? ' of a channel' : '';
      return `${message.direction} frame ${message.extension}/${message.type}${channel} ${Buffer.from(message.payload).toString('hex')}`;
    }
    case 'agent-frame':
      return `${message.direction} agent frame ${message.type} of ${message.body.length}`;
    case 'grpc-message':
      return `${message.direction} grpc message of ${message.payload.length}${via}`;
    case 'sized-frame':
      return `${message.direction} sized frame ${message.type} of ${message.payload.length}`;
    case 'opaque-message':
      return `${message.direction} opaque ${message.bytes} at ${message.offset} in ${message.record}`;
    case 'proxy': {
      const { client } = message;
      const behalf = client === undefined ? '' : ` for ${client.host}:${client.port}`;
      return `${message.direction} proxy ${message.proxy} ${message.host}:${message.port}${behalf}`;
    }
  }
}

/** The messages of a conversation, each in one line. */
export const briefly = (utterances: readonly Utterance[]): string[] => messagesOf(utterances).map(brief);

/** Each byte in a packet of its own. */
export const bytewise = (bytes: Uint8Array): Uint8Array[] =>
  Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));

/** However a conversation is cut into packets, these are its messages. */
export function expectAlways(
  said: readonly Utterance[],
  expected: readonly string[],
  told: (message: Message) => string = brief,
): void {
  expect(messagesOf(said).map(told)).toEqual(expected);
  expect(messagesOf(said, bytewise).map(told)).toEqual(expected);
}

/** Without the packets that messages came in. */
export const plainly = (message: Message): string => brief(message).replace(/@\d+/, '@');

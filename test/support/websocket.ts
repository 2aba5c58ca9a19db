/**
 * WebSocket traffic for tests, written from RFC 6455 and RFC 7692: the opening, frames of either side, and messages
 * deflated behind those before them.
 */
import { constants, deflateRawSync } from 'node:zlib';
import { client, server, type Utterance } from './dialogue.ts';

const MASK = Uint8Array.of(0x37, 0xfa, 0x21, 0x3d);

export interface FrameForm {
  readonly opcode?: number;
  readonly final?: boolean;
  readonly deflated?: boolean;
  readonly masked?: boolean;
}

/** One frame with its payload: a final, unmasked text frame where nothing else is said. */
export function frame(payload: string | Uint8Array | object, form: FrameForm = {}): Uint8Array {
  const { opcode = 1, final = true, deflated = false, masked = false } = form;
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  const body = Uint8Array.from(payload instanceof Uint8Array ? payload : Buffer.from(text));
  const first = (final ? 0x80 : 0) | (deflated ? 0x40 : 0) | opcode;
  const bit = masked ? 0x80 : 0;
  const length = Buffer.alloc(body.length < 126 ? 1 : body.length < 65_536 ? 3 : 9);
  if (length.length === 1) length[0] = bit | body.length;
  else if (length.length === 3) {
    length[0] = bit | 126;
    length.writeUInt16BE(body.length, 1);
  } else {
    length[0] = bit | 127;
    length.writeBigUInt64BE(BigInt(body.length), 1);
  }
  if (masked) for (let at = 0; at < body.length; at++) body[at] ^= MASK[at % 4] ?? 0;
  return Buffer.concat([Uint8Array.of(first), length, masked ? MASK : new Uint8Array(0), body]);
}

/** The browser says a text message, a value as JSON. */
export function browser(payload: string | Uint8Array | object, form: FrameForm = {}): Utterance {
  return client(frame(payload, { masked: true, ...form }));
}

/** The server says the same. */
export function site(payload: string | Uint8Array | object, form: FrameForm = {}): Utterance {
  return server(frame(payload, form));
}

/** The opening of a WebSocket at a path. */
export function opening(path = '/proxy', fields: Readonly<Record<string, string>> = {}): Utterance[] {
  const more = Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
  return [
    client(
      `GET ${path} HTTP/1.1\r\nHost: site.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n${more}\r\n`,
    ),
    server(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n',
    ),
  ];
}

/** A direction's deflater: each text becomes the payload of a message behind those before it. */
export function deflater(): (text: string) => Uint8Array {
  let past = Buffer.alloc(0);
  return (text) => {
    const packed = deflateRawSync(text, {
      finishFlush: constants.Z_SYNC_FLUSH,
      ...(past.length > 0 ? { dictionary: past } : {}),
    });
    past = Buffer.concat([past, Buffer.from(text)]).subarray(-32_768);
    return packed.subarray(0, -4);
  };
}

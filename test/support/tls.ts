/** TLS as bytes: hellos, certificates and records, and whole conversations of records given by their sizes. */

import type { CapturedPacket } from './capture-reader.ts';
import { conversation } from './conversation.ts';
import { concat } from './packet-builder.ts';
import type { Random } from './random.ts';

const u16 = (value: number): number[] => [value >> 8, value & 0xff];
const u24 = (value: number): number[] => [value >> 16, (value >> 8) & 0xff, value & 0xff];
const lists = (values: readonly number[]): number[] => values.flatMap(u16);

/** What a client hello offers; what is left out is not in it. */
export interface Offer {
  readonly version?: number;
  readonly ciphers: readonly number[];
  /** Type and body, in order. */
  readonly extensions: readonly (readonly [type: number, body: readonly number[]])[];
}

/** Bodies of the extensions that tests use. */
export const extension = {
  serverName: (name: string): readonly [number, readonly number[]] => {
    const host = [...Buffer.from(name)];
    return [0, [...u16(host.length + 3), 0, ...u16(host.length), ...host]];
  },
  alpn: (...names: readonly string[]): readonly [number, readonly number[]] => {
    const list = names.flatMap((name) => [name.length, ...Buffer.from(name, 'latin1')]);
    return [16, [...u16(list.length), ...list]];
  },
  groups: (...groups: readonly number[]): readonly [number, readonly number[]] => [
    10,
    [...u16(groups.length * 2), ...lists(groups)],
  ],
  pointFormats: (...formats: readonly number[]): readonly [number, readonly number[]] => [
    11,
    [formats.length, ...formats],
  ],
  signatures: (...schemes: readonly number[]): readonly [number, readonly number[]] => [
    13,
    [...u16(schemes.length * 2), ...lists(schemes)],
  ],
  versions: (...versions: readonly number[]): readonly [number, readonly number[]] => [
    43,
    [versions.length * 2, ...lists(versions)],
  ],
};

/** A handshake message without a record around it. */
export function handshake(type: number, body: readonly number[] | Uint8Array): Uint8Array {
  return Uint8Array.from([type, ...u24(body.length), ...body]);
}

export function clientHelloMessage({ version = 0x0303, ciphers, extensions }: Offer): Uint8Array {
  const offered = extensions.flatMap(([type, body]) => [...u16(type), ...u16(body.length), ...body]);
  return handshake(1, [
    ...u16(version),
    ...new Array<number>(32).fill(0x5a),
    0,
    ...u16(ciphers.length * 2),
    ...lists(ciphers),
    1,
    0,
    ...(offered.length === 0 ? [] : [...u16(offered.length), ...offered]),
  ]);
}

/** A server hello; `chosen` 0x0304 says so by extension. */
export function serverHelloMessage(chosen: number): Uint8Array {
  const versions = chosen === 0x0304 ? [0, 6, 0, 43, 0, 2, 3, 4] : [0, 0];
  return handshake(2, [
    ...u16(Math.min(chosen, 0x0303)),
    ...new Array<number>(32).fill(0xa5),
    0,
    ...u16(0x1301),
    0,
    ...versions,
  ]);
}

export function certificateMessage(...chain: readonly Uint8Array[]): Uint8Array {
  const entries = chain.flatMap((der) => [...u24(der.length), ...der]);
  return handshake(11, [...u24(entries.length), ...entries]);
}

/** Records of a type around the bytes, none longer than `most`. */
export function records(type: number, content: Uint8Array, most = 16384): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < content.length; at += most) {
    const piece = content.subarray(at, at + most);
    parts.push(Uint8Array.from([type, 3, 3, ...u16(piece.length), ...piece]));
  }
  return concat(...parts);
}

/** An application-data record of so many bytes of ciphertext. */
export function sealed(draw: Random, bytes: number): Uint8Array {
  const content = new Uint8Array(bytes);
  for (let at = 0; at < bytes; at++) content[at] = draw.below(256);
  return records(23, content);
}

/** Bytes in which nothing can be read, without any framing. */
export function noise(draw: Random, bytes: number): Uint8Array {
  return sealed(draw, bytes).subarray(5);
}

/** The hello of OpenSSL's kind of client: no ALPN, and a server name where one is given. */
export function plainHello(serverName: string | null, alpn: readonly string[] = []): Uint8Array {
  return records(
    22,
    clientHelloMessage({
      ciphers: [0x1301, 0x1302, 0x1303, 0xc02f],
      extensions: [
        ...(serverName === null ? [] : [extension.serverName(serverName)]),
        ...(alpn.length === 0 ? [] : [extension.alpn(...alpn)]),
        extension.groups(29, 23),
        extension.versions(0x0304, 0x0303),
        extension.signatures(0x0403, 0x0804),
      ],
    }),
  );
}

/** One message of an encrypted conversation: seconds since its start, bytes, who says it. */
export interface Sealed {
  readonly at: number;
  readonly from: 'client' | 'server';
  readonly bytes: number;
}

export interface SealedOptions {
  readonly client?: string;
  readonly server?: string;
  /** Null: the conversation is met in its middle. */
  readonly hello?: Uint8Array | null;
  readonly serverFlight?: Uint8Array;
  /** Without record headers: another encrypted protocol than TLS. */
  readonly bare?: boolean;
  readonly startUs?: number;
  /** Said before it, by turns, the client first: a handshake with a proxy. */
  readonly before?: readonly Uint8Array[];
}

/** Packets of an encrypted conversation, one segment a message. */
export function sealedPackets(
  said: readonly Sealed[],
  draw: Random,
  options: SealedOptions = {},
): CapturedPacket[] {
  const {
    client = '192.0.2.77:50123',
    server = '198.51.100.77:443',
    hello = plainHello(null),
    serverFlight = records(22, serverHelloMessage(0x0304)),
    bare = false,
    startUs = 1_795_560_000_000_000,
    before = [],
  } = options;
  const talk = conversation({ miner: client, pool: server, startUs });
  if (hello !== null) {
    talk.connect();
    for (const [turn, bytes] of before.entries())
      (turn % 2 === 0 ? talk.minerSays(bytes) : talk.poolSays(bytes)).after(0.02);
    talk.minerSays(hello).after(0.02).poolSays(serverFlight).after(0.02);
    talk.minerSays(sealed(draw, 69)).after(0.01);
  }
  let now = 0;
  for (const message of said.toSorted((a, b) => a.at - b.at)) {
    talk.after(Math.max(0, message.at - now));
    now = Math.max(now, message.at);
    const bytes = bare ? noise(draw, message.bytes) : sealed(draw, message.bytes);
    if (message.from === 'client') talk.minerSays(bytes);
    else talk.poolSays(bytes);
  }
  return talk.toPackets();
}

/**
 * The server name that a client of QUIC says in its first packets. These are encrypted with keys that everybody can make from
 * what stands in them in clear (RFC 9001 5.2; RFC 9369 3.3 for version 2), so that this is no secret.
 */
import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { readClientHello } from '../framing/client-hello.ts';

interface Version {
  readonly salt: string;
  readonly label: string;
  /** Bits of the first byte that say Initial. */
  readonly initial: number;
}

const VERSIONS: ReadonlyMap<number, Version> = new Map([
  [1, { salt: '38762cf7f55934b34d179ae6a4c80cadccbb7f0a', label: 'quic', initial: 0x00 }],
  // Draft 29
  [0xff00001d, { salt: 'afbfec289993d24c9e9786f19c6111e04390a899', label: 'quic', initial: 0x00 }],
  [0x6b3343cf, { salt: '0dede3def700a6db819381be6e269dcbf9bd2ed9', label: 'quicv2', initial: 0x10 }],
]);

const TYPE_BITS = 0x30;
const TAG_BYTES = 16;
const SAMPLE_BYTES = 16;
/** A hello with the largest keys in use takes two packets. */
const MOST_HELLO_BYTES = 16_384;
const CLIENT_HELLO = 1;
const HELLO_HEADER = 4;
/** RFC 9000 19: types of frames that an Initial packet may hold. */
const PADDING = 0;
const PING = 1;
const ACK = 2;
const ACK_ECN = 3;
const CRYPTO = 6;

interface Keys {
  readonly key: Buffer;
  readonly iv: Buffer;
  readonly mask: Buffer;
}

/** The name that the client says in its first datagrams, in any order; '' if none, or if they are not all there. */
export function quicServerName(datagrams: readonly Uint8Array[]): string {
  const hello = Buffer.alloc(MOST_HELLO_BYTES);
  const known = new Uint8Array(MOST_HELLO_BYTES);
  let keys: Keys | null = null;
  try {
    for (const datagram of datagrams) {
      const packet = headerOf(Buffer.from(datagram));
      if (packet === null) continue;
      // The first destination that the client chose makes the keys of all its packets.
      keys ??= keysOf(packet.version, packet.destination);
      const frames = opened(packet, keys);
      if (frames !== null) takeCrypto(frames, hello, known);
    }
  } catch {
    // What does not fit its own lengths, or whose seal is another one, is no opening of a client.
    return '';
  }
  const end = known.indexOf(0);
  if (end < HELLO_HEADER || hello[0] !== CLIENT_HELLO) return '';
  const to = Math.min(end, HELLO_HEADER + hello.readUIntBE(1, 3));
  return readClientHello(hello, HELLO_HEADER, to)?.serverName ?? '';
}

// RFC 9000 17.2.2: 0 first byte | 1 version 4 | length, destination | length, source | length, token | length | number
function headerOf(bytes: Buffer) {
  const version = VERSIONS.get(bytes.readUInt32BE(1));
  if (version === undefined || (bytes[0] & TYPE_BITS) !== version.initial) return null;
  const source = 6 + bytes[5];
  const destination = bytes.subarray(6, source);
  const [tokenBytes, tokenAt] = variable(bytes, source + 1 + bytes[source]);
  const [length, numberAt] = variable(bytes, tokenAt + tokenBytes);
  return { version, destination, bytes: bytes.subarray(0, numberAt + length), numberAt };
}

function keysOf({ salt, label }: Version, destination: Buffer): Keys {
  // HKDF-Extract (RFC 5869 2.2)
  const initial = createHmac('sha256', Buffer.from(salt, 'hex')).update(destination).digest();
  const secret = expand(initial, 'client in', 32);
  return {
    key: expand(secret, `${label} key`, 16),
    iv: expand(secret, `${label} iv`, 12),
    mask: expand(secret, `${label} hp`, 16),
  };
}

/** HKDF-Expand-Label (RFC 8446 7.1) of at most one block of the hash, without a context. */
function expand(secret: Buffer, label: string, bytes: number): Buffer {
  const name = Buffer.from(`tls13 ${label}`, 'latin1');
  const info = Buffer.concat([Buffer.from([0, bytes, name.length]), name, Buffer.from([0, 1])]);
  return createHmac('sha256', secret).update(info).digest().subarray(0, bytes);
}

/** The frames in a packet (RFC 9001 5.3 and 5.4); throws if the seal is broken, as that of a server's packet is. */
function opened(
  { bytes, numberAt }: { readonly bytes: Buffer; readonly numberAt: number },
  keys: Keys,
): Buffer | null {
  // The sample lies as if the number had its longest form.
  const sample = bytes.subarray(numberAt + 4, numberAt + 4 + SAMPLE_BYTES);
  if (sample.length < SAMPLE_BYTES) return null;
  const mask = createCipheriv('aes-128-ecb', keys.mask, null).update(sample);
  const header = Buffer.from(bytes);
  header[0] ^= mask[0] & 0x0f;
  const numberBytes = (header[0] & 3) + 1;
  const nonce = Buffer.from(keys.iv);
  for (let i = 0; i < numberBytes; i++) {
    header[numberAt + i] ^= mask[1 + i];
    nonce[nonce.length - numberBytes + i] ^= header[numberAt + i];
  }
  const from = numberAt + numberBytes;
  const open = createDecipheriv('aes-128-gcm', keys.key, nonce);
  open.setAAD(header.subarray(0, from));
  open.setAuthTag(bytes.subarray(-TAG_BYTES));
  return Buffer.concat([open.update(bytes.subarray(from, -TAG_BYTES)), open.final()]);
}

/** Puts pieces of the hello where they belong (RFC 9000 19.6). */
function takeCrypto(frames: Buffer, hello: Buffer, known: Uint8Array): void {
  for (let at = 0; at < frames.length; ) {
    const type = frames[at++];
    if (type === PADDING || type === PING) continue;
    if (type === ACK || type === ACK_ECN) at = afterAck(frames, at, type === ACK_ECN);
    else if (type === CRYPTO) {
      const [offset, lengthAt] = variable(frames, at);
      const [length, dataAt] = variable(frames, lengthAt);
      at = dataAt + length;
      if (offset + length > hello.length || at > frames.length) return;
      frames.copy(hello, offset, dataAt, at);
      known.fill(1, offset, offset + length);
    } else return;
  }
}

// RFC 9000 19.3: largest | delay | count of further ranges | first range | gap and length of each | [three counts of ECN]
function afterAck(frames: Buffer, start: number, hasCounts: boolean): number {
  let at = start;
  let ranges = 0;
  for (let field = 0; field < 4; field++) {
    const [value, next] = variable(frames, at);
    if (field === 2) ranges = value;
    at = next;
  }
  const fields = 2 * Math.min(ranges, frames.length) + (hasCounts ? 3 : 0);
  for (let field = 0; field < fields; field++) [, at] = variable(frames, at);
  return at;
}

/** A number of variable length (RFC 9000 16), and where it ends. Throws RangeError behind the end. */
function variable(bytes: Buffer, at: number): readonly [value: number, end: number] {
  const length = 1 << (bytes.readUInt8(at) >> 6);
  if (length === 8) return [Number(bytes.readBigUInt64BE(at) & 0x3fff_ffff_ffff_ffffn), at + 8];
  const value = bytes.readUIntBE(at, length);
  return [value & (2 ** (8 * length - 2) - 1), at + length];
}

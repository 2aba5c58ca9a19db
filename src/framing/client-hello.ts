/**
 * A TLS client hello (RFC 8446 4.1.2; the older versions have the same form) to what it offers: versions, suites,
 * extensions, groups, signature algorithms, protocols, server name. Numbers stay in wire order, GREASE values
 * (RFC 8701) included, because the fingerprints are made of them. What is cut off at the end is left out, never guessed.
 */
import { shortAt, textOf } from './bytes.ts';

export interface ClientHello {
  /** Version field of the hello itself; 0x0303 if TLS 1.3 is offered by extension. */
  readonly version: number;
  /** The supported_versions extension; empty if it is absent. */
  readonly versions: readonly number[];
  readonly ciphers: readonly number[];
  /** Types of the extensions. */
  readonly extensions: readonly number[];
  readonly groups: readonly number[];
  readonly pointFormats: readonly number[];
  readonly signatureAlgorithms: readonly number[];
  /** Lower case, without a final dot; '' if absent or no host name. */
  readonly serverName: string;
  readonly alpn: readonly string[];
  /** An encrypted client hello travels along (RFC 9849): the server name in clear may be an outer one, or GREASE. */
  readonly hasEncryptedHello: boolean;
}

export const SERVER_NAME = 0;
const SUPPORTED_GROUPS = 10;
const EC_POINT_FORMATS = 11;
const SIGNATURE_ALGORITHMS = 13;
export const ALPN = 16;
export const SUPPORTED_VERSIONS = 43;
const ENCRYPTED_CLIENT_HELLO = 0xfe0d;

/** Version 2 and random 32 stand before the lists. */
const LISTS_AT = 34;
/** More of a kind than any client sends; the rest is not read. */
const MAX_ITEMS = 1024;

/** Reads the body of a client hello in bytes[from, to), its 4 bytes of header already passed. */
export function readClientHello(bytes: Uint8Array, from: number, to: number): ClientHello | null {
  if (to - from < LISTS_AT) return null;
  let at = from + LISTS_AT;
  at += 1 + byteAt(bytes, at, to); // session id
  const cipherBytes = shortAt(bytes, at, to);
  const ciphers = shorts(bytes, at + 2, Math.min(to, at + 2 + cipherBytes));
  at += 2 + cipherBytes;
  at += 1 + byteAt(bytes, at, to); // compression methods
  const end = Math.min(to, at + 2 + shortAt(bytes, at, to));
  at += 2;
  const found = extensionsIn(bytes, at, end);
  const read = <T>(type: number, nothing: T, body: (from: number, to: number) => T): T => {
    const extension = found.findLast((each) => each.type === type);
    return extension === undefined ? nothing : body(extension.from, extension.to);
  };
  const numbers = (type: number, skipped: number): readonly number[] =>
    read<readonly number[]>(type, [], (body, to) => shorts(bytes, body + skipped, to));
  const extensions = found.map(({ type }) => type);
  return {
    version: shortAt(bytes, from, to),
    versions: numbers(SUPPORTED_VERSIONS, 1),
    ciphers,
    extensions,
    groups: numbers(SUPPORTED_GROUPS, 2),
    pointFormats: read<readonly number[]>(EC_POINT_FORMATS, [], (body, to) => [
      ...bytes.subarray(body + 1, Math.min(to, body + 1 + byteAt(bytes, body, to))),
    ]),
    signatureAlgorithms: numbers(SIGNATURE_ALGORITHMS, 2),
    serverName: read(SERVER_NAME, '', (body, to) => readServerName(bytes, body, to)),
    alpn: read<readonly string[]>(ALPN, [], (body, to) => readAlpn(bytes, body, to)),
    hasEncryptedHello: extensions.includes(ENCRYPTED_CLIENT_HELLO),
  };
}

/** The extensions of a hello in bytes[from, to), as far as they are whole: type 2, length 2, body. */
export function extensionsIn(
  bytes: Uint8Array,
  from: number,
  to: number,
): { readonly type: number; readonly from: number; readonly to: number }[] {
  const found = [];
  for (let at = from; at + 4 <= to && found.length < MAX_ITEMS; ) {
    const body = at + 4;
    const end = body + shortAt(bytes, at + 2, to);
    if (end > to) break;
    found.push({ type: shortAt(bytes, at, to), from: body, to: end });
    at = end;
  }
  return found;
}

/** Values that clients sprinkle in to keep servers tolerant: both bytes equal, low nibble 10 (RFC 8701). */
export function isGrease(value: number): boolean {
  return (value & 0x0f0f) === 0x0a0a && value >>> 8 === (value & 0xff);
}

/** ProtocolNameList (RFC 7301 3.1): length 2, then names with one length byte each. */
export function readAlpn(bytes: Uint8Array, from: number, to: number): string[] {
  const names: string[] = [];
  let at = from + 2;
  while (at < to && names.length < 16) {
    const length = bytes[at];
    if (length === 0 || at + 1 + length > to) break;
    names.push(textOf(bytes, at + 1, at + 1 + length, 'latin1'));
    at += 1 + length;
  }
  return names;
}

/** ServerNameList (RFC 6066 3): length 2, then entries of type 1, length 2, name; type 0 is a host name. */
function readServerName(bytes: Uint8Array, from: number, to: number): string {
  let at = from + 2;
  while (at + 3 <= to) {
    const length = shortAt(bytes, at + 1, to);
    if (at + 3 + length > to) return '';
    if (bytes[at] === 0) {
      const name = textOf(bytes, at + 3, at + 3 + length, 'latin1').toLowerCase();
      return /^[a-z0-9_.-]{1,255}$/.test(name) ? name.replace(/\.$/, '') : '';
    }
    at += 3 + length;
  }
  return '';
}

function shorts(bytes: Uint8Array, from: number, to: number): number[] {
  const list: number[] = [];
  for (let at = from; at + 2 <= to && list.length < MAX_ITEMS; at += 2) list.push(shortAt(bytes, at, to));
  return list;
}

function byteAt(bytes: Uint8Array, at: number, to: number): number {
  return at < to ? bytes[at] : 0;
}

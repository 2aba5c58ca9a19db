/**
 * What a TLS server says in clear: its hello (RFC 8446 4.1.3) and, up to TLS 1.2, its certificate (RFC 5246 7.4.2).
 * From TLS 1.3 on the certificate is encrypted.
 */
import { shortAt } from './bytes.ts';
import { CERTIFICATE_LIMIT, type Certificate, readCertificate } from './certificate.ts';
import { ALPN, extensionsIn, readAlpn, SUPPORTED_VERSIONS } from './client-hello.ts';

export interface ServerHandshake {
  /** Version that was agreed on, 0x0304 for TLS 1.3. */
  readonly version: number;
  readonly cipher: number;
  readonly alpn: readonly string[];
  /** Null if it is encrypted, was not sent (a resumed session) or cannot be read. */
  readonly certificate: Certificate | null;
}

export const SERVER_HELLO = 2;
const CERTIFICATE = 11;
const TLS_1_3 = 0x0304;

/** Reads the handshake messages in bytes[0, length), the server hello first; null if they do not begin so. */
export function readServerHandshake(bytes: Uint8Array, length: number): ServerHandshake | null {
  if (length < 42 || bytes[0] !== SERVER_HELLO) return null;
  const helloEnd = Math.min(length, 4 + tripleAt(bytes, 1));
  let version = shortAt(bytes, 4);
  // version 2, random 32, session id with its length in front, suite 2, compression 1, extensions.
  const at = 39 + bytes[38];
  if (at + 2 > helloEnd) return null;
  const cipher = shortAt(bytes, at);
  let alpn: readonly string[] = [];
  for (const { type, from, to } of extensionsIn(bytes, at + 5, helloEnd)) {
    if (type === SUPPORTED_VERSIONS && to - from === 2) version = shortAt(bytes, from);
    if (type === ALPN) alpn = readAlpn(bytes, from, to);
  }
  const certificate = version === TLS_1_3 ? null : firstCertificate(bytes, helloEnd, length);
  return { version, cipher, alpn, certificate };
}

/**
 * Bytes that a server's handshake needs so that its own certificate is whole, as far as the `length` bytes at hand
 * tell; 0 if nothing more is to come in clear.
 */
export function wantedOfServer(bytes: Uint8Array, length: number): number {
  for (let at = 0; ; ) {
    if (length < at + 4) return at + 4;
    const type = bytes[at];
    const end = at + 4 + tripleAt(bytes, at + 1);
    if (type === CERTIFICATE) {
      // Length of the list 3, then the first certificate with its length 3 in front.
      if (length < at + 10) return at + 10;
      const own = at + 10 + tripleAt(bytes, at + 7);
      return Math.min(own, end) > length ? Math.min(own, end) : 0;
    }
    if (length < end) return end;
    if (type === SERVER_HELLO && at === 0) {
      const hello = readServerHandshake(bytes, end);
      if (hello === null || hello.version === TLS_1_3) return 0;
    } else if (type !== CERTIFICATE_STATUS) return 0;
    at = end;
  }
}

/** May stand before or after the certificate (RFC 6066 8); anything else means that none comes. */
const CERTIFICATE_STATUS = 22;

function firstCertificate(bytes: Uint8Array, from: number, length: number): Certificate | null {
  for (let at = from; at + 10 <= length; ) {
    const end = at + 4 + tripleAt(bytes, at + 1);
    if (bytes[at] === CERTIFICATE) {
      const own = tripleAt(bytes, at + 7);
      if (own > CERTIFICATE_LIMIT || at + 10 + own > Math.min(end, length)) return null;
      return readCertificate(bytes.subarray(at + 10, at + 10 + own));
    }
    at = end;
  }
  return null;
}

export function tripleAt(bytes: Uint8Array, at: number): number {
  return at + 2 < bytes.length ? (bytes[at] << 16) | (bytes[at + 1] << 8) | bytes[at + 2] : 0;
}

/**
 * The handshakes by which a connection goes through a proxy: SOCKS 4 and 4a, SOCKS 5 (RFC 1928, with the password
 * exchange of RFC 1929) and the PROXY protocol, versions 1 and 2 (HAProxy). They come before the real messages of the
 * directions, so each is taken off and its target reported, with the password of the proxy, which others may repeat. HTTP
 * CONNECT is taken off by http.ts. Left out: SOCKS with GSS-API, BIND and UDP, which carry no pool session.
 */
import { addressText } from '../address.ts';
import { shortAt, textOf, wordAt } from './bytes.ts';
import type { DirectionReader } from './direction-reader.ts';
import type { DirectionSink, Said } from './message.ts';

/** Where the originator wants to go, or on whose behalf it comes. */
type Target = Extract<Said, { readonly kind: 'proxy' }>;

/** A complete handshake ends before `end`; and the target, if it names one. */
interface Whole {
  readonly end: number;
  readonly target: Target | null;
}

type Parse = (bytes: Uint8Array, length: number) => Whole | 'part' | 'no';

export type ProxyMessage =
  | 'socks4'
  | 'socks5'
  | 'socks4-answer'
  | 'socks5-answer'
  | 'proxy-line'
  | 'proxy-binary';

/** Longest handshake: a handshake of 257, a password exchange of 513 and a request of 262 bytes. */
const HANDSHAKE_LIMIT = 1280;
/** PROXY protocol version 1: one line of at most 107 bytes. */
const PROXY_LINE_LIMIT = 107;
/** First bytes of version 2. */
export const PROXY_BINARY_START = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1');

const LF = 0x0a;

/** Takes one side of a handshake off a direction. */
export class ProxyReader implements DirectionReader {
  status: 'open' | 'passed' | 'closed' = 'open';
  private readonly head = new Uint8Array(HANDSHAKE_LIMIT);
  private length = 0;

  /** @param sink Hears of the target; null if an answer is taken off, which names none. */
  constructor(
    private readonly form: ProxyMessage,
    private readonly sink: DirectionSink | null,
  ) {}

  get isInside(): boolean {
    return this.length > 0 && this.status === 'open';
  }

  /** Byte by byte: what is not a handshake ends at the same place however it arrives. */
  push(bytes: Uint8Array, from: number, to: number): number {
    for (let at = from; at < to; at++) {
      this.head[this.length++] = bytes[at];
      const found = PARSERS[this.form](this.head, this.length);
      if (found === 'part' && this.length < HANDSHAKE_LIMIT) continue;
      this.status = found === 'part' || found === 'no' ? 'closed' : 'passed';
      if (found !== 'part' && found !== 'no' && found.target !== null)
        this.sink?.say(found.target, found.end);
      return at + 1;
    }
    return to;
  }

  gap(): void {
    this.status = 'closed';
  }

  end(): void {}
}

const PARSERS: Readonly<Record<ProxyMessage, Parse>> = {
  socks4: parseSocks4,
  socks5: parseSocks5,
  'socks4-answer': (bytes, length) => {
    if (bytes[0] !== 0 || (length > 1 && bytes[1] !== 0x5a)) return 'no';
    return length < 8 ? 'part' : { end: 8, target: null };
  },
  'socks5-answer': parseSocks5Answer,
  'proxy-line': parseProxyLine,
  'proxy-binary': parseProxyBinary,
};

export function isProxyMessage(framing: string): framing is ProxyMessage {
  return Object.hasOwn(PARSERS, framing);
}

/** Version 4, command 1, port 2, address 4, user to NUL; with an address of 0.0.0.x a host name to NUL (4a). */
function parseSocks4(bytes: Uint8Array, length: number): Whole | 'part' | 'no' {
  if (length > 1 && bytes[1] !== 1) return 'no';
  if (length < 9) return 'part';
  const said = bytes.subarray(0, length);
  const userEnd = said.indexOf(0, 8);
  if (userEnd === -1) return 'part';
  const isNamed = bytes[4] === 0 && bytes[5] === 0 && bytes[6] === 0 && bytes[7] !== 0;
  const port = shortAt(bytes, 2);
  if (!isNamed) return whole('socks4', userEnd + 1, ipv4At(bytes, 4), port);
  const nameEnd = said.indexOf(0, userEnd + 1);
  if (nameEnd === -1) return 'part';
  return whole('socks4', nameEnd + 1, nameIn(bytes, userEnd + 1, nameEnd), port);
}

/** Handshake: version 5, count, methods. Then perhaps version 1, user, password. Then the request. */
function parseSocks5(bytes: Uint8Array, length: number): Whole | 'part' | 'no' {
  if (length > 1 && bytes[1] === 0) return 'no';
  if (length < 2) return 'part';
  let at = 2 + bytes[1];
  let password = '';
  if (at < length && bytes[at] === 1) {
    const passwordAt = at + 2 + bytes[at + 1];
    if (at + 1 >= length || passwordAt >= length) return 'part';
    at = passwordAt + 1 + bytes[passwordAt];
    password = textOf(bytes, passwordAt + 1, at);
  }
  if (length > at && bytes[at] !== 5) return 'no';
  if (length > at + 1 && bytes[at + 1] !== 1) return 'no';
  const packetRef = socks5Address(bytes, at + 3, length);
  if (packetRef === 'part' || packetRef === 'no') return packetRef;
  const found = whole('socks5', packetRef.end, packetRef.host, packetRef.port);
  return found === 'no' || found.target === null || password === ''
    ? found
    : { ...found, target: { ...found.target, password } };
}

/** The method chosen; if it is 2, the answer to the password; then the reply with an address of the proxy. */
function parseSocks5Answer(bytes: Uint8Array, length: number): Whole | 'part' | 'no' {
  if (bytes[0] !== 5 || (length > 1 && bytes[1] !== 0 && bytes[1] !== 2)) return 'no';
  if (length < 3) return 'part';
  let at = 2;
  if (bytes[1] === 2) {
    if (bytes[2] > 1 || (length > 3 && bytes[3] !== 0)) return 'no';
    at = 4;
  }
  if (length > at && bytes[at] !== 5) return 'no';
  if (length > at + 1 && bytes[at + 1] !== 0) return 'no';
  const packetRef = socks5Address(bytes, at + 3, length);
  return packetRef === 'part' || packetRef === 'no' ? packetRef : { end: packetRef.end, target: null };
}

/** Type 1: 4 bytes; type 3: a name with its length in front; type 4: 16 bytes; the port behind each. */
function socks5Address(
  bytes: Uint8Array,
  at: number,
  length: number,
): { host: string; port: number; end: number } | 'part' | 'no' {
  if (at + 1 >= length) return 'part';
  const type = bytes[at];
  if (type !== 1 && type !== 3 && type !== 4) return 'no';
  const from = type === 3 ? at + 2 : at + 1;
  const to = from + (type === 1 ? 4 : type === 4 ? 16 : bytes[at + 1]);
  if (to + 2 > length) return 'part';
  const host = type === 1 ? ipv4At(bytes, from) : type === 4 ? ipv6At(bytes, from) : nameIn(bytes, from, to);
  return { host, port: shortAt(bytes, to), end: to + 2 };
}

/** `PROXY TCP4 source destination source-port destination-port`; `PROXY UNKNOWN` says nothing. */
function parseProxyLine(bytes: Uint8Array, length: number): Whole | 'part' | 'no' {
  const lineEnd = bytes.subarray(0, length).indexOf(LF);
  if (lineEnd === -1) return length < PROXY_LINE_LIMIT ? 'part' : 'no';
  if (lineEnd >= PROXY_LINE_LIMIT) return 'no';
  const line = textOf(bytes, 0, lineEnd, 'latin1').trimEnd();
  if (/^PROXY UNKNOWN(?: |$)/.test(line)) return { end: lineEnd + 1, target: null };
  const match = /^PROXY TCP[46] ([0-9a-fA-F.:]{3,39}) ([0-9a-fA-F.:]{3,39}) (\d{1,5}) (\d{1,5})$/.exec(line);
  if (match === null) return 'no';
  const [, source, destination, sourcePort, port] = match;
  const client = { host: source.toLowerCase(), port: Number(sourcePort) };
  return whole('proxy-protocol', lineEnd + 1, destination.toLowerCase(), Number(port), client);
}

/** Signature 12, version and command 1, family 1, length 2, then source, destination, both ports, extensions. */
function parseProxyBinary(bytes: Uint8Array, length: number): Whole | 'part' | 'no' {
  if (length < 16) return 'part';
  if (bytes[12] !== 0x20 && bytes[12] !== 0x21) return 'no';
  const end = 16 + shortAt(bytes, 14);
  if (end > HANDSHAKE_LIMIT) return 'no';
  if (length < end) return 'part';
  const isIpv4 = bytes[13] === 0x11 && end >= 28;
  const isIpv6 = bytes[13] === 0x21 && end >= 52;
  // A LOCAL command is the proxy's own health check.
  if (bytes[12] === 0x20 || (!isIpv4 && !isIpv6)) return { end, target: null };
  const size = isIpv4 ? 4 : 16;
  const read = isIpv4 ? ipv4At : ipv6At;
  const client = { host: read(bytes, 16), port: shortAt(bytes, 16 + 2 * size) };
  return whole('proxy-protocol', end, read(bytes, 16 + size), shortAt(bytes, 18 + 2 * size), client);
}

function whole(
  proxy: Target['proxy'],
  end: number,
  host: string,
  port: number,
  client?: Target['client'],
): Whole | 'no' {
  return host === '' ? 'no' : { end, target: { kind: 'proxy', proxy, host, port, client } };
}

/** The target of an HTTP CONNECT, or null if it is none. */
export function connectTarget(target: string): Target | null {
  const match = /^(?:\[([0-9a-fA-F:.]{2,45})\]|([A-Za-z0-9_.-]{1,255})):(\d{1,5})$/.exec(target);
  if (match === null) return null;
  const host = (match[1] ?? match[2]).toLowerCase();
  return { kind: 'proxy', proxy: 'http-connect', host, port: Number(match[3]), client: undefined };
}

function ipv4At(bytes: Uint8Array, at: number): string {
  return addressText([0, 0, 0xffff, wordAt(bytes, at)]);
}

function ipv6At(bytes: Uint8Array, at: number): string {
  return addressText([0, 4, 8, 12].map((offset) => wordAt(bytes, at + offset)));
}

/** A host name, lower case; '' if the bytes are none. */
function nameIn(bytes: Uint8Array, from: number, to: number): string {
  const name = textOf(bytes, from, to, 'latin1').toLowerCase();
  return /^[a-z0-9_.:-]{1,255}$/.test(name) ? name.replace(/\.$/, '') : '';
}

/** Where in what a client says first, a character a byte, a password of SOCKS 5 (RFC 1929) or a user of SOCKS 4 is. */
export function socksSecrets(text: string): [from: number, to: number][] {
  const at = (place: number): number => text.charCodeAt(place);
  const place = (from: number, length: number): [number, number][] =>
    from < text.length && length > 0 ? [[from, from + length]] : [];
  if (at(0) === 4 && (at(1) === 1 || at(1) === 2)) {
    const end = text.indexOf('\0', 8);
    return place(8, (end === -1 ? text.length : end) - 8);
  }
  // Version and methods; then version 1, user and password, each behind its length.
  const login = 2 + at(1);
  const password = login + 3 + at(login + 1);
  return at(0) === 5 && at(login) === 1 ? place(password, at(password - 1)) : [];
}

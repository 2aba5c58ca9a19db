/**
 * The first bytes of a direction to its framing. Ports say nothing here. Decided on at most `HEAD_LIMIT` bytes, and
 * for most directions on the first one: a JSON object, an HTTP start line, a TLS handshake record. A direction that is met in
 * the middle of a JSON line is known by that line's end, `}` before LF. Handshakes with proxies, WebSocket frames of a
 * connection that was met in the middle, frames of Stratum V2 and the lines of Duino-Coin are looked for last.
 * Everything else is foreign.
 */

import { FRAME_FORMATS, type FrameFormatId } from './frame-formats.ts';
import { startsSizedObject } from './length-prefix.ts';
import type { BodyScanner } from './object-scanner.ts';
import { PROXY_BINARY_START, type ProxyMessage } from './proxy.ts';
import { startsTextLines } from './text-lines.ts';
import { startsWebSocket } from './websocket.ts';

/** The longest remainder of a line that is waited out: a ZIP 301 submit has 2.9 kB. */
export const HEAD_LIMIT = 4 * 1024;

/** What a direction may carry, the strongest claim on its flow first. */
export const FRAMINGS = [
  ...(['json', 'websocket', 'http'] as const),
  ...FRAME_FORMATS.map(({ id }): FrameFormatId => id),
  ...(['text-lines', 'tls'] as const),
];
export type Framing = (typeof FRAMINGS)[number] | 'undecided' | 'foreign';

export interface Detection {
  readonly framing: Framing | ProxyMessage;
  /** Offset at which the framing begins; while that is undecided, up to which the bytes need not be kept. */
  readonly at: number;
  /** True if the direction was entered in the middle of a JSON line, which ends at `at`. */
  readonly inside: boolean;
}

const UNDECIDED = found('undecided', 0);
const FOREIGN = found('foreign', 0);

/** What an HTTP/1.x message begins with, in any case: a method of RFC 9110 9.3 or RFC 5789, or a version. */
const HTTP_STARTS = [
  'http/1.',
  'get ',
  'post ',
  'put ',
  'head ',
  'delete ',
  'options ',
  'connect ',
  'patch ',
  'trace ',
].map((text) => Buffer.from(text, 'latin1'));

const LONGEST_START = 8;

/** HAProxy PROXY protocol version 1: one line. */
const PROXY_START = Buffer.from('PROXY ', 'latin1');

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Says what the direction whose first `length` bytes are in `head` carries. */
export function detect(head: Uint8Array, length: number, scanner: BodyScanner): Detection {
  // These begin with bytes that are white space or nothing elsewhere.
  if (head[0] === CR) {
    const proxy = begins(head, 0, length, PROXY_BINARY_START);
    if (proxy !== 'no') return proxy === 'yes' ? found('proxy-binary', 0) : UNDECIDED;
  }
  const from = startOfContent(head, length);
  // However many blanks there are, what follows counts.
  if (from === length) return { ...UNDECIDED, at: length > 16 ? length - 1 : 0 };
  const byte = head[from];
  if (byte === OPEN_BRACE || byte === 0x5b) return detectJson(head, from, length);
  if (byte === 0x16) return detectTls(head, from, length);
  const letters = inLowerCase(head, from, Math.min(length, from + LONGEST_START));
  for (const start of HTTP_STARTS) {
    const match = begins(letters, 0, letters.length, start);
    if (match !== 'no') return match === 'yes' ? found('http', from) : UNDECIDED;
  }
  const proxy = begins(head, from, length, PROXY_START);
  if (proxy !== 'no') return proxy === 'yes' ? found('proxy-line', from) : UNDECIDED;
  return from === 0 ? detectOthers(head, length, scanner) : detectRemainder(head, from, length);
}

function found(framing: Detection['framing'], at: number): Detection {
  return { framing, at, inside: false };
}

/** Openings that only count as the very first bytes of a direction. */
function detectOthers(head: Uint8Array, length: number, scanner: BodyScanner): Detection {
  if (head[0] === 4 || head[0] === 5) {
    if (length === 1) return UNDECIDED;
    // SOCKS: command 1 of version 4; 1 to 16 methods of version 5.
    const isSocks4 = head[0] === 4 && head[1] === 1;
    const isSocks5 = head[0] === 5 && head[1] > 0 && head[1] <= 16;
    return isSocks4 ? found('socks4', 0) : isSocks5 ? found('socks5', 0) : FOREIGN;
  }
  let first: Detection['framing'] | null = null;
  for (const [framing, starts] of OTHERS) {
    const match = starts(head, length, scanner);
    // What may still be an earlier one is no later one's yet, however the bytes arrive. A length may be any bytes: lines
    // of text do not wait for it.
    const isFree = first === null || (first === 'json' && framing === 'text-lines');
    if (match === 'yes' && isFree) return found(framing, 0);
    if (match === 'part') first ??= framing;
  }
  return first === null ? detectRemainder(head, 0, length) : UNDECIDED;
}

type Starts = (head: Uint8Array, length: number, scanner: BodyScanner) => 'yes' | 'part' | 'no';
const OTHERS: readonly (readonly [Detection['framing'], Starts])[] = [
  // The head of a frame could be the length of an object as well, and the rarer one is the length.
  ['websocket', startsWebSocket],
  ['json', startsSizedObject],
  ...FRAME_FORMATS.map(({ id, starts }): readonly [FrameFormatId, Starts] => [id, starts]),
  ['text-lines', startsTextLines],
];

/** Skips a byte order mark and white space. */
function startOfContent(head: Uint8Array, length: number): number {
  let at = length >= 3 && head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  // The first bytes of a mark wait for its last.
  if (at === 0 && length < 3 && head[0] === 0xef && (length === 1 || head[1] === 0xbb)) return length;
  while (at < length && (isBlank(head[at]) || isSeparator(head, at, length))) at++;
  return at;
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === CR || byte === LF || byte === 0x09;
}

/**
 * Vertical tabs, form feeds and separators (RFC 7464 2.2: 0x1e), if what follows does not show that they are parts of a
 * length.
 */
function isSeparator(head: Uint8Array, from: number, length: number): boolean {
  let at = from;
  while (at < length && (head[at] === 0x0b || head[at] === 0x0c || (head[at] >= 0x1c && head[at] <= 0x1f)))
    at++;
  if (at === from) return false;
  return at === length || isBlank(head[at]) || head[at] === OPEN_BRACE || head[at] === 0x5b;
}

/** `{` must be followed by a key or `}`, `[` by an object. */
function detectJson(head: Uint8Array, from: number, length: number): Detection {
  let at = from + 1;
  while (at < length && isBlank(head[at])) at++;
  if (at === length) return length < HEAD_LIMIT ? UNDECIDED : FOREIGN;
  const isObject = head[from] === OPEN_BRACE && (head[at] === 0x22 || head[at] === CLOSE_BRACE);
  const isBatch = head[from] === 0x5b && head[at] === OPEN_BRACE;
  return isObject || isBatch ? found('json', from) : FOREIGN;
}

/** A record of type handshake (22), version 3.x, whose first message is a client (1) or server hello (2). */
function detectTls(head: Uint8Array, from: number, length: number): Detection {
  if (length > from + 1 && head[from + 1] !== 3) return FOREIGN;
  if (length > from + 2 && head[from + 2] > 4) return FOREIGN;
  if (length > from + 5 && head[from + 5] !== 1 && head[from + 5] !== 2) return FOREIGN;
  return length > from + 5 ? found('tls', from) : UNDECIDED;
}

/** The direction may have been met inside a JSON line: text without control characters whose line ends with `}`. */
function detectRemainder(head: Uint8Array, from: number, length: number): Detection {
  for (let at = from; at < length; at++) {
    const byte = head[at];
    if (byte === LF) {
      let last = at - 1;
      while (last > from && (head[last] === CR || head[last] === SPACE)) last--;
      return head[last] === CLOSE_BRACE ? { framing: 'json', at: at + 1, inside: true } : FOREIGN;
    }
    if (byte < SPACE && byte !== CR && byte !== 9) return FOREIGN;
  }
  return length < HEAD_LIMIT ? UNDECIDED : FOREIGN;
}

function inLowerCase(bytes: Uint8Array, from: number, to: number): Uint8Array {
  return bytes.slice(from, to).map((byte) => (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte));
}

function begins(bytes: Uint8Array, from: number, to: number, start: Uint8Array): 'yes' | 'part' | 'no' {
  const length = Math.min(start.length, to - from);
  for (let at = 0; at < length; at++) if (bytes[from + at] !== start[at]) return 'no';
  return length === start.length ? 'yes' : 'part';
}

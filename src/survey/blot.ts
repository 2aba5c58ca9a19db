/**
 * Passwords in packets that an audit carries become x's of the same length, so that everything else can still be read:
 * JSON members that hold one, the last parameter of a login by list, HTTP credentials, query strings, and the
 * handshake of SOCKS 5 (RFC 1929). A line that is met in its middle is kept where it shows what it is, and is blotted
 * out whole otherwise: it might be the rest of a password.
 */
import type { TapedPacket } from '../packets/tape.ts';

/** Longest stretch of one lane that is looked at as a whole; what lies beyond is left out. */
const MAX_SPAN = 256 * 1024;
const X = 0x78;

const MEMBER =
  /"(?:pass|password|passwd|pwd|secret|mining_key|authentication_token)"\s*:\s*"((?:[^"\\\0]|\\[^\0])*)/gi;
const QUERY = /[?&](?:pass|password|pwd|key)=([^&\s\0]*)/gi;
/** Lines of Duino-Coin: a mining key, a password. */
const LINES = /^(?:JOB,[^,\n\0]*,[^,\n\0]*,|LOGI,[^,\n\0]*,)([^\r\n\0]*)/gm;
const CREDENTIALS = /(?:authorization:\s*(?:basic|bearer|digest)?|cookie:)[ \t]*([^\r\n\0]*)/gi;
const LOGIN_METHOD = /"method"\s*:\s*"[^"]*(?:authori[sz]e|login|auth)[^"]*"/i;
const PARAMS = /"params"\s*:\s*\[/;
/** What no login holds. */
const NO_LOGIN =
  /"(?:nonce|result|blob|target|seed_hash|job_id|error|mining\.(?:submit|notify|set_)|eth_submitWork|eth_getWork)/;
/** The rest of a solution, coinbase or blob: longer than anybody's password. */
const LONG_HEX = /^[0-9a-fA-F]{128}/;
/** A lane that is met where a message begins: an object, a batch of them, an HTTP message; or nothing at all. */
const OPENING = /^\s*(?:\{|\[\s*\{|(?:GET|POST|PUT|HEAD|CONNECT|PROXY) |HTTP\/1|$)/;
const HEX_STRINGS = /"(?:0x)?[0-9a-fA-F]{8,}"/g;

export interface Blotted {
  readonly packets: readonly TapedPacket[];
  /** Lines that were blotted out whole. */
  readonly lines: number;
}

/** The packets without passwords. `isMidway`: what came before the first ones is not known. */
export function blotPasswords(packets: readonly TapedPacket[], isMidway: boolean): Blotted {
  const copies = packets.map((packet) => ({ ...packet, bytes: packet.bytes.slice() }));
  let lines = 0;
  for (const lane of [0, 1]) {
    const own = copies.filter((packet) => packet.lane === lane && packet.bytes.length > 0);
    const [first] = own;
    if (first === undefined) continue;
    const base = own.reduce(
      (low, { sequence }) => (((sequence - low) | 0) < 0 ? sequence : low),
      first.sequence,
    );
    const placed = own.map((packet) => ({ packet, at: (packet.sequence - base) | 0 }));
    const span = placed.reduce((end, { packet, at }) => Math.max(end, at + packet.bytes.length), 0);
    const whole = Buffer.alloc(Math.min(span, MAX_SPAN));
    // Forged numbers may lie more than half of the numbers apart, and then in front of the lowest.
    for (const { packet, at } of placed)
      if (at >= 0 && at < whole.length) whole.set(packet.bytes.subarray(0, whole.length - at), at);
    const text = whole.toString('latin1');
    if (isMidway && blotRest(whole, text)) lines++;
    blotMembers(whole, text);
    blotLogins(whole, text);
    blotCredentials(whole, text);
    blotSocks(whole);
    for (const { packet, at } of placed) {
      if (at >= 0 && at + packet.bytes.length <= whole.length)
        packet.bytes.set(whole.subarray(at, at + packet.bytes.length));
      else packet.bytes.fill(X);
    }
  }
  return { packets: copies, lines };
}

/**
 * True where one side masks what it says, as clients of WebSocket do (RFC 6455 5.3): anybody can take the mask off, but
 * what is under it cannot be blotted out in place.
 */
export function isMasked(packets: readonly TapedPacket[]): boolean {
  return packets.some(({ bytes }) => {
    const opcode = (bytes[0] ?? 0) & 0x0f;
    const isFrame =
      bytes.length > 6 && ((bytes[0] ?? 0) & 0x70) === 0 && (opcode <= 2 || opcode >= 8) && opcode <= 10;
    if (isFrame && (bytes[1] ?? 0) >= 0x80 && (bytes[0] ?? 0) !== 0) return true;
    return /upgrade:\s*websocket/i.test(Buffer.from(bytes).toString('latin1'));
  });
}

function blotRest(whole: Buffer, text: string): boolean {
  if (OPENING.test(text)) return false;
  // Up to a line that begins an object: a message may have line ends within.
  const end = text.search(/\n\s*[{[]/);
  const rest = text.slice(0, end < 0 ? text.length : end);
  const isTold =
    NO_LOGIN.test(rest) ||
    LONG_HEX.test(rest) ||
    /"pass(?:word)?"/.test(rest) ||
    (rest.match(HEX_STRINGS) ?? []).length >= 2;
  // Bytes that are no text hold no line of JSON.
  if (isTold || whole.subarray(0, rest.length).some(isControl)) return false;
  // Its brackets stay: by them it is known for the end of a message.
  whole.fill(X, 0, rest.replace(/[\s}\]]*$/, '').length);
  return true;
}

function isControl(byte: number): boolean {
  return (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) || byte === 0x7f;
}

function blotMembers(whole: Buffer, text: string): void {
  for (const pattern of [MEMBER, QUERY, LINES]) {
    for (const match of text.matchAll(pattern)) {
      const length = match[1].length;
      const end = match.index + match[0].length;
      whole.fill(X, end - length, end);
    }
  }
}

/** `"params":["user","password"]`: the last of several, and all behind the first where the list is cut. */
function blotLogins(whole: Buffer, text: string): void {
  for (const line of text.matchAll(/[^\n\0]+/g)) {
    for (const object of line[0].matchAll(/\{[^{}]*\}?/g)) {
      const params = PARAMS.exec(object[0]);
      const isWhole = object[0].endsWith('}');
      if (params === null || (isWhole ? !LOGIN_METHOD.test(object[0]) : NO_LOGIN.test(object[0]))) continue;
      const from = params.index + params[0].length;
      const list = /^[^\]]*/.exec(object[0].slice(from))?.[0] ?? '';
      const isOpen = from + list.length === object[0].length;
      const words = [...list.matchAll(/"((?:[^"\\]|\\.)*)"?/g)].slice(1);
      for (const word of isOpen ? words : words.slice(-1)) {
        const at = line.index + object.index + from + word.index + 1;
        whole.fill(X, at, at + word[1].length);
      }
    }
  }
}

function blotCredentials(whole: Buffer, text: string): void {
  for (const match of text.matchAll(CREDENTIALS)) {
    const [, said] = match;
    const at = match.index + match[0].length - said.length;
    const user = /basic/i.test(match[0])
      ? Buffer.from(said, 'base64').toString('latin1').split(':')[0]
      : null;
    const length = Buffer.from(said, 'base64').length;
    const kept =
      user === null ? '' : Buffer.from(`${user}:`.padEnd(length, 'x'), 'latin1').toString('base64');
    if (kept.length === said.length) whole.write(kept, at, 'latin1');
    else whole.fill(X, at, at + said.length);
  }
}

/** Greeting (version 5, count, methods), then version 1, user and password, each with its length in front. */
function blotSocks(whole: Buffer): void {
  const at = 2 + (whole[1] ?? 0);
  // Method 2 must have been offered; a request (5, 1, 0, 1, address) has the same numbers elsewhere.
  if (whole[0] !== 5 || whole[at] !== 1 || !whole.subarray(2, at).includes(2)) return;
  const userBytes = whole[at + 1] ?? 0;
  const passwordAt = at + 2 + userBytes;
  whole.fill(X, at + 2, Math.min(whole.length, passwordAt));
  whole.fill(X, passwordAt + 1, Math.min(whole.length, passwordAt + 1 + (whole[passwordAt] ?? 0)));
}

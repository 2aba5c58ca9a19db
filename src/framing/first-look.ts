/**
 * A look at the first payload of a flow, in place: most flows are TLS or plain web visits, and for those a server
 * name is all that a later question can need. What a look settles needs no framing, no buffers and no objects.
 * Only a first flight that is whole in one segment is settled; anything else is framed properly.
 */

/** The look settles nothing: frame the flow. */
export const UNSETTLED = 0;
/** A TLS client hello, whole. */
export const TLS_HELLO = 1;
/** An HTTP GET or HEAD without a body, an upgrade or a field that mining over HTTP has. */
export const WEB_VISIT = 2;

const LETTER_G = 0x47;
const HANDSHAKE = 0x16;
const CR = 0x0d;
const LF = 0x0a;
const SPACE = 0x20;

export class FirstLook {
  /** Where the server name (TLS) or Host value (HTTP) lies; equal where there is none. */
  nameFrom = 0;
  nameTo = 0;
  /** Where the request target lies (HTTP). */
  targetFrom = 0;
  targetTo = 0;
  /** The client says which protocols it speaks inside of TLS (ALPN): browsers and web libraries do, miners do not. */
  hasAlpn = false;

  /** Looks at bytes[from, to), the whole first segment of a lane. */
  look(bytes: Uint8Array, from: number, to: number): number {
    this.nameFrom = 0;
    this.nameTo = 0;
    this.hasAlpn = false;
    if (bytes[from] === HANDSHAKE) return this.#clientHello(bytes, from, to) ? TLS_HELLO : UNSETTLED;
    if (bytes[from] === LETTER_G) return this.#get(bytes, from, to) ? WEB_VISIT : UNSETTLED;
    return UNSETTLED;
  }

  /** The host or server name in lower case; '' where there was none. */
  name(bytes: Uint8Array): string {
    let text = '';
    for (let i = this.nameFrom; i < this.nameTo; i++) text += String.fromCharCode(bytes[i]);
    return text.toLowerCase();
  }

  /** RFC 8446 4.1.2: record header 5, handshake header 4, version 2, random 32, then lists with their lengths. */
  #clientHello(bytes: Uint8Array, from: number, to: number): boolean {
    if (to - from < 48 || bytes[from + 1] !== 3 || bytes[from + 5] !== 1) return false;
    const end = from + 9 + ((bytes[from + 6] << 16) | (bytes[from + 7] << 8) | bytes[from + 8]);
    const recordEnd = from + 5 + ((bytes[from + 3] << 8) | bytes[from + 4]);
    if (end > to || end > recordEnd) return false;
    let at = from + 43;
    at += 1 + bytes[at]; // session id
    if (at + 2 > end) return false;
    at += 2 + ((bytes[at] << 8) | bytes[at + 1]); // cipher suites
    if (at + 1 > end) return false;
    at += 1 + bytes[at]; // compression methods
    if (at === end) return true; // no extensions
    if (at + 2 > end) return false;
    at += 2;
    while (at + 4 <= end) {
      const type = (bytes[at] << 8) | bytes[at + 1];
      const length = (bytes[at + 2] << 8) | bytes[at + 3];
      at += 4;
      if (at + length > end) return false;
      if (type === 16) this.hasAlpn = true;
      // server_name (RFC 6066 3): list length 2, name type 1, name length 2, name.
      if (type === 0 && length >= 5 && bytes[at + 2] === 0) {
        const nameLength = (bytes[at + 3] << 8) | bytes[at + 4];
        if (5 + nameLength > length) return false;
        this.nameFrom = at + 5;
        this.nameTo = at + 5 + nameLength;
      }
      at += length;
    }
    return at === end;
  }

  /** RFC 9112 2 and 3: request line, fields, empty line, nothing behind it. */
  #get(bytes: Uint8Array, from: number, to: number): boolean {
    if (to - from < 18 || bytes[from + 1] !== 0x45 || bytes[from + 2] !== 0x54 || bytes[from + 3] !== SPACE) {
      return false;
    }
    if (bytes[to - 1] !== LF || bytes[to - 2] !== CR || bytes[to - 3] !== LF || bytes[to - 4] !== CR)
      return false;
    let at = from + 4;
    this.targetFrom = at;
    while (at < to && bytes[at] !== SPACE && bytes[at] > SPACE) at++;
    this.targetTo = at;
    if (bytes[at + 1] !== 0x48 || bytes[at + 2] !== 0x54) return false; // HT(TP/1.1)
    const last = to - 4;
    while (at < last) {
      while (at < last && bytes[at] !== LF) at++;
      at++;
      if (at >= last) break;
      switch (bytes[at] | 0x20) {
        case 0x68: // h(ost)
          if (isField(bytes, at, to, HOST)) this.#value(bytes, at + HOST.length, to);
          break;
        case 0x75: // u(pgrade), u(ser-agent)
          if (isField(bytes, at, to, UPGRADE) || this.#namesMiner(bytes, at, to)) return false;
          break;
        case 0x63: // c(ontent-length)
          if (isField(bytes, at, to, CONTENT_LENGTH)) return false;
          break;
        case 0x74: // t(ransfer-encoding)
          if (isField(bytes, at, to, TRANSFER_ENCODING)) return false;
          break;
        case 0x78: // x-…: mining over HTTP has fields of its own
          if (bytes[at + 1] === 0x2d && isMiningField(bytes, at + 2, to)) return false;
          break;
        case 0x0d: // an empty line before the end: another request follows
          return false;
        default:
      }
    }
    return true;
  }

  /** A User-Agent other than a browser's ("Mozilla/…") is worth a proper reading. */
  #namesMiner(bytes: Uint8Array, at: number, to: number): boolean {
    if (!isField(bytes, at, to, USER_AGENT)) return false;
    let value = at + USER_AGENT.length;
    while (value < to && bytes[value] === SPACE) value++;
    return (
      (bytes[value] | 0x20) !== 0x6d ||
      (bytes[value + 1] | 0x20) !== 0x6f ||
      (bytes[value + 2] | 0x20) !== 0x7a
    );
  }

  #value(bytes: Uint8Array, at: number, to: number): void {
    let start = at;
    while (start < to && bytes[start] === SPACE) start++;
    let end = start;
    while (end < to && bytes[end] !== CR && bytes[end] !== 0x3a) end++;
    this.nameFrom = start;
    this.nameTo = end;
  }
}

function codes(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

const HOST = codes('host:');
const UPGRADE = codes('upgrade:');
const USER_AGENT = codes('user-agent:');
const CONTENT_LENGTH = codes('content-length:');
const TRANSFER_ENCODING = codes('transfer-encoding:');
/** Second words of the fields that mining over HTTP has (docs/protocols.md 3.1, 3.3). */
const MINING_FIELDS = ['mining', 'stratum', 'long', 'roll', 'hash'].map(codes);

function isField(bytes: Uint8Array, at: number, to: number, field: Uint8Array): boolean {
  if (at + field.length > to) return false;
  for (let i = 0; i < field.length; i++) {
    const byte = bytes[at + i];
    if ((byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte) !== field[i]) return false;
  }
  return true;
}

function isMiningField(bytes: Uint8Array, at: number, to: number): boolean {
  for (const word of MINING_FIELDS) if (isField(bytes, at, to, word)) return true;
  return false;
}

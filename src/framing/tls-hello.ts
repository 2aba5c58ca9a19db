/**
 * The first TLS record(s) of a lane to what they say in clear: server name (RFC 6066) and protocols (RFC 7301).
 * A hello may span records and segments; what is missing at the end is left out, never guessed. Everything after
 * the hello is ignored, fingerprints included.
 */
export interface Hello {
  readonly role: 'client' | 'server';
  readonly serverName: string;
  readonly alpn: readonly string[];
}

/** Longest hello that is read, bytes; longer ones are read up to here. */
export const HELLO_LIMIT = 16 * 1024;

const HANDSHAKE_RECORD = 22;
const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;
const SERVER_NAME = 0;
const ALPN = 16;

/** Takes the handshake bytes out of records until the hello is whole. */
export class HelloCollector {
  private hello = new Uint8Array(4);
  private length = 0;
  private readonly header = new Uint8Array(5);
  private headerLength = 0;
  private recordLeft = 0;
  private ended = false;

  /** True once the hello is whole, too long, or followed by something else. */
  get done(): boolean {
    return this.ended || this.length >= Math.min(HELLO_LIMIT, this.wanted);
  }

  /** Bytes that the hello claims, header included. */
  private get wanted(): number {
    const { hello } = this;
    return this.length < 4 ? 4 : 4 + ((hello[1] << 16) | (hello[2] << 8) | hello[3]);
  }

  /** Takes the next bytes of the lane; answers how many were used. */
  push(bytes: Uint8Array, from: number, to: number): number {
    let at = from;
    while (at < to && !this.done) {
      if (this.recordLeft === 0) {
        this.header[this.headerLength++] = bytes[at++];
        if (this.headerLength === 5) this.openRecord();
      } else {
        if (this.length === 4 && this.hello.length === 4) this.makeRoom();
        this.hello[this.length++] = bytes[at++];
        if (--this.recordLeft === 0) this.headerLength = 0;
      }
    }
    return at - from;
  }

  /** True where the end of the hello did not come. */
  get cut(): boolean {
    return this.length < this.wanted;
  }

  /** What the collected bytes say, or null where they are no hello. */
  read(): Hello | null {
    return readHello(this.hello.subarray(0, Math.min(this.length, this.wanted)));
  }

  /** The hello's own header tells its length, so that nothing larger is allocated. */
  private makeRoom(): void {
    const whole = new Uint8Array(Math.min(HELLO_LIMIT, this.wanted));
    whole.set(this.hello);
    this.hello = whole;
  }

  private openRecord(): void {
    const { header } = this;
    this.recordLeft = (header[3] << 8) | header[4];
    // An empty record, or another type in the middle of a hello, ends it.
    if (header[0] !== HANDSHAKE_RECORD || header[1] !== 3 || this.recordLeft === 0) this.ended = true;
  }
}

function readHello(hello: Uint8Array): Hello | null {
  const role = hello[0] === CLIENT_HELLO ? 'client' : hello[0] === SERVER_HELLO ? 'server' : null;
  if (role === null) return null;
  // type 1, length 3, version 2, random 32, then session id with its length in front.
  let at = 38;
  at += 1 + byteAt(hello, at);
  if (role === 'client') {
    at += 2 + shortAt(hello, at); // cipher suites
    at += 1 + byteAt(hello, at); // compression methods
  } else {
    at += 3; // the chosen suite and compression
  }
  let serverName = '';
  let alpn: readonly string[] = [];
  const end = Math.min(hello.length, at + 2 + shortAt(hello, at));
  at += 2;
  while (at + 4 <= end) {
    const type = shortAt(hello, at);
    const length = shortAt(hello, at + 2);
    const body = at + 4;
    if (body + length > end) break;
    if (type === SERVER_NAME && role === 'client') serverName = readServerName(hello, body, body + length);
    if (type === ALPN) alpn = readAlpn(hello, body, body + length);
    at = body + length;
  }
  return { role, serverName, alpn };
}

/** ServerNameList: length 2, then entries of type 1, length 2, name; type 0 is a host name. */
function readServerName(hello: Uint8Array, from: number, to: number): string {
  let at = from + 2;
  while (at + 3 <= to) {
    const length = shortAt(hello, at + 1);
    if (at + 3 + length > to) return '';
    if (hello[at] === 0) {
      const name = ascii(hello, at + 3, at + 3 + length).toLowerCase();
      return /^[a-z0-9_.-]{1,255}$/.test(name) ? name.replace(/\.$/, '') : '';
    }
    at += 3 + length;
  }
  return '';
}

/** ProtocolNameList: length 2, then names with one length byte each. */
function readAlpn(hello: Uint8Array, from: number, to: number): string[] {
  const names: string[] = [];
  let at = from + 2;
  while (at < to && names.length < 16) {
    const length = hello[at];
    if (length === 0 || at + 1 + length > to) break;
    const name = ascii(hello, at + 1, at + 1 + length);
    if (/^[!-~]+$/.test(name)) names.push(name);
    at += 1 + length;
  }
  return names;
}

function byteAt(bytes: Uint8Array, at: number): number {
  return at < bytes.length ? bytes[at] : 0;
}

function shortAt(bytes: Uint8Array, at: number): number {
  return at + 1 < bytes.length ? (bytes[at] << 8) | bytes[at + 1] : 0;
}

function ascii(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1');
}

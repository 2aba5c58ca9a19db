/**
 * The first TLS record(s) of a direction to what they say in clear: the client's hello, or the server's with its
 * certificate. Both may span records and segments; what is missing at the end is left out, never guessed.
 * Everything after them is ignored.
 */
import { appended, shortAt } from './bytes.ts';
import { readClientHello } from './client-hello.ts';
import type { DirectionReader } from './direction-reader.ts';
import type { DirectionSink, Said } from './message.ts';
import { readServerHandshake, SERVER_HELLO, tripleAt, wantedOfServer } from './server-handshake.ts';

/** Longest hello, or hello and certificate, that is read, bytes; longer ones are read up to here. */
export const HELLO_LIMIT = 24 * 1024;

const HANDSHAKE_RECORD = 22;
const CLIENT_HELLO = 1;

/** Takes the handshake bytes out of records until what is read in clear is whole. */
export class HelloCollector implements DirectionReader {
  status: 'open' | 'passed' | 'closed' = 'open';
  /** What follows cannot be read, whether this ends or not. */
  readonly isInside = false;
  private hello: Uint8Array = new Uint8Array(0);
  private length = 0;
  private readonly header = new Uint8Array(5);
  private headerLength = 0;
  private recordLeft = 0;
  private ended = false;
  /** Handshake bytes that are wanted, as far as those at hand tell. */
  private wanted = 4;
  private wireBytes = 0;

  constructor(private readonly sink: DirectionSink) {}

  /** True once the handshake is whole as far as it is read, too long, or followed by something else. */
  private get done(): boolean {
    return this.ended || this.length >= Math.min(HELLO_LIMIT, this.wanted);
  }

  push(bytes: Uint8Array, from: number, to: number): number {
    let at = from;
    while (at < to && !this.done) {
      if (this.recordLeft === 0) {
        this.header[this.headerLength++] = bytes[at++];
        if (this.headerLength === 5) this.openRecord();
        continue;
      }
      const count = Math.min(to - at, this.recordLeft, Math.min(HELLO_LIMIT, this.wanted) - this.length);
      this.hello = appended(this.hello, this.length, bytes.subarray(at, at + count));
      this.length += count;
      at += count;
      this.recordLeft -= count;
      if (this.recordLeft === 0) this.headerLength = 0;
      if (this.length === this.wanted) this.updateWanted();
    }
    this.wireBytes += at - from;
    if (this.done) this.end();
    return at;
  }

  gap(): void {
    this.end();
  }

  /** Says what the collected bytes say. */
  end(): void {
    this.status = 'closed';
    const said = this.read();
    if (said !== null) this.sink.say(said, this.wireBytes, this.cut);
  }

  /** True if the end of what was begun did not come. */
  get cut(): boolean {
    return this.length < this.wanted;
  }

  /** Null if they are not a hello. */
  private read(): Extract<Said, { readonly kind: 'tls-hello' }> | null {
    if (this.length < 4) return null;
    if (this.hello[0] === CLIENT_HELLO) {
      const client = readClientHello(this.hello, 4, this.length);
      if (client === null) return null;
      return {
        kind: 'tls-hello',
        role: 'client',
        serverName: client.serverName,
        alpn: client.alpn,
        client,
        server: null,
      };
    }
    const server = readServerHandshake(this.hello, this.length);
    if (server === null) return null;
    return { kind: 'tls-hello', role: 'server', serverName: '', alpn: server.alpn, client: null, server };
  }

  /** All of what was wanted is here: is there more to want? */
  private updateWanted(): void {
    const { hello, length } = this;
    if (hello[0] === CLIENT_HELLO) {
      if (length === 4) this.wanted = 4 + tripleAt(hello, 1);
    } else if (hello[0] === SERVER_HELLO) {
      const wanted = wantedOfServer(hello, length);
      if (wanted > length) this.wanted = wanted;
    } else this.ended = true;
  }

  private openRecord(): void {
    const { header } = this;
    this.recordLeft = shortAt(header, 3);
    // An empty record, or another type in the middle of a hello, ends it.
    if (header[0] !== HANDSHAKE_RECORD || header[1] !== 3 || this.recordLeft === 0) {
      this.ended = true;
      // A server that goes on to another record between two messages has said all: a resumed session.
      if (this.hello[0] === SERVER_HELLO && this.wanted - this.length === 4) this.wanted = this.length;
    }
  }
}

/**
 * Known secrets in packets, overwritten in place: passwords in JSON messages, forms, queries, URLs, command lines and request
 * headers, cookies, and mail addresses in logins and shares are learned in a first pass over the packets. A second pass
 * replaces each of their characters by x, also if they are escaped, in hex, base64 or UTF-16, split over two packets or masked
 * in frames of WebSocket. What has a place of its own, the password of SOCKS 5 (RFC 1929), the user of SOCKS 4 and tokens in
 * place of a subprotocol of WebSocket, is overwritten there, whatever it is; so are compressed frames of a client. Checksums
 * stay as they were, which shows what was changed. Left out: words of fewer than four letters elsewhere.
 */
import { SentSecrets, secretsIn } from '../evidence/secrets.ts';
import { parseObject } from '../framing/json.ts';
import type { FoundObject } from '../framing/object-scanner.ts';
import { socksSecrets } from '../framing/proxy.ts';
import { jsonText } from '../json.ts';
import { limits } from '../limits.ts';
import { under } from '../order.ts';
import type { PieceScanner } from '../packets/object-scanner.ts';
import type { CaptureRecord, Packet } from '../packets/packet.ts';
import { PacketKernel } from '../packets/packet-kernel.ts';
import { percentDecoded, writingsOf } from '../secret.ts';
import { type Hidden, MaskedFrames } from './masked-frames.ts';
import { SecretWords } from './secret-words.ts';

/** Text of a side that is kept, as what it says in secret may be split. */
const TAIL = 1024;
const FIELD =
  /(?:^|[?&;\s])(?:[\w.-]{0,64}[_.-])?(?:pass(?:word|wd)?|pwd|pin|secret|token|api_?key|key)=([^&\s]{4,512})/gi;
const HEADER = /^([\w-]{1,64}):\s*(.{1,4200}?)\s*$/dgm;
/** Clients that cannot set a header put a token there. */
const SUBPROTOCOL = 'sec-websocket-protocol';
const URL_USER = /\/\/[^\s/:@]{0,256}:[^\s/@]{1,256}@/g;
const DEEPEST = 8;
/** Methods that name who mines, and a mail address as one. */
const NAMES_USER = /auth|log_?in|submit/i;
const MAIL = /[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+/g;
const X = 0x78;

interface Side {
  readonly scanner: PieceScanner;
  readonly secrets: SentSecrets;
  tail: string;
  /** What was said first, as long as a handshake with a proxy may be. */
  head: string;
  /** Bytes in each pass so far. */
  learned: number;
  redacted: number;
  /** What is secret by its place in the bytes. */
  readonly places: (readonly [from: number, to: number])[];
  /** Frames of WebSocket, in each pass. */
  readonly frames: { readonly learned: MaskedFrames; readonly redacted: MaskedFrames };
}

export class Redaction {
  private readonly bodies = new PacketKernel({}, false).bodies;
  private readonly sides = new Map<string, Side>();
  private words: SecretWords | null = null;

  /** First pass: what the packet says in secret. Packets of one side come in their order. */
  learn(packet: Packet): void {
    const { payloadStart, payloadEnd } = packet;
    if (payloadEnd <= payloadStart) return;
    const side = this.sideOf(packet);
    const bytes = Buffer.from(packet.memory.u8.subarray(payloadStart, payloadEnd));
    const hidden = side.frames.learned.take(bytes);
    if (hidden !== null) mask(bytes, hidden.keys);
    side.scanner.push(bytes, 0, bytes.length);
    const { secrets } = side;
    const said = bytes.toString('latin1');
    const text = side.tail + said;
    const textAt = side.learned - side.tail.length;
    if (side.head.length < TAIL) {
      side.head += said;
      for (const place of socksSecrets(side.head)) side.places.push(place);
    }
    for (const [, word = ''] of text.matchAll(FIELD)) {
      secrets.add(word);
      secrets.add(percentDecoded(word.replaceAll('+', ' ')));
    }
    for (const [url] of text.matchAll(URL_USER)) for (const word of secretsIn(url)) secrets.add(word);
    for (const { 1: name = '', 2: value = '', indices } of text.matchAll(HEADER)) {
      const [from = 0, to = 0] = indices?.[2] ?? [];
      if (name.toLowerCase() === SUBPROTOCOL) side.places.push([textAt + from, textAt + to]);
      secrets.collectField(name.toLowerCase(), value);
      for (const word of secretsIn(value)) secrets.add(word);
    }
    side.tail = text.slice(-TAIL);
    side.learned += said.length;
  }

  private sideOf(packet: Packet): Side {
    const { source0, source1, source2, source3, sourcePort, destination3, destinationPort } = packet;
    const key = [source0, source1, source2, source3, sourcePort, destination3, destinationPort].join();
    return under(this.sides, key, () => {
      const secrets = new SentSecrets();
      const object = ({ bytes, from, to }: FoundObject): boolean => {
        const body = parseObject(bytes, from, to);
        if (body === null) return false;
        secrets.collect(body);
        for (const text of textsIn(body, 0)) for (const word of secretsIn(text)) secrets.add(word);
        if (typeof body.method === 'string' && NAMES_USER.test(body.method))
          for (const [mail] of (jsonText(body) ?? latin(bytes, from, to)).matchAll(MAIL)) secrets.add(mail);
        return true;
      };
      const scanner = this.bodies.open(limits.json, object);
      const frames = { learned: new MaskedFrames(), redacted: new MaskedFrames() };
      return { scanner, secrets, tail: '', head: '', learned: 0, redacted: 0, places: [], frames };
    });
  }

  /** Second pass: overwrites in the record what was learned. */
  redact(record: CaptureRecord, packet: Packet): void {
    const { dataAt: at, captured } = record;
    const bytes = record.memory.u8;
    this.words ??= new SecretWords(
      [...this.sides.values()].flatMap(({ secrets }) =>
        [...secrets.words].flatMap(writingsOf).map((word) => Buffer.from(word).toString('latin1')),
      ),
    );
    const hidden = this.redactPlaces(packet, bytes, at, at + captured);
    if (this.words.isEmpty) return;
    // The payload of a datagram that was put together lies elsewhere: then all of the record is looked at.
    const isInside = packet.payloadStart >= at && packet.payloadEnd <= at + captured;
    const [from, to] = isInside ? [packet.payloadStart, packet.payloadEnd] : [at, at + captured];
    const part = bytes.subarray(from, to);
    if (hidden !== null) mask(part, hidden.keys);
    for (const [begin, end] of [...this.words.places(latin(part, 0, part.length))]) part.fill(X, begin, end);
    if (hidden !== null) mask(part, hidden.keys);
  }

  /** Returns what hides the bytes of the payload. That of a datagram that was put together lies elsewhere. */
  private redactPlaces(
    packet: Packet,
    bytes: Uint8Array,
    recordAt: number,
    recordEnd: number,
  ): Hidden | null {
    const { payloadStart, payloadEnd } = packet;
    if (payloadEnd <= payloadStart) return null;
    const side = this.sideOf(packet);
    const at = side.redacted;
    side.redacted += payloadEnd - payloadStart;
    if (payloadStart < recordAt || payloadEnd > recordEnd) return null;
    for (const [from, to] of side.places) {
      const [begin, end] = [Math.max(from, at), Math.min(to, side.redacted)];
      if (begin < end) bytes.fill(X, payloadStart + begin - at, payloadStart + end - at);
    }
    const hidden = side.frames.redacted.take(bytes.subarray(payloadStart, payloadEnd));
    for (const [from, to] of hidden?.compressed ?? []) bytes.fill(X, payloadStart + from, payloadStart + to);
    return hidden;
  }
}

/** Every text in a value of JSON. */
function* textsIn(value: unknown, depth: number): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null && depth <= DEEPEST)
    for (const each of Object.values(value)) yield* textsIn(each, depth + 1);
}

function latin(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, Math.max(0, to - from)).toString('latin1');
}

/** Hides bytes, or shows them: the same of both. */
function mask(bytes: Uint8Array, keys: Uint8Array): void {
  for (let at = 0; at < bytes.length; at++) bytes[at] ^= keys[at] ?? 0;
}

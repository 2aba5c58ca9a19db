/**
 * The two directions of a stream to messages, calls with their replies: bytes in order, and the JSON objects that the kernel finds
 * in them. Each direction finds its own framing, so that a JSON line in answer to an HTTP request, or to a TLS hello, is read as
 * what it is. Memory is bounded: two directions times one body or hello. No bytes make this throw.
 */

import type { PacketRef } from '../packet-ref.ts';
import { textOf } from './bytes.ts';
import { FRAMINGS } from './detect.ts';
import { DirectionFramer, type FramingState } from './direction-framer.ts';
import { Exchange } from './exchange.ts';
import { LEVEL } from './inner-streams.ts';
import { parseObject } from './json.ts';
import type { Direction, JsonObject, Message } from './message.ts';
import { NoiseWatch } from './noise.ts';
import type { BodyScanner, FoundObject, JsonStart } from './object-scanner.ts';
import { salvage } from './salvage.ts';

const NOWHERE: PacketRef = { timeUs: 0, record: 0, input: 0 };
/** A direction that says only foreign things for so long, while the other is silent, makes the stream foreign. */
const ONE_SIDED_LIMIT = 2048;
/** Bytes in front of what a binary message of BTCAgent says (src/kernel/packets/payload/agent-frame.ts). */
const AGENT_HEAD_BYTES = 4;

export class StreamPair {
  private readonly exchange: Exchange;
  private readonly directions: readonly [DirectionFramer, DirectionFramer];
  /** Made for streams that open as nothing else. */
  private noise: NoiseWatch | null = null;

  /** @param depth Connections that this one is carried in. */
  constructor(scanner: BodyScanner, depth = 0) {
    this.exchange = new Exchange(scanner, depth);
    this.directions = [new DirectionFramer(0, this.exchange), new DirectionFramer(1, this.exchange)];
  }

  /**
   * Takes `bytes[from, to)`, the next bytes of the direction, and the packet that carries them, which are valid during the call
   * only; answers the messages that are complete now.
   */
  accept(
    direction: Direction,
    bytes: Uint8Array,
    from: number,
    to: number,
    { timeUs, record, input }: PacketRef,
  ): readonly Message[] {
    const packet = { timeUs, record, input };
    this.noise?.push(direction, bytes, from, to, packet);
    const wasStill = this.directions[0].bytes + this.directions[1].bytes === 0;
    this.directions[direction].push(bytes, from, to, packet, this.directions[1 - direction]);
    if (wasStill) this.watchNoise(direction, bytes, from, to, packet);
    return this.taken(direction, packet);
  }

  /** What is complete, and what is in the streams that the connection carries. */
  private taken(direction: Direction, packet: PacketRef): readonly Message[] {
    const { inner, scanner, depth } = this.exchange;
    const messages = this.exchange.take();
    if (inner?.hasParts !== true) return messages;
    return [...messages, ...inner.read(direction, packet, () => new StreamPair(scanner, depth + 1))];
  }

  /** A message of another connection between the same ends is one of this one: the call that it is, or the reply to one. */
  adopt(message: Message): Message {
    return this.exchange.adopt(message);
  }

  /** Nobody wants to know what else is said in that one of its streams (`Message.channel`). */
  ignore(channel: number): void {
    this.exchange.inner?.ignore(channel % LEVEL);
  }

  /** Where the direction has begun to say JSON, told once: its objects follow, and no more of its bytes. Null if it has not. */
  takeJson(direction: Direction): JsonStart | null {
    const start = this.directions[direction].takeJson();
    // A handshake of Noise is no JSON.
    if (start !== null && this.noise?.status === 'open') this.noise = null;
    return start;
  }

  /** Takes an object of a direction that says JSON, or what stands between; null if the bytes are none. */
  acceptObject(
    direction: Direction,
    { bytes, from, to, wireBytes, kind }: FoundObject,
    { timeUs, record, input }: PacketRef,
  ): readonly Message[] | null {
    const { exchange } = this;
    this.directions[1 - direction].otherSpeaks();
    const cut = kind === 'cut';
    const arrival = { direction: direction, timeUs, record, input, bytes: wireBytes, cut, http: undefined };
    if (kind === 'agent') {
      const body = bytes.slice(from + AGENT_HEAD_BYTES, to);
      exchange.add({ ...arrival, kind: 'agent-frame', type: bytes[from + 1], body });
      return exchange.take();
    }
    const saved = cut ? salvage(textOf(bytes, from, to)) : null;
    const body = cut ? (saved?.body ?? null) : parseObject(bytes, from, to);
    if (body === null) return cut ? exchange.take() : null;
    const earlier = exchange.take();
    const message = exchange.messageOf(body, arrival, saved?.begun);
    return earlier.length === 0 ? [message] : [...earlier, message];
  }

  /** Takes an object that was found in the direction, which says JSON. */
  acceptValue(
    direction: Direction,
    body: JsonObject,
    wireBytes: number,
    { timeUs, record, input }: PacketRef,
  ): readonly Message[] {
    const { exchange } = this;
    this.directions[1 - direction].otherSpeaks();
    const arrival = { direction, timeUs, record, input, bytes: wireBytes, cut: false, http: undefined };
    exchange.add(exchange.messageOf(body, arrival));
    return exchange.take();
  }

  /** The direction, which said JSON, carries something else: its bytes follow again. */
  leaveJson(direction: Direction): void {
    this.directions[direction].framing = 'foreign';
  }

  /** Of a stream whose first bytes nobody knows, the sizes may still be those of a handshake. */
  private watchNoise(
    direction: Direction,
    bytes: Uint8Array,
    from: number,
    to: number,
    packet: PacketRef,
  ): void {
    const { framing } = this.directions[direction];
    if (framing !== 'foreign' && framing !== 'undecided') return;
    this.noise = new NoiseWatch(this.exchange);
    this.noise.push(direction, bytes, from, to, packet);
  }

  /** `missingBytes` of the direction are lost here; 0 if nobody knows how many. */
  gap(direction: Direction, missingBytes: number): readonly Message[] {
    this.directions[direction].gap(missingBytes);
    this.noise?.gap(direction, missingBytes);
    return this.taken(direction, NOWHERE);
  }

  /** True if the direction has begun a message, no object, whose end has not come. */
  isInside(direction: Direction): boolean {
    return this.directions[direction].isInside;
  }

  /** The stream is over: what is whole comes out, what is not comes out cut. */
  end(): readonly Message[] {
    this.directions[0].end();
    this.directions[1].end();
    this.noise?.end();
    return [...this.taken(0, NOWHERE), ...(this.exchange.inner?.endAll() ?? [])];
  }

  /** The strongest claim of the two directions, JSON first; foreign if neither can become any. */
  get state(): FramingState {
    const [a, b] = this.directions;
    for (const framing of FRAMINGS) {
      if (a.framing === framing || b.framing === framing) return framing;
    }
    if (this.noise?.status === 'matched') return 'opaque';
    return this.isDecided ? 'foreign' : 'undecided';
  }

  /** True if no further byte can make a message: the rest of the stream need not be pushed. */
  get isDecided(): boolean {
    const [a, b] = this.directions;
    if (this.noise !== null && this.noise.status !== 'failed') return false;
    if (!a.closed && !b.closed) return false;
    if (a.closed && b.closed) return true;
    const [open, closed] = a.closed ? [b, a] : [a, b];
    return open.bytes === 0 && closed.framing === 'foreign' && closed.bytes > ONE_SIDED_LIMIT;
  }

  /** True if a direction has spoken, and is not observed on all the same. */
  get isGivenUp(): boolean {
    return this.directions.some((direction) => direction.isGivenUp);
  }

  /** What could not be read: HTTP heads, bodies and messages above their limits, and bytes that were passed over. */
  get damage(): { readonly oversize: number; readonly passedBytes: number } {
    const [a, b] = this.directions;
    const { inner, http2 } = this.exchange;
    return {
      oversize: a.oversize + b.oversize + (inner?.oversize ?? 0) + (http2?.forgotten ?? 0),
      passedBytes: a.passedBytes + b.passedBytes + (inner?.passedBytes ?? 0),
    };
  }
}

/**
 * Conversations in prose: `conversation({ miner, pool }).connect().minerSays({ … }).poolReplies({ … }).after(12.5)`,
 * rendered to packets in one plain form or in any number of others (wording, batching, segmentation, noise, start in
 * the middle) that say the same. Messages are JSON lines; other framings go in as bytes.
 */
import type { CapturedPacket } from './capture-reader.ts';
import {
  ACK,
  ETHERNET,
  ethernetHeader,
  FIN,
  ipv4Header,
  ipv6Header,
  layersOf,
  PSH,
  RST,
  SYN,
  setTcpChecksum,
  TCP,
} from './layers.ts';
import { address } from './packet-builder.ts';
import { type Random, random } from './random.ts';
import { endpoint } from './truth.ts';
import { drawWording, jsonText, PLAIN, type Wording } from './wording.ts';

export interface ConversationOptions {
  /** 'ip:port', '[ipv6]:port'. */
  readonly miner: string;
  readonly pool: string;
  /** Time of the first packet, us since 1970. */
  readonly startUs?: number;
  /** Messages that change nothing, for the variants with noise between. */
  readonly noise?: { readonly miner?: readonly object[]; readonly pool?: readonly object[] };
}

/** How a conversation is put into packets. */
export interface Rendering {
  readonly wording: Wording;
  readonly lineEnd: '\n' | '\r\n';
  /** Consecutive messages of one side, with no time between, share a segment. */
  readonly batching: boolean;
  /** Largest segment; segments are drawn between 1 and this where `randomCuts`, else all but the last are full. */
  readonly segmentBytes: number;
  readonly randomCuts: boolean;
  /** Probability of noise before a message. */
  readonly noise: number;
  /** Leaves out everything before `captureMayStartHere`. */
  readonly fromTheMiddle: boolean;
  readonly seed: number;
}

const PLAINLY: Rendering = {
  wording: PLAIN,
  lineEnd: '\n',
  batching: false,
  segmentBytes: 1448,
  randomCuts: false,
  noise: 0,
  fromTheMiddle: false,
  seed: 1,
};

export interface Variant {
  readonly name: string;
  readonly rendering: Rendering;
  readonly packets: CapturedPacket[];
}

type Side = 'miner' | 'pool';
type Endpoint = ReturnType<typeof endpoint>;
/** A JSON value that travels in something else than a line: a WebSocket frame, an HTTP request. */
export class Framed {
  readonly value: object;
  readonly wrap: (text: string) => Uint8Array;

  constructor(value: object, wrap: (text: string) => Uint8Array) {
    this.value = value;
    this.wrap = wrap;
  }
}

/** A JSON value, text that goes out as it stands (with a line end), or bytes without one. */
export type Said = object | string | Uint8Array;

/** Payload of one segment, where packets are not needed. */
export interface Segmented {
  readonly side: 'miner' | 'pool';
  readonly timeUs: number;
  readonly bytes: Uint8Array;
}

type Step =
  | { readonly kind: 'connect' }
  | { readonly kind: 'says'; readonly side: Side; readonly said: Said }
  | { readonly kind: 'after'; readonly seconds: number }
  | { readonly kind: 'middle' }
  | { readonly kind: 'close' }
  | { readonly kind: 'reset'; readonly side: Side };

export class Conversation {
  readonly #options: ConversationOptions;
  readonly #steps: Step[] = [];
  /** The `id` of the miner's last call, for `poolReplies`. */
  #lastId: unknown;

  constructor(options: ConversationOptions) {
    this.#options = options;
  }

  /** The three packets of a TCP handshake. */
  connect(): this {
    return this.#add({ kind: 'connect' });
  }

  /** Messages of the miner, in a row. */
  minerSays(...messages: readonly Said[]): this {
    for (const said of messages) {
      if (typeof said === 'object' && 'id' in said) this.#lastId = said.id;
      this.#add({ kind: 'says', side: 'miner', said });
    }
    return this;
  }

  /** Messages of the pool, in a row. */
  poolSays(...messages: readonly Said[]): this {
    for (const said of messages) this.#add({ kind: 'says', side: 'pool', said });
    return this;
  }

  /** Answers the miner's last call: its `id` is put in front. */
  poolReplies(reply: object): this {
    return this.poolSays({ id: this.#lastId, ...reply });
  }

  /** Seconds pass. */
  after(seconds: number): this {
    return this.#add({ kind: 'after', seconds });
  }

  /** Variants that start in mid-session begin here. */
  captureMayStartHere(): this {
    return this.#add({ kind: 'middle' });
  }

  /** FIN from the miner, FIN from the pool. */
  close(): this {
    return this.#add({ kind: 'close' });
  }

  reset(side: Side = 'pool'): this {
    return this.#add({ kind: 'reset', side });
  }

  /** What is said, in order. */
  get said(): readonly Said[] {
    return this.#steps.flatMap((step) => (step.kind === 'says' ? [step.said] : []));
  }

  /** The same conversation of another miner, where these things are said instead; also at another pool or time. */
  retold(miner: string, said: readonly Said[], more: Partial<ConversationOptions> = {}): Conversation {
    const told = new Conversation({ ...this.#options, miner, ...more });
    let at = 0;
    for (const step of this.#steps)
      told.#add(step.kind === 'says' ? { ...step, said: said[at++] ?? step.said } : step);
    return told;
  }

  toPackets(rendering: Partial<Rendering> = {}): CapturedPacket[] {
    const whole = { ...PLAINLY, ...rendering };
    const draw = random(whole.seed);
    return render(this.#options, this.#steps, whole, draw, new Wire(this.#options, draw));
  }

  /** The payloads alone, at a fraction of the price. */
  toSegments(rendering: Partial<Rendering> = {}): Segmented[] {
    const whole = { ...PLAINLY, ...rendering };
    return render(this.#options, this.#steps, whole, random(whole.seed), new Payloads(this.#options));
  }

  /** The same conversation in `count` drawn renderings. Without a marked middle, all start at the beginning. */
  *variants(count: number, seed = 1): Generator<Variant> {
    for (const { name, rendering } of this.renderings(count, seed)) {
      yield { name, rendering, packets: this.toPackets(rendering) };
    }
  }

  /** The renderings that variants are made with. */
  *renderings(count: number, seed = 1): Generator<{ name: string; rendering: Rendering }> {
    const hasMiddle = this.#steps.some((step) => step.kind === 'middle');
    for (let index = 0; index < count; index++) {
      const draw = random(seed * 1_000_003 + index);
      const rendering: Rendering = {
        wording: drawWording(draw),
        lineEnd: draw.pick(['\n', '\r\n'] as const),
        batching: draw.chance(0.5),
        segmentBytes: draw.pick([1448, 1448, 200, 23, 1]),
        randomCuts: draw.chance(0.5),
        noise: draw.pick([0, 0, 0.2]),
        fromTheMiddle: hasMiddle && draw.chance(0.25),
        seed: seed + index,
      };
      yield { name: `variant ${index} of seed ${seed}`, rendering };
    }
  }

  #add(step: Step): this {
    this.#steps.push(step);
    return this;
  }
}

/** Starts to write a conversation. */
export function conversation(options: ConversationOptions): Conversation {
  return new Conversation(options);
}

const DEFAULT_NOISE = {
  miner: [{ id: 900_001, method: 'client.ping', params: [] }],
  pool: [{ id: null, method: 'client.show_message', params: ['maintenance at noon'] }],
};

/** Time between a packet and the next, where nothing else is said. */
const STEP_US = 400;
const START_US = 1_760_000_000_000_000;

/** Where a rendering goes: packets, or payloads alone. */
interface Medium<T> {
  readonly packets: T[];
  wait(seconds: number): void;
  connect(): void;
  close(): void;
  reset(side: Side): void;
  send(side: Side, bytes: Uint8Array, rendering: Rendering): void;
}

function render<T>(
  options: ConversationOptions,
  steps: readonly Step[],
  rendering: Rendering,
  draw: Random,
  wire: Medium<T>,
): T[] {
  let middle = 0;
  let pending: { side: Side; parts: Uint8Array[] } | null = null;
  const flush = (): void => {
    if (pending !== null) wire.send(pending.side, Buffer.concat(pending.parts), rendering);
    pending = null;
  };
  const say = (side: Side, bytes: Uint8Array): void => {
    if (pending !== null && (pending.side !== side || !rendering.batching)) flush();
    pending ??= { side, parts: [] };
    pending.parts.push(bytes);
  };
  for (const step of steps) {
    if (step.kind === 'says') {
      if (draw.chance(rendering.noise) && !(step.said instanceof Uint8Array)) {
        const noise = options.noise?.[step.side] ?? DEFAULT_NOISE[step.side];
        if (noise.length > 0) say(step.side, lineOf(draw.pick(noise), rendering, draw));
      }
      say(step.side, lineOf(step.said, rendering, draw));
      continue;
    }
    flush();
    if (step.kind === 'connect') wire.connect();
    else if (step.kind === 'after') wire.wait(step.seconds);
    else if (step.kind === 'middle') middle = wire.packets.length;
    else if (step.kind === 'close') wire.close();
    else wire.reset(step.side);
  }
  flush();
  return rendering.fromTheMiddle ? wire.packets.slice(middle) : wire.packets;
}

function lineOf(said: Said, rendering: Rendering, draw: Random): Uint8Array {
  if (said instanceof Uint8Array) return said;
  if (said instanceof Framed) return said.wrap(jsonText(said.value, rendering.wording, draw));
  const text = typeof said === 'string' ? said : jsonText(said, rendering.wording, draw);
  return Buffer.from(text + rendering.lineEnd);
}

/** The payloads of a connection. */
class Payloads implements Medium<Segmented> {
  readonly packets: Segmented[] = [];
  #timeUs: number;

  constructor(options: ConversationOptions) {
    this.#timeUs = options.startUs ?? START_US;
  }

  wait(seconds: number): void {
    this.#timeUs += Math.round(seconds * 1e6);
  }

  connect(): void {
    this.#timeUs += 3 * STEP_US;
  }

  close(): void {}
  reset(): void {}

  send(side: Side, bytes: Uint8Array, rendering: Rendering): void {
    const draw = random(rendering.seed + this.packets.length);
    for (let at = 0; at < bytes.length; ) {
      const size = rendering.randomCuts ? draw.between(1, rendering.segmentBytes) : rendering.segmentBytes;
      const part = bytes.subarray(at, at + size);
      at += part.length;
      this.packets.push({ side, timeUs: this.#timeUs, bytes: part });
      this.#timeUs += STEP_US;
    }
  }
}

/** One TCP connection as its packets: sequence numbers, acknowledgements and time. */
class Wire implements Medium<CapturedPacket> {
  readonly packets: CapturedPacket[] = [];
  readonly #ends: Readonly<Record<Side, Endpoint>>;
  readonly #next: Record<Side, number>;
  #timeUs: number;
  #id = 1;

  constructor(options: ConversationOptions, draw: Random) {
    this.#ends = { miner: endpoint(options.miner), pool: endpoint(options.pool) };
    this.#next = { miner: draw.below(2 ** 32), pool: draw.below(2 ** 32) };
    this.#timeUs = options.startUs ?? START_US;
  }

  wait(seconds: number): void {
    this.#timeUs += Math.round(seconds * 1e6);
  }

  connect(): void {
    this.#packet('miner', SYN);
    this.#packet('pool', SYN | ACK);
    this.#packet('miner', ACK);
  }

  close(): void {
    this.#packet('miner', FIN | ACK);
    this.#packet('pool', FIN | ACK);
    this.#packet('miner', ACK);
  }

  reset(side: Side): void {
    this.#packet(side, RST | ACK);
  }

  /** Sends the bytes in segments; the other side acknowledges the last. */
  send(side: Side, bytes: Uint8Array, rendering: Rendering): void {
    const draw = random(rendering.seed + this.packets.length);
    for (let at = 0; at < bytes.length; ) {
      const size = rendering.randomCuts ? draw.between(1, rendering.segmentBytes) : rendering.segmentBytes;
      const part = bytes.subarray(at, at + size);
      at += part.length;
      this.#packet(side, at === bytes.length ? PSH | ACK : ACK, part);
    }
    this.#packet(side === 'miner' ? 'pool' : 'miner', ACK);
  }

  #packet(side: Side, flags: number, content: Uint8Array = new Uint8Array(0)): void {
    const other = side === 'miner' ? 'pool' : 'miner';
    const from = this.#ends[side];
    const to = this.#ends[other];
    const bytes = frame(from, to, {
      sequence: this.#next[side],
      acknowledgement: (flags & ACK) === 0 ? 0 : this.#next[other],
      flags,
      id: this.#id++ & 0xffff,
      content,
    });
    this.packets.push({ timeUs: this.#timeUs, linkType: ETHERNET, bytes, wireBytes: bytes.length });
    const advance = content.length + ((flags & SYN) === 0 ? 0 : 1) + ((flags & FIN) === 0 ? 0 : 1);
    this.#next[side] = (this.#next[side] + advance) >>> 0;
    this.#timeUs += STEP_US;
  }
}

interface Segment {
  readonly sequence: number;
  readonly acknowledgement: number;
  readonly flags: number;
  readonly id: number;
  readonly content: Uint8Array;
}

/** An Ethernet frame with one TCP segment. */
function frame(from: Endpoint, to: Endpoint, segment: Segment): Uint8Array {
  const source = address(from.ip);
  const destination = address(to.ip);
  const isIpv6 = source.length === 16;
  const payloadBytes = 20 + segment.content.length;
  const ip = isIpv6
    ? ipv6Header({ source, destination, next: TCP, proxies: 64, payloadBytes })
    : ipv4Header({ source, destination, protocol: TCP, payloadBytes, id: segment.id });
  const header = new Uint8Array(20);
  const view = new DataView(header.buffer);
  view.setUint16(0, from.port);
  view.setUint16(2, to.port);
  view.setUint32(4, segment.sequence);
  view.setUint32(8, segment.acknowledgement);
  header[12] = 5 << 4;
  header[13] = segment.flags;
  view.setUint16(14, 64_240);
  const link = ethernetHeader(isIpv6 ? 0x86dd : 0x0800);
  const bytes = Uint8Array.from(Buffer.concat([link, ip, header, segment.content]));
  const layers = layersOf({ timeUs: 0, linkType: ETHERNET, bytes, wireBytes: bytes.length });
  if (layers !== null) setTcpChecksum(bytes, layers);
  return bytes;
}

/**
 * The streams that are multiplexed in a connection, each a stream pair of its own, whose messages say which one they came
 * in. Their number is bounded: the one that has been silent longest is forgotten for a new one, and read from its middle if it goes on.
 */
import type { PacketRef } from '../packet-ref.ts';
import type { Direction, JsonObject, Message } from './message.ts';
import { ObjectPieces } from './object-pieces.ts';
import type { JsonStart } from './object-scanner.ts';

/** Streams of a connection that are read at once, and those that are known to say nothing of interest. */
const MOST_STREAMS = 64;
const MOST_IGNORED = 4096;
/** What the number of a stream within a stream is multiplied by. */
export const LEVEL = 2 ** 25;

/** What is asked of the stream pair of an inner stream. */
interface Pair {
  accept(
    direction: Direction,
    bytes: Uint8Array,
    from: number,
    to: number,
    packet: PacketRef,
  ): readonly Message[];
  takeJson(direction: Direction): JsonStart | null;
  acceptValue(
    direction: Direction,
    body: JsonObject,
    wireBytes: number,
    packet: PacketRef,
  ): readonly Message[];
  leaveJson(direction: Direction): void;
  gap(direction: Direction, missing: number): readonly Message[];
  end(): readonly Message[];
  readonly state: string;
  readonly damage: { readonly oversize: number; readonly passedBytes: number };
}

/** Something that happens in a stream, in the order in which it was framed. */
type Part =
  | { readonly kind: 'bytes'; readonly stream: number; readonly bytes: Uint8Array }
  | { readonly kind: 'gap'; readonly stream: number; readonly missing: number }
  | { readonly kind: 'end'; readonly stream: number; readonly isReset: boolean };

interface InnerStream {
  readonly pair: Pair;
  /** What finds the objects of a direction that says JSON; null if it does not. */
  readonly pieces: [ObjectPieces | null, ObjectPieces | null];
  readonly isOver: [boolean, boolean];
}

export class InnerStreams {
  /** Streams that were forgotten, or are above the limits of what they carry, and bytes that were passed over. */
  oversize = 0;
  passedBytes = 0;
  private readonly streams = new Map<number, InnerStream>();
  private readonly ignored = new Set<number>();
  private parts: Part[] = [];

  get hasParts(): boolean {
    return this.parts.length > 0;
  }

  add(part: Part): void {
    if (!this.ignored.has(part.stream)) this.parts.push(part);
    else if (part.kind === 'bytes') this.passedBytes += part.bytes.length;
    else if (part.kind === 'end' && part.isReset) this.ignored.delete(part.stream);
  }

  /** True if anybody wants to know what the stream says. */
  wants(stream: number): boolean {
    return !this.ignored.has(stream);
  }

  /** What has come since this was asked last, which `direction` sent in this packet, to messages. */
  read(direction: Direction, packet: PacketRef, make: () => Pair): Message[] {
    const messages: Message[] = [];
    const { parts } = this;
    this.parts = [];
    for (const part of parts) {
      const { stream } = part;
      const said =
        part.kind === 'bytes'
          ? this.bytes(this.open(stream, make), direction, part.bytes, packet)
          : part.kind === 'gap'
            ? this.gap(stream, direction, part.missing)
            : this.end(stream, direction, part.isReset);
      tell(messages, said, stream);
      if (this.streams.get(stream)?.pair.state === 'foreign') this.ignore(stream);
    }
    return messages;
  }

  /** Nobody wants to know what else the stream says. */
  ignore(stream: number): void {
    if (this.streams.has(stream)) this.close(stream, true);
    if (this.ignored.size >= MOST_IGNORED) {
      const [oldest] = this.ignored;
      this.ignored.delete(oldest);
    }
    this.ignored.add(stream);
  }

  /** The connection is over. */
  endAll(): Message[] {
    const messages: Message[] = [];
    for (const stream of [...this.streams.keys()]) tell(messages, this.close(stream, false), stream);
    return messages;
  }

  private open(stream: number, make: () => Pair): InnerStream {
    const known = this.streams.get(stream);
    if (known === undefined && this.streams.size >= MOST_STREAMS) {
      const [oldest] = this.streams.keys();
      this.close(oldest, true);
      this.oversize++;
    }
    const found: InnerStream = known ?? { pair: make(), pieces: [null, null], isOver: [false, false] };
    // The one that spoke last stands last.
    this.streams.delete(stream);
    this.streams.set(stream, found);
    return found;
  }

  private bytes(
    { pair, pieces }: InnerStream,
    direction: Direction,
    bytes: Uint8Array,
    packet: PacketRef,
  ): readonly Message[] {
    let own = pieces[direction];
    if (own === null || own.isForeign) {
      const messages = pair.accept(direction, bytes, 0, bytes.length, packet);
      const start = pair.takeJson(direction);
      if (start === null) return messages;
      own = new ObjectPieces();
      pieces[direction] = own;
      return [...messages, ...objects(pair, own, direction, start, packet)];
    }
    const messages = objects(pair, own, direction, { bytes, from: 0, to: bytes.length }, packet);
    if (own.isForeign) pair.leaveJson(direction);
    return messages;
  }

  private gap(stream: number, direction: Direction, missing: number): readonly Message[] {
    const found = this.streams.get(stream);
    found?.pieces[direction]?.gap();
    return found?.pair.gap(direction, missing) ?? [];
  }

  private end(stream: number, direction: Direction, isReset: boolean): readonly Message[] {
    const found = this.streams.get(stream);
    if (found === undefined) return [];
    found.isOver[direction] = true;
    return isReset || (found.isOver[0] && found.isOver[1]) ? this.close(stream, false) : [];
  }

  private close(stream: number, isForgotten: boolean): readonly Message[] {
    const found = this.streams.get(stream);
    if (found === undefined) return [];
    this.streams.delete(stream);
    const messages = isForgotten ? [] : found.pair.end();
    const { oversize, passedBytes } = found.pair.damage;
    this.oversize += oversize;
    this.passedBytes += passedBytes;
    for (const pieces of found.pieces) {
      this.oversize += pieces?.oversize ?? 0;
      this.passedBytes += pieces?.passedBytes ?? 0;
    }
    return messages;
  }
}

function objects(
  pair: Pair,
  pieces: ObjectPieces,
  direction: Direction,
  { bytes, from, to }: { bytes: Uint8Array; from: number; to: number },
  packet: PacketRef,
): Message[] {
  const messages: Message[] = [];
  pieces.push(bytes, from, to, (object, wireBytes) =>
    messages.push(...pair.acceptValue(direction, object, wireBytes, packet)),
  );
  return messages;
}

/** Adds the messages of a stream, each with the number of that. */
function tell(all: Message[], said: readonly Message[], stream: number): void {
  for (const message of said) {
    // The same object goes on: an answer knows its call by it.
    message.channel = (message.channel ?? 0) * LEVEL + stream;
    all.push(message);
  }
}

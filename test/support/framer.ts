/** Streams on their own, fed as the packet engine feeds them: a kernel without packets finds their objects. */
import { addressWords } from '../../src/address.ts';
import type { FramingState } from '../../src/framing/direction-framer.ts';
import type { Message } from '../../src/framing/message.ts';
import type { BodyScanner } from '../../src/framing/object-scanner.ts';
import { StreamPair } from '../../src/framing/stream-pair.ts';
import { limits } from '../../src/limits.ts';
import type { PacketRef } from '../../src/packet-ref.ts';
import { PacketKernel } from '../../src/packets/packet-kernel.ts';
import type { Stream } from '../../src/packets/stream.ts';
import { AT } from '../../src/schema/packets-memory.ts';
import type { FlowEnds } from '../../src/sessions/stream-facts.ts';
import { endpoint } from './truth.ts';

/** LINE_START of src/kernel/packets/payload/objects.ts, and how much of something else ends a direction of JSON. */
const LINE_START = 3;
const FOREIGN_BYTES = 1024 * 1024;
const STEP = 64 * 1024;

let kernel: PacketKernel | null = null;

function kernelAlone(): PacketKernel {
  kernel ??= new PacketKernel({}, false);
  return kernel;
}

export function bodiesAlone(): BodyScanner {
  return kernelAlone().bodies;
}

/** The part of a stream that takes something. */
type Fed = Required<Pick<Stream, 'payload' | 'object' | 'leaveJson'>> & Pick<Stream, 'gap' | 'end'>;

export class Feed {
  readonly #stream: Fed;
  readonly #scanners: [number, number] = [0, 0];
  #last: PacketRef = { timeUs: 0, record: 0, input: 0 };

  constructor(stream: Fed) {
    this.#stream = stream;
  }

  push(direction: 0 | 1, bytes: Uint8Array, from: number, to: number, packet: PacketRef): void {
    this.#last = { ...packet };
    if (this.#isJson(direction)) {
      this.#scan(direction, bytes, from, to);
      return;
    }
    const start = this.#stream.payload(direction, bytes, from, to, packet);
    if (start === null) return;
    const at = kernelAlone().calls.openScanner(limits.json, true);
    this.#scanners[direction] = at;
    if (start.isLineStart) rowOf(at).mode = LINE_START;
    this.#scan(direction, start.bytes, start.from, start.to);
  }

  /** A text or bytes in a packet of their own. */
  says(direction: 0 | 1, said: string | Uint8Array, record = 1): void {
    const bytes = typeof said === 'string' ? Buffer.from(said) : said;
    this.push(direction, bytes, 0, bytes.length, { timeUs: 1_700_000_000e6, record, input: 0 });
  }

  gap(direction: 0 | 1, missing: number, isCut = false): void {
    this.#cut(direction);
    this.#stream.gap(direction, missing, isCut, { timeUs: 1_700_000_000e6, record: 1, input: 0 });
  }

  end(): void {
    const { calls } = kernelAlone();
    const counts = this.#scanners.map((at) => {
      if (at === 0) return null;
      const { oversize, passedBytes, errorLines, relayLines, junkLines } = rowOf(at);
      const isInside = calls.isInsideObject(at) !== 0;
      return {
        isInside,
        bytesBehind: 0,
        isWhole: junkLines === 0,
        oversize,
        passedBytes,
        errorLines,
        relayLines,
      };
    });
    for (const direction of [0, 1] as const) this.#cut(direction);
    this.#stream.end([counts[0] ?? null, counts[1] ?? null]);
    for (const at of this.#scanners) if (at !== 0) calls.closeScanner(at);
    this.#scanners.fill(0);
  }

  #isJson(direction: 0 | 1): boolean {
    const at = this.#scanners[direction];
    return at !== 0 && rowOf(at).junk < FOREIGN_BYTES;
  }

  #scan(direction: 0 | 1, bytes: Uint8Array, from: number, to: number): void {
    const at = this.#scanners[direction];
    // The bytes of a packet are overwritten.
    const own = bytes.slice(from, to);
    this.#give(direction, () => {
      for (let next = 0; next < own.length; next += STEP)
        kernelAlone().calls.scan(at, AT.scratch, kernelAlone().put(own.subarray(next, next + STEP)));
    });
    if (!this.#isJson(direction)) this.#stream.leaveJson(direction);
  }

  #cut(direction: 0 | 1): void {
    if (!this.#isJson(direction)) return;
    const at = this.#scanners[direction];
    this.#give(direction, () => kernelAlone().calls.endBody(at));
    rowOf(at).mode = LINE_START;
  }

  #give(direction: 0 | 1, call: () => void): void {
    kernelAlone().bodies.give((found) => this.#stream.object(direction, found, this.#last), call);
  }
}

function rowOf(at: number): PacketKernel['rows']['scanner'] {
  const { scanner } = kernelAlone().rows;
  scanner.at = at;
  return scanner;
}

/** A stream pair alone: what each call completes goes to the listener. */
class Framer extends Feed {
  readonly #pair: StreamPair;

  constructor(message: (message: Message) => unknown) {
    const pair = new StreamPair(bodiesAlone());
    const give = (messages: readonly Message[] | null): boolean => {
      for (const each of messages ?? []) message(each);
      return messages !== null;
    };
    super({
      payload: (direction, bytes, from, to, packet) => {
        give(pair.accept(direction, bytes, from, to, packet));
        return pair.takeJson(direction);
      },
      object: (direction, found, packet) => give(pair.acceptObject(direction, found, packet)),
      leaveJson: (direction) => pair.leaveJson(direction),
      gap: (direction, missing) => give(pair.gap(direction, missing)),
      end: () => give(pair.end()),
    });
    this.#pair = pair;
  }

  get state(): FramingState {
    return this.#pair.state;
  }

  get isDecided(): boolean {
    return this.#pair.isDecided;
  }

  get isGivenUp(): boolean {
    return this.#pair.isGivenUp;
  }

  get damage(): StreamPair['damage'] {
    return this.#pair.damage;
  }
}

export function framerFor({ message }: { message(message: Message): unknown }): Framer {
  return new Framer(message);
}

/** One whose messages are collected. */
export function framing(): { readonly framer: Framer; readonly messages: Message[] } {
  const messages: Message[] = [];
  return { framer: new Framer((message) => messages.push(message)), messages };
}

/** The two ends of a flow, the opener's first, each 'ip:port'. */
export function flowBetween(opener: string, other: string, sawStart = true): FlowEnds {
  const ends = [endpoint(opener), endpoint(other)] as const;
  return {
    endpoint: (_, direction, target) => {
      target.set(addressWords(ends[direction].ip) ?? []);
      return ends[direction].port;
    },
    sawStart: () => sawStart,
    isTunnelled: () => false,
    isEnclosed: () => false,
  };
}

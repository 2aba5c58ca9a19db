/** Streams on their own, fed as the packet engine feeds them: a kernel without packets finds their objects. */
import type { FramingState } from '../../src/framing/direction-framer.ts';
import type { Message } from '../../src/framing/message.ts';
import type { BodyScanner, FoundObject, ObjectCounts } from '../../src/framing/object-scanner.ts';
import { StreamPair } from '../../src/framing/stream-pair.ts';
import { limits } from '../../src/limits.ts';
import { OBJECT_KINDS } from '../../src/packets/object-scanner.ts';
import { PacketKernel } from '../../src/packets/packet-kernel.ts';
import type { Stream } from '../../src/packets/stream.ts';
import type { Place } from '../../src/place.ts';
import { AT } from '../../src/schema/packets-memory.ts';

/** LINE_START of src/kernel/packets/payload/objects.ts, and how much of something else ends a direction of JSON. */
const LINE_START = 3;
const FOREIGN_BYTES = 1024 * 1024;

let taker: ((found: FoundObject) => boolean) | null = null;
let kernel: PacketKernel | null = null;

function kernelAlone(): PacketKernel {
  if (kernel !== null) return kernel;
  const made = new PacketKernel({}, false);
  const { found } = made.bodies;
  made.bodies.found = (from, to, wireBytes, kind) =>
    taker?.({ bytes: made.bytes, from, to, wireBytes, kind: OBJECT_KINDS[kind] ?? 'whole' }) ??
    found.call(made.bodies, from, to, wireBytes, kind);
  kernel = made;
  return made;
}

export function bodiesAlone(): BodyScanner {
  return kernelAlone().bodies;
}

/** What a stream is fed with: only the part of a stream that takes something. */
type Fed = Pick<Stream, 'payload' | 'object' | 'leaveJson' | 'gap' | 'end'>;

export class Feed {
  readonly #stream: Fed;
  readonly #scanners: [number, number] = [0, 0];
  readonly #isForeign: [boolean, boolean] = [false, false];
  #last: Place = { timeUs: 0, record: 0, input: 0 };

  constructor(stream: Fed) {
    this.#stream = stream;
  }

  push(direction: 0 | 1, bytes: Uint8Array, from: number, to: number, packet: Place): void {
    this.#last = { ...packet };
    if (this.#scanners[direction] !== 0 && !this.#isForeign[direction]) {
      this.#scan(direction, bytes, from, to);
      return;
    }
    const start = this.#stream.payload(direction, bytes, from, to, packet);
    if (start === null) return;
    const { calls, rows } = kernelAlone();
    const at = calls.openScanner(limits.json, true);
    this.#scanners[direction] = at;
    rows.scanner.at = at;
    if (start.isLineStart) rows.scanner.mode = LINE_START;
    this.#scan(direction, start.bytes, start.from, start.to);
  }

  gap(direction: 0 | 1, missing: number, isCut = false): void {
    this.#cut(direction);
    this.#stream.gap(direction, missing, isCut);
  }

  end(): void {
    const counts = [this.#counts(0), this.#counts(1)] as const;
    for (const direction of [0, 1] as const) this.#cut(direction);
    this.#stream.end(counts);
    for (const at of this.#scanners.splice(0)) if (at !== 0) kernelAlone().calls.closeScanner(at);
    this.#scanners.push(0, 0);
  }

  #scan(direction: 0 | 1, bytes: Uint8Array, from: number, to: number): void {
    const { calls, rows } = kernelAlone();
    const at = this.#scanners[direction];
    const step = 64 * 1024;
    // The bytes of a packet are overwritten.
    const own = bytes.slice(from, to);
    this.#give(direction, () => {
      for (let next = 0; next < own.length; next += step)
        calls.scanBody(at, AT.scratch, kernelAlone().put(own, next, Math.min(own.length, next + step)));
    });
    rows.scanner.at = at;
    if (rows.scanner.junk < FOREIGN_BYTES) return;
    this.#isForeign[direction] = true;
    this.#stream.leaveJson(direction);
  }

  #cut(direction: 0 | 1): void {
    const { calls, rows } = kernelAlone();
    const at = this.#scanners[direction];
    if (at === 0 || this.#isForeign[direction]) return;
    this.#give(direction, () => calls.endBody(at));
    rows.scanner.at = at;
    rows.scanner.mode = LINE_START;
  }

  #give(direction: 0 | 1, call: () => void): void {
    const before = taker;
    taker = (found) => {
      const own = taker;
      taker = null;
      const isJson = this.#stream.object(direction, found, this.#last);
      taker = own;
      return isJson;
    };
    call();
    taker = before;
  }

  #counts(direction: 0 | 1): ObjectCounts {
    const { calls, rows } = kernelAlone();
    const at = this.#scanners[direction];
    if (at === 0) return { isInside: false, oversize: 0, passedBytes: 0, errorLines: 0, relayLines: 0 };
    rows.scanner.at = at;
    const { oversize, passedBytes, errorLines, relayLines } = rows.scanner;
    return { isInside: calls.isInsideObject(at) !== 0, oversize, passedBytes, errorLines, relayLines };
  }
}

/** A stream pair alone: what each call completes goes to the listener. */
class Framer extends Feed {
  readonly #pair: StreamPair;

  constructor(message: (message: Message) => void) {
    const pair = new StreamPair(bodiesAlone());
    const give = (messages: readonly Message[] | null): boolean => {
      messages?.forEach(message);
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

export function framerFor({ message }: { message(message: Message): void }): Framer {
  return new Framer(message);
}

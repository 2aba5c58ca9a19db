/**
 * The kernel for captures, driven: its memory and its functions. A run reads blocks of a file straight into the memory and
 * calls the kernel once a block; for the few packets that need an object it calls back.
 */
import { randomFillSync } from 'node:crypto';
import type * as Host from '../../dist/kernel/packets/host.d.ts';
import type * as Kernel from '../../dist/kernel/packets/index.d.ts';
import { type Calls, type KernelNumber, kernelMemory, startKernel } from '../kernel.ts';
import {
  AT,
  BLOCK_BYTES,
  CAPTURE_DAMAGE,
  CAPTURE_RECORD,
  CONTROL,
  COUNTS,
  DAMAGE,
  FLOW,
  FRAGMENTS,
  HEAP_BYTES,
  INPUT,
  INTERFACE,
  PACKET,
  PACKETS_MEMORY,
  SCANNER,
  SMALL_HEAP_BYTES,
  TIME_INTERVAL,
  TUNNEL,
  WATCH,
} from '../schema/packets-memory.ts';
import { Arrays, viewOf } from '../schema/view.ts';
import { KernelBodyScanner } from './object-scanner.ts';
import type { CaptureRecord, Packet } from './packet.ts';

export type CaptureKind = 'pcap' | 'pcapng';

/** One kind of damage of a capture; `at` is the byte offset, in the decompressed input, of the first. */
export interface DamageRow {
  readonly kind: (typeof CAPTURE_DAMAGE)[number];
  readonly count: number;
  readonly at: number;
}

/** What WebAssembly hands over: true and false are 1 and 0. */
type Told<Given> = { [I in keyof Given]: Given[I] extends boolean ? number : Given[I] };
/** What the kernel calls back; src/kernel/packets/host.ts says what each means. */
type PacketHost = {
  readonly [Name in keyof typeof Host]: (
    ...told: Told<Parameters<(typeof Host)[Name]>>
  ) => ReturnType<(typeof Host)[Name]>;
};

const { bytes: REGION_BYTES } = PACKETS_MEMORY;

/** An input of a kernel that waits while others are read. */
export interface SuspendedInput {
  readonly parts: readonly Uint8Array[];
  readonly held: number;
  readonly control: Readonly<
    Pick<PacketKernel['control'], 'aheadUs' | 'clockSetUs' | 'input' | 'isCopy' | 'isTwice'>
  >;
}

/** What nobody wants to hear. */
const NOTHING = (): number => 0;

export class PacketKernel {
  readonly bytes: Uint8Array;
  readonly calls: Calls<typeof Kernel>;
  readonly packet;
  readonly record;
  readonly counts;
  readonly control;
  readonly input;
  /** What became of fragments. */
  readonly fragments;
  /** One of many: who reads it places it. */
  readonly rows;
  /** What finds JSON objects in the bodies of messages. */
  readonly bodies: KernelBodyScanner = new KernelBodyScanner(this);
  private readonly exports: Readonly<Record<string, KernelNumber>>;
  private readonly heapAt: number;

  /** @param host For a run over flows, with memory for them; without, the kernel reads records alone. */
  constructor(host: Partial<PacketHost>, hasFlows: boolean) {
    const heapAt = hasFlows ? AT.heap : AT.watches;
    const heapEnd = heapAt + (hasFlows ? HEAP_BYTES : SMALL_HEAP_BYTES);
    const memory = kernelMemory(heapEnd);
    const objectInBody: PacketHost['objectInBody'] = (from, to, wireBytes, kind) =>
      this.bodies.found(from, to, wireBytes, kind);
    const calledBack = new Proxy(
      { ...host, objectInBody },
      { get: (own, name) => Reflect.get(own, name) ?? NOTHING },
    );
    const exports = startKernel<Calls<typeof Kernel> & Record<string, KernelNumber>>(
      'packets',
      memory,
      calledBack,
    );
    this.heapAt = heapAt;
    this.calls = exports;
    this.exports = exports;
    const arrays = new Arrays(memory.buffer);
    this.bytes = arrays.u8;
    this.packet = viewOf(PACKET, arrays, AT.packet);
    this.record = viewOf(CAPTURE_RECORD, arrays, AT.record);
    this.counts = viewOf(COUNTS, arrays, AT.counts);
    this.control = viewOf(CONTROL, arrays, AT.control);
    this.input = viewOf(INPUT, arrays, AT.input);
    this.fragments = viewOf(FRAGMENTS, arrays, AT.fragments);
    this.rows = {
      flow: viewOf(FLOW, arrays),
      tunnel: viewOf(TUNNEL, arrays),
      watch: viewOf(WATCH, arrays),
      scanner: viewOf(SCANNER, arrays),
      damage: viewOf(DAMAGE, arrays),
      interval: viewOf(TIME_INTERVAL, arrays),
    };
    for (const key of ['key', 'tunnelKey'] as const) randomFillSync(this.bytes, AT[key], REGION_BYTES[key]);
    this.calls.beginRun(heapAt, heapEnd);
    this.control.clear();
    this.control.eachRecord = hasFlows ? 0 : 1;
  }

  /** The kernel's own globals that a state keeps (src/kernel/packets/kept.ts). */
  globals(): Record<string, number> {
    const kept = Object.entries(this.exports).filter(([name]) => name.startsWith('kept_'));
    return Object.fromEntries(kept.map(([name, { value }]) => [name, value]));
  }

  setGlobals(values: Readonly<Record<string, number>>): void {
    for (const [name, value] of Object.entries(values)) this.exports[name].value = value;
  }

  beginInput(kind: CaptureKind): void {
    this.calls.beginInput(kind === 'pcap');
  }

  /** All that an input has in the memory while it is read, with the `held` bytes that are left: for another input to go on. */
  suspend(held: number): SuspendedInput {
    const { aheadUs, clockSetUs, input, isCopy, isTwice } = this.control;
    return {
      parts: this.ofInput(held).map((part) => part.slice()),
      held,
      control: { aheadUs, clockSetUs, input, isCopy, isTwice },
    };
  }

  resume({ parts: [input, ...parts], held, control }: SuspendedInput): void {
    // It says how much of the others there is.
    this.bytes.set(input, AT.input);
    for (const [i, part] of this.ofInput(held).slice(1).entries()) part.set(parts[i]);
    Object.assign(this.control, control);
  }

  /** The parts of the memory that belong to the input. */
  private ofInput(held: number): Uint8Array[] {
    const part = (at: number, bytes: number): Uint8Array => this.bytes.subarray(at, at + bytes);
    return [
      part(AT.input, REGION_BYTES.input),
      part(AT.damage, REGION_BYTES.damage),
      part(AT.intervals, REGION_BYTES.intervals),
      part(AT.interfaces, this.input.interfaces * INTERFACE.bytes),
      part(AT.block, held),
    ];
  }

  /** Where the next bytes go, behind the `held` ones that are left: at least `wanted`, as far as a record can be long. */
  room(held: number, wanted: number): Uint8Array {
    const from = AT.block + held;
    const most = REGION_BYTES.block - held;
    return this.bytes.subarray(from, from + Math.min(Math.max(BLOCK_BYTES, wanted), most));
  }

  /** Reads the whole records of the first `length` bytes there; returns how many are left, now at the front. */
  consume(length: number): number {
    return this.left(this.calls.consume(AT.block, AT.block + length), length);
  }

  /** The same of an input of which more may come later: returns how many bytes are the beginning of a record. */
  consumeGrowing(length: number): number {
    return this.left(this.calls.consumeGrowing(AT.block, AT.block + length), length);
  }

  /**
   * What is left at the end of the input: whole records after lost footing are still read, the rest is damage. Returns how many
   * bytes are left, now at the front: none unless it pauses.
   */
  finish(length: number): number {
    return this.left(this.calls.finish(AT.block, AT.block + length), length);
  }

  private left(from: number, length: number): number {
    this.bytes.copyWithin(AT.block, from, AT.block + length);
    return AT.block + length - from;
  }

  /** When the records of the input were, in intervals that are far apart; none if there are too many of them. */
  get intervals(): readonly Readonly<Record<keyof typeof TIME_INTERVAL.at, number>>[] {
    const found = [];
    const { interval } = this.rows;
    const end = AT.intervals + REGION_BYTES.intervals;
    for (interval.at = AT.intervals; interval.at < end; interval.at += TIME_INTERVAL.bytes) {
      const { firstUs, lastUs, records } = interval;
      if (records === 0) return found;
      found.push({ firstUs, lastUs, records });
    }
    return [];
  }

  /** Bytes that were in use for what waits, at most. */
  get heapBytes(): number {
    return this.exports.kept_heapTop.value - this.heapAt;
  }

  /** Damage of the current input, in order of first appearance. */
  damage(): readonly DamageRow[] {
    const rows: { row: DamageRow; order: number }[] = [];
    const { damage } = this.rows;
    for (const [number, kind] of CAPTURE_DAMAGE.entries()) {
      damage.at = AT.damage + number * DAMAGE.bytes;
      const { count, firstAt: at, order } = damage;
      if (order > 0) rows.push({ row: { kind, count, at }, order });
    }
    return rows.sort((a, b) => a.order - b.order).map(({ row }) => row);
  }

  /** Puts bytes, as many as there is room for, where the kernel finds them; returns where they end. */
  put(bytes: Uint8Array, from = 0, to = bytes.length): number {
    const count = Math.min(to - from, REGION_BYTES.scratch);
    this.bytes.set(
      from === 0 && count === bytes.length ? bytes : bytes.subarray(from, from + count),
      AT.scratch,
    );
    return AT.scratch + count;
  }
}

/** Receives a record while it is in place; `packet` is what was decoded, DECODED or a skip reason says how far. */
export type RecordListener = (record: CaptureRecord, packet: Packet, reason: number) => void;

/** A kernel that hands over every record of captures, decoded, for those who want them one by one. No flows are kept. */
export function eachRecord(listener: RecordListener): PacketKernel {
  const kernel: PacketKernel = new PacketKernel(
    { record: (reason) => listener(kernel.record, kernel.packet, reason) },
    false,
  );
  return kernel;
}

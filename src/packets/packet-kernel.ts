/**
 * The kernel for captures, driven: its memory, its functions, and where its fields lie. A run reads blocks of a file
 * straight into the memory and calls the kernel once a block; for the few packets that need an object it calls back.
 */
import { randomFillSync } from 'node:crypto';
import * as damageKind from '../kernel/packets/capture/damage-kind.ts';
import {
  BLOCK_BYTES,
  CONTROL_AT,
  DAMAGE_AT,
  DAMAGE_ROW_BYTES,
  FLOWS_END,
  FRAGMENTS_AT,
  HEAP_BYTES,
  INPUT_AT,
  INPUT_BYTES,
  INPUT_END,
  KEY_AT,
  KEY_BYTES,
  READER_AT,
  SCRATCH_AT,
  SCRATCH_BYTES,
  SMALL_HEAP_BYTES,
  STRETCH_BYTES,
  STRETCHES,
  STRETCHES_AT,
} from '../kernel/packets/memory.ts';
import { type KernelNumber, kernelMemory, startKernel } from '../kernel.ts';
import type { DamageKind, DamageRow } from './capture-damage.ts';
import { CaptureRecord } from './capture-record.ts';
import { KernelScanners, type ScannerCalls } from './object-scanner.ts';
import { Packet } from './packet.ts';
import type { CaptureKind, RecordReader } from './record-reader.ts';

/** Bytes of a lane, and where they were captured. */
type Told = [
  flow: number,
  lane: 0 | 1,
  from: number,
  to: number,
  timeUs: number,
  record: number,
  input: number,
];

/** What the kernel calls back; src/kernel/packets/host.ts says what each means. */
interface PacketHost {
  record(reason: number): void;
  dns(from: number, to: number, fits: number): void;
  exported(): void;
  candidate(flow: number, opens: number): void;
  payload(...of: Told): number;
  object(
    flow: number,
    lane: 0 | 1,
    from: number,
    to: number,
    wireBytes: number,
    kind: number,
    timeUs: number,
    record: number,
    input: number,
  ): number;
  gap(flow: number, lane: 0 | 1, missing: number, isCut: number): number;
  conflict(...of: Told): number;
  roundTrip(flow: number, lane: 0 | 1, tripUs: number): void;
  doubt(
    flow: number,
    lane: 0 | 1,
    doubt: number,
    count: number,
    timeUs: number,
    record: number,
    input: number,
  ): void;
  close(flow: number): number;
  named(flow: number, lane: 0 | 1, from: number, to: number): void;
  filled(slot: number): void;
  watched(flow: number, slot: number): void;
  flowEnded(flow: number): number;
  isNamed(flow: number): number;
}

interface Calls extends ScannerCalls {
  beginRun(heapFrom: number, heapTo: number): void;
  endFragments(): void;
  beginInput(isPcap: boolean): void;
  consume(from: number, to: number): number;
  finish(from: number, to: number): void;
  decodeFrame(at: number, captured: number, wireBytes: number, linkType: number, timeUs: number): number;
  hasGreeted(flow: number): number;
  greetingMayConcern(flow: number): number;
  hearGreeting(flow: number): void;
  forgetUndecided(): void;
  attachScanner(flow: number, lane: number, at: number): void;
  judgeDns(flow: number, lane: number, from: number, to: number, timeUs: number): number;
  addName(bitsAt: number, from: number, to: number): void;
  addPoll(from: number, to: number): void;
  addAddress(w0: number, w1: number, w2: number, w3: number): void;
  closeCandidate(flow: number): void;
  endFlows(): void;
  turnFlows(nowUs: number): void;
  isOpen(flow: number): number;
}

const WORDS: Readonly<Record<DamageKind, number>> = {
  empty: damageKind.EMPTY,
  'not-a-capture': damageKind.NOT_A_CAPTURE,
  'truncated-header': damageKind.TRUNCATED_HEADER,
  'truncated-record': damageKind.TRUNCATED_RECORD,
  'bad-record-length': damageKind.BAD_RECORD_LENGTH,
  'bad-wire-length': damageKind.BAD_WIRE_LENGTH,
  'bad-block-length': damageKind.BAD_BLOCK_LENGTH,
  'bad-section': damageKind.BAD_SECTION,
  'unknown-interface': damageKind.UNKNOWN_INTERFACE,
  'too-many-interfaces': damageKind.TOO_MANY_INTERFACES,
  'skipped-bytes': damageKind.SKIPPED_BYTES,
};

/** All that the kernel asks for by name, beside `object`. */
const CALLED_BACK = [
  ...(['record', 'dns', 'exported', 'candidate', 'payload', 'gap', 'conflict', 'roundTrip'] as const),
  ...(['doubt', 'close', 'named', 'filled', 'watched', 'flowEnded', 'isNamed'] as const),
];
/** The flow of objects in bytes that are not a stream's. */
const SCANNED = -1;

const FRAGMENT_COUNTS = [
  ...(['seen', 'reassembled', 'recoveredPackets', 'recoveredBytes'] as const),
  ...(['incomplete', 'repeated', 'overlapping', 'malformed', 'inFlight', 'held'] as const),
] as const;

/** What nobody wants to hear. */
const NOTHING = (): number => 0;

export class PacketKernel implements RecordReader {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly calls: Calls;
  /** The packet and the current record. */
  readonly packet: Packet;
  readonly record: CaptureRecord;
  /** What finds JSON objects in any bytes. */
  readonly scanners: KernelScanners = new KernelScanners(this);
  private readonly layout: Readonly<Record<string, KernelNumber>>;
  private readonly heapAt: number;

  /** @param host For a run over flows, with memory for them; without, the kernel reads records alone. */
  constructor(host: Partial<PacketHost>, hasFlows: boolean) {
    const heapAt = hasFlows ? FLOWS_END : INPUT_END;
    const heapEnd = heapAt + (hasFlows ? HEAP_BYTES : SMALL_HEAP_BYTES);
    const memory = kernelMemory(heapEnd);
    const exports = startKernel<Calls & Record<string, KernelNumber>>('packets', memory, {
      ...Object.fromEntries(CALLED_BACK.map((name) => [name, host[name] ?? NOTHING])),
      object: (...found: Parameters<PacketHost['object']>) => {
        if (found[0] !== SCANNED) return host.object?.(...found) ?? 0;
        const [, , from, to, wireBytes, kind] = found;
        return this.scanners.found(from, to, wireBytes, kind) ? 1 : 0;
      },
    });
    this.heapAt = heapAt;
    this.calls = exports;
    this.layout = exports;
    this.bytes = new Uint8Array(memory.buffer);
    this.view = new DataView(memory.buffer);
    randomFillSync(this.bytes, KEY_AT, 2 * KEY_BYTES);
    this.packet = new Packet(this);
    this.record = new CaptureRecord(this);
    this.calls.beginRun(heapAt, heapEnd);
    this.setControl('eachRecord', hasFlows ? 0 : 1);
  }

  /** Offset of a field in its row, by the names of src/kernel/packets/layout.ts. */
  offset(field: string): number {
    const { value } = this.layout[field] ?? fail(field);
    return value;
  }

  /** The kernel's own globals whose names match. */
  globals(names: RegExp): Record<string, number> {
    const found = Object.entries(this.layout).filter(([name]) => names.test(name));
    return Object.fromEntries(found.map(([name, { value }]) => [name, value]));
  }

  setGlobals(values: Readonly<Record<string, number>>): void {
    for (const [name, value] of Object.entries(values)) {
      const global = this.layout[name] ?? fail(name);
      global.value = value;
    }
  }

  setControl(field: string, value: number): void {
    this.view.setUint32(CONTROL_AT + this.offset(`control_${field}`), value, true);
  }

  setControlTime(field: string, timeUs: number): void {
    this.view.setFloat64(CONTROL_AT + this.offset(`control_${field}`), timeUs, true);
  }

  control(field: string): number {
    return this.view.getUint32(CONTROL_AT + this.offset(`control_${field}`), true);
  }

  controlSum(field: string): number {
    return this.view.getFloat64(CONTROL_AT + this.offset(`control_${field}`), true);
  }

  beginInput(kind: CaptureKind): void {
    this.calls.beginInput(kind === 'pcap');
  }

  /** Where bytes of the input go, behind `held` that are there already. */
  room(held: number, wanted: number): Uint8Array {
    const from = INPUT_AT + held;
    return this.bytes.subarray(from, from + Math.min(Math.max(BLOCK_BYTES, wanted), INPUT_BYTES - held));
  }

  /** Reads `length` bytes of the input; what is left, no whole record, comes to the front. Returns how much that is. */
  consume(length: number): number {
    const rest = this.calls.consume(INPUT_AT, INPUT_AT + length);
    this.bytes.copyWithin(INPUT_AT, rest, INPUT_AT + length);
    return INPUT_AT + length - rest;
  }

  finish(length: number): void {
    this.calls.finish(INPUT_AT, INPUT_AT + length);
  }

  get packets(): number {
    return this.input('packets');
  }

  get firstUs(): number {
    return this.input('firstUs');
  }

  get lastUs(): number {
    return this.input('lastUs');
  }

  /** When the records of the input were, in stretches that are far apart; none if there are too many of them. */
  get stretches(): readonly {
    readonly firstUs: number;
    readonly lastUs: number;
    readonly records: number;
  }[] {
    const found = [];
    for (let at = STRETCHES_AT; at < STRETCHES_AT + STRETCHES * STRETCH_BYTES; at += STRETCH_BYTES) {
      const [firstUs, lastUs, records] = [0, 8, 16].map((offset) => this.view.getFloat64(at + offset, true));
      if (records > 0) found.push({ firstUs, lastUs, records });
    }
    return found.length === STRETCHES ? [] : found;
  }

  get needed(): number {
    return this.view.getUint32(READER_AT + this.offset('input_needed'), true);
  }

  private input(field: string): number {
    return this.view.getFloat64(READER_AT + this.offset(`input_${field}`), true);
  }

  /** Bytes that were in use for what waits, at most. */
  get heapBytes(): number {
    return this.offset('kept_heapTop') - this.heapAt;
  }

  /** What became of fragments: src/kernel/packets/layers/fragments.ts says what each count means. */
  get fragments(): Readonly<Record<(typeof FRAGMENT_COUNTS)[number], number>> {
    const counts = FRAGMENT_COUNTS.map((field) => {
      const at = FRAGMENTS_AT + this.offset(`fragments_${field}`);
      return [field, this.view.getFloat64(at, true)] as const;
    });
    return Object.fromEntries(counts) as Record<(typeof FRAGMENT_COUNTS)[number], number>;
  }

  /** Damage of the current input, in order of first appearance. */
  damage(): readonly DamageRow[] {
    const rows: { row: DamageRow; order: number }[] = [];
    for (const [kind, number] of Object.entries(WORDS) as [DamageKind, number][]) {
      const at = DAMAGE_AT + number * DAMAGE_ROW_BYTES;
      const [count, first, order] = [0, 8, 16].map((offset) => this.view.getFloat64(at + offset, true));
      if (order > 0) rows.push({ row: { kind, count, at: first }, order });
    }
    return rows.sort((a, b) => a.order - b.order).map(({ row }) => row);
  }

  /** Puts bytes, as many as there is room for, where the kernel finds them; returns where they end. */
  put(bytes: Uint8Array, from = 0, to = bytes.length): number {
    const count = Math.min(to - from, SCRATCH_BYTES);
    this.bytes.set(
      from === 0 && count === bytes.length ? bytes : bytes.subarray(from, from + count),
      SCRATCH_AT,
    );
    return SCRATCH_AT + count;
  }
}

function fail(field: string): never {
  throw new Error(`the kernel has no field ${field}`);
}

/**
 * The kernel for captures, driven: its memory, its functions, and where its fields lie. A run reads blocks of a file
 * straight into the memory and calls the kernel once a block; for the few packets that need an object it calls back.
 */

import * as damageKind from '../kernel/packets/damage-kind.ts';
import {
  BLOCK_BYTES,
  CONTROL_AT,
  DAMAGE_AT,
  DAMAGE_ROW_BYTES,
  INPUT_AT,
  INPUT_BYTES,
  INPUT_END,
  MEMORY_END,
  READER_AT,
  SCRATCH_AT,
  SCRATCH_BYTES,
} from '../kernel/packets/memory.ts';
import { type KernelNumber, kernelMemory, startKernel } from '../kernel.ts';
import type { DamageKind, DamageRow } from '../readers/pcap/damage.ts';
import type { CaptureKind, RecordReader } from '../readers/pcap/record-reader.ts';
import { CaptureRecord } from './capture-record.ts';
import { Fragments } from './fragments.ts';
import { Packet } from './packet.ts';

/** What the kernel calls back; src/kernel/packets/host.ts says what each means. */
interface PacketHost {
  record(reason: number): void;
  dns(from: number, to: number, fits: number): void;
  exported(): void;
  candidate(flow: number, opens: number, begins: number): void;
  segment(flow: number, lane: 0 | 1): number;
  closed(flow: number): void;
  expire(): void;
  close(flow: number): number;
  named(flow: number, lane: 0 | 1, from: number, to: number): void;
  reorder(slot: number, lane: 0 | 1): void;
  settleOrder(slot: number): void;
  forgetOrder(slot: number): void;
  filled(slot: number): void;
  watched(flow: number, slot: number): void;
  flowEnded(flow: number): number;
}

interface Calls {
  beginRun(): void;
  beginInput(isPcap: boolean): void;
  consume(from: number, to: number): number;
  finish(from: number, to: number): void;
  decodeFrame(at: number, captured: number, wireBytes: number, linkType: number, timeUs: number): number;
  judgeHello(flow: number, from: number, to: number): number;
  judgeDns(flow: number, lane: number, from: number, to: number, timeUs: number): number;
  addName(from: number, to: number): void;
  addPoll(from: number, to: number): void;
  addAddress(w0: number, w1: number, w2: number, w3: number): void;
  certificateMayConcern(from: number, to: number): number;
  closeCandidate(flow: number): void;
  endFlows(): void;
  turnFlows(nowUs: number): void;
  isOpen(flow: number): number;
  isWatchKnown(slot: number, lane: number): number;
  watchNext(slot: number, lane: number): number;
  resumeWatch(slot: number, lane: number, next: number): void;
  missWatched(slot: number, lane: number, missing: number): void;
  takeWatched(slot: number, lane: number, from: number, to: number, timeUs: number): void;
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

const NOBODY: PacketHost = {
  record: () => {},
  dns: () => {},
  exported: () => {},
  candidate: () => {},
  segment: () => 0,
  closed: () => {},
  expire: () => {},
  close: () => 0,
  named: () => {},
  reorder: () => {},
  settleOrder: () => {},
  forgetOrder: () => {},
  filled: () => {},
  watched: () => {},
  flowEnded: () => 0,
};

export class PacketKernel implements RecordReader {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly calls: Calls;
  /** The packet and the record in hand. */
  readonly packet: Packet;
  readonly record: CaptureRecord;
  /** Fragments in flight and what became of them. */
  readonly fragments = new Fragments();
  private readonly layout: Readonly<Record<string, KernelNumber>>;

  /** @param host For a run over flows, with memory for them; without, the kernel reads records alone. */
  constructor(host: Partial<PacketHost>, hasFlows: boolean) {
    const memory = kernelMemory(hasFlows ? MEMORY_END : INPUT_END);
    const fragment = (dataAt: number, protocol: number, id: number, place: number): number =>
      this.fragment(dataAt, protocol, id, place);
    const exports = startKernel<Calls & Record<string, KernelNumber>>('packets', memory, {
      ...NOBODY,
      ...host,
      fragment,
    });
    this.calls = exports;
    this.layout = exports;
    this.bytes = new Uint8Array(memory.buffer);
    this.view = new DataView(memory.buffer);
    this.packet = new Packet(this);
    this.record = new CaptureRecord(this);
    this.calls.beginRun();
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

  get needed(): number {
    return this.view.getUint32(READER_AT + this.offset('input_needed'), true);
  }

  private input(field: string): number {
    return this.view.getFloat64(READER_AT + this.offset(`input_${field}`), true);
  }

  /** Damage of the input in hand, in order of first appearance. */
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

  private fragment(dataAt: number, protocol: number, id: number, place: number): number {
    const { packet } = this;
    const datagram = this.fragments.add({
      bytes: this.bytes,
      headerAt: packet.ipAt,
      headerBytes: packet.ipVersion === 4 ? 20 : 40,
      dataAt,
      dataEnd: packet.limit,
      wireEnd: packet.wireEnd,
      ipBytes: packet.ipBytes,
      protocol,
      id,
      offset: place & 0xffff,
      more: place > 0xffff,
      tunnels: packet.tunnels,
      timeUs: this.record.timeUs,
    });
    if (datagram === null) return -1;
    this.put(datagram.bytes);
    packet.present(SCRATCH_AT + datagram.captured, SCRATCH_AT + datagram.wireBytes, datagram.ipBytes);
    return datagram.protocol | (datagram.headerBytes << 8);
  }
}

function fail(field: string): never {
  throw new Error(`the kernel has no field ${field}`);
}

/**
 * The kernel of flow records (src/kernel/records/) as TypeScript drives it: functions to call, and its memory, of which each
 * struct is read by name (src/schema/records-memory.ts). One serves one reading at a time.
 */
import type * as Kernel from '../../dist/kernel/records/index.d.ts';
import { addressWords } from '../address.ts';
import { type Calls, growMemory, type KernelMemory, kernelMemory, startKernel } from '../kernel.ts';
import { RECORD } from '../schema/elements.ts';
import { AT, CELL, CELL_ROW, READING, RECORDS_MEMORY } from '../schema/records-memory.ts';
import { Arrays, viewOf } from '../schema/view.ts';
import type { NameRecord } from './flow-sink.ts';
import { beginSieve, listedBytes, NAMED, type SieveSetup } from './sieve.ts';

/** What the kernel asks of who reads rows with it, as src/kernel/records/host.ts says. */
export interface RowHost {
  toUtc(timeUs: number, marks: number): number;
}

/** What a record of NetFlow v9 or IPFIX says. */
export type RecordView = RecordsKernel['record'];

/** What reads a kind of text. */
type TextReader = `read${'Address' | 'Count' | 'Protocol' | 'Flags' | 'Time'}`;

const NOBODY: RowHost = { toUtc: (timeUs) => timeUs };

/** Bytes of memory before anything is listed. */
const MEMORY_BYTES = 24 * 1024 * 1024;
/** Bytes of a text that are looked at, if they have to be copied. */
const TEXT_BYTES = 256;
/** Bytes behind a text that is copied here, which are read with it. */
const BEHIND_TEXT = 64;
/** Longest name (RFC 1035 section 2.3.4). */
const MOST_NAME = 253;

export class RecordsKernel {
  readonly calls: Calls<typeof Kernel>;
  readonly arrays: Arrays;
  readonly bytes: Uint8Array<SharedArrayBuffer>;
  readonly view: DataView<SharedArrayBuffer>;
  /** What the last call has done and found. */
  readonly reading;
  /** What it has read of a text. */
  readonly cell;
  /** The row that a reader of cells fills. */
  readonly row;
  /** The record of NetFlow v9 or IPFIX that it has read last. */
  readonly record;
  /** Asked of the memory and of an array each time, their buffer would be looked up in the machine. */
  readonly #buffer: SharedArrayBuffer;
  #placed: Uint8Array = new Uint8Array(0);
  #placedAt = 0;
  /** Who reads rows with it. */
  host: RowHost = NOBODY;
  /** Whose plan of a table or of JSON the kernel has. */
  plan: object | null = null;

  /** `memory` is that of another thread's kernel, which this one is to work on. */
  constructor(readonly memory: KernelMemory = kernelMemory(MEMORY_BYTES)) {
    const { buffer } = memory;
    this.#buffer = buffer;
    this.arrays = new Arrays(buffer);
    this.bytes = new Uint8Array(buffer);
    this.view = new DataView(buffer);
    this.reading = viewOf(READING, this.arrays, AT.reading);
    this.cell = viewOf(CELL, this.arrays, AT.cell);
    this.row = viewOf(CELL_ROW, this.arrays, AT.cellRow);
    this.record = viewOf(RECORD, this.arrays, AT.record);
    this.calls = startKernel('records', memory, {
      toUtc: (timeUs: number, marks: number) => this.host.toUtc(timeUs, marks),
    });
    this.calls.clearTotals();
    this.sieve(null);
    this.setToday(Date.now());
  }

  /** It is this time for whoever reads times without a year, ms since 1970. */
  setToday(nowMs: number): void {
    this.calls.setToday(new Date(nowMs).getUTCFullYear(), Math.floor(nowMs / 86_400_000));
  }

  /** Forgets what another reading has left. */
  begin(): void {
    this.reading.clear();
    this.bytes.fill(0, AT.damage, AT.damage + RECORDS_MEMORY.bytes.damage);
    this.calls.beginRuns();
  }

  /** Where a place of these bytes is in memory: they lie there, or so many of them from that place on are copied. */
  place(bytes: Uint8Array, from: number, count: number): number {
    if (bytes === this.#placed) return this.#placedAt + from;
    if (bytes.buffer === this.#buffer) {
      this.#placed = bytes;
      this.#placedAt = bytes.byteOffset;
      return this.#placedAt + from;
    }
    const at = count > TEXT_BYTES ? AT.input : AT.text;
    const copied = bytes.subarray(from, from + Math.min(count, RECORDS_MEMORY.bytes.input));
    this.bytes.set(copied, at);
    this.bytes.fill(0, at + copied.length, at + copied.length + BEHIND_TEXT);
    return at;
  }

  /**
   * Reads a text that begins there, of which no more than 256 bytes are looked at; returns the offset behind it, -1 if there is
   * nothing of its kind. What it says is in `cell`.
   */
  read(what: TextReader, bytes: Uint8Array, from: number): number {
    const at = this.place(bytes, from, TEXT_BYTES);
    const end = this.calls[what](at);
    return end === 0 ? -1 : end + from - at;
  }

  /** Makes room for what is listed. */
  reserve(setup: SieveSetup): void {
    growMemory(this.memory, AT.listedBits + listedBytes({ listed: [NAMED, ...setup.listed] }));
  }

  /** From now on records that only count are counted by the kernel; with null, none. */
  sieve(setup: SieveSetup | null): void {
    this.calls.endSieve();
    const names = this.bytes.subarray(AT.poolNames, AT.poolNames + RECORDS_MEMORY.bytes.poolNames);
    if (setup?.names === undefined) names.fill(0xff);
    else names.set(setup.names);
    if (setup === null) return;
    this.reserve(setup);
    const listed = [NAMED, ...setup.listed];
    beginSieve(this.calls, new Uint8Array(this.memory.buffer), { ...setup, listed }, AT.listedBits);
  }

  /** Records of the server of this name are wanted from now on, if a pool may have it. */
  wantNamed({ name, server }: NameRecord): void {
    if (server === '' || !this.calls.mayHold(AT.poolNames, AT.text, this.putName(name))) return;
    const words = addressWords(server);
    if (words !== null) this.calls.listAddress(words[0], words[1], words[3]);
  }

  /** Puts a name where short texts lie; returns where it ends. Of one with other letters than ASCII's no pool is the owner. */
  putName(name: string): number {
    const text = Buffer.from(name.slice(-MOST_NAME), 'latin1');
    this.bytes.set(text, AT.text);
    return AT.text + text.length;
  }
}

/** Kernels that nobody uses: each keeps gigabytes of addresses, which the system gives back late. */
const idle: RecordsKernel[] = [];

/** A kernel for one reading. The caller gives it back. */
export function borrowKernel(): RecordsKernel {
  return idle.pop() ?? new RecordsKernel();
}

let texts: RecordsKernel | null = null;

/** A kernel for texts that lie elsewhere, read one at a time. */
export function textKernel(): RecordsKernel {
  texts ??= new RecordsKernel();
  return texts;
}

/** Bits of these names and of all below them, as a sieve has them. */
export function nameBits(names: Iterable<string>): Uint8Array {
  const kernel = textKernel();
  const bits = kernel.bytes.subarray(AT.plain, AT.plain + RECORDS_MEMORY.bytes.poolNames).fill(0);
  for (const name of names) kernel.calls.addName(AT.plain, AT.text, kernel.putName(name));
  return bits.slice();
}

export function returnKernel(kernel: RecordsKernel): void {
  kernel.sieve(null);
  kernel.host = NOBODY;
  kernel.calls.clearTotals();
  idle.push(kernel);
}

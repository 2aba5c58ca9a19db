/**
 * The kernel of flow records (src/kernel/records/) as TypeScript drives it: its functions, the numbers it keeps, and views
 * of its memory. One serves one reading at a time.
 */

import { beginSieve, listedBytes, type SieveCalls, type SieveSetup, writePorts } from './flows/sieve.ts';
import { INPUT_AT, INPUT_BYTES, LISTED_AT, TEXT_AT } from './kernel/records/memory.ts';
import { growMemory, type KernelMemory, type KernelNumber, kernelMemory, startKernel } from './kernel.ts';

/** What src/kernel/records/index.ts exports; what each is stands there. Places in memory are whole numbers. */
interface Exports extends SieveCalls {
  endSieve(): void;
  rowOnlyCounts(rowAt: number): number;
  clearTotals(): void;

  setToday(year: number, day: number): void;
  setDayFirst(isDayFirst: boolean): void;
  readAddress(at: number): number;
  readAddressValue(at: number, length: number): boolean;
  readAddressValues(
    from: number,
    end: number,
    base: number,
    fixed: number,
    count: number,
    target: number,
  ): number;
  readonly valuesAt: KernelNumber;
  readClock(at: number): number;
  readCount(at: number): number;
  readDay(at: number): number;
  isRefusal(from: number, to: number): number;
  readFlags(at: number): number;
  readProtocol(at: number): number;
  readSpan(at: number): number;
  readTime(at: number): number;
  hashText(from: number, to: number): number;

  beginTable(delimiter: number, isQuoted: boolean, columns: number, marker: number, headerByte: number): void;
  readTable(from: number, end: number, isRow: boolean, rowsAt: number, room: number, number: number): void;
  clearSensors(): void;
  nameStranger(ordinal: number): void;
  readonly strangerHash: KernelNumber;
  readonly strangerFrom: KernelNumber;
  readonly strangerTo: KernelNumber;
  beginRows(): void;
  beginRow(): void;
  takeRow(rowAt: number, number: number): number;
  useRules(rules: number, durationUnit: number): void;
  readonly togetherRows: KernelNumber;
  readonly estimatedRows: KernelNumber;
  readonly tableRows: KernelNumber;
  readonly tableCounted: KernelNumber;
  readonly tablePassed: KernelNumber;
  readonly tableAt: KernelNumber;
  readonly tableWhy: KernelNumber;

  beginJson(values: number): void;
  addKey(node: number, from: number, length: number, target: number, value: number): void;
  readObject(from: number, to: number, base: number): number;

  decodeLz4(from: number, to: number, history: number, target: number, limit: number): number;
  decodeLzo(from: number, to: number, target: number, limit: number): number;

  beginHash(which: number): void;
  addToHash(which: number, from: number, to: number): void;
  endHash(which: number): number;

  beginDelivery(): void;
  deliverRow(rowAt: number, fallbackUs: number, exportedUs: number): number;
  beginRuns(): void;
  timeRuns(): number;
  runFirstUs(run: number): number;
  runLastUs(run: number): number;
  runRows(run: number): number;

  useTemplate(fields: number, leastBytes: number, marks: number): void;
  useMessage(exportUs: number, clockUs: number, uptime: number): void;
  useDomain(ordinal: number, egress: number, bootMs: number, assumedInterval: number): void;
  forgetSamplers(): void;
  meetSampler(samplerId: number, ingress: number, interval: number, lacks: boolean, pair: number): void;
  readOne(from: number, to: number): number;
  readSet(from: number, to: number, rowsAt: number, room: number, number: number): number;
  takeTotals(rowAt: number): number;
  passSample(): void;
  takeSample(rowAt: number): number;
  readonly setNumber: KernelNumber;
  ownInterval(): number;
  readonly packets: KernelNumber;
  readonly bytes: KernelNumber;
  readonly outPackets: KernelNumber;
  readonly outBytes: KernelNumber;
  readonly sourcePort: KernelNumber;
  readonly destinationPort: KernelNumber;
  readonly source4At: KernelNumber;
  readonly destination4At: KernelNumber;
  readonly source6At: KernelNumber;
  readonly destination6At: KernelNumber;
  readonly bootMs: KernelNumber;
  readonly samplerId: KernelNumber;
  readonly ingress: KernelNumber;
  readonly frameAt: KernelNumber;
  readonly frameBytes: KernelNumber;
  readonly frameSize: KernelNumber;
  readonly frameType: KernelNumber;
  readonly isIpPacket: KernelNumber;
  readV5(
    from: number,
    count: number,
    size: number,
    flagsAt: number,
    exportUs: number,
    uptime: number,
    interval: number,
    exporter: number,
    number: number,
    rowsAt: number,
  ): number;

  beginNfcapd(isBig: boolean, countsFrames: boolean, assumedInterval: number): void;
  meetExporter(id: number, ordinal: number, egressOrdinal: number, interval: number): void;
  useSamplers(areNamed: boolean): void;
  readNfcapd(from: number, to: number, rowsAt: number, rows: number): number;
  readonly nfcapdAt: KernelNumber;
  readonly nfcapdRows: KernelNumber;
  readonly nfcapdPassed: KernelNumber;
  readonly nfcapdNumber: KernelNumber;
  readonly nfcapdBad: KernelNumber;
  readonly nfcapdAnonymised: KernelNumber;
  readonly nfcapdUnread: KernelNumber;
  readonly nfcapdRefusedBytes: KernelNumber;
  readonly strangerId: KernelNumber;
  readonly isStrangerEgress: KernelNumber;
  readonly oddId: KernelNumber;
  readonly oddReceivedUs: KernelNumber;
  readonly oddSamplerLow: KernelNumber;
  readonly oddSamplerHigh: KernelNumber;
}

/** Who reads rows: what the kernel asks of it, as src/kernel/records/host.ts says. */
export interface RowHost {
  damaged(kind: number, line: number, refusedBytes: number): void;
  taken(timeUs: number, marks: number): number;
}

const NOBODY: RowHost = { damaged: () => {}, taken: (timeUs) => timeUs };

/** Bytes of memory before anything is listed. */
const MEMORY_BYTES = 24 * 1024 * 1024;

export class RecordsKernel {
  readonly memory: KernelMemory;
  readonly calls: Exports;
  readonly bytes: Uint8Array<SharedArrayBuffer>;
  readonly view: DataView<SharedArrayBuffer>;
  readonly words: Int32Array;
  readonly numbers: Float64Array;
  /** Asked of the memory and of an array each time, their buffer would be looked up in the machine. */
  readonly #buffer: SharedArrayBuffer;
  #placed: Uint8Array = new Uint8Array(0);
  #placedAt = 0;
  /** Who reads rows with it. */
  host: RowHost = NOBODY;
  /** Whose plan of a table or of JSON the kernel has. */
  plan: object | null = null;

  /** `memory` is that of another thread's kernel, which this one is to work on. */
  constructor(memory: KernelMemory = kernelMemory(MEMORY_BYTES)) {
    this.memory = memory;
    const { buffer } = memory;
    this.#buffer = buffer;
    this.bytes = new Uint8Array(buffer);
    this.view = new DataView(buffer);
    this.words = new Int32Array(buffer);
    this.numbers = new Float64Array(buffer);
    this.calls = startKernel('records', memory, {
      damaged: (kind: number, line: number, refusedBytes: number) =>
        this.host.damaged(kind, line, refusedBytes),
      taken: (timeUs: number, marks: number) => this.host.taken(timeUs, marks),
    });
    writePorts(this.bytes);
    this.calls.clearTotals();
    const now = new Date();
    this.calls.setToday(now.getUTCFullYear(), Math.floor(now.getTime() / 86_400_000));
  }

  /** Where a place of these bytes is in memory: they lie there, or so many of them from that place on are copied. */
  place(bytes: Uint8Array, from: number, count: number): number {
    if (bytes === this.#placed) return this.#placedAt + from;
    if (bytes.buffer === this.#buffer) {
      this.#placed = bytes;
      this.#placedAt = bytes.byteOffset;
      return this.#placedAt + from;
    }
    const at = count > 256 ? INPUT_AT : TEXT_AT;
    const copied = bytes.subarray(from, from + Math.min(count, INPUT_BYTES));
    this.bytes.set(copied, at);
    this.bytes.fill(0, at + copied.length, at + copied.length + 64);
    return at;
  }

  /** Makes room for what is listed. */
  reserve(setup: SieveSetup): void {
    growMemory(this.memory, LISTED_AT + listedBytes(setup));
  }

  /** From now on records that only count are counted by the kernel; with null, none. */
  sieve(setup: SieveSetup | null): void {
    this.calls.endSieve();
    if (setup === null) return;
    this.reserve(setup);
    beginSieve(this.calls, new Int32Array(this.memory.buffer), setup, LISTED_AT);
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

export function returnKernel(kernel: RecordsKernel): void {
  kernel.sieve(null);
  kernel.host = NOBODY;
  kernel.calls.clearTotals();
  idle.push(kernel);
}

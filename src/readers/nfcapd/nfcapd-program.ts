/**
 * HOT. Common flow records of nfcapd, layout 2 in little endian, as WebAssembly (wasm.ts): it walks the records of a block,
 * counts those that only count, and makes rows (batch/record-row.ts) of those that are kept. It knows records of IPv4
 * with times and counters as they should be, of exporters that were met and do not sample, and ends at any other,
 * which NfcapdRecords then reads: no record is read otherwise than it would read it.
 */

import { ROW_DOUBLES, ROW_WORDS } from '../../batch/record-row.ts';
import type { FlowSieve } from '../../batch/sieve.ts';
import { EARLIEST_US, LATEST_US, LONGEST_US } from '../../flows/delivery.ts';
import type { FlowTotals } from '../../flows/flow-totals.ts';
import { isOrdinaryPort, WEB_PORTS } from '../../flows/ordinary-ports.ts';
import * as w from '../../wasm.ts';
import type { NfcapdExporters } from './nfcapd-exporters.ts';

/** Rows that come out at once: with them the records at hand stay in the inner caches. */
const MOST_ROWS = 256;
const ROW_BYTES = 8 * ROW_DOUBLES;
/** Bytes for the fields of listed addresses; with larger ones the program is not used. */
const FIELDS_BYTES = 2 * 1024 * 1024;
const MOST_FIELDS = 129;
const FIELD_WORDS = 3;

// State. Doubles: 0 number of the last record | 1 packets and 2 bytes of those that only count. Wides: 3 first start and 4
// last end of all | 5 and 6 of those that only count | 7 and 8 the times that are wanted. Words: 18 counted that are not
// TCP, 19 that are | 20 rows | 21 where the list of fields ends.
const NUMBER = 0;
const PACKETS = 1;
const BYTES = 2;
const FIRST = 3;
const LAST = 4;
const COUNTED_FIRST = 5;
const COUNTED_LAST = 6;
const SINCE = 7;
const UNTIL = 8;
const OTHER_RECORDS = 18;
const ORDINARY_RECORDS = 19;
const ROWS = 20;
const FIELDS_END = 21;

// Room for it: state, rows, a bit for each port, the list of fields, exporters by their ids, bits of the fields.
const ROWS_AT = 128;
const PORTS_AT = ROWS_AT + MOST_ROWS * ROW_BYTES;
const LIST_AT = PORTS_AT + 65_536 / 8;
const EXPORTERS_AT = LIST_AT + 2048;
const BITS_AT = EXPORTERS_AT + 65_536 * 16;
/** Bytes of memory that the program takes. */
export const PROGRAM_BYTES = BITS_AT + FIELDS_BYTES;

// An exporter, as nothing but a record of its own may change it. Words: 0 ordinal + 1, 0 where it is not known | 1 that of
// its egress twin. Double: 1 sampling interval of records that do not say it.
const EXPORTER_WORDS = 4;
const EXPORTER_DOUBLES = 2;

export class NfcapdProgram {
  /** The memory that blocks must lie in. */
  readonly buffer: SharedArrayBuffer;
  /** Where the rows lie that it has made. */
  readonly rows: Int32Array;
  readonly #run: (...numbers: number[]) => number;
  readonly #numbers: Float64Array;
  readonly #words: Int32Array;
  readonly #wides: BigInt64Array;
  readonly #list: Int32Array;
  readonly #bits: Int32Array;
  readonly #bitsAt: number;
  readonly #exporters: Int32Array;
  readonly #intervals: Float64Array;
  /** Ids of the exporters that are known. */
  readonly #known: number[] = [];

  /** Takes PROGRAM_BYTES of the memory from `at` on, a whole number of 64. */
  constructor(memory: w.SharedMemory, at: number) {
    const { buffer } = memory;
    this.buffer = buffer;
    this.#run = w.instantiate(program(at), memory);
    this.#numbers = new Float64Array(buffer, at, BYTES + 1);
    this.#words = new Int32Array(buffer, at, FIELDS_END + 1);
    this.#wides = new BigInt64Array(buffer, at, UNTIL + 1);
    this.rows = new Int32Array(buffer, at + ROWS_AT, MOST_ROWS * ROW_WORDS);
    this.#list = new Int32Array(buffer, at + LIST_AT, MOST_FIELDS * FIELD_WORDS);
    this.#bitsAt = at + BITS_AT;
    this.#bits = new Int32Array(buffer, this.#bitsAt, FIELDS_BYTES / 4);
    this.#exporters = new Int32Array(buffer, at + EXPORTERS_AT, 65_536 * EXPORTER_WORDS);
    this.#intervals = new Float64Array(buffer, at + EXPORTERS_AT, 65_536 * EXPORTER_DOUBLES);
    const ports = new Uint8Array(buffer, at + PORTS_AT, 65_536 / 8);
    for (let port = 0; port < 65_536; port++) if (isOrdinaryPort(port)) ports[port >> 3] |= 1 << (port & 7);
  }

  /** Before a reading. False where it cannot be used, as more is listed than it has room for. */
  begin(sieve: FlowSieve): boolean {
    this.forget();
    this.#clear();
    this.#words[ROWS] = 0;
    this.#wides[SINCE] = wholeUs(sieve.sinceUs);
    this.#wides[UNTIL] = wholeUs(sieve.untilUs);
    const fields = sieve.ofIpv4();
    let words = 0;
    for (const [i, { mask, shift, bits }] of fields.entries()) {
      if (words + bits.length > this.#bits.length) return false;
      this.#bits.set(bits, words);
      this.#list.set([mask, shift, this.#bitsAt + 4 * words], FIELD_WORDS * i);
      words += bits.length;
    }
    this.#words[FIELDS_END] = this.#list.byteOffset + 4 * FIELD_WORDS * fields.length;
    return true;
  }

  /**
   * Reads records in [at, to) of its memory, of which the first is the next after `number`; returns where it ended: at
   * the end, at a record that it does not know, or where there is no room for rows.
   */
  run(at: number, to: number, number: number): number {
    this.#numbers[NUMBER] = number;
    return this.#run(at, to);
  }

  /** Number of the last record. */
  get number(): number {
    return this.#numbers[NUMBER];
  }

  /** Rows that wait; whoever takes them says so. */
  get waiting(): number {
    return this.#words[ROWS];
  }

  taken(): void {
    this.#words[ROWS] = 0;
  }

  /** Times of all its records since the last `move`; the first is beyond the last where there were none. */
  get firstUs(): number {
    return Number(this.#wides[FIRST]);
  }

  get lastUs(): number {
    return Number(this.#wides[LAST]);
  }

  /** Adds the records that it only counted. */
  move(totals: FlowTotals): void {
    const numbers = this.#numbers;
    const words = this.#words;
    totals.records += words[OTHER_RECORDS] + words[ORDINARY_RECORDS];
    totals.otherRecords += words[OTHER_RECORDS];
    totals.ordinaryRecords += words[ORDINARY_RECORDS];
    totals.packets += numbers[PACKETS];
    totals.bytes += numbers[BYTES];
    if (words[OTHER_RECORDS] + words[ORDINARY_RECORDS] > 0) {
      const firstUs = Number(this.#wides[COUNTED_FIRST]);
      const lastUs = Number(this.#wides[COUNTED_LAST]);
      if (!(firstUs >= totals.firstUs)) totals.firstUs = firstUs;
      if (!(lastUs <= totals.lastUs)) totals.lastUs = lastUs;
    }
    this.#clear();
  }

  /** An exporter was met, or met again, in a record that the program does not know. */
  learn(id: number, exporters: NfcapdExporters, assumedInterval: number): void {
    const ordinal = exporters.known(id);
    if (ordinal < 0) return;
    const interval = exporters.interval(ordinal, -1, -1);
    if (interval > 1 || assumedInterval > 1) return;
    const at = id * EXPORTER_WORDS;
    if (this.#exporters[at] === 0) this.#known.push(id);
    this.#exporters[at] = ordinal + 1;
    this.#exporters[at + 1] = exporters.knownEgress(ordinal) + 1;
    this.#intervals[id * EXPORTER_DOUBLES + 1] = interval > 0 ? interval : assumedInterval;
  }

  /** What is known of exporters may have changed. */
  forget(): void {
    for (const id of this.#known) this.#exporters[id * EXPORTER_WORDS] = 0;
    this.#known.length = 0;
  }

  #clear(): void {
    this.#numbers.fill(0);
    this.#wides[FIRST] = LATEST;
    this.#wides[LAST] = 0n;
    this.#wides[COUNTED_FIRST] = LATEST;
    this.#wides[COUNTED_LAST] = 0n;
    this.#words[OTHER_RECORDS] = 0;
    this.#words[ORDINARY_RECORDS] = 0;
  }
}

/** Later than any time. */
const LATEST = BigInt(Number.MAX_SAFE_INTEGER);

/** Times of records are whole and lie between 0 and 2^53. */
function wholeUs(us: number): bigint {
  return BigInt(Math.ceil(Math.min(Math.max(us, 0), Number.MAX_SAFE_INTEGER)));
}

const TCP = 6;
const FLOW = 11;
const FLOW_SAMPLED = 2;
const FLOW_ANONYMISED = 4;
const DROPPED = 2;
const DENIED = 8;
/** Extensions, with 0, that make a record more than common. */
const UNCOMMON = [0, 3, 5, 18, 19, 34].reduce((bits, type) => bits | (1n << BigInt(type)), 0n);
const MINUS_ONE = 0xbff0_0000_0000_0000n; // as a double
const EARLIEST_MS = BigInt(EARLIEST_US / 1000);
const LATEST_MS = BigInt(LATEST_US / 1000);
const LONGEST_MS = BigInt(LONGEST_US / 1000);

/** Reads records from `at` to `to`; gives back where it ended. */
function program(room: number): w.Program {
  return { parameters: 2, variables: 20, wides: 4, body: (...locals) => body(room, locals) };
}

function body(room: number, locals: readonly w.Local[]): w.Code {
  const [at, to, head, size, end, entry, elements, extension, type, length, generic, ipv4, ...more] = locals;
  const [isEgress, exporter, protocol, sourcePort, destinationPort, port, isKept, field, out, flags] = more;
  const [start, stop, packets, bytes] = more.slice(10);
  const state = (double: number): number => room + 8 * double;
  const word = (place: number): number => room + 4 * place;
  /** Ends at the record in hand, of which nothing was done. */
  const leave = w.giveBack(at);

  // 0 type | 2 size | 4 elements | 6 engine type | 7 engine id | 8 exporter | 10 flags | 11 source version
  const header = [
    head.set(w.fourAt(at)),
    w.when(w.different(w.and(head, 0xffff), FLOW), leave),
    size.set(w.shiftRight(head, 16)),
    w.when(w.or(w.less(size, 12), w.more(size, w.subtract(to, at))), leave),
    w.when(w.and(w.byteAt(at, 10), FLOW_ANONYMISED), leave),
    entry.set(w.add(room + EXPORTERS_AT, w.shiftLeft(w.wordAt(at, 8), 4))),
    exporter.set(w.fourAt(entry)),
    w.when(w.equal(exporter, 0), leave),
    end.set(w.add(at, size)),
    elements.set(w.wordAt(at, 4)),
  ];

  /** Sets `target` to the payload of an extension that must stand but once and have so many bytes with its head. */
  const only = (target: w.Local, least: number): w.Code => [
    w.when(w.or(w.less(length, least), target), leave),
    target.set(w.add(extension, 4)),
  ];
  const isUncommon = w.and(w.less(type, 64), w.narrow(w.shiftWideRight(UNCOMMON, w.widen(type))));
  const direction = w.and(w.moreOrEqual(length, 15), w.equal(w.byteAt(extension, 14), 1));
  const extensions = [
    extension.set(w.add(at, 12)),
    generic.set(0),
    ipv4.set(0),
    isEgress.set(0),
    w.loopWhile(
      w.and(w.different(elements, 0), w.moreOrEqual(w.subtract(end, extension), 4)),
      head.set(w.fourAt(extension)),
      type.set(w.and(head, 0xffff)),
      length.set(w.shiftRight(head, 16)),
      w.when(w.or(w.less(length, 4), w.more(length, w.subtract(end, extension))), leave),
      w.whether(
        w.equal(type, 1),
        [only(generic, 52)],
        [
          w.whether(
            w.equal(type, 2),
            [only(ipv4, 12)],
            [w.whether(w.equal(type, 4), [isEgress.set(direction)], [w.when(w.and(isUncommon, 1), leave)])],
          ),
        ],
      ),
      extension.add(length),
      elements.add(-1),
    ),
    w.when(w.or(elements, w.or(w.equal(generic, 0), w.equal(ipv4, 0))), leave),
  ];

  // Generic: 0 first | 8 last | 24 packets | 32 bytes | 40 ports | 44 protocol, flags, status
  const numbers = [
    protocol.set(w.byteAt(generic, 44)),
    w.when(w.equal(protocol, 0), leave),
    start.set(w.eightAt(generic)),
    stop.set(w.eightAt(generic, 8)),
    w.when(w.or(w.lessWide(start, EARLIEST_MS), w.moreWide(stop, LATEST_MS)), leave),
    w.when(w.or(w.moreWide(start, stop), w.moreWide(w.subtractWide(stop, start), LONGEST_MS)), leave),
    start.set(w.multiplyWide(start, 1000n)),
    stop.set(w.multiplyWide(stop, 1000n)),
    packets.set(w.eightAt(generic, 24)),
    bytes.set(w.eightAt(generic, 32)),
    // Beyond 2^53 counters are not exact.
    w.when(w.equal(w.isZeroWide(w.shiftWideRight(w.orWide(packets, bytes), 53n)), 0), leave),
    w.when(isEgress.value, exporter.set(w.fourAt(entry, 4)), w.when(w.equal(exporter, 0), leave)),
  ];

  /** As PrefixField has it of IPv4. */
  const mayBeListed = (address: w.Code): w.Code => {
    const bit = w.shiftRight(w.multiply(w.and(address, w.fourAt(field)), 0x9e3779b1 | 0), w.fourAt(field, 4));
    // Bit n of a field lies in byte n / 8 of it.
    return [
      head.set(bit),
      isKept.set(
        w.or(
          isKept,
          w.and(w.shiftRight(w.byteAt(w.add(w.fourAt(field, 8), w.shiftRight(head, 3))), w.and(head, 7)), 1),
        ),
      ),
    ];
  };
  // flow-totals.ts `isVisit`: SYN, and FIN or RST, in less than a minute.
  const shut = w.byteAt(generic, 45);
  const isVisit = w.and(
    w.and(w.shiftRight(shut, 1), w.and(w.or(shut, w.shiftRight(shut, 2)), 1)),
    w.lessWide(w.subtractWide(stop, start), 60_000_000n),
  );
  const isWeb = WEB_PORTS.map((each) => w.equal(port, each)).reduce((all, each) => w.or(all, each));
  const isOrdinary = w.or(
    w.and(w.shiftRight(w.byteAt(w.add(w.shiftRight(port, 3), room + PORTS_AT)), w.and(port, 7)), 1),
    w.and(isWeb, isVisit),
  );
  const mayReachOver = w.or(
    w.lessWide(start, w.eightAt(state(SINCE))),
    w.moreOrEqualWide(stop, w.eightAt(state(UNTIL))),
  );
  const fate = [
    isKept.set(0),
    w.when(
      w.equal(protocol, TCP),
      sourcePort.set(w.wordAt(generic, 40)),
      destinationPort.set(w.wordAt(generic, 42)),
      port.set(w.choose(w.less(sourcePort, destinationPort), sourcePort, destinationPort)),
      isKept.set(w.exclusiveOr(isOrdinary, 1)),
      w.when(
        w.equal(isKept, 0),
        field.set(room + LIST_AT),
        w.loopWhile(
          w.less(field, w.fourAt(word(FIELDS_END))),
          mayBeListed(w.fourAt(ipv4)),
          mayBeListed(w.fourAt(ipv4, 4)),
          field.add(4 * FIELD_WORDS),
        ),
      ),
    ),
    // Whoever takes the rows leaves out what is outside of the times, and counts what reaches over their edges.
    w.when(mayReachOver, w.when(w.different(protocol, TCP), leave), isKept.set(1)),
    w.when(w.and(isKept, w.equal(w.and(w.byteAt(at, 10), FLOW_SAMPLED), FLOW_SAMPLED)), leave),
  ];

  const putDouble = (double: number, value: w.Code): w.Code => w.storeDouble(out, 8 * double, value);
  const putWord = (place: number, value: w.Value): w.Code => w.storeFour(out, 4 * place, value);
  const row = [
    out.set(w.add(w.multiply(w.fourAt(word(ROWS)), ROW_BYTES), room + ROWS_AT)),
    putDouble(0, w.doubleOf(start)),
    putDouble(1, w.doubleOf(stop)),
    putDouble(2, w.doubleOf(packets)),
    putDouble(3, w.doubleOf(bytes)),
    w.storeEight(out, 8 * 4, MINUS_ONE),
    w.storeEight(out, 8 * 5, MINUS_ONE),
    putDouble(6, w.doubleAt(entry, 8)),
    putDouble(7, w.doubleAt(state(NUMBER))),
    w.storeEight(out, 4 * 16, 0n),
    putWord(18, 0xffff),
    putWord(19, w.fourAt(ipv4)),
    w.storeEight(out, 4 * 20, 0n),
    putWord(22, 0xffff),
    putWord(23, w.fourAt(ipv4, 4)),
    putWord(24, sourcePort),
    putWord(25, destinationPort),
    putWord(26, protocol),
    // No TCP packet is without flags: the exporter does not send them.
    flags.set(w.byteAt(generic, 45)),
    w.when(w.equal(flags, 0), flags.set(-1)),
    putWord(27, flags),
    putWord(28, -1),
    putWord(29, w.subtract(exporter, 1)),
    putWord(30, w.multiply(w.equal(w.shiftRight(w.byteAt(generic, 46), 6), DROPPED), DENIED)),
    w.storeFour(word(ROWS), 0, w.add(w.fourAt(word(ROWS)), 1)),
  ];

  // What goes one way or the other without a rule is chosen, not jumped to.
  const addTo = (double: number, value: w.Wide): w.Code =>
    w.storeDouble(state(double), 0, w.addDouble(w.doubleAt(state(double)), w.doubleOf(value)));
  const count = (place: number, condition: w.Code): w.Code =>
    w.storeFour(word(place), 0, w.add(w.fourAt(word(place)), condition));
  const span = (first: number, last: number): w.Code => {
    const [earliest, latest] = [w.eightAt(state(first)), w.eightAt(state(last))];
    return [
      w.storeEight(state(first), 0, w.choose(w.lessWide(start, earliest), start, earliest)),
      w.storeEight(state(last), 0, w.choose(w.moreWide(stop, latest), stop, latest)),
    ];
  };
  const counted = [
    count(ORDINARY_RECORDS, w.equal(protocol, TCP)),
    count(OTHER_RECORDS, w.different(protocol, TCP)),
    addTo(PACKETS, packets),
    addTo(BYTES, bytes),
    span(COUNTED_FIRST, COUNTED_LAST),
  ];

  return [
    w.loopWhile(
      w.and(w.moreOrEqual(w.subtract(to, at), 12), w.less(w.fourAt(word(ROWS)), MOST_ROWS)),
      header,
      extensions,
      numbers,
      fate,
      addTo(NUMBER, 1n),
      span(FIRST, LAST),
      w.whether(isKept.value, row, counted),
      at.set(end),
    ),
    leave,
  ];
}

/**
 * Records to rows, in the decoding thread: each is decoded and counted, and what more than counts gets a row.
 *
 * HOT: `record` runs once a packet. Nothing is allocated.
 */

import type { CaptureRecord, CommonRecords, RecordSink } from '../../readers/pcap/record.ts';
import { FlowIndex, type FlowMemory } from '../flow-index.ts';
import { Packet, TCP } from '../packet.ts';
import { PacketCounts } from '../packet-counts.ts';
import type { PacketFields } from '../packet-fields.ts';
import { isDns, opensExport } from '../udp.ts';
import { type DnsLook, PacketProgram } from './packet-program.ts';
import {
  ASIDE,
  ASIDE_BYTES,
  BYTES_READ,
  CONTROL_WORDS,
  COUNTS,
  doublesOf,
  FREE,
  type FULL,
  HIGHER,
  KEYS_ANEW,
  LAST,
  MOST_FLOWS,
  MOVED,
  PART,
  RECORDS_AFTER,
  RECORDS_BEFORE,
  RESUMED,
  ROW_WORDS,
  ROWS,
  type SharedSlots,
  SLOT_NUMBERS,
  SLOT_ROWS,
  SLOTS,
  STATE,
  STOP,
  WIDE,
} from './slots.ts';

export interface WriterOptions {
  /** Flows that are numbered before the numbers begin anew. */
  readonly mostKeys?: number;
  readonly dns?: DnsLook | null;
}

export class PacketWriter implements RecordSink {
  readonly packet = new Packet();
  /** Null where there is no memory for the program that takes them. */
  readonly common: CommonRecords | null;
  /** Packets outside these times are not counted. */
  sinceUs = Number.NEGATIVE_INFINITY;
  untilUs = Number.POSITIVE_INFINITY;
  /** True where messages of DNS need a row only with names that the bits in the slots' memory hold. */
  asksForNames = false;

  readonly #mostKeys: number;
  readonly #control: Int32Array;
  readonly #numbers: Float64Array;
  readonly #rowWords: readonly Int32Array[];
  readonly #rowTimes: readonly Float64Array[];
  readonly #asides: readonly Uint8Array[];
  readonly #memory: FlowMemory | undefined;
  readonly #program: PacketProgram | null;
  readonly #counts = new PacketCounts();
  #keys: FlowIndex;
  #areKeysAnew = true;
  /** The slot in hand, and whether it is ours to write to. */
  #slot = -1;
  #isOpen = false;
  #rows = 0;
  #asideBytes = 0;
  #words: Int32Array = new Int32Array(0);
  #times: Float64Array = new Float64Array(0);
  #recordsBefore = 0;
  #records = 0;

  constructor(slots: SharedSlots, { mostKeys = MOST_FLOWS, dns = null }: WriterOptions = {}) {
    this.#mostKeys = mostKeys;
    this.#control = new Int32Array(slots.control);
    this.#numbers = new Float64Array(slots.numbers);
    this.#rowWords = slots.rows;
    this.#rowTimes = slots.rows.map(doublesOf);
    this.#asides = slots.asides;
    this.#memory = slots.program?.flows;
    this.#program = PacketProgram.of(slots, dns);
    this.#keys = this.#newIndex();
    this.common = this.#program === null ? null : this.#commonBy(this.#program);
  }

  #commonBy(program: PacketProgram): CommonRecords {
    return {
      begin: (bytes, layout) => program.begin(bytes, layout),
      run: (from, to, number) => {
        const at = program.run(from, to, number, this.#rows);
        this.#rows = program.rows;
        this.#records = program.number;
        return at;
      },
      taken: program,
    };
  }

  /** True where the main thread wants no more. */
  get isStopped(): boolean {
    return Atomics.load(this.#control, STOP) !== 0;
  }

  /** A new input begins, whose records count from 1. */
  beginInput(): void {
    this.#records = 0;
    this.#program?.during(this.sinceUs, this.untilUs);
    this.#program?.askForNames(this.asksForNames);
  }

  /** The next slot in turn, which is waited for. */
  next(): number {
    this.#slot = (this.#slot + 1) % SLOTS;
    // Once there is to be waited at all, for half of the slots: to be woken takes as long as a block or two.
    if (Atomics.load(this.#control, this.#slot * CONTROL_WORDS + STATE) !== FREE) {
      this.#await((this.#slot + SLOTS / 2 - 1) % SLOTS, FREE);
    }
    this.#open();
    return this.#slot;
  }

  /** The slot in hand has got another block, of which a message tells. */
  moved(): void {
    this.#control[this.#slot * CONTROL_WORDS + MOVED]++;
  }

  /** Hands the slot over, of whose input so many bytes were read. */
  hand(state: typeof FULL | typeof PART | typeof LAST, bytesRead: number): void {
    const numbersAt = this.#slot * SLOT_NUMBERS;
    this.#program?.moveTo(this.#counts);
    this.#counts.moveTo(this.#numbers, numbersAt);
    this.#numbers[numbersAt + RECORDS_BEFORE] = this.#recordsBefore;
    this.#numbers[numbersAt + RECORDS_AFTER] = this.#records;
    this.#numbers[numbersAt + BYTES_READ] = bytesRead;
    const at = this.#slot * CONTROL_WORDS;
    this.#control[at + ROWS] = this.#rows;
    this.#control[at + KEYS_ANEW] = this.#areKeysAnew ? 1 : 0;
    this.#areKeysAnew = false;
    this.#isOpen = false;
    Atomics.store(this.#control, at + STATE, state);
    Atomics.notify(this.#control, at + STATE);
  }

  /** Hands over what is left of the input. */
  finish(bytesRead: number): void {
    if (!this.#isOpen) this.next();
    this.hand(LAST, bytesRead);
  }

  record(record: CaptureRecord): void {
    const packet = this.packet;
    const reason = packet.decode(record);
    const timeUs = record.timeUs;
    const counts = timeUs >= this.sinceUs && timeUs < this.untilUs;
    this.#records = record.number;
    if (counts) this.#counts.count(record, reason);
    if (reason !== 0) return;
    const isTcp = packet.protocol === TCP;
    if (!isTcp && !isDns(packet) && !opensExport(packet)) return;

    const isAside = packet.bytes !== record.bytes;
    const payload = packet.payloadEnd - packet.payloadStart;
    if (this.#rows + 2 > SLOT_ROWS || (isAside && this.#asideBytes + payload > ASIDE_BYTES)) this.#turnPage();
    let start = packet.payloadStart;
    if (isAside) {
      start = this.#asideBytes;
      this.#asides[this.#slot].set(packet.bytes.subarray(packet.payloadStart, packet.payloadEnd), start);
      this.#asideBytes += payload;
    }
    const row = this.#rows++;
    const w = row * ROW_WORDS;
    const words = this.#words;
    let bits = packet.flags | (packet.protocol << 8) | (counts ? COUNTS : 0) | (isAside ? ASIDE : 0);
    if (isTcp) {
      const key = this.#keys.find(packet);
      if (this.#keys.sortsHigher(key) === 1) bits |= HIGHER;
      words[w + 4] = key;
    }
    if (!isIpv4(packet)) {
      bits |= WIDE;
      this.#rows++;
      const next = w + ROW_WORDS;
      words[next] = packet.source0;
      words[next + 1] = packet.source1;
      words[next + 2] = packet.source2;
      words[next + 3] = packet.destination0;
      words[next + 4] = packet.destination1;
      words[next + 5] = packet.destination2;
    }
    this.#times[w >> 1] = timeUs;
    words[w + 2] = record.number - this.#recordsBefore;
    words[w + 3] = bits;
    words[w + 5] = packet.ipBytes;
    words[w + 6] = start;
    words[w + 7] = start + payload;
    words[w + 8] = packet.payloadBytes;
    words[w + 9] = (packet.sourcePort << 16) | packet.destinationPort;
    words[w + 10] = packet.sequence;
    words[w + 11] = packet.acknowledgement;
    words[w + 12] = packet.source3;
    words[w + 13] = packet.destination3;
    words[w + 14] = payload > 0 ? packet.bytes[packet.payloadStart] : 0;
  }

  /** The slot is full before its block is read: hands it over and goes on in it when it comes back. */
  #turnPage(): void {
    this.hand(PART, 0);
    this.#await(this.#slot, RESUMED);
    this.#open();
  }

  #open(): void {
    this.#isOpen = true;
    this.#rows = 0;
    this.#asideBytes = 0;
    this.#words = this.#rowWords[this.#slot];
    this.#times = this.#rowTimes[this.#slot];
    this.#recordsBefore = this.#records;
    if (this.#keys.end >= this.#mostKeys) {
      this.#keys = this.#newIndex();
      this.#areKeysAnew = true;
    }
    this.#program?.open(this.#words, this.#recordsBefore);
  }

  #newIndex(): FlowIndex {
    const index = new FlowIndex(this.#memory);
    this.#program?.follow(index);
    return index;
  }

  #await(slot: number, state: number): void {
    const at = slot * CONTROL_WORDS + STATE;
    for (let now = Atomics.load(this.#control, at); now !== state; now = Atomics.load(this.#control, at)) {
      Atomics.wait(this.#control, at, now);
    }
  }
}

/** As far as the fields tell: addresses of IPv4 stand in them as mapped ones. */
function isIpv4(packet: PacketFields): boolean {
  return (
    packet.source2 === 0xffff &&
    packet.destination2 === 0xffff &&
    (packet.source0 | packet.source1 | packet.destination0 | packet.destination1) === 0
  );
}

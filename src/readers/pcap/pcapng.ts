/**
 * HOT. pcapng files (draft-ietf-opsawg-pcapng): sections in either byte order, interfaces with their own link type
 * and clock, enhanced, simple and obsolete packet blocks. All other blocks (names, secrets, statistics, custom,
 * unknown) are passed over by their length. Nothing is allocated per packet. Left out: every option but the clock's.
 */
import { DamageLog, MAX_RECORD_BYTES } from './damage.ts';
import { InterfaceTable } from './interfaces.ts';
import {
  ENHANCED_PACKET,
  FRAME_BYTES,
  INTERFACE,
  isBlockAt,
  OBSOLETE_PACKET,
  REGAIN_LIMIT,
  SECTION_HEADER,
  SECTION_HEADER_BYTES,
  SIMPLE_PACKET,
} from './pcapng-block.ts';
import type { CaptureRecord, CommonRecords, RecordSink } from './record.ts';
import type { RecordReader } from './record-reader.ts';

const INTERFACE_BYTES = 20;
/** Frame, then interface, time, captured and wire length. */
const PACKET_BYTES = 32;
const SIMPLE_PACKET_BYTES = 16;
const ETHERNET = 1;

export class PcapngReader implements RecordReader {
  readonly kind = 'pcapng';
  readonly damage = new DamageLog();
  packets = 0;
  firstUs = Number.NaN;
  lastUs = Number.NaN;
  needed = SECTION_HEADER_BYTES;

  readonly #record: CaptureRecord;
  readonly #sink: RecordSink;
  readonly #interfaces = new InterfaceTable();
  #little = true;
  #lost = false;
  /** Lengths up to this are believed; lowered for good when a large one has proved false, for each costs a copy. */
  #limit = MAX_RECORD_BYTES;
  /** Offset in the stream of the next byte to come. */
  #streamAt = 0;
  /** Stream offset less block offset, for the block in hand. */
  #origin = 0;
  /** Stream offset at which footing was lost. */
  #lostAt = 0;
  /** Time of the last packet that had one: simple packet blocks have none and borrow it. */
  #clockUs = 0;
  /** Interface of the last packet, of which common ones are taken. */
  #lastId = 0;

  constructor(record: CaptureRecord, sink: RecordSink) {
    this.#record = record;
    this.#sink = sink;
  }

  consume(bytes: Uint8Array, from: number, to: number): number {
    return this.#advance(bytes, from, to, false);
  }

  finish(bytes: Uint8Array, from: number, to: number): void {
    let at = this.#advance(bytes, from, to, true);
    while (!this.#lost && this.#isAbsurd(at, to)) {
      // Nothing but a broken length asks for so much beyond the end.
      this.#lose('bad-block-length', at);
      at = this.#advance(bytes, at, to, true);
    }
    const end = this.#origin + to;
    if (this.#lost) this.damage.add('skipped-bytes', this.#lostAt, end - this.#lostAt);
    else if (end === 0) this.damage.add('empty', 0);
    else if (at < to)
      this.damage.add(this.#streamAt === 0 ? 'truncated-header' : 'truncated-record', this.#streamAt);
  }

  #advance(bytes: Uint8Array, from: number, to: number, final: boolean): number {
    if (this.#record.bytes !== bytes) this.#record.useBlock(bytes);
    this.#origin = this.#streamAt - from;
    let at = from;
    for (;;) {
      const before = this.#lost;
      at = before ? this.#regain(at, to, final) : this.#blocks(at, to);
      if (this.#lost === before) break;
    }
    this.#streamAt = this.#origin + at;
    return at;
  }

  /**
   * offset  bytes
   *      0      4  block type
   *      4      4  total length, frame included
   *      8      …  body
   *    end      4  total length again
   */
  #blocks(from: number, to: number): number {
    const view = this.#record.view;
    let little = this.#little;
    let at = from;
    let commonId = this.#lastId;
    let common = this.#commonRecords(commonId);
    while (at + FRAME_BYTES <= to) {
      if (common !== null) {
        at = common.run(at, to, this.packets);
        this.#taken(common);
        if (at + FRAME_BYTES > to) break;
      }
      const type = view.getUint32(at, little);
      let order = little;
      if (type === SECTION_HEADER) {
        const magic = view.getUint32(at + 8);
        if (magic !== 0x1a2b3c4d && magic !== 0x4d3c2b1a) {
          this.#lose('bad-section', at);
          return at;
        }
        order = magic === 0x4d3c2b1a;
      }
      const total = view.getUint32(at + 4, order);
      if (total < FRAME_BYTES || total % 4 !== 0 || total > this.#limit) {
        this.#lose('bad-block-length', at);
        return at;
      }
      const end = at + total;
      if (end > to) {
        this.needed = end - to;
        return at;
      }
      if (view.getUint32(end - 4, order) !== total) {
        if (total > REGAIN_LIMIT) this.#limit = REGAIN_LIMIT;
        this.#lose('bad-block-length', at);
        return at;
      }
      if (type === ENHANCED_PACKET) {
        this.#packet(at, end, false);
        if (this.#lastId !== commonId) {
          commonId = this.#lastId;
          common = this.#commonRecords(commonId);
        }
      } else if (type === SECTION_HEADER) {
        little = order;
        this.#little = order;
        this.#interfaces.clear();
        common = null;
      } else if (type === INTERFACE) {
        this.#interface(at, end);
        common = this.#commonRecords(commonId);
      } else if (type === SIMPLE_PACKET) {
        this.#simplePacket(at, end);
      } else if (type === OBSOLETE_PACKET) {
        this.#packet(at, end, true);
      }
      at = end;
    }
    this.needed = at + FRAME_BYTES - to;
    return at;
  }

  /** Whoever takes common packets of this interface from the block in hand; null where nobody does. */
  #commonRecords(id: number): CommonRecords | null {
    const common = this.#sink.common ?? null;
    if (common === null || !this.#little || !this.#isKnown(id)) return null;
    const ticksPerSecond = this.#interfaces.plainTicks(id);
    if (this.#interfaces.linkType[id] !== ETHERNET || ticksPerSecond === 0) return null;
    return common.begin(this.#record.bytes, { kind: 'pcapng', ticksPerSecond, id }) ? common : null;
  }

  #taken({ taken }: CommonRecords): void {
    if (taken.number === this.packets) return;
    this.packets = taken.number;
    this.#clockUs = taken.timeUs;
    if (!(taken.firstUs >= this.firstUs)) this.firstUs = taken.firstUs;
    if (!(taken.lastUs <= this.lastUs)) this.lastUs = taken.lastUs;
  }

  /**
   * offset  bytes  enhanced                    obsolete
   *      8      4  interface                   interface (2), drops (2)
   *     12      8  time in ticks, high word first
   *     20      4  captured length
   *     24      4  length on the wire
   *     28      …  the packet, padded to 4; options
   */
  #packet(at: number, end: number, obsolete: boolean): void {
    if (end - at < PACKET_BYTES) {
      this.damage.add('bad-block-length', this.#origin + at);
      return;
    }
    const record = this.#record;
    const view = record.view;
    const little = this.#little;
    const captured = view.getUint32(at + 20, little);
    if (captured > end - at - PACKET_BYTES) {
      this.damage.add('bad-record-length', this.#origin + at);
      return;
    }
    const id = obsolete ? view.getUint16(at + 8, little) : view.getUint32(at + 8, little);
    if (!this.#isKnown(id)) {
      this.damage.add('unknown-interface', this.#origin + at);
      return;
    }
    const wireBytes = view.getUint32(at + 24, little);
    record.at = at + 28;
    if (!record.measure(captured, wireBytes)) this.damage.add('bad-wire-length', this.#origin + at);
    this.#interfaces.stamp(record, at + 12, id, little);
    this.#clockUs = record.timeUs;
    this.#lastId = id;
    // Written so that the first time replaces NaN.
    if (!(record.timeUs >= this.firstUs)) this.firstUs = record.timeUs;
    if (!(record.timeUs <= this.lastUs)) this.lastUs = record.timeUs;
    this.#deliver(id);
  }

  /**
   * offset  bytes
   *      8      4  length on the wire; the captured length follows from it and the snap length
   *     12      …  the packet, padded to 4
   */
  #simplePacket(at: number, end: number): void {
    if (end - at < SIMPLE_PACKET_BYTES) {
      this.damage.add('bad-block-length', this.#origin + at);
      return;
    }
    if (!this.#isKnown(0)) {
      this.damage.add('unknown-interface', this.#origin + at);
      return;
    }
    const record = this.#record;
    const wireBytes = record.view.getUint32(at + 8, this.#little);
    const snapLength = this.#interfaces.snapLength[0] ?? 0;
    const kept = snapLength === 0 || snapLength > wireBytes ? wireBytes : snapLength;
    if (kept > end - at - SIMPLE_PACKET_BYTES) {
      this.damage.add('bad-record-length', this.#origin + at);
      return;
    }
    record.at = at + 12;
    if (!record.measure(kept, wireBytes)) this.damage.add('bad-wire-length', this.#origin + at);
    record.timeUs = this.#clockUs;
    this.#deliver(0);
  }

  #deliver(id: number): void {
    const record = this.#record;
    record.linkType = this.#interfaces.linkType[id] ?? -1;
    record.number = ++this.packets;
    this.#sink.record(record);
  }

  #isKnown(id: number): boolean {
    return id < this.#interfaces.count && (this.#interfaces.linkType[id] ?? -1) >= 0;
  }

  #interface(at: number, end: number): void {
    if (end - at < INTERFACE_BYTES) this.damage.add('bad-block-length', this.#origin + at);
    if (!this.#interfaces.add(this.#record.view, at + 8, end - 4, this.#little)) {
      this.damage.add('too-many-interfaces', this.#origin + at);
    }
  }

  #lose(kind: 'bad-section' | 'bad-block-length', at: number): void {
    this.damage.add(kind, this.#origin + at);
    this.#lostAt = this.#origin + at;
    this.#lost = true;
  }

  /** True where the block at `at` has a whole frame start and asks for more than packets do. */
  #isAbsurd(at: number, to: number): boolean {
    return at + FRAME_BYTES <= to && this.#record.view.getUint32(at + 4, this.#little) > REGAIN_LIMIT;
  }

  /** Looks, byte by byte, for a block of a known type whose two lengths agree; each place costs a few loads. */
  #regain(from: number, to: number, final: boolean): number {
    const view = this.#record.view;
    const stop = final ? to - FRAME_BYTES : to - REGAIN_LIMIT;
    let at = from;
    // The place itself is known to be bad.
    if (this.#origin + at === this.#lostAt && at <= stop) at++;
    for (; at <= stop; at++) {
      if (!isBlockAt(view, at, to, this.#little)) continue;
      this.damage.add('skipped-bytes', this.#lostAt, this.#origin + at - this.#lostAt);
      this.#lost = false;
      return at;
    }
    this.needed = Math.max(1, REGAIN_LIMIT - (to - at));
    return at;
  }
}

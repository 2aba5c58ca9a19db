/**
 * HOT. pcap files (draft-ietf-opsawg-pcap): micro- and nanoseconds, both byte orders, and the record headers of 24
 * bytes of the modified format. Byte order and time unit are fixed at the file header; nothing is allocated per
 * record. Files that were put one behind the other (`cat`, gzip members) are read in turn, each by its own header. Left
 * out: the time zone field (always 0 in practice) and the swapped lengths of libpcap before 0.5.
 */
import { DamageLog, MAX_RECORD_BYTES } from './damage.ts';
import type { CaptureRecord, CommonRecords, RecordSink } from './record.ts';
import type { RecordReader } from './record-reader.ts';

const FILE_HEADER_BYTES = 24;
/** libpcap's own ceiling; a record may be longer only where the file's snap length says so. */
const USUAL_LIMIT = 262144;
/** Records that must follow each other before a place is trusted again. */
const CHAIN = 3;
const DAY_SECONDS = 86400;

const AT_HEADER = 0;
const AT_RECORDS = 1;
/** Footing lost: looking for a place where records chain. */
const LOST = 2;
/** Not a pcap file: everything is passed over. */
const FOREIGN = 3;

export class PcapReader implements RecordReader {
  readonly kind = 'pcap';
  readonly damage = new DamageLog();
  packets = 0;
  firstUs = Number.NaN;
  lastUs = Number.NaN;
  needed = FILE_HEADER_BYTES;

  readonly #record: CaptureRecord;
  readonly #sink: RecordSink;
  #state = AT_HEADER;
  #little = true;
  /** Fractions of a microsecond in the second time field: 1 or 1000. */
  #divisor = 1;
  #headerBytes = 16;
  #linkType = 0;
  #limit = USUAL_LIMIT;
  /** Offset in the stream of the next byte to come. */
  #streamAt = 0;
  /** Stream offset less block offset, for the block in hand. */
  #origin = 0;
  /** Stream offset at which footing was lost. */
  #lostAt = 0;
  /** Seconds of the first record, the last and the one before it; -1 while there is none. */
  #firstSecond = -1;
  #lastSecond = -1;
  #earlierSecond = -1;

  constructor(record: CaptureRecord, sink: RecordSink) {
    this.#record = record;
    this.#sink = sink;
  }

  consume(bytes: Uint8Array, from: number, to: number): number {
    return this.#advance(bytes, from, to, false);
  }

  finish(bytes: Uint8Array, from: number, to: number): void {
    let at = this.#advance(bytes, from, to, true);
    while (this.#state === AT_RECORDS && this.#isAbsurd(at, to)) {
      // Nothing but a broken length asks for so much beyond the end.
      this.#lose(at);
      at = this.#advance(bytes, at, to, true);
    }
    const end = this.#origin + to;
    if (this.#state === LOST) this.damage.add('skipped-bytes', this.#lostAt, end - this.#lostAt);
    else if (this.#state === AT_HEADER) this.damage.add(end === 0 ? 'empty' : 'truncated-header', 0);
    else if (this.#state === AT_RECORDS && at < to) this.damage.add('truncated-record', this.#origin + at);
  }

  #advance(bytes: Uint8Array, from: number, to: number, final: boolean): number {
    if (this.#record.bytes !== bytes) this.#record.useBlock(bytes);
    this.#origin = this.#streamAt - from;
    let at = from;
    while (this.#state !== FOREIGN) {
      const before = this.#state;
      if (before === AT_HEADER) at = this.#fileHeader(at, to);
      else at = before === LOST ? this.#regain(at, to, final) : this.#records(at, to);
      if (this.#state === before) break;
    }
    if (this.#state === FOREIGN) {
      at = to;
      this.needed = 1;
    }
    this.#streamAt = this.#origin + at;
    return at;
  }

  /**
   * offset  bytes
   *      0      4  magic: byte order, time unit, kind of record header
   *      4      4  version
   *      8      8  time zone, accuracy; both unused
   *     16      4  snap length
   *     20      4  link type in the low 16 bits; above them FCS length and class
   */
  #fileHeader(at: number, to: number): number {
    if (to - at < FILE_HEADER_BYTES) {
      this.needed = FILE_HEADER_BYTES - (to - at);
      return at;
    }
    const view = this.#record.view;
    const magic = view.getUint32(at);
    const little = magic === 0xd4c3b2a1 || magic === 0x4d3cb2a1 || magic === 0x34cdb2a1;
    const canonical = view.getUint32(at, little);
    if (canonical !== 0xa1b2c3d4 && canonical !== 0xa1b23c4d && canonical !== 0xa1b2cd34) {
      this.damage.add('not-a-capture', 0);
      this.#state = FOREIGN;
      return at;
    }
    this.#little = little;
    this.#divisor = canonical === 0xa1b23c4d ? 1000 : 1;
    this.#headerBytes = canonical === 0xa1b2cd34 ? 24 : 16;
    this.#linkType = view.getUint32(at + 20, little) & 0xffff;
    const snapLength = Math.min(view.getUint32(at + 16, little), MAX_RECORD_BYTES - this.#headerBytes);
    this.#limit = Math.max(snapLength, USUAL_LIMIT);
    this.#lastSecond = -1;
    this.#earlierSecond = -1;
    this.#state = AT_RECORDS;
    return at + FILE_HEADER_BYTES;
  }

  /**
   * offset  bytes
   *      0      4  seconds since 1970
   *      4      4  micro- or nanoseconds
   *      8      4  captured length
   *     12      4  length on the wire
   *     16      8  modified format only: interface, protocol, packet type, padding
   */
  #records(from: number, to: number): number {
    const record = this.#record;
    const view = record.view;
    const sink = this.#sink;
    const little = this.#little;
    const divisor = this.#divisor;
    const headerBytes = this.#headerBytes;
    const limit = this.#limit;
    let first = this.firstUs;
    let last = this.lastUs;
    let number = this.packets;
    let lastSecond = this.#lastSecond;
    let earlierSecond = this.#earlierSecond;
    let at = from;
    this.needed = headerBytes;
    record.linkType = this.#linkType;
    const common = this.#commonRecords();
    while (at + headerBytes <= to) {
      // The first record tells what times are to be expected.
      if (common !== null && lastSecond >= 0) {
        at = common.run(at, to, number);
        const { taken } = common;
        if (taken.number > number) {
          earlierSecond = taken.number > number + 1 ? taken.earlierSecond : lastSecond;
          lastSecond = taken.lastSecond;
          number = taken.number;
        }
        if (at + headerBytes > to) break;
      }
      const captured = view.getUint32(at + 8, little);
      const wireBytes = view.getUint32(at + 12, little);
      const seconds = view.getUint32(at, little);
      if (captured === 0 && this.#opensFile(at)) {
        if (at + FILE_HEADER_BYTES <= to) this.#state = AT_HEADER;
        break;
      }
      // An empty record of 1970 is a hole of zeros, as an unclean shutdown leaves it.
      if (captured > limit || (captured === 0 && wireBytes === 0 && seconds === 0)) {
        this.#lose(at);
        break;
      }
      const end = at + headerBytes + captured;
      if (end > to) break;
      const timeUs = seconds * 1e6 + view.getUint32(at + 4, little) / divisor;
      record.at = at + headerBytes;
      if (!record.measure(captured, wireBytes)) this.damage.add('bad-wire-length', this.#origin + at);
      record.timeUs = timeUs;
      record.number = ++number;
      // Written so that the first time replaces NaN.
      if (!(timeUs >= first)) first = timeUs;
      if (!(timeUs <= last)) last = timeUs;
      sink.record(record);
      if (lastSecond < 0) this.#firstSecond = seconds;
      earlierSecond = lastSecond;
      lastSecond = seconds;
      at = end;
    }
    if (common !== null) {
      first = Math.min(first, common.taken.firstUs);
      last = Math.max(last, common.taken.lastUs);
    }
    this.packets = number;
    this.firstUs = first;
    this.lastUs = last;
    this.#lastSecond = lastSecond;
    this.#earlierSecond = earlierSecond;
    if (this.#state === AT_RECORDS) this.needed = this.#missing(at, to);
    return at;
  }

  /** Whoever takes the common records of this file from the block in hand; null where nobody does. */
  #commonRecords(): CommonRecords | null {
    const common = this.#sink.common ?? null;
    if (common === null || !this.#little || this.#headerBytes !== 16 || this.#linkType !== 1) return null;
    const ticksPerSecond = 1e6 * this.#divisor;
    return common.begin(this.#record.bytes, { kind: 'pcap', ticksPerSecond }) ? common : null;
  }

  /**
   * True where the file header of another capture stands in place of a record, whose header is whole: a magic number, and
   * version 2.4 in its byte order. Time zone and accuracy, which are 0 in all files, stand where a record has its
   * lengths: as a record it is an empty one of the year 2055.
   */
  #opensFile(at: number): boolean {
    const { view } = this.#record;
    if (view.getUint32(at + 8) !== 0 || view.getUint32(at + 12) !== 0) return false;
    switch (view.getUint32(at)) {
      case 0xa1b2c3d4:
      case 0xa1b23c4d:
      case 0xa1b2cd34:
        return view.getUint32(at + 4) === 0x0002_0004;
      case 0xd4c3b2a1:
      case 0x4d3cb2a1:
      case 0x34cdb2a1:
        return view.getUint32(at + 4) === 0x0200_0400;
      default:
        return false;
    }
  }

  /** Bytes beyond `to` that the record at `at` needs. */
  #missing(at: number, to: number): number {
    if (at + this.#headerBytes > to) return at + this.#headerBytes - to;
    if (this.#opensFile(at)) return at + FILE_HEADER_BYTES - to;
    return at + this.#headerBytes + this.#record.view.getUint32(at + 8, this.#little) - to;
  }

  /** True where the record at `at` is whole in its header and longer than records are. */
  #isAbsurd(at: number, to: number): boolean {
    if (at + this.#headerBytes > to) return false;
    return this.#record.view.getUint32(at + 8, this.#little) > USUAL_LIMIT;
  }

  #lose(at: number): void {
    this.damage.add('bad-record-length', this.#origin + at);
    this.#lostAt = this.#origin + at;
    this.#state = LOST;
  }

  /**
   * Looks, byte by byte, for a place where records chain. Each place costs at most three headers, so the search is
   * linear; it stops where fewer bytes follow than a chain of the longest usual records takes.
   */
  #regain(from: number, to: number, final: boolean): number {
    const reach = CHAIN * (this.#headerBytes + USUAL_LIMIT);
    const stop = final ? to - this.#headerBytes : to - reach;
    let at = from;
    // The place itself is known to be bad.
    if (this.#origin + at === this.#lostAt && at <= stop) at++;
    for (; at <= stop; at++) {
      if (!this.#opensFile(at) && !this.#chains(at, to)) continue;
      this.damage.add('skipped-bytes', this.#lostAt, this.#origin + at - this.#lostAt);
      this.#state = AT_RECORDS;
      return at;
    }
    this.needed = Math.max(1, reach - (to - at));
    return at;
  }

  /** True where plausible records follow each other, three of them or up to the very end of the input. */
  #chains(from: number, to: number): boolean {
    const view = this.#record.view;
    const little = this.#little;
    const ticks = 1e6 * this.#divisor;
    let near = -1;
    let at = from;
    for (let found = 0; found < CHAIN; found++) {
      if (at === to && found > 0) return true;
      // Only at the end of the input: the last record may be cut.
      if (at + this.#headerBytes > to) return found === CHAIN - 1;
      const captured = view.getUint32(at + 8, little);
      if (captured === 0 || captured > USUAL_LIMIT) return false;
      if (captured > view.getUint32(at + 12, little)) return false;
      if (view.getUint32(at + 4, little) >= ticks) return false;
      const seconds = view.getUint32(at, little);
      if (found > 0 ? !isWithinDay(seconds, near) : !this.#isNearKnown(seconds)) return false;
      near = seconds;
      at += this.#headerBytes + captured;
      if (at > to) return found === CHAIN - 1;
    }
    return true;
  }

  /**
   * Near a record that was read: the last may have been garbage itself, for that is how footing is lost, so the one
   * before it and the first count as well.
   */
  #isNearKnown(seconds: number): boolean {
    if (this.#lastSecond < 0) return true;
    if (isWithinDay(seconds, this.#lastSecond) || isWithinDay(seconds, this.#firstSecond)) return true;
    return this.#earlierSecond >= 0 && isWithinDay(seconds, this.#earlierSecond);
  }
}

function isWithinDay(seconds: number, other: number): boolean {
  return Math.abs(seconds - other) <= DAY_SECONDS;
}

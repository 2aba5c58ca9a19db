/**
 * HOT. Records of an nfcapd block of layout 1 (nfdump 1.6: nffile.h) to flow records: addresses, packets and bytes in
 * sizes that the record's flags say, then the extensions that its map lists, in that order. Maps are the file's own
 * and precede their use. Left out on purpose: the same as in layout 2.
 */
import type { NfcapdRecords } from './nfcapd-records.ts';

const HIGH = 4294967296;
/** Bytes of each extension by id; 0 if the id is unknown, after which nothing more can be found. */
const EXTENSION_BYTES = new Uint8Array(64);
for (const [bytes, ids] of [
  [4, [4, 6, 8, 9, 11, 13, 14, 16, 18, 23, 25, 38]],
  [8, [5, 7, 15, 17, 19, 26, 27, 39, 48]],
  [12, [46]],
  [16, [10, 12, 20, 21, 24]],
  [20, [37]],
  [24, [41, 42, 45]],
  [32, [40]],
  [40, [22]],
  [72, [43]],
] as const) {
  for (const id of ids) EXTENSION_BYTES[id] = bytes;
}

// Flags of a common record.
const IPV6 = 1;
const WIDE_PACKETS = 2;
const WIDE_BYTES = 4;
const SAMPLED = 128;

/** Maps and extensions a map that are kept; nfdump itself allows no more. */
const MOST_MAPS = 4096;
const MOST_EXTENSIONS = 64;

export class NfcapdLayout1 {
  readonly #target: NfcapdRecords;
  /** Where the extension ids of each map begin in `#ids`; -1 if the map never came. */
  readonly #maps = new Int32Array(65536).fill(-1);
  readonly #ids = new Uint8Array(MOST_MAPS * (MOST_EXTENSIONS + 1));
  #mapCount = 0;
  #isEgress = false;
  readonly #view: DataView;
  readonly #little: boolean;

  constructor(target: NfcapdRecords, little: boolean) {
    this.#target = target;
    this.#view = target.writer.kernel.view;
    this.#little = little;
  }

  /** Reads the `count` records in [from, to) of the kernel's memory, a block at `position` of the input. */
  block(from: number, to: number, count: number, position: number): void {
    const { damage, exporters } = this.#target;
    const view = this.#view;
    const little = this.#little;
    let at = from;
    let seen = 0;
    while (at + 4 <= to) {
      const type = view.getUint16(at, little);
      const size = view.getUint16(at + 2, little);
      if (size < 4 || size > to - at) {
        damage.refuse('bad-record', position, to - at);
        return;
      }
      seen++;
      if (type === 10 || type === 1) this.#flow(at, at + size, type, position);
      else if (type === 2) this.#map(at, at + size, position);
      else exporters.read(view, at, size, type, little, position);
      at += size;
    }
    if (at !== to || seen !== count) damage.refuse('bad-record', position, to - at);
  }

  // 0 type | 2 size | 4 map id | 6 bytes of all extensions | 8 ids up to a zero
  #map(from: number, to: number, position: number): void {
    if (to - from < 8) {
      this.#target.damage.add('bad-record', position);
      return;
    }
    const id = this.#view.getUint16(from + 4, this.#little);
    let place = this.#maps[id];
    if (place < 0) {
      if (this.#mapCount >= MOST_MAPS) {
        this.#target.damage.add('table-full', position);
        return;
      }
      place = this.#mapCount++ * (MOST_EXTENSIONS + 1);
      this.#maps[id] = place;
    }
    let count = 0;
    for (let at = from + 8; at + 2 <= to && count < MOST_EXTENSIONS; at += 2) {
      const extension = this.#view.getUint16(at, this.#little);
      if (extension === 0) break;
      // What is unknown ends the list: its size is unknown too.
      if (extension >= 64 || EXTENSION_BYTES[extension] === 0) {
        this.#target.damage.add('unknown-record', position);
        break;
      }
      this.#ids[place + count++] = extension;
    }
    this.#ids[place + count] = 0;
  }

  // 0 type | 2 size | 4 flags | 6 map | 8 ms of first, last | 12 first | 16 last | 20 status, flags, protocol, service
  // 24 ports | 28 exporter | 30 direction, end reason | 32 data. Type 1: flags in one byte, no exporter, data at 28.
  #flow(from: number, to: number, type: number, position: number): void {
    const target = this.#target;
    const view = this.#view;
    const little = this.#little;
    const dataAt = type === 10 ? from + 32 : from + 28;
    target.number++;
    this.#isEgress = false;
    if (dataAt > to) {
      target.damage.refuse('bad-record', position, to - from);
      return;
    }
    const flags = type === 10 ? view.getUint16(from + 4, little) : view.getUint8(from + 4);
    const addressBytes = (flags & IPV6) !== 0 ? 32 : 8;
    const packetBytes = (flags & WIDE_PACKETS) !== 0 ? 8 : 4;
    const byteBytes = (flags & WIDE_BYTES) !== 0 ? 8 : 4;
    const map = this.#maps[view.getUint16(from + 6, little)];
    if (dataAt + addressBytes + packetBytes + byteBytes > to) {
      target.damage.refuse('bad-record', position, to - from);
      return;
    }
    const record = target.writer.nextRow();
    target.fallbackUs = Number.NaN;
    record.startUs = view.getUint32(from + 12, little) * 1_000_000 + view.getUint16(from + 8, little) * 1000;
    record.endUs = view.getUint32(from + 16, little) * 1_000_000 + view.getUint16(from + 10, little) * 1000;
    record.isDenied = view.getUint8(from + 20) >> 6 === 2 ? 1 : 0;
    record.tcpFlags = view.getUint8(from + 21);
    record.protocol = view.getUint8(from + 22);
    record.sourcePort = view.getUint16(from + 24, little);
    record.destinationPort = view.getUint16(from + 26, little);
    let at = dataAt;
    if (addressBytes === 32) {
      const high = little ? 4 : 0;
      const low = 4 - high;
      record.source0 = view.getInt32(at + high, little);
      record.source1 = view.getInt32(at + low, little);
      record.source2 = view.getInt32(at + 8 + high, little);
      record.source3 = view.getInt32(at + 8 + low, little);
      record.destination0 = view.getInt32(at + 16 + high, little);
      record.destination1 = view.getInt32(at + 16 + low, little);
      record.destination2 = view.getInt32(at + 24 + high, little);
      record.destination3 = view.getInt32(at + 24 + low, little);
    } else {
      record.source2 = 0xffff;
      record.source3 = view.getInt32(at, little);
      record.destination2 = 0xffff;
      record.destination3 = view.getInt32(at + 4, little);
    }
    at += addressBytes;
    record.packets = this.#counter(at, packetBytes);
    at += packetBytes;
    record.bytes = this.#counter(at, byteBytes);
    at += byteBytes;
    if (map < 0) target.damage.add('unknown-template', position);
    else this.#extensions(at, to, map, position);
    const exporter = target.exporters.ordinal(type === 10 ? view.getUint16(from + 28, little) : 0);
    const interval = target.exporters.interval(exporter, -1, -1);
    record.exporter = this.#isEgress ? target.exporters.egress(exporter) : exporter;
    const isScaled = (flags & SAMPLED) !== 0;
    record.isScaled = isScaled ? 1 : 0;
    record.samplingInterval = target.intervalOf(interval, isScaled);
    target.validate(position);
  }

  #extensions(from: number, to: number, map: number, position: number): void {
    const { record } = this.#target.writer;
    let at = from;
    for (let i = map; this.#ids[i] !== 0; i++) {
      const id = this.#ids[i];
      const bytes = EXTENSION_BYTES[id];
      if (at + bytes > to) {
        this.#target.damage.add('bad-record', position);
        return;
      }
      if (id === 14 || id === 15) record.reversePackets = this.#counter(at, bytes);
      else if (id === 16 || id === 17) record.reverseBytes = this.#counter(at, bytes);
      else if (id === 8) this.#isEgress = this.#view.getUint8(at + 1) === 1;
      else if (id === 27) this.#target.fallbackUs = this.#counter(at, 8) * 1000;
      at += bytes;
    }
    // Half a pair, or a pair of zeros, says nothing of the way back.
    if (record.reversePackets <= 0 && record.reverseBytes <= 0) {
      record.reversePackets = -1;
      record.reverseBytes = -1;
    } else if (record.reversePackets < 0) record.reversePackets = 0;
    else if (record.reverseBytes < 0) record.reverseBytes = 0;
  }

  #counter(at: number, bytes: number): number {
    const view = this.#view;
    if (bytes === 4) return view.getUint32(at, this.#little);
    return this.#little
      ? view.getUint32(at, true) + view.getUint32(at + 4, true) * HIGH
      : view.getUint32(at + 4) + view.getUint32(at) * HIGH;
  }
}

/**
 * NetFlow v5 datagrams (Cisco, NetFlow Export Datagram Format): fixed records of IPv4 flows, which the kernel reads
 * (kernel/records/binary/netflow-v5.ts). Its header says how many flows were sent before, and one packet in how many was looked at.
 * For us, v7 differs only in the size of a record. The header of v1 says neither, and its TCP flags are at another place.
 */
import type { ExportDomain } from './export-domain.ts';
import type { TemplateFlows } from './template-flows.ts';

/** Of each version: bytes of its header and of a record, and records at most. */
const LAYOUTS: ReadonlyMap<number, { headerBytes: number; recordBytes: number; most: number }> = new Map([
  [1, { headerBytes: 16, recordBytes: 48, most: 24 }],
  [5, { headerBytes: 24, recordBytes: 48, most: 30 }],
  [7, { headerBytes: 24, recordBytes: 52, most: 30 }],
]);

/** No datagram has it. */
const NO_LAYOUT = { headerBytes: 0, recordBytes: 0, most: 0 };

const layoutOf = (view: DataView, from: number) => LAYOUTS.get(view.getUint16(from)) ?? NO_LAYOUT;

/**
 * Are these bytes a v1, v5 or v7 datagram? Its length, on the wire, must be what its count asks for. Some exporters pad
 * it: by less than a record, or to the length of a full datagram (old softflowd). Then its records must be sound as well.
 */
export function isNetflowV5(view: DataView, from: number, to: number, wireTo = to): boolean {
  if (to - from < 24) return false;
  const version = view.getUint16(from);
  const count = view.getUint16(from + 2);
  const { headerBytes, recordBytes, most } = layoutOf(view, from);
  if (count < 1 || count > most) return false;
  const trailer = wireTo - from - headerBytes - count * recordBytes;
  // Nanoseconds, padding: what is no such datagram seldom has both right.
  const padAt = from + headerBytes + 36;
  const isPadded = padAt >= to || view.getUint8(padAt) === 0;
  const isSound = view.getUint32(from + 12) < 1_000_000_000 && isPadded;
  if (trailer === 0 || !isSound) return trailer === 0;
  if (trailer > 0 && trailer < recordBytes) return true;
  const isFull = wireTo - from === headerBytes + most * recordBytes;
  return isFull && areSound(view, version, from + headerBytes, Math.min(to, wireTo - trailer), recordBytes);
}

/** Each record has its padding, and does not end before it begins; a clock of 32 bits may have come round. */
function areSound(view: DataView, version: number, from: number, to: number, recordBytes: number): boolean {
  for (let at = from; at + recordBytes <= to; at += recordBytes) {
    const lasts = (view.getUint32(at + 28) - view.getUint32(at + 24)) | 0;
    if (lasts < 0 || view.getUint8(at + 36) !== 0) return false;
    if (version === 5 && view.getUint16(at + 46) !== 0) return false;
  }
  return true;
}

/** Bytes behind the last record, as far as they were captured. */
export function trailerBytes(view: DataView, from: number, to: number): number {
  const { headerBytes, recordBytes } = layoutOf(view, from);
  return Math.max(0, to - from - headerBytes - view.getUint16(from + 2) * recordBytes);
}

/**
 * Header:  0 version | 2 count | 4 uptime ms | 8 seconds | 12 nanoseconds | 16 sequence | 20 engine | 22 sampling
 * v1 has no sequence, engine or sampling, and its records begin at 16.
 * Reads the records in [from, to) of the kernel's memory.
 */
export function readNetflowV5(flows: TemplateFlows, domain: ExportDomain, from: number, to: number): void {
  const { rows, view } = flows;
  const { writer } = rows;
  const { calls, reading } = writer.kernel;
  const version = view.getUint16(from);
  const { headerBytes, recordBytes } = layoutOf(view, from);
  const flagsAt = version === 1 ? 40 : 37;
  const uptime = view.getUint32(from + 4);
  const ownUs = view.getUint32(from + 8) * 1_000_000 + Math.floor(view.getUint32(from + 12) / 1000);
  flows.setExportTime(domain, ownUs);
  // v7 has four reserved bytes here; its switches do not sample.
  const announced = version === 5 ? view.getUint16(from + 22) & 0x3fff : 0;
  const whole = Math.floor((to - from - headerBytes) / recordBytes);
  writer.meet(domain.ordinal);
  let at = from + headerBytes;
  for (let left = Math.min(view.getUint16(from + 2), whole); left > 0; ) {
    const count = Math.min(left, writer.room);
    const written = calls.readV5(
      at,
      count,
      recordBytes,
      flagsAt,
      flows.exportUs,
      uptime,
      announced > 0 ? announced : flows.assumedInterval,
      domain.ordinal,
      rows.number,
      writer.rowAt,
    );
    domain.bootless += reading.bootless;
    rows.note(written, rows.number);
    at += count * recordBytes;
    left -= count;
  }
}

/**
 * Reads a flow log from memory, and says its records as a person would: addresses and times as text, and only what
 * the record holds. The wording is made here, not by the code under test.
 */

import type { FlowFormat } from '../../src/readers/flow-format.ts';
import type { FlowReadOptions } from '../../src/readers/flow-reading.ts';
import type { BatchTarget } from '../../src/rows/batches.ts';
import { CertificateNames } from '../../src/rows/certificate-names.ts';
import type { AlertRecord, NameRecord } from '../../src/rows/flow-sink.ts';
import { readInto } from './binary-flows.ts';
import type { FlowRecord } from './flow-record.ts';
import { flowSink } from './flow-rows.ts';

export interface FlowReading {
  readonly flows: readonly SaidFlow[];
  readonly names: readonly NameRecord[];
  readonly alerts: readonly AlertRecord[];
  readonly result: Awaited<ReturnType<typeof readInto>>;
  /** `kind: count` of each damage row. */
  readonly damage: Readonly<Record<string, number>>;
}

export interface SaidFlow {
  readonly number: number;
  /** ISO 8601 with microseconds, or 'unknown'. */
  readonly start: string;
  readonly end: string;
  readonly from: string;
  readonly to: string;
  readonly protocol: number;
  /** Packets and bytes. */
  readonly sent: readonly [number, number];
  readonly received?: readonly [number, number];
  readonly flags?: number;
  readonly reverseFlags?: number;
  readonly layer?: 'link' | 'payload';
  /** Absent: every packet was looked at. */
  readonly sampling?: number;
  readonly scaled?: true;
  readonly opened?: 'by source' | 'by destination';
  readonly denied?: true;
  readonly exporter?: number;
}

/** Reads the whole text or bytes; `step` bytes at a time where given. */
export async function readFlows(
  format: FlowFormat,
  content: string | Uint8Array,
  { certificates = new CertificateNames(), ...options }: FlowReadOptions & Partial<BatchTarget> = {},
  step = Number.POSITIVE_INFINITY,
): Promise<FlowReading> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const flows: SaidFlow[] = [];
  const names: NameRecord[] = [];
  const alerts: AlertRecord[] = [];
  let at = 0;
  const source = {
    fill: (target: Uint8Array): Promise<number> => {
      const part = bytes.subarray(at, at + Math.min(step, target.length));
      target.set(part);
      at += part.length;
      return Promise.resolve(part.length);
    },
  };
  const sink = {
    ...flowSink((record) => flows.push(said(record))),
    name: (record: NameRecord): void => void names.push(record),
    alert: (record: AlertRecord): void => void alerts.push(record),
  };
  const result = await readInto(format, source, sink, options, { certificates });
  const damage = Object.fromEntries(result.damage.map(({ kind, count }) => [kind, count]));
  return { flows, names, alerts, result, damage };
}

function said(record: FlowRecord): SaidFlow {
  const { source0, source1, source2, source3 } = record;
  const { destination0, destination1, destination2, destination3 } = record;
  return {
    number: record.number,
    start: timeText(record.startUs),
    end: timeText(record.endUs),
    from: endpoint([source0, source1, source2, source3], record.sourcePort),
    to: endpoint([destination0, destination1, destination2, destination3], record.destinationPort),
    protocol: record.protocol,
    sent: [record.packets, record.bytes],
    ...((record.reversePackets >= 0 || record.reverseBytes >= 0) && {
      received: [record.reversePackets, record.reverseBytes] as const,
    }),
    ...(record.tcpFlags >= 0 && { flags: record.tcpFlags }),
    ...(record.reverseTcpFlags >= 0 && { reverseFlags: record.reverseTcpFlags }),
    ...(record.byteLayer !== 0 && {
      layer: record.byteLayer === 1 ? ('link' as const) : ('payload' as const),
    }),
    ...(record.samplingInterval !== 1 && { sampling: record.samplingInterval }),
    ...(record.isScaled && { scaled: true as const }),
    ...(record.originator !== 0 && {
      opened: record.originator === 1 ? ('by source' as const) : ('by destination' as const),
    }),
    ...(record.isDenied && { denied: true as const }),
    ...(record.exporter !== 0 && { exporter: record.exporter }),
  };
}

function timeText(us: number): string {
  if (Number.isNaN(us)) return 'unknown';
  const micros = String(us % 1e6).padStart(6, '0');
  return `${new Date(Math.floor(us / 1e6) * 1000).toISOString().slice(0, 19)}.${micros}Z`;
}

/** `a.b.c.d:port`, or eight full groups in brackets. */
function endpoint(words: readonly number[], port: number): string {
  const bytes = words.flatMap((word) => [24, 16, 8, 0].map((shift) => (word >>> shift) & 255));
  if (words[0] === 0 && words[1] === 0 && words[2] === 0xffff) return `${bytes.slice(12).join('.')}:${port}`;
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `[${hex.replace(/(.{4})(?=.)/g, '$1:')}]:${port}`;
}

/** Flow logs to plain objects, for tests: every field of a record that says something. */

import { addressText } from '../../src/address.ts';
import type { FlowFormat } from '../../src/readers/flow-format.ts';
import type { FlowReadOptions, FlowReadResult, FlowSource } from '../../src/readers/flow-reading.ts';
import { ExportCollector, type ExportPacket } from '../../src/readers/netflow/export-collector.ts';
import { type BatchTarget, RecordsBetween, readHere } from '../../src/rows/batches.ts';
import { CertificateNames } from '../../src/rows/certificate-names.ts';
import type { FlowSink } from '../../src/rows/flow-sink.ts';
import { FlowRecord } from './flow-record.ts';
import { flowSink } from './flow-rows.ts';

export interface ReadFlow {
  readonly flow: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly packets: number;
  readonly bytes: number;
  readonly [other: string]: unknown;
}

/** Bytes as a source that delivers at most `step` of them at a time. */
export function bytesSource(bytes: Uint8Array, step = Number.POSITIVE_INFINITY): FlowSource {
  let at = 0;
  return {
    fill: (target) => {
      const count = Math.min(target.length, bytes.length - at, step);
      target.set(bytes.subarray(at, at + count));
      at += count;
      return Promise.resolve(count);
    },
  };
}

/** Has a log read into batches that a sink takes. */
export async function readInto(
  format: FlowFormat,
  source: FlowSource,
  sink: FlowSink,
  options: FlowReadOptions = {},
  { exporters = [], certificates = new CertificateNames() }: Partial<BatchTarget> = {},
): Promise<FlowReadResult & Pick<BatchTarget, 'exporters'>> {
  const target = { sink, exporters, certificates };
  const result = await readHere(target, (writer) => format.read(source, writer, options));
  return { ...result, exporters };
}

const EMPTY = new FlowRecord();

/** A record as an object, without the fields that say nothing. */
export function plain(record: FlowRecord): ReadFlow {
  const source = addressText([record.source0, record.source1, record.source2, record.source3]);
  const destination = addressText([
    record.destination0,
    record.destination1,
    record.destination2,
    record.destination3,
  ]);
  const rest: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(record)) {
    const isNamed = /^(source|destination|start|end|packets|bytes|protocol|number)/.test(name);
    if (!isNamed && !Object.is(value, Reflect.get(EMPTY, name))) rest[name] = value;
  }
  return {
    flow: `${record.protocol} ${source}:${record.sourcePort} > ${destination}:${record.destinationPort}`,
    startMs: Math.floor(record.startUs / 1000),
    endMs: Math.floor(record.endUs / 1000),
    packets: record.packets,
    bytes: record.bytes,
    ...rest,
  };
}

export async function readFlows(
  format: FlowFormat,
  bytes: Uint8Array,
  options: FlowReadOptions = {},
  step?: number,
): Promise<{ flows: ReadFlow[]; result: Awaited<ReturnType<typeof readInto>> }> {
  const flows: ReadFlow[] = [];
  const sink = flowSink((record) => flows.push(plain(record)));
  const result = await readInto(format, bytesSource(bytes, step), sink, options);
  return { flows, result };
}

/** A datagram as the packet that carries it. */
export function exportPacket(
  payload: Uint8Array<ArrayBuffer>,
  source = 0x0a000001,
  sourcePort = 50000,
  captured = payload.length,
): ExportPacket {
  return {
    memory: { u8: payload, view: new DataView(payload.buffer) },
    payloadStart: 0,
    payloadEnd: Math.min(captured, payload.length),
    payloadBytes: payload.length,
    source0: 0,
    source1: 0,
    source2: 0xffff,
    source3: source,
    sourcePort,
  };
}

/** A collector whose records are taken behind each datagram. */
export function exportCollector(take: (record: FlowRecord) => void, samplingInterval = 0): ExportCollector {
  const between = new RecordsBetween({ sink: flowSink(take), exporters: [] });
  return new ExportCollector(between, samplingInterval);
}

/** Collects datagrams of one exporter, one a second. */
export function collect(
  datagrams: readonly Uint8Array<ArrayBuffer>[],
  samplingInterval = 0,
  captured = Number.POSITIVE_INFINITY,
) {
  const flows: ReadFlow[] = [];
  const collector = exportCollector((record) => flows.push(plain(record)), samplingInterval);
  const taken = datagrams.map((datagram, i) =>
    collector.datagram(exportPacket(datagram, 0x0a000001, 50000, captured), (1_700_000_000 + i) * 1e6, i + 1),
  );
  collector.finish();
  return { flows, collector, taken };
}

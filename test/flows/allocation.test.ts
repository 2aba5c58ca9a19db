/**
 * Reading flow records and keeping conversations allocates nothing per record: garbage collections are counted, not
 * timed, and do not grow with the records.
 */

import { constants, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { Conversations } from '../../src/flows/conversations.ts';
import { EndpointWatch } from '../../src/flows/endpoint-watch.ts';
import { ExportCollector } from '../../src/readers/netflow/export-collector.ts';
import { NfcapdRecords } from '../../src/readers/nfcapd/nfcapd-records.ts';
import { BatchReader, BatchWriter, RecordsBetween } from '../../src/rows/batches.ts';
import { CertificateNames } from '../../src/rows/certificate-names.ts';
import { FlowDamageLog } from '../../src/rows/flow-damage.ts';
import { type FlowSink, NOBODY } from '../../src/rows/flow-sink.ts';
import { RecordsKernel } from '../../src/rows/records-kernel.ts';
import { AT } from '../../src/schema/records-memory.ts';
import { exportPacket } from '../support/binary-flows.ts';
import {
  ipfixMessage,
  ipv4,
  netflow5,
  set,
  template,
  v3Record,
  Writer,
  type WrittenFlow,
} from '../support/flow-writer.ts';

let collections = 0;
const observer = new PerformanceObserver((list) => {
  collections += list.getEntries().filter(isScavenge).length;
});
observer.observe({ entryTypes: ['gc'] });
afterAll(() => observer.disconnect());

/** Only young-generation collections are caused by allocating; others may come with time. */
function isScavenge(entry: PerformanceEntry): boolean {
  return (
    'detail' in entry &&
    JSON.stringify(entry.detail).includes(`"kind":${constants.NODE_PERFORMANCE_GC_MINOR}`)
  );
}

async function collectionsDuring(work: () => void): Promise<number> {
  await sleep(50);
  collections = 0;
  work();
  await sleep(50);
  return collections;
}

const T0 = 1_700_000_000_000;
function flow(i: number): WrittenFlow {
  const [client, server] = [`10.0.0.${i % 250}`, `198.51.100.${i % 7}`];
  return {
    firstMs: T0 + i * 1000,
    lastMs: T0 + i * 1000 + 59_001,
    source: i % 2 === 0 ? client : server,
    destination: i % 2 === 0 ? server : client,
    sourcePort: i % 2 === 0 ? 40_000 : 3333,
    destinationPort: i % 2 === 0 ? 3333 : 40_000,
    packets: 10 + i,
    bytes: 5_000_000_000 + i,
    reverse: { packets: 3, bytes: 6_000_000_000 },
    version: 10,
  };
}

function keeper() {
  const watch = new EndpointWatch();
  watch.add([0, 0, 0xffff, ipv4('198.51.100.1')], 3333);
  const conversations = new Conversations({ watch });
  conversations.beginInput(0, 'test', []);
  const addRows: FlowSink['addRows'] = (...rows) => conversations.addRows(...rows);
  return { conversations, sink: { ...NOBODY, addRows } };
}

/** Collections for 100,000 records and for ten times as many, once the compiler is done with the code. */
async function compare(batch: () => number): Promise<{ few: boolean; many: boolean }> {
  const work = (records: number): void => {
    for (let read = 0; read < records; ) read += batch();
  };
  work(300_000);
  const few = await collectionsDuring(() => work(100_000));
  const many = await collectionsDuring(() => work(1_000_000));
  return { few: few <= 1, many: many <= 2 };
}

describe('flow records', () => {
  it('of nfcapd blocks cost no garbage, conversations included', async () => {
    const { conversations, sink } = keeper();
    const kernel = new RecordsKernel();
    const target = { sink, exporters: [], certificates: new CertificateNames() };
    const taker = new BatchReader(kernel, () => [], target);
    const writer = new BatchWriter(kernel, { send: () => {}, take: () => taker.take() });
    const settings = { little: true, countsFrames: false, assumedInterval: 0 };
    const reader = new NfcapdRecords(writer, new FlowDamageLog(), settings);
    const body = Uint8Array.from(Array.from({ length: 1000 }, (_, i) => [...v3Record(flow(i))]).flat());
    const at = AT.input;
    kernel.bytes.set(body, at);
    const result = await compare(() => {
      reader.block(at, at + body.length, 1000, 0);
      return 1000;
    });
    expect(result).toEqual({ few: true, many: true });
    expect(conversations.totals.keptRecords).toBeGreaterThan(1_300_000);
  });

  it('of exports cost garbage for a datagram at most', async () => {
    const { conversations, sink } = keeper();
    const collector = new ExportCollector(new RecordsBetween({ sink, exporters: [] }));
    const v5 = netflow5(
      Array.from({ length: 30 }, (_, i) => ({ ...flow(i), firstMs: 1000, lastMs: 2000, bytes: 4e9 })),
    );
    const fields = template(256, [
      [8, 4],
      [12, 4],
      [7, 2],
      [11, 2],
      [4, 1],
      [6, 1],
      [2, 8],
      [1, 8],
      [152, 8],
      [153, 8],
    ]);
    const data = new Writer();
    for (let i = 0; i < 400; i++) {
      const { source, destination, sourcePort, destinationPort, packets, bytes, firstMs, lastMs } = flow(i);
      data.u32(ipv4(source), ipv4(destination)).u16(sourcePort, destinationPort).u8(6, 0x1b);
      data.u64(packets, bytes, firstMs, lastMs);
    }
    const messages = [exportPacket(v5), exportPacket(ipfixMessage([set(256, data.take())]))];
    collector.datagram(exportPacket(ipfixMessage([set(2, fields)])), T0 * 1000, 1);
    let sequence = 0;
    const result = await compare(() => {
      const before = collector.records;
      for (const [i, message] of messages.entries()) {
        // One with the same number would be a copy: v5 has it at 16, IPFIX at 8.
        message.memory.view.setUint32(i === 0 ? 16 : 8, sequence++);
        collector.datagram(message, T0 * 1000, 1);
      }
      return collector.records - before;
    });
    expect(result).toEqual({ few: true, many: true });
    expect(conversations.totals.records).toBeGreaterThan(1_300_000);
  });
});

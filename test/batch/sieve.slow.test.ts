/**
 * Records that only count, counted where they are read: the same totals and conversations as where every record comes
 * to the table, whatever is unusual about a record; and the sums are those of the records.
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressWords } from '../../src/address.ts';
import { Conversations } from '../../src/flows/conversations.ts';
import { EndpointWatch } from '../../src/flows/endpoint-watch.ts';
import type { FlowFormat } from '../../src/readers/flow-format.ts';
import type { FlowReadResult } from '../../src/readers/flow-reading.ts';
import { flowFormat } from '../../src/readers/index.ts';
import { nfcapd } from '../../src/readers/nfcapd/nfcapd.ts';
import { ReadingThread } from '../../src/reading/reading-thread.ts';
import { readHere } from '../../src/rows/batches.ts';
import { CertificateNames } from '../../src/rows/certificate-names.ts';
import { type FlowSink, LINK_BYTES, type NameRecord } from '../../src/rows/flow-sink.ts';
import { nameBits } from '../../src/rows/records-kernel.ts';
import { threadProgram } from '../../src/thread-program.ts';
import { anyRecords, HOUR, T0 } from '../support/any-nfcapd.ts';
import { bytesSource, readInto } from '../support/binary-flows.ts';
import type { FlowRecord } from '../support/flow-record.ts';
import { flowSink } from '../support/flow-rows.ts';
import { exporterRecord, nfcapd2, samplerRecord } from '../support/flow-writer.ts';
import { runs } from '../support/runs.ts';

function anyLog(seed: number, little = true, creator = 1): Uint8Array {
  const records = anyRecords(seed, 6000, little);
  const samplers = (from: number): Uint8Array[] => [
    exporterRecord(1 + (from % 3), `192.0.2.${from}`, from, little),
    samplerRecord(4, -1, 1, from === 1 ? 99 : 0, little),
    samplerRecord(5, -3, 2, 3 * from, little),
    samplerRecord(2, 7, 1, 9, little),
  ];
  return nfcapd2(
    [
      records.slice(0, 900),
      [...samplers(1), ...records.slice(900, 3000)],
      [...samplers(2), ...records.slice(3000)],
    ],
    { little, creator },
  );
}

/** The pool of the logs below: its names stand for ends of the flows that follow. */
const POOL = 'example.org';

/** Flows of mail, and names of nine of their ninety servers. */
function namedLog(name: string): Uint8Array {
  const at = '"timestamp":"2023-11-14T22:13:20.000000+0000"';
  const rows = Array.from({ length: 6000 }, (_, i) => {
    const ends = `"src_ip":"10.0.0.${i % 250}","src_port":${40_000 + i},"dest_ip":"198.51.100.${i % 90}","dest_port":993,"proto":"TCP"`;
    if (i > 2000 && i % 50 === 1) return `{${at},"event_type":"tls",${ends},"tls":{"sni":"${name}"}}`;
    return `{${at},"event_type":"flow",${ends},"flow":{"pkts_toserver":${i},"pkts_toclient":2,"bytes_toserver":${60 * i},"bytes_toclient":200,"start":"2023-11-14T22:13:20.000000+0000","end":"2023-11-14T22:14:20.000000+0000"}}`;
  });
  return Buffer.from(`${rows.join('\n')}\n`);
}

/** Sums beyond 2^53, which only absurd counters reach, depend on their order in the last of sixteen digits. */
function rounded(sums: Readonly<Record<string, number>>): Readonly<Record<string, number | string>> {
  return Object.fromEntries(
    Object.entries(sums).map(([name, sum]) => [
      name,
      sum > Number.MAX_SAFE_INTEGER ? sum.toPrecision(12) : sum,
    ]),
  );
}

/** What the records inside the times hold, added up plainly. */
class PlainSums {
  records = 0;
  insideRecords = 0;
  timelessRecords = 0;
  otherRecords = 0;
  packets = 0;
  bytes = 0;

  add(record: FlowRecord, { sinceUs = -Infinity, untilUs = Infinity }: Times): void {
    this.records++;
    if (Number.isNaN(record.startUs)) this.timelessRecords++;
    if (!(record.endUs >= sinceUs && record.startUs < untilUs)) return;
    this.insideRecords++;
    const hasPorts = record.sourcePort + record.destinationPort > 0;
    if (record.protocol !== 6 && !(record.protocol === 0 && hasPorts)) this.otherRecords++;
    const factor = record.isScaled ? 1 : Math.max(1, record.samplingInterval);
    // An Ethernet header of each packet is not of IP.
    const header = record.byteLayer === LINK_BYTES ? 14 : 0;
    for (const [packets, bytes] of [
      [record.packets, record.bytes],
      [record.reversePackets, record.reverseBytes],
    ]) {
      this.packets += Math.max(0, packets) * factor;
      this.bytes += Math.max(0, bytes - header * Math.max(0, packets)) * factor;
    }
  }
}

interface Times {
  readonly sinceUs?: number;
  readonly untilUs?: number;
}

interface Table {
  readonly result: FlowReadResult;
  readonly conversations: readonly unknown[];
  readonly totals: ReturnType<typeof rounded>;
}

describe('records that only count', () => {
  let thread: ReadingThread;
  beforeAll(async () => {
    const started = await ReadingThread.start(threadProgram());
    if (started === null) throw new Error('the thread of the program that was built does not start');
    thread = started;
  });
  afterAll(() => thread.close());

  /** Reads into a table that watches an address and a prefix; `handed` is how many records come to it. */
  async function tableOf(
    format: FlowFormat,
    bytes: Uint8Array,
    where: 'here' | 'thread',
    times: Times = {},
  ): Promise<Table & { readonly handed: number }> {
    const watch = new EndpointWatch();
    watch.add([0, 0, 0xffff, 0xc6336407 | 0], 443);
    watch.add([0, 0, 0xffff, 0xc6336410 | 0], 0, 126);
    const table = new Conversations({ watch, maximum: 500, ...times });
    const exporters: string[] = [];
    table.beginInput(0, format.id, exporters);
    let handed = 0;
    const sink: FlowSink = {
      addRows: (numbers, from, count) => {
        handed += count;
        table.addRows(numbers, from, count);
      },
      ...(where === 'here'
        ? {}
        : {
            sieve: () => ({ ...table.sieve(), names: nameBits([POOL]) }),
            counted: (numbers: Float64Array, from: number) => table.counted(numbers, from),
          }),
      name: (record: NameRecord) => {
        const isOfPool = record.name === POOL || record.name.endsWith(`.${POOL}`);
        const words = isOfPool ? addressWords(record.server) : null;
        if (words !== null) watch.add(words, 0);
      },
      alert: () => {},
    };
    const target = { sink, exporters, certificates: new CertificateNames() };
    const source = bytesSource(bytes);
    const result =
      where === 'here'
        ? await readHere(target, (writer) => format.read(source, writer))
        : await thread.read(format, source, target, { onBlock: () => true });
    const totals = rounded(table.totals);
    return { result, conversations: [...table.conversations()], totals, handed };
  }

  async function expectSame(format: FlowFormat, bytes: Uint8Array, times: Times = {}): Promise<number> {
    const { handed: all, ...here } = await tableOf(format, bytes, 'here', times);
    const { handed, ...there } = await tableOf(format, bytes, 'thread', times);
    expect(there).toEqual(here);
    const sums = new PlainSums();
    await readInto(
      format,
      bytesSource(bytes),
      flowSink((record) => sums.add(record, times)),
    );
    const { otherRecords, briefRecords } = here.totals;
    expect({ ...here.totals, otherRecords: Number(otherRecords) + Number(briefRecords) }).toMatchObject(
      rounded({ ...sums }),
    );
    expect(here.conversations.length).toBeGreaterThan(40);
    return all - handed;
  }

  it.each([1, 2, 3, 4, 5, 6].slice(0, runs(1, 6)))(
    'are the same, whatever records hold: seed %i',
    async (seed) => {
      expect(await expectSame(nfcapd, anyLog(seed))).toBeGreaterThan(1500);
    },
  );

  it('are the same from the other byte order, and where frames are counted', async () => {
    expect(await expectSame(nfcapd, anyLog(7, false))).toBeGreaterThan(1500);
    expect(await expectSame(nfcapd, anyLog(8, true, 3))).toBeGreaterThan(1500);
  });

  it('count within the times that are wanted alone', async () => {
    const times = { sinceUs: (T0 + 0.5 * HOUR) * 1000, untilUs: (T0 + 1.5 * HOUR) * 1000 };
    expect(await expectSame(nfcapd, anyLog(9), times)).toBeGreaterThan(700);
  });

  it.each([
    ['pool.example.org', true],
    ['EXAMPLE.ORG.', true],
    ['notexample.org', false],
    ['org', false],
    ['pool.example.org.net', false],
  ])('are handed over if %s is a name of the pool of their server: %s', async (name, isOfPool) => {
    const eve = flowFormat('eve');
    if (eve === null) throw new Error('no such format');
    // Of 5,920 flows some 300 are of addresses that are listed or seem so, and 400 of servers that were named before.
    const counted = await expectSame(eve, namedLog(name));
    expect(counted).toBeGreaterThan(isOfPool ? 5100 : 5500);
    expect(counted < 5350).toBe(isOfPool);
  });
});

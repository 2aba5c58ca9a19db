/**
 * The same flow through every family of formats and out of a store is the same row: whatever it is read from, one last step
 * judges its flags, its times and its counters.
 */
import { describe, expect, it } from 'vitest';
import { flowFormat } from '../../src/readers/index.ts';
import { readHere } from '../../src/rows/batches.ts';
import type { StoreConnection, StoreRow } from '../../src/stores/clickhouse/connection.ts';
import { StoreReader } from '../../src/stores/clickhouse/read.ts';
import { resolveTable, STORE_SCHEMAS } from '../../src/stores/clickhouse/table.ts';
import { bytesSource, exportCollector, exportPacket, readInto } from '../support/binary-flows.ts';
import { readFlows } from '../support/flow-reading.ts';
import type { FlowRecord } from '../support/flow-record.ts';
import { flowSink } from '../support/flow-rows.ts';
import {
  ipfixMessage,
  ipv4,
  netflow5,
  nfcapd1,
  nfcapd2,
  set,
  template,
  v3Record,
  Writer,
} from '../support/flow-writer.ts';

interface Given {
  readonly startMs: number;
  readonly endMs: number;
  readonly flags: number;
  readonly protocol: number;
}
const T0 = 1_700_000_000_000;
const ENDS = { source: '10.0.0.5', destination: '198.51.100.20', sourcePort: 51_000, destinationPort: 3333 };
const COUNTS = { packets: 25, bytes: 4000 };

/** What is compared: the fields that all of these formats have. */
function judged(record: FlowRecord): object {
  const { source3, destination3, sourcePort, destinationPort, protocol, packets, bytes } = record;
  const { startUs, endUs, tcpFlags, reverseTcpFlags, reversePackets, reverseBytes } = record;
  const times = { startUs, endUs };
  const ends = { source3, destination3, sourcePort, destinationPort, protocol };
  return { ...times, ...ends, packets, bytes, tcpFlags, reverseTcpFlags, reversePackets, reverseBytes };
}

async function log(format: string, bytes: Uint8Array | string): Promise<object[]> {
  const rows: object[] = [];
  const reader = flowFormat(format);
  if (reader === null) throw new Error(format);
  await readInto(
    reader,
    bytesSource(typeof bytes === 'string' ? Buffer.from(bytes) : bytes),
    flowSink((record) => rows.push(judged(record))),
  );
  return rows;
}

function exported(...datagrams: readonly Uint8Array<ArrayBuffer>[]): object[] {
  const rows: object[] = [];
  const collector = exportCollector((record) => rows.push(judged(record)));
  for (const [i, datagram] of datagrams.entries())
    collector.datagram(exportPacket(datagram), (T0 + 2000) * 1000, i + 1);
  collector.finish();
  return rows;
}

function ipfixSets({ startMs, endMs, flags, protocol }: Given): Uint8Array[] {
  const fields: readonly (readonly [number, number])[] = [
    ...([
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
    ] as const),
  ];
  const data = new Writer().u32(ipv4(ENDS.source), ipv4(ENDS.destination));
  data.u16(ENDS.sourcePort, ENDS.destinationPort).u8(protocol, flags);
  data.u64(COUNTS.packets, COUNTS.bytes, startMs, endMs);
  return [set(2, template(256, fields)), set(256, data.take())];
}

/** Rows of a table of Akvorado's, as a server answers them. */
async function store({ startMs, endMs, flags, protocol }: Given): Promise<object[]> {
  const schema = STORE_SCHEMAS.find(({ id }) => id === 'goflow2');
  if (schema === undefined) throw new Error('no such schema');
  const names = Object.values(schema.columns).map(([name = '']) => name);
  const types = new Map(names.map((name) => [name, name.endsWith('addr') ? 'IPv6' : 'UInt64']));
  const table = resolveTable('default', 'flows', schema, types);
  if ('missing' in table) throw new Error(table.missing.join(' '));
  const row: StoreRow = {
    ...{ m_source: ENDS.source, m_destination: ENDS.destination, m_exporter: '', m_sampling: 1, m_name: '' },
    ...{ m_sourcePort: ENDS.sourcePort, m_destinationPort: ENDS.destinationPort, m_protocol: protocol },
    ...{ m_start: startMs * 1000, m_end: endMs * 1000, m_tcpFlags: flags, m_rows: 1 },
    ...{ m_packets: COUNTS.packets, m_bytes: COUNTS.bytes },
  };
  const rows: object[] = [];
  await readHere({ sink: flowSink((record) => rows.push(judged(record))), exporters: [] }, async (writer) => {
    const connection: Pick<StoreConnection, 'rows'> = {
      async *rows() {
        yield row;
      },
    };
    const reader = new StoreReader(connection, table, writer);
    await reader.endpoints({ fromUs: 0, toUs: 1 }, { endpoints: [], prefixes: [], domains: [] }, 'one');
  });
  return rows;
}

/** The flow in every format whose fields can say it. */
async function everywhere(given: Given): Promise<Record<string, object[]>> {
  const { startMs, endMs, flags, protocol } = given;
  const written = { ...ENDS, ...COUNTS, firstMs: startMs, lastMs: endMs, flags, protocol, receivedMs: endMs };
  const cells = [startMs, endMs, ENDS.source, ENDS.destination, ENDS.sourcePort, ENDS.destinationPort];
  const header = 'start,end,src,dst,sport,dport,proto,packets,bytes,flags';
  const csv = `${header}\n${[...cells, protocol, COUNTS.packets, COUNTS.bytes, flags].join(',')}\n`;
  const json = { start: startMs, end: endMs, src_addr: ENDS.source, dst_addr: ENDS.destination };
  const ports = { src_port: ENDS.sourcePort, dst_port: ENDS.destinationPort, proto: protocol };
  const isDated = endMs < 2 ** 32 * 1000;
  return {
    csv: await log('csv', csv),
    json: await log('json', JSON.stringify({ ...json, ...ports, ...COUNTS, tcp_flags: flags })),
    nfcapd: await log('nfcapd', nfcapd2([[v3Record(written)]])),
    ...(isDated && { 'nfcapd 1.6': await log('nfcapd', nfcapd1([], [written])) }),
    'ipfix file': await log('ipfix', ipfixMessage(ipfixSets(given))),
    'ipfix in a capture': exported(ipfixMessage(ipfixSets(given))),
    store: await store(given),
  };
}

const SOUND = { startMs: T0 - 1000, endMs: T0, flags: 0x1b, protocol: 6 };
const ROW = {
  ...{ startUs: SOUND.startMs * 1000, endUs: SOUND.endMs * 1000, source3: ipv4(ENDS.source) | 0 },
  ...{ destination3: ipv4(ENDS.destination) | 0, sourcePort: ENDS.sourcePort },
  ...{ destinationPort: ENDS.destinationPort, protocol: 6, ...COUNTS, tcpFlags: 0x1b },
  ...{ reverseTcpFlags: -1, reversePackets: -1, reverseBytes: -1 },
};

describe('one flow from every format', () => {
  it.each<[string, Partial<Given>, Partial<typeof ROW>]>([
    ['as it is', {}, {}],
    ['with flags of 0, which no packet of TCP has', { flags: 0 }, { tcpFlags: -1 }],
    ['with flags that are not of TCP', { protocol: 17 }, { protocol: 17, tcpFlags: -1 }],
    [
      'of ICMP, whose types stand where ports do',
      { protocol: 1 },
      { protocol: 1, tcpFlags: -1, sourcePort: 0, destinationPort: 0 },
    ],
    ['that ends before it begins', { endMs: T0 - 2000 }, { endUs: SOUND.startMs * 1000 }],
    ['without a start', { startMs: 0 }, { startUs: SOUND.endMs * 1000 }],
  ])('%s', async (_title, given, expected) => {
    const rows = await everywhere({ ...SOUND, ...given });
    for (const [format, found] of Object.entries(rows))
      expect({ format, rows: found }).toEqual({ format, rows: [{ ...ROW, ...expected }] });
  });

  it('of the year 2285 has no time where nothing else tells one, and that of its export elsewhere', async () => {
    const given = { ...SOUND, startMs: 9_940_000_000_000, endMs: 9_940_000_001_000 };
    const { csv, json, store: stored, 'ipfix in a capture': captured } = await everywhere(given);
    const timeless = [{ ...ROW, startUs: Number.NaN, endUs: Number.NaN }];
    expect({ csv, json, stored }).toEqual({ csv: timeless, json: timeless, stored: timeless });
    expect(captured).toEqual([{ ...ROW, startUs: T0 * 1000 - 1e6, endUs: T0 * 1000 }]);
  });

  it('of NetFlow v5, which counts from a boot, has the same flags', () => {
    const flow = { ...ENDS, ...COUNTS, firstMs: 3_598_000, lastMs: 3_599_000, flags: 0 };
    expect(exported(netflow5([flow]))).toEqual([
      { ...ROW, startUs: (T0 - 2000) * 1000, endUs: (T0 - 1000) * 1000, tcpFlags: -1 },
    ]);
  });

  it.each([
    ['negative bytes', { bytes: -4000 }, 'bad-row'],
    ['negative packets', { packets: -20 }, 'bad-row'],
    ['half a byte', { bytes: 12.5 }, 'bad-row'],
    ['a port below 0', { sport: -5 }, 'bad-row'],
    ['a port above 65,535', { dport: 70_000 }, 'bad-row'],
    ['an address that is none', { dst: '198.51.100' }, 'bad-row'],
    ['half a port', { dport: 3333.5 }, 'bad-row'],
    ['an end before its start', { seconds: -5 }, 'absurd-time'],
  ])('with %s is counted as that, be it a table, a line or JSON', async (_title, wrong, kind) => {
    const ends = {
      src: ENDS.source,
      sport: ENDS.sourcePort,
      dst: ENDS.destination,
      dport: ENDS.destinationPort,
    };
    const cells = { ...ends, proto: 'tcp', ...COUNTS, seconds: 1, ...wrong };
    const { src, sport, dst, dport, proto, packets, bytes, seconds } = cells;
    const [start, end] = [T0, T0 + seconds * 1000].map((ms) => new Date(ms).toISOString());
    const zeek = { ts: T0 / 1000, duration: seconds, proto, orig_pkts: packets, orig_ip_bytes: bytes };
    const id = { orig_h: src, orig_p: sport, resp_h: dst, resp_p: dport };
    const eve = { timestamp: end, event_type: 'netflow', proto, src_ip: src, src_port: sport };
    const netflow = { pkts: packets, bytes, start, end };
    const texts = {
      csv: `start,src,sport,dst,dport,proto,packets,bytes,duration\n${[start, ...Object.values(cells)].join(',')}\n`,
      fortigate: `eventtime=${T0}000000 type="traffic" srcip=${src} srcport=${sport} dstip=${dst} dstport=${dport} proto=6 duration=${seconds} sentbyte=${bytes} sentpkt=${packets}\n`,
      json: JSON.stringify({ start, ...cells, duration: seconds }),
      'zeek-json': JSON.stringify({ ...zeek, id }),
      eve: JSON.stringify({ ...eve, dest_ip: dst, dest_port: dport, netflow }),
    };
    for (const [format, text] of Object.entries(texts)) {
      const reader = flowFormat(format);
      if (reader === null) throw new Error(format);
      const { damage } = await readFlows(reader, text);
      expect({ format, damage }).toEqual({ format, damage: { [kind]: 1 } });
    }
  });

  it('that began before 1970 has the wrong clock of its source', async () => {
    const ends = `${ENDS.source},${ENDS.sourcePort},${ENDS.destination},${ENDS.destinationPort},tcp,25,4000`;
    const csv = flowFormat('csv');
    if (csv === null) throw new Error('csv');
    for (const [start, end] of [
      ['-100', `${T0 / 1000}`],
      ['1969-12-31T23:58:20Z', '2023-11-14T22:13:20Z'],
    ]) {
      const text = `start,end,src,sport,dst,dport,proto,packets,bytes\n${start},${end},${ends}\n`;
      const { damage } = await readFlows(csv, text);
      expect({ start, damage }).toEqual({ start, damage: { 'absurd-time': 1 } });
    }
  });
});

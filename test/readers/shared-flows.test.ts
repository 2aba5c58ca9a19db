/**
 * Flow records of the laboratory, exported by softflowd and collected by nfcapd: ours equal the text that nfdump made
 * of them, the exports on the wire say the same as the collector's files, and each compression holds the same records.
 * Where nfdump is installed, sums by address equal its own to the byte.
 */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Conversations } from '../../src/flows/conversations.ts';
import { EndpointWatch } from '../../src/flows/endpoint-watch.ts';
import { connectionFigures, flowBehaviour } from '../../src/flows/flow-behaviour.ts';
import { UDP } from '../../src/packets/packet.ts';
import { DECODED } from '../../src/packets/skip-reason.ts';
import type { ExportCollector } from '../../src/readers/netflow/export-collector.ts';
import { nfcapd } from '../../src/readers/nfcapd/nfcapd.ts';
import {
  bytesSource,
  exportCollector,
  plain,
  type ReadFlow,
  readFlows,
  readInto,
} from '../support/binary-flows.ts';
import { CORPUS_ABSENT, flowsFolder } from '../support/corpus.ts';
import { eachPacket } from '../support/each-packet.ts';
import type { FlowRecord } from '../support/flow-record.ts';
import { flowSink, giving } from '../support/flow-rows.ts';
import { ipv4 } from '../support/flow-writer.ts';
import { relationOf } from '../support/relation-of.ts';

const folder = flowsFolder();
const SETS = ['office-a-v5', 'office-a-v9', 'office-a-ipfix'] as const;

function installed(program: string): boolean {
  try {
    execFileSync('which', [program], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function readExport(file: string, sink: (record: FlowRecord) => void): Promise<ExportCollector> {
  const collector = exportCollector(sink);
  await eachPacket(file, (record, packet, reason) => {
    if (reason === DECODED && packet.protocol === UDP) {
      collector.datagram(packet, record.timeUs, record.number);
    }
  });
  collector.finish();
  return collector;
}

/** firstSeen, duration, proto, srcAddr, srcPort, dstAddr, dstPort, packets, bytes, flows; times are UTC here. */
function csvFlows(file: string): ReadFlow[] {
  const [, ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => {
    const [first = '', duration, protocol, source, sourcePort, destination, destinationPort, packets, bytes] =
      line.split(',');
    const isIcmp = protocol === '1' || protocol === '58';
    const startMs = Date.parse(`${first.replace(' ', 'T')}Z`);
    return {
      flow: `${protocol} ${source}:${isIcmp ? 0 : sourcePort} > ${destination}:${isIcmp ? 0 : destinationPort}`,
      startMs,
      endMs: startMs + Math.round(Number(duration) * 1000),
      packets: Number(packets),
      bytes: Number(bytes),
    };
  });
}

const brief = ({ flow, startMs, endMs, packets, bytes }: ReadFlow): ReadFlow => ({
  flow,
  startMs,
  endMs,
  packets,
  bytes,
});
const sorted = (flows: readonly ReadFlow[]): string[] =>
  flows.map((each) => JSON.stringify(brief(each))).sort();

interface Truth {
  readonly sessions: readonly {
    readonly is_mining: boolean;
    readonly client: string;
    readonly pool: string | null;
    readonly duration_s: number;
  }[];
}

describe.skipIf(folder === null)(`flows of the laboratory (${CORPUS_ABSENT} where skipped)`, () => {
  const at = (name: string) => path.join(folder ?? '', name);

  for (const name of SETS) {
    it(`${name}: the collector's file, its text and the export say the same`, async () => {
      const expected = csvFlows(at(`${name}.csv`));
      const { flows, result } = await readFlows(nfcapd, readFileSync(at(`${name}.nfcapd`)));
      expect(sorted(flows)).toEqual(sorted(expected));
      expect(result.records).toBe(expected.length);
      const exported: ReadFlow[] = [];
      const collector = await readExport(at(`${name}.export.pcap`), (record) => exported.push(plain(record)));
      expect(sorted(exported)).toEqual(sorted(expected));
      expect(collector.damage).toEqual([]);
      expect(collector.told().map(({ lost }) => lost)).toEqual([0]);
    });
  }

  for (const kind of ['lz4', 'lzo', 'zstd', 'bz2']) {
    it(`holds the same records packed with ${kind}`, async () => {
      const expected = await readFlows(nfcapd, readFileSync(at('office-a-v9.nfcapd')));
      const packed = await readFlows(nfcapd, readFileSync(at(`office-a-v9.${kind}.nfcapd`)), {}, 999);
      expect(packed).toEqual(expected);
      expect(packed.result.damage).toEqual([]);
    });
  }

  /** Bytes and packets of each address, both roles together: what nfdump calls a statistic by IP. */
  async function sums(file: string): Promise<Map<string, string>> {
    const found = new Map<string, [bytes: number, packets: number]>();
    const watch = new EndpointWatch();
    await readInto(
      nfcapd,
      bytesSource(readFileSync(file)),
      flowSink((record) => {
        watch.add([record.source0, record.source1, record.source2, record.source3], 0);
      }),
    );
    const kept = new Conversations({ watch });
    const exporters: string[] = [];
    kept.beginInput(0, 'nfcapd', exporters);
    await readInto(nfcapd, bytesSource(readFileSync(file)), flowSink(giving(kept)), {}, { exporters });
    for (const { client, server, traffic } of kept.conversations()) {
      for (const ip of [client.ip, server.ip]) {
        const sum = found.get(ip) ?? [0, 0];
        sum[0] += traffic.bytesOut + traffic.bytesIn;
        sum[1] += traffic.packetsOut + traffic.packetsIn;
        found.set(ip, sum);
      }
    }
    return new Map([...found].map(([ip, [bytes, packets]]) => [ip, `${bytes} ${packets}`]));
  }

  for (const name of SETS) {
    it.skipIf(!installed('nfdump'))(
      `${name}: sums by address equal those of nfdump (skipped where it is absent)`,
      async () => {
        const file = at(`${name}.nfcapd`);
        const text = execFileSync(
          'nfdump',
          ['-q', '-r', file, '-s', 'ip/bytes', '-n', '0', '-o', 'csv', 'proto tcp'],
          { encoding: 'utf8' },
        );
        const rows = text
          .trim()
          .split('\n')
          .map((line) => line.split(','));
        const [header = []] = rows;
        const column = (row: readonly string[], title: string) => row[header.indexOf(title)] ?? '';
        const expected = new Map(
          rows.slice(1).map((row) => [column(row, 'val'), `${column(row, 'byt')} ${column(row, 'pkt')}`]),
        );
        expect(expected.size).toBeGreaterThan(5);
        expect(await sums(file)).toEqual(expected);
      },
    );
  }

  for (const name of SETS) {
    it(`${name}: sessions with named pools behave like mining where they last; nothing is suspected by itself`, async () => {
      const truth: Truth = JSON.parse(readFileSync(at(`${name}.json`), 'utf8'));
      const pools = truth.sessions.flatMap(({ pool, is_mining }) =>
        pool !== null && is_mining ? [/^[\d.]+:\d+/.exec(pool)?.[0] ?? ''] : [],
      );
      const watch = new EndpointWatch();
      for (const pool of pools) {
        const [ip = '', port] = pool.split(':');
        watch.add([0, 0, 0xffff, ipv4(ip)], Number(port));
      }
      const conversations = new Conversations({ watch });
      conversations.beginInput(0, 'nfcapd', []);
      await readInto(
        nfcapd,
        bytesSource(readFileSync(at(`${name}.nfcapd`))),
        flowSink(giving(conversations)),
      );
      const all = [...conversations.conversations()];
      for (const pool of pools) {
        const theirs = all.filter(({ server }) => `${server.ip}:${server.port}` === pool);
        expect([
          pool,
          theirs.length > 0,
          theirs.every(({ isServerListed, roles }) => isServerListed && roles === 'sure'),
        ]).toEqual([pool, true, true]);
      }
      expect(all.filter((each) => flowBehaviour(relationOf(each)).behaviour === 'like-mining')).toEqual([]);
      for (const each of all.filter(
        ({ isServerListed, activeSeconds }) => isServerListed && activeSeconds > 60,
      )) {
        const { pushesOut, pushesIn, answered } = connectionFigures(relationOf(each));
        expect([answered, pushesOut >= 4, pushesIn >= 4]).toEqual([true, true, true]);
      }
    });
  }
});

/**
 * The flows of the laboratory's exports as tables of each schema in the real engine, against the same flows as files:
 * equal traffic and equal hosts. Skipped if the flows, nfdump or the engine are not there.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Audit, VERDICTS } from '../../src/audit/audit.ts';
import { headline } from '../../src/report/summary.ts';
import { Secret } from '../../src/secret.ts';
import { catalogueOf } from '../../src/statements/catalogue.ts';
import { StoreConnection } from '../../src/stores/clickhouse/connection.ts';
import { parseStoreUrl } from '../../src/stores/clickhouse/location.ts';
import { probeTable } from '../../src/stores/clickhouse/probe.ts';
import { chooseArms } from '../../src/stores/clickhouse/read.ts';
import { CORPUS_ABSENT, flowsFolder } from '../support/corpus.ts';
import { scanInputs } from '../support/scanning.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { textsOf } from '../support/texts.ts';
import { type Engine, hasEngine, startEngine } from './engine.ts';
import { type NfdumpRecord, recordsOf, TABLES } from './tables.ts';

const en = catalogueOf('en');

const flows = flowsFolder();
const hasNfdump = spawnSync('nfdump', ['-V']).error === undefined;
const isAbsent = flows === null || !hasNfdump || !hasEngine();
const file = flows === null ? '' : path.join(flows, 'office-a-v9.nfcapd');
const folder = temporaryFolder();
const times = { sinceUs: Date.UTC(2026, 10, 24, 22) * 1000, untilUs: Date.UTC(2026, 10, 25) * 1000 };

const SCHEMAS: Readonly<Record<string, string>> = {
  akvorado: 'akvorado?schema=auto',
  goflow2: 'goflow2?schema=auto',
  theia: 'theia?schema=auto',
  ntopng: 'ntopng?schema=auto',
  ntopngOld: 'ntopngold?schema=auto',
  columns:
    'own?table=log&schema=columns:src=a,dst=b,sport=ap,dport=bp,start=t,end=until_ms,bytes=octets,packets=pk,proto=p,sampling=rate',
};

/** A table of a hundred thousand rows like Akvorado's, with more in its definition. */
function many(name: string, more: string): string[] {
  return [
    `CREATE TABLE akvorado.${name} (TimeReceived DateTime, SamplingRate UInt64, ExporterAddress IPv6, SrcAddr IPv6, DstAddr IPv6,
      SrcPort UInt16, DstPort UInt16, Proto UInt32, Bytes UInt64, Packets UInt64${more}) ENGINE = MergeTree ORDER BY TimeReceived`,
    `INSERT INTO akvorado.${name} SELECT 1793491200 + number % 3600, 1, toIPv6('::1'),
      toIPv6(IPv4NumToString(toUInt32(cityHash64(number) % 4294967296))),
      toIPv6(IPv4NumToString(toUInt32(cityHash64(number + 1) % 4294967296))), 40000, 443, 6, 100, 1 FROM numbers(100000)`,
  ];
}

/** Bytes of each host in both directions, whatever its verdict. */
function trafficOf(audit: Audit): unknown {
  return audit.hosts.map(({ ip, traffic }) => [ip, traffic.bytesOut, traffic.bytesIn]).toSorted();
}

describe.skipIf(isAbsent)(
  `flows in the real engine (${CORPUS_ABSENT}, or nfdump or the engine, if skipped)`,
  () => {
    let engine: Engine;
    let expected: Audit;
    const pools = path.join(folder, 'pools.txt');
    const scan = (where: string, options = {}): Promise<Audit> =>
      scanInputs([`clickhouse://reader@127.0.0.1:${engine.port}/${where}`], {
        poolFiles: [pools],
        ...times,
        ...options,
      });

    beforeAll(async () => {
      const { sessions }: { sessions: { pool: string | null }[] } = JSON.parse(
        readFileSync(file.replace('.nfcapd', '.json'), 'utf8'),
      );
      writeFileSync(pools, sessions.flatMap(({ pool }) => pool?.split(' ')[0] ?? []).join('\n'));
      const records = recordsOf(file);
      const statements = Object.values(TABLES).flatMap((make) => make(records));
      engine = await startEngine(folder, [
        ...statements,
        ...many('many', ''),
        ...many(
          'projected',
          ', PROJECTION by_source (SELECT * ORDER BY SrcAddr), PROJECTION by_destination (SELECT * ORDER BY DstAddr)',
        ),
        "CREATE VIEW akvorado.spread AS SELECT * FROM remote('127.0.0.{1,1}', akvorado.flows)",
      ]);
      expected = await scanInputs([file], { poolFiles: [pools], ...times });
    }, 300_000);
    afterAll(() => engine?.stop());

    it.each(Object.entries(SCHEMAS))(
      'has the same traffic and hosts as files: %s',
      async (_schema, where) => {
        const audit = await scan(where);
        expect(expected.hosts.length).toBeGreaterThan(1);
        expect(trafficOf(audit)).toEqual(trafficOf(expected));
        for (const { ip, verdict } of audit.hosts) {
          const known = expected.hosts.find((host) => host.ip === ip)?.verdict ?? 'listed';
          // A table without ends or packets may only weaken a verdict, and the notes say why.
          expect(VERDICTS.indexOf(verdict)).toBeGreaterThanOrEqual(VERDICTS.indexOf(known));
          if (verdict !== known)
            expect(textsOf(audit.notes).join()).toMatch(/no end of flows|no packet counts/);
        }
      },
    );

    it('reads a table spread over two shards: each row of both is asked for', async () => {
      const audit = await scan('akvorado?table=spread&schema=akvorado');
      const once = await scan('akvorado?schema=akvorado');
      expect(audit.inputs[0].flows).toBeGreaterThan(0);
      // Both shards are the same table here, so that all counters are twice as large and no conversation is split.
      expect(audit.totals.traffic.bytesOut).toBe(2 * once.totals.traffic.bytesOut);
      expect(audit.hosts.map(({ ip }) => ip)).toEqual(once.hosts.map(({ ip }) => ip));
    });

    it('judges behaviour by the packets of both directions that ntopng has', async () => {
      const [all, old] = [await scan(SCHEMAS.ntopng ?? ''), await scan(SCHEMAS.ntopngOld ?? '')];
      expect(textsOf(all.notes).join()).not.toContain('no packet counts');
      expect(textsOf(old.notes).join()).toContain('no packet counts');
      expect(all.hosts.map(({ ip, verdict }) => [ip, verdict])).toEqual(
        expected.hosts.map(({ ip, verdict }) => [ip, verdict]),
      );
    });

    it('counts what it holds though nothing of it concerns mining, and is not taken for empty', async () => {
      const tcp = recordsOf(file).filter(({ proto }) => proto === 6);
      const firstUs = Math.min(...tcp.map(({ last }) => Math.floor(Date.parse(`${last}Z`) / 1000))) * 1e6;
      const few = { sinceUs: firstUs, untilUs: firstUs + 60e6 };
      const inside = tcp.filter(({ last }) => Math.floor(Date.parse(`${last}Z`) / 1000) * 1e6 < few.untilUs);
      const sum = (field: 'in_packets' | 'in_bytes') =>
        inside.reduce((all, record) => all + record[field], 0);
      const audit = await scan('akvorado?schema=akvorado', { poolFiles: [], ...few });
      expect(inside.length).toBeGreaterThan(5);
      expect(audit.hosts).toEqual([]);
      expect(audit.inputs[0]?.flows).toBe(inside.length);
      expect(audit.coverage.counts?.records).toEqual({ packets: sum('in_packets'), bytes: sum('in_bytes') });
      expect(headline(audit, en)).not.toContain('Nothing was read');
      const before = { sinceUs: firstUs - 3600e6, untilUs: firstUs };
      const empty = await scan('akvorado?schema=akvorado', { poolFiles: [], ...before });
      expect(headline(empty, en)).toContain('Nothing was read');
    });

    it('asks by two selects where projections have the rows by address, however long the list is', async () => {
      const connection = new StoreConnection(
        parseStoreUrl(`clickhouse://reader@127.0.0.1:${engine.port}/akvorado`, new Secret('')),
        new AbortController().signal,
      );
      const endpoints = Array.from({ length: 2_500 }, (_, i) => ({
        words: Int32Array.of(0, 0, 0xffff, 0x64400000 + i),
        port: 3333,
      }));
      const wanted = { endpoints, prefixes: [], domains: [] };
      const slice = { fromUs: 1_793_491_200e6, toUs: 1_793_491_200e6 + 3_600e6 };
      const armsOf = async (name: string) => {
        const place = parseStoreUrl(
          `clickhouse://reader@127.0.0.1:${engine.port}/akvorado?table=${name}`,
          new Secret(''),
        );
        return chooseArms(connection, await probeTable(connection, place), slice, wanted);
      };
      try {
        expect(await armsOf('many')).toBe('one');
        expect(await armsOf('projected')).toBe('two');
      } finally {
        await connection.close();
      }
    });

    it('says what to do about a table or a column that is not there', async () => {
      await expect(scan('akvorado?table=nothing')).rejects.toMatchObject({ code: 'INPUT_UNREADABLE' });
      await expect(scan('own?table=log&schema=akvorado')).rejects.toMatchObject({
        hint: expect.stringContaining('schema=columns:'),
      });
    });
  },
);

const AS_NAMED = Object.fromEntries(
  ['src', 'dst', 'sport', 'dport', 'proto', 'packets', 'bytes', 'start', 'end', 'sampling'].map((name) => [
    name,
    name,
  ]),
);

/** The same records for our reader of tables: another way in, which knows no SQL. */
function asCsv(records: readonly NfdumpRecord[]): string {
  const rows = records.map((r) =>
    [
      r.src4_addr,
      r.dst4_addr,
      r.src_port,
      r.dst_port,
      r.proto,
      r.in_packets,
      r.in_bytes,
      `${r.first}Z`,
      `${r.last}Z`,
      r.sampling ?? 1,
    ].join(','),
  );
  return `src,dst,sport,dport,proto,packets,bytes,start,end,sampling\n${rows.join('\n')}\n`;
}

describe.skipIf(isAbsent)(
  `other records in the real engine (${CORPUS_ABSENT}, or nfdump or the engine, if skipped)`,
  () => {
    const v6 = (ip: string): string => {
      const [a = 0, b = 0, c = 0, d = 0] = ip.split('.').map(Number);
      return `2001:db8::${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
    };
    const KINDS: Readonly<Record<string, (record: NfdumpRecord) => NfdumpRecord>> = {
      'of IPv6': (r) => ({ ...r, src4_addr: v6(r.src4_addr), dst4_addr: v6(r.dst4_addr) }),
      'sampled 1 in 1000': (r) => ({ ...r, sampling: 1000 }),
    };

    it.each(Object.entries(KINDS))(
      'has the same traffic, hosts and hours as a table of text: %s',
      async (kind, change) => {
        const mine = path.join(folder, kind.replaceAll(' ', '-'));
        mkdirSync(mine);
        const { sessions }: { sessions: { pool: string | null }[] } = JSON.parse(
          readFileSync(file.replace('.nfcapd', '.json'), 'utf8'),
        );
        const pools = path.join(mine, 'pools.txt');
        const endpoints = sessions.flatMap(({ pool }) => pool?.split(' ')[0] ?? []);
        const isV6 = kind === 'of IPv6';
        writeFileSync(
          pools,
          endpoints
            .map((one) => (isV6 ? `[${v6(one.replace(/:\d+$/, ''))}]:${/\d+$/.exec(one)?.[0]}` : one))
            .join('\n'),
        );
        const records = recordsOf(file).map(change);
        const table = path.join(mine, 'records.csv');
        writeFileSync(table, asCsv(records));
        const expected = await scanInputs([table], { poolFiles: [pools], columns: AS_NAMED, ...times });
        expect(expected.hosts.length).toBeGreaterThan(1);
        const engine = await startEngine(
          mine,
          Object.values(TABLES).flatMap((make) => make(records)),
        );
        try {
          const names = isV6
            ? ['akvorado', 'goflow2', 'theia', 'ntopng', 'columns']
            : ['akvorado', 'goflow2', 'columns'];
          for (const name of names) {
            const audit = await scanInputs(
              [`clickhouse://reader@127.0.0.1:${engine.port}/${SCHEMAS[name]}`],
              { poolFiles: [pools], ...times },
            );
            expect([name, trafficOf(audit)]).toEqual([name, trafficOf(expected)]);
            for (const { ip, verdict } of audit.hosts) {
              const known = expected.hosts.find((host) => host.ip === ip)?.verdict ?? 'listed';
              expect([name, ip, VERDICTS.indexOf(verdict)]).toEqual([
                name,
                ip,
                expect.toSatisfy((at: number) => at >= VERDICTS.indexOf(known)),
              ]);
            }
          }
        } finally {
          engine.stop();
        }
      },
      300_000,
    );
  },
);

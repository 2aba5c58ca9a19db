/** Tables that other programs wrote (fixtures/README.md), in several compressions and encodings. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parquet } from '../../../src/readers/parquet/parquet.ts';
import { parseColumnMap } from '../../../src/readers/tables/column-map.ts';
import { REPO_ROOT } from '../../support/corpus.ts';
import { readFlows } from '../../support/flow-reading.ts';
import { random } from '../../support/random.ts';

const fixture = (name: string): Buffer =>
  readFileSync(path.join(REPO_ROOT, 'fixtures', 'flowlogs', `${name}.parquet`));

/** Of the 600 rows of `pages-v1` and `pages-v2`, those with a destination. */
const READ_ROWS = Array.from({ length: 600 }, (_, i) => i).filter((i) => i % 17 !== 0 && i % 19 !== 0);

describe('Parquet', () => {
  it('AWS: text addresses, Snappy, rows without data', async () => {
    const { flows, damage, result } = await readFlows(parquet, fixture('aws-vpc'));
    const times = {
      start: '2023-11-14T22:13:20.000000Z',
      end: '2023-11-14T22:14:20.000000Z',
      protocol: 6,
      exporter: 1,
    };
    expect(flows).toEqual([
      { number: 1, ...times, from: '10.9.9.9:51000', to: '198.51.100.20:3333', sent: [25, 4000], flags: 2 },
      {
        number: 2,
        ...times,
        from: '198.51.100.20:3333',
        to: '10.0.0.5:51000',
        sent: [20, 3000],
        flags: 18,
        denied: true,
      },
    ]);
    expect(damage).toEqual({ 'lost-records': 1 });
    expect(result.exporters.slice(0, 2)).toEqual(['', 'eni-0a1']);
  });

  it('a collector: timestamps in microseconds, Zstandard, sampling in the row, what is broken counted', async () => {
    const { flows, damage } = await readFlows(parquet, fixture('collector'));
    expect(flows).toEqual([
      {
        number: 1,
        start: '2023-11-14T22:13:20.123456Z',
        end: '2023-11-14T22:14:20.000000Z',
        from: '[2001:0db8:0000:0000:0000:0000:0000:0001]:40000',
        to: '[2001:0db8:0000:0000:0000:0000:0000:0002]:4444',
        protocol: 6,
        sent: [Number.MAX_SAFE_INTEGER, 1500],
        sampling: 100,
      },
      {
        number: 3,
        start: '2023-11-14T22:13:22.000000Z',
        end: '2023-11-14T22:13:23.000000Z',
        from: '192.0.2.7:53',
        to: '192.0.2.1:5353',
        protocol: 17,
        sent: [3, 300],
        sampling: 0,
      },
    ]);
    expect(damage).toEqual({ 'bad-row': 1, 'counter-overflow': 1 });
  });

  it('addresses as bytes, nanoseconds, gzip', async () => {
    const { flows } = await readFlows(parquet, fixture('words'));
    const times = {
      start: '2023-11-14T22:13:20.123456Z',
      end: '2023-11-14T22:13:21.000000Z',
      protocol: 6,
      sampling: 0,
    };
    expect(flows).toEqual([
      { number: 1, ...times, from: '192.0.2.10:40000', to: '198.51.100.20:3333', sent: [5, 640], flags: 27 },
      {
        number: 2,
        ...times,
        from: '[2001:0db8:0000:0000:0000:0000:0000:0001]:3333',
        to: '198.51.100.20:40000',
        sent: [4, 320],
        flags: 18,
      },
    ]);
  });

  it('times of 96 bits and decimal numbers, as Spark writes them', async () => {
    const { flows, damage } = await readFlows(parquet, fixture('int96'));
    const said = flows.map(({ start, from, sent }) => ({ start, from, sent }));
    expect(said).toEqual([
      { start: '2023-11-14T22:13:20.123456Z', from: '10.0.0.1:40000', sent: [7, 700] },
      { start: 'unknown', from: '10.0.0.2:40001', sent: [8, 0] },
      { start: '2023-11-15T00:00:00.000001Z', from: '10.0.0.3:0', sent: [9, 900] },
    ]);
    expect(damage).toEqual({ 'no-time': 1 });
  });

  describe.each(['pages-v1', 'pages-v2'])(
    '%s: small pages, dictionaries that overflow, empty cells',
    (name) => {
      const iso = (us: number): string =>
        new Date(Math.floor(us / 1000)).toISOString().replace('Z', `${String(us % 1000).padStart(3, '0')}Z`);
      const expected = READ_ROWS.map((i) => {
        const endUs = 1_700_000_000_000_000 + i * 2_000_000;
        const startUs = 1_700_000_000_000_000 + Math.floor((i * 1_234_567_891) / 1000);
        const groups = `2001:0db8:0000:0000:0000:0000:0000:${i.toString(16).padStart(4, '0')}`;
        const source = i % 5 === 0 ? `[${groups}]` : `10.0.${i >> 8}.${i & 255}`;
        return {
          number: i + 1,
          start: iso(i % 11 === 0 ? endUs : startUs),
          end: iso(endUs),
          from: `${source}:${1024 + i}`,
          to: `192.0.2.${i % 4}:3333`,
          protocol: i % 2 === 0 ? 6 : 17,
          sent: [i % 7 === 0 ? 0 : i * i, i * 1_000_000_007],
          sampling: 0,
          exporter: `router-${i % 3}`,
        };
      });

      it('says of each row what was written', async () => {
        const { flows, damage, result } = await readFlows(parquet, fixture(name));
        const named = flows.map((flow) => ({ ...flow, exporter: result.exporters[flow.exporter ?? 0] }));
        expect(named).toEqual(expected);
        expect(damage).toEqual({ 'unread-flow': 600 - READ_ROWS.length });
      });
    },
  );

  it('reads up to the page that is broken, and the other row groups', async () => {
    const broken = Buffer.from(fixture('pages-v1'));
    broken.fill(0xff, 9000, 9010);
    const { flows, damage } = await readFlows(parquet, broken);
    expect(damage['bad-block']).toBe(1);
    const inGroups = (numbers: readonly number[]): number[] =>
      [0, 1, 2].map((group) => numbers.filter((i) => Math.floor(i / 250) === group).length);
    const read = inGroups(flows.map(({ from }) => Number(/\d+$/.exec(from)?.[0]) - 1024));
    const all = inGroups(READ_ROWS);
    expect(read.slice(1)).toEqual(all.slice(1));
    expect(read[0]).toBeGreaterThan(0);
    expect(read[0]).toBeLessThan(all[0]);
  });

  it('columns as the operator names them', async () => {
    const columns = parseColumnMap('src=dst_addr,dst=src_addr,dport=src_port,sport=dst_port');
    const { flows } = await readFlows(parquet, fixture('words'), { columns });
    expect(flows[0]).toMatchObject({ from: '198.51.100.20:3333', to: '192.0.2.10:40000' });
    const missing = parseColumnMap('src=client,dst=src_addr,dport=src_port');
    expect((await readFlows(parquet, fixture('words'), { columns: missing })).damage).toEqual({
      'missing-column': 1,
    });
  });

  it('refuses 1.4 kB that claim five million rows', async () => {
    const { result, damage } = await readFlows(parquet, fixture('five-million-rows'));
    expect(damage).toEqual({ 'bad-block': 1 });
    expect(result.records).toBe(0);
  });

  it('ends broken files in counts', async () => {
    const whole = fixture('collector');
    expect((await readFlows(parquet, '')).damage).toEqual({ empty: 1 });
    expect((await readFlows(parquet, 'PAR1')).damage).toEqual({ 'truncated-file': 1 });
    expect((await readFlows(parquet, whole.subarray(0, whole.length - 9))).damage).toEqual({
      'truncated-file': 1,
    });
    const { next, below } = random(20260101);
    for (let round = 0; round < 200; round++) {
      const broken = Buffer.from(whole);
      for (let left = 1 + below(4); left > 0; left--) broken[below(broken.length)] = below(256);
      const { result } = await readFlows(
        parquet,
        next() < 0.2 ? broken.subarray(0, below(broken.length)) : broken,
      );
      expect(result.records).toBeLessThanOrEqual(3);
    }
  });
});

/** Tables that DuckDB 1.5 wrote, in three compressions; the rows are those of the statements in the fixtures' readme. */
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

  it('columns as the operator names them', async () => {
    const columns = parseColumnMap('src=dst_addr,dst=src_addr,dport=src_port,sport=dst_port');
    const { flows } = await readFlows(parquet, fixture('words'), { columns });
    expect(flows[0]).toMatchObject({ from: '198.51.100.20:3333', to: '192.0.2.10:40000' });
    const missing = parseColumnMap('src=client,dst=src_addr,dport=src_port');
    expect((await readFlows(parquet, fixture('words'), { columns: missing })).damage).toEqual({
      'missing-column': 1,
    });
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

/** JSON that a daemon wrote behind a head of syslog. */
import { expect, it } from 'vitest';
import { sniffFlowFormat } from '../../../src/readers/index.ts';
import { readFlows } from '../../support/flow-reading.ts';

const flow = (port: number) =>
  `{"src_ip":"10.0.0.5","src_port":${port},"dst_ip":"198.51.100.9","dst_port":3333,"ts":1700000000,"bytes":60}`;
const HEADS = ['<134>1 2023-11-14T22:13:20Z fw app 7 - - ', 'Nov 14 22:13:20 fw app[71]: ', '<13>fw:', ''];

it('is read whatever stands in front, and however the bytes come', async () => {
  const log = HEADS.map((head, at) => `${head}${flow(50_000 + at)}\n`).join('');
  const format = sniffFlowFormat(Buffer.from(log));
  if (format === null) return expect.fail('no format');
  expect(format.id).toBe('json');
  for (const step of [1, 7, 1000]) {
    const { flows, damage } = await readFlows(format, log, {}, step);
    expect(flows.map(({ from }) => from)).toEqual(HEADS.map((_, at) => `10.0.0.5:${50_000 + at}`));
    expect(damage).toEqual({});
  }
});

it('is none behind words without end, in the middle of a word, or in a line that ends before', async () => {
  const others = [`${'word '.repeat(100)}${flow(1)}`, `x=${flow(2)}`, 'the service has begun'];
  const log = `${flow(50_000)}\n${others.join(`\n${flow(50_001)}\n`)}\n`;
  const format = sniffFlowFormat(Buffer.from(log));
  if (format === null) return expect.fail('no format');
  const { flows, damage } = await readFlows(format, log);
  expect(flows.map(({ from }) => from)).toEqual(
    ['50000', '50001', '50001'].map((port) => `10.0.0.5:${port}`),
  );
  expect(damage).toEqual({ 'bad-row': 3 });
});

/** Lines of products as they write them, read to the flows and names that they say. */
import { describe, expect, it } from 'vitest';
import { flowFormat, sniffFlowFormat } from '../../../src/readers/index.ts';
import { FIELD_LINES } from '../../support/field-lines.ts';
import { readFlows } from '../../support/flow-reading.ts';

describe('a line of', () => {
  it.each(FIELD_LINES)('$id: $what', async ({ id, line, flow, names = [] }) => {
    const content = `${line}\n`;
    expect(sniffFlowFormat(Buffer.from(content))?.id).toBe(id);
    const format = flowFormat(id);
    if (format === null) throw new Error(id);
    const read = await readFlows(format, content);
    expect(
      read.flows.map(({ start, end, from, to, protocol, sent, received, denied }) => ({
        ...{ start, end, from, to, protocol, sent },
        ...(received === undefined ? {} : { received }),
        ...(denied === undefined ? {} : { denied }),
      })),
    ).toEqual(flow === null ? [] : [flow]);
    expect(read.names.map(({ kind, name, client, server }) => [kind, name, client, server])).toEqual(names);
    // Other events and lines that only name are told apart from damage.
    expect(
      Object.keys(read.damage).filter(
        (kind) => !['unknown-record', 'other-line', 'only-named'].includes(kind),
      ),
    ).toEqual([]);
  });
});

it('takes no number for a time that a date goes on from, and reads years of two digits', async () => {
  const format = flowFormat('csv');
  if (format === null) throw new Error('csv');
  const table = (start: string): string =>
    `start,src,sport,dst,dport,proto,bytes\n${start},10.0.0.1,5,198.51.100.1,3333,6,100\n`;
  const startOf = async (start: string) => (await readFlows(format, table(start))).flows[0]?.start;
  expect(await startOf('9/16/19 10:00:00')).toBe('2019-09-16T10:00:00.000000Z');
  expect(await startOf('16-Sep-19 10:00:00')).toBe('2019-09-16T10:00:00.000000Z');
  expect(await startOf('20.11.26 10:00:00')).toBe('2026-11-20T10:00:00.000000Z');
  expect(await startOf('20261120T100000Z')).toBe('2026-11-20T10:00:00.000000Z');
  expect(await startOf('Jan 12 2026 10:00:05 GMT')).toBe('2026-01-12T10:00:05.000000Z');
  // Zones by their letters, a year behind them, and letters that mean several zones.
  expect(await startOf('2026-08-20 10:00:00 EDT')).toBe('2026-08-20T14:00:00.000000Z');
  expect(await startOf('Thu Aug 20 10:00:00 CEST 2026')).toBe('2026-08-20T08:00:00.000000Z');
  expect(await startOf('Thu Aug 20 10:00:00 UTC 2026')).toBe('2026-08-20T10:00:00.000000Z');
  expect(await startOf('2026-08-20 10:00:00 CST')).toBe('unknown');
  // The year may stand on either side.
  for (const unclear of ['26-11-20 10:00:00', '9/16', '1795170600/5', '5x'])
    expect([unclear, (await startOf(unclear)) ?? 'unknown']).toEqual([unclear, 'unknown']);
});

it('counts events of a product that have no two ends as other lines, and no damage', async () => {
  const format = flowFormat('cef');
  if (format === null) throw new Error('cef');
  const event = (pairs: string): string => `CEF:0|X|Y|1|1|login|0|rt=Nov 20 2026 10:30:00 ${pairs}\n`;
  const { flows, damage } = await readFlows(
    format,
    ['suser=bob', 'src=10.2.3.4 suser=bob', 'in=5 out=7 proto=6', 'src=10.2.3.4 dst=host-a']
      .map(event)
      .join(''),
  );
  expect([flows, damage]).toEqual([[], { 'other-line': 3, 'unread-flow': 1 }]);
});

it('dates a log that states no time at all by its file, and no line of one that does', async () => {
  const format = flowFormat('haproxy');
  if (format === null) throw new Error('haproxy');
  const bare = 'Connect from 10.2.3.4:49780 to 198.51.100.8:3333 (F/TCP)\n';
  const fileTimeUs = Date.UTC(2026, 10, 20, 10) * 1000;
  const dated = await readFlows(format, bare, { fileTimeUs });
  expect([dated.flows[0]?.end, dated.result.isDatedByFile]).toEqual(['2026-11-20T10:00:00.000000Z', true]);
  const mixed = await readFlows(format, `2026-11-01T00:00:00Z lb haproxy[7]: ${bare}${bare}`, { fileTimeUs });
  expect(mixed.flows.map(({ end }) => end)).toEqual(['2026-11-01T00:00:00.000000Z', 'unknown']);
  expect(mixed.damage).toEqual({ 'no-time': 1 });
});

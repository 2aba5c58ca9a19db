/**
 * Every text format with every trap that it can have: each ends in a count, and the rest is read. The traps are made
 * of one row of each format, so that a format that is added must say how it takes each of them.
 */
import { describe, expect, it } from 'vitest';
import { FLOW_FORMATS, flowFormat } from '../../../src/readers/index.ts';
import { DEVICE_LOGS, JSON_LOGS } from '../../support/device-logs.ts';
import { FIELD_LINES } from '../../support/field-lines.ts';
import { readFlows } from '../../support/flow-reading.ts';
import { logOf, type Taken, TEXT_FORMATS, TRAPS, type Trap } from '../../support/text-flows.ts';

describe.each(TEXT_FORMATS)('$id', (format) => {
  const reader = flowFormat(format.id);

  it('reads two rows as they are', async () => {
    const { flows, damage } = await readFlows(reader ?? expect.fail(), logOf(format, null));
    expect(flows.map(({ from, to, sent }) => [from, to, sent])).toEqual(
      Array.from({ length: 2 }, () => ['10.0.0.5:51000', '198.51.100.20:3333', [25, 4000]]),
    );
    expect(damage).toEqual({});
    expect(reader?.sniff(Buffer.from(logOf(format, null)).subarray(0, 4096))).toBe(true);
  });

  it.each(TRAPS)('takes %s', async (trap) => {
    const usual: Readonly<Partial<Record<Trap, Taken>>> = {
      'an absurd time': [2, { 'absurd-time': 1 }],
      'a counter beyond 2^53': [2, { 'counter-overflow': 1 }],
      'a line of 10 MB': [2, { 'long-line': 1 }],
    };
    const [count, expected] = format.takes[trap] ?? usual[trap] ?? [2, {}];
    const { flows, damage } = await readFlows(reader ?? expect.fail(), logOf(format, trap));
    expect([flows.length, damage]).toEqual([count, expected]);
    const [first] = flows;
    if (trap === 'a counter beyond 2^53') expect(first?.sent).toEqual([25, Number.MAX_SAFE_INTEGER]);
    if (trap === 'an empty counter') expect(first?.sent).toEqual([25, 0]);
    if (trap === 'an absurd time') expect(first?.start.startsWith('9')).toBe(false);
  });
});

it('has a log of every text format of the registry that holds flows', () => {
  // Those of data/logs.tsv have tests of their own (test/readers/lines).
  const others = [
    'nfcapd',
    'ipfix',
    'parquet',
    ...[...DEVICE_LOGS, ...JSON_LOGS, ...FIELD_LINES].map(({ id }) => id),
  ].filter((id) => !['azure', 'json'].includes(id));
  const flows = FLOW_FORMATS.filter(({ id, fields }) => fields.bytes !== undefined && !others.includes(id));
  expect(TEXT_FORMATS.map(({ id }) => id).sort()).toEqual(flows.map(({ id }) => id).sort());
});

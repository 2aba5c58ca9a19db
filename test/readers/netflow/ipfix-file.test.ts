import { describe, expect, it } from 'vitest';
import { sniffFlowFormat } from '../../../src/readers/index.ts';
import { ipfix } from '../../../src/readers/netflow/ipfix.ts';
import { readFlows } from '../../support/binary-flows.ts';
import { ipfixMessage, set, template, Writer } from '../../support/flow-writer.ts';

const SECONDS = 1_700_000_000;
const TEMPLATES = set(
  2,
  template(300, [
    [8, 4],
    [12, 4],
    [2, 4],
    [1, 4],
    [150, 4],
    [151, 4],
  ]),
);
const data = (packets: number) =>
  set(300, new Writer().u32(1, 2, packets, packets * 100, SECONDS - 9, SECONDS - 1).take());
const flow = (packets: number) => ({
  flow: '0 0.0.0.1:0 > 0.0.0.2:0',
  startMs: (SECONDS - 9) * 1000,
  endMs: (SECONDS - 1) * 1000,
  packets,
  bytes: packets * 100,
  samplingInterval: 0,
});
const file = (...messages: readonly Uint8Array[]) =>
  Uint8Array.from(messages.flatMap((message) => [...message]));

describe('IPFIX files', () => {
  const whole = file(
    ipfixMessage([TEMPLATES, data(1)]),
    ipfixMessage([data(2)], { sequence: 1 }),
    ipfixMessage([data(3)], { domain: 8 }),
    ipfixMessage([TEMPLATES], { domain: 8 }),
  );

  it('are known by two messages in a row, or by one that fills the file', () => {
    for (const head of [whole, whole.slice(0, 90), ipfixMessage([TEMPLATES]), ipfixMessage([])]) {
      expect(sniffFlowFormat(head)?.id).toBe('ipfix');
    }
    const others = [
      '\x00\x0a\x00',
      '\x00\x0a\x00\x05',
      '\x00\x0a\x00\x20aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
      '\x00\x09\x00\x20',
    ];
    for (const other of others) expect(ipfix.sniff(Buffer.from(other.padEnd(60), 'latin1'))).toBe(false);
  });

  it('are read whatever the sizes of the reads, with templates that come late and domains of their own', async () => {
    for (const step of [1, 13, undefined]) {
      const { flows, result } = await readFlows(ipfix, whole, {}, step);
      expect(flows).toEqual([flow(1), flow(2), { ...flow(3), exporter: 2 }]);
      expect(result).toMatchObject({
        records: 3,
        firstUs: (SECONDS - 9) * 1e6,
        lastUs: (SECONDS - 1) * 1e6,
        damage: [],
        exporters: ['domain 0', 'domain 0 egress', 'domain 8', 'domain 8 egress'],
      });
    }
  });

  const TABLE: readonly {
    readonly name: string;
    readonly bytes: Uint8Array;
    readonly records: number;
    readonly damage: readonly object[];
  }[] = [
    { name: 'no bytes', bytes: new Uint8Array(0), records: 0, damage: [{ kind: 'empty', count: 1, at: 0 }] },
    {
      name: 'something else',
      bytes: Buffer.from('something else altogether'),
      records: 0,
      damage: [{ kind: 'not-a-flow-log', count: 1, at: 0 }],
    },
    {
      name: 'a cut header',
      bytes: whole.slice(0, 92 + 8),
      records: 1,
      damage: [{ kind: 'truncated-file', count: 1, at: 76 }],
    },
    {
      name: 'a cut message',
      bytes: whole.slice(0, 92 + 20),
      records: 1,
      damage: [{ kind: 'truncated-file', count: 1, at: 76 }],
    },
    {
      name: 'a message shorter than its header',
      bytes: file(ipfixMessage([TEMPLATES, data(1)]), new Writer().u16(10, 3).zeros(30).take()),
      records: 1,
      damage: [{ kind: 'bad-block', count: 1, at: 76 }],
    },
    {
      name: 'records that never came',
      bytes: file(ipfixMessage([TEMPLATES, data(1)]), ipfixMessage([data(2)], { sequence: 6 })),
      records: 2,
      damage: [{ kind: 'lost-records', count: 5, at: 0 }],
    },
    {
      name: 'a template that never comes',
      bytes: ipfixMessage([data(1), data(2)]),
      records: 0,
      damage: [{ kind: 'unknown-template', count: 2, at: 0 }],
    },
  ];
  for (const { name, bytes, records, damage } of TABLE) {
    it(`count ${name}`, async () => {
      const { result } = await readFlows(ipfix, bytes);
      expect({ records: result.records, damage: result.damage }).toEqual({ records, damage });
    });
  }
});

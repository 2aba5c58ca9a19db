import { describe, expect, it } from 'vitest';
import { azure } from '../../../src/readers/json/azure.ts';
import { jsonFormat } from '../../../src/readers/json/json-reader.ts';
import { readFlows } from '../../support/flow-reading.ts';

describe('Azure', () => {
  const nsg = (version: number, ...flowTuples: readonly string[]): object => ({
    records: [
      {
        time: '2023-11-14T22:13:20.0000000Z',
        category: 'NetworkSecurityGroupFlowEvent',
        operationName: 'NetworkSecurityGroupFlowEvents',
        properties: {
          Version: version,
          flows: [
            { rule: 'UserRule_"all"', flows: [{ mac: '00224871C205', flowTuples }] },
            { rule: 'b', flows: [] },
          ],
        },
      },
    ],
  });
  const vnet = (...flowTuples: readonly string[]): object => ({
    records: [
      {
        time: '2022-09-14T09:00:52.5625085Z',
        flowLogVersion: 4,
        category: 'FlowLogFlowEvent',
        macAddress: '00224871C205',
        flowRecords: { flows: [{ aclID: '00000000', flowGroups: [{ rule: 'DefaultRule', flowTuples }] }] },
      },
    ],
  });
  const at = (time: string): { start: string; end: string } => ({ start: time, end: time });
  const SECOND = at('2023-11-14T22:13:20.000000Z');
  const PAIR = { from: '10.0.0.6:23956', to: '52.239.184.180:443', protocol: 6, opened: 'by source' };

  it.each([
    {
      name: 'VNet: sent and received, in milliseconds',
      document: vnet('1663146003606,10.0.0.6,52.239.184.180,23956,443,6,O,E,NX,3,767,2,1580'),
      flow: { ...at('2022-09-14T09:00:03.606000Z'), ...PAIR, sent: [3, 767], received: [2, 1580] },
    },
    {
      name: 'VNet: a flow that began has no counters yet',
      document: vnet('1663146003606,10.0.0.6,52.239.184.180,23956,443,6,O,B,NX,0,0,0,0'),
      flow: { ...at('2022-09-14T09:00:03.606000Z'), ...PAIR, sent: [0, 0] },
    },
    {
      name: 'VNet: denied',
      document: vnet('1663146003606,10.0.0.6,52.239.184.180,23956,443,6,I,D,NX,1,60,0,0'),
      flow: { ...at('2022-09-14T09:00:03.606000Z'), ...PAIR, sent: [1, 60], received: [0, 0], denied: true },
    },
    {
      name: 'NSG version 2: in seconds, protocol as a letter',
      document: nsg(2, '1700000000,10.0.0.6,52.239.184.180,23956,443,T,O,A,C,3,767,2,1580'),
      // It goes on, and nothing is known of it before: such tuples come every five minutes.
      flow: {
        ...{ ...SECOND, start: '2023-11-14T22:08:20.000000Z' },
        ...{ ...PAIR, sent: [3, 767], received: [2, 1580] },
      },
    },
    {
      name: 'NSG version 2: began, with empty counters',
      document: nsg(2, '1700000000,10.0.0.6,52.239.184.180,23956,443,T,O,A,B,,,,'),
      flow: { ...SECOND, ...PAIR, sent: [0, 0] },
    },
    {
      name: 'NSG version 2: denied',
      document: nsg(2, '1700000000,10.0.0.6,52.239.184.180,23956,443,U,I,D,B,,,,'),
      flow: { ...SECOND, ...PAIR, protocol: 17, sent: [0, 0], denied: true },
    },
    {
      name: 'NSG version 1: no counters at all',
      document: nsg(1, '1700000000,10.0.0.6,52.239.184.180,23956,443,T,O,D'),
      flow: { ...SECOND, ...PAIR, sent: [0, 0], denied: true },
    },
  ])('$name', async ({ document, flow }) => {
    for (const json of [JSON.stringify(document), `\ufeff${JSON.stringify(document, null, 2)}`]) {
      expect(azure.sniff(Buffer.from(json))).toBe(true);
      const { flows, damage } = await readFlows(azure, json);
      expect(flows).toEqual([{ number: 1, ...flow }]);
      expect(damage).toEqual({});
    }
  });

  it('has the counters of a tuple be over the time since the last one of its flow', async () => {
    const tuple = (second: number, port: number, state: string, counters: string): string =>
      `${1_700_000_000 + second},10.0.0.6,52.239.184.180,${port},443,T,O,A,${state},${counters}`;
    const document = nsg(
      2,
      ...[tuple(0, 5000, 'B', ',,,'), tuple(100, 5001, 'B', ',,,')],
      ...[tuple(300, 5000, 'C', '9,900,9,900'), tuple(400, 5001, 'C', '8,800,8,800')],
      tuple(420, 5000, 'E', '3,300,3,300'),
      // Of this one nothing is known before its end; and after its hours of silence another has these ports.
      ...[tuple(500, 5002, 'E', '2,200,2,200'), tuple(9000, 5001, 'E', '4,400,4,400')],
    );
    const { flows } = await readFlows(azure, JSON.stringify(document));
    const seconds = (text: string | undefined): number => Date.parse(text ?? '') / 1000 - 1_700_000_000;
    expect(flows.map(({ start, end }) => [seconds(start), seconds(end)])).toEqual([
      ...[
        [0, 0],
        [100, 100],
        [0, 300],
        [100, 400],
        [300, 420],
      ],
      ...[
        [500, 500],
        [9000, 9000],
      ],
    ]);
  });

  it('reads the records without the document around them, as a list or one a line', async () => {
    const tuple = '1663146003606,10.0.0.6,52.239.184.180,23956,443,6,O,E,NX,3,767,2,1580';
    const { records } = JSON.parse(JSON.stringify({ records: [vnet(tuple), vnet(tuple)] }));
    const [[first], [second]] = records.map((document: { records: object[] }) => document.records);
    for (const text of [
      JSON.stringify([first, second]),
      JSON.stringify([first, second], null, 1),
      `${JSON.stringify(first)}\n${JSON.stringify(second)}\n`,
    ]) {
      expect(azure.sniff(Buffer.from(text))).toBe(true);
      const { flows, damage } = await readFlows(azure, text);
      expect(flows.map(({ sent, received }) => [sent, received])).toEqual([
        [
          [3, 767],
          [2, 1580],
        ],
        [
          [3, 767],
          [2, 1580],
        ],
      ]);
      expect(damage).toEqual({});
    }
  });

  it('counts records that hold no list of flows, but not those of a quiet hour', async () => {
    const record = (properties: object): object => ({
      properties,
      time: '2023-11-14T22:13:20Z',
      category: 'NetworkSecurityGroupFlowEvent',
    });
    const records = [
      record({ Version: 2, flows: [] }),
      record({ Version: 2, flows: [{ rule: 'a', flows: [{ mac: '0', flowTuples: [] }] }] }),
      record({ Version: 3, flowsByHost: { a: 1 } }),
      { category: 'NetworkSecurityGroupEvent', properties: { ruleName: 'a' } },
    ];
    const { flows, damage } = await readFlows(azure, JSON.stringify({ records }));
    expect(flows).toEqual([]);
    expect(damage).toEqual({ 'unknown-record': 2 });
  });

  it('reads a document that was cut in the middle up to the cut', async () => {
    const tuple = '1700000000,10.0.0.6,52.239.184.180,23956,443,T,O,A,E,3,767,2,1580';
    const whole = JSON.stringify(nsg(2, tuple, tuple, tuple));
    const { flows, damage } = await readFlows(azure, whole.slice(0, whole.lastIndexOf('52.239')));
    expect(flows).toHaveLength(2);
    expect(damage).toEqual({ 'truncated-file': 1 });
  });

  it('counts tuples that break their layout, and reads on', async () => {
    const tuple = '1700000000,10.0.0.6,52.239.184.180,23956,443,T,O,A,E,3,767,2,1580';
    const broken = [
      '',
      ',,,,,,,',
      'x',
      tuple.replace('10.0.0.6', 'ten'),
      tuple.replace('23956', '99999'),
      tuple.replace('767', 'many'),
    ];
    const { flows, damage } = await readFlows(azure, JSON.stringify(nsg(2, ...broken, tuple)));
    expect(flows).toHaveLength(1);
    expect(damage).toEqual({ 'bad-row': broken.length });
  });
});

describe('Google Cloud', () => {
  const PAYLOAD = {
    connection: {
      src_ip: '10.128.0.5',
      src_port: 51000,
      dest_ip: '198.51.100.20',
      dest_port: 3333,
      protocol: 6,
    },
    start_time: '2023-11-14T22:13:20.123456789Z',
    end_time: '2023-11-14T22:14:20.5Z',
    bytes_sent: '123456',
    packets_sent: '300',
    rtt_msec: '24',
    reporter: 'SRC',
    src_instance: { vm_name: 'vm-1', region: 'us-central1' },
  };
  const ENTRY = {
    insertId: 'x',
    jsonPayload: PAYLOAD,
    logName: 'projects/p/logs/compute.googleapis.com%2Fvpc_flows',
  };
  const OTHER_END = { ...ENTRY, jsonPayload: { ...PAYLOAD, reporter: 'DEST' } };
  const SAID = {
    start: '2023-11-14T22:13:20.123456Z',
    end: '2023-11-14T22:14:20.500000Z',
    from: '10.128.0.5:51000',
    to: '198.51.100.20:3333',
    protocol: 6,
    sent: [300, 123456],
    sampling: 0,
    scaled: true,
  };

  it.each([
    { name: 'entries, one a line', json: `${JSON.stringify(ENTRY)}\n${JSON.stringify(OTHER_END)}\n` },
    { name: 'entries in an array over many lines', json: JSON.stringify([ENTRY, OTHER_END], null, 2) },
    {
      name: 'payloads alone',
      json: `${JSON.stringify(PAYLOAD)}\n${JSON.stringify(OTHER_END.jsonPayload)}\n`,
    },
  ])('$name: estimates, with the reporting end as exporter', async ({ json }) => {
    const gcpVpc = jsonFormat('gcp-vpc');
    expect(gcpVpc.sniff(Buffer.from(json))).toBe(true);
    const { flows, damage, result } = await readFlows(gcpVpc, json);
    expect(flows).toEqual([
      { number: 1, ...SAID, exporter: 1 },
      { number: 2, ...SAID, exporter: 2 },
    ]);
    expect(damage).toEqual({});
    expect(result.exporters).toEqual(['', 'SRC', 'DEST']);
  });
});

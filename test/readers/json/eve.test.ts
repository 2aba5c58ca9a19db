import { describe, expect, it } from 'vitest';
import { eve } from '../../../src/readers/json/eve.ts';
import { readFlows } from '../../support/flow-reading.ts';

const TUPLE = {
  timestamp: '2023-11-14T22:13:20.000000+0000',
  flow_id: 1783920411234567890n,
  src_ip: '192.0.2.10',
  src_port: 51000,
  dest_ip: '198.51.100.20',
  dest_port: 3333,
  proto: 'TCP',
};

/** One event a line, numbers beyond 2^53 whole. */
function lines(...events: readonly object[]): string {
  const text = (event: object): string =>
    JSON.stringify(event, (_, value: unknown) => (typeof value === 'bigint' ? `#${value}#` : value)).replace(
      /"#(\d+)#"/g,
      '$1',
    );
  return events.map((event) => `${text(event)}\n`).join('');
}

const FLOW = {
  ...TUPLE,
  event_type: 'flow',
  app_proto: 'failed',
  flow: {
    pkts_toserver: 8,
    pkts_toclient: 6,
    bytes_toserver: 696,
    bytes_toclient: 590,
    start: '2023-11-14T22:12:20.500000+0000',
    end: '2023-11-14T23:13:19.500000+0100',
    age: 59,
    state: 'closed',
    reason: 'shutdown',
    alerted: false,
  },
  tcp: { tcp_flags: '1b', tcp_flags_ts: '1b', tcp_flags_tc: '1a', syn: true, state: 'closed' },
};
const NETFLOW = {
  ...TUPLE,
  event_type: 'netflow',
  netflow: {
    pkts: 8,
    bytes: 696,
    start: '2023-11-14T22:12:20.500000+0000',
    end: '2023-11-14T22:13:19.500000+0000',
    age: 59,
  },
  tcp: { tcp_flags: '1b' },
};
const SAID = {
  number: 1,
  start: '2023-11-14T22:12:20.500000Z',
  end: '2023-11-14T22:13:19.500000Z',
  from: '192.0.2.10:51000',
  to: '198.51.100.20:3333',
  protocol: 6,
  sent: [8, 696],
  flags: 0x1b,
  layer: 'link',
};

describe('flows', () => {
  it('have both directions, link bytes and the side that opened', async () => {
    const { flows, damage } = await readFlows(eve, lines(FLOW));
    expect(flows).toEqual([{ ...SAID, received: [6, 590], reverseFlags: 0x1a, opened: 'by source' }]);
    expect(damage).toEqual({});
  });

  it('come from netflow events where there are no others', async () => {
    const { flows } = await readFlows(eve, lines({ ...TUPLE, event_type: 'stats' }, NETFLOW));
    expect(flows).toEqual([{ ...SAID, number: 2 }]);
  });

  it.each([
    { name: 'flow events where they come first', events: [FLOW, NETFLOW, FLOW], expected: 2 },
    { name: 'netflow events where they come first', events: [NETFLOW, FLOW, NETFLOW], expected: 2 },
  ])('are counted once: $name', async ({ events, expected }) => {
    expect((await readFlows(eve, lines(...events))).flows).toHaveLength(expected);
  });

  it('expand IPv6 and know what an inline sensor dropped', async () => {
    const flow = {
      ...FLOW,
      src_ip: '2001:0db8:0000:0000:0000:0000:0000:0005',
      flow: { ...FLOW.flow, action: 'drop' },
    };
    const { flows } = await readFlows(eve, lines(flow));
    expect(flows[0]).toMatchObject({ from: '[2001:0db8:0000:0000:0000:0000:0000:0005]:51000', denied: true });
  });

  it.each([
    { name: 'one VLAN tag', vlan: [204], sent: 696 - 4 * 8, received: 590 - 4 * 6 },
    { name: 'two', vlan: [204, 7], sent: 696 - 8 * 8, received: 590 - 8 * 6 },
    { name: 'none, said', vlan: [], sent: 696, received: 590 },
    { name: 'one, in the words of old versions', vlan: 204, sent: 696 - 4 * 8, received: 590 - 4 * 6 },
  ])('are told without their tags: $name', async ({ vlan, sent, received }) => {
    const { flows } = await readFlows(eve, lines({ ...FLOW, vlan }, { ...NETFLOW, vlan }));
    expect(flows.map((flow) => [flow.sent, flow.received])).toEqual([
      [
        [8, sent],
        [6, received],
      ],
    ]);
  });

  it('are of the sensor that names itself', async () => {
    const { flows, result } = await readFlows(
      eve,
      lines({ ...FLOW, host: 'edge-1' }, FLOW, { ...FLOW, host: 'edge-2' }),
    );
    expect(flows.map(({ exporter }) => result.exporters[exporter ?? 0])).toEqual(['edge-1', '', 'edge-2']);
  });

  it('without addresses are counted, not read', async () => {
    const { flows, damage } = await readFlows(
      eve,
      lines({ ...FLOW, src_ip: 'nobody' }, { ...FLOW, src_ip: undefined }, { ...FLOW, src_ip: '' }),
    );
    expect(flows).toEqual([]);
    expect(damage).toEqual({ 'bad-row': 1, 'unread-flow': 2 });
  });
});

describe('names', () => {
  const said = {
    client: '192.0.2.10',
    server: '198.51.100.20',
    serverPort: 3333,
    timeUs: 1700000000e6,
    number: 1,
  };
  const lookup = { ...said, serverPort: 0 };

  it.each([
    {
      name: 'tls: server name and certificate',
      event: {
        event_type: 'tls',
        tls: { sni: 'Pool.Example', subject: 'C=US, O=Pool, CN=*.pool.example', version: 'TLS 1.2' },
      },
      names: [
        { ...said, kind: 'tls-sni', name: 'pool.example' },
        { ...said, kind: 'tls-certificate', name: '*.pool.example' },
      ],
    },
    {
      name: 'tls of version 8: alternative names',
      event: {
        event_type: 'tls',
        tls: { subject: 'CN=a.example', subjectaltname: ['a.example', 'b.example'] },
      },
      names: [
        { ...said, kind: 'tls-certificate', name: 'a.example' },
        { ...said, kind: 'tls-certificate', name: 'b.example' },
      ],
    },
    {
      name: 'quic',
      event: { event_type: 'quic', quic: { sni: 'q.example' } },
      names: [{ ...said, kind: 'tls-sni', name: 'q.example' }],
    },
    {
      name: 'http',
      event: { event_type: 'http', http: { hostname: 'h.example:80', url: '/' } },
      names: [{ ...said, kind: 'http-host', name: 'h.example' }],
    },
    {
      name: 'dns of version 2: answers in a list and grouped, each once',
      event: {
        event_type: 'dns',
        dns: {
          version: 2,
          type: 'answer',
          rrname: 'pool.example',
          answers: [
            { rrname: 'pool.example', rrtype: 'CNAME', rdata: 'x.example' },
            { rrname: 'x.example', rrtype: 'A', ttl: 60, rdata: '198.51.100.7' },
          ],
          grouped: { A: ['198.51.100.7'], AAAA: ['2001:0db8:0000:0000:0000:0000:0000:0007'] },
        },
      },
      names: [
        { ...lookup, kind: 'dns-answer', name: 'pool.example', server: '198.51.100.7' },
        { ...lookup, kind: 'dns-answer', name: 'pool.example', server: '2001:db8::7' },
      ],
    },
    {
      name: 'dns of version 3: queries in a list',
      event: {
        event_type: 'dns',
        dns: { version: 3, type: 'request', queries: [{ rrname: 'pool.example', rrtype: 'A' }] },
      },
      names: [{ ...lookup, kind: 'dns-query', name: 'pool.example', server: '' }],
    },
    {
      name: 'dns of version 1: an answer in the direction of its packet',
      event: {
        event_type: 'dns',
        src_port: 53,
        dest_port: 40000,
        dns: { type: 'answer', rrname: 'pool.example', rrtype: 'A', rdata: '198.51.100.7' },
      },
      names: [
        {
          ...lookup,
          kind: 'dns-answer',
          name: 'pool.example',
          client: '198.51.100.20',
          server: '198.51.100.7',
        },
      ],
    },
  ])('$name', async ({ event, names }) => {
    expect((await readFlows(eve, lines({ ...TUPLE, ...event }))).names).toEqual(names);
  });
});

describe('alerts', () => {
  const alert = (signature: string, category = ''): object => ({
    ...TUPLE,
    event_type: 'alert',
    alert: { signature, category },
  });

  it.each([
    'ET COINMINER W32/BitCoinMiner.MultiThreat Subscribe/Authorize Stratum Protocol Message',
    'ET POLICY Cryptocurrency Miner Checkin',
    'ET MALWARE XMRig Mining Pool',
    'ET POLICY Monero Mining Pool DNS Lookup',
    'Something (mining.subscribe)',
  ])('of mining rules come out: %s', async (signature) => {
    const { alerts } = await readFlows(eve, lines(alert(signature, 'Misc')));
    expect(alerts).toEqual([
      {
        signature,
        category: 'Misc',
        source: '192.0.2.10',
        sourcePort: 51000,
        destination: '198.51.100.20',
        destinationPort: 3333,
        timeUs: 1700000000e6,
        number: 1,
      },
    ]);
  });

  it('come out by their class alone', async () => {
    const { alerts } = await readFlows(eve, lines(alert('ET X', 'Crypto Currency Mining Activity Detected')));
    expect(alerts).toHaveLength(1);
  });

  it.each(['ET SCAN Nmap', 'GPL ICMP PING', 'ET INFO Determining host', 'ET POLICY Examining headers'])(
    'of other rules do not: %s',
    async (signature) => {
      expect((await readFlows(eve, lines(alert(signature)))).alerts).toEqual([]);
    },
  );
});

/** Azure Firewall: records with fields, and with a sentence, as Microsoft's documentation has them; values of our own. */
import { describe, expect, it } from 'vitest';
import { sniffFlowFormat } from '../../../src/readers/index.ts';
import { readFlows } from '../../support/flow-reading.ts';

const TIME = '2026-11-20T10:30:00.0590400Z';
const legacy = (category: string, msg: string) => ({
  category,
  time: TIME,
  resourceId: '/SUBSCRIPTIONS/1/PROVIDERS/MICROSOFT.NETWORK/AZUREFIREWALLS/FW',
  operationName: `${category}Log`,
  properties: { msg },
});
const fields = (category: string, properties: object) => ({ category, time: TIME, properties });

const NETWORK = legacy(
  'AzureFirewallNetworkRule',
  'TCP request from 10.1.0.4:51515 to 203.0.113.77:3333. Action: Allow.',
);
const QUESTION =
  'DNS Request: 10.1.0.4:29135 - 50772 A IN xmr.pool.example. udp 57 false 1232 NOERROR qr,rd,ra 336 0.0032s';

async function read(content: string) {
  const format = sniffFlowFormat(Buffer.from(content));
  if (format === null) return expect.fail('no format');
  const { flows, names, damage, result } = await readFlows(format, content);
  return {
    format: format.id,
    flows: flows.map(({ from, to, protocol, denied = false, opened, end }) => [
      ...[from, to, protocol, denied, opened],
      end.slice(11, 19),
    ]),
    names: names.map(({ kind, name, client, serverPort }) => [kind, name, client, serverPort]),
    damage,
    neverCounts: result.neverCounts,
  };
}
const flow = (to: string, protocol: number, denied: boolean, from = '10.1.0.4:51515') => [
  ...[from, to, protocol, denied, 'by source', '10:30:00'],
];

describe.each([
  ['network rule, as a sentence', NETWORK, [flow('203.0.113.77:3333', 6, false)], []],
  [
    'network rule, denied',
    legacy('AzureFirewallNetworkRule', 'UDP request from 10.1.0.4:51515 to 203.0.113.77:53. Action: Deny. '),
    [flow('203.0.113.77:53', 17, true)],
    [],
  ],
  [
    'network rule for ICMP, which has no ports',
    legacy(
      'AzureFirewallNetworkRule',
      'ICMP Type=8 request from 10.1.0.4:0 to 203.0.113.77:0. Action: Allow.',
    ),
    [flow('203.0.113.77:0', 1, false, '10.1.0.4:0')],
    [],
  ],
  [
    'translation',
    legacy(
      'AzureFirewallNetworkRule',
      "TCP request from 198.51.100.9:5000 to 203.0.113.1:3389 was DNAT'ed to 10.1.0.4:3390. Policy: p.",
    ),
    [flow('10.1.0.4:3390', 6, false, '198.51.100.9:5000')],
    [],
  ],
  [
    'application rule, as a sentence',
    legacy(
      'AzureFirewallApplicationRule',
      'HTTPS request from 10.1.0.4:55640 to xmr.pool.example:443. Action: Allow. Rule Collection: c. Rule: r',
    ),
    [],
    [['request', 'xmr.pool.example', '10.1.0.4', 443]],
  ],
  [
    'question, as a sentence',
    legacy('AzureFirewallDnsProxy', QUESTION),
    [],
    [['dns-query', 'xmr.pool.example', '10.1.0.4', 0]],
  ],
  [
    'network rule, as fields',
    fields('AZFWNetworkRule', {
      ...{ Protocol: 'TCP', SourceIp: '10.1.0.4', SourcePort: 51515, DestinationIp: '203.0.113.77' },
      ...{ DestinationPort: 3333, Action: 'Deny', Policy: '', Rule: '' },
    }),
    [flow('203.0.113.77:3333', 6, true)],
    [],
  ],
  [
    'application rule, as fields',
    fields('AZFWApplicationRule', {
      ...{ Protocol: 'HTTPS', SourceIp: '10.1.0.4', SourcePort: 51515, DestinationPort: 443 },
      ...{ Fqdn: 'xmr.pool.example', TargetUrl: '', Action: 'Allow' },
    }),
    [],
    [['request', 'xmr.pool.example', '10.1.0.4', 443]],
  ],
  [
    'question, as fields',
    fields('AZFWDnsQuery', { SourceIp: '10.1.0.4', SourcePort: 53211, QueryName: 'xmr.pool.example.' }),
    [],
    [['dns-query', 'xmr.pool.example', '10.1.0.4', 0]],
  ],
])('a %s of Azure Firewall', (_, record, flows, names) => {
  it.each([
    ['alone', `${JSON.stringify(record)}\n`],
    ['over many lines', JSON.stringify(record, null, 1)],
    ['in the list of an event hub', JSON.stringify({ records: [record] })],
  ])('is read %s', async (_, content) => {
    const said = await read(content);
    expect(said).toMatchObject({ format: 'azure-firewall', flows, names, neverCounts: true });
    expect(Object.keys(said.damage).filter((kind) => kind !== 'only-named')).toEqual([]);
  });
});

it('reads rules and questions of one file, and the columns of Log Analytics', async () => {
  const exported = {
    TimeGenerated: TIME,
    Type: 'AzureDiagnostics',
    Category: 'AzureFirewallDnsProxy',
    msg_s: QUESTION,
  };
  const said = await read([NETWORK, exported].map((each) => `${JSON.stringify(each)}\n`).join(''));
  expect([said.flows.length, said.names.length, said.damage]).toEqual([1, 1, {}]);
});

it('counts sentences that are no request', async () => {
  const error = legacy(
    'AzureFirewallDnsProxy',
    'Error: 2 time.example. A: read udp 10.0.1.5:49126->198.51.100.1:53: i/o timeout',
  );
  const missing = legacy(
    'AzureFirewallApplicationRule',
    'HTTPS request from 10.1.0.4:5000. Action: Deny. Reason: SNI TLS extension was missing.',
  );
  const said = await read([NETWORK, error, missing].map((each) => `${JSON.stringify(each)}\n`).join(''));
  expect([said.flows.length, said.names, said.damage]).toEqual([1, [], { 'unknown-record': 2 }]);
});

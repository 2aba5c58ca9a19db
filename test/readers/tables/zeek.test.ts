import { describe, expect, it } from 'vitest';
import { zeekJson } from '../../../src/readers/json/zeek-json.ts';
import { zeek } from '../../../src/readers/tables/zeek.ts';
import { CertificateNames } from '../../../src/rows/certificate-names.ts';
import { readFlows } from '../../support/flow-reading.ts';

const PREAMBLE = ['#separator \\x09', '#set_separator\t,', '#empty_field\t(empty)', '#unset_field\t-'];
const CONN_FIELDS =
  'ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto service duration orig_bytes resp_bytes conn_state local_orig local_resp missed_bytes history orig_pkts orig_ip_bytes resp_pkts resp_ip_bytes tunnel_parents';

function table(path: string, fields: string, ...rows: readonly string[]): string {
  const lines = [
    ...PREAMBLE,
    `#path\t${path}`,
    '#open\t2023-11-14-22-13-20',
    `#fields ${fields}`.replaceAll(' ', '\t'),
  ];
  return [...lines, ...rows.map((row) => row.replaceAll(' ', '\t')), '#close\t2023-11-15-00-00-00', ''].join(
    '\n',
  );
}

const MINER_ROW =
  '1700000000.123456 CHhAvVGS1DHFjwGM9 10.0.0.5 51000 198.51.100.20 3333 tcp - 3600.500000 12000 48000 SF T F 0 ShADadFf 250 25012 260 61520 -';
const MINER = {
  start: '2023-11-14T22:13:20.123456Z',
  end: '2023-11-14T23:13:20.623456Z',
  from: '10.0.0.5:51000',
  to: '198.51.100.20:3333',
  protocol: 6,
  sent: [250, 25012],
  received: [260, 61520],
  flags: 0x1b,
  reverseFlags: 0x1b,
  opened: 'by source',
};

describe('conn.log as a table', () => {
  it('gives both directions of a connection, IP bytes, flags and who opened it', async () => {
    const { flows, damage, result } = await readFlows(zeek, table('conn', CONN_FIELDS, MINER_ROW));
    expect(flows).toEqual([{ number: 1, ...MINER }]);
    expect(damage).toEqual({});
    expect(result).toMatchObject({
      records: 1,
      firstUs: 1700000000123456,
      lastUs: 1700003600623456,
      exporters: [],
    });
  });

  it('may choose its own separators and words for what is unset or empty', async () => {
    const own = (path: string, fields: string, ...rows: readonly string[]): string =>
      [
        '#separator \\x7c',
        '#set_separator|;',
        '#empty_field|EMPTY',
        '#unset_field|NULL',
        `#path|${path}`,
        `#fields ${fields}`.replaceAll(' ', '|'),
        ...rows.map((row) => row.replaceAll(' ', '|')),
        '',
      ].join('\n');
    const log = own(
      'conn',
      CONN_FIELDS,
      MINER_ROW.replaceAll(' - ', ' NULL ').replace(/-$/, 'EMPTY'),
      '1700000000.0 C2 10.0.0.6 1 198.51.100.20 2 tcp NULL NULL NULL NULL S0 T F 0 S 1 60 0 0 EMPTY',
    );
    const { flows, damage } = await readFlows(zeek, log);
    expect(flows[0]).toEqual({ number: 1, ...MINER });
    expect(flows[1]).toMatchObject({ from: '10.0.0.6:1', sent: [1, 60], received: [0, 0], flags: 2 });
    expect(damage).toEqual({});
    expect(zeek.sniff(Buffer.from(log))).toBe(true);
    expect(zeek.holdsNames?.(Buffer.from(log))).toBe(false);

    const dns = own(
      'dns',
      'ts uid id.orig_h id.orig_p id.resp_h id.resp_p query answers',
      '1700000000.0 C1 10.0.0.5 5353 10.0.0.1 53 pool.example 198.51.100.20;198.51.100.21',
      '1700000000.0 C1 10.0.0.5 5353 10.0.0.1 53 NULL EMPTY',
    );
    expect(zeek.holdsNames?.(Buffer.from(dns))).toBe(true);
    const { names } = await readFlows(zeek, dns);
    expect(names.map(({ name, server }) => [name, server])).toEqual([
      ['pool.example', '198.51.100.20'],
      ['pool.example', '198.51.100.21'],
    ]);
  });

  it('is told by its path where the columns of counters were left out', async () => {
    const fields = 'ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto duration';
    const row = '1700000000.0 C1 10.0.0.5 51000 198.51.100.20 3333 tcp 60.0';
    const flow = {
      number: 1,
      start: '2023-11-14T22:13:20.000000Z',
      end: '2023-11-14T22:14:20.000000Z',
      from: '10.0.0.5:51000',
      to: '198.51.100.20:3333',
      protocol: 6,
      sent: [0, 0],
      opened: 'by source',
    };
    for (const path of ['conn', 'conn_long', 'conn-edge']) {
      expect((await readFlows(zeek, table(path, fields, row))).flows).toEqual([flow]);
    }
    expect((await readFlows(zeek, table('connector', fields, row))).flows).toEqual([]);
  });

  it.each([
    {
      name: 'falls back to payload bytes and says so',
      row: '1700000000.0 C1 10.0.0.5 1 198.51.100.20 2 udp dns 0.5 40 90 SF T F 0 Dd 1 - 1 - -',
      flow: {
        end: '2023-11-14T22:13:20.500000Z',
        protocol: 17,
        sent: [1, 40],
        received: [1, 90],
        layer: 'payload',
        opened: 'by source',
      },
    },
    {
      name: 'leaves the originator open where TCP was entered in the middle',
      row: '1700000000.0 C1 10.0.0.5 1 198.51.100.20 2 tcp - - - - OTH T F 0 DadA 3 300 2 200 -',
      flow: { protocol: 6, sent: [3, 300], received: [2, 200], flags: 0x18, reverseFlags: 0x18 },
    },
    {
      name: 'leaves it open where Zeek swapped the sides by its own guess',
      row: '1700000000.0 C1 10.0.0.5 1 198.51.100.20 2 tcp - - - - SF T F 0 ^hADa 3 300 2 200 -',
      flow: { protocol: 6, sent: [3, 300], received: [2, 200], flags: 0x18, reverseFlags: 0x12 },
    },
    {
      name: 'takes types and codes of ICMP for no ports',
      row: '1700000000.0 C1 10.0.0.5 8 198.51.100.20 0 icmp - - - - OTH T F 0 - 1 84 1 84 -',
      flow: {
        from: '10.0.0.5:0',
        to: '198.51.100.20:0',
        protocol: 1,
        sent: [1, 84],
        received: [1, 84],
        opened: 'by source',
      },
    },
    {
      name: 'reads IPv6, and IPv4 inside it as IPv4',
      row: '1700000000.0 C1 2001:db8::5 1 ::ffff:198.51.100.20 2 udp - - - - S0 T F 0 D 1 84 0 0 -',
      flow: {
        from: '[2001:0db8:0000:0000:0000:0000:0000:0005]:1',
        protocol: 17,
        sent: [1, 84],
        received: [0, 0],
        opened: 'by source',
      },
    },
  ])('$name', async ({ row, flow }) => {
    const { flows } = await readFlows(zeek, table('conn', CONN_FIELDS, row));
    const place = { start: '2023-11-14T22:13:20.000000Z', end: '2023-11-14T22:13:20.000000Z' };
    expect(flows).toEqual([{ number: 1, ...place, from: '10.0.0.5:1', to: '198.51.100.20:2', ...flow }]);
  });

  it('takes columns from the header, also from a second one in the middle', async () => {
    const fields = 'id.resp_p id.resp_h ts id.orig_h id.orig_p proto vlan orig_pkts orig_ip_bytes';
    const other = table('conn', fields, '3333 198.51.100.20 1700000000.5 10.0.0.5 51000 tcp 12 9 900');
    const { flows } = await readFlows(zeek, table('conn', CONN_FIELDS, MINER_ROW) + other);
    expect(flows[1]).toEqual({
      number: 2,
      start: '2023-11-14T22:13:20.500000Z',
      end: '2023-11-14T22:13:20.500000Z',
      from: '10.0.0.5:51000',
      to: '198.51.100.20:3333',
      protocol: 6,
      sent: [9, 900],
      opened: 'by source',
    });
  });

  it('does not read rows whose header lacks an address, and counts them', async () => {
    const { flows, damage } = await readFlows(
      zeek,
      table('conn', 'ts id.orig_h orig_pkts', '1700000000 10.0.0.1 5'),
    );
    expect(flows).toEqual([]);
    expect(damage).toEqual({ 'missing-column': 2, 'unread-flow': 1 });
  });

  it('reads over logs of other things', async () => {
    const { flows, names, damage } = await readFlows(
      zeek,
      table('weird', 'ts uid name', '1700000000 C1 bad_checksum'),
    );
    expect({ flows, names, damage }).toEqual({ flows: [], names: [], damage: {} });
  });
});

describe('names beside conn.log', () => {
  const client = { client: '10.0.0.5', timeUs: 1700000000e6, number: 1 };

  it('come from the server name of ssl.log', async () => {
    const log = table(
      'ssl',
      'ts uid id.orig_h id.orig_p id.resp_h id.resp_p version server_name',
      '1700000000.000000 C1 10.0.0.5 51000 198.51.100.20 443 TLSv13 XMR.Pool.Example',
      '1700000000.000000 C1 10.0.0.5 51000 198.51.100.20 443 TLSv13 -',
    );
    const { names } = await readFlows(zeek, log);
    expect(names).toEqual([
      { kind: 'tls-sni', name: 'xmr.pool.example', server: '198.51.100.20', serverPort: 443, ...client },
    ]);
  });

  it('come from each address that dns.log has for a query, or from the query alone', async () => {
    const log = table(
      'dns',
      'ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto query qtype_name answers TTLs',
      '1700000000.000000 C1 10.0.0.5 5353 10.0.0.1 53 udp pool.example A cdn.example,198.51.100.20,2001:0db8::0014 60,60',
      '1700000000.000000 C2 10.0.0.5 5353 10.0.0.1 53 udp gone.example A - -',
    );
    const { names } = await readFlows(zeek, log);
    const answer = { kind: 'dns-answer', name: 'pool.example', serverPort: 0, ...client };
    expect(names).toEqual([
      { ...answer, server: '198.51.100.20' },
      { ...answer, server: '2001:db8::14' },
      { kind: 'dns-query', name: 'gone.example', server: '', serverPort: 0, ...client, number: 2 },
    ]);
  });

  it('come from the host of http.log, without its port', async () => {
    const fields = 'ts uid id.orig_h id.orig_p id.resp_h id.resp_p method host uri';
    const row = '1700000000.000000 C1 10.0.0.5 51000 198.51.100.20 8080 POST node.example:8080 /json_rpc';
    const { names } = await readFlows(zeek, table('http', fields, row));
    expect(names).toEqual([
      { kind: 'http-host', name: 'node.example', server: '198.51.100.20', serverPort: 8080, ...client },
    ]);
  });

  it.each([{ first: 'ssl' }, { first: 'x509' }])(
    'join certificates to servers with $first.log first',
    async ({ first }) => {
      const ssl = table(
        'ssl',
        'ts uid id.orig_h id.orig_p id.resp_h id.resp_p server_name cert_chain_fps',
        '1700000000.000000 C1 10.0.0.5 51000 198.51.100.20 443 - ab12,cd34',
      );
      const x509 = table(
        'x509',
        'ts fingerprint certificate.subject san.dns',
        '1700000000.000000 ab12 CN=pool.example,O=Pool pool.example,*.pool.example',
      );
      const certificates = new CertificateNames();
      const logs = first === 'ssl' ? [ssl, x509] : [x509, ssl];
      const readings = [];
      for (const log of logs) readings.push(await readFlows(zeek, log, { certificates }));
      const kind = { kind: 'tls-certificate', server: '198.51.100.20', serverPort: 443, ...client };
      expect(readings.flatMap(({ names }) => names)).toEqual([
        { ...kind, name: 'pool.example' },
        { ...kind, name: '*.pool.example' },
      ]);
    },
  );
});

describe('JSON lines', () => {
  const conn = {
    ts: 1700000000.123456,
    uid: 'CHhAvVGS1DHFjwGM9',
    'id.orig_h': '10.0.0.5',
    'id.orig_p': 51000,
    'id.resp_h': '198.51.100.20',
    'id.resp_p': 3333,
    proto: 'tcp',
    duration: 3600.5,
    orig_bytes: 12000,
    resp_bytes: 48000,
    conn_state: 'SF',
    history: 'ShADadFf',
    orig_pkts: 250,
    orig_ip_bytes: 25012,
    resp_pkts: 260,
    resp_ip_bytes: 61520,
  };

  it('say the same as the table', async () => {
    const { flows, damage } = await readFlows(zeekJson, `${JSON.stringify(conn)}\n`);
    expect(flows).toEqual([{ number: 1, ...MINER }]);
    expect(damage).toEqual({});
  });

  it('may nest the id, write times as ISO text and mix logs', async () => {
    const {
      'id.orig_h': orig_h,
      'id.orig_p': orig_p,
      'id.resp_h': resp_h,
      'id.resp_p': resp_p,
      ...rest
    } = conn;
    const id = { orig_h, orig_p, resp_h, resp_p };
    const lines = [
      { ...rest, ts: '2023-11-14T22:13:20.123456Z', id },
      { ts: 1700000000, id, server_name: 'a.example', cert_chain_fps: ['ab12'] },
      {
        ts: 1700000000,
        fingerprint: 'ab12',
        'certificate.subject': 'CN=b.example',
        'certificate.serial': '1',
      },
      { ts: 1700000000, id, query: 'c.example', answers: ['198.51.100.9'] },
      { ts: 1700000000, id, method: 'GET', host: 'd.example', uri: '/' },
      { ts: 1700000000, name: 'bad_checksum' },
    ];
    const { flows, names, damage } = await readFlows(
      zeekJson,
      lines.map((line) => JSON.stringify(line)).join('\r\n'),
    );
    expect(flows).toEqual([{ number: 1, ...MINER }]);
    expect(names.map(({ kind, name, server }) => [kind, name, server])).toEqual([
      ['tls-sni', 'a.example', '198.51.100.20'],
      ['tls-certificate', 'b.example', '198.51.100.20'],
      ['dns-answer', 'c.example', '198.51.100.9'],
      ['http-host', 'd.example', '198.51.100.20'],
    ]);
    expect(damage).toEqual({});
  });
});

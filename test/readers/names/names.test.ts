/** Logs that hold names of addresses and no flows: resolvers' query logs, passive DNS, tables. */
import { describe, expect, it } from 'vitest';
import { sniffFlowFormat } from '../../../src/readers/index.ts';
import { nameTable } from '../../../src/readers/names/name-table.ts';
import { passiveDns } from '../../../src/readers/names/passive-dns.ts';
import { resolverLog } from '../../../src/readers/names/resolver-log.ts';
import { readFlows } from '../../support/flow-reading.ts';
import { random } from '../../support/random.ts';

async function names(text: string, step?: number, timeZone?: string) {
  const format = sniffFlowFormat(Buffer.from(text));
  if (format === null) return { format: null, said: [], damage: {} };
  const options = timeZone === undefined ? {} : { timeZone };
  const read = await readFlows(format, text, options, step);
  const said = read.names.map(
    ({ name, client, server, number }) =>
      `${number} ${client === '' ? '' : `${client} `}${name}${server === '' ? '' : ` = ${server}`}`,
  );
  return { format: format.id, said, damage: read.damage, times: read.names.map(({ timeUs }) => timeUs) };
}

const POOL = 'xmr.pool.example';

describe('a log of a resolver', () => {
  it.each([
    {
      name: 'dnsmasq',
      text: [
        `Mar  2 08:00:01 gw dnsmasq[812]: query[A] ${POOL} from 192.0.2.11`,
        `Mar  2 08:00:01 gw dnsmasq[812]: forwarded ${POOL} to 9.9.9.9`,
        `Mar  2 08:00:01 gw dnsmasq[812]: reply ${POOL} is <CNAME>`,
        'Mar  2 08:00:01 gw dnsmasq[812]: reply lb.example.net is 198.51.100.10',
        `Mar  2 08:00:02 gw dnsmasq[812]: cached ${POOL} is 2001:DB8::7`,
        'Mar  2 08:00:03 gw dnsmasq[812]: config ads.example is 0.0.0.0',
        `Mar  2 08:00:04 gw dnsmasq[812]: reply ${POOL} is NXDOMAIN`,
      ],
      said: [
        `1 192.0.2.11 ${POOL}`,
        '4 lb.example.net = 198.51.100.10',
        `4 ${POOL} = 198.51.100.10`,
        `5 ${POOL} = 2001:db8::7`,
      ],
    },
    {
      name: 'Pi-hole with log-queries=extra, questions interleaved',
      text: [
        `Mar  2 08:00:01 dnsmasq[1]: 7 192.0.2.11/5353 query[A] ${POOL} from 192.0.2.11`,
        `Mar  2 08:00:01 dnsmasq[1]: 7 192.0.2.11/5353 reply ${POOL} is <CNAME>`,
        'Mar  2 08:00:01 dnsmasq[1]: 8 192.0.2.12/5353 reply www.example.com is 203.0.113.9',
      ],
      said: [`1 192.0.2.11 ${POOL}`, '3 www.example.com = 203.0.113.9'],
    },
    {
      name: 'BIND of several versions',
      text: [
        `02-Mar-2026 08:00:01.123 queries: info: client @0x7f12 192.0.2.12#51234 (${POOL}): query: ${POOL} IN A +E(0)K (198.51.100.53)`,
        `02-Mar-2026 08:00:02.000 client 192.0.2.13#4242: query: ${POOL} IN AAAA + (198.51.100.53)`,
        `Mar  2 08:00:03 ns named[77]: client 2001:db8::5#53 (${POOL}): view internal: query: ${POOL} IN A + (::1)`,
      ],
      said: [`1 192.0.2.12 ${POOL}`, `2 192.0.2.13 ${POOL}`, `3 2001:db8::5 ${POOL}`],
    },
    {
      name: 'unbound, questions and replies',
      text: [
        `[1772438401] unbound[99:0] info: 192.0.2.14 ${POOL}. A IN`,
        `[1772438401] unbound[99:0] info: 192.0.2.14 ${POOL}. A IN NOERROR 0.010 0 63`,
      ],
      said: [`1 192.0.2.14 ${POOL}`],
    },
    {
      name: 'unbound, replies alone',
      text: [`Mar 02 08:00:01 gw unbound[99]: [99:0] reply: 192.0.2.14 ${POOL}. A IN NOERROR 0.010 0 63`],
      said: [`1 192.0.2.14 ${POOL}`],
    },
    {
      name: 'PowerDNS recursor',
      text: [`Mar 02 08:00:01 r pdns_recursor[4]: 3 [1/1] question for '${POOL}|A' from 192.0.2.15:40000`],
      said: [`1 192.0.2.15 ${POOL}`],
    },
    {
      name: 'CoreDNS',
      text: [`[INFO] 192.0.2.16:38201 - 42 "A IN ${POOL}. udp 40 false 512" NOERROR qr,rd,ra 80 0.01s`],
      said: [`1 192.0.2.16 ${POOL}`],
    },
    {
      name: 'Windows DNS',
      text: [
        '3/2/2026 8:00:01 AM 0E3C PACKET  00000000029D4B40 UDP Rcv 192.0.2.17      1234   Q [0001   D   NOERROR] A      (3)xmr(4)pool(7)example(0)',
        '3/2/2026 8:00:01 AM 0E3C PACKET  00000000029D4B40 UDP Rcv 9.9.9.9         1234 R Q [8081   DR  NOERROR] A      (3)xmr(4)pool(7)example(0)',
        '3/2/2026 8:00:01 AM 0E3C PACKET  00000000029D4B40 UDP Snd 192.0.2.17      1234 R Q [8081   DR  NOERROR] A      (3)xmr(4)pool(7)example(0)',
      ],
      said: [`1 192.0.2.17 ${POOL}`],
    },
  ])('is read: $name', async ({ text, said }) => {
    for (const [end, step] of [
      ['\n', undefined],
      ['\r\n', 7],
    ] as const) {
      const found = await names(text.join(end) + end, step);
      expect({ format: found.format, said: found.said, damage: found.damage }).toEqual({
        format: 'resolver-log',
        said,
        damage: {},
      });
    }
  });

  it('dates its lines in the zone of the operator where they state none', async () => {
    const at = async (line: string, zone?: string) => (await names(`${line}\n`, undefined, zone)).times?.[0];
    const utc = Date.UTC(2026, 2, 2, 8, 0, 1) * 1000;
    const bind = `02-Mar-2026 08:00:01.250 client 192.0.2.1#1: query: ${POOL} IN A + (::1)`;
    expect(await at(bind)).toBe(utc + 250_000);
    expect(await at(bind, 'Asia/Shanghai')).toBe(utc + 250_000 - 8 * 3600e6);
    expect(await at(`[1772438401] unbound[9:0] info: 192.0.2.1 ${POOL}. A IN`, 'Asia/Shanghai')).toBe(
      1772438401e6,
    );
    expect(
      await at(`2026-03-02T09:00:01.5+01:00 r pdns_recursor[4]: question for '${POOL}|A' from 192.0.2.15`),
    ).toBe(utc + 500_000);
    // Syslog states no year: the date is never to come.
    const said = new Date(
      ((await at(`Dec 31 23:59:59 gw dnsmasq[8]: query[A] ${POOL} from 192.0.2.1`)) ?? 0) / 1000,
    );
    expect([said.getUTCMonth(), said.getTime() < Date.now() + 2 * 86_400_000]).toEqual([11, true]);
  });

  it('survives lines of any kind and length', async () => {
    const long = `Mar  2 08:00:01 gw dnsmasq[1]: query[A] ${'a'.repeat(3_000_000)} from 192.0.2.1`;
    const text = `Mar  2 08:00:01 gw dnsmasq[1]: query[A] ${POOL} from 192.0.2.1\n\0\ufffd\n${long}\nMar  2 08:00:01 gw dnsmasq[1]: query[A] b.example from nowhere\nMar  2 08:00:02 gw dnsmasq[1]: query[A] ${POOL} from 192.0.2.2`;
    expect(await readFlows(resolverLog, text)).toMatchObject({
      names: [{ client: '192.0.2.1' }, { client: '192.0.2.2', number: 5 }],
      damage: { 'long-line': 1 },
    });
  });
});

describe('passive DNS', () => {
  const row = (rrname: string, rrtype: string, rdata: unknown, more: object = {}) =>
    JSON.stringify({
      rrname,
      rrtype,
      rdata,
      time_first: 1_700_000_000,
      time_last: 1_772_438_401,
      count: 3,
      ...more,
    });

  it('gives names their addresses, through aliases in any order', async () => {
    const lines = [
      row(POOL, 'CNAME', 'lb.example.net.'),
      row('lb.example.net', 'A', ['198.51.100.70', '198.51.100.71']),
      row('lb.example.net', 'TXT', ['198.51.100.99']),
      row('eu.pool.example', 'CNAME', 'lb.example.net'),
    ];
    const expected = [`${POOL} = 198.51.100.70`, `${POOL} = 198.51.100.71`];
    for (const order of [lines, [...lines].reverse()]) {
      const found = await names(`${order.join('\n')}\n`);
      expect([found.format, found.damage]).toEqual(['passive-dns', {}]);
      const told = found.said.map((each) => each.replace(/^\d+ /, ''));
      expect(told).toEqual(expect.arrayContaining(expected));
      expect(told).toEqual(
        expect.arrayContaining(expected.map((each) => each.replace(POOL, 'eu.pool.example'))),
      );
      expect(told.filter((each) => each.includes('.99'))).toEqual([]);
      expect(new Set(found.times)).toEqual(new Set([1_772_438_401e6]));
    }
  });

  it('reads DNSDB answers, ends with aliases in a circle, and counts what is no row', async () => {
    const text = [
      '{"cond":"begin"}',
      JSON.stringify({
        obj: { rrname: `${POOL}.`, rrtype: 'A', rdata: ['198.51.100.70'], time_last: '2026-03-02T08:00:01Z' },
      }),
      row('a.example', 'CNAME', 'b.example'),
      row('b.example', 'CNAME', 'a.example'),
      row('a.example', 'A', '198.51.100.1'),
      row(POOL, 'A', ['0.0.0.0', 'nonsense', 7]),
      '{"rrname":',
      '',
    ].join('\n');
    const found = await readFlows(passiveDns, text);
    expect(found.names.map(({ name, server }) => `${name} ${server}`)).toEqual([
      `${POOL} 198.51.100.70`,
      'a.example 198.51.100.1',
      'b.example 198.51.100.1',
    ]);
    expect(found.damage).toEqual({ 'bad-row': 1 });
  });
});

describe('a table of names', () => {
  it.each([
    { name: 'with a header', text: `name,ip\n${POOL},198.51.100.1\n`, said: [`2 ${POOL} = 198.51.100.1`] },
    {
      name: 'with clients and times',
      text: `timestamp;client;query;answers\n2026-03-02T08:00:01Z;192.0.2.1;${POOL};198.51.100.1 198.51.100.2\n`,
      said: [`2 ${POOL} = 198.51.100.1`, `2 ${POOL} = 198.51.100.2`, `2 192.0.2.1 ${POOL}`],
    },
    { name: 'without one', text: `${POOL},198.51.100.1\n`, said: [`1 ${POOL} = 198.51.100.1`] },
    {
      name: 'as a hosts file',
      text: `# ours\n198.51.100.1 ${POOL} alias.example # remark\n::1 localhost\n`,
      said: [`2 ${POOL} = 198.51.100.1`, '2 alias.example = 198.51.100.1'],
    },
  ])('is read $name', async ({ text, said }) => {
    const found = await names(text);
    expect({ format: found.format, said: found.said, damage: found.damage }).toEqual({
      format: 'name-table',
      said,
      damage: {},
    });
  });

  it('is no table of flows, nor any other text', () => {
    const format = (text: string) => sniffFlowFormat(Buffer.from(text))?.id ?? null;
    expect(format('start,srcip,dstip,srcport,dstport,proto,bytes\n1,192.0.2.1,192.0.2.2,1,2,6,3\n')).toBe(
      'csv',
    );
    expect(format('a page about mining\nwith 192.0.2.1 in it\n')).toBeNull();
    expect(format('name,price\nxmr,170\n')).toBeNull();
    expect(format('198.51.100.1:3333\n')).toBeNull();
  });

  it('counts rows that say nothing', async () => {
    const { damage, names: told } = await readFlows(
      nameTable,
      `name,ip\n,198.51.100.1\n${POOL},x\nthree words here\n`,
    );
    expect([damage, told]).toEqual([{ 'bad-row': 2 }, []]);
  });
});

describe('any bytes', () => {
  const samples = [
    {
      format: resolverLog,
      text: `Mar  2 08:00:01 gw dnsmasq[8]: query[A] ${POOL} from 192.0.2.1\nMar  2 08:00:01 gw dnsmasq[8]: reply ${POOL} is <CNAME>\nMar  2 08:00:01 gw dnsmasq[8]: reply b.example is 198.51.100.1\n[17724] unbound[9:0] info: ::1 ${POOL}. A IN\n`,
    },
    {
      format: passiveDns,
      text: `{"rrname":"${POOL}","rrtype":"CNAME","rdata":"b.example"}\n{"rrname":"b.example","rrtype":"A","rdata":["198.51.100.1",null]}\n`,
    },
    {
      format: nameTable,
      text: `time,client,name,ip\n1772438401,192.0.2.1,${POOL},198.51.100.1\n,,x.example,::7\n`,
    },
  ];

  it('end in names and counted rows, however they are cut into blocks', async () => {
    const rng = random(20_260_302);
    for (const { format, text } of samples) {
      for (let round = 0; round < 150; round++) {
        const bytes = Buffer.from(text.repeat(rng.between(1, 4)));
        for (let hits = rng.between(1, 12); hits > 0; hits--) bytes[rng.below(bytes.length)] = rng.below(256);
        const part = bytes.subarray(0, rng.between(1, bytes.length));
        const whole = await readFlows(format, part);
        expect(await readFlows(format, part, {}, rng.between(1, 40))).toEqual(whole);
        for (const { name, server } of whole.names) {
          expect([name.length > 0 && name.length <= 253, /^[0-9a-f:.]*$/.test(server)]).toEqual([true, true]);
        }
      }
    }
  });
});

/** Question, CNAME to lb.example.net, A of that by a pointer (RFC 1035 section 4.1). */
const ADGUARD_ANSWER = Buffer.from(
  '000181800001000200000000' +
    '03786d7204706f6f6c076578616d706c650000010001' +
    'c00c000500010000003c0010026c62076578616d706c65036e657400' +
    'c02e000100010000003c0004c633640a',
  'hex',
).toString('base64');

describe('a query log in JSON', () => {
  it.each([
    [
      'Route 53 Resolver',
      '{"version":"1.1","region":"eu-west-1","query_timestamp":"2026-11-20T10:30:00Z","query_name":"xmr.pool.example.","query_type":"A","rcode":"NOERROR","answers":[{"Rdata":"lb.example.net.","Type":"CNAME","Class":"IN"},{"Rdata":"198.51.100.10","Type":"A","Class":"IN"}],"srcaddr":"10.0.1.5","srcport":"56067","transport":"UDP"}',
      ['1 xmr.pool.example = 198.51.100.10', '1 10.0.1.5 xmr.pool.example'],
    ],
    [
      'Zscaler NSS DNS',
      '{"sourcetype":"zscalernss-dns","event":{"datetime":"Fri Nov 20 10:30:00 2026","dns_reqtype":"A","dns_req":"xmr.pool.example","dns_resp":"198.51.100.10","srv_dport":"53","clt_sip":"10.2.3.4","srv_dip":"9.9.9.9"}}',
      ['1 xmr.pool.example = 198.51.100.10', '1 10.2.3.4 xmr.pool.example'],
    ],
    [
      'AdGuard Home',
      '{"T":"2026-11-20T11:30:00.5+01:00","QH":"xmr.pool.example","QT":"A","QC":"IN","CP":"","Answer":"","IP":"10.0.0.9","Result":{},"Elapsed":12}',
      ['1 10.0.0.9 xmr.pool.example'],
    ],
    [
      'AdGuard Home, with the answer of the name server',
      // Question, and by pointers to its name and to the alias: CNAME lb.example.net, A 198.51.100.10 (RFC 1035 section 4.1).
      `{"T":"2026-11-20T10:30:00Z","QH":"xmr.pool.example","QT":"A","QC":"IN","CP":"","Answer":"${ADGUARD_ANSWER}","IP":"10.0.0.9","Result":{},"Elapsed":12}`,
      ['1 xmr.pool.example = 198.51.100.10', '1 10.0.0.9 xmr.pool.example'],
    ],
  ])('of %s', async (_, line, said) => {
    const read = await names(`${line}\n`);
    expect([read.format, read.said, read.damage]).toEqual(['query-json', said, {}]);
    for (const timeUs of read.times ?? [])
      expect(Math.floor(timeUs / 1e6)).toBe(Date.UTC(2026, 10, 20, 10, 30) / 1000);
  });

  it('counts other events and broken lines apart, and takes no flow for a query', async () => {
    const query =
      '{"query_name":"a.example.org.","srcaddr":"10.0.1.5","query_timestamp":"2026-11-20T10:30:00Z","answers":[]}';
    const read = await names(`{"event":"start"}\n${query}\n{"query_name":\n`);
    expect([read.format, read.said, read.damage]).toEqual([
      'query-json',
      ['2 10.0.1.5 a.example.org'],
      { 'unknown-record': 1, 'bad-row': 1 },
    ]);
    const flow =
      '{"src_ip":"10.0.0.1","dst_ip":"198.51.100.1","src_port":5,"dst_port":3333,"proto":6,"bytes":5,"start":"2026-11-20T10:30:00Z"}';
    expect(sniffFlowFormat(Buffer.from(`${flow}\n`))?.id).toBe('json');
  });
});

/** Logs of firewalls and proxies: what two connections say in each, what is refused and counted, and what is found. */
import { describe, expect, it } from 'vitest';
import { flowFormat, sniffFlowFormat } from '../../../src/readers/index.ts';
import { jsonLogs } from '../../../src/readers/json/product-json.ts';
import { lineLogs } from '../../../src/readers/lines/line-log.ts';
import { DEVICE_LOGS, type DeviceLog, JSON_LOGS } from '../../support/device-logs.ts';
import { FIELD_LINES } from '../../support/field-lines.ts';
import { readFlows, type SaidFlow } from '../../support/flow-reading.ts';
import { random } from '../../support/random.ts';

const text = (lines: readonly string[]): string => `${lines.join('\n')}\n`;
const sum = (flows: readonly SaidFlow[], which: 'sent' | 'received', at: 0 | 1): number =>
  flows.map((flow) => flow[which]?.[at] ?? -1).reduce((a, b) => (a < 0 || b < 0 ? -1 : a + b));

async function read({ id }: Pick<DeviceLog, 'id'>, content: string | Uint8Array, options = {}) {
  const format = flowFormat(id);
  if (format === null) throw new Error(id);
  return await readFlows(format, content, options);
}

it('has a log of every product', () => {
  const told = new Set([...JSON_LOGS, ...DEVICE_LOGS, ...FIELD_LINES].map(({ id }) => id)).add('combined');
  expect([...jsonLogs, ...lineLogs].map(({ id }) => id).filter((id) => !told.has(id))).toEqual([]);
});

it('finds names in access logs that hold no address of the server', async () => {
  const content = text([
    '10.20.30.40 - - [20/Nov/2026:11:30:00 +0100] "CONNECT xmr-eu1.nanopool.org:3333 HTTP/1.1" 200 61000 "-" "xmrig"',
    '10.20.30.41 - ann [20/Nov/2026:10:31:00 +0000] "GET http://www.example.com/a?b=c HTTP/1.1" 200 9000 "-" "curl"',
  ]);
  expect(sniffFlowFormat(Buffer.from(content))?.id).toBe('combined');
  const { flows, names, damage } = await read({ id: 'combined' }, content);
  expect(flows).toEqual([]);
  expect(damage).toEqual({ 'only-named': 2 });
  const said = { kind: 'request', server: '' };
  expect(names).toEqual([
    {
      ...said,
      name: 'xmr-eu1.nanopool.org',
      client: '10.20.30.40',
      serverPort: 3333,
      timeUs: 1795170600e6,
      number: 1,
    },
    {
      ...said,
      name: 'www.example.com',
      client: '10.20.30.41',
      serverPort: 80,
      timeUs: 1795170660e6,
      number: 2,
    },
  ]);
});

describe('lines as vendors write them', () => {
  const ENDS = 'src=10.20.30.40:51515:X0:ws-17 dst=203.0.113.77:3333:X1 proto=tcp/3333 sent=54000 rcvd=61000';
  const SONICWALL = 'sn=0017C5 time="2026-11-20 10:30:00" fw=198.51.100.9 pri=6 c=1024 m=537';
  const SQUID = '1795170600.123 600 10.20.30.40 TCP_TUNNEL/200 61000 CONNECT pool.example:3333 -';
  const PALO_ALTO =
    '1,2026/11/20 10:30:01,0070510,THREAT,url,2562,2026/11/20 10:30:00,10.20.30.40,203.0.113.77,,,"a, b",,,ssl,v,t,u,1,2,d,,33,1,51515,3333,0,0,0x4,tcp,alert,"pool.example:3333/",(9999)';
  const ISTIO =
    '[2026-11-20T10:20:00.000Z] "GET / HTTP/1.1" 200 - x - "-" 54000 61000 600000 9 "-" "-" "id" "pool.example" "203.0.113.77:3333" outbound|1||x 10.20.30.40:52000 203.0.113.77:3333 10.20.30.40:51515 - default';
  const both = { flows: 1, sent: 54_000, received: 61_000 };

  it.each([
    ['sonicwall', `<134>  id=firewall ${SONICWALL} ${ENDS}`, { ...both, names: [] }],
    [
      'sonicwall',
      `<134>id=edge ${SONICWALL} ${ENDS} dstname=pool.example`,
      { ...both, names: ['pool.example'] },
    ],
    [
      'cef',
      'CEF:0|V|P|1|1|f|3|c6a2=2001:db8::40 c6a3=2001:db8::77 spt=51515 dpt=3333 proto=TCP in=61000 out=54000 rt=1795170600000',
      { ...both, names: [] },
    ],
    [
      'conntrack',
      'tcp      6 431999 ESTABLISHED src=10.20.30.40 dst=203.0.113.77 sport=51515 dport=3333 packets=300 bytes=54000 src=203.0.113.77 dst=192.0.2.1 sport=3333 dport=51515 packets=310 bytes=61000 [ASSURED] use=1',
      { ...both, names: [] },
    ],
    ['envoy', ISTIO, { ...both, names: ['pool.example'] }],
    [
      'squid',
      `${SQUID} ORIGINAL_DST/203.0.113.77 -`,
      { flows: 1, sent: 0, received: 61_000, names: ['pool.example'] },
    ],
    // The address is of another proxy, or there is none: nothing is known of the server but its name.
    ['squid', `${SQUID} FIRSTUP_PARENT/10.9.9.9 -`, { flows: 0, names: ['pool.example'] }],
    ['squid', `${SQUID} HIER_DIRECT/pool.example -`, { flows: 0, names: ['pool.example'] }],
    ['palo-alto', PALO_ALTO, { flows: 0, names: ['pool.example'] }],
  ])('of %s: %s', async (id, line, said) => {
    const content = text([line]);
    expect(sniffFlowFormat(Buffer.from(content))?.id).toBe(id);
    const { flows, names } = await read({ id }, content);
    expect({
      flows: flows.length,
      ...(flows.length > 0 && { sent: sum(flows, 'sent', 1), received: sum(flows, 'received', 1) }),
      names: names.map(({ name }) => name),
    }).toEqual(said);
  });
});

const NAMED = {
  src_ip: '10.20.30.40',
  dst_ip: '203.0.113.77',
  dst_port: 3333,
  bytes: 5,
  dst_hostname: 'a.example',
};
const SEEN = { rrname: 'a.example', rrtype: 'A', rdata: ['203.0.113.77'], time_last: '2026-11-20T10:30:00' };
const NAMED_FLOWS = { verdict: 'FORWARDED', IP: { source: '10.20.30.40', destination: '203.0.113.77' } };
it.each([
  [
    'hubble',
    { flow: { ...NAMED_FLOWS, time: '2026-11-20T10:30:00', destination_names: ['a.example', 'b.example'] } },
  ],
  ['json', { ...NAMED, end: '2026-11-20 10:30:00' }],
  ['json', { ...NAMED, date: '2026-11-20', time: '10:30:00' }],
  ['passive-dns', SEEN],
])('dates names in JSON of %s by the zone of the operator', async (id, record) => {
  for (const [timeZone, utc] of [
    ['UTC', '10:30'],
    ['Asia/Shanghai', '02:30'],
    ['-05:00', '15:30'],
  ]) {
    const { names } = await read({ id }, text([JSON.stringify(record)]), { timeZone });
    expect(names.length).toBeGreaterThan(0);
    for (const { timeUs } of names) expect(timeUs).toBe(Date.parse(`2026-11-20T${utc}:00Z`) * 1000);
  }
});

it('reads the date of FortiOS 5 right behind the priority of syslog, and seconds of FortiOS 6.0', async () => {
  const ends =
    'srcip=10.20.30.40 srcport=5 dstip=203.0.113.77 dstport=3333 proto=6 duration=60 sentbyte=7 rcvdbyte=8';
  const content = text([
    `<189>date=2026-11-20 time=11:30:00 devname=FGT logid=0000000013 type=traffic subtype=forward ${ends}`,
    `<189>date=2026-11-20 time=12:31:00 devname="FGT" eventtime=1795174260 type="traffic" subtype="forward" ${ends}`,
  ]);
  const { flows, damage } = await read({ id: 'fortigate' }, content);
  expect(damage).toEqual({});
  expect(flows.map(({ start, end }) => [start, end])).toEqual([
    ['2026-11-20T11:29:00.000000Z', '2026-11-20T11:30:00.000000Z'],
    ['2026-11-20T11:30:00.000000Z', '2026-11-20T11:31:00.000000Z'],
  ]);
});

it('dates names by a date and a time that stand in two fields', async () => {
  const web = 'type=utm srcip=10.20.30.40 srcport=5 proto=6 hostname="xmr-eu1.nanopool.org"';
  const date = '<189>date=2026-11-20 time=11:30:00 devname=FGT';
  const content = text([`${date} ${web} dstip=203.0.113.77`, `${date} ${web}`]);
  const { names } = await read({ id: 'fortigate' }, content, { timeZone: '+01:00' });
  expect(names.map(({ server, timeUs }) => [server, timeUs])).toEqual([
    ['203.0.113.77', 1795170600e6],
    ['', 1795170600e6],
  ]);
});

it('reads a header of more columns than there is room for', async () => {
  const more = Array.from({ length: 20_000 }, (_, i) => `X${i}`).join(' ');
  const content = text([`SRC_IP DST_IP BYTES ${more}`, `10.20.30.40 203.0.113.77 700 ${more}`]);
  const { flows, damage } = await read({ id: 'pmacct' }, content);
  expect(flows.map(({ to, sent }) => [to, sent[1]])).toEqual([['203.0.113.77:0', 700]]);
  expect(damage).toEqual({ 'no-time': 1 });
});

it('tells names of JSON with the number of their object, and none of an object without a sender', async () => {
  const named = { '@timestamp': '2026-11-20T10:30:00Z', url: { domain: 'xmr-eu1.nanopool.org' }, bytes: 5 };
  const source = { ip: '10.20.30.40' };
  const content = text([JSON.stringify(named), JSON.stringify({ ...named, source })]);
  const { names } = await read({ id: 'json' }, content);
  expect(names).toMatchObject([{ kind: 'request', client: '10.20.30.40', number: 2 }]);
});

it.each([
  ['RFC 3164', '<134>Nov 20 11:30:00 proxy squid[712]: '],
  ['a file of syslog', 'Nov 20 11:30:00 proxy (squid-1)[712]: '],
  ['RFC 5424', '<134>1 2026-11-20T11:30:00.5Z proxy squid 712 - - '],
  ['RFC 5424 with data', '<134>1 2026-11-20T11:30:00Z proxy squid 712 a [x@1 y="[z]"] '],
])('reads access logs behind the head of %s', async (_, head) => {
  const line = '1795174200.000 600000 10.20.30.40 TCP_TUNNEL/200 61000 CONNECT xmr-eu1.nanopool.org:443';
  const content = text([`${head}${line} - HIER_DIRECT/203.0.113.77 -`]);
  expect(sniffFlowFormat(Buffer.from(content))?.id).toBe('squid');
  const { flows, names, damage } = await read({ id: 'squid' }, content);
  expect(damage).toEqual({});
  expect(flows).toMatchObject([{ start: '2026-11-20T11:20:00.000000Z', end: '2026-11-20T11:30:00.000000Z' }]);
  expect(names).toMatchObject([{ name: 'xmr-eu1.nanopool.org', client: '10.20.30.40' }]);
});

const LOGS = [...DEVICE_LOGS, ...JSON_LOGS];

describe.each(LOGS)('$id', (log) => {
  it('is told by its content, and says two connections', async () => {
    const content = text(log.lines);
    expect(sniffFlowFormat(Buffer.from(content))?.id).toBe(log.id);
    const { flows, names, damage } = await read(log, content);
    expect(damage).toEqual({});
    expect(flows.map(({ to }) => to.replace(':0', ''))).toEqual(
      log.id === 'zscaler'
        ? ['203.0.113.77:3333', '198.51.100.7']
        : ['203.0.113.77:3333', '198.51.100.7:443'],
    );
    expect(flows.map(({ from }) => from.split(':')[0])).toEqual(['10.20.30.40', '10.20.30.41']);
    const counted = (which: 'sent' | 'received') => [sum(flows, which, 0), sum(flows, which, 1)];
    expect({ sent: counted('sent'), received: counted('received') }).toEqual({
      sent: log.sent,
      received: log.received,
    });
    expect([flows[0]?.start, flows[0]?.end]).toEqual(log.times.map((time) => `2026-11-20T${time}.000000Z`));
    const told = names.filter(({ server }) => server === '203.0.113.77').map(({ name }) => name);
    expect(log.name === undefined ? told : told.includes(log.name)).toEqual(
      log.name === undefined ? [] : true,
    );
  });

  it('counts lines of other kinds, broken ones and those of another product, and reads the rest', async () => {
    // Between objects of JSON, lines of one wreck count once (test/readers/hostile.test.ts).
    const alike = JSON_LOGS.includes(log) ? JSON_LOGS : LOGS;
    const others = alike.filter(({ id }) => id !== log.id).flatMap(({ lines }) => lines);
    const foreign = others.filter((line) => !line.startsWith('#'));
    const mixed = [...log.lines, ...(log.other === undefined ? [] : [log.other]), ...foreign];
    const { flows, damage, names } = await read(log, text(mixed));
    const refused = Object.values(damage).reduce((all, count) => all + count, 0);
    // Every line is a connection, a name, or counted with its reason.
    const read_ = new Set([...flows.map(({ number }) => number), ...names.map(({ number }) => number)]);
    expect(
      read_.size + refused - (damage['assumed-year'] ?? 0) - (damage['no-time'] ?? 0),
    ).toBeGreaterThanOrEqual(mixed.filter((line) => !line.startsWith('#')).length);
    const whole = await read(log, text(log.lines));
    expect(flows.slice(0, whole.flows.length)).toEqual(whole.flows);
  });

  it('reads the same however the bytes come, with CRLF, behind a byte order mark, without the last line end', async () => {
    const content = text(log.lines);
    const format = flowFormat(log.id);
    const whole = await read(log, content);
    expect((await readFlows(format ?? lineLogs[0], content, {}, 7)).flows).toEqual(whole.flows);
    const windows = `\ufeff${content.replaceAll('\n', '\r\n')}`;
    for (const other of [windows, `\ufeff${content.slice(0, -1)}`, windows.slice(0, -2)]) {
      expect(sniffFlowFormat(Buffer.from(other))?.id).toBe(log.id);
      const { flows, damage } = await read(log, other);
      expect([flows, damage]).toEqual([whole.flows, {}]);
    }
  });

  it('counts every line of a log whose bytes are broken', async () => {
    const draws = random(20_261_129);
    const clean = Buffer.from(text(log.lines));
    for (let round = 0; round < 60; round++) {
      const bytes = Buffer.from(clean);
      for (let flips = 0; flips < 4; flips++) {
        const at = draws.below(bytes.length);
        if (bytes[at] !== 0x0a) bytes[at] = draws.between(0x0b, 0xff);
      }
      const { flows, names, damage } = await read(log, bytes);
      const said = new Set([...flows, ...names].map(({ number }) => number));
      const refused = Object.values(damage).reduce((all, count) => all + count, 0);
      // A line that begins with `#` is a remark, a record of nfdump has many lines, and pmacct a header.
      const lines = bytes
        .toString('latin1')
        .split('\n')
        .filter((line) => !/^(#|\r?$)/.test(line)).length;
      const least = log.id === 'nfdump-raw' ? Math.min(2, lines) : log.id === 'pmacct' ? lines - 1 : lines;
      expect([round, said.size + refused >= least]).toEqual([round, true]);
    }
  });

  it('survives every cut of its lines', async () => {
    for (const line of log.lines.filter((each) => !each.startsWith('#'))) {
      for (let length = 1; length < line.length; length += 3) {
        const { flows, damage, names } = await read(log, text([line.slice(0, length)]));
        expect(flows.length + names.length + Object.keys(damage).length).toBeGreaterThan(0);
      }
    }
  });
});

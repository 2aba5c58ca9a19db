import { describe, expect, it } from 'vitest';
import { awsVpc } from '../../../src/readers/tables/aws-vpc.ts';
import { parseColumnMap } from '../../../src/readers/tables/column-map.ts';
import { csv } from '../../../src/readers/tables/csv.ts';
import { headedTable } from '../../../src/readers/tables/headed-table.ts';
import { readFlows } from '../../support/flow-reading.ts';

const silk = headedTable('silk');
const argus = headedTable('argus');

const text = (...lines: readonly string[]): string => `${lines.join('\n')}\n`;

describe('AWS VPC Flow Logs', () => {
  const VERSION_2 =
    'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
  const ROW =
    '2 123456789010 eni-1235b8ca123456789 172.31.16.139 203.0.113.12 20641 3333 6 20 4249 1418530010 1418530070 ACCEPT OK';
  const SAID = {
    number: 1,
    start: '2014-12-14T04:06:50.000000Z',
    end: '2014-12-14T04:07:50.000000Z',
    from: '172.31.16.139:20641',
    to: '203.0.113.12:3333',
    protocol: 6,
    sent: [20, 4249],
    exporter: 1,
  };

  it.each([
    { name: 'with a header', log: text(VERSION_2, ROW) },
    { name: 'without one, in the layout of version 2', log: text(ROW) },
    { name: 'without one, as CloudWatch exports it', log: text(`2014-12-14T04:07:55.000Z ${ROW}`) },
    { name: 'with CRLF', log: text(VERSION_2, ROW).replaceAll('\n', '\r\n') },
  ])('$name', async ({ log }) => {
    const { flows, damage, result } = await readFlows(awsVpc, log);
    expect(flows).toEqual([SAID]);
    expect(damage).toEqual({});
    expect(result.exporters).toEqual(['', 'eni-1235b8ca123456789']);
    expect(awsVpc.sniff(Buffer.from(log))).toBe(true);
  });

  it('reads the rows of Huawei Cloud, the same columns of a project', async () => {
    const project = '5f67944957444bd6bb4fe3b367de8f3d 1d515d18-1b36-47dc-a983-bd6512aed4bd';
    const log = text(ROW.replace('2 123456789010 eni-1235b8ca123456789', `1 ${project}`));
    expect(awsVpc.sniff(Buffer.from(log))).toBe(true);
    expect((await readFlows(awsVpc, log)).flows).toEqual([SAID]);
  });

  it('reads a layout that the operator states', async () => {
    const names = 'end start dstport dstaddr srcaddr bytes protocol'.split(' ');
    const columns = parseColumnMap(names.map((name) => `\${${name}}`).join(' '));
    const { flows } = await readFlows(
      awsVpc,
      text('1418530070 1418530010 3333 203.0.113.12 172.31.16.139 99 6'),
      { columns },
    );
    expect(flows).toEqual([{ ...SAID, from: '172.31.16.139:0', sent: [0, 99], exporter: undefined }]);
  });

  it('tells flows from rows without data, and counts what AWS lost', async () => {
    const nothing = '2 123456789010 eni-1235b8ca123456789 - - - - - - - 1431280876 1431280934 -';
    const { flows, damage } = await readFlows(
      awsVpc,
      text(VERSION_2, `${nothing} NODATA`, `${nothing} SKIPDATA`, ROW),
    );
    expect(flows).toEqual([{ ...SAID, number: 3 }]);
    expect(damage).toEqual({ 'lost-records': 1 });
  });

  it('takes the addresses of the packet behind a gateway, flags, and what was rejected, in any order of columns', async () => {
    const { flows } = await readFlows(
      awsVpc,
      text(
        'pkt-srcaddr pkt-dstaddr tcp-flags action srcaddr dstaddr srcport dstport protocol packets bytes start end flow-direction',
        '10.0.1.5 198.51.100.20 2 REJECT 10.0.0.220 198.51.100.20 51000 3333 6 1 60 1418530010 1418530070 egress',
        '- - 18 ACCEPT 198.51.100.20 10.0.0.220 3333 51000 6 1 60 1418530010 1418530070 ingress',
      ),
    );
    const times = { start: SAID.start, end: SAID.end, protocol: 6, sent: [1, 60] };
    expect(flows).toEqual([
      { number: 1, ...times, from: '10.0.1.5:51000', to: '198.51.100.20:3333', flags: 2, denied: true },
      { number: 2, ...times, from: '198.51.100.20:3333', to: '10.0.0.220:51000', flags: 18 },
    ]);
  });

  it('does not read rows of a layout that nobody names', async () => {
    const { flows, damage } = await readFlows(
      awsVpc,
      text('eni-1 10.0.0.5 198.51.100.20', 'eni-1 10.0.0.5 198.51.100.21'),
    );
    expect(flows).toEqual([]);
    expect(damage).toEqual({ 'missing-column': 4, 'unread-flow': 2 });
  });
});

describe('SiLK rwcut', () => {
  it('trims cells and reads flags between blanks', async () => {
    const log = text(
      '            sIP|            dIP|sPort|dPort|pro|   packets|     bytes|   flags|                  sTime| duration|                  eTime|sen|',
      '     10.0.0.5|  198.51.100.20|51000| 3333|  6|        25|      4000|FS PA   |2009/02/12T00:00:59.804|   60.250|2009/02/12T00:02:00.054| S0|',
      '     10.0.0.5|  198.51.100.20|    8|    0|  1|         1|        84|        |2009/02/12T00:00:59.804|    0.000|2009/02/12T00:00:59.804| S1|',
    );
    const { flows, damage, result } = await readFlows(silk, log);
    const start = '2009-02-12T00:00:59.804000Z';
    expect(flows).toEqual([
      {
        number: 1,
        start,
        end: '2009-02-12T00:02:00.054000Z',
        from: '10.0.0.5:51000',
        to: '198.51.100.20:3333',
        protocol: 6,
        sent: [25, 4000],
        flags: 0x1b,
        sampling: 0,
        exporter: 1,
      },
      {
        number: 2,
        start,
        end: start,
        from: '10.0.0.5:0',
        to: '198.51.100.20:0',
        protocol: 1,
        sent: [1, 84],
        sampling: 0,
        exporter: 2,
      },
    ]);
    expect(damage).toEqual({});
    expect(result.exporters).toEqual(['', 'S0', 'S1']);
  });

  it('reads epoch times, and durations where the end is not printed', async () => {
    const log = text(
      'sIP|dIP|sPort|dPort|pro|packets|bytes|sTime|dur|',
      '10.0.0.5|198.51.100.20|51000|3333|6|25|4000|1234396859.804|60.250|',
    );
    expect((await readFlows(silk, log)).flows[0]).toMatchObject({
      start: '2009-02-12T00:00:59.804000Z',
      end: '2009-02-12T00:02:00.054000Z',
    });
  });
});

describe('Argus ra', () => {
  const HEADER =
    'StartTime,LastTime,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,SrcPkts,DstPkts,SrcBytes,DstBytes,State';

  it('counts both directions with link headers, and knows who opened', async () => {
    const log = text(
      HEADER,
      '1700000000.123456,1700000060.000000,tcp,10.0.0.5,51000,   ->,198.51.100.20,3333,25,20,4000,9000,CON',
      '1700000000.123456,1700000060.000000,tcp,10.0.0.5,51000,   <?>,198.51.100.20,3333,25,20,4000,9000,CON',
      '1700000000.123456,1700000060.000000,icmp,10.0.0.5,0x0008,  <->,198.51.100.20,0xf0c2,1,1,98,98,ECO',
      '1700000000.123456,1700000060.000000,man,0,0,,0,0,5,5,0,0,STA',
      '1700000000.123456,1700000060.000000,arp,00:11:22:33:44:55,,who,10.0.0.1,,1,1,60,60,CON',
    );
    const { flows, damage } = await readFlows(argus, log);
    const times = { start: '2023-11-14T22:13:20.123456Z', end: '2023-11-14T22:14:20.000000Z', layer: 'link' };
    const tcp = {
      ...times,
      from: '10.0.0.5:51000',
      to: '198.51.100.20:3333',
      protocol: 6,
      sent: [25, 4000],
      received: [20, 9000],
    };
    expect(flows).toEqual([
      { number: 1, ...tcp, opened: 'by source' },
      { number: 2, ...tcp },
      {
        number: 3,
        ...times,
        from: '10.0.0.5:0',
        to: '198.51.100.20:0',
        protocol: 1,
        sent: [1, 98],
        received: [1, 98],
      },
    ]);
    expect(damage).toEqual({});
  });

  it('parts totals by halves where nothing else is printed and both ends spoke, dates with a zone, and counts times without a date', async () => {
    const log = text(
      'StartTime,Dur,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,State,TotPkts,TotBytes',
      '2011/08/10 09:46:59.607825,1.026539,tcp,94.44.127.113,1577,   ->,147.32.84.59,6881,S_RA,4,276',
      '09:46:59.607825,1.026539,tcp,94.44.127.113,1577,   ->,147.32.84.59,6881,S_RA,4,276',
    );
    const { flows, damage } = await readFlows(argus, log, { timeZone: 'Europe/Prague' });
    const tcp = {
      from: '94.44.127.113:1577',
      to: '147.32.84.59:6881',
      protocol: 6,
      sent: [2, 138],
      received: [2, 138],
      layer: 'link',
      opened: 'by source',
    };
    expect(flows).toEqual([
      { number: 1, start: '2011-08-10T07:46:59.607825Z', end: '2011-08-10T07:47:00.634364Z', ...tcp },
      { number: 2, start: 'unknown', end: 'unknown', ...tcp },
    ]);
    expect(damage).toEqual({ 'no-time': 1 });
  });

  it('takes days without a year, the default of ra, for the last such days, and counts them', async () => {
    const head = 'StartTime,Flgs,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,TotPkts,TotBytes,State';
    const rest = ' e        ,tcp,192.0.2.21,38714, ->,198.51.100.70,3334,42,6234,CON';
    const days = [40, 300].map((ago) => new Date(Date.now() - ago * 86_400_000).toISOString());
    const rows = days.map((day) => `${day.slice(5, 7)}/${day.slice(8, 10)}.22:23:55.810200,${rest}`);
    const { flows, damage } = await readFlows(argus, text(head, ...rows));
    expect(flows.map(({ start }) => start)).toEqual(
      days.map((day) => `${day.slice(0, 10)}T22:23:55.810200Z`),
    );
    expect(flows.map(({ sent, layer }) => [sent, layer])).toEqual(days.map(() => [[21, 3117], 'link']));
    expect(damage).toEqual({ 'assumed-year': 2 });
  });
});

describe('any CSV', () => {
  const SAID = {
    number: 1,
    start: '2023-11-14T22:13:20.000000Z',
    end: '2023-11-14T22:13:20.000000Z',
    from: '10.0.0.5:51000',
    to: '198.51.100.20:3333',
    protocol: 6,
    sent: [25, 4000],
    sampling: 0,
  };

  it.each([
    {
      name: 'by usual names',
      header: 'Start Time,Source IP,Source Port,Destination IP,Destination Port,Protocol,Packets,Bytes',
      delimiter: ',',
    },
    {
      name: 'in capitals, as pmacct writes them',
      header: 'TIMESTAMP_START,SRC_IP,SRC_PORT,DST_IP,DST_PORT,PROTOCOL,PACKETS,BYTES',
      delimiter: ',',
    },
    { name: 'between semicolons', header: 'ts;sa;sp;da;dp;pr;ipkt;ibyt', delimiter: ';' },
    {
      name: 'between tabs',
      header: 'first_seen\tsrcip\tsport\tdstip\tdport\tproto\tpkts\toctets',
      delimiter: '\t',
    },
  ])('$name', async ({ header, delimiter }) => {
    const row = '1700000000,10.0.0.5,51000,198.51.100.20,3333,tcp,25,4000'.replaceAll(',', delimiter);
    const log = text(header, row);
    expect(csv.sniff(Buffer.from(log))).toBe(true);
    expect((await readFlows(csv, log)).flows).toEqual([SAID]);
  });

  it('unquotes cells, doubled quotes, delimiters and line ends in them included', async () => {
    const log = text(
      '"note","start","src","sport","dst","dport","proto","packets","bytes","more"',
      '"a ""b"", c\nd","2023-11-14T22:13:20Z","10.0.0.5","51000","198.51.100.20","3333","TCP","25","4000","x"',
      ',2023-11-14T22:13:20Z,10.0.0.5,51000,198.51.100.20,3333,TCP,25,4000,"y, ""z""\r\n"',
    );
    const { flows, damage } = await readFlows(csv, log);
    expect(flows).toEqual([SAID, { ...SAID, number: 2 }]);
    expect(damage).toEqual({});
  });

  it('believes the column map first, and finds the rest by usual names', async () => {
    const columns = parseColumnMap(
      'src=client,dst=server,dport=svc,bytes=vol,reverse-bytes=#8,action=verdict',
    );
    const log = text(
      'start,src,client,server,svc,proto,vol,b8,verdict,packets',
      '1700000000000,1.1.1.1,10.0.0.5,198.51.100.20,3333,6,4000,9000,Dropped,25',
    );
    const { flows } = await readFlows(csv, log, { columns });
    expect(flows).toEqual([{ ...SAID, from: '10.0.0.5:0', received: [-1, 9000], denied: true }]);
  });

  it.each([
    ...['deny', 'Denied', 'DROP', 'dropped', 'discard', 'block', 'Blocked', 'reject', 'refused', 'D'],
    ...['accept', 'allow', 'dnat', 'dst-nat', 'default', 'detected', 'bypass', 'disconnect', 'A', '-'],
  ])('knows whether "%s" let it through', async (word) => {
    const columns = parseColumnMap('src=src,dst=dst,action=verdict');
    const row = `1700000000,10.0.0.5,51000,198.51.100.20,3333,tcp,25,4000,${word}`;
    const log = text(
      'start,src,sport,dst,dport,proto,packets,bytes,verdict',
      row,
      row.replace('tcp', '"tcp"'),
    );
    const { flows } = await readFlows(csv, log, { columns });
    const isDenied = /^(de|dr|disca|bloc|ref|rej|d$)/i.test(word) && !/^de[ft]/.test(word);
    expect(flows.map(({ denied = false }) => denied)).toEqual([isDenied, isDenied]);
  });

  it('reads a file without header by positions', async () => {
    const columns = parseColumnMap('start=#1,src=#2,sport=#3,dst=#4,dport=#5,proto=#6,packets=#7,bytes=#8');
    const row = '1700000000,10.0.0.5,51000,198.51.100.20,3333,tcp,25,4000';
    expect((await readFlows(csv, text(row, row), { columns })).flows).toEqual([SAID, { ...SAID, number: 2 }]);
  });

  it('multiplies nothing, but keeps the sampling factor of a row and of the operator', async () => {
    const log = text(
      'start,src,dst,dport,packets,sampling_rate',
      '1700000000,10.0.0.5,198.51.100.20,3333,25,1000',
    );
    expect((await readFlows(csv, log)).flows[0]).toMatchObject({ sent: [25, 0], sampling: 1000 });
    const plain = text('start,src,dst,dport,packets', '1700000000,10.0.0.5,198.51.100.20,3333,25');
    expect((await readFlows(csv, plain, { samplingInterval: 512 })).flows[0]).toMatchObject({
      sampling: 512,
    });
  });

  it('reads no row where a needed column, or one that the map names, is missing', async () => {
    const row = '10.0.0.5,198.51.100.20,1700000000';
    expect((await readFlows(csv, text('src,dst,start', row))).damage).toEqual({
      'missing-column': 1,
      'unread-flow': 1,
    });
    const columns = parseColumnMap('src=src,dst=dst,bytes=volume');
    const full = await readFlows(csv, text('src,dst,start,dport', `${row},3333`), { columns });
    expect(full.damage).toEqual({ 'missing-column': 1, 'unread-flow': 1 });
  });

  it('reads local times in the zone of the operator, both hours of a change included', async () => {
    const rows = [
      '2023-07-01 12:00:00',
      '2023-10-29 02:30:00',
      '2023-03-26 02:30:00',
      '2023-10-29 01:59:59.999999',
    ];
    const log = text('start,src,dst,dport', ...rows.map((time) => `${time},10.0.0.5,198.51.100.20,3333`));
    const { flows } = await readFlows(csv, log, { timeZone: 'Europe/Berlin' });
    expect(flows.map(({ start }) => start)).toEqual([
      '2023-07-01T10:00:00.000000Z',
      '2023-10-29T00:30:00.000000Z',
      '2023-03-26T01:30:00.000000Z',
      '2023-10-28T23:59:59.999999Z',
    ]);
  });

  it('refuses a zone that does not exist', async () => {
    await expect(readFlows(csv, text('a'), { timeZone: 'Mars/Olympus' })).rejects.toMatchObject({
      code: 'USAGE',
    });
  });
});

describe('a column map', () => {
  it('reads as our names to theirs', () => {
    expect(parseColumnMap(' src = Source IP , dst=DestIP,bytes=#7 ')).toEqual({
      src: 'Source IP',
      dst: 'DestIP',
      bytes: '#7',
    });
  });

  it.each([
    { given: '', says: 'the column map is empty' },
    { given: 'src=a', says: 'the column map does not say which column is dst' },
    { given: 'bytes=a', says: 'the column map does not say which column is src and which is dst' },
    { given: 'src=a,dst=b,octets=c', says: '"octets" is not a field of a flow' },
    { given: 'src=a,dst=b,bytes', says: '"bytes" names no column' },
    { given: 'src=a,dst=', says: '"dst=" names no column' },
    { given: 'src=a,dst=b,src=c', says: '"src" is named twice in the column map' },
    { given: 'src=#0,dst=#2', says: '"#0" is not the position of a column' },
    { given: 'src', says: '"src" is neither a column map nor the columns of a file in their order' },
  ])('is refused as usage: $given', ({ given, says }) => {
    expect(() => parseColumnMap(given)).toThrow(expect.objectContaining({ code: 'USAGE', message: says }));
  });
});

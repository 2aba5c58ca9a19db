/** Flow logs that tell little or nothing are owned up to, with what their owner can do. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseColumnMap } from '../../../src/readers/tables/column-map.ts';
import { scanInputs } from '../../support/scanning.ts';
import { remarksOf } from '../../support/texts.ts';

const work = mkdtempSync(path.join(tmpdir(), 'minesweep-remarks-'));
afterAll(() => rmSync(work, { recursive: true }));

let serial = 0;
function write(bytes: string | Uint8Array): string {
  const file = path.join(work, `${serial++}.log`);
  writeFileSync(file, bytes);
  return file;
}

const notesOf = async (file: string, options: Parameters<typeof scanInputs>[1] = {}): Promise<string[]> =>
  remarksOf((await scanInputs([file], options)).notes).filter((text) => text.startsWith(file));

const ROW = '192.0.2.1,50000,198.51.100.7,3333,6,1000';
const HEADER = 'src,sport,dst,dport,proto,bytes';

describe('a file that cannot be read is told', () => {
  it.each([
    {
      name: 'as a table, by the columns that are not known',
      bytes: 'when;who;whom;door\n1700000000;192.0.2.1;198.51.100.7;3333\n',
      note: 'a table without a known column for start, src, dst and dport (when;who;whom;door); name it with --columns start=when,src=who,dst=whom,dport=door',
    },
    {
      name: 'as a table that lacks a time alone',
      bytes: `${HEADER}\n${ROW}\n`,
      note: 'a table without a known column for start (src,sport,dst,dport,…); name it with --columns start=…',
    },
    {
      name: 'as rows without a header',
      bytes: `1700000000,${ROW}\n`,
      note: 'the first line is a row, not a header (1700000000,192.0.2.1…); name its columns by position: --columns start=#1,src=#2,dst=#4,dport=#5',
    },
    {
      name: 'as rows of rwcut without titles',
      bytes:
        '     192.0.2.1|   198.51.100.7|50000| 3333|  6|  500|  30000|FS PA   |2023/11/14T22:13:20.000|\n',
      note: 'the first line is a row, not a header (192.0.2.1|   198.51.…); name its columns by position: --columns start=#9,src=#1,dst=#2,dport=#4',
    },
    {
      name: 'as a table whose only number is no port, and whose receiver stands in front',
      bytes: 'Ziel Server,Sender Box,Volume\n198.51.100.7,192.0.2.1,500\n',
      note: 'a table without a known column for start, src, dst and dport (Ziel Server,Sender B…); name it with --columns start=…,src=Sender Box,dst=Ziel Server,dport=…',
    },
    {
      name: 'as keys and values that nobody spells so',
      bytes: 'von=192.0.2.1 vonp=50000 zu=198.51.100.7 zup=3333 n=500\n',
      note: 'keys and values of an unknown kind (von=192.0.2.1 vonp=5…); say what the keys mean with --columns src=von,dst=zu,dport=zup',
    },
    {
      name: 'as text with an address',
      bytes: '<Event><src>192.0.2.1</src></Event>\n',
      note: 'text of an unknown kind (<Event><src>192.0.2.…); if it is a supported format, name it with --input-format',
    },
    {
      name: 'as text in UTF-16',
      bytes: Buffer.from(`start,${HEADER}\n1700000000,${ROW}\n`, 'utf16le'),
      note: 'text in UTF-16, which is not supported; save it as UTF-8',
    },
    {
      name: 'as JSON',
      bytes: '{"source":"192.0.2.1"}\n',
      note: 'JSON of an unknown kind, with the keys source; if it is a supported format, name it with --input-format',
    },
    {
      name: 'as JSON whose keys are those of a table of names',
      bytes: '{"x":1,"name":"pool.example","address":"198.51.100.7"}\n',
      note: 'JSON of an unknown kind, with the keys x, name, address; if it is a supported format, name it with --input-format',
    },
    {
      name: 'as JSON of pmacct without times',
      bytes: '{"event_type": "purge", "ip_src": "192.0.2.1", "ip_dst": "198.51.100.7", "bytes": 30000}\n',
      note: 'flows of pmacct without a time or without ports; aggregate by timestamp_start and dst_port',
    },
    {
      name: 'as syslog of a firewall',
      bytes:
        '<166>Nov 14 22:13:20 fw %ASA-6-302014: Teardown TCP connection 1 for outside:198.51.100.7/3333 to inside:192.0.2.1/50000\n',
      note: 'nearest to Cisco ASA and FTD, messages 302013 to 302016, 106001 to 106100 (asa), but its first lines hold no connection; if it is that, name it with --input-format',
    },
    {
      name: 'as packed by xz',
      bytes: Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 4]),
      note: 'compressed with xz, zip or 7-Zip; unpack it first',
    },
    {
      name: 'as the own records of Argus',
      bytes: Buffer.from('8510002000000000e57150cb00000000', 'hex'),
      note: 'Argus records; print them with: ra -n -u -c , -s stime,ltime,proto,saddr,sport,dir,daddr,dport,spkts,dpkts,sbytes,dbytes -r FILE',
    },
    {
      name: 'as columns of ra between blanks',
      bytes: '  StartTime  Proto  SrcAddr  Sport  Dir  DstAddr  Dport  TotPkts  TotBytes State\n',
      note: 'columns of ra separated by blanks; print them with commas (ra -c ,)',
    },
    {
      name: 'as the own records of SiLK',
      bytes: Buffer.from('deadbeef0116100400000000', 'hex'),
      note: 'SiLK records; print them with rwcut, or convert them with rwsilk2ipfix',
    },
    { name: 'as nothing, where it is prose', bytes: 'To whom it may concern\n', note: null },
  ])('$name', async ({ bytes, note }) => {
    const file = write(bytes);
    const { inputs, notes } = await scanInputs([file]);
    expect(notes.map(({ text }) => text)).toEqual(note === null ? [] : [`${file}: ${note}`]);
    expect(inputs.map(({ kind }) => kind)).toEqual(['unreadable']);
  });
});

describe('a flow log that was read', () => {
  it('is of keys and values, as the operator says what they mean', async () => {
    const file = write('date=2023-11-14 von=192.0.2.1 vonp=50000 zu=198.51.100.7 zup=3333 n=500\n');
    const columns = parseColumnMap('src=von,dst=zu,sport=vonp,dport=zup,bytes=n');
    const { inputs } = await scanInputs([file], { columns });
    expect(inputs.map(({ kind, flows, damage }) => [kind, flows, damage])).toEqual([['key-value', 1, []]]);
  });

  it('is CSV of pmacct or goflow2', async () => {
    const pmacct = 'SRC_IP,DST_IP,SRC_PORT,DST_PORT,PROTOCOL,TIMESTAMP_START,TIMESTAMP_END,PACKETS,BYTES';
    const row = '192.0.2.1,198.51.100.7,50000,3333,tcp';
    const goflow2 =
      'time_received_ns,time_flow_start_ns,time_flow_end_ns,src_addr,dst_addr,src_port,dst_port,proto,packets,bytes';
    for (const table of [
      `${pmacct}\n${row},2023-11-14 22:13:20.000000,2023-11-14 22:14:20.000000,500,30000\n`,
      `${goflow2}\n1700000000000000000,1699999940000000000,1699999999000000000,192.0.2.1,198.51.100.7,50000,3333,TCP,500,30000\n`,
    ]) {
      const { inputs } = await scanInputs([write(table)]);
      expect(inputs.map(({ kind, flows, damage }) => [kind, flows, damage])).toEqual([['csv', 1, []]]);
    }
  });

  it.each([
    {
      kind: 'CSV',
      log: 'Time,Src IP,Src Port,Dst IP,Dst Port,Sent Bytes,SNI\n1700000000,192.0.2.1,50000,198.51.100.7,3333,60,pool.example\n',
      taken: 'start=Time, src=Src IP, sport=Src Port, dst=Dst IP, dport=Dst Port, bytes=Sent Bytes, name=SNI',
    },
    {
      kind: 'JSON',
      log: '{"when":1700000000,"net":{"src_ip":"192.0.2.1","dst_ip":"198.51.100.7","dst_port":3333,"ts":1700000000}}\n',
      taken: 'src=net.src_ip, dst=net.dst_ip, dport=net.dst_port, start=net.ts',
    },
  ])('says what the columns of $kind were taken for, without a warning', async ({ log, taken }) => {
    const said: string[] = [];
    const file = write(log);
    const { notes } = await scanInputs([file], { log: (level, message) => said.push(`${level} ${message}`) });
    const note = `${file}: the product is unknown; its columns are read by their names: ${taken}`;
    expect(notes.map(({ text }) => text)).toContain(note);
    expect(said.join()).not.toContain(note);
  });

  it('says nothing of columns that the operator has named', async () => {
    const file = write('t,a,b,p,bytes\n1700000000,192.0.2.1,198.51.100.7,3333,60\n');
    const columns = parseColumnMap('start=t,src=a,dst=b,dport=p');
    const { notes } = await scanInputs([file], { columns });
    expect(notes.flatMap(({ params }) => params.columns ?? [])).toEqual(['bytes=bytes']);
  });

  it('says which columns may count bytes and are not read', async () => {
    const file = write('start,src,sport,dst,dport,volume\n1700000000,192.0.2.1,1,198.51.100.7,3333,60\n');
    expect(await notesOf(file)).toEqual([
      `${file}: no column found for bytes, so flows have none; name it with --columns bytes=…`,
      `${file}: volume may count bytes and is not read; name them with --columns bytes=…,reverse-bytes=…`,
    ]);
  });

  it('and lacks a column that the operator named says which', async () => {
    const file = write(`start,${HEADER}\n1700000000,${ROW}\n`);
    const columns = { src: 'src', dst: 'dst', bytes: 'octets' };
    expect(await notesOf(file, { columns })).toEqual([
      `${file}: no column found for bytes; name it with --columns src=…,dst=…,dport=…,start=…`,
    ]);
  });

  it('and names no zone is taken for UTC, and says so unless the operator knows better', async () => {
    const file = write(`start,${HEADER}\n2023-11-14 22:13:20,${ROW}\n`);
    expect(await notesOf(file)).toEqual([
      `${file}: times have no time zone, UTC assumed; set it with --input-tz`,
    ]);
    expect(await notesOf(file, { timeZone: 'Asia/Shanghai' })).toEqual([]);
    expect(await notesOf(write(`start,${HEADER}\n2023-11-14T22:13:20Z,${ROW}\n`))).toEqual([]);
    // What rwcut prints is UTC.
    expect(
      await notesOf(
        write(
          'sIP|dIP|sPort|dPort|pro|bytes|sTime|\n192.0.2.1|198.51.100.7|1|3333|6|60|2023/11/14T22:13:20|\n',
        ),
      ),
    ).toEqual([]);
  });

  it('without a header is read by the names of its columns in their order', async () => {
    const pools = path.join(work, 'pools.list');
    writeFileSync(pools, '198.51.100.7:3333\n');
    // AWS's own words, so that rows without data and gateways are known for what they are.
    const aws = write(
      [
        '5 eni-1 10.0.0.9 198.51.100.7 192.0.2.1 198.51.100.7 50000 3333 6 25 1000 1700000000 1700000060 OK',
        '5 eni-1 - - - - - - - - - 1700000060 1700000120 NODATA',
        '5 eni-1 - - - - - - - - - 1700000120 1700000180 SKIPDATA\n',
      ].join('\n'),
    );
    const layout =
      'version interface-id srcaddr dstaddr pkt-srcaddr pkt-dstaddr srcport dstport protocol packets bytes start end log-status'
        .split(' ')
        .map((name) => `\${${name}}`)
        .join(' ');
    const cloud = await scanInputs([aws], { columns: parseColumnMap(layout), poolFiles: [pools] });
    expect(
      cloud.inputs.map(({ kind, flows, damage }) => [kind, flows, damage.map((row) => row.kind)]),
    ).toEqual([['aws-vpc', 1, ['lost-records']]]);
    expect(cloud.hosts.map(({ ip, traffic }) => [ip, traffic.bytesOut])).toEqual([['192.0.2.1', 1000]]);

    const plain = write('1700000000 192.0.2.1 50000 198.51.100.7 3333 tcp 25 1000\n');
    const columns = parseColumnMap('start src sport dst dport proto packets bytes');
    const table = await scanInputs([plain], { columns, poolFiles: [pools] });
    expect(table.inputs.map(({ kind, flows, damage }) => [kind, flows, damage])).toEqual([['csv', 1, []]]);
    expect(table.hosts.map(({ ip, traffic }) => [ip, traffic.bytesOut])).toEqual([['192.0.2.1', 1000]]);
  });

  it('and is of other times than were asked for says so', async () => {
    const file = write(`start,${HEADER}\n1700000000,${ROW}\n1700000060,${ROW}\n`);
    const { notes } = await scanInputs([file], { sinceUs: Date.UTC(2030) * 1000 });
    expect(remarksOf(notes)).toEqual(['none of 2 packets and flow records is between --since and --until']);
  });

  it('and counts both directions together says so', async () => {
    const header = 'StartTime,Proto,SrcAddr,Sport,Dir,DstAddr,Dport';
    const row = '1700000000.0,tcp,192.0.2.1,50000, ->,198.51.100.7,3333';
    const together = write(`${header},TotPkts,TotBytes\n${row},42,6234\n`);
    expect(await notesOf(together)).toEqual([
      `${together}: both directions are counted together, all of it as sent; Argus prints them apart with ra -s +spkts,+dpkts,+sbytes,+dbytes`,
    ]);
    expect(
      await notesOf(write(`${header},SrcPkts,DstPkts,SrcBytes,DstBytes\n${row},26,16,3464,2770\n`)),
    ).toEqual([]);
  });

  it.each([
    {
      name: 'of a later layout',
      bytes: [0x0c, 0xa5, 3, 0],
      note: 'this layout is not supported; print it with the nfdump that wrote it (nfdump -q -r FILE -o csv-fast)',
    },
    {
      name: 'that is encrypted',
      bytes: [0x0c, 0xa5, 2, 0, ...Array<number>(13).fill(0), 1],
      note: 'encrypted; print it with the nfdump that wrote it',
    },
  ])('and is a file of nfdump $name says what to do', async ({ bytes, note }) => {
    const file = write(Buffer.concat([Buffer.from(bytes), Buffer.alloc(140)]));
    expect(await notesOf(file)).toEqual([`${file}: ${note}`]);
  });

  it('and holds neither flows nor names says so, and one with names does not', async () => {
    const empty = write(
      '#separator \\x09\n#fields\tts\tuid\tid.orig_h\tid.resp_h\tname\n1.0\tC\t::1\t::2\tx\n',
    );
    expect(await notesOf(empty)).toEqual([`${empty}: no flow records and no names`]);
    const names = write(
      '#separator \\x09\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tserver_name\n1.0\tC\t::1\t1\t::2\t443\tx.example\n',
    );
    expect(await notesOf(names)).toEqual([]);
  });

  it('is said of many at once', async () => {
    const files = [1, 2, 3, 4, 5].map(() => write(`start,${HEADER}\n`));
    const { notes } = await scanInputs(files);
    expect(notes.map(({ text }) => text)).toContain(
      `${files.slice(0, 3).join(', ')} and 2 more: no flow records and no names`,
    );
  });
});

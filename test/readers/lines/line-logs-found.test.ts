/** A miner in each log of a firewall, a proxy or a collector, found by what the log allows: its name, its address, its behaviour. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DEVICE_LOGS, JSON_LOGS } from '../../support/device-logs.ts';
import { scanInputs } from '../../support/scanning.ts';

const work = mkdtempSync(path.join(tmpdir(), 'minesweep-lines-'));
afterAll(() => rmSync(work, { recursive: true }));

const LISTED = path.join(work, 'pools.txt');
writeFileSync(LISTED, '203.0.113.77:3333\n');

function write(name: string, lines: readonly string[]): string {
  const file = path.join(work, name);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

describe.each([...DEVICE_LOGS, ...JSON_LOGS])('$id', ({ id, lines, name, sent, received }) => {
  it('shows who talks to a listed address, and nobody else', async () => {
    const audit = await scanInputs([write(id, lines)], { poolFiles: [LISTED] });
    expect(audit.inputs.map(({ kind, flows, damage }) => [kind, flows, damage])).toEqual([[id, 2, []]]);
    expect(audit.hosts.map(({ ip }) => ip)).toEqual(['10.20.30.40']);
  });

  it.skipIf(name === undefined)('shows who talks to a pool that the log names', async () => {
    const audit = await scanInputs([write(`${id}-named`, lines)]);
    expect(audit.hosts.map(({ ip, pools }) => [ip, pools])).toEqual([['10.20.30.40', ['Nanopool']]]);
  });

  const singlePackets = sent[1] === 112;
  it.skipIf(!singlePackets && sent[1] + received[1] > 0)('says that the log counts no bytes', async () => {
    const { notes } = await scanInputs([write(`${id}-bytes`, lines)]);
    expect(notes.map(({ code }) => code)).toContain('bytes-never');
  });
});

describe('a FortiGate that logs long sessions while they last', () => {
  /** Every two minutes what came since the last line, beside the sum so far. */
  const interim = (minute: number, isLast: boolean): string => {
    const time = 1795170600 + minute * 60;
    const sum = (each: number): number => (each * minute) / 2;
    return [
      `eventtime=${time}000000000 devname="fw" devid="FG1" logid="00000000${isLast ? 13 : 20}" type="traffic" srcip=10.20.30.40`,
      `srcport=51515 dstip=203.0.113.77 dstport=3333 proto=6 action="accept" duration=${minute * 60} durationdelta=120`,
      `sentbyte=${sum(10_800)} rcvdbyte=${sum(12_200)} sentpkt=${sum(60)} rcvdpkt=${sum(62)}`,
      `sentdelta=10800 rcvddelta=12200 sentpktdelta=60 rcvdpktdelta=62`,
    ].join(' ');
  };
  const lines = Array.from({ length: 300 }, (_, i) => interim(2 * (i + 1), i === 299));

  it('counts every byte once', async () => {
    const { hosts } = await scanInputs([write('interim', lines)], { poolFiles: [LISTED] });
    const [miner] = hosts;
    expect(miner?.ip).toBe('10.20.30.40');
    expect(miner?.traffic).toMatchObject({
      bytesOut: 3_240_000,
      bytesIn: 3_660_000,
      packetsOut: 18_000,
      packetsIn: 18_600,
    });
  });
});

it('shows who named a pool in a log that has names and no flows, once', async () => {
  const row = [
    '1795170000.0',
    'Cabc',
    '10.20.30.40',
    '51515',
    '203.0.113.77',
    '3333',
    'xmr-eu1.nanopool.org',
  ];
  const log = (...lines: string[][]): string[] => [
    '#separator \\x2c',
    '#path,ssl',
    '#fields,ts,uid,id.orig_h,id.orig_p,id.resp_h,id.resp_p,server_name',
    ...lines.map((line) => line.join()),
  ];
  const web = [...row.slice(0, 2), '10.20.30.41', ...row.slice(3, 6), 'nanopool.org'];
  const { hosts } = await scanInputs([write('ssl.log', log(row, row, web))]);
  expect(hosts.map(({ ip, verdict, pools, firstSeen }) => [ip, verdict, pools, firstSeen])).toEqual([
    ['10.20.30.40', 'listed', ['Nanopool'], '2026-11-20T10:20:00.000000Z'],
  ]);
});

it('says which pod of Hubble an address was', async () => {
  const hubble = JSON_LOGS.find(({ id }) => id === 'hubble');
  const { hosts } = await scanInputs([write('pods', hubble?.lines ?? [])]);
  expect(hosts[0]?.machines?.map(({ hostname, source }) => [hostname, source])).toEqual([
    ['batch/job-7f (Job job)', 'hubble'],
  ]);
});

it('finds names in a document of a search, whose keys stand deeper', async () => {
  const ecs = JSON_LOGS.find(({ id }) => id === 'ecs');
  const wrapped = (ecs?.lines ?? []).map((line) => `{"_index":"flows","_source":${line}}`);
  const { inputs, hosts } = await scanInputs([write('wrapped', wrapped)]);
  expect(inputs.map(({ kind, flows }) => [kind, flows])).toEqual([['json', 2]]);
  expect(hosts.map(({ ip, pools }) => [ip, pools])).toEqual([['10.20.30.40', ['Nanopool']]]);
});

describe('times without a zone', () => {
  it.each([
    ['UTC', '2026-11-20T10:30:00.000Z'],
    ['Asia/Shanghai', '2026-11-20T02:30:00.000Z'],
    ['-05:00', '2026-11-20T15:30:00.000Z'],
  ])('are read as of %s', async (timeZone, end) => {
    const log = DEVICE_LOGS.find(({ id }) => id === 'asa');
    const file = write('asa-zone', log?.lines.slice(0, 1) ?? []);
    const { hosts } = await scanInputs([file], { poolFiles: [LISTED], timeZone });
    expect(hosts.map(({ lastSeen }) => Date.parse(lastSeen))).toEqual([Date.parse(end)]);
  });
});

describe('a log that no format knows', () => {
  const note = async (...lines: string[]): Promise<string> => {
    const { notes } = await scanInputs([write('unknown', lines)]);
    return notes.map((each) => each.text.replace(/^.*?: /, '')).join('; ');
  };

  it.each([
    [
      'FortiGate traffic logs (fortigate)',
      'date=2026-11-20 devname="x" devid="FG1" type="event" msg="admin"',
    ],
    ['Palo Alto traffic logs (palo-alto)', '1,2026/11/20 10:30:01,0070,TRAFFIC,unheard'],
    [
      'Juniper SRX RT_FLOW (juniper)',
      '<14>1 2026-11-20T10:30:00Z srx1 RT_FLOW - APPTRACK_SESSION_CREATE [x]',
    ],
    ['ArcSight Common Event Format (CEF) (cef)', 'CEF:0|Vendor|Product|1|7|Login|3|suser=admin'],
    ['OCSF Network Activity (ocsf)', '{"class_uid":4001,"time":1,"src_endpoint":{"ip":"10.0.0.1"}}'],
  ])('is nearest to %s', async (product, line) => {
    expect(await note(line)).toBe(
      `nearest to ${product}, but its first lines hold no connection; if it is that, name it with --input-format`,
    );
  });

  it('is JSON only if it is', async () => {
    expect(await note('{"who":"knows"}')).toContain('JSON of an unknown kind');
    expect(await note('[2026-11-20 10:30:00] something happened here')).not.toContain('JSON');
    expect(await note('[info] proxy started on port 80')).not.toContain('JSON');
  });
});

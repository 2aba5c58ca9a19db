/** A capture of a minute and flow records of the same client and server: what both show counts once, the rest beside. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { conversation } from '../support/conversation.ts';
import { REPO_ROOT } from '../support/corpus.ts';
import { mergeAll, partOf } from '../support/merging.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { textsOf } from '../support/texts.ts';
import { twoWayTable } from '../support/two-way-table.ts';

const work = mkdtempSync(path.join(tmpdir(), 'minesweep-captured-'));
afterAll(() => rmSync(work, { recursive: true }));

/** 192.0.2.18:59158 with 198.51.100.68:7777, 22:47:45.902 to 22:49:06.545; tshark -z conv,ip. */
const CAPTURE = path.join(REPO_ROOT, 'fixtures/cryptonote/xmr-many-shares.pcap');
const SHOWN = [53406, 20957, 319, 164];
const POOLS = path.join(work, 'pools.txt');
writeFileSync(POOLS, '198.51.100.68:7777\n');
let serial = 0;
/** A log with one record a line: from and to on the clock of 24 November, packets and bytes each way. */
function log(...rows: readonly (readonly [from: string, to: string, counters: string])[]): string {
  const file = path.join(work, `${serial++}.csv`);
  const lines = rows.map(
    ([from, to, counters]) =>
      `2026-11-24T${from}Z,2026-11-24T${to}Z,192.0.2.18,59158,198.51.100.68,7777,6,${counters}`,
  );
  writeFileSync(file, twoWayTable(...lines));
  return file;
}

function traffic({ hosts }: Audit): number[] {
  expect(hosts.map(({ ip, verdict }) => [ip, verdict])).toEqual([['192.0.2.18', 'confirmed']]);
  const [{ bytesOut, bytesIn, packetsOut, packetsIn }] = hosts.map((host) => host.traffic);
  return [bytesOut, bytesIn, packetsOut, packetsIn];
}

describe('traffic that a capture and flow records show', () => {
  it.each([
    {
      name: 'counts once where the records are of the time of the capture',
      rows: [['22:47:46', '22:49:07', '319,53406,164,20957']] as const,
      total: SHOWN,
      note: '1 pair of client and server in both captures and flow records: the captures count',
    },
    {
      name: 'counts by the capture where records of its time say more',
      rows: [['22:47:46', '22:49:07', '400,60000,200,30000']] as const,
      total: SHOWN,
      note: '1 pair of client and server in both captures and flow records: the captures count',
    },
    {
      name: 'adds up where the records are of another time',
      rows: [['08:00:00', '09:00:00', '1000,100000,900,90000']] as const,
      total: [153406, 110957, 1319, 1064],
      note: null,
    },
    {
      name: 'counts beyond the capture where one record is of the whole day',
      rows: [['00:00:01', '23:59:59', '10319,1053406,9164,920957']] as const,
      total: [1053406, 920957, 10319, 9164],
      note: '1 pair of client and server in captures for a part of the time of the flow records: what the captures do not cover is added from the records',
    },
    {
      name: 'counts beyond the capture where some of many records are of its time',
      rows: [
        ['21:00:00', '22:00:00', '1000,100000,900,90000'],
        ['22:00:00', '23:00:00', '1319,153406,1064,110957'],
      ] as const,
      total: [253406, 200957, 2319, 1964],
      note: '1 pair of client and server in captures for a part of the time of the flow records: what the captures do not cover is added from the records',
    },
    {
      name: 'counts beyond the capture where the records begin half a minute before it',
      rows: [['22:47:15', '22:49:07', '419,63406,264,30957']] as const,
      total: [63406, 30957, 419, 264],
      note: '1 pair of client and server in captures for a part of the time of the flow records: what the captures do not cover is added from the records',
    },
    {
      name: 'adds up where the records begin half a minute after it',
      rows: [['22:49:36', '22:52:36', '1000,100000,900,90000']] as const,
      total: [153406, 110957, 1319, 1064],
      note: null,
    },
    {
      name: 'is never less than the capture where the records saw but a part',
      rows: [
        ['21:00:00', '21:00:10', '10,1000,10,1000'],
        ['22:48:00', '22:48:10', '10,1000,10,1000'],
      ] as const,
      total: SHOWN,
      note: '1 pair of client and server in both captures and flow records: the captures count',
    },
  ])('$name, scanned together or merged', async ({ rows, total, note }) => {
    const records = log(...rows);
    const options = { poolFiles: [POOLS] };
    const together = await scanInputs([CAPTURE, records], options);
    expect(traffic(together)).toEqual(total);
    expect(textsOf(together.notes).filter((text) => text.includes('client and server in'))).toEqual(
      note === null ? [] : [note],
    );
    const parts = await Promise.all(
      [records, CAPTURE].map(async (input) => partOf(await scanInputs([input], options), input)),
    );
    const merged = await mergeAll(parts, options);
    expect(traffic(merged)).toEqual(total);
    // What was left out once may count beside a further capture, and is not taken off twice.
    const again = await mergeAll([partOf(merged, 'merged')], options);
    expect(traffic(again)).toEqual(total);
    expect(traffic(await mergeAll([partOf(together, 'together')], options))).toEqual(total);
  });

  it('is never less than the records where these lie between attempts that are one row', async () => {
    const attempts = ['08:00:00', '10:00:00'].flatMap((time, at) =>
      conversation({
        miner: `192.0.2.18:${4000 + at}`,
        pool: '198.51.100.68:7777',
        startUs: Date.parse(`2026-11-24T${time}Z`) * 1000,
      })
        .connect()
        .minerSays({ id: 1, method: 'mining.subscribe', params: ['cgminer/4.13.1'] })
        .minerSays({ id: 2, method: 'mining.authorize', params: ['rig', 'x'] })
        .poolSays({ id: 2, result: null, error: [24, 'unauthorized worker', null] })
        .close()
        .toPackets(),
    );
    // Goes on until the capture ends, so that the attempts are over.
    const last = conversation({
      miner: '192.0.2.250:5000',
      pool: '198.51.100.250:80',
      startUs: Date.parse('2026-11-24T10:30:00Z') * 1000,
    }).connect();
    const inputs = [
      writeCapture(work, 'attempts', [...attempts, ...last.toPackets()]),
      log(['08:30:00', '09:30:00', '1000,100000,900,90000']),
    ];
    const options = { poolFiles: [POOLS] };
    const audit = await scanInputs(inputs, options);
    expect(audit.sessions.map((row) => row.attempts ?? 1)).toContain(2);
    const [{ packetsOut, packetsIn }] = audit.hosts.map((host) => host.traffic);
    expect([packetsOut, packetsIn]).toEqual([1000, 900]);
    const merged = await mergeAll([partOf(audit, 'whole')], options);
    expect(merged.hosts.map((host) => host.traffic)).toEqual(audit.hosts.map((host) => host.traffic));
  });
});

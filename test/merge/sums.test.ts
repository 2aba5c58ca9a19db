/**
 * Two captures with the same conversation four times, scanned alone and merged: what the merged audit sums is so many times
 * what one conversation has, which is counted here by hand.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import type { CapturedPacket } from '../support/capture-reader.ts';
import { conversation } from '../support/conversation.ts';
import { mergeAll, partOf, scanParts } from '../support/merging.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { resegment } from '../support/transform.ts';

const folder = temporaryFolder();
const START_US = Date.parse('2026-11-24T08:00:00Z') * 1000;
const HOUR_US = 3600e6;
const H = '3b5766388903a9c81cc919f6f344bafb23813fa90b13a023af11bab1240f16a7';
let files = 0;

/** Login, a job of 1,000 hashes a share, and two shares of which one is refused: 5 messages up and 5 down. */
function mining(miner: string, pool: string, startUs: number): CapturedPacket[] {
  const job = {
    blob: `1010${'d7a1b2c306'}${H}00000000${H}05`,
    job_id: 'a',
    target: '37894100',
    algo: 'rx/0',
  };
  const share = (id: number, nonce: string): object => ({
    ...{ id, jsonrpc: '2.0', method: 'submit' },
    params: { id: 's', job_id: 'a', nonce, result: `${nonce}${'0'.repeat(56)}` },
  });
  return conversation({ miner, pool, startUs })
    .connect()
    .minerSays({
      id: 1,
      jsonrpc: '2.0',
      method: 'login',
      params: { login: 'w', pass: 'x', agent: 'XMRig/6.21.0' },
    })
    .poolSays({ id: 1, jsonrpc: '2.0', error: null, result: { id: 's', job, status: 'OK' } })
    .after(30)
    .minerSays(share(2, '00000001'))
    .poolSays({ id: 2, jsonrpc: '2.0', error: null, result: { status: 'OK' } })
    .after(30)
    .minerSays(share(3, '00000002'))
    .poolSays({ id: 3, jsonrpc: '2.0', error: { code: -1, message: 'Low difficulty share' } })
    .close()
    .toPackets();
}

const A = '10.7.0.1';
const B = '10.7.0.2';
const C = '10.7.0.3';
const POOL = '198.51.100.40:3333';
const OTHER = '203.0.113.9:4444';
const LISTED = '203.0.113.77:5555';
/** Morning: A and B at the pool. */
const MORNING = [...mining(`${A}:40001`, POOL, START_US), ...mining(`${B}:40002`, POOL, START_US + 5e6)];
/** An hour later: A again, and C at another pool. */
const NOON = [
  ...mining(`${A}:40003`, POOL, START_US + HOUR_US),
  ...mining(`${C}:40004`, OTHER, START_US + HOUR_US + 5e6),
];

const inTime = (packets: readonly CapturedPacket[]) => packets.toSorted((a, b) => a.timeUs - b.timeUs);

async function scanned(packets: readonly CapturedPacket[], options: Parameters<typeof scanInputs>[1] = {}) {
  return scanInputs([writeCapture(folder, `part-${++files}`, inTime(packets))], options);
}

async function merged(
  options: Parameters<typeof scanInputs>[1] = {},
  noon: Parameters<typeof scanInputs>[1] = options,
): Promise<Audit> {
  const parts = [await scanned(MORNING, options), await scanned(NOON, noon)];
  return mergeAll(parts.map((part, at) => partOf(part, `part-${at}.json`)));
}

const bytesOf = (
  packets: readonly CapturedPacket[],
  isFromMiner: boolean,
): [bytes: number, packets: number] => {
  // Ethernet takes 14 bytes, IPv4 has the source at 12.
  const own = packets.filter(({ bytes }) => (bytes[14 + 12] === 10) === isFromMiner);
  return [own.reduce((sum, { bytes }) => sum + bytes.length - 14, 0), own.length];
};

describe('the sums of a merged audit', () => {
  const one = mining(`${A}:40001`, POOL, START_US);
  const [[bytesOut, packetsOut], [bytesIn, packetsIn]] = [bytesOf(one, true), bytesOf(one, false)];
  const traffic = (times: number) => ({
    ...{ bytesOut: times * bytesOut, bytesIn: times * bytesIn },
    ...{ packetsOut: times * packetsOut, packetsIn: times * packetsIn },
  });

  it('are those of the conversations in both parts', async () => {
    const audit = await merged();
    expect(audit.hosts.map(({ ip, verdict, sessions }) => [ip, verdict, sessions])).toEqual(
      [A, B, C].map((ip, at) => [ip, 'confirmed', at === 0 ? 2 : 1]),
    );
    expect(audit.hosts.map((host) => host.traffic)).toMatchObject([traffic(2), traffic(1), traffic(1)]);
    expect(audit.totals).toMatchObject({
      ...{ hosts: { confirmed: 3, probable: 0, suspected: 0, attempted: 0, listed: 0 }, minerAddresses: 3 },
      traffic: traffic(4),
    });
    expect(audit.pools.map(({ pool, hosts, sessions }) => [pool, hosts, sessions])).toEqual([
      ['198.51.100.40', 2, 3],
      ['203.0.113.9', 1, 1],
    ]);
    expect(audit.pools.map((row) => row.traffic)).toMatchObject([traffic(3), traffic(1)]);
    // Of two shares one was refused: work of 1,000 hashes a session.
    expect(
      audit.sessions.map(({ shares, work }) => [
        shares.submitted,
        shares.accepted,
        Math.round(work.hashes ?? 0),
      ]),
    ).toEqual(Array.from({ length: 4 }, () => [2, 1, 1000]));
    expect(audit.inputs.map(({ packets }) => packets)).toEqual([MORNING.length, NOON.length]);
    // From the first to the last packet of both.
    const lastUs = Math.max(...NOON.map(({ timeUs }) => timeUs));
    expect(audit.window.seconds).toBeCloseTo((lastUs - START_US) / 1e6, 3);
    expect(Date.parse(audit.window.end ?? '')).toBe(Math.floor(lastUs / 1000));
    // Evidence stands in the input that it was found in.
    const inputs = audit.sessions.map(({ facts }) => facts);
    expect(inputs).toHaveLength(4);
    expect(audit.hosts[2].evidence.map(({ input }) => input)).toEqual(
      audit.hosts[2].evidence.map(() => audit.inputs[1].path),
    );
  });

  it('are those of what was left out as allowed, and of the times that were asked for', async () => {
    const allowFile = path.join(folder, 'allowed.txt');
    writeFileSync(allowFile, `${B}\n${C}\n`);
    const audit = await merged({ allowFile });
    expect([audit.allowed, audit.hosts.map(({ ip }) => ip)]).toEqual([
      { sessions: 2, poolConnections: 0 },
      [A],
    ]);
    // Beside the session of each, a connection in each part that only the list of the operator makes one with a pool.
    const poolFile = path.join(folder, 'pools.txt');
    writeFileSync(poolFile, `${LISTED}\n`);
    const visit = (client: string, startUs: number) =>
      conversation({ miner: `${client}:41000`, pool: LISTED, startUs })
        .connect()
        .close()
        .toPackets();
    const parts = [
      [...MORNING, ...visit(B, START_US + 9e6), ...visit(A, START_US + 9e6)],
      [...NOON, ...visit(C, START_US + HOUR_US + 9e6), ...visit('10.7.0.4', START_US + HOUR_US + 9e6)],
    ];
    const scans = [];
    for (const packets of parts) scans.push(await scanned(packets, { allowFile, poolFiles: [poolFile] }));
    expect(scans.map(({ allowed }) => allowed)).toEqual(
      parts.map(() => ({ sessions: 1, poolConnections: 1 })),
    );
    const both = await mergeAll(
      scans.map((part, at) => partOf(part, `part-${at}.json`)),
      { poolFiles: [poolFile] },
    );
    expect(both.allowed).toEqual({ sessions: 2, poolConnections: 2 });
    // Who only called on it did so in the second part.
    const [visitor] = both.hosts.filter(({ ip }) => ip === '10.7.0.4');
    expect(visitor.evidence.map(({ input }) => input)).toEqual(
      visitor.evidence.map(() => both.inputs[1].path),
    );

    const times = await merged({ sinceUs: START_US + 1 });
    expect(times.window.packets).toBe(MORNING.length + NOON.length - 1);
  });

  it('are judged by the highest threshold of coverage', async () => {
    const thresholds = await merged({ coverageThreshold: 0.5 }, { coverageThreshold: 0.9 });
    expect(thresholds.merge?.coverageThreshold).toBe(0.9);
    expect(
      (await merged({ coverageThreshold: 0.9 }, { coverageThreshold: 0.5 })).merge?.coverageThreshold,
    ).toBe(0.9);
  });

  it('are, at a seam, of as many unknown connections as may go on over it', async () => {
    const early = await scanned(mining(`${A}:40001`, POOL, START_US));
    const late = await scanned(mining(`${B}:40002`, POOL, START_US + 70e6));
    const parts = [
      { ...early, merge: early.merge && { ...early.merge, unknown: { start: 1, end: 5 } } },
      { ...late, merge: late.merge && { ...late.merge, unknown: { start: 3, end: 7 } } },
    ].map((part, at) => partOf(part, `${at}.json`));
    const audit = await mergeAll(parts);
    expect(audit.coverage.atSeam).toEqual({ connections: 3, messages: 0, joined: 0, answers: 0 });
    expect(audit.merge?.unknown).toEqual({ start: 1, end: 7 });
  });

  it('are, at a seam, of the message that it cuts, and of what follows the last message', async () => {
    // Cut behind the first segment of the first share; and behind all that is said.
    const segments = resegment(one, (bytes) => [bytes >> 1, bytes - (bytes >> 1)]);
    const share = segments.findIndex(({ bytes }) => Buffer.from(bytes).includes('submit'));
    const isEnd = ({ bytes }: CapturedPacket) => bytes.length === 14 + 20 + 20;
    const end = one.length - one.toReversed().findIndex((packet) => !isEnd(packet));
    const poolFile = path.join(folder, 'pool.txt');
    writeFileSync(poolFile, `${POOL}\n`);
    const options = { poolFiles: [poolFile] };
    const inMessage = await mergeAll(await scanParts(folder, segments, [share + 1], options), options);
    expect(inMessage.coverage.atSeam).toMatchObject({ messages: 1, joined: 1 });
    const atEnd = await mergeAll(await scanParts(folder, one, [end], options), options);
    expect(end).toBeLessThan(one.length);
    expect(atEnd.sessions.map((row) => row.traffic)).toMatchObject([traffic(1)]);
    expect(atEnd.coverage.atSeam).toMatchObject({ messages: 0, joined: 1 });
  });

  it.each([true, false])(
    'are of a connection that both captured what knows more shares’ worth (first: %s)',
    async (isFirst) => {
      // A tap that lost the answer with the job knows what no share is worth.
      const [job] = one.filter(
        ({ bytes }) => Buffer.from(bytes).includes('"status":"OK"') && Buffer.from(bytes).includes('blob'),
      );
      const lossy = one.filter((packet) => packet !== job);
      expect(lossy).toHaveLength(one.length - 1);
      const before = mining(`${B}:40002`, OTHER, START_US - 10e6);
      const parts = isFirst ? [[...before, ...one], lossy] : [[...before, ...lossy], one];
      const scans = [];
      for (const packets of parts) scans.push(await scanned(packets));
      const audit = await mergeAll(scans.map((part, at) => partOf(part, `${at}.json`)));
      expect(audit.sessions.map(({ miner, work }) => [miner.ip, Math.round(work.hashes ?? 0)])).toEqual([
        [B, 1000],
        [A, 1000],
      ]);
    },
  );

  it('are the same in any order', async () => {
    const parts = [await scanned(MORNING), await scanned(NOON)].map((part, at) =>
      partOf(part, `part-${at}.json`),
    );
    const [there, back] = [await mergeAll(parts), await mergeAll(parts.toReversed())];
    expect({ ...back, generated: '' }).toEqual({ ...there, generated: '' });
  });
});

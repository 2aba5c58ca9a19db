/**
 * Connections of a session one by one: the log of a NAT has another customer behind the same port an hour later, so that each
 * port needs its own times (RFC 6302). Ports, times and bytes are those that the test writes.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { renderSessionsCsv } from '../../src/report/csv.ts';
import { renderExplanation } from '../../src/report/explain/explain.ts';
import { renderLetters } from '../../src/report/letter.ts';
import { conversation } from '../support/conversation.ts';
import { mergeAll, partOf, scanParts } from '../support/merging.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { twoWayTable } from '../support/two-way-table.ts';

const folder = temporaryFolder();
const POOLS = path.join(folder, 'pools.txt');
writeFileSync(POOLS, '198.51.100.68:7777\n');

/** Three connections of one day through a NAT, and the time between them. */
const DAY = [
  [20011, '08:00:00', '09:29:59', 120_000, 40_000],
  [31022, '11:00:05', '13:00:00', 150_000, 50_000],
  [45033, '14:10:00', '15:59:59', 130_000, 45_000],
] as const;
const LISTED = DAY.map(([port, from, to, bytesOut, bytesIn]) => ({
  port,
  start: `2026-11-24T${from}.000000Z`,
  end: `2026-11-24T${to}.000000Z`,
  bytesOut,
  bytesIn,
}));

function log(name: string, rows: readonly (typeof DAY)[number][]): string {
  const file = path.join(folder, name);
  const lines = rows.map(
    ([port, from, to, out, back]) =>
      `2026-11-24T${from}Z,2026-11-24T${to}Z,192.0.2.18,${port},198.51.100.68,7777,6,1000,${out},900,${back}`,
  );
  writeFileSync(file, twoWayTable(...lines));
  return file;
}

const scanLog = (name: string, rows: readonly (typeof DAY)[number][]): Promise<Audit> =>
  scanInputs([log(name, rows)], { poolFiles: [POOLS] });

/** Logins that the pool refuses, again and again: one session of many attempts. */
function refused(count: number) {
  return Array.from({ length: count }, (_, i) =>
    conversation({
      miner: `192.0.2.18:${40_000 + i}`,
      pool: '198.51.100.68:3333',
      startUs: 1_790_000_000_000_000 + i * 60e6,
    })
      .connect()
      .minerSays({ id: 1, method: 'mining.subscribe', params: ['cpuminer/2.5.1'] })
      .poolReplies({ result: [[['mining.notify', 'a']], '0800', 4], error: null })
      .minerSays({ id: 2, method: 'mining.authorize', params: ['user', 'x'] })
      .poolReplies({ result: false, error: [24, 'Unauthorized worker', null] })
      .close()
      .toPackets(),
  ).flat();
}

describe('the connections of a session', () => {
  it('are listed one by one out of flow records, each with its port, times and bytes', async () => {
    const audit = await scanLog('day.csv', DAY);
    expect(audit.sessions.map(({ connections, more }) => ({ connections, more }))).toEqual([
      { connections: LISTED, more: undefined },
    ]);
  });

  it('are the same if parts of the log are merged, in any order', async () => {
    const parts = [
      partOf(await scanLog('c.csv', DAY.slice(2)), 'c'),
      partOf(await scanLog('ab.csv', DAY.slice(0, 2)), 'ab'),
    ];
    const merged = await mergeAll(parts, { poolFiles: [POOLS] });
    expect(merged.sessions[0].connections).toEqual(LISTED);
  });

  it('are the first hundred, and a number, in captures too, scanned and merged', async () => {
    const packets = refused(130);
    const audit = await scanInputs([writeCapture(folder, 'refused', packets)]);
    const merged = await mergeAll(await scanParts(folder, packets, [packets.length / 2]));
    for (const { sessions } of [audit, merged]) {
      expect(sessions).toHaveLength(1);
      const [{ connections, more, attempts }] = sessions;
      expect(attempts).toBe(130);
      expect(connections.map(({ port }) => port)).toEqual(Array.from({ length: 100 }, (_, i) => 40_000 + i));
      expect(more).toBe(30);
      expect(connections[7].start.slice(0, 19)).toBe(
        new Date(1_790_000_000_000 + 7 * 60e3).toISOString().slice(0, 19),
      );
    }
  });

  it('are in explain, in the CSV and in the letter, with seconds and UTC', async () => {
    const audit = await scanLog('told.csv', DAY);
    const [session] = audit.sessions;
    session.logins = [{ account: 'user', worker: null }];
    session.verdict = 'confirmed';
    const [host] = audit.hosts;
    const explained = [...renderExplanation(audit, host, { width: 80, zone: 'UTC', language: 'en' })]
      .join('')
      .replaceAll(/\s+/g, ' ');
    const letter = [...renderLetters(audit, host, { language: 'en' })].join('');
    const csv = [...renderSessionsCsv(audit)].join('');
    expect(csv).toContain('20011;31022;45033');
    for (const [port, from, to] of DAY) {
      expect(explained).toContain(`Port ${port}, 2026-11-24 ${from} – ${to} UTC`);
      expect(letter).toContain(`2026-11-24 ${from} – ${to} UTC, 192.0.2.18:${port}`);
      expect(csv).toContain(`2026-11-24T${from}.000000Z`);
    }
    expect(letter).not.toContain('192.0.2.18:20011 [');
  });
});

/**
 * What a scan of flow logs may conclude: no all-clear over conversations that could not be judged, and a miner is found
 * whatever the days and files that its connections are spread over. Each log here holds a miner.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { auditProblem } from '../../src/audit/schema.ts';
import { FAIL_ON_NOTHING } from '../../src/commands/option-values.ts';
import { outcomeOf } from '../../src/commands/outcome.ts';
import { renderAlerts } from '../../src/report/alerts.ts';
import { renderJunit } from '../../src/report/junit.ts';
import { renderPrometheus } from '../../src/report/prometheus.ts';
import { headline } from '../../src/report/summary.ts';
import { catalogueOf } from '../../src/statements/catalogue.ts';
import { type Exporter, exportTalk, MINERS, talked } from '../support/flow-talk.ts';
import { mergeAll, partOf } from '../support/merging.ts';
import { scanInputs } from '../support/scanning.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const en = catalogueOf('en');

const T0 = Date.UTC(2026, 2, 2, 21) * 1000;
const HOUR = 3600;
const MINUTE_US = 60e6;
const HEAD = 'ts,te,sa,da,sp,dp,pr,flg,ipkt,ibyt';
const WAYS: Exporter = { active: 60, inactive: 15 };

const folder = temporaryFolder('judged');
let files = 0;

function write(text: string): string {
  const file = path.join(folder, `${files++}.txt`);
  writeFileSync(file, `${text}\n`);
  return file;
}

interface Held {
  /** Seconds after T0, and length. */
  readonly from: number;
  readonly seconds: number;
}

interface Row {
  readonly startUs: number;
  readonly text: string;
}

/** Rows of nfdump's CSV of a miner that holds these connections, one client port each. */
function minerRows(held: readonly Held[], serverPort = 7777): Row[] {
  const rows: Row[] = [];
  for (const [i, { from, seconds }] of held.entries()) {
    const ends = {
      client: '192.0.2.1',
      clientPort: 40_000 + i,
      server: '198.51.100.1',
      serverPort,
      startUs: T0 + from * 1e6,
    };
    exportTalk(talked(MINERS[0], 1 + i, seconds), WAYS, ends, (record) => {
      const isOut = record.sourcePort !== serverPort;
      const [source, destination] = isOut ? [ends.client, ends.server] : [ends.server, ends.client];
      const flags = (record.tcpFlags & 2) === 0 ? '...AP...' : '...AP.S.';
      const { startUs, endUs, sourcePort, destinationPort, packets, bytes } = record;
      rows.push({
        startUs,
        text: `${clock(startUs)},${clock(endUs)},${source},${destination},${sourcePort},${destinationPort},TCP,${flags},${packets},${bytes}`,
      });
    });
  }
  return rows;
}

function clock(timeUs: number): string {
  return new Date(timeUs / 1000).toISOString().replace('T', ' ').replace('Z', '');
}

function logOf(rows: readonly Row[]): string {
  return write([HEAD, ...rows.map(({ text }) => text)].join('\n'));
}

/** None of the outputs calls the network clean. */
function expectNoAllClear(audit: Audit): void {
  expect(headline(audit, en)).toMatch(/^Nothing could be judged: none of \d+ conversation/);
  expect([...renderPrometheus(audit)].join('')).toMatch(/minesweep_judged_ratio\{of="conversations"\} 0\n/);
  expect([...renderJunit(audit, { language: 'en' })].join('')).toMatch(/Nothing could be judged/);
  expect(outcomeOf(audit, FAIL_ON_NOTHING, false)).toBe('damaged');
}

function linesOf(render: ReturnType<typeof renderAlerts>, audit: Audit): string[] {
  const options = { width: 80, color: false, zone: 'UTC', language: 'en', compare: [] } as const;
  return [...render(audit, options)].join('').trimEnd().split('\n');
}

describe('a log of connections that are too short to be judged', () => {
  // Four minutes of a miner, cut at both ends.
  const rows = minerRows([{ from: 0, seconds: 240 }]);

  it('is no all-clear, whatever list or name stands beside it', async () => {
    const log = logOf(rows);
    expectNoAllClear(await scanInputs([log]));
    const listed = write('203.0.113.9:3333');
    expectNoAllClear(await scanInputs([log], { poolFiles: [listed] }));
    const names = write('203.0.113.50 www.example.org');
    const audit = await scanInputs([log], { nameFiles: [names] });
    expectNoAllClear(audit);
    expect(audit.coverage.judged.notJudged).toMatchObject({ cut: { conversations: 1 } });
    expect(audit.coverage.complete).toBe(false);
    for (const render of [renderAlerts('eve'), renderAlerts('ecs')])
      expect(linesOf(render, audit).at(-1)).toMatch(/INCOMPLETE: .* conversations judged/);
  });

  it('is none if its server has a name that is no pool: a name that is on no list judges nothing', async () => {
    const names = write('198.51.100.1 www.example.org');
    expectNoAllClear(await scanInputs([logOf(rows)], { nameFiles: [names] }));
  });
});

describe('sampled records', () => {
  it('are not judged, and every output says so', async () => {
    const rows = minerRows([{ from: 0, seconds: 4 * HOUR }]);
    // One packet in a thousand: a record now and then, with one packet in it.
    const sampled = rows
      .filter((_, i) => i % 40 === 0)
      .map(({ startUs, text }) => ({ startUs, text: `${text.replace(/,\d+,\d+$/, ',1,200')},1000` }));
    const log = write([`${HEAD},samplinginterval`, ...sampled.map(({ text }) => text)].join('\n'));
    const listed = write('203.0.113.9:3333');
    for (const poolFiles of [[], [listed]]) expectNoAllClear(await scanInputs([log], { poolFiles }));
  });
});

describe('a port whose behaviour is not judged', () => {
  it('hides nothing without a word', async () => {
    const audit = await scanInputs([logOf(minerRows([{ from: 0, seconds: 4 * HOUR }], 9000))]);
    expectNoAllClear(audit);
    expect(headline(audit, en)).toMatch(/^[^(]*\(\d+ neither like mining nor surely unlike it\)/);
  });
});

describe('a miner that works by night', () => {
  for (const nights of [1, 2, 3, 7])
    it(`is suspected after ${nights} ${nights === 1 ? 'night' : 'nights'}`, async () => {
      const held = Array.from({ length: nights }, (_, i) => ({ from: i * 24 * HOUR, seconds: 8 * HOUR }));
      const audit = await scanInputs([logOf(minerRows(held))]);
      expect(audit.hosts.map(({ ip, verdict }) => [ip, verdict])).toEqual([['192.0.2.1', 'suspected']]);
      // Eight hours a night, and no more.
      const hours = (audit.sessions[0]?.flow?.activeSeconds ?? 0) / HOUR;
      expect(hours).toBeGreaterThan(7.8 * nights);
      expect(hours).toBeLessThan(8.2 * nights);
    });
});

describe('a log in files of minutes', () => {
  const rows = minerRows([{ from: 0, seconds: 3 * HOUR }]);
  const filesOf = (minutes: number): Row[][] =>
    Array.from({ length: (3 * 60) / minutes }, (_, i) =>
      rows.filter(({ startUs }) => Math.floor((startUs - T0) / (minutes * MINUTE_US)) === i),
    ).filter((own) => own.length > 0);
  const partsOf = (logs: readonly Row[][]): Promise<Audit[]> =>
    Promise.all(logs.map((own) => scanInputs([logOf(own)])));
  const mergedOf = (audits: readonly Audit[]): Promise<Audit> =>
    mergeAll(audits.map((audit, i) => partOf(audit, `part ${i}`)));

  it('that are scanned apart is not judged, and the merge says so', async () => {
    const logs = filesOf(5);
    const audits = await partsOf(logs);
    for (const audit of audits) expectNoAllClear(audit);
    const merged = await mergedOf(audits);
    expect(merged.hosts).toEqual([]);
    expectNoAllClear(merged);
    expect(merged.notes.find(({ code }) => code === 'pairs-undecided')?.params).toEqual({
      count: logs.length,
    });
    expect(merged.merge?.pairsLeft).toBe(logs.length);
    expect(auditProblem(merged)).toBeNull();
    const whole = await scanInputs(logs.map(logOf));
    expect(whole.hosts.map(({ ip, verdict }) => [ip, verdict])).toEqual([['192.0.2.1', 'suspected']]);
    expect(whole.merge?.pairsLeft).toBeUndefined();
  });

  it('shows in none of its parts whom it has met', async () => {
    for (const audit of await partsOf(filesOf(5)))
      expect(JSON.stringify(audit)).not.toMatch(/192\.0\.2\.1|198\.51\.100\.1/);
  });
});

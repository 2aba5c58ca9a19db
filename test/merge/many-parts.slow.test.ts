/**
 * Merging many audits takes time and memory in proportion to what is in them. MINESWEEP_PARTS=1000 makes the figures of
 * docs/farm.md.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { BIN } from '../support/dist.ts';
import { departures } from '../support/merging.ts';
import { differences, scanInputs } from '../support/scanning.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type Miners, writeParts } from './many-parts.ts';

const PARTS = Number(process.env.MINESWEEP_PARTS ?? 40);
const MINERS = 50;
const SECONDS = 120;
/** For a thousand parts a minute and 1 GB; some of both is there without any. */
const MOST_SECONDS = Math.max(20, (PARTS * 60) / 1000);
const MOST_BYTES = Math.max(3e8, PARTS * 1e6);

/** Of shares: one at a seam may stand in a segment that was cut off from its connection. */
const NEAR = { timeMs: 0, relative: 0.01 };

const folder = temporaryFolder();

interface Cost {
  readonly seconds: number;
  readonly bytes: number;
}

/** Runs `merge` as a whole command; what it cost it says at its end. */
function merge(parts: string, out: string): { audit: Audit; cost: Cost } {
  const meter = path.join(folder, 'meter.cjs');
  const report = path.join(folder, 'cost.json');
  const code = `process.on('exit', () => { const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    require('node:fs').writeFileSync(${JSON.stringify(report)}, JSON.stringify({ seconds: (userCPUTime + systemCPUTime) / 1e6, bytes: maxRSS * 1024 })); });`;
  writeFileSync(meter, code);
  const files = readdirSync(parts).map((name) => path.join(parts, name));
  const args = ['--require', meter, BIN, 'merge', ...files, '--out', out, '--quiet', '--format', 'csv'];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  expect([status, stderr]).toEqual([0, '']);
  return {
    audit: JSON.parse(readFileSync(path.join(out, 'audit.json'), 'utf8')),
    cost: JSON.parse(readFileSync(report, 'utf8')),
  };
}

describe.each<Miners>(['own', 'same'])(`${PARTS} audits of ${MINERS} miners, %s`, (miners) => {
  it('merge within a minute and 1 GB for a thousand, to what one scan says', async () => {
    const captures = path.join(folder, miners);
    const parts = path.join(folder, `${miners}-parts`);
    for (const made of [captures, parts]) mkdirSync(made);
    const files = writeParts(captures, miners, PARTS, MINERS, SECONDS);
    for (const [i, file] of files.entries()) {
      writeFileSync(path.join(parts, `${i}.json`), JSON.stringify(await scanInputs([file])));
    }
    const { audit, cost } = merge(parts, path.join(folder, `${miners}-out`));
    console.log(`${miners}: ${cost.seconds} s, ${cost.bytes} bytes`);
    const whole = await scanInputs(files);
    expect(whole.hosts).toHaveLength(miners === 'own' ? PARTS * MINERS : MINERS);
    const told = (found: Audit): unknown =>
      found.hosts.map(({ ip, verdict, sessions }) => ({ ip, verdict, sessions }));
    expect(told(audit)).toEqual(told(whole));
    if (miners === 'own') expect(departures(whole, audit)).toEqual([]);
    else {
      // A part in which a miner says nothing has a connection of nobody; an answer may come behind the seam.
      expect(audit.coverage.atSeam?.joined).toBeGreaterThan((PARTS - 1) * MINERS * 0.99);
      const submitted = (found: Audit): number[] => found.sessions.map(({ shares }) => shares.submitted);
      expect(differences(submitted(whole), submitted(audit), NEAR)).toEqual([]);
      expect(differences(whole.totals, audit.totals, NEAR)).toEqual([]);
    }
    expect(cost.seconds).toBeLessThan(MOST_SECONDS);
    expect(cost.bytes).toBeLessThan(MOST_BYTES);
    for (const made of [captures, parts]) rmSync(made, { recursive: true });
  }, 3_600_000);
});

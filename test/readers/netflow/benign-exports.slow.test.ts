/**
 * Ordinary captures of others, exported as flow records by nfpcapd and softflowd: no host of any trace is above
 * suspected, and in at most one trace of twenty is one that.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { CORPUS_ABSENT, corpusFolder } from '../../support/corpus.ts';
import { absentPrograms, byNfpcapd, bySoftflowd, byTurns } from '../../support/flow-exporting.ts';
import { filesOf } from '../../support/flow-sums.ts';
import { scanInputs } from '../../support/scanning.ts';

// Programs of others run here by the hundred, beside whatever else the machine does.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const ABSENT = absentPrograms('nfpcapd', 'softflowd', 'nfcapd');
const corpus = corpusFolder();
const why = corpus === null ? ` (${CORPUS_ABSENT})` : ABSENT;
const folder = path.join(corpus ?? '', 'benign');
const traces = corpus === null ? [] : readdirSync(folder).map((name) => path.join(folder, name));
const work = mkdtempSync(path.join(tmpdir(), 'minesweep-benign-'));
afterAll(() => rmSync(work, { recursive: true }));

describe.skipIf(why !== '')(`records of ordinary traffic${why}`, () => {
  /** Names of the traces with a host that is suspected; none may be more. */
  async function suspected(
    exports: readonly { trace: string; inputs: readonly string[] }[],
  ): Promise<string[]> {
    const found: string[] = [];
    for (const { trace, inputs } of exports) {
      if (inputs.length === 0) continue;
      const { hosts } = await scanInputs(inputs);
      const accused = hosts.filter(({ verdict }) => verdict === 'probable' || verdict === 'confirmed');
      expect([trace, accused]).toEqual([trace, []]);
      if (hosts.some(({ verdict }) => verdict === 'suspected')) found.push(trace);
    }
    return found;
  }

  it('by nfpcapd accuse nobody', async () => {
    const exports = await byTurns(traces, async (trace) => ({
      trace,
      inputs: filesOf(await byNfpcapd(trace, path.join(work, 'nfpcapd', path.basename(trace)))),
    }));
    expect(exports.filter(({ inputs }) => inputs.length > 0)).toHaveLength(traces.length);
    expect((await suspected(exports)).length).toBeLessThanOrEqual(traces.length / 20);
  });

  it.each([5, 9, 10] as const)('by softflowd in version %d accuse nobody', async (version) => {
    const place = mkdtempSync(path.join(work, 'softflowd-'));
    const { exports } = await bySoftflowd(traces, [version], place);
    const read = exports.map(({ capture, datagrams, datagramCount }) => ({
      trace: capture,
      inputs: datagramCount > 0 ? [datagrams] : [],
    }));
    expect(read.filter(({ inputs }) => inputs.length > 0).length).toBeGreaterThan(traces.length * 0.9);
    expect((await suspected(read)).length).toBeLessThanOrEqual(traces.length / 20);
  });
});

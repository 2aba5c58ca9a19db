/**
 * The counter against miners recorded by others, whose own 15-minute figure at the end of the capture is known. The
 * captures are read in place by the engine itself; nothing was tuned to them.
 */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CounterEstimate } from '../../../src/evidence/counter/counter-input.ts';
import { CORPUS_ABSENT, corpusFolder } from '../../support/corpus.ts';
import { sessionsOf } from './recorded.ts';

const folder = corpusFolder();

interface Label {
  readonly capture: string;
  readonly rate: number;
}

function labels(real: string): Label[] {
  const rows = readFileSync(path.join(real, 'cj-truth.csv'), 'utf8').trim().split('\n').slice(1);
  return rows.map((row) => {
    const cells = row.split(',');
    return { capture: cells[0] ?? '', rate: Number(cells[4]) };
  });
}

async function longestSession(file: string): Promise<{ shares: number; estimate: CounterEstimate }> {
  const sessions = await sessionsOf(file);
  const longest = sessions.reduce((most, one) =>
    one.session.shares.log.length > most.session.shares.log.length ? one : most,
  );
  const estimate = longest.counter?.estimate ?? null;
  if (estimate === null) throw new Error(`${file}: no session with nonces to read`);
  return { shares: longest.session.shares.log.length, estimate };
}

describe.skipIf(folder === null)(
  `XMRig sessions recorded by others${folder === null ? `: ${CORPUS_ABSENT}` : ''}`,
  () => {
    it('finds the last 15 minutes within 4 % in most, inside the interval in nine of ten, or says no clock', async () => {
      const real = path.join(folder ?? '', 'real');
      const figures: { capture: string; error: number; inside: boolean }[] = [];
      for (const { capture, rate } of labels(real)) {
        const { shares, estimate } = await longestSession(path.join(real, capture));
        if (estimate.verdict === 'no-clock') {
          // Fewer than 20 shares may say nothing; what says nothing makes no claim.
          expect(shares, capture).toBeLessThan(20);
          continue;
        }
        const last = estimate.series.at(-1);
        if (last === undefined) throw new Error(`${capture}: a clock without a series`);
        figures.push({
          capture,
          error: Math.abs(last.estimate / rate - 1),
          inside: last.low95 <= rate && rate <= last.high95,
        });
      }
      const within = figures.filter((one) => one.error <= 0.04).length;
      const inside = figures.filter((one) => one.inside).length;
      expect(figures.length).toBeGreaterThanOrEqual(6);
      expect(within).toBeGreaterThanOrEqual(0.8 * figures.length);
      expect(inside).toBeGreaterThanOrEqual(0.9 * figures.length);
    });
  },
);

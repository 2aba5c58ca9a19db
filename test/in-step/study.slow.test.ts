/** What docs/reference/in-step.md says of detection and false alarms, on other draws than those of its table. */
import { describe, expect, it } from 'vitest';
import { simulate, type Told } from './study.ts';

const NETWORKS = [
  { blockSeconds: 120, hours: 1, miners: 10, decoys: 70, runs: 20 },
  { blockSeconds: 600, hours: 6, miners: 10, decoys: 70, runs: 20 },
  { blockSeconds: 120, hours: 1, miners: 100, decoys: 100, runs: 3 },
] as const;
const TELLERS: readonly Told[] = ['file', 'sessions', 'nobody'];

describe('in networks drawn by chance', () => {
  for (const network of NETWORKS) {
    it.each(TELLERS)(`of $miners miners, blocks told by %s: ${JSON.stringify(network)}`, (told) => {
      const outcome = simulate({ ...network, told }, 77);
      expect(outcome.found / outcome.of).toBeGreaterThan(0.9);
      // One scan in 1,000 at most.
      expect(outcome.falseRuns).toBe(0);
    });
  }

  it('calls nobody in step where no blocks are, in 200 networks', () => {
    for (const told of TELLERS) {
      const plan = { blockSeconds: 120, hours: 2, miners: 0, decoys: 42, told, runs: 200 };
      expect(simulate(plan, 5).falseRuns).toBe(0);
    }
  });
});

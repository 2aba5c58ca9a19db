/** Nonces read by several threads: the same answers at the same places, whoever reads, and whatever becomes of a thread. */
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { Settlement } from '../../src/sessions/settle.ts';
import { readCounters } from '../../src/survey/session-counters.ts';
import * as programs from '../../src/thread-program.ts';
import { searching } from '../support/sessions.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const alone = availableParallelism() < 2 ? ' (skipped: one core)' : '';

/** Miners of different rates; every seventh has logged nothing. */
function miners(count: number): Settlement[] {
  return Array.from({ length: count }, (_, index) => {
    const session = searching({ rates: [200 + 10 * index], jobs: 4 + (index % 5) });
    if (index % 7 === 3) session.shares.log.length = 0;
    return { session, algorithm: 'rx/0' } as Settlement;
  });
}

async function read(
  settled: readonly Settlement[],
  use: 'always' | 'never',
): Promise<{ rates: (number | null)[]; told: string[] }> {
  const told: string[] = [];
  const sessions = await readCounters(settled, { threads: use, jobs: 2 }, (message) => told.push(message));
  expect(sessions.map(({ session }) => session)).toEqual(settled.map(({ session }) => session));
  const rates = sessions.map(({ counter }) =>
    counter?.estimate?.verdict === 'clock' ? counter.estimate.estimate : null,
  );
  return { rates, told };
}

describe.skipIf(alone !== '')(`nonces read by threads${alone}`, () => {
  it('give each session its own rate', async () => {
    const settled = miners(150);
    const { rates, told } = await read(settled, 'always');
    expect(told).toEqual(['nonces are read in a thread beside the main one']);
    for (const [index, rate] of rates.entries()) {
      if (index % 7 === 3) expect(rate).toBeNull();
      else expect(Math.abs((rate ?? 0) / (200 + 10 * index) - 1)).toBeLessThan(0.02);
    }
    expect(rates).toEqual((await read(settled, 'never')).rates);
  });

  it.each([
    ['that cannot be loaded', 'throw new Error("no")'],
    [
      'that ends amid its work',
      "require('node:worker_threads').parentPort.once('message', () => process.exit(3))",
    ],
  ])('are read by the main thread in place of one %s', async (_, code) => {
    const program = path.join(temporaryFolder(), 'program.cjs');
    writeFileSync(program, code);
    const known = vi.spyOn(programs, 'threadProgram').mockReturnValueOnce(program);
    const settled = miners(60);
    const { rates } = await read(settled, 'always');
    expect(known).toHaveBeenCalledWith('counting');
    expect(rates).toEqual((await read(settled, 'never')).rates);
  });
});

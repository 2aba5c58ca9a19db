/**
 * Flow records as exporters really send them: the shared files, each with what it holds. They are read in place, and the
 * test is skipped where they are absent.
 */

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { FAIL_ON_NOTHING } from '../../src/commands/option-values.ts';
import { outcomeOf } from '../../src/commands/outcome.ts';
import { CORPUS_ABSENT, flowsFolder } from '../support/corpus.ts';
import { scanInputs } from '../support/scanning.ts';

interface Expected {
  readonly bytesOut?: number;
  readonly packetsOut?: number;
  readonly bytesIn?: number;
  readonly packetsIn?: number;
  readonly bytesTogether?: number;
  readonly activeSeconds?: number;
  readonly records?: number;
  readonly first?: string;
  readonly exit?: number;
  readonly why?: string;
}

const flows = flowsFolder();
const folder = flows === null ? '' : path.join(flows, 'exporters');
const isAbsent = !existsSync(path.join(folder, 'expected.json'));
const { files }: { files: Record<string, Expected> } = isAbsent
  ? { files: {} }
  : JSON.parse(readFileSync(path.join(folder, 'expected.json'), 'utf8'));
const STATUS = { done: 0, failed: 1, damaged: 4 } as const;

describe.skipIf(isAbsent)(`records of exporters (${CORPUS_ABSENT} where skipped)`, () => {
  for (const [
    name,
    { bytesTogether, activeSeconds, exit, first, records, why, ...traffic },
  ] of Object.entries(files)) {
    it(`reads ${name}${why === undefined ? '' : `: ${why}`}`, async () => {
      const audit = await scanInputs([path.join(folder, name)], {
        poolFiles: [path.join(folder, 'pools.txt')],
      });
      const [session] = audit.sessions;
      expect(session?.traffic ?? {}).toMatchObject(traffic);
      if (activeSeconds !== undefined) expect(session?.flow?.activeSeconds).toBe(activeSeconds);
      if (bytesTogether !== undefined) {
        const { bytesOut = 0, bytesIn = 0 } = session?.traffic ?? {};
        expect(bytesOut).toBeGreaterThan(0);
        expect(bytesIn).toBeGreaterThan(0);
        expect(bytesOut + bytesIn).toBe(bytesTogether);
      }
      const [input] = audit.inputs;
      if (records !== undefined) expect(input?.flows).toBe(records);
      if (first !== undefined) expect(input?.first?.slice(0, first.length)).toBe(first);
      const outcome = outcomeOf(audit, FAIL_ON_NOTHING, false);
      if (exit !== undefined) expect(Object.entries(STATUS)).toContainEqual([outcome, exit]);
    });
  }
});

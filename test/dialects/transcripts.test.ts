/**
 * Conversations rebuilt from the public sources of pools and miners, read in place: each gives the algorithm, coin, dialect
 * and worth of a share that its `truth.json` states, and a confirmed miner. What the truth leaves open (`null`) is not
 * judged, but for what its note forbids.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { isObject } from '../../src/json.ts';
import { CORPUS_ABSENT, corpusFolder } from '../support/corpus.ts';
import { scanInputs } from '../support/scanning.ts';

const corpus = corpusFolder();
const file = corpus === null ? '' : path.join(corpus, 'transcripts', 'truth.json');
const isPresent = existsSync(file);

function truths(): [name: string, truth: Readonly<Record<string, unknown>>][] {
  const parsed: unknown = isPresent ? JSON.parse(readFileSync(file, 'utf8')) : {};
  if (!isObject(parsed)) return [];
  return Object.entries(parsed).flatMap(([name, truth]) => (isObject(truth) ? [[name, truth]] : []));
}

describe.skipIf(!isPresent)(`transcripts${isPresent ? '' : ` (${CORPUS_ABSENT})`}`, () => {
  for (const [name, truth] of truths()) {
    it(`${name}: ${String(truth.algorithm ?? truth.note ?? truth.coin)}`, async () => {
      const audit = await scanInputs([path.join(corpus ?? '', String(truth.file))]);
      expect(audit.hosts.map(({ ip, verdict }) => ({ ip, verdict }))).toEqual([
        { ip: truth.miner, verdict: 'confirmed' },
      ]);
      expect(audit.sessions).toHaveLength(1);
      const [session] = audit.sessions;
      expect(session.pool.ip).toBe(truth.pool);
      expect(session.shares.submitted).toBeGreaterThan(0);
      if (typeof truth.algorithm === 'string') expect(session.algorithm).toBe(truth.algorithm);
      if (typeof truth.coin === 'string') expect(session.coin).toBe(truth.coin);
      if (typeof truth.dialect === 'string') expect(session.dialect).toBe(truth.dialect);
      if (typeof truth.hashes === 'number') {
        const worths = session.difficulty.map(({ hashesPerShare }) => hashesPerShare);
        expect(worths).not.toEqual([]);
        for (const worth of worths) {
          expect(Math.abs((worth ?? 0) / truth.hashes - 1), `${worth} for ${truth.hashes}`).toBeLessThan(
            1e-6,
          );
        }
      }
      if (String(truth.note).includes('must not be called sha256d')) {
        expect(session.algorithm).not.toBe('sha256d');
        expect(audit.hosts[0].hashrate).toEqual([]);
      }
      if (String(truth.note).includes('proxy with 3 miners')) {
        expect(audit.hosts[0].roles).toEqual(['proxy']);
        expect(audit.hosts[0].workers).toHaveLength(3);
      }
    });
  }
});

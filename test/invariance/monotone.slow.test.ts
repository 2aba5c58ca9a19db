/**
 * No part of a conversation names another algorithm, coin or account than all of it, or gives a stronger verdict: claims are
 * monotone in evidence.
 */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { CANONICAL } from '../dialects/canonical.ts';
import { RECENT } from '../dialects/canonical-recent.ts';
import { type CapturedPacket, readCapture } from '../support/capture-reader.ts';
import { CORPUS_ABSENT, corpusFolder } from '../support/corpus.ts';
import { partsOf, takenBack } from '../support/parts.ts';
import { runs } from '../support/runs.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { FIXTURES } from '../support/truth.ts';

const folder = temporaryFolder();
const isThorough = runs(0, 1) === 1;

/** Claims of every part that the whole takes back, each with the part's name. */
async function takenBackIn(name: string, packets: readonly CapturedPacket[]): Promise<string[]> {
  const whole = await scanInputs([writeCapture(folder, `${name}-whole`, packets)]);
  const found: string[] = [];
  for (const [at, part] of partsOf(packets).entries()) {
    const audit = await scanInputs([writeCapture(folder, `${name}-${at}`, part.packets)]);
    for (const claim of takenBack(whole, audit, part.isOneWay === true)) found.push(`${part.name}: ${claim}`);
  }
  return found;
}

function capturesIn(parent: string): string[] {
  return readdirSync(parent, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.pcap(ng)?(\.gz)?$/.test(file))
    .sort()
    .map((file) => path.join(parent, file));
}

describe('no part claims what the whole takes back', () => {
  [...CANONICAL, ...(isThorough ? RECENT : [])].forEach(({ conversation, expected: { dialect } }, at) => {
    it(`of ${dialect} (${at})`, async () => {
      expect(await takenBackIn(`${dialect}-${at}`, conversation.toPackets())).toEqual([]);
    });
  });

  for (const file of isThorough ? capturesIn(FIXTURES) : []) {
    it(`of ${path.basename(file)}`, async () => {
      expect(await takenBackIn(path.basename(file), readCapture(file))).toEqual([]);
    });
  }

  const corpus = corpusFolder();
  for (const name of isThorough ? ['transcripts', 'real'] : []) {
    const parent = path.join(corpus ?? '', name);
    if (corpus === null || !existsSync(parent)) it.skip(`of ${name} (${CORPUS_ABSENT})`);
    else {
      for (const file of capturesIn(parent)) {
        it(`of ${name}/${path.basename(file)}`, async () => {
          expect(await takenBackIn(path.basename(file), readCapture(file))).toEqual([]);
        });
      }
    }
  }
});

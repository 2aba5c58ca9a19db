/**
 * nDPI as a second reader: whatever it labels as mining of the canonical conversations, of the transcripts and of the
 * recorded captures is found here, and so is what it does not label.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { CORPUS_ABSENT, corpusFolder } from '../support/corpus.ts';
import { absentPrograms } from '../support/flow-exporting.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { CANONICAL } from './canonical.ts';
import { RECENT } from './canonical-recent.ts';

const lacking = absentPrograms('ndpiReader');
const corpus = corpusFolder();
const folder = temporaryFolder('ndpi');

/** True if nDPI calls a flow of the capture mining. */
function isLabelled(capture: string): boolean {
  const said = execFileSync('ndpiReader', ['-i', capture, '-v', '1'], { encoding: 'utf8', timeout: 60_000 });
  return /^\s*Mining\s+packets:/m.test(said);
}

async function isFound(capture: string): Promise<boolean> {
  const { sessions } = await scanInputs([capture]);
  return sessions.some(({ verdict }) => verdict !== 'listed');
}

/** Those that nDPI labels and a scan does not find, and how many each has. */
async function compared(captures: Iterable<readonly [name: string, capture: string]>) {
  const missed: string[] = [];
  const counts = { labelled: 0, found: 0, of: 0 };
  for (const [name, capture] of captures) {
    const [labelled, found] = [isLabelled(capture), await isFound(capture)];
    counts.of++;
    if (labelled) counts.labelled++;
    if (found) counts.found++;
    if (labelled && !found) missed.push(name);
  }
  return { missed, ...counts };
}

describe.skipIf(lacking !== '')(`beside nDPI${lacking}`, () => {
  it('each canonical conversation that nDPI labels is found, whole and from its middle, and the others too', async () => {
    const captures = [...CANONICAL, ...RECENT].flatMap(({ conversation, expected: { dialect } }, at) =>
      [false, true].map((fromTheMiddle): [string, string] => {
        const name = `${dialect}-${at}${fromTheMiddle ? '-late' : ''}`;
        return [name, writeCapture(folder, name, conversation.toPackets({ fromTheMiddle }))];
      }),
    );
    const { missed, labelled, found, of } = await compared(captures);
    expect(missed).toEqual([]);
    expect(found).toBe(of);
    // Else the label of another version has another name.
    expect(labelled).toBeGreaterThan(of / 4);
  });

  it.skipIf(corpus === null)(
    `the same holds of recorded captures (${CORPUS_ABSENT} where skipped)`,
    async () => {
      for (const kind of ['transcripts', 'real']) {
        const own = path.join(corpus ?? '', kind);
        const files = readdirSync(own).filter((name) => /\.pcap(?:ng)?$/.test(name));
        const { missed } = await compared(files.map((name) => [name, path.join(own, name)]));
        expect(missed).toEqual([]);
      }
    },
  );
});

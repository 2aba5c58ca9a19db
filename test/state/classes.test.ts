/** What lives from packet to packet is known to the state: else it fails in the night when such an object first lives on. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { keptClasses } from '../../src/state/classes.ts';
import { REPO_ROOT } from '../support/corpus.ts';

const FOLDERS = [
  'dialects',
  'endpoints',
  'flows',
  'framing',
  'packets',
  'readers/netflow',
  'sessions',
  'survey',
  'survey/inputs',
];
/** Of one input, one call or one finding: gone when an input has been read. */
const PASSING = new Set([
  ...[
    'CaptureRecord',
    'CounterBudget',
    'EachRecord',
    'FrameDecoder',
    'Packet',
    'KernelBodyScanner',
    'PacketKernel',
    'PieceScanner',
  ],
  ...[
    'Captured',
    'ConversationRows',
    'ConversationTable',
    'Fields',
    'LateTable',
    'Networks',
    'Reading',
    'Redaction',
  ],
  ...['RelationSum', 'Summaries', 'Trust', 'WantedFlows'],
]);

interface SourceFile {
  readonly name: string;
  readonly text: string;
}

const files: SourceFile[] = FOLDERS.flatMap((folder) => {
  const inside = path.join(REPO_ROOT, 'src', folder);
  return readdirSync(inside)
    .filter((name) => name.endsWith('.ts') && name !== 'fields.ts')
    .map((name) => ({ name: `${folder}/${name}`, text: readFileSync(path.join(inside, name), 'utf8') }));
});

describe('the classes that a state keeps', () => {
  it('are all that live from packet to packet', () => {
    const { classes } = keptClasses();
    const unknown = files.flatMap(({ name, text }) =>
      [...text.matchAll(/^(?:export )?class (\w+)/gm)]
        .map(([, known]) => known)
        .filter((known) => !classes.has(known) && !PASSING.has(known))
        .map((known) => `${name}: ${known}`),
    );
    expect(unknown).toEqual([]);
  });

  it('have fields that can be read, and no closures or weak maps', () => {
    const odd = files.flatMap(({ name, text }) =>
      [...text.matchAll(/^ {2}(?:readonly |static )*#\w+|new Weak(?:Map|Set|Ref)\b/gm)].map(
        ([found]) => `${name}: ${found.trim()}`,
      ),
    );
    expect(odd).toEqual([]);
  });
});

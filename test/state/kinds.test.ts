/** What lives from packet to packet is known to the state: else it fails in the night when such an object first lives on. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadLists } from '../../src/run/lists.ts';
import { Run } from '../../src/run/run.ts';
import { lastingKinds, privateKinds } from '../../src/state/kinds.ts';
import { REPO_ROOT } from '../support/corpus.ts';

const FOLDERS = [
  'dialects',
  'endpoints',
  'flows',
  'framing',
  'packets',
  'readers/netflow',
  'sessions',
  'run',
  'run/inputs',
];
/** Of one input, one call or one finding: gone when an input has been read. */
const PASSING = new Set([
  ...[
    'CaptureReading',
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
    'MiningTimes',
    'ProtoMessage',
    'Networks',
    'Reading',
    'Redaction',
    'MaskedFrames',
    'SecretWords',
  ],
  ...['Pair', 'RelationSum', 'StoredMemory', 'Summaries', 'Trust', 'WantedFlows'],
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

/** The classes of all objects that can be reached from one. */
function classesIn(root: object): Set<string> {
  const seen = new Set<object>([root]);
  for (const one of seen)
    for (const value of one instanceof Map || one instanceof Set ? [...one] : Object.values(one))
      if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) seen.add(value);
  return new Set([...seen].map((one) => one.constructor?.name));
}

describe('what lives from packet to packet', () => {
  it('is made by a fresh run, or by the kinds of a state', async () => {
    const times = { sinceUs: null, untilUs: null };
    const options = {
      inputs: [],
      local: [],
      poolFiles: [],
      ...times,
      allowFile: null,
      hash: false,
      inputFormat: null,
    };
    const run = new Run(await loadLists({ ...options, signal: new AbortController().signal }), times);
    const lasting = lastingKinds(run);
    const known = new Set([...lasting.keys(), ...privateKinds().halfRead.keys(), ...classesIn(run)]);
    for (const make of lasting.values()) for (const name of classesIn(make())) known.add(name);
    const unknown = files.flatMap(({ name, text }) =>
      [...text.matchAll(/^(?:export )?class (\w+)/gm)]
        .map(([, own = '']) => own)
        .filter((own) => !known.has(own) && !PASSING.has(own))
        .map((own) => `${name}: ${own}`),
    );
    expect(unknown).toEqual([]);
  });

  it('has fields that can be read, and no closures or weak maps', () => {
    const odd = files.flatMap(({ name, text }) =>
      [...text.matchAll(/^ {2}(?:readonly |static )*#\w+|new Weak(?:Map|Set|Ref)\b/gm)].map(
        ([found]) => `${name}: ${found.trim()}`,
      ),
    );
    expect(odd).toEqual([]);
  });
});

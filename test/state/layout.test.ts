/**
 * The layout of states. What a state holds is listed beside the number of its layout (fixtures/state): a change of the one
 * without the other fails here. Of each layout that the program reads lies a state there, which this program goes on from.
 * MINESWEEP_UPDATE_GOLDEN=1 (npm run test:update) writes both again as long as the first line of the list says that no release
 * has the layout; whoever releases it puts RELEASED there, and from then on nothing but another number will do.
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import * as conversationMemory from '../../src/schema/conversations-memory.ts';
import { AT as PACKETS_AT } from '../../src/schema/packets-memory.ts';
import { TOTALS } from '../../src/schema/records-memory.ts';
import { keptClasses } from '../../src/state/classes.ts';
import { LAYOUT } from '../../src/state/layout.ts';
import { readCapture } from '../support/capture-reader.ts';
import { REPO_ROOT } from '../support/corpus.ts';
import { comparable, scanInputs } from '../support/scanning.ts';
import { cutInto, stateAt } from '../support/states.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const FIXTURES = path.join(REPO_ROOT, 'fixtures');
const LIST = path.join(FIXTURES, 'state', `layout-${LAYOUT}.txt`);
const STATE = path.join(FIXTURES, 'state', `layout-${LAYOUT}.state`);
const folder = temporaryFolder('layout');
/** A lane in JSON from mid-stream on, one behind a proxy, HTTP, and segments that come out of order. */
const CAPTURES = [
  'cryptonote/xmr-nicehash-midsession.pcapng',
  'wrapped/xmr-socks5.pcap',
  'look-alikes/neg-eth-rpc-http.pcapng',
  'ethereum/eth-nicehash.pcap',
];
/** From the top of the repository, where tests run: the path stands in the state. */
const FLOWS = 'fixtures/flowlogs/aws-vpc.parquet';

const [RELEASED, UNRELEASED] = ['released', 'not released'];
const stored = existsSync(LIST) ? readFileSync(LIST, 'utf8') : '';
const isReleased = stored.startsWith(`${RELEASED}\n`);
const CHANGED = `states hold something else now: ${isReleased ? 'raise LAYOUT in src/state/layout.ts, then ' : ''}npm run test:update`;

interface Declared {
  readonly name: string;
  readonly fields: readonly string[];
}

/** Where what a state holds is declared. */
const FOLDERS = [
  ...[
    'dialects',
    'endpoints',
    'evidence',
    'flows',
    'framing',
    'packets',
    'readers/netflow',
    'readers/tables',
  ],
  ...['rows', 'sessions', 'survey'],
];
const CLASS = /^(?:export )?(?:abstract )?class (\w+)[^\n]*\{\n(.*?)^\}/gms;
const INTERFACE = /^(?:export )?interface (\w+)[^\n]*\{\n(.*?)^\}/gms;
const ROW = /^@unmanaged\n(?:export )?class (\w+)[^\n]*\{\n(.*?)^\}/gms;
/** As the formatter leaves it: a line of its own, two blanks before it. */
const FIELD = /^ {2}(?:(?:private|protected|readonly|override) )*(\w+[?!]?(?=[:;]| =).*)$/gm;

function declaredIn(place: string, pattern: RegExp): Declared[] {
  const inside = path.join(REPO_ROOT, 'src', place);
  return readdirSync(inside, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .flatMap((name) => [...readFileSync(path.join(inside, name), 'utf8').matchAll(pattern)])
    .map(([, name = '', body = '']) => ({
      name,
      fields: [...body.matchAll(FIELD)].map(([, field = '']) => field.replace(/ = .*| =$|;$/, '')),
    }));
}

/** Everything that a state holds: kept classes and the shapes that they name, and places and rows of the kernels' memory. */
function layout(): string {
  const kept = keptClasses().classes;
  const known = new Map<string, string>();
  for (const { name, fields } of FOLDERS.flatMap((folder) => [
    ...declaredIn(folder, INTERFACE),
    ...declaredIn(folder, CLASS).filter((one) => kept.has(one.name)),
  ]))
    known.set(name, `${known.get(name) ?? ''}${fields.join('; ')} }`);
  const listed = new Set<string>(kept.keys());
  for (const name of listed)
    for (const word of known.get(name)?.match(/\b[A-Z]\w+/g) ?? []) if (known.has(word)) listed.add(word);
  const { AT, CONVERSATION, TABLE, VIEW } = conversationMemory;
  const memory = { PACKETS_AT, AT, CONVERSATION, TABLE, VIEW, TOTALS };
  return [
    isReleased ? RELEASED : UNRELEASED,
    ...[...listed].map((name) => `${name} { ${known.get(name)}`).sort(),
    ...declaredIn('kernel/packets', ROW).map(({ name, fields }) => `row ${name} { ${fields.join('; ')} }`),
    ...Object.entries(memory).map(([name, value]) => `memory ${name} ${JSON.stringify(value)}`),
    '',
  ].join('\n');
}

function halves(name: string): string[] {
  return cutInto(folder, path.basename(name), readCapture(path.join(FIXTURES, name)), 2);
}

/** The state of all first halves, under names that are no machine's. */
async function writeState(): Promise<void> {
  rmSync(STATE, { force: true });
  const begun = path.join('fixtures', 'state', 'begun');
  mkdirSync(begun, { recursive: true });
  const parts = CAPTURES.map((name) => {
    const part = path.join(begun, path.basename(name));
    copyFileSync(halves(name)[0] ?? '', part);
    return part;
  });
  await scanInputs([...parts, FLOWS], { state: stateAt(STATE) });
  rmSync(begun, { recursive: true });
}

describe('the layout of states', () => {
  const isUpdate = process.env.MINESWEEP_UPDATE_GOLDEN === '1' && !isReleased && layout() !== stored;
  if (isUpdate) writeFileSync(LIST, layout());

  it('has another number if anything in it is another', () => {
    expect(layout(), CHANGED).toBe(readFileSync(LIST, 'utf8'));
  });

  it('is read by every version of the program that has it', async () => {
    if (isUpdate) await writeState();
    const state = path.join(folder, 'state');
    copyFileSync(STATE, state);
    const [first, second] = [0, 1].map((half) => CAPTURES.map((name) => halves(name)[half] ?? ''));
    const audit = await scanInputs(second ?? [], { state: stateAt(state) });
    const whole = await scanInputs([...(first ?? []), FLOWS, ...(second ?? [])]);
    expect(audit.sessions.length).toBeGreaterThanOrEqual(3);
    expect(withoutOrder(audit)).toEqual(withoutOrder(whole));
  });
});

/** One scan reads captures in the order of their packets, a state in that in which they come. */
function withoutOrder(audit: Awaited<ReturnType<typeof scanInputs>>): unknown {
  return comparable({ ...audit, notes: audit.notes.filter(({ code }) => code !== 'captures-out-of-order') });
}

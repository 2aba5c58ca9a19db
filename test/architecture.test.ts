/**
 * The order of the folders and the arrows between them, read from the imports, those of types included. A new folder must
 * say here where it stands; a new arrow is a decision, not an accident.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { REPO_ROOT } from './support/corpus.ts';

const SRC = path.join(REPO_ROOT, 'src');

/** Any of those below. */
const BELOW = '*';
/**
 * The folders of `src`, and the files directly in it by their names without `.ts`, from the command line down to what
 * everything stands on. Each imports only what is named beside it, all of which stands below it; and any may import what
 * stands below `EVERYWHERE_FROM`.
 */
const ORDER: Readonly<Record<string, string>> = {
  program: 'cli library',
  cli: 'commands escape report version',
  commands:
    'scan extract merge watch report alerts cases pseudonyms audit energy owners pools stores readers ' +
    'given-file whole-file lock version built escape nearest',
  library: 'scan audit readers',
  // Only these see packets and records as well as audits.
  watch: BELOW,
  extract: BELOW,
  merge: BELOW,
  scan: BELOW,
  state: BELOW,
  run: BELOW,
  // An audit printed, compared and followed.
  report: 'alerts cases audit energy escape given-file whole-file lock',
  cases: 'hosts machines audit escape given-file lock',
  alerts: 'audit escape given-file answer nearest',
  pseudonyms: 'audit owners',
  // From sessions and contacts to an audit.
  assessment: 'hosts audit sessions endpoints machines energy owners evidence',
  hosts: 'sessions endpoints evidence',
  audit: 'sessions endpoints machines energy owners evidence given-file nearest',
  sessions: 'dialects endpoints packets framing evidence',
  dialects: 'framing evidence',
  endpoints: 'pools framing evidence',
  pools: 'evidence given-file escape',
  // From bytes to rows and messages.
  machines: 'readers owners given-file',
  energy: 'evidence given-file',
  owners: 'evidence built given-file',
  evidence: 'kernel',
  flows: 'readers rows packets kernel',
  reading: 'readers sources rows thread-program kernel',
  readers: 'sources rows packets framing kernel',
  stores: 'rows given-file answer',
  sources: 'rows given-file answer',
  rows: 'packets kernel',
  packets: 'framing kernel',
  framing: '',
  kernel: 'built',
  'thread-program': 'built',
  built: '',
  'whole-file': 'given-file',
  'given-file': '',
  lock: '',
  answer: '',
  nearest: '',
  version: '',
  escape: '',
  'data.d': '',
  'kernel-types.d': '',
  networks: '',
  'time-interval': '',
  'packet-ref': '',
  estimate: '',
  order: '',
  csv: '',
  'slow-list': '',
  limits: '',
  address: '',
  errors: '',
  secret: '',
  statements: '',
  schema: '',
  json: '',
};
const PLACES = Object.keys(ORDER);
const EVERYWHERE_FROM = PLACES.indexOf('networks');
/** What prints an audit reaches nothing of how it was made, not even by the types of what it imports. */
const MAKING = [
  ...['run', 'state', 'assessment', 'hosts', 'dialects', 'flows', 'reading', 'readers', 'stores', 'sources'],
  ...['rows', 'packets', 'framing', 'kernel'],
];

/** The same within `evidence/counter`. */
const COUNTER_BASE = ['clock', 'counter-input', 'digits', 'terms'];
const COUNTER_ARROWS: Readonly<Record<string, readonly string[]>> = {
  statistics: [],
  'from-zero': ['statistics', 'kernel', ...COUNTER_BASE],
};

/** AssemblyScript 0.28 adds the ending by itself to what is exported from. */
const KERNEL_INDEX = /^kernel\/\w+\/index\.ts$/;

const MOST_FILES = 45;

/** Words that say nothing about what a folder holds. */
const EMPTY_NAMES = /^(utils?|helpers?|common|misc|shared|lib)$/;

interface SourceFile {
  /** Path below `src`, with `/`. */
  readonly name: string;
  readonly place: string;
  readonly text: string;
  /** Paths below `src` that it imports. */
  readonly imports: readonly string[];
}

function placeOf(name: string): string {
  const [first = ''] = name.split('/');
  return first.replace(/\.ts$/, '');
}

const IMPORT =
  /^\s*(?:import|export)\s[^;'"]*?from\s*['"]([^'"]+)['"]|\bimport\s*\(\s*['"]([^'"]+)['"]\s*\)|^\s*import\s*['"]([^'"]+)['"]/gm;

function readTree(): SourceFile[] {
  const files: SourceFile[] = [];
  for (const entry of readdirSync(SRC, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.ts')) continue;
    const file = path.join(entry.parentPath, entry.name);
    const name = path.relative(SRC, file).split(path.sep).join('/');
    const text = readFileSync(file, 'utf8');
    const imports: string[] = [];
    for (const match of text.matchAll(IMPORT)) {
      const stated = match[1] ?? match[2] ?? match[3] ?? '';
      if (!stated.startsWith('.')) continue;
      const target =
        KERNEL_INDEX.test(name) && match[0].trimStart().startsWith('export') ? `${stated}.ts` : stated;
      const reached = path
        .relative(SRC, path.resolve(path.dirname(file), target))
        .split(path.sep)
        .join('/');
      imports.push(reached);
    }
    files.push({ name, place: placeOf(name), text, imports });
  }
  return files.sort((a, b) => (a.name < b.name ? -1 : 1));
}

const tree = readTree();

function isAllowed(from: string, to: string): boolean {
  if (to === from) return true;
  if (PLACES.indexOf(to) <= PLACES.indexOf(from)) return false;
  return (
    PLACES.indexOf(to) >= EVERYWHERE_FROM || ORDER[from] === BELOW || ORDER[from]?.split(' ').includes(to)
  );
}

/** All that a place's files import, and what these import in turn. */
function reachedFrom(place: string): ReadonlySet<string> {
  const imports = new Map(tree.map((file) => [file.name, file.imports]));
  const reached = new Set(tree.filter((file) => file.place === place).map((file) => file.name));
  for (const name of reached) for (const target of imports.get(name) ?? []) reached.add(target);
  return reached;
}

describe('the top level', () => {
  it('has these folders, what is built and fetched aside', () => {
    const made = ['node_modules', 'dist', 'coverage'];
    const folders = readdirSync(REPO_ROOT, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !made.includes(entry.name))
      .map(({ name }) => name);
    expect(folders.sort()).toEqual(['bin', 'data', 'docs', 'fixtures', 'packaging', 'src', 'test']);
  });
});

describe('the folders of src', () => {
  it('are all known to this test, which says where their arrows go', () => {
    expect([...new Set(tree.map((file) => file.place))].sort()).toEqual([...PLACES].sort());
    const up = PLACES.flatMap((place, at) =>
      (ORDER[place] ?? '').split(' ').filter((to) => /\w/.test(to) && PLACES.indexOf(to) <= at),
    );
    expect(up).toEqual([]);
  });

  it('stand in ARCHITECTURE.md, on one screen', () => {
    const page = readFileSync(path.join(REPO_ROOT, 'ARCHITECTURE.md'), 'utf8');
    const folders = readdirSync(SRC, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map(({ name }) => name).filter((name) => !page.includes(`\`${name}/\``))).toEqual([]);
    const lines = page.split('\n');
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
    expect(lines.length).toBeLessThanOrEqual(80);
  });

  it('are passed by a packet and a flow record as ARCHITECTURE.md says, in twelve stops at most', () => {
    const page = readFileSync(path.join(REPO_ROOT, 'ARCHITECTURE.md'), 'utf8');
    const rows = [...page.matchAll(/^\| `([\w./-]+)` `(\w+)` +\| `([\w./-]+)` `(\w+)` +\|$/gm)];
    const stops = rows.flatMap(([, ...cells]) => [cells.slice(0, 2), cells.slice(2)]);
    const gone = stops.filter(([file, name]) => {
      const defined = new RegExp(`^(?:export |async |function\\*? |  (?:private |#|\\*)*)+${name}\\(`, 'm');
      return !defined.test(tree.find((each) => each.name === file)?.text ?? '');
    });
    expect(gone).toEqual([]);
    expect(rows.length).toBeGreaterThan(8);
    expect(rows.length).toBeLessThanOrEqual(12);
  });

  it('import only along the arrows', () => {
    const crossings: string[] = [];
    for (const file of tree) {
      for (const target of file.imports) {
        // Tables of data/ lie beside src.
        if (target.startsWith('..')) continue;
        // The kernel is another language: its files import each other alone, and the packets' its numbers.
        if (file.name.startsWith('kernel/') && !target.startsWith('kernel/')) {
          crossings.push(`${file.name} -> ${target}`);
        }
        if (!isAllowed(file.place, placeOf(target))) crossings.push(`${file.name} -> ${target}`);
      }
    }
    expect(crossings).toEqual([]);
  });

  it('keep what prints an audit apart from what made it, types included', () => {
    const places = new Set([...reachedFrom('report'), ...reachedFrom('alerts')].map(placeOf));
    expect(MAKING.filter((place) => places.has(place))).toEqual([]);
    expect(places).toContain('audit');
  });

  it('keep the ways of reading a counter apart', () => {
    const crossings: string[] = [];
    for (const { name, imports } of tree) {
      const arrows = COUNTER_ARROWS[name.match(/^evidence\/counter\/([a-z-]+)\//)?.[1] ?? ''];
      for (const target of arrows === undefined ? [] : imports) {
        const [, place = placeOf(target)] = target.match(/^evidence\/counter\/([a-z-]+)/) ?? [];
        const isAllowed = arrows?.includes(place) || PLACES.indexOf(place) >= EVERYWHERE_FROM;
        if (!name.includes(`/${place}/`) && !isAllowed) crossings.push(`${name} -> ${target}`);
      }
    }
    expect(crossings).toEqual([]);
  });

  it('never import each other in a circle, not even for types', () => {
    const imports = new Map(tree.map((file) => [file.name, file.imports]));
    const done = new Set<string>();
    const circles: string[] = [];
    const visit = (name: string, trail: readonly string[]): void => {
      const start = trail.indexOf(name);
      if (start !== -1) circles.push([...trail.slice(start), name].join(' -> '));
      if (start !== -1 || done.has(name)) return;
      for (const target of imports.get(name) ?? []) visit(target, [...trail, name]);
      done.add(name);
    };
    for (const file of tree) visit(file.name, []);
    expect(circles).toEqual([]);
  });

  it('hold so few files that a reader sees them at once, the list of dialects aside', () => {
    const sizes = new Map<string, number>();
    for (const { name } of tree) sizes.set(path.dirname(name), (sizes.get(path.dirname(name)) ?? 0) + 1);
    const large = [...sizes].filter(([folder, files]) => folder !== 'dialects' && files > MOST_FILES);
    expect(large).toEqual([]);
  });

  it('have names that say what they hold', () => {
    const parts = new Set(tree.flatMap((file) => file.name.replace(/\.ts$/, '').split('/')));
    expect([...parts].filter((part) => EMPTY_NAMES.test(part))).toEqual([]);
  });
});

describe('the files of src', () => {
  it('import ours with the ending .ts and only what exists', () => {
    const known = new Set(tree.map((file) => file.name));
    const wrong = tree.flatMap((file) =>
      file.imports
        .filter(
          (target) =>
            !target.startsWith('..') &&
            !known.has(target) &&
            !existsSync(path.join(SRC, target.replace('?raw', ''))),
        )
        .map((target) => `${file.name} -> ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it('import node modules by the node: protocol', () => {
    const bare = /from\s*'(fs|path|os|url|util|zlib|stream|events|crypto|net|child_process)(\/[a-z]+)?'/;
    expect(tree.filter((file) => bare.test(file.text)).map((file) => file.name)).toEqual([]);
  });

  it('leave arguments and environment to cli.ts', () => {
    const readers = tree.filter((file) => /process\.(argv|env)\b|from 'node:process'/.test(code(file.text)));
    expect(readers.map((file) => file.name).filter((name) => name !== 'cli.ts')).toEqual([]);
  });
});

/** The text without its comments, as far as a rule about names needs it. */
function code(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}

describe('the dialect registry', () => {
  const index = tree.find((file) => file.name === 'dialects/index.ts');
  const dialects = tree.filter(
    (file) => file.place === 'dialects' && /export const \w+: Dialect = /.test(file.text),
  );

  it('names every dialect file', () => {
    const registered = index?.imports ?? [];
    expect(dialects.map((file) => file.name).filter((name) => !registered.includes(name))).toEqual([]);
  });

  it('holds each dialect under the name of its file', () => {
    const ids = dialects.map((file) => /\bid: '([^']+)'/.exec(file.text)?.[1]);
    expect(ids.map((id) => `dialects/${id}.ts`)).toEqual(dialects.map((file) => file.name));
  });
});

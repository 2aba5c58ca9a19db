/**
 * The arrows between the folders, read from the imports, those of types included. A new folder must say here where its
 * arrows go; a new arrow is a decision, not an accident.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { REPO_ROOT } from './support/corpus.ts';

const SRC = path.join(REPO_ROOT, 'src');

/**
 * Which places may be imported from each place: a folder of `src`, or a file directly in it by its name without
 * `.ts`. A place may always import itself, `address`, `bound`, `csv`, `errors`, `limits`, `networks`, `schema` and `statements`. Only `scan` and the folders that it
 * delegates to see both sides of the waterline.
 */
const ARROWS: Readonly<Record<string, readonly string[] | 'all below scan'>> = {
  address: [],
  networks: [],
  errors: [],
  escape: [],
  bound: [],
  csv: [],
  /** How tables are declared, which whoever has one imports. */
  schema: [],
  'data.d': [],
  /** Limits are in force everywhere. */
  limits: [],
  version: [],
  'given-file': [],
  lock: [],
  built: [],
  'thread-program': ['built'],
  'kernel-types.d': [],
  kernel: ['built'],
  /** What audits say in words, which whoever has something to say may ask for. */
  statements: [],
  packets: ['framing', 'kernel'],
  rows: ['packets', 'kernel'],
  framing: [],
  /** The search for counters. */
  evidence: ['kernel'],
  sources: ['rows', 'given-file'],
  pools: ['evidence', 'escape', 'given-file'],
  dialects: ['framing', 'evidence'],
  energy: ['given-file'],
  owners: ['built', 'given-file'],
  machines: ['owners', 'readers'],
  pseudonyms: ['audit', 'endpoints'],
  readers: ['sources', 'rows', 'packets', 'kernel'],
  reading: ['readers', 'sources', 'rows', 'thread-program', 'kernel'],
  flows: ['readers', 'rows', 'packets', 'kernel'],
  endpoints: ['evidence', 'framing', 'pools'],
  alerts: ['audit', 'escape'],
  report: ['audit', 'cases', 'energy', 'alerts', 'escape'],
  cases: ['audit', 'hosts', 'machines', 'escape', 'lock'],
  sessions: ['endpoints', 'dialects', 'framing', 'evidence'],
  hosts: ['sessions', 'endpoints', 'evidence'],
  audit: ['hosts', 'sessions', 'endpoints', 'evidence', 'owners', 'energy', 'machines', 'given-file'],
  stores: ['rows', 'endpoints'],
  survey: 'all below scan',
  state: 'all below scan',
  watch: 'all below scan',
  scan: 'all below scan',
  library: ['scan', 'audit'],
  program: ['cli', 'library'],
  merge: 'all below scan',
  extract: 'all below scan',
  commands: [
    'built',
    'escape',
    'lock',
    'cases',
    'scan',
    'watch',
    'alerts',
    'merge',
    'extract',
    'report',
    'audit',
    'sources',
    'stores',
    'readers',
    'flows',
    'pools',
    'owners',
    'energy',
    'pseudonyms',
    'given-file',
    'version',
  ],
  cli: ['commands', 'escape', 'report', 'version'],
};
/** From bytes and rows to conversations: each of these folders imports only those behind it. */
const ROWS_IN = ['flows', 'reading', 'stores', 'readers', 'sources', 'rows', 'packets', 'kernel', 'schema'];
/** The same within `evidence/counter`: a folder for each way of counting, and what all of them stand on. */
const COUNTER_BASE = ['clock', 'counter-input', 'digits', 'terms'];
const COUNTER_ARROWS: Readonly<Record<string, readonly string[]>> = {
  statistics: [],
  'from-zero': ['statistics', 'kernel', ...COUNTER_BASE],
  'from-base': ['statistics', ...COUNTER_BASE],
  'from-units': ['from-base', 'statistics', ...COUNTER_BASE],
};
const ABOVE_SCAN = ['cli', 'commands', 'library', 'program', 'report'];

/** What calls what it carries, which may be itself again: frames in IP in frames. */
const LAYERS = /^kernel\/packets\/(link|ip|tunnels)\.ts$/;

/** AssemblyScript 0.28 adds the ending by itself to what is exported from. */
const KERNEL_INDEX = /^kernel\/\w+\/index\.ts$/;

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

function allowed(from: string, to: string): boolean {
  const everywhere = ['address', 'bound', 'csv', 'errors', 'limits', 'networks', 'schema', 'statements'];
  if (to === from || everywhere.includes(to)) return true;
  const arrows = ARROWS[from] ?? [];
  return arrows === 'all below scan' ? !ABOVE_SCAN.includes(to) && to !== 'scan' : arrows.includes(to);
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
    const unknown = new Set(tree.map((file) => file.place).filter((place) => !(place in ARROWS)));
    expect([...unknown]).toEqual([]);
  });

  it('stand in ARCHITECTURE.md, on one screen', () => {
    const page = readFileSync(path.join(REPO_ROOT, 'ARCHITECTURE.md'), 'utf8');
    const folders = readdirSync(SRC, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map(({ name }) => name).filter((name) => !page.includes(`\`${name}/\``))).toEqual([]);
    const lines = page.split('\n');
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
    expect(lines.length).toBeLessThanOrEqual(66);
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
        if (!allowed(file.place, placeOf(target))) crossings.push(`${file.name} -> ${target}`);
      }
    }
    expect(crossings).toEqual([]);
  });

  it('lead from rows to conversations in one order', () => {
    const back = tree.flatMap(({ name, place, imports }) =>
      imports
        .filter((target) => ROWS_IN.indexOf(placeOf(target)) >= 0)
        .filter((target) => ROWS_IN.indexOf(placeOf(target)) < ROWS_IN.indexOf(place))
        .map((target) => `${name} -> ${target}`),
    );
    expect(back).toEqual([]);
  });

  it('keep the ways of reading a counter apart', () => {
    const crossings: string[] = [];
    for (const { name, imports } of tree) {
      const arrows = COUNTER_ARROWS[name.match(/^evidence\/counter\/([a-z-]+)\//)?.[1] ?? ''];
      for (const target of arrows === undefined ? [] : imports) {
        const [, place = placeOf(target)] = target.match(/^evidence\/counter\/([a-z-]+)/) ?? [];
        if (!name.includes(`/${place}/`) && !arrows?.includes(place)) crossings.push(`${name} -> ${target}`);
      }
    }
    expect(crossings).toEqual([]);
  });

  it('never import each other in a circle, not even for types', () => {
    const imports = new Map(tree.map((file) => [file.name, file.imports]));
    const done = new Set<string>();
    const circles: string[] = [];
    const visit = (name: string, trail: readonly string[]): void => {
      // Layers of packets hold each other in any order.
      if (LAYERS.test(name)) return;
      const start = trail.indexOf(name);
      if (start !== -1) circles.push([...trail.slice(start), name].join(' -> '));
      if (start !== -1 || done.has(name)) return;
      for (const target of imports.get(name) ?? []) visit(target, [...trail, name]);
      done.add(name);
    };
    for (const file of tree) visit(file.name, []);
    expect(circles).toEqual([]);
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
          (target) => !target.startsWith('..') && !known.has(target) && !existsSync(path.join(SRC, target)),
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

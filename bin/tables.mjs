/**
 * The tables of data/, checked: each cell by its column (src/schema/table.ts), then each row by the rules in the head of its
 * table, which data/README.md explains. A wrong line throws, with file, line and reason.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle, MODULES, ROOT } from './shipped.mjs';

/** `# rule: in coins.tsv ticker of \S+: coins`: its name, what it needs to know, which parts of cells it looks at, columns. */
const RULE = /^# rule: (?<name>\w+)(?: (?!of )(?<what>.+?))?(?: of (?<part>\S+))?: (?<columns>[\w -]+)$/;

/** Each says what is wrong with the cells of a row, or with one of their parts; else nothing. */
const RULES = {
  once: ({ isPart }) => {
    const rows = new Map();
    return (cells, line) => isPart(cells.join(' ')) && taken(rows, cells.join(' '), line);
  },
  each: ({ partsOf }) => {
    const names = new Map();
    return (cells, line) => firstOf(partsOf(cells), (name) => taken(names, name, line));
  },
  apart:
    ({ partsOf }) =>
    (cells) => {
      const parts = partsOf(cells);
      return firstOf(parts, (part, at) => parts.indexOf(part) < at && `'${part}' is there twice`);
    },
  in: ({ what, partsOf, lists }) => {
    const [list, column, as = '*'] = what.split(' ');
    const known = list.endsWith('.tsv') ? cellsOf(list, column) : lists?.[list];
    const isKnown = (part) => part === '' || known === undefined || known.includes(as.replace('*', part));
    return (cells) => firstOf(partsOf(cells), (part) => !isKnown(part) && `'${part}' is not in ${list}`);
  },
  used: ({ what, partsOf, sources }) => {
    const ways = what.split(' or ');
    const isUsed = (part) => ways.some((way) => isIn(sources, way.replace('*', part)));
    return (cells) =>
      !cells.some((cell) => cell !== '' && partsOf([cell]).every(isUsed)) &&
      'nothing in the program reads this';
  },
  rising:
    ({ partsOf }) =>
    (cells) => {
      const parts = partsOf(cells.filter(Boolean)).map((part) =>
        Number.isNaN(Number(part)) ? part : Number(part),
      );
      return parts.some((part, at) => part < parts[at - 1]) && `${parts.join(', ')} are not in order`;
    },
  like: ({ what, partsOf }) => {
    const form = new RegExp(what);
    return (cells) => firstOf(partsOf(cells), (part) => !form.test(part) && `'${part}' is not like ${what}`);
  },
  filled: () => (cells) => cells.includes('') && 'is empty',
};

function taken(lines, name, line) {
  const first = lines.get(name.toLowerCase()) ?? line;
  lines.set(name.toLowerCase(), first);
  return first !== line && `'${name}' is in line ${first} already`;
}

/** True if some source has this, not as a part of a longer word. */
function isIn(sources, text) {
  const literal = text.replace(/[^\w\s]/g, '\\$&').replace(/^(?=\w)|(?<=\w)$/g, '\\b');
  return sources.some((source) => new RegExp(literal).test(source));
}

function firstOf(parts, wrong) {
  return parts.map(wrong).find(Boolean);
}

/** Names in JSON that must be used too, if they are to have an effect. */
const USED = {
  'limits.json': { names: /^ {2}"([^"]+)": \{/gm, ways: ['limits.*', 'most.*', "limits['*']"] },
  'stores.json': { names: /^ {6}"(\w+)": \[/gm, ways: [": '*'"] },
};

/** Files below data/ that are checked. */
export function checkedFiles() {
  const names = readdirSync(path.join(ROOT, 'data'), { recursive: true });
  const tables = names.map((name) => name.replaceAll('\\', '/')).filter((name) => name.endsWith('.tsv'));
  return [...tables, ...Object.keys(USED)];
}

function textOf(file) {
  return readFileSync(path.join(ROOT, 'data', file), 'utf8');
}

/**
 * Checks the rules, then loads all modules of the program but that which runs at once. `inputs`: sources of the build, as
 * esbuild's metafile has them. Returns the schema of audits, and the check of a file, or of another text in its place.
 */
export async function tables(inputs) {
  const modules = Object.keys(inputs).filter((name) => /^src\/(?!reading\/main\.ts)[^?]*\.ts$/.test(name));
  const sources = modules.map((name) => readFileSync(path.join(ROOT, name), 'utf8'));
  // What is loaded stumbles over a wrong line without saying where it is.
  for (const file of checkedFiles()) checkLines(file, textOf(file), { sources });
  const contents = `${modules.map((name) => `import './${name}';`).join('')}
    import { AUDIT, AUDIT_SCHEMA } from './src/audit/audit.ts';
    import { hostCsvColumns } from './src/report/csv.ts';
    import { HOST_COLUMNS } from './src/report/host-columns.ts';
    import { jsonSchema } from './src/schema/json-schema.ts';
    export { TABLES } from './src/schema/table.ts';
    const names = hostCsvColumns('').map(({ name }) => name);
    const groups = names.flatMap((name) => [name.replace(/\\..*/, ''), name.replace(/\\..*/, '.')]);
    export const lists = { 'hosts.csv': [...names, ...groups], '--columns': HOST_COLUMNS };
    export const schema = jsonSchema(AUDIT, AUDIT_SCHEMA);`;
  const folder = mkdtempSync(path.join(ROOT, 'dist/tables-'));
  const program = path.join(folder, 'tables.mjs');
  try {
    await bundle({ ...MODULES, stdin: { contents, resolveDir: ROOT }, outfile: program });
    const { TABLES, lists, schema } = await import(pathToFileURL(program).href);
    const check = (file, text = textOf(file)) => {
      TABLES.get(file)?.(text);
      checkLines(file, text, { sources, lists });
    };
    return { schema, check };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function checkLines(file, text, known) {
  if (file.endsWith('.tsv')) checkRules(file, text, known);
  else checkUsed(file, text, known);
}

function checkRules(file, text, known) {
  const { head, rows, remarks } = linesOf(text);
  for (const { content, line } of remarks.filter(({ content }) => content.startsWith('# rule: '))) {
    const { name, what, part, columns = '' } = RULE.exec(content)?.groups ?? {};
    const places = columns.split(' ').map((column) => head.indexOf(column));
    if (!Object.hasOwn(RULES, name) || places.includes(-1))
      throw new Error(`data/${file}:${line}: is no rule of this table`);
    const wrong = RULES[name]({ what, ...partsBy(part), ...known });
    for (const { cells, line } of rows) {
      const own = places.map((at) => cells[at] ?? '');
      const reason = wrong(own, line);
      if (reason) throw new Error(`data/${file}:${line}: ${columns}: ${reason}`);
    }
  }
}

/** What of cells a rule looks at: all that the pattern finds, or the whole cells. */
function partsBy(pattern) {
  if (pattern === undefined) return { isPart: () => true, partsOf: (cells) => cells };
  const found = (cell) => cell.match(new RegExp(pattern, 'g')) ?? [];
  return {
    isPart: (cell) => found(cell).length > 0,
    partsOf: (cells) => cells.flatMap(found).map((part) => part.trim()),
  };
}

function cellsOf(file, column) {
  const { head, rows } = linesOf(textOf(file));
  return rows.map(({ cells }) => cells[head.indexOf(column)]);
}

function linesOf(text) {
  const lines = text
    .split('\n')
    .map((content, at) => ({ content, line: at + 1 }))
    .filter(({ content }) => content !== '');
  const [head, ...rows] = lines
    .filter(({ content }) => !content.startsWith('#'))
    .map(({ content, line }) => ({ cells: content.split('\t'), line }));
  return { head: head.cells, rows, remarks: lines.filter(({ content }) => content.startsWith('#')) };
}

function checkUsed(file, text, { sources }) {
  const { names, ways } = USED[file];
  for (const { 1: name, index } of text.matchAll(names)) {
    if (ways.some((way) => isIn(sources, way.replace('*', name)))) continue;
    const line = text.slice(0, index).split('\n').length;
    throw new Error(`data/${file}:${line}: '${name}': nothing in the program reads this`);
  }
}

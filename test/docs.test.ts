/**
 * The README and the pages in docs/ show what the program prints, and their tables are those of the registries. With
 * MINESWEEP_UPDATE_GOLDEN=1 the blocks are written again; read the diff.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ALERT_FORMATS } from '../src/alerts/index.ts';
import { usualWork } from '../src/assessment/modelled-rates.ts';
import { AUDIT } from '../src/audit/audit.ts';
import { EVIDENCE_KINDS } from '../src/audit/evidence-kinds.ts';
import { COMMANDS } from '../src/commands/index.ts';
import { DIALECTS } from '../src/dialects/index.ts';
import { unitOf } from '../src/evidence/algorithm.ts';
import { BEHAVIOUR_FEATURES, BEHAVIOUR_MODEL } from '../src/flows/behaviour-score.ts';
import { LIMIT_NAMES, LIMITS } from '../src/limits.ts';
import { POOL_EXPORT_FORMATS } from '../src/pools/export.ts';
import { FLOW_FORMATS } from '../src/readers/index.ts';
import type { Field, Fields, Type } from '../src/schema/field.ts';
import { catalogueOf } from '../src/statements/catalogue.ts';
import { digits, si } from '../src/statements/figures.ts';
import { REPO_ROOT } from './support/corpus.ts';
import { BIN } from './support/dist.ts';
import { DOC_PAGES } from './support/doc-pages.ts';
import { FLOW_FEATURES } from './support/flow-features.ts';

const figure = (value: number): string => si(value, '', (each) => digits(each, 2));

/** Paths below the repository. */
const PAGES = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', ...DOC_PAGES];
/** A newcomer reads these two first. */
const MAX_FIRST_PAGE_BYTES = 6_000;
const LINK = /\]\((?!https?:|#)([^)#]+)[^)]*\)/g;
const ANCHOR = /\]\((?!https?:)([^)#]*\.md)?#([^)]+)\)/g;
const BLOCK = /<!-- (example|table): (.+?) -->\n[\s\S]*?<!-- end -->/g;

/** As GitHub makes it of a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

function printed(words: string): string {
  const text = execFileSync(process.execPath, [BIN, ...words.split(' ')], {
    cwd: REPO_ROOT,
    encoding: 'utf8',
    env: { ...process.env, COLUMNS: '80', NO_COLOR: '1' },
  });
  return `\`\`\`\n${text.trimEnd()}\n\`\`\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** One algorithm of each family of which machines are known. */
const MODELLED = [
  ...['sha256d', 'scrypt', 'x11', 'eaglesong', 'kheavyhash', 'equihash', 'equihash125_4', 'equihash144_5'],
  ...['ethash', 'kawpow', 'autolykos2', 'octopus', 'rx/0', 'ghostrider', 'cn/r'],
];

const TABLES: Readonly<Record<string, () => string>> = {
  audit: () => auditTables(),
  dialects: () =>
    table(
      ['dialect', 'protocol', 'serves', 'read in', 'checked'],
      DIALECTS.map(({ id, title, serves, framing, reference, checked = '', unpriced }) => [
        `\`${id}\``,
        framing === 'json-lines' ? title : `${title}; ${framing}`,
        serves,
        `${reference.replaceAll(/docs\/reference\/protocols\.md /g, '§')}${unpriced === undefined ? '' : `. No rate: ${unpriced}`}`,
        checked,
      ]),
    ),
  'flow formats': () =>
    table(
      ['format', 'what it is', 'features'],
      FLOW_FORMATS.map((format) => [
        `\`${format.id}\``,
        format.title,
        FLOW_FEATURES.map(({ letter, allowedBy }) => {
          const allowed = allowedBy(format);
          return allowed === 'no' ? '' : allowed === 'yes' ? letter : letter.toLowerCase();
        }).join(''),
      ]),
    ),
  'flow features': () =>
    table(
      ['letter', 'feature'],
      FLOW_FEATURES.map(({ letter, title }) => [letter, title]),
    ),
  'usual shares': () =>
    table(
      ['algorithm', 'of one', 'rate of one', 'hashes of a share'],
      MODELLED.flatMap((algorithm) => {
        const usual = usualWork(algorithm, 2026);
        if (usual === null) return [];
        const { machine, rate, span } = usual;
        return [
          [
            `\`${algorithm}\``,
            catalogueOf('en').machine[machine],
            `${figure(rate.low)} to ${figure(rate.high)} ${unitOf(algorithm)}`,
            `${figure(span.low)} to ${figure(span.high)}`,
          ],
        ];
      }),
    ),
  behaviour: () =>
    table(
      ['feature', 'what it measures', 'most', 'few shares', 'few shares, one record'],
      BEHAVIOUR_FEATURES.map(({ id, title, unit }) => [
        `\`${id}\``,
        `${title}${unit === '' ? '' : ` (${unit})`}`,
        ...BEHAVIOUR_MODEL.map(({ weights }) => {
          const row = weights.find((weight) => weight.id === id);
          if (row === undefined) return '';
          return `${row.low} to ${row.high}; ${[row.below, row.above, row.unknown].join(', ')}`;
        }),
      ]),
    ),
  'alert fields': () => alertFields(),
  commands: () =>
    table(
      ['command', 'what it does'],
      COMMANDS.map(({ name, arguments: words, summary }) => [
        `\`minesweep ${[name, ...Object.keys(words)].join(' ')}\``,
        summary,
      ]),
    ),
  'pool exports': () =>
    table(
      ['format', 'what it is', 'use'],
      POOL_EXPORT_FORMATS.map(({ id, title, use }) => [`\`${id}\``, title, use]),
    ),
  limits: () =>
    table(
      ['name', 'what it bounds', 'default', 'if it is reached', 'the audit says'],
      LIMIT_NAMES.map((name) => {
        const { value, title, reached, code } = LIMITS[name];
        return [`\`${name}\``, title, value.toLocaleString('en'), reached, `\`${code}\``];
      }),
    ),
  evidence: () =>
    table(
      ['kind', 'strength', 'what it is', 'where the rule is from', 'what else looks like it'],
      EVIDENCE_KINDS().map(({ kind, strength }) => {
        const { title, rule, lookAlike } = catalogueOf('en').kind[kind];
        return [`\`${kind}\``, strength, title, rule, lookAlike];
      }),
    ),
};

/** What the fields of alerts hold, and which field holds it in each format. */
function alertFields(): string {
  const rows = new Map<string, string[][]>();
  for (const [at, format] of ALERT_FORMATS.entries())
    for (const { field, holds } of format.fields()) {
      const isConstant = /^`[^`]+`$|^\d+(?: \(.*\))?$/.test(holds);
      const row = rows.get(isConstant ? 'constants' : holds) ?? ALERT_FORMATS.map((): string[] => []);
      if (holds !== '') rows.set(isConstant ? 'constants' : holds, row);
      row[at]?.push(`\`${field}\`${isConstant ? ` ${holds}` : ''}`);
    }
  return table(
    ['holds', ...ALERT_FORMATS.map(({ id }) => `\`${id}\``)],
    [...rows].map(([holds, cells]) => [holds, ...cells.map((fields) => fields.join(', '))]),
  );
}

/**
 * A table for each record of the audit that has a name, in the order in which they are met. Types, and what may be null or
 * absent, are in the JSON Schema: here are only words and records, and units that no name says.
 */
function auditTables(): string {
  const records: Type[] = [];
  const waiting: Type[] = [AUDIT];
  const visit = ({ type, shown }: Field): void => {
    if (shown === 'merge') return;
    const inner = type.items ?? type;
    if (inner.kind === 'record' && inner.name !== undefined) waiting.push(inner);
    else for (const each of Object.values(inner.fields ?? {})) visit(each);
  };
  for (let type = waiting.shift(); type !== undefined; type = waiting.shift()) {
    const { name } = type;
    if (name === MERGED || records.some((other) => other.name === name)) continue;
    records.push(type);
    for (const each of Object.values(type.fields ?? {})) visit(each);
  }
  const named = new Map<string, string>();
  return records.map((record) => recordTable(record, records, named)).join('\n\n');
}

/** What a merge reads of a session that goes on; a reader needs nothing of it. */
const MERGED = 'openSession';
const SHOWN = { all: '', json: ' Not in CSV.', merge: ' In audit.json alone.' } as const;
/** Units that names of fields say. */
const USUAL_UNITS = ['bytes', 's', 'W', 'kWh', 'kWh/day', 'Mbit/s'];
/** Fields whose meaning stands in the row of their object. */
const MOST_IN_A_ROW = 3;

/** A field whose name says what it holds: its meaning has five words at most. */
const isPlain = ({ type, meaning, shown }: Field): boolean =>
  shown === 'all' &&
  meaning.split(' ').length <= 5 &&
  ['text', 'whole', 'number', 'flag'].includes((type.items ?? type).kind);

const listed = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');

function recordTable(record: Type, records: readonly Type[], named: Map<string, string>): string {
  const { name = '', meaning = '', fields = {} } = record;
  // A record that has all fields of a smaller one names that one.
  const base = records.find(
    (other) =>
      other !== record &&
      Object.keys(other.fields ?? {}).length > 2 &&
      Object.entries(other.fields ?? {}).every(([key, each]) => fields[key]?.meaning === each.meaning),
  );

  const wordOf = ({ kind, name: id, words = [], items, unit = '' }: Type, place: string): string => {
    if (items !== undefined) {
      const each = wordOf(items, place);
      return each === '' ? '' : `${kind === 'map' ? 'by name' : 'list'}: ${each}`;
    }
    if (kind === 'record') return id === undefined || id === MERGED ? '' : `[${id}](#${id.toLowerCase()})`;
    if (kind !== 'words' || words.length < 2) return USUAL_UNITS.includes(unit) ? '' : unit;
    const all = listed(words);
    const first = named.get(all);
    if (first === undefined) named.set(all, place);
    return first === undefined ? all : `as \`${first}\``;
  };
  const cellOf = ({ type, meaning: text, shown }: Field, place: string): string => {
    const word = shown === 'merge' ? '' : wordOf(type, `${name}.${place}`);
    return `${text}${word === '' ? '' : ` (${word})`}`;
  };
  const isLeaf = ({ type }: Field): boolean => (type.items ?? type).kind !== 'record';
  const rowsOf = (inner: Fields, before: string): string[][] =>
    Object.entries(inner).flatMap(([key, each]) => {
      const place = `${before}${key}`;
      const item = each.type.items ?? each.type;
      const below =
        item.name === undefined && each.shown !== 'merge' ? Object.entries(item.fields ?? {}) : [];
      const plain = below.filter(([, sub]) => isPlain(sub)).map(([sub]) => sub);
      const rest = below.filter(([, sub]) => !isPlain(sub));
      const isShort = rest.length <= MOST_IN_A_ROW && rest.every(([, sub]) => isLeaf(sub));
      const cell = [
        `${cellOf(each, place)}${SHOWN[each.shown]}`,
        ...(plain.length === 0 ? [] : [`Has ${listed(plain)}.`]),
        ...(isShort ? rest.map(([sub, value]) => `\`${sub}\`: ${cellOf(value, `${place}.${sub}`)}`) : []),
      ];
      const list = each.type.kind === 'list' ? '[]' : '';
      return [
        [`\`${place}\``, cell.join(' ')],
        ...(isShort ? [] : rowsOf(Object.fromEntries(rest), `${place}${list}.`)),
      ];
    });
  const own = Object.entries(fields).filter(([key]) => base?.fields?.[key] === undefined);
  const plain = own.filter(([, each]) => isPlain(each)).map(([key]) => key);
  const rows = rowsOf(Object.fromEntries(own.filter(([, each]) => !isPlain(each))), '');
  const parts = [
    ...(meaning === '' ? [] : [meaning]),
    ...(base?.name === undefined ? [] : [`All of [${base.name}](#${base.name.toLowerCase()}).`]),
    ...(plain.length === 0 ? [] : [`As their names say: ${listed(plain)}.`]),
  ];
  return [
    `## ${name}`,
    ...(parts.length === 0 ? [] : [parts.join(' ')]),
    ...(rows.length === 0 ? [] : [table(['field', 'meaning'], rows)]),
  ].join('\n\n');
}

function block(kind: string, name: string): string {
  const content = kind === 'example' ? printed(name) : (TABLES[name] ?? (() => 'no such table'))();
  return `<!-- ${kind}: ${name} -->\n${content}\n<!-- end -->`;
}

describe('the pages', () => {
  it.each(PAGES)('%s shows what the program prints and what its registries hold', (name) => {
    const file = path.join(REPO_ROOT, name);
    const text = readFileSync(file, 'utf8');
    const renewed = text.replace(BLOCK, (_, kind: string, title: string) => block(kind, title));
    if (process.env.MINESWEEP_UPDATE_GOLDEN === '1') writeFileSync(file, renewed);
    else expect(text).toBe(renewed);
  });

  it.each(PAGES)('%s links to files that exist', (name) => {
    const folder = path.dirname(path.join(REPO_ROOT, name));
    const links = [...readFileSync(path.join(REPO_ROOT, name), 'utf8').matchAll(LINK)].map(
      ([, to]) => to ?? '',
    );
    expect(links.filter((to) => !existsSync(path.join(folder, to)))).toEqual([]);
  });

  it.each(PAGES)('%s links to headings that exist', (name) => {
    const folder = path.dirname(path.join(REPO_ROOT, name));
    const links = [...readFileSync(path.join(REPO_ROOT, name), 'utf8').matchAll(ANCHOR)];
    const isThere = (page: string, anchor: string): boolean =>
      readFileSync(page === '' ? path.join(REPO_ROOT, name) : path.join(folder, page), 'utf8')
        .split('\n')
        .some((line) => /^#+ /.test(line) && anchorOf(line.replace(/^#+ /, '')) === anchor);
    expect(
      links.filter(([, page = '', anchor = '']) => !isThere(page, anchor)).map(([link]) => link),
    ).toEqual([]);
  });

  it.each(['README.md', 'ARCHITECTURE.md'])('%s is short', (name) => {
    expect(statSync(path.join(REPO_ROOT, name)).size).toBeLessThanOrEqual(MAX_FIRST_PAGE_BYTES);
  });
});

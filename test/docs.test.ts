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
const BLOCK = /<!-- (example|table): (.+?) -->\n[\s\S]*?<!-- end -->/g;

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

/** What nearly all flow formats have, and what a few have; times, flags, packets and directions are columns. */
const USUAL_FIELDS = ['source', 'destination', 'sourcePort', 'destinationPort', 'protocol', 'bytes'];
const RARE_FIELDS = ['samplingInterval', 'originator', 'denied', 'exporter', 'name'];

const TABLES: Readonly<Record<string, () => string>> = {
  audit: () => auditTables(),
  dialects: () =>
    table(
      ['dialect', 'protocol', 'serves', 'travels as'],
      DIALECTS.map(({ id, title, serves, framing }) => [`\`${id}\``, title, serves, framing]),
    ),
  'dialect sources': () =>
    table(
      ['dialect', 'read in', 'checked', 'not priced'],
      DIALECTS.map(({ id, reference, checked = '', unpriced = '' }) => [
        `\`${id}\``,
        reference,
        checked,
        unpriced,
      ]),
    ),
  'flow formats': () =>
    table(
      ['format', 'what it is', 'times', 'TCP flags', 'both directions', 'packets', 'also', 'not'],
      FLOW_FORMATS.map(({ id, title, abilities, fields }) => [
        `\`${id}\``,
        title,
        abilities.time,
        abilities.tcpFlags,
        abilities.bothDirections,
        abilities.packets,
        RARE_FIELDS.filter((field) => field in fields).join(', '),
        USUAL_FIELDS.filter((field) => !(field in fields)).join(', '),
      ]),
    ),
  'flow features': () =>
    table(
      ['feature', 'what it tells'],
      FLOW_FEATURES.map(({ id, title }) => [id, title]),
    ),
  'features by format': () =>
    table(
      ['format', ...FLOW_FEATURES.map(({ id }) => id)],
      FLOW_FORMATS.map((format) => [
        `\`${format.id}\``,
        ...FLOW_FEATURES.map(({ allowedBy }) => allowedBy(format)),
      ]),
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
      [
        'feature',
        'what it measures',
        'unit',
        'miners',
        'lie in',
        'a doubling below costs',
        'above',
        'not told costs',
      ],
      BEHAVIOUR_FEATURES.flatMap(({ id, title, unit }) =>
        BEHAVIOUR_MODEL.flatMap(({ weights }, at) => {
          const row = weights.find((weight) => weight.id === id);
          if (row === undefined) return [];
          const cells = [row.below, row.above, row.unknown].map(String);
          const miners = ['most', 'few shares', 'few shares, one record'][at];
          return [[`\`${id}\``, title, unit, miners, `${row.low} to ${row.high}`, ...cells]];
        }),
      ),
    ),
  ...Object.fromEntries(
    ALERT_FORMATS.map(({ id, fields }) => [
      `alert ${id}`,
      () =>
        table(
          ['field', 'holds'],
          fields().flatMap(({ field, holds }) => (holds === '' ? [] : [[`\`${field}\``, holds]])),
        ),
    ]),
  ),
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

/** Records of the audit that have a table of their own, in the order in which they are met; none that a merge alone reads. */
function auditTables(): string {
  const sections: string[] = [];
  const done = new Set<string>();
  const waiting: Type[] = [AUDIT];
  const wordOf = (type: Type): string => {
    const { kind, name, words = [], items, unit, orNull } = type;
    if (kind === 'list' && items !== undefined) return `list of ${wordOf(items)}${orNull ? ' or null' : ''}`;
    if (kind === 'map' && items !== undefined) return `${wordOf(items)} by name`;
    if (kind === 'record' && name !== undefined) waiting.push(type);
    const own =
      kind === 'words'
        ? words.map((word) => `\`${word}\``).join(', ')
        : kind === 'record' && name !== undefined
          ? `[${name}](#${name.toLowerCase()})`
          : {
              text: name ?? 'text',
              flag: 'true or false',
              whole: 'whole number',
              number: 'number',
              record: 'object',
            }[kind === 'list' || kind === 'map' ? 'record' : kind];
    return `${own}${unit === undefined ? '' : ` (${unit})`}${orNull ? ' or null' : ''}`;
  };
  const rowsOf = (fields: Fields, before: string, shown: Field['shown']): string[][] =>
    Object.entries(fields).flatMap(([key, { type, meaning, isOptional, shown: own }]) => {
      const name = `${before}${key}`;
      const at = shown === 'all' ? own : shown;
      const isForMerge = at === 'merge';
      const row = [
        `\`${name}\``,
        `${isForMerge ? 'object' : wordOf(type)}${isOptional ? '; may be absent' : ''}${SHOWN[at]}`,
        meaning,
      ];
      if (isForMerge) return [row];
      const inner = type.kind === 'list' ? type.items : type;
      const below =
        inner?.kind === 'record' && inner.name === undefined
          ? rowsOf(inner.fields ?? {}, `${name}${type.kind === 'list' ? '[]' : ''}.`, at)
          : [];
      return [row, ...below];
    });
  for (let type = waiting.shift(); type !== undefined; type = waiting.shift()) {
    const { name = '', meaning = '', fields = {} } = type;
    if (done.has(name)) continue;
    done.add(name);
    const rows = rowsOf(fields, '', 'all');
    sections.push(
      [`## ${name}`, ...(meaning === '' ? [] : [meaning]), table(['field', 'type', 'meaning'], rows)].join(
        '\n\n',
      ),
    );
  }
  return sections.join('\n\n');
}

const SHOWN = { all: '', json: '; not in CSV', merge: '; in audit.json alone' } as const;

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

  it.each(['README.md', 'ARCHITECTURE.md'])('%s is short', (name) => {
    expect(statSync(path.join(REPO_ROOT, name)).size).toBeLessThanOrEqual(MAX_FIRST_PAGE_BYTES);
  });
});

/** Figures are written in one place, src/statements/figures.ts: numbers, units, ranges and parts are made nowhere else. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../src/statements/languages.ts';
import { REPO_ROOT } from '../support/corpus.ts';

const UNITS =
  '(?:[kMGT]?(?:H/s|W|Wh|B|bps|bit/s)|kWh|Mbit/s|J/[A-Z]*H|ms|min|s|h|d|%|千瓦时|秒|分钟|小时|天)';
const MADE_BY_HAND: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['decimals', /\.toFixed\(/],
  ['significant digits', /\.toPrecision\(/],
  ['numbers of a locale', /toLocaleString|Intl\.(?:NumberFormat|DurationFormat)/],
  ['a percent sign', /(?<!replaceAll\()[}'"`] ?%[`'"]/],
  ['a unit after a number', new RegExp(`\\} ?${UNITS}[\`)（(,;]`)],
  ['a range', /\} ?[–～] ?\$\{(?!lead)/],
];

/** What rounds for a program or for a key, and is no text for people. */
const NOT_FOR_PEOPLE = [
  'src/statements/figures.ts',
  'src/report/digits.ts', // Figures of CSV, Prometheus and history, as numbers.
  'src/audit/coarse.ts', // Numbers of an audit made coarse.
  'src/energy/totals.ts', // Keys of a table.
];

function sources(folder: string): string[] {
  return readdirSync(path.join(REPO_ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.posix.join(folder, file))
    .filter((file) => !file.startsWith('src/kernel/') && !NOT_FOR_PEOPLE.includes(file));
}

function madeByHand(file: string, line: string): string[] {
  if (/^\s*(?:\/\/|\/?\*)/.test(line)) return [];
  return MADE_BY_HAND.filter(([, pattern]) => pattern.test(line)).map(
    ([what]) => `${file}: ${what}: ${line.trim()}`,
  );
}

describe('the one writer of figures', () => {
  it('makes all of them', () => {
    const found = sources('src').flatMap((file) =>
      readFileSync(path.join(REPO_ROOT, file), 'utf8')
        .split('\n')
        .flatMap((line) => madeByHand(file, line)),
    );
    expect(found).toEqual([]);
  });

  it.each(
    [
      'return `§{value.toFixed(1)}`;',
      'const text = `§{Math.round(part * 100)} %`;',
      'label: `§{significant(kwh)} kWh`,',
      'const range = `§{low}–§{high}`;',
    ].map((line) => line.replaceAll('§', '$')),
  )('would be found here: %s', (line) => {
    expect(madeByHand('x.ts', line)).not.toEqual([]);
  });
});

describe.each(LANGUAGES)('the texts in %s', (language) => {
  const rows = readFileSync(path.join(REPO_ROOT, `data/texts/${language}.tsv`), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => [line.split('\t')[0] ?? '', line.split('\t').at(-1) ?? ''] as const);

  it('leave ranges and parts to the writer', () => {
    const byHand = /\{low\w*(?::\w+)?\} ?(?:to|至|–|～) ?\{high|\} ?%/;
    const found = rows.filter(([code, text]) => code !== 'form.percent' && byHand.test(text));
    expect(found.filter(([code]) => code !== 'form.range' && code !== 'form.span')).toEqual([]);
  });

  it('leave units to the writer, but for the pace of an assumption, which is a range', () => {
    const byHand = new RegExp(`\\{[^{}~]*\\} ?${UNITS}(?![a-z])`);
    const counted = /\} ?(?:分钟|天|%)/g;
    const found = rows.filter(
      ([code, text]) => !code.startsWith('form.') && byHand.test(text.replaceAll(counted, '}')),
    );
    expect(found).toEqual([]);
  });
});

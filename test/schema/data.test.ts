/** What rows of data/ keep beyond the rules in their heads; test/pools, test/owners and test/evidence hold the rest. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { REPO_ROOT } from '../support/corpus.ts';

/** Read by its own means: the reader of the program is not what is tested here. */
function rowsOf(file: string): Record<string, string>[] {
  const lines = readFileSync(path.join(REPO_ROOT, 'data', file), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('\t'));
  const [head = [], ...rows] = lines;
  return rows.map((cells) => Object.fromEntries(head.map((name, at) => [name, cells[at] ?? ''])));
}

/** What stands more than once. */
function repeated(values: readonly string[]): string[] {
  return values.filter((value, at) => values.indexOf(value) !== at);
}

describe('the rows of', () => {
  it('ports.tsv stand in order', () => {
    const ports = rowsOf('ports.tsv').map((row) => Number(row.port));
    expect(ports).toEqual(ports.toSorted((a, b) => a - b));
  });

  it('words.tsv name notes and kinds of damage that have a text', () => {
    const texts = new Set(rowsOf('texts/en.tsv').map((row) => Object.values(row)[0]));
    const codes = rowsOf('words.tsv').flatMap(({ list, words }) => {
      const prefix = list.endsWith('-damage') ? 'damage-' : '';
      return list.startsWith('note-of-') || prefix !== ''
        ? words.split(' ').map((word) => prefix + word)
        : [];
    });
    expect(codes.length).toBeGreaterThan(20);
    expect(codes.filter((code) => !texts.has(code))).toEqual([]);
    expect(repeated(codes.filter((code) => code.startsWith('damage-')))).toEqual([]);
  });

  it('hardware.tsv are measured if they say so', () => {
    for (const { device, confirmed, source } of rowsOf('hardware.tsv'))
      expect(confirmed === 'yes', device).toBe(!/general knowledge|judgement/.test(source));
  });

  it('algorithms.tsv have a range where somebody disagrees', () => {
    for (const { id, lowest, highest, disagree } of rowsOf('algorithms.tsv'))
      expect([lowest === '', highest === ''], id).toEqual([disagree === '', disagree === '']);
  });
});

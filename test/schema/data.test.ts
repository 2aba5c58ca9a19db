/** Rules that rows of data/ keep beyond those of their cells; test/pools, test/owners and test/evidence hold the rest. */
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
  it.each([
    ['pool-sources.tsv', 'id'],
    ['ports.tsv', 'port'],
    ['coins.tsv', 'ticker'],
    ['algorithms.tsv', 'id'],
    ['agents.tsv', 'name'],
    ['networks.tsv', 'asn'],
    ['keyword-rules.tsv', 'rule'],
  ])('%s have their %s once', (file, key) => {
    expect(repeated(rowsOf(file).map((row) => row[key]))).toEqual([]);
  });

  it('ports.tsv stand in order', () => {
    const ports = rowsOf('ports.tsv').map((row) => Number(row.port));
    expect(ports).toEqual(ports.toSorted((a, b) => a - b));
  });

  it('keywords.tsv belong to rules of keyword-rules.tsv, which all have words, each once', () => {
    const words = rowsOf('keywords.tsv');
    const counting = new Set(words.filter((row) => row.except === '').map((row) => row.rule));
    expect([...counting].sort()).toEqual(
      rowsOf('keyword-rules.tsv')
        .map((row) => row.rule)
        .sort(),
    );
    expect(words.filter((row) => !counting.has(row.rule))).toEqual([]);
    expect(repeated(words.map((row) => Object.values(row).join('\t')))).toEqual([]);
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

  it('agents.tsv name no program by the spelling of another', () => {
    const spellings = rowsOf('agents.tsv').flatMap((row) => [
      row.name.toLowerCase(),
      ...row.spellings.toLowerCase().split('; ').filter(Boolean),
    ]);
    expect(repeated(spellings)).toEqual([]);
  });

  it('hardware.tsv are in order, each device once a family, and measured if they say so', () => {
    const rows = rowsOf('hardware.tsv');
    for (const { device, low, value, high, confirmed, source } of rows) {
      expect(Number(low), device).toBeLessThanOrEqual(Number(value));
      expect(Number(value), device).toBeLessThanOrEqual(Number(high));
      expect(confirmed === 'yes', device).toBe(!/general knowledge|judgement/.test(source));
    }
    expect(repeated(rows.map((row) => `${row.family} ${row.machine} ${row.device}`))).toEqual([]);
  });

  it('algorithms.tsv hold the usual worth of a unit within the range of those who disagree', () => {
    for (const { id, difficulty, lowest, highest, disagree } of rowsOf('algorithms.tsv')) {
      expect([lowest === '', highest === ''], id).toEqual([disagree === '', disagree === '']);
      if (disagree === '') continue;
      const [least, usual, most] = [lowest, difficulty, highest].map((power) => Number(power.slice(2)));
      expect(least <= usual && usual <= most, id).toBe(true);
    }
  });
});

/** Tables of data/: what a wrong cell says, and that each file there is read by somebody who says what its columns are. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { list, number, oneOf, optional, table, text, words, yes } from '../../src/schema/table.ts';
import { REPO_ROOT } from '../support/corpus.ts';

const COLUMNS = {
  name: text,
  kind: oneOf('a', 'b'),
  ports: (cell: string) => words(cell).map(number(1, 65535)),
  aliases: list('; '),
  year: optional(number(2009, 2100)),
  gone: yes,
};

const read = (...rows: string[]): unknown =>
  table(
    'x.tsv',
    ['# what it is', 'name\tkind\tports\taliases\tyear\tgone', ...rows, ''].join('\n'),
    COLUMNS,
  )();

describe('a table of data/', () => {
  it('has a row a line, which may end after its last filled cell', () => {
    expect(read('one\ta\t25 443\tfirst one; 1\t2020\tyes', '# a remark', 'two\tb')).toEqual([
      { name: 'one', kind: 'a', ports: [25, 443], aliases: ['first one', '1'], year: 2020, gone: true },
      { name: 'two', kind: 'b', ports: [], aliases: [], year: null, gone: false },
    ]);
  });

  it.each([
    ['one', "data/x.tsv:3: kind '': is none of: a, b"],
    ['\ta', "data/x.tsv:3: name '': empty, or has blanks at an end"],
    ['one\ta\t25 70000', "data/x.tsv:3: ports '25 70000': is not a number from 1 to 65535"],
    ['one\ta\t25  443', "data/x.tsv:3: ports '25  443': empty, or has blanks at an end"],
    ['one\ta\t\t\tsoon', "data/x.tsv:3: year 'soon': is not a number from 2009 to 2100"],
    ['one\ta\t\t\t\tno', "data/x.tsv:3: gone 'no': is not 'yes'"],
    ['one\ta\t\t\t\tyes\tmore', 'data/x.tsv:3: more than 6 cells'],
  ])('says where %j is wrong', (row, message) => {
    expect(() => read(row)).toThrow(message);
  });

  it('names its columns as they are declared', () => {
    expect(() => table('x.tsv', 'kind\tname\n', COLUMNS)()).toThrow(
      'data/x.tsv:1: the columns are name, kind, ports, aliases, year, gone',
    );
  });
});

describe('the files of data/', () => {
  const files = readdirSync(path.join(REPO_ROOT, 'data')).filter((name) => name.endsWith('.tsv'));
  const sources = readdirSync(path.join(REPO_ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(path.join(REPO_ROOT, 'src', name), 'utf8'));

  it.each(files)('%s explains itself, stands on the page of its folder, and is read', (file) => {
    const lines = readFileSync(path.join(REPO_ROOT, 'data', file), 'utf8').split('\n');
    const head = lines.slice(
      0,
      lines.findIndex((line) => !line.startsWith('#')),
    );
    expect(head.length).toBeGreaterThan(2);
    expect(readFileSync(path.join(REPO_ROOT, 'data/README.md'), 'utf8')).toContain(`\`${file}\``);
    expect(sources.filter((source) => source.includes(`data/${file}?raw`))).toHaveLength(1);
    // Readers of these files end a row at the line feed.
    expect(lines.filter((line) => line.includes('\r'))).toEqual([]);
  });
});

/** The pages of docs/internals, compared with the source: files and functions that they name, and how many there are. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { REPO_ROOT } from './support/corpus.ts';

const SRC = path.join(REPO_ROOT, 'src');

function pageOf(name: string): string {
  return readFileSync(path.join(REPO_ROOT, 'docs', 'internals', `${name}.md`), 'utf8');
}

/** The way of a thing: file and function of each row of the first table. */
function stepsOf(page: string): [file: string, name: string][] {
  return [...page.matchAll(/^\| `([\w./-]+)` +\| `(\w+)` +\|/gm)].map(([, file = '', name = '']) => [
    file,
    name,
  ]);
}

function filesOf(page: string): string[] {
  const [walk = ''] = page.split('\n## ');
  return [...new Set([...walk.matchAll(/`([\w./-]+\.ts)`/g)].map(([, file = '']) => file))].filter(
    (file) => !file.startsWith('test/'),
  );
}

/** A function, a method, or a member of an object that is one. */
function isDefined(file: string, name: string): boolean {
  const own = new RegExp(
    `^(?:export |function |  +(?:private |protected |async )?)+${name}(?:<\\w+>)?(?:\\(|: \\()`,
    'm',
  );
  return own.test(readFileSync(path.join(SRC, file), 'utf8'));
}

describe.each([
  { name: 'life-of-a-share', calls: 12, files: 28 },
  { name: 'life-of-a-netflow-record', calls: 14, files: 26 },
])('$name', ({ name, calls, files }) => {
  const page = pageOf(name);

  it('names files and functions that exist', () => {
    const named = [...page.matchAll(/`([\w./-]+\.ts)`/g)].map(([, file = '']) => file);
    const isThere = (file: string): boolean =>
      existsSync(path.join(file.startsWith('test/') ? REPO_ROOT : SRC, file));
    expect(named.filter((file) => !isThere(file))).toEqual([]);
    const inText = [...page.matchAll(/`(\w+)` of\s+`([\w./-]+\.ts)`/g)];
    const steps = [...stepsOf(page), ...inText.map(([, own = '', file = '']) => [file, own] as const)];
    expect(steps.filter(([file, own]) => !isDefined(file, own))).toEqual([]);
  });

  it('is no longer than it says', () => {
    expect(stepsOf(page).length).toBeGreaterThan(10);
    expect(stepsOf(page).length - 1).toBeLessThanOrEqual(calls);
    expect(filesOf(page).length).toBeLessThanOrEqual(files);
  });
});

it('a NetFlow record is handed through fifteen files at most', () => {
  const steps = stepsOf(pageOf('life-of-a-netflow-record'));
  expect(new Set(steps.map(([file]) => file)).size).toBeLessThanOrEqual(15);
});

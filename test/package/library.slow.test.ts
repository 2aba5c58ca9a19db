/** The package as a library: as two independent programs judge its exports, and as the compiler sees its types. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { beforeAll, describe, expect, it } from 'vitest';
import { installTarball } from '../support/artefact.ts';
import { REPO_ROOT } from '../support/corpus.ts';

describe('the package as a library', () => {
  let folder = '';
  let tarball = '';
  beforeAll(() => {
    folder = installTarball();
    tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
  }, 120_000);

  function run(tool: string, ...args: readonly string[]): [said: string, status: number | null] {
    const file = path.join(REPO_ROOT, 'node_modules', tool);
    const ran = spawnSync(process.execPath, [file, ...args], { cwd: folder, encoding: 'utf8' });
    return [ran.stdout + ran.stderr, ran.status];
  }

  it('gives publint nothing to say', () => {
    expect(run('publint/src/cli.js', 'node_modules/minesweep', '--strict')).toEqual([
      expect.stringContaining('All good!'),
      0,
    ]);
  });

  it('is resolved with its types, as attw sees it', () => {
    const args = [tarball, '--profile', 'esm-only', '--exclude-entrypoints', 'audit.schema.json'];
    expect(run('@arethetypeswrong/cli/dist/index.js', ...args)).toEqual([
      // What is ignored is CommonJS, which is not promised.
      expect.stringMatching(/node16 \(from ESM\).*🟢/),
      0,
    ]);
  });

  it('has types that fit the example of its page and refuse what is wrong', () => {
    const page = readFileSync(path.join(REPO_ROOT, 'docs/reference/library.md'), 'utf8');
    const example = /```js\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
    writeFileSync(path.join(folder, 'example.mts'), example);
    writeFileSync(
      path.join(folder, 'wrong.mts'),
      `import type { Audit, Options } from 'minesweep';
       // @ts-expect-error No audit is a text.
       export const wrong: Audit = 'audit';
       // @ts-expect-error There is no scan of nothing.
       export const none: Options = {};\n`,
    );
    const strict = ['--strict', '--noEmit', '--target', 'es2023', '--module', 'nodenext'];
    const node = ['--types', 'node', '--typeRoots', path.join(REPO_ROOT, 'node_modules/@types')];
    expect(
      run('typescript/bin/tsc', ...strict, ...node, '--skipLibCheck', 'example.mts', 'wrong.mts'),
    ).toEqual(['', 0]);
    // The shipped types by themselves, without leave for what is wrong in them.
    expect(run('typescript/bin/tsc', ...strict, ...node, 'example.mts')).toEqual(['', 0]);
  });
});

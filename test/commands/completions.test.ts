/** Completions: what the shells themselves make of the scripts, and nothing of the registry left out. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '../../src/cli.ts';
import { COMMANDS } from '../../src/commands/index.ts';
import { FORMATS } from '../../src/report/index.ts';
import { capture } from '../cli/streams.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder('completions');

async function scriptOf(shell: string): Promise<string> {
  const to = capture();
  expect(await main(['completions', shell], {}, to.streams)).toBe(0);
  return to.out();
}

async function fileOf(shell: string): Promise<string> {
  const file = path.join(folder, `minesweep.${shell}`);
  writeFileSync(file, await scriptOf(shell));
  return file;
}

const isAbsent = (shell: string): boolean => spawnSync(shell, ['-c', 'exit 0']).status !== 0;

describe.each(['bash', 'zsh', 'fish', 'man'])('of %s', (shell) => {
  it('name every command and every option', async () => {
    // A man page writes each hyphen as an escape.
    const script = (await scriptOf(shell)).replaceAll('\\-', '-');
    for (const { name, options } of COMMANDS) {
      expect(script).toContain(name);
      for (const option of options)
        expect(script).toContain(shell === 'fish' ? `-l ${option.name} ` : `--${option.name}`);
    }
  });
});

describe.each(['bash', 'zsh', 'fish'])('of %s (skipped without it)', (shell) => {
  it.skipIf(isAbsent(shell))('are a valid script', async () => {
    const { status, stderr } = spawnSync(shell, ['-n', await fileOf(shell)], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});

describe.skipIf(isAbsent('bash'))('of bash at work', () => {
  /** What is offered for the last of these words. */
  async function offered(...words: readonly string[]): Promise<string[]> {
    const list = words.map((word) => `'${word}'`).join(' ');
    const program = `source '${await fileOf('bash')}'
      COMP_WORDS=(${list}); COMP_CWORD=${words.length - 1}
      _minesweep; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout } = spawnSync('bash', ['-c', program], { encoding: 'utf8', cwd: folder });
    return stdout.trimEnd().split('\n');
  }

  it('offer commands, options of a command, values and files', async () => {
    expect(await offered('minesweep', 'sc')).toEqual(['scan']);
    expect(await offered('minesweep', 'pools', 'e')).toEqual(['export']);
    expect(await offered('minesweep', 'pools', 'export', 'suri')).toEqual([
      'suricata-dataset',
      'suricata-rules',
      'suricata-json',
    ]);
    expect(await offered('minesweep', 'pools', 'import', 'minesweep.b')).toEqual(['minesweep.bash']);
    expect(await offered('minesweep', 'scan', '--form')).toEqual(['--format']);
    expect(await offered('minesweep', 'scan', '--format', '')).toEqual(FORMATS);
    expect(await offered('minesweep', 'scan', 'minesweep.b')).toEqual(['minesweep.bash']);
  });
});

describe.skipIf(isAbsent('fish'))('of fish at work', () => {
  it('offer commands, options of a command and values', async () => {
    const file = await fileOf('fish');
    const offered = (line: string): string[] =>
      spawnSync('fish', ['-c', `source '${file}'; complete -C '${line}'`], { encoding: 'utf8' })
        .stdout.trimEnd()
        .split('\n')
        .map((each) => each.split('\t')[0] ?? '');
    expect(offered('minesweep sc')).toEqual(['scan']);
    // fish also offers what has the letters elsewhere.
    expect(offered('minesweep scan --form')).toContain('--format');
    expect(offered('minesweep scan --format ti')).toEqual(['ticket']);
  });
});

it('of another shell are refused with a hint', async () => {
  const to = capture();
  expect(await main(['completions', 'tcsh'], {}, to.streams)).toBe(2);
  expect(to.err()).toBe("minesweep: 'tcsh' is not a shell\n  One of: bash, zsh, fish, man.\n");
});

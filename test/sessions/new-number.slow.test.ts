/** A new number of a session takes two edits: its row in data/session.tsv, and the line that counts it. */
import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readCapture } from '../support/capture-reader.ts';
import { REPO_ROOT } from '../support/corpus.ts';
import { cutInto } from '../support/states.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const CAPTURE = path.join(REPO_ROOT, 'fixtures/cryptonote/xmr-many-shares.pcap');
const EDITS: readonly (readonly [file: string, behind: string, line: string])[] = [
  [
    'data/session.tsv',
    'connections.missedOut\t',
    'connections.covered\tcount\t\t0\tsum\treset\tmerge\t\tConnections whose end was seen.\n',
  ],
  ['src/sessions/session.ts', '  cover(firstUs', '    this.connections.covered++;\n'],
];

/** What the build does not read. */
const LEFT_OUT = new Set(['node_modules', '.git', 'dist', 'test', 'fixtures', 'coverage', '.stryker-tmp']);

const folder = temporaryFolder('number');

/** Runs a command in the copy; answers what it prints. */
function run(...command: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  expect([status, stderr.slice(0, 2000)], command.join(' ')).toEqual([0, expect.anything()]);
  return stdout;
}

function coveredOf(audit: string): unknown[] {
  return JSON.parse(audit).sessions.map(
    ({ facts }: { facts?: { connections: object } }) => facts && Reflect.get(facts.connections, 'covered'),
  );
}

describe('a new number of a session', () => {
  beforeAll(() => {
    for (const part of readdirSync(REPO_ROOT))
      if (!LEFT_OUT.has(part))
        cpSync(path.join(REPO_ROOT, part), path.join(folder, part), { recursive: true });
    // Links to the files, as the build asks where packages lie; copies where the folder is on another disk.
    const modules = [path.join(REPO_ROOT, 'node_modules'), path.join(folder, 'node_modules')];
    if (spawnSync('cp', ['-al', ...modules]).status !== 0) spawnSync('cp', ['-a', ...modules]);
    for (const [file, behind, line] of EDITS) {
      const whole = path.join(folder, file);
      const source = readFileSync(whole, 'utf8');
      expect(source).toContain(behind);
      const end = source.indexOf('\n', source.indexOf(behind)) + 1;
      writeFileSync(whole, source.slice(0, end) + line + source.slice(end));
    }
    run('bin/build.mjs');
  }, 120_000);

  it('is in the audit, and its types and schema', () => {
    const audit = run('bin/minesweep.js', 'scan', CAPTURE, '--format', 'json');
    expect(coveredOf(audit)).toEqual([1]);
    expect(readFileSync(path.join(folder, 'dist/audit.d.ts'), 'utf8')).toContain('covered: number');
    const schema = JSON.parse(readFileSync(path.join(folder, 'dist/audit.schema.json'), 'utf8'));
    expect(schema.$defs.sessionFacts.properties.connections.required).toContain('covered');
  });

  it('is that of both where two parts are joined', () => {
    const names = cutInto(folder, 'part', readCapture(CAPTURE), 2).map((capture) => {
      writeFileSync(`${capture}.json`, run('bin/minesweep.js', 'scan', capture, '--format', 'json'));
      return `${capture}.json`;
    });
    expect(coveredOf(run('bin/minesweep.js', 'merge', ...names, '--format', 'json'))).toEqual([2]);
  });
});

/** The packed package on each release of Node.js that it is for; those that cannot be had are skipped. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { beforeAll, describe, expect, it } from 'vitest';
import { describeUse, installTarball, runThroughPipe } from '../support/artefact.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** The oldest is not the first: what a run with another of the same V8 has kept lies there for it. */
const RELEASES = ['20', '20.15.0', '22', '24'];

let folder = '';
beforeAll(() => {
  folder = installTarball();
}, 240_000);

/** The folder of that Node.js, which npm has as a package; null if it cannot be had. */
function nodeFolder(release: string): string | null {
  const home = temporaryFolder(`node-${release}`);
  writeFileSync(path.join(home, 'package.json'), '{"private":true}\n');
  // What the package `node` fetches when it is installed.
  const name = `node-${process.platform}-${process.arch}`;
  const got = spawnSync('npm', ['install', '--no-audit', '--no-fund', `${name}@${release}`], { cwd: home });
  const bin = path.join(home, 'node_modules', name, 'bin');
  const ran = spawnSync(path.join(bin, 'node'), ['--version'], { encoding: 'utf8' });
  return got.status === 0 && String(ran.stdout).startsWith(`v${release}`) ? bin : null;
}

for (const release of RELEASES) {
  const bin = nodeFolder(release);
  if (bin === null) it.skip(`the package on Node.js ${release}, which cannot be had here`);
  else
    describeUse(`the package on Node.js ${release}`, () => ({
      command: [path.join(folder, 'node_modules/.bin/minesweep')],
      path: bin,
    }));
}

// On one core there is none.
describe.runIf(availableParallelism() > 1)('the installed package', () => {
  it('reads a long flow log in a thread of its own', () => {
    const head =
      'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
    const row =
      '2 123456789010 eni-0a1b2c3d4e5f67890 10.0.0.5 198.51.100.20 51000 3333 6 25 4000 1700000000 1700000060 ACCEPT OK';
    writeFileSync(path.join(folder, 'vpc.log'), `${head}\n${`${row}\n`.repeat(1_000_000)}`);
    const minesweep = { command: ['node_modules/.bin/minesweep'] };
    const { stdout, stderr } = runThroughPipe(minesweep, folder, 'scan', 'vpc.log', '--log-level', 'debug');
    expect(stderr).toContain('flow logs are read in a thread of their own');
    const audit: { inputs: { kind: string; flows: number; damage: unknown[] }[] } = JSON.parse(stdout);
    expect(audit.inputs.map(({ kind, flows, damage }) => [kind, flows, damage])).toEqual([
      ['aws-vpc', 1_000_000, []],
    ]);
  });
});

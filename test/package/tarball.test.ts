/** What npm would publish: installed into an empty folder, and run there on a terminal. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { HAS_TERMINAL, installTarball, runOnTerminal, runThroughPipe } from '../support/artefact.ts';
import { REPO_ROOT } from '../support/corpus.ts';

describe('the packed package', () => {
  let folder = '';
  beforeAll(() => {
    folder = installTarball();
    copyFileSync(
      path.join(REPO_ROOT, 'fixtures/cryptonote/xmr-plain-vardiff.pcap'),
      path.join(folder, 'one.pcap'),
    );
  });
  const minesweep = { command: ['node_modules/.bin/minesweep'] };

  it.skipIf(!HAS_TERMINAL)('prints the first screen on a terminal (needs script(1), if skipped)', () => {
    const { stdout, status } = runOnTerminal(minesweep, folder, 'scan', 'one.pcap');
    expect([status, stdout]).toEqual([0, expect.stringMatching(/192\.0\.2\.11.*confirmed/)]);
  });

  it('has no scripts that would build it again, and ships alert rules and the dashboard', () => {
    const installed = (name: string): string =>
      readFileSync(path.join(folder, 'node_modules/minesweep', name), 'utf8');
    const { scripts = null, devDependencies = null } = JSON.parse(installed('package.json'));
    expect([scripts, devDependencies]).toEqual([null, null]);
    expect(installed('packaging/prometheus/minesweep.rules.yml')).toContain('minesweep_watch_');
    expect(Object.keys(JSON.parse(installed('packaging/grafana/minesweep.json')))).toContain('panels');
  });

  it('has no such scripts either if it is packed by npm pack alone', () => {
    const { scripts } = JSON.parse(readFileSync(path.join(REPO_ROOT, 'package.json'), 'utf8'));
    const atInstallation = /^(pre|post)?(install|prepare|publish)(Only)?$/;
    expect(Object.keys(scripts).filter((name) => atInstallation.test(name))).toEqual([]);
  });

  // Bun refuses flags of V8 up to 1.2, and takes them without effect later.
  it.each(["throw new Error('is not implemented')", ''])(
    'starts on another engine than V8: "%s"',
    (flags) => {
      const refuse = `import v8 from 'node:v8';
      for (const name of ['getHeapSpaceStatistics', 'cachedDataVersionTag'])
        v8[name] = () => { throw new Error(name + ' is not implemented'); };
      v8.setFlagsFromString = () => { ${flags} };
      // Bun 1.4 says ten times of what it has taken so far.
      const heap = { ...v8.getHeapStatistics(), heap_size_limit: 50_000_000 };
      v8.getHeapStatistics = () => heap;
      Object.defineProperty(process, 'versions', { value: { ...process.versions, bun: '1.4.5' } });`;
      const before = ['--import', `data:text/javascript,${encodeURIComponent(refuse)}`];
      const other = { command: ['node', ...before, 'node_modules/minesweep/bin/minesweep.js'] };
      const { stdout, status } = runThroughPipe(other, folder, 'scan', 'one.pcap', '--quiet');
      expect([status, stdout]).toEqual([0, expect.stringContaining('"verdict":"confirmed"')]);
    },
  );

  it('prints its version and an audit through a pipe', () => {
    expect(runThroughPipe(minesweep, folder, '--version').stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    const { stdout } = runThroughPipe(minesweep, folder, 'scan', 'one.pcap', '--quiet');
    const { hosts }: { hosts: { ip: string; verdict: string }[] } = JSON.parse(stdout);
    expect(hosts.map(({ ip, verdict }) => [ip, verdict])).toEqual([['192.0.2.11', 'confirmed']]);
  });

  it('is a library: the example of docs/reference/library.md runs', () => {
    runThroughPipe(minesweep, folder, 'scan', 'one.pcap', '--out', '.', '--quiet');
    const page = readFileSync(path.join(REPO_ROOT, 'docs/reference/library.md'), 'utf8');
    writeFileSync(path.join(folder, 'example.mjs'), /```js\n([\s\S]*?)```/.exec(page)?.[1] ?? '');
    const { stdout, stderr, status } = runThroughPipe({ command: ['node', 'example.mjs'] }, folder);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^192\.0\.2\.11 confirmed \S+ [\d.]+ W\n1 hosts in the audit of \d{4}-/);
  });

  it('holds the program, its words and its licences, and neither tests nor sources nor captures', () => {
    const [tarball = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
    const files = execFileSync('tar', ['-tzf', tarball], { cwd: folder, encoding: 'utf8' }).split('\n');
    const wanted = [
      'bin/minesweep.js',
      'bin/program.js',
      'dist/minesweep.cjs',
      'dist/reading.cjs',
      'dist/library.js',
      'dist/library.d.ts',
      'dist/conversations.wasm',
      'dist/counters.wasm',
      'dist/packets.wasm',
      'dist/minesweep-asn.mmdb',
      'dist/THIRD-PARTY.txt',
      'dist/sbom.cdx.json',
      'dist/audit.schema.json',
      'README.md',
      'LICENSE',
      'CHANGELOG.md',
    ];
    expect(files).toEqual(expect.arrayContaining(wanted.map((name) => `package/${name}`)));
    expect(
      files.filter((file) => /^package\/(test|fixtures)\/|\.pcap|\.mjs$|(?<!\.d)\.ts$/.test(file)),
    ).toEqual([]);
  });

  it('takes at most 7 MB of the network and 20 MB of disk, and brings no other package', () => {
    const kilobytes = (...args: string[]): number =>
      Number(execFileSync('du', ['-k', ...args], { cwd: folder, encoding: 'utf8' }).split('\t')[0]);
    const [tarball = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
    expect(kilobytes(tarball)).toBeLessThan(7000);
    expect(kilobytes('-s', 'node_modules')).toBeLessThan(20_000);
    const installed = readdirSync(path.join(folder, 'node_modules')).filter((name) => !name.startsWith('.'));
    expect(installed).toEqual(['minesweep']);
  });
});

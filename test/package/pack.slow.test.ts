/**
 * What npm would publish: the packed file installs into an empty folder and runs there.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REPO_ROOT } from '../support/corpus.ts';

const CAPTURE = path.join(REPO_ROOT, 'fixtures/cryptonote/xmr-plain-vardiff.pcap');

function run(command: string, args: readonly string[], cwd: string): string {
  return execFileSync(command, [...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

describe('the packed package', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'minesweep-pack-'));
  let files: readonly string[] = [];

  beforeAll(() => {
    const packed: unknown = JSON.parse(
      run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], REPO_ROOT),
    );
    files = listed(packed);
    writeFileSync(path.join(folder, 'package.json'), '{"name":"empty","private":true}\n');
    const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
    run('npm', ['install', '--no-audit', '--no-fund', path.join(folder, tarball)], folder);
  }, 240_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('holds the program, its words and its licence, and neither tests nor sources nor captures', () => {
    const wanted = [
      'bin/minesweep.js',
      'dist/minesweep.js',
      'dist/conversations.wasm',
      'dist/counters.wasm',
      'dist/packets.wasm',
      'dist/minesweep-asn.mmdb',
      'dist/THIRD-PARTY.txt',
      'dist/audit.schema.json',
      'README.md',
      'LICENSE',
      'CHANGELOG.md',
    ];
    for (const file of wanted) {
      expect(files).toContain(file);
    }
    expect(files.filter((file) => /^(test|fixtures)\/|\.pcap|\.ts$/.test(file))).toEqual([]);
  });

  it('takes at most 20 MB of disk, with all that it needs', () => {
    const modules = path.join(folder, 'node_modules');
    const [kilobytes] = run('du', ['-sk', modules], folder).split('\t');
    expect(Number(kilobytes)).toBeGreaterThan(1000);
    expect(Number(kilobytes)).toBeLessThanOrEqual(20 * 1024);
    // What is bundled is not installed a second time.
    const manifest: { dependencies: Record<string, string> } = JSON.parse(
      readFileSync(path.join(modules, 'minesweep/package.json'), 'utf8'),
    );
    const direct = readdirSync(modules).filter((name) => !name.startsWith('.'));
    expect(direct).toEqual(expect.arrayContaining(Object.keys(manifest.dependencies)));
    expect(direct).not.toContain('commander');
  });

  it('runs where it is installed', () => {
    const bin = path.join(folder, 'node_modules/.bin/minesweep');
    expect(run(bin, ['--version'], folder)).toMatch(/^\d+\.\d+\.\d+\n$/);
    const audit: { hosts: { ip: string; verdict: string }[] } = JSON.parse(
      run(bin, ['scan', CAPTURE, '--format', 'json', '--quiet'], folder),
    );
    expect(audit.hosts.map(({ ip, verdict }) => [ip, verdict])).toEqual([['192.0.2.11', 'confirmed']]);
  }, 60_000);

  // On one core there is none.
  it.runIf(availableParallelism() > 1)(
    'reads a long flow log in a thread of its own',
    () => {
      const bin = path.join(folder, 'node_modules/.bin/minesweep');
      const log = path.join(folder, 'vpc.log');
      const head =
        'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
      const row =
        '2 123456789010 eni-0a1b2c3d4e5f67890 10.0.0.5 198.51.100.20 51000 3333 6 25 4000 1700000000 1700000060 ACCEPT OK';
      writeFileSync(log, `${head}\n${`${row}\n`.repeat(1_000_000)}`);
      const { stdout, stderr } = spawnSync(
        bin,
        ['scan', log, '--format', 'json', '--log-level', 'debug', '--no-color'],
        { cwd: folder, encoding: 'utf8' },
      );
      expect(stderr).toContain('flow logs are read in a thread of their own');
      const audit: { inputs: { kind: string; flows: number; damage: unknown[] }[] } = JSON.parse(stdout);
      expect(audit.inputs.map(({ kind, flows, damage }) => [kind, flows, damage])).toEqual([
        ['aws-vpc', 1_000_000, []],
      ]);
    },
    60_000,
  );
});

function listed(packed: unknown): string[] {
  const entries: unknown = Array.isArray(packed) ? packed[0] : Object.values(packed ?? {})[0];
  if (typeof entries !== 'object' || entries === null || !('files' in entries)) return [];
  return Array.isArray(entries.files) ? entries.files.map((file: { path: string }) => file.path) : [];
}

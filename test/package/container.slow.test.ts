/**
 * The container: built by buildah on an image of this machine's Node.js and its libraries, and run as its image says, with
 * a root that is read-only and without a network. Skipped if this is not root with buildah and unshare(1).
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REPO_ROOT } from '../support/corpus.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder('container');
const root = path.join(folder, 'root');
const isReady =
  process.getuid?.() === 0 &&
  spawnSync('buildah', ['--version']).status === 0 &&
  spawnSync('unshare', ['--mount', '--net', 'true']).status === 0;

/** In a store of its own, without namespaces that a machine may refuse. */
function buildah(...args: readonly string[]): string {
  const store = ['--root', path.join(folder, 'store'), '--runroot', path.join(folder, 'run')];
  const env = { ...process.env, STORAGE_DRIVER: 'vfs', BUILDAH_ISOLATION: 'chroot' };
  return execFileSync('buildah', [...store, ...args], { cwd: folder, env, encoding: 'utf8' }).trim();
}

/** An image with Node.js and what it is linked with. */
function baseImage(): string {
  const libraries = execFileSync('ldd', [process.execPath], { encoding: 'utf8' }).match(/\/\S+/g) ?? [];
  for (const file of [process.execPath, ...libraries]) {
    mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
    copyFileSync(file, path.join(root, file));
  }
  const container = buildah('from', 'scratch');
  buildah('copy', container, root, '/');
  buildah('config', '--env', `PATH=${path.dirname(process.execPath)}`, container);
  buildah('commit', container, 'localhost/base');
  return 'localhost/base';
}

describe.skipIf(!isReady)('the container (not root with buildah and unshare, if skipped)', () => {
  let config: { User: string; Entrypoint: string[]; WorkingDir: string };
  let mounted = '';

  beforeAll(() => {
    execFileSync(process.execPath, [path.join(REPO_ROOT, 'bin/pack.mjs'), folder], { stdio: 'ignore' });
    const file = path.join(REPO_ROOT, 'packaging/Containerfile');
    const base = ['--build-arg', `BASE=${baseImage()}`, '--pull=never', '--network', 'none'];
    buildah('build', ...base, '-f', file, '-t', 'localhost/minesweep', '.');
    config = JSON.parse(buildah('inspect', '--type', 'image', 'localhost/minesweep')).OCIv1.config;
    mounted = buildah('mount', buildah('from', '--pull=never', 'localhost/minesweep'));
    mkdirSync(path.join(folder, 'data'));
    const capture = path.join(REPO_ROOT, 'fixtures/cryptonote/xmr-plain-vardiff.pcap');
    copyFileSync(capture, path.join(folder, 'data/one.pcap'));
  }, 300_000);
  afterAll(() => {
    buildah('rm', '--all');
  });

  /** Runs a command in it as `podman run --read-only --network none -v data:/data:ro` does. */
  function run(...command: readonly string[]) {
    const script = `root=$1 data=$2; mount --bind "$root" "$root"; mount -o bind,ro "$data" "$root${config.WorkingDir}"
      mount -o remount,bind,ro "$root"; cd /; shift 2; exec chroot --userspec=${config.User} "$root" "$@"`;
    const words = ['--mount', '--net', 'sh', '-ec', script, 'sh', mounted, path.join(folder, 'data')];
    const env = { PATH: `${path.dirname(process.execPath)}:/usr/sbin:/usr/bin:/sbin:/bin` };
    return spawnSync('unshare', [...words, ...command], { encoding: 'utf8', env });
  }

  it('is nobody, and can write nowhere', () => {
    expect(config.User).toBe('65534:65534');
    const write =
      "try { require('fs').writeFileSync('/x', '') } catch (e) { console.log(process.getuid(), e.code) }";
    expect(run(process.execPath, '-e', write).stdout).toBe('65534 EROFS\n');
  });

  it('finds the miner of a folder that is mounted', () => {
    const { stdout, stderr, status } = run(
      ...config.Entrypoint,
      'scan',
      config.WorkingDir,
      '--format',
      'json',
    );
    expect([status, stderr]).toEqual([0, '']);
    const { hosts }: { hosts: { ip: string; verdict: string }[] } = JSON.parse(stdout);
    expect(hosts.map(({ ip, verdict }) => [ip, verdict])).toEqual([['192.0.2.11', 'confirmed']]);
  });

  it('holds what npm would publish and nothing else of ours', () => {
    expect(readdirSync(path.join(mounted, 'opt'))).toEqual(['package']);
    expect(readdirSync(path.join(mounted, 'opt/package')).sort()).toContain('dist');
  });
});

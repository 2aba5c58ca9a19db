/**
 * The Debian package: built, looked at by lintian, installed, run as its services run, and purged. Skipped if this is not
 * root on Debian with debhelper and lintian, or if a package or user of that name is there already.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { describeUse } from '../support/artefact.ts';
import { readCapture } from '../support/capture-reader.ts';
import { writePcap } from '../support/capture-writer.ts';
import { REPO_ROOT } from '../support/corpus.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const UNITS = ['minesweep-watch.service', 'minesweep-nightly.service', 'minesweep-nightly.timer'];
const PROGRAMS = ['dpkg', 'dh_builddeb', 'lintian', 'runuser', 'systemd-sysusers'];
const STATE = '/var/lib/minesweep';
/** The most exposed that a service may be, from 0 to 10. */
const MOST_EXPOSED = 2;

const folder = temporaryFolder();
const captures = path.join(folder, 'captures');
const isReady =
  process.getuid?.() === 0 &&
  PROGRAMS.every(isInstalled) &&
  !isUser() &&
  spawnSync('dpkg', ['-s', 'minesweep']).status !== 0;

function isInstalled(program: string): boolean {
  return spawnSync(program, ['--version']).error === undefined;
}

function isUser(): boolean {
  return spawnSync('getent', ['passwd', 'minesweep']).status === 0;
}

function run(command: string, ...args: readonly string[]): string {
  return execFileSync(command, [...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** The capture as if it had begun an hour ago. */
function recent(capture: string): Uint8Array {
  const packets = readCapture(path.join(REPO_ROOT, capture));
  const laterUs = (Date.now() - 3_600_000) * 1000 - packets[0].timeUs;
  return writePcap(packets.map((packet) => ({ ...packet, timeUs: packet.timeUs + laterUs })));
}

/** What the unit starts, with the captures of this test. */
function startOf(unit: string): string[] {
  const text = readFileSync(`/usr/lib/systemd/system/${unit}`, 'utf8');
  const command = /^ExecStart=(.*)$/m.exec(text)?.[1] ?? '';
  // Captured a moment ago, not yesterday.
  return command.replaceAll('/var/captures', captures).replace('--until today', '--until now').split(' ');
}

describe.skipIf(!isReady)('the Debian package (not root on Debian with debhelper, if skipped)', () => {
  let file = '';
  beforeAll(() => {
    chmodSync(folder, 0o755);
    mkdirSync(captures);
    writeFileSync(path.join(captures, 'one.pcap'), recent('fixtures/cryptonote/xmr-plain-vardiff.pcap'));
    chmodSync(path.join(captures, 'one.pcap'), 0o644);
    // Whole: nobody has written to it for a minute.
    utimesSync(path.join(captures, 'one.pcap'), Date.now() / 1000 - 60, Date.now() / 1000 - 60);
    // The script makes its folder.
    const built = path.join(folder, 'new/built');
    run('sh', path.join(REPO_ROOT, 'packaging/deb/build.sh'), built);
    file = path.join(built, readdirSync(built).find((name) => name.endsWith('.deb')) ?? '');
  }, 300_000);
  afterAll(() => {
    spawnSync('dpkg', ['--purge', 'minesweep']);
  });

  it('gives lintian nothing to say', () => {
    const { stdout, status } = spawnSync('lintian', ['--fail-on', 'error,warning', file], {
      encoding: 'utf8',
    });
    expect([stdout, status]).toEqual(['', 0]);
  }, 120_000);

  it('installs with a user, man page, completions, units and a configuration file', () => {
    // Node.js need not come from a package.
    run('dpkg', '--force-depends', '--install', file);
    expect(isUser()).toBe(true);
    const there = [
      '/usr/share/man/man1/minesweep.1.gz',
      '/usr/share/bash-completion/completions/minesweep',
      '/usr/share/zsh/vendor-completions/_minesweep',
      '/usr/share/fish/vendor_completions.d/minesweep.fish',
      '/etc/minesweep/minesweep.json',
      ...UNITS.map((unit) => `/usr/lib/systemd/system/${unit}`),
    ];
    // A system may leave out documents by a rule of dpkg.
    const left = there.filter((name) => !existsSync(name));
    expect(left.filter((name) => !name.startsWith('/usr/share/'))).toEqual([]);
    const listed = run('dpkg-query', '--listfiles', 'minesweep').split('\n');
    expect(listed).toEqual(expect.arrayContaining(there));
    expect(run('dpkg-query', '--status', 'minesweep')).toMatch(
      /^Conffiles:\n \/etc\/minesweep\/minesweep\.json/m,
    );
  }, 60_000);

  it.runIf(isInstalled('systemd-analyze'))('has units that systemd takes and calls hardly exposed', () => {
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', ...UNITS], {
      encoding: 'utf8',
    });
    expect([stderr, status]).toEqual(['', 0]);
    for (const unit of UNITS.filter((name) => name.endsWith('.service'))) {
      const said = run('systemd-analyze', 'security', '--offline=true', '--no-pager', unit);
      const level = /exposure level for \S+: ([\d.]+)/.exec(said)?.[1];
      expect(Number(level)).toBeLessThanOrEqual(MOST_EXPOSED);
    }
  });

  describeUse('the installed command', () => ({ command: ['/usr/bin/minesweep'] }));

  it('audits as the service does, as its user', () => {
    // What StateDirectory= makes.
    run('install', '-d', '-m', '750', '-o', 'minesweep', '-g', 'minesweep', STATE);
    const ran = spawnSync('runuser', ['-u', 'minesweep', '--', ...startOf('minesweep-nightly.service')], {
      cwd: '/etc/minesweep',
      encoding: 'utf8',
    });
    expect([ran.stderr, ran.status]).toEqual(['', 3]);
    const [night = ''] = readdirSync(path.join(STATE, 'nights'));
    const written = path.join(STATE, 'nights', night, 'audit.json');
    expect(run('stat', '--format', '%U', written)).toBe('minesweep\n');
    const { hosts }: Audit = JSON.parse(readFileSync(written, 'utf8'));
    expect(hosts.map(({ ip, verdict }) => [ip, verdict])).toEqual([['192.0.2.11', 'confirmed']]);
  }, 60_000);

  it('watches as the service does, and ends when it is told to', async () => {
    const [command = '', ...args] = startOf('minesweep-watch.service');
    const [uid, gid] = ['-u', '-g'].map((which) => Number(run('id', which, 'minesweep')));
    const watch = spawn(command, args, { cwd: '/etc/minesweep', uid, gid, stdio: 'ignore' });
    const ended = once(watch, 'exit');
    const alerts = path.join(STATE, 'alerts.json');
    await vi.waitUntil(
      () => existsSync(alerts) && readFileSync(alerts, 'utf8').includes('192.0.2.11'),
      50_000,
    );
    watch.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    const { hosts }: Audit = JSON.parse(readFileSync(path.join(STATE, 'watch/audit.json'), 'utf8'));
    expect(hosts.map(({ ip, verdict }) => [ip, verdict])).toEqual([['192.0.2.11', 'confirmed']]);
  }, 60_000);

  it('purges whole', () => {
    run('dpkg', '--purge', 'minesweep');
    const left = ['/usr/lib/minesweep', '/usr/bin/minesweep', '/etc/minesweep', STATE];
    expect(left.filter((name) => statSync(name, { throwIfNoEntry: false }) !== undefined)).toEqual([]);
    expect(isUser()).toBe(false);
  }, 60_000);
});

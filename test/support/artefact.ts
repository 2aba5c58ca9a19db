/**
 * What users install, run as they run it: on a terminal and through a pipe, in an empty folder, with nothing of this
 * checkout but the inputs. A terminal is made by script(1).
 */
import { execFileSync, type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { FORMATS } from '../../src/report/index.ts';
import { buildBenchCapture } from './bench-capture.ts';
import { REPO_ROOT } from './corpus.ts';
import { nfcapd2, v3Record } from './flow-writer.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** The command, and what comes first on PATH: the Node.js that it runs on. */
export interface Artefact {
  readonly command: readonly string[];
  readonly path?: string;
}

export const HAS_TERMINAL = spawnSync('script', ['--version']).status === 0;
const CAPTURE = path.join(REPO_ROOT, 'fixtures/cryptonote/xmr-plain-vardiff.pcap');
/** What an exception that nobody caught looks like. */
const STACK = /this is a bug|\n\s+at \S.*[:(]|ERR_|Cannot find (module|package)/;

/** Packs what npm would publish and installs it in a new folder, without a network; returns the folder. */
export function installTarball(): string {
  const folder = temporaryFolder('installed');
  const npm = (...args: string[]): string =>
    execFileSync('npm', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  execFileSync(process.execPath, [path.join(REPO_ROOT, 'bin/pack.mjs'), folder]);
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
  writeFileSync(path.join(folder, 'package.json'), '{"name":"empty","private":true}\n');
  npm('install', '--offline', '--no-audit', '--no-fund', `./${tarball}`);
  return folder;
}

function environment({ path: first }: Artefact): NodeJS.ProcessEnv {
  return { HOME: process.env.HOME, TERM: 'xterm', PATH: [first, process.env.PATH].filter(Boolean).join(':') };
}

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/** The words for script(1), which ends as the command does. */
function terminal({ command }: Artefact, args: readonly string[]): string[] {
  // Without `exec`, Ctrl-C would end the shell in between as well.
  return ['-qec', `exec ${[...command, ...args].map(quoted).join(' ')}`, '/dev/null'];
}

export function runOnTerminal(artefact: Artefact, cwd: string, ...args: string[]): SpawnSyncReturns<string> {
  return spawnSync('script', terminal(artefact, args), { cwd, env: environment(artefact), encoding: 'utf8' });
}

export function runThroughPipe(artefact: Artefact, cwd: string, ...args: string[]): SpawnSyncReturns<string> {
  const [program = '', ...first] = artefact.command;
  const options = { cwd, env: environment(artefact), encoding: 'utf8', maxBuffer: 1 << 28 } as const;
  return spawnSync(program, [...first, ...args], options);
}

/** A file of nfcapd whose only block is LZ4 without a single match. */
function lz4Nfcapd(count: number): Buffer {
  const record = v3Record({
    ...{ firstMs: 1_700_000_000_000, lastMs: 1_700_000_060_000, packets: 40, bytes: 4000 },
    ...{ source: '10.0.0.5', destination: '198.51.100.20', sourcePort: 51_000, destinationPort: 3333 },
  });
  const plain = Buffer.from(nfcapd2([new Array<Uint8Array>(count).fill(record)], { compression: 3 }));
  const [head, block, body] = [plain.subarray(0, 40), plain.subarray(40, 52), plain.subarray(52)];
  const more = body.length - 15;
  const lengths = [0xf0, ...new Array<number>(Math.floor(more / 255)).fill(255), more % 255];
  const packed = Buffer.concat([Buffer.from(lengths), body]);
  block.writeUInt32LE(packed.length, 4);
  return Buffer.concat([head, block, packed]);
}

/** All that users do with it. `install` returns what was installed. */
export function describeUse(title: string, install: () => Artefact): void {
  describe(title, () => {
    const folder = temporaryFolder('use');
    const at = (name: string): string => path.join(folder, name);
    let artefact: Artefact = { command: [] };

    beforeAll(() => {
      artefact = install();
      copyFileSync(CAPTURE, at('one.pcap'));
      writeFileSync(at('cut.pcap'), readFileSync(CAPTURE).subarray(0, 3000));
      writeFileSync(at('flows.nfcapd'), lz4Nfcapd(50));
      copyFileSync(path.join(REPO_ROOT, 'fixtures/flowlogs/words.parquet'), at('flows.parquet'));
      buildBenchCapture(at('long.pcap'), 400 << 20);
      const { status } = runThroughPipe(artefact, folder, 'scan', 'one.pcap', '--out', 'audit', '--quiet');
      expect(status).toBe(0);
    }, 300_000);

    /** Runs it both ways: no stack may be seen, and it must end so. Returns what the pipe got. */
    function run(expected: number, ...args: string[]): SpawnSyncReturns<string> {
      if (HAS_TERMINAL) {
        const seen = runOnTerminal(artefact, folder, ...args);
        expect(seen.stdout).not.toMatch(STACK);
        expect([args, seen.status]).toEqual([args, expected]);
      }
      const piped = runThroughPipe(artefact, folder, ...args);
      expect(piped.stderr).not.toMatch(STACK);
      expect([args, piped.status, piped.stderr]).toEqual([args, expected, expect.anything()]);
      return piped;
    }

    it.skipIf(!HAS_TERMINAL)('shows progress, and the first screen, on a terminal', () => {
      const { stdout, status } = runOnTerminal(artefact, folder, 'scan', 'long.pcap');
      expect([status, stdout]).toEqual([
        0,
        expect.stringMatching(/%.*B\/s.*packets[\s\S]*(?:Mining|No mining)/),
      ]);
    });

    it('logs as JSON', () => {
      const { stderr } = run(4, 'scan', 'cut.pcap', '--log-format', 'json', '--log-level', 'debug');
      const lines = stderr.trim().split('\n');
      expect(lines.map((line) => JSON.parse(line))).toContainEqual(
        expect.objectContaining({ level: 40, name: 'minesweep', msg: expect.stringContaining('truncated') }),
      );
    });

    it('writes the files of --out', () => {
      const files = ['audit.json', 'hosts.csv', 'pools.csv', 'report.html', 'sessions.csv'];
      expect(readdirSync(at('audit'))).toEqual(expect.arrayContaining(files));
      const { hosts }: Audit = JSON.parse(readFileSync(at('audit/audit.json'), 'utf8'));
      expect(hosts.map(({ ip, verdict }) => [ip, verdict])).toEqual([['192.0.2.11', 'confirmed']]);
    });

    it('knows own networks, in captures that a pattern names', () => {
      const args = ['--local', '192.0.2.0/24', '--host', '192.0.2.11', '--format', 'csv'];
      expect(run(0, 'scan', '*ne.pcap', ...args).stdout).toContain('192.0.2.11');
    });

    it('explains, merges and compares audits', () => {
      const audit = 'audit/audit.json';
      expect(run(0, 'explain', '192.0.2.11', audit).stdout).toContain('confirmed');
      expect(run(0, 'merge', audit, audit, '--format', 'csv').stdout).toContain('192.0.2.11');
      run(0, 'diff', audit, audit);
    });

    it.each(FORMATS)('reports as %s', (format) => {
      const { stdout } = run(0, 'report', 'audit/audit.json', '--format', format);
      expect(stdout).toContain(format === 'prometheus' ? 'minesweep_hosts' : '192.0.2.11');
    });

    it('lists pools, completions, the man page and licences', () => {
      expect(run(0, 'pools', 'list', 'monero').stdout).toContain('MoneroOcean');
      expect(run(0, 'completions', 'bash').stdout).toContain('complete -o filenames -F _minesweep minesweep');
      expect(run(0, 'completions', 'man').stdout).toMatch(/^\.TH MINESWEEP/im);
      expect(run(0, 'licences').stdout).toContain('Creative Commons Attribution 4.0 International');
    });

    it.each([
      ['flows.parquet', 'parquet'],
      ['flows.nfcapd', 'nfcapd'],
    ])('reads %s', (file, kind) => {
      // Status 4: of so few records nothing can be judged.
      const { inputs }: Audit = JSON.parse(run(4, 'scan', file, '--format', 'json').stdout);
      expect(inputs).toEqual([expect.objectContaining({ kind: expect.stringContaining(kind), damage: [] })]);
      expect(inputs[0]?.flows).toBeGreaterThan(1);
    });

    it('says that nobody answers at the address of a store', () => {
      const { stderr } = run(1, 'scan', 'clickhouse://127.0.0.1:1/default?table=flows');
      expect(stderr).toMatch(/127\.0\.0\.1:1/);
    });

    it('watches a folder until it is told to end', async () => {
      mkdirSync(at('in'), { recursive: true });
      copyFileSync(CAPTURE, at('in/one.pcap'));
      const [program = '', ...first] = artefact.command;
      const args = [...first, 'watch', 'in', '--out', 'watched', '--quiet-time', '1s', '--every', '1s'];
      const child = spawn(program, args, { cwd: folder, env: environment(artefact), stdio: 'ignore' });
      const ended = once(child, 'exit');
      const audit = at('watched/audit.json');
      await vi.waitUntil(() => existsSync(audit) && readFileSync(audit, 'utf8').includes('"confirmed": 1'), {
        timeout: 60_000,
        interval: 100,
      });
      child.kill('SIGTERM');
      expect(await ended).toEqual([0, null]);
    });

    it.skipIf(!HAS_TERMINAL)('ends at Ctrl-C with what it has', async () => {
      // Enough for half a minute: the program must be in the middle of it.
      mkdirSync(at('many'), { recursive: true });
      const parts = Array.from({ length: 20 }, (_, i) => `many/${i}.pcap`);
      for (const part of parts) if (!existsSync(at(part))) linkSync(at('long.pcap'), at(part));
      const args = terminal(artefact, ['scan', ...parts, '--format', 'json']);
      const child = spawn('script', args, { cwd: folder, env: environment(artefact) });
      let seen = '';
      child.stdout.on('data', (chunk) => {
        seen += String(chunk);
      });
      const ended = once(child, 'exit');
      await vi.waitUntil(() => seen.includes('packets'), { timeout: 60_000, interval: 50 });
      child.stdin.write('\u0003');
      expect(await ended).toEqual([5, null]);
      expect(seen).toContain('"partial": true');
      expect(seen).not.toMatch(STACK);
    });
  });
}

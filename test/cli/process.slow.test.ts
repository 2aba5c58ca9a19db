import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REPO_ROOT } from '../support/corpus.ts';
import { BIN } from '../support/dist.ts';
import { sampleAudit, totalled } from '../support/sample-audit.ts';

const run = promisify(execFile);
let folder = '';
let large = '';

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'minesweep-'));
  large = path.join(folder, 'large.json');
  const audit = sampleAudit();
  const hosts = Array.from({ length: 4000 }, (_, i) =>
    audit.hosts.map((host, j) => ({ ...host, ip: `10.${j}.${i >> 8}.${i & 255}` })),
  ).flat();
  writeFileSync(large, JSON.stringify(totalled({ ...audit, inputs: audit.inputs.slice(0, 1), hosts })));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the program as a process', () => {
  it('prints its version without loading a command', async () => {
    const { stdout } = await run(process.execPath, [BIN, '--version'], { cwd: folder });
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    const program = path.join(REPO_ROOT, 'dist/minesweep.cjs');
    const script = `require(${JSON.stringify(program)}).main(['--version'], {})
      .then(() => console.log(process.moduleLoadList.join(' ')));`;
    const { stdout: modules } = await run(process.execPath, ['-e', script]);
    expect(modules).toMatch(/NativeModule fs\b/);
    // What commands need and the version does not.
    expect(modules).not.toMatch(/NativeModule (zlib|http|worker_threads)\b/);
  });

  it('ends with 2 and a hint for an unknown option', async () => {
    await expect(
      run(process.execPath, [BIN, 'scan', 'x', '--formt', 'json'], { cwd: folder }),
    ).rejects.toMatchObject({
      code: 2,
      stdout: '',
      stderr: "minesweep: unknown option '--formt'\n  (Did you mean --format?)\n",
    });
  });

  it.each([
    ['a capture', 'fixtures/encrypted/xmr-tls.pcap'],
    ['a flow log', 'fixtures/flowlogs/aws-vpc.parquet'],
  ])('ends with 1 and says why if the system refuses memory for %s', async (_, input) => {
    const script = path.join(folder, 'refuse.cjs');
    writeFileSync(script, "WebAssembly.Memory = class { constructor() { throw new RangeError('none'); } };");
    const line = ['--require', script, BIN, 'scan', path.join(REPO_ROOT, input), '--format', 'json'];
    await expect(run(process.execPath, line, { cwd: folder })).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /^minesweep: the system refuses the memory that the program needs\n.*ulimit/,
      ),
    });
  });

  it('does not mind a reader that goes away', async () => {
    const child = spawn(process.execPath, [BIN, 'report', large, '--format', 'json'], { cwd: folder });
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += String(chunk);
    });
    child.stdout.once('data', () => child.stdout.destroy());
    const status = await new Promise((resolve) => child.on('close', resolve));
    expect({ status, said }).toEqual({ status: 0, said: '' });
  });

  it('stops at a signal while it waits for standard input, and prints what it has', async () => {
    const child = spawn(process.execPath, [BIN, 'scan', '-', '--format', 'json'], { cwd: folder });
    let out = '';
    child.stdout.on('data', (chunk) => {
      out += String(chunk);
    });
    // A pcap of many empty records: more than pipes hold, so that once it is written the scan has begun; then silence.
    const header = Buffer.from('d4c3b2a1020004000000000000000000ffff000001000000', 'hex');
    const written = Buffer.concat([header, Buffer.alloc(16 * 65_536)]);
    child.stdin.write(written, () => child.kill('SIGINT'));
    const status = await new Promise((resolve) => child.on('close', resolve));
    expect(status).toBe(5);
    expect(JSON.parse(out)).toMatchObject({
      partial: true,
      inputs: [{ path: '-', kind: 'pcap' }],
      hosts: [],
    });
  });

  it('writes a large audit whole through a pipe', async () => {
    const { stdout } = await run(process.execPath, [BIN, 'report', large, '--format', 'ndjson'], {
      cwd: folder,
      maxBuffer: 1 << 28,
    });
    expect(stdout.trimEnd().split('\n')).toHaveLength(
      28_000 + sampleAudit().sessions.length + sampleAudit().pools.length + 1,
    );
  });
});

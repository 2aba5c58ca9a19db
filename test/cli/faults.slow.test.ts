/** Faults of the world around a run: each ends within its time, with a status and a reason, and leaves nothing half-written. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as setTimeoutOf } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { isAudit } from '../../src/audit/schema.ts';
import { REPO_ROOT } from '../support/corpus.ts';
import { BIN } from '../support/dist.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const CAPTURE = path.join(REPO_ROOT, 'fixtures/stratum-v1/btc-minerd.pcap');
/** Writes a capture of many sessions at once. */
const SESSIONS = path.join(REPO_ROOT, 'test/bench/sessions.js');
const PCAP_HEAD = Buffer.from('d4c3b2a1020004000000000000000000ffff000001000000', 'hex');

interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly said: string;
  /** From the first signal to the end. */
  readonly tookMs: number;
}

/** Starts a scan, sends the signals a while after it has begun, and waits for its end. */
function interrupted(
  args: readonly string[],
  signals: readonly NodeJS.Signals[],
  afterMs = 1500,
): Promise<Ended> {
  const child = spawn(process.execPath, [BIN, 'scan', ...args, '--format', 'json'], { stdio: 'pipe' });
  let out = '';
  let said = '';
  let sentAt = 0;
  child.stdout.on('data', (chunk) => {
    out += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    said += String(chunk);
  });
  setTimeout(() => {
    sentAt = performance.now();
    for (const signal of signals) child.kill(signal);
  }, afterMs);
  return new Promise((resolve) =>
    child.on('close', (status, signal) =>
      resolve({ status, signal, out, said, tookMs: performance.now() - sentAt }),
    ),
  );
}

function scanned(args: readonly string[]): {
  status: number | null;
  audit: Record<string, unknown>;
  said: string;
} {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, 'scan', ...args, '--format', 'json'], {
    encoding: 'utf8',
  });
  return { status, audit: stdout === '' ? {} : JSON.parse(stdout), said: stderr };
}

/** A gzip file of so many zeros behind the head of a capture, made member by member: it is never in memory whole. */
function bomb(megabytes: number): Buffer {
  const member = gzipSync(Buffer.alloc(1024 * 1024));
  return Buffer.concat([gzipSync(PCAP_HEAD), ...Array.from({ length: megabytes }, () => member)]);
}

describe('signals', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    '%s ends a run that waits for the writer of a pipe',
    async (signal) => {
      const pipe = path.join(temporaryFolder(), 'pipe');
      execFileSync('mkfifo', [pipe]);
      const { status, out, tookMs } = await interrupted([pipe], [signal]);
      expect(status).toBe(5);
      expect(tookMs).toBeLessThan(2000);
      expect(isAudit(JSON.parse(out))).toBe(true);
      expect(JSON.parse(out)).toMatchObject({ partial: true });
    },
  );

  it('a second one ends the run at once', async () => {
    const child = spawn(process.execPath, [BIN, 'scan', '-', '--format', 'json'], { stdio: 'pipe' });
    const capture = spawn(process.execPath, [SESSIONS, '6000'], {
      stdio: ['ignore', child.stdin, 'ignore'],
    });
    const ended = new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
      child.on('close', (status, signal) => resolve([status, signal])),
    );
    let out = '';
    child.stdout.on('data', (chunk) => {
      out += String(chunk);
    });
    let sentAt = 0;
    child.stderr.on('data', (chunk) => {
      // The first was observed: what follows takes seconds, or would.
      if (!String(chunk).includes('stopping early')) return;
      sentAt = performance.now();
      child.kill('SIGINT');
    });
    await new Promise((resolve) => capture.on('close', resolve));
    setTimeout(() => child.kill('SIGINT'), 500);
    expect(await ended).toEqual([null, 'SIGINT']);
    expect(performance.now() - sentAt).toBeLessThan(1000);
    expect(out).toBe('');
  });

  it('SIGKILL while files are written leaves none that is half written, and the next run clears the rest away', async () => {
    const capture = path.join(temporaryFolder(), 'sessions.pcap');
    writeFileSync(capture, execFileSync(process.execPath, [SESSIONS, '3000'], { maxBuffer: 1 << 28 }));
    const folder = temporaryFolder();
    const written = (): string[] => readdirSync(folder);
    const child = spawn(process.execPath, [BIN, 'scan', capture, '--out', folder, '--quiet'], {
      stdio: 'ignore',
    });
    const ended = new Promise((resolve) => child.on('close', resolve));
    // As soon as the first file is begun.
    while (child.exitCode === null && !written().some((name) => name.endsWith('.tmp'))) await setTimeoutOf(1);
    child.kill('SIGKILL');
    await ended;
    const left = written().filter((name) => name.endsWith('.tmp'));
    expect(left.length).toBeGreaterThan(0);
    expect(written().filter((name) => !name.endsWith('.tmp'))).toEqual(['.audit.lock']);
    expect(spawnSync(process.execPath, [BIN, 'scan', CAPTURE, '--out', folder]).status).toBe(0);
    expect(written().filter((name) => name.startsWith('.'))).toEqual([]);
    expect(isAudit(JSON.parse(readFileSync(path.join(folder, 'audit.json'), 'utf8')))).toBe(true);
  }, 120_000);

  it('end a run amid many bombs', async () => {
    const folder = temporaryFolder();
    const bytes = bomb(64);
    for (let i = 0; i < 200; i++) writeFileSync(path.join(folder, `${i}.gz`), bytes);
    const { status, out, tookMs } = await interrupted([folder], ['SIGINT']);
    expect(status).toBe(5);
    expect(tookMs).toBeLessThan(2000);
    expect(JSON.parse(out)).toMatchObject({ partial: true });
  });
});

describe('bombs', () => {
  it('end with a reason, gzip in gzip as well', () => {
    const file = path.join(temporaryFolder(), 'bomb.gz');
    for (const bytes of [bomb(512), gzipSync(bomb(512))]) {
      writeFileSync(file, bytes);
      const from = performance.now();
      const { status, audit } = scanned([file]);
      expect(performance.now() - from).toBeLessThan(20_000);
      expect([1, 4]).toContain(status);
      expect(audit).toMatchObject({
        coverage: { complete: false },
        inputs: [{ damage: [{ code: 'damage-compression-limit' }, {}, {}] }],
      });
    }
  });
});

describe('memory that is nearly full', () => {
  it('ends the run with a partial audit that says so, and status 1', () => {
    const capture = path.join(temporaryFolder(), 'sessions.pcap');
    writeFileSync(capture, execFileSync(process.execPath, [SESSIONS, '20000'], { maxBuffer: 1 << 28 }));
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--max-old-space-size=160', BIN, 'scan', capture, '--format', 'json'],
      { encoding: 'utf8', maxBuffer: 1 << 30 },
    );
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringContaining('memory is nearly full'),
    });
    const audit = JSON.parse(stdout);
    expect(audit).toMatchObject({ partial: true, coverage: { complete: false } });
    expect(audit.notes.map(({ code }: { code: string }) => code)).toContain('short-of-memory');
    expect(audit.sessions.length).toBeGreaterThan(0);
  }, 120_000);

  it('ends the run in the same way if only the rows of the audit do not fit', () => {
    const folder = temporaryFolder();
    const [log, pools] = [path.join(folder, 'conn.log'), path.join(folder, 'pools.txt')];
    const fields =
      'ts id.orig_h id.orig_p id.resp_h id.resp_p proto duration orig_bytes resp_bytes orig_pkts resp_pkts';
    const rows = Array.from({ length: 60_000 }, (_, i) =>
      [1_795_000_000 + i / 100, `10.0.${i >> 8}.${i & 255}`, 40_000, '203.0.113.7', 3333, 'tcp'].concat([
        600, 20_000, 30_000, 200, 220,
      ]),
    );
    const head = ['#separator \\x09', '#path\tconn', `#fields\t${fields.replaceAll(' ', '\t')}`];
    writeFileSync(log, `${[...head, ...rows.map((row) => row.join('\t'))].join('\n')}\n`);
    writeFileSync(pools, '203.0.113.7:3333\n');
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--max-old-space-size=160', BIN, 'scan', log, '--pools', pools, '--format', 'json'],
      { encoding: 'utf8', maxBuffer: 1 << 30 },
    );
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringContaining('memory is nearly full'),
    });
    const audit = JSON.parse(stdout);
    expect(isAudit(audit)).toBe(true);
    expect(audit).toMatchObject({ partial: true, coverage: { complete: false } });
    expect(audit.notes.map(({ code }: { code: string }) => code)).toContain('short-of-memory');
    expect(audit.hosts.length).toBeGreaterThan(1000);
    expect(audit.hosts.length).toBeLessThan(60_000);
  }, 120_000);

  it('is so as well if messages that nobody ends fill buffers', () => {
    const folder = temporaryFolder();
    const capture = path.join(folder, 'unended.pcap');
    writeUnended(capture, 2000, 100);
    const meter = path.join(folder, 'meter.cjs');
    const peak = path.join(folder, 'peak.txt');
    writeFileSync(
      meter,
      `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(peak)}, String(process.resourceUsage().maxRSS)));`,
    );
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--max-old-space-size=160', '--require', meter, BIN, 'scan', capture, '--format', 'json'],
      { encoding: 'utf8', maxBuffer: 1 << 30 },
    );
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringContaining('memory is nearly full'),
    });
    expect(JSON.parse(stdout)).toMatchObject({ partial: true, coverage: { complete: false } });
    // Without a bound it takes 580,000.
    expect(Number(readFileSync(peak, 'utf8'))).toBeLessThan(300_000);
  }, 120_000);
});

/** Writes connections at once that each send a JSON object without an end, in so many segments. */
function writeUnended(file: string, connections: number, segments: number): void {
  const out = openSync(file, 'w');
  writeSync(out, PCAP_HEAD);
  const filling = Buffer.alloc(1400, 'y');
  const opening = Buffer.from('{"id":1,"method":"mining.subscribe","params":["');
  for (let segment = 0; segment < segments; segment++) {
    const text = segment === 0 ? opening : filling;
    const sequence = segment === 0 ? 1 : 1 + opening.length + (segment - 1) * filling.length;
    for (let i = 0; i < connections; i++) {
      const frame = Buffer.alloc(54);
      frame.writeUInt16BE(0x0800, 12);
      frame.set([0x45, 0, 0, 0, 0, 0, 0, 0, 64, 6], 14);
      frame.writeUInt16BE(40 + text.length, 16);
      frame.set([10, 0, i >> 8, i & 255, 198, 51, 100, 7], 26);
      frame.writeUInt16BE(40_000, 34);
      frame.writeUInt16BE(3333, 36);
      frame.writeUInt32BE(sequence, 38);
      frame.set([0x50, 0x18], 46);
      const record = Buffer.alloc(16);
      record.writeUInt32LE(1_700_000_000, 0);
      record.writeUInt32LE(segment, 4);
      record.writeUInt32LE(54 + text.length, 8);
      record.writeUInt32LE(54 + text.length, 12);
      writeSync(out, Buffer.concat([record, frame, text]));
    }
  }
  closeSync(out);
}

describe('the network', () => {
  /** A module that notes each use of a socket or of DNS in a file, and refuses it. */
  const watched = (file: string): string => {
    const hook = path.join(temporaryFolder(), 'watch.mjs');
    writeFileSync(
      hook,
      `import { appendFileSync } from 'node:fs';
       import { syncBuiltinESMExports } from 'node:module';
       import dgram from 'node:dgram';
       import dns from 'node:dns';
       import net from 'node:net';
       const deny = (what) => function () {
         appendFileSync(${JSON.stringify(file)}, what + '\\n');
         throw new Error('no network: ' + what);
       };
       net.Socket.prototype.connect = deny('connect');
       net.Server.prototype.listen = deny('listen');
       dgram.createSocket = deny('udp');
       for (const each of [dns, dns.promises])
         for (const name of Object.keys(each))
           if (/^(lookup|resolve|reverse)/.test(name)) each[name] = deny('dns');
       for (const each of [dns.Resolver, dns.promises.Resolver])
         for (const name of Object.getOwnPropertyNames(each.prototype))
           if (/^(resolve|reverse)/.test(name)) each.prototype[name] = deny('dns');
       syncBuiltinESMExports();`,
    );
    return hook;
  };
  const ranWatched = (...args: readonly string[]): string => {
    const file = path.join(temporaryFolder(), 'used.txt');
    writeFileSync(file, '');
    // Thousands of names are asked for one after another: the first ones are enough.
    spawnSync(process.execPath, ['--import', watched(file), BIN, ...args], { timeout: 20_000 });
    return readFileSync(file, 'utf8');
  };

  it('is not used by scan, report, merge, diff and explain', () => {
    const out = temporaryFolder();
    const audit = path.join(out, 'audit.json');
    const logs = path.join(REPO_ROOT, 'fixtures/flowlogs');
    expect(ranWatched('scan', CAPTURE, logs, '--out', out, '--jobs', '2')).toBe('');
    const [host] = JSON.parse(readFileSync(audit, 'utf8')).hosts;
    for (const args of [
      ['report', audit, '--format', 'html'],
      ['merge', audit, audit],
      ['diff', audit, audit],
      ['explain', host.ip, audit],
      ['pools', 'list'],
    ]) {
      expect(ranWatched(...args)).toBe('');
    }
  });

  it('is used for a store and to resolve, as the operator asks: the watch would see it', () => {
    expect(ranWatched('scan', 'clickhouse://reader@127.0.0.1:1/default')).not.toBe('');
    expect(ranWatched('pools', 'resolve', '--out', path.join(temporaryFolder(), 'resolved.txt'))).toContain(
      'dns',
    );
  });
});

describe('files', () => {
  it('that shrink while they are read are read as far as they go', async () => {
    const file = path.join(temporaryFolder(), 'shrinks.pcap');
    writeFileSync(file, Buffer.concat([PCAP_HEAD, Buffer.alloc(64 * 1024 * 1024)]));
    const end = interrupted([file], [], 1);
    setTimeout(() => truncateSync(file, 1_000_000), 300);
    const { status, out } = await end;
    expect([0, 1, 4]).toContain(status);
    expect(isAudit(JSON.parse(out))).toBe(true);
  });

  it('that vanish or grow while they are read make no difference to a valid audit', async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'moves.pcap');
    writeFileSync(file, Buffer.concat([PCAP_HEAD, Buffer.alloc(32 * 1024 * 1024)]));
    const end = interrupted([file], [], 1);
    setTimeout(() => {
      writeSync(openSync(file, 'a'), Buffer.alloc(1_000_000));
      rmSync(folder, { recursive: true });
    }, 300);
    const { status, out, said } = await end;
    expect([0, 1, 4]).toContain(status);
    // On a slow machine it is gone before the run has found it.
    expect(out === '' ? said.includes('no such file') : isAudit(JSON.parse(out))).toBe(true);
  });

  it('with names that are no UTF-8, and those that may not be read, are inputs with a reason', () => {
    const folder = temporaryFolder();
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0x61, 0xff, 0xfe])]), 'x');
    const barred = path.join(folder, 'barred.pcap');
    writeFileSync(barred, PCAP_HEAD);
    chmodSync(barred, 0);
    const { status, audit } = scanned([folder, CAPTURE]);
    expect(status).toBe(4);
    expect(isAudit(audit)).toBe(true);
    expect(audit).toMatchObject({ totals: { hosts: { confirmed: 1 } } });
  });
});

describe('results', () => {
  it('fail whole where the disk is full', () => {
    const folder = path.join(temporaryFolder(), 'out');
    // A limit on the size of files is a full disk that needs no rights; the signal that comes with it is ignored.
    const { status, stderr } = spawnSync(
      'bash',
      [
        '-c',
        `trap '' XFSZ; ulimit -f 4; exec "$0" "$@"`,
        process.execPath,
        BIN,
        'scan',
        CAPTURE,
        '--out',
        folder,
      ],
      { encoding: 'utf8' },
    );
    expect(status).toBe(1);
    expect(stderr).toContain('cannot write the report files');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('say so where standard output is full', () => {
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(process.execPath, [BIN, 'scan', CAPTURE, '--format', 'json'], {
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toContain('cannot write the result');
  });

  it('need no reader to the end', () => {
    const line = `"$0" "$1" scan "$2" --format json | head -1; echo \${PIPESTATUS[0]}`;
    const { stdout, stderr } = spawnSync('bash', ['-c', line, process.execPath, BIN, CAPTURE], {
      encoding: 'utf8',
    });
    expect({ stdout, stderr }).toEqual({ stdout: '{\n0\n', stderr: '' });
  });

  it('leave what a killed run began to the next run, which clears it away', () => {
    const folder = temporaryFolder();
    const left = '.audit.json.0b1c2d3e-0000-4000-8000-000000000000.tmp';
    writeFileSync(path.join(folder, left), '{"half":');
    expect(spawnSync(process.execPath, [BIN, 'scan', CAPTURE, '--out', folder]).status).toBe(0);
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('are refused where the working directory is gone, or told', () => {
    const folder = path.join(temporaryFolder(), 'gone');
    mkdirSync(folder);
    const { status, stderr } = spawnSync(
      'bash',
      [
        '-c',
        `cd "$0" && rmdir "$0" && exec "$@"`,
        folder,
        process.execPath,
        BIN,
        'scan',
        CAPTURE,
        '--format',
        'csv',
      ],
      { encoding: 'utf8' },
    );
    expect([0, 1]).toContain(status);
    expect(stderr).not.toContain('at ');
  });
});

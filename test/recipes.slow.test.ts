/**
 * The recipes of docs/guide/usage.md, run as they stand there: only /var is a folder of the test's own, and mail a file. What
 * tcpdump and nfcapd would have written lies there already.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { type CapturedPacket, readCapture } from './support/capture-reader.ts';
import { writePcap } from './support/capture-writer.ts';
import { REPO_ROOT } from './support/corpus.ts';
import { BIN } from './support/dist.ts';
import { nfcapd2, v3Record } from './support/flow-writer.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { laboratoryCapture } from './support/truth.ts';

const PAGE = readFileSync(path.join(REPO_ROOT, 'docs/guide/usage.md'), 'utf8');
const folder = temporaryFolder();
const at = (...names: readonly string[]): string => path.join(folder, ...names);

function recipe(name: string): string {
  const block = new RegExp(`<!-- recipe: ${name} -->\\n\`\`\`sh\\n([\\s\\S]*?)\`\`\`\\n<!-- end -->`).exec(
    PAGE,
  );
  if (block === null) throw new Error(`docs/guide/usage.md has no recipe ${name}`);
  return block[1].replaceAll('/var/', `${at('var')}/`);
}

function run(name: string, ...args: readonly string[]): { status: number | null; out: string } {
  const script = at(`${name}.sh`);
  writeFileSync(script, recipe(name));
  const { status, stdout } = spawnSync('sh', [script, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${at('bin')}:${process.env.PATH}`, NO_COLOR: '1', TZ: 'UTC' },
  });
  return { status, out: stdout };
}

function program(name: string, text: string): void {
  writeFileSync(at('bin', name), `#!/bin/sh\n${text}\n`);
  chmodSync(at('bin', name), 0o755);
}

/** The packets of a capture in files of the hours that begin with the first packet, as if each hour had a third. */
function hours(name: string): CapturedPacket[][] {
  const packets = readCapture(laboratoryCapture(name).capture);
  const third = Math.ceil(packets.length / 3);
  return [0, 1, 2].map((i) => packets.slice(i * third, (i + 1) * third));
}

const audit = (...names: readonly string[]) => JSON.parse(readFileSync(at(...names), 'utf8'));

beforeAll(() => {
  for (const name of ['bin', 'var/captures', 'var/audits', 'var/netflow/2026/11/24'])
    mkdirSync(at(name), { recursive: true });
  program('minesweep', `exec "${process.execPath}" "${BIN}" "$@"`);
  program('mail', `{ echo "$@"; cat; } >> "${at('mail.txt')}"`);
  program('sendmail', `cat >> "${at('mail.txt')}"`);
  // As if it had been captured yesterday; the last file of a run of tcpdump is not handed to gzip.
  const noonUs = (Math.floor(Date.now() / 86_400_000) * 86_400_000 - 43_200_000) * 1000;
  for (const [hour, packets] of hours('btc-minerd').entries()) {
    const firstUs = hours('btc-minerd')[0][0].timeUs;
    const bytes = writePcap(
      packets.map((packet) => ({ ...packet, timeUs: packet.timeUs - firstUs + noonUs })),
    );
    writeFileSync(
      at('var/captures', `${hour}.pcap${hour === 2 ? '' : '.gz'}`),
      hour === 2 ? bytes : gzipSync(bytes),
    );
  }
  const subnet = laboratoryCapture('btc-minerd').miner.replace(/\d+$/, '0/24');
  writeFileSync(
    at('var/audits/owners.csv'),
    `subnet;department;contact\n${subnet};Physics;anna@physics.example.edu\n`,
  );
});

describe('the nightly recipe', () => {
  const mail = (): string => (existsSync(at('mail.txt')) ? readFileSync(at('mail.txt'), 'utf8') : '');

  it('mails everything in the first night, and nothing in the second', () => {
    const first = run('nightly');
    expect(first.status).toBe(0);
    expect(mail()).toContain('Subject: Mining, night of');
    expect(mail()).toContain(laboratoryCapture('btc-minerd').miner);
    expect(mail()).toContain('Physics');
    const { length } = mail();
    expect(run('nightly').status).toBe(0);
    expect(mail()).toHaveLength(length);
  });

  it('mails that a night failed, and changes no case', () => {
    const cases = readFileSync(at('var/audits/cases.json'), 'utf8');
    renameSync(at('var/captures'), at('var/elsewhere'));
    run('nightly');
    renameSync(at('var/elsewhere'), at('var/captures'));
    expect(mail()).toContain('the audit of the night failed (1)');
    expect(readFileSync(at('var/audits/cases.json'), 'utf8')).toBe(cases);
  });
});

describe('the hourly recipe and the merge of a day', () => {
  it('give the audit of the day, sessions across the hours whole', () => {
    for (const [hour, packets] of hours('xmr-many-shares').entries()) {
      const file = at(`2026-11-24-0${hour}.pcap`);
      writeFileSync(file, writePcap(packets));
      expect(run('hourly', file).status).toBe(0);
    }
    const files = [0, 1, 2].map((hour) => at(`2026-11-24-0${hour}.pcap`));
    const words = [BIN, 'scan', ...files, '--format', 'json', '--quiet'];
    const whole = JSON.parse(execFileSync(process.execPath, words, { encoding: 'utf8' }));
    expect(run('daily merge')).toMatchObject({
      status: 0,
      out: expect.stringContaining('1 machine confirmed'),
    });
    const merged = audit('var/audits/2026-11-24/audit.json');
    expect(merged.inputs.length).toBe(3);
    const [day] = whole.sessions;
    const [session, ...others] = merged.sessions;
    expect(others).toEqual([]);
    expect(session.work).toEqual(day.work);
    // The first hour ends between a share and its answer, which the next audit cannot give to it (docs/reference/limits.md).
    expect(day.shares).toEqual({ submitted: 156, accepted: 151, rejected: 5, stale: 0, unanswered: 0 });
    expect(session.shares).toEqual({ ...day.shares, accepted: 150, unanswered: 1 });
  });
});

describe('the pipeline', () => {
  it('fails with 3 while a miner is open, says which each time', () => {
    copyFileSync(laboratoryCapture('xmr-many-shares').capture, at('capture.pcap'));
    expect(run('pipeline').status).toBe(3);
    const { miner } = laboratoryCapture('xmr-many-shares');
    expect(readFileSync(at('news.xml'), 'utf8')).toContain(miner);
    expect(run('pipeline').status).toBe(3);
    expect(readFileSync(at('news.xml'), 'utf8')).toContain(miner);
  });
});

describe('the recipe for rotated flow files', () => {
  it('reads all files of a day and finds who talks to a listed pool', () => {
    const startMs = Date.UTC(2026, 10, 24);
    for (const i of [0, 1, 2]) {
      const times = { firstMs: startMs + i * 300_000, lastMs: startMs + (i + 1) * 300_000 - 1 };
      const [miner, pool] = [
        { ip: '192.0.2.18', port: 40_001 },
        { ip: '198.51.100.68', port: 7777 },
      ];
      const flow = (from: typeof miner, to: typeof miner, bytes: number): Uint8Array =>
        v3Record({
          ...times,
          source: from.ip,
          destination: to.ip,
          sourcePort: from.port,
          destinationPort: to.port,
          packets: 60,
          bytes,
        });
      const file = at('var/netflow/2026/11/24', `nfcapd.202611240${i}00`);
      writeFileSync(file, nfcapd2([[flow(miner, pool, 9000), flow(pool, miner, 5000)]]));
    }
    writeFileSync(at('pools.txt'), '198.51.100.68:7777\n');
    const { status, out } = run('nfcapd');
    expect(status).toBe(0);
    expect(out).toContain('3 of 3 read');
    expect(out).toContain('192.0.2.18');
  });
});

describe('the recipe for sharing', () => {
  it('writes a page without addresses and accounts', () => {
    copyFileSync(at('var/audits/2026-11-24/audit.json'), at('audit.json'));
    writeFileSync(at('key'), 'a key of thirty-two bytes, or so');
    expect(run('share').status).toBe(0);
    const page = readFileSync(at('shared.html'), 'utf8');
    const { miner, account } = laboratoryCapture('xmr-many-shares');
    expect(page).toContain('<html');
    expect(page).not.toContain(miner);
    expect(page).not.toContain(account);
  });
});

it('every recipe is a script that a shell can read', () => {
  const names = [...PAGE.matchAll(/<!-- recipe: (.+?) -->/g)].map(([, name]) => name);
  expect(names).toEqual(['nightly', 'pipeline', 'hourly', 'daily merge', 'nfcapd', 'share']);
  for (const name of names) execFileSync('sh', ['-n', '-c', recipe(name ?? '')]);
});

/**
 * The recipes of docs/usage.md, run as they stand there: only /var is a folder of the test's own, and mail a file. What
 * tcpdump and nfcapd would have written lies there already.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
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

const PAGE = readFileSync(path.join(REPO_ROOT, 'docs/usage.md'), 'utf8');
const folder = temporaryFolder();
const at = (...names: readonly string[]): string => path.join(folder, ...names);

function recipe(name: string): string {
  const block = new RegExp(`<!-- recipe: ${name} -->\\n\`\`\`sh\\n([\\s\\S]*?)\`\`\`\\n<!-- end -->`).exec(
    PAGE,
  );
  if (block === null) throw new Error(`docs/usage.md has no recipe ${name}`);
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
  for (const [hour, packets] of hours('btc-minerd').entries())
    writeFileSync(at('var/captures', `2026-11-23-0${hour}.pcap.gz`), gzipSync(writePcap(packets)));
  for (const [hour, packets] of hours('xmr-many-shares').entries()) {
    const bytes = writePcap(packets);
    // The last file of a run of tcpdump is not handed to gzip.
    if (hour === 2) writeFileSync(at('var/captures', '2026-11-24-02.pcap'), bytes);
    else writeFileSync(at('var/captures', `2026-11-24-0${hour}.pcap.gz`), gzipSync(bytes));
  }
});

describe('the nightly recipe', () => {
  it('audits a day, and mails nobody where there is no day before', () => {
    expect(run('nightly', '2026-11-23').status).toBe(0);
    expect(audit('var/audits/2026-11-23/audit.json').inputs.length).toBe(3);
    expect(readFileSync(at('var/audits/2026-11-23.txt'), 'utf8')).toContain('confirmed');
    expect(existsSync(at('mail.txt'))).toBe(false);
  });

  it('mails who mines that did not the day before', () => {
    expect(run('nightly', '2026-11-24').status).toBe(0);
    const mail = readFileSync(at('mail.txt'), 'utf8');
    expect(mail).toContain('-s new miners on 2026-11-24 root');
    expect(mail).toContain(laboratoryCapture('xmr-many-shares').miner);
  });

  it('mails the report and stops if a part of the day could not be read', () => {
    const [packets = []] = hours('btc-minerd');
    writeFileSync(at('var/captures', '2026-11-26-00.pcap.gz'), gzipSync(writePcap(packets)).subarray(0, -9));
    expect(run('nightly', '2026-11-26').status).toBe(1);
    expect(audit('var/audits/2026-11-26/audit.json').coverage.complete).toBe(false);
    expect(readFileSync(at('mail.txt'), 'utf8')).toContain('-s audit of 2026-11-26 is incomplete root');
  });

  it('run again gives the same, and stops where there is no capture', () => {
    expect(run('nightly', '2026-11-24').status).toBe(0);
    expect(run('nightly', '2026-11-25').status).toBe(1);
  });
});

describe('the hourly recipe and the merge of a day', () => {
  it('give the audit of the day, sessions across the hours whole', () => {
    for (const [hour, packets] of hours('xmr-many-shares').entries()) {
      const file = at(`2026-11-24-0${hour}.pcap`);
      writeFileSync(file, writePcap(packets));
      expect(run('hourly', file).status).toBe(0);
    }
    const whole = audit('var/audits/2026-11-24/audit.json');
    expect(run('daily merge')).toMatchObject({ status: 0, out: expect.stringContaining('1 confirmed') });
    const merged = audit('var/audits/2026-11-24/audit.json');
    expect(merged.inputs.length).toBe(3);
    const [day] = whole.sessions;
    const [session, ...others] = merged.sessions;
    expect(others).toEqual([]);
    expect(session.work).toEqual(day.work);
    // The first hour ends between a share and its answer, which the next audit cannot give to it (docs/limits.md).
    expect(day.shares).toEqual({ submitted: 156, accepted: 151, rejected: 5, stale: 0, unanswered: 0 });
    expect(session.shares).toEqual({ ...day.shares, accepted: 150, unanswered: 1 });
  });
});

describe('the pipeline', () => {
  it('fails with 3 where a miner is new, says which, and passes where none is', () => {
    copyFileSync(laboratoryCapture('xmr-many-shares').capture, at('capture.pcap'));
    copyFileSync(at('var/audits/2026-11-23/audit.json'), at('base.json'));
    expect(run('pipeline').status).toBe(3);
    expect(readFileSync(at('changes.md'), 'utf8')).toContain(laboratoryCapture('xmr-many-shares').miner);
    copyFileSync(at('now.json'), at('base.json'));
    expect(run('pipeline').status).toBe(0);
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
    copyFileSync(at('now.json'), at('audit.json'));
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
  expect(names).toEqual(['nightly', 'hourly', 'daily merge', 'pipeline', 'nfcapd', 'share']);
  for (const name of names) execFileSync('sh', ['-n', '-c', recipe(name ?? '')]);
});

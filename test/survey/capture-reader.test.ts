/** Scans whose captures another thread decodes: the audit is the same, and the thread is there where it may be. */
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import type { ScanOptions } from '../../src/scan.ts';
import { CORPUS_ABSENT, corpusFolder, REPO_ROOT } from '../support/corpus.ts';
import { scanInputs } from '../support/scanning.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const THERE = 'captures are decoded in a thread of their own';
const HERE = 'captures are decoded in the main thread';

const folder = temporaryFolder();
const corpus = corpusFolder();

function capturesIn(place: string): string[] {
  return readdirSync(place, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.pcap(ng)?(\.gz)?$/.test(entry.name))
    .map(({ name }) => path.join(place, name))
    .sort();
}

const fixtures = readdirSync(path.join(REPO_ROOT, 'fixtures'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name }) => capturesIn(path.join(REPO_ROOT, 'fixtures', name)));

/** The whole audit, edges and inputs included. */
async function scanned(inputs: readonly string[], options: Partial<ScanOptions>) {
  const said: string[] = [];
  const audit = await scanInputs(inputs, { ...options, log: (_level, message) => said.push(message) });
  return { audit: { ...audit, generated: '' }, said };
}

async function compared(inputs: readonly string[], options: Partial<ScanOptions> = {}): Promise<Audit> {
  const here = await scanned(inputs, { ...options, thread: 'never' });
  const there = await scanned(inputs, { ...options, thread: 'always' });
  expect(there.audit).toEqual(here.audit);
  expect(here.said).toContain(HERE);
  expect(there.said).toContain(THERE);
  return there.audit;
}

describe('a scan with a decoding thread', () => {
  const plain = fixtures.filter((file) => !file.endsWith('.gz'));

  it.each(plain.map((file) => [path.basename(file), file]))(
    'gives the same audit of %s',
    async (_name, file) => {
      await compared([file]);
    },
  );

  it('gives the same audit of all at once, with hashes and for a part of the time', async () => {
    const audit = await compared(plain, { hash: true });
    expect(audit.inputs.every(({ sha256 }) => sha256 !== null)).toBe(true);
    const { start, end } = audit.window;
    const middleUs = ((Date.parse(start ?? '') + Date.parse(end ?? '')) / 2) * 1000;
    await compared(plain, { sinceUs: middleUs });
    await compared(plain, { untilUs: middleUs });
  });

  it
    .runIf(corpus !== null)
    .each(
      ['real', 'benign'].map(
        (name) => [name, corpus === null ? [] : capturesIn(path.join(corpus, name))] as const,
      ),
    )(
    `gives the same audit of the %s captures${corpus === null ? ` (${CORPUS_ABSENT})` : ''}`,
    async (_, files) => {
      const whole = files.filter((file) => !file.endsWith('.gz'));
      for (let at = 0; at < whole.length; at += 10) await compared(whole.slice(at, at + 10));
    },
  );

  it('of damaged files says the same, and reads the rest', async () => {
    const [first, second] = plain;
    const cut = path.join(folder, 'cut.pcap');
    writeFileSync(cut, readFileSync(first).subarray(0, 3000));
    const audit = await compared([cut, second, path.join(folder, 'cut.pcap')]);
    expect(audit.inputs.some(({ damage }) => damage.length > 0)).toBe(true);
  });

  it('is not one of packed captures, nor of plain ones beside them', async () => {
    const [first, second] = plain;
    const packed = path.join(folder, 'packed.pcap.gz');
    const copy = path.join(folder, 'plain.pcap');
    copyFileSync(second, copy);
    writeFileSync(packed, gzipSync(readFileSync(first)));
    for (const inputs of [[packed], [packed, copy]]) {
      const here = await scanned(inputs, { thread: 'never' });
      const there = await scanned(inputs, { thread: 'always' });
      expect(there.audit).toEqual(here.audit);
      expect(there.said).not.toContain(THERE);
    }
  });

  it('takes a thread that was started ahead, and does without where that is none', async () => {
    const [file] = plain;
    const here = await scanned([file], { thread: 'never' });
    const broken = path.join(folder, 'broken.cjs');
    writeFileSync(broken, 'throw new Error("no")');
    const worker = new Worker(broken);
    worker.on('error', () => undefined);
    const there = await scanned([file], { thread: 'always', decoder: worker });
    expect(there.audit).toEqual(here.audit);
    expect(there.said).toContain('the thread for captures did not start');
  });

  it('ends a thread that was started ahead and is not wanted', async () => {
    const idle = path.join(folder, 'idle.cjs');
    writeFileSync(idle, 'setInterval(() => {}, 1000)');
    const worker = new Worker(idle);
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    await scanned([plain[0]], { thread: 'never', decoder: worker });
    await ended;
  });

  it('can be stopped', async () => {
    const controller = new AbortController();
    controller.abort();
    const { audit } = await scanned([plain[0]], { thread: 'always', signal: controller.signal });
    expect(audit.partial).toBe(true);
  });
});

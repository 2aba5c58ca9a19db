import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { FLOW_FORMATS, flowFormat } from '../../src/readers/index.ts';
import { ReadingThread } from '../../src/reading/reading-thread.ts';
import { type FlowSink, NOBODY } from '../../src/rows/flow-sink.ts';
import { threadProgram } from '../../src/thread-program.ts';
import { bytesSource } from '../support/binary-flows.ts';
import { CORPUS_ABSENT, flowsFolder, REPO_ROOT } from '../support/corpus.ts';
import { exporterRecord, nfcapd2, samplerRecord, v3Record } from '../support/flow-writer.ts';
import { scanInputs } from '../support/scanning.ts';
import { TEXT_FORMATS } from '../support/text-flows.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'minesweep-thread-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, content: string | Uint8Array): string {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}

/** Rows with different counts, enough for several batches. */
function longLog(id: string): string {
  const format = TEXT_FORMATS.find((each) => each.id === id);
  if (format === undefined) throw new Error(id);
  const { head, row, foot = [], comma = '' } = format;
  const rows = Array.from({ length: 9000 }, (_, i) => row({ bytes: String(4000 + i) }));
  return `${[...head({}), rows.join(`${comma}\n`), ...foot].join('\n')}\n`;
}

/** A log of Suricata in which flows, names and alerts take turns. */
function eveLog(): string {
  const at = '"timestamp":"2023-11-14T22:13:20.000000+0000"';
  const ends = (i: number): string =>
    `"src_ip":"10.0.0.${i % 250}","src_port":${40_000 + (i % 9000)},"dest_ip":"198.51.100.${i % 200}","dest_port":3333`;
  const flow = (i: number): string =>
    `{${at},"event_type":"flow",${ends(i)},"proto":"TCP","flow":{"pkts_toserver":${i},"pkts_toclient":2,"bytes_toserver":${60 * i},"bytes_toclient":200,"start":"2023-11-14T22:13:20.000000+0000","end":"2023-11-14T22:14:20.000000+0000"}}`;
  const tls = (i: number): string =>
    `{${at},"event_type":"tls",${ends(i)},"proto":"TCP","tls":{"sni":"pool${i % 7}.example.org"}}`;
  const alert = (i: number): string =>
    `{${at},"event_type":"alert",${ends(i)},"proto":"TCP","alert":{"signature":"coin miner ${i}","category":"Crypto Currency Mining Activity Detected"}}`;
  const rows = Array.from({ length: 9000 }, (_, i) =>
    i % 5 === 1 ? tls(i) : i % 17 === 2 ? alert(i) : flow(i),
  );
  return `${rows.join('\n')}\n`;
}

/** One exporter that gets its name late, and others that never get one. */
function exportersLog(): Uint8Array {
  const flow = (i: number): Uint8Array =>
    v3Record({
      firstMs: 1_700_000_000_000 + i,
      lastMs: 1_700_000_060_000 + i,
      source: `10.0.${i % 200}.1`,
      destination: '198.51.100.20',
      sourcePort: 20_000 + (i % 30_000),
      destinationPort: 3333,
      packets: 1 + i,
      bytes: 100 * (1 + i),
      exporter: i % 5,
      direction: i % 2,
    });
  const flows = (from: number, count: number): Uint8Array[] =>
    Array.from({ length: count }, (_, i) => flow(from + i));
  return nfcapd2([
    [...flows(0, 3), exporterRecord(1, '192.0.2.1', 0), ...flows(3, 3000)],
    [exporterRecord(2, '192.0.2.2', 7), samplerRecord(3, 1, 1, 99), ...flows(3003, 5000)],
    [exporterRecord(1, '192.0.2.9', 1), ...flows(8003, 3000)],
  ]);
}

/** Servers that show certificates, of which some come later. */
function zeekCertificates(): string {
  const rows = Array.from({ length: 600 }, (_, i) => {
    const ssl = `{"ts":1700000000.5,"uid":"C${i}","id.orig_h":"10.0.0.5","id.orig_p":51000,"id.resp_h":"198.51.100.${i % 99}","id.resp_p":443,"version":"TLSv12","established":true,"cert_chain_fps":["f${i % 40}"]}`;
    const x509 = `{"ts":1700000000.5,"fingerprint":"f${i % 50}","certificate.version":3,"certificate.subject":"CN=pool${i % 50}.example.org","san.dns":["pool${i % 50}.example.org"]}`;
    return i % 3 === 1 ? x509 : ssl;
  });
  return `${rows.join('\n')}\n`;
}

const LOGS: readonly (readonly [name: string, content: string | Uint8Array])[] = [
  ...TEXT_FORMATS.map(({ id }) => [`${id}.log`, longLog(id)] as const),
  ['eve-mixed.json', eveLog()],
  ['exporters.nfcapd', exportersLog()],
  ['certificates.log', zeekCertificates()],
  ...readdirSync(path.join(REPO_ROOT, 'fixtures/flowlogs'))
    .filter((name) => !name.endsWith('.txt'))
    .map((name) => [name, readFileSync(path.join(REPO_ROOT, 'fixtures/flowlogs', name))] as const),
];

const laboratory = flowsFolder();

describe('a scan through the reading thread', () => {
  const comparable = (audit: Awaited<ReturnType<typeof scanInputs>>): unknown => ({
    ...audit,
    generated: '',
  });

  it('gives the same audit, hashes included', async () => {
    const files = LOGS.map(([name, content]) => write(name, content));
    const pools = write('pools.txt', '198.51.100.20:3333\n198.51.100.7:3333\n');
    const options = { hash: true, poolFiles: [pools] };
    const here = await scanInputs(files, { ...options, thread: 'never' });
    const there = await scanInputs(files, { ...options, thread: 'always' });
    expect(comparable(there)).toEqual(comparable(here));
    expect(here.hosts.length).toBeGreaterThan(0);
    expect(there.inputs.every(({ sha256 }) => sha256 !== null)).toBe(true);
  });

  it('gives the same audit for any number of threads', async () => {
    const files = LOGS.slice(0, 4).map(([name, content]) => write(name, content));
    const [one, ...others] = await Promise.all(
      [1, 2, 3].map((jobs) => scanInputs(files, { jobs, thread: 'always' })),
    );
    for (const other of others) expect(comparable(other)).toEqual(comparable(one));
  });

  it.runIf(laboratory !== null)(
    `gives the same audit of the laboratory's records${laboratory === null ? ` (${CORPUS_ABSENT})` : ''}`,
    async () => {
      const options = { poolFiles: [write('lab-pools.txt', '198.51.100.0/24\n203.0.113.0/24\n')] };
      for (const name of readdirSync(laboratory ?? '')) {
        const inputs = [path.join(laboratory ?? '', name)];
        const here = await scanInputs(inputs, { ...options, thread: 'never' });
        expect(comparable(await scanInputs(inputs, { ...options, thread: 'always' }))).toEqual(
          comparable(here),
        );
      }
      const inputs = [laboratory ?? ''];
      const here = await scanInputs(inputs, { thread: 'never' });
      expect(comparable(await scanInputs(inputs, { thread: 'always' }))).toEqual(comparable(here));
    },
  );
});

describe('a main thread that fails', () => {
  it('ends the thread, though its ring is full and nobody takes from it', async () => {
    const thread = await ReadingThread.start(threadProgram());
    const format = flowFormat('aws-vpc');
    if (thread === null || format === null) throw new Error('it did not start');
    const [head = '', ...rows] = longLog(format.id).trim().split('\n');
    const bytes = Buffer.from(`${head}\n${`${rows.join('\n')}\n`.repeat(40)}`);
    const sink: FlowSink = {
      ...NOBODY,
      addRows: () => {
        throw new Error('a bug of the table');
      },
    };
    const target = { sink, exporters: [] };
    await expect(thread.read(format, bytesSource(bytes), target, { onBlock: () => true })).rejects.toThrow(
      'a bug of the table',
    );
    await thread.close();
  });
});

describe('a reading thread that fails', () => {
  const nfcapd = FLOW_FORMATS[0];
  const target = { sink: NOBODY, exporters: [] };
  const program = (name: string, code: string): string =>
    write(name, `const { parentPort } = require('node:worker_threads');\n${code}\n`);
  const READY = "parentPort.postMessage({ what: 'ready' });";
  /** Standard input that says nothing. */
  const silent = { fill: () => new Promise<number>(() => {}) };

  it.each([
    ['is not there', path.join(folder, 'nowhere.cjs')],
    ['throws', program('throws.cjs', "throw new Error('broken');")],
    ['ends', program('ends.cjs', 'process.exit(3);')],
  ])('to start is none: its program %s', async (_, file) => {
    expect(await ReadingThread.start(file)).toBeNull();
  });

  it('is none without a program', async () => {
    expect(await ReadingThread.start(null)).toBeNull();
  });

  it.each([
    [
      'ends',
      `${READY} parentPort.once('message', () => process.exit(3));`,
      /thread that reads flow logs failed: it ended with 3/,
    ],
    [
      'throws',
      `${READY} parentPort.once('message', () => { throw new Error('out of luck'); });`,
      /failed: out of luck/,
    ],
    [
      'takes too much memory',
      `${READY} parentPort.once('message', () => { const all = []; for (;;) all.push(new Array(1e5).fill(all.length)); });`,
      /failed: .*memory/,
    ],
  ])('amid a reading is an error that says why: it %s', async (name, code, message) => {
    const thread = await ReadingThread.start(program(`${name}.cjs`, code), 32);
    if (thread === null) throw new Error('it did not start');
    await expect(thread.read(nfcapd, silent, target, { onBlock: () => true })).rejects.toThrow(message);
    await thread.close();
  });
});

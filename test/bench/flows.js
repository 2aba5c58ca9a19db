/**
 * How many flow records a second are read, beside nfdump where it is installed.
 * `npm run build && node test/bench/flows.js [records, default 24 million] [records of the memory run, 50 million]`
 * A scan takes half a second to a second before it runs at its pace, whatever the file, so that rates of 24 million records
 * are an eighth to a half higher than those of 8 million.
 * The file is written here (flow-files.js); nfdump itself packs it anew in each compression. `read` counts bytes;
 * `table` keeps conversations and asks of both ends of every record whether they are among 20,000 listed endpoints;
 * `scan` is the whole command, once without and once with a list of 40 pool endpoints. Each in a process of its own,
 * best of three: by wall time, and by CPU time of all threads, which other work on the machine disturbs less. Then the
 * same records as NetFlow v9 in a capture, and more and more of them through a pipe: what memory do they take?
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import { TEXTS } from '../../bin/shipped.mjs';
import { nfcapdPieces, writeNfcapd, writeV9Capture } from './flow-files.js';
import { scanWhole, warm, wholeScanLine } from './whole-scan.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const RECORDS = Number(process.argv[2]) || 24_000_000;
const MEMORY_RECORDS = Number(process.argv[3]) || 50_000_000;
const PASSES = 3;

/** What is measured, as the program is built: in dist/, where the kernel lies. */
const BUILT = path.join(ROOT, 'dist', 'bench-flows.mjs');

function build() {
  const contents = [
    `export { readHere } from './src/rows/batches.ts';`,
    `export { Conversations } from './src/flows/conversations.ts';`,
    `export { EndpointWatch } from './src/flows/endpoint-watch.ts';`,
    `export { nfcapd } from './src/readers/nfcapd/nfcapd.ts';`,
  ].join('\n');
  buildSync({
    stdin: { contents, resolveDir: ROOT },
    outfile: BUILT,
    bundle: true,
    format: 'esm',
    platform: 'node',
    loader: TEXTS,
    target: 'node20',
  });
}

/** One measurement in a process of its own. */
async function measure(file, task, passes) {
  const { nfcapd, Conversations, EndpointWatch, readHere } = await import(pathToFileURL(BUILT).href);
  const watch = new EndpointWatch();
  for (let i = 0; i < 20_000; i++) watch.add([0, 0, 0xffff, 0xc6100000 + i], 3333);
  const makeSink = () => {
    if (task === 'read') {
      const sum = { bytes: 0 };
      // Of a row sixteen numbers, the fourth is its bytes (src/kernel/records/row.ts).
      const take = (numbers, from, count) => {
        for (let at = from + 3; at < from + 16 * count; at += 16) sum.bytes += numbers[at];
      };
      return { take, name: () => {}, alert: () => {} };
    }
    const conversations = new Conversations({ watch });
    conversations.beginInput(0, 'nfcapd', []);
    const take = (...rows) => conversations.take(...rows);
    return { take, name: () => {}, alert: () => {} };
  };
  let wall = Number.POSITIVE_INFINITY;
  let cpu = Number.POSITIVE_INFINITY;
  let records = 0;
  for (let pass = 0; pass < Number(passes); pass++) {
    const handle = await open(file);
    const source = {
      fill: async (target) => (await handle.read(target, 0, target.length)).bytesRead,
    };
    const usage = process.cpuUsage();
    const started = process.hrtime.bigint();
    const target = { sink: makeSink(), exporters: [] };
    records = (await readHere(target, (writer) => nfcapd.read(source, writer))).records;
    wall = Math.min(wall, Number(process.hrtime.bigint() - started) / 1e9);
    const { user, system } = process.cpuUsage(usage);
    cpu = Math.min(cpu, (user + system) / 1e6);
    await handle.close();
  }
  const peak = Math.round(process.resourceUsage().maxRSS / 1024);
  const rate = (seconds) => (records / seconds / 1e6).toFixed(2);
  process.stdout.write(
    `  ${task.padEnd(12)}   ${rate(wall)} M records/s, ${rate(cpu)} by CPU time, peak ${peak} MB\n`,
  );
}

function hasNfdump() {
  try {
    execFileSync('nfdump', ['-V'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Forty addresses, of which two are servers of the file: 800 clients of theirs are reported. */
function writePools(file) {
  const rows = Array.from({ length: 40 }, (_, i) => `198.${i < 2 ? 0 : 20}.${i}.${5 * i + 1},3333,BenchPool`);
  writeFileSync(file, `${['ip,port,pool', ...rows].join('\n')}\n`);
}

const say = (text) => process.stdout.write(`${text}\n`);

async function compare() {
  const folder = mkdtempSync(path.join(tmpdir(), 'minesweep-flows-'));
  try {
    build();
    const plain = path.join(folder, 'none.nfcapd');
    writeNfcapd(plain, RECORDS);
    const pools = path.join(folder, 'pools.csv');
    writePools(pools);
    const files = [['none', plain]];
    const nfdump = hasNfdump();
    for (const kind of nfdump ? ['lz4', 'lzo', 'zstd', 'bz2'] : []) {
      const file = path.join(folder, `${kind}.nfcapd`);
      execFileSync('nfdump', ['-r', plain, '-w', file, `-z=${kind}`], { stdio: 'ignore' });
      files.push([kind, file]);
    }
    const date = new Date().toISOString().slice(0, 10);
    say(`${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.version}, ${date}, ${RECORDS} records`);
    for (const [kind, file] of files) await compareFile(kind, file, pools, nfdump);
    await captureOfExports(folder);
    await memory();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function compareFile(kind, file, pools, nfdump) {
  warm(file);
  const { size } = statSync(file);
  say(`nfcapd, ${kind}, ${Math.round(size / 1e6)} MB`);
  // Nobody is quick with bzip2.
  const passes = kind === 'bz2' ? 1 : PASSES;
  for (const task of ['read', 'table']) {
    const script = fileURLToPath(import.meta.url);
    const args = [script, 'measure', file, task, String(passes)];
    process.stdout.write(execFileSync(process.execPath, args, { encoding: 'utf8' }));
  }
  say(`  scan           ${await wholeScanLine([file], RECORDS, size, passes)}`);
  say(`  scan --pools   ${await wholeScanLine([file, '--pools', pools], RECORDS, size, passes)}`);
  if (!nfdump) return;
  for (const filter of ['port 3333', 'proto tcp']) {
    const started = process.hrtime.bigint();
    execFileSync('nfdump', ['-r', file, '-s', 'ip/bytes', '-n', '10', filter], { stdio: 'ignore' });
    const seconds = Number(process.hrtime.bigint() - started) / 1e9;
    say(`  nfdump -s ip '${filter}'   ${(RECORDS / seconds / 1e6).toFixed(2)} M records/s`);
  }
}

async function captureOfExports(folder) {
  const file = path.join(folder, 'v9.pcap');
  writeV9Capture(file, RECORDS);
  warm(file);
  const { size } = statSync(file);
  say(`NetFlow v9 in a capture, ${Math.round(size / 1e6)} MB`);
  say(`  scan           ${await wholeScanLine([file], RECORDS, size)}`);
  rmSync(file);
}

/** The records made while they are read, from standard input. */
async function memory() {
  say('nfcapd through a pipe, which its writing slows down');
  for (const records of [MEMORY_RECORDS / 10, MEMORY_RECORDS / 2, MEMORY_RECORDS]) {
    const { seconds, peakMegabytes } = await scanWhole(['-'], nfcapdPieces(records));
    say(
      `  scan -         ${(records / 1e6).toFixed(0)} M records in ${seconds.toFixed(0)} s, peak ${peakMegabytes} MB`,
    );
  }
}

const [task, ...rest] = process.argv.slice(2);
if (task === 'measure') await measure(...rest);
else await compare();

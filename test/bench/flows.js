/**
 * How many flow records a second the nfcapd reader and the table of conversations take, beside nfdump where it is
 * installed. `node test/bench/flows.js [records, default 8 million]`
 * The file is written here: 60,000 hosts, 116-byte records as NetFlow v5 leaves them, mostly web and UDP, blocks of
 * 2 MB; nfdump itself packs it anew in each compression. `read` counts bytes; `scan` keeps conversations and asks of
 * both ends of every record whether they are among 20,000 listed endpoints. Each in a process of its own, best of
 * three: by wall time, and by CPU time of all threads, which other work on the machine disturbs less.
 */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, statSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const RECORDS = Number(process.argv[2]) || 8_000_000;
const RECORD_BYTES = 116;
const PER_BLOCK = 17_000;
const PASSES = 3;

let state = 1;
function random(below) {
  state = (Math.imul(state, 1103515245) + 12345) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
}

const SERVER_PORTS = [443, 443, 443, 443, 443, 80, 53, 53, 123, 22, 993, 3333, 4444, 5555, 14444, 8333];

function fillRecord(view, at, timeMs) {
  const port = SERVER_PORTS[random(SERVER_PORTS.length)];
  const client = 0x0a000000 + random(60_000);
  const server = 0xc6000000 + random(20_000);
  const packets = 1 + random(200);
  const isUp = random(2) === 0;
  const clientPort = 32768 + random(28_000);
  const header = [11, RECORD_BYTES, 5, 7, 1, 0x500];
  header.forEach((word, i) => {
    view.setUint16(at + 2 * i, word, true);
  });
  const first = timeMs + random(60_000);
  view.setUint16(at + 12, 1, true);
  view.setUint16(at + 14, 52, true);
  view.setBigUint64(at + 16, BigInt(first), true);
  view.setBigUint64(at + 24, BigInt(first + random(60_000)), true);
  view.setBigUint64(at + 32, BigInt(timeMs + 120_000), true);
  view.setBigUint64(at + 40, BigInt(packets), true);
  view.setBigUint64(at + 48, BigInt(packets * (60 + random(900))), true);
  view.setUint16(at + 56, isUp ? clientPort : port, true);
  view.setUint16(at + 58, isUp ? port : clientPort, true);
  view.setUint8(at + 60, port === 53 || port === 123 ? 17 : 6);
  view.setUint8(at + 61, 0x1b);
  view.setUint16(at + 64, 2, true);
  view.setUint16(at + 66, 12, true);
  view.setUint32(at + 68, isUp ? client : server, true);
  view.setUint32(at + 72, isUp ? server : client, true);
  view.setUint16(at + 76, 4, true);
  view.setUint16(at + 78, 20, true);
  view.setUint32(at + 80, 1 + random(8), true);
  view.setUint32(at + 84, 1 + random(8), true);
  view.setUint16(at + 96, 7, true);
  view.setUint16(at + 98, 12, true);
  view.setUint32(at + 100, 64500 + random(100), true);
  view.setUint32(at + 104, 64500 + random(100), true);
  view.setUint16(at + 108, 12, true);
  view.setUint16(at + 110, 8, true);
  view.setUint32(at + 112, 0x7f000001, true);
}

/** An uncompressed file of layout 2 with its appendix: an empty ident and the statistics. */
function writeFile(file) {
  const out = openSync(file, 'w');
  const header = new DataView(new ArrayBuffer(40));
  const blocks = Math.ceil(RECORDS / PER_BLOCK);
  header.setUint16(0, 0xa50c, true);
  header.setUint16(2, 2, true);
  header.setUint32(4, 0xf1070400, true);
  header.setUint32(20, 1, true);
  header.setUint32(36, blocks, true);
  writeSync(out, new Uint8Array(header.buffer));
  const block = new DataView(new ArrayBuffer(12 + PER_BLOCK * RECORD_BYTES));
  for (let b = 0; b < blocks; b++) {
    const count = Math.min(PER_BLOCK, RECORDS - b * PER_BLOCK);
    block.setUint32(0, count, true);
    block.setUint32(4, count * RECORD_BYTES, true);
    block.setUint16(8, 3, true);
    for (let i = 0; i < count; i++) {
      fillRecord(block, 12 + i * RECORD_BYTES, 1_790_000_000_000 + Math.floor((b / blocks) * 86_400_000));
    }
    writeSync(out, new Uint8Array(block.buffer, 0, 12 + count * RECORD_BYTES));
  }
  closeSync(out);
}

/** Builds what is measured, as the program is built. */
function build(folder) {
  buildSync({
    entryPoints: ['conversations', 'endpoint-watch', 'nfcapd'].map((name) =>
      path.join(ROOT, 'src', 'flowlogs', `${name}.ts`),
    ),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    outdir: folder,
    outExtension: { '.js': '.mjs' },
  });
}

/** One measurement in a process of its own. */
async function measure(folder, file, task) {
  const load = (name) => import(pathToFileURL(path.join(folder, `${name}.mjs`)).href);
  const { nfcapd } = await load('nfcapd');
  const { Conversations } = await load('conversations');
  const { EndpointWatch } = await load('endpoint-watch');
  const watch = new EndpointWatch();
  for (let i = 0; i < 20_000; i++) watch.add([0, 0, 0xffff, 0xc6100000 + i], 3333);
  const makeSink = () => {
    if (task === 'read') {
      const sum = { bytes: 0 };
      const flow = (record) => {
        sum.bytes += record.bytes;
      };
      return { flow, name: () => {}, alert: () => {} };
    }
    const conversations = new Conversations({ watch });
    conversations.beginInput(0, 'nfcapd', []);
    return { flow: (record) => conversations.flow(record), name: () => {}, alert: () => {} };
  };
  let wall = Number.POSITIVE_INFINITY;
  let cpu = Number.POSITIVE_INFINITY;
  let records = 0;
  for (let pass = 0; pass < PASSES; pass++) {
    const handle = await open(file);
    const source = {
      fill: async (target) => (await handle.read(target, 0, target.length)).bytesRead,
    };
    const usage = process.cpuUsage();
    const started = process.hrtime.bigint();
    records = (await nfcapd.read(source, makeSink())).records;
    wall = Math.min(wall, Number(process.hrtime.bigint() - started) / 1e9);
    const { user, system } = process.cpuUsage(usage);
    cpu = Math.min(cpu, (user + system) / 1e6);
    await handle.close();
  }
  const peak = Math.round(process.resourceUsage().maxRSS / 1024);
  const rate = (seconds) => (records / seconds / 1e6).toFixed(2);
  process.stdout.write(`  ${task}    ${rate(wall)} M records/s, ${rate(cpu)} by CPU time, peak ${peak} MB\n`);
}

function hasNfdump() {
  try {
    execFileSync('nfdump', ['-V'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function warm(file) {
  const handle = openSync(file, 'r');
  const bytes = new Uint8Array(1 << 24);
  while (readSync(handle, bytes) > 0);
  closeSync(handle);
}

function compare() {
  const folder = mkdtempSync(path.join(tmpdir(), 'minesweep-flows-'));
  try {
    build(folder);
    const plain = path.join(folder, 'none.nfcapd');
    writeFile(plain);
    const files = [['none', plain]];
    const nfdump = hasNfdump();
    for (const kind of nfdump ? ['lz4', 'lzo', 'zstd', 'bz2'] : []) {
      const file = path.join(folder, `${kind}.nfcapd`);
      execFileSync('nfdump', ['-r', plain, '-w', file, `-z=${kind}`], { stdio: 'ignore' });
      files.push([kind, file]);
    }
    process.stdout.write(
      `${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}, ${RECORDS} records\n`,
    );
    for (const [kind, file] of files) {
      warm(file);
      process.stdout.write(`${kind}, ${Math.round(statSync(file).size / 1e6)} MB\n`);
      for (const task of ['read', 'scan']) {
        const script = fileURLToPath(import.meta.url);
        process.stdout.write(
          execFileSync(process.execPath, [script, 'measure', folder, file, task], { encoding: 'utf8' }),
        );
      }
      if (!nfdump) continue;
      const started = process.hrtime.bigint();
      execFileSync('nfdump', ['-r', file, '-s', 'ip/bytes', '-n', '10', 'proto tcp'], { stdio: 'ignore' });
      const seconds = Number(process.hrtime.bigint() - started) / 1e9;
      process.stdout.write(`  nfdump  ${(RECORDS / seconds / 1e6).toFixed(2)} M records/s\n`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const [task, ...rest] = process.argv.slice(2);
if (task === 'measure') await measure(...rest);
else compare();

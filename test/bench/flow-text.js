/**
 * How fast text flow logs are read. `node test/bench/flow-text.js [FORMAT…]`
 * Builds a block of real-looking rows a format in memory and gives it again and again, in reads of a megabyte; CPU
 * time of the whole read, median of 5, each format in a process of its own. The floor is 300 MB/s. Collections tell
 * whether records allocate: they must not grow with them. Then, for each, `scan`: the whole command over a file of the
 * same rows, by wall and by CPU time, best of three (after `npm run build`). The file has 1 GB, as the capture of
 * `npm run bench`: some 0.9 s of a run are start, end and code that runs for the first time, whatever its size.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { PerformanceObserver } from 'node:perf_hooks';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import { TEXTS } from '../../bin/shipped.mjs';
import { TEXT_LOGS, textLog, writeTextLog } from './text-logs.js';
import { warm, wholeScanLine } from './whole-scan.js';

const MEGABYTES = 400;
const PASSES = 5;

let collections = 0;
new PerformanceObserver((list) => {
  collections += list.getEntries().length;
}).observe({ entryTypes: ['gc'] });

let digest = 0;
const sink = {
  addRows(numbers, from, count) {
    // Of a row sixteen numbers, the third and fourth are its packets and bytes (src/kernel/records/row.ts).
    for (let at = from; at < from + 16 * count; at += 16)
      digest = (digest + (numbers[at + 2] ^ numbers[at + 3])) | 0;
  },
  name() {},
  alert() {},
};

/** Reads the head once and the body until the wanted bytes are given; returns what it cost. */
async function read({ format, readHere }, head, body) {
  const wanted = MEGABYTES * 1e6;
  let given = 0;
  let block = head.length > 0 ? head : body;
  let at = 0;
  async function fill(target) {
    if (at === block.length) {
      if (given >= wanted) return 0;
      block = body;
      at = 0;
    }
    const count = block.copy(target, 0, at, Math.min(block.length, at + target.length));
    at += count;
    given += count;
    return count;
  }
  const before = process.cpuUsage();
  const { records } = await readHere({ sink, exporters: [] }, (writer) => format.read({ fill }, writer));
  const { user, system } = process.cpuUsage(before);
  return { megabytes: given / (user + system), records: records / (user + system), count: records };
}

/** Reads one format with the compiled registry and says how fast it was. */
async function measure(id, registry) {
  const { FLOW_FORMATS, readHere } = await import(registry);
  const format = FLOW_FORMATS.find((candidate) => candidate.id === id);
  const { head, body, rows } = textLog(id);
  const results = [];
  for (let pass = 0; pass < PASSES; pass++) {
    const started = collections;
    const result = await read({ format, readHere }, Buffer.from(head), body);
    await new Promise((resolve) => setImmediate(resolve));
    results.push({ ...result, collections: collections - started });
  }
  results.sort((a, b) => a.megabytes - b.megabytes);
  const median = results[PASSES >> 1];
  process.stdout.write(
    `${id.padEnd(12)} ${median.megabytes.toFixed(0).padStart(4)} MB/s, ${median.records.toFixed(2)} M records/s, ` +
      `${(body.length / rows).toFixed(0)} bytes a row, ${median.collections} collections in ${median.count} records, ` +
      `peak ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB (digest ${digest})\n`,
  );
}

const self = fileURLToPath(import.meta.url);
if (process.argv[2] === '--measure') {
  await measure(process.argv[3], process.argv[4]);
} else {
  const root = path.resolve(path.dirname(self), '../..');
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-'));
  // In dist/, where the kernel lies.
  const registry = path.join(root, 'dist', 'bench-readers.mjs');
  buildSync({
    stdin: {
      contents: `export { FLOW_FORMATS } from './src/readers/index.ts'; export { readHere } from './src/rows/batches.ts';`,
      resolveDir: root,
    },
    outfile: registry,
    bundle: true,
    format: 'esm',
    platform: 'node',
    loader: TEXTS,
    target: 'node20',
    external: ['hyparquet', 'hyparquet-compressors'], // loaded for Parquet only, which is not measured here
  });
  process.stdout.write(
    `${cpus()[0]?.model}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}\n`,
  );
  const chosen = process.argv.slice(2);
  for (const id of chosen.length > 0 ? chosen : TEXT_LOGS) {
    execFileSync(process.execPath, [self, '--measure', id, pathToFileURL(registry).href], {
      stdio: 'inherit',
    });
    const log = path.join(folder, id);
    const records = writeTextLog(id, log, 1000);
    warm(log);
    const line = await wholeScanLine([log, '--input-format', id], records, statSync(log).size);
    process.stdout.write(`${' '.repeat(12)} scan ${line}\n`);
    rmSync(log);
  }
  rmSync(folder, { recursive: true });
}

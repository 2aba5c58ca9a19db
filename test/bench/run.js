/**
 * `npm run bench`: builds a capture of mixed traffic (once), scans it as a child process several times and prints
 * GB/s, packets/s and peak memory, beside tcpdump's pass with a port filter where tcpdump is installed.
 * Options: --gigabytes N (1), --runs N (5), --folder DIR (.cache/bench).
 */
import { execFileSync, spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const { values } = parseArgs({
  options: {
    gigabytes: { type: 'string', default: '1' },
    runs: { type: 'string', default: '5' },
    folder: { type: 'string', default: path.join(ROOT, '.cache', 'bench') },
  },
});
const gigabytes = Number(values.gigabytes);
const runs = Number(values.runs);
if (!(gigabytes > 0) || !(runs >= 1)) {
  console.error('--gigabytes and --runs want numbers above 0');
  process.exit(2);
}

const { file, figures } = await prepare(path.resolve(values.folder), gigabytes);
const bytes = statSync(file).size;
const mean = (figures.bytes - 24) / figures.packets - 16;
console.log(`date     ${new Date().toISOString().slice(0, 10)}, commit ${commit()}`);
console.log(
  `machine  ${cpus()[0]?.model ?? 'unknown CPU'}, ${availableParallelism()} cores, node ${process.version}`,
);
console.log(
  `capture  ${(bytes / 1e9).toFixed(2)} GB, ${figures.packets} packets of ${mean.toFixed(0)} bytes in the mean, ` +
    `${figures.flows} flows, ${figures.miningPackets} packets of mining`,
);
warm(file);
await measure('minesweep', process.execPath, [
  path.join(ROOT, 'bin', 'minesweep.js'),
  'scan',
  file,
  '--format',
  'json',
  '--quiet',
  '--no-progress',
]);
if (installed('tcpdump')) {
  await measure('tcpdump', 'tcpdump', ['-nr', file, '-w', '/dev/null', 'tcp port 3333']);
} else console.log('tcpdump  not installed');

/** Builds the capture unless it is there, with its figures beside it. */
async function prepare(folder, size) {
  const name = path.join(folder, `mixed-${size}gb`);
  const file = `${name}.pcap`;
  if (!existsSync(file) || !existsSync(`${name}.json`)) {
    mkdirSync(folder, { recursive: true });
    const { runnerImport } = await import('vite');
    const source = path.join(ROOT, 'test', 'support', 'bench-capture.ts');
    const { module } = await runnerImport(source, { configFile: false, logLevel: 'error' });
    const begun = performance.now();
    const figures = module.buildBenchCapture(file, size * 1e9);
    writeFileSync(`${name}.json`, JSON.stringify(figures));
    console.log(`built ${file} in ${((performance.now() - begun) / 1000).toFixed(1)} s`);
  }
  return { file, figures: JSON.parse(readFileSync(`${name}.json`, 'utf8')) };
}

/** Reads the file once, so that every run finds it in the page cache. */
function warm(file) {
  const block = Buffer.alloc(8 << 20);
  const descriptor = openSync(file, 'r');
  while (readSync(descriptor, block) > 0);
  closeSync(descriptor);
}

async function measure(label, command, args) {
  const results = [];
  for (let run = 0; run < runs; run++) results.push(await once(command, args));
  const failed = results.find((result) => result.status !== 0);
  if (failed !== undefined) {
    console.log(
      `${label.padEnd(9)}ended with status ${failed.status}: ${failed.complaint.trim().split('\n')[0]}`,
    );
    process.exitCode = 1;
    return;
  }
  const seconds = results.map((result) => result.seconds).sort((a, b) => a - b);
  const median = seconds[Math.floor(seconds.length / 2)];
  const peak = Math.max(...results.map((result) => result.peakBytes));
  console.log(
    `${label.padEnd(9)}${(bytes / 1e9 / median).toFixed(2)} GB/s, ${(figures.packets / median / 1e6).toFixed(2)} M packets/s, ` +
      `peak ${peak === 0 ? 'unknown' : `${(peak / 1e6).toFixed(0)} MB`}; median ${median.toFixed(2)} s of ` +
      `${seconds.map((each) => each.toFixed(2)).join(' ')}`,
  );
}

/** One run from start to exit: wall time, and the high-water mark of its memory (Linux; elsewhere 0). */
function once(command, args) {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let peakBytes = 0;
    let complaint = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      complaint += text;
    });
    const watch = setInterval(() => {
      peakBytes = Math.max(peakBytes, highWaterMark(child.pid));
    }, 20);
    child.on('error', reject);
    child.on('close', (status) => {
      clearInterval(watch);
      resolve({ status, seconds: (performance.now() - begun) / 1000, peakBytes, complaint });
    });
  });
}

function highWaterMark(pid) {
  try {
    const match = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'));
    return match === null ? 0 : Number(match[1]) * 1024;
  } catch {
    return 0;
  }
}

function installed(command) {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function commit() {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}

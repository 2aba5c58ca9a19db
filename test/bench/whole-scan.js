/** The whole command as users run it, in a process of its own: wall and CPU time of all threads, and peak memory. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const LAUNCHER = fileURLToPath(new URL('../../bin/minesweep.js', import.meta.url));
/** Loaded before the program; says at its end what it took. */
const METER =
  "data:text/javascript,process.on('exit',()=>process.stderr.write('usage '+JSON.stringify(process.resourceUsage())))";

/** Runs `minesweep scan` with these arguments; `pieces` go to its standard input. */
export async function scanWhole(args, pieces = []) {
  const started = process.hrtime.bigint();
  const child = spawn(
    process.execPath,
    ['--import', METER, LAUNCHER, 'scan', ...args, '--format', 'json', '--quiet', '--no-progress'],
    { stdio: ['pipe', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  const ended = once(child, 'close');
  for (const piece of pieces) {
    if (!child.stdin.write(Uint8Array.from(piece))) await once(child.stdin, 'drain');
  }
  child.stdin.end();
  const [code] = await ended;
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const usage = JSON.parse(said.slice(said.lastIndexOf('usage ') + 6));
  if (code !== 0 && code !== 4) throw new Error(`${path.basename(LAUNCHER)} ended with ${code}: ${said}`);
  return {
    seconds,
    cpuSeconds: (usage.userCPUTime + usage.systemCPUTime) / 1e6,
    peakMegabytes: Math.round(usage.maxRSS / 1024),
  };
}

/** Reads a file once, so that every run finds it in the page cache; not whole, as children seem as large as their parent. */
export function warm(file) {
  const handle = openSync(file, 'r');
  const bytes = new Uint8Array(1 << 24);
  while (readSync(handle, bytes) > 0);
  closeSync(handle);
}

/** The best of some runs, as a line: records and bytes a second. */
export async function wholeScanLine(args, records, bytes, runs = 3) {
  let best = null;
  for (let run = 0; run < runs; run++) {
    const took = await scanWhole(args);
    best = best === null ? took : bestOf(best, took);
  }
  const { seconds, cpuSeconds, peakMegabytes } = best;
  const rate = (count, time) => (count / time / 1e6).toFixed(2);
  return (
    `${rate(records, seconds)} M records/s, ${(bytes / seconds / 1e6).toFixed(0)} MB/s, ` +
    `${rate(records, cpuSeconds)} M records/s by CPU time, peak ${peakMegabytes} MB`
  );
}

function bestOf(a, b) {
  return {
    seconds: Math.min(a.seconds, b.seconds),
    cpuSeconds: Math.min(a.cpuSeconds, b.cpuSeconds),
    peakMegabytes: Math.max(a.peakMegabytes, b.peakMegabytes),
  };
}

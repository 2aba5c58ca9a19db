/**
 * How fast logs of firewalls, proxies and collectors are read, and in how much memory. `node test/bench/device-logs.js [GB] [ID…]`
 * (after `npm run build`). For each product the lines of test/support/device-logs.ts are written again and again, with other
 * addresses, ports, counters and harmless names, up to a gigabyte: an hour of sites with 2,000 clients each, one site after
 * another. Every line is a connection of its own; servers come as often as their rank says (Zipf), as they do in logs of the
 * web. The whole command reads that file, best of two: by wall
 * and by CPU time of all threads, and its peak memory. `miner`: the same file behind one line of a pool. Of JSON, beside it,
 * how fast `JSON.parse` goes over the same objects, by CPU.
 */
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import { scanWhole, warm } from './whole-scan.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BLOCK = 30e6;
const RUNS = 2;
/** Of each site, whose number stands in the second byte of their addresses. */
const CLIENTS = 2000;
const SITE = Buffer.from('10.100.');
const SERVERS = 50_000;

let state = 1;
function random(below) {
  state = (Math.imul(state, 1103515245) + 12345) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
}

/** What is written in place of each value of the sample. */
const VALUES = {
  '10.20.30.40': () => client(),
  '10.20.30.41': () => client(),
  '203.0.113.77': () => server,
  '198.51.100.7': () => server,
  'xmr-eu1.nanopool.org': () => `www.example-${server.replaceAll('.', '-')}.com`,
  'www.example.com': () => `www.example-${server.replaceAll('.', '-')}.com`,
  51515: () => 1024 + random(64_000),
  40000: () => 1024 + random(64_000),
  3333: () => [443, 80, 8443][random(3)],
  54000: () => 1000 + random(90_000),
  61000: () => 1000 + random(90_000),
  300: () => 10 + random(900),
  310: () => 10 + random(900),
  1000: () => 1000 + random(9000),
  9000: () => 1000 + random(9000),
  // Connections of ten seconds, in the course of an hour.
  600: () => '10',
  600000: () => '10000',
  '0:10:00': () => '0:00:10',
  '00:10:00': () => '00:00:10',
};
const VALUE = new RegExp(
  `(?<![\\d.])(?:${Object.keys(VALUES).join('|').replaceAll('.', '\\.')})(?!\\d)`,
  'g',
);
/** Starts and ends of connections, as text and since 1970. */
const TIME = /(?<![\d.])(10:20:00|10:30:55|10:3\d:00)/g;
const EPOCH = /1795170(000|655|600|660)/g;

let server = '';
/** Of the connection in hand: seconds since ten o'clock, and the same as minutes and tens of seconds. */
let seconds = 0;
let time = '';
function client() {
  const number = random(CLIENTS);
  return `${SITE}${number >> 7}.${1 + (number & 127)}`;
}

/** The lines of a sample with other values, some megabytes of them. */
function block(lines) {
  const rows = [];
  for (let bytes = 0; bytes < BLOCK; ) {
    for (const line of lines) {
      const number = Math.floor(SERVERS ** (random(2 ** 30) / 2 ** 30));
      seconds = 10 * Math.min(Math.floor((360 * bytes) / BLOCK), 359);
      time = `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${(seconds % 60) / 10}`;
      server = `198.${18 + (number >> 14)}.${(number >> 7) & 127}.${1 + (number & 127)}`;
      const row = `${line
        .replace(VALUE, (value) => VALUES[value]())
        .replace(TIME, (value) => `10:${time}${/3\d:00/.test(value) ? 9 : 0}`)
        .replace(
          EPOCH,
          (_, end) => 1795168800 + seconds + (end.startsWith('6') && end !== '655' ? 9 : 0),
        )}\n`;
      rows.push(row);
      bytes += row.length;
    }
  }
  return Buffer.from(rows.join(''));
}

/** Megabytes of its objects that `JSON.parse` reads in a second of CPU. */
function parseRate(body) {
  const texts = body.toString('utf8').trimEnd().split('\n');
  const before = process.cpuUsage();
  for (const text of texts) JSON.parse(text);
  const { user, system } = process.cpuUsage(before);
  return body.length / (user + system);
}

async function measured(file, head, body, bytes) {
  const out = openSync(file, 'w');
  writeSync(out, head);
  for (let site = 0; site * body.length < bytes; site++) {
    const digits = Buffer.from(String(100 + (site % 100)));
    for (let at = body.indexOf(SITE); at >= 0; at = body.indexOf(SITE, at + 1)) digits.copy(body, at + 3);
    writeSync(out, body);
    SITE.set(digits, 3);
  }
  closeSync(out);
  warm(file);
  const megabytes = statSync(file).size / 1e6;
  const runs = [];
  for (let run = 0; run < RUNS; run++) runs.push(await scanWhole([file]));
  const least = (key) => Math.min(...runs.map((run) => run[key]));
  const peak = Math.max(...runs.map((run) => run.peakMegabytes));
  const rate = (key) => `${(megabytes / least(key)).toFixed(0).padStart(4)} MB/s`;
  return `${rate('cpuSeconds')} by CPU, ${rate('seconds')} by wall, peak ${String(peak).padStart(3)} MB`;
}

const samples = path.join(ROOT, 'dist', 'bench-device-logs.mjs');
buildSync({
  entryPoints: [path.join(ROOT, 'test', 'support', 'device-logs.ts')],
  outfile: samples,
  bundle: true,
  format: 'esm',
});
const { DEVICE_LOGS, JSON_LOGS } = await import(pathToFileURL(samples).href);
rmSync(samples);
const [gigabytes = 1, ...ids] = process.argv.slice(2);
const folder = mkdtempSync(path.join(tmpdir(), 'bench-'));
const file = path.join(folder, 'log');
process.stdout.write(
  `${cpus()[0]?.model}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}\n`,
);
for (const log of [...DEVICE_LOGS, ...JSON_LOGS]) {
  if (ids.length > 0 && !ids.includes(log.id)) continue;
  // Lines that begin a file, as a header does, begin ours; so does what is left of a miner.
  const header = log.lines.filter((line) => !line.includes('10.20.30.4')).map((line) => `${line}\n`);
  const rows = log.lines.filter((line) => line.includes('10.20.30.4'));
  const body = block(rows);
  const bytes = Number(gigabytes) * 1e9;
  const said = await measured(file, header.join(''), body, bytes);
  const json = JSON_LOGS.includes(log) ? `, JSON.parse ${parseRate(body).toFixed(0)} MB/s` : '';
  process.stdout.write(`${log.id.padEnd(20)} ${said}${json}\n`);
  if (log.name !== undefined) {
    const mined = await measured(file, `${header.join('')}${rows[0]}\n`, body, bytes);
    process.stdout.write(`${''.padEnd(14)}miner  ${mined}\n`);
  }
}
rmSync(folder, { recursive: true });

/**
 * `npm run bench`: whole commands, ours against those of others, in one table of wall time, CPU time and peak memory: on
 * four captures, on flow records of nfcapd, on text logs, and on a small capture. Three captures are mixes of real ones
 * that lie beside the checkout (`mix.py` there builds them), one of them with packets in fragments. What is not there is
 * skipped with a word. One more is nothing but connections to a pool, through a pipe. `--write` puts the table into docs/internals/performance.md. Options: --benign MB (500), --mining MB (99),
 * --many MB (300), --synthetic MB (1000), --records N (8 million), --log MB (1000), --runs N (3),
 * --folder DIR (.cache/bench).
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeNfcapd } from './flow-files.js';
import { writeFragmented } from './fragmented.js';
import { metered } from './meter.js';
import { writeTextLog } from './text-logs.js';
import { warm } from './whole-scan.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CAPTURES = process.env.MINESWEEP_CORPUS ?? path.join(ROOT, '..', 'shared', 'captures');
const PAGE = path.join(ROOT, 'docs', 'internals', 'performance.md');
const BEGIN = '<!-- figures: npm run bench -- --write -->';
const END = '<!-- end of figures -->';
/** What was published of Jiangsu (docs/guide/jiangsu.md): addresses, and 136.77 Mbit/s in MB/s. */
const ADDRESSES = 4502;
const JIANGSU = 136.77 / 8;
/** Shares of each: 300 MB. */
const ROUNDS = 66;

const { values } = parseArgs({
  options: {
    benign: { type: 'string', default: '500' },
    mining: { type: 'string', default: '99' },
    many: { type: 'string', default: '300' },
    synthetic: { type: 'string', default: '1000' },
    records: { type: 'string', default: '8000000' },
    log: { type: 'string', default: '1000' },
    runs: { type: 'string', default: '3' },
    folder: { type: 'string', default: path.join(ROOT, '.cache', 'bench') },
    write: { type: 'boolean', default: false },
  },
});
const runs = Number(values.runs);
const megabytes = {
  benign: Number(values.benign),
  mining: Number(values.mining),
  many: Number(values.many),
  synthetic: Number(values.synthetic),
  log: Number(values.log),
};
const records = Number(values.records);
if (!(runs >= 1) || !(records >= 1) || Object.values(megabytes).some((size) => !(size > 0))) {
  console.error('sizes and --runs want numbers above 0');
  process.exit(2);
}

const minesweep = {
  name: 'minesweep',
  command: (file) => [
    process.execPath,
    path.join(ROOT, 'bin', 'minesweep.js'),
    'scan',
    file,
    '--format',
    'json',
    '--quiet',
    '--no-progress',
  ],
};
/** The same through a pipe. */
const piped = {
  name: 'minesweep',
  command: (file) => ['sh', '-c', 'cat "$0" | exec "$@"', file, ...minesweep.command('-')],
};
const tcpdump = {
  name: 'tcpdump',
  command: (file) => ['tcpdump', '-nr', file, '-w', '/dev/null', 'tcp port 3333'],
};
const nfdump = { name: 'nfdump', command: (file) => ['nfdump', '-r', file, '-s', 'ip', 'proto tcp'] };
const ndpi = { name: 'ndpiReader', command: (file) => ['ndpiReader', '-q', '-i', file] };

const table = ['| input | command | wall, s | CPU, s | peak, MB |', '| --- | --- | ---: | ---: | ---: |'];
const ratios = [];
const skipped = [];
if (!installed('python3')) skipped.push('all of it: python3, which measures, is not installed');
else {
  const benign = await mix('benign', capturesIn('benign'));
  if (benign !== null) {
    const took = compare(benign, [minesweep, tcpdump, ndpi]);
    ratio('benign mix, CPU against tcpdump', took.minesweep?.cpu, took.tcpdump?.cpu, 5);
    const cut = { label: `${benign.label}, a tenth in fragments`, file: fragmented(benign, 'benign') };
    const tookCut = compare(cut, [minesweep, tcpdump]);
    ratio('benign mix in fragments, CPU against tcpdump', tookCut.minesweep?.cpu, tookCut.tcpdump?.cpu, 7);
  }
  const synthetic = await buildSynthetic();
  const took = compare(synthetic, [minesweep, tcpdump]);
  ratio('synthetic, wall against tcpdump', took.minesweep?.wall, took.tcpdump?.wall, 2.5);
  const miners = [...capturesIn('.'), ...capturesIn('real')];
  const mining = await mix('mining', miners);
  if (mining !== null) {
    const took = compare(mining, [minesweep, tcpdump, ndpi]);
    ratio('mining mix, CPU against ndpiReader', took.minesweep?.cpu, took.ndpiReader?.cpu, 8);
    const longer = compare(await mix('mining', miners, 3 * megabytes.mining), [minesweep]);
    ratios.push(
      `- mining mix, peak: ${took.minesweep.peak.toFixed(0)} MB (at most 150); with an input three times as long ${longer.minesweep.peak.toFixed(0)} MB (at most 200).`,
    );
  }
  const pool = built(`pool-${ADDRESSES}-${ROUNDS}.pcap`, writePoolTraffic);
  const poolSize = statSync(pool).size / 1e6;
  const poolTook = compare(
    { label: `pool traffic of ${ADDRESSES} addresses, ${poolSize.toFixed(0)} MB`, file: pool },
    [piped],
  );
  const perSecond = poolSize / poolTook.minesweep.cpu;
  ratios.push(
    `- pool traffic: ${perSecond.toFixed(0)} MB/s of CPU (at least 35), ${(perSecond / JIANGSU).toFixed(1)} times what Jiangsu's miners and pools said in 2021.`,
  );
  const kinds = ['.', 'benign', 'real', 'transcripts'];
  const many = await mix('many', kinds.flatMap(capturesIn));
  if (many !== null) {
    const cut = { label: `${many.label}, a tenth in fragments`, file: fragmented(many, 'many') };
    const took = compare(cut, [minesweep, tcpdump]);
    ratio('many kinds in fragments, CPU against tcpdump', took.minesweep?.cpu, took.tcpdump?.cpu, 7);
  }
  const flows = built(`${records}.nfcapd`, (file) => writeNfcapd(file, records));
  const flowsTook = compare({ label: `nfcapd, ${(records / 1e6).toFixed(0)} M records`, file: flows }, [
    minesweep,
    nfdump,
  ]);
  ratio('nfcapd, wall against nfdump', flowsTook.minesweep?.wall, flowsTook.nfdump?.wall, 1);
  for (const [format, name] of [
    ['zeek', 'Zeek log'],
    ['eve', 'EVE log'],
  ]) {
    const log = built(`${format}-${megabytes.log}.log`, (file) => writeTextLog(format, file, megabytes.log));
    const logTook = compare({ label: `${name}, ${megabytes.log} MB`, file: log }, [minesweep]);
    ratios.push(`- ${name}: ${(megabytes.log / logTook.minesweep.wall).toFixed(0)} MB/s (at least 300).`);
  }
  const small = path.join(ROOT, 'fixtures', 'cryptonote', 'xmr-many-shares.pcap');
  const smallTook = compare(
    { label: `capture, ${(statSync(small).size / 1e3).toFixed(0)} kB`, file: small },
    [minesweep],
  );
  ratios.push(`- Start to result, small capture: ${smallTook.minesweep.wall.toFixed(2)} s (at most 0.2).`);
}
const text = [
  `${new Date().toISOString().slice(0, 10)}, commit ${commit()}, ${cpus()[0]?.model ?? 'unknown CPU'}, ${availableParallelism()} cores, Node ${process.version}; least CPU of ${runs} runs.`,
  '',
  ...table,
  '',
  ...ratios,
  ...skipped.map((word) => `- Skipped: ${word}.`),
].join('\n');
console.log(text);
if (values.write) {
  const page = readFileSync(PAGE, 'utf8');
  const [before, rest] = page.split(BEGIN);
  const [, after] = rest.split(END);
  writeFileSync(PAGE, `${before}${BEGIN}\n${text}\n${END}${after}`);
}

/** Measures the commands on the capture, by turns; the run of each that took the least CPU, by name. */
function compare({ label, file }, programs) {
  warm(file);
  const best = {};
  for (let run = 0; run < runs; run++) {
    for (const { name, command } of programs) {
      if (name !== 'minesweep' && !installed(name)) continue;
      const took = metered(command(file));
      // Status 4: done, but some input was damaged.
      if (took.status !== 0 && took.status !== 4) throw new Error(`${name} ended with ${took.status}`);
      if (best[name] === undefined || took.cpu < best[name].cpu) best[name] = took;
    }
  }
  for (const { name } of programs) {
    const took = best[name];
    if (took === undefined) skipped.push(`${name}, which is not installed`);
    else
      table.push(
        `| ${label} | ${name} | ${took.wall.toFixed(2)} | ${took.cpu.toFixed(2)} | ${took.peak.toFixed(0)} |`,
      );
  }
  return best;
}

function ratio(what, ours, theirs, most) {
  if (ours !== undefined && theirs !== undefined)
    ratios.push(`- ${what}: ${(ours / theirs).toFixed(1)} times (at most ${most}).`);
}

function writePoolTraffic(file) {
  const program = fileURLToPath(new URL('sessions.js', import.meta.url));
  const output = openSync(file, 'w');
  const args = [program, ADDRESSES, ROUNDS, 1].map(String);
  execFileSync(process.execPath, args, { stdio: ['ignore', output, 'inherit'] });
  closeSync(output);
}

/** The mix with a tenth of its packets cut into fragments. */
function fragmented({ file }, kind) {
  return built(`${kind}-${megabytes[kind]}-fragmented.pcap`, (to) => writeFragmented(file, to));
}

/** The captures mixed to so many megabytes; null where they or what mixes them is absent. */
async function mix(kind, captures, size = megabytes[kind]) {
  const program = path.join(CAPTURES, '..', 'tools', 'mix.py');
  if (captures.length === 0 || !existsSync(program)) {
    skipped.push(`the ${kind} mix: its captures are not beside this checkout`);
    return null;
  }
  const file = place(`${kind}-${size}.pcap`);
  if (!existsSync(file)) {
    const { status, stderr } = spawnSync('python3', [program, `${file}.part`, String(size), ...captures], {
      encoding: 'utf8',
    });
    if (status !== 0) {
      skipped.push(`the ${kind} mix: ${stderr.trim().split('\n').at(-1)}`);
      return null;
    }
    renameSync(`${file}.part`, file);
  }
  return { label: `${kind} mix, ${(statSync(file).size / 1e6).toFixed(0)} MB`, file };
}

async function buildSynthetic() {
  const file = place(`synthetic-${megabytes.synthetic}.pcap`);
  if (!existsSync(file)) {
    const { runnerImport } = await import('vite');
    const source = path.join(ROOT, 'test', 'support', 'bench-capture.ts');
    const { module } = await runnerImport(source, { configFile: false, logLevel: 'error' });
    module.buildBenchCapture(file, megabytes.synthetic * 1e6);
  }
  return { label: `synthetic, ${(statSync(file).size / 1e6).toFixed(0)} MB`, file };
}

function place(name) {
  const folder = path.resolve(values.folder);
  mkdirSync(folder, { recursive: true });
  return path.join(folder, name);
}

/** A file that is written if it is not there. */
function built(name, write) {
  const file = place(name);
  if (!existsSync(file)) {
    write(`${file}.part`);
    renameSync(`${file}.part`, file);
  }
  return file;
}

function capturesIn(folder) {
  const full = path.join(CAPTURES, folder);
  if (!existsSync(full)) return [];
  return readdirSync(full)
    .filter((name) => /\.(pcap|pcapng|cap)(\.gz)?$/.test(name))
    .map((name) => path.join(full, name));
}

function installed(command) {
  return spawnSync(command, ['--version'], { stdio: 'ignore' }).error === undefined;
}

function commit() {
  const { status, stdout } = spawnSync('git', ['rev-parse', '--short', 'HEAD'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return status === 0 ? stdout.trim() : 'unknown';
}

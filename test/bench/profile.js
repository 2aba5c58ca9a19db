/**
 * `node test/bench/profile.js INPUT... [--top N]`: where the processor time of one scan goes, thread by thread: V8's compilers
 * and its garbage collector by V8's own trace events, which count the time of their thread, and the functions of the threads
 * that run JavaScript by samples of wall time. To look is not free: a run takes a tenth to a fifth more than without.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const LAUNCHER = fileURLToPath(new URL('../../bin/minesweep.js', import.meta.url));
const COLUMNS = ['optimising', 'parsing', 'garbage'];
const TRACED = ['v8', 'disabled-by-default-v8.compile', 'disabled-by-default-v8.gc'];

const { values, positionals } = parseArgs({
  options: { top: { type: 'string', default: '25' } },
  allowPositionals: true,
});
if (positionals.length === 0 || !(Number(values.top) >= 0)) {
  console.error('usage: node test/bench/profile.js INPUT... [--top N]');
  process.exit(2);
}
const folder = mkdtempSync(path.join(tmpdir(), 'minesweep-profile-'));
try {
  run();
  printThreads(threadsOf(filesOf('.json').flatMap(({ traceEvents }) => traceEvents)));
  for (const profile of filesOf('.cpuprofile')) printFunctions(profile);
} finally {
  rmSync(folder, { recursive: true });
}

function run() {
  const flags = ['--cpu-prof', '--cpu-prof-dir', folder, '--trace-event-categories', TRACED.join()];
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Node.js puts a number there.
  const pattern = ['--trace-event-file-pattern', path.join(folder, '${rotation}.json')];
  const scan = ['scan', ...positionals, '--format', 'json', '--quiet', '--no-progress'];
  try {
    execFileSync(process.execPath, [...flags, ...pattern, LAUNCHER, ...scan], { stdio: 'ignore' });
  } catch (error) {
    // Done, but some input was damaged.
    if (error.status !== 4) throw error;
  }
}

function filesOf(ending) {
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => JSON.parse(readFileSync(path.join(folder, name), 'utf8')));
}

/** What an event is of; null if it is of something else. */
function columnOf({ ph, cat, name }) {
  if (ph !== 'X') return null;
  if (name.startsWith('V8.GC')) return 'garbage';
  if (!cat.includes('v8.compile')) return null;
  return /Optimiz|Maglev|TurboFan|^V8\.TF|^V8\.WasmTurbofan/.test(name) ? 'optimising' : 'parsing';
}

/** The processor time of each thread, us, and what of it each column took. Events lie within each other: the outermost count. */
function threadsOf(events) {
  const threads = new Map();
  for (const event of events.toSorted((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0))) {
    const { tid, ts, tts = 0, dur = 0, tdur = 0, name, args } = event;
    const thread = threads.get(tid) ?? { name: '', all: 0, until: 0, optimising: 0, parsing: 0, garbage: 0 };
    threads.set(tid, thread);
    if (name === 'thread_name') thread.name = args.name;
    thread.all = Math.max(thread.all, tts + tdur);
    const column = columnOf(event);
    if (column === null || ts < thread.until) continue;
    thread.until = ts + dur;
    thread[column] += tdur;
  }
  return [...threads.values()].filter(({ all }) => all > 1000).sort((a, b) => b.all - a.all);
}

function printThreads(threads) {
  console.log('| thread | CPU, s | optimising compiler | parsing, bytecode | garbage collector | the rest |');
  console.log('| --- | ---: | ---: | ---: | ---: | ---: |');
  const sum = { name: 'all', all: 0, optimising: 0, parsing: 0, garbage: 0 };
  for (const thread of threads) for (const column of ['all', ...COLUMNS]) sum[column] += thread[column];
  for (const thread of [...threads, sum]) {
    const rest = COLUMNS.reduce((left, column) => left - thread[column], thread.all);
    const cells = [thread.all, ...COLUMNS.map((column) => thread[column]), rest];
    console.log(`| ${[thread.name, ...cells.map((us) => (us / 1e6).toFixed(2))].join(' | ')} |`);
  }
}

/** The functions of a thread that take most by themselves. */
function printFunctions({ nodes, samples, timeDeltas }) {
  const byNode = new Map();
  for (const [at, node] of samples.entries()) byNode.set(node, (byNode.get(node) ?? 0) + timeDeltas[at]);
  const byName = new Map();
  for (const { id, callFrame } of nodes) {
    const { functionName, url, lineNumber } = callFrame;
    const name = `${functionName || '(no name)'} ${path.basename(url)}${url === '' ? '' : `:${lineNumber + 1}`}`;
    byName.set(name, (byName.get(name) ?? 0) + (byNode.get(id) ?? 0));
  }
  console.log('\n| function of a thread that runs JavaScript | wall, s |\n| --- | ---: |');
  const most = [...byName].sort((a, b) => b[1] - a[1]).slice(0, Number(values.top));
  for (const [name, us] of most) console.log(`| ${name} | ${(us / 1e6).toFixed(2)} |`);
}

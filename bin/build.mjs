/**
 * The build: sources to one bundle in dist/, beside it its bytecode, the programs of threads, the licences of
 * what went into it, and the owner database. Every build has its own name until it is whole, so that programs which
 * start meanwhile never see half of one. Packages that every run needs become part of the bundle, as its bytecode then
 * holds them too.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { build } from 'esbuild';
import { compileBundle, DIST, POINTER } from './load.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Bundles of earlier builds stay so long for programs that have begun to load them, ms. */
const KEPT_MS = 600_000;
/** Programs of threads, by the names that src/thread-program.ts knows. */
const THREADS = {
  reading: 'src/batch/main.ts',
  counting: 'src/survey/counting.ts',
};
/** Programs of the kernel, by the names that src/kernel.ts knows. */
const KERNEL = {
  records: ['src/kernel/records/index.ts'],
  packets: ['src/kernel/packets/index.ts', 'src/kernel/packets/layout.ts', 'src/kernel/packets/kept.ts'],
};
/** What a scan of these prints and writes is thrown away: they are there for the code that they run. */
const TRAINING = ['cryptonote', 'stratum-v1', 'ethereum', 'encrypted', 'wrapped', 'look-alikes'];

/** What all that is built has in common. */
const COMMON = {
  absWorkingDir: ROOT,
  bundle: true,
  minifyWhitespace: true,
  platform: 'node',
  target: 'node20',
  logLevel: 'warning',
  write: false,
};

/** What a CommonJS module does not have by itself. */
const URL_BANNER = `const __bundleUrl = require('node:url').pathToFileURL(__filename).href;`;
const BANNER = `${URL_BANNER}
const __importPackage = require('../bin/import.js');`;

if (process.argv[2] === '--train') await train(process.argv[3]);
else await buildAll();

async function buildAll() {
  const { outputFiles, metafile } = await build({
    ...settings('src/cli.ts'),
    metafile: true,
    banner: { js: BANNER },
    define: { 'import.meta.url': '__bundleUrl' },
    format: 'cjs',
    outfile: 'dist/minesweep.cjs',
  });
  const code = inAscii(outputFiles[0].text.replaceAll(/\bimport\((?=")/g, '__importPackage('));
  const programs = await Promise.all(
    Object.entries(THREADS).map(async ([thread, entry]) => {
      const built = await build({
        ...settings(entry),
        banner: { js: URL_BANNER },
        define: { 'import.meta.url': '__bundleUrl' },
        format: 'cjs',
        outfile: `dist/${thread}.cjs`,
      });
      return { ending: `${thread}.cjs`, content: built.outputFiles[0].text };
    }),
  );
  for (const [name, entry] of Object.entries(KERNEL)) {
    programs.push({ ending: `${name}.wasm`, content: await compileKernel(entry) });
  }
  const hash = createHash('sha256').update(code);
  for (const { content } of programs) hash.update(content);
  const name = `minesweep-${hash.digest('hex').slice(0, 12)}`;
  const file = path.join(DIST, `${name}.cjs`);
  mkdirSync(DIST, { recursive: true });
  writeFileSync(path.join(DIST, 'THIRD-PARTY.txt'), licences(metafile));
  const compiler = path.join(DIST, `compile-embedded-${process.pid}.mjs`);
  await build({
    ...settings('src/owners/compile-embedded.ts'),
    write: true,
    outfile: compiler,
    format: 'esm',
  });
  execFileSync(process.execPath, [compiler], { stdio: 'inherit' });
  rmSync(compiler);
  for (const { ending, content } of programs) writeFileSync(path.join(DIST, `${name}.${ending}`), content);
  if (!existsSync(file)) {
    writeFileSync(`${file}.part`, code);
    renameSync(`${file}.part`, file);
    execFileSync(process.execPath, [fileURLToPath(import.meta.url), '--train', file], { stdio: 'inherit' });
  }
  writeFileSync(`${POINTER}.${process.pid}`, JSON.stringify({ name }));
  renameSync(`${POINTER}.${process.pid}`, POINTER);
  for (const old of readdirSync(DIST)) {
    const isBundle = /^(minesweep-.*\.(cjs|bytecode|wasm)|.*\.js)$/.test(old) && !old.startsWith(name);
    const full = path.join(DIST, old);
    if (isBundle && Date.now() - statSync(full).mtimeMs > KEPT_MS) rmSync(full);
  }
}

/** Compiles AssemblyScript: rows and fixed memory, no garbage collector. */
async function compileKernel(entries) {
  let wasm = null;
  const options = [
    '--optimizeLevel',
    '3',
    '--runtime',
    'stub',
    '--noAssert',
    '--importMemory',
    '--sharedMemory',
  ];
  const pages = ['--initialMemory', '1', '--maximumMemory', '16384'];
  const features = ['threads', 'simd', 'bulk-memory'].flatMap((feature) => ['--enable', feature]);
  const { error, stderr } = await asc.main(
    [...entries, '--outFile', 'kernel.wasm', ...options, ...pages, ...features],
    {
      readFile: (name, folder) => {
        try {
          return readFileSync(path.resolve(ROOT, folder, name), 'utf8');
        } catch {
          return null;
        }
      },
      writeFile: (_name, content) => {
        wasm = content;
      },
    },
  );
  if (error !== null || wasm === null)
    throw new Error(`${entries[0]} does not compile:\n${stderr.toString()}`);
  return wasm;
}

/** With escapes in strings, expressions and names: as one byte a letter the bundle is read in a tenth of the time. */
function inAscii(code) {
  return code.replaceAll(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function settings(entry) {
  return {
    ...COMMON,
    entryPoints: [entry],
    plugins: [
      { name: 'packages', setup: leaveLatePackagesOutside },
      { name: 'own require', setup: useRequireOfCommonJs },
      { name: 'late modules', setup: loadLate },
    ],
  };
}

/** Packages that are imported when they are wanted stay outside; the others become part of the bundle. */
function leaveLatePackagesOutside({ onResolve }) {
  onResolve({ filter: /^[^./]/ }, ({ path: specifier, kind }) =>
    kind === 'dynamic-import' ? { path: specifier, external: true } : undefined,
  );
}

/** What a module asks of a `require` that it made itself becomes part of the bundle, and still runs when it is asked. */
function useRequireOfCommonJs({ onLoad }) {
  onLoad({ filter: /[/\\]src[/\\].*\.ts$/ }, ({ path: file }) => {
    const source = readFileSync(file, 'utf8');
    const contents = source.replace('const require = createRequire(import.meta.url);', '');
    return contents === source ? undefined : { contents, loader: 'ts' };
  });
}

/**
 * Modules of Node that take milliseconds to load and that not every run needs, or not at its start: each is loaded when
 * something of it is asked for. commander could start other programs, for which it names node:child_process; we never do.
 */
function loadLate({ onResolve, onLoad }) {
  onResolve({ filter: /^(node:)?(assert|child_process|crypto|zlib)$/ }, ({ path: name, namespace }) =>
    namespace === 'late' ? { path: name, external: true } : { path: name, namespace: 'late' },
  );
  onLoad({ filter: /.*/, namespace: 'late' }, ({ path: name }) => ({
    // A function, as node:assert is one. What it has is looked up in the module that is there when the program runs.
    contents: `
      let loaded;
      const load = () => (loaded ??= require(${JSON.stringify(name)}));
      const parts = { get: (_, part) => (part === '__esModule' ? undefined : load()[part]) };
      module.exports = Object.setPrototypeOf((...args) => load()(...args), new Proxy({}, parts));`,
    loader: 'js',
  }));
}

/** Notices of the packages in the bundle, as their licences ask for them. */
function licences({ inputs }) {
  const folders = new Set(
    Object.keys(inputs)
      .filter((input) => input.includes('node_modules/'))
      .map((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path.join(ROOT, input))?.[0]),
  );
  const texts = [...folders].toSorted().map((folder) => {
    const { name, version, license, author } = JSON.parse(
      readFileSync(path.join(folder, 'package.json'), 'utf8'),
    );
    const notice = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    const text =
      notice === undefined
        ? `Copyright (c) ${author?.name ?? author}; the package has no file with its licence.`
        : readFileSync(path.join(folder, notice), 'utf8').trim();
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
  return `Packages that are part of the bundle, with their licences.\n\n${texts.join('\n')}`;
}

/** Runs what a scan runs and keeps its bytecode. */
async function train(file) {
  const { script, exports } = compileBundle(file, undefined);
  const { main } = exports();
  const folder = mkdtempSync(path.join(tmpdir(), 'minesweep-build-'));
  const nowhere = () => new Writable({ write: (_chunk, _encoding, done) => done() });
  const streams = { stdin: process.stdin, stdout: nowhere(), stderr: nowhere() };
  const inputs = TRAINING.map((name) => path.join(ROOT, 'fixtures', name, '*.pcap*'));
  for (const format of ['json', 'table']) {
    const status = await main(['scan', ...inputs, '--format', format], { HOME: folder }, streams);
    if (status !== 0) throw new Error(`the scan of the fixtures ended with ${status}`);
  }
  rmSync(folder, { recursive: true });
  writeFileSync(`${file}.bytecode`, script.createCachedData());
  renameSync(`${file}.bytecode`, file.replace(/\.cjs$/, '.bytecode'));
}

/**
 * The build: sources to dist/, as modules of which each run loads what it needs; beside them the programs of threads, the
 * kernel, the licences of what went into it, the schema of audits, and the owner database. What another build has left stays for ten minutes,
 * for programs that have begun to load it. Packages that are imported when they are wanted stay outside; the others become
 * part of the modules.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import asc from 'assemblyscript/asc';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DIST = path.join(ROOT, 'dist');
/** Modules of earlier builds stay so long, ms. */
const KEPT_MS = 600_000;
/** The program and those of threads, by the names that src/thread-program.ts knows. */
const PROGRAMS = {
  minesweep: 'src/cli.ts',
  reading: 'src/batch/main.ts',
};
/** Programs of the kernel, by the names that src/kernel.ts knows. */
const KERNEL = {
  records: ['src/kernel/records/index.ts'],
  conversations: ['src/kernel/conversations/index.ts', 'src/kernel/conversations/layout.ts'],
  counters: ['src/kernel/counters/index.ts', 'src/kernel/counters/layout.ts'],
  packets: ['src/kernel/packets/index.ts', 'src/kernel/packets/layout.ts', 'src/kernel/packets/kept.ts'],
};
/** Those whose memory threads may share. */
const SHARED = new Set(['records', 'packets']);

/** Packages of CommonJS ask for modules of Node.js by `require`. */
const REQUIRE = `import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url);`;
const COMMON = {
  absWorkingDir: ROOT,
  bundle: true,
  minifyWhitespace: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  banner: { js: REQUIRE },
  loader: { '.tsv': 'text' },
  plugins: [{ name: 'late packages', setup: leaveLatePackagesOutside }],
  logLevel: 'warning',
};

const { metafile, outputFiles } = await build({
  ...COMMON,
  entryPoints: PROGRAMS,
  splitting: true,
  outdir: 'dist',
  metafile: true,
  write: false,
});
const files = outputFiles.map((file) => ({ name: path.basename(file.path), content: file.contents }));
for (const [name, entry] of Object.entries(KERNEL)) {
  files.push({ name: `${name}.wasm`, content: await compileKernel(entry, SHARED.has(name)) });
}
files.push({ name: 'THIRD-PARTY.txt', content: licences(metafile) });
files.push({ name: 'audit.schema.json', content: await declared(metafile) });
mkdirSync(DIST, { recursive: true });
// The programs come last, when all that they load is there.
const isProgram = ({ name }) => Number(Object.hasOwn(PROGRAMS, path.parse(name).name));
for (const { name, content } of files.sort((a, b) => isProgram(a) - isProgram(b))) {
  const part = path.join(DIST, `${name}.${process.pid}`);
  writeFileSync(part, content);
  renameSync(part, path.join(DIST, name));
}
await buildOwners();
const built = new Set([...files.map(({ name }) => name), 'minesweep-asn.mmdb']);
for (const old of readdirSync(DIST)) {
  const file = path.join(DIST, old);
  if (!built.has(old) && Date.now() - statSync(file).mtimeMs > KEPT_MS) rmSync(file, { recursive: true });
}

/** Reads all tables of data/ once, as a cell that its column does not allow ends the build; returns the schema of audits. */
async function declared({ inputs }) {
  const readers = Object.keys(inputs).filter((name) =>
    inputs[name].imports.some(({ path: imported }) => imported.startsWith('data/')),
  );
  const contents = `${readers.map((name) => `import './${name}';`).join('')}
    import { AUDIT, AUDIT_SCHEMA } from './src/audit/audit.ts';
    import { jsonSchema } from './src/schema/json-schema.ts';
    import { TABLES } from './src/schema/table.ts';
    for (const rows of TABLES) rows();
    export const schema = jsonSchema(AUDIT, AUDIT_SCHEMA);`;
  const program = path.join(DIST, `declared.${process.pid}.mjs`);
  await build({ ...COMMON, stdin: { contents, resolveDir: ROOT }, outfile: program });
  try {
    const { schema } = await import(pathToFileURL(program).href);
    return `${JSON.stringify(schema, null, 2)}\n`;
  } catch ({ message }) {
    throw new Error(message);
  } finally {
    rmSync(program);
  }
}

async function buildOwners() {
  const compiler = path.join(DIST, `compile-embedded.${process.pid}.mjs`);
  await build({ ...COMMON, entryPoints: ['src/owners/compile-embedded.ts'], outfile: compiler });
  await import(pathToFileURL(compiler).href);
  rmSync(compiler);
}

/** Compiles AssemblyScript: rows and fixed memory, which threads may share or not, no garbage collector. */
async function compileKernel(entries, isShared) {
  let wasm = null;
  const options = [
    '--optimizeLevel',
    '3',
    '--runtime',
    'stub',
    '--noAssert',
    '--importMemory',
    ...(isShared ? ['--sharedMemory'] : []),
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

function leaveLatePackagesOutside({ onResolve }) {
  onResolve({ filter: /^[^./]/ }, ({ path: specifier, kind }) =>
    kind === 'dynamic-import' ? { path: specifier, external: true } : undefined,
  );
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

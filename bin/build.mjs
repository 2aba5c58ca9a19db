/**
 * The build: sources to dist/, as one script whose parts begin when they are first asked for; beside it the program of the
 * reading thread, the library, the kernel, the list of what went into it, the schema of audits, and the owner database.
 * What another build has left stays for ten minutes, as that may still be at work.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import asc from 'assemblyscript/asc';
import {
  bundle,
  checkLauncher,
  MODULES,
  notices,
  ROOT,
  readJson,
  SCRIPT,
  sbom,
  shipped,
} from './shipped.mjs';
import { checkedFiles, tables } from './tables.mjs';
import { declarations } from './types.mjs';
import './schema.mjs';

const DIST = path.join(ROOT, 'dist');
/** What owners are known from, and the database that is made of it. */
const ADDRESSES = 'node_modules/@ip-location-db/asn';
const OWNERS = 'minesweep-asn.mmdb';
/** Files of other builds stay so long, ms. */
const KEPT_MS = 600_000;
/** The program, which is the library too, and that of the thread (src/thread-program.ts). */
const PROGRAMS = { minesweep: 'src/program.ts', reading: 'src/reading/main.ts' };
const LIBRARY = `import { createRequire } from 'node:module';
export const { MinesweepError, isAudit, readAudit, scan } = createRequire(import.meta.url)('./minesweep.cjs');
`;
/** Programs of the kernel, by the names that src/kernel.ts knows. */
const KERNEL = {
  records: ['src/kernel/records/index.ts'],
  conversations: ['src/kernel/conversations/index.ts'],
  counters: ['src/kernel/counters/index.ts', 'src/kernel/counters/layout.ts'],
  packets: ['src/kernel/packets/index.ts', 'src/kernel/packets/kept.ts'],
};
/** Those whose memory threads may share. */
const SHARED = new Set(['records', 'packets']);

const { metafile, outputFiles } = await bundle({
  ...SCRIPT,
  entryPoints: PROGRAMS,
  outExtension: { '.js': '.cjs' },
  outdir: 'dist',
  write: false,
});
const files = outputFiles.map((file) => ({ name: path.basename(file.path), content: ascii(file.text) }));
files.push({ name: 'library.js', content: LIBRARY });
for (const [name, entry] of Object.entries(KERNEL)) {
  files.push({ name: `${name}.wasm`, content: await compileKernel(entry, SHARED.has(name)) });
}
await checkLauncher();
const components = shipped(metafile);
files.push({ name: 'THIRD-PARTY.txt', content: notices(components) });
files.push({ name: 'sbom.cdx.json', content: json(sbom(components, readJson('package.json'))) });
files.push({ name: 'metafile.json', content: json(metafile) });
mkdirSync(DIST, { recursive: true });
const schema = await declared(metafile);
files.push({ name: 'audit.schema.json', content: json(schema) }, ...(await declarations(schema)));
// The programs come last, when all that they load is there.
const isProgram = ({ name }) => Number(Object.hasOwn(PROGRAMS, name.replace(/\.cjs$/, '')));
for (const { name, content } of files.sort((a, b) => isProgram(a) - isProgram(b))) {
  const part = path.join(DIST, `${name}.${process.pid}`);
  writeFileSync(part, content);
  renameSync(part, path.join(DIST, name));
}
await buildOwners();
// The types of the kernel are made beside (npm run types).
const built = new Set([...files.map(({ name }) => name), OWNERS, 'kernel']);
for (const old of readdirSync(DIST)) {
  const file = path.join(DIST, old);
  if (!built.has(old) && Date.now() - statSync(file).mtimeMs > KEPT_MS) rmSync(file, { recursive: true });
}

/** Stops at a wrong line of data/; returns the schema of audits. */
async function declared({ inputs }) {
  try {
    const { schema, check } = await tables(inputs);
    for (const file of checkedFiles()) check(file);
    return schema;
  } catch ({ message }) {
    // Its stack would show the whole program.
    throw new Error(message);
  }
}

async function buildOwners() {
  const compiler = path.join(DIST, `compile-embedded.${process.pid}.mjs`);
  await bundle({ ...MODULES, entryPoints: ['src/owners/embedded.ts'], outfile: compiler });
  const { compileEmbedded } = await import(pathToFileURL(compiler).href);
  compileEmbedded(path.join(ROOT, ADDRESSES), path.join(DIST, OWNERS));
  rmSync(compiler);
}

/** V8 takes a byte a character for text that is ASCII, and two for other text. esbuild escapes strings, and not all else. */
function ascii(text) {
  return text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function json(value) {
  return `${JSON.stringify(value, null, 1)}\n`;
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

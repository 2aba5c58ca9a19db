/**
 * Builds the program as a single executable: this Node.js with the program, the kernel, the programs of
 * threads and the owner database in it, and beside it FILE.cdx.json, which lists all of that. Needs `npm run build` before;
 * postject comes from npm.
 * usage: node packaging/sea/build.mjs [FILE to write, minesweep if absent]
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { bundle, packagesOf, ROOT, readJson, sbom, shipped } from '../../bin/shipped.mjs';

const DIST = path.join(ROOT, 'dist');
const THREADS = { 'reading.cjs': 'src/reading/main.ts' };
/** Marks the place in Node.js that says if there is a program in it. */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

const output = path.resolve(process.argv[2] ?? 'minesweep');
const stage = mkdtempSync(path.join(tmpdir(), 'minesweep-sea-'));
const at = (name) => path.join(stage, name);

const EMBEDDED = { plugins: [{ name: 'embedded', setup: takeEmbedded }] };

/** These stand for the files that look into dist/. */
function takeEmbedded({ onResolve }) {
  const here = path.join(ROOT, 'packaging/sea');
  onResolve({ filter: /\/built\.ts$/ }, () => ({ path: path.join(here, 'built.ts') }));
  onResolve({ filter: /^\.\/program\.js$/ }, () => ({ path: path.join(ROOT, 'src/cli.ts') }));
}

const main = await bundle({
  ...EMBEDDED,
  entryPoints: ['bin/minesweep.js'],
  format: 'cjs',
  outfile: at('main.cjs'),
  banner: { js: `const __url = require('node:url').pathToFileURL(process.execPath).href;` },
  define: { 'import.meta.url': '__url' },
});
const builds = [main];
const assets = { 'THIRD-PARTY.txt': at('notices') };
for (const [thread, entry] of Object.entries(THREADS)) {
  assets[thread] = at(`${thread}.mjs`);
  const built = await bundle({
    ...EMBEDDED,
    entryPoints: [entry],
    format: 'esm',
    outfile: at(`${thread}.mjs`),
    banner: {
      js: `import { createRequire } from 'node:module'; const require = createRequire(process.execPath);`,
    },
  });
  builds.push(built);
}
for (const file of [
  'records.wasm',
  'conversations.wasm',
  'packets.wasm',
  'counters.wasm',
  'minesweep-asn.mmdb',
])
  assets[file] = path.join(DIST, file);
const listed = readJson('dist/metafile.json');
const unlisted = builds
  .flatMap(({ metafile }) => packagesOf(metafile))
  .filter((folder) => !packagesOf(listed).includes(folder));
if (unlisted.length > 0) throw new Error(`in the executable and in no list: ${unlisted.join(', ')}`);
writeFileSync(
  at('notices'),
  `${readFileSync(path.join(DIST, 'THIRD-PARTY.txt'), 'utf8')}\n${'-'.repeat(80)}\n\n${nodeNotice()}`,
);
const settings = {
  main: at('main.cjs'),
  output: at('blob'),
  disableExperimentalSEAWarning: true,
  useCodeCache: true,
  assets,
};
writeFileSync(at('sea.json'), JSON.stringify(settings));
execFileSync(process.execPath, ['--experimental-sea-config', at('sea.json')], { stdio: 'ignore' });
copyFileSync(process.execPath, at('program'));
chmodSync(at('program'), 0o755);
execFileSync(
  'npx',
  ['--yes', 'postject@1.0.0-alpha.6', at('program'), 'NODE_SEA_BLOB', at('blob'), '--sentinel-fuse', FUSE],
  { stdio: 'ignore' },
);
copyFileSync(at('program'), output);
writeFileSync(`${output}.cdx.json`, `${JSON.stringify(billOfMaterials(), null, 1)}\n`);
rmSync(stage, { recursive: true });

/** What is shipped with the package, and Node.js with the libraries in it. */
function billOfMaterials() {
  const { node: version, modules: _, napi: __, ...inside } = process.versions;
  const generic = (name, version) => ({ name, version, purl: `pkg:generic/${name}@${version}` });
  const node = { folder: 'nodejs', type: 'platform', licence: 'MIT', ...generic('nodejs', version) };
  const bill = sbom([...shipped(listed), node], readJson('package.json'));
  bill.components.at(-1).components = Object.entries(inside).map((each) => ({
    type: 'library',
    ...generic(...each),
  }));
  return bill;
}

/** Node.js itself is in the executable. Its licence lies beside it, or where Debian puts it. */
function nodeNotice() {
  const { version, execPath } = process;
  const file = [
    path.join(execPath, '../../LICENSE'),
    path.join(execPath, '../LICENSE'),
    '/usr/share/doc/nodejs/copyright',
  ].find((each) => existsSync(each));
  const text =
    file === undefined
      ? `https://github.com/nodejs/node/blob/${version}/LICENSE`
      : readFileSync(file, 'utf8');
  return `Node.js ${version}\n\n${text}`;
}

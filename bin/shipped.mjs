/**
 * What is shipped, read from what esbuild says of a build (its metafile): the rule for what is bundled and what stays
 * outside, and the one list, as an SBOM (CycloneDX) and as notices with the texts of the licences.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules, createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PACKAGE = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/;

/** What is shipped and in no metafile. */
const BESIDE = {
  'node_modules/@ip-location-db/asn': {
    ...{ type: 'data', licence: 'CC-BY-4.0', name: 'IP to AS number database' },
    attribution:
      'dist/minesweep-asn.mmdb is compiled from it: ranges of equal owner are joined, all else is as it was.\nData by Route Views (https://www.routeviews.org), DB-IP (https://db-ip.com) and the Number Resource Organization (https://www.nro.net).',
  },
  // Its library of memory is compiled into the kernel.
  'node_modules/assemblyscript': { type: 'library' },
};

/** What esbuild cannot follow: an error here, not a note. */
const UNSEEN = ['unsupported-dynamic-import', 'unsupported-require-call', 'indirect-require'];
/** Other ways to load modules, or to run a text that could: esbuild does not see them, and says nothing. */
const BY_HAND =
  /['"](?:node:)?module['"]|\b(?:createRequire|getBuiltinModule|mainModule|module\s*\.\s*require|meta\s*\.\s*resolve|(?:eval|Function)(?=\s*[(;,)]))\b/;
/** It loads the script that was built. */
const LOADER = 'bin/program.js';

/** What the program holds as text (`?raw`). */
export const TEXTS = { '.tsv': 'text', '.css': 'text', '.script.js': 'text' };

/** To bundle as a script for `require`, in which nothing is imported late: V8 keeps what it made of the whole. */
export const SCRIPT = {
  format: 'cjs',
  supported: { 'dynamic-import': false },
  banner: { js: `const __url = require('node:url').pathToFileURL(__filename).href;` },
  define: { 'import.meta.url': '__url' },
};

/** Packages of CommonJS ask for modules of Node.js by `require`. */
const REQUIRE = `import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url);`;
export const MODULES = { format: 'esm', banner: { js: REQUIRE } };

/** Bundles for Node.js. Throws if that breaks the rule. */
export async function bundle(options) {
  const built = await build({
    absWorkingDir: ROOT,
    bundle: true,
    minifyWhitespace: true,
    platform: 'node',
    target: 'node20',
    loader: TEXTS,
    metafile: true,
    logLevel: 'warning',
    logOverride: Object.fromEntries(UNSEEN.map((id) => [id, 'error'])),
    ...options,
  });
  const broken = [
    ...breaches(built.metafile, readJson('package.json'), readJson('package-lock.json')),
    ...Object.keys(built.metafile.inputs)
      // Texts (`?raw`) are not run.
      .filter((input) => /^(src|bin)\/[^?]*$/.test(input) && input !== LOADER)
      .filter((input) => BY_HAND.test(readFileSync(path.join(options.absWorkingDir ?? ROOT, input), 'utf8')))
      .map((input) => `${input} loads modules by hand`),
  ];
  if (broken.length > 0) throw new Error(`what is shipped is not whole:\n${broken.join('\n')}`);
  return built;
}

/** Checks what is shipped as it stands, and starts what was built. */
export function checkLauncher(options = {}) {
  const entryPoints = ['bin/minesweep.js'];
  return bundle({
    entryPoints,
    format: 'esm',
    outdir: 'dist',
    packages: 'external',
    write: false,
    ...options,
  });
}

export function readJson(name) {
  return JSON.parse(readFileSync(path.join(ROOT, name), 'utf8'));
}

/**
 * How a build breaks the rule: what is loaded at run time is in the bundle or in `dependencies`, never in both, and
 * `dependencies` holds nothing else.
 */
export function breaches({ inputs, outputs }, { dependencies = {} }, lock) {
  const outside = new Set(
    Object.values(outputs)
      .flatMap(({ imports }) => imports.filter(({ external }) => external))
      .map((each) => each.path)
      .filter((name) => !name.startsWith('node:') && !builtinModules.includes(name))
      .map((name) => PACKAGE.exec(`node_modules/${name}`)[0].slice('node_modules/'.length)),
  );
  const bundled = packagesOf({ inputs });
  return [
    ...[...outside]
      .filter((name) => !Object.hasOwn(dependencies, name))
      .map((name) => `${name} stays outside the bundle and is not in dependencies`),
    ...bundled
      .filter((folder) => lock.packages[folder]?.dev !== true)
      .map((folder) => `${folder} is bundled and also installed`),
    ...Object.keys(dependencies)
      .filter((name) => !outside.has(name))
      .map((name) => `${name} is in dependencies, and nothing loads it`),
  ];
}

/** Folders of the packages in a bundle, from the top of the repository, in order. */
export function packagesOf({ inputs }) {
  return [...new Set(Object.keys(inputs).flatMap((input) => PACKAGE.exec(input)?.[0] ?? []))].sort();
}

/** The list: each package and data set that is shipped, with the text of its licence. */
export function shipped(metafile) {
  return [...new Set([...packagesOf(metafile), ...Object.keys(BESIDE)])].sort().map((folder) => {
    const beside = BESIDE[folder] ?? {};
    const manifest = readJson(`${folder}/package.json`);
    const licence = beside.licence ?? manifest.license;
    const texts = beside.licence === undefined ? licenceFiles(folder) : [];
    return {
      ...{ folder, name: manifest.name, version: manifest.version, type: beside.type ?? 'library', licence },
      texts: [
        ...(beside.attribution === undefined ? [] : [beside.attribution]),
        ...(texts.length > 0 ? texts : [`By ${authorOf(manifest)}.`, licenceText(licence)]),
      ],
    };
  });
}

/** Of a package, and of what it took from others. */
function licenceFiles(folder) {
  return readdirSync(path.join(ROOT, folder), { withFileTypes: true })
    .flatMap((entry) =>
      /^licenses$/i.test(entry.name) && entry.isDirectory()
        ? readdirSync(path.join(ROOT, folder, entry.name)).map((name) => `${entry.name}/${name}`)
        : entry.isFile() && /^(licen[cs]e|notice|copying)/i.test(entry.name)
          ? [entry.name]
          : [],
    )
    .map((name) =>
      readFileSync(path.join(ROOT, folder, name), 'utf8')
        .replaceAll('\r', '')
        .trim(),
    );
}

function authorOf({ name, author }) {
  return author?.name ?? author ?? `the authors of ${name}`;
}

/** The text of a licence of which a package has no copy, by its SPDX name. */
function licenceText(spdx) {
  const { licenseText } = createRequire(import.meta.url)(`spdx-license-list/licenses/${spdx}`);
  return licenseText.trim();
}

export function notices(components) {
  const own = readJson('package.json');
  const texts = [{ ...own, licence: own.license, texts: licenceFiles('.') }, ...components].map(
    ({ name, version, licence, texts }) => `${name} ${version} (${licence})\n\n${texts.join('\n\n')}\n`,
  );
  const rule = `\n${'-'.repeat(80)}\n\n`;
  return `What is shipped as minesweep, with the licences of it.\n${rule}${[...texts, factsOfPools()].join(rule)}`;
}

/** Lists that ask to be named, for the facts that the catalogue of pools has from them. */
function factsOfPools() {
  const rows = readFileSync(path.join(ROOT, 'data/pool-sources.tsv'), 'utf8').split('\n');
  const credited = rows.map((row) => row.split('\t')).filter(([id, , , , credit]) => credit && id !== 'id');
  const names = credited.map(([, title, licence, , credit]) => `${title} (${licence})\n  ${credit}`);
  const licences = new Set(credited.map(([, , licence]) => licence));
  return `Facts in the catalogue of pools are from these lists:\n\n${[...names, ...[...licences].map(licenceText)].join('\n\n')}\n`;
}

export function sbom(components, { name, version, license, description }) {
  const purl = (each) => each.purl ?? `pkg:npm/${each.name.replace('@', '%40')}@${each.version}`;
  const licenses = (id) => (/\s/.test(id) ? [{ expression: id }] : [{ license: { id } }]);
  const root = purl({ name, version });
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    ...{ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1 },
    metadata: {
      component: {
        ...{ type: 'application', 'bom-ref': root, name, version, description, purl: root },
        licenses: licenses(license),
      },
    },
    components: components.map((each) => ({
      ...{
        type: each.type,
        'bom-ref': each.folder,
        name: each.name,
        version: each.version,
        purl: purl(each),
      },
      licenses: licenses(each.licence),
    })),
    dependencies: [{ ref: root, dependsOn: components.map(({ folder }) => folder) }],
  };
}

/** The rule for what is bundled, and the one list of what is shipped: SBOM, notices and audit of known weaknesses. */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { REPO_ROOT } from '../support/corpus.ts';
import { BIN } from '../support/dist.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const { breaches, bundle, checkLauncher } = await import(path.join(REPO_ROOT, 'bin/shipped.mjs'));
const run = promisify(execFile);

function read(name: string): string {
  return readFileSync(path.join(REPO_ROOT, name), 'utf8');
}

describe('a build', () => {
  const folder = temporaryFolder('bundle');
  mkdirSync(path.join(folder, 'src'));
  mkdirSync(path.join(folder, 'node_modules/stowaway'), { recursive: true });
  writeFileSync(path.join(folder, 'node_modules/stowaway/index.js'), 'export const a = 1;');

  function build(source: string): Promise<unknown> {
    writeFileSync(path.join(folder, 'src/entry.js'), source);
    return bundle({
      ...{ absWorkingDir: folder, entryPoints: ['src/entry.js'], format: 'esm', outdir: 'out' },
      ...{ external: ['absent', '@some/absent'], write: false, logLevel: 'silent' },
    });
  }

  it.each([
    ["import('absent');", 'absent stays outside the bundle and is not in dependencies'],
    ["import '@some/absent/deep.js';", '@some/absent stays outside the bundle'],
    ["import { a } from 'stowaway'; a.b();", 'node_modules/stowaway is bundled and also installed'],
    ["const name = 'pi' + 'no'; import(name);", 'will not be bundled'],
    ["import { createRequire } from 'node:module'; createRequire(import.meta.url)('pino');", 'by hand'],
    ["import * as modules from 'module'; modules['create' + 'Require']('/')('pino');", 'by hand'],
    ["const load = module.require; load('pino');", 'by hand'],
    ["process.mainModule.require('pino');", 'by hand'],
    ["process.getBuiltinModule('module');", 'by hand'],
    ["import.meta.resolve('pino');", 'by hand'],
    ["eval('1');", 'by hand'],
    ["(0, eval)('1');", 'by hand'],
    ["new Function('return 1')();", 'by hand'],
  ])('fails at %s', async (source, why) => {
    await expect(build(source)).rejects.toThrowError(why);
  });

  it.each([
    ["import 'cli-progress';", 'cli-progress stays outside the bundle and is not in dependencies'],
    ["import('./program.js');", null],
    ["import('./program.js'); import('./late.js');", 'absent stays outside'],
    ["import { createRequire } from 'node:module';", 'bin/minesweep.js loads modules by hand'],
  ])('checks what starts the program: %s', async (source, why) => {
    mkdirSync(path.join(folder, 'bin'), { recursive: true });
    writeFileSync(path.join(folder, 'bin/minesweep.js'), source);
    writeFileSync(path.join(folder, 'bin/program.js'), "import modules from 'node:module';");
    writeFileSync(path.join(folder, 'bin/late.js'), "import 'absent';");
    const checked = checkLauncher({ absWorkingDir: folder, logLevel: 'silent' });
    if (why === null) await expect(checked).resolves.toBeDefined();
    else await expect(checked).rejects.toThrowError(why);
  });

  it('fails at a dependency that nothing loads, and not at modules of Node.js', async () => {
    await expect(build("import 'node:fs'; import('zlib');")).resolves.toBeDefined();
    expect(breaches({ inputs: {}, outputs: {} }, { dependencies: { idle: '1' } }, { packages: {} })).toEqual([
      'idle is in dependencies, and nothing loads it',
    ]);
  });
});

interface Component {
  readonly type: string;
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly licenses: readonly object[];
}

describe('the list of what is shipped', () => {
  const { inputs }: { inputs: object } = JSON.parse(read('dist/metafile.json'));
  const bundled = Object.keys(inputs).flatMap((input) => {
    const parts = input.split('/');
    const last = parts.lastIndexOf('node_modules');
    return last === -1 ? [] : [parts.slice(0, last + (parts[last + 1]?.startsWith('@') ? 3 : 2)).join('/')];
  });
  /** The data of owners, and what the kernel's compiler puts in. */
  const expected = [
    ...new Set([...bundled, 'node_modules/@ip-location-db/asn', 'node_modules/assemblyscript']),
  ].sort();
  const { components }: { components: readonly Component[] } = JSON.parse(read('dist/sbom.cdx.json'));
  const notices = read('dist/THIRD-PARTY.txt');

  it('is that of the bundle, with versions and licences as the packages have them', () => {
    expect(expected.length).toBeGreaterThan(20);
    expect(components.map((each) => each['bom-ref'])).toEqual(expected);
    for (const { 'bom-ref': folder, name, version, purl, licenses } of components) {
      const own: Record<string, string> = JSON.parse(read(`${folder}/package.json`));
      expect([name, version]).toEqual([own.name, own.version]);
      expect(decodeURIComponent(purl)).toBe(`pkg:npm/${name}@${version}`);
      const licence = name === '@ip-location-db/asn' ? 'CC-BY-4.0' : own.license;
      expect(licenses).toEqual([{ license: { id: licence } }]);
      expect(notices).toContain(`\n${name} ${version} (${licence})\n`);
    }
    const headings = notices.match(/^-{80}\n\n\S+ \S+ \(\S+\)$/gm) ?? [];
    // The program itself is the first.
    expect(headings).toHaveLength(expected.length + 1);
  });

  it('has the licences in full, that of the address database with it', async () => {
    for (const name of ['echarts/LICENSE', 'echarts/NOTICE', 'commander/LICENSE', 'tslib/LICENSE.txt']) {
      expect(notices).toContain(read(`node_modules/${name}`).replaceAll('\r', '').trim());
    }
    expect(notices).toContain(read('LICENSE').trim());
    for (const name of ['maltrail', 'SigmaHQ/sigma', 'panther-analysis', 'falcosecurity', 'nocoin-list']) {
      expect(notices).toMatch(new RegExp(`${name}.*\\((MIT|Apache-2.0|DRL-1.1)\\)\n  \\S+ .*https:`));
    }
    expect(notices).toContain('Detection Rule License (DRL) 1.1');
    expect(notices).toMatch(/Route Views .*DB-IP .*Number Resource Organization/);
    expect(notices).toContain('Section 8 – Interpretation.');
    const { stdout } = await run(process.execPath, [BIN, 'licences'], { maxBuffer: 1 << 24 });
    expect(stdout).toBe(notices);
  });

  it('is what is asked about known weaknesses', async () => {
    const asked: object[] = [];
    let answer: object = {};
    const [version = ''] = components.filter(({ name }) => name === 'pino').map((each) => each.version);
    /** The versions that there are, which npm asks for if one is weak. */
    const pino = { name: 'pino', versions: { [version]: { name: 'pino', version } } };
    const registry = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks);
        if (body.length > 0) asked.push(JSON.parse(String(body[0] === 0x1f ? gunzipSync(body) : body)));
        const found = request.method === 'POST' ? answer : pino;
        response.setHeader('content-type', 'application/json').end(JSON.stringify(found));
      });
    });
    await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
    const address = registry.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const env = {
      ...process.env,
      npm_config_registry: `http://127.0.0.1:${port}/`,
      npm_config_cache: temporaryFolder('npm'),
    };
    const audit = () => run(process.execPath, [path.join(REPO_ROOT, 'bin/audit.mjs')], { env });
    try {
      expect((await audit()).stdout).toBe(
        `${expected.length} packages are shipped; no weakness of them is known\n`,
      );
      expect(asked[0]).toEqual(
        components.reduce<Record<string, string[]>>((sum, each) => {
          sum[each.name] = [...(sum[each.name] ?? []), each.version];
          return sum;
        }, {}),
      );
      const advisory = { id: 1, title: 'weak', severity: 'high', url: 'x', vulnerable_versions: version };
      answer = { pino: [advisory] };
      await expect(audit()).rejects.toMatchObject({ code: 1, stdout: expect.stringContaining('"pino"') });
    } finally {
      registry.close();
    }
  });
});

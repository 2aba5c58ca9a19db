/**
 * Packs what npm publishes: package.json without the scripts and tools of a checkout, which would build again what is built.
 * usage: npm run pack [-- FOLDER], by default the current one; prints the name of the file, for `npm publish`.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const target = path.resolve(process.argv[2] ?? '.');
const stage = mkdtempSync(path.join(os.tmpdir(), 'minesweep-pack-'));
/** Without its scripts; returns the name of the file. */
const pack = (folder, into) =>
  execFileSync('npm', ['pack', folder, '--ignore-scripts', '--silent', '--pack-destination', into], {
    encoding: 'utf8',
  }).trim();
try {
  execFileSync('tar', ['-xzf', pack(ROOT, stage)], { cwd: stage });
  const file = path.join(stage, 'package', 'package.json');
  const { scripts: _, devDependencies: __, ...published } = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, `${JSON.stringify(published, null, 2)}\n`);
  process.stdout.write(`${pack(path.dirname(file), target)}\n`);
} finally {
  rmSync(stage, { recursive: true });
}

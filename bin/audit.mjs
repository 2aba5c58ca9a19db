/**
 * Known weaknesses of what is shipped: `npm audit` of a lockfile that holds just that, since all of it is bundled and a
 * development dependency here. Some mirrors of the registry cannot be asked; that is said, and is no failure.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT, readJson } from './shipped.mjs';

const { components } = JSON.parse(readFileSync(path.join(ROOT, 'dist/sbom.cdx.json'), 'utf8'));
const lock = readJson('package-lock.json');
const top = { name: 'what-is-shipped', version: '1.0.0' };
const packages = { '': { ...top, dependencies: {} } };
for (const { 'bom-ref': folder, name, version } of components) {
  const { dev: _, ...entry } = lock.packages[folder];
  packages[folder] = entry;
  // A package below another is what that one needs.
  if (folder === `node_modules/${name}`) packages[''].dependencies[name] = version;
}
const stage = mkdtempSync(path.join(tmpdir(), 'minesweep-audit-'));
writeFileSync(path.join(stage, 'package.json'), JSON.stringify(packages['']));
writeFileSync(
  path.join(stage, 'package-lock.json'),
  JSON.stringify({ ...top, lockfileVersion: 3, packages }),
);
const { stdout } = spawnSync('npm', ['audit', '--json'], { cwd: stage, encoding: 'utf8' });
rmSync(stage, { recursive: true });
const report = JSON.parse(stdout || '{}');
if (report.auditReportVersion === undefined) {
  console.log('the registry does not answer npm audit; what is shipped was not checked');
} else if (report.metadata.vulnerabilities.total === 0) {
  console.log(`${components.length} packages are shipped; no weakness of them is known`);
} else {
  console.log(JSON.stringify(report.vulnerabilities, null, 2));
  process.exitCode = 1;
}

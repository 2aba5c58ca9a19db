/**
 * How large the house is: of each folder of src/ and data/ its files, lines, and the median and 90th percentile of lines a file.
 * `npm run lines [-- folder…]`; TypeScript of src/ is counted apart, as its lines are what is to shrink.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const roots = process.argv.length > 2 ? process.argv.slice(2) : ['src', 'data'];

/** Lines of each file below a folder, by the folder that holds it. What the build makes there is not counted. */
function count(root) {
  const folders = new Map();
  const files = execFileSync('git', ['ls-files', '-z', root], { cwd: ROOT, encoding: 'utf8' });
  for (const file of files.split('\0').filter((name) => existsSync(path.join(ROOT, name)) && name !== '')) {
    const lines = readFileSync(path.join(ROOT, file), 'utf8').split('\n').length - 1;
    const folder = path.dirname(file);
    folders.set(folder, [...(folders.get(folder) ?? []), { lines, isTypeScript: file.endsWith('.ts') }]);
  }
  return folders;
}

function row(name, files) {
  const lines = files.map((file) => file.lines).sort((a, b) => a - b);
  const at = (part) => lines[Math.min(lines.length - 1, Math.floor(lines.length * part))] ?? 0;
  const cells = [files.length, lines.reduce((sum, each) => sum + each, 0), at(0.5), at(0.9)];
  console.log(name.padEnd(36) + cells.map((cell) => String(cell).padStart(8)).join(''));
}

console.log(`${'folder'.padEnd(36)}   files   lines  median     p90`);
for (const root of roots) {
  const folders = count(root);
  for (const [name, files] of [...folders].sort()) row(name, files);
  const all = [...folders.values()].flat();
  row(`${root}, all`, all);
  const typescript = all.filter(({ isTypeScript }) => isTypeScript);
  if (typescript.length > 0) row(`${root}, TypeScript`, typescript);
}

/**
 * Writes the Jiangsu scenario into a folder: `node test/scenario/generate.js DIR [seed]`. Then
 *   minesweep scan DIR/flows --owners DIR/owners.csv --pue none --assume DIR/assume.txt
 *   minesweep scan DIR/captures --owners DIR/owners.csv --pue none
 * and compare with DIR/truth.json. About 90 MB.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const [folder, seed = '2021'] = process.argv.slice(2);
if (folder === undefined || !/^\d+$/.test(seed)) {
  console.error('usage: node test/scenario/generate.js DIR [seed]');
  process.exit(2);
}
mkdirSync(folder, { recursive: true });
const source = fileURLToPath(new URL('jiangsu.ts', import.meta.url));
const { module } = await runnerImport(source, { configFile: false, logLevel: 'error' });
const { flows, captures } = module.writeScenario(path.resolve(folder), Number(seed));
console.log(
  `${flows.records} flow records, ${captures.packets} packets in ${captures.files} captures: ${folder}`,
);

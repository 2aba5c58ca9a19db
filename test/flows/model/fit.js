/** `node test/flows/model/fit.js [RUNS] [--write]`: fits the model of behaviour, prints the study, writes the table. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const words = process.argv.slice(2);
const source = fileURLToPath(new URL('study.ts', import.meta.url));
const { module } = await runnerImport(source, { configFile: false, logLevel: 'error' });
const model = await module.study(Number(words.find((word) => /^\d+$/.test(word)) ?? 7));
const text = module.sourceOf(model);
console.log(`\n${text}`);
if (words.includes('--write')) {
  writeFileSync(fileURLToPath(new URL('../../../src/flows/behaviour-weights.ts', import.meta.url)), text);
}

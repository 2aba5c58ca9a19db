/** `node test/flows/model/fit.js [RUNS] [--write]`: fits the model of behaviour, prints the study, writes the table. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const words = process.argv.slice(2);
const source = fileURLToPath(new URL('study.ts', import.meta.url));
const { module } = await runnerImport(source, { configFile: false, logLevel: 'error' });
const model = await module.study(Number(words.find((word) => /^\d+$/.test(word)) ?? 7));
const file = fileURLToPath(new URL('../../../data/behaviour.json', import.meta.url));
const text = `${JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), model }, null, 2)}\n`;
console.log(`\n${text}`);
if (words.includes('--write')) writeFileSync(file, text);

/** `node test/in-step/study.js [RUNS]`: prints how often sessions are found in step with blocks, in networks drawn by chance. */
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const source = fileURLToPath(new URL('study.ts', import.meta.url));
const { module } = await runnerImport(source, { configFile: false, logLevel: 'error' });
console.log(module.study(Number(process.argv[2] ?? 50)));

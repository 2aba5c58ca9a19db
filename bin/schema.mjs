/** Writes what the kernel's memory holds in AssemblyScript, from its declaration in src/schema/. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const { outputFiles } = await build({
  absWorkingDir: ROOT,
  entryPoints: ['src/schema/assembly.ts'],
  bundle: true,
  format: 'esm',
  platform: 'node',
  write: false,
});
const { kernelSources } = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
for (const [name, text] of Object.entries(kernelSources())) {
  const file = path.join(ROOT, name);
  if (textOf(file) !== text) writeFileSync(file, text);
}

function textOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

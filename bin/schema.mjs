/**
 * Writes what the kernel's memory holds in AssemblyScript, from its declaration in src/schema/, the types of all texts from
 * data/texts/, those of audits from data/audit.tsv, and the fields of sessions from data/session.tsv.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { ROOT, TEXTS } from './shipped.mjs';

const { outputFiles } = await build({
  absWorkingDir: ROOT,
  stdin: {
    contents: `export { kernelSources } from './src/schema/assembly.ts';
      export { codesSource } from './src/statements/declared.ts';
      export { fieldsSource } from './src/audit/declared.ts';
      export { sessionFieldsSource } from './src/sessions/declared.ts';`,
    resolveDir: ROOT,
  },
  bundle: true,
  format: 'esm',
  platform: 'node',
  loader: TEXTS,
  write: false,
});
for (const [name, text] of Object.entries(await sources())) {
  const file = path.join(ROOT, name);
  if (textOf(file) !== text) writeFileSync(file, text);
}

async function sources() {
  try {
    const { codesSource, fieldsSource, kernelSources, sessionFieldsSource } = await import(
      `data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`
    );
    return {
      ...kernelSources(),
      'src/statements/codes.ts': codesSource(),
      'src/audit/fields.ts': fieldsSource(),
      'src/sessions/fields.ts': sessionFieldsSource(),
    };
  } catch ({ message }) {
    // Its stack would show the whole program.
    throw new Error(message);
  }
}

function textOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

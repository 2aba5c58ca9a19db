/**
 * The types that are shipped: of src/library.ts as the compiler tells them, and of audits as the schema has them, so that
 * no type of the inside is among them.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compile } from 'json-schema-to-typescript';
import { ROOT } from './shipped.mjs';

/** Files for dist/, from the schema of audits. */
export async function declarations(schema) {
  const stage = mkdtempSync(path.join(tmpdir(), 'minesweep-types-'));
  const options = ['--noEmit', 'false', '--declaration', '--emitDeclarationOnly', '--stripInternal'];
  const compiler = path.join(ROOT, 'node_modules/typescript/bin/tsc');
  const words = [compiler, '-p', 'bin/types.json', ...options, '--outDir', stage];
  // It cannot tell the types of some other files in words of their own; those are not shipped.
  const { stdout } = spawnSync(process.execPath, words, { cwd: ROOT, encoding: 'utf8' });
  const wrong = /^src\/(library|errors)\.ts.*/m.exec(stdout);
  if (wrong !== null) throw new Error(wrong[0]);
  const of = (name) => readFileSync(path.join(stage, `${name}.d.ts`), 'utf8');
  const library = of('library')
    .replace("'./audit/audit.ts'", "'./audit.js'")
    .replace('export type { Audit };', "export type * from './audit.js';")
    .replace("'./errors.ts'", "'./errors.js'")
    .replace(/export \{ isAudit \}.*/, 'export declare function isAudit(value: unknown): value is Audit;');
  const files = [
    { name: 'library.d.ts', content: library },
    { name: 'errors.d.ts', content: of('errors') },
    { name: 'audit.d.ts', content: await auditTypes(schema) },
  ];
  rmSync(stage, { recursive: true });
  const inside = files.find(({ content }) => /from '[^']*\.ts'/.test(content));
  if (inside !== undefined) throw new Error(`${inside.name} names a file that is not shipped`);
  return files;
}

function auditTypes({ title: _, ...schema }) {
  const options = { additionalProperties: false, format: false, bannerComment: '' };
  return compile(referring(schema), 'Audit', options);
}

/** What only refers to a type has no words of its own: each place would become a type. */
function referring(node) {
  if (Array.isArray(node)) return node.map(referring);
  if (typeof node !== 'object' || node === null) return node;
  if (typeof node.$ref === 'string') return { $ref: node.$ref };
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, referring(value)]));
}

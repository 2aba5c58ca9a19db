/** What the build leaves in dist/. The single executable has its own form of this file (packaging/sea/built.ts). */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The bytes of a file in dist/, `*` standing for the name of the build; null if it is not built. */
export function builtBytes(file: string): Buffer | null {
  const built = builtPath(file);
  try {
    return built === null ? null : readFileSync(built);
  } catch {
    return null;
  }
}

/** A program of a thread; null if it is not built. */
export function builtProgram(file: string): string | URL | null {
  return builtPath(file);
}

/** Beside the bundle that this is part of; for sources in the folder of the last build. */
function builtPath(file: string): string | null {
  const here = fileURLToPath(import.meta.url);
  // The bundle, or the program of a thread: <name>.cjs, <name>.<thread>.cjs.
  if (here.endsWith('.cjs')) {
    return path.join(path.dirname(here), file.replace('*', path.basename(here).replace(/\..*/, '')));
  }
  try {
    const dist = new URL('../dist/', import.meta.url);
    const { name }: { name: string } = JSON.parse(readFileSync(new URL('bundle.json', dist), 'utf8'));
    return fileURLToPath(new URL(file.replace('*', name), dist));
  } catch {
    return null;
  }
}

/** What the build leaves in dist/. The single executable has its own form of this file (packaging/sea/built.ts). */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The bytes of a file in dist/; null if it is not built. */
export function builtBytes(file: string): Buffer | null {
  try {
    return readFileSync(builtPath(file));
  } catch {
    return null;
  }
}

/** A program of a thread; null if it is not built. */
export function builtProgram(file: string): string | URL | null {
  const built = builtPath(file);
  return existsSync(built) ? built : null;
}

/** Beside the module that this is part of; for sources in the folder of the last build. */
function builtPath(file: string): string {
  const folder = import.meta.url.endsWith('.ts') ? '../dist/' : './';
  return fileURLToPath(new URL(folder + file, import.meta.url));
}

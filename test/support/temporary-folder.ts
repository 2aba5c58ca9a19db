/** Folders for what tests write, gone when the tests of the file are over (each-file.ts). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const folders: string[] = [];

/** A new empty folder; `name` tells whose it is while it is there. */
export function temporaryFolder(name = 'test'): string {
  const folder = mkdtempSync(path.join(tmpdir(), `minesweep-${name}-`));
  folders.push(folder);
  return folder;
}

/** Removes all of them. */
export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** Folders for what tests write, gone when the tests of the file are over. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A new empty folder; `name` tells whose it is while it is there. */
export function temporaryFolder(name = 'test'): string {
  const folder = mkdtempSync(path.join(tmpdir(), `minesweep-${name}-`));
  folders.push(folder);
  return folder;
}

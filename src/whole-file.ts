/** Files that appear whole or not at all: each is written beside its place, forced to the disk and renamed. */
import { randomUUID } from 'node:crypto';
import type { Stats } from 'node:fs';
import { chown, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fail, reasonOf } from './errors.ts';
import { checkFile } from './given-file.ts';

/**
 * Writes a file; one that root replaces stays its owner's. Throws OUTPUT_FAILED; then the file is as it was. `part`: where it
 * is written, if what a killed run left there is to be written over.
 */
export async function writeWhole(
  output: string,
  bytes: Uint8Array | string | AsyncIterable<Uint8Array>,
  { mode = 0o666, part = `${output}.${randomUUID()}.part`, what = '' } = {},
): Promise<void> {
  try {
    const before = await replaced(output);
    // What was left may be readable by others.
    await rm(part, { force: true });
    await writeFile(part, bytes, { mode, flag: 'wx', flush: true });
    if (before !== null && process.getuid?.() === 0) await chown(part, before.uid, before.gid);
    await rename(part, output);
    await syncFolder(path.dirname(output));
  } catch (cause) {
    await rm(part, { force: true });
    fail('OUTPUT_FAILED', `${what} cannot be written: ${reasonOf(cause)}`.trim(), {
      where: output,
      hint: 'Check that the folder can be written to and that the disk has room.',
      cause,
    });
  }
}

/** What a file will take the place of; null if nothing. Throws if that is a device or a pipe: all programs would lose /dev/null. */
export async function replaced(output: string): Promise<Stats | null> {
  const before = await stat(output).catch(() => null);
  if (before !== null) checkFile(before);
  return before;
}

/** Makes new names last; file systems that cannot sync a folder say so, and lose nothing but that. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null);
  if (handle === null) return;
  await handle.sync().catch(() => undefined);
  await handle.close();
}

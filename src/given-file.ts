/**
 * Files that hold what the program needs beside its inputs. A pipe may stay silent and a device may have no end: they are
 * refused before anything waits for them.
 */
import { isUtf8 } from 'node:buffer';
import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import { fail } from './errors.ts';

const WITHOUT_WAITING = constants.O_RDONLY | constants.O_NONBLOCK;
const MOST_LIST_BYTES = 256 * 1024 * 1024;
/** A pipe through which nothing has come by then is none that somebody writes to. */
export const LONGEST_SILENCE_MS = 30_000;

/** Refused before it was read or replaced, by its type or size. */
export class Refused extends Error {}

/** Throws if it is no file, or larger than this. */
export function checkFile(stats: Stats, mostBytes = Number.POSITIVE_INFINITY): void {
  // A folder says so itself when it is read.
  if (!stats.isFile() && !stats.isDirectory()) throw new Refused('it is a pipe or a device, not a file');
  if (stats.size > mostBytes) throw new Refused(`it has more than ${mostBytes} bytes`);
}

/** False if there is none, or it cannot be seen. */
export async function isFolder(name: string): Promise<boolean> {
  return stat(name).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

/** Opens a file for reading. Throws if it is none, or larger than this. */
export async function openGiven(file: string, mostBytes = Number.POSITIVE_INFINITY): Promise<FileHandle> {
  const handle = await open(file, WITHOUT_WAITING);
  try {
    checkFile(await handle.stat(), mostBytes);
    return handle;
  } catch (cause) {
    await handle.close();
    throw cause;
  }
}

/** The bytes of a file. Throws if it is none, or larger than this. */
export async function readGiven(file: string, mostBytes: number): Promise<Buffer> {
  const handle = await openGiven(file, mostBytes);
  try {
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** The bytes of a named pipe, without waiting for a writer: a thread that waits would keep the program from ending. */
export function pipeStream(file: string): Socket {
  return new Socket({ fd: openSync(file, WITHOUT_WAITING), readable: true, writable: false });
}

/** The bytes of a list, which may come through a pipe: `--pools <(…)`. Throws if it is neither, or longer than this. */
async function readList(file: string, mostBytes = MOST_LIST_BYTES): Promise<Buffer> {
  if (!(await stat(file)).isFIFO()) return readGiven(file, mostBytes);
  const pieces: Buffer[] = [];
  let bytes = 0;
  const pipe = pipeStream(file);
  pipe.setTimeout(LONGEST_SILENCE_MS, () => pipe.destroy(new Refused('nothing comes through the pipe')));
  for await (const piece of pipe) {
    bytes += piece.length;
    if (bytes > mostBytes) throw new Refused(`it has more than ${mostBytes} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/**
 * The same; throws FILE_UNREADABLE, `what` it is in words. `where`: the option, of a file that holds a secret: this may be
 * given in place of the file.
 */
export async function readNamedList(
  file: string,
  what: string,
  hint = 'Check the path.',
  where = file,
): Promise<Buffer> {
  return readList(file).catch((cause: unknown) =>
    fail('FILE_UNREADABLE', `cannot read ${what}${cause instanceof Refused ? `: ${cause.message}` : ''}`, {
      where,
      hint,
      cause,
    }),
  );
}

/** The text of a list. Throws FILE_UNREADABLE, and FILE_INVALID if it is no text. */
export async function readTextList(file: string, what: string, hint?: string): Promise<string> {
  return textOf(await readNamedList(file, what, hint), file);
}

/**
 * Bytes as text, without a byte order mark: UTF-8, UTF-16 ("Unicode text" of spreadsheets), else GB 18030, which those of Chinese
 * systems write if nobody asks for UTF-8. Throws FILE_INVALID if bytes are zero, as in the holes of a file that was never written.
 */
export function textOf(bytes: Uint8Array, file: string): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes.includes(0)) {
    fail('FILE_INVALID', 'it has bytes of zero, so that it is no text', {
      where: file,
      hint: 'It may have holes, as files that were not written to their end: copy it again.',
    });
  }
  return new TextDecoder(isUtf8(bytes) ? 'utf-8' : 'gb18030').decode(bytes);
}

/** The bytes of a file at once, and who owns the file. */
export function readGivenSync(file: string, mostBytes: number): { text: string; owner: number } {
  const handle = openSync(file, WITHOUT_WAITING);
  try {
    const stats = fstatSync(handle);
    checkFile(stats, mostBytes);
    return { text: readFileSync(handle, 'utf8'), owner: stats.uid };
  } finally {
    closeSync(handle);
  }
}

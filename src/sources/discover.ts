/**
 * What the operator names to the inputs it stands for: files, folders (walked), globs, objects (s3://…), '-' for standard input.
 * Order: as named, and within a folder or glob by path. A file that is reached twice is read once.
 */
import type { Dirent, Stats } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { codeOf, fail } from '../errors.ts';
import { HIDDEN, schemeAndHost } from '../secret.ts';
import type { SourceRef } from './byte-source.ts';
import { openAbsent, openPath, openStdin } from './open.ts';
import type { ObjectAccess } from './s3/list.ts';
import { isObjectUrl } from './s3/location.ts';

/**
 * Lists the inputs; `onSpecial` hears of pipes, sockets and devices in folders, which are not read. A name that stands
 * for nothing is an input without bytes whose damage says so; throws NO_INPUT if no name stands for anything, or, if they all
 * have to be there, for one that does not.
 */
export async function discover(
  inputs: readonly string[],
  onSpecial: (path: string) => void = () => {},
  objects: ObjectAccess | null = null,
  mustBeThere = false,
): Promise<SourceRef[]> {
  const found = new Finds(onSpecial);
  for (const input of inputs) {
    const before = found.seen;
    if (input === '-') found.addStandardInput();
    else if (isObjectUrl(input)) await addObjects(input, found, objects);
    else await discoverOne(input, found);
    if (found.seen > before) continue;
    if (mustBeThere) standsForNothing(input);
    found.addAbsent(input);
  }
  const [first] = inputs;
  if (found.seen === 0 && first !== undefined) standsForNothing(first);
  return found.refs;
}

function standsForNothing(input: string): never {
  if (isObjectUrl(input)) {
    fail('NO_INPUT', 'no object of the bucket has a key that begins with this', {
      where: input,
      hint: 'Write the key as it is, without wildcards; s3://bucket alone is all of it.',
    });
  }
  return fail('NO_INPUT', 'no such file', {
    where: shownName(input),
    hint: 'Name a capture, a flow log, a folder that holds some, a quoted glob, or - for standard input.',
  });
}

/** A URL that nobody reads, also one without `//`, counts as the name of a file: without the password that may be in it. */
function shownName(input: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\/[^/]/i.test(input)) return schemeAndHost(input);
  return input.replace(/:[^/].*@/, `:${HIDDEN}@`);
}

async function addObjects(input: string, found: Finds, objects: ObjectAccess | null): Promise<void> {
  if (objects === null)
    return fail('USAGE', 'objects are not read here', { where: input, hint: 'Copy them into a folder.' });
  // With it come a parser of XML and a signer, which few runs need.
  const { objectsAt } = await import('./s3/list.ts');
  for (const ref of await objectsAt(input, objects)) found.addObject(ref);
}

/** What makes a name a glob: wildcards, braces, classes, extended patterns. */
const GLOB_SIGNS = /[*?[\]{}]|[!+@]\(/;

async function discoverOne(input: string, found: Finds): Promise<void> {
  const stats = await statOf(input);
  if (stats?.isDirectory()) {
    if (await found.enter(input)) await walk(input, found);
    else found.seen++;
  } else if (stats !== null) {
    await found.addFile(input, stats);
  } else if (GLOB_SIGNS.test(input)) {
    const { glob } = await import('tinyglobby'); // costs a tenth of a start-up, and few runs name a glob
    const paths = await glob(input, { expandDirectories: false, onlyFiles: true });
    for (const one of paths.sort()) await found.addFile(one, await statOf(one));
  } else if (!(await isAbsent(input))) {
    // It is there but may not be looked at: an unreadable input, not a mistyped one.
    await found.addFile(input, null);
  }
}

/**
 * Adds the files below a folder. Hidden ones are left out, and pipes, sockets and devices; links in circles end in
 * `enter`.
 */
async function walk(folder: string, found: Finds): Promise<void> {
  const entries = await entriesOf(folder);
  if (entries === null) return found.addFile(folder, null);
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const full = path.join(folder, entry.name);
    const stats = await statOf(full);
    if (stats === null) {
      // A link to nowhere, or a file gone or barred since.
      await found.addFile(full, null);
    } else if (stats.isDirectory()) {
      // A link to a folder above would bring in what nobody named.
      const isAbove = entry.isSymbolicLink() && (await holds(full, folder));
      if (!isAbove && (await found.enter(full))) await walk(full, found);
    } else if (stats.isFile()) {
      await found.addFile(full, stats, true);
    } else {
      found.seen++;
      found.onSpecial(full);
    }
  }
}

/** True if the folder is another one, or holds it. */
async function holds(folder: string, other: string): Promise<boolean> {
  const [above, below] = await Promise.all([realpath(folder), realpath(other)]);
  return !path.relative(above, below).startsWith('..');
}

async function entriesOf(folder: string): Promise<Dirent[] | null> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => null);
  return entries?.sort((a, b) => (a.name < b.name ? -1 : 1)) ?? null;
}

async function statOf(file: string): Promise<Stats | null> {
  return stat(file).catch(() => null);
}

async function isAbsent(file: string): Promise<boolean> {
  return stat(file).then(
    () => false,
    (error) => ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes(codeOf(error)),
  );
}

class Finds {
  readonly refs: SourceRef[] = [];
  /** Files met, those met again included. */
  seen = 0;
  readonly onSpecial: (path: string) => void;
  readonly #files = new Set<string>();
  readonly #folders = new Set<string>();

  constructor(onSpecial: (path: string) => void) {
    this.onSpecial = onSpecial;
  }

  /** Adds an input once, whatever it is called the second time. */
  #add(identity: string, ref: SourceRef): void {
    if (this.#files.has(identity)) return;
    this.#files.add(identity);
    this.refs.push(ref);
  }

  addStandardInput(): void {
    this.seen++;
    this.#add('-', { path: '-', size: null, isPipe: false, isFound: false, open: openStdin });
  }

  /** `stats` is null if the file cannot be looked at. */
  async addFile(file: string, stats: Stats | null, isFound = false): Promise<void> {
    this.seen++;
    this.#add(await realPathOf(file), {
      path: file,
      size: stats?.isFile() ? stats.size : null,
      ...(stats?.isFile() ? { modifiedMs: stats.mtimeMs } : {}),
      isPipe: stats?.isFIFO() ?? false,
      isFound,
      open: (options) => openPath(file, options),
    });
  }

  addObject(ref: SourceRef): void {
    this.seen++;
    this.#add(ref.path, ref);
  }

  /** A name that stands for nothing. */
  addAbsent(input: string): void {
    const identity = isObjectUrl(input) ? input : path.resolve(input);
    this.#add(identity, { path: shownName(input), size: 0, isPipe: false, isFound: false, open: openAbsent });
  }

  /** False if the folder was entered before, by whatever name. */
  async enter(folder: string): Promise<boolean> {
    const identity = await realPathOf(folder);
    if (this.#folders.has(identity)) return false;
    this.#folders.add(identity);
    return true;
  }
}

async function realPathOf(file: string): Promise<string> {
  return realpath(file).catch(() => path.resolve(file));
}

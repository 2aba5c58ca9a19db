/**
 * Finds the files of some folders, and which of them are complete: their writer has begun the next one, has renamed them,
 * or has been silent for a while. Folders are listed every second, because events get lost on network file systems.
 */

import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { reasonOf } from '../errors.ts';
import { compareText } from '../order.ts';

export interface FolderFile {
  readonly path: string;
  /** Device and inode, the same after a rename. */
  readonly identity: string;
  readonly bytes: number;
  readonly modifiedMs: number;
  readonly bornMs: number;
}

/** A file as a look through the folders has found it. */
export interface SweptFile extends FolderFile {
  /** It is complete, as far as that can be told of a file whose content is not read on as it grows. */
  readonly isWhole: boolean;
  /** The look before has found it the same. */
  readonly isStill: boolean;
  /** Nothing more will come, not even the rest of a record that is cut. */
  readonly isOver: boolean;
}

/** A lone file is over when nothing was written to it for so long. */
const DAY_MS = 86_400_000;
/** A file that is being written goes by such a name: nfcapd.current, captures that are copied in, hidden ones. */
const UNFINISHED = /^\.|(^|[.-])current([.-]|$)|\.(part|tmp|temp|swp|filepart|crdownload)$/i;
/** A neighbour that began before a file was last written is another series, not the next file. */
const OVERLAP_MS = 1000;

interface Observation {
  readonly file: FolderFile;
  /** Since when it has been as it is, by the steady clock, ms. */
  readonly stillSinceMs: number;
  /** It was whole then, and is as it was. */
  isWhole: boolean;
  /** It was renamed from a name of unfinished files. */
  isNamed: boolean;
}

export class WatchedFolders {
  private observations = new Map<string, Observation>();
  private readonly absent = new Set<string>();
  /** Folders on which a file system is mounted, or was. */
  private readonly mounted = new Set<string>();

  /** @param quietMs A file that nobody has written to for so long is whole. */
  constructor(
    private readonly folders: readonly string[],
    private readonly quietMs: number,
  ) {}

  /**
   * Looks through the folders: their files, oldest first, without those whose names say that they are not finished. `lost`
   * hears once of each folder that is not there, and once that it is there again, with no reason.
   */
  async sweep(lost: (folder: string, reason: string | null) => void): Promise<SweptFile[]> {
    const before = this.observations;
    const namesBefore = new Map([...before.values()].map(({ file }) => [file.identity, file.path]));
    const nowMs = performance.now();
    const now = new Map<string, Observation>();
    for (const file of await this.list(lost)) {
      const known = before.get(file.path);
      const isStill = known?.file.bytes === file.bytes && known.file.modifiedMs === file.modifiedMs;
      // One that was there before is as old as its own times say; a clock set back makes it no younger than one sweep.
      const ageMs = known === undefined && before.size === 0 ? Date.now() - file.modifiedMs : 0;
      const stillSinceMs = isStill ? known.stillSinceMs : nowMs - Math.max(0, ageMs);
      const nameBefore = namesBefore.get(file.identity);
      const isNamed =
        known?.isNamed === true || (nameBefore !== undefined && UNFINISHED.test(path.basename(nameBefore)));
      now.set(file.path, { file, stillSinceMs, isWhole: isStill && known.isWhole, isNamed });
    }
    this.observations = now;
    const finished = [...now.values()].filter(({ file }) => !UNFINISHED.test(path.basename(file.path)));
    const newest = newestOfSeries(finished.map(({ file }) => file));
    const isSucceeded = ({ file, stillSinceMs }: Observation): boolean => {
      const next = newest.get(seriesOf(file.path));
      // Seen twice alike, for not every file system knows when a file was made.
      return (
        next !== undefined &&
        next.path !== file.path &&
        next.bornMs >= file.modifiedMs - OVERLAP_MS &&
        before.has(file.path) &&
        stillSinceMs < nowMs
      );
    };
    return finished
      .map((observation) => {
        const { file, stillSinceMs, isNamed } = observation;
        const stillMs = nowMs - stillSinceMs;
        const isQuiet = stillMs >= this.quietMs;
        const nameBefore = namesBefore.get(file.identity);
        const hasNext = isSucceeded(observation);
        observation.isWhole ||= isQuiet || hasNext || (nameBefore !== undefined && nameBefore !== file.path);
        const isOver = isNamed || stillMs >= DAY_MS || (hasNext && isQuiet);
        return { ...file, isWhole: observation.isWhole, isStill: stillSinceMs < nowMs, isOver };
      })
      .sort((a, b) => a.modifiedMs - b.modifiedMs || compareText(a.path, b.path));
  }

  /** Folders that were not there. */
  get missing(): number {
    return this.absent.size;
  }

  /** The file as it was at the last sweep, whole or not. */
  at(file: string): FolderFile | undefined {
    return this.observations.get(file)?.file;
  }

  private async list(lost: (folder: string, reason: string | null) => void): Promise<FolderFile[]> {
    const files: FolderFile[] = [];
    for (const folder of this.folders) {
      try {
        const names = await readdir(folder, { recursive: true, withFileTypes: true });
        if (await isMountPoint(folder)) this.mounted.add(folder);
        else if (this.mounted.has(folder)) throw new Error('its file system is not mounted any more');
        if (this.absent.delete(folder)) lost(folder, null);
        for (const entry of names) {
          if (!entry.isFile()) continue;
          const file = await fileAt(path.join(entry.parentPath, entry.name));
          if (file !== null && file.bytes > 0) files.push(file);
        }
      } catch (cause) {
        if (!this.absent.has(folder)) lost(folder, reasonOf(cause));
        this.absent.add(folder);
      }
    }
    return files;
  }
}

/** A mount that goes away leaves an empty folder behind. */
async function isMountPoint(folder: string): Promise<boolean> {
  const real = await realpath(folder);
  const [own, above] = await Promise.all([stat(real), stat(path.dirname(real))]);
  return own.dev !== above.dev;
}

async function fileAt(file: string): Promise<FolderFile | null> {
  try {
    const { dev, ino, size, mtimeMs, birthtimeMs } = await stat(file);
    return { path: file, identity: `${dev} ${ino}`, bytes: size, modifiedMs: mtimeMs, bornMs: birthtimeMs };
  } catch {
    return null; // gone meanwhile
  }
}

/** Files of one series differ in numbers alone: trace-20261127-0815.pcap, out_00012_20261127.pcap, dump.pcap7. */
function seriesOf(file: string): string {
  return path.join(path.dirname(file), path.basename(file).replaceAll(/\d+/g, '#'));
}

/** The file of each series that was made last. */
function newestOfSeries(files: readonly FolderFile[]): Map<string, FolderFile> {
  const newest = new Map<string, FolderFile>();
  for (const file of files) {
    const series = seriesOf(file.path);
    const known = newest.get(series);
    if (
      known === undefined ||
      file.bornMs > known.bornMs ||
      (file.bornMs === known.bornMs && file.path > known.path)
    )
      newest.set(series, file);
  }
  return newest;
}

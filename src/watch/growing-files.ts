/**
 * Files that are read on as they grow: captures and text logs. How far each was read is kept in the run, by device and inode,
 * so that a rename changes nothing. What is appended becomes a piece that reads by itself: the head of the file, and behind
 * it the new bytes. A record that is cut at the end is left for the next piece.
 *
 * Rotation can take the bytes to another file: a copy (`copytruncate`), a compressed one, one of another file system. Such a
 * file begins with what was read, by its SHA-256: it takes the place of the one that is gone, and is read on from there.
 */
import { createHash, type Hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { PCAP_HEAD_BYTES, PcapngHead } from '../readers/pcap/head.ts';
import { growingFormat, UNCLEAR } from '../run/inputs/inputs.ts';
import type { GrowingFile, Run, Sample } from '../run/run.ts';
import type { ScanOptions } from '../run/scan-options.ts';
import type { ByteSource, ByteStage, Piece, SourceRef } from '../sources/byte-source.ts';
import { contentHash, contentHashes } from '../sources/content.ts';
import { openPath, openStage } from '../sources/open.ts';
import { noBytes } from '../sources/stored.ts';
import type { FolderFile, SweptFile } from './folders.ts';

/** Of the first and of the last bytes that were read. */
const SAMPLE_BYTES = 4096;
const READ_BYTES = 1 << 20;
/** Files whose bytes are hashed on; of others they are hashed from the beginning. */
const MOST_HASHES = 256;
/** Files that are gone and known again; of those that are there all are known. */
const MOST_GONE = 1 << 14;

/** A part of a file that is to be read. */
export interface PieceRef extends SourceRef {
  readonly piece: Piece;
  readonly file: SweptFile;
  /** Bytes that the last opening has given, without the head. */
  readonly given: { bytes: number };
}

export function isPiece(ref: SourceRef): ref is PieceRef {
  return ref.piece !== undefined;
}

export class GrowingFiles {
  /** What was read of a file, hashed, as far as this process did it. */
  private hashes = new Map<number, { readonly bytes: number; readonly hash: Hash }>();
  /** Each file has a number of its own, also before anything of it was read. */
  private lastId = 0;
  /** The numbers of the files that are there, by identity. */
  private readonly ids = new Map<string, number>();
  /** Files as they were when they were compared with those that were read before, by path. */
  private compared = new Map<string, { readonly bytes: number; readonly isUnpacked: boolean }>();
  /** Files of which too little is there to tell what they are, and where they lay. */
  private unclear = new Map<string, string>();

  constructor(
    private readonly options: Pick<ScanOptions, 'inputFormat' | 'columns' | 'timeZone' | 'dateOrder'>,
    private readonly tell: (message: string) => void,
    /** Hears that the run has changed. */
    private readonly onChange: () => void,
  ) {}

  /** What the run knows of the files is not what this process has read: it went back. */
  forget(): void {
    this.hashes.clear();
  }

  /**
   * Learns where the files are now. Those that are gone, or hold something else, are no file of the folders any more, but
   * what was read of them is known.
   */
  async follow(files: readonly SweptFile[], run: Run): Promise<void> {
    this.ids.clear();
    for (const [id, { identity }] of run.growing) if (identity !== null) this.ids.set(identity, id);
    const byIdentity = new Map(files.map((file) => [file.identity, file]));
    const paths = new Set(files.map(({ path }) => path));
    for (const path of this.unclear.keys()) if (!paths.has(path)) this.unclear.delete(path);
    for (const known of run.growing.values()) {
      if (known.identity === null) continue;
      const file = byIdentity.get(known.identity);
      const place = file === undefined ? '' : placeOf(file);
      const isSame =
        file !== undefined &&
        file.bytes >= known.bytes &&
        (place === known.place || (await endsAlike(file.path, known)));
      if (isSame && file.path === known.path) continue;
      if (isSame) known.path = file.path;
      else known.identity = null;
      this.onChange();
    }
  }

  /** The file as it is known by its identity. */
  known(file: FolderFile, run: Run): [number, GrowingFile] | null {
    const id = this.ids.get(file.identity);
    const known = id === undefined ? undefined : run.growing.get(id);
    return id === undefined || known?.identity !== file.identity ? null : [id, known];
  }

  /**
   * What is to be read of a file that is not known: a first piece, or the rest of one whose bytes were read elsewhere.
   * `whole`: it cannot be read on, and is read when it is complete. Null: nothing, or not yet.
   */
  async begin(file: SweptFile, ref: SourceRef, run: Run): Promise<PieceRef | 'whole' | 'read' | null> {
    if (!file.isOver && this.unclear.get(file.path) === placeOf(file)) return null;
    this.unclear.delete(file.path);
    const found = await growingFormat(ref, this.options);
    if (found === UNCLEAR && !file.isOver) {
      this.unclear.set(file.path, placeOf(file));
      return null;
    }
    const format = found === UNCLEAR ? null : found;
    const alike = await this.alike(ref, run);
    if (alike.length > 0) {
      const before = this.compared.get(file.path);
      // It may be the copy of one that was read, and not be copied to its end.
      const mayBeCopied = !file.isWhole && before !== undefined && !before.isUnpacked;
      // It is compared again once it has stopped growing, or has doubled.
      if (mayBeCopied && (file.bytes === before.bytes || (!file.isStill && file.bytes < 2 * before.bytes)))
        return null;
      const hashes = await contentHashes(
        ref,
        alike.map(([, { bytes }]) => bytes),
      );
      const { isUnpacked } = hashes;
      this.compared.set(file.path, { bytes: file.bytes, isUnpacked });
      const same = alike.find(([, { bytes, digest }]) => hashes.at.get(bytes) === digest);
      const isShorter = alike.every(([, { bytes }]) => bytes > hashes.bytes);
      if (same === undefined && isShorter) return file.isWhole ? this.passOver(file, alike[0][1].path) : null;
      if (same !== undefined) {
        const [id, known] = same;
        // What comes to the one comes to the other.
        if (known.identity !== null) return null;
        if (hashes.bytes === known.bytes && format === null) return this.passOver(file, known.path);
        this.tell(`${file.path}: goes on where ${known.path} was read to`);
        this.onChange();
        if (format !== null) {
          this.ids.set(file.identity, id);
          Object.assign(known, { identity: file.identity, path: file.path, place: '' });
          return this.next(file, run);
        }
        known.path = file.path;
        // Its successor does not wait for it to be quiet, and would be read before it.
        const isCopied = file.isWhole || isUnpacked;
        return isCopied ? pieceOf(file, id, known, false, () => openPath(file.path)) : null;
      }
    }
    this.compared.delete(file.path);
    const content = file.isWhole && run.finished.size > 0 ? await contentHash(ref) : null;
    const before = content === null ? undefined : run.finished.get(content);
    if (before !== undefined) return this.passOver(file, before);
    // It went away since it was listed.
    if (format === null && !existsSync(file.path)) return null;
    if (format === null) return 'whole';
    for (const used of run.growing.keys()) this.lastId = Math.max(this.lastId, used);
    const id = ++this.lastId;
    const none: Sample = { bytes: 0, digest: '' };
    const known: GrowingFile = {
      ...{ path: file.path, identity: file.identity, format, head: new Uint8Array(0), bytes: 0, records: 0 },
      ...{ digest: '', first: none, last: none, place: '', isOver: false },
    };
    return pieceOf(file, id, known, !file.isOver);
  }

  /** The next piece of a file that is known; null if nothing came. */
  next(file: SweptFile, run: Run): PieceRef | null {
    const entry = this.known(file, run);
    if (entry === null) return null;
    const [id, known] = entry;
    const isNew = placeOf(file) !== known.place;
    if (known.isOver || file.bytes <= known.bytes || !(isNew || file.isOver)) return null;
    return pieceOf(file, id, known, !file.isOver);
  }

  /** The piece was read into the run: the next one begins behind it. */
  async took({ piece, file, given }: PieceRef, run: Run): Promise<void> {
    const known = run.growing.get(piece.file);
    const bytes = piece.bytes + given.bytes - (piece.found?.rest ?? 0);
    const hash = createHash('sha256');
    let head = piece.head;
    const isStored = known === undefined || known.identity !== null;
    const format = piece.format;
    const begun = this.hashes.get(piece.file);
    const from = isStored && begun?.bytes === piece.bytes ? piece.bytes : 0;
    const whole = from > 0 && begun !== undefined ? begun.hash : hash;
    const pcapng = format === 'pcapng' ? new PcapngHead(piece.head) : null;
    const source = isStored ? null : await openPath(file.path);
    const [first, last] = [new SampleTaker(0), new SampleTaker(Math.max(0, bytes - SAMPLE_BYTES))];
    let at = from;
    for await (const block of source === null
      ? fileBlocks(file.path, from, bytes)
      : blocksOf(source, bytes)) {
      whole.update(block);
      first.take(block, at);
      last.take(block, at);
      if (at + block.length > piece.bytes) pcapng?.take(block.subarray(Math.max(0, piece.bytes - at)));
      if (format === 'pcap' && at === 0) head = Uint8Array.from(block.subarray(0, PCAP_HEAD_BYTES));
      at += block.length;
    }
    await source?.close();
    if (from > 0) await last.complete(file.path, bytes);
    const isKnown = known?.first.bytes === SAMPLE_BYTES;
    if (from > 0 && !isKnown) await first.complete(file.path, bytes);
    if (pcapng !== null) ({ head } = pcapng);
    const said = piece.found?.head ?? '';
    if (said !== '') head = new TextEncoder().encode(said);
    run.growing.set(piece.file, {
      ...{ path: file.path, identity: isStored ? file.identity : null, format, head, bytes },
      records: piece.found?.records ?? piece.records,
      digest: whole.copy().digest('hex'),
      first: isKnown ? known.first : first.sample(),
      last: last.sample(),
      place: placeOf(file),
      isOver: !piece.isGrowing || piece.found === null,
    });
    this.hashes.set(piece.file, { bytes, hash: whole });
    if (this.hashes.size > MOST_HASHES) this.hashes.delete(this.hashes.keys().next().value ?? 0);
    forgetGone(run.growing);
  }

  private passOver(file: SweptFile, known: string): 'read' {
    this.tell(`${file.path}: read before, as ${known}`);
    return 'read';
  }

  /** What was read and begins like this file, the longest first. */
  private async alike(ref: SourceRef, run: Run): Promise<[number, GrowingFile][]> {
    if (run.growing.size === 0) return [];
    const source = await ref.open();
    try {
      const head = (await source.peek(SAMPLE_BYTES)).slice();
      const digests = new Map<number, string>();
      const digestOf = (bytes: number): string => {
        const known = digests.get(bytes) ?? sampleOf(head.subarray(0, bytes)).digest;
        digests.set(bytes, known);
        return known;
      };
      return [...run.growing]
        .filter(([, { records, first }]) => records > 0 && first.bytes <= head.length)
        .filter(([, { first }]) => digestOf(first.bytes) === first.digest)
        .sort(([, a], [, b]) => b.bytes - a.bytes);
    } finally {
      await source.close();
    }
  }
}

/** Where a file lay, how large it was and when it was written. */
export function placeOf({ identity, bytes, modifiedMs }: FolderFile): string {
  return `${identity} ${bytes} ${modifiedMs}`;
}

function pieceOf(
  file: SweptFile,
  id: number,
  known: GrowingFile,
  isGrowing: boolean,
  unpacked: (() => Promise<ByteSource>) | null = null,
): PieceRef {
  const { format, head, bytes, records } = known;
  const piece: Piece = { ...{ file: id, format, head, bytes, records, isGrowing }, rest: 0, found: null };
  const given = { bytes: 0 };
  return {
    ...{ path: file.path, size: unpacked === null ? file.bytes - bytes : null, modifiedMs: file.modifiedMs },
    ...{ isPipe: false, isFound: true, piece, file, given },
    open: async () => {
      given.bytes = 0;
      const stage = unpacked === null ? await storedPiece(file, bytes) : await unpackedPiece(unpacked, bytes);
      return openStage(new HeadedStage(head, stage, given));
    },
  };
}

/** The bytes of the file from there on, as far as it reached when it was found; none if another one has its name. */
async function storedPiece(file: FolderFile, from: number): Promise<ByteStage> {
  const handle = await open(file.path, 'r').catch(() => null);
  if (handle === null) return noBytes('unreadable');
  const { dev, ino } = await handle.stat();
  if (`${dev} ${ino}` !== file.identity) {
    await handle.close();
    return noBytes('replaced');
  }
  return new FilePart(handle, from, file.bytes);
}

async function unpackedPiece(open: () => Promise<ByteSource>, from: number): Promise<ByteSource> {
  const source = await open();
  const passed = new Uint8Array(READ_BYTES);
  for (let left = from; left > 0; ) {
    const count = await source.fill(passed.subarray(0, Math.min(left, passed.length)));
    if (count === 0) break;
    left -= count;
  }
  return source;
}

class FilePart implements ByteStage {
  damage: ByteStage['damage'] = null;
  damageAt = 0;

  constructor(
    private readonly handle: FileHandle,
    private at: number,
    private readonly to: number,
  ) {}

  async fill(target: Uint8Array): Promise<number> {
    const most = Math.min(target.length, this.to - this.at);
    if (most <= 0 || this.damage !== null) return 0;
    try {
      const { bytesRead } = await this.handle.read(target, 0, most, this.at);
      this.at += bytesRead;
      return bytesRead;
    } catch {
      this.damage = 'read-error';
      this.damageAt = this.at;
      return 0;
    }
  }

  close(): Promise<void> {
    return this.handle.close().catch(() => undefined);
  }
}

/** A head, and behind it the bytes of a stage, which are counted. */
class HeadedStage implements ByteStage {
  constructor(
    private head: Uint8Array,
    private readonly stage: ByteStage,
    private readonly given: { bytes: number },
  ) {}

  get damage(): ByteStage['damage'] {
    return this.stage.damage;
  }

  get damageAt(): number {
    return this.stage.damageAt;
  }

  async fill(target: Uint8Array): Promise<number> {
    if (this.head.length > 0) {
      const count = Math.min(this.head.length, target.length);
      target.set(this.head.subarray(0, count));
      this.head = this.head.subarray(count);
      return count;
    }
    const count = await this.stage.fill(target);
    this.given.bytes += count;
    return count;
  }

  close(): Promise<void> {
    return this.stage.close();
  }
}

/** Does the file still hold what was read last of it? */
async function endsAlike(file: string, { bytes, last }: GrowingFile): Promise<boolean> {
  const taker = new SampleTaker(bytes - last.bytes);
  await taker.complete(file, bytes);
  return taker.sample().digest === last.digest;
}

/** Takes the bytes of a file from a place on, SAMPLE_BYTES at most. */
class SampleTaker {
  private taken = Buffer.alloc(0);

  constructor(private readonly from: number) {}

  take(block: Uint8Array, at: number): void {
    const begin = this.from + this.taken.length - at;
    if (begin < 0 || begin >= block.length || this.taken.length >= SAMPLE_BYTES) return;
    const part = block.subarray(begin, begin + SAMPLE_BYTES - this.taken.length);
    this.taken = Buffer.concat([this.taken, part]);
  }

  /** Reads it from the file, which was not read from there on. */
  async complete(file: string, to: number): Promise<void> {
    this.taken = Buffer.alloc(0);
    let at = this.from;
    for await (const block of fileBlocks(file, at, Math.min(to, at + SAMPLE_BYTES))) {
      this.take(block, at);
      at += block.length;
    }
  }

  sample(): Sample {
    return sampleOf(this.taken);
  }
}

function sampleOf(bytes: Uint8Array): Sample {
  return { bytes: bytes.length, digest: createHash('sha256').update(bytes).digest('hex') };
}

/** The bytes of a file between two places; fewer if it is shorter, or cannot be read. */
async function* fileBlocks(file: string, from: number, to: number): AsyncGenerator<Uint8Array> {
  const handle = await open(file, 'r').catch(() => null);
  if (handle === null) return;
  const part = new FilePart(handle, from, to);
  try {
    yield* blocksOf(part, to - from);
  } finally {
    await part.close();
  }
}

/** So many bytes of a stage, in blocks that are valid until the next one. */
async function* blocksOf(stage: ByteStage, bytes: number): AsyncGenerator<Uint8Array> {
  const block = new Uint8Array(READ_BYTES);
  for (let left = bytes; left > 0; ) {
    const count = await stage.fill(block.subarray(0, Math.min(left, block.length)));
    if (count === 0) return;
    yield block.subarray(0, count);
    left -= count;
  }
}

/** Of very many files that are gone the oldest are forgotten. */
function forgetGone(growing: Map<number, GrowingFile>): void {
  if (growing.size <= MOST_GONE) return;
  const gone = [...growing].filter(([, { identity }]) => identity === null);
  for (const [id] of gone.slice(0, Math.max(0, gone.length - MOST_GONE))) growing.delete(id);
}

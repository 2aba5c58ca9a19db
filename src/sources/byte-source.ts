/**
 * Where an input's bytes come from, decompressed. Everything here is pulled: nothing is read before it is asked
 * for, so that memory stays constant and a slow reader holds back a fast writer.
 */

/** What can be wrong with an input before its format is known. */
export type SourceDamage =
  | 'not-found' // nothing goes by its name: no file, or a folder or glob without any
  | 'unreadable' // it cannot be opened
  | 'read-error' // the system failed to read on
  | 'access-denied' // an object that these credentials may not read
  | 'archived' // an object that must be brought back from an archive first
  | 'replaced' // an object that is another one since it was listed
  | 'truncated-compression' // the compressed stream ends too early
  | 'compression-error' // the compressed stream breaks its own rules or its checksum
  | 'compression-limit'; // it unpacks to more than so few bytes may

/** Yields bytes in order. Files, streams and decompressors are stages, one on top of another. */
export interface ByteStage {
  /**
   * Writes the next bytes to `target` (as many as can be had, at least one) and returns how many; 0 at the end.
   * One call at a time. Never rejects: what goes wrong ends the bytes and stands in `damage`. `onTheSpot`: a file is
   * read by the calling thread, as the other cores have work.
   */
  fill(target: Uint8Array, onTheSpot?: boolean): Promise<number>;
  /** Descriptor of the file whose bytes these are, from its beginning on; absent or null if they are others. */
  readonly descriptor?: number | null;
  readonly damage: SourceDamage | null;
  /** Offset of the damage in the bytes that the stage reads. */
  readonly damageAt: number;
  /** Gives back what the stage holds. A `fill` under way ends with 0 or what it has. */
  close(): Promise<void>;
}

/** An opened input, decompressed. */
export interface ByteSource extends ByteStage {
  /** The next `count` bytes (fewer at the end), which `fill` will still deliver. */
  peek(count: number): Promise<Uint8Array>;
  /** Bytes read so far as they are stored, for progress against the stored size. */
  readonly storedBytes: number;
  /** Compressions taken off, from the outside in: 'gzip', 'zstd', 'bzip2', 'lz4'. Known after the first `peek` or `fill`. */
  readonly compression: readonly string[];
  /** Descriptor of the file where it holds just these bytes, else null. Known after the first `peek` or `fill`. */
  readonly descriptor: number | null;
  /** SHA-256 of the stored bytes in hex; null if not asked for, or while the end is not reached. */
  sha256(): string | null;
}

export interface OpenOptions {
  /** True if `sha256` is wanted. */
  readonly hash?: boolean;
}

/** A piece of a file that is read on as it grows: what was read of it before, and what this reading leaves. */
export interface Piece {
  /** By which the run knows the file, whatever it is named. */
  readonly file: number;
  /** What the file is, found from its beginning. */
  readonly format: string;
  /** What comes in front of the piece again, so that it can be read by itself: headers. */
  readonly head: Uint8Array;
  /** What was read before it: bytes, and packets or rows. */
  readonly bytes: number;
  readonly records: number;
  /** More may come: a record that is cut at the end is left for the next piece. */
  readonly isGrowing: boolean;
  /** Bytes at the end of a capture that its reader has left. */
  rest: number;
  /** What the reading found. */
  found: {
    /** Bytes at the end that were left. */
    readonly rest: number;
    readonly records: number;
    /** Of a table: its header. */
    readonly head: string;
    readonly firstUs: number;
    readonly lastUs: number;
  } | null;
}

/** An input that is there to be opened. */
export interface SourceRef {
  /** As the operator would name it; '-' is standard input. */
  readonly path: string;
  /** Stored size in bytes, null if it is not known. */
  readonly size: number | null;
  /** When it was last written, ms since 1970; absent if that is not known. */
  readonly modifiedMs?: number;
  /** True for a named pipe, which can be read once only. */
  readonly isPipe: boolean;
  /** True if it was found in a folder: then it may be something else than a capture or a log. */
  readonly isFound: boolean;
  /** Of an object: what other contents do not have, so that it need not be read to be known again. */
  readonly version?: string;
  /** Of a file that is read on: which part of it this is. */
  readonly piece?: Piece;
  /** Opens it. Never rejects: an input that cannot be opened is an empty source with damage. */
  open(options?: OpenOptions): Promise<ByteSource>;
}

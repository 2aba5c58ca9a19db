/**
 * An input opened for reading: its stored bytes, hashed if asked for, and on top of them a decompressor for each
 * layer of compression that the content shows. Names and suffixes say nothing.
 */
import { createHash } from 'node:crypto';
import type { ByteSource, ByteStage, OpenOptions, SourceDamage } from './byte-source.ts';
import { isBzip2, readBzip2 } from './bzip2.ts';
import { DecodedStage, type Decoder } from './decoder.ts';
import { isGzip, readGzip } from './gzip.ts';
import { Intake } from './intake.ts';
import { isLz4, readLz4 } from './lz4.ts';
import { noBytes, openFile, openStandardInput } from './stored.ts';
import { isZstd, readZstd } from './zstd.ts';

const COMPRESSIONS: readonly {
  readonly name: string;
  readonly sniff: (head: Uint8Array) => boolean;
  readonly decoder: Decoder;
}[] = [
  { name: 'gzip', sniff: isGzip, decoder: readGzip },
  { name: 'zstd', sniff: isZstd, decoder: readZstd },
  { name: 'bzip2', sniff: isBzip2, decoder: readBzip2 },
  { name: 'lz4', sniff: isLz4, decoder: readLz4 },
];
const SNIFF_BYTES = 4;
/** Layers taken off. Rotation tools compress a second time by mistake; more is a quine. */
const MAX_LAYERS = 2;
const DRAIN_BYTES = 256 * 1024;

/** Opens a file. Never rejects: if that fails, the source is empty and its damage is 'unreadable'. */
export async function openPath(path: string, options?: OpenOptions): Promise<ByteSource> {
  return openStage(await openFile(path), options);
}

/** The source of a name that nothing goes by: no bytes, and its damage 'not-found'. */
export async function openAbsent(): Promise<ByteSource> {
  return openStage(noBytes('not-found'));
}

/** Opens standard input. */
export async function openStdin(options?: OpenOptions): Promise<ByteSource> {
  return openStage(openStandardInput(), options);
}

/** Opens what a stage holds. Nothing is read before it is asked for: standard input may stay silent for long. */
export function openStage(stage: ByteStage, options: OpenOptions = {}): ByteSource {
  return new OpenedSource(stage, options.hash === true);
}

class OpenedSource implements ByteSource {
  storedBytes = 0;
  readonly compression: string[] = [];
  readonly #stored: ByteStage;
  readonly #hash: ReturnType<typeof createHash> | null;
  #digest: string | null = null;
  /** What may be damaged, from below. */
  readonly #stages: ByteStage[];
  #top: Intake;
  #isSniffed = false;

  constructor(stored: ByteStage, hash: boolean) {
    this.#stored = stored;
    this.#hash = hash ? createHash('sha256') : null;
    this.#stages = [stored];
    this.#top = new Intake((target, onTheSpot) => this.#fillStored(target, onTheSpot));
  }

  get descriptor(): number | null {
    return this.#isSniffed && this.compression.length === 0 ? (this.#stored.descriptor ?? null) : null;
  }

  get damage(): SourceDamage | null {
    return this.#damaged?.damage ?? null;
  }

  get damageAt(): number {
    return this.#damaged?.damageAt ?? 0;
  }

  async peek(count: number): Promise<Uint8Array> {
    if (!this.#isSniffed) await this.#sniff();
    return this.#top.peek(count);
  }

  async fill(target: Uint8Array, onTheSpot?: boolean): Promise<number> {
    if (!this.#isSniffed) await this.#sniff();
    const count = await this.#top.fill(target, onTheSpot);
    if (count === 0) await this.#drain();
    return count;
  }

  sha256(): string | null {
    return this.#digest;
  }

  close(): Promise<void> {
    return (this.#stages.at(-1) ?? this.#stored).close();
  }

  /** Counts and hashes the stored bytes on their way. */
  async #fillStored(target: Uint8Array, onTheSpot?: boolean): Promise<number> {
    const count = await this.#stored.fill(target, onTheSpot);
    this.storedBytes += count;
    if (this.#hash === null || this.#digest !== null) return count;
    if (count > 0) this.#hash.update(target.subarray(0, count));
    else if (this.#stored.damage === null) this.#digest = this.#hash.digest('hex');
    return count;
  }

  /** Reads to the end, for the hash alone: a decompressor may have stopped before. */
  async #drain(): Promise<void> {
    if (this.#hash === null || this.#digest !== null) return;
    const rest = new Uint8Array(DRAIN_BYTES);
    while ((await this.#fillStored(rest)) > 0);
  }

  /** Puts a decompressor on top for each layer that the head shows. */
  async #sniff(): Promise<void> {
    let lowest: DecodedStage | null = null;
    while (this.compression.length < MAX_LAYERS) {
      const head = await this.#top.peek(SNIFF_BYTES);
      const found = COMPRESSIONS.find((candidate) => candidate.sniff(head));
      if (found === undefined) break;
      const below = this.#stages.at(-1) ?? this.#stored;
      const decoded: DecodedStage = new DecodedStage(this.#top, found.decoder, lowest, () => below.close());
      lowest ??= decoded;
      this.#stages.push(decoded);
      this.compression.push(found.name);
      this.#top = new Intake((target) => decoded.fill(target));
    }
    this.#isSniffed = true;
  }

  /** The lowest damaged stage: what stands above it only suffers from it. */
  get #damaged(): ByteStage | undefined {
    return this.#stages.find((stage) => stage.damage !== null);
  }
}

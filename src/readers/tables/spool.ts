/**
 * A source of bytes that can only be read in order, made one that can be read anywhere, for formats that keep their
 * directory at the end. Small inputs stay in memory; larger ones go to a file without a name of its own in the folder
 * for temporary files, which is gone with the process.
 */
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FlowSource } from '../flow-reading.ts';

const BLOCK_BYTES = 1024 * 1024;
/** Bytes that stay in memory. */
const MEMORY_LIMIT = 64 * BLOCK_BYTES;

export class Spool {
  byteLength = 0;
  readonly #blocks: Uint8Array[] = [];
  #file: FileHandle | null = null;
  #folder = '';

  /** Takes the source to its end. Rejects if the system cannot hold it. */
  async fill(source: FlowSource): Promise<void> {
    for (;;) {
      const block = new Uint8Array(BLOCK_BYTES);
      let filled = 0;
      while (filled < BLOCK_BYTES) {
        const more = await source.fill(block.subarray(filled));
        if (more === 0) break;
        filled += more;
      }
      if (filled === 0) return;
      if (this.byteLength >= MEMORY_LIMIT) await this.#write(block.subarray(0, filled));
      else this.#blocks.push(block.subarray(0, filled));
      this.byteLength += filled;
      if (filled < BLOCK_BYTES) return;
    }
  }

  /** Bytes [start, end), fewer if the source has no more. */
  async slice(start: number, end = this.byteLength): Promise<ArrayBuffer> {
    const from = Math.min(Math.max(0, start), this.byteLength);
    const to = Math.min(Math.max(from, end), this.byteLength);
    const bytes = new Uint8Array(to - from);
    let at = from;
    while (at < Math.min(to, MEMORY_LIMIT)) {
      const block = this.#blocks[Math.floor(at / BLOCK_BYTES)];
      if (block === undefined) break;
      const part = block.subarray(at % BLOCK_BYTES, (at % BLOCK_BYTES) + to - at);
      bytes.set(part, at - from);
      at += part.length;
    }
    while (at < to && this.#file !== null) {
      const { bytesRead } = await this.#file.read(bytes, at - from, to - at, at - MEMORY_LIMIT);
      if (bytesRead === 0) break;
      at += bytesRead;
    }
    return bytes.buffer;
  }

  async close(): Promise<void> {
    await this.#file?.close();
    if (this.#folder !== '') await rm(this.#folder, { recursive: true, force: true });
  }

  async #write(bytes: Uint8Array): Promise<void> {
    if (this.#file === null) {
      this.#folder = await mkdtemp(path.join(tmpdir(), 'minesweep-'));
      const name = path.join(this.#folder, 'flows');
      this.#file = await open(name, 'wx+', 0o600);
      // If the system allows it, the file loses its name at once, so that a crash leaves nothing behind.
      if (process.platform !== 'win32') {
        await rm(this.#folder, { recursive: true, force: true });
        this.#folder = '';
      }
    }
    await this.#file.write(bytes, 0, bytes.length, this.byteLength - MEMORY_LIMIT);
  }
}

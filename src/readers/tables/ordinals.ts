/**
 * Repeated texts (sensors, interfaces, exporters) to ordinals from 1 on, looked up by the kernel's hash of their bytes
 * so that only the first of each allocates. Ordinal 0 means none, and is given to all texts that come after the table
 * is full. Two texts with the same 32-bit hash would share an ordinal.
 */
import { randomBytes } from 'node:crypto';
import type { FlowDamageLog } from '../../rows/flow-damage.ts';
import type { RecordsKernel } from '../../rows/records-kernel.ts';

const SLOTS = 8192;
const MOST = SLOTS / 2;
/** Drawn at random, so that nobody can aim texts at one place (multiply-shift, Dietzfelbinger et al. 1997). */
const MULTIPLIER = randomBytes(4).readInt32LE() | 1;

export class Ordinals {
  readonly #kernel: RecordsKernel;
  readonly #hashes = new Uint32Array(SLOTS);
  readonly #ordinals = new Uint16Array(SLOTS);
  readonly #texts: string[];
  readonly #damage: FlowDamageLog;

  /** New texts are added to `texts`, whose first entry becomes '' for none. */
  constructor(kernel: RecordsKernel, texts: string[], damage: FlowDamageLog) {
    this.#kernel = kernel;
    this.#texts = texts;
    this.#damage = damage;
  }

  /** The ordinal of bytes[from, to). */
  of(bytes: Uint8Array | DataView, from: number, to: number, inputAt: number): number {
    const whole = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const at = this.#kernel.place(whole, from, to - from);
    return this.ofHash(this.#kernel.calls.hashText(at, at + to - from), at, at + to - from, inputAt);
  }

  /** The same of bytes that lie in the kernel's memory, if their hash is known. */
  ofHash(hashed: number, from: number, to: number, inputAt: number): number {
    const hash = hashed >>> 0 || 1;
    let slot = Math.imul(hash, MULTIPLIER) >>> 19;
    while (this.#hashes[slot] !== 0 && this.#hashes[slot] !== hash) slot = (slot + 1) & (SLOTS - 1);
    if (this.#hashes[slot] !== 0) return this.#ordinals[slot];
    if (this.#texts.length > MOST) {
      this.#damage.add('table-full', inputAt);
      return 0;
    }
    if (this.#texts.length === 0) this.#texts.push('');
    this.#hashes[slot] = hash;
    this.#ordinals[slot] = this.#texts.length;
    const { buffer } = this.#kernel.bytes;
    this.#texts.push(Buffer.from(buffer, from, Math.min(to - from, 256)).toString('utf8'));
    return this.#ordinals[slot];
  }
}

/**
 * Repeated texts (sensors, interfaces, exporters) to ordinals from 1 on, looked up by the kernel's hash of their bytes
 * so that only the first of each allocates. Ordinal 0 means none, and is given to all texts that come after the table
 * is full. Two texts with the same 32-bit hash would share an ordinal.
 */
import type { FlowDamageLog } from '../../rows/flow-damage.ts';
import type { RecordsKernel } from '../../rows/records-kernel.ts';

const MOST = 4096;

export class Ordinals {
  readonly #kernel: RecordsKernel;
  readonly #ordinals = new Map<number, number>();
  readonly #texts: string[];
  readonly #damage: FlowDamageLog;

  /** New texts are added to `texts`, whose first entry becomes '' for none. */
  constructor(kernel: RecordsKernel, texts: string[], damage: FlowDamageLog) {
    this.#kernel = kernel;
    this.#texts = texts;
    this.#damage = damage;
  }

  /** The ordinal of a text that lies in [from, to) of the kernel's memory. */
  of(from: number, to: number, inputAt: number): number {
    return this.ofHash(this.#kernel.calls.hashText(from, to), from, to, inputAt);
  }

  /** The same if its hash is known. */
  ofHash(hashed: number, from: number, to: number, inputAt: number): number {
    const hash = hashed >>> 0;
    const known = this.#ordinals.get(hash);
    if (known !== undefined) return known;
    if (this.#texts.length > MOST) {
      this.#damage.add('table-full', inputAt);
      return 0;
    }
    if (this.#texts.length === 0) this.#texts.push('');
    const { buffer } = this.#kernel.bytes;
    const text = Buffer.from(buffer, from, Math.min(to - from, 256)).toString('utf8');
    const ordinal = this.#texts.push(text) - 1;
    this.#ordinals.set(hash, ordinal);
    return ordinal;
  }
}

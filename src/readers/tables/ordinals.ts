/**
 * Texts that come again and again (sensors, interfaces, exporters) to ordinals from 1 on, looked up by their bytes so
 * that only the first of each allocates. Ordinal 0 stands for none, and for all that come after the table is full.
 */
import type { FlowDamageLog } from '../../flows/flow-damage.ts';

const SLOTS = 8192;
const MOST = SLOTS / 2;

/** A text in such a table. */
export interface Met {
  readonly text: string;
  /** By which it is looked up. */
  readonly hash: number;
}

export class Ordinals {
  private readonly hashes = new Uint32Array(SLOTS);
  private readonly ordinals = new Uint16Array(SLOTS);
  /** By ordinal. */
  private readonly hashOf: number[] = [0];
  private readonly texts: string[];
  private readonly damage: FlowDamageLog;

  /** New texts are added to `texts`, whose first entry becomes '' for none. */
  constructor(texts: string[], damage: FlowDamageLog) {
    this.texts = texts;
    this.damage = damage;
  }

  /** The ordinal of the bytes in [from, to). Two texts of one 32-bit hash would share theirs. */
  of(view: DataView, from: number, to: number, inputAt: number): number {
    let hash = 0x811c9dc5;
    let at = from;
    // Four bytes a multiplication: each has to wait for the one before.
    for (; at + 4 <= to; at += 4) {
      hash = Math.imul(hash ^ view.getInt32(at, true), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    for (; at < to; at++) hash = Math.imul(hash ^ view.getUint8(at), 0x01000193);
    return this.ofHash(hash ^ (to - from), view, from, to, inputAt);
  }

  /** The same, where the hash of the bytes is known. */
  ofHash(hashed: number, view: DataView, from: number, to: number, inputAt: number): number {
    const hash = hashed >>> 0 || 1;
    const slot = this.slotOf(hash);
    if (this.hashes[slot] !== 0) return this.ordinals[slot];
    if (this.isFull) {
      this.damage.add('table-full', inputAt);
      return 0;
    }
    const length = Math.min(to - from, 256);
    return this.add(slot, hash, Buffer.from(view.buffer, view.byteOffset + from, length).toString('utf8'));
  }

  get isFull(): boolean {
    return this.texts.length > MOST;
  }

  /** The texts from this ordinal on. */
  since(ordinal: number): readonly Met[] {
    const from = Math.max(1, ordinal);
    return this.texts.slice(from).map((text, i) => ({ text, hash: this.hashOf[from + i] }));
  }

  /** The ordinal of a text that another table has met; there must be room for it. */
  adopt({ hash, text }: Met): number {
    const slot = this.slotOf(hash);
    return this.hashes[slot] !== 0 ? this.ordinals[slot] : this.add(slot, hash, text);
  }

  private slotOf(hash: number): number {
    let slot = Math.imul(hash, 0x9e3779b1) >>> 19;
    while (this.hashes[slot] !== 0 && this.hashes[slot] !== hash) slot = (slot + 1) & (SLOTS - 1);
    return slot;
  }

  private add(slot: number, hash: number, text: string): number {
    if (this.texts.length === 0) this.texts.push('');
    this.hashes[slot] = hash;
    this.hashOf.push(hash);
    this.ordinals[slot] = this.texts.length;
    this.texts.push(text);
    return this.ordinals[slot];
  }
}

/**
 * Texts that come again and again (sensors, interfaces, exporters) to ordinals from 1 on, looked up by their bytes so
 * that only the first of each allocates. Ordinal 0 stands for none, and for all that come after the table is full.
 */
import type { FlowDamageLog } from '../flow-damage.ts';

const SLOTS = 8192;
const MOST = SLOTS / 2;

export class Ordinals {
  private readonly hashes = new Uint32Array(SLOTS);
  private readonly ordinals = new Uint16Array(SLOTS);
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
    hash = (hash ^ (to - from)) >>> 0 || 1;
    let slot = Math.imul(hash, 0x9e3779b1) >>> 19;
    for (; this.hashes[slot] !== 0; slot = (slot + 1) & (SLOTS - 1)) {
      if (this.hashes[slot] === hash) return this.ordinals[slot];
    }
    if (this.texts.length > MOST) {
      this.damage.add('table-full', inputAt);
      return 0;
    }
    if (this.texts.length === 0) this.texts.push('');
    this.hashes[slot] = hash;
    this.ordinals[slot] = this.texts.length;
    const length = Math.min(to - from, 256);
    this.texts.push(Buffer.from(view.buffer, view.byteOffset + from, length).toString('utf8'));
    return this.ordinals[slot];
  }
}

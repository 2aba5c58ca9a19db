/**
 * HOT. The last datagrams of an exporter, by which one that a capture holds twice is told: a mirrored port shows both
 * ways through a switch, an exporter sends to two collectors. Such a copy has the same sequence number and the same bytes.
 * Nothing is allocated.
 */

/** Copies follow within milliseconds. */
const KEPT = 32;

export class RecentDatagrams {
  private readonly sequences = new Uint32Array(KEPT);
  private readonly hashes = new Int32Array(KEPT);
  private count = 0;

  /** True if these bytes came with this number before; else they are kept. */
  holds(sequence: number, view: DataView, from: number, to: number): boolean {
    let hash = to - from;
    let at = from;
    for (; at + 4 <= to; at += 4) {
      hash = Math.imul(hash ^ view.getInt32(at), 0x85ebca77);
      hash ^= hash >>> 15;
    }
    for (; at < to; at++) hash = Math.imul(hash ^ view.getUint8(at), 0x85ebca77);
    const known = Math.min(this.count, KEPT);
    for (let i = 0; i < known; i++) {
      if (this.sequences[i] === sequence && this.hashes[i] === hash) return true;
    }
    const place = this.count++ % KEPT;
    this.sequences[place] = sequence;
    this.hashes[place] = hash;
    return false;
  }
}

/**
 * "Certainly no name of ours", told in place: the hashes of all known domains, and for a host name the hash of each
 * of its suffixes, computed from the last byte backwards without making a string. A hit only says maybe.
 */

export const DOT = 0x2e;
export const SEED = 0x811c9dc5 | 0;
export const PRIME = 0x01000193;
export const MAX_LABELS = 128;
/** Bits that most hashes of other names miss: a look at one takes a fraction of a look at the set. */
export const BITS = 1 << 16;

export class NameGate {
  readonly #hashes = new Set<number>();
  /** One for the lower 16 bits of each hash; see name-program.ts. */
  readonly bits = new Int32Array(BITS / 32);
  /** Start and length of the labels of the name at hand. */
  readonly #starts = new Int32Array(MAX_LABELS);
  readonly #lengths = new Int32Array(MAX_LABELS);
  /** Where the name read last ends in its message; set by `mayHoldDns`. */
  end = 0;

  /** @param domains Names in lower case; any name equal to one or below one may be held. */
  constructor(domains: Iterable<string>) {
    for (const domain of domains) {
      let hash = SEED;
      for (let i = domain.length - 1; i >= 0; i--) hash = step(hash, domain.charCodeAt(i));
      this.#hashes.add(hash);
      this.bits[(hash >>> 5) & (BITS / 32 - 1)] |= 1 << hash;
    }
  }

  #has(hash: number): boolean {
    return (this.bits[(hash >>> 5) & (BITS / 32 - 1)] & (1 << hash)) !== 0 && this.#hashes.has(hash);
  }

  /** The host name in bytes[from, to). */
  mayHold(bytes: Uint8Array, from: number, to: number): boolean {
    let hash = SEED;
    let last = to - 1;
    if (last >= from && bytes[last] === DOT) last--; // the root
    for (let i = last; i >= from; i--) {
      if (bytes[i] === DOT && this.#has(hash)) return true;
      hash = step(hash, bytes[i]);
    }
    return this.#has(hash);
  }

  /**
   * The name of a DNS message in bytes[from, to) that begins at `at` (RFC 1035 4.1.4, pointers backwards only).
   * A name that breaks the rules is held by nobody; `end` is then `to`.
   */
  mayHoldDns(bytes: Uint8Array, from: number, to: number, at: number): boolean {
    let labels = 0;
    let limit = at;
    let jumped = false;
    this.end = to;
    for (;;) {
      if (at >= to || labels === MAX_LABELS) return false;
      const length = bytes[at];
      if (length === 0) {
        if (!jumped) this.end = at + 1;
        break;
      }
      if (length >= 0xc0) {
        if (at + 1 >= to) return false;
        const target = from + (((length & 0x3f) << 8) | bytes[at + 1]);
        if (!jumped) this.end = at + 2;
        if (target >= limit) return false;
        jumped = true;
        limit = target;
        at = target;
        continue;
      }
      if (length > 0x3f || at + 1 + length > to) return false;
      this.#starts[labels] = at + 1;
      this.#lengths[labels++] = length;
      at += 1 + length;
    }
    let hash = SEED;
    for (let label = labels - 1; label >= 0; label--) {
      const start = this.#starts[label];
      for (let i = start + this.#lengths[label] - 1; i >= start; i--) hash = step(hash, bytes[i]);
      if (this.#has(hash)) return true;
      hash = step(hash, DOT);
    }
    return false;
  }
}

/** Where the name of a DNS message that begins at `at` ends, as `mayHoldDns` has it; `to` where it breaks the rules. */
export function endOfDnsName(bytes: Uint8Array, to: number, start: number): number {
  let at = start;
  for (let labels = 0; at < to && labels < MAX_LABELS; labels++) {
    const length = bytes[at];
    if (length === 0) return at + 1;
    if (length >= 0xc0) return at + 1 < to ? at + 2 : to;
    if (length > 0x3f || at + 1 + length > to) return to;
    at += 1 + length;
  }
  return to;
}

/** Letters count in lower case; that a few signs then count as others only adds to the hits. */
function step(hash: number, byte: number): number {
  return Math.imul(hash ^ (byte | 0x20), PRIME);
}

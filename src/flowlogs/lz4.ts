/**
 * HOT. One raw LZ4 block (lz4_Block_format.md of the LZ4 project) to bytes: sequences of literals and a match, no
 * frame, no size; the end of the input ends it. Every copy is bounded on both sides.
 */

/** Longer runs go through the engine's own copy, shorter ones are cheaper byte by byte. */
const LONG_RUN = 40;

/** Decodes source[from, to) into `target` from its start. Returns the bytes produced, or -1 where the block is broken. */
export function decodeLz4(source: Uint8Array, from: number, to: number, target: Uint8Array): number {
  const room = target.length;
  let at = from;
  let out = 0;
  while (at < to) {
    const token = source[at++];
    let literals = token >> 4;
    if (literals === 15) {
      let more = 255;
      while (more === 255) {
        if (at >= to) return -1;
        more = source[at++];
        literals += more;
      }
    }
    if (literals > to - at || literals > room - out) return -1;
    if (literals > LONG_RUN) {
      // The engine's copy needs a view, which is the one thing made here; such runs are rare in flow records.
      target.set(source.subarray(at, at + literals), out);
      at += literals;
      out += literals;
    } else {
      for (const end = at + literals; at < end; ) target[out++] = source[at++];
    }
    if (at === to) return out;
    if (at + 2 > to) return -1;
    const distance = source[at] | (source[at + 1] << 8);
    at += 2;
    if (distance === 0 || distance > out) return -1;
    let length = (token & 15) + 4;
    if (length === 19) {
      let more = 255;
      while (more === 255) {
        if (at >= to) return -1;
        more = source[at++];
        length += more;
      }
    }
    if (length > room - out) return -1;
    let match = out - distance;
    if (length > LONG_RUN && distance >= length) {
      target.copyWithin(out, match, match + length);
      out += length;
    } else {
      // Byte by byte: the match may overlap what it produces.
      for (const end = out + length; out < end; ) target[out++] = target[match++];
    }
  }
  return out === 0 ? -1 : out;
}

/**
 * HOT. One raw LZ4 block (lz4_Block_format.md of the LZ4 project) to bytes: sequences of literals and a match, no
 * frame, no size; the end of the input ends it. Every copy is bounded on both sides.
 */

/** Longer runs of literals go through the engine's own copy. */
const LONG_RUN = 64;
/**
 * Short copies are made four bytes at a time, up to sixteen of them, which may write beyond their end: what comes next
 * overwrites that. Nearer to the end of either side they are made byte by byte. It is three times as fast.
 */
const SLACK = 16;

/** Decodes source[from, to) into `target` from its start. Returns the bytes produced, or -1 where the block is broken. */
export function decodeLz4(source: Uint8Array, from: number, to: number, target: Uint8Array): number {
  const room = target.length;
  const input = new DataView(source.buffer, source.byteOffset, source.length);
  const output = new DataView(target.buffer, target.byteOffset, room);
  const safeIn = to - SLACK;
  const safeOut = room - SLACK;
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
    if (literals <= 16 && at <= safeIn && out <= safeOut) {
      output.setInt32(out, input.getInt32(at));
      if (literals > 4) {
        output.setInt32(out + 4, input.getInt32(at + 4));
        if (literals > 8) {
          output.setInt32(out + 8, input.getInt32(at + 8));
          output.setInt32(out + 12, input.getInt32(at + 12));
        }
      }
      at += literals;
      out += literals;
    } else if (literals > LONG_RUN) {
      // The engine's copy needs a view, the one thing made here; such runs are rare in flow records.
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
    const end = out + length;
    let match = out - distance;
    if (end <= safeOut) {
      if (distance < 4) {
        // The match overlaps what it produces: its pattern is laid out once, then copied from there.
        const pattern = distance === 3 ? 6 : 4;
        for (let n = 0; n < pattern; n++) target[out + n] = target[match + n];
        match = out;
        out += pattern;
      }
      while (out < end) {
        output.setInt32(out, output.getInt32(match));
        output.setInt32(out + 4, output.getInt32(match + 4));
        out += 8;
        match += 8;
      }
      out = end;
    } else {
      while (out < end) target[out++] = target[match++];
    }
  }
  return out === 0 ? -1 : out;
}

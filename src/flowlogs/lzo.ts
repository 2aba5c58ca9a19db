/**
 * HOT. One raw LZO1X stream (Linux kernel, Documentation/staging/lzo.rst; written by nfdump's LZO1X-1) to bytes. It
 * ends with its own marker; every copy is bounded on both sides. Left out: the run-length extension of version 1,
 * which only the kernel writes.
 */

const LONG_RUN = 64;
/** As in lz4.ts: short copies are made four bytes at a time and may write beyond their end. */
const SLACK = 16;
/** State after a run of four literals or more: the next short opcode means a match of three. */
const AFTER_RUN = 4;

/** Decodes source[from, to) into `target` from its start. Returns the bytes produced, or -1 where the stream is broken. */
export function decodeLzo(source: Uint8Array, from: number, to: number, target: Uint8Array): number {
  const room = target.length;
  const input = new DataView(source.buffer, source.byteOffset, source.length);
  const output = new DataView(target.buffer, target.byteOffset, room);
  const safeIn = to - SLACK;
  const safeOut = room - SLACK;
  let at = from;
  let out = 0;
  /** Literals copied by the last instruction, 0 to 3, or AFTER_RUN. */
  let state = 0;
  let literals = 0;
  if (at < to && source[at] > 17) {
    literals = source[at++] - 17;
    state = literals < 4 ? literals : AFTER_RUN;
    if (literals > to - at || literals > room) return -1;
    for (const end = at + literals; at < end; ) target[out++] = source[at++];
  }
  while (at < to) {
    const code = source[at++];
    let length: number;
    let distance: number;
    if (code >= 64) {
      if (at >= to) return -1;
      length = code >= 128 ? 5 + ((code >> 5) & 3) : 3 + ((code >> 5) & 1);
      distance = (source[at++] << 3) + ((code >> 2) & 7) + 1;
      literals = code & 3;
    } else if (code >= 16) {
      const mask = code >= 32 ? 31 : 7;
      length = code & mask;
      if (length === 0) {
        length = mask;
        while (at < to && source[at] === 0) {
          length += 255;
          at++;
        }
        if (at >= to) return -1;
        length += source[at++];
      }
      length += 2;
      if (at + 2 > to) return -1;
      const word = source[at] | (source[at + 1] << 8);
      at += 2;
      literals = word & 3;
      if (code >= 32) distance = (word >> 2) + 1;
      else {
        distance = 16384 + ((code & 8) << 11) + (word >> 2);
        if (distance === 16384) return out; // the end marker
      }
    } else if (state === 0) {
      let run = code;
      if (run === 0) {
        run = 15;
        while (at < to && source[at] === 0) {
          run += 255;
          at++;
        }
        if (at >= to) return -1;
        run += source[at++];
      }
      run += 3;
      if (run > to - at || run > room - out) return -1;
      if (run <= 16 && at <= safeIn && out <= safeOut) {
        output.setInt32(out, input.getInt32(at));
        output.setInt32(out + 4, input.getInt32(at + 4));
        if (run > 8) {
          output.setInt32(out + 8, input.getInt32(at + 8));
          output.setInt32(out + 12, input.getInt32(at + 12));
        }
        at += run;
        out += run;
      } else if (run > LONG_RUN) {
        target.set(source.subarray(at, at + run), out);
        at += run;
        out += run;
      } else {
        for (const end = at + run; at < end; ) target[out++] = source[at++];
      }
      state = AFTER_RUN;
      continue;
    } else {
      if (at >= to) return -1;
      distance = (source[at++] << 2) + (code >> 2) + 1;
      length = 2;
      if (state === AFTER_RUN) {
        distance += 2048;
        length = 3;
      }
      literals = code & 3;
    }
    if (distance > out || length > room - out) return -1;
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
        out += 4;
        match += 4;
      }
      out = end;
    } else {
      while (out < end) target[out++] = target[match++];
    }
    if (literals !== 0) {
      if (literals > to - at || literals > room - out) return -1;
      target[out++] = source[at++];
      if (literals > 1) target[out++] = source[at++];
      if (literals > 2) target[out++] = source[at++];
    }
    state = literals;
  }
  // Without its end marker a stream is cut.
  return -1;
}

/** A length in front of a JSON object: src/kernel/packets/payload/length-prefix.ts says what it may be. */
import type { BodyScanner } from './object-scanner.ts';

/** Longest prefix, bytes. */
const PREFIX_LIMIT = 10;

/** Whether a direction that begins with these bytes begins with an object behind its length. */
export function startsSizedObject(
  head: Uint8Array,
  length: number,
  scanner: BodyScanner,
): 'yes' | 'part' | 'no' {
  const to = Math.min(length, PREFIX_LIMIT + 1);
  for (let at = 1; at < to; at++) {
    // The end of a line of JSON that the direction was met in is not a length.
    if (head[at] === 0x0a && head[at - 1] === 0x7d) return 'no';
    if (head[at] !== 0x7b || head[at + 1] === 0x7b) continue;
    if (!scanner.saysLength(head, at)) return 'no';
    return at + 1 === length ? 'part' : head[at + 1] === 0x22 ? 'yes' : 'no';
  }
  // What the next bytes would show decides, however few of them came in the first packet.
  return length <= PREFIX_LIMIT ? 'part' : 'no';
}

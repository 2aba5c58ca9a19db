/**
 * A length in front of a JSON object: digits (`00000245`, `245:` as in netstrings, hex), or one to eight bytes of either
 * order. It counts only if the object turns out to be that long, so that other numbers before quoted JSON do not count.
 */

/** Longest prefix, bytes. */
export const PREFIX_LIMIT = 10;
/** Behind the object its length may count a line end, a comma, and the prefix itself. */
const SLACK = 2;
/** No JSON-RPC message is shorter. */
const LEAST = 8;

const DIGITS = /^(?:0x)?([0-9a-fA-F]{1,8})[:; ,\t\r\n]{0,4}$/;

/** What the prefix may say, bytes. */
function lengthsOf(prefix: Uint8Array, size: number): number[] {
  const lengths: number[] = [];
  const digits = DIGITS.exec(Buffer.from(prefix.subarray(0, size)).toString('latin1'))?.[1];
  if (digits !== undefined) lengths.push(Number.parseInt(digits, 10), Number.parseInt(digits, 16));
  if (size > 8) return lengths;
  let [big, little] = [0, 0];
  for (let at = 0; at < size; at++) {
    big = big * 256 + prefix[at];
    little = little * 256 + prefix[size - 1 - at];
  }
  lengths.push(big, little);
  return lengths;
}

/** True if `prefix[0, size)` may be the length of an object. */
export function saysLength(prefix: Uint8Array, size: number): boolean {
  return lengthsOf(prefix, size).some((length) => length >= LEAST && length < 2 ** 24);
}

/** True if it is the length of an object of so many bytes. */
export function fitsLength(prefix: Uint8Array, size: number, bytes: number): boolean {
  return lengthsOf(prefix, size).some((length) => {
    const more = length - bytes;
    return (more >= 0 && more <= SLACK) || (more >= size && more <= size + SLACK);
  });
}

/** Whether a lane that begins with these bytes begins with an object behind its length. */
export function startsSizedObject(head: Uint8Array, length: number): 'yes' | 'part' | 'no' {
  const to = Math.min(length, PREFIX_LIMIT + 1);
  for (let at = 1; at < to; at++) {
    // The end of a line of JSON that the lane was met in is not a length.
    if (head[at] === 0x0a && head[at - 1] === 0x7d) return 'no';
    if (head[at] !== 0x7b || head[at + 1] === 0x7b) continue;
    if (!saysLength(head, at)) return 'no';
    return at + 1 === length ? 'part' : head[at + 1] === 0x22 ? 'yes' : 'no';
  }
  // What the next bytes would show decides, however few of them came in the first packet.
  return length <= PREFIX_LIMIT ? 'part' : 'no';
}

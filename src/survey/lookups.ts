/**
 * Questions to name servers, and whether an answer is one to a question: the same ends and ports, the same id, the same
 * name and type (RFC 5452 9.1). An answer without a question is ignored.
 */
import { HEADER_BYTES } from '../framing/dns.ts';
import { textOf } from '../framing/json.ts';

/** An end of a message: address words and port. */
export interface End {
  readonly words: Int32Array;
  readonly port: number;
}

/** Questions that wait at once: at least the newest half of so many. A resolver under load has some thousands. */
const MOST = 65_536;
/** Resolvers give up after seconds. */
const LONGEST_US = 60_000_000;

const MOST_LABEL_BYTES = 63;
const END_BYTES = 18;
/** Both ends, id and type of a message: the part of a key before the name. */
const head = Buffer.alloc(2 * END_BYTES + 4);

/**
 * What an answer repeats of its question in bytes[from, to): the same for both. Null if the message has not one
 * question of class IN, its name without pointers.
 */
export function lookupKey(
  bytes: Uint8Array,
  from: number,
  to: number,
  client: End,
  server: End,
): string | null {
  const nameAt = from + HEADER_BYTES;
  let at = nameAt;
  while (at < to && bytes[at] !== 0) {
    if (bytes[at] > MOST_LABEL_BYTES) return null;
    at += 1 + bytes[at];
  }
  // A zero, type and class behind the name; standard queries only (RFC 1035 4.1).
  if (at === nameAt || at + 5 > to || (bytes[from + 2] & 0x78) !== 0) return null;
  if (((bytes[from + 4] << 8) | bytes[from + 5]) !== 1) return null;
  if (((bytes[at + 3] << 8) | bytes[at + 4]) !== 1) return null;
  put(client, 0);
  put(server, END_BYTES);
  head[2 * END_BYTES] = bytes[from];
  head[2 * END_BYTES + 1] = bytes[from + 1];
  head[2 * END_BYTES + 2] = bytes[at + 1];
  head[2 * END_BYTES + 3] = bytes[at + 2];
  return head.toString('latin1') + textOf(bytes, nameAt, at, 'latin1').toLowerCase();
}

function put({ words, port }: End, at: number): void {
  for (let word = 0; word < 4; word++) head.writeInt32LE(words[word], at + 4 * word);
  head.writeUInt16LE(port, at + 16);
}

export class Lookups {
  /** Time of each question, us, by its key: the newest, and those before them. */
  private newest = new Map<string, number>();
  private earlier = new Map<string, number>();

  ask(key: string, timeUs: number): void {
    this.newest.set(key, timeUs);
    if (this.newest.size < MOST / 2) return;
    // To delete the oldest one by one takes V8 longer the more were deleted before.
    this.earlier = this.newest;
    this.newest = new Map();
  }

  /** True for the first answer to a question. */
  answer(key: string, timeUs: number): boolean {
    const askedUs = this.newest.get(key) ?? this.earlier.get(key);
    this.newest.delete(key);
    this.earlier.delete(key);
    return askedUs !== undefined && Math.abs(timeUs - askedUs) <= LONGEST_US;
  }
}

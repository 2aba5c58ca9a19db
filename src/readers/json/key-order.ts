/**
 * HOT in `behind`. The keys of JSON objects by which came after which: whatever writes logs gives the same keys in the
 * same order in every object, so that the next key need not be read, only compared with the one expected, four bytes
 * at a time. Where another one comes, that is expected the next time. Bounded: beyond, keys are read as they come.
 */

const MOST_KEYS = 512;
const KEY_WORDS = 12;
const MOST_BYTES = 4 * KEY_WORDS;
const QUOTE = 0x22;

export class KeyOrder {
  /** By key: the one that came after it last; 0 for none. Key 0 stands for the beginning of an object. */
  readonly following = new Int16Array(MOST_KEYS);
  /** By key: hash of its path, and what it is to the reader. */
  readonly hashes = new Int32Array(MOST_KEYS);
  readonly slots = new Int16Array(MOST_KEYS);
  /** By key: hash of the path of the object that holds it. */
  private readonly holders = new Int32Array(MOST_KEYS);
  /** By key: its text and the quote behind it, zeros behind that; the bytes of these; bits of the last word. */
  private readonly words = new Int32Array(MOST_KEYS * KEY_WORDS);
  private readonly lengths = new Uint8Array(MOST_KEYS);
  private readonly masks = new Int32Array(MOST_KEYS);
  /** By the low bits of hashes: keys, 0 where empty; at most half full. */
  private readonly places = new Int16Array(2 * MOST_KEYS);
  private size = 1;

  /** Offset behind the quote of `key`, in an object of this path, where it is what stands at `at`; else -1. */
  behind(key: number, holder: number, view: DataView, at: number, to: number): number {
    const length = this.lengths[key];
    const end = at + length;
    if (length === 0 || this.holders[key] !== holder || end > to) return -1;
    const { words } = this;
    const last = key * KEY_WORDS + ((length - 1) >> 2);
    // The last word may reach beyond what there is.
    if (at + ((length + 3) & ~3) > view.byteLength) return -1;
    let here = at;
    for (let word = key * KEY_WORDS; word < last; word++) {
      if (view.getInt32(here, true) !== words[word]) return -1;
      here += 4;
    }
    return (view.getInt32(here, true) & this.masks[key]) === words[last] ? end : -1;
  }

  /** The key in bytes[from, to), which came after `after`; 0 where there is no room for it. Its text has no escapes. */
  learn(
    after: number,
    hash: number,
    holder: number,
    slot: number,
    view: DataView,
    from: number,
    to: number,
  ): number {
    const length = to - from + 1;
    if (length > MOST_BYTES) return 0;
    const mask = this.places.length - 1;
    let place = hash & mask;
    for (let key = this.places[place]; key !== 0; key = this.places[place]) {
      const isSame = this.hashes[key] === hash && this.lengths[key] === length;
      if (isSame && this.behind(key, holder, view, from, to + 1) > 0) {
        this.following[after] = key;
        return key;
      }
      place = (place + 1) & mask;
    }
    if (this.size === MOST_KEYS) return 0;
    const key = this.size++;
    this.places[place] = key;
    this.following[after] = key;
    this.hashes[key] = hash;
    this.slots[key] = slot;
    this.holders[key] = holder;
    this.lengths[key] = length;
    this.masks[key] = (length & 3) === 0 ? -1 : (1 << (8 * (length & 3))) - 1;
    for (let i = 0; i < length; i++) {
      const byte = i === length - 1 ? QUOTE : view.getUint8(from + i);
      this.words[key * KEY_WORDS + (i >> 2)] |= byte << (8 * (i & 3));
    }
    return key;
  }
}

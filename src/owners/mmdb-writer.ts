/**
 * Address ranges with a record each to an MMDB file (MaxMind DB format 2.0): search tree, data section, metadata.
 * Built from the format's facts in docs/reference/owners.md section 9; no writer exists for JavaScript. Ranges are
 * painted straight into the tree, and equal subtrees are stored once, which readers do not notice.
 */

import { isV4, type Words } from '../address.ts';
import { fail } from '../errors.ts';
import { under } from '../order.ts';
import { MmdbSection, type MmdbValue } from './mmdb-encode.ts';

export interface MmdbMeta {
  readonly databaseType: string;
  readonly description: string;
  /** Seconds since 1970: the date of the data. */
  readonly buildEpoch: number;
}

/** Record of a node that holds nothing. Data offsets are held as -2, -3, …; nodes are positive. */
const EMPTY = -1;
const MARKER = Buffer.concat([Buffer.from([0xab, 0xcd, 0xef]), Buffer.from('MaxMind.com')]);
const SEPARATOR_BYTES = 16;
/** Nodes of the tree and bytes of data, at most: two records of either sign make one exact number. */
const MAX_PART = 2 ** 25 - 4;

export class MmdbWriter {
  /** Two records a node: left at 2n, right at 2n + 1. */
  #records = new Int32Array(1 << 16).fill(EMPTY);
  #nodes = 1;
  readonly #data = new MmdbSection(true);
  readonly #v4Root: number;

  constructor() {
    // IPv4 lives at ::/96: 96 zero bits from the root.
    let node = 0;
    for (let depth = 0; depth < 96; depth++) {
      const next = this.#node(EMPTY);
      this.#records[2 * node] = next;
      node = next;
    }
    this.#v4Root = node;
  }

  /** Stores a record once; the result is what `paint` takes. */
  record(value: MmdbValue): number {
    return this.#data.add(value);
  }

  /**
   * Gives all addresses from `from` to `to` (one family, inclusive) the record. What was painted before is painted
   * over: paint the wide ranges first. IPv6 ranges must lie outside ::/96, where IPv4 is.
   */
  paint(from: Words, to: Words, record: number): void {
    const value = -2 - record;
    // The flags say whether the way to a node runs along the first and the last address.
    const paintBelow = (node: number, depth: number, onFrom: boolean, onTo: boolean): void => {
      const word = depth >>> 5;
      const shift = 31 - (depth & 31);
      const first = onFrom ? (from[word] >>> shift) & 1 : 0;
      const last = onTo ? (to[word] >>> shift) & 1 : 1;
      for (let side = first; side <= last; side++) {
        const [childOnFrom, childOnTo] = [onFrom && side === first, onTo && side === last];
        const at = 2 * node + side;
        const isWhole =
          (!childOnFrom || restIs(from, depth + 1, 0)) && (!childOnTo || restIs(to, depth + 1, 1));
        if (isWhole) this.#records[at] = value;
        else {
          // A new node may move the records.
          const child = this.#records[at] < 0 ? this.#node(this.#records[at]) : this.#records[at];
          this.#records[at] = child;
          paintBelow(child, depth + 1, childOnFrom, childOnTo);
        }
      }
    };
    if (isV4(from)) paintBelow(this.#v4Root, 96, true, true);
    else if (from[0] !== 0 || from[1] !== 0 || from[2] !== 0) paintBelow(0, 0, true, true);
  }

  #node(both: number): number {
    if (2 * this.#nodes + 2 > this.#records.length) {
      const larger = new Int32Array(this.#records.length * 2);
      larger.set(this.#records);
      this.#records = larger;
    }
    this.#records[2 * this.#nodes] = both;
    this.#records[2 * this.#nodes + 1] = both;
    return this.#nodes++;
  }

  /** The whole file. Throws FILE_INVALID if it has more parts than can be distinguished. */
  finish(meta: MmdbMeta): Buffer {
    if (this.#nodes > MAX_PART || this.#data.length > MAX_PART) {
      fail('FILE_INVALID', 'too many different ranges for one database');
    }
    const { records, nodes } = sharedTree(this.#records);
    const highest = nodes + SEPARATOR_BYTES + this.#data.length;
    // MAX_PART leaves nothing that 28 bits could not hold.
    const recordSize = highest < 2 ** 24 ? 24 : 28;
    const tree = Buffer.alloc((nodes * recordSize * 2) / 8);
    const stored = (record: number): number =>
      record === EMPTY ? nodes : record < 0 ? nodes + SEPARATOR_BYTES + (-2 - record) : record;
    for (let node = 0; node < nodes; node++)
      writeNode(tree, node, recordSize, stored(records[2 * node]), stored(records[2 * node + 1]));
    const metadata = new MmdbSection(false);
    metadata.add({
      map: {
        node_count: { uint32: nodes },
        record_size: { uint16: recordSize },
        ip_version: { uint16: 6 },
        database_type: meta.databaseType,
        languages: { array: ['en'] },
        binary_format_major_version: { uint16: 2 },
        binary_format_minor_version: { uint16: 0 },
        build_epoch: { uint64: Math.round(meta.buildEpoch) },
        description: { map: { en: meta.description } },
      },
    });
    const separator = Buffer.alloc(SEPARATOR_BYTES);
    return Buffer.concat([tree, separator, this.#data.toBuffer(), MARKER, metadata.toBuffer()]);
  }
}

/** True if all bits from `depth` on equal `bit`. */
function restIs(words: Words, depth: number, bit: 0 | 1): boolean {
  for (let at = depth >>> 5; at < 4; at++) {
    const mask = at === depth >>> 5 ? 0xffffffff >>> (depth & 31) : 0xffffffff;
    if ((words[at] & mask) >>> 0 !== (bit === 0 ? 0 : mask)) return false;
  }
  return true;
}

/** The tree with equal subtrees stored once and nodes of two equal leaves dissolved; the root is node 0. */
function sharedTree(records: Int32Array): { records: Int32Array; nodes: number } {
  const left: number[] = [];
  const right: number[] = [];
  const known = new Map<number, number>();
  const shared = (node: number): number => {
    const [a, b] = [records[2 * node], records[2 * node + 1]].map((each) => (each > 0 ? shared(each) : each));
    if (a === b && a < 0 && node !== 0) return a;
    const key = (a + MAX_PART + 2) * 2 ** 26 + (b + MAX_PART + 2);
    return under(known, key, () => {
      left.push(a);
      return right.push(b);
    });
  };
  const root = shared(0);
  // Children come before their parents, the root last: counting from the end makes the root node 0.
  const nodes = root;
  const out = new Int32Array(2 * nodes);
  const renumbered = (record: number): number => (record < 0 ? record : nodes - record);
  for (let id = 1; id <= nodes; id++) {
    out[2 * (nodes - id)] = renumbered(left[id - 1]);
    out[2 * (nodes - id) + 1] = renumbered(right[id - 1]);
  }
  return { records: out, nodes };
}

/** 28-bit nodes share their middle byte: the left record's top four bits in its high half. */
function writeNode(tree: Buffer, node: number, recordSize: number, left: number, right: number): void {
  if (recordSize === 24) {
    tree.writeUIntBE(left, node * 6, 3);
    tree.writeUIntBE(right, node * 6 + 3, 3);
  } else {
    tree.writeUIntBE(left & 0xffffff, node * 7, 3);
    tree[node * 7 + 3] = ((left >>> 24) << 4) | (right >>> 24);
    tree.writeUIntBE(right & 0xffffff, node * 7 + 4, 3);
  }
}

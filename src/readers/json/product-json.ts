/**
 * Records of collectors and meshes as JSON, an object a line: each product of data/logs.tsv that has `keys` is a format, read by
 * its paths in the kernel. Objects without these keys are counted, and hold nothing for us.
 */
import { addressText } from '../../address.ts';
import { member } from '../../json.ts';
import { ARRAY, FALSE, TRUE } from '../../kernel/records/json-kinds.ts';
import { TCP, UDP } from '../../kernel/records/transport.ts';
import type { FlowFormat } from '../flow-format.ts';
import { type ToldFormat, toldLogs } from '../format-table.ts';
import { firstLine, isJson } from '../tables/headed-table.ts';
import * as Column from '../tables/roles.ts';
import { rowFormat } from '../tables/row-reader.ts';
import { firstObjectHas, JsonReader, pathsOf } from './json-reader.ts';

const BLANK = 0x20;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
/** Addresses with a name that are known to be told. */
const MOST_CALLED = 65_536;

class ProductJsonReader extends JsonReader {
  readonly #keys = this.#places(this.told.facts.keys);
  readonly #machine = this.#places(this.told.facts.machine);
  readonly #names = [...this.roles.keys()].filter((place) => this.roles[place] === Column.NAME);
  readonly #tcp = this.#place(this.told.facts.tcp);
  readonly #udp = this.#place(this.told.facts.udp);
  readonly #reply = this.#place(this.told.facts.reply);
  readonly #counter = this.#place(this.told.facts.counter);
  readonly #workload = this.#place(this.told.facts.workload);
  protected override readonly neverCounts = Column.countsNothing(this.roles);
  /** What addresses were called last, both by their hashes. */
  readonly #called = new Map<number, number>();
  /** Where the current bytes stand, of a list of records. */
  #list: 'none' | 'inside' | 'behind' = 'none';

  #place(path = ''): number {
    return this.at[path] ?? -1;
  }

  #places(paths: string | undefined): number[] {
    return pathsOf(paths).map((path) => this.#place(path));
  }

  override consume(bytes: Uint8Array, from: number, to: number): number {
    const { inside } = this.told.facts;
    if (inside !== undefined) this.#open(bytes, from, to, Buffer.from(`"${inside}"`));
    return super.consume(bytes, from, to);
  }

  /** Takes off what stands around lists of records, so that their size costs nothing. */
  #open(bytes: Uint8Array, from: number, to: number, key: Uint8Array): void {
    const block = Buffer.from(bytes.buffer, bytes.byteOffset, to);
    for (let at = from; at >= 0 && at < to; ) {
      if (this.#list === 'behind') {
        const close = block.indexOf(CLOSE_BRACE, at);
        bytes.fill(BLANK, at, close < 0 ? to : close + 1);
        if (close >= 0) this.#list = 'none';
        at = close;
      } else if (this.#list === 'inside') {
        at = block.indexOf(CLOSE_BRACKET, at) + 1;
        if (at === 0) return;
        this.#list = 'behind';
      } else {
        const begin = block.indexOf(key, at);
        const list = begin < 0 ? -1 : block.indexOf(OPEN_BRACKET, begin);
        if (list < 0) return;
        bytes.fill(BLANK, Math.max(at, block.lastIndexOf(OPEN_BRACE, begin)), list + 1);
        this.#list = 'inside';
        at = list + 1;
      }
    }
  }

  override finish(bytes: Uint8Array, from: number, to: number): void {
    if (from < to) super.finish(bytes, from, to);
    else if (this.#list !== 'none') this.damage.add('truncated-file', this.blockOffset + to);
  }

  protected override decode(at: number): void {
    if (!this.#keys.every((key) => this.has(key))) {
      this.damage.add('unknown-record', this.blockOffset + at);
      return;
    }
    const { row } = this;
    if (this.#tcp >= 0 && this.has(this.#tcp)) row.protocol = TCP;
    if (this.#udp >= 0 && this.has(this.#udp)) row.protocol = UDP;
    if (this.#reply >= 0) {
      const kind = this.fields.kinds[this.#reply];
      row.originator = kind === FALSE ? 1 : kind === TRUE ? 2 : 0;
    }
    if (this.#counter >= 0 && this.text(this.#counter) === 'dst') this.#swapCounters();
    this.kernel.calls.dateRow();
    for (const place of this.#names) if (this.fields.kinds[place] === ARRAY) this.#tellList(place);
    if (this.#machine.length > 0) this.#call();
    this.deliver();
  }

  /** What the receiver counted: its in is what the sender sent. */
  #swapCounters(): void {
    const { row } = this;
    [row.packets, row.reversePackets] = [row.reversePackets, row.packets];
    [row.bytes, row.reverseBytes] = [row.reverseBytes, row.bytes];
  }

  /** Tells what the sender is called, if that is new. */
  #call(): void {
    const { row } = this;
    if (!this.#machine.every((place) => this.has(place))) return;
    const address = Math.imul(row.source1, 31) ^ row.source3;
    const { starts, ends } = this.fields;
    const hashOf = (place: number): number =>
      this.kernel.calls.hashText(this.base + starts[place], this.base + ends[place]);
    const called = this.#machine.reduce((hash, place) => Math.imul(hash, 31) ^ hashOf(place), 0);
    if (this.#called.get(address) === called) return;
    if (this.#called.size >= MOST_CALLED) this.#called.clear();
    this.#called.set(address, called);
    const ip = addressText([row.source0, row.source1, row.source2, row.source3]);
    const name = this.#machine.map((place) => this.text(place)).join('/');
    const fromUs = Number.isNaN(row.endUs) ? row.startUs : row.endUs;
    this.writer.machine({ ip, hostname: `${name}${this.#part()}`, fromUs, source: this.told.id });
  }

  /** The workload that the sender is part of: ` (Deployment web)`. */
  #part(): string {
    const value = this.#workload < 0 ? null : this.fields.json(this.#workload);
    const [first]: unknown[] = Array.isArray(value) ? value : [];
    const name = member(first, 'name');
    return typeof name === 'string' ? ` (${member(first, 'kind') ?? 'workload'} ${name})` : '';
  }

  /** The kernel tells the first name of a list; the others are names of the same server. */
  #tellList(place: number): void {
    const { fields, bytes, kernel, base } = this;
    const from = fields.starts[place];
    const to = fields.ends[place];
    if (bytes.subarray(from, to).includes(COMMA) && kernel.calls.isNewList(base + from, base + to))
      this.tellNames(this.texts(place));
  }
}

function formatOf(told: ToldFormat): FlowFormat {
  const { inside, without, keys } = told.facts;
  const needed = pathsOf(keys);
  return rowFormat(told, ProductJsonReader, {
    sniff: (head) =>
      inside === undefined
        ? firstObjectHas(head, needed) && !(without !== undefined && firstObjectHas(head, [without]))
        : isJson(firstLine(head)) &&
          [inside, ...needed].every((key) => Buffer.from(head).includes(`"${key}"`)),
  });
}

/** The products whose logs are JSON. */
export const jsonLogs: readonly FlowFormat[] = toldLogs()
  .filter(({ facts }) => facts.keys !== undefined)
  .map(formatOf);

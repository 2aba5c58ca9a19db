/**
 * One JSON object to the places of the values that a format needs, found by the kernel (kernel/records/json.ts): numbers and
 * addresses are decoded later where they lie. A dot stands between the keys of nested objects, and a literal `id.orig_h` is
 * the same as `orig_h` inside `id`.
 */

import { parseText } from '../../json.ts';
import { ABSENT, ARRAY, ESCAPED } from '../../kernel/records/json-kinds.ts';
import { type RecordsKernel, textKernel } from '../../rows/records-kernel.ts';
import { AT } from '../../schema/records-memory.ts';

/** Longest array or object that is parsed, bytes. */
const JSON_LIMIT = 65_536;

export class JsonFields {
  /** Of each path: where its value begins (behind the quote of a text) and ends, and what it is. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly kinds: Uint8Array;
  /** The bytes that were scanned last. */
  private view: Uint8Array = new Uint8Array(0);

  /** `roles` say what each value means for a flow (kernel/records/roles.ts). */
  constructor(
    private readonly paths: readonly string[],
    private readonly kernel: RecordsKernel = textKernel(),
    private readonly roles = new Uint8Array(paths.length),
  ) {
    const { memory } = kernel;
    this.starts = new Int32Array(memory.buffer, AT.starts, paths.length);
    this.ends = new Int32Array(memory.buffer, AT.ends, paths.length);
    this.kinds = new Uint8Array(memory.buffer, AT.kinds, paths.length);
  }

  /**
   * Reads the object at `from`, whose brace stands there, and takes what its values say into the row. Returns the
   * offset behind it, INCOMPLETE or INVALID; values before the break are found all the same.
   */
  read(bytes: Uint8Array, from: number, to: number): number {
    const { kernel } = this;
    if (kernel.plan !== this) this.plan();
    this.view = bytes;
    const at = kernel.place(bytes, from, Math.max(to - from, 257));
    const end = kernel.calls.readObject(at, at + to - from, at - from);
    return end < 0 ? end : end - at + from;
  }

  /** Tells the kernel of the keys, and where each leads. */
  private plan(): void {
    const { calls, bytes } = this.kernel;
    const at = AT.text;
    const nodes = new Map([['', 0]]);
    const nodeOf = (path: string): number => {
      const known = nodes.get(path) ?? nodes.size;
      nodes.set(path, known);
      return known;
    };
    calls.beginJson(this.paths.length);
    bytes.set(this.roles, AT.valueRoles);
    for (const [value, path] of this.paths.entries()) {
      const keys = path.split('.');
      for (let from = 0; from < keys.length; from++) {
        const node = nodeOf(keys.slice(0, from).join('.'));
        for (let to = from + 1; to <= keys.length; to++) {
          const key = Buffer.from(keys.slice(from, to).join('.'));
          bytes.set(key, at);
          const target = nodeOf(keys.slice(0, to).join('.'));
          calls.addKey(node, at, key.length, target, to === keys.length ? value : -1);
        }
      }
    }
    this.kernel.plan = this;
  }

  /** The text of a value, decoded; '' if the path holds none. Allocates. */
  text(index: number): string {
    const kind = this.kinds[index];
    if (kind === ABSENT) return '';
    const raw = Buffer.from(this.view.subarray(this.starts[index], this.ends[index])).toString('utf8');
    if (kind !== ESCAPED) return raw;
    const decoded = parseText(`"${raw}"`);
    return typeof decoded === 'string' ? decoded : '';
  }

  /** An array or object, parsed; null if the path holds none, or one of more than JSON_LIMIT bytes. Allocates. */
  json(index: number): unknown {
    const length = this.ends[index] - this.starts[index];
    if (this.kinds[index] < ARRAY || length > JSON_LIMIT) return null;
    return parseText(this.text(index));
  }
}

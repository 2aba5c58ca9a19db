/**
 * The fuzzer's bytes as choices: which sample, and which edits of it. A byte that the fuzzer changes thus changes one
 * edit, and the rest of the sample stays whole, so that mutants reach behind the first check of a format.
 */
export class Choices {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isSpent(): boolean {
    return this.#at >= this.#bytes.length;
  }

  byte(): number {
    return this.#bytes[this.#at++] ?? 0;
  }

  /** An integer below the limit. */
  below(limit: number): number {
    return ((this.byte() << 16) | (this.byte() << 8) | this.byte()) % Math.max(1, limit);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.byte() % items.length];
  }

  take(count: number): Uint8Array {
    const taken = this.#bytes.subarray(this.#at, this.#at + count);
    this.#at += count;
    return taken;
  }

  rest(): Uint8Array {
    return this.take(this.#bytes.length);
  }
}

/** Values that break lengths, counts and text. */
const NASTY: readonly Uint8Array[] = [
  ...[
    '"',
    '\\',
    '{',
    '}',
    '[',
    ']',
    ',',
    '\n',
    '\r\n\r\n',
    '\t',
    '|',
    ':',
    '-',
    '0',
    '9'.repeat(20),
    '1e999',
    'null',
  ],
  ...['{"id":1,"method":"', '"params":[', '\\u0000', '\u{1f4a3}', '0x', '::', '../', 'f'.repeat(64)],
]
  .map((text): Uint8Array => Buffer.from(text))
  .concat(
    [
      ...[[0], [0xff], [0x7f], [0x80], [0, 0, 0, 0], [0xff, 0xff], [0xff, 0xff, 0xff, 0xff], [0, 1], [1, 0]],
      ...[
        [0x7f, 0xff, 0xff, 0xff],
        [0x80, 0, 0, 0],
      ],
    ].map((bytes) => Uint8Array.from(bytes)),
  );

/** A sample with the edits that the choices ask for: overwrite, cut out, put in, double, exchange, cut off. */
export function edited(sample: Uint8Array, choices: Choices): Uint8Array {
  let bytes = Buffer.from(sample);
  for (let left = 12; left > 0 && !choices.isSpent; left--) {
    const kind = choices.byte() % 7;
    const at = choices.below(bytes.length);
    const end = Math.min(bytes.length, at + 1 + choices.byte() * (choices.byte() % 8 === 0 ? 16 : 1));
    const before = bytes.subarray(0, at);
    const between = bytes.subarray(at, end);
    const behind = bytes.subarray(end);
    const put = choices.byte() % 3 === 0 ? choices.take(1 + (choices.byte() % 16)) : choices.pick(NASTY);
    if (kind === 0)
      bytes = Buffer.concat([before, put, bytes.subarray(Math.min(bytes.length, at + put.length))]);
    else if (kind === 1) bytes = Buffer.concat([before, behind]);
    else if (kind === 2) bytes = Buffer.concat([before, put, bytes.subarray(at)]);
    else if (kind === 3) bytes = Buffer.concat([before, between, between, behind]);
    else if (kind === 4) bytes = Buffer.concat([behind, between, before]);
    else if (kind === 5 && choices.byte() % 4 === 0) bytes = Buffer.from(before);
    else if (at < bytes.length) bytes[at] ^= 1 << (choices.byte() & 7);
  }
  return bytes;
}

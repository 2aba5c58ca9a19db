/** Objects held against the shapes of others, against the same objects read in full: the same values at the same places, whatever they are made of. */
import { describe, expect, it } from 'vitest';
import { ABSENT, JsonFields } from '../../../src/readers/json/json-fields.ts';
import { ROOM_BYTES } from '../../../src/readers/tables/room.ts';
import { allocate } from '../../../src/wasm.ts';
import { random } from '../../support/random.ts';

/** Where objects begin in the memory: behind the room, at no round number. */
const TEXT_AT = ROOM_BYTES + 1027;
const memory = allocate(4 * 1024 * 1024);
const inMemory = new Uint8Array(memory.buffer);
const PATHS = ['a', 'b', 'n.a', 'n.b.c', 'list', 'deep.x', 'a.b', 'last', 'n'];

/** Reads objects one after another, as far as `to`, with shapes and without. */
function expectSame(objects: readonly (string | Uint8Array)[], { cut = 0 } = {}): void {
  const shaped = new JsonFields(PATHS, { memory, at: 0 });
  const plain = new JsonFields(PATHS);
  for (const object of objects) {
    const bytes = Buffer.concat([Buffer.from(object), Buffer.from('\n'.repeat(40))]);
    inMemory.set(bytes, TEXT_AT);
    const to = bytes.length - 40 - cut;
    const end = plain.scan(bytes, 0, to);
    const shapedEnd = shaped.scan(inMemory, TEXT_AT, TEXT_AT + to);
    const values = PATHS.map((path, i) =>
      plain.kinds[i] === ABSENT ? path : [path, plain.kinds[i], plain.starts[i], plain.ends[i]],
    );
    const shapedValues = PATHS.map((path, i) =>
      shaped.kinds[i] === ABSENT ? path : [path, shaped.kinds[i], shaped.starts[i], shaped.ends[i]].map(home),
    );
    const what = bytes.toString('latin1').trimEnd();
    expect([what, shapedEnd < 0 ? shapedEnd : shapedEnd - TEXT_AT, shapedValues]).toEqual([
      what,
      end,
      values,
    ]);
  }
}

/** A place in the memory as one in the object; other numbers are as they are. */
function home(value: number | string): number | string {
  return typeof value === 'number' && value >= TEXT_AT ? value - TEXT_AT : value;
}

const { below, pick } = random(20_231_115);
const text = (): string =>
  pick(['', 'x', 'TCP', '2023-11-14T22:13:36.217650+0000', 'y'.repeat(below(70)), 'é€', '{}', '],[', ': ,']);
const VALUES: readonly (() => unknown)[] = [
  () => text(),
  () => below(10),
  () => below(1e9) / 1000,
  () => 2 ** 60,
  () => true,
  () => false,
  () => null,
];
const ODD: readonly (() => unknown)[] = [
  () => [],
  () => [1, 'two', { three: 3 }],
  () => ({ x: 1 }),
  () => 'a"b\\',
  () => '\u0001',
  () => -1.5e-9,
];

describe('shapes of objects', () => {
  it('tell the values of objects that only differ in these', () => {
    for (let kind = 0; kind < 40; kind++) {
      const keys = PATHS.flatMap((path) => path.split('.')).filter(() => below(3) > 0);
      const made = keys.map((key) => [pick([key, key, `other ${key}`]), pick(VALUES)] as const);
      const space = pick([0, 0, 2]);
      const object = (): string => {
        const values = Object.fromEntries(
          made.map(([key, value]) => [key, below(50) === 0 ? pick([...VALUES, ...ODD])() : value()]),
        );
        return JSON.stringify(
          { ...values, n: { a: values.a, b: { c: values.b, d: [text(), 5] } } },
          null,
          space,
        );
      };
      expectSame(Array.from({ length: 60 }, object));
    }
  });

  it('are many in one log', () => {
    const shapes = Array.from(
      { length: 100 },
      (_, i) => (value: unknown) => JSON.stringify({ [`k${i}`]: 1, a: value, b: i }),
    );
    expectSame(
      Array.from(
        { length: 3000 },
        (_, i) => (shapes[i < 1500 ? below(6) : below(100)] ?? shapes[0])?.(pick(VALUES)()) ?? '',
      ),
    );
  });

  it('fit nothing that is broken', () => {
    const object =
      '{"a":"one two three four","b":12.5,"n":{"a":true,"b":{"c":null,"d":["x",{"e":-1}]}}, "a key that is longer than that":"q","a":"again","last":"z"}';
    const broken = Array.from({ length: object.length }, (_, at) =>
      ['"', '\\', '{', '}', ',', ':', '\n', '\0', ' ', '1', 't', 'n', 'z', '\u0080'].map((byte) => {
        const bytes = Buffer.from(object);
        bytes[at] = byte.charCodeAt(0);
        return bytes;
      }),
    ).flat();
    // The shape itself is met again and again, so that it is not given up.
    expectSame(broken.flatMap((bytes) => [object, bytes]));
    expectSame(
      Array.from({ length: object.length }, (_, at) => [
        object,
        object.slice(0, at),
        object.slice(at),
      ]).flat(),
    );
    expectSame([object, `${object}${object}`, `${object},`]);
    for (let cut = 1; cut < object.length; cut++) expectSame([object], { cut });
  });

  it('hold keys, whatever stands before their colon, and no arrays that are asked for', () => {
    for (const gap of ['', ' ', '\t', '\r\n']) {
      expectSame(['a', 'b', 'c', 'a', 'b'].map((key) => `{"${key}"${gap}:"x","n"${gap}:{"${key}"${gap}:1}}`));
    }
    expectSame(
      [1, 2, 3].map(
        (value) => `{"a":${value},"list":[${value},"x"],"b":{"c":[${value}]},"deep":{"x":{"y":1}}}`,
      ),
    );
  });

  it('know the bytes of numbers and words', () => {
    const object = (value: Uint8Array): Uint8Array =>
      Buffer.concat([Buffer.from('{"a":'), value, Buffer.from('}')]);
    const all = Array.from({ length: 256 }, (_, byte) => [
      Buffer.from('1'),
      Buffer.from([byte]),
      Buffer.from([0x31, byte]),
    ]);
    expectSame(all.flat().map(object));
  });

  it('are cut where the object is', () => {
    const shaped = new JsonFields(PATHS, { memory, at: 0 });
    const object = Buffer.from('{"a":"x","b":1}\n{"a":"y","b":2}');
    inMemory.set(object, TEXT_AT);
    expect(shaped.scan(inMemory, TEXT_AT, TEXT_AT + object.length)).toBe(TEXT_AT + 15);
    for (let to = 17; to < object.length; to++) {
      expect(shaped.scan(inMemory, TEXT_AT + 16, TEXT_AT + to)).toBe(-1);
    }
    expect(shaped.scan(inMemory, TEXT_AT + 16, TEXT_AT + object.length)).toBe(TEXT_AT + object.length);
  });

  it('do not fit in their room where they are long, and are read all the same', () => {
    const object = (value: number): string => `{"a":${value},${'"key":1,'.repeat(2000)}"b":${value}}`;
    expectSame([object(1), object(2), object(3)]);
  });
});

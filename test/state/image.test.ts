/** Objects as bytes and back: what can be kept comes back as it was, what cannot is refused. */
import { describe, expect, it } from 'vitest';
import { readImage, writeImage } from '../../src/state/image.ts';

class Counter {
  count = 0;

  add(by: number): number {
    this.count += by;
    return this.count;
  }
}

const CLASSES = new Map([['Counter', Counter]]);

function again<T extends object>(roots: T, fixed = new Map<string, object>()): T {
  const names = new Map([...fixed].map(([name, one]) => [one, name]));
  return readImage(writeImage(roots, CLASSES, names), CLASSES, fixed) as T;
}

describe('an image', () => {
  it('holds every kind of value', () => {
    const roots = {
      numbers: [0, -0, 1, -1, 0.1, 2 ** 53 - 1, -(2 ** 53 - 1), 1e300, Number.NaN, -Infinity, 127, 128],
      texts: ['', 'a', 'ä€😀', '\ud800', 'constructor', '__proto__'],
      others: [undefined, null, true, false, 12345678901234567890n, -1n],
      map: new Map<unknown, unknown>([[{ key: 1 }, new Set([1, 'x'])]]),
      bytes: Uint8Array.of(1, 2, 3),
      bare: Object.assign(Object.create(null), { x: 1 }),
    };
    const copy = again(roots);
    expect(copy).toEqual(roots);
    expect(Object.is(copy.numbers[1], -0)).toBe(true);
    expect(Object.getPrototypeOf(copy.bare)).toBe(null);
  });

  it('keeps who refers to whom', () => {
    const shared = { name: 'shared' };
    const buffer = new ArrayBuffer(16);
    const roots = {
      a: shared,
      b: [shared],
      words: new Uint32Array(buffer),
      bytes: new Uint8Array(buffer, 4, 4),
    };
    const circle: { self?: object } = {};
    circle.self = circle;
    const copy = again({ ...roots, circle });
    expect(copy.a).toBe(copy.b[0]);
    copy.words[1] = 0x01020304;
    expect([...copy.bytes]).toEqual([4, 3, 2, 1]);
    expect(copy.circle.self).toBe(copy.circle);
  });

  it('keeps a small buffer without the pool in which it lies', () => {
    const secret = Buffer.from('a secret that lies beside it');
    const written = writeImage({ held: Buffer.from('held'), size: secret.length }, CLASSES, new Map());
    expect(written.includes('held')).toBe(true);
    expect(written.includes('secret')).toBe(false);
  });

  it('keeps instances of the classes', () => {
    const counter = new Counter();
    counter.add(2);
    const copy = again({ counter });
    expect(copy.counter).toBeInstanceOf(Counter);
    expect(copy.counter.add(3)).toBe(5);
    expect(counter.count).toBe(2);
  });

  it('names what every run has', () => {
    const list = { size: 1 };
    expect(again({ list }, new Map([['list', list]])).list).toBe(list);
  });

  it('refuses functions, strange classes and symbols', () => {
    class Strange {}
    for (const odd of [() => 1, new Strange(), Symbol('x'), new WeakMap()]) {
      expect(() => writeImage({ odd }, CLASSES, new Map())).toThrow(/^a state/);
    }
  });
});

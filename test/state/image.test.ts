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

const MAKERS = new Map([['Counter', () => new Counter()]]);

function again<T extends object>(roots: T, fixed = new Map<string, object>()): T {
  const names = new Map([...fixed].map(([name, one]) => [one, name]));
  const read = {} as T;
  readImage(writeImage(roots, names), read, { makers: MAKERS, leftOut: new Set(), fixed });
  return read;
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
    const written = writeImage({ held: Buffer.from('held'), size: secret.length }, new Map());
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

  it('refuses functions and symbols', () => {
    for (const odd of [() => 1, Symbol('x')])
      expect(() => writeImage({ odd }, new Map())).toThrow(/^a state/);
  });

  it('fills by names what is there, and says which names it does not know', () => {
    class Box {
      size = 1;
      added = 'fresh';
      inner = new Counter();
    }
    const old = Object.assign(new Box(), { size: 5, gone: 2 });
    Reflect.deleteProperty(old, 'added');
    old.inner.add(3);
    class Strange {
      value = 1;
    }
    const bytes = writeImage({ box: old, list: [new Strange(), 7], strange: new Strange() }, new Map());
    const roots = { box: new Box(), list: null, strange: 'as it was' };
    const { box } = roots;
    const { dropped, added } = readImage(bytes, roots, {
      makers: new Map(),
      leftOut: new Set(),
      fixed: new Map(),
    });
    expect(roots).toEqual({
      box: { size: 5, added: 'fresh', inner: { count: 3 } },
      list: [7],
      strange: 'as it was',
    });
    expect(roots.box).toBe(box);
    expect([[...dropped].sort(), [...added]]).toEqual([['Box.gone', 'Strange'], ['Box.added']]);
  });
});

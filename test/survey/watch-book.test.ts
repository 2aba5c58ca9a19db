/** What is kept of watched flows takes room only for as long as somebody may ask for it. */
import { afterEach, describe, expect, it } from 'vitest';
import { setLimits } from '../../src/limits.ts';
import type { WatchedFlow } from '../../src/packets/watched-flow.ts';
import { WatchBook } from '../../src/survey/watch-book.ts';

const ROUNDS = 20;

/** Shares at odd moments, and an answer to each. */
function talk(startUs: number): WatchedFlow {
  const timesUs = Float64Array.from(
    { length: 2 * ROUNDS },
    (_, i) => startUs + (((i >> 1) ** 2 * 37) % 401) * 1e6 + (i & 1) * 50_000,
  ).sort();
  return {
    ...{ timesUs, sizes: Int16Array.from(timesUs, (_, i) => (i % 2 === 0 ? 180 : -70)) },
    ...{ messages: [ROUNDS, ROUNDS], activeMinutes: 7, startUs, spanUs: 401e6, record: 1, input: 0 },
    ...{ isFromStart: false, tlsShare: 1, randomShare: 0, hiddenShare: 0 },
  };
}

describe('what is kept of watched flows', () => {
  afterEach(() => setLimits({}));

  it('is counted anew in each period', () => {
    setLimits({ pushes: 1 });
    const book = new WatchBook();
    book.end(1, 0, talk(1e15), true);
    expect(book.overflow).toBeGreaterThan(0);
    book.turn();
    expect(book.overflow).toBe(0);
  });

  it('takes no more room if one flow is watched again and again', () => {
    setLimits({ pushes: 1000 });
    const book = new WatchBook();
    for (let i = 0; i < 200; i++) book.end(1, 0, talk(1e15 + i * 1e9), true);
    expect(book.overflow).toBe(0);
    expect(book.take(1)?.(0).shares.submitted.central).toBe(ROUNDS);
  });
});

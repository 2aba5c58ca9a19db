/** Sums of what was judged and what was not. */
import { expect, it } from 'vitest';
import { JudgedSum, judgedParts, reasonsOf, seenPart } from '../../src/audit/judged.ts';

it('reasons are told with their conversations, the most first', () => {
  const sum = new JudgedSum();
  sum.add('read', 100, 5);
  sum.add('cut', 100, 1);
  sum.add('tunnel', 100, 4);
  expect(reasonsOf(sum)).toEqual([
    ['tunnel', 4],
    ['cut', 1],
  ]);
  expect([reasonsOf(new JudgedSum()), judgedParts(new JudgedSum())]).toEqual([
    [],
    { bytes: 1, conversations: 1 },
  ]);
});

it('only what a longer or fuller capture would show counts as not seen', () => {
  const sum = new JudgedSum();
  sum.add('unlike', 0, 90);
  sum.add('encrypted', 0, 6);
  expect(seenPart(sum)).toBe(1);
  sum.add('cut', 0, 1);
  sum.add('limit', 0, 1);
  sum.add('one-direction', 0, 2);
  expect(seenPart(sum)).toBe(0.96);
});

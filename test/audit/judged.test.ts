/** Sums of what was judged and what was not. */
import { expect, it } from 'vitest';
import { JudgedSum, judgedParts, unjudgedParts } from '../../src/audit/judged.ts';

it('Reasons are told with their part of all conversations, the largest first', () => {
  const sum = new JudgedSum();
  sum.add('byProtocol', 100, 5);
  sum.add('cut', 100, 1);
  sum.add('port', 100, 4);
  expect(unjudgedParts(sum)).toEqual([
    ['port', 0.4],
    ['cut', 0.1],
  ]);
  expect([unjudgedParts(new JudgedSum()), judgedParts(new JudgedSum())]).toEqual([
    [],
    { bytes: 1, conversations: 1 },
  ]);
});

/** Sums of what was judged and what was not, and how one becomes the other. */
import { expect, it } from 'vitest';
import { JudgedSum, judgedParts, unjudgedParts } from '../../src/audit/judged.ts';

it('What was not judged is moved as far as there is any, and its reason goes with the last of it', () => {
  const sum = new JudgedSum();
  sum.add('port', 1000, 4);
  sum.add('encrypted', 500);
  sum.add('byProtocol', 0, 0);
  sum.move('port', 'byEndpoint', 400, 1);
  expect(sum.notJudged).toEqual({
    port: { bytes: 600, conversations: 3 },
    encrypted: { bytes: 500, conversations: 1 },
  });
  sum.move('port', 'byBehaviour', 9000, 9);
  sum.move('cut', 'byBehaviour', 9000, 9);
  expect(sum.notJudged).toEqual({ encrypted: { bytes: 500, conversations: 1 } });
  expect(sum.byEndpoint).toEqual({ bytes: 400, conversations: 1 });
  expect(sum.byBehaviour).toEqual({ bytes: 600, conversations: 3 });
  expect(judgedParts(sum)).toEqual({ bytes: 1000 / 1500, conversations: 4 / 5 });
});

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

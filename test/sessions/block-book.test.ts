/** New blocks by the jobs that build on them: when each was found, and which are of one chain. */
import { expect, it } from 'vitest';
import { BlockBook } from '../../src/sessions/block-book.ts';

function timesOf(book: BlockBook): readonly (readonly number[])[] {
  return [...book.times().values()];
}

it('A block was found when the first session went over to it from another', () => {
  const book = new BlockBook();
  book.jobOn('a', null, 1);
  book.jobOn('a', 'a', 2);
  book.jobOn('b', 'a', 30);
  book.jobOn('c', 'b', 40);
  book.jobOn('b', 'a', 20);
  book.jobOn('b', 'a', 25);
  expect(timesOf(book)).toEqual([[20, 40]]);
});

it('Blocks are of one chain if a session went from one to the other, however late that is seen', () => {
  const book = new BlockBook();
  book.jobOn('b', 'a', 10);
  book.jobOn('y', 'x', 15);
  book.jobOn('c', 'b', 20);
  expect([
    book.chainOf('b') === book.chainOf('c'),
    book.chainOf('b') === book.chainOf('y'),
    book.chainOf('z'),
  ]).toEqual([true, false, -1]);
  expect(timesOf(book)).toEqual([[10, 20], [15]]);
  book.jobOn('c', 'y', 5);
  expect(book.chainOf('y')).toBe(book.chainOf('b'));
  expect(timesOf(book)).toEqual([[5, 10, 15]]);
});

it('Of a period that is over no block is known', () => {
  const book = new BlockBook();
  book.jobOn('b', 'a', 10);
  book.overflow = 3;
  book.clear();
  expect([timesOf(book), book.chainOf('b'), book.overflow, book.wholes]).toEqual([[], -1, 0, []]);
});

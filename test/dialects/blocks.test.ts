/** The block that a job builds on, as each dialect that says it names it. */
import { expect, it } from 'vitest';
import { cryptonote } from '../../src/dialects/cryptonote.ts';
import { ergo } from '../../src/dialects/ergo.ts';
import { kawpow } from '../../src/dialects/kawpow.ts';
import { stratumV1 } from '../../src/dialects/stratum-v1.ts';
import { zip301 } from '../../src/dialects/zip301.ts';
import { BlockBook } from '../../src/sessions/block-book.ts';
import { blocksOf, dialogue } from '../support/dialogue.ts';
import { H, I } from './canonical.ts';

const notify = (params: string): string => `S {"id":null,"method":"mining.notify","params":[${params}]}`;

it.each([
  [
    stratumV1,
    notify(`"1","${I}","${'00'.repeat(42)}","${'00'.repeat(20)}",[],"20000000","17034219","68a1b2c3",true`),
    I,
  ],
  [zip301, notify(`"1","04000000","${H}","${I}","${I}","a9cc405a","09d8151c",true`), H],
  [
    cryptonote,
    `S {"method":"job","params":{"job_id":"a","blob":"1010d7a1b2c306${I}00000000${H}05","target":"b88d0600"}}`,
    I,
  ],
  [
    kawpow,
    notify(`"2c","${H}","${'0'.repeat(64)}","${'0'.repeat(8)}${'f'.repeat(56)}",true,3421900,"1b00b1e3"`),
    'height 3421900',
  ],
  [ergo, notify(`"a",1204511,"${H}","","","3","${2n ** 224n}","",true`), 'height 1204511'],
] as const)('$id', (dialect, said, block) => {
  expect(blocksOf(dialect, dialogue(said))).toEqual([block]);
});

it('tells when a block was found by the first job on it, and which blocks are of one chain', () => {
  const book = new BlockBook();
  book.jobOn('a1', null, 100);
  book.jobOn('a2', 'a1', 260);
  book.jobOn('a2', 'a1', 255);
  book.jobOn('b7', null, 300);
  book.jobOn('b8', 'b7', 420);
  book.jobOn('a3', null, 500);
  book.jobOn('a3', 'a2', 501);
  expect([...book.times().values()]).toEqual([[255, 501], [420]]);
  expect(book.chainOf('a3')).toBe(book.chainOf('a1'));
  expect(book.chainOf('b8')).not.toBe(book.chainOf('a1'));
  expect(book.chainOf('unheard')).toBe(-1);
});

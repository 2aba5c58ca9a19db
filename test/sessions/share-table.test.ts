/** Shares of many sessions in one table: each session has its own, however rows are used again. */
import { describe, expect, it } from 'vitest';
import { ShareBook } from '../../src/sessions/share-book.ts';
import { type LoggedShare, ShareTable } from '../../src/sessions/share-table.ts';

const share = (at: number, more: Partial<LoggedShare> = {}): LoggedShare => ({
  timeUs: 1.7e15 + at,
  jobTimeUs: at % 3 === 0 ? null : 1.7e15,
  jobId: `job ${at % 7}`,
  nonce: at.toString(16).padStart(8, '0'),
  extraNonce2: null,
  difficulty: at % 5 === 0 ? null : { scale: at % 2 === 0 ? 'units' : 'hashes', value: at + 0.5 },
  algorithm: at % 4 === 0 ? 'rx/0' : null,
  outcome: 'unanswered',
  isMadeUp: false,
  ...more,
});

describe('shares in one table', () => {
  it('come back as they were taken, in their order, whoever else keeps some', () => {
    const table = new ShareTable();
    const books = [new ShareBook(table), new ShareBook(table), new ShareBook(table)];
    for (let at = 0; at < 3000; at++) books[at % 3].submit(share(at), null, false);
    books.forEach((book, number) => {
      const own = Array.from({ length: 1000 }, (_, i) => share(3 * i + number));
      expect(book.log).toEqual(own);
    });
  });

  it('are the newest ones where there are many, and rows are used again', () => {
    const table = new ShareTable();
    const book = new ShareBook(table);
    const rows = new Set<number>();
    for (let at = 0; at < 20_000; at++) rows.add(book.submit(share(at), null, false));
    expect(rows.size).toBe(4096);
    expect([book.submitted, book.logged, book.kept]).toEqual([20_000, 20_000, book.log.length]);
    expect(book.log).toEqual(Array.from({ length: book.kept }, (_, i) => share(20_000 - book.kept + i)));
  });

  it('take an answer once, and none of another session or of a period that is over', () => {
    const table = new ShareTable();
    const [book, other] = [new ShareBook(table), new ShareBook(table)];
    const row = book.submit(share(1), 4, true);
    expect(other.answer(row, 'accepted')).toBeNull();
    expect(book.answer(row, 'stale')).toBeNull();
    expect(book.answer(row, 'duplicate')).toBeNull();
    expect([book.stale, book.rejected, other.accepted]).toEqual([1, 0, 0]);
    const rejected = book.submit(share(2), 4, true);
    expect(book.answer(rejected, 'duplicate')).toEqual({
      timeUs: 1.7e15 + 2,
      difficulty: { scale: 'units', value: 2.5 },
      span: 4,
      isBare: true,
    });
    const open = book.submit(share(3), null, false);
    const next = book.next();
    expect([next.answer(open, 'accepted'), next.accepted, next.log]).toEqual([null, 0, []]);
  });

  it('are unanswered if no answer came, and the last of them are told', () => {
    const book = new ShareBook();
    const rows = Array.from({ length: 100 }, (_, at) => book.submit(share(at), null, false));
    for (const row of rows.slice(0, 90)) book.answer(row, 'accepted');
    book.settle();
    book.settle();
    expect(book.unanswered).toBe(10);
    expect(book.leftOpen).toEqual(Array.from({ length: 10 }, (_, i) => share(90 + i)));
  });
});

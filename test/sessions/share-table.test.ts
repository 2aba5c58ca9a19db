/** Shares of many sessions in one table: each session has its own, however rows are used again. */
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/evidence/fact.ts';
import { join } from '../../src/sessions/groups.ts';
import { ShareBook } from '../../src/sessions/share-book.ts';
import { type LoggedShare, NO_ROW, ShareTable } from '../../src/sessions/share-table.ts';

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
    book.turn();
    expect([book.answer(open, 'accepted'), book.accepted, book.log]).toEqual([null, 0, []]);
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

describe('the shares of a session', () => {
  const answered = (...outcomes: (Outcome | null)[]): ShareBook => {
    const book = new ShareBook();
    outcomes.forEach((outcome, at) => {
      const row = book.submit(share(at, { jobId: at === 0 ? null : 'job' }), at, false);
      if (outcome !== null) book.answer(row, outcome);
    });
    book.settle();
    return book;
  };

  it('are counted by their answers, and whole ones are those with a job and a login', () => {
    const book = answered('accepted', 'accepted', 'stale', 'duplicate', 'unauthorised', 'duplicate', null);
    expect(book).toMatchObject({
      submitted: 7,
      accepted: 2,
      stale: 1,
      rejected: 3,
      unanswered: 1,
      rejects: { duplicate: 2, unauthorised: 1 },
      wholeAnswers: 4,
    });
    expect(book.leftOpen).toEqual([share(6, { jobId: 'job' })]);
    expect([answered('accepted').leftOpen, answered().leftOpen]).toEqual([[], []]);
    const many = answered(...Array.from({ length: 40 }, () => null));
    expect(many.leftOpen.map(({ timeUs }) => timeUs - 1.7e15)).toEqual(
      Array.from({ length: 32 }, (_, i) => i + 8),
    );
  });

  it('of which one is refused give it back, as it was counted', () => {
    const book = new ShareBook();
    const rows = [
      book.submit(share(2), 4, true),
      book.submit(share(5), null, false),
      book.submit(share(3), 0, false),
    ];
    expect(rows.map((row) => book.answer(row, 'low-difficulty'))).toEqual([
      { timeUs: 1.7e15 + 2, difficulty: { scale: 'units', value: 2.5 }, span: 4, isBare: true },
      { timeUs: 1.7e15 + 5, difficulty: null, span: null, isBare: false },
      { timeUs: 1.7e15 + 3, difficulty: { scale: 'hashes', value: 3.5 }, span: 0, isBare: false },
    ]);
  });

  it.each<[string, Parameters<ShareBook['repeats']>, boolean]>([
    ['the same', ['a', '0A', '1', null], true],
    ['the same in other letters', ['a', '0a', '1', null], true],
    ['of another job', ['b', '0A', '1', null], false],
    ['with another extra nonce', ['a', '0A', '2', null], false],
    ['without a job', [null, '0A', '1', null], false],
    ['without a nonce', ['a', null, '1', null], false],
    ['of the same hash alone', [null, null, null, 'FF'], true],
    ['of another hash', [null, null, null, 'EE'], false],
  ])('know one again that is %s, or not', (_name, again, expected) => {
    const book = new ShareBook();
    expect(book.repeats('a', '0A', '1', 'ff')).toBe(false);
    expect(book.repeats(...again)).toBe(expected);
  });

  it('of two parts are those of both, and what is open is that of the later one', () => {
    const [book, later] = [answered('accepted', 'duplicate'), answered('stale', 'duplicate', 'other', null)];
    book.reach(500);
    for (const difficulty of [700, 300]) later.reach(difficulty);
    Object.assign(book, { assumed: 2 });
    Object.assign(later, { assumed: 3 });
    join('shares', book, later);
    expect(book).toMatchObject({
      submitted: 6,
      accepted: 1,
      stale: 1,
      rejected: 3,
      unanswered: 1,
      rejects: { duplicate: 2, other: 1 },
      logged: 6,
      kept: 2,
      assumed: 5,
      hashed: 3,
      leastReached: 300,
      leftOpen: [share(3, { jobId: 'job' })],
    });
    expect(new ShareBook()).toMatchObject({ hashed: 0, leastReached: Number.POSITIVE_INFINITY });
  });

  it('that an earlier part may price are the first 64, and take answers while their rows are kept', () => {
    const book = new ShareBook();
    for (let at = 0; at < 70; at++) {
      const logged = share(at);
      const row = book.submit(logged, null, false);
      book.stray({ logged, span: null, assumed: false, row });
      book.answer(row, 'stale');
    }
    expect(book.strays.length).toBe(64);
    expect(new Set(book.strays.map(({ logged }) => logged.outcome))).toEqual(new Set(['stale']));
    for (let at = 0; at < 4096; at++) book.submit(share(at), null, false);
    expect(new Set(book.strays.map(({ row }) => row))).toEqual(new Set([NO_ROW]));
  });
});

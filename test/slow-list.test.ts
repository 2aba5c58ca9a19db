import { afterEach, expect, it, vi } from 'vitest';
import { toldIfSlow } from '../src/slow-list.ts';

afterEach(() => vi.useRealTimers());

function messagesOf(rows: number, msEach: number): string[] {
  vi.useFakeTimers();
  const said: string[] = [];
  let read = 0;
  for (const _ of toldIfSlow(Array(rows).keys(), 'leases.csv', (message) => said.push(message))) {
    vi.advanceTimersByTime(msEach);
    read++;
  }
  expect(read).toBe(rows);
  return said;
}

it('says nothing of a list that is read at once', () => {
  expect(messagesOf(10_000, 0.1)).toEqual([]);
});

it('says every three seconds how far a longer one is', () => {
  expect(messagesOf(16_384, 0.5)).toEqual([
    'leases.csv: 8,192 rows so far',
    'leases.csv: 16,384 rows so far',
  ]);
});

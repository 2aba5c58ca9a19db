import { totalmem } from 'node:os';
import { afterEach, expect, it, vi } from 'vitest';
import { isShortOfMemory } from '../../src/run/memory.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

it('a process that takes nearly all memory of the machine is short of it, whatever takes it', () => {
  const rss = vi.spyOn(process.memoryUsage, 'rss');
  rss.mockReturnValue(totalmem() * 0.1);
  expect(isShortOfMemory(0)).toBe(false);
  rss.mockReturnValue(totalmem() * 0.95);
  expect(isShortOfMemory(0)).toBe(true);
});

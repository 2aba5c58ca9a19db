/** Lists that people write come in any encoding of text, and are refused where they are none. */
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readTextList } from '../src/given-file.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'minesweep-given-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = path.join(folder, 'list.txt');

describe('a list', () => {
  it.each([
    { name: 'UTF-8', hex: 'e79fbfe6b1a0' },
    { name: 'UTF-8 with a byte order mark', hex: 'efbbbfe79fbfe6b1a0' },
    { name: 'UTF-16', hex: 'fffeff77606c', text: '\u77ff\u6c60' },
    { name: 'GB 18030', hex: 'bff3b3d8' },
  ])('is read as text: $name', async ({ hex, text = '矿池' }) => {
    writeFileSync(file, Buffer.from(hex, 'hex'));
    expect(await readTextList(file, 'the list')).toBe(text);
  });

  it('that has holes is refused', async () => {
    writeFileSync(file, 'pool.example:3333\n');
    truncateSync(file, 100_000);
    await expect(readTextList(file, 'the list')).rejects.toMatchObject({
      code: 'FILE_INVALID',
      message: 'it has bytes of zero, so that it is no text',
    });
  });

  it('that is a device is refused, and told why', async () => {
    await expect(readTextList('/dev/zero', 'the list')).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
      message: 'cannot read the list: it is a pipe or a device, not a file',
    });
  });
});

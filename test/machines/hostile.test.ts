/** Files of leases that want to cost time: each is read in time that its length bounds. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadLeases } from '../../src/machines/leases.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const BYTES = 2 ** 20;
const MOST_MS = 2000;
const filled = (text: string): string => text.repeat(Math.ceil(BYTES / text.length));
const LEASE = 'lease 192.0.2.5 { starts 2 2026/11/24 09:00:00; hardware ethernet 02:00:00:00:00:01; }\n';
const RADIUS =
  'Tue Nov 24 10:00:00 2026\n\tAcct-Status-Type = Start\n\tFramed-IP-Address = 192.0.2.5\n\tUser-Name = "jane"\n\n';

describe('a file of leases', () => {
  it.each([
    ['blocks that are never closed', `${filled('lease 10.0.0.1 {\n')}}\n${LEASE}`],
    ['blocks in one line', `lease 10.0.0.1 {${filled('lease 10.0.0.1 {')}\n${LEASE}`],
    ['a text that does not end', `lease 10.0.0.1 {\n${filled('"\\a')}\n${LEASE}`],
    ['statements without end', `lease 10.0.0.1 {\n${filled('ends never;\n')}}\n${LEASE}`],
    ['blanks within a value', `\tAcct-Status-Type = Start\n\tUser-Name = x${filled(' ')}y\n\n${RADIUS}`],
    ['attributes without end', `\tAcct-Status-Type = Start\n${filled('\tA = b\n')}\n${RADIUS}`],
    ['blank lines', `\tAcct-Status-Type = Start\n${filled('\n \n')}${RADIUS}`],
  ])('with %s gives the one lease that is in it, at once', async (name, text) => {
    const file = path.join(folder, name);
    writeFileSync(file, text);
    const began = performance.now();
    const book = await loadLeases([file], null);
    expect(performance.now() - began).toBeLessThan(MOST_MS);
    const at = Date.UTC(2026, 10, 24, 11) * 1000;
    expect(book.during('192.0.2.5', at, at)).toMatchObject([{ ip: '192.0.2.5' }]);
    expect(book.count).toBe(1);
  });
});

/** A reviewed list of accepted machines: strictly read, and open again without it. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { acceptedRow, readAccepted } from '../../src/cases/accept.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const file = path.join(temporaryFolder(), 'accept.json');
const ROW = { machine: '192.0.2.1', until: '2027-01-31', because: 'course' };
const read = (rows: unknown) => {
  writeFileSync(file, typeof rows === 'string' ? rows : JSON.stringify(rows));
  return readAccepted(file);
};

it.each([
  ['{', /not a list of accepted machines/],
  [{ accept: [] }, /must be a list/],
  [[ROW, { ...ROW, machine: '192.0.2.2', until: 'soon' }], /\[1\]\.until must/],
  [[{ ...ROW, until: '2027-02-31' }], /\[0\]\.until must be a date/],
  [[{ ...ROW, because: '' }], /\[0\]\.because must/],
  [[{ machine: 'a', until: '2027-01-31' }], /\[0\].*because/],
  [[{ ...ROW, untill: 'x' }], /\[0\]\.untill is no field/],
  [[ROW, { ...ROW, until: '2028-01-01' }], /\[1\]\.machine is there twice/],
])('%j is refused with its field', async (rows, why) => {
  await expect(read(rows)).rejects.toThrow(why);
  await expect(read(rows)).rejects.toMatchObject({ code: 'FILE_INVALID', where: file });
});

it('names a machine in any way that people know it', async () => {
  const machine = { ip: '192.0.2.1', mac: '02:00:00:00:00:01', hostname: 'Lab-1', user: 'anna' };
  for (const name of ['192.0.2.1', '02:00:00:00:00:01', 'lab-1', 'ANNA', '0123abcd']) {
    const rows = await read([{ ...ROW, machine: name, by: 'bo' }]);
    expect(acceptedRow(rows, { id: '0123abcd', machine })).toMatchObject({ machine: name });
  }
  expect(acceptedRow(await read([{ ...ROW, machine: '192.0.2.11' }]), { id: 'x', machine })).toBeUndefined();
});

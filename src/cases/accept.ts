/**
 * `--accept FILE`: machines that are known to be allowed, in a file that people review, for example in the repository of a
 * pipeline. It changes no case: what is taken out of the file is open again.
 */
import { fail, reasonOf } from '../errors.ts';
import { readGiven } from '../given-file.ts';
import { readBack } from '../schema/check.ts';
import { date, field, list, matching, type Of, optional, record } from '../schema/field.ts';
import type { Case } from './case.ts';

const named = matching('^\\S(.*\\S)?$');
const ACCEPTED = record({
  machine: field(named, 'Address, hardware address, host name, user, or id of the case.'),
  until: field(date, 'The last day on which it is accepted.'),
  because: field(named, 'Why.'),
  by: optional(named, 'Who says so.'),
});
export type Accepted = Of<typeof ACCEPTED>;

const MOST_BYTES = 16 * 1024 * 1024;
const NAMES = ['machine', 'until', 'because', 'by'];

/** Reads the list. Throws FILE_UNREADABLE or FILE_INVALID, with the field that is wrong. */
export async function readAccepted(file: string): Promise<readonly Accepted[]> {
  const text = await readGiven(file, MOST_BYTES).then(String, (cause: unknown) =>
    fail('FILE_UNREADABLE', `cannot be read: ${reasonOf(cause)}`, { where: file, cause }),
  );
  const invalid = (what: string): never =>
    fail('FILE_INVALID', `not a list of accepted machines: ${what}`, {
      where: file,
      hint: 'Write [{"machine": "192.0.2.11", "until": "2027-01-31", "because": "course on Monero"}].',
    });
  const rows = readBack(text, list(ACCEPTED), ({ at, message }) => invalid(`${at} ${message}`.trim()));
  const known = new Set<string>();
  for (const [i, row] of rows.entries()) {
    const other = Object.keys(row).find((name) => !NAMES.includes(name));
    if (other !== undefined) invalid(`[${i}].${other} is no field; there are ${NAMES.join(', ')}`);
    const machine = row.machine.toLowerCase();
    if (known.has(machine)) invalid(`[${i}].machine is there twice`);
    known.add(machine);
  }
  return rows;
}

/** The row that names the machine of a case; undefined if none does. */
export function acceptedRow(
  rows: readonly Accepted[],
  about: Pick<Case, 'id' | 'machine'>,
): Accepted | undefined {
  const { ip, mac, hostname, user } = about.machine;
  const names = [about.id, ip, mac, hostname, user].map((name) => name?.toLowerCase());
  return rows.find(({ machine }) => names.includes(machine.toLowerCase()));
}

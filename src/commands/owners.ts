/**
 * `minesweep owners build CSV...`: range tables of newer data (ip-location-db, iptoasn; also gzipped) to an owner
 * database for `--asn-db`. Written whole or not at all; the text for standard output says what went in.
 */
import path from 'node:path';
import { fail } from '../errors.ts';
import { readWhole } from '../owners/database.ts';
import { builtTitle } from '../owners/embedded.ts';
import { RangeCompiler } from '../owners/ranges.ts';
import { fitLines } from '../report/width.ts';
import { catalogueOf } from '../statements/catalogue.ts';
import { writeWhole } from '../whole-file.ts';
import type { Execute } from './command.ts';
import { pageWidth, writeAll } from './output.ts';

/** `owners build CSV…`: throws USAGE for another action, or without a place to write to. */
export const runOwners: Execute = async ([action = '', ...files], context) => {
  if (action !== 'build') fail('USAGE', `owners cannot ${action}`, { where: action, hint: 'It can build.' });
  const output = context.settings.read('output');
  if (output === null)
    fail('USAGE', 'no file to write the database to', { hint: 'Add --output owners.mmdb.' });
  const dateUs = context.settings.read('data-date');
  const built = await ownersBuild(files, output, {
    attribution: context.settings.read('attribution'),
    dateMs: dateUs === null ? null : dateUs / 1000,
  });
  const { streams, env } = context;
  await writeAll(streams.stdout, [fitLines(built, pageWidth(streams.stdout, env))]);
  return 'done';
};

const MAX_ATTRIBUTION = 1000;

/**
 * Builds the database. `dateMs` is the date of the data, null: that of the newest file; `attribution` what their licence asks for,
 * which goes into the database and from there into reports. Throws NO_INPUT, FILE_UNREADABLE, FILE_INVALID or OUTPUT_FAILED.
 */
export async function ownersBuild(
  inputs: readonly string[],
  output: string,
  { dateMs = null, attribution = null }: { dateMs?: number | null; attribution?: string | null } = {},
): Promise<string> {
  if (inputs.length === 0) {
    fail('NO_INPUT', 'no table of address ranges given', {
      hint: 'Give one or more files: minesweep owners build asn-ipv4.csv asn-ipv6.csv --output owners.mmdb',
    });
  }
  const compiler = new RangeCompiler();
  let newestMs = 0;
  for (const input of inputs) {
    const { bytes, modifiedMs } = await readWhole(input);
    newestMs = Math.max(newestMs, modifiedMs);
    compiler.add(bytes.toString('utf8'), input);
  }
  const builtMs = dateMs ?? newestMs;
  const names = inputs.map((input) => path.basename(input)).join(', ');
  const credit = attribution === null ? '' : `${attribution.slice(0, MAX_ATTRIBUTION)}; `;
  const bytes = compiler.finish(
    {
      databaseType: builtTitle(names),
      description: `${credit}address ranges of ${names}, compiled by minesweep`,
      buildEpoch: builtMs / 1000,
    },
    names,
  );
  await writeWhole(output, bytes);
  const { owners: words } = catalogueOf('en');
  const { ranges, refused } = compiler.sum;
  const date = new Date(builtMs).toISOString().slice(0, 10);
  const left = Object.entries(refused)
    .filter(([, count]) => count > 0)
    .map(([reason, count]) => `  ${words.left(count, reason)}`);
  return [words.built(output, ranges, bytes.length, date), ...left, ''].join('\n');
}

/** `minesweep health FILE`: is the watch that writes this file working? For containers and for monitoring programs. */
import { fail } from '../errors.ts';
import { verdictOf } from '../watch/health.ts';
import type { Execute } from './command.ts';
import { writeAll } from './output.ts';

/** Ends as failed if it is not. Throws FILE_UNREADABLE or FILE_INVALID. */
export const runHealth: Execute = async ([file], { streams }) => {
  if (file === undefined) return fail('USAGE', 'health needs a file', { hint: 'Name the file of --health.' });
  const { isWell, line } = await verdictOf(file);
  await writeAll(streams.stdout, [`${line}\n`]);
  return isWell ? 'done' : 'failed';
};

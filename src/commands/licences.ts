/** `minesweep licences`: what is shipped with the program, with the texts of the licences; the build makes the list. */
import { builtBytes } from '../built.ts';
import { fail } from '../errors.ts';
import type { Execute } from './command.ts';
import { writeAll } from './output.ts';

/** Throws FILE_UNREADABLE if the list was removed from the installation. */
export const runLicences: Execute = async (_, { streams }) => {
  const notices =
    builtBytes('THIRD-PARTY.txt') ??
    fail('FILE_UNREADABLE', 'the list of licences is not installed', {
      hint: 'See /usr/share/doc/minesweep/copyright, or install the program again.',
    });
  await writeAll(streams.stdout, [notices.toString('utf8')]);
  return 'done';
};

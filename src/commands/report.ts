/** `minesweep report AUDIT.json`: an audit that was made before, in another format. */
import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import type { Audit } from '../audit/audit.ts';
import { auditProblem, isAudit } from '../audit/schema.ts';
import { upToDate } from '../audit/version-1.ts';
import { fail } from '../errors.ts';
import type { CommandSpec } from './command.ts';
import { createLog } from './log.ts';
import { STRICT } from './options.ts';
import { damageLines, outcomeOf, whyFailed } from './outcome.ts';
import { deliver, destinationOf } from './output.ts';
import { pseudonymsOf } from './pseudonyms.ts';

/** Prints the audit of the file, or of standard input for '-'; what it says of damage is told as the scan told it. */
export const runReport: Awaited<ReturnType<CommandSpec['load']>> = async (args, context) => {
  const destination = destinationOf(context);
  const shared = await pseudonymsOf(context.settings);
  const strict = context.settings.read(STRICT);
  const audit = await readAudit(args[0] ?? '-', context.streams.stdin);
  await deliver(shared(audit), destination, context.streams.stdout);
  const outcome = outcomeOf(audit, null, strict);
  const log = createLog(context, 'warn');
  if (outcome === 'damaged') for (const line of damageLines(audit.inputs)) log.write('warn', line);
  if (outcome === 'failed') log.write('error', whyFailed(audit));
  log.close();
  return outcome;
};

/** Reads an audit. Throws INPUT_UNREADABLE where there is no file, FILE_INVALID where it is not an audit. */
export async function readAudit(file: string, stdin: Readable): Promise<Audit> {
  const where = file === '-' ? 'standard input' : file;
  let text: string;
  try {
    text = file === '-' ? await textOf(stdin) : await readFile(file, 'utf8');
  } catch (cause) {
    if (isTooLarge(cause)) {
      return fail('FILE_INVALID', 'too large to be read again: an audit may have 512 MB', {
        where,
        hint: 'Scan or merge fewer inputs into one audit (a week in place of a month); what scan and merge write with --out has no such limit.',
        cause,
      });
    }
    const code = cause instanceof Error && 'code' in cause ? cause.code : '';
    const absent = code === 'ENOENT';
    const reason = cause instanceof Error ? cause.message : String(cause);
    if (code === 'EISDIR') {
      return fail('INPUT_UNREADABLE', 'this is a folder, not an audit', {
        where,
        hint: 'Name the audit.json in it.',
        cause,
      });
    }
    return fail('INPUT_UNREADABLE', absent ? 'no such file' : `cannot read the audit: ${reason}`, {
      where,
      hint: 'Name an audit.json that minesweep scan wrote.',
      cause,
    });
  }
  const value = upToDate(parse(text, where));
  if (isAudit(value)) return value;
  const problem = auditProblem(value);
  return fail(
    'FILE_INVALID',
    `not an audit of minesweep: ${problem?.at || 'the whole'} ${problem?.message ?? ''}`,
    {
      where,
      hint: 'Name an audit.json that minesweep scan wrote.',
    },
  );
}

/** More than one string of JavaScript holds, or one read. */
function isTooLarge(cause: unknown): boolean {
  if (cause instanceof RangeError && /string length/i.test(cause.message)) return true;
  if (!(cause instanceof Error) || !('code' in cause)) return false;
  return cause.code === 'ERR_STRING_TOO_LONG' || cause.code === 'ERR_FS_FILE_TOO_LARGE';
}

function parse(text: string, where: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    return fail('FILE_INVALID', 'not JSON', {
      where,
      hint: 'Name an audit.json that minesweep scan wrote.',
      cause,
    });
  }
}

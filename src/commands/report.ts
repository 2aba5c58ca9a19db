/** `minesweep report AUDIT.json`: an audit that was made before, in another format. */
import { narrow } from '../audit/narrow.ts';
import { readAudit } from '../audit/read-audit.ts';
import type { Execute } from './command.ts';
import { createLog } from './log.ts';
import { FAIL_ON_NOTHING } from './option-values.ts';
import { damageLines, outcomeOf, whyFailed } from './outcome.ts';
import { deliver, destinationOf, isOneScreen } from './output.ts';
import { pseudonymsOf } from './pseudonyms.ts';

/** Prints the audit of the file, or of standard input for '-'; what it says of damage is told as the scan told it. */
export const runReport: Execute = async (args, context) => {
  const destination = await destinationOf(context, args[0] === '-' ? null : (args[0] ?? null));
  const shared = await pseudonymsOf(context.settings);
  const strict = context.settings.read('strict');
  const whole = await readAudit(args[0] ?? '-', context.streams.stdin);
  const asked = context.settings.read('undecided');
  const isLacking = asked !== null && whole.coverage.undecided === undefined;
  if (asked !== null) whole.coverage.undecided?.splice(asked);
  const audit = await narrow(whole, destination.filter);
  await deliver(shared(audit), destination, context);
  const outcome = outcomeOf(audit, FAIL_ON_NOTHING, strict);
  const log = await createLog(context, 'warn');
  if (isLacking) log.write('warn', 'the audit does not list what could not be judged: scan with --undecided');
  if (outcome === 'damaged' && !isOneScreen(destination, context.streams))
    for (const line of damageLines(audit.inputs)) log.write('warn', line);
  if (outcome === 'failed') log.write('error', whyFailed(audit));
  log.close();
  return outcome;
};

/** `minesweep merge AUDIT.json...`: several audits to the one that a single scan of all their inputs would give. */
import type { Audit } from '../audit/audit.ts';
import { narrow } from '../audit/narrow.ts';
import { readAudit } from '../audit/read-audit.ts';
import type { MergePart } from '../merge/parts.ts';
import type { CommandContext, Execute } from './command.ts';
import { createLog } from './log.ts';
import { damageLines, outcomeOf, whyFailed } from './outcome.ts';
import { deliver, destinationOf } from './output.ts';
import { pseudonymsOf } from './pseudonyms.ts';
import { generatedAt, judgedBy } from './request.ts';

/** Merges the audits of the files. Throws FILE_INVALID if they cannot be merged. */
export const runMerge: Execute = async (files, context) => {
  const { settings } = context;
  const destination = await destinationOf(context);
  const shared = await pseudonymsOf(settings);
  const failOn = settings.read('fail-on');
  const strict = settings.read('strict');
  const log = await createLog(context);
  try {
    const { merge } = await import('../merge/merge.ts');
    const audit = await merge(partsOf(files, context), {
      ...(await judgedBy(context)),
      ...generatedAt(context.env),
      log: (messageLevel, message) => log.write(messageLevel, message),
    });
    for (const line of damageLines(audit.inputs)) log.write('warn', line);
    const part = await narrow(audit, destination.filter);
    await deliver(shared(part), destination, context);
    const outcome = outcomeOf(part, failOn, strict);
    if (outcome === 'failed') log.write('error', whyFailed(audit));
    return outcome;
  } finally {
    log.close();
  }
};

/** Files are read when their turn comes, so that many of them need no more room than one. */
function partsOf(files: readonly string[], { streams }: CommandContext): MergePart[] {
  return files.map((file) => {
    if (file !== '-') return { where: file, read: () => readAudit(file, streams.stdin) };
    // Standard input can be read once only.
    let read: Promise<Audit> | null = null;
    return {
      where: 'standard input',
      read: () => {
        read ??= readAudit(file, streams.stdin);
        return read;
      },
    };
  });
}

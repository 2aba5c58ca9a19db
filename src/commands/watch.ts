/** `minesweep watch FOLDER...`: an audit kept current while files rotate in, one closed for each period, and alerts. */
import path from 'node:path';
import { parseSmtpUrl } from '../alerts/send-target.ts';
import type { Audit } from '../audit/audit.ts';
import { readAccepted } from '../cases/accept.ts';
import { fail } from '../errors.ts';
import { isFolder } from '../given-file.ts';
import { withLock } from '../lock.ts';
import { Health } from '../watch/health.ts';
import type { CommandContext, Execute } from './command.ts';
import { createLog, type Log } from './log.ts';
import { listAsAsked, MOST_UNDECIDED, newsOfNight, whyNoNight } from './nightly.ts';
import { FAIL_ON_NOTHING } from './option-values.ts';
import { isDamagedNight, outcomeOf } from './outcome.ts';
import { destinationOf } from './output.ts';
import { pseudonymsOf } from './pseudonyms.ts';
import { requestOf } from './request.ts';
import { onceStopped } from './signals.ts';
import { alertsOf } from './watch-alerts.ts';

export const runWatch: Execute = async (inputs, context) => {
  const { settings } = context;
  const { folder } = await destinationOf(context);
  if (folder === null) fail('USAGE', 'watch needs --out', { hint: 'Name the folder for its audits.' });
  await checkUse(inputs, context);
  const shared = await pseudonymsOf(settings);
  const stateFile = settings.read('state');
  const log = await createLog(context);
  const alerts = await alertsOf(context, log);
  const { watch } = await import('../watch/watch.ts');
  const { makeFolder } = await import('../report/files.ts');
  // Before the state is locked, which may lie there. Why it cannot be made is said when an audit is written.
  await makeFolder(folder).catch(() => {});
  const health = healthOf(context, log, () => alerts.unsent());
  const writeAudit = await auditWriter(context, log, health);
  const reload = { wanted: false };
  const onHangUp = (): void => {
    reload.wanted = true;
    alerts.reopen();
  };
  process.on('SIGHUP', onHangUp);
  const stop = new AbortController();
  const release = onceStopped(() => {
    log.write('info', 'stopping; a second signal quits at once');
    stop.abort();
  });
  try {
    const follow = async (): Promise<boolean> => {
      health.begin();
      alerts.begin();
      return watch(
        {
          ...(await requestOf(context)),
          // Whether a case is gone depends on what of its machine stayed open.
          undecided: settings.read('cases') === null ? 0 : MOST_UNDECIDED,
          inputs,
          hash: false,
          stateFile,
          period: settings.read('period'),
          everyUs: settings.read('every'),
          quietUs: settings.read('quiet-time'),
          expectUs: settings.read('expect'),
          signal: stop.signal,
          health,
          log: (level, message) => log.write(level, message),
          onAudit: async (found, closed, isDue) => {
            const { undecided = [] } = found.coverage;
            listAsAsked(found, null);
            const audit = shared(found);
            const failure = await alerts.tell(audit).catch((cause: Error) => cause);
            if (isDue) await writeAudit(audit, closed);
            // The cases are of real machines, whatever is shared.
            if (closed !== null)
              await endNight({ ...found, coverage: { ...found.coverage, undecided } }, context, log);
            if (failure !== undefined)
              throw new Error(`an alert could not be sent: ${failure.message}; it is tried again`);
          },
        },
        reload,
      );
    };
    // Two watches would overwrite each other's audits, and each night would be told twice.
    const casesFile = settings.read('cases');
    const waiting = { log: log.write, signal: stop.signal };
    const alone = (): Promise<boolean> =>
      casesFile === null ? follow() : withLock(`${casesFile}.watch`, follow, waiting);
    return (await withLock(path.join(folder, '.watch'), alone, waiting)) ? 'done' : 'failed';
  } finally {
    process.off('SIGHUP', onHangUp);
    release();
    await alerts.end();
    await health.end();
    log.close();
  }
};

function healthOf({ settings, env }: CommandContext, log: Log, unsent: () => number): Health {
  const tell = (level: 'info' | 'warn' | 'error', message: string): void => log.write(level, message);
  const isUnderSystemd = env.NOTIFY_SOCKET !== undefined;
  return new Health(settings.read('health'), settings.read('expect'), tell, unsent, isUnderSystemd);
}

/** Writes the files of an audit: in the folder of --out, or of a period that is closed in one of its name there. */
async function auditWriter(context: CommandContext, log: Log, health: Health) {
  const { folder, page, mode } = await destinationOf(context);
  const { writeReportFiles } = await import('../report/files.ts');
  return async (audit: Audit, closed: string | null): Promise<void> => {
    const place = path.join(folder ?? '', closed ?? '');
    await writeReportFiles(audit, place, page, mode);
    health.audited();
    log.write('info', `${place}: the audit is written`);
  };
}

/** Throws USAGE for what cannot be watched, and for options that do not go together. */
async function checkUse(inputs: readonly string[], { settings, env }: CommandContext): Promise<void> {
  if (inputs.includes('-') && inputs.length > 1)
    fail('USAGE', 'standard input cannot be watched together with folders', { hint: 'Name - or folders.' });
  for (const input of inputs.filter((each) => each !== '-')) {
    if (!(await isFolder(input)))
      fail('USAGE', 'there is no such folder', { where: input, hint: 'Make it, or correct the path.' });
  }
  const casesFile = settings.read('cases');
  if (settings.read('send').length > 0 && casesFile === null)
    fail('USAGE', '--send needs --cases', { hint: 'Name the file that keeps what is known.' });
  parseSmtpUrl(env.MINESWEEP_SMTP_URL);
  const accept = settings.read('accept');
  if (accept !== null) await readAccepted(accept);
  if (casesFile !== null && settings.read('period') !== 'day')
    fail('USAGE', '--cases are kept by day', { hint: 'Leave out --period hour.' });
}

/** A period is over: what it brought to the cases, told in one digest. */
async function endNight(audit: Audit, context: CommandContext, log: Log): Promise<void> {
  const casesFile = context.settings.read('cases');
  if (casesFile === null) return;
  const why = whyNoNight(audit);
  if (why !== null) {
    log.write('warn', why);
    return;
  }
  await withLock(casesFile, async () => {
    const isDamaged = isDamagedNight(audit, outcomeOf(audit, FAIL_ON_NOTHING, false));
    const { save, send } = await newsOfNight(audit, casesFile, isDamaged, context);
    await save();
    await send(log);
  });
}

/**
 * `minesweep nightly INPUT... --cases FILE`: a scan, compared with what is known; only news is told. A run that fails or is
 * interrupted leaves the file as it was, so that the next one compares with the last good night.
 */
import path from 'node:path';
import type { Audit } from '../audit/audit.ts';
import { fail } from '../errors.ts';
import { withLock } from '../lock.ts';
import type { CommandContext, CommandSpec } from './command.ts';
import { createLog, type Log } from './log.ts';
import {
  CASES,
  FAIL_ON,
  GONE_AFTER,
  LOG_LEVEL,
  MAIL_FROM,
  QUIET,
  SEND,
  SEND_ALWAYS,
  STRICT,
} from './options.ts';
import { outcomeOf, whyFailed } from './outcome.ts';
import { destinationOf, formatAmong, isFiltered, writeAll, writeFiles } from './output.ts';
import { scanned } from './scan.ts';

export const runNightly: Awaited<ReturnType<CommandSpec['load']>> = async (inputs, context) => {
  const { settings, streams } = context;
  const file = settings.read(CASES);
  if (file === null)
    fail('USAGE', 'nightly needs --cases', { hint: 'Name the file that keeps what is known.' });
  const destination = await destinationOf(context);
  if (isFiltered(destination.filter)) {
    fail(
      'USAGE',
      'cases are kept of all hosts: --host, --department, --verdict and --pool are not for nightly',
      {
        hint: 'Filter the audit of --out with minesweep report.',
      },
    );
  }
  const { NIGHT_FORMATS } = await import('../report/night.ts');
  const format =
    (await formatAmong(context, Object.keys(NIGHT_FORMATS), 'a night is not printed as')) ??
    (streams.stdout.isTTY === true ? 'table' : 'json');
  const render = NIGHT_FORMATS[format];
  const strict = settings.read(STRICT);
  const log = await createLog(context, settings.read(QUIET) ? 'error' : settings.read(LOG_LEVEL));
  try {
    return await withLock(file, async () => {
      const settle = await casesOf(file, context);
      const audit = await scanned(inputs, context, destination.folder !== null);
      const outcome = outcomeOf(audit, null, strict);
      if (outcome === 'failed' || outcome === 'interrupted') {
        if (outcome === 'failed') log.write('error', whyFailed(audit));
        return outcome;
      }
      const { night, save, send } = await settle(audit, outcome === 'damaged');
      const ofNight = (folder: string | null): string | null =>
        folder === null ? null : path.join(folder, night.date);
      await writeFiles(audit, {
        ...destination,
        folder: ofNight(destination.folder),
        packs: ofNight(destination.packs),
      });
      await save();
      await writeAll(streams.stdout, await render(night, destination.page));
      const isSent = await send(log);
      if (!isSent) return 'failed';
      return night.matched ? 'matched' : outcome;
    });
  } finally {
    log.close();
  }
};

/**
 * Reads the cases now, so that what is wrong with them is told before the scan, and takes in the night of an audit later.
 * What could not be sent is in the file before anything is sent, and goes when it was.
 */
export async function casesOf(file: string, context: CommandContext) {
  const { settings, env } = context;
  const { readCases, writeCases } = await import('../cases/file.ts');
  const { takeNight } = await import('../cases/night.ts');
  const cases = await readCases(file);
  const [targets, always] = [settings.read(SEND), settings.read(SEND_ALWAYS)];
  const { page } = await destinationOf(context);
  const options = {
    failOn: settings.read(FAIL_ON) ?? 'probable',
    goneAfter: settings.read(GONE_AFTER),
    zone: page.zone,
  } as const;
  return async (audit: Audit, damaged: boolean) => {
    const night = takeNight(cases, audit, { ...options, damaged });
    const isTold = night.news.length > 0 || always;
    for (const to of isTold ? targets : []) cases.unsent.push({ to, night });
    const save = (): Promise<void> => writeCases(file, cases);
    const send = async (log: Log): Promise<boolean> => {
      if (targets.length === 0) return true;
      const { sendDigest, shownTarget } = await import('../alerts/send.ts');
      const { digestText } = await import('../report/night.ts');
      const mail = { smtpUrl: env.MINESWEEP_SMTP_URL ?? null, from: settings.read(MAIL_FROM) };
      let isSent = true;
      for (const to of targets) {
        const nights = cases.unsent.filter((each) => each.to === to).map((each) => each.night);
        if (nights.length === 0) continue;
        try {
          const data = nights.at(-1) ?? night;
          await sendDigest(to, { ...digestText(nights, page), data }, mail);
          cases.unsent = cases.unsent.filter((each) => each.to !== to);
          await save();
        } catch (cause) {
          isSent = false;
          const why = cause instanceof Error ? cause.message : String(cause);
          log.write('error', `${shownTarget(to)}: not sent, it is tried again with the next night: ${why}`);
        }
      }
      return isSent;
    };
    return { night, save, send };
  };
}

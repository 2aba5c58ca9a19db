/**
 * `minesweep nightly INPUT... --cases FILE`: a scan, compared with what is known; only news is told. A run that fails or is
 * interrupted leaves the file as it was, so that the next one compares with the last good night.
 */
import path from 'node:path';
import { parseSmtpUrl } from '../alerts/send-target.ts';
import type { Audit } from '../audit/audit.ts';
import { narrowTo } from '../audit/narrow.ts';
import { readerOf } from '../audit/reader.ts';
import { readAccepted } from '../cases/accept.ts';
import { casesText, readCases } from '../cases/file.ts';
import { minersServers } from '../cases/miners-servers.ts';
import { fail, reasonOf } from '../errors.ts';
import { withLock } from '../lock.ts';
import { FORMATS_OF_HOSTS, renderAudit } from '../report/index.ts';
import { statement } from '../statements/index.ts';
import { writeWhole } from '../whole-file.ts';
import type { CommandContext, Execute } from './command.ts';
import { createLog, type Log } from './log.ts';
import { FAIL_ON_NOTHING } from './option-values.ts';
import { isDamagedNight, outcomeOf, whyFailed } from './outcome.ts';
import { appendSummary, destinationOf, formatAmong, isFiltered, writeAll, writeFiles } from './output.ts';
import { scanned } from './scan.ts';

const DAY_MS = 86_400_000;
/** Conversations that could not be judged of which a night knows the hosts. */
export const MOST_UNDECIDED = 100_000;

export const runNightly: Execute = async (inputs, context) => {
  const { settings, streams } = context;
  const file = settings.read('cases');
  if (file === null)
    fail('USAGE', 'nightly needs --cases', { hint: 'Name the file that keeps what is known.' });
  const destination = await destinationOf(context);
  if (isFiltered(destination.filter)) {
    fail(
      'USAGE',
      'cases are kept of all hosts: --host, --department, --verdict and --pool are not for nightly',
      { hint: 'Filter the audit of --out with minesweep report.' },
    );
  }
  if (settings.read('state') !== null)
    fail('USAGE', '--state adds up nights, and cases need each for itself', { hint: 'Leave out --state.' });
  parseSmtpUrl(context.env.MINESWEEP_SMTP_URL);
  const { NIGHT_FORMATS, nightSummary } = await import('../report/night.ts');
  const formats = [...Object.keys(NIGHT_FORMATS), ...FORMATS_OF_HOSTS];
  const format =
    (await formatAmong(context, formats, 'a night is not printed as')) ??
    (streams.stdout.isTTY === true ? 'table' : 'json');
  const render = NIGHT_FORMATS[format];
  const strict = settings.read('strict');
  const log = await createLog(context);
  try {
    // What is wrong with the file is told before the scan. It is not locked meanwhile: people may judge cases.
    const known = await withLock(file, () => readCases(file), { log: log.write });
    const accept = settings.read('accept');
    if (accept !== null) await readAccepted(accept);
    const audit = await scanned(inputs, context, destination.folder !== null, {
      undecided: MOST_UNDECIDED,
      minersServers: minersServers(known),
    });
    const outcome = outcomeOf(audit, FAIL_ON_NOTHING, strict);
    if (outcome === 'interrupted') return outcome;
    const why = outcome === 'failed' ? whyFailed(audit) : whyNoNight(audit);
    if (why !== null) {
      log.write('error', why);
      return 'failed';
    }
    return await withLock(file, async () => {
      const isDamaged = isDamagedNight(audit, outcome);
      const { night, save, send, page } = await newsOfNight(audit, file, isDamaged, context);
      listAsAsked(audit, settings.read('undecided'));
      const ofNight = (folder: string | null): string | null =>
        folder === null ? null : path.join(folder, night.date);
      await writeFiles(audit, {
        ...destination,
        folder: ofNight(destination.folder),
        packs: ofNight(destination.packs),
        page: { ...page, night },
      });
      const told = new Set(night.news.map((news) => news.case.machine.ip));
      const part = narrowTo(
        audit,
        audit.hosts.filter(({ ip }) => told.has(ip)),
      );
      const news = { ...part, notes: [...part.notes, statement('news-alone')] };
      // News that nobody could read is news again in the next night.
      await writeAll(
        streams.stdout,
        render === undefined
          ? await renderAudit(format, news, page)
          : await render(night, page, accept ?? file),
      );
      if (format === 'github') await appendSummary(context, await nightSummary(night, page));
      await save();
      if (!(await send(log))) return 'failed';
      return night.matched ? 'matched' : outcome;
    });
  } finally {
    log.close();
  }
};

/** Leaves of the conversations that could not be judged those that are listed if so many are asked for; null: none. */
export function listAsAsked({ coverage }: Audit, asked: number | null): void {
  if (asked === null) delete coverage.undecided;
  else coverage.undecided?.splice(asked);
}

/** Why nothing can be compared; null if it can. */
export function whyNoNight({ window, notes }: Pick<Audit, 'window' | 'notes'>): string | null {
  if (window.end === null) {
    const others = notes.filter(({ code }) => code === 'outside-times' || code === 'files-outside');
    const why = others.map(({ text }) => `; ${text}`).join('');
    return `there is no traffic of this night: nothing was compared${why}`;
  }
  if (Date.parse(window.end) <= Date.now() + DAY_MS) return null;
  return `this night ends in the future, at ${window.end}: a clock is wrong; nothing was compared`;
}

/** How mails are sent. Throws USAGE. */
export function mailOptions({ settings, env }: CommandContext) {
  return { smtpUrl: parseSmtpUrl(env.MINESWEEP_SMTP_URL), from: settings.read('mail-from') };
}

/**
 * Takes the night of an audit into the cases of the file. What could not be sent is in the file before anything is sent, and
 * goes when it was.
 */
export async function newsOfNight(audit: Audit, file: string, damaged: boolean, context: CommandContext) {
  const { settings } = context;
  const { addNight } = await import('../cases/night.ts');
  const cases = await readCases(file);
  const acceptFile = settings.read('accept');
  const [targets, always] = [settings.read('send'), settings.read('send-always')];
  const { page: asked, format } = await destinationOf(context);
  const isPipeline = acceptFile !== null || ['github', 'sarif', 'junit'].includes(format);
  const page = { ...asked, reader: asked.reader ?? (isPipeline ? 'ci' : readerOf(audit, null)) } as const;
  const night = addNight(cases, audit, {
    failOn: settings.read('fail-on').verdict ?? 'probable',
    failOnNew: settings.read('fail-on-new'),
    accepted: acceptFile === null ? [] : await readAccepted(acceptFile),
    undecided: settings.read('undecided'),
    failOnUndecided: settings.read('fail-on').undecided,
    goneAfter: settings.read('gone-after'),
    zone: page.zone,
    damaged,
  });
  const isTold = night.news.length > 0 || always;
  for (const { id } of isTold ? targets : []) cases.unsent.push({ to: id, night });
  const save = (): Promise<void> => writeWhole(file, casesText(cases), { mode: 0o600, part: `${file}.part` });
  const send = async (log: Log): Promise<boolean> => {
    if (cases.unsent.length === 0) return true;
    const { sendPatiently } = await import('../alerts/send.ts');
    const { digestOf } = await import('../report/night.ts');
    const mail = mailOptions(context);
    for (const to of new Set(cases.unsent.map((each) => each.to)))
      if (!targets.some(({ id }) => id === to))
        log.write('warn', `${to}: unsent news waits in ${file}; name it with --send to send it`);
    let isSent = true;
    for (const target of targets) {
      try {
        for (const each of cases.unsent.filter(({ to }) => to === target.id)) {
          await sendPatiently(target, digestOf(each.night, page), mail);
          cases.unsent = cases.unsent.filter((other) => other !== each);
          await save();
        }
      } catch (cause) {
        isSent = false;
        log.write(
          'error',
          `${target.id}: not sent, it is tried again with the next night: ${reasonOf(cause)}`,
        );
      }
    }
    return isSent;
  };
  return { night, save, send, page };
}

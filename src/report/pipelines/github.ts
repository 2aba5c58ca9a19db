/**
 * Annotations of GitHub Actions, by its workflow commands (docs.github.com, "Workflow commands"): an error for a host that
 * mines, a warning or a notice for less. GitHub shows ten of a kind; the last one counts the others.
 */
import type { Audit, Verdict } from '../../audit/audit.ts';
import { isMiner } from '../../audit/miners.ts';
import { marksText } from '../../audit/pseudonyms.ts';
import type { Night } from '../../cases/case.ts';
import { escapeTerminal } from '../../escape.ts';
import { catalogueOf } from '../../statements/catalogue.ts';
import type { ReportText } from '../../statements/codes.ts';
import type { ReportOptions } from '../format.ts';
import { nightRemarks, nightTitle } from '../night-rows.ts';
import { headline, whyIncomplete } from '../summary.ts';
import { type Finding, findingsOf, findingsOfNight } from './findings.ts';

const MOST = 10;
const LEVELS = ['error', 'warning', 'notice'] as const;
type Level = (typeof LEVELS)[number];

export function* renderGithub(
  audit: Audit,
  { language, reader }: Pick<ReportOptions, 'language' | 'reader'>,
): Generator<string> {
  const text = catalogueOf(language, reader ?? 'ci');
  if (!audit.coverage.complete) yield command('warning', text.plain.title, whyIncomplete(audit, text));
  yield command('notice', text.plain.title, headline(audit, text));
  const marks = marksText(audit);
  if (marks !== '') yield command('notice', text.plain.title, marks);
  yield* annotations(findingsOf(audit, text), text);
}

export function* renderNightGithub(
  night: Night,
  { language, reader }: Pick<ReportOptions, 'language' | 'reader'>,
  file: string,
): Generator<string> {
  const text = catalogueOf(language, reader ?? 'ci');
  if (!night.complete) yield command('warning', text.plain.title, text.night.incomplete);
  yield command('notice', nightTitle(night, text), nightRemarks(night, text).join(' '));
  yield* annotations(findingsOfNight(night, file, text), text);
}

function* annotations(findings: readonly Finding[], text: ReportText): Generator<string> {
  for (const level of LEVELS) {
    const own = findings.filter(({ verdict }) => levelOf(verdict) === level);
    for (const [i, { verdict, message }] of own.slice(0, MOST).entries()) {
      const left = i === MOST - 1 ? own.length - MOST : 0;
      const more = left === 0 ? '' : ` ${text.night.moreLines(left)}`;
      yield command(level, text.alert.title(text.verdict[verdict]), `${message}${more}`);
    }
  }
}

function levelOf(verdict: Verdict): Level {
  if (isMiner(verdict)) return 'error';
  return verdict === 'listed' ? 'notice' : 'warning';
}

function command(level: Level, title: string, message: string): string {
  const property = escaped(title).replaceAll(':', '%3A').replaceAll(',', '%2C');
  return `::${level} title=${property}::${escaped(message)}\n`;
}

/** One line, that ends no command and begins none. */
function escaped(said: string): string {
  return escapeTerminal(said).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

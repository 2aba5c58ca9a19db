/**
 * The audit as plain text for a ticket or a mail: what was found, then a line for every host, grouped by department with
 * its contact, with what to do about it; then the totals.
 */
import type { Audit } from '../audit/audit.ts';
import { readerOf } from '../audit/reader.ts';
import { escapeTerminal } from '../escape.ts';
import { push } from '../order.ts';
import { catalogueOf } from '../statements/catalogue.ts';
import type { ReportText } from '../statements/codes.ts';
import { byteCount } from '../statements/figures.ts';
import type { ReportOptions } from './format.ts';
import { type Phrase, printable } from './phrase.ts';
import { type HostRow, hostRows, totalRateRows } from './rows.ts';
import { selectedHosts } from './selection.ts';
import { coverageText, verdictCounts, warningsOf, windowText } from './summary.ts';
import { extrapolatedFrom } from './survey.ts';
import { clipEnd, wrap } from './width.ts';

const RATES_SHOWN = 2;
/** Columns of our sentences in a ticket or a mail, and of a line with texts of others. */
export const WIDEST = 120;
export const WIDEST_LINE = 200;

/** A line of a list, and under which heading it stands. */
export interface TicketLine {
  /** Null if no owners table was given; empty for a host without a department. */
  readonly department: Phrase | null;
  readonly contact: Phrase;
  readonly line: string;
}

/** The ticket. Our own sentences are wrapped; lines with texts of others are cut, so that nobody can add lines. */
export function* renderTicket(audit: Audit, options: ReportOptions): Generator<string> {
  const text = catalogueOf(options.language, readerOf(audit, options.reader));
  const hosts = selectedHosts(audit, options.selection);
  const more = audit.hosts.length - hosts.length;
  const below = hosts.length === 0 ? [] : ['', text.ticket.doDetails];
  for (const line of [
    ...headLines(audit, options, text),
    ...ticketLines(audit, options, text),
    ...(more > 0 ? ['', text.ticket.more(more)] : []),
    ...totalLines(audit, text),
    ...below,
  ])
    yield `${clipEnd(line, WIDEST_LINE)}\n`;
}

/** A line for each host that is shown, by department, cut where texts of others are too long. */
export function ticketLines(audit: Audit, options: ReportOptions, text: ReportText): string[] {
  const hosts = selectedHosts(audit, options.selection);
  const isTabled = audit.hosts.some(({ owner }) => owner.department != null);
  const rows = hostRows(audit, hosts, text, options.zone).map((row) => ({
    department: isTabled ? row.department : null,
    contact: row.contact,
    line: hostLine(row, text),
  }));
  return groupedLines(rows, text).map((line) => clipEnd(line, WIDEST_LINE));
}

/** The lines by department, each with a heading that names its contact, departments in order of their first line, none last. */
export function groupedLines(rows: readonly TicketLine[], text: ReportText): string[] {
  const groups = new Map<string, string[]>();
  const isNone = ({ department }: TicketLine): boolean => department !== null && printable(department) === '';
  for (const { department, contact, line } of rows.toSorted(
    (a, b) => Number(isNone(a)) - Number(isNone(b)),
  )) {
    const name = department === null ? '' : printable(department) || text.summary.noDepartment;
    const title = contact.length === 0 ? name : `${name}${text.bracketed(printable(contact))}`.trim();
    push(groups, title, line);
  }
  return [...groups].flatMap(([title, lines]) => [
    '',
    ...(title === '' ? [] : [`${title}${text.colon.trimEnd()}`]),
    ...lines,
  ]);
}

function headLines(audit: Audit, { zone }: ReportOptions, text: ReportText): string[] {
  const { ticket, label, colon } = text;
  const { low, high } = audit.totals.machines;
  const lines = [
    ticket.title(audit.totals.minerAddresses, text.count.machines(low, high)),
    `${label.window}${colon}${windowText(audit, zone, text)}`,
  ];
  for (const warning of warningsOf(audit, text)) lines.push(...wrap(escapeTerminal(warning), WIDEST));
  for (const note of audit.notes) {
    if (!note.code.startsWith('pseudonyms-')) continue;
    lines.push(...wrap(escapeTerminal(text.translate(note)), WIDEST).slice(0, 2));
  }
  lines.push(...wrap(`${label.coverage}${colon}${coverageText(audit, text)}`, WIDEST));
  if (audit.hosts.length > 0) lines.push(`${label.hosts}${colon}${verdictCounts(audit, text)}`);
  return lines;
}

function totalLines(audit: Audit, text: ReportText): string[] {
  const { label, colon, comma, semicolon, ticket } = text;
  if (audit.hosts.length === 0) return [];
  const { bytesOut, bytesIn } = audit.totals.traffic;
  const lines = ['', `${label.traffic}${colon}${byteCount(bytesOut + bytesIn)}`];
  const rates = totalRateRows(audit, text).filter(({ isHeadline }) => isHeadline);
  if (rates.length > 0) {
    const each = rates
      .slice(0, RATES_SHOWN)
      .map(({ algorithm, rate, hosts }) => `${printable(algorithm)} ${rate}${comma}${hosts}`);
    if (rates.length > each.length) each.push(ticket.moreAlgorithms(rates.length - each.length));
    lines.push(`${label.hashrate}${colon}${each.join(semicolon)}`);
  }
  const { power } = audit.totals;
  if (power !== null) {
    const [watts, kwh] = text.figures.power(power);
    lines.push(
      `${label.power}${colon}${watts}${comma}${text.ticket.aDay(kwh, extrapolatedFrom(audit, text))}`,
    );
  }
  return lines;
}

/** Who, since when, how sure, how much, what to do; last what may be long. */
function hostLine(row: HostRow, text: ReportText): string {
  // Whoever looks for the machine needs its name, or else its hardware address.
  const machine = printable(row.machine[1] ?? []);
  const facts = [
    `${printable(row.ip)}${machine === '' ? '' : text.bracketed(machine)}`,
    text.verdict[row.verdict],
    text.ticket.since(printable(row.since[0])),
    printable(row.hashrate[2] ?? row.hashrate[0]),
    printable(row.power.at(-1) ?? []),
  ];
  const after = [printable(row.pool.at(-1) ?? []), printable(row.account.at(-1) ?? [])];
  return listLine([facts, [printable(row.action)], after], text);
}

/** A line of a list: groups of facts, without the empty ones. */
export function listLine(groups: readonly (readonly string[])[], { comma, semicolon }: ReportText): string {
  const join = (words: readonly string[], between: string): string =>
    words.filter((word) => word !== '').join(between);
  return `- ${join(
    groups.map((facts) => join(facts, comma)),
    semicolon,
  )}`;
}

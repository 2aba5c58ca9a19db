/** The audit in at most twenty lines of plain text, for a ticket or a mail: totals, the first hosts, what to do. */
import { type Audit, type AuditHost, VERDICTS } from '../audit/audit.ts';
import { isMiner, minersOf } from '../audit/miners.ts';
import { escapeTerminal } from '../escape.ts';
import { catalogueOf } from '../statements/catalogue.ts';
import type { ReportText } from '../statements/en/report.ts';
import { byteCount, interval, significant } from './figures.ts';
import type { ReportOptions } from './format.ts';
import { type Phrase, render } from './phrase.ts';
import { type HostRow, hostRows, totalRateRows } from './rows.ts';
import { selectedHosts } from './selection.ts';
import { coverageText, nothingFound, partialWarning, verdictCounts, windowText } from './summary.ts';
import { clipEnd, wrap } from './width.ts';

const LINES = 20;
const HOSTS_SHOWN = 8;
const FEWEST_HOSTS = 3;
const RATES_SHOWN = 2;
const WIDEST = 120;

const printable = (phrase: Phrase): string => render(phrase, escapeTerminal);

/** The ticket. Our own sentences are wrapped; lines with texts of others are cut, so that nobody can add lines. */
export function* renderTicket(audit: Audit, options: ReportOptions): Generator<string> {
  const text = catalogueOf(options.language);
  const above = totalLines(audit, options, text);
  const hosts = selectedHosts(audit, options.selection);
  const below = hosts.length === 0 ? [] : ['', ...wrap(todo(audit, hosts, text), WIDEST)];
  // A blank line above the hosts, and one for those that are not shown.
  const room = LINES - above.length - below.length - 2;
  const shown = hosts.slice(0, Math.min(HOSTS_SHOWN, Math.max(FEWEST_HOSTS, room)));
  const rows = hostRows(audit, shown, text).map((row) => hostLine(row, text));
  if (hosts.length > shown.length) rows.push(text.ticket.more(hosts.length - shown.length));
  if (rows.length > 0) rows.unshift('');
  for (const line of [...above, ...rows, ...below]) yield `${clipEnd(line, WIDEST)}\n`;
}

function totalLines(audit: Audit, { zone }: ReportOptions, text: ReportText): string[] {
  const { ticket, label, colon, comma, semicolon } = text;
  const lines = [
    ticket.title(audit.totals.minerAddresses),
    `${label.window}${colon}${windowText(audit, zone, text)}`,
  ];
  for (const warning of [partialWarning(audit, text), nothingFound(audit, text)]) {
    if (warning !== null) lines.push(escapeTerminal(warning));
  }
  for (const note of audit.notes) {
    if (!note.code.startsWith('pseudonyms-')) continue;
    lines.push(...wrap(escapeTerminal(text.translate(note)), WIDEST).slice(0, 2));
  }
  lines.push(...wrap(`${label.coverage}${colon}${coverageText(audit, text)}`, WIDEST));
  if (audit.hosts.length === 0) return lines;
  lines.push(`${label.hosts}${colon}${verdictCounts(audit, text)}`);
  const { bytesOut, bytesIn } = audit.totals.traffic;
  lines.push(`${label.traffic}${colon}${byteCount(bytesOut + bytesIn)}`);
  const rates = totalRateRows(audit, text).filter(({ isHeadline }) => isHeadline);
  if (rates.length > 0) {
    const each = rates.slice(0, RATES_SHOWN).map((row) => `${printable(row.algorithm)} ${row.rate}`);
    if (rates.length > each.length) each.push(ticket.moreAlgorithms(rates.length - each.length));
    lines.push(`${label.hashrate}${colon}${each.join(semicolon)}`);
  }
  const { power } = audit.totals;
  if (power !== null) {
    const watts = interval(power.watts, power.wattsLow, power.wattsHigh, 'W');
    lines.push(`${label.power}${colon}${watts}${comma}${significant(power.kwhPerDay)} kWh/day`);
  }
  return lines;
}

function hostLine(row: HostRow, { verdict, comma }: ReportText): string {
  const cells = [
    printable(row.ip),
    verdict[row.verdict],
    printable(row.department),
    printable(row.hashrate[0]),
    printable(row.power[row.power.length - 1] ?? ['']),
    printable(row.pool.at(-1) ?? []),
    printable(row.account.at(-1) ?? []),
  ];
  return `- ${cells.filter((cell) => cell !== '').join(comma)}`;
}

/** What to do about the strongest verdict among the hosts shown. */
function todo(audit: Audit, hosts: readonly AuditHost[], { ticket }: ReportText): string {
  const miners = minersOf(audit).length;
  const strongest = VERDICTS.find((verdict) => hosts.some((host) => host.verdict === verdict));
  if (strongest !== undefined && isMiner(strongest)) {
    const hijacked = hosts.some(({ owner, verdict }) => isMiner(verdict) && owner.intent === 'hijacked');
    return hijacked ? ticket.doHijacked : ticket.doMiners;
  }
  return miners === 0 ? ticket.doSuspects : ticket.doMiners;
}

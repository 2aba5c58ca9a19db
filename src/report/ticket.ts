/** The audit in at most twenty lines of plain text, for a ticket or a mail: totals, the first hosts, what to do. */
import { type Audit, type AuditHost, VERDICTS } from '../audit/audit.ts';
import { isMiner, minersOf } from '../audit/miners.ts';
import { escapeTerminal } from '../escape.ts';
import { byteCount, interval, significant } from './figures.ts';
import type { ReportOptions } from './format.ts';
import { type Phrase, render } from './phrase.ts';
import { hostRows, totalRateRows } from './rows.ts';
import { selectedHosts } from './selection.ts';
import { coverageText, nothingFound, partialWarning, verdictCounts, windowText } from './summary.ts';
import { textIn } from './text/catalogue.ts';
import type { ReportText } from './text/en.ts';
import { clipEnd } from './width.ts';

const HOSTS_SHOWN = 8;
const RATES_SHOWN = 3;
const WIDEST = 120;

const printable = (phrase: Phrase): string => render(phrase, escapeTerminal);

/** The ticket. */
export function* renderTicket(audit: Audit, options: ReportOptions): Generator<string> {
  for (const line of linesOf(audit, options)) yield `${clipEnd(line, WIDEST)}\n`;
}

function* linesOf(audit: Audit, options: ReportOptions): Generator<string> {
  const text = textIn(options.language);
  const { ticket, label, colon } = text;
  yield ticket.title(audit.totals.minerAddresses);
  yield `${label.window}${colon}${windowText(audit, options.zone, text)}`;
  for (const warning of [partialWarning(audit, text), nothingFound(audit, text)]) {
    if (warning !== null) yield escapeTerminal(warning);
  }
  for (const note of audit.notes) {
    if (note.code.startsWith('pseudonyms-')) yield escapeTerminal(text.translate(note));
  }
  yield `${label.coverage}${colon}${coverageText(audit, text)}`;
  if (audit.hosts.length === 0) return;
  yield `${label.hosts}${colon}${verdictCounts(audit, text)}`;
  const { bytesOut, bytesIn } = audit.totals.traffic;
  yield `${label.traffic}${colon}${byteCount(bytesOut + bytesIn)}`;
  const rates = totalRateRows(audit, text).slice(0, RATES_SHOWN);
  if (rates.length > 0) {
    const each = rates.map((row) => `${printable(row.algorithm)} ${row.rate}`);
    yield `${label.hashrate}${colon}${each.join(text.semicolon)}`;
  }
  const { power } = audit.totals;
  if (power !== null) {
    yield `${label.power}${colon}${interval(power.watts, power.wattsLow, power.wattsHigh, 'W')}${text.comma}${significant(power.kwhPerDay)} kWh/d`;
  }
  yield '';
  const hosts = selectedHosts(audit, options.selection);
  const shown = hosts.slice(0, HOSTS_SHOWN);
  for (const row of hostRows(audit, shown, text)) {
    const cells = [
      printable(row.ip),
      text.verdict[row.verdict],
      printable(row.department),
      printable(row.hashrate[0]),
      printable(row.power[row.power.length - 1] ?? ['']),
      printable(row.pool.at(-1) ?? []),
      printable(row.account.at(-1) ?? []),
    ];
    yield `- ${cells.filter((cell) => cell !== '').join(text.comma)}`;
  }
  if (hosts.length > shown.length) yield ticket.more(hosts.length - shown.length);
  yield '';
  yield todo(audit, hosts, text);
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

/** `--packs DIR`: a folder for each department with evidence of mining, with what concerns its own hosts and nobody else's. */
import path from 'node:path';
import type { Audit } from '../audit/audit.ts';
import { NO_FILTER, narrowTo } from '../audit/narrow.ts';
import { escapeTerminal } from '../escape.ts';
import { groupBy } from '../order.ts';
import { catalogueOf } from '../statements/catalogue.ts';
import { renderHostsCsv } from './csv.ts';
import { type ReportFile, writeReportFiles } from './files.ts';
import type { ReportOptions } from './format.ts';
import { renderJson } from './json.ts';
import { windowText } from './summary.ts';
import { renderTicket, ticketLines, WIDEST } from './ticket.ts';
import { wrap } from './width.ts';

const PACK_FILES: readonly ReportFile[] = [
  { name: 'audit.json', load: () => renderJson },
  { name: 'hosts.csv', load: () => renderHostsCsv },
  { name: 'report.html', load: async () => (await import('./html/page.ts')).renderHtml },
  { name: 'ticket.txt', load: () => renderTicket },
  { name: 'mail.txt', load: () => renderMail },
];
const NO_DEPARTMENT = 'no-department';

/** Writes the folders; each appears with all its files. Throws OUTPUT_FAILED. */
export async function writePacks(
  audit: Audit,
  folder: string,
  options: ReportOptions,
  mode: number,
): Promise<void> {
  const departments = groupBy(audit.hosts, ({ owner }) => owner.department ?? '');
  const taken = new Set<string>();
  for (const [name, hosts] of departments) {
    const own = {
      ...narrowTo(audit, hosts),
      filter: { ...(audit.filter ?? NO_FILTER), departments: [name] },
    };
    await writeReportFiles(own, path.join(folder, folderName(name, taken)), options, mode, PACK_FILES);
  }
}

/** A name that every file system takes and no path hides in. */
function folderName(department: string, taken: Set<string>): string {
  const plain = department
    .normalize('NFC')
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60);
  const name =
    department === ''
      ? NO_DEPARTMENT
      : plain === '' || plain === NO_DEPARTMENT
        ? `department-${plain}`
        : plain;
  let free = name;
  for (let i = 2; taken.has(free.toLowerCase()); i++) free = `${name}-${i}`;
  taken.add(free.toLowerCase());
  return free;
}

/** A mail to the contact of a department, to be sent as it is. */
export function* renderMail(audit: Audit, options: ReportOptions): Generator<string> {
  const text = catalogueOf(options.language);
  const { mail, summary, method, verdict, colon } = text;
  const contacts = [...new Set(audit.hosts.flatMap(({ owner }) => owner.contact ?? []))];
  const department = audit.filter?.departments[0] || summary.noDepartment;
  const seen = [...new Set(audit.hosts.map((host) => host.verdict))];
  const paragraph = (sentence: string): string[] => ['', ...wrap(escapeTerminal(sentence), WIDEST)];
  const lines = [
    ...(contacts.length === 0 ? [] : [`To: ${escapeTerminal(contacts.join(', '))}`]),
    `Subject: ${escapeTerminal(mail.subject(text.count.hosts(audit.hosts.length), department))}`,
    'Content-Type: text/plain; charset=utf-8',
    ...paragraph(mail.seen(windowText(audit, options.zone, text))),
    ...ticketLines(audit, options, text),
    ...seen.flatMap((each) => paragraph(`${verdict[each]}${colon}${method.verdictMeaning[each]}`)),
    ...paragraph(mail.ask),
  ];
  for (const line of lines) yield `${line}\n`;
}

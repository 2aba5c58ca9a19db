/** `--packs DIR`: a folder for each department with evidence of mining, with what concerns its own hosts and nobody else's. */
import { createHash } from 'node:crypto';
import { readdir, rm, rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Audit } from '../audit/audit.ts';
import { NO_FILTER, narrowTo } from '../audit/narrow.ts';
import { fail, MinesweepError, reasonOf } from '../errors.ts';
import { escapeTerminal } from '../escape.ts';
import { groupBy } from '../order.ts';
import { catalogueOf } from '../statements/catalogue.ts';
import { renderHostsCsv } from './csv.ts';
import { makeFolder, type ReportFile, writeReportFiles } from './files.ts';
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
/** In each folder: it was written here, so that a later run may replace it. */
const MARKER = '.minesweep-pack';
const HASH_DIGITS = 6;
/** Bytes that an encoded word of 75 letters holds. */
const MOST_ENCODED = 45;

/**
 * Writes the folders; each appears with all its files. Packs of an earlier run in the same folder are removed, as they may name
 * hosts that are somebody else's today. Throws OUTPUT_FAILED, also if a folder of that name is not ours.
 */
export async function writePacks(
  audit: Audit,
  folder: string,
  options: ReportOptions,
  mode: number,
): Promise<void> {
  const departments = groupBy(audit.hosts, ({ owner }) => owner.department ?? '');
  try {
    await removeEarlier(folder);
    for (const [name, hosts] of departments) {
      const own = {
        ...narrowTo(audit, hosts),
        filter: { ...(audit.filter ?? NO_FILTER), departments: [name] },
      };
      await writePack(own, path.join(folder, folderName(name)), options, mode);
    }
  } catch (cause) {
    if (cause instanceof MinesweepError) throw cause;
    fail('OUTPUT_FAILED', `cannot write the packs: ${reasonOf(cause)}`, {
      where: folder,
      hint: 'Check that the folder can be written to and that the disk has room.',
      cause,
    });
  }
}

async function writePack(own: Audit, pack: string, options: ReportOptions, mode: number): Promise<void> {
  const held: string[] = await readdir(pack).catch(() => []);
  if (held.length > 0 && !held.includes(MARKER)) {
    fail('OUTPUT_FAILED', 'this folder holds something else', {
      where: pack,
      hint: `Move it away, or write the packs elsewhere; those of minesweep hold a file ${MARKER}.`,
    });
  }
  await makeFolder(pack);
  // First of all: what a killed run leaves is ours as well.
  await writeFile(path.join(pack, MARKER), '', { mode });
  await writeReportFiles(own, pack, options, mode, PACK_FILES);
}

/** Files of packs that this program wrote, and their folders if nothing else is in them. */
async function removeEarlier(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const pack = path.join(folder, entry.name);
    if (!entry.isDirectory() || !(await readdir(pack)).includes(MARKER)) continue;
    for (const { name } of PACK_FILES) await rm(path.join(pack, name), { force: true });
    if ((await readdir(pack)).length > 1) continue;
    await rm(path.join(pack, MARKER));
    await rmdir(pack);
  }
}

/**
 * A name that every file system takes and no path hides in; the same for a department in each run, and for no other one: a name that
 * had to be changed ends with a part of its SHA-256.
 */
function folderName(department: string): string {
  if (department === '') return NO_DEPARTMENT;
  const plain = department
    .normalize('NFC')
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60);
  if (plain === department && plain !== NO_DEPARTMENT) return plain;
  const hash = createHash('sha256').update(department).digest('hex').slice(0, HASH_DIGITS);
  return `${plain || 'department'}-${hash}`;
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
    ...(contacts.length === 0 ? [] : [`To: ${fieldText(escapeTerminal(contacts.join(', ')))}`]),
    `Subject: ${fieldText(escapeTerminal(mail.subject(text.count.hosts(audit.hosts.length), department)))}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    ...paragraph(mail.seen(windowText(audit, options.zone, text))),
    ...ticketLines(audit, options, text),
    ...seen.flatMap((each) => paragraph(`${verdict[each]}${colon}${method.verdictMeaning[each]}`)),
    ...paragraph(mail.ask),
  ];
  for (const line of lines) yield `${line}\n`;
}

/** A field of a mail: what is not ASCII as RFC 2047 has it, in words of 75 letters at most. */
function fieldText(text: string): string {
  if (/^[ -~]*$/.test(text)) return text;
  const words: string[] = [];
  let word = '';
  for (const letter of text) {
    if (Buffer.byteLength(word + letter) > MOST_ENCODED) {
      words.push(word);
      word = '';
    }
    word += letter;
  }
  return [...words, word].map((each) => `=?UTF-8?B?${Buffer.from(each).toString('base64')}?=`).join('\n ');
}

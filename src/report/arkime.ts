/** Tags of Arkime: a tagger file of addresses, for its WISE service. A line a host, and its tags. */
import { alertsOf } from '../alerts/event.ts';
import type { Audit } from '../audit/audit.ts';
import { marksText } from '../audit/pseudonyms.ts';
import { escapeTerminal } from '../escape.ts';

export function* renderArkime(audit: Audit): Generator<string> {
  const marks = marksText(audit);
  if (marks !== '') yield `# ${escapeTerminal(marks)}\n`;
  // No session has a pseudonym for an address.
  if (audit.notes.some(({ code }) => code === 'pseudonyms-of-addresses')) return;
  for (const { ip, verdict, pool, algorithm } of alertsOf(audit)) {
    const tags = [
      'minesweep',
      `minesweep-${verdict}`,
      tagOf('pool', pool?.name),
      tagOf('algorithm', algorithm),
    ];
    yield `${ip};${tags
      .filter((tag) => tag !== '')
      .map((tag) => `tags=${tag}`)
      .join(';')}\n`;
  }
}

/** Lines and fields of the file end at a line feed and ';', and a tag is a word. */
function tagOf(what: string, value: string | null | undefined): string {
  const word = (value ?? '')
    .normalize('NFC')
    .replaceAll(/[^\p{L}\p{N}./_-]+/gu, '_')
    .slice(0, 100);
  return word === '' ? '' : `${what}:${word}`;
}

/**
 * What changed between two audits, for a terminal, for a ticket, and as JSON. One line per host with its change;
 * text from the wire is escaped for the format.
 */

import type { Verdict } from '../audit/audit.ts';
import { type AuditDiff, CHANGE_KINDS, type HostChange, type Measured } from '../audit/diff.ts';
import { escapeMarkdown, escapeTerminal } from '../escape.ts';
import { catalogueOf } from '../statements/catalogue.ts';
import type { ReportText } from '../statements/codes.ts';
import { bitrate } from '../statements/figures.ts';
import type { ReportOptions } from './format.ts';
import { indented, listInPieces, objectInPieces } from './json.ts';
import { joined, type Phrase, printable, render, wire, wires } from './phrase.ts';
import { hanging, padEnd, widthOf, wrap } from './width.ts';

/** Formats of a diff, by id. */
export const DIFF_FORMATS = {
  table: renderDiffTable,
  json: renderDiffJson,
  markdown: renderDiffMarkdown,
} as const;
export type DiffFormat = keyof typeof DIFF_FORMATS;

const NARROWEST_TEXT = 20;
const COLORS: Readonly<Record<string, string>> = { new: '1;31', verdict: '33', moved: '33', grew: '33' };

type Page = Pick<ReportOptions, 'width' | 'color' | 'zone' | 'language'>;

/** The whole diff as JSON, caveats as sentences, as scripts know them. */
export function renderDiffJson(diff: AuditDiff): Generator<string> {
  const shown = { ...diff, caveats: diff.caveats.map((caveat) => caveat.text) };
  return objectInPieces(shown, (value) =>
    Array.isArray(value) ? listInPieces(value, (item) => indented(item, 4)) : [indented(value, 2)],
  );
}

/** One line a host: what happened, the address, and the particulars. */
export function* renderDiffTable(diff: AuditDiff, page: Page): Generator<string> {
  const text = catalogueOf(page.language);
  const paint = (code: string | undefined, said: string): string =>
    page.color && code !== undefined ? `\u001b[${code}m${said}\u001b[0m` : said;
  for (const [label, said] of heading(diff, page.zone, text)) {
    yield `${hanging(padEnd(label, 10), said, page.width).join('\n')}\n`;
  }
  for (const caveat of diff.caveats) yield `${wrap(text.translate(caveat), page.width).join('\n')}\n`;
  if (diff.changes.length === 0) return;
  const widest = (most: number, said: string): number => Math.max(most, widthOf(said));
  const kinds = diff.changes.reduce((most, change) => widest(most, kindText(change, text)), 0);
  const addresses = diff.changes.reduce((most, { ip }) => widest(most, escapeTerminal(ip)), 0);
  const left = kinds + addresses + 4;
  yield '\n';
  for (const change of diff.changes) {
    const mark = paint(COLORS[change.kinds[0] ?? ''], padEnd(kindText(change, text), kinds));
    const ip = escapeTerminal(change.ip);
    const said = printable(changeText(change, text));
    if (page.width - left >= NARROWEST_TEXT) {
      const lines = wrap(said, page.width - left);
      yield `${mark}  ${padEnd(ip, addresses)}  ${lines.join(`\n${' '.repeat(left)}`)}\n`;
    } else {
      // Long addresses leave no room beside them: the particulars stand below.
      yield `${mark}  ${ip}\n${hanging('    ', said, page.width).join('\n')}\n`;
    }
  }
}

/** The same as GitHub Markdown. */
export function* renderDiffMarkdown(diff: AuditDiff, page: Page): Generator<string> {
  const text = catalogueOf(page.language);
  const { title, columns } = text.diff;
  yield `# ${title}\n\n`;
  for (const [label, said] of heading(diff, page.zone, text)) yield `- ${label}${text.colon}${said}\n`;
  for (const caveat of diff.caveats) yield `- ${text.translate(caveat)}\n`;
  if (diff.changes.length === 0) return;
  yield `\n| ${columns.change} | ${columns.ip} | ${columns.what} |\n| --- | --- | --- |\n`;
  for (const change of diff.changes) {
    const cells = [
      kindText(change, text),
      render([wire(change.ip)], escapeMarkdown),
      render(changeText(change, text), escapeMarkdown),
    ];
    yield `| ${cells.join(' | ')} |\n`;
  }
}

function heading(diff: AuditDiff, zone: string, text: ReportText): [string, string][] {
  const { diff: words } = text;
  const { label } = words;
  const side = ({ start, end, seconds, minerAddresses }: AuditDiff['old']): string =>
    words.side(
      start === null || end === null
        ? words.noPacket
        : `${text.figures.span(start, end, zone)}${text.bracketed(text.figures.duration(seconds))}`,
      text.count.minerAddresses(minerAddresses),
    );
  const counts = CHANGE_KINDS.filter((kind) => diff.counts[kind] > 0).map((kind) =>
    words.count(diff.counts[kind], words.kind[kind]),
  );
  return [
    [label.old, side(diff.old)],
    [label.new, side(diff.new)],
    [label.changes, words.changes(counts.join(text.comma), diff.unchanged)],
    [label.threshold, diff.crossed ? words.crossed : words.notCrossed],
  ];
}

/** The kinds in one word each; what crosses a threshold is marked. */
function kindText({ kinds, crosses }: HostChange, { comma, diff }: ReportText): string {
  return `${crosses ? '! ' : ''}${kinds.map((kind) => diff.kind[kind]).join(comma)}`;
}

function changeText(change: HostChange, text: ReportText): Phrase {
  const { diff: words } = text;
  const { kinds, before, after, pools, moved, measured } = change;
  const parts: Phrase[] = [];
  const verdictOf = (verdict: Verdict | null): string => (verdict === null ? '' : text.verdict[verdict]);
  const at = (what: string): Phrase =>
    pools.length === 0 ? [what] : words.at({ what, pools: wires(pools, text.comma) });
  if (kinds.includes('new')) parts.push(at(verdictOf(after)));
  else if (kinds.includes('gone')) parts.push(at(words.was(verdictOf(before))));
  else if (kinds.includes('verdict')) parts.push([words.verdicts(verdictOf(before), verdictOf(after))]);
  for (const { what, from, to } of moved) {
    const said = { what: words.moved[what], from: wires(from, text.comma), to: wires(to, text.comma) };
    parts.push((from.length === 0 ? words.also : words.from)(said));
  }
  for (const each of measured) parts.push(figure(each, text));
  return joined(parts, text.semicolon);
}

function figure(measured: Measured, { diff: words, figures }: ReportText): Phrase {
  const { what, algorithm, basis, unit, before, after, before95, after95 } = measured;
  if (what === 'traffic') return [words.traffic(bitrate(before), bitrate(after))];
  const side = (estimate: number, limits: Measured['before95']): string =>
    figures.interval(estimate, limits?.[0] ?? null, limits?.[1] ?? null, unit);
  return words.rate({
    algorithm: algorithm ?? '',
    before: side(before, before95),
    after: side(after, after95),
    by: basis === null ? '' : words.by[basis],
  });
}

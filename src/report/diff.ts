/**
 * What changed between two audits, for a terminal, for a ticket, and as JSON. One line per host with its change;
 * text from the wire is escaped for the format.
 */
import { type AuditDiff, CHANGE_KINDS, type HostChange, type Measured } from '../audit/diff.ts';
import { escapeMarkdown, escapeTerminal } from '../escape.ts';
import { counted } from '../statements/figures.ts';
import { bitrate, duration, interval, span } from './figures.ts';
import type { ReportOptions } from './format.ts';
import { indented } from './json.ts';
import { joined, type Phrase, render, wire } from './phrase.ts';
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

type Page = Pick<ReportOptions, 'width' | 'color' | 'zone'>;

/** The whole diff as JSON. */
export function* renderDiffJson(diff: AuditDiff): Generator<string> {
  let before = '{\n';
  for (const [key, value] of Object.entries(diff)) {
    yield `${before}  ${JSON.stringify(key)}: `;
    before = ',\n';
    if (Array.isArray(value) && value.length > 0) yield* items(value);
    else yield indented(value, 2);
  }
  yield '\n}\n';
}

function* items(list: readonly unknown[]): Generator<string> {
  let before = '[\n';
  for (const item of list) {
    yield `${before}    ${indented(item, 4)}`;
    before = ',\n';
  }
  yield '\n  ]';
}

/** One line a host: what happened, the address, and the particulars. */
export function* renderDiffTable(diff: AuditDiff, page: Page): Generator<string> {
  const paint = (code: string | undefined, text: string): string =>
    page.color && code !== undefined ? `\u001b[${code}m${text}\u001b[0m` : text;
  for (const [label, phrase] of heading(diff, page.zone)) {
    yield `${hanging(padEnd(label, 10), render(phrase, escapeTerminal), page.width).join('\n')}\n`;
  }
  for (const caveat of diff.caveats) yield `${wrap(caveat, page.width).join('\n')}\n`;
  if (diff.changes.length === 0) return;
  const widest = (most: number, text: string): number => Math.max(most, widthOf(text));
  const kinds = diff.changes.reduce((most, change) => widest(most, kindText(change)), 0);
  const addresses = diff.changes.reduce((most, { ip }) => widest(most, escapeTerminal(ip)), 0);
  const left = kinds + addresses + 4;
  yield '\n';
  for (const change of diff.changes) {
    const mark = paint(COLORS[change.kinds[0] ?? ''], padEnd(kindText(change), kinds));
    const ip = escapeTerminal(change.ip);
    const text = render(changeText(change), escapeTerminal);
    if (page.width - left >= NARROWEST_TEXT) {
      const lines = wrap(text, page.width - left);
      yield `${mark}  ${padEnd(ip, addresses)}  ${lines.join(`\n${' '.repeat(left)}`)}\n`;
    } else {
      // Long addresses leave no room beside them: the particulars stand below.
      yield `${mark}  ${ip}\n${hanging('    ', text, page.width).join('\n')}\n`;
    }
  }
}

/** The same as GitHub Markdown. */
export function* renderDiffMarkdown(diff: AuditDiff, page: Page): Generator<string> {
  yield '# Mining audit: what changed\n\n';
  for (const [label, phrase] of heading(diff, page.zone))
    yield `- ${label}: ${render(phrase, escapeMarkdown)}\n`;
  for (const caveat of diff.caveats) yield `- ${caveat}\n`;
  if (diff.changes.length === 0) return;
  yield '\n| Change | IP | What |\n| --- | --- | --- |\n';
  for (const change of diff.changes) {
    const cells = [
      kindText(change),
      render([wire(change.ip)], escapeMarkdown),
      render(changeText(change), escapeMarkdown),
    ];
    yield `| ${cells.join(' | ')} |\n`;
  }
}

function heading(diff: AuditDiff, zone: string): [string, Phrase][] {
  const side = ({ start, end, seconds, minerAddresses }: AuditDiff['old']): Phrase => [
    start === null || end === null ? 'no packet' : `${span(start, end, zone)} (${duration(seconds)})`,
    `, ${counted(minerAddresses, 'miner address', 'miner addresses')}`,
  ];
  const counts = CHANGE_KINDS.filter((kind) => diff.counts[kind] > 0).map(
    (kind) => `${diff.counts[kind]} ${kind}`,
  );
  return [
    ['Old', side(diff.old)],
    ['New', side(diff.new)],
    ['Changes', [`${counts.length === 0 ? 'none' : counts.join(', ')}; ${diff.unchanged} unchanged`]],
    ['Threshold', [diff.crossed ? 'crossed' : 'not crossed']],
  ];
}

/** The kinds in one word each; what crosses a threshold is marked. */
function kindText({ kinds, crosses }: HostChange): string {
  return `${crosses ? '! ' : ''}${kinds.join(', ')}`;
}

function changeText(change: HostChange): Phrase {
  const { kinds, before, after, pools, moved, measured } = change;
  const parts: Phrase[] = [];
  const at: Phrase = pools.length === 0 ? [] : [' at ', ...names(pools)];
  if (kinds.includes('new')) parts.push([after ?? '', ...at]);
  else if (kinds.includes('gone')) parts.push([`was ${before ?? ''}`, ...at]);
  else if (kinds.includes('verdict')) parts.push([`${before} before, ${after} now`]);
  for (const { what, from, to } of moved) {
    const origin: Phrase = from.length === 0 ? ['also'] : [...names(from), ' to'];
    parts.push([`${what}: `, ...origin, ' ', ...names(to)]);
  }
  for (const each of measured) parts.push(figure(each));
  return joined(parts, '; ');
}

function figure({ what, algorithm, basis, unit, before, after, before95, after95 }: Measured): Phrase {
  if (what === 'traffic') return [`traffic ${bitrate(before)} to ${bitrate(after)}`];
  const side = (estimate: number, limits: Measured['before95']): string =>
    interval(estimate, limits?.[0] ?? null, limits?.[1] ?? null, unit);
  return [wire(algorithm ?? ''), ` ${side(before, before95)} to ${side(after, after95)}, by ${basis}`];
}

function names(texts: readonly string[]): Phrase {
  return joined(
    texts.map((text) => [wire(text)]),
    ', ',
  );
}

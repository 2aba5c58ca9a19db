/** What part of the traffic could be read, what the inputs were and what was broken in them; and what nobody can see. */
import type { Audit, AuditInput, Coverage, Part } from '../../audit/audit.ts';
import { byteCount, grouped, percent, span } from '../figures.ts';
import { coverageText, damageOf, inputsText, notObservable } from '../summary.ts';
import type { ReportText } from '../text/en.ts';
import { type Content, foreign, html, type Markup, phrase, table } from './markup.ts';

const INPUTS_AT_MOST = 60;
const PARTS = [
  'decoded',
  'skipped',
  'encrypted',
  'oneSided',
  'truncated',
  'sampled',
] as const satisfies readonly (keyof Coverage)[];

/** Coverage, inputs and damage. Inputs with damage come first. */
export function coverage(audit: Audit, zone: string, text: ReportText): Markup {
  const { page } = text;
  const { coverage: words } = page;
  const parts = PARTS.map((id) => ({ ...words.parts[id], part: audit.coverage[id] satisfies Part }));
  const reasons = Object.entries(audit.coverage.skippedReasons).sort((a, b) => b[1] - a[1]);
  const inputs = [...audit.inputs].sort((a, b) => b.damage.length - a.damage.length);
  const shown = inputs.slice(0, INPUTS_AT_MOST);
  return html`<section id="coverage"><h2>${words.title}</h2>
<p class="prose">${coverageText(audit, text)}</p>
${told(text.label.notes, audit.notes)}${told(
  text.label.sources,
  audit.sources.flatMap(({ attribution }) => (attribution === '' ? [] : [attribution])),
)}
${table(
  [
    { title: words.part, cell: (row) => row.name },
    { title: words.ofBytes, figure: true, cell: (row) => percent(row.part.bytes) },
    { title: words.ofRecords, figure: true, cell: (row) => percent(row.part.packets) },
    { title: words.meaning, cell: (row) => row.meaning },
  ],
  parts,
)}${
  reasons.length === 0
    ? null
    : html`<h3>${words.reasons}</h3>${table(
        [
          { title: words.reason, cell: ([reason]) => foreign(reason) },
          { title: words.count, figure: true, cell: ([, count]) => grouped(count) },
        ],
        reasons,
      )}`
}<h3>${words.inputs}</h3>
<p class="note">${inputsText(audit.inputs, text)}</p>
${table(
  [
    { title: words.input, cell: (input) => inputCell(input) },
    { title: words.kind, cell: (input) => foreign(input.kind) },
    { title: words.size, figure: true, cell: (input) => byteCount(input.bytes) },
    {
      title: words.records,
      figure: true,
      cell: (input) => grouped((input.packets ?? 0) + (input.flows ?? 0)),
    },
    {
      title: words.time,
      cell: ({ first, last }) => (first === null || last === null ? '–' : span(first, last, zone)),
    },
    {
      title: words.damage,
      cell: (input) => (input.damage.length === 0 ? words.noDamage : phrase(damageOf(input, text))),
    },
  ],
  shown,
)}${shown.length < inputs.length ? html`<p class="note">${page.more(shown.length, inputs.length, 'audit.json')}</p>` : null}</section>
`;
}

function inputCell({ path, sha256 }: AuditInput): Content {
  return [
    foreign(path),
    sha256 === null ? '' : [html`<br>`, html`<small class="hash">SHA-256 ${foreign(sha256)}</small>`],
  ];
}

/** What was not seen here, in numbers, and what is never seen. */
export function unseen(audit: Audit, text: ReportText): Markup {
  const { unseen: words } = text.page;
  const { encrypted } = audit.coverage;
  const here: Content[] = notObservable(audit, text).map((each) => phrase(each));
  if (encrypted.bytes > 0) here.push(words.encrypted(percent(encrypted.bytes)));
  return html`<section id="unseen"><h2>${words.title}</h2>
<h3>${words.here}</h3>
${here.length === 0 ? html`<p>${words.nothingHere}</p>` : list(here)}
<h3>${words.always}</h3>
${list(words.limits)}</section>
`;
}

function list(items: readonly Content[]): Markup {
  return html`<ul class="prose">${items.map((item) => html`<li>${item}</li>`)}</ul>`;
}

/** Sentences of the audit under a heading; nothing where there is none. */
function told(title: string, sentences: readonly string[]): Markup | null {
  if (sentences.length === 0) return null;
  return html`<h3>${title}</h3>${list(sentences.map((sentence) => foreign(sentence)))}`;
}

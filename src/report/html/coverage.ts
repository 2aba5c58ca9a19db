/** What part of the traffic could be read, what the inputs were and what was broken in them; and what nobody can see. */
import type { Audit } from '../../audit/audit.ts';
import type { ReportText } from '../../statements/codes.ts';
import { coverageParts } from '../coverage.ts';
import { coverageText, creditsOf, inputsText, notObservable } from '../summary.ts';
import { type Content, foreign, html, list, type Markup, phrase, plainTable } from './markup.ts';

const INPUTS_AT_MOST = 60;
/** Coverage, inputs and damage. Inputs with damage come first. */
export function coverage(audit: Audit, zone: string, text: ReportText): Markup {
  const { page } = text;
  const { coverage: words } = page;
  const { parts, reasons, inputs } = coverageParts(audit, zone, text);
  const shown = inputs.rows.slice(0, INPUTS_AT_MOST);
  return html`<section id="coverage"><h2>${words.title}</h2>
<p class="prose">${coverageText(audit, text)}</p>
${noteList(text.label.notes, audit.notes.map(text.translate))}${noteList(text.label.sources, creditsOf(audit))}
${plainTable(words.title, parts)}${reasons === null ? null : html`<h3>${words.reasons}</h3>${plainTable(words.reasons, reasons)}`}<h3>${words.inputs}</h3>
<p class="note">${inputsText(audit, text)}</p>
${plainTable(words.inputs, { ...inputs, rows: shown })}${shown.length < inputs.rows.length ? html`<p class="note">${page.more(shown.length, inputs.rows.length, 'audit.json')}</p>` : null}</section>
`;
}

/** What was not seen here, in numbers, and what is never seen. */
export function unseen(audit: Audit, text: ReportText): Markup {
  const { unseen: words } = text.page;
  const { encrypted } = audit.coverage;
  const here: Content[] = notObservable(audit, text).map((each) => phrase(each));
  if (encrypted.bytes > 0) here.push(words.encrypted(text.figures.percent(encrypted.bytes)));
  return html`<section id="unseen"><h2>${words.title}</h2>
<h3>${words.here}</h3>
${here.length === 0 ? html`<p>${words.nothingHere}</p>` : list(here)}
<h3>${words.always}</h3>
${list(words.limits)}</section>
`;
}

/** Sentences of the audit under a heading; nothing if there is none. */
function noteList(title: string, sentences: readonly string[]): Markup | null {
  if (sentences.length === 0) return null;
  return html`<h3>${title}</h3>${list(sentences.map((sentence) => foreign(sentence)))}`;
}

/** The part of the page about published audits: their figures with this audit beside them, and what they can mean. */
import type { Audit } from '../../audit/audit.ts';
import type { PublishedAudit } from '../../energy/published.ts';
import type { ReportText } from '../../statements/codes.ts';
import { publishedAudits } from '../published.ts';
import { html, list, type Markup, phrase, plainTable } from './markup.ts';

/** The section. */
export function publishedSection(audit: Audit, others: readonly PublishedAudit[], text: ReportText): Markup {
  const words = text.method.published;
  const { heads, lines, notes, sources } = publishedAudits(audit, others, text);
  return html`<section id="published"><h2>${words.title}</h2>
<p class="prose">${words.lead}</p>
<div class="scroll"><table class="compare${heads.length > 3 ? ' own' : ''}"><caption class="away">${words.title}</caption><thead><tr>${heads.map(
    (head) => html`<th scope="col">${head}</th>`,
  )}</tr></thead><tbody>${lines.map((line) =>
    typeof line === 'string'
      ? html`<tr class="part"><th scope="rowgroup" colspan="${heads.length}">${line}</th></tr>`
      : html`<tr><th scope="row">${line[0]}</th>${line[1].map((cell) => html`<td>${phrase(cell)}</td>`)}</tr>`,
  )}</tbody></table></div>
${notes.map(
  (note) => html`<h3>${note.title}</h3>
${note.text.map((each) => html`<p class="prose">${each}</p>`)}
${note.table === null ? null : plainTable(note.title, note.table)}`,
)}
<h3>${words.sourcesTitle}</h3>
${list(sources)}</section>
`;
}

/** The part of the page about the two audits of 2021: what their figures say together, with this audit beside them. */
import type { Audit } from '../../audit/audit.ts';
import { publishedAudits } from '../published.ts';
import type { ReportText } from '../text/en.ts';
import { barChart } from './chart.ts';
import { html, type Markup, phrase, plainTable } from './markup.ts';

/** The section. */
export function publishedSection(audit: Audit, text: ReportText): Markup {
  const words = text.method.published;
  const { heads, lines, one, bars, rest, candidates, readings } = publishedAudits(audit, text);
  return html`<section id="published"><h2>${words.title}</h2>
<p class="prose">${words.lead}</p>
<div class="scroll"><table class="compare${heads.length > 3 ? ' own' : ''}"><thead><tr>${heads.map(
    (head) => html`<th scope="col">${head}</th>`,
  )}</tr></thead><tbody>${lines.map((line) =>
    typeof line === 'string'
      ? html`<tr class="part"><th scope="rowgroup" colspan="${heads.length}">${line}</th></tr>`
      : html`<tr><th scope="row">${line[0]}</th>${line[1].map((cell) => html`<td>${phrase(cell)}</td>`)}</tr>`,
  )}</tbody></table></div>
<h3>${words.oneTitle}</h3>
<p class="prose">${one}</p>
<div class="card"><h3>${words.chart}</h3>${barChart(bars, words.chart)}</div>
<h3>${words.restTitle}</h3>
<p class="prose">${rest}</p>
${plainTable(candidates)}<h3>${words.readTitle}</h3>
${readings.map((each) => html`<p class="prose">${each}</p>`)}
<h3>${words.sourcesTitle}</h3>
<ul class="prose">${words.sources.map((source) => html`<li>${source}</li>`)}</ul></section>
`;
}

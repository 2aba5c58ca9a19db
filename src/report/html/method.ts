/** How the figures of this audit came about: what its words mean, and what its energy rests on. */
import type { Audit } from '../../audit/audit.ts';
import { VERDICTS } from '../../audit/audit.ts';
import type { ReportText } from '../../statements/codes.ts';
import { assumptionsOf } from '../summary.ts';
import { foreign, html, list, type Markup } from './markup.ts';

/** Verdicts and rules of reckoning. */
export function method(audit: Audit, text: ReportText): Markup {
  const { method: words } = text;
  const assumptions = assumptionsOf(audit, text);
  const rests =
    assumptions.length === 0 ? html`<p>${words.noAssumptions}</p>` : list(assumptions.map(foreign));
  return html`<section id="method"><h2>${words.title}</h2>
<h3>${words.verdicts}</h3>
<dl class="terms">${VERDICTS.map(
    (verdict, i) =>
      html`<div><dt><span class="badge v${i}">${text.verdict[verdict]}</span></dt><dd>${words.verdictMeaning[verdict]}</dd></div>`,
  )}</dl>
<dl class="terms">${words.rules.map(([term, rule]) => html`<div><dt>${term}</dt><dd>${rule}</dd></div>`)}</dl>
<h3>${words.assumptions}</h3>
${rests}</section>
`;
}

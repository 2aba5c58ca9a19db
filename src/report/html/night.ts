/** A night as one page: its news, and one line for the rest. */
import type { Night } from '../../cases/case.ts';
import { catalogueOf } from '../../statements/catalogue.ts';
import type { ReportText } from '../../statements/codes.ts';
import { clock } from '../../statements/figures.ts';
import type { ReportOptions } from '../format.ts';
import { newsTable, nightRemarks, nightTitle } from '../night-rows.ts';
import { html, list, type Markup, plainTable } from './markup.ts';
import { shellBottom, shellTop } from './shell.ts';

export function* renderNightHtml(night: Night, { zone, language, reader }: ReportOptions): Generator<string> {
  const text = catalogueOf(language, reader ?? 'admin');
  const tool = `${night.tool.name} ${night.tool.version}`;
  const { start, end } = night.window;
  const lead = [
    start === null || end === null ? text.summary.noWindow : text.figures.span(start, end, zone),
    text.page.madeBy(tool, `${clock(night.generated, zone)} ${zone}`),
  ];
  const warnings = night.complete ? [] : nightRemarks(night, text).slice(0, 1);
  yield shellTop({ title: nightTitle(night, text), lead, warnings, tool }, text).text;
  yield html`<main><section>${news(night, zone, text)}</section></main>
${shellBottom(html`<p class="screen">${text.page.foot.self}</p>`)}`.text;
}

/** The news as a table, and what is to be known of the rest. */
export function news(night: Night, zone: string, text: ReportText): Markup {
  const table =
    night.news.length === 0 ? null : plainTable(nightTitle(night, text), newsTable(night, zone, text));
  return html`${table}${list(nightRemarks(night, text).slice(night.complete ? 0 : 1))}`;
}

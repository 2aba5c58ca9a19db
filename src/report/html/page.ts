/**
 * The audit as one HTML page that stands alone: nothing is loaded, and its policy allows nothing but its own style
 * and script, by their hashes. Sections follow the outline of a provincial audit; figures are those of every other
 * format.
 */
import type { Audit } from '../../audit/audit.ts';
import { seenPart } from '../../audit/judged.ts';
import { readerOf } from '../../audit/reader.ts';
import { catalogueOf } from '../../statements/catalogue.ts';
import type { ReportText } from '../../statements/codes.ts';
import { clock } from '../../statements/figures.ts';
import type { ReportOptions } from '../format.ts';
import { nightTitle } from '../night-rows.ts';
import { selectedHosts } from '../selection.ts';
import { headline as conclusion, doubtsOf, windowText } from '../summary.ts';
import { breakdown, departments } from './breakdown.ts';
import { coverage, unseen } from './coverage.ts';
import { headline, rates } from './headline.ts';
import { hostSections, SECTIONS_AT_MOST } from './host-sections.ts';
import { hostColumnTitles, hostTable } from './host-table.ts';
import { html, type Markup } from './markup.ts';
import { method } from './method.ts';
import { news } from './night.ts';
import { overTime } from './over-time.ts';
import { publishedSection } from './published.ts';
import { shellBottom, shellTop } from './shell.ts';

/** The page. */
export function* renderHtml(audit: Audit, options: ReportOptions): Generator<string> {
  const text = catalogueOf(options.language, readerOf(audit, options.reader));
  const { zone } = options;
  yield top(audit, options, text).text;
  if (options.night !== undefined)
    yield html`<section id="news"><h2>${nightTitle(options.night, text)}</h2>${news(options.night, zone, text)}</section>
`.text;
  yield headline(audit, zone, text).text;
  const hosts = selectedHosts(audit, options.selection);
  yield* hostTable(audit, hosts, zone, text, SECTIONS_AT_MOST, options.selection);
  yield departments(audit, text).text;
  yield rates(audit, text).text;
  yield overTime(audit, zone, text).text;
  yield breakdown(audit, text).text;
  yield* hostSections(audit, hosts, zone, text);
  yield coverage(audit, zone, text).text;
  yield unseen(audit, text).text;
  yield method(audit, text).text;
  const { compare = [] } = options;
  if (compare.length > 0) yield publishedSection(audit, compare, text).text;
  yield bottom(audit, text).text;
}

function top(audit: Audit, { zone, compare = [] }: ReportOptions, text: ReportText): Markup {
  const { page } = text;
  const tool = `${audit.tool.name} ${audit.tool.version}`;
  return html`${shellTop(
    {
      title: page.title,
      lead: [
        windowText(audit, zone, text),
        conclusion(audit, text),
        page.madeBy(tool, `${clock(audit.generated, zone)} ${zone}`),
      ],
      warnings: warnings(audit, text),
      columns: hostColumnTitles(text, 'short'),
      tool,
    },
    text,
  )}${contents(audit, compare.length > 0, text)}<main>
`;
}

function warnings(audit: Audit, text: ReportText): string[] {
  const { warning } = text.page;
  const damaged = audit.inputs.filter(
    (input) => input.damage.length > 0 || input.kind === 'unreadable',
  ).length;
  const warnings = doubtsOf(audit, text);
  const { complete, judged } = audit.coverage;
  if (!complete) warnings.push(warning.incomplete(text.figures.percent(seenPart(judged))));
  if (damaged > 0) warnings.push(warning.damaged(damaged));
  return warnings;
}

function contents(audit: Audit, compare: boolean, text: ReportText): Markup {
  const { nav, contents: title } = text.page;
  const entries = [
    ['headline', nav.headline],
    ['hosts', nav.hosts],
    ['rates', nav.rates],
    ['time', nav.time],
    ['breakdown', nav.breakdown],
    ...(audit.hosts.length > 0 ? [['details', nav.details]] : []),
    ['coverage', nav.coverage],
    ['unseen', nav.unseen],
    ['method', nav.method],
    ...(compare ? [['published', nav.published]] : []),
  ];
  return html`<nav aria-label="${title}"><ul>${entries.map(
    ([id = '', name = '']) => html`<li><a href="#${id}">${name}</a></li>`,
  )}</ul></nav>
`;
}

function bottom(audit: Audit, text: ReportText): Markup {
  const { foot } = text.page;
  return html`</main>
${shellBottom(
  html`<p>${foot.schema(audit.schema)}</p><p><span class="screen">${foot.self}</span> ${foot.escapes} <code>\\u{202e}</code></p><p class="paper">${foot.paper}</p>`,
)}`;
}

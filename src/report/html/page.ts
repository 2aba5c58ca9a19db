/**
 * The audit as one HTML page that stands alone: nothing is loaded, and its policy allows nothing but its own style
 * and script, by their hashes. Sections follow the outline of a provincial audit; figures are those of every other
 * format.
 */
import { createHash } from 'node:crypto';
import type { Audit } from '../../audit/audit.ts';
import { catalogueOf } from '../../statements/catalogue.ts';
import type { ReportText } from '../../statements/en/report.ts';
import { clock, percent } from '../figures.ts';
import type { ReportOptions } from '../format.ts';
import { selectedHosts } from '../selection.ts';
import { nothingFound, partialWarning, windowText } from '../summary.ts';
import { breakdown } from './breakdown.ts';
import { coverage, unseen } from './coverage.ts';
import { headline } from './headline.ts';
import { hostSections, SECTIONS_AT_MOST } from './host-sections.ts';
import { hostColumnTitles, hostTable } from './host-table.ts';
import { html, Markup } from './markup.ts';
import { method } from './method.ts';
import { overTime } from './over-time.ts';
import { publishedSection } from './published.ts';
import { PAGE_SCRIPT } from './script.ts';
import { pageStyle } from './style.ts';

/** The page. */
export function* renderHtml(audit: Audit, options: ReportOptions): Generator<string> {
  const text = catalogueOf(options.language);
  const { zone } = options;
  yield top(audit, options, text).text;
  yield headline(audit, zone, text).text;
  yield overTime(audit, zone, text).text;
  yield breakdown(audit, text).text;
  const hosts = selectedHosts(audit, options.selection);
  yield* hostTable(audit, hosts, text, SECTIONS_AT_MOST);
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
  const style = pageStyle(hostColumnTitles(text, 'short'));
  const tool = `${audit.tool.name} ${audit.tool.version}`;
  return html`<!doctype html>
<html lang="${text.tag}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(style)}">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="${tool}">
<title>${page.title} – ${windowText(audit, zone, text)}</title>
<link rel="icon" href="data:,">
<style>${new Markup(style)}</style>
</head>
<body>
<header>
<h1>${page.title}</h1>
<p class="lead">${windowText(audit, zone, text)}</p>
<p class="lead">${page.madeBy(tool, `${clock(audit.generated, zone)} ${zone}`)}</p>
${warnings(audit, text).map((warning) => html`<p class="warning" role="note">${warning}</p>`)}</header>
${contents(audit, compare.length > 0, text)}<main>
`;
}

/** Exactly our style and our script, no request, no form, no base, and no markup made from text by the script. */
function policy(style: string): string {
  return [
    "default-src 'none'",
    `style-src '${hashOf(style)}'`,
    `script-src '${hashOf(PAGE_SCRIPT)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

function hashOf(content: string): string {
  return `sha256-${createHash('sha256').update(content, 'utf8').digest('base64')}`;
}

function warnings(audit: Audit, text: ReportText): string[] {
  const { warning } = text.page;
  const damaged = audit.inputs.filter(
    (input) => input.damage.length > 0 || input.kind === 'unreadable',
  ).length;
  const warnings = [partialWarning(audit, text), nothingFound(audit, text)].filter((each) => each !== null);
  if (!audit.coverage.complete && audit.coverage.decoded.bytes < 1)
    warnings.push(warning.incomplete(percent(audit.coverage.decoded.bytes)));
  if (damaged > 0) warnings.push(warning.damaged(damaged));
  return warnings;
}

function contents(audit: Audit, compare: boolean, text: ReportText): Markup {
  const { nav, contents: title } = text.page;
  const entries = [
    ['headline', nav.headline],
    ['time', nav.time],
    ['breakdown', nav.breakdown],
    ['hosts', nav.hosts],
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
<footer><p>${foot.schema(audit.schema)}</p><p>${foot.self} ${foot.escapes} <code>\\u{202e}</code></p><p class="paper">${foot.paper}</p></footer>
<script>${new Markup(PAGE_SCRIPT)}</script>
</body>
</html>
`;
}

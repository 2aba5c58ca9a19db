/** What every page stands in: nothing is loaded, and the policy allows nothing but the page's own style and script. */
import { createHash } from 'node:crypto';
import type { ReportText } from '../../statements/codes.ts';
import { html, Markup } from './markup.ts';
import sheet from './page.css?raw';
import script from './page.script.js?raw';

/**
 * Sorting and searching the host table, opening sections, and frames for the keyboard. It reads and moves what stands in the page and makes no
 * markup out of text; without it the page says the same in the order it was written in. Of a long table only the first
 * rows that match stand in the document, which keeps 5,000 hosts quick; paper gets all.
 */
const PAGE_SCRIPT = `\n${script}`;

interface Shell {
  readonly title: string;
  readonly lead: readonly string[];
  readonly warnings: readonly string[];
  /** Titles of the host table's columns, printed beside its cells on a phone. */
  readonly columns?: readonly string[];
  readonly tool: string;
}

export function shellTop({ title, lead, warnings, columns = [], tool }: Shell, text: ReportText): Markup {
  const style = pageStyle(columns);
  return html`<!doctype html>
<html lang="${text.tag}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(style)}">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="${tool}">
<title>${title} – ${lead[0] ?? ''}</title>
<link rel="icon" href="data:,">
<style>${new Markup(style)}</style>
</head>
<body>
<header>
<h1>${title}</h1>
${lead.map(
  (line) => html`<p class="lead">${line}</p>
`,
)}${warnings.map((warning) => html`<p class="warning" role="note">${warning}</p>`)}</header>
`;
}

export function shellBottom(foot: Markup): Markup {
  return html`<footer>${foot}</footer>
<script>${new Markup(PAGE_SCRIPT)}</script>
</body>
</html>
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

/**
 * One sheet for screens light and dark, phones and A4. Charts take their colours from the same custom properties.
 * Fonts are those of the reader's system.
 */
function pageStyle(columns: readonly string[]): string {
  const labels = columns.map(
    (title, i) => `#host-table td:nth-child(${i + 1})::before{content:${cssString(title)}}`,
  );
  return `${sheet}@media screen and (max-width:760px){${labels.join('')}}`;
}

/** A string of CSS in which nothing ends the string or the element that holds the sheet. */
function cssString(text: string): string {
  return `"${text.replace(/["\\<>&\n]/g, (character) => `\\${(character.codePointAt(0) ?? 0).toString(16)} `)}"`;
}

function hashOf(content: string): string {
  return `sha256-${createHash('sha256').update(content, 'utf8').digest('base64')}`;
}

/** What every page stands in: nothing is loaded, and the policy allows nothing but the page's own style and script. */
import { createHash } from 'node:crypto';
import type { ReportText } from '../../statements/codes.ts';
import { html, Markup } from './markup.ts';
import { PAGE_SCRIPT } from './script.ts';

interface Shell {
  readonly title: string;
  readonly lead: readonly string[];
  readonly warnings: readonly string[];
  readonly style: string;
  readonly tool: string;
}

export function shellTop({ title, lead, warnings, style, tool }: Shell, text: ReportText): Markup {
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

export function shellBottom(foot: Markup, script: Markup | null): Markup {
  return html`<footer>${foot}</footer>
${
  script === null
    ? null
    : html`<script>${script}</script>
`
}</body>
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

function hashOf(content: string): string {
  return `sha256-${createHash('sha256').update(content, 'utf8').digest('base64')}`;
}

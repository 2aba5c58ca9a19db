/**
 * Text from the wire made safe for the place it goes to: one function per place. No report and no alert prints
 * a string of an audit otherwise. All of them show characters that act or hide (controls, bidirectional overrides, zero-width
 * characters, lone surrogates) as \u{..}, so that what a reader sees is what was said.
 */

/** C0, DEL, C1, format characters, line and paragraph separators, surrogates without a partner, invisible fillers. */
const ACTING = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** A backslash that would make plain text look like one of our escapes. */
const LOOKS_ESCAPED = /\\(?=u\{)/g;

function codePoint(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** For a terminal or any other plain text: one line, no character that moves the cursor or hides. */
export function escapeTerminal(text: string): string {
  return text.replace(LOOKS_ESCAPED, '\\u{5c}').replace(ACTING, codePoint);
}

/**
 * What a spreadsheet may take for the start of a formula: = + - @, their full-width and small forms and the minus
 * sign, with or without white space before. Also after a separator inside the cell, because a spreadsheet of another
 * locale splits there: ; , | or a tab, and a quote that such a split would open.
 */
const FORMULA = /(^|[;,|"])(\s*)([=+\-@\uFF1D\uFF0B\uFF0D\uFF20\uFE66\uFE62\uFE63\uFE6B\u2212])/g;

/** For the text of HTML and SVG and for their quoted attributes: as on a terminal, and no markup. */
export function escapeHtml(text: string): string {
  return escapeTerminal(text).replace(MARKUP, (character) => ENTITIES[character] ?? '');
}

const MARKUP = /[&<>"'`]/g;
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** What nothing below changes: most cells, by the million. */
const PLAIN = /^[\w.](?:[\w .:/()-]|,(?= \w))*$/;

/** For a CSV cell, before quoting: as on a terminal, and an apostrophe before anything that could start a formula. */
export function escapeCsv(text: string): string {
  if (PLAIN.test(text)) return text;
  return escapeTerminal(text).replace(FORMULA, "$1'$2$3");
}

/** For one item of a list that is joined by ';' in a CSV cell: an item's own ';' is written %3B, its '%' as %25. */
export function escapeCsvItem(text: string): string {
  if (PLAIN.test(text)) return text;
  return escapeCsv(text.replace(/%(?=3B|25)/gi, '%25').replaceAll(';', '%3B'));
}

/**
 * For Markdown, tables included: a code span, in which neither HTML, links nor mentions work. The fence is longer
 * than any run of backticks inside; a pipe would end a table's cell even in code, so it stands between two spans.
 */
export function escapeMarkdown(text: string): string {
  return escapeTerminal(text)
    .split('|')
    .map((part) => codeSpan(part))
    .join('&#124;');
}

function codeSpan(text: string): string {
  if (text === '') return '';
  let longest = 0;
  for (const run of text.match(/`+/g) ?? []) longest = Math.max(longest, run.length);
  const fence = '`'.repeat(longest + 1);
  // One space at each end is the reader's to strip, unless there is nothing but spaces.
  const padded = /^[` ]|[` ]$/.test(text) && text.trim() !== '' ? ` ${text} ` : text;
  return `${fence}${padded}${fence}`;
}

/**
 * For JSON text that JSON.stringify made: the same value, with characters that act on a terminal or end a line in
 * JavaScript (U+2028, U+2029) as \uXXXX. They occur inside strings only.
 */
export function escapeJson(json: string): string {
  // JSON.stringify has escaped C0. What is one byte a character and has no DEL is printable; a pattern takes longer to say so.
  if (Buffer.byteLength(json) === json.length && !json.includes('\x7f')) return json;
  return json.replace(JSON_ACTING, (character) => {
    let units = '';
    for (let i = 0; i < character.length; i++) {
      units += `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`;
    }
    return units;
  });
}

/** As ACTING, less the line feeds that JSON is laid out with; JSON.stringify has escaped those of its strings. */
const JSON_ACTING = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

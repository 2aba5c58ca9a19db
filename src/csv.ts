/** Lines of a table to fields: RFC 4180 quoting, comma, semicolon, tab or |, CRLF or LF, a byte order mark at the start. */

type Delimiter = ',' | ';' | '\t' | '|';

interface CsvRow {
  /** 1-based number of the line it starts on. */
  readonly line: number;
  readonly fields: readonly string[];
}

/** The delimiter that the first line has most of. */
export function delimiterOf(text: string): Delimiter {
  const end = text.search(/\r?\n/);
  const head = text.slice(0, end === -1 ? 4096 : Math.min(end, 4096)).replace(/"[^"]*"/g, '');
  const count = (delimiter: Delimiter): number => head.split(delimiter).length - 1;
  if (count('\t') > 0) return '\t';
  const most = Math.max(count(';'), count(','), count('|'));
  return ([';', '|', ','] as const).find((each) => count(each) === most) ?? ',';
}

/** Rows of a table, blank lines and lines that start with # left out. A quote that never closes ends with the text. */
export function* csvRows(text: string, delimiter: Delimiter): Iterable<CsvRow> {
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let line = 1;
  let quote = -1;
  while (at < text.length) {
    const start = line;
    const eol = text.indexOf('\n', at);
    const end = eol === -1 ? text.length : eol;
    if (quote < at) {
      const next = text.indexOf('"', at);
      quote = next === -1 ? text.length : next;
    }
    if (quote >= end) {
      // The usual line has no quote and is split as it is.
      const plain = text.slice(at, text.charCodeAt(end - 1) === 13 ? end - 1 : end);
      at = end + 1;
      line++;
      if (plain.trim() !== '' && !plain.startsWith('#'))
        yield { line: start, fields: plain.split(delimiter) };
      continue;
    }
    const row = quotedRow(text, at, delimiter);
    for (let i = at; i < row.next; i++) if (text.charCodeAt(i) === 10) line++;
    at = row.next;
    if (!row.fields[0].startsWith('#')) yield { line: start, fields: row.fields };
  }
}

/**
 * Where columns stand in a header, by the words that tables may have for them, parted by '|', in lower case and with '_' for
 * blanks; of columns of one meaning the first counts.
 */
export function columnsOf<C extends string>(
  header: readonly string[],
  words: Readonly<Record<C, string>>,
): Map<C, number> {
  const found = new Map<C, number>();
  for (const [at, title] of header.entries()) {
    const word = title.trim().toLowerCase().replace(/\s+/g, '_');
    for (const column in words) {
      if (!words[column].split('|').includes(word)) continue;
      if (!found.has(column)) found.set(column, at);
      break;
    }
  }
  return found;
}

/** How many lines a text has. */
export function linesOf(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

function quotedRow(text: string, start: number, delimiter: Delimiter): { fields: string[]; next: number } {
  const fields: string[] = [];
  let at = start;
  for (;;) {
    let field = '';
    // Some put a blank between a comma and a quote.
    if (text[at] === ' ' && text[at + 1] === '"') at++;
    if (text[at] === '"') {
      at++;
      for (;;) {
        const close = text.indexOf('"', at);
        if (close === -1) return { fields: [...fields, field + text.slice(at)], next: text.length };
        field += text.slice(at, close);
        at = close + 1;
        if (text[at] !== '"') break;
        field += '"';
        at++;
      }
    }
    let end = at;
    while (end < text.length && text[end] !== delimiter && text[end] !== '\n') end++;
    field += text.slice(at, end);
    if (text[end] !== delimiter) {
      fields.push(field.endsWith('\r') ? field.slice(0, -1) : field);
      return { fields, next: end + 1 };
    }
    fields.push(field);
    at = end + 1;
  }
}

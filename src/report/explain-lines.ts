/**
 * Paragraphs and list items of an explanation, set out on a page: wrapped, hanging below their marks, foreign text
 * escaped. Nothing is cut, however narrow the page.
 */
import { escapeTerminal } from './escape.ts';
import { type Phrase, say } from './phrase.ts';
import { widthOf } from './width.ts';

/** One paragraph: how far it is indented, and what stands in front of its first line. */
export interface Line {
  readonly phrase: Phrase;
  /** 0: a paragraph or list item of its own; 1: below an item. */
  readonly level: 0 | 1;
  /** Number or sign of a list item; '' for none. */
  readonly mark: string;
}

/** List items hang at least so far. */
const INDENT = 3;

/** A paragraph of its own. */
export function paragraph(phrase: Phrase): Line {
  return { phrase, level: 0, mark: '' };
}

/** A list item. */
export function item(mark: string, phrase: Phrase): Line {
  return { phrase, level: 0, mark };
}

/** A paragraph below an item. */
export function below(phrase: Phrase): Line {
  return { phrase, level: 1, mark: '' };
}

/** The lines at most `width` columns wide. */
export function* setOut(lines: readonly Line[], width: number): Generator<string> {
  const isList = lines.some(({ mark }) => mark !== '');
  const longest = lines.reduce((most, { mark }) => Math.max(most, mark.length), 0);
  const indent = isList ? Math.max(INDENT, longest + 1) : 0;
  for (const { phrase, level, mark } of lines) {
    const hang = ' '.repeat(mark !== '' || level === 1 ? indent : 0);
    let lead = mark.padEnd(hang.length);
    for (const piece of fill(say(phrase, escapeTerminal), width - hang.length)) {
      yield `${lead}${piece}`.trimEnd().concat('\n');
      lead = hang;
    }
  }
}

/** Words in lines; those longer than a line (wallets, paths) are broken, never left out: a case file needs them whole. */
function fill(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) <= width) {
      line += ` ${word}`;
      continue;
    }
    if (line !== '') lines.push(line);
    const parts = broken(word, width);
    lines.push(...parts.slice(0, -1));
    line = parts.at(-1) ?? '';
  }
  return line === '' ? lines : [...lines, line];
}

/** A word in parts of at most `width` columns. */
function broken(word: string, width: number): string[] {
  if (widthOf(word) <= width) return [word];
  const parts: string[] = [];
  let part = '';
  let used = 0;
  for (const character of word) {
    const columns = widthOf(character);
    if (used + columns > width) {
      parts.push(part);
      part = '';
      used = 0;
    }
    part += character;
    used += columns;
  }
  return [...parts, part];
}

/**
 * Paragraphs and list items of an explanation, set out on a page: wrapped, hanging below their marks, foreign text
 * escaped. Nothing is cut, however narrow the page.
 */
import type { ReportText } from '../../statements/codes.ts';
import { type Phrase, printable } from '../phrase.ts';
import { wrap } from '../width.ts';

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
    for (const piece of wrap(printable(phrase), width - hang.length)) {
      yield `${lead}${piece}`.trimEnd().concat('\n');
      lead = hang;
    }
  }
}

/** A length of time that is not nothing, in brackets. */
export function lasted(start: string, end: string, text: ReportText): string {
  const seconds = (Date.parse(end) - Date.parse(start)) / 1000;
  return seconds > 0 ? text.bracketed(text.figures.duration(seconds)) : '';
}

/** How often each text is said, those first that are said first. */
export function counted(texts: readonly string[]): [text: string, count: number][] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts];
}

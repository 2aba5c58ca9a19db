/**
 * A sentence of a report: our own words, and between them text from the wire, which each format escapes for the place
 * it goes to. Keeping the two apart is what lets Markdown show one as prose and the other as code.
 */

import { escapeTerminal } from '../escape.ts';
import type { Phrase, Wire } from '../statements/statement.ts';

export type { Phrase, Wire } from '../statements/statement.ts';

/** Marks text as somebody else's. */
export function wire(text: string): Wire {
  return { wire: text };
}

/** The phrase as one string, its foreign parts escaped for where it goes. */
export function render(phrase: Phrase, escapeWire: (text: string) => string): string {
  let said = '';
  for (const part of phrase) said += typeof part === 'string' ? part : escapeWire(part.wire);
  return said;
}

/** The phrase for a terminal, or any other plain text. */
export function printable(phrase: Phrase): string {
  return render(phrase, escapeTerminal);
}

/** Texts of others, with words of ours between them. */
export function wires(texts: readonly string[], between = ', '): Phrase {
  return joined(
    texts.map((text) => [wire(text)]),
    between,
  );
}

/** Several phrases in one, with words of ours between them. */
export function joined(phrases: readonly Phrase[], between: string): Phrase {
  return phrases.flatMap((phrase, i) => (i === 0 ? phrase : [between, ...phrase]));
}

/**
 * A sentence of a report: our own words, and between them text from the wire, which each format escapes for the place
 * it goes to. Keeping the two apart is what lets Markdown show one as prose and the other as code.
 */

/** Text that somebody else chose: from the wire, a file name, or an audit that was read back. */
export interface Wire {
  readonly wire: string;
}

export type Phrase = readonly (string | Wire)[];

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

/** A text of the catalogue with what its {names} stand for. */
export function filled(text: string, parts: Readonly<Record<string, Phrase | string>>): Phrase {
  return text.split(/\{(\w+)\}/).flatMap((piece, i): Phrase => {
    const part = i % 2 === 0 ? piece : (parts[piece] ?? '');
    return typeof part === 'string' ? (part === '' ? [] : [part]) : part;
  });
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

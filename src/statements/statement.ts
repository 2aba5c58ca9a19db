/**
 * What an audit says in words: a stable code, typed parameters, and the English text of the two. Nothing reads the text:
 * other languages are made from code and parameters, by the catalogue of the language.
 */

/** Plain JSON. A statement may hold others, such as the reason for what it says. */
type Param = string | number | boolean | null | Statement | readonly string[] | readonly Statement[];

export interface Statement {
  readonly code: string;
  readonly params: Readonly<Record<string, Param>>;
  readonly text: string;
}

/** Text that somebody else chose: from the wire, a file name, or an audit that was read back. */
export interface Wire {
  readonly wire: string;
}

/** A sentence of a report: our own words, and between them those of others. */
export type Phrase = readonly (string | Wire)[];

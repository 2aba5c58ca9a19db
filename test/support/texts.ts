import type { Statement } from '../../src/statements/index.ts';

/** What the statements say in English. */
export function textsOf(statements: readonly Statement[] | undefined): string[] {
  return (statements ?? []).map(({ text }) => text);
}

/** The texts of notes, without the one that says what the columns of a table were taken for. */
export function remarksOf(notes: readonly Statement[]): string[] {
  return textsOf(notes.filter(({ code }) => code !== 'columns-guessed'));
}

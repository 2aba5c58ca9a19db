import type { Statement } from '../../src/statements/index.ts';

/** What the statements say in English. */
export function textsOf(statements: readonly Statement[] | undefined): string[] {
  return (statements ?? []).map(({ text }) => text);
}

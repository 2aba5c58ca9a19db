import { describe, expect, it } from 'vitest';
import { EVIDENCE_KINDS } from '../../src/statements/en/evidence.ts';

describe('every kind of evidence', () => {
  it.each(Object.entries(EVIDENCE_KINDS))(
    '%s has a title, the source of its rule and a look-alike',
    (_, kind) => {
      for (const words of [kind.title, kind.rule, kind.lookAlike]) expect(words).toMatch(/\w{3}/);
      expect(kind.lookAlike).not.toMatch(/none known/);
    },
  );
});

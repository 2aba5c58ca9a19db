import { describe, expect, it } from 'vitest';
import { EVIDENCE_KINDS, observedKind } from '../../src/audit/evidence-kinds.ts';
import { catalogueOf, parametersOf } from '../../src/statements/catalogue.ts';

const { kind: words } = catalogueOf('en');

describe('every kind of evidence', () => {
  it.each(Object.entries(words))('%s has a title, the source of its rule and a look-alike', (_, kind) => {
    for (const said of [kind.title, kind.rule, kind.lookAlike]) expect(said).toMatch(/\w{3}/);
    expect(kind.lookAlike).not.toMatch(/none known/);
  });

  it('that has words has a strength, and the other way round', () => {
    expect(EVIDENCE_KINDS().map(({ kind }) => kind)).toEqual(Object.keys(words));
  });

  it('of messages has a statement that quotes them', () => {
    const observed = EVIDENCE_KINDS().filter(({ kind }) => observedKind(kind) !== null);
    expect(observed.length).toBeGreaterThan(20);
    for (const { kind } of observed) expect(parametersOf(kind), kind).toEqual(parametersOf('share'));
  });
});

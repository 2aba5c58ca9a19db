/**
 * Every dialect's canonical conversation in 2,000 wordings and segmentations, some of them from the middle on: all give
 * the same session.
 */
import { describe, expect, it } from 'vitest';
import { isObject } from '../../src/json.ts';
import { hear, type SessionFacts } from '../support/hearing.ts';
import { CANONICAL } from './canonical.ts';
import { RECENT } from './canonical-recent.ts';

const CONVERSATIONS = [...CANONICAL, ...RECENT];

const VARIANTS = 2000;

describe('the canonical conversation', () => {
  for (const { conversation, expected, late } of CONVERSATIONS) {
    it(`of ${expected.dialect} is the same session in ${VARIANTS} variants`, () => {
      for (const { name, rendering } of conversation.renderings(VARIANTS)) {
        const observed = hear(conversation.toSegments(rendering));
        const wanted = rendering.fromTheMiddle ? late : expected;
        // Texts first: an assertion for each variant would cost more than the hearing.
        if (observed === null || orderly(observed) !== orderly(wanted)) {
          expect({ name, observed }).toEqual({ name, observed: wanted });
        }
      }
    }, 60_000);
  }
});

/** The same text for the same facts, whatever order their members were made in. */
function orderly(facts: SessionFacts): string {
  return JSON.stringify(facts, (_, value: unknown) =>
    isObject(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value,
  );
}

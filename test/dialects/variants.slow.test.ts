/**
 * Every dialect's canonical conversation in 2,000 wordings and segmentations, some of them from the middle on: all give
 * the same session.
 */
import { describe, expect, it } from 'vitest';
import { DIALECTS } from '../../src/dialects/index.ts';
import { isObject } from '../../src/json.ts';
import { hear, type SessionFacts } from '../support/hearing.ts';
import { CANONICAL } from './canonical.ts';
import { RECENT } from './canonical-recent.ts';

const CONVERSATIONS = [...CANONICAL, ...RECENT];

const VARIANTS = 2000;

describe('the canonical conversation', () => {
  it('exists for every dialect', () => {
    const covered = new Set(CONVERSATIONS.map(({ expected }) => expected.dialect));
    // Devices are asked for their state: test/dialects/device-api.test.ts has their answers.
    covered.add('device-api');
    expect(DIALECTS.map(({ id }) => id).filter((id) => !covered.has(id))).toEqual([]);
  });

  for (const { conversation, expected, late } of CONVERSATIONS) {
    it(`of ${expected.dialect} says what it says`, () => {
      expect(hear(conversation.toSegments())).toEqual(expected);
      expect(hear(conversation.toSegments({ fromTheMiddle: true }))).toEqual(late);
    });

    it(`of ${expected.dialect} is the same session in ${VARIANTS} variants`, () => {
      for (const { name, rendering } of conversation.renderings(VARIANTS)) {
        const heard = hear(conversation.toSegments(rendering));
        const wanted = rendering.fromTheMiddle ? late : expected;
        // Texts first: an assertion for each variant would cost more than the hearing.
        if (heard === null || orderly(heard) !== orderly(wanted)) {
          expect({ name, heard }).toEqual({ name, heard: wanted });
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

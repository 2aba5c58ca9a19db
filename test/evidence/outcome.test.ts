import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/evidence/fact.ts';
import { classifyAnswer } from '../../src/evidence/outcome.ts';

const WORDS: Readonly<Record<Exclude<Outcome, 'accepted'>, readonly string[]>> = {
  stale: [
    'Stale share',
    'stale-prevblk',
    'Job not found',
    'job not found',
    'Block expired',
    'Solution submitted too late',
    'old job',
    'Invalid job id',
    'Invalid JobID',
    'outdated work',
  ],
  duplicate: ['Duplicate share', 'duplicate', 'Duplicate share submitted'],
  'low-difficulty': [
    'Low difficulty share',
    'low difficulty',
    'low-difficulty',
    'lowdiff',
    'Share above target',
    'Difficulty too low',
    'high-hash',
    'Invalid difficulty',
    'Bad nonce',
  ],
  unauthorised: [
    'Unauthorized worker',
    'unauthorised',
    'Unauthenticated',
    'Not subscribed',
    'Login first',
    'Invalid login',
    'Invalid payment address provided',
    'your IP is banned',
    'IP Address currently banned',
    'blacklisted',
    'Permission denied',
  ],
  malformed: [
    'Malformed share',
    'Invalid nonce; is miner not compatible with NiceHash?',
    'incorrect size of extranonce2',
    'ntime out of range',
    'Invalid solution',
    'Failed to validate solution',
  ],
  other: ['Bad gateway', 'Incorrect algorithm', 'Unknown problem', 'Work not ready'],
};
const LISTED = Object.entries(WORDS).flatMap(([outcome, texts]) =>
  texts.map((text) => [text, outcome] as const),
);

describe('the words of an error', () => {
  it.each(LISTED)('%s: %s, in every shape of error', (text, outcome) => {
    for (const error of [
      text,
      [null, text],
      [0, text, null],
      { message: text },
      { code: 0, message: text },
    ]) {
      expect(classifyAnswer(null, error)).toEqual({ outcome, text });
    }
  });
  it('count before its code', () => {
    expect(classifyAnswer(null, [21, 'low difficulty', null])).toEqual({
      outcome: 'low-difficulty',
      text: 'low difficulty',
    });
    expect(classifyAnswer(null, { code: -1, message: 'Low difficulty share' }).outcome).toBe(
      'low-difficulty',
    );
    expect(classifyAnswer(null, [-1, 'Job not found', null]).outcome).toBe('stale');
    // In the place of the result, as kaspa-stratum-bridge did.
    expect(classifyAnswer([21, 'Job not found', null], null).outcome).toBe('stale');
    expect(classifyAnswer([0, 'ok'], null).outcome).toBe('accepted');
    expect(classifyAnswer(null, [20, 'Duplicate share', null]).outcome).toBe('duplicate');
  });
  it('are kept within bounds and without control characters', () => {
    expect(classifyAnswer(null, `a\u001b[31m\r\nb${'x'.repeat(1000)}`).text).toHaveLength(200 - 1);
    expect(classifyAnswer(null, 'stale\u0000job').text).toBe('stale job');
  });
});

describe('the code of an error', () => {
  it.each([
    [20, 'malformed'],
    [21, 'stale'],
    [22, 'duplicate'],
    [23, 'low-difficulty'],
    [24, 'unauthorised'],
    [25, 'unauthorised'],
    [-1, 'malformed'],
    [-32500, 'unauthorised'],
    [-32501, 'low-difficulty'],
    [-32502, 'malformed'],
    [-32503, 'stale'],
    [202, 'stale'],
    [215, 'accepted'],
    [301, 'unauthorised'],
    [404, 'stale'],
    [406, 'low-difficulty'],
    [400, 'malformed'],
    [500, 'other'],
    [0, 'other'],
    [-32000, 'other'],
  ] as const)('%d is %s', (code, outcome) => {
    expect(classifyAnswer(null, [code, 'Sorry', null])).toEqual({ outcome, text: 'Sorry' });
    expect(classifyAnswer(null, [code, 'Sorry'])).toEqual({ outcome, text: 'Sorry' });
    expect(classifyAnswer(null, { code, message: 'Sorry' })).toEqual({ outcome, text: 'Sorry' });
    expect(classifyAnswer(null, { code: String(code), message: 'Sorry' })).toEqual({
      outcome,
      text: 'Sorry',
    });
  });
  it('may stand alone', () => {
    expect(classifyAnswer(null, 21)).toEqual({ outcome: 'stale', text: '' });
    expect(classifyAnswer(undefined, [23])).toEqual({ outcome: 'low-difficulty', text: '' });
  });
});

describe('a result', () => {
  it.each([
    ['true', true, null, 'accepted', ''],
    ['true beside an empty error', true, [], 'accepted', ''],
    ['nothing but an id', undefined, undefined, 'accepted', ''],
    ['null and null', null, null, 'accepted', ''],
    ['status OK', { status: 'OK' }, null, 'accepted', ''],
    ['a login result', { id: '1', job: {}, status: 'OK' }, null, 'accepted', ''],
    ['"ok"', 'ok', null, 'accepted', ''],
    ['a found block', `blockfound - ${'a'.repeat(64)}`, null, 'accepted', `blockfound - ${'a'.repeat(64)}`],
    ['["true"] of Conflux', ['true'], null, 'accepted', ''],
    ['["false", words] of Conflux', ['false', 'stale job'], null, 'stale', 'stale job'],
    ['an Iron Fish body', { id: 1, result: true }, undefined, 'accepted', ''],
    [
      'an Iron Fish refusal',
      { id: 1, result: false, message: 'Duplicate share' },
      undefined,
      'duplicate',
      'Duplicate share',
    ],
    ['false', false, null, 'other', ''],
    ['false with words', false, [22, 'Duplicate share', null], 'duplicate', 'Duplicate share'],
    ['a status that is none', { status: 'rejected' }, null, 'other', 'rejected'],
    ['"high-hash" of a node', 'high-hash', null, 'low-difficulty', 'high-hash'],
    ['"inconclusive" of a node', 'inconclusive', null, 'other', 'inconclusive'],
    ['"duplicate" of a node', 'duplicate', null, 'duplicate', 'duplicate'],
    ['a worker token', 'w-123', null, 'accepted', 'w-123'],
  ])('of %s', (_name, result, error, outcome, text) => {
    expect(classifyAnswer(result, error)).toEqual({ outcome, text });
  });
});

it('answers anything without throwing', () => {
  fc.assert(
    fc.property(fc.anything(), fc.anything(), (result, error) => {
      expect(classifyAnswer(result, error).text.length).toBeLessThanOrEqual(200);
    }),
    { seed: 3 },
  );
});

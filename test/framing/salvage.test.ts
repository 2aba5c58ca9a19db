import { describe, expect, it } from 'vitest';
import { salvage } from '../../src/framing/salvage.ts';

const LOGIN = '{"id":1,"method":"login","params":{"login":"w","pass":"x","agent":"XMRig/6"},"more":[1,2]}';

describe('what is left of an object that was cut', () => {
  const cases: readonly [text: string, left: unknown][] = [
    ['', null],
    ['{', null],
    ['{"id":1', null],
    ['{"id":1,', { body: { id: 1 }, begun: null }],
    ['{"id":1,"par', { body: { id: 1 }, begun: null }],
    ['{"id":1,"params":', { body: { id: 1 }, begun: null }],
    ['{"id":1,"params":{', { body: { id: 1 }, begun: { name: 'params', members: {}, cutMember: null } }],
    [
      '{"id":1,"params":{"login":"w","pass":"x","ag',
      { body: { id: 1 }, begun: { name: 'params', members: { login: 'w', pass: 'x' }, cutMember: null } },
    ],
    [
      '{"id":1,"params":{"login":"w","agent":"XMRig/6',
      {
        body: { id: 1 },
        begun: { name: 'params', members: { login: 'w' }, cutMember: { name: 'agent', text: 'XMRig/6' } },
      },
    ],
    [
      '{"id":1,"params":{"login":"a\\u00',
      { body: { id: 1 }, begun: { name: 'params', members: {}, cutMember: { name: 'login', text: 'a' } } },
    ],
    // A number may have more digits, and of an array nothing is told apart.
    [
      '{"id":1,"params":{"a":12,"b":34',
      { body: { id: 1 }, begun: { name: 'params', members: { a: 12 }, cutMember: null } },
    ],
    ['{"id":1,"params":["a","b', { body: { id: 1 }, begun: null }],
    [
      '{"id":1,"result":{"id":"s","job":{"blob":"00","target":"b8',
      {
        body: { id: 1 },
        begun: { name: 'result', members: { id: 's', job: { blob: '00' } }, cutMember: null },
      },
    ],
    [
      '{"id":1,"result":{"job":{"x":{"deeper":1,"y":',
      { body: { id: 1 }, begun: { name: 'result', members: { job: {} }, cutMember: null } },
    ],
    [`${LOGIN.slice(0, -4)}`, { body: JSON.parse(`${LOGIN.slice(0, -14)}}`), begun: null }],
  ];
  for (const [text, left] of cases) it(JSON.stringify(text), () => expect(salvage(text)).toEqual(left));

  it('is part of the whole, wherever it was cut', () => {
    for (let length = 0; length <= LOGIN.length; length++) {
      const left = salvage(LOGIN.slice(0, length));
      const whole = JSON.parse(LOGIN);
      expect(whole).toMatchObject(left?.body ?? {});
      expect(whole.params).toMatchObject(left?.begun?.members ?? {});
      expect(whole.params[left?.begun?.cutMember?.name ?? ''] ?? '').toContain(
        left?.begun?.cutMember?.text ?? '',
      );
    }
  });

  it('is bounded in depth, whatever is nested', () => {
    const members = { a: {} };
    expect(salvage(`{"id":1,"a":${'{"a":'.repeat(100_000)}`)?.begun).toEqual({
      name: 'a',
      members,
      cutMember: null,
    });
  });
});

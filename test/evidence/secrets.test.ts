/** Passwords in what a wire says, and words that only look like them. */
import { describe, expect, it } from 'vitest';
import { SentSecrets, withoutPassword, withoutSecrets } from '../../src/evidence/secrets.ts';

describe('a text without its passwords', () => {
  for (const [text, expected] of [
    ['XMRig/6.21.0 pass=Hidden7', 'XMRig/6.21.0 pass=***'],
    ['wallet,pass=Hidden7,d=16', 'wallet,pass=***,d=16'],
    ['{"password": "Hidden 7"}', '{"password": ***}'],
    ['stratum+tcp://me:Hidden7@pool.example:3333', 'stratum+tcp://me:***@pool.example:3333'],
    ['minerd -o pool.example:3333 -u me -p Hidden7 -t 4', 'minerd -o pool.example:3333 -u me -p *** -t 4'],
    ['minerd --userpass=me:Hidden7', 'minerd --userpass=***'],
    ['XMRig/6.21.0 (Linux x86_64) libuv/1.48.0', 'XMRig/6.21.0 (Linux x86_64) libuv/1.48.0'],
    ['job not found', 'job not found'],
    ['low difficulty share of 0.5', 'low difficulty share of 0.5'],
    ['http://pool.example:8080/path', 'http://pool.example:8080/path'],
  ] as const) {
    it(text, () => expect(withoutSecrets(text)).toBe(expected));
  }
});

describe('an account without its password', () => {
  const kaspa = `kaspa:${'q'.repeat(61)}`;
  for (const [account, expected] of [
    ['alice.rig1:Hidden7', 'alice.rig1:***'],
    ['alice.rig1', 'alice.rig1'],
    [kaspa, kaspa],
    [`${kaspa}.rig:Hidden7`, `${kaspa}.rig:***`],
    ['52:54:00:12:34:56', '52:54:00:12:34:56'],
    ['alice+pass=Hidden7', 'alice+pass=***'],
  ] as const) {
    it(account, () => expect(withoutPassword(account)).toBe(expected));
  }
});

describe('what was sent in secret', () => {
  for (const { name, body } of [
    { name: 'behind the user', body: { method: 'mining.authorize', params: ['me', 'Hidden7'] } },
    {
      name: 'before a third parameter',
      body: { method: 'mining.authorize', params: ['me', 'Hidden7', 'x'] },
    },
    { name: 'in the user', body: { method: 'mining.authorize', params: ['me.rig:Hidden7', 'x'] } },
    { name: 'in a member', body: { method: 'login', params: { login: 'me', pass: 'Hidden7' } } },
    { name: 'nested', body: { method: 'login', params: { login: 'me', pass: { v: ['Hidden7'] } } } },
    { name: 'in the login of an object', body: { method: 'login', params: { login: 'me:Hidden7' } } },
    { name: 'with the user of a share', body: { method: 'mining.submit', params: ['me:Hidden7', 'job'] } },
    { name: 'in a share as an object', body: { method: 'submit', params: { user: 'me', pass: 'Hidden7' } } },
  ]) {
    it(`is taken out of errors: ${name}`, () => {
      const secrets = new SentSecrets();
      secrets.take(body);
      expect(secrets.without('Invalid password Hidden7 of me')).toBe('Invalid password *** of me');
    });
  }

  it('is taken out of errors as it is written in URLs and in JSON', () => {
    const secrets = new SentSecrets();
    secrets.take({ method: 'login', params: { pass: 'Hid"den/7' } });
    expect(secrets.without('bad Hid%22den%2F7, bad Hid\\"den/7')).toBe('bad ***, bad ***');
  });

  it('is taken from each share whose user is another than that of the one before', () => {
    const secrets = new SentSecrets();
    for (const user of ['me', 'me', 'me:Hidden7', 'me:Hidden7', 'you:Secret8', 'me'])
      secrets.take({ method: 'mining.submit', params: [user, 'job', '00', '5f5e1000', '00000001'] });
    expect([...secrets.words]).toEqual(['Hidden7', 'Secret8']);
  });

  it('may come in the head of a request', () => {
    const secrets = new SentSecrets();
    secrets.takeHeader(`Basic ${Buffer.from('me:Hidden7').toString('base64')}`);
    expect(secrets.without('no such password: Hidden7')).not.toContain('Hidden7');
  });

  it('is no ordinary word', () => {
    const secrets = new SentSecrets();
    secrets.take({ method: 'mining.authorize', params: ['me', 'x'] });
    secrets.take({ method: 'mining.authorize', params: ['me', 'password'] });
    expect(secrets.without('password expired')).toBe('password expired');
  });
});

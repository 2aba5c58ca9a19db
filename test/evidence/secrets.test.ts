/** Passwords in what a wire says, and words that only look like them. */
import { describe, expect, it } from 'vitest';
import {
  endpointShown,
  NOTHING_SHOWN,
  SentSecrets,
  withoutPassword,
  withoutSecrets,
} from '../../src/evidence/secrets.ts';

describe('a text without its passwords', () => {
  for (const [text, expected] of [
    ['XMRig/6.21.0 pass=Hidden7', 'XMRig/6.21.0 pass=***'],
    ['wallet,pass=Hidden7,d=16', 'wallet,pass=***,d=16'],
    ['{"password": "Hidden 7"}', '{"password": ***}'],
    ['stratum+tcp://me:Hidden7@pool.example:3333', 'stratum+tcp://me:***@pool.example:3333'],
    ['minerd -o pool.example:3333 -u me -p Hidden7 -t 4', 'minerd -o pool.example:3333 -u me -p *** -t 4'],
    ['minerd --userpass=me:Hidden7', 'minerd --userpass=***'],
    ['XMRig/6.21.0 (Linux x86_64) libuv/1.48.0', 'XMRig/6.21.0 (Linux x86_64) libuv/1.48.0'],
    ['PASSWD : Hidden7', 'PASSWD : ***'],
    ["token='Hid den7', next", 'token=***, next'],
    ['x_api-key=Hidden7;auth=Hidden8', 'x_api-key=***;auth=***'],
    ['compass=north', 'compass=north'],
    ['http://me:@pool.example', 'http://me:@pool.example'],
    ['minerd -O me:Hidden7', 'minerd -O ***'],
    ['--password Hidden7 -pool x', '--password *** -pool x'],
    ['minerd -u me -pHidden7 -t 4', 'minerd -u me -p*** -t 4'],
    ['minerd -Ome:Hidden7 -O2', 'minerd -O*** -O2'],
    ['minerd -psw Hidden7 -port 3333', 'minerd -psw *** -port 3333'],
    ['miner/6 Authorization: Bearer Hidden7', 'miner/6 Authorization: ***'],
    ['bad Proxy-Authorization: Digest response="Hidden7"', 'bad Proxy-Authorization: ***'],
    ['Cookie: a=b; sid=Hidden7', 'Cookie: ***'],
    ['auth=Bearer Hidden7, x', 'auth=***, x'],
    ['PhoenixMiner -epsw Hidden7 -wal x', 'PhoenixMiner -epsw *** -wal x'],
    ['xmrig --api-access-token Hidden7 -o x', 'xmrig --api-access-token *** -o x'],
    ['xmrig --proxy=me:Hidden7@10.0.0.1:1080 -o x', 'xmrig --proxy=*** -o x'],
    ['ethminer -U -p Hidden7', 'ethminer -U -p ***'],
    ['curl -U me:Hidden7 -x 10.0.0.1:3128', 'curl -U *** -x 10.0.0.1:3128'],
    ['ethminer -U stratum://wallet@pool.example:4444', 'ethminer -U stratum://wallet@pool.example:4444'],
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
    ['alice:Hidden7:8', 'alice:***'],
    ['52:54:00:12:34:5', '52:***'],
    ['x52:54:00:12:34:56', 'x52:***'],
    [`toolong-for-a-coin:${'q'.repeat(25)}`, 'toolong-for-a-coin:***'],
    [`coin:${'q'.repeat(24)}`, 'coin:***'],
    [`coin:${'q'.repeat(25)}`, `coin:${'q'.repeat(25)}`],
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
      secrets.collect(body);
      expect(secrets.without('Invalid password Hidden7 of me')).toBe('Invalid password *** of me');
    });
  }

  it('is taken out of errors as it is written in URLs and in JSON', () => {
    const secrets = new SentSecrets();
    secrets.collect({ method: 'login', params: { pass: 'Hid"den/7' } });
    expect(secrets.without('bad Hid%22den%2F7, bad Hid\\"den/7')).toBe('bad ***, bad ***');
  });

  it('is taken from each share whose user is another than that of the one before', () => {
    const secrets = new SentSecrets();
    for (const user of ['me', 'me', 'me:Hidden7', 'me:Hidden7', 'you:Secret8', 'me'])
      secrets.collect({ method: 'mining.submit', params: [user, 'job', '00', '5f5e1000', '00000001'] });
    expect([...secrets.words]).toEqual(['Hidden7', 'Secret8']);
  });

  it('may come in the head of a request', () => {
    const secrets = new SentSecrets();
    secrets.collectField('authorization', `Basic ${Buffer.from('me:Hidden7').toString('base64')}`);
    expect(secrets.without('no such password: Hidden7')).not.toContain('Hidden7');
  });

  const sent = (send: (secrets: SentSecrets) => void): string[] => {
    const secrets = new SentSecrets();
    send(secrets);
    return [...secrets.words];
  };
  const nested = (depth: number): object => (depth === 0 ? { pass: 'Hidden7' } : { x: nested(depth - 1) });
  const listed = (depth: number): unknown => (depth === 0 ? { pass: 'Hidden7' } : [listed(depth - 1)]);

  it.each<[string, string, readonly string[]]>([
    ['of four letters', 'Hid7', ['Hid7']],
    ['of three letters', 'Hi7', []],
    ['of 512 letters', 'h'.repeat(512), ['h'.repeat(512)]],
    ['of 513 letters, of which the first count', 'h'.repeat(513), ['h'.repeat(512)]],
    ['that is the number of a rig', 'worker-1234', []],
    ['that is a longer number of a rig', 'worker-12345', ['worker-12345']],
    ['with a pool’s options', 'd=1000,c=BTC', []],
    ['among a pool’s options', 'd=1000;pass=Hidden7', ['Hidden7']],
    ['beside an option', 'Hidden7,d=1000', ['Hidden7,d=1000']],
  ])('is a word %s, or is not', (_name, word, expected) => {
    expect(sent((secrets) => secrets.add(word))).toEqual(expected);
  });

  it('is not sought in lists without an end', () => {
    let list: unknown[] = [];
    for (let depth = 0; depth < 100_000; depth++) list = [list];
    expect(sent((secrets) => secrets.collect({ list }))).toEqual([]);
  });

  it.each<[string, object, readonly string[]]>([
    ['a number', { method: 'login', params: { pass: 12_345_678 } }, ['12345678']],
    ['a member of no telling name', { method: 'login', params: { word: 'Hidden7' } }, []],
    ['a member that begins like one', { passport: 'Hidden7' }, []],
    ['a member that ends like one', { worker_pass: 'Hidden7' }, ['Hidden7']],
    ['the user of an object', { userName: 'me:Hidden7' }, ['Hidden7']],
    ['a list of objects', { list: [[{ pass: 'Hidden7' }]] }, ['Hidden7']],
    ['objects as deep as are looked at', nested(8), ['Hidden7']],
    ['deeper ones', nested(9), []],
    ['lists as deep as are looked at', { x: listed(7) }, ['Hidden7']],
    ['deeper lists', { x: listed(9) }, []],
    ['a call of other parameters', { method: 'mining.notify', params: ['me:Hidden7', 'Secret8'] }, []],
    ['parameters of a call that is none', { params: ['me', 'Hidden7'] }, []],
    ['an account that is no text', { method: 'mining.authorize', params: [7, 'Hidden7'] }, ['Hidden7']],
  ])('is told by %s, or is not', (_name, body, expected) => {
    expect(sent((secrets) => secrets.collect(body as Parameters<SentSecrets['collect']>[0]))).toEqual(
      expected,
    );
  });

  const basic = (text: string): string => Buffer.from(text).toString('base64');

  it.each<[name: string, value: string, expected: readonly string[]]>([
    ['authorization', `BASIC ${basic('me:Hidden7')}`, [basic('me:Hidden7'), 'Hidden7']],
    [
      'authorization',
      `Basic ${basic('u:x')}, Basic ${basic('u:Hidden7')}`,
      [basic('u:x'), basic('u:Hidden7'), 'Hidden7'],
    ],
    ['authorization', 'Bearer Hidden7', ['Hidden7']],
    ['proxy-authorization', 'Token Hidden7', ['Hidden7']],
    ['authorization', 'Hidden7', ['Hidden7']],
    ['authorization', 'Scheme Hidden7 Secret8', ['Hidden7', 'Secret8']],
    ['authorization', 'Digest username="alice", realm="pool", response="Hidden7"', ['Hidden7']],
    ['authorization', 'Token token=Hidden7', ['Hidden7']],
    ['authorization', 'Bearer Hidden7==', ['Hidden7==']],
    ['x-api-key', 'Hidden7', ['Hidden7']],
    ['x-auth-token', 'Hidden7', ['Hidden7']],
    ['cookie', 'a=Hidden7; b="Secret8"', ['Hidden7', 'Secret8']],
    ['set-cookie', 'a=Hidden7; path=/Secret8', ['Hidden7']],
    ['host', 'Hidden7', []],
    ['user-agent', 'Hidden7/1.0', []],
  ])('may stand in a head, in %s: %s', (name, value, expected) => {
    expect(sent((secrets) => secrets.collectHead(new Map([[name, value]])))).toEqual(expected);
  });

  it('is known from a message in which the capture ended, also if it ended within the secret', () => {
    const secrets = new SentSecrets();
    secrets.collectBegun({
      members: { login: 'me', pass: 'Hidden7' },
      cutMember: { name: 'token', text: 'Secr' },
    });
    expect(secrets.without('bad Hidden7, bad Secret8!')).toBe('bad ***, bad ***!');
  });

  it('is kept 64 times at most, each once', () => {
    const secrets = new SentSecrets();
    for (let i = 0; i < 70; i++) for (const _ of [1, 2]) secrets.add(`Hidden${i}`);
    expect([secrets.count, [...secrets.words].at(-1)]).toEqual([64, 'Hidden63']);
  });

  it('stands in no host, and neither does a user', () => {
    const secrets = new SentSecrets();
    secrets.add('Hidden7');
    expect([secrets.hostWithout('me:Hidden7@pool.example'), secrets.hostWithout('Hidden7.example')]).toEqual([
      'pool.example',
      '***.example',
    ]);
    expect([endpointShown(secrets.without('a'), 3333), endpointShown(NOTHING_SHOWN, 3333)]).toEqual([
      'a:3333',
      '',
    ]);
  });

  it('is no ordinary word', () => {
    const secrets = new SentSecrets();
    secrets.collect({ method: 'mining.authorize', params: ['me', 'x'] });
    secrets.collect({ method: 'mining.authorize', params: ['me', 'password'] });
    expect(secrets.without('password expired')).toBe('password expired');
  });
});

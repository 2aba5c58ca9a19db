import { isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pseudonymizeAudit } from '../../src/pseudonyms/audit.ts';
import { PrefixPreserving } from '../../src/pseudonyms/prefix-preserving.ts';
import { createPseudonymizer } from '../../src/pseudonyms/pseudonymizer.ts';
import { statement, verbatim } from '../../src/statements/index.ts';

const SHARED_ACCOUNT = statement('sign', {
  sign: statement('sign-many-owners', { count: 3 }),
  use: 'hijacked',
});

const KEY = 'a key that only this test has, 32 bytes long';
const both = createPseudonymizer({ key: KEY, accounts: true, addresses: true });

function bytesOf(ip: string): Uint8Array {
  return Uint8Array.from(ip.split('.').map(Number));
}

describe('prefix-preserving addresses', () => {
  // The trace that Crypto-PAn itself was published with.
  const PUBLISHED_KEY = Uint8Array.from([
    21, 34, 23, 141, 51, 164, 207, 128, 19, 10, 91, 22, 73, 144, 125, 16, 216, 152, 143, 131, 121, 121, 101,
    39, 98, 87, 76, 45, 42, 132, 34, 2,
  ]);
  it.each([
    ['128.11.68.132', '135.242.180.132'],
    ['129.118.74.4', '134.136.186.123'],
    ['130.132.252.244', '133.68.164.234'],
    ['141.223.7.43', '141.167.8.160'],
    ['141.233.145.108', '141.129.237.235'],
    ['152.163.225.39', '151.140.114.167'],
    ['156.29.3.236', '147.225.12.42'],
    ['165.247.96.84', '162.9.99.234'],
    ['166.107.77.190', '160.132.178.185'],
    ['192.102.249.13', '252.138.62.131'],
  ])('map %s to %s as published', (ip, expected) => {
    expect([...new PrefixPreserving(PUBLISHED_KEY).map(bytesOf(ip))].join('.')).toBe(expected);
  });

  function sharedBits(a: Uint8Array, b: Uint8Array): number {
    for (let bit = 0; bit < a.length * 8; bit++) {
      if (((a[bit >>> 3] ^ b[bit >>> 3]) >>> (7 - (bit & 7))) & 1) return bit;
    }
    return a.length * 8;
  }

  it.each([4, 16])('share as many first bits as before, and are one to one (%i bytes)', (length) => {
    const map = new PrefixPreserving(Uint8Array.from({ length: 32 }, (_, i) => i * 7));
    const address = fc.uint8Array({ minLength: length, maxLength: length });
    fc.assert(
      fc.property(address, address, fc.nat(length * 8 - 1), (a, b, bit) => {
        expect(sharedBits(map.map(a), map.map(b))).toBe(sharedBits(a, b));
        // Two that differ from one bit on, however late.
        const near = Uint8Array.from(a);
        near[bit >>> 3] ^= 0x80 >>> (bit & 7);
        expect(sharedBits(map.map(a), map.map(near))).toBe(bit);
      }),
    );
  });

  it('keep a whole network apart', () => {
    const seen = new Set<string>();
    for (let host = 0; host < 65_536; host += 13) seen.add(both.address(`10.7.${host >>> 8}.${host & 255}`));
    expect(seen.size).toBe(Math.ceil(65_536 / 13));
    // The first 16 of the 32 bits are one.
    expect(new Set([...seen].map((ip) => ip.split(':').slice(0, -1).join(':'))).size).toBe(1);
  });

  it('are all in one range for documentation, whatever their family', () => {
    for (const ip of ['10.7.1.2', '203.0.113.9', '2a01:4f8::1', 'fe80::1']) {
      expect(both.address(ip)).toMatch(/^2001:db8:/);
      expect(isIPv6(both.address(ip))).toBe(true);
    }
    const network = (ip: string) => both.address(ip).split(':').slice(0, 6).join(':');
    expect(network('2a01:4f8:1:2:3:4:5:6')).toBe(network('2a01:4f8:1:2:9:9:9:9'));
  });
});

describe('pseudonyms', () => {
  it('use all their letters at each place, so that two names hardly ever have one', () => {
    const names = Array.from({ length: 2000 }, (_, i) => both.worker(`rig ${i}`).slice('wkr-'.length));
    expect(new Set(names).size).toBe(names.length);
    for (let at = 0; at < 8; at++) expect(new Set(names.map((name) => name[at])).size).toBe(32);
  });

  it('are the same in every run with the same key, and others with another', () => {
    const again = createPseudonymizer({ key: KEY, accounts: true, addresses: true });
    const other = createPseudonymizer({ key: `${KEY}!`, accounts: true, addresses: true });
    for (const kind of ['account', 'worker', 'address', 'hostName', 'organisation', 'file'] as const) {
      expect(again[kind]('10.0.0.1')).toBe(both[kind]('10.0.0.1'));
      expect(other[kind]('10.0.0.1')).not.toBe(both[kind]('10.0.0.1'));
    }
  });

  // Computed by another program: HMAC-SHA-256 and Crypto-PAn of other libraries.
  it.each([
    ['account', 'wallet', 'acct-ghkht45dpse3'],
    ['account', ` 0x${'AB'.repeat(20)}`, 'acct-mg65dwake8d8'],
    ['account', `BC1Q${'a'.repeat(20)}`, 'acct-bgf0jfzedfg5'],
    ['account', 'XYZ', 'acct-naqu37k7s46k'],
    ['worker', 'rig1', 'wkr-zesc28nu'],
    ['job', 'j1', 'job-9c9tdq99z4bf'],
    ['hostName', 'Pool.example', 'host-zkk4ud0p'],
    ['address', 'pool.EXAMPLE', 'host-zkk4ud0p'],
    ['organisation', 'Example', 'org-re7fqdz0'],
    ['file', '/a/b.pcap', 'input-wzdxdnv0.pcap'],
    ['address', '10.0.0.1', '2001:db8::a0f:ff01'],
    ['address', '2a01:4f8::1', '2001:db8:2501:407:fe02:f308:5084:7a67'],
  ] as const)('of the %s %s is always the same: %s', (kind, text, expected) => {
    expect(both[kind](text)).toBe(expected);
  });

  it('are short, of their kind, and not the same for another kind', () => {
    expect(both.account('wallet')).toMatch(/^acct-[a-z0-9]{12}$/);
    expect(both.worker('wallet')).toMatch(/^wkr-[a-z0-9]{8}$/);
    expect(both.account('wallet').slice(5, 13)).not.toBe(both.worker('wallet').slice(4));
    expect(both.address('2001:DB8::1')).toBe(both.address('2001:db8:0:0::1'));
    expect(both.address('::ffff:10.0.0.1')).toBe(both.address('10.0.0.1'));
    expect(both.file('/data/customer x/day.pcap.gz')).toMatch(/^input-[a-z0-9]{8}\.gz$/);
    expect(both.account('')).toBe('');
  });

  it('are one for the spellings of one wallet, but base58 has only one', () => {
    const hex = '0xAbCdEf0123456789aBcDeF0123456789ABCDEF01';
    expect(both.account(hex)).toBe(both.account(hex.toLowerCase()));
    expect(both.account('4Abc')).not.toBe(both.account('4abc'));
  });

  it('leave alone what was not asked for', () => {
    const accounts = createPseudonymizer({ key: KEY, accounts: true, addresses: false });
    const addresses = createPseudonymizer({ key: KEY, accounts: false, addresses: true });
    expect([accounts.address('10.0.0.1'), accounts.organisation('X'), accounts.file('a')]).toEqual([
      '10.0.0.1',
      'X',
      'a',
    ]);
    expect([addresses.account('w'), addresses.worker('r')]).toEqual(['w', 'r']);
  });

  it('want a key that cannot be guessed', () => {
    expect(() => createPseudonymizer({ key: 'short', accounts: true, addresses: true })).toThrow(
      'has 5 bytes',
    );
  });
});

const WALLET =
  '48FAKEWaLLetForTestsDoNotPay9dwtq5H8YqVXiRsE7Y2zvRUfqr1mVJotFe7zM222ib1yRkEUo2aFqVYcFPFkFqWK2Tv';
const STRANGER =
  '44StrangerWaLLetThatNobodyLoggedInWith00000000000000000000000000000000000000000000000000000000';

function traffic() {
  return { bytesOut: 1, bytesIn: 2, packetsOut: 1, packetsIn: 2, mbpsOut: 0, mbpsIn: 0 };
}

function audit() {
  const owner = {
    class: 'education',
    name: 'Nanjing Example University',
    asn: 4538,
    country: 'CN',
    region: 'Jiangsu',
    city: 'Nanjing',
    source: 'owners-table',
    confidence: 0.98,
    intent: 'hijacked',
    reasons: [SHARED_ACCOUNT],
    rule: statement('owner-table-line', { line: 4, prefix: '10.7.0.0/16', by: null }),
    department: 'Physics',
    contact: 'noc@example.edu',
    answers: [{ name: 'Nanjing Example University' }],
  };
  const evidence = (kind: string, detail: string) => ({
    kind,
    strength: 'strong',
    ...verbatim(detail),
    count: 1,
    input: '/captures/nanjing/10.7.1.2.pcap',
    record: 7,
    time: '2026-03-02T08:00:00.000Z',
  });
  return {
    schema: 'minesweep.audit/4',
    tool: { name: 'minesweep', version: '0.1.0' },
    inputs: [{ path: '/captures/nanjing/10.7.1.2.pcap', kind: 'pcap', sha256: 'ab'.repeat(32), damage: [] }],
    totals: { hosts: { confirmed: 2 }, cities: [{ country: 'CN', city: 'Nanjing', addresses: 2 }] },
    hosts: [
      {
        ip: '10.7.1.2',
        verdict: 'confirmed',
        roles: ['miner'],
        owner,
        traffic: traffic(),
        workers: ['miner', 'rig-nanjing', '1'],
        pools: ['Example Pool', '10.7.9.9'],
        evidence: [
          evidence('login', `login, cryptonote with 10.7.9.9: rejected ${WALLET}.rig-nanjing from 10.7.1.2`),
          evidence('answer', `unknown wallet ${STRANGER}`),
          evidence('target', 'target said, stratum-v1 with Example Pool: proxy.physics.example.edu:3333'),
          evidence('pool-address', '2001:db8:7::5:3333 is Example Pool'),
          evidence('agent', 'agent, cryptonote with 10.7.9.9: xmr-node/6.21.0.1 (ip-10-7-1-2)'),
          evidence('pool-name', 'pool.example.com is Example Pool (example.com)'),
        ],
      },
      {
        ip: '10.7.1.3',
        verdict: 'confirmed',
        roles: ['miner'],
        owner,
        traffic: traffic(),
        workers: ['confirmed'],
        pools: [],
        evidence: [],
      },
    ],
    sessions: [
      {
        miner: { ip: '10.7.1.2', port: 40_000 },
        pool: { ip: '8.8.4.4', port: 3333, names: ['pool.example.com'], pool: 'Example Pool' },
        via: [{ ip: '10.7.3.3', port: 1080, kind: 'socks5' }],
        verdict: 'confirmed',
        agent: 'XMRig/6.21.0',
        logins: [{ account: WALLET, worker: 'rig-nanjing' }],
        start: '2026-03-02T08:00:00.000Z',
        edge: { jobId: 'f'.repeat(64), nonce: 'deadbeef0123456789deadbeef0123456789' },
      },
      {
        miner: { ip: '10.7.1.3', port: 40_001 },
        pool: { ip: '10.7.9.9', port: 3333, names: ['relay.nanjing.example.edu'], pool: null },
        via: [],
        verdict: 'confirmed',
        agent: null,
        logins: [{ account: WALLET, worker: 'confirmed' }],
        start: '2026-03-02T08:00:00.000Z',
      },
    ],
    pools: [
      {
        pool: 'Example Pool',
        operator: null,
        endpoints: ['8.8.4.4:3333', 'pool.example.com:3333'],
        hosts: 1,
      },
      {
        pool: '10.7.9.9',
        operator: null,
        endpoints: ['10.7.9.9:3333', 'relay.nanjing.example.edu:3333'],
        hosts: 1,
      },
    ],
  };
}

/** Words that must not be anywhere. */
const ADDRESS_SECRETS = [
  '10.7.',
  '10-7-1-2',
  '2001:db8:7',
  'Example University',
  'physics',
  'Physics',
  'noc@',
  '4538',
  '/captures',
  'relay.',
  'example.edu',
  'Nanjing',
  'Jiangsu',
];
const ACCOUNT_SECRETS = [WALLET, STRANGER, 'rig-nanjing'];

describe('an audit with pseudonyms', () => {
  it('keeps no word that says who or where, in any field', () => {
    const text = JSON.stringify(pseudonymizeAudit(audit(), both));
    expect([...ADDRESS_SECRETS, ...ACCOUNT_SECRETS].filter((secret) => text.includes(secret))).toEqual([]);
  });

  it('keeps what such audits publish: pools, verdicts, classes, figures, and work of the protocol', () => {
    const shared = pseudonymizeAudit(audit(), both);
    const [host] = shared.hosts.filter((row) => row.ip === both.address('10.7.1.2'));
    expect({ ...host, evidence: [], workers: [...host.workers].sort() }).toEqual({
      ip: both.address('10.7.1.2'),
      verdict: 'confirmed',
      roles: ['miner'],
      owner: {
        class: 'education',
        name: both.organisation('Nanjing Example University'),
        asn: null,
        country: null,
        region: null,
        city: null,
        source: 'owners-table',
        confidence: 0.98,
        intent: 'hijacked',
        reasons: [SHARED_ACCOUNT],
        rule: null,
        department: both.organisation('Physics'),
        contact: both.organisation('noc@example.edu'),
        answers: [],
      },
      traffic: traffic(),
      workers: [both.worker('miner'), both.worker('rig-nanjing'), both.worker('1')].sort(),
      pools: [both.address('10.7.9.9'), 'Example Pool'].sort(),
      evidence: [],
    });
    const details = host.evidence.map((row) => row.text);
    expect(details[0]).toBe(
      `login, cryptonote with ${both.address('10.7.9.9')}: rejected ${both.account(WALLET)}.${both.worker('rig-nanjing')} from ${both.address('10.7.1.2')}`,
    );
    expect(details[5]).toBe('pool.example.com is Example Pool (example.com)');
    expect(details[4]).toContain('xmr-node/6.21.0.1');
    const session = shared.sessions.find((row) => row.pool.pool === 'Example Pool');
    expect(session?.pool).toEqual({
      ip: '8.8.4.4',
      port: 3333,
      names: ['pool.example.com'],
      pool: 'Example Pool',
    });
    expect(session?.edge).toEqual(audit().sessions[0].edge);
    expect(shared.inputs[0].path).toBe(host.evidence[0].input);
    expect(shared.inputs[0].sha256).toBe('ab'.repeat(32));
    expect(shared.totals).toEqual({ ...audit().totals, cities: [] });
    expect(shared.tool).toEqual(audit().tool);
  });

  it('says what are pseudonyms, and in which range', () => {
    const shared = pseudonymizeAudit({ ...audit(), notes: [verbatim('10.7.1.2 was slow')] }, both);
    expect(shared.notes.map(({ text }) => text)).toEqual([
      'accounts and workers are pseudonyms: acct-… and wkr-… are not real names',
      'addresses in 2001:db8::/32 are pseudonyms, not real hosts; addresses of known pools are real; names, owners and files are pseudonyms, places are removed',
      expect.stringMatching(/^not hidden: /),
      `${both.address('10.7.1.2')} was slow`,
    ]);
  });

  it('has its rows in an order that tells nothing', () => {
    const ips = pseudonymizeAudit(audit(), both).hosts.map((host) => host.ip);
    expect(ips).toEqual([...ips].sort());
  });

  it('replaces one kind where one is asked for', () => {
    const accounts = createPseudonymizer({ key: KEY, accounts: true, addresses: false });
    const shared = JSON.stringify(pseudonymizeAudit(audit(), accounts));
    expect(ACCOUNT_SECRETS.filter((secret) => shared.includes(secret))).toEqual([]);
    expect(shared).toContain('10.7.1.2');
    expect(shared).toContain('Nanjing Example University');
    const addresses = createPseudonymizer({ key: KEY, accounts: false, addresses: true });
    const places = JSON.stringify(pseudonymizeAudit(audit(), addresses));
    expect(ADDRESS_SECRETS.filter((secret) => places.includes(secret))).toEqual([]);
    expect(places).toContain(WALLET);
  });

  it('takes the fingerprint of a client hello for no account, but anything else in its place', () => {
    // MD5 of the hello that salesforce/ja3 was published with.
    const hello =
      'TLS without a name, no ALPN, JA3 ada70206e40642a3e4461f35503241d5, JA4 t13d1516h2_8daaf6152771_e5627efa2ab1';
    const say = (text: string) => pseudonymizeAudit({ evidence: [verbatim(text)] }, both).evidence[0].text;
    expect(say(hello)).toBe(hello);
    const hash = 'ada70206e40642a3e4461f35503241d5';
    expect(say(`unknown wallet ${hash}`)).toBe(`unknown wallet ${both.account(hash)}`);
    expect(say(`JA3 ${STRANGER}`)).toBe(`JA3 ${both.account(STRANGER)}`);
  });

  it('replaces each address in a text once, however it is written', () => {
    const mapped = both.address('10.7.1.2');
    const say = (text: string) =>
      pseudonymizeAudit({ hosts: [{ ip: '10.7.1.2', evidence: [verbatim(text)] }] }, both).hosts[0]
        .evidence[0].text;
    expect(
      [
        'a 10.7.1.2:3333',
        '[::ffff:10.7.1.2]',
        'ip-10-7-1-2.lan',
        'cgminer/4.11.1.2',
        '08:15:30',
        '1.2.3.4.5',
        'x2001:db8::1',
      ].map(say),
    ).toEqual([
      `a [${mapped}]:3333`,
      `[${mapped}]`,
      `ip-${mapped.replaceAll(':', '-')}.lan`,
      'cgminer/4.11.1.2',
      '08:15:30',
      '1.2.3.4.5',
      'x2001:db8::1',
    ]);
  });

  it('leaves the audit that it was given as it was', () => {
    const given = audit();
    pseudonymizeAudit(given, both);
    expect(given).toEqual(audit());
  });
});

describe('an audit of some hosts', () => {
  it('does not tell of which networks and departments it is', () => {
    const filter = { hosts: ['10.7.0.0/16'], departments: ['Physics'], verdict: 'probable', pool: null };
    const shared = pseudonymizeAudit({ filter }, both).filter;
    expect(shared).toEqual({ ...filter, hosts: [], departments: [both.organisation('Physics')] });
  });
});

describe('the name of a job', () => {
  it.each(['jobId', 'jobIds'])(
    'is kept in %s if it is of hex, and replaced if it may name somebody',
    (field) => {
      expect(pseudonymizeAudit({ [field]: '4f' }, both)).toEqual({ [field]: '4f' });
      expect(pseudonymizeAudit({ [field]: 'job of anna' }, both)).toEqual({
        [field]: both.job('job of anna'),
      });
    },
  );

  it('is replaced in the list of open jobs as well', () => {
    const { jobs } = pseudonymizeAudit({ jobs: [{ id: 'job of anna' }, { id: '0a' }] }, both);
    expect(jobs).toEqual([{ id: both.job('job of anna') }, { id: '0a' }]);
  });
});

it('Parts of an account are replaced where they stand alone, but for words that are as short as any', () => {
  const account = 'bob.smith@mail.example';
  const shared = pseudonymizeAudit(
    {
      logins: [{ account, worker: 'r1' }],
      evidence: [verbatim('bob asked smith at r1 and BOB.SMITH@mail.example')],
    },
    both,
  );
  expect(shared.evidence[0].text).toBe(
    `bob asked ${both.account('smith')} at r1 and ${both.account(account)}`,
  );
});

it('The host that a proxy was asked for is replaced in words as well, unless it is a known pool’s', () => {
  const text = 'asked for mine.example and pool.example and proxy.example';
  const shared = pseudonymizeAudit(
    {
      target: { proxy: 'socks5', host: 'mine.example' },
      other: { proxy: 'socks5', host: 'proxy.example' },
      pool: { ip: '198.51.100.1', names: ['pool.example'], pool: 'Pool' },
      evidence: [verbatim(text)],
    },
    both,
  );
  expect(shared.evidence[0].text).toBe(
    `asked for ${both.hostName('mine.example')} and pool.example and proxy.example`,
  );
});

describe('a field', () => {
  const accounts = createPseudonymizer({ key: KEY, accounts: true, addresses: false });
  const addresses = createPseudonymizer({ key: KEY, accounts: false, addresses: true });
  const lease = {
    mac: 'aa:bb:cc:00:00:22',
    hostname: 'lab22',
    user: 'anna',
    from: 'Monday',
    source: 'table',
  };
  const hidden = {
    ...lease,
    ...{ mac: both.hostName(lease.mac), hostname: both.hostName('lab22'), user: both.hostName('anna') },
  };
  /** What stands there if only accounts, and if only addresses are replaced. */
  it.each<[string, object, object, object]>([
    ['of a login', { account: 'w' }, { account: both.account('w') }, { account: 'w' }],
    ['of a login’s machine', { worker: 'r' }, { worker: both.worker('r') }, { worker: 'r' }],
    ['of a lease', { machine: lease }, { machine: lease }, { machine: hidden }],
    ['of leases', { machines: [lease] }, { machines: [lease] }, { machines: [hidden] }],
    ['of a user elsewhere', { user: 'anna' }, { user: both.account('anna') }, { user: 'anna' }],
    [
      'of a job',
      { jobs: [{ id: 'of x' }] },
      { jobs: [{ id: both.job('of x') }] },
      { jobs: [{ id: 'of x' }] },
    ],
    [
      'of another thing’s number',
      { rows: [{ id: 'of x' }] },
      { rows: [{ id: 'of x' }] },
      { rows: [{ id: 'of x' }] },
    ],
    ['of an address', { ip: '10.7.1.2' }, { ip: '10.7.1.2' }, { ip: both.address('10.7.1.2') }],
    ['that is a key', { '10.7.1.2': 1 }, { '10.7.1.2': 1 }, { [both.address('10.7.1.2')]: 1 }],
    ['of a file', { path: 'a.pcap' }, { path: 'a.pcap' }, { path: both.file('a.pcap') }],
    ['of places', { cities: ['Nanjing'] }, { cities: ['Nanjing'] }, { cities: [] }],
    [
      'of an owner',
      { owner: { name: 'Lab', city: 'Nanjing', answers: [1], class: 'education' } },
      { owner: { name: 'Lab', city: 'Nanjing', answers: [1], class: 'education' } },
      { owner: { name: both.organisation('Lab'), city: null, answers: [], class: 'education' } },
    ],
    ['of words from the wire', { agent: 'x/1' }, { agent: null }, { agent: 'x/1' }],
    [
      'of a filter',
      { filter: { hosts: ['10.7.0.0/16'] } },
      { filter: { hosts: ['10.7.0.0/16'] } },
      { filter: { hosts: [] } },
    ],
    ['of work', { nonce: '10.7.1.2' }, { nonce: '10.7.1.2' }, { nonce: '10.7.1.2' }],
  ])('%s says what was not asked to be hidden', (_name, given, ofAccounts, ofAddresses) => {
    expect(pseudonymizeAudit(given, accounts)).toEqual(ofAccounts);
    expect(pseudonymizeAudit(given, addresses)).toEqual(ofAddresses);
    expect(
      pseudonymizeAudit(given, createPseudonymizer({ key: KEY, accounts: false, addresses: false })),
    ).toEqual(given);
  });

  it('of notes says which kind was replaced, and nothing of the other', () => {
    const codes = (names: typeof both) =>
      pseudonymizeAudit({ notes: [] as { code: string }[] }, names).notes.map(({ code }) => code);
    expect([codes(accounts), codes(addresses), codes(both)]).toEqual([
      ['pseudonyms-of-accounts'],
      ['pseudonyms-of-addresses', 'pseudonyms-not-hidden'],
      ['pseudonyms-of-accounts', 'pseudonyms-of-addresses', 'pseudonyms-not-hidden'],
    ]);
  });

  it.each([
    ['hosts', true],
    ['miner', true],
    ['via', true],
    ['others', false],
  ])(
    'with the public address of a known pool keeps it, unless it is a host as well (%s: %s)',
    (key, isHost) => {
      const pool = { ip: '8.8.4.4', names: ['pool.example.com'], pool: 'Example Pool' };
      const shared: { pool: { ip: string } } = pseudonymizeAudit({ pool, [key]: [{ ip: '8.8.4.4' }] }, both);
      expect(shared.pool.ip).toBe(isHost ? both.address('8.8.4.4') : '8.8.4.4');
    },
  );

  it('with the public address of a pool that nobody knows is replaced', () => {
    const pool = { ip: '8.8.4.4', names: ['pool.example.com'], pool: null };
    expect(pseudonymizeAudit({ pool }, both).pool.ip).toBe(both.address('8.8.4.4'));
  });

  it('with an address of the own network is replaced, though a known pool is there', () => {
    const pool = { ip: '10.7.9.9', names: ['pool.example.com'], pool: 'Example Pool' };
    expect(pseudonymizeAudit({ pool }, both).pool.ip).toBe(both.address('10.7.9.9'));
  });
});

it('A name is replaced as a whole word, and one that ends in a sign before any letter', () => {
  const say = (account: string, text: string): string =>
    pseudonymizeAudit({ logins: [{ account }], evidence: [verbatim(text)] }, both).evidence[0].text;
  expect(say('sesame', 'sesames and sesame, sesame9 a sesame')).toBe(
    `sesames and ${both.account('sesame')}, sesame9 a ${both.account('sesame')}`,
  );
  expect(say('sesame+', 'at sesame+rig')).toBe(`at ${both.account('sesame+')}rig`);
});

it('The host that a proxy was asked for is replaced wherever it is named', () => {
  const target = { proxy: 'socks5', host: 'inner.example', port: 3333 };
  const shared = pseudonymizeAudit({ target, evidence: [verbatim('asked for inner.example')] }, both);
  expect(JSON.stringify(shared)).not.toContain('inner.example');
});

it('A name of several words is replaced as those words, and where an owner has it', () => {
  const owner = { name: 'Sesame Works' };
  const shared = pseudonymizeAudit({ owner, evidence: [verbatim('Sesame Worksop or sesame works')] }, both);
  expect(shared.evidence[0].text).toBe(`Sesame Worksop or ${both.organisation('Sesame Works')}`);
});

describe('rows', () => {
  const names = createPseudonymizer({ key: KEY, accounts: true, addresses: false });

  it('of hosts stand in the order of addresses, mere pools last; what is no row goes', () => {
    const host = (ip: string, ...roles: string[]) => ({ ip, roles });
    const hosts = [
      ...[host('10.0.0.1', 'pool'), host('10.0.0.4', 'miner'), null, host('10.0.0.3', 'pool', 'miner')],
      ...[host('10.0.0.0', 'pool'), host('10.0.0.2', 'miner')],
    ];
    expect(pseudonymizeAudit({ hosts }, names).hosts.map((row) => row?.ip)).toEqual([
      ...['10.0.0.2', '10.0.0.3', '10.0.0.4', '10.0.0.0', '10.0.0.1'],
    ]);
  });

  it('of sessions stand in the order of time, address and port', () => {
    const session = (start: string, ip: string, port: number) => ({ start, miner: { ip, port } });
    const ordered = [
      ...[session('1', '10.0.0.9', 9), session('2', '10.0.0.1', 5), session('2', '10.0.0.1', 10)],
      ...[session('2', '10.0.0.2', 1), session('3', '10.0.0.1', 1)],
    ];
    for (const sessions of [[...ordered].reverse(), [2, 0, 4, 1, 3].map((i) => ordered[i])])
      expect(pseudonymizeAudit({ sessions }, names).sessions).toEqual(ordered);
  });

  it('of pools stand in the order of hosts, then of names', () => {
    const pools = [
      ...[
        { pool: 'B', hosts: 1 },
        { pool: 'C', hosts: 3 },
        { pool: 'A', hosts: 1 },
        { pool: 'D', hosts: 2 },
      ],
    ];
    expect(pseudonymizeAudit({ pools }, names).pools.map(({ pool }) => pool)).toEqual(['C', 'D', 'A', 'B']);
  });
});

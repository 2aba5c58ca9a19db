import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identifyAccount, splitLogin } from '../../src/evidence/account.ts';

const XMR = '47ovx7MnDnX43u2cy78JHZ24jtVhk3yXNVeh2i588T45RQ6eeEX2cn3hDcyNueJXQPHedcNiwYDofctLwpTX6DPgDGGHo2F';

/** Address, coins, algorithm. Synthetic keys (docs/reference/protocols.md 1.2), burn and contract addresses of the protocols. */
const VALID: [string, string, string | null][] = [
  ['158My5UUiVkjiuTtR47GSprWoSan9PX2Rc', 'BTC BCH BSV', 'sha256d'],
  ['33t5bf3MQkQf8zYuhToYizsr8nwkxNdaPo', 'BTC BCH LTC GRS', null],
  ['bc1qgpgckh9ahuu6jdw6jthn6yp7lysfcn5sgmfkvh', 'BTC', 'sha256d'],
  ['bc1pueql0fqg8yc35x50g6temvgrxd9k70psrl0ya2qs2ky6t5caapgswxfry2', 'BTC', 'sha256d'],
  ['bitcoincash:qr689rq2j9kyxfspkjlqr9fc048u7l0gjcqnkymc8y', 'BCH', 'sha256d'],
  ['qr689rq2j9kyxfspkjlqr9fc048u7l0gjcqnkymc8y', 'BCH', 'sha256d'],
  ['LQtsB5VxwPqZ9jwvXeJgEi6iQuQceY5BXN', 'LTC', 'scrypt'],
  ['MPeBR7c38Wa8GG1G4s9bakvAvfaSLuvRQf', 'LTC MONA MZC XMY', null],
  ['ltc1q8wwmljv6rf70tml3d7wj64xlxmvsux79q026sv', 'LTC', 'scrypt'],
  ['DJKWBLzdD8dufGJ61eEDT3jumwtW19kpys', 'DOGE DGB XVG', null],
  ['RLroKV5DzXPKmkYXxaTuiBQgAP8rQnnKYP', 'RVN KMD VRSC RTM', null],
  ['XfKYDVuATJexbxEgf1JGdqEM7NEr7bKUfT', 'DASH', 'x11'],
  ['t1VDo8f8Vki7DenkcPV44FFATvfMU3NnqTa', 'ZEC FLUX BTCZ', null],
  ['t3X5ZGk1kozdY22Xu8Sv2xD1RneEpB6uBRb', 'ZEC FLUX BTCZ', null],
  ['0xed4465BEB77a9122dE24fA3Ca844E062E727A98d', 'ETH ETC ETHW', null],
  [XMR, 'XMR', 'rx/0'],
  [
    '88e5HV1cpCw43u2cy78JHZ24jtVhk3yXNVeh2i588T45RQ6eeEX2cn3hDcyNueJXQPHedcNiwYDofctLwpTX6DPgDC5Rvn3',
    'XMR',
    'rx/0',
  ],
  [
    '4HWbxvBGq4343u2cy78JHZ24jtVhk3yXNVeh2i588T45RQ6eeEX2cn3hDcyNueJXQPHedcNiwYDofctLwpTX6DPgK5PAAuDyFBN32A3XX2',
    'XMR',
    'rx/0',
  ],
  ['kaspa:qru0mxrzd39q5g7m2wcehh4swm9n0sv5plavfhtr0c34kjrcqgzlwr4ujpjs8', 'KAS', 'kheavyhash'],
  ['hs1q79uy246pap4afjldrcrz67j2kyvt9h3ht2y6kp', 'HNS', 'hns'],
  ['cfx:aaejuaaaaaaaaaaaaaaaaaaaaaaaaaaaaegg2r16ar', 'CFX', 'octopus'],
  ['CFX:TYPE.CONTRACT:ACC7UAWF5UBTNMEZVHU9DHC6SGHEA0403Y2DGPYFJP', 'CFX', 'octopus'],
  ['NQ07 0000 0000 0000 0000 0000 0000 0000 0000', 'NIM', 'argon2d-nim'],
  ['9fRAWhdxEsTcdb8PhGNrZfwqa65zfkuYHAMmkQLcic1gdLSV5vA', 'ERG', 'autolykos2'],
  ['DsUZxxoHJSty8DCfwfartwTYbuhmVct7tJu', 'DCR', 'blake3'],
  ['ckb1qyqt8xaupvm8837nv3gtc9x0ekkj64vud3jqfwyw5v', 'CKB', 'eaglesong'],
];

describe('an address with a checksum', () => {
  it.each(VALID)('%s belongs to %s', (address, coins, algorithm) => {
    expect(identifyAccount(address)).toMatchObject({ coins: coins.split(' '), checksum: 'valid', algorithm });
  });
  it.each(VALID)('%s is none after a slip of the pen', (address) => {
    // Each character of the second half in turn, replaced by its neighbour in the alphabet of that character.
    for (let at = Math.ceil(address.length / 2); at < address.length; at += 1) {
      const letter = address.charAt(at);
      if (letter === ' ') continue;
      const other = letter === '2' ? '3' : /[0-9]/.test(letter) ? '2' : /[a-z]/.test(letter) ? 'x' : 'X';
      const slip =
        address.slice(0, at) +
        (other === letter ? (letter === 'x' ? 'z' : 'Z') : other) +
        address.slice(at + 1);
      expect([slip, identifyAccount(slip)?.checksum === 'valid']).toEqual([slip, false]);
    }
  });
  it('tells the algorithm of its time', () => {
    expect(identifyAccount(XMR, Date.parse('2019-11-25T00:00:00Z') * 1000)?.algorithm).toBe('cn/r');
  });
  it('of a coin that services pay in says so', () => {
    expect(identifyAccount(XMR)?.isPayoutCoin).toBe(true);
    expect(identifyAccount('hs1q79uy246pap4afjldrcrz67j2kyvt9h3ht2y6kp')?.isPayoutCoin).toBe(false);
  });
  it('must be of the right kind of bech32', () => {
    // A version 0 program with the checksum of bech32m, and one of a length that does not exist (BIP 350).
    expect(identifyAccount('bc1q0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd')).toBeNull();
    expect(identifyAccount('BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P')).toBeNull();
  });
});

describe('an address without a checksum', () => {
  it.each([
    ['0xed4465beb77a9122de24fa3ca844e062e727a98d', 'ETH ETC ETHW'],
    [`k:${'0a'.repeat(32)}`, 'KDA'],
    ['0a'.repeat(32), 'IRON'],
  ])('%s proves nothing', (address, coins) => {
    expect(identifyAccount(address)).toMatchObject({
      coins: coins.split(' '),
      checksum: 'none',
      algorithm: null,
    });
  });
  it.each([
    '1FakeWaLLetForTestsDoNotPayXXXXXX',
    'worker',
    '',
    'rig@example.com',
    `4${'A'.repeat(94)}`,
    '1'.repeat(200),
    'z'.repeat(100_000),
    'kaspa:',
    'constructor:qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq',
  ])('%.60s is no address', (text) => {
    expect(identifyAccount(text)).toBeNull();
  });
});

describe('a login', () => {
  const id = '0123456789abcdef';
  it.each([
    ['1FakeWaLLetForTestsDoNotPayXXXXXX.cpu0', '1FakeWaLLetForTestsDoNotPayXXXXXX', 'cpu0'],
    ['user.worker', 'user', 'worker'],
    ['user.farm.7', 'user', 'farm.7'],
    ['user', 'user', null],
    ['', '', null],
    ['.rig', '', 'rig'],
    ['user.', 'user', null],
    ['wallet/rig', 'wallet', 'rig'],
    ['wallet/rig/me@example.org', 'wallet', 'rig'],
    ['wallet.rig/me@example.org', 'wallet', 'rig'],
    ['rig@example.com', 'rig@example.com', null],
    ['rig@example.com.rig1', 'rig@example.com', 'rig1'],
    ['rig@example.com/rig1', 'rig@example.com', 'rig1'],
    ['x+1000', 'x', null],
    [`${XMR}+50000`, XMR, null],
    [`${XMR}.50000`, XMR, null],
    [`${XMR}.1`, XMR, '1'],
    [`${XMR}.${id}`, XMR, null],
    [`${XMR}.${id}.rig`, XMR, 'rig'],
    [`${XMR}.rig+8000`, XMR, 'rig'],
    ['user.12345', 'user', '12345'],
    ['kaspa:qru0mx.rig5', 'kaspa:qru0mx', 'rig5'],
    ['cfx:type.user:aarc9a.rig5', 'cfx:type.user:aarc9a', 'rig5'],
    [
      'DOGE:DJKWBLzdD8dufGJ61eEDT3jumwtW19kpys.rig#ab12-cd34',
      'DJKWBLzdD8dufGJ61eEDT3jumwtW19kpys',
      'rig',
      true,
    ],
    ['KAS:kaspa:qru0mx9g5m2wcehh4swm9n.rig5', 'kaspa:qru0mx9g5m2wcehh4swm9n', 'rig5', true],
    [`solo:${XMR}.rig`, XMR, 'rig'],
    ['  user.worker\n', 'user', 'worker'],
  ] as [string, string, string | null, boolean?][])('%s', (login, account, worker, isPayout = false) => {
    expect(splitLogin(login)).toEqual({ account, worker, isPayout });
  });

  it('of any text is cut in time and never throws', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 3000 }), (text) => {
        const { account } = splitLogin(text);
        expect(account.length).toBeLessThanOrEqual(1024);
        identifyAccount(text);
        identifyAccount(account);
      }),
      { seed: 11 },
    );
    const hostile = `${'@.'.repeat(200_000)}a`;
    expect(splitLogin(hostile).account.length).toBeLessThanOrEqual(1024);
  });
});

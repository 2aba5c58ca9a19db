/**
 * Encrypted conversations from the packets to the verdict: miners are suspected by what they do, `probable` only where
 * a dedicated endpoint is known as well, and what resembles them is left alone.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { auditProblem } from '../../src/audit/schema.ts';
import type { CapturedPacket } from '../support/capture-reader.ts';
import { ISSUED, SELF_SIGNED } from '../support/certificates.ts';
import { conversation } from '../support/conversation.ts';
import { mergeAll, scanParts } from '../support/merging.ts';
import { BARE_LOOK_ALIKES, LOOK_ALIKES, MINERS, mining } from '../support/opaque-talk.ts';
import { concat, hex } from '../support/packet-builder.ts';
import { random } from '../support/random.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import {
  certificateMessage,
  plainHello,
  records,
  type SealedOptions,
  sealedPackets,
  serverHelloMessage,
} from '../support/tls.ts';

const folder = temporaryFolder();
let files = 0;

async function verdictsOf(
  packets: readonly CapturedPacket[],
  poolLines: readonly string[] = [],
): Promise<Record<string, string>> {
  const name = `talk-${++files}`;
  const poolFiles = [path.join(folder, `${name}.txt`)];
  if (poolLines.length > 0) writeFileSync(poolFiles[0] ?? '', `${poolLines.join('\n')}\n`);
  const capture = writeCapture(folder, name, packets);
  const audit = await scanInputs([capture], { poolFiles: poolLines.length > 0 ? poolFiles : [] });
  return Object.fromEntries(audit.hosts.map((host) => [host.ip, host.verdict]));
}

function miner(seed: number, seconds: number, options: SealedOptions = {}): CapturedPacket[] {
  const draw = random(seed);
  const [kind] = MINERS;
  if (kind === undefined) throw new Error('no miner is known');
  return sealedPackets(mining(kind)(draw, seconds), draw, options);
}

const MINER = '192.0.2.77';
const SERVER = '198.51.100.77:443';

describe('an encrypted conversation of a miner', () => {
  for (const kind of MINERS) {
    it(`of the kind of ${kind.name} is suspected`, async () => {
      const draw = random(41);
      expect(await verdictsOf(sealedPackets(mining(kind)(draw, 600), draw))).toEqual({
        [MINER]: 'suspected',
      });
    });
  }

  it('is suspected where the capture begins in its middle, whoever speaks first', async () => {
    for (const seed of [1, 2, 3, 4]) {
      expect(await verdictsOf(miner(seed, 600, { hello: null }))).toEqual({ [MINER]: 'suspected' });
    }
  });

  it('is suspected without TLS records too, where nothing but noise is seen', async () => {
    expect(await verdictsOf(miner(5, 600, { hello: null, bare: true }))).toEqual({ [MINER]: 'suspected' });
  });

  it('is suspected over a day, of which the last messages are measured', async () => {
    expect(await verdictsOf(miner(6, 20_000))).toEqual({ [MINER]: 'suspected' });
  });

  it('is suspected under a server name that no pool claims', async () => {
    const hello = plainHello('mail.office.example');
    expect(await verdictsOf(miner(7, 600, { hello }))).toEqual({ [MINER]: 'suspected' });
  });

  it('is suspected too if it offers the protocols of the web', async () => {
    for (const alpn of [['http/1.1'], ['h2', 'http/1.1']]) {
      const hello = plainHello('mail.office.example', alpn);
      expect(await verdictsOf(miner(7, 600, { hello }))).toEqual({ [MINER]: 'suspected' });
    }
  });

  it('with every segment sent twice is measured once', async () => {
    const packets = miner(8, 600);
    const twice = packets.flatMap((packet) => [packet, { ...packet, timeUs: packet.timeUs + 200 }]);
    expect(await verdictsOf(twice)).toEqual({ [MINER]: 'suspected' });
  });

  it('is probable where the operator lists its server, by address or by name', async () => {
    expect(await verdictsOf(miner(9, 600), [SERVER])).toEqual({ [MINER]: 'probable' });
    const hello = plainHello('xmr.pool.lab.example');
    expect(await verdictsOf(miner(9, 600, { hello }), ['xmr.pool.lab.example:443'])).toEqual({
      [MINER]: 'probable',
    });
  });

  it('is probable where the certificate of the server names a listed pool', async () => {
    const serverFlight = records(22, concat(serverHelloMessage(0x0303), certificateMessage(ISSUED)));
    expect(await verdictsOf(miner(10, 600, { serverFlight }), ['xmr.pool.lab.example:443'])).toEqual({
      [MINER]: 'probable',
    });
  });

  it('is nothing where it is too short to tell', async () => {
    expect(await verdictsOf(miner(11, 40))).toEqual({});
  });

  it('shows its opening and its figures in the audit', async () => {
    const serverFlight = records(22, concat(serverHelloMessage(0x0303), certificateMessage(SELF_SIGNED)));
    const capture = writeCapture(folder, 'shown', miner(12, 600, { serverFlight }));
    const audit = await scanInputs([capture]);
    expect(
      audit.sessions.map(({ transport, dialect, verdict, tls }) => ({ transport, dialect, verdict, tls })),
    ).toEqual([
      {
        transport: 'tls',
        dialect: 'tls',
        verdict: 'suspected',
        tls: {
          serverName: null,
          encryptedHello: false,
          alpn: [],
          ja3: expect.stringMatching(/^[0-9a-f]{32}$/),
          ja4: expect.stringMatching(/^t13i040300_[0-9a-f]{12}_[0-9a-f]{12}$/),
          version: '1.2',
          certificate: {
            subject: 'pool.lab.example',
            names: ['pool.lab.example', '*.mine.lab.example'],
            issuer: 'pool.lab.example',
            selfSigned: true,
          },
        },
      },
    ]);
    expect(
      audit.hosts[0]?.evidence.map(({ kind, strength, record }) => [kind, strength, record > 0]),
    ).toEqual([
      ['tls-hello', 'hint', true],
      ['mining-marks', 'weak', true],
      ['shares-seen', 'hint', true],
    ]);
  });
});

describe('a certificate with a pool’s name', () => {
  it('and a session that is short makes the server listed, not more', async () => {
    const serverFlight = records(22, concat(serverHelloMessage(0x0303), certificateMessage(ISSUED)));
    const draw = random(13);
    const packets = sealedPackets(
      [
        { at: 1, from: 'client', bytes: 300 },
        { at: 1.1, from: 'server', bytes: 900 },
      ],
      draw,
      { serverFlight },
    );
    expect(await verdictsOf(packets, ['xmr.pool.lab.example:443'])).toEqual({ [MINER]: 'listed' });
  });
});

describe('a conversation that resembles mining', () => {
  const cases = [
    ...Object.entries(LOOK_ALIKES).map(([name, talk]) => ({ name, talk, bare: false })),
    ...Object.entries(BARE_LOOK_ALIKES).map(([name, talk]) => ({ name, talk, bare: true })),
  ];
  for (const { name, talk, bare } of cases) {
    it(`of ${name} is left alone`, async () => {
      for (const seed of [1, 2, 3]) {
        const draw = random(seed);
        const hello = seed === 3 ? plainHello('www.office.example', ['h2', 'http/1.1']) : undefined;
        const options = bare ? { hello: null, bare } : hello === undefined ? {} : { hello };
        const packets = sealedPackets(talk(draw, 1200), draw, options);
        expect(await verdictsOf(packets)).toEqual({});
      }
    });
  }

  it('and is named a pool by its client, who reads pages with HTTP/2, is listed and no more', async () => {
    const talk = LOOK_ALIKES['a client that polls over HTTP'];
    const draw = random(4);
    const hello = plainHello('xmr.pool.lab.example', ['h2', 'http/1.1']);
    const packets = sealedPackets(talk?.(draw, 600) ?? [], draw, { hello });
    expect(await verdictsOf(packets, ['xmr.pool.lab.example:443'])).toEqual({ [MINER]: 'listed' });
  });
});

describe('an encrypted conversation of a miner through a proxy', () => {
  const PROXY = '203.0.113.80:3128';
  const POOL = 'pool.supportxmr.com';
  const text = (said: string): Uint8Array => Buffer.from(said, 'latin1');
  const named = [5, 1, 0, 3, POOL.length, ...text(POOL), 0x01, 0xbb];
  const ways: readonly [string, readonly Uint8Array[]][] = [
    [
      'http-connect',
      [text(`CONNECT ${POOL}:443 HTTP/1.1\r\nHost: ${POOL}:443\r\n\r\n`), text('HTTP/1.1 200 OK\r\n\r\n')],
    ],
    [
      'socks5',
      [Uint8Array.of(5, 1, 0), Uint8Array.of(5, 0), Uint8Array.from(named), hex('0500 0001 00000000 0000')],
    ],
  ];

  it.each(ways)('by %s: the pool is the target, and the proxy stands between', async (kind, before) => {
    const packets = miner(43, 600, { server: PROXY, before });
    const audit = await scanInputs([writeCapture(folder, `through-${kind}`, packets)]);
    const { sessions, pools, hosts } = audit;
    expect(sessions.map(({ pool, via, verdict }) => ({ pool, via, verdict }))).toEqual([
      {
        pool: { ip: '', port: 443, names: [POOL], pool: 'SupportXMR', kind: 'pool' },
        via: [{ ip: '203.0.113.80', port: 3128, kind }],
        verdict: 'probable',
      },
    ]);
    expect(pools.map(({ endpoints }) => endpoints)).toEqual([[`${POOL}:443`]]);
    expect(hosts.map(({ ip, verdict }) => [ip, verdict])).toEqual([['192.0.2.77', 'probable']]);
    // In the second of two parts the handshake with the proxy is missing: there the proxy is all that can be suspected.
    expect(auditProblem(JSON.parse(JSON.stringify(audit)))).toBeNull();
    const merged = await mergeAll(await scanParts(folder, packets, [packets.length >> 1]));
    expect(merged.sessions.map(({ pool, verdict }) => [pool.names[0] ?? pool.ip, verdict])).toEqual([
      [POOL, 'probable'],
      ['203.0.113.80', 'suspected'],
    ]);
  });

  it.each([
    ['http-connect', [text(`CONNECT ${POOL}:3333 HTTP/1.1\r\n\r\n`), text('HTTP/1.1 403 Forbidden\r\n\r\n')]],
    [
      'socks5',
      [Uint8Array.of(5, 1, 0), Uint8Array.of(5, 0), Uint8Array.from(named), hex('0505 0001 00000000 0000')],
    ],
  ])('that %s does not let through was attempted', async (kind, before) => {
    const talk = conversation({ miner: `${MINER}:50123`, pool: PROXY, startUs: 1_795_560_000_000_000 });
    talk.connect();
    for (const [turn, bytes] of before.entries())
      (turn % 2 === 0 ? talk.minerSays(bytes) : talk.poolSays(bytes)).after(0.02);
    const { hosts } = await scanInputs([writeCapture(folder, `refused-${kind}`, talk.toPackets())]);
    expect(hosts.map(({ ip, verdict }) => [ip, verdict])).toEqual([[MINER, 'attempted']]);
  });

  const LISTED = '198.51.100.200:443';
  const asked = [text(`CONNECT ${LISTED} HTTP/1.1\r\n\r\n`), text('HTTP/1.1 200 OK\r\n\r\n')];
  it.each([
    ['rests on the address', null, [['198.51.100.200', 'probable', [3128]]]],
    ['rests on how it speaks if it names another server', 'mail.office.example', [[null, 'suspected', []]]],
  ] as const)('that is asked for a listed address %s', async (_, serverName, expected) => {
    const packets = miner(43, 600, { server: PROXY, before: asked, hello: plainHello(serverName) });
    const list = path.join(folder, 'asked.txt');
    writeFileSync(list, LISTED);
    const capture = writeCapture(folder, `asked-${serverName}`, packets);
    const audit = await scanInputs([capture], { poolFiles: [list] });
    const found = audit.sessions.map(({ pool, verdict, via }) => [
      pool.pool,
      verdict,
      via.map(({ port }) => port),
    ]);
    expect(found).toEqual(expected);
  });

  it('does not make the proxy a pool for others', async () => {
    const [[, before]] = ways;
    const draw = random(44);
    const other = sealedPackets(
      [
        { at: 1, from: 'client', bytes: 300 },
        { at: 2, from: 'server', bytes: 3000 },
      ],
      draw,
      { client: '192.0.2.78:50200', server: PROXY, hello: null },
    );
    const packets = [...miner(43, 600, { server: PROXY, before }), ...other];
    packets.sort((a, b) => a.timeUs - b.timeUs);
    const { hosts } = await scanInputs([writeCapture(folder, 'others', packets)]);
    expect(hosts.map(({ ip }) => ip)).toEqual(['192.0.2.77']);
  });
});

it('a miner whose encrypted connection ends long before its part does is found in a merge, too', async () => {
  const first = miner(45, 900);
  const lateUs = (first.at(-1)?.timeUs ?? 0) + 1_200_000_000;
  const late = sealedPackets([{ at: 1, from: 'client', bytes: 300 }], random(46), {
    client: '192.0.2.79:50300',
    server: '198.51.100.79:443',
    startUs: lateUs,
  });
  const packets = [...first, ...late];
  const whole = await scanInputs([writeCapture(folder, 'ends-early', packets)]);
  expect(whole.hosts.map(({ ip, verdict }) => [ip, verdict])).toEqual([[MINER, 'suspected']]);
  const merged = await mergeAll(await scanParts(folder, packets, [first.length >> 1]));
  expect(merged.hosts.map(({ ip, verdict }) => [ip, verdict])).toEqual([[MINER, 'suspected']]);
});

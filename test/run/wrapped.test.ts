/**
 * Pool sessions in every wrapping, from the packets to the audit: the session is the miner's, the pool is who was asked
 * for, the proxy stands between them as a proxy, and a page that mines is a browser miner.
 */
import { describe, expect, it } from 'vitest';
import type { CapturedPacket } from '../support/capture-reader.ts';
import { type Conversation, conversation, type Said } from '../support/conversation.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { TUNNEL_SENDER, wrapGre, wrapUdp, wrapVxlan } from '../support/transform.ts';
import { deflater, frame, opening } from '../support/websocket.ts';

const folder = temporaryFolder();
let files = 0;
const MINER = '192.0.2.5:40000';
const PROXY = '203.0.113.80:1080';
const hex = (text: string): Uint8Array => Buffer.from(text.replace(/[^0-9a-f]/g, ''), 'hex');
const ascii = (text: string): string => Buffer.from(text, 'latin1').toString('hex');
const H = '3b5766388903a9c81cc919f6f344bafb23813fa90b13a023af11bab1240f16a7';
const BLOB = `1010d7a1b2c306${H}00000000${H}05`;

const login = { id: 1, method: 'login', params: { login: 'acct', pass: 'hunter2', agent: 'XMRig/6.22.2' } };
const job = { blob: BLOB, job_id: 'j1', target: 'b88d0600', algo: 'rx/0', height: 3_310_021, seed_hash: H };
const admitted = { id: 1, jsonrpc: '2.0', error: null, result: { id: 's', job, status: 'OK' } };
const share = (id: number) => ({
  id,
  method: 'submit',
  params: { id: 's', job_id: 'j1', nonce: `0000000${id}`, result: H },
});
const ok = (id: number) => ({ id, jsonrpc: '2.0', error: null, result: { status: 'OK' } });

/** Login, job, two shares that are accepted. */
function works(talk: Conversation): Conversation {
  return talk
    .minerSays(login)
    .poolSays(admitted)
    .after(9)
    .minerSays(share(2))
    .poolSays(ok(2))
    .after(12)
    .minerSays(share(3))
    .poolSays(ok(3));
}

async function audited(packets: readonly CapturedPacket[]) {
  const capture = writeCapture(folder, `wrapped-${++files}`, packets);
  const audit = await scanInputs([capture], { trustTunnels: [TUNNEL_SENDER] });
  // No password of a pool or proxy, in any form.
  expect(JSON.stringify(audit)).not.toMatch(/hunter2|secret|c2VjcmV0/);
  return audit;
}

interface Wrapping {
  readonly name: string;
  /** Client and server in turns, before the session. */
  readonly before: readonly Said[];
  readonly ends?: { readonly miner: string; readonly pool: string };
  readonly miner?: { readonly ip: string; readonly port: number };
  readonly pool: { readonly ip: string; readonly port: number; readonly names: readonly string[] };
  readonly via: readonly { readonly ip: string; readonly port: number; readonly kind: string }[];
}

const SOCKS_POOL = { ip: '198.51.100.7', port: 3333, names: [] };
const through = (kind: string) => [{ ip: '203.0.113.80', port: 1080, kind }];
const named = { ip: '', port: 3333, names: ['pool.example'] };
const NAME = ascii('pool.example');

const WRAPPINGS: readonly Wrapping[] = [
  {
    name: 'SOCKS 4',
    before: [hex(`04 01 0d05 c6336407 ${ascii('user')} 00`), hex('00 5a 0000 00000000')],
    pool: SOCKS_POOL,
    via: through('socks4'),
  },
  {
    name: 'SOCKS 4a',
    before: [hex(`04 01 0d05 00000001 00 ${NAME} 00`), hex('00 5a 0000 00000000')],
    pool: named,
    via: through('socks4'),
  },
  {
    name: 'SOCKS 5 with a password',
    before: [
      hex('05 02 00 02'),
      hex('05 02'),
      hex(`01 04 ${ascii('user')} 06 ${ascii('secret')}`),
      hex('01 00'),
      hex(`05 01 00 03 0c ${NAME} 0d05`),
      hex('05 00 00 01 00000000 0000'),
    ],
    pool: named,
    via: through('socks5'),
  },
  {
    name: 'CONNECT with a password',
    before: [
      Buffer.from(
        'CONNECT 198.51.100.7:3333 HTTP/1.1\r\nHost: 198.51.100.7:3333\r\nProxy-Authorization: Basic dXNlcjpzZWNyZXQ=\r\n\r\n',
      ),
      Buffer.from('HTTP/1.1 200 Connection established\r\n\r\n'),
    ],
    pool: SOCKS_POOL,
    via: through('http-connect'),
  },
  {
    name: 'the PROXY protocol, version 1',
    before: [Buffer.from('PROXY TCP4 192.0.2.77 198.51.100.7 41022 3333\r\n')],
    ends: { miner: '10.0.0.1:5000', pool: '10.0.0.2:3333' },
    miner: { ip: '10.0.0.1', port: 5000 },
    pool: { ip: '10.0.0.2', port: 3333, names: [] },
    via: [{ ip: '192.0.2.77', port: 41022, kind: 'proxy-protocol' }],
  },
  {
    name: 'the PROXY protocol, version 2',
    before: [hex('0d0a0d0a000d0a515549540a 21 11 000c c000024d c6336407 a03e 0d05')],
    ends: { miner: '10.0.0.1:5000', pool: '10.0.0.2:3333' },
    miner: { ip: '10.0.0.1', port: 5000 },
    pool: { ip: '10.0.0.2', port: 3333, names: [] },
    via: [{ ip: '192.0.2.77', port: 41022, kind: 'proxy-protocol' }],
  },
];

describe('a pool session inside', () => {
  for (const { name, before, ends, miner, pool, via } of WRAPPINGS) {
    it(`${name} is the miner’s, and the proxy is a hop`, async () => {
      let talk = conversation(ends ?? { miner: MINER, pool: PROXY }).connect();
      before.forEach((said, i) => {
        talk = i % 2 === 0 ? talk.minerSays(said) : talk.poolSays(said);
      });
      const audit = await audited(works(talk).toPackets());
      const [session] = audit.sessions;
      expect(audit.sessions).toHaveLength(1);
      expect(session).toMatchObject({
        miner: miner ?? { ip: '192.0.2.5', port: 40_000 },
        pool,
        via,
        verdict: 'confirmed',
        dialect: 'cryptonote',
        shares: { submitted: 2, accepted: 2 },
      });
      expect(audit.hosts.map(({ ip, roles }) => [ip, roles])).toEqual([
        [miner?.ip ?? '192.0.2.5', ['miner']],
      ]);
    });
  }

  for (const [name, wrap] of [
    ['GRE', wrapGre],
    ['VXLAN', wrapVxlan],
  ] as const) {
    it(`${name} is that of the inner addresses, with the inner bytes`, async () => {
      const plain = works(conversation({ miner: MINER, pool: '198.51.100.7:3333' }).connect()).toPackets();
      const [inside, outside] = [await audited(wrap(plain)), await audited(plain)];
      expect(inside.hosts.map(({ through: by }) => by?.map(({ source, doubt }) => [source, doubt]))).toEqual([
        [[TUNNEL_SENDER, null]],
      ]);
      const bare = inside.sessions.map((session) => {
        const { connections, ...facts } = session.facts ?? {};
        return { ...session, facts: { ...facts, connections: { ...connections, through: [] } } };
      });
      expect(bare).toEqual(outside.sessions);
      expect(inside.hosts.map(({ ip, verdict, traffic }) => [ip, verdict, traffic])).toEqual(
        outside.hosts.map(({ ip, verdict, traffic }) => [ip, verdict, traffic]),
      );
    });
  }

  it.each([
    ['a packet alone', '', false, '192.0.2.5:40000', '198.51.100.7:3333'],
    ['a head of GUE', '00040000', false, '192.0.2.5:40000', '198.51.100.7:3333'],
    ['a head of VXLAN', '0800000000002a00', true, '192.0.2.5:40000', '198.51.100.7:3333'],
    ['a head that nobody knows', '99887766554433221100', false, '192.0.2.5:40000', '198.51.100.7:3333'],
    ['a packet of IPv6', 'abcd', false, '[2001:db8::5]:40000', '[2001:db8:1::7]:3333'],
  ] as const)('UDP between any ports is found, behind %s', async (_, head, withFrame, miner, pool) => {
    const plain = works(conversation({ miner, pool }).connect()).toPackets();
    const audit = await audited(wrapUdp(plain, hex(head), withFrame));
    expect(audit.sessions).toMatchObject([{ verdict: 'confirmed', shares: { submitted: 2, accepted: 2 } }]);
    expect(audit.hosts[0]?.through?.map(({ source, doubt }) => [source, doubt])).toEqual([
      [TUNNEL_SENDER, null],
    ]);
    // A stranger's is not believed.
    const capture = writeCapture(folder, `wrapped-${++files}`, wrapUdp(plain, hex(head), withFrame));
    const untrusted = await scanInputs([capture]);
    expect(untrusted.hosts.map(({ verdict }) => verdict)).not.toContain('confirmed');
    // Nor is one whose checksum does not fit.
    const broken = wrapUdp(plain, hex(head), withFrame).map((packet) => {
      const bytes = Uint8Array.from(packet.bytes);
      const inner = 14 + 20 + 8 + head.length / 2 + (withFrame ? 14 : 0);
      bytes[inner + 9 + (head === 'abcd' ? 12 : 0)] ^= 1;
      return { ...packet, bytes };
    });
    expect((await audited(broken)).sessions).toEqual([]);
  });
});

describe('a page that mines', () => {
  const texts = {
    auth: '{"type":"auth","params":{"version":7,"site_key":"Lq7TtExampleKey00000000000000000","type":"anonymous"}}',
    authed: '{"type":"authed","params":{"token":"","hashes":0}}',
    job: `{"type":"job","params":{"blob":"${BLOB}","job_id":"114433","target":"ffffff00"}}`,
    submit: `{"type":"submit","params":{"job_id":"114433","nonce":"1f000002","result":"${H}"}}`,
    accepted: '{"type":"hash_accepted","params":{"hashes":256}}',
  };
  const start = (
    fields: Readonly<Record<string, string>> = {},
    talk = conversation({ miner: MINER, pool: '198.51.100.9:80' }).connect(),
  ): Conversation => {
    const [asked, upgraded] = opening('/proxy', fields);
    return talk.minerSays(asked?.bytes ?? '').poolSays(upgraded?.bytes ?? '');
  };
  const expected = {
    dialect: 'websocket-miner',
    transport: 'websocket',
    verdict: 'confirmed',
    shares: { submitted: 1, accepted: 1 },
  };

  it('is a browser miner, also if it read a page on the same connection', async () => {
    const page = conversation({ miner: MINER, pool: '198.51.100.9:80' })
      .connect()
      .minerSays('GET / HTTP/1.1\r\nHost: site.example\r\nUser-Agent: Mozilla/5.0\r\n\r\n')
      .poolSays('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npage');
    const talk = start({}, page)
      .minerSays(frame(texts.auth, { masked: true }))
      .poolSays(frame(texts.authed), frame(texts.job))
      .after(4)
      .minerSays(frame(texts.submit, { masked: true }))
      .poolSays(frame(texts.accepted));
    expect((await audited(talk.toPackets())).sessions).toMatchObject([expected]);
  });

  it('is a browser miner, masked and in fragments', async () => {
    const inPieces = (text: string, masked: boolean): Uint8Array[] => [
      frame(text.slice(0, 9), { masked, final: false }),
      frame(text.slice(9, 30), { masked, opcode: 0, final: false }),
      frame('still there', { masked, opcode: 9 }),
      frame(text.slice(30), { masked, opcode: 0 }),
    ];
    const talk = start()
      .minerSays(...inPieces(texts.auth, true))
      .poolSays(...inPieces(texts.authed, false), ...inPieces(texts.job, false))
      .after(4)
      .minerSays(...inPieces(texts.submit, true))
      .poolSays(...inPieces(texts.accepted, false));
    const audit = await audited(talk.toPackets());
    expect(audit.sessions).toMatchObject([expected]);
    expect(audit.hosts.map(({ roles }) => roles)).toEqual([['browser-miner']]);
  });

  it('is one where its messages are deflated behind each other', async () => {
    const [up, down] = [deflater(), deflater()];
    const says = (text: string): Uint8Array => frame(up(text), { masked: true, deflated: true });
    const hears = (text: string): Uint8Array => frame(down(text), { deflated: true });
    const talk = start({ 'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits' })
      .minerSays(says(texts.auth))
      .poolSays(hears(texts.authed), hears(texts.job))
      .after(4)
      .minerSays(says(texts.submit))
      .poolSays(hears(texts.accepted));
    expect((await audited(talk.toPackets())).sessions).toMatchObject([expected]);
  });
});

describe('work that is polled over HTTP', () => {
  const FIELDS = 'User-Agent: bfgminer/5.2.0\r\nX-Mining-Extensions: longpoll midstate\r\n';
  const ask = (path: string, value: object): Uint8Array => {
    const text = JSON.stringify(value);
    return Buffer.from(
      `POST ${path} HTTP/1.1\r\nHost: pool.example\r\nAuthorization: Basic YWNjdDpodW50ZXIy\r\n${FIELDS}Content-Length: ${text.length}\r\n\r\n${text}`,
    );
  };
  const give = (value: object, fields = ''): Uint8Array => {
    const text = JSON.stringify(value);
    return Buffer.from(`HTTP/1.1 200 OK\r\n${fields}Content-Length: ${text.length}\r\n\r\n${text}`);
  };
  const words = (nonce: string): string =>
    `00000002${'aa'.repeat(32)}${'bb'.repeat(32)}500000001a05db8b${nonce}${'00'.repeat(48)}`;
  const work = { data: words('00000000'), target: `${'f'.repeat(56)}00000000` };

  it('by long polls on a connection of their own is one session with the other requests', async () => {
    const poll = conversation({
      miner: '192.0.2.5:40001',
      pool: '198.51.100.9:8332',
      startUs: 1_795_560_003_000_000,
    })
      .connect()
      .minerSays(ask('/lp', { id: 9, method: 'getwork', params: [] }))
      // The answer comes when the next block does.
      .after(45)
      .poolSays(give({ id: 9, error: null, result: { ...work, data: words('00000001') } }));
    const asks = conversation({ miner: MINER, pool: '198.51.100.9:8332', startUs: 1_795_560_000_000_000 })
      .connect()
      .minerSays(ask('/', { id: 1, method: 'getwork', params: [] }))
      .poolSays(give({ id: 1, error: null, result: work }, 'X-Long-Polling: /lp\r\n'))
      .after(20)
      .minerSays(ask('/', { id: 2, method: 'getwork', params: [words('0badcafe')] }))
      .poolSays(give({ id: 2, error: null, result: true }));
    const packets = [...poll.toPackets(), ...asks.toPackets()].sort((a, b) => a.timeUs - b.timeUs);
    const audit = await audited(packets);
    expect(audit.sessions).toMatchObject([
      { dialect: 'getwork', transport: 'http', verdict: 'confirmed', shares: { submitted: 1, accepted: 1 } },
    ]);
  });
});

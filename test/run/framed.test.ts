/**
 * Pool sessions in the frames of other protocols, from the packets to the audit: each is found with its shares, and what carries
 * a session in its words without being one stays silent.
 */
import { describe, expect, it } from 'vitest';
import type { CapturedPacket } from '../support/capture-reader.ts';
import { conversation } from '../support/conversation.ts';
import type { Utterance } from '../support/dialogue.ts';
import { frp, headed, smux, yamux } from '../support/frames.ts';
import { grpcMessage, http2Talk } from '../support/http2-talk.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
let files = 0;
const MINER = '192.0.2.5:40000';
const POOL = '198.51.100.7:8080';
const H = '3b5766388903a9c81cc919f6f344bafb23813fa90b13a023af11bab1240f16a7';
const BLOB = `1010d7a1b2c306${H}00000000${H}05`;

type Side = 0 | 1;
type Turn = readonly [side: Side, message: object];
const job = { blob: BLOB, job_id: 'j1', target: 'b88d0600', algo: 'rx/0', height: 3_310_021, seed_hash: H };

/** A login, a job, shares that are accepted; another job is pushed between them. */
const MONERO: readonly Turn[] = [
  [
    0,
    { id: 1, jsonrpc: '2.0', method: 'login', params: { login: 'acct', pass: 'x', agent: 'XMRig/6.22.2' } },
  ],
  [1, { id: 1, jsonrpc: '2.0', error: null, result: { id: 's', job, status: 'OK' } }],
  ...[2, 3].flatMap((id): Turn[] => [
    [
      0,
      {
        id,
        jsonrpc: '2.0',
        method: 'submit',
        params: { id: 's', job_id: 'j1', nonce: `0000000${id}`, result: H },
      },
    ],
    [1, { id, jsonrpc: '2.0', error: null, result: { status: 'OK' } }],
  ]),
  [1, { jsonrpc: '2.0', method: 'job', params: { ...job, job_id: 'j2' } }],
];
const notify = (id: string): object => ({
  id: null,
  method: 'mining.notify',
  params: [id, H, '01000000', 'ffffffff', [H], '20000000', '17034219', '68a1b2c3', true],
});
const BITCOIN: readonly Turn[] = [
  [0, { id: 1, method: 'mining.subscribe', params: ['cpuminer/2.5.1'] }],
  [1, { id: 1, result: [[['mining.notify', 'a']], '08000002', 4], error: null }],
  [0, { id: 2, method: 'mining.authorize', params: ['acct.rig', 'x'] }],
  [1, { id: 2, result: true, error: null }],
  [1, { id: null, method: 'mining.set_difficulty', params: [512] }],
  [1, notify('a1')],
  ...[3, 4].flatMap((id): Turn[] => [
    [0, { id, method: 'mining.submit', params: ['acct.rig', 'a1', '00000000', '68a1b2c3', `0000000${id}`] }],
    [1, { id, result: true, error: null }],
  ]),
  [1, notify('a2')],
];
const TALKS = { cryptonote: MONERO, 'stratum-v1': BITCOIN } as const;

async function audited(packets: readonly CapturedPacket[]) {
  const sorted = packets.toSorted((a, b) => a.timeUs - b.timeUs);
  return scanInputs([writeCapture(folder, `framed-${++files}`, sorted)]);
}

/** The turns in one connection, a few seconds apart, each as `wrap` puts it. */
function connection(
  turns: readonly Turn[],
  wrap: (message: object, side: Side) => Uint8Array,
  before: readonly (readonly [Side, Uint8Array])[] = [],
): CapturedPacket[] {
  const talk = conversation({ miner: MINER, pool: POOL }).connect();
  for (const [side, bytes] of before) side === 0 ? talk.minerSays(bytes) : talk.poolSays(bytes);
  for (const [side, message] of turns) {
    const bytes = wrap(message, side);
    side === 0 ? talk.after(3).minerSays(bytes) : talk.poolSays(bytes);
  }
  return talk.toPackets();
}

function packetsOf(said: readonly Utterance[]): CapturedPacket[] {
  const talk = conversation({ miner: MINER, pool: POOL }).connect();
  for (const { direction, bytes } of said)
    direction === 0 ? talk.after(1).minerSays(bytes) : talk.poolSays(bytes);
  return talk.toPackets();
}

const text = (message: object): string => JSON.stringify(message);
const line = (message: object): string => `${text(message)}\n`;
const bytes = (...parts: readonly (string | Uint8Array)[]): Uint8Array =>
  Buffer.concat(parts.map((part) => Buffer.from(part as string)));

const FOUND = { verdict: 'confirmed', shares: { submitted: 2, accepted: 2 } };

describe.each(Object.entries(TALKS))('a session of %s is found', (dialect, turns) => {
  const found = async (packets: readonly CapturedPacket[]): Promise<void> => {
    const { sessions } = await audited(packets);
    expect(sessions.filter(({ verdict }) => verdict !== 'attempted')).toMatchObject([{ ...FOUND, dialect }]);
  };

  it('in yamux', () => found(connection(turns, (message) => yamux(1, line(message)))));

  it('in yamux behind a login of frp, and behind that of its stream', () =>
    found(
      connection(turns, (message) => yamux(3, line(message)), [
        [0, frp('o', { version: '0.61.0', privilege_key: 'k' })],
        [1, frp('1', { version: '0.61.0', run_id: 'r' })],
        [0, yamux(3, '', { type: 1, flags: 1, length: 0 })],
        [1, yamux(3, '', { type: 1, flags: 2, length: 0 })],
        [0, yamux(3, frp('w', { run_id: 'r' }))],
        [1, yamux(3, frp('s', { proxy_name: 'p' }))],
      ]),
    ));

  it('in smux', () => found(connection(turns, (message) => smux(3, 2, line(message)), [[0, smux(3, 0)]])));

  it('behind the heads of language servers', () =>
    found(
      connection(turns, (message, side) =>
        side === 0 ? headed(message, 'Content-Type: x/y') : headed(message),
      ),
    ));

  it('in envelopes', () => found(connection(turns, (message) => bytes(line({ v: message })))));

  it.each([0x0b, 0x1d])('behind the separator %i', (byte) =>
    found(connection(turns, (message) => bytes(text(message), Uint8Array.of(byte)))),
  );

  it('in a stream of HTTP/2', async () =>
    found(
      packetsOf(
        await http2Talk([
          {
            request: { ':method': 'POST', ':path': '/stream' },
            turns: turns.map(([side, message]) => [side, line(message)]),
          },
        ]),
      ),
    ));

  it('in HTTP/2 behind an upgrade', async () => {
    const asks =
      'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n';
    const answers = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n';
    const said = await http2Talk([
      {
        request: { ':method': 'POST', ':path': '/stream' },
        turns: turns.map(([side, message]) => [side, line(message)]),
      },
    ]);
    await found(
      packetsOf([{ direction: 0, bytes: bytes(asks) }, { direction: 1, bytes: bytes(answers) }, ...said]),
    );
  });

  it('in events and calls of one connection of HTTP/2', async () =>
    found(
      packetsOf(
        await http2Talk([
          {
            request: { ':method': 'GET', ':path': '/events' },
            response: { 'content-type': 'text/event-stream' },
            turns: [[1, ': hello\n\n']],
            staysOpen: true,
          },
          ...turns.map(([side, message]) => ({
            request: { ':method': 'POST', ':path': '/rpc', 'content-type': 'application/json' },
            turns: side === 0 ? [[0, text(message)] as const] : [],
            onFirst: side === 1 ? `data: ${text(message)}\n\n` : '',
          })),
        ]),
      ),
    ));

  it('in gRPC', async () =>
    found(
      packetsOf(
        await http2Talk([
          {
            request: { ':method': 'POST', ':path': '/p.Pool/Mine', 'content-type': 'application/grpc' },
            response: { 'content-type': 'application/grpc+json' },
            turns: turns.map(([side, message]) => [side, grpcMessage(text(message))]),
          },
        ]),
      ),
    ));

  it.each([
    ['answers in the responses', true, 'Accept: text/event-stream'],
    ['answers among the events', false, 'Accept: text/html, text/event-stream;q=0.9'],
    ['answers among events that nobody asked for', false, 'Accept: */*'],
  ])('in events with requests beside them, with %s', async (_, inResponses, accept) => {
    const feed = conversation({ miner: MINER, pool: POOL })
      .connect()
      .minerSays(`GET /events HTTP/1.1\r\nHost: pool.example\r\n${accept}\r\n\r`)
      .poolSays('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\n\r')
      .after(1);
    const startUs = 1_760_000_000_000_000 + 1_000_000;
    const asks = conversation({ miner: '192.0.2.5:40002', pool: POOL, startUs }).connect();
    for (const [side, message] of turns) {
      const content = text(message);
      const isAnswer = side === 1 && 'result' in message;
      const head = `Content-Length: ${content.length}\r\n\r\n${content}`;
      if (side === 0) asks.after(1).minerSays(bytes(`POST /rpc HTTP/1.1\r\nHost: pool.example\r\n${head}`));
      else if (isAnswer && inResponses) asks.poolSays(bytes(`HTTP/1.1 200 OK\r\n${head}`));
      else if (isAnswer) asks.poolSays(bytes('HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n'));
      if (side === 0) feed.after(1);
      if (side === 1 && !(isAnswer && inResponses)) {
        // Behind the request that it answers.
        feed
          .after(0.5)
          .poolSays(bytes(`: tick\n\nevent: message\ndata: ${content}\n\n`))
          .after(-0.5);
      }
    }
    await found([...feed.toPackets(), ...asks.toPackets()]);
  });
});

describe('what is in frames and no session', () => {
  const silent = async (packets: readonly CapturedPacket[]): Promise<void> => {
    const { hosts, sessions } = await audited(packets);
    expect({ hosts, sessions }).toEqual({ hosts: [], sessions: [] });
  };

  it('is a language server at work', () =>
    silent(
      connection(
        [
          [0, { jsonrpc: '2.0', id: 1, method: 'initialize', params: { processId: 1, capabilities: {} } }],
          [1, { jsonrpc: '2.0', id: 1, result: { capabilities: { hoverProvider: true } } }],
          ...Array.from({ length: 30 }, (_, id): Turn[] => [
            [
              0,
              {
                jsonrpc: '2.0',
                id: id + 2,
                method: 'textDocument/hover',
                params: { position: { line: id } },
              },
            ],
            [1, { jsonrpc: '2.0', id: id + 2, result: { contents: 'mining.submit sends a share' } }],
          ]).flat(),
        ],
        (message) => headed(message),
      ),
    ));

  it('is ordinary gRPC', async () =>
    silent(
      packetsOf(
        await http2Talk([
          {
            request: { ':method': 'POST', ':path': '/shop.Cart/Watch', 'content-type': 'application/grpc' },
            response: { 'content-type': 'application/grpc' },
            turns: Array.from({ length: 20 }, (_, i) => [(i % 2) as Side, grpcMessage(`\n\x04item\x10${i}`)]),
          },
          {
            request: { ':method': 'POST', ':path': '/v1/login', 'content-type': 'application/json' },
            turns: [
              [0, text({ user: 'a', login: 'b' })],
              [1, text({ id: 1, result: { status: 'OK' } })],
            ],
          },
        ]),
      ),
    ));

  it('is a feed of words, as a language model sends them', () =>
    silent(
      packetsOf([
        {
          direction: 0,
          bytes: bytes(
            'POST /v1/chat HTTP/1.1\r\nHost: llm.example\r\nContent-Type: application/json\r\nContent-Length: 46\r\n\r\n{"stream":true,"prompt":"What is mining.submit"}',
          ),
        },
        {
          direction: 1,
          bytes: bytes('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n'),
        },
        ...BITCOIN.map(([, message], index): Utterance => {
          const content = { id: `c${index}`, choices: [{ delta: { content: text(message) } }] };
          return { direction: 1, bytes: bytes(`data: ${text(content)}\n\n`) };
        }),
        { direction: 1, bytes: bytes('data: [DONE]\n\n') },
      ]),
    ));

  it('is yamux with the web in it', () =>
    silent(
      packetsOf(
        Array.from({ length: 20 }, (_, i): Utterance[] => [
          {
            direction: 0,
            bytes: yamux(2 * i + 1, `GET /${i} HTTP/1.1\r\nHost: a.example\r\n\r\n`, { flags: 1 }),
          },
          {
            direction: 1,
            bytes: yamux(2 * i + 1, 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"id":42}', { flags: 6 }),
          },
        ]).flat(),
      ),
    ));
});

describe('several miners in one connection', () => {
  it('are one session, in which each share is answered', async () => {
    const turns = MONERO.flatMap(([side, message]): (readonly [Side, object, number])[] => [
      [side, message, 1],
      [side, message, 3],
    ]);
    const talk = conversation({ miner: MINER, pool: POOL }).connect();
    for (const [side, message, stream] of turns) {
      const framed = yamux(stream, line(message));
      side === 0 ? talk.after(2).minerSays(framed) : talk.poolSays(framed);
    }
    const { sessions } = await audited(talk.toPackets());
    expect(sessions).toMatchObject([{ verdict: 'confirmed', dialect: 'cryptonote' }]);
    expect(sessions[0]?.shares.submitted).toBeGreaterThanOrEqual(2);
  });
});

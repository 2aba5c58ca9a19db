/**
 * Padding hides nobody: a session is found behind it, or the bytes that a limit or a budget passed over are missing from the
 * coverage, with a code. What two lengths, folded lines or none make of a request is read as servers read it.
 */
import { describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { allNotJudged } from '../../src/audit/judged.ts';
import { type Conversation, conversation } from '../support/conversation.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { frame, opening } from '../support/websocket.ts';

const folder = temporaryFolder();
let files = 0;

async function scanned(talk: Conversation): Promise<Audit> {
  return scanInputs([writeCapture(folder, `padded-${++files}`, talk.close().toPackets())]);
}

function start(): Conversation {
  return conversation({ miner: '192.0.2.50:40000', pool: '198.51.100.9:80' }).connect();
}

/** What a miner of CryptoNote and its pool say in turn: a login, and shares. */
const LOGIN = [
  '{"id":1,"jsonrpc":"2.0","method":"login","params":{"login":"48edfHu7V9Z84YzzMa6fUueoELZ9ZRXq9VetWzYGzKt52XU5xvqgzYnDK9URnRoJMk1j8nLwEVsaSWJ4fhdUyZijBGUicoD","pass":"x","agent":"XMRig/6.22.0"}}',
  '{"id":1,"jsonrpc":"2.0","error":null,"result":{"id":"a1","job":{"blob":"1010c9b8f6bd06a2a0b93f9c0b6d3c5b8a3a0ea7a4b6b0bd4ec6ecb0cd4d9be6cc4f4a6e7e4eb20000000068a0a6f3c15e2a3df60b8f4d1e2a5c3b9e8d7f6a5b4c3d2e1f0a9b8c7d6e5f4a01","job_id":"j1","target":"b88d0600","algo":"rx/0","height":3000000,"seed_hash":"a6b0bd4ec6ecb0cd4d9be6cc4f4a6e7e4eb2a6b0bd4ec6ecb0cd4d9be6cc4f4a"},"status":"OK"}}',
] as const;
const SHARES = Array.from(
  { length: 12 },
  (_, i) =>
    [
      `{"id":${i + 2},"jsonrpc":"2.0","method":"submit","params":{"id":"a1","job_id":"j1","nonce":"${(0x1a2b3c00 + i * 77_777).toString(16)}","result":"${(i + 16).toString(16).repeat(27)}0000000000"}}`,
      `{"id":${i + 2},"jsonrpc":"2.0","error":null,"result":{"status":"OK"}}`,
    ] as const,
);
const SAID: readonly (readonly [string, string])[] = [LOGIN, ...SHARES];

/** The same over a WebSocket, each message as `pad` makes it. */
function overWebSocket(pad: (text: string) => string, before: readonly string[] = []): Conversation {
  const talk = start();
  for (const { direction, bytes } of opening())
    direction === 0 ? talk.minerSays(bytes) : talk.poolSays(bytes);
  for (const text of before) talk.minerSays(frame(text, { masked: true })).poolSays(frame(text));
  for (const [asked, answered] of SAID)
    talk
      .minerSays(frame(pad(asked), { masked: true }))
      .poolSays(frame(pad(answered)))
      .after(4);
  return talk;
}

const WORK = '0x05f1594871ae2a49';
const HASH = `0x${'0'.repeat(63)}5`;

/** Work of a node over HTTP, in requests with this head. */
function overHttp(request: (body: string) => string, response = ok): Conversation {
  const talk = start();
  for (let i = 0; i < 8; i++) {
    const ask = `{"id":${2 * i},"jsonrpc":"2.0","method":"eth_getWork","params":[]}`;
    const work = `{"id":${2 * i},"jsonrpc":"2.0","result":["${HASH}","0x${'0'.repeat(63)}9","0x00000001${'0'.repeat(56)}"]}`;
    const submit = `{"id":${2 * i + 1},"jsonrpc":"2.0","method":"eth_submitWork","params":["${WORK.slice(0, -1)}${i}","${HASH}","0x${'0'.repeat(63)}1"]}`;
    const accepted = `{"id":${2 * i + 1},"jsonrpc":"2.0","result":true}`;
    for (const [call, reply] of [
      [ask, work],
      [submit, accepted],
    ] as const)
      talk
        .minerSays(Buffer.from(request(call)))
        .poolSays(Buffer.from(response(reply)))
        .after(3);
  }
  return talk;
}

function ok(body: string): string {
  return `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

const post =
  (fields: (length: number) => string) =>
  (body: string): string =>
    `POST / HTTP/1.1\r\nHost: p\r\n${fields(body.length)}\r\n${body}`;

/** Found, or missing from the coverage with a code. */
function isSaid({ hosts, coverage, notes }: Audit): 'found' | 'said' | 'hidden' {
  if (hosts.some(({ verdict }) => verdict === 'confirmed' || verdict === 'probable')) return 'found';
  const isCoded = notes.some(({ code }) => code === 'limit-messages' || code === 'limit-looks');
  return !coverage.complete && isCoded && allNotJudged(coverage.judged).conversations > 0 ? 'said' : 'hidden';
}

const BLANKS = ' '.repeat(300_000);
const MEMBER = `{"a":"${'x'.repeat(300_000)}",`;
const LATER = (text: string): string => text.replace('{', MEMBER);
const BEHIND = (text: string): string => text.replace(/}$/, `,"a":"${'x'.repeat(300_000)}"}`);

describe('messages of a WebSocket', () => {
  const cases: readonly [string, Conversation, 'found' | 'said'][] = [
    ['as they are', overWebSocket((text) => text), 'found'],
    ['behind 300 kB of blanks', overWebSocket((text) => BLANKS + text), 'found'],
    [
      'with a member of 70 kB in front',
      overWebSocket((text) => text.replace('{', `{"a":"${'x'.repeat(70_000)}",`)),
      'found',
    ],
    ['with a member of 300 kB behind', overWebSocket(BEHIND), 'found'],
    ['with a member of 300 kB in front', overWebSocket(LATER), 'said'],
    [
      'behind 40 messages of something else',
      overWebSocket((text) => text, new Array(40).fill('hello')),
      'found',
    ],
    [
      'behind 3 MB of something else',
      overWebSocket((text) => `${text} `, new Array(30).fill('y'.repeat(100_000))),
      'said',
    ],
  ];
  it.each(cases)('%s', async (_, talk, expected) => {
    expect(isSaid(await scanned(talk))).toBe(expected);
  });
});

describe('messages over HTTP', () => {
  const length = (n: number): string => `Content-Length: ${n}\r\n`;
  const cases: readonly [string, Conversation, 'found' | 'said'][] = [
    ['as they are', overHttp(post(length)), 'found'],
    ['behind 300 kB of blanks', overHttp((body) => post(length)(BLANKS + body)), 'found'],
    ['with a member of 300 kB behind', overHttp((body) => post(length)(BEHIND(body))), 'found'],
    ['with a member of 300 kB in front', overHttp((body) => post(length)(LATER(body))), 'said'],
    ['with lengths of 0 and N', overHttp(post((n) => length(0) + length(n))), 'found'],
    ['with lengths of N and 0', overHttp(post((n) => length(n) + length(0))), 'found'],
    ['with lengths of 3 and N', overHttp(post((n) => length(3) + length(n))), 'found'],
    ['with lengths of N and more', overHttp(post((n) => length(n) + length(n + 90_000))), 'found'],
    [
      'with two lengths in the answers',
      overHttp(post(length), (body) => `HTTP/1.1 200 OK\r\n${length(0)}${length(body.length)}\r\n${body}`),
      'found',
    ],
    ['with a length that has a sign', overHttp(post((n) => `Content-Length: +${n}\r\n`)), 'found'],
    ['with a length on a line of its own', overHttp(post((n) => `Content-Length:\r\n ${n}\r\n`)), 'found'],
    ['with fields in lower case', overHttp(post((n) => `content-length:${n}\r\n`)), 'found'],
    [
      'with lines that end with LF alone',
      overHttp((body) => post(length)(body).replaceAll('\r\n', '\n')),
      'found',
    ],
    ['with a method in lower case', overHttp((body) => post(length)(body).replace('POST', 'post')), 'found'],
    [
      'with method and version in other cases',
      overHttp(
        (body) => post(length)(body).replace('POST', 'PosT').replace('HTTP', 'http'),
        (body) => ok(body).replace('HTTP', 'http'),
      ),
      'found',
    ],
    ['with tabs in the first line', overHttp((body) => post(length)(body).replace('/ ', '/\t ')), 'found'],
    ['without a length', overHttp(post(() => '')), 'found'],
    [
      'that say chunks, and send none',
      overHttp(post((n) => `${length(n)}Transfer-Encoding: chunked\r\n`)),
      'found',
    ],
    ['with 50 kB of fields', overHttp(post((n) => `X-A: ${'a'.repeat(50_000)}\r\n${length(n)}`)), 'found'],
    ['with 200 kB of fields', overHttp(post((n) => `X-A: ${'a'.repeat(200_000)}\r\n${length(n)}`)), 'said'],
    [
      'in an encoding that nobody reads',
      overHttp(post((n) => `Content-Encoding: rot13\r\n${length(n)}`)),
      'said',
    ],
  ];
  it.each(cases)('%s', async (_, talk, expected) => {
    expect(isSaid(await scanned(talk))).toBe(expected);
  });
});

describe('messages on a plain stream', () => {
  const plain = (pad: (text: string) => string, before = 0): Conversation => {
    const talk = start();
    for (let i = 0; i < before; i++) {
      talk.minerSays(Buffer.from(`{"id":${i},"method":"ping","params":[]}\n`));
      talk.poolSays(Buffer.from(`{"id":${i},"result":"pong"}\n`));
    }
    for (const [asked, answered] of SAID)
      talk
        .minerSays(Buffer.from(`${pad(asked)}\n`))
        .poolSays(Buffer.from(`${pad(answered)}\n`))
        .after(120);
    return talk;
  };
  const cases: readonly [string, Conversation, 'found' | 'said'][] = [
    ['as they are', plain((text) => text), 'found'],
    ['with a member of 300 kB in front', plain(LATER), 'said'],
    ['behind 1,000 pings', plain((text) => text, 1000), 'found'],
    ['behind 5,000 pings', plain((text) => text, 5000), 'said'],
  ];
  it.each(cases)('%s', async (_, talk, expected) => {
    expect(isSaid(await scanned(talk))).toBe(expected);
  });
});

it('a share without a login or job, one a connection, is suspected if its hash is low', async () => {
  const [[asked, answered]] = SHARES;
  const low = start().minerSays(asked).after(1).poolSays(answered);
  const high = start()
    .minerSays(asked.replace(/0{10}"/, 'abcdefabcd"'))
    .after(1)
    .poolSays(answered);
  const verdicts = async (talk: Conversation) => (await scanned(talk)).hosts.map(({ verdict }) => verdict);
  expect([await verdicts(low), await verdicts(high)]).toEqual([['suspected'], []]);
});

describe('what is long, and no mining', () => {
  it('is read, where nothing was passed over', async () => {
    const talk = start();
    for (let i = 0; i < 20; i++)
      talk
        .minerSays(Buffer.from(post((n) => `Content-Length: ${n}\r\n`)('{"query":"a"}')))
        .poolSays(Buffer.from(ok(`<html>${'z'.repeat(400_000)}</html>`)));
    const { hosts, coverage, notes } = await scanned(talk);
    expect([hosts, notes, coverage.complete]).toEqual([[], [], true]);
  });
});

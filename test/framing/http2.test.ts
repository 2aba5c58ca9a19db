import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { HpackDecoder } from '../../src/framing/hpack.ts';
import { brief, expectAlways, plainly } from '../support/brief.ts';
import { client, messagesOf, server } from '../support/dialogue.ts';
import { framing } from '../support/framer.ts';
import { grpcMessage, http2Talk } from '../support/http2-talk.ts';
import { random } from '../support/random.ts';

const hex = (text: string): Uint8Array => Buffer.from(text.replace(/\s/g, ''), 'hex');
const decode = (decoder: HpackDecoder, text: string): unknown => {
  const bytes = hex(text);
  const fields = decoder.decode(bytes, bytes.length);
  return fields === null ? null : Object.fromEntries(fields);
};
describe('HPACK', () => {
  // RFC 7541 C.4: three requests of a connection, coded by Huffman.
  it('reads the requests of RFC 7541 C.4', () => {
    const decoder = new HpackDecoder();
    expect(decode(decoder, '8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff')).toEqual({
      ':method': 'GET',
      ':scheme': 'http',
      ':path': '/',
      ':authority': 'www.example.com',
    });
    expect(decode(decoder, '8286 84be 5886 a8eb 1064 9cbf')).toMatchObject({
      ':authority': 'www.example.com',
      'cache-control': 'no-cache',
    });
    expect(decode(decoder, '8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf')).toEqual({
      ':method': 'GET',
      ':scheme': 'https',
      ':path': '/index.html',
      ':authority': 'www.example.com',
      'custom-key': 'custom-value',
    });
  });

  // RFC 7541 C.6: responses with a table of 256 bytes, from which entries go.
  it('forgets what has no room, as in RFC 7541 C.6', () => {
    const decoder = new HpackDecoder();
    expect(
      decode(
        decoder,
        `3fe1 01 4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff
         6e91 9d29 ad17 1863 c78f 0b97 c8e9 ae82 ae43 d3`,
      ),
    ).toEqual({
      ':status': '302',
      'cache-control': 'private',
      date: 'Mon, 21 Oct 2013 20:13:21 GMT',
      location: 'https://www.example.com',
    });
    expect(decode(decoder, '4883 640e ffc1 c0bf')).toMatchObject({
      ':status': '307',
      location: 'https://www.example.com',
    });
    // The first status has gone.
    expect(decode(decoder, 'c2')).toBeNull();
  });

  it.each([
    ['an index of nothing', '80'],
    ['an entry that nobody has named', 'be'],
    ['a text longer than the head', '40 0a 6162'],
    ['a number without end', 'ff ffffffffffff'],
    ['padding with zeros', '40 81 1c 0161'],
    ['the end of a string within it', '4084 ffffffff 0161'],
    ['a table of a megabyte', '3fe1ff3f'],
  ])('refuses %s', (_, text) => {
    expect(decode(new HpackDecoder(), text)).toBeNull();
  });

  it('gives out no more than a head may hold, however often an entry is named', () => {
    const decoder = new HpackDecoder();
    const name = Buffer.alloc(4000, 0x61);
    const entry = Buffer.concat([hex('40 01 62 7f a11e'), name]);
    const bomb = Buffer.concat([entry, Buffer.alloc(60_000, 0xbe)]);
    const fields = decoder.decode(bomb, bomb.length);
    expect([...(fields ?? [])].join('').length).toBeLessThan(70_000);
    expect(decoder.tooLong).toBe(1);
  });
});

const CALL = { id: 1, method: 'mining.subscribe', params: ['x'] };
const line = (value: unknown): string => `${JSON.stringify(value)}\n`;

describe('HTTP/2', () => {
  it('is read as Node writes it: a stream that goes on in both directions', async () => {
    const said = await http2Talk([
      {
        request: { ':method': 'POST', ':path': '/mine', 'content-type': 'application/json' },
        turns: [
          [0, line(CALL)],
          [1, line({ id: 1, result: true })],
          [0, `${line({ id: 2, method: 'a', params: [] })}{"id":3,"method":"b","params":[]`],
          [0, '}'],
          [1, line({ id: 3, result: 3 })],
        ],
      },
    ]);
    expectAlways(
      said,
      [
        '0 call mining.subscribe ["x"] #1 [POST /mine 0]',
        '1 reply true #1 to mining.subscribe@ [POST /mine 200]',
        '0 call a [] #2 [POST /mine 0]',
        '0 call b [] #3 [POST /mine 0]',
        '1 reply 3 #3 to b@ [POST /mine 200]',
      ],
      plainly,
    );
  });

  it('is read in many streams, with long heads in several frames and padding', async () => {
    const cookie = Array.from({ length: 700 }, (_, i) => `crumb-${i}=${i * 7919}`).join('; ');
    const talks = [1, 2, 3].map((id) => ({
      request: { ':method': 'POST', ':path': `/rpc/${id}`, 'x-long': cookie, 'x-again': cookie.slice(9) },
      turns: [
        [0, line({ id, method: 'm', params: [id] })],
        [1, line({ id, result: id })],
      ] as const,
    }));
    const said = await http2Talk(talks, {
      paddingStrategy: 1,
      maxSendHeaderBlockLength: 100_000,
      settings: { maxHeaderListSize: 200_000 },
    });
    // A head of more than 16 kB goes on in another frame.
    expect(Buffer.concat(said.map(({ bytes }) => bytes)).length).toBeGreaterThan(16_384);
    const expected = [1, 2, 3].flatMap((id) => [
      `0 call m [${id}] #${id} [POST /rpc/${id} 0]`,
      `1 reply ${id} #${id} to m@ [POST /rpc/${id} 200]`,
    ]);
    expectAlways(said, expected, plainly);
  });

  it('carries messages of gRPC, whose objects are read and of which others go on with their path', async () => {
    const grpc = { ':method': 'POST', 'content-type': 'application/grpc+proto' };
    const said = await http2Talk([
      {
        request: { ...grpc, ':path': '/mine.Pool/Talk' },
        response: { 'content-type': 'application/grpc+proto' },
        turns: [
          [0, grpcMessage(JSON.stringify(CALL))],
          [1, grpcMessage(JSON.stringify({ id: 1, result: true }))],
        ],
      },
      {
        request: { ...grpc, ':path': '/protowire.RPC/MessageStream' },
        response: { 'content-type': 'application/grpc' },
        turns: [
          [0, Buffer.concat([grpcMessage(hex('0a02')), grpcMessage(hex('0a03ff'))])],
          [1, grpcMessage('')],
        ],
      },
    ]);
    expectAlways(
      said,
      [
        '0 call mining.subscribe ["x"] #1 [POST /mine.Pool/Talk 0]',
        '1 reply true #1 to mining.subscribe@ [POST /mine.Pool/Talk 200]',
        '0 grpc message of 2 [POST /protowire.RPC/MessageStream 0]',
        '0 grpc message of 3 [POST /protowire.RPC/MessageStream 0]',
        '1 grpc message of 0 [POST /protowire.RPC/MessageStream 200]',
      ],
      plainly,
    );
    const [message] = messagesOf(said).filter(({ kind }) => kind === 'grpc-message');
    expect(message?.http?.headers.get('content-type')).toBe('application/grpc+proto');
    expect(message?.http?.headers.get('host')).toBe('pool.example:80');
  });

  it('has packed bodies and events', async () => {
    const packed = gzipSync(line(CALL));
    expect(gunzipSync(packed).length).toBeGreaterThan(0);
    const said = await http2Talk([
      {
        request: { ':method': 'POST', ':path': '/z', 'content-encoding': 'gzip' },
        turns: [[0, packed]],
      },
      {
        request: { ':method': 'GET', ':path': '/events' },
        response: { 'content-type': 'text/event-stream' },
        turns: [[1, `: hello\n\ndata: ${JSON.stringify({ method: 'job', params: {} })}\n\n`]],
      },
    ]);
    expect(messagesOf(said).map(plainly)).toEqual([
      '0 call mining.subscribe ["x"] #1 [POST /z 0]',
      '1 visit [POST /z 200]',
      '1 visit [GET /events 200]',
      '1 call job {} #undefined [GET /events 200]',
      '0 visit [GET /events 0]',
    ]);
  });

  it('follows an upgrade of HTTP/1.1 (RFC 7540 3.2)', async () => {
    const [preface, ...others] = await http2Talk([
      {
        request: { ':method': 'POST', ':path': '/x' },
        turns: [
          [0, line(CALL)],
          [1, line({ id: 1, result: 1 })],
        ],
      },
    ]);
    if (preface === undefined) throw new Error('nothing was said');
    const settings = hex('000000040000000000');
    const said = [
      client(
        'GET /first HTTP/1.1\r\nHost: pool.example\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n',
      ),
      server(
        Buffer.concat([
          Buffer.from('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n'),
          settings,
        ]),
      ),
      preface,
      ...others,
    ];
    expectAlways(
      said,
      [
        '0 visit [GET /first 0]',
        '1 visit [GET /first 101]',
        '0 call mining.subscribe ["x"] #1 [POST /x 0]',
        '1 reply 1 #1 to mining.subscribe@ [POST /x 200]',
      ],
      plainly,
    );
  });

  it('ends in a counted reason whatever it says', async () => {
    const said = await http2Talk([
      {
        request: { ':method': 'POST', ':path': '/x' },
        turns: [
          [0, line(CALL)],
          [1, line({ id: 1, result: 1 })],
        ],
      },
    ]);
    const draw = random(7);
    for (let round = 0; round < 200; round++) {
      const { framer, messages } = framing();
      for (const { direction, bytes } of said) {
        const broken = Uint8Array.from(bytes);
        if (draw.chance(0.5)) broken[draw.below(broken.length)] = draw.below(256);
        framer.says(direction, broken);
        if (draw.chance(0.1)) framer.gap(direction, draw.below(100));
      }
      framer.end();
      expect(messages.length).toBeLessThan(20);
    }
  });

  it('goes on behind bytes that were lost', async () => {
    const said = await http2Talk([
      {
        request: { ':method': 'POST', ':path': '/x' },
        turns: [
          [0, line(CALL)],
          [1, line({ id: 1, result: 1 })],
          [0, line({ id: 2, method: 'lost', params: [] })],
          [0, line({ id: 3, method: 'found', params: [] })],
        ],
      },
    ]);
    const { framer, messages } = framing();
    for (const { direction, bytes } of said) {
      const isLost = Buffer.from(bytes).includes('lost');
      if (isLost) framer.gap(direction, bytes.length);
      else framer.says(direction, bytes);
    }
    const calls = messages.filter(({ kind }) => kind === 'call').map(brief);
    expect(calls.at(-1)).toContain('call found');
    expect(calls.join()).not.toContain('call lost');
  });

  it('forgets the oldest of too many streams, and counts it', () => {
    const { framer } = framing();
    const frame = (stream: number): Uint8Array => {
      const bytes = Buffer.concat([hex('000002 00 00 00000000'), Buffer.from('{"')]);
      bytes.writeUInt32BE(stream, 5);
      return bytes;
    };
    const preface = Buffer.concat([
      Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
      hex('000000040000000000'),
    ]);
    framer.says(0, preface);
    for (let stream = 1; stream < 20_001; stream += 2) {
      const bytes = frame(stream);
      framer.says(0, bytes);
    }
    expect(framer.damage.oversize).toBe(10_000 - 256);
  });
});

import { describe, expect, it } from 'vitest';
import type { Message } from '../../src/framing/message.ts';
import { brief, expectAlways, plainly } from '../support/brief.ts';
import { client, messagesOf, server, type Utterance } from '../support/dialogue.ts';
import { framing } from '../support/framer.ts';
import { frp, headed, smux, yamux } from '../support/frames.ts';

const line = (value: unknown): string => `${JSON.stringify(value)}\n`;
const CALL = { id: 1, method: 'login', params: { login: 'x' } };
const REPLY = { id: 1, result: { id: 'a' } };
/** However it is cut, it says this, in these streams. */
function says(said: readonly Utterance[], expected: readonly string[]): void {
  expectAlways(said, expected, streamed);
}
const streamed = (message: Message): string => `${message.channel ?? '-'}: ${plainly(message)}`;

describe('yamux', () => {
  const OPEN = yamux(1, '', { type: 1, flags: 1, length: 0 });
  const ACCEPT = yamux(1, '', { type: 1, flags: 2, length: 262_144 });
  const PING = yamux(0, '', { type: 2, flags: 1, length: 7 });

  it('carries streams of their own, whose calls and answers are not mixed', () => {
    const text = line(CALL);
    says(
      [
        client(Buffer.concat([OPEN, PING, yamux(1, text.slice(0, 9))])),
        server(Buffer.concat([ACCEPT, yamux(0, '', { type: 2, flags: 2, length: 7 })])),
        client(
          Buffer.concat([
            yamux(3, line({ ...CALL, method: 'other' }), { flags: 1 }),
            yamux(1, text.slice(9)),
          ]),
        ),
        server(yamux(1, line(REPLY))),
        server(yamux(3, line({ id: 1, result: 3 }))),
      ],
      [
        '3: 0 call other {"login":"x"} #1',
        '1: 0 call login {"login":"x"} #1',
        '1: 1 reply {"id":"a"} #1 to login@',
        '3: 1 reply 3 #1 to other@',
      ],
    );
  });

  it('carries what any connection carries: HTTP, a tunnel, another multiplexer', () => {
    const body = JSON.stringify(CALL);
    says(
      [
        client(yamux(5, `POST /p HTTP/1.1\r\nContent-Length: ${body.length}\r\n\r\n${body}`, { flags: 1 })),
        client(yamux(7, yamux(1, line(CALL), { flags: 1 }), { flags: 1 })),
      ],
      ['5: 0 call login {"login":"x"} #1 [POST /p 0]', `${2 ** 25 + 7}: 0 call login {"login":"x"} #1`],
    );
  });

  it('comes behind messages of frp, and has them in its streams', () => {
    const login = frp('o', { version: '0.61.0', privilege_key: 'k', run_id: '' });
    const answer = frp('1', { version: '0.61.0', run_id: 'r' });
    const expected = ['1: 0 call login {"login":"x"} #1', '1: 1 reply {"id":"a"} #1 to login@'];
    says(
      [client(login), server(answer), client(yamux(1, line(CALL))), server(yamux(1, line(REPLY)))],
      expected,
    );
    says(
      [
        client(Buffer.concat([OPEN, yamux(1, frp('w', { run_id: 'r' }))])),
        server(yamux(1, frp('s', { proxy_name: 'p' }))),
        client(yamux(1, line(CALL))),
        server(yamux(1, line(REPLY))),
      ],
      expected,
    );
    // Without a multiplexer.
    says(
      [client(login), server(answer), client(CALL), server(REPLY)],
      expected.map((text) => text.replace('1:', '-:')),
    );
  });

  it.each([
    ['another version', `01${'00'.repeat(11)}`],
    ['another type', `0004${'00'.repeat(10)}`],
    ['data of no stream', '000000010000000000000001'],
    ['flags that nobody has', '000000ff0000000100000001'],
    ['SMB behind a session of NetBIOS', '00000054ff534d4272000000001801c8'],
    ['a start-up of PostgreSQL', '0000000804d2162f'],
    ['a request to ZooKeeper', '0000002d000000000000000000000000'],
  ])('is none with %s', (_, hex) => {
    const { framer } = framing();
    const bytes = Buffer.from(hex, 'hex');
    framer.says(0, bytes);
    expect(framer.state).not.toBe('yamux');
  });

  it('goes on behind bytes that were lost, within a frame and between frames', () => {
    const { framer, messages } = framing();
    const first = yamux(1, line(CALL), { flags: 1 });
    framer.says(0, first.subarray(0, 20));
    framer.gap(0, first.length - 20);
    for (const id of [2, 3]) {
      const next = yamux(1, line({ ...CALL, id }));
      if (id === 3) framer.gap(0, 5000);
      framer.says(0, next);
    }
    expect(messages.map(brief)).toEqual(['0 call login {"login":"x"} #2', '0 call login {"login":"x"} #3']);
  });

  it('keeps a few of a hundred thousand streams, and counts the others', () => {
    const { framer, messages } = framing();
    for (let stream = 1; stream < 200_000; stream += 2) {
      const bytes = yamux(stream, '{"id":1,', { flags: 1 });
      framer.says(0, bytes);
    }
    const known = yamux(1, line(CALL));
    framer.says(0, known);
    expect(messages.length).toBe(1);
    expect(framer.damage.oversize).toBe(100_000 - 64 + 1);
  });
});

describe('smux', () => {
  it('carries streams of their own', () => {
    says(
      [
        client(Buffer.concat([smux(3, 0), smux(3, 2, line(CALL))])),
        server(Buffer.concat([smux(0, 3), smux(3, 2, line(REPLY))])),
        client(smux(3, 1)),
      ],
      ['3: 0 call login {"login":"x"} #1', '3: 1 reply {"id":"a"} #1 to login@'],
    );
    says(
      [client(Buffer.concat([smux(3, 0, '', 2), smux(3, 2, line(CALL), 2)]))],
      ['3: 0 call login {"login":"x"} #1'],
    );
  });
});

describe('messages behind heads', () => {
  it('are read with one field or two, in any case and order', () => {
    says(
      [
        client(headed(CALL)),
        server(headed(REPLY, 'Content-Type: application/vscode-jsonrpc; charset=utf-8')),
        client(Buffer.from(`content-length:${line(CALL).length}\n\n${line(CALL)}`)),
        server(Buffer.concat([headed(REPLY), Buffer.from('\r\n'), headed({ method: 'job', params: {} })])),
      ],
      [
        '-: 0 call login {"login":"x"} #1',
        '-: 1 reply {"id":"a"} #1 to login@',
        '-: 0 call login {"login":"x"} #1',
        '-: 1 reply {"id":"a"} #1 to login@',
        '-: 1 call job {} #undefined',
      ],
    );
  });

  it('are none among other fields, and bounded whatever length they say', () => {
    says([client('Content-Length: 12\r\nDate: today\r\n\r\n{"id":1}')], []);
    says([client('Content-Type: text/plain\r\n\r\n{"id":1}')], []);
    const { framer } = framing();
    const head = Buffer.from('Content-Length: 999999999\r\n\r\n');
    framer.says(0, head);
    const piece = Buffer.alloc(65_536, 0x7b);
    for (let i = 0; i < 100; i++) framer.says(0, piece);
    expect(framer.damage).toEqual({ oversize: 1, passedBytes: 6_553_600 });
  });
});

describe('events of a server', () => {
  const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n';
  const chunk = (text: string): string => `${Buffer.from(text).length.toString(16)}\r\n${text}\r\n`;

  it('are read as they come, with comments, in any line ends and chunks', () => {
    says(
      [
        client('GET /events HTTP/1.1\r\nHost: pool.example\r\nAccept: text/event-stream\r\n\r\n'),
        server(HEAD),
        server(chunk(': a comment\n\nevent: job\nid: 7\ndata: {"method":"job",\ndata: "params":{}}\n\n')),
        server(chunk(`data:${JSON.stringify(REPLY)}\r\n`)),
        server(chunk('\r\ndata: no object\r\rdata\r\n\r\n')),
      ],
      [
        '-: 0 visit [GET /events 0]',
        '-: 1 visit [GET /events 200]',
        '-: 1 call job {} #undefined [GET /events 200]',
        '-: 1 reply {"id":"a"} #1 to ? [GET /events 200]',
        '-: 1 visit [GET /events 200] cut',
      ],
    );
  });

  it('are bounded', () => {
    const { framer } = framing();
    const head = Buffer.from('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: ');
    framer.says(1, head);
    const piece = Buffer.alloc(65_536, 0x61);
    for (let i = 0; i < 100; i++) framer.says(1, piece);
    expect(framer.damage.oversize).toBe(1);
    expect(framer.damage.passedBytes).toBeGreaterThan(6_000_000);
  });
});

describe('an envelope', () => {
  it('is taken off a call and off a reply, once', () => {
    says(
      [
        client({ v: CALL }),
        server({ type: 'msg', seq: 4, v: REPLY }),
        client({ id: 9, v: { method: 'm', params: [] } }),
        client({ v: { v: CALL } }),
        client({ a: CALL, b: CALL }),
        client({ '@timestamp': 'now', v: CALL }),
        client({ v: { method: 'word' } }),
      ],
      [
        '-: 0 call login {"login":"x"} #1',
        '-: 1 reply {"id":"a"} #1 to login@',
        '-: 0 call m [] #9',
        `-: 0 datum ${JSON.stringify({ v: { v: CALL } })}`,
        `-: 0 datum ${JSON.stringify({ a: CALL, b: CALL })}`,
        `-: 0 datum ${JSON.stringify({ '@timestamp': 'now', v: CALL })}`,
        '-: 0 datum {"v":{"method":"word"}}',
      ],
    );
  });
});

describe('what begins as frames and goes on as something else', () => {
  // Found by fuzzing: how much was passed over depended on where packets ended.
  it.each([
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['yamux', Buffer.from(yamux(1, '{}')).toString('latin1')],
    ['smux', Buffer.from(Buffer.concat([smux(3, 0), smux(3, 1)])).toString('latin1')],
    ['a head', Buffer.from(headed({})).toString('latin1')],
  ])('ends at the same place however it arrives: %s', (_, start) => {
    const said = [
      server(Buffer.from(start, 'latin1')),
      client(CALL),
      server(`Content-Length: 22\r\nDate: x\r\n\r\n${line(REPLY)}${line(REPLY)}`),
    ];
    expectAlways(said, messagesOf(said).map(streamed), streamed);
  });
});

describe('what separates objects', () => {
  it.each([0x0b, 0x0c, 0x1c, 0x1d, 0x1e, 0x1f, 0x00, 0x01, 0x03, 0x04, 0x17])(
    'may be the byte %i',
    (byte) => {
      const text = (value: unknown): Buffer =>
        Buffer.concat([Buffer.from(JSON.stringify(value)), Uint8Array.of(byte)]);
      const calls = [1, 2, 3].map((id) => ({ id, method: 'm', params: [] }));
      const expected = calls.map(({ id }) => `-: 0 call m [] #${id}`);
      says([client(Buffer.concat(calls.map(text)))], expected);
      says(
        calls.map((each) => client(text(each))),
        expected,
      );
    },
  );
});

import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Message } from '../../src/framing/message.ts';
import { brief, briefly, bytewise, expectAlways } from '../support/brief.ts';
import { client, dialogue, messagesOf, server, type Utterance } from '../support/dialogue.ts';
import { framerFor, framing } from '../support/framer.ts';
import { clientHelloMessage, extension, records } from '../support/tls.ts';

const LONG = 'x'.repeat(300_000);

const FOREIGN_BYTES = 1024 * 1024;

describe('JSON on a plain stream', () => {
  const cases: { name: string; said: Utterance[]; expected: string[] }[] = [
    {
      name: 'reads lines with LF, CRLF, blank lines and no line end at all',
      said: [client('{"id":1,"method":"a"}\n{"id":2,"method":"b"}\r\n\r\n  \n{"id":3,"method":"c"}')],
      expected: ['0 call a undefined #1', '0 call b undefined #2', '0 call c undefined #3'],
    },
    {
      name: 'reads objects that touch',
      said: [server('{"id":null,"method":"x","params":[1]}{"id":null,"method":"y","params":{"}{":"]["}}')],
      expected: ['1 call x [1] #null', '1 call y {"}{":"]["} #null'],
    },
    {
      name: 'reads escaped quotes and backslashes inside strings',
      said: [client('{"method":"a","params":["\\"}\\\\","\\u007b"]}\n')],
      expected: ['0 call a ["\\"}\\\\","{"] #undefined'],
    },
    {
      name: 'unfolds a batch',
      said: [
        client('[{"id":1,"method":"a"},\n {"id":2,"method":"b"}]\n'),
        server('[{"id":2,"result":2},{"id":1,"result":1}]'),
      ],
      expected: [
        '0 call a undefined #1',
        '0 call b undefined #2',
        '1 reply 2 #2 to b@1',
        '1 reply 1 #1 to a@1',
      ],
    },
    {
      name: 'takes off a HAProxy line and passes over a byte order mark',
      said: [
        client('PROXY TCP4 203.0.113.9 198.51.100.7 41022 3333\r\n{"id":1,"method":"a"}\n'),
        server('\ufeff{"id":1,"result":true}\n'),
      ],
      expected: [
        '0 proxy proxy-protocol 198.51.100.7:3333 for 203.0.113.9:41022',
        '0 call a undefined #1',
        '1 reply true #1 to a@1',
      ],
    },
    {
      name: 'pairs equal ids first in, first out, by JSON type of the id',
      said: dialogue(`
        C {"id":4,"method":"submit","params":[1]}
        C {"id":"4","method":"other"}
        C {"id":4,"method":"submit","params":[2]}
        S {"id":4,"result":true}
        S {"id":4,"result":false}
        S {"id":"4","result":null,"error":[21,"stale",null]}
        S {"id":4,"result":true}`),
      expected: [
        '0 call submit [1] #4',
        '0 call other undefined #"4"',
        '0 call submit [2] #4',
        '1 reply true #4 to submit@1',
        '1 reply false #4 to submit@3',
        '1 reply [21,"stale",null] #"4" to other@2',
        '1 reply true #4 to ?',
      ],
    },
    {
      name: 'pairs a number with the same digits as text, and long ids',
      said: [
        ...dialogue(`
        C {"id":4,"method":"submit","params":[1]}
        C {"id":"5","method":"submit","params":[2]}
        S {"id":"4","result":null,"error":[23,"low",null]}
        S {"id":5,"result":true}`),
        client(
          `{"id":"${'x'.repeat(300)}1","method":"long"}\n{"id":"${'x'.repeat(300)}2","method":"longer"}\n`,
        ),
        server(`{"id":"${'x'.repeat(300)}2","result":true}\n`),
      ],
      expected: [
        '0 call submit [1] #4',
        '0 call submit [2] #"5"',
        '1 reply [23,"low",null] #"4" to submit@1',
        '1 reply true #5 to submit@2',
        `0 call long undefined #"${'x'.repeat(255)}1"`,
        `0 call longer undefined #"${'x'.repeat(255)}2"`,
        `1 reply true #"${'x'.repeat(255)}2" to longer@5`,
      ],
    },
    {
      name: 'takes a result with a method for a reply, and params with a result for a call',
      said: dialogue(`
        C {"id":"0","method":"login","params":{}}
        S {"id":"0","jsonrpc":"2.0","method":"login","result":"ok","error":null}
        S {"id":null,"method":"mining.notify","params":["1"],"error":null}`),
      expected: ['0 call login {} #"0"', '1 reply "ok" #"0" to login@1', '1 call mining.notify ["1"] #null'],
    },
    {
      name: 'takes a bare id for a reply only where a call of that id is open',
      said: dialogue(`
        S {"id":3}
        C {"id":3,"method":"mining.submit","params":[]}
        S {"id":3}
        S {"id":3}`),
      expected: [
        '1 datum {"id":3}',
        '0 call mining.submit [] #3',
        '1 reply undefined #3 to mining.submit@2',
        '1 datum {"id":3}',
      ],
    },
    {
      name: 'enters in the middle of a line that ends as JSON does',
      said: [
        server('00","aabb"],"id":4,"x":[1]}\r\n{"id":5,"result":true}\n'),
        client('tail"}}\n\n{"id":6,"method":"m"}\n'),
      ],
      expected: ['1 reply true #5 to ?', '0 call m undefined #6'],
    },
    {
      name: 'reads of an object above the limit what is complete, and goes on at the next line',
      said: [client(`{"id":1,"method":"a","params":["${LONG}"]}\n{"id":2,"method":"b"}\n`)],
      expected: ['0 call a undefined #1 cut', '0 call b undefined #2'],
    },
    {
      name: 'skips what is not JSON and goes on at the next line, not inside it',
      said: [
        client(
          '{"id":1,"method":"a"}\nnoise {"id":9,"method":"z"}\n{"id":2,,}\n{"a":"\n{"id":3,"method":"c"}\n',
        ),
      ],
      expected: ['0 call a undefined #1', '0 call c undefined #3'],
    },
    {
      name: 'reads on behind many lines of something else',
      said: [client(`{"id":1,"method":"a"}\n${'hello\n'.repeat(1000)}{"id":2,"method":"b"}\n`)],
      expected: ['0 call a undefined #1', '0 call b undefined #2'],
    },
    {
      name: 'finds objects behind their length: digits, with colon, hex, binary of either order',
      said: [
        client('0000022{"id":1,"method":"a"}\n21:{"id":2,"method":"b"},'),
        client('15{"id":3,"method":"c"}\n'),
        server(Buffer.concat([Buffer.of(0, 0, 0, 21), Buffer.from('{"id":4,"method":"d"}')])),
        server(Buffer.concat([Buffer.of(21, 0), Buffer.from('{"id":5,"method":"e"}')])),
      ],
      expected: [
        '0 call a undefined #1',
        '0 call b undefined #2',
        '0 call c undefined #3',
        '1 call d undefined #4',
        '1 call e undefined #5',
      ],
    },
    {
      name: 'takes no other number before an object for its length',
      said: [client('{"id":1,"method":"a"}\n42 {"id":2,"method":"b"}\n500{"id":3,"method":"c"}\n')],
      expected: ['0 call a undefined #1'],
    },
    {
      name: 'leaves the last object cut at the end, with its complete members',
      said: [
        client('{"method": "mining.submit", "params": ["w", "j"], "id": 4, "x": 1'),
        server('{"id":4,"result":tru'),
      ],
      expected: ['0 call mining.submit ["w","j"] #4 cut', '1 datum {"id":4} cut'],
    },
    {
      name: 'keeps own keys that look like those of the prototype, and the last of duplicates',
      said: [client('{"__proto__":{"method":"evil"},"constructor":1,"id":1,"id":2}\n')],
      expected: ['0 datum {"__proto__":{"method":"evil"},"constructor":1,"id":2}'],
    },
    {
      name: 'reads through invalid UTF-8',
      said: [
        client(
          Buffer.concat([
            Buffer.from('{"method":"a","params":["'),
            Buffer.from([0xff, 0xc0]),
            Buffer.from('"]}\n'),
          ]),
        ),
      ],
      expected: ['0 call a ["\ufffd\ufffd"] #undefined'],
    },
    {
      name: 'reads nesting as deep as real parsers do',
      said: [client(`{"method":"b","x":${'['.repeat(20_000)}${']'.repeat(20_000)}}\n`)],
      expected: ['0 call b undefined #undefined'],
    },
    {
      name: 'does not unfold JSON in Redis values',
      said: [
        client('*3\r\n$5\r\nlpush\r\n$4\r\njobs\r\n$33\r\n{"job_id":"a1","method":"submit"}\r\n'),
        server(':1\r\n'),
      ],
      expected: [],
    },
    {
      name: 'does not unfold JSON in mail, chat or a web page without its head',
      said: [
        client('EHLO x\r\nDATA\r\n{"id":1,"method":"mining.subscribe","params":[]}\r\n'),
        server('<pre>\n{"id":1,"method":"mining.subscribe","params":[]}\n</pre>'),
      ],
      expected: [],
    },
    {
      name: 'takes braces of other languages for nothing',
      said: [client('{ foo }\n{"id":1,"method":"a"}\n'), server('[1,2,3]\n{"id":1}\n')],
      expected: [],
    },
  ];
  for (const { name, said, expected } of cases) {
    it(name, () => expectAlways(said, expected));
  }
});

const http = (head: string, body = ''): string =>
  `${head.trim().replace(/\s*\n\s*/g, '\r\n')}\r\n\r\n${body}`;
const chunked = (...parts: string[]): string =>
  `${parts.map((part) => `${part.length.toString(16)}\r\n${part}\r\n`).join('')}0\r\n\r\n`;

describe('HTTP', () => {
  const ok = '{"id":73,"result":true}';
  const cases: { name: string; said: Utterance[]; expected: string[] }[] = [
    {
      name: 'pairs by the order of the connection, whatever the ids say',
      said: [
        client(http('POST /?w=1 HTTP/1.1\nContent-Length: 21', '{"id":1,"method":"a"}')),
        server(http('HTTP/1.1 200 OK\nTransfer-Encoding: chunked', chunked(ok.slice(0, 5), ok.slice(5)))),
        client(http('POST /?w=2 HTTP/1.1\ncontent-length: 22', '{"id":1,"method":"b"}\n')),
        server(http('HTTP/1.1 200 OK\ncontent-length: 23', ok)),
      ],
      expected: [
        '0 call a undefined #1 [POST /?w=1 0]',
        '1 reply true #73 to a@1 [POST /?w=1 200]',
        '0 call b undefined #1 [POST /?w=2 0]',
        '1 reply true #73 to b@3 [POST /?w=2 200]',
      ],
    },
    {
      name: 'reads pipelined requests, and responses without a body to HEAD, 204, 304 and 1xx',
      said: [
        client(
          http('HEAD /a HTTP/1.1') +
            http('GET /b HTTP/1.1') +
            http('GET /c HTTP/1.1') +
            http('GET /d HTTP/1.0'),
        ),
        server(
          http('HTTP/1.1 200 OK\nContent-Length: 99') +
            http('HTTP/1.1 204 No Content') +
            http('HTTP/1.1 100 Continue') +
            http('HTTP/1.1 304 Not Modified\nContent-Length: 5') +
            http('HTTP/1.0 200 OK', '{"height":5}\n'),
        ),
      ],
      expected: [
        '0 visit [HEAD /a 0]',
        '0 visit [GET /b 0]',
        '0 visit [GET /c 0]',
        '0 visit [GET /d 0]',
        '1 visit [HEAD /a 200]',
        '1 visit [GET /b 204]',
        '1 visit [GET /c 100]',
        '1 visit [GET /c 304]',
        '1 datum {"height":5} [GET /d 200]',
      ],
    },
    {
      name: 'unpacks gzip and both kinds of deflate',
      said: [gzipSync(ok), deflateSync(ok), deflateRawSync(ok)].flatMap((body, index) => [
        client(http('GET / HTTP/1.1')),
        server(
          Buffer.concat([
            Buffer.from(
              http(
                `HTTP/1.1 200 OK\nContent-Encoding: ${index === 0 ? 'gzip' : 'deflate'}\nContent-Length: ${body.length}`,
              ),
            ),
            body,
          ]),
        ),
      ]),
      expected: [0, 1, 2].flatMap(() => ['0 visit [GET / 0]', '1 reply true #73 to ? [GET / 200]']),
    },
    {
      name: 'reads batches and several lines in one body',
      said: [
        client(http('POST / HTTP/1.1\nContent-Length: 45', '[{"id":1,"method":"a"},{"id":2,"method":"b"}]')),
        server(http('HTTP/1.1 200 OK\nContent-Length: 41', '{"id":2,"result":2}\r\n{"id":1,"result":1}\n')),
      ],
      expected: [
        '0 call a undefined #1 [POST / 0]',
        '0 call b undefined #2 [POST / 0]',
        '1 reply 2 #2 to b@1 [POST / 200]',
        '1 reply 1 #1 to a@1 [POST / 200]',
      ],
    },
    {
      name: 'reads a bare JSON line in answer to a request',
      said: [
        client(http('POST / HTTP/1.1\nContent-Length: 31', '{"method": "getwork", "id": 0}\n')),
        server('{"id":0,"result":null,"error":[20,"Parse error",null]}\n'),
      ],
      expected: ['0 call getwork undefined #0 [POST / 0]', '1 reply [20,"Parse error",null] #0 to getwork@1'],
    },
    {
      name: 'does not unfold JSON that a page quotes',
      said: [
        client(http('GET /doc HTTP/1.1')),
        server(
          http(
            'HTTP/1.1 200 OK\nContent-Length: 70',
            `<pre>\n{"id":1,"method":"mining.subscribe","params":[]}\n</pre>${' '.repeat(11)}`,
          ),
        ),
      ],
      expected: ['0 visit [GET /doc 0]', '1 visit [GET /doc 200]'],
    },
    {
      name: 'ends at an upgrade and begins anew in a tunnel',
      said: [
        client(http('CONNECT pool.example:3333 HTTP/1.1')),
        server(http('HTTP/1.1 200 Connection established')),
        client('{"id":1,"method":"a"}\n'),
        server('{"id":1,"result":true}\n'),
      ],
      expected: [
        '0 visit [CONNECT pool.example:3333 0]',
        '0 proxy http-connect pool.example:3333',
        '1 visit [CONNECT pool.example:3333 200]',
        '0 call a undefined #1',
        '1 reply true #1 to a@3',
      ],
    },
    {
      name: 'gives up on text that only begins like HTTP',
      said: [client('POST office hours\nnine to five\n\n{"id":1,"method":"a"}\n')],
      expected: [],
    },
    {
      name: 'bounds what a body unpacks to',
      said: [
        client(http('GET / HTTP/1.1')),
        server(
          Buffer.concat([
            Buffer.from(
              http(
                `HTTP/1.1 200 OK\nContent-Encoding: gzip\nContent-Length: ${gzipSync(Buffer.alloc(1 << 24)).length}`,
              ),
            ),
            gzipSync(Buffer.alloc(1 << 24)),
          ]),
        ),
      ],
      expected: ['0 visit [GET / 0]', '1 visit [GET / 200]'],
    },
  ];
  for (const { name, said, expected } of cases) {
    it(name, () => expectAlways(said, expected));
  }

  it('reads a body that is answered before its end as a body', () => {
    const lines = '{"id":1,"method":"a"}\n{"id":2,"method":"b"}\n';
    const said = [
      client(http(`POST / HTTP/1.1\nContent-Length: ${lines.length}`, lines.slice(0, 22))),
      server(http('HTTP/1.1 413 Content Too Large\nContent-Length: 0')),
      client(lines.slice(22)),
      client(http('GET / HTTP/1.1')),
    ];
    const expected = [
      '1 visit [  413]',
      '0 call a undefined #1 [POST / 0]',
      '0 call b undefined #2 [POST / 0]',
      '0 visit [GET / 0]',
    ];
    expectAlways(said, expected);
  });

  it('hands on the header fields of a request and of the response to it', () => {
    const [call, reply] = messagesOf([
      client(http('POST / HTTP/1.1\nX-A: 1\nx-a: 2\nContent-Length: 21', '{"id":1,"method":"a"}')),
      server(http('HTTP/1.1 200 OK\nX-Long-Polling: /lp\nContent-Length: 23', ok)),
    ]);
    expect([...(call.http?.headers ?? [])]).toEqual([
      ['x-a', '1, 2'],
      ['content-length', '21'],
    ]);
    expect(reply.http?.headers.get('x-long-polling')).toBe('/lp');
  });
});

/** A client hello with server name and protocols, in records of `recordBytes`. */
const clientHello = (name: string, protocols: string[], recordBytes?: number): Uint8Array =>
  records(
    22,
    clientHelloMessage({
      ciphers: [0x1301, 0x1302],
      extensions: [
        [23, []],
        ...(name === '' ? [] : [extension.serverName(name)]),
        ...(protocols.length === 0 ? [] : [extension.alpn(...protocols)]),
      ],
    }),
    recordBytes,
  );

describe('TLS', () => {
  const cases: { name: string; said: Utterance[]; expected: string[] }[] = [
    {
      name: 'reads server name and protocols',
      said: [client(clientHello('Pool.Example', ['h2', 'http/1.1']))],
      expected: ['0 client hello pool.example h2,http/1.1'],
    },
    {
      name: 'reads a hello that spans records, and one without either',
      said: [client(clientHello('a.example', [], 20)), server(clientHello('', []))],
      expected: ['0 client hello a.example ', '1 client hello  '],
    },
    {
      name: 'says where a hello was cut, and reads the JSON error of a plain pool in answer',
      said: [
        client(clientHello('a.example', ['h2']).subarray(0, 60)),
        server('{"id":0,"result":null,"error":[20,"Parse error",null]}\n'),
      ],
      expected: ['1 reply [20,"Parse error",null] #0 to ?', '0 client hello   cut'],
    },
    {
      name: 'leaves an empty or foreign record alone',
      said: [client(Buffer.from([22, 3, 1, 0, 0, 1, 1, 1]))],
      expected: [],
    },
  ];
  for (const { name, said, expected } of cases) {
    it(name, () => expectAlways(said, expected));
  }
});

/** The framer after these words, and gaps of so many bytes, each in a packet of its own; its messages. */
function heard(...said: readonly (readonly [direction: 0 | 1, words: string | number])[]) {
  const { framer, messages } = framing();
  for (const [at, [direction, words]] of said.entries()) {
    if (typeof words === 'string') framer.says(direction, words, at + 1);
    else framer.gap(direction, words);
  }
  framer.end();
  return { framer, messages, brief: messages.map(brief) };
}

describe('gaps', () => {
  it('count a share of which the snap length left the method, and its answer', () => {
    const share = [
      [0, '{"method": "mining.submit", "p'],
      [0, 100],
      [1, '{"id":4,"result":true,"error":'],
      [1, 6],
    ] as const;
    const { framer, brief } = heard(...share, ...share, ...share);
    expect(brief).toEqual(
      [1, 5, 9].flatMap((record) => [
        '0 call mining.submit undefined #undefined cut',
        `1 reply true #4 to mining.submit@${record} cut`,
      ]),
    );
    expect(framer.damage).toEqual({ oversize: 0, passedBytes: 0 });
  });

  it('lose the line they fall in and no other', () => {
    const [before, after] = ['{"method":"a"}\n{"method":"b","params":[', '2,{"x":1}]}\n{"method":"d"}\n'];
    expect(heard([0, before], [0, 1000], [0, after]).brief).toEqual([
      '0 call a undefined #undefined',
      '0 call b undefined #undefined cut',
      '0 call d undefined #undefined',
    ]);
  });

  it('inside an HTTP body of known length leave the next message whole', () => {
    const { brief } = heard(
      [0, http('POST /a HTTP/1.1\nContent-Length: 40', '{"id":1,"method":"a","par')],
      [0, 15],
      [0, http('POST /b HTTP/1.1\nContent-Length: 21', '{"id":2,"method":"b"}')],
      [0, 7000],
      [0, 'some middle of a body'],
      [0, http('GET /c HTTP/1.1')],
    );
    expect(brief).toEqual([
      '0 call a undefined #1 [POST /a 0] cut',
      '0 call b undefined #2 [POST /b 0]',
      '0 visit [GET /c 0]',
    ]);
  });

  it('inside a number of an HTTP body make no other number of it', () => {
    const begun = http('POST /a HTTP/1.1\nContent-Length: 38', '{"id":1,"method":"a","params":[90');
    expect(heard([0, begun], [0, 1], [0, '00]}']).brief).toEqual(['0 call a undefined #1 [POST /a 0] cut']);
  });

  it('that swallow a whole response leave the next one to the newest request', () => {
    const ask = (to: number) =>
      [0, http(`POST /${to} HTTP/1.1\nContent-Length: 21`, '{"id":1,"method":"a"}')] as const;
    const answer = [1, http('HTTP/1.1 200 OK\nContent-Length: 22', '{"id":1,"result":true}')] as const;
    const { messages } = heard(ask(1), answer, ask(3), [1, 500], ask(5), answer, ask(7), answer);
    expect(messages.filter(({ kind }) => kind === 'reply').map(brief)).toEqual([
      '1 reply true #1 to a@1 [POST /1 200]',
      '1 reply true #1 to a@5 [POST /5 200]',
      '1 reply true #1 to a@7 [POST /7 200]',
    ]);
  });

  it('make replies to equal ids go to the newest call', () => {
    const [call, reply] = [[0, '{"id":4,"method":"a"}\n'] as const, [1, '{"id":4,"result":true}\n'] as const];
    expect(heard(call, call, call, [1, 50], reply, reply).brief.slice(3)).toEqual([
      '1 reply true #4 to a@3',
      '1 reply true #4 to ?',
    ]);
  });
});

it.each<[string, Utterance[], string, boolean]>([
  ['nothing yet', [], 'undecided', false],
  ['a lone brace', [client('{')], 'undecided', false],
  ['JSON on one lane', [client('SSH-2.0-x\r\n'), server('{"a":1}')], 'json', false],
  ['HTTP', [client('GET / HTTP/1.1\r\n')], 'http', false],
  ['two hellos', [client(clientHello('', [])), server(clientHello('', []))], 'tls', true],
  ['two foreign lanes', [client('EHLO x.example\r\n'), server('220 x.example\r\n')], 'foreign', true],
  ['one foreign lane, little said', [client('EHLO x\r\n')], 'undecided', false],
  ['one foreign lane, much said', [client(`EHLO x\r\n${LONG}`)], 'foreign', true],
  ['binary', [client(Buffer.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)), server(Buffer.of(5, 0))], 'foreign', true],
])('after %s a stream has its state', (_, said, state, isDecided) => {
  const { framer } = framing();
  for (const { direction, bytes } of said) framer.says(direction, bytes);
  expect({ state: framer.state, isDecided: framer.isDecided }).toEqual({ state, isDecided });
});

describe('segmentation', () => {
  const conversations: { name: string; said: Utterance[] }[] = [
    {
      name: 'JSON',
      said: [
        client(
          '\ufeff{"id":1,"method":"a","params":["\\"{","é"]}\r\n{"id":2,"method":"b"}[{"id":3,"method":"c"}]',
        ),
        server(
          'tail]}\n{"id":1,"result":{"x":[1,{}]}}noise\n{"id":2,"error":{"code":-1}}\n{"id":3,"result":1',
        ),
      ],
    },
    {
      name: 'HTTP',
      said: [
        client(
          http('POST /x HTTP/1.1\nHost: h\nContent-Length: 21', '{"id":1,"method":"a"}') +
            http('GET /y HTTP/1.1\nHost: h'),
        ),
        server(
          http('HTTP/1.1 200 OK\nTransfer-Encoding: chunked', chunked('{"id":7,', '"result":true}')) +
            http('HTTP/1.1 200 OK', '{"h":1}'),
        ),
      ],
    },
    { name: 'TLS', said: [client(clientHello('a.example', ['h2'], 30)), server('{"id":0,"error":"x"}')] },
    { name: 'PROXY', said: [client('PROXY UNKNOWN\r\n{"id":1,"method":"a"}')] },
  ];
  for (const { name, said } of conversations) {
    it(`at any byte leaves the messages of ${name} the same`, () => {
      const whole = messagesOf(said);
      expect(whole.length).toBeGreaterThan(0);
      expect(messagesOf(said, bytewise)).toEqual(whole);
      for (let at = 1; at < Math.max(...said.map(({ bytes }) => bytes.length)); at++) {
        const split = (bytes: Uint8Array): Uint8Array[] => [bytes.subarray(0, at), bytes.subarray(at)];
        expect(messagesOf(said, split)).toEqual(whole);
      }
    });
  }
});

describe('brackets that do not fit together', () => {
  const CALL = (id: number): string => `{"id":${id},"method":"a","params":[{"b":[1]}]}`;
  const callsOf = (lines: readonly string[], split?: typeof bytewise): (string | undefined)[] =>
    messagesOf([client(lines.map((line) => `${line}\n`).join(''))], split)
      .filter((message) => message.kind === 'call')
      .map(({ id }) => id);

  it.each([
    ['a brace alone', '{'],
    ['an object with a brace too few', '{"id":4,"x":{"a":1}'],
    ['an object with a brace too many in front', '{{"id":4}'],
    ['a list that a brace closes', '{"id":4,"x":[1,2}'],
    ['an object that a bracket closes', '{"id":4]'],
    ['a list without end', '[{"id":4}'],
    ['a list in the place of a name', '{[1]:2}'],
    ['many braces', '{'.repeat(100)],
    ['an object that ends behind a comma', '{"id":4,'],
    ['an object within that ends behind a comma', '{"id":4,"x":{"a":1,'],
    ['a string that ends with a backslash', '{"id":"\\'],
  ])('cost nothing but their own line: %s', (_title, broken) => {
    const lines = [CALL(1), broken, CALL(3), CALL(4)];
    expect(callsOf(lines)).toEqual(['1', '3', '4']);
    expect(callsOf(lines, bytewise)).toEqual(['1', '3', '4']);
  });

  it('do so in the first line, too', () => {
    const lines = ['{"id":1,"x":[1,2}', CALL(2)];
    expect([callsOf(lines), callsOf(lines, bytewise)]).toEqual([['2'], ['2']]);
  });

  it('are none in JSON that is printed over many lines, however deep', () => {
    const deep = JSON.stringify(JSON.parse(`${'[{"a":'.repeat(40)}1${'}]'.repeat(40)}`), null, 2);
    expect(callsOf([`{\n  "id": 1,\n  "method": "a",\n  "params": \n\n ${deep}\n}`, CALL(2)])).toEqual([
      '1',
      '2',
    ]);
  });
});

describe('bounds', () => {
  it('give a lane up whose budget of something else is spent', () => {
    const junk = 'hello\n'.repeat(FOREIGN_BYTES / 6 + 1);
    const said = [client(`{"id":1,"method":"a"}\n${junk}{"id":2,"method":"b"}\n`)];
    expect(briefly(said)).toEqual(['0 call a undefined #1']);
  });

  const answered = (messages: readonly Message[]): unknown[] =>
    messages.flatMap((message) => (message.kind === 'reply' ? [message.call?.id] : []));
  const call = (id: number, more = '') => [0, `{"id":${id},"method":"a"${more}}\n`] as const;
  const reply = (id: number) => [1, `{"id":${id},"result":true}\n`] as const;

  it('forget the oldest of too many open calls', () => {
    const calls = Array.from({ length: 1500 }, (_, id) => call(id));
    const { messages } = heard(...calls, reply(1500 - 1025), reply(1500 - 1024));
    expect(answered(messages)).toEqual([undefined, `${1500 - 1024}`]);
  });

  it('forget no share while other calls wait', () => {
    const calls: unknown[] = [];
    const framer = framerFor({
      message: (message) => {
        if (message.kind === 'reply') calls.push(message.call?.method);
        else if (message.kind === 'call' && message.method === 'submit') message.share = 1;
      },
    });
    framer.says(0, '{"id":1,"method":"submit"}\n');
    for (let id = 2; id < 1500; id++) framer.says(...call(id));
    framer.says(...reply(1));
    expect(calls).toEqual(['submit']);
  });

  it('forget the oldest of open calls that are too long together', () => {
    const params = `,"params":["${'x'.repeat(25_000)}"]`;
    const calls = [1, 2, 3, 4, 5, 6, 7].map((id) => call(id, params));
    // Five of them are below 128 KiB.
    expect(answered(heard(...calls, reply(2), reply(3)).messages)).toEqual([undefined, '3']);
  });
});

/** Kinds of the messages in texts of bytes, which arrive in pieces. */
function kindsIn(step: number, ...said: readonly (readonly [direction: 0 | 1, text: string])[]): string[] {
  const { framer, messages } = framing();
  for (const [direction, text] of said) {
    const bytes = Buffer.from(text, 'latin1');
    for (let at = 0; at < bytes.length; at += step) framer.says(direction, bytes.subarray(at, at + step));
  }
  framer.end();
  return messages.map(({ direction, kind }) => `${direction} ${kind}`);
}

describe('what the fuzzer found: a length before the first object', () => {
  const SUBMIT =
    '{"params":["u","4f","00000007","68a1b2c3","0000148f"],"id":5,"method":"mining.submit"}`);\n';
  const SUBSCRIBE = '{"id":1,"method":"mining.subscribe","params":["a"]}\n';
  it.each([
    ['of two bytes', [`\bp${SUBSCRIBE}`, '{"id":1,"method":"mining.subscri'], 1],
    ['of four bytes', [`\x1e\x1e\x1e\0${SUBMIT}`, SUBSCRIBE], 1],
    [
      'that ends with the byte of a brace',
      ['ulty","params":[1]}\nc{{"id":null,"method":"mining.set_diffi'],
      1,
    ],
  ] as const)('is seen however it arrives: %s', (_, said, expected) => {
    for (const step of [1000, 1, 3])
      expect(kindsIn(step, ...said.map((text) => [0, text] as const))).toHaveLength(expected);
  });

  it.each([
    { name: 'before words', said: '3.0\n2d1a', lines: 2 },
    { name: 'before a head', said: '1.1\r\nContent-Length: 2\r\n\r\nx', lines: 3 },
  ])('a number in a line of its own is a version, however it arrives: $name', ({ said, lines }) => {
    for (const step of [1000, 1, 2, 3, 5])
      expect(kindsIn(step, [0, said]), `in pieces of ${step}`).toEqual(Array(lines).fill('0 text-line'));
  });

  it('a PROXY line that is none ends at the same byte however it arrives', () => {
    const said: [0 | 1, string][] = [
      [1, 'PROXY TCP4 1.2.3.4 '],
      [0, '{"id":1,"jsonrpc":"2.0","error":null,"result":{"id":"s1"}}\n'],
      [1, 'or_wgrk"}\nf{"id":1,"method":"mining.wait_'],
      [1, '{"method":"solution","id":"7","nonce":"0011223344556678","jsonrpc":"2.0"}\n'],
      [1, '{"id":9,"method":"mining.authorize","params":["a","b"]}\n'],
    ];
    const whole = kindsIn(1000, ...said);
    expect(whole).toContain('1 call');
    for (const step of [1, 3, 13]) expect(kindsIn(step, ...said)).toEqual(whole);
  });
});

import { describe, expect, it } from 'vitest';
import { briefly, expectAlways } from '../support/brief.ts';
import { client, server, type Utterance } from '../support/dialogue.ts';

const hex = (text: string): Uint8Array => Buffer.from(text.replace(/[^0-9a-f]/g, ''), 'hex');
const text = (value: string): string => Buffer.from(value, 'latin1').toString('hex');
const C = (bytes: string): Utterance => client(hex(bytes));
const S = (bytes: string): Utterance => server(hex(bytes));
const ASK = client('{"id":1,"method":"login"}\n');
const ANSWER = server('{"id":1,"result":"ok"}\n');
const POOL_NAME = text('pool.example');

describe('a hop through a proxy', () => {
  const cases: { name: string; said: Utterance[]; proxy: string }[] = [
    {
      name: 'SOCKS 5 without a password, to an IPv4 address',
      // Handshake of one method; request: connect, address type 1, 198.51.100.7, port 3333 (0d05).
      said: [C('05 01 00'), S('05 00'), C('05 01 00 01 c6336407 0d05'), S('05 00 00 01 00000000 0000')],
      proxy: 'socks5 198.51.100.7:3333',
    },
    {
      name: 'SOCKS 5 with a password, to a name',
      said: [
        C('05 02 00 02'),
        S('05 02'),
        C(`01 04 ${text('user')} 06 ${text('secret')}`),
        S('01 00'),
        C(`05 01 00 03 0c ${POOL_NAME} 0d05`),
        S(`05 00 00 03 0c ${POOL_NAME} 0d05`),
      ],
      proxy: 'socks5 pool.example:3333',
    },
    {
      name: 'SOCKS 5 to an IPv6 address',
      said: [
        C('05 01 00'),
        S('05 00'),
        C('05 01 00 04 20010db8000000000000000000000007 0d05'),
        S('05 00 00 04 00000000000000000000000000000000 0000'),
      ],
      proxy: 'socks5 2001:db8::7:3333',
    },
    {
      name: 'SOCKS 5 whose client does not wait',
      said: [C('05 01 00 05 01 00 01 c6336407 0d05'), S('05 00 05 00 00 01 00000000 0000')],
      proxy: 'socks5 198.51.100.7:3333',
    },
    {
      name: 'SOCKS 4',
      said: [C(`04 01 0d05 c6336407 ${text('user')} 00`), S('00 5a 0000 00000000')],
      proxy: 'socks4 198.51.100.7:3333',
    },
    {
      name: 'SOCKS 4a',
      said: [C(`04 01 0d05 00000001 00 ${POOL_NAME} 00`), S('00 5a 0000 00000000')],
      proxy: 'socks4 pool.example:3333',
    },
    {
      name: 'the PROXY protocol, version 1 over IPv6',
      said: [client('PROXY TCP6 2001:DB8::1 2001:db8::7 41022 3333\r\n')],
      proxy: 'proxy-protocol 2001:db8::7:3333 for 2001:db8::1:41022',
    },
    {
      name: 'the PROXY protocol, version 2 with an extension behind the addresses',
      // Signature; version 2 command PROXY; TCP over IPv4; length 15; addresses, ports, three bytes more.
      said: [C('0d0a0d0a000d0a515549540a 21 11 000f cb007109 c6336407 a03e 0d05 040000')],
      proxy: 'proxy-protocol 198.51.100.7:3333 for 203.0.113.9:41022',
    },
  ];
  for (const { name, said, proxy } of cases) {
    it(`is taken off: ${name}`, () => {
      // Nothing of the proxy’s user or password is shown.
      expectAlways(
        [...said, ASK, ANSWER],
        [`0 proxy ${proxy}`, '0 call login undefined #1', `1 reply "ok" #1 to login@${said.length + 1}`],
      );
    });
  }

  it('may follow another', () => {
    const said = [
      client('PROXY TCP4 203.0.113.9 198.51.100.7 41022 1080\r\n'),
      C('05 01 00'),
      S('05 00'),
      C('05 01 00 01 c6336408 0050'),
      S('05 00 00 01 00000000 0000'),
      client('CONNECT [2001:db8::9]:3333 HTTP/1.1\r\n\r\n'),
      server('HTTP/1.1 200 OK\r\n\r\n'),
      ASK,
      ANSWER,
    ];
    expect(briefly(said)).toEqual([
      '0 proxy proxy-protocol 198.51.100.7:1080 for 203.0.113.9:41022',
      '0 proxy socks5 198.51.100.8:80',
      '0 visit [CONNECT [2001:db8::9]:3333 0]',
      '0 proxy http-connect 2001:db8::9:3333',
      '1 visit [CONNECT [2001:db8::9]:3333 200]',
      '0 call login undefined #1',
      '1 reply "ok" #1 to login@8',
    ]);
  });

  it('is passed over where it names nobody', () => {
    const local = C('0d0a0d0a000d0a515549540a 20 00 0000');
    for (const start of [local, client('PROXY UNKNOWN\r\n')]) {
      expect(briefly([start, ASK, ANSWER])).toEqual([
        '0 call login undefined #1',
        '1 reply "ok" #1 to login@2',
      ]);
    }
  });

  const strange: { name: string; said: Utterance[]; expected: string[] }[] = [
    {
      name: 'a proxy that refuses: nothing follows on its side',
      said: [
        C('05 01 00'),
        S('05 00'),
        C('05 01 00 01 c6336407 0d05'),
        S('05 05 00 01 00000000 0000'),
        ANSWER,
      ],
      expected: ['0 proxy socks5 198.51.100.7:3333'],
    },
    {
      name: 'a SOCKS bind',
      said: [C('05 01 00'), S('05 00'), C('05 02 00 01 c6336407 0d05'), ASK],
      expected: [],
    },
    { name: 'a name that is none', said: [C('05 01 00'), C('05 01 00 03 02 0a0a 0d05'), ASK], expected: [] },
    {
      name: 'a greeting without end',
      said: [C(`04 01 0d05 c6336407 ${'61'.repeat(2000)}`), ASK],
      expected: [],
    },
    {
      name: 'a PROXY line that is too long',
      said: [client(`PROXY TCP4 ${'1'.repeat(200)}\r\n`), ASK],
      expected: [],
    },
    {
      name: 'a header of version 2 that is too long',
      said: [C('0d0a0d0a000d0a515549540a 21 11 ffff'), ASK],
      expected: [],
    },
  ];
  for (const { name, said, expected } of strange) {
    it(`is none: ${name}`, () => expect(briefly(said)).toEqual(expected));
  }
});

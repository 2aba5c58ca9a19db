/** No password stands in the packets that an audit carries, wherever packets cut it; what else they say stays. */
import { describe, expect, it } from 'vitest';
import type { TapedPacket } from '../../src/packets/tape.ts';
import { blotPasswords, isMasked } from '../../src/survey/blot.ts';
import { packetOf, packetText } from '../../src/survey/packet-text.ts';

/** The text as packets of one lane, cut at these offsets. */
function packetsOf(text: string, cuts: readonly number[] = []): TapedPacket[] {
  const bytes = new Uint8Array(Buffer.from(text, 'latin1'));
  const edges = [0, ...cuts, bytes.length];
  return edges.slice(0, -1).map((from, i) => {
    const piece = bytes.slice(from, edges[i + 1]);
    return {
      lane: 0,
      flags: 0x18,
      sequence: (0x7fff_fff0 + from) | 0,
      acknowledgement: 7,
      payloadStart: 0,
      payloadEnd: piece.length,
      payloadBytes: piece.length,
      bytes: piece,
      timeUs: 1.7e15 + i,
      record: i + 1,
      input: 0,
    };
  });
}

function blotted(text: string, cuts: readonly number[] = [], isMidway = false): string {
  const { packets } = blotPasswords(packetsOf(text, cuts), isMidway);
  return packets.map(({ bytes }) => Buffer.from(bytes).toString('latin1')).join('');
}

const basic = (words: string): string => Buffer.from(words).toString('base64');

const cases = [
  {
    name: 'the pass of a CryptoNote login',
    said: '{"id":1,"method":"login","params":{"login":"48abc","pass":"hunter2","agent":"XMRig"}}\n',
    kept: '{"id":1,"method":"login","params":{"login":"48abc","pass":"xxxxxxx","agent":"XMRig"}}\n',
  },
  {
    name: 'a pass with escapes in it',
    said: '{"pass": "a\\"b\\\\c", "id": 1}\n',
    kept: '{"pass": "xxxxxxx", "id": 1}\n',
  },
  {
    name: 'the second parameter of mining.authorize',
    said: '{"id": 2, "method": "mining.authorize", "params": ["bc1q.w1", "hunter2"]}\n',
    kept: '{"id": 2, "method": "mining.authorize", "params": ["bc1q.w1", "xxxxxxx"]}\n',
  },
  {
    name: 'the same with the method behind',
    said: '{"params":["bc1q.w1","hunter2"],"id":2,"method":"mining.authorize"}\n',
    kept: '{"params":["bc1q.w1","xxxxxxx"],"id":2,"method":"mining.authorize"}\n',
  },
  {
    name: 'the password of eth_submitLogin, and nothing of the share behind it',
    said: '{"id":1,"method":"eth_submitLogin","params":["0xAB","hunter2"]}\n{"id":4,"method":"eth_submitWork","params":["0x1","0x2","0x3"]}\n',
    kept: '{"id":1,"method":"eth_submitLogin","params":["0xAB","xxxxxxx"]}\n{"id":4,"method":"eth_submitWork","params":["0x1","0x2","0x3"]}\n',
  },
  {
    name: 'a login that breaks off',
    said: '{"id":2,"method":"mining.authorize","params":["bc1q.w1","hunt',
    kept: '{"id":2,"method":"mining.authorize","params":["bc1q.w1","xxxx',
  },
  {
    name: 'Basic credentials, whose user stays',
    said: `POST / HTTP/1.1\r\nAuthorization: Basic ${basic('user:hunter2')}\r\n\r\n`,
    kept: `POST / HTTP/1.1\r\nAuthorization: Basic ${basic('user:xxxxxxx')}\r\n\r\n`,
  },
  {
    name: 'a token and cookies',
    said: 'GET / HTTP/1.1\r\nAuthorization: Bearer abc\r\nCookie: s=12\r\n\r\n',
    kept: 'GET / HTTP/1.1\r\nAuthorization: Bearer xxx\r\nCookie: xxxx\r\n\r\n',
  },
  {
    name: 'a password in a query',
    said: 'GET /job?user=a&password=hunter2&x=1 HTTP/1.1\r\n\r\n',
    kept: 'GET /job?user=a&password=xxxxxxx&x=1 HTTP/1.1\r\n\r\n',
  },
  {
    name: 'user and password of SOCKS 5, and not a request that looks like them',
    said: '\x05\x01\x02\x01\x04user\x07hunter2\x05\x01\x00\x01\xcb\x00\x71\x01\x0d\x05',
    kept: '\x05\x01\x02\x01\x04xxxx\x07xxxxxxx\x05\x01\x00\x01\xcb\x00\x71\x01\x0d\x05',
  },
  {
    name: 'the keys of Duino-Coin',
    said: 'LOGI,user,hunter2\nJOB,user,LOW,hunter2\n',
    kept: 'LOGI,user,xxxxxxx\nJOB,user,LOW,xxxxxxx\n',
  },
  {
    name: 'nothing of a SOCKS 5 request',
    said: '\x05\x01\x00\x01\xcb\x00\x71\x01\x0d\x05',
    kept: '\x05\x01\x00\x01\xcb\x00\x71\x01\x0d\x05',
  },
  {
    name: 'nothing of a share',
    said: '{"id":4,"method":"mining.submit","params":["bc1q.w1","job","00000001","5f3a0000","1b2c3d4e"]}\n',
    kept: '{"id":4,"method":"mining.submit","params":["bc1q.w1","job","00000001","5f3a0000","1b2c3d4e"]}\n',
  },
];

describe('of what a miner says, blotted out is', () => {
  it.each(cases)('$name', ({ said, kept }) => {
    expect(blotted(said)).toBe(kept);
  });

  it.each(cases)('$name, cut anywhere into packets', ({ said, kept }) => {
    for (let cut = 1; cut < said.length; cut++) expect(blotted(said, [cut])).toBe(kept);
    expect(blotted(said, [...said].map((_, i) => i).slice(1))).toBe(kept);
  });
});

describe('a line that is met in its middle', () => {
  const logins = [
    '{"id":1,"method":"login","params":{"login":"48abc","pass":"aPaGoss!","agent":"XMRig","algo":["rx/0"]}}\n',
    '{"id": 2, "method": "mining.authorize", "params": ["bc1q.w1", "aPaGoss!"]}\n',
    '{"params":["bc1q.w1","aPaGoss!"],"id":2,"method":"mining.authorize"}\n',
    '{"id":1,"jsonrpc":"2.0","method":"eth_submitLogin","worker":"w","params":["0xab","aPaGoss!"]}\n',
    `POST / HTTP/1.1\r\nAuthorization: Basic ${basic('user:aPaGoss!')}\r\nContent-Length: 2\r\n\r\n{}`,
  ];

  it('shows no part of a password, wherever the login was cut', () => {
    const shown: string[] = [];
    for (const login of logins) {
      for (let cut = 1; cut < login.length; cut++) {
        const rest = blotted(`${login.slice(cut)}{"id":9}\n`, [], true);
        for (let from = 0; from < 5; from++) {
          if (rest.includes('aPaGoss!'.slice(from))) shown.push(`${cut}: ${rest}`);
        }
        if (rest.includes(basic('user:aPaGoss!').slice(-8))) shown.push(`${cut}: ${rest}`);
      }
    }
    expect(shown).toEqual([]);
  });

  it('stays where it shows that it is a share, a job or an answer', () => {
    for (const rest of [
      'f1","job_id":"7","nonce":"1b2c3d4e","result":"00ff"}}\n',
      '01","5f3a0000","1b2c3d4e"],"id":4,"method":"mining.submit"}\n',
      'ull,"error":null,"result":true}\n',
      `${'ab'.repeat(80)}"]}\n`,
    ]) {
      expect(blotted(rest, [], true)).toBe(rest);
    }
  });

  it('keeps its brackets, by which the next line is found, and is counted', () => {
    const { packets, lines } = blotPasswords(packetsOf('ecret"]}\n{"id":3}\n'), true);
    expect(Buffer.from(packets[0]?.bytes ?? []).toString()).toBe('xxxxxx]}\n{"id":3}\n');
    expect(lines).toBe(1);
  });
});

describe('a lane of WebSocket', () => {
  it('is known by its opening and by its masked frames, for no password can be seen under a mask', () => {
    expect(isMasked(packetsOf('GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n'))).toBe(true);
    expect(isMasked(packetsOf('\x81\x85\x01\x02\x03\x04abcde'))).toBe(true);
    expect(isMasked(packetsOf('{"id":1,"method":"login"}\n'))).toBe(false);
    expect(isMasked(packetsOf('\x16\x03\x01\x02\x00\x01\x00'))).toBe(false);
  });
});

describe('packets whose numbers are forged', () => {
  it('are blotted out where they lie in front of the lowest', () => {
    const said = '{"id":1,"method":"login","params":{"login":"48abc","pass":"hunter2"}}\n';
    const [packet] = packetsOf(said);
    if (packet === undefined) throw new Error('no packet');
    const forged = [0, 0x5000_0000, 0xa000_0000, 0xf000_0000].map((sequence) => ({
      ...packet,
      sequence: sequence | 0,
    }));
    const { packets } = blotPasswords(forged, false);
    const texts = packets.map(({ bytes }) => Buffer.from(bytes).toString('latin1'));
    expect(texts.filter((text) => text.includes('hunter2'))).toEqual([]);
  });
});

describe('a packet as words', () => {
  it('is the same packet again', () => {
    const [packet] = packetsOf('{"id":1}\n');
    if (packet === undefined) throw new Error('no packet');
    expect(packetOf(packetText(packet), false, 0)).toEqual(packet);
    expect(packetOf(packetText(packet), true, 3)).toEqual({ ...packet, lane: 1, input: 3 });
  });

  it.each(['', '0 1 2', '0 24 1 2 3 4 5 6 7 8', '0 24 x 2 3 4 5 6 AAAA', '0 24 1 2 0 4 5 6 AAAA'])(
    'is none where the words are %j',
    (text) => expect(packetOf(text, false, 0)).toBeNull(),
  );
});

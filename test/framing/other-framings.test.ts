import { describe, expect, it } from 'vitest';
import type { Direction } from '../../src/framing/message.ts';
import { brief, briefly, bytewise, expectAlways } from '../support/brief.ts';
import { client, messagesOf, server, type Utterance } from '../support/dialogue.ts';
import { framing } from '../support/framer.ts';
import { random } from '../support/random.ts';

describe('lines of text', () => {
  const HASHES = `${'0a'.repeat(20)},${'1b'.repeat(20)}`;

  it('end with LF, CRLF or the turn of the other side', () => {
    const said = [
      server('4.3'),
      client('JOB,amira,LOW,key'),
      server(`${HASHES},500\n`),
      client('1234,180000.5,PC Miner 4.3,rig'),
      server('GOOD\r\n'),
      client('JOB,amira,LOW,key\n'),
    ];
    expectAlways(said, [
      '1 line 4.3',
      '0 line JOB,amira,LOW,key',
      `1 line ${HASHES},500`,
      '0 line 1234,180000.5,PC Miner 4.3,rig',
      '1 line GOOD',
      '0 line JOB,amira,LOW,key',
    ]);
  });

  it('are known in the middle by a job', () => {
    expect(briefly([server(`${HASHES},500\n`), client('1234,180000.5,x')])).toEqual([
      `1 line ${HASHES},500`,
      '0 line 1234,180000.5,x',
    ]);
  });

  it('end where a line begins with an object, on either side', () => {
    const calls = [
      client('{"id":1,"method":"a"}\n'),
      server('{"id":1,"result":1}\n'),
      client('  {"id":2,"method":"b"}\n'),
    ];
    const expected = ['0 call a undefined #1', '1 reply 1 #1 to a@0', '0 call b undefined #2'];
    const [call, ...others] = calls;
    for (const start of ['JOB,\n', '3.5\nhello\n', 'STATUS=S,When=0\n']) {
      for (const said of [
        [server(start), ...calls],
        [client(start), server(start), ...calls],
        [client('{'), server(start), client(''), { ...call, bytes: call.bytes.subarray(1) }, ...others],
      ]) {
        const isCall = (text: string): boolean => !text.includes(' line ');
        const numbered = (text: string): string => text.replace(/@\d+/, '@0');
        expect(briefly(said).filter(isCall).map(numbered)).toEqual(expected);
        expect(messagesOf(said, bytewise).map(brief).filter(isCall).map(numbered)).toEqual(expected);
      }
    }
  });

  it('are no numbers, no digests and no long lines', () => {
    const strange = [
      '4.3 ready',
      '3.14159',
      `${'0a'.repeat(20)}  file.txt`,
      `JOB,${'x'.repeat(600)}`,
      'JOBS,1\n',
    ];
    for (const start of strange) expect(briefly([client(`${start}\n`)])).toEqual([]);
  });
});

describe('messages of Alephium’s node', () => {
  const answer = Buffer.from('0000000a01000000000000000201', 'hex');
  const block = Buffer.concat([Buffer.from('0000010500' + '00000100', 'hex'), Buffer.alloc(256, 7)]);

  it('are read by their size, however they are cut', () => {
    const said = [client(block), server(answer), client(Buffer.concat([block, block])), server(answer)];
    expectAlways(said, [
      '0 sized frame 0 of 260',
      '1 sized frame 1 of 9',
      '0 sized frame 0 of 260',
      '0 sized frame 0 of 260',
      '1 sized frame 1 of 9',
    ]);
  });

  it.each([
    ['another type', '0000000a02000000000000000201'],
    ['a group beyond the sixteen', '0000000a01000000100000000201'],
    ['an answer that is neither yes nor no', '0000000a01000000000000000202'],
    ['a block that does not fill its message', `000001050000000080${'07'.repeat(252)}`],
    ['jobs of chains that are none', `00000105000000000200000040${'07'.repeat(248)}`],
    ['a size of gigabytes', `00ffffff0000fffffa${'07'.repeat(64)}`],
  ])('are none with %s', (_, hex) => {
    expect(briefly([server(Buffer.from(hex, 'hex'))])).toEqual([]);
  });
});

describe('frames of Stratum V2', () => {
  const hex = (text: string): Uint8Array => Buffer.from(text.replace(/ /g, ''), 'hex');
  // The test vector of docs/reference/protocols.md 2.2: 54 bytes, 48 of payload.
  const SETUP =
    '00020002000400 00000c706f6f6c2e6578616d706c65080d0c4d696e6573776565704c616202763106 66772d302e3100'.replace(
      / /g,
      '',
    );

  it('are read from the vector of the reference, however they are cut', () => {
    const said = [
      client(hex(`000000300000${SETUP}`)),
      server(hex('000001060000 0200 00000000')),
      client(hex(`00801a180000 ${'01000000'.repeat(6)}`)),
    ];
    expectAlways(said, [
      `0 frame 0/0 ${SETUP}`,
      '1 frame 0/1 020000000000',
      `0 frame 0/26 of a channel ${'01000000'.repeat(6)}`,
    ]);
  });

  it('end where sizes or types are not those of the protocol', () => {
    const share = `00801a180000 ${'00'.repeat(24)}`;
    for (const wrong of [`00801a190000 ${'00'.repeat(25)}`, '0000ff010000 00', '000015ffffff']) {
      expect(briefly([client(hex(share)), client(hex(wrong)), client(hex(share))])).toEqual([
        `0 frame 0/26 of a channel ${'00'.repeat(24)}`,
      ]);
    }
  });

  it('are found again behind bytes that were lost', () => {
    const share = hex(`00801a180000 ${'01'.repeat(24)}`);
    const { framer, messages } = framing();
    const push = (bytes: Uint8Array): void => framer.says(0, bytes);
    push(share.subarray(0, 12));
    framer.gap(0, 100);
    push(Uint8Array.from({ length: 20 }, () => 0xee));
    push(share);
    expect(messages.map(brief)).toEqual([`0 frame 0/26 of a channel ${'01'.repeat(24)}`]);
  });

  it('are not seen in what else begins with zeros', () => {
    const strange = [
      '00000085ff534d4272', // SMB over TCP
      '0000001d000300000001', // Kafka
      '0000000804d2162f', // PostgreSQL, SSLRequest
      '0000005400030000', // PostgreSQL, startup
      '00000000000000000000', // nothing
      '000000300000 03 0200 0200', // a protocol that is not known
      '000000300000 00 0100 0200', // a version that is not known
      '000070040000 00000000', // template distribution met in the middle
    ];
    for (const start of strange) expect(briefly([client(hex(start.replace(/ /g, '')))])).toEqual([]);
  });
});

describe('the handshake of an opaque channel', () => {
  const draw = random(7);
  const noise = (size: number): Uint8Array => Uint8Array.from({ length: size }, () => draw.below(256));
  const flow = (...sizes: readonly (readonly [Direction, number])[]): Utterance[] =>
    sizes.map(([direction, size]) => (direction === 0 ? client : server)(noise(size)));
  const OPENING = [
    [0, 64],
    [1, 234],
    [0, 118],
    [1, 44],
  ] as const;
  const OPENED = [
    '0 opaque 64 at 0 in 1',
    '1 opaque 234 at 0 in 2',
    '0 opaque 118 at 64 in 3',
    '1 opaque 44 at 234 in 4',
  ];

  it('is told by the sizes of its four flights, and what follows by size', () => {
    const said = flow(...OPENING, [0, 91], [1, 95], [1, 169], [0, 62], [1, 58]);
    expectAlways(said, [
      ...OPENED,
      '0 opaque 91 at 182 in 5',
      '1 opaque 95 at 278 in 6',
      '1 opaque 169 at 373 in 7',
      '0 opaque 62 at 273 in 8',
      '1 opaque 58 at 542 in 9',
    ]);
  });

  it('is told of a flow that ends with it', () => expect(briefly(flow(...OPENING))).toEqual(OPENED));

  const wrong: { name: string; said: Utterance[] }[] = [
    { name: 'a first act of 65 bytes', said: flow([0, 65], [1, 234], [0, 118], [1, 44]) },
    { name: 'a first act of 63 bytes', said: flow([0, 63], [1, 234], [0, 118], [1, 44]) },
    { name: 'a second act of 235 bytes', said: flow([0, 64], [1, 235], [0, 118], [1, 44]) },
    { name: 'a second act of 170 bytes', said: flow([0, 64], [1, 170], [0, 118], [1, 44]) },
    { name: 'another answer', said: flow([0, 64], [1, 234], [0, 118], [1, 45]) },
    { name: 'a first message that is too short', said: flow([0, 64], [1, 234], [0, 53], [1, 44]) },
    { name: 'the responder first', said: flow([1, 64], [0, 234], [1, 118], [0, 44]) },
    {
      name: 'text of those sizes',
      said: [
        client('a'.repeat(64)),
        server('b'.repeat(234)),
        client('c'.repeat(118)),
        server('d'.repeat(44)),
      ],
    },
    {
      name: 'base64 of those sizes',
      said: OPENING.map(([direction, size]) =>
        (direction === 0 ? client : server)(Buffer.from(noise(size)).toString('base64').slice(0, size)),
      ),
    },
  ];
  for (const { name, said } of wrong) it(`is not ${name}`, () => expect(briefly(said)).toEqual([]));

  it('makes a flow foreign as soon as a size is wrong', () => {
    const states: string[] = [];
    const { framer, messages } = framing();
    for (const { direction, bytes } of flow([0, 64], [1, 234], [0, 2000])) {
      framer.says(direction, bytes);
      states.push(framer.state);
    }
    expect(states).toEqual(['undecided', 'undecided', 'foreign']);
    expect(messages).toEqual([]);
  });
});

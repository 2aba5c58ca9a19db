import { describe, expect, it } from 'vitest';
import { brief, briefly } from '../support/brief.ts';
import { client, messagesOf, server, type Utterance } from '../support/dialogue.ts';
import { framerFor, framing } from '../support/framer.ts';
import { browser, deflater, frame, opening, site } from '../support/websocket.ts';

const OPENED = ['0 visit [GET /proxy 0]', '1 visit [GET /proxy 101]'];
const VIA = '[GET /proxy 101]';
const LONG = JSON.stringify({ method: 'a', params: ['x'.repeat(300_000)] });
const MIDDLE = JSON.stringify({ a: 'y'.repeat(300) });

describe('a WebSocket', () => {
  it('reads the masked vector of the reference', () => {
    // {"type":"auth"} under the mask 37fa213d (docs/reference/protocols.md 1.1).
    const bytes = Buffer.from('818f37fa213d4cd85544479f0307159b54495fd85c', 'hex');
    expect(briefly([...opening(), client(bytes)])).toEqual([...OPENED, `0 datum {"type":"auth"} ${VIA}`]);
  });

  const cases: { name: string; said: Utterance[]; expected: string[] }[] = [
    {
      name: 'pairs calls and replies as on a plain stream',
      said: [
        browser('{"id":1,"method":"a"}'),
        browser('{"id":1,"method":"b"}'),
        site('{"id":1,"result":true}'),
        site('{"id":1,"result":false}'),
      ],
      expected: [
        `0 call a undefined #1 ${VIA}`,
        `0 call b undefined #1 ${VIA}`,
        `1 reply true #1 to a@3 ${VIA}`,
        `1 reply false #1 to b@4 ${VIA}`,
      ],
    },
    {
      name: 'puts fragments together, with control frames between them',
      said: [
        browser('{"id":', { final: false }),
        browser('', { opcode: 9 }),
        browser('1,"meth', { opcode: 0, final: false }),
        site('', { opcode: 10 }),
        browser('od":"a"}', { opcode: 0 }),
      ],
      expected: [`0 call a undefined #1 ${VIA}`],
    },
    {
      name: 'reads lengths of 2 and 8 bytes, and only as much as a message may have',
      said: [site(MIDDLE), site(LONG), site('{"b":1}')],
      expected: [
        `1 datum ${MIDDLE} ${VIA}`,
        `1 call a undefined #undefined ${VIA} cut`,
        `1 datum {"b":1} ${VIA}`,
      ],
    },
    {
      name: 'reads batches, lines, binary messages and events',
      said: [
        site('[{"a":1},{"a":2}]'),
        site('{"a":3}\n{"a":4}\n', { opcode: 2 }),
        site('42["job",{"job_id":"1"}]'),
        site('3probe'),
        site('[]'),
        site('7'),
      ],
      expected: [
        `1 datum {"a":1} ${VIA}`,
        `1 datum {"a":2} ${VIA}`,
        `1 datum {"a":3} ${VIA}`,
        `1 datum {"a":4} ${VIA}`,
        `1 datum {"0":"job","1":{"job_id":"1"}} ${VIA}`,
      ],
    },
    {
      name: 'ends at a close frame and at what the protocol forbids',
      said: [
        browser('{"a":1}'),
        browser('\u0003\u00e8', { opcode: 8 }),
        browser('{"a":2}'),
        site('{"a":3}'),
        site('{"a":4}', { opcode: 3 }),
        site('{"a":5}'),
      ],
      expected: [`0 datum {"a":1} ${VIA}`, `1 datum {"a":3} ${VIA}`],
    },
  ];
  for (const { name, said, expected } of cases) {
    it(name, () => expect(briefly([...opening(), ...said])).toEqual([...OPENED, ...expected]));
  }

  it('gives the same messages however its segments are cut', () => {
    const pack = deflater();
    const said = [
      ...opening(),
      browser('{"id":1,"method":"login","params":{"a":"b"}}'),
      site(pack('{"id":1,"result":{"job":"00112233"}}'), { deflated: true }),
      site(MIDDLE),
    ];
    const whole = briefly(said);
    expect(whole).toHaveLength(5);
    for (const size of [1, 2, 3, 7, 50]) {
      const pieces = messagesOf(said, (bytes) =>
        Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
          bytes.subarray(index * size, (index + 1) * size),
        ),
      );
      expect(pieces.map(brief)).toEqual(whole);
    }
  });

  it('inflates messages that refer to those before them', () => {
    const pack = deflater();
    const texts = [
      '{"method":"job","params":["0123456789abcdef"]}',
      '{"method":"job","params":["0123456789abcdee"]}',
    ];
    const [first, second] = texts.map(pack);
    expect(second.length).toBeLessThan(first.length);
    const said = [first, second].map((payload) => site(payload, { deflated: true }));
    expect(briefly([...opening(), ...said])).toEqual([
      ...OPENED,
      `1 call job ["0123456789abcdef"] #undefined ${VIA}`,
      `1 call job ["0123456789abcdee"] #undefined ${VIA}`,
    ]);
    // Without the first one the second cannot be read, and is not guessed.
    expect(briefly([...opening(), site(second, { deflated: true }), site('{"a":1}')])).toEqual([
      ...OPENED,
      `1 datum {"a":1} ${VIA}`,
    ]);
  });

  it('bounds what a message inflates to', () => {
    const bomb = deflater()(`{"a":"${'0'.repeat(10_000_000)}"}`);
    expect(bomb.length).toBeLessThan(64 * 1024);
    expect(briefly([...opening(), site(bomb, { deflated: true }), site('{"b":1}')])).toEqual([
      ...OPENED,
      `1 datum {"b":1} ${VIA}`,
    ]);
  });

  it('is known where its opening was not captured', () => {
    const said = [
      site('{"method":"job"}'),
      browser('{"id":5,"method":"submit"}'),
      site('{"id":5,"result":true}'),
    ];
    expect(briefly(said)).toEqual([
      '1 call job undefined #undefined [  101]',
      '0 call submit undefined #5 [  101]',
      '1 reply true #5 to submit@2 [  101]',
    ]);
  });

  const SUBMIT = '{"id":5,"method":"submit"}';
  const REST = ['0 call submit undefined #5 [  101]', '1 reply true #5 to submit@ [  101]'];
  const CUT_FRAME = frame(SUBMIT, { masked: true }).subarray(9);
  it.each([
    ['a ping of the server', [site('', { opcode: 9 })], []],
    ['a ping and its pong', [site('abc', { opcode: 9 }), browser('abc', { opcode: 10 })], []],
    ['the rest of a frame', [client(CUT_FRAME), site('{"a":1}')], ['1 datum {"a":1} [  101]']],
    ['the rest of a frame, answered', [site('{"a":1}'), client(CUT_FRAME)], ['1 datum {"a":1} [  101]']],
    [
      'the first part of a message',
      [site('{"a":', { final: false }), site('1}', { opcode: 0 })],
      ['1 datum {"a":1} [  101]'],
    ],
  ])('is known if it was met at %s', (_, met, first) => {
    const said = [...met, browser(SUBMIT), site('{"id":5,"result":true}')];
    const told = briefly(said).map((line) => line.replace(/@\d+/, '@'));
    expect(told).toEqual([...first, ...REST]);
  });

  it('is read where only the browser was captured', () => {
    const [asked] = opening();
    expect(briefly([asked, browser('{"a":1}')])).toEqual([
      '0 visit [GET /proxy 0]',
      `0 datum {"a":1} ${VIA}`,
    ]);
  });

  it('goes on behind bytes that were lost', () => {
    const { framer, messages } = framing();
    const push = (direction: 0 | 1, bytes: Uint8Array): void => framer.says(direction, bytes);
    for (const { direction, bytes } of opening()) push(direction, bytes);
    const long = frame(`{"id":7,"method":"x","params":"${'z'.repeat(200)}"}`);
    push(1, long.subarray(0, 60));
    framer.gap(1, 100); // inside the frame
    push(1, long.subarray(160));
    framer.gap(1, 0); // nobody knows how much
    push(1, frame('{"b":2}'));
    framer.end();
    expect(messages.map(brief)).toEqual([
      ...OPENED,
      `1 call x undefined #7 ${VIA} cut`,
      `1 datum {"b":2} ${VIA}`,
    ]);
  });

  it('gives up on what is never JSON', () => {
    const framer = framerFor({ message: () => {} });
    const push = (direction: 0 | 1, bytes: Uint8Array): void => framer.says(direction, bytes);
    for (const { direction, bytes } of opening()) push(direction, bytes);
    const says = (times: number): void => {
      for (let i = 0; i < times; i++) {
        push(0, frame('ping'.repeat(2500), { masked: true }));
        push(1, frame('pong'.repeat(2500)));
      }
    };
    says(100);
    expect(framer.state).toBe('websocket');
    says(5);
    expect([framer.state, framer.isGivenUp]).toEqual(['foreign', true]);
  });

  it('is not taken for a server that begins with the byte of a frame', () => {
    expect(briefly([server(Buffer.from('8105hello')), server('\u0081\u0002ab')])).toEqual([]);
    // An object of 261 bytes behind its length: 01 05.
    const object = `{"a":"${'b'.repeat(253)}"}`;
    const sized = Buffer.concat([Uint8Array.of(1, 5), Buffer.from(object)]);
    expect(object.length).toBe(261);
    expect(briefly([server(sized)]).filter((line) => line.includes('101'))).toEqual([]);
  });
});

/** What speaks against the packets of a stream, and what only looks so. */
import { describe, expect, it } from 'vitest';
import type { Doubt } from '../../src/packets/doubts.ts';
import { StreamCounters, type StreamPacket, TcpStream } from '../../src/packets/stream.ts';
import { WaitingRoom } from '../../src/packets/waiting-room.ts';

const ACK = 0x10;
const RST = 0x04;

interface Sent {
  readonly lane: 0 | 1;
  readonly sequence: number;
  readonly text?: string;
  readonly acknowledgement?: number;
  readonly flags?: number;
}

function doubtsOf(sent: readonly Sent[]): Partial<Record<Doubt, number>> {
  const doubts: Partial<Record<Doubt, number>> = {};
  const stream = new TcpStream(
    {
      payload: () => {},
      gap: () => {},
      doubt: (doubt, _, __, count) => {
        doubts[doubt] = (doubts[doubt] ?? 0) + count;
      },
    },
    new StreamCounters(),
    new WaitingRoom(),
  );
  sent.forEach(({ lane, sequence, text = '', acknowledgement = 0, flags = ACK }, at) => {
    const bytes = Buffer.from(text);
    const packet: StreamPacket = {
      ...{ flags, sequence, acknowledgement, bytes, payloadStart: 0 },
      ...{ payloadEnd: bytes.length, payloadBytes: bytes.length },
    };
    stream.accept(lane, packet, { timeUs: at * 1000, record: at + 1, input: 0 });
  });
  stream.end();
  return doubts;
}

const LINE = '{"id":1,"method":"login"}\n'; // 26 bytes

it('a few other bytes before each message, or many before the first, hide none of them', () => {
  for (const { junk, ahead } of [
    { junk: 'zzzz', ahead: 0 },
    { junk: 'y'.repeat(80), ahead: 0 },
    { junk: 'zzzzyyyyyyyyyyyy', ahead: 4 },
  ]) {
    const heard: string[] = [];
    const take = (_: 0 | 1, bytes: Uint8Array, from: number, to: number): void => {
      heard.push(Buffer.from(bytes.subarray(from, to)).toString());
    };
    const stream = new TcpStream(
      { payload: take, conflict: take, gap: () => {}, doubt: () => {} },
      new StreamCounters(),
      new WaitingRoom(),
    );
    let record = 0;
    const send = (text: string, sequence: number): void => {
      const bytes = Buffer.from(text);
      const ends = { payloadStart: 0, payloadEnd: bytes.length, payloadBytes: bytes.length };
      const packet = { flags: ACK, sequence, acknowledgement: 7, bytes, ...ends };
      stream.accept(0, packet, { timeUs: ++record * 1000, record, input: 0 });
    };
    const lines = [0, 1, 2].map((n) => LINE.replace('1', String(n)));
    for (const [n, line] of lines.entries()) {
      if (n === 0 ? ahead === 0 : junk.length < LINE.length) send(junk, 100 + n * LINE.length - ahead);
      send(line, 100 + n * LINE.length);
      // Sent again, it is not heard again.
      send(line, 100 + n * LINE.length);
    }
    expect(heard.filter((text) => text.startsWith('{'))).toEqual(lines);
  }
});

describe('what speaks against a stream', () => {
  for (const { name, sent, expected } of [
    {
      name: 'three segments of a side whose other end no packet shows, with one acknowledgement',
      sent: [0, 1, 2].map((n) => ({
        lane: 0 as const,
        sequence: 100 + 26 * n,
        text: LINE,
        acknowledgement: 7,
      })),
      expected: { stall: 1 },
    },
    {
      name: 'not a side that answers what a capture from the middle began with, and then goes on alone',
      sent: [
        { lane: 1 as const, sequence: 500, text: LINE, acknowledgement: 100 },
        ...[0, 1, 2, 3].map((n) => ({
          ...{ lane: 0 as const, sequence: 100 + 26 * n, text: LINE },
          acknowledgement: 526,
        })),
      ],
      expected: { stall: 0 },
    },
    {
      name: 'a side that acknowledges none of what it is sent',
      sent: [
        { lane: 1 as const, sequence: 500, text: LINE, acknowledgement: 100 },
        ...[0, 1, 2, 3].map((n) => ({
          ...{ lane: 0 as const, sequence: 100 + 26 * n, text: LINE },
          acknowledgement: 9000,
        })),
      ],
      expected: { stall: 1 },
    },
    {
      name: 'not an acknowledgement that moves in the end',
      sent: [0, 1, 2, 3].map((n) => ({
        ...{ lane: 0 as const, sequence: 100 + 26 * n, text: LINE },
        acknowledgement: n === 3 ? 50 : 7,
      })),
      expected: { stall: 0 },
    },
    {
      name: 'not a side that sends to one that acknowledges and has nothing to say',
      sent: [0, 1, 2].flatMap((n) => [
        { lane: 1 as const, sequence: 500 + 26 * n, text: LINE, acknowledgement: 100 },
        { lane: 0 as const, sequence: 100, acknowledgement: 526 + 26 * n },
      ]),
      expected: { stall: 0 },
    },
    {
      name: 'other data where data was',
      sent: [
        { lane: 0 as const, sequence: 100, text: LINE },
        { lane: 0 as const, sequence: 126, text: LINE },
        { lane: 0 as const, sequence: 100, text: 'how are you today my friend\n' },
      ],
      expected: { conflict: 1 },
    },
    {
      name: 'not the same data again, in segments of another length',
      sent: [
        { lane: 0 as const, sequence: 100, text: LINE },
        { lane: 0 as const, sequence: 126, text: LINE },
        { lane: 0 as const, sequence: 100, text: LINE + LINE },
        { lane: 0 as const, sequence: 100, text: LINE.slice(0, 20) },
      ],
      expected: {},
    },
    {
      name: 'not the probe of a keep-alive',
      sent: [
        { lane: 0 as const, sequence: 100, text: 'a' },
        { lane: 0 as const, sequence: 100, text: '\0' },
      ],
      expected: {},
    },
    {
      name: 'a host that resets and sends on',
      sent: [
        { lane: 0 as const, sequence: 100, text: LINE },
        { lane: 0 as const, sequence: 126, flags: RST },
        { lane: 0 as const, sequence: 126, flags: RST },
        { lane: 0 as const, sequence: 126, text: LINE },
      ],
      expected: { reset: 2 },
    },
    {
      name: 'not resets of a host that is gone, nor such as no receiver takes',
      sent: [
        { lane: 0 as const, sequence: 100, text: LINE },
        { lane: 0 as const, sequence: 9999, flags: RST },
        { lane: 0 as const, sequence: 126, text: LINE },
        { lane: 0 as const, sequence: 152, flags: RST },
        { lane: 1 as const, sequence: 500, text: LINE, acknowledgement: 152 },
        { lane: 0 as const, sequence: 152, flags: RST },
      ],
      expected: {},
    },
  ]) {
    it(`is ${name}`, () => expect({ stall: 0, ...doubtsOf(sent) }).toEqual({ stall: 0, ...expected }));
  }
});

/** What speaks against the packets of a stream, and what only looks so. */
import { describe, expect, it } from 'vitest';
import { ACK, RST } from '../support/packet-builder.ts';
import { hearStreams, type Sent } from '../support/stream-hearing.ts';

const LINE = '{"id":1,"method":"login"}\n'; // 26 bytes

it('a few other bytes before each message, or many before the first, hide none of them', async () => {
  for (const { junk, ahead } of [
    { junk: 'zzzz', ahead: 0 },
    { junk: 'y'.repeat(80), ahead: 0 },
    { junk: 'zzzzyyyyyyyyyyyy', ahead: 4 },
  ]) {
    const sent: Sent[] = [];
    const send = (text: string, sequence: number): void => {
      sent.push({ direction: 0, flags: ACK, ack: 7, sequence, text });
    };
    const lines = [0, 1, 2].map((n) => LINE.replace('1', String(n)));
    for (const [n, line] of lines.entries()) {
      if (n === 0 ? ahead === 0 : junk.length < LINE.length) send(junk, 100 + n * LINE.length - ahead);
      send(line, 100 + n * LINE.length);
      // Sent again, it is not observed again.
      send(line, 100 + n * LINE.length);
    }
    const { observed } = await hearStreams(sent);
    expect(observed.filter((text) => text[2] === '{').map((text) => text.slice(2))).toEqual(lines);
  }
});

describe('what speaks against a stream', () => {
  for (const { name, sent, expected } of [
    {
      name: 'three segments of a side whose other end no packet shows, with one acknowledgement',
      sent: [0, 1, 2].map((n) => ({
        direction: 0 as const,
        sequence: 100 + 26 * n,
        text: LINE,
        ack: 7,
      })),
      expected: { stall: 1 },
    },
    {
      name: 'not a side that answers what a capture from the middle began with, and then goes on alone',
      sent: [
        { direction: 1 as const, sequence: 500, text: LINE, ack: 100 },
        ...[0, 1, 2, 3].map((n) => ({
          ...{ direction: 0 as const, sequence: 100 + 26 * n, text: LINE },
          ack: 526,
        })),
      ],
      expected: { stall: 0 },
    },
    {
      name: 'a side that acknowledges none of what it is sent',
      sent: [
        { direction: 1 as const, sequence: 500, text: LINE, ack: 100 },
        ...[0, 1, 2, 3].map((n) => ({
          ...{ direction: 0 as const, sequence: 100 + 26 * n, text: LINE },
          ack: 9000,
        })),
      ],
      expected: { stall: 1 },
    },
    {
      name: 'not an acknowledgement that moves in the end',
      sent: [0, 1, 2, 3].map((n) => ({
        ...{ direction: 0 as const, sequence: 100 + 26 * n, text: LINE },
        ack: n === 3 ? 50 : 7,
      })),
      expected: { stall: 0 },
    },
    {
      name: 'not a side that sends to one that acknowledges and has nothing to say',
      sent: [0, 1, 2].flatMap((n) => [
        { direction: 1 as const, sequence: 500 + 26 * n, text: LINE, ack: 100 },
        { direction: 0 as const, sequence: 100, ack: 526 + 26 * n },
      ]),
      expected: { stall: 0 },
    },
    {
      name: 'other data where data was',
      sent: [
        { direction: 0 as const, sequence: 100, text: LINE },
        { direction: 0 as const, sequence: 126, text: LINE },
        { direction: 0 as const, sequence: 100, text: 'how are you today my friend\n' },
      ],
      expected: { conflict: 1 },
    },
    {
      name: 'not the same data again, in segments of another length',
      sent: [
        { direction: 0 as const, sequence: 100, text: LINE },
        { direction: 0 as const, sequence: 126, text: LINE },
        { direction: 0 as const, sequence: 100, text: LINE + LINE },
        { direction: 0 as const, sequence: 100, text: LINE.slice(0, 20) },
      ],
      expected: {},
    },
    {
      name: 'not the probe of a keep-alive',
      sent: [
        { direction: 0 as const, sequence: 100, text: 'a' },
        { direction: 0 as const, sequence: 100, text: '\0' },
      ],
      expected: {},
    },
    {
      name: 'a host that resets and sends on',
      sent: [
        { direction: 0 as const, sequence: 100, text: LINE },
        { direction: 0 as const, sequence: 126, flags: RST },
        { direction: 0 as const, sequence: 126, flags: RST },
        { direction: 0 as const, sequence: 126, text: LINE },
      ],
      expected: { reset: 2 },
    },
    {
      name: 'not resets of a host that is gone, nor such as no receiver takes',
      sent: [
        { direction: 0 as const, sequence: 100, text: LINE },
        { direction: 0 as const, sequence: 9999, flags: RST },
        { direction: 0 as const, sequence: 126, text: LINE },
        { direction: 0 as const, sequence: 152, flags: RST },
        { direction: 1 as const, sequence: 500, text: LINE, ack: 152 },
        { direction: 0 as const, sequence: 152, flags: RST },
      ],
      expected: {},
    },
  ]) {
    it(`is ${name}`, async () => {
      const { doubts } = await hearStreams(sent.map((one) => ({ flags: ACK, ...one })));
      expect({ stall: 0, ...doubts }).toEqual({ stall: 0, ...expected });
    });
  }
});

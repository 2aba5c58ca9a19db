/** Where a connection between two ends is over and another one begins, and what only looks so. */
import { describe, expect, it } from 'vitest';
import { ACK, FIN, RST, SYN } from '../support/packet-builder.ts';
import { hearStreams, type Sent } from '../support/stream-hearing.ts';

/** A connection that a capture meets in its middle. */
const MET: readonly Sent[] = [
  { direction: 0, sequence: 1000, ack: 500, text: 'ab', at: 0 },
  { direction: 1, sequence: 500, ack: 1002, text: 'cd', at: 1 },
];
/** It goes on. */
const ON: readonly Sent[] = [
  { direction: 0, sequence: 1002, ack: 502, text: 'ef', at: 20 },
  { direction: 1, sequence: 502, ack: 1004, text: 'gh', at: 21 },
];

/** Another one is opened with this number at this second. */
const opened = (sequence: number, at: number): Sent[] => [
  { direction: 0, sequence, flags: SYN, at },
  { direction: 1, sequence: 70_000_000, ack: sequence + 1, flags: SYN | ACK, at: at + 0.1 },
  { direction: 0, sequence: sequence + 1, ack: 70_000_001, text: 'new', at: at + 0.2 },
];

describe('a SYN in a connection that was met in its middle', () => {
  for (const { name, sent, connections, observed } of [
    {
      name: 'opens another one if the other end answers',
      sent: opened(900_000_000, 10),
      connections: 2,
      observed: ['0:ab', '1:cd', '0:new'],
    },
    {
      name: 'opens another one if the answer was not captured, and the other end goes on from it',
      sent: [
        { direction: 0, sequence: 900_000_000, flags: SYN, at: 10 },
        { direction: 1, sequence: 70_000_001, ack: 900_000_001, text: 'new', at: 10.2 },
      ],
      connections: 2,
      observed: ['0:ab', '1:cd', '1:new'],
    },
    {
      name: 'opens another one if its number is near to that of the old one, as of a stack with a fixed start',
      sent: opened(1003, 1000),
      connections: 2,
      observed: ['0:ab', '1:cd', '0:new'],
    },
    {
      name: 'changes nothing if nobody answers',
      sent: [{ direction: 0, sequence: 900_000_000, flags: SYN, at: 10 }, ...ON],
      connections: 1,
      observed: ['0:ab', '1:cd', '0:ef', '1:gh'],
    },
    {
      name: 'changes nothing if its number lies where the connection goes on',
      sent: [{ direction: 0, sequence: 1001, flags: SYN, at: 10 }, ...ON],
      connections: 1,
      observed: ['0:ab', '1:cd', '0:ef', '1:gh'],
    },
    {
      name: 'changes nothing if its number lies where the connection comes to later',
      sent: [
        { direction: 0, sequence: 71_001, flags: SYN, at: 10 },
        { direction: 0, sequence: 1002, ack: 502, text: 'x'.repeat(40_000), at: 20 },
        { direction: 0, sequence: 41_002, ack: 502, text: 'y'.repeat(30_000), at: 21 },
        { direction: 1, sequence: 502, ack: 71_002, text: 'gh', at: 22 },
      ],
      connections: 1,
      observed: ['0:ab', '1:cd', `0:${'x'.repeat(40_000)}`, `0:${'y'.repeat(30_000)}`, '1:gh'],
    },
    {
      name: 'is the one that opened it if it comes so early that it is out of order',
      sent: [{ direction: 0, sequence: 999, flags: SYN, at: 2 }, ...ON],
      connections: 1,
      observed: ['0:ab', '1:cd', '0:ef', '1:gh'],
    },
  ] satisfies { name: string; sent: Sent[]; connections: number; observed: string[] }[]) {
    it(name, async () => {
      const listening = await hearStreams([...MET, ...sent]);
      expect(listening.observed).toEqual(observed);
      expect(listening.count).toBe(connections);
    });
  }
});

describe('a FIN or RST in a connection that mines', () => {
  /** Of the client, after 12 seconds. */
  const end = (flags: number, sequence = 1002): Sent => ({ direction: 0, sequence, ack: 502, flags, at: 12 });
  const later = (seconds: number): Sent[] => ON.map((one) => ({ ...one, at: (one.at ?? 0) + seconds }));
  const ALL = ['0:ab', '1:cd', '0:ef', '1:gh'];
  const BOTH = [
    end(FIN | ACK),
    { direction: 1, sequence: 502, ack: 1003, flags: FIN | ACK, at: 12.1 },
  ] as const;
  const OTHER: Sent = { direction: 0, sequence: 900_000_000, flags: SYN, at: 400 };
  for (const { name, sent, connections, observed } of [
    { name: 'does not end it if it goes on', sent: [end(RST), ...ON], connections: 1, observed: ALL },
    {
      name: 'does not end it if it goes on after minutes',
      sent: [end(RST), ...later(270)],
      connections: 1,
      observed: ALL,
    },
    {
      name: 'does not end it if its number is another and the connection goes on where it was',
      sent: [end(RST, 1779), ...later(270)],
      connections: 1,
      observed: ALL,
    },
    {
      name: 'hides no byte if both ends go on where their FINs were',
      sent: [...BOTH, ...later(270)],
      connections: 1,
      observed: ALL,
    },
    {
      name: 'is no longer an end once it has gone on: a SYN without an answer changes nothing',
      sent: [end(RST), ...ON, OTHER, { direction: 0, sequence: 1004, ack: 504, text: 'ij', at: 410 }],
      connections: 1,
      observed: [...ALL, '0:ij'],
    },
    {
      name: 'ends it if what follows is an answer that was under way: a SYN opens another one',
      sent: [
        end(RST),
        { direction: 1, sequence: 502, ack: 1002, text: 'gh', at: 12.2 },
        { direction: 1, sequence: 504, ack: 1002, text: 'ij', at: 20 },
        { ...OTHER, at: 30 },
        { direction: 0, sequence: 900_000_001, text: 'new', at: 31 },
      ],
      connections: 2,
      observed: ['0:ab', '1:cd', '1:gh', '1:ij', '0:new'],
    },
    {
      name: 'ends it if the bytes behind it are out of order: a SYN opens another one',
      sent: [
        end(RST, 1004),
        { direction: 0, sequence: 1002, ack: 502, text: 'ef', at: 14 },
        { ...OTHER, at: 20 },
        { direction: 0, sequence: 900_000_001, text: 'new', at: 21 },
      ],
      connections: 2,
      observed: ['0:ab', '1:cd', '0:ef', '0:new'],
    },
    {
      name: 'ends it if nothing comes for five minutes',
      sent: [end(RST), ...later(400)],
      connections: 1,
      observed: ['0:ab', '1:cd'],
    },
    {
      name: 'ends it soon if it has lasted no longer than a request and its answer',
      sent: [{ ...end(RST), at: 5 }, ...later(10)],
      connections: 1,
      observed: ['0:ab', '1:cd'],
    },
    {
      name: 'of which the probe byte of a keep-alive has the number stays an end',
      sent: [
        ...BOTH,
        { direction: 0, sequence: 1002, ack: 503, text: '\0', at: 20 },
        { ...OTHER, at: 30 },
        { direction: 0, sequence: 900_000_001, text: 'new', at: 31 },
      ],
      connections: 2,
      observed: ['0:ab', '1:cd', '0:new'],
    },
  ] satisfies { name: string; sent: Sent[]; connections: number; observed: string[] }[]) {
    it(name, async () => {
      const listening = await hearStreams([...MET, ...sent], {}, () => 'mining');
      expect(listening.observed).toEqual(observed);
      expect(listening.count).toBe(connections);
    });
  }
});

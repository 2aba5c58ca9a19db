import { describe, expect, it } from 'vitest';
import { ACK, FIN, SYN } from '../support/packet-builder.ts';
import { hearStreams, type Sent } from '../support/stream-hearing.ts';

describe('a TCP stream', () => {
  const cases: readonly { name: string; sent: readonly Sent[]; observed: readonly string[] }[] = [
    {
      name: 'delivers segments in order',
      sent: [
        { direction: 0, sequence: 100, flags: SYN },
        { direction: 0, sequence: 101, text: 'ab' },
        { direction: 0, sequence: 103, text: 'cd' },
      ],
      observed: ['0:ab', '0:cd'],
    },
    {
      name: 'puts swapped segments in order where the handshake was seen',
      sent: [
        { direction: 0, sequence: 100, flags: SYN },
        { direction: 0, sequence: 103, text: 'cd' },
        { direction: 0, sequence: 101, text: 'ab' },
      ],
      observed: ['0:ab', '0:cd'],
    },
    {
      name: 'drops retransmissions and the old part of overlaps: the first copy wins, others are told apart',
      sent: [
        { direction: 0, sequence: 1, text: 'abc' },
        { direction: 0, sequence: 1, text: 'XYZ' },
        { direction: 0, sequence: 3, text: 'Cde' },
      ],
      observed: ['0:abc', '0!0', '0:XYZ', '0:de'],
    },
    {
      name: 'goes on over the wrap of the sequence number',
      sent: [
        { direction: 1, sequence: 0xfffffffe, text: 'ab' },
        { direction: 1, sequence: 0x00000002, text: 'ef' },
        { direction: 1, sequence: 0x00000000, text: 'cd' },
      ],
      observed: ['1:ab', '1:cd', '1:ef'],
    },
    {
      name: 'holds an answer back until the request that it acknowledges was delivered',
      sent: [
        { direction: 0, sequence: 10, text: 'first' },
        { direction: 1, sequence: 50, text: 'hello', ack: 15 },
        { direction: 1, sequence: 55, text: 'answer', ack: 22 },
        { direction: 0, sequence: 15, text: 'request', ack: 55 },
      ],
      observed: ['0:first', '1:hello', '0:request', '1:answer'],
    },
    {
      name: 'reports a gap once three seconds have passed, and takes it back if the bytes come after all',
      sent: [
        { direction: 0, sequence: 1, text: 'ab', at: 0 },
        { direction: 0, sequence: 7, text: 'gh', at: 1 },
        { direction: 0, sequence: 9, text: 'ij', at: 5 },
        { direction: 0, sequence: 3, text: 'late', at: 6 },
      ],
      observed: ['0:ab', '0!4', '0:gh', '0:ij', '0!-4', '0:late', '0!0'],
    },
    {
      name: 'reads what comes late of a gap piece by piece, and goes on behind it in between',
      sent: [
        { direction: 0, sequence: 1, text: 'ab', at: 0 },
        { direction: 0, sequence: 9, text: 'ij', at: 1 },
        { direction: 0, sequence: 11, text: 'kl', at: 5 },
        { direction: 0, sequence: 3, text: 'cd', at: 6 },
        { direction: 0, sequence: 13, text: 'mn', at: 7 },
        { direction: 0, sequence: 5, text: 'efgh', at: 8 },
        { direction: 0, sequence: 15, text: 'op', at: 9 },
        { direction: 0, sequence: 5, text: 'efgh', at: 10 },
      ],
      observed: [
        ...['0:ab', '0!6', '0:ij', '0:kl', '0!-6', '0:cd', '0!4', '0:mn', '0!-4', '0:efgh', '0!0'],
        '0:op',
      ],
    },
    {
      name: 'goes on where it was before it followed a forged segment that runs ahead',
      sent: [
        { direction: 0, sequence: 1, text: 'ab', at: 0 },
        { direction: 0, sequence: 12_000_003, text: 'junk', at: 1 },
        { direction: 0, sequence: 3, text: 'cd', at: 5 },
        { direction: 0, sequence: 5, text: 'ef', at: 6 },
        { direction: 0, sequence: 7, text: 'gh', at: 30 },
      ],
      observed: ['0:ab', '0:cd', '0!11999998', '0:junk', '0!-11999998', '0:ef', '0:gh'],
    },
    {
      name: 'goes on where it was before also if bytes are missing there',
      sent: [
        { direction: 0, sequence: 1, text: 'ab', at: 0 },
        { direction: 0, sequence: 12_000_003, text: 'junk', at: 1 },
        { direction: 0, sequence: 3, text: 'cd', at: 5 },
        { direction: 0, sequence: 7, text: 'gh', at: 6 },
        { direction: 0, sequence: 9, text: 'ij', at: 10 },
      ],
      observed: ['0:ab', '0:cd', '0!11999998', '0:junk', '0!-11999998', '0!2', '0:gh', '0:ij'],
    },
    {
      name: 'hears all that comes where a forged segment was',
      sent: [
        { direction: 0, sequence: 1, text: 'ab', at: 0 },
        { direction: 0, sequence: 10, text: 'junk', at: 1 },
        { direction: 0, sequence: 3, text: 'cd', at: 5 },
        { direction: 0, sequence: 5, text: 'efgh', at: 6 },
        { direction: 0, sequence: 9, text: 'ijkl', at: 7 },
        { direction: 0, sequence: 13, text: 'mn', at: 8 },
        { direction: 0, sequence: 15, text: 'op', at: 9 },
      ],
      observed: ['0:ab', '0:cd', '0!5', '0:junk', '0!-5', '0:efgh', '0:ijkl', '0:mn', '0:op'],
    },
    {
      name: 'goes on where it was before it followed two of them',
      sent: [
        { direction: 0, sequence: 1, text: 'ab', at: 0 },
        { direction: 0, sequence: 12_000_003, text: 'junk', at: 1 },
        { direction: 0, sequence: 13_000_003, text: 'more', at: 2 },
        { direction: 0, sequence: 3, text: 'cd', at: 6 },
        { direction: 0, sequence: 5, text: 'ef', at: 7 },
      ],
      observed: [
        ...['0:ab', '0:cd', '0!11999998', '0:junk', '0!999996', '0:more'],
        ...['0!-12999994', '0:ef'],
      ],
    },
    {
      name: 'reads what a file holds behind later packets, and goes on behind these',
      sent: [
        { direction: 0, sequence: 11, text: 'kl', at: 10 },
        { direction: 0, sequence: 13, text: 'mn', at: 11 },
        { direction: 0, sequence: 1, text: 'ab', at: 0 },
        { direction: 0, sequence: 3, text: 'cd', at: 1 },
        { direction: 0, sequence: 5, text: 'efghij', at: 2 },
        { direction: 0, sequence: 15, text: 'op', at: 12 },
      ],
      observed: ['0:kl', '0:mn', '0!0', '0:ab', '0:cd', '0:efghij', '0!0', '0:op'],
    },
    {
      name: 'tells what a file that is out of order does not give back: here of four quarters the second',
      sent: [
        { direction: 0, sequence: 1, text: 'ab', at: 0 },
        { direction: 0, sequence: 300_001, text: 'gh', at: 30 },
        { direction: 0, sequence: 300_003, text: 'ij', at: 34 },
        { direction: 0, sequence: 200_001, text: 'cd', at: 20 },
        { direction: 0, sequence: 200_003, text: 'ef', at: 24 },
        { direction: 0, sequence: 300_005, text: 'kl', at: 38 },
      ],
      observed: [
        ...['0:ab', '0!299998', '0:gh', '0:ij', '0!-299998'],
        ...['0!199998', '0:cd', '0:ef', '0!99996', '0:kl'],
      ],
    },
    {
      name: 'tells what is still missing when the connection ends',
      sent: [
        { direction: 0, sequence: 1, text: 'ab', at: 0 },
        { direction: 0, sequence: 9, text: 'ij', at: 30 },
        { direction: 0, sequence: 11, text: 'kl', at: 34 },
        { direction: 0, sequence: 3, text: 'cd', at: 10 },
      ],
      observed: ['0:ab', '0!6', '0:ij', '0:kl', '0!-6', '0:cd', '0!4'],
    },
    {
      name: 'reports bytes that the other side acknowledged but nobody captured',
      sent: [
        { direction: 0, sequence: 1, text: 'ab', at: 0 },
        { direction: 1, sequence: 1, text: 'one', ack: 8, at: 1 },
        { direction: 1, sequence: 4, text: 'two', ack: 8, at: 9 },
      ],
      observed: ['0:ab', '0!5', '1:one', '1:two'],
    },
    {
      name: 'reports what the snap length cut as a gap behind what was kept',
      sent: [
        { direction: 0, sequence: 1, text: '{"a', wire: 10 },
        { direction: 0, sequence: 11, text: '{}' },
      ],
      observed: ['0:{"a', '0!7', '0:{}'],
    },
    {
      name: 'counts a FIN as one number, so that its acknowledgement holds nothing back',
      sent: [
        { direction: 0, sequence: 1, text: 'bye', flags: FIN | ACK },
        { direction: 1, sequence: 1, text: 'ok', ack: 5 },
      ],
      observed: ['0:bye', '1:ok'],
    },
    {
      name: 'lets two segments out that wait for each other',
      sent: [
        { direction: 0, sequence: 1, flags: SYN },
        { direction: 1, sequence: 1, flags: SYN },
        { direction: 0, sequence: 2, text: 'a', ack: 3 },
        { direction: 1, sequence: 2, text: 'b', ack: 3 },
      ],
      observed: ['0:a', '1:b'],
    },
    {
      name: 'ignores the probe byte of a TCP keep-alive',
      sent: [
        { direction: 0, sequence: 1, text: 'ab' },
        { direction: 0, sequence: 2, text: '\0' },
        { direction: 0, sequence: 3, text: 'cd' },
      ],
      observed: ['0:ab', '0:cd'],
    },
    {
      name: 'moves on only after three far segments in a row',
      sent: [
        { direction: 0, sequence: 1, text: 'ab' },
        { direction: 0, sequence: 900_000_000, text: 'junk' },
        { direction: 0, sequence: 3, text: 'cd' },
      ],
      observed: ['0:ab', '0:cd'],
    },
  ];
  for (const { name, sent, observed } of cases) {
    it(name, async () => {
      expect((await hearStreams(sent)).observed).toEqual(observed);
    });
  }

  it('gives the same bytes for every order of the segments of a conversation', async () => {
    const text = 'the quick brown fox';
    const segments: Sent[] = [...text].map((letter, i) => ({
      direction: 0,
      sequence: 101 + i,
      text: letter,
    }));
    for (let seed = 1; seed <= 200; seed++) {
      const shuffled = shuffle(segments, seed);
      const again = shuffled.slice(0, 5);
      const { observed } = await hearStreams([
        { direction: 0, sequence: 100, flags: SYN },
        ...shuffled,
        ...again,
      ]);
      expect(observed.map((piece) => piece.slice(2)).join('')).toBe(text);
    }
  });

  it('keeps what waits bounded', async () => {
    const far: Sent[] = Array.from({ length: 5000 }, (_, i) => ({
      direction: 0,
      sequence: 1000 + 2 * i,
      text: 'x',
    }));
    const { observed } = await hearStreams([{ direction: 0, sequence: 1, text: 'a' }, ...far]);
    expect(observed.filter((piece) => piece === '0:x')).toHaveLength(5000);
    expect(observed.filter((piece) => piece.includes('!'))).toHaveLength(5000);
  });
});

function shuffle<T>(list: readonly T[], seed: number): T[] {
  const result = [...list];
  let state = seed;
  for (let i = result.length - 1; i > 0; i--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const j = state % (i + 1);
    [result[i], result[j]] = [result[j], result[i]];
  }
  return result;
}

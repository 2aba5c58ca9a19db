/** The watch over flows that cannot be read: what becomes a message, what is passed over, and when it lets go. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WatchedFlow } from '../../src/packets/watched-flow.ts';
import { MOST_WATCHED, PACKETS_NUMBERS } from '../../src/schema/packets-memory.ts';
import type { WrittenPacket } from '../support/capture-writer.ts';
import { engineOf, Listening } from '../support/engine-hearing.ts';
import { concat, ethernet, ipv4, PSH, tcp } from '../support/packet-builder.ts';
import { random } from '../support/random.ts';
import { noise, records, sealed } from '../support/tls.ts';

const { RING } = PACKETS_NUMBERS;

const draw = random(1);
const START_US = 1e15;
/** What each direction says first, from which the flow is watched: an alert, which is no message. */
const ALERT = records(21, new Uint8Array(2));

interface Segment {
  readonly direction?: 0 | 1;
  readonly bytes: Uint8Array;
  /** Offset in the direction's bytes. */
  readonly at?: number;
  readonly timeUs?: number;
  /** Bytes kept by the capture. */
  readonly kept?: number;
}

function packetOf(
  { direction = 0, bytes, at = 0, timeUs = 0, kept }: Segment,
  sourcePort = 40_000,
): WrittenPacket {
  const ends = [
    { ip: '192.0.2.1', port: sourcePort },
    { ip: '198.51.100.1', port: 7000 },
  ] as const;
  const [from, to] = direction === 0 ? ends : [ends[1], ends[0]];
  const sequence = (0x7fff_ff00 + ALERT.length + at) >>> 0;
  const frame = ethernet(
    {},
    ipv4(
      { source: from.ip, destination: to.ip },
      tcp({ sourcePort: from.port, destinationPort: to.port, flags: PSH, sequence }, bytes),
    ),
  ).bytes;
  const cut = Math.max(0, bytes.length - (kept ?? bytes.length));
  return {
    timeUs: START_US + timeUs,
    linkType: 1,
    bytes: frame.subarray(0, frame.length - cut),
    wireBytes: frame.length,
  };
}

/** What the watch came to at the end; null where it had let go. */
async function watchOf(segments: readonly Segment[]): Promise<WatchedFlow | null> {
  const observer = new Listening();
  const first: Segment[] = [0, 1].map((direction) => ({
    direction: direction === 0 ? 0 : 1,
    bytes: ALERT,
    at: -ALERT.length,
  }));
  const engine = await engineOf(
    [...first, ...segments].map((each) => packetOf(each)),
    observer,
  );
  engine.end();
  return observer.watches[0] ?? null;
}

async function sizesOf(...segments: readonly Segment[]): Promise<number[]> {
  return [...((await watchOf(segments))?.sizes ?? [])];
}

describe('a message of a watched flow', () => {
  const both = concat(sealed(draw, 40), sealed(draw, 300));
  const long = sealed(draw, 3000);
  const bare = noise(draw, 212);
  const cases: readonly { name: string; segments: readonly Segment[]; expected: readonly number[] }[] = [
    { name: 'is an application-data record', segments: [{ bytes: sealed(draw, 260) }], expected: [260] },
    { name: 'of lane 1 is negative', segments: [{ bytes: sealed(draw, 80), direction: 1 }], expected: [-80] },
    { name: 'is each of two records in one segment', segments: [{ bytes: both }], expected: [40, 300] },
    {
      name: 'is one record in three segments, with the record behind it',
      segments: [
        { bytes: long.subarray(0, 1448) },
        { bytes: long.subarray(1448, 2896), at: 1448 },
        { bytes: concat(long.subarray(2896), sealed(draw, 50)), at: 2896 },
      ],
      expected: [3000, 50],
    },
    {
      name: 'is not a handshake, an alert or a change of cipher',
      segments: [
        { bytes: records(22, new Uint8Array(90)) },
        { bytes: records(21, new Uint8Array(2)), at: 95 },
      ],
      expected: [],
    },
    {
      name: 'is counted once, however often its segment comes',
      segments: [
        { bytes: sealed(draw, 60) },
        { bytes: sealed(draw, 60) },
        { bytes: sealed(draw, 70), at: 65 },
      ],
      expected: [60, 70],
    },
    {
      name: 'is known by its header where the capture cut the rest',
      segments: [{ bytes: sealed(draw, 600), kept: 40 }],
      expected: [600],
    },
    {
      name: 'is one record, wherever its header is cut',
      segments: [...long.subarray(0, 7)].map((_, i) => ({ bytes: long.subarray(i, i + 1), at: i })),
      expected: [3000],
    },
    {
      name: 'is put in its place where it comes late',
      segments: [
        { bytes: sealed(draw, 100) },
        { bytes: sealed(draw, 300), at: 210 },
        { bytes: sealed(draw, 100), at: 105 },
      ],
      expected: [100, 100, 300],
    },
    {
      name: 'is a whole segment where there are no records',
      segments: [{ bytes: noise(draw, 212) }],
      expected: [212],
    },
    {
      name: 'without records is what one side sends at one time',
      segments: [
        { bytes: bare.subarray(0, 100) },
        { bytes: bare.subarray(100), at: 100, timeUs: 300 },
        { bytes: noise(draw, 44), at: 212, timeUs: 5000 },
        { bytes: noise(draw, 60), direction: 1, timeUs: 5100 },
      ],
      expected: [212, 44, -60],
    },
    {
      name: 'after missing bytes is read from its own header',
      segments: [{ bytes: long.subarray(0, 1448) }, { bytes: sealed(draw, 44), at: 9000 }],
      expected: [3000, 44],
    },
  ];
  for (const { name, segments, expected } of cases)
    it(name, async () => expect(await sizesOf(...segments)).toEqual(expected));
});

describe('the watch', () => {
  function inTurn(count: number, gapUs: number, bytesOf: (i: number) => Uint8Array): Segment[] {
    let at = 0;
    return Array.from({ length: count }, (_, i) => {
      const bytes = bytesOf(i);
      at += bytes.length;
      return { bytes, at: at - bytes.length, timeUs: i * gapUs };
    });
  }

  function fill(count: number, gapUs: number): Promise<WatchedFlow | null> {
    return watchOf(inTurn(count, gapUs, (i) => sealed(draw, 100 + (i % 12))));
  }

  it('keeps the last messages in the order of time, and counts all', async () => {
    const watched = await fill(RING + 10, 1_000_000);
    if (watched === null) throw new Error('it has let go');
    const { timesUs, sizes, messages, record, input, startUs, spanUs, activeMinutes, tlsShare } = watched;
    expect([...sizes]).toEqual(Array.from({ length: RING }, (_, i) => 100 + ((i + 10) % 12)));
    expect([timesUs[0], timesUs[RING - 1]]).toEqual([1e15 + 10e6, 1e15 + (RING + 9) * 1e6]);
    expect({ messages, record, input, startUs, spanUs, activeMinutes, tlsShare }).toEqual({
      messages: [RING + 10, 0],
      record: 1,
      input: 0,
      startUs: 1e15,
      spanUs: (RING + 9) * 1e6,
      activeMinutes: 6, // from second 40 of the first on
      tlsShare: 1,
    });
  });

  it('lets go of a flow whose ring fills within seconds', async () => {
    expect(await fill(RING + 1, 10_000)).toBeNull();
    expect(await fill(RING + 1, 100_000)).not.toBeNull();
  });

  it('lets go of a flow in which neither side keeps to a size, or only to a small one', async () => {
    const isKept = async (size: (i: number) => number): Promise<boolean> =>
      (await watchOf(inTurn(60, 1e6, (i) => sealed(draw, size(i))))) !== null;
    expect([
      await isKept((i) => 100 + i * 8),
      await isKept(() => 40),
      await isKept((i) => (i % 5 === 0 ? 900 : 259)),
    ]).toEqual([false, false, true]);
  });

  it('tells noise from text and from structures', async () => {
    const shareOf = async (count: number, bytesOf: () => Uint8Array): Promise<number> =>
      (await watchOf(inTurn(count, 1e6, bytesOf)))?.randomShare ?? Number.NaN;
    // Too small for shares, so that it is let go before long.
    expect(await shareOf(40, () => Buffer.from('a line of text, no more'))).toBe(0);
    expect(await shareOf(40, () => Uint8Array.from({ length: 40 }, (_, i) => (i % 4 === 3 ? i : 1)))).toBe(0);
    expect(await shareOf(1000, () => concat(Uint8Array.of(0x99), noise(draw, 63)))).toBeGreaterThan(0.95);
  });

  it('has room for so many flows, and counts the others', async () => {
    const observer = new Listening();
    const more = 5;
    const packets: WrittenPacket[] = [];
    for (let port = 0; port < MOST_WATCHED + more; port++) {
      for (const [i, direction] of ([0, 1, 0] as const).entries()) {
        const timeUs = i * 20e6 + port;
        packets.push(
          packetOf(
            { direction, bytes: records(23, new Uint8Array(90).fill(0x99)), at: i * 95, timeUs },
            1000 + port,
          ),
        );
      }
    }
    packets.sort((a, b) => a.timeUs - b.timeUs);
    const engine = await engineOf(packets, observer);
    engine.end();
    expect([observer.watches.length, engine.kernel.control.unwatchedFlows]).toEqual([MOST_WATCHED, more]);
  });

  it('takes any segments in any order, in bounded room', async () => {
    const segment = fc.record({
      direction: fc.constantFrom<0 | 1>(0, 1),
      at: fc.integer({ min: 0, max: 3000 }),
      bytes: fc.oneof(
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        fc.constantFrom(
          sealed(draw, 30),
          sealed(draw, 900),
          Uint8Array.of(23, 3),
          Uint8Array.of(23, 3, 3, 255, 255),
        ),
      ),
      kept: fc.option(fc.integer({ min: 0, max: 200 }), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(segment, { maxLength: 400 }), async (segments) => {
        const watched = await watchOf(segments.map((each, i) => ({ ...each, timeUs: i * 1e5 })));
        if (watched === null) return;
        const { sizes, messages, tlsShare, randomShare } = watched;
        expect(sizes.length).toBe(Math.min(RING, messages[0] + messages[1]));
        expect(sizes.includes(0)).toBe(false);
        expect(Math.max(tlsShare, randomShare)).toBeLessThanOrEqual(1);
      }),
      { seed: 20261125, numRuns: 60 },
    );
  });
});

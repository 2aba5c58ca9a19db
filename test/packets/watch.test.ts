/** The watch over flows that cannot be read: what becomes a message, what is passed over, and when it lets go. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RING } from '../../src/packets/message-ring.ts';
import { MAX_WATCHED, Watch } from '../../src/packets/watch.ts';
import { concat } from '../support/packet-builder.ts';
import { random } from '../support/random.ts';
import { noise, records, sealed } from '../support/tls.ts';

const draw = random(1);

interface Segment {
  readonly lane?: 0 | 1;
  readonly bytes: Uint8Array;
  /** Offset in the lane's bytes. */
  readonly at?: number;
  readonly timeUs?: number;
  /** Bytes kept by the capture. */
  readonly kept?: number;
}

function note(watch: Watch, slot: number, { lane = 0, bytes, at = 0, timeUs = 0, kept }: Segment): boolean {
  const payloadEnd = Math.min(bytes.length, kept ?? bytes.length);
  return watch.note(
    slot,
    lane,
    {
      flags: 0x08,
      sequence: (0x7fff_ff00 + at) | 0,
      acknowledgement: 0,
      payloadStart: 0,
      payloadEnd,
      payloadBytes: bytes.length,
      bytes,
    },
    { timeUs, record: 1, input: 0 },
  );
}

function sizesOf(...segments: readonly Segment[]): number[] {
  const watch = new Watch();
  const slot = watch.open(1, 0);
  for (const segment of segments) note(watch, slot, segment);
  return [...watch.read(slot).sizes];
}

describe('a message of a watched flow', () => {
  const both = concat(sealed(draw, 40), sealed(draw, 300));
  const long = sealed(draw, 3000);
  const bare = noise(draw, 212);
  const cases: readonly { name: string; segments: readonly Segment[]; expected: readonly number[] }[] = [
    { name: 'is an application-data record', segments: [{ bytes: sealed(draw, 260) }], expected: [260] },
    { name: 'of lane 1 is negative', segments: [{ bytes: sealed(draw, 80), lane: 1 }], expected: [-80] },
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
        { bytes: noise(draw, 60), lane: 1, timeUs: 5100 },
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
    it(name, () => expect(sizesOf(...segments)).toEqual(expected));
});

describe('the watch', () => {
  function fill(count: number, gapUs: number): { watch: Watch; slot: number; kept: boolean } {
    const watch = new Watch();
    const slot = watch.open(7, 2);
    let kept = true;
    let at = 0;
    for (let i = 0; i < count && kept; i++) {
      const bytes = sealed(draw, 100 + (i % 12));
      kept = note(watch, slot, { bytes, at, timeUs: 1e15 + i * gapUs });
      at += bytes.length;
    }
    return { watch, slot, kept };
  }

  it('keeps the last messages in the order of time, and counts all', () => {
    const { watch, slot } = fill(RING + 10, 1_000_000);
    const { timesUs, sizes, messages, record, input, startUs, spanUs, activeMinutes, tlsShare } =
      watch.read(slot);
    expect([...sizes]).toEqual(Array.from({ length: RING }, (_, i) => 100 + ((i + 10) % 12)));
    expect([timesUs[0], timesUs[RING - 1]]).toEqual([1e15 + 10e6, 1e15 + (RING + 9) * 1e6]);
    expect({ messages, record, input, startUs, spanUs, activeMinutes, tlsShare }).toEqual({
      messages: [RING + 10, 0],
      record: 7,
      input: 2,
      startUs: 1e15,
      spanUs: (RING + 9) * 1e6,
      activeMinutes: 6, // from second 40 of the first on
      tlsShare: 1,
    });
  });

  it('lets go of a flow whose ring fills within seconds', () => {
    expect(fill(RING + 1, 10_000).kept).toBe(false);
    expect(fill(RING + 1, 100_000).kept).toBe(true);
  });

  it('lets go of a flow in which neither side keeps to a size, or only to a small one', () => {
    const kept = (size: (i: number) => number): boolean => {
      const watch = new Watch();
      const slot = watch.open(1, 0);
      let at = 0;
      for (let i = 0; i < 60; i++) {
        const bytes = sealed(draw, size(i));
        if (!note(watch, slot, { bytes, at, timeUs: i * 1e6 })) return false;
        at += bytes.length;
      }
      return true;
    };
    expect([kept((i) => 100 + i * 8), kept(() => 40), kept((i) => (i % 5 === 0 ? 900 : 259))]).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('tells noise from text and from structures', () => {
    const shareOf = (bytes: Uint8Array): number => {
      const watch = new Watch();
      const slot = watch.open(1, 0);
      for (let i = 0; i < 200; i++) note(watch, slot, { bytes, at: i * bytes.length, timeUs: i * 1e6 });
      return watch.read(slot).randomShare;
    };
    expect(shareOf(Buffer.from('{"id":1,"method":"submit"}'))).toBe(0);
    expect(shareOf(Uint8Array.from({ length: 40 }, (_, i) => (i % 4 === 3 ? i : 0)))).toBe(0);
    const watch = new Watch();
    const slot = watch.open(1, 0);
    for (let i = 0; i < 1000; i++) note(watch, slot, { bytes: noise(draw, 64), at: i * 64, timeUs: i * 1e6 });
    expect(watch.read(slot).randomShare).toBeGreaterThan(0.95);
  });

  it('has slots for so many flows, clean again when they are given back', () => {
    const watch = new Watch();
    const slots = Array.from({ length: MAX_WATCHED }, () => watch.open(1, 0));
    expect(new Set(slots).size).toBe(MAX_WATCHED);
    expect(watch.open(1, 0)).toBe(-1);
    note(watch, 5, { bytes: sealed(draw, 90) });
    watch.close(5);
    expect(watch.open(9, 1)).toBe(5);
    const { sizes, record, messages } = watch.read(5);
    expect([sizes.length, record, messages]).toEqual([0, 9, [0, 0]]);
  });

  it('takes any segments in any order, in bounded room', () => {
    const segment = fc.record({
      lane: fc.constantFrom<0 | 1>(0, 1),
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
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 400 }), (segments) => {
        const watch = new Watch();
        const slot = watch.open(1, 0);
        for (const [i, each] of segments.entries()) note(watch, slot, { ...each, timeUs: i * 1e5 });
        const { sizes, messages, tlsShare, randomShare } = watch.read(slot);
        expect(sizes.length).toBe(Math.min(RING, messages[0] + messages[1]));
        expect(sizes.includes(0)).toBe(false);
        expect(Math.max(tlsShare, randomShare)).toBeLessThanOrEqual(1);
      }),
      { seed: 20261125, numRuns: 150 },
    );
  });
});

/** The watch over flows that cannot be read: what becomes a message, what is passed over, and when it lets go. */
import { describe, expect, it } from 'vitest';
import { MAX_WATCHED, RING, Watch } from '../../src/capture/watch.ts';
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
      flags: 0x18,
      sequence: (0x7fff_ff00 + at) | 0,
      acknowledgement: 0,
      payloadStart: 0,
      payloadEnd,
      payloadBytes: bytes.length,
      bytes,
    },
    timeUs,
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
      name: 'is a whole segment where there are no records',
      segments: [{ bytes: noise(draw, 212) }],
      expected: [212],
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
    for (let i = 0; i < count && kept; i++) {
      kept = note(watch, slot, {
        bytes: sealed(draw, 100 + (i % 100)),
        at: i * 300,
        timeUs: 1e15 + i * gapUs,
      });
    }
    return { watch, slot, kept };
  }

  it('keeps the last messages in the order of time, and counts all', () => {
    const { watch, slot } = fill(RING + 10, 1_000_000);
    const { timesUs, sizes, messages, record, input, startUs, spanUs, activeMinutes, tlsShare } =
      watch.read(slot);
    expect([...sizes]).toEqual(Array.from({ length: RING }, (_, i) => 100 + ((i + 10) % 100)));
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

  it('tells noise from text and from structures', () => {
    const shareOf = (bytes: Uint8Array): number => {
      const watch = new Watch();
      const slot = watch.open(1, 0);
      for (let i = 0; i < 200; i++) note(watch, slot, { bytes, at: i * bytes.length });
      return watch.read(slot).randomShare;
    };
    expect(shareOf(Buffer.from('{"id":1,"method":"submit"}'))).toBe(0);
    expect(shareOf(Uint8Array.from({ length: 40 }, (_, i) => (i % 4 === 3 ? i : 0)))).toBe(0);
    const watch = new Watch();
    const slot = watch.open(1, 0);
    for (let i = 0; i < 1000; i++) note(watch, slot, { bytes: noise(draw, 64), at: i * 64 });
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
});

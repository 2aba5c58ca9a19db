import { describe, expect, it } from 'vitest';
import { FrameDecoder } from '../../src/packets/frame-decoder.ts';
import { PACKETS_NUMBERS } from '../../src/schema/packets-memory.ts';
import { type Decoded, decodeFrame, type SkipReason } from '../support/decode-frame.ts';
import {
  ACK,
  concat,
  ethernet,
  extension,
  gre,
  ipv4,
  ipv4Fragments,
  ipv6Fragments,
  type Layer,
  PSH,
  tcp,
  udp,
  vxlan,
} from '../support/packet-builder.ts';

const { FRAGMENT_WAIT_US, MOST_DATAGRAMS, MOST_FRAGMENT_BYTES, MOST_FRAGMENTS } = PACKETS_NUMBERS;

const TEXT = `{"id":1,"method":"login","params":{"login":"${'x'.repeat(60)}"}}`;
const LOGIN = tcp({ sequence: 5, flags: PSH | ACK }, TEXT);

const WHOLE: Decoded = {
  source: '192.0.2.1 port 40000',
  destination: '198.51.100.1 port 3333',
  transport: 'tcp',
  tcp: [PSH | ACK, 5, 0],
  ipBytes: 0,
  payload: TEXT,
  payloadBytes: TEXT.length,
  tunnels: 0,
};

/** What each IP packet, in Ethernet, becomes in one capture. */
function decodeAll(
  decoder: FrameDecoder,
  packets: readonly Layer[],
  timeUs: (i: number) => number = (i) => i,
): (Decoded | SkipReason)[] {
  return packets.map((each, i) => decodeFrame(ethernet({}, each).bytes, { decoder, timeUs: timeUs(i) }));
}

function counts(fragments: FrameDecoder['fragments']): Record<string, number> {
  const { seen, reassembled, incomplete, repeated, overlapping, malformed, inFlight } = fragments;
  return { seen, reassembled, incomplete, repeated, overlapping, malformed, inFlight };
}

const NONE = {
  seen: 0,
  reassembled: 0,
  incomplete: 0,
  repeated: 0,
  overlapping: 0,
  malformed: 0,
  inFlight: 0,
};

function sum(packets: readonly Layer[]): number {
  return packets.reduce((total, each) => total + each.bytes.length, 0);
}

describe('fragments', () => {
  // 134 bytes of TCP in fragments of 48, 48 and 38.
  const four = ipv4Fragments({ id: 77 }, LOGIN, 48);
  const six = ipv6Fragments({ extensions: [extension(0)] }, 77, LOGIN, 48);
  const orders = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ];

  it.each(orders)('of IPv4 make one packet when they come in the order %i, %i, %i', (...order) => {
    const decoder = new FrameDecoder();
    const seen = decodeAll(
      decoder,
      order.map((i) => four[i]),
    );
    expect(seen).toEqual(['fragment', 'fragment', { ...WHOLE, ipBytes: sum(four) }]);
    expect(counts(decoder.fragments)).toEqual({ ...NONE, seen: 3, reassembled: 1 });
    expect(decoder.fragments.held).toBe(0);
  });

  it.each(orders)('of IPv6 make one packet when they come in the order %i, %i, %i', (...order) => {
    const seen = decodeAll(
      new FrameDecoder(),
      order.map((i) => six[i]),
    );
    expect(seen).toEqual([
      'fragment',
      'fragment',
      {
        ...WHOLE,
        source: '2001:db8:0:0:0:0:0:1 port 40000',
        destination: '2001:db8:0:0:0:0:0:2 port 3333',
        ipBytes: sum(six),
      },
    ]);
  });

  it('so small that they split the TCP header make one packet too', () => {
    const tiny = ipv4Fragments({ id: 1 }, LOGIN, 8);
    const seen = decodeAll(new FrameDecoder(), tiny);
    expect(seen.at(-1)).toEqual({ ...WHOLE, ipBytes: sum(tiny) });
    expect(new Set(seen.slice(0, -1))).toEqual(new Set(['fragment']));
  });

  it('of several datagrams do not mix: by id, by address, by protocol, by tunnel', () => {
    const variants = [
      { fields: { id: 1 }, wrap: (each: Layer) => each },
      { fields: { id: 2 }, wrap: (each: Layer) => each },
      { fields: { id: 1, source: '192.0.2.99' }, wrap: (each: Layer) => each },
      { fields: { id: 1 }, wrap: (each: Layer) => ipv4({ source: '203.0.113.1' }, gre({}, each)) },
    ];
    const decoder = new FrameDecoder();
    const directions = variants.map(({ fields, wrap }, i) =>
      ipv4Fragments(fields, tcp({ sequence: i }, `lane ${i} ${'.'.repeat(40)}`), 32).map(wrap),
    );
    const seen = [0, 1, 2].flatMap((i) =>
      decodeAll(
        decoder,
        directions.map((direction) => direction[i]),
      ),
    );
    expect(seen.slice(0, 8)).toEqual(new Array(8).fill('fragment'));
    const texts = seen.slice(8).map((each) => (typeof each === 'string' ? each : each.payload.slice(0, 6)));
    expect(texts).toEqual(['lane 0', 'lane 1', 'lane 2', 'lane 3']);
  });

  it('of UDP that carries a tunnel show the packet inside, with its own length', () => {
    const inner = ethernet({}, ipv4({ source: '10.0.0.1', destination: '10.0.0.2' }, LOGIN));
    const seen = decodeAll(new FrameDecoder(), ipv4Fragments({ id: 3 }, vxlan(inner), 64));
    expect(seen.at(-1)).toEqual({
      ...WHOLE,
      source: '10.0.0.1 port 40000',
      destination: '10.0.0.2 port 3333',
      ipBytes: 20 + 20 + TEXT.length,
      tunnels: 1,
    });
  });

  it('of UDP on a tunnel port that carries none fall back to the whole datagram', () => {
    const parts = ipv4Fragments({ id: 3 }, udp({ destinationPort: 4789 }, TEXT), 64);
    expect(decodeAll(new FrameDecoder(), parts).at(-1)).toEqual({
      ...WHOLE,
      destination: '198.51.100.1 port 4789',
      transport: 'udp',
      tcp: [0, 0, 0],
      ipBytes: sum(parts),
    });
  });

  it('that the snap length cut end the payload at the first gap', () => {
    const decoder = new FrameDecoder();
    const seen = four.map((each) => {
      const frame = ethernet({}, each).bytes;
      return decodeFrame(frame.slice(0, 64), { decoder, wireBytes: frame.length });
    });
    // 64 bytes hold 30 of the datagram: 20 of header, 10 of payload.
    expect(seen.at(-1)).toEqual({ ...WHOLE, ipBytes: sum(four), payload: TEXT.slice(0, 10) });
  });

  it('survive the block that they came in being overwritten', () => {
    const decoder = new FrameDecoder();
    const block = Buffer.alloc(200);
    let last: Decoded | SkipReason = 'fragment';
    for (const each of four) {
      block.fill(0);
      const frame = ethernet({}, each).bytes;
      block.set(frame);
      last = decodeFrame(block.subarray(0, frame.length), { decoder });
    }
    expect(last).toEqual({ ...WHOLE, ipBytes: sum(four) });
  });

  it('that come twice count their bytes twice and their payload once', () => {
    const decoder = new FrameDecoder();
    const [first, second, third] = four;
    const seen = decodeAll(decoder, [first, second, second, first, third]);
    expect(seen.at(-1)).toEqual({ ...WHOLE, ipBytes: sum([first, second, second, first, third]) });
    expect(counts(decoder.fragments)).toEqual({ ...NONE, seen: 5, reassembled: 1, repeated: 2 });
  });

  it('that overlap keep the bytes that came first', () => {
    const whole = LOGIN.bytes;
    const part = (start: number, end: number, fill: number, more: boolean): Layer =>
      ipv4(
        { id: 9, protocol: 6, fragmentOffset: start, moreFragments: more },
        fill === 0 ? whole.slice(start, end) : new Uint8Array(end - start).fill(fill),
      );
    const decoder = new FrameDecoder();
    const packets = [
      part(0, 48, 0, true),
      part(40, 64, 0x41, true), // 48 to 64 are new: "A"
      part(8, 24, 0x42, true), // inside of the first: nothing new (teardrop)
      part(80, 96, 0, true),
      part(56, 104, 0x43, true), // both gaps: "C" at 64 to 80 and at 96 to 104
      part(104, whole.length, 0, false),
    ];
    const seen = decodeAll(decoder, packets).at(-1);
    const expected = whole.slice();
    expected.fill(0x41, 48, 64);
    expected.fill(0x43, 64, 80);
    expected.fill(0x43, 96, 104);
    expect(seen).toEqual({
      ...WHOLE,
      ipBytes: sum(packets),
      payload: String.fromCharCode(...expected.slice(20)),
    });
    expect(counts(decoder.fragments)).toEqual({ ...NONE, seen: 6, reassembled: 1, overlapping: 3 });
  });

  const part = (fragmentOffset: number, bytes: number, moreFragments: boolean): Layer =>
    ipv4({ id: 1, protocol: 17, fragmentOffset, moreFragments }, new Uint8Array(bytes));
  const malformed = [
    { name: 'without data', packets: [part(8, 0, true)] },
    { name: 'that end between two units though more follow', packets: [part(0, 12, true)] },
    { name: 'past 65,535 bytes (ping of death)', packets: [part(65_528, 100, false)] },
    { name: 'beyond the last', packets: [part(8, 8, false), part(16, 8, true)] },
    { name: 'of a second end', packets: [part(16, 8, false), part(24, 8, false)] },
    { name: 'whose end lies before what came', packets: [part(32, 8, true), part(8, 8, false)] },
  ];
  it.each(malformed)('$name are dropped and counted', ({ packets }) => {
    const decoder = new FrameDecoder();
    expect(new Set(decodeAll(decoder, packets))).toEqual(new Set(['fragment']));
    decoder.endFragments();
    expect(counts(decoder.fragments)).toEqual({
      ...NONE,
      seen: packets.length,
      malformed: 1,
      incomplete: packets.length - 1,
    });
  });

  it('are given up after 30 s, in both directions of time', () => {
    for (const direction of [1, -1]) {
      const decoder = new FrameDecoder();
      const late = decodeAll(decoder, four, (i) => (i === 2 ? direction * (FRAGMENT_WAIT_US + 1) : 0));
      expect(late).toEqual(['fragment', 'fragment', 'fragment']);
      expect(counts(decoder.fragments)).toEqual({ ...NONE, seen: 3, incomplete: 1, inFlight: 1 });
      decoder.endFragments();
      expect(counts(decoder.fragments)).toEqual({ ...NONE, seen: 3, incomplete: 2 });
      expect(decoder.fragments.held).toBe(0);
    }
  });

  it('of more datagrams than the limit push out the oldest', () => {
    const decoder = new FrameDecoder();
    for (let id = 0; id < MOST_DATAGRAMS + 10; id++) {
      decodeAll(decoder, [ipv4({ id, protocol: 6, moreFragments: true }, new Uint8Array(48))]);
    }
    expect(counts(decoder.fragments)).toEqual({
      ...NONE,
      seen: MOST_DATAGRAMS + 10,
      incomplete: 10,
      inFlight: MOST_DATAGRAMS,
    });
  });

  it('of more bytes than the limit push out the oldest', () => {
    const decoder = new FrameDecoder();
    for (let id = 0; id < 400; id++) {
      decodeAll(decoder, [ipv4({ id, protocol: 6, moreFragments: true }, new Uint8Array(65_512))]);
      expect(decoder.fragments.held).toBeLessThanOrEqual(MOST_FRAGMENT_BYTES);
    }
    expect(decoder.fragments.incomplete + decoder.fragments.inFlight).toBe(400);
    expect(decoder.fragments.inFlight).toBeGreaterThan(200);
  });

  it('in endless pieces give the datagram up', () => {
    const decoder = new FrameDecoder();
    for (let i = 0; i <= MOST_FRAGMENTS; i++) {
      decodeAll(decoder, [
        ipv4({ id: 1, protocol: 6, moreFragments: true, fragmentOffset: 16 * i }, new Uint8Array(8)),
      ]);
    }
    expect(counts(decoder.fragments)).toEqual({ ...NONE, seen: MOST_FRAGMENTS + 1, incomplete: 1 });
  });

  it('whose whole is broken say so', () => {
    const bad = ipv4Fragments({ id: 4 }, tcp({ words: 3 }, TEXT), 48);
    expect(decodeAll(new FrameDecoder(), bad)).toEqual(['fragment', 'fragment', 'bad transport header']);
    const short = ipv4Fragments(
      { id: 5, protocol: 6 },
      { ...LOGIN, bytes: concat(new Uint8Array(12)), checksumAt: -1 },
      8,
    );
    expect(decodeAll(new FrameDecoder(), short)).toEqual(['fragment', 'bad transport header']);
  });
});

/**
 * Any frame, however mutated, ends in a packet within its block or in a reason. One seed a run, printed on failure;
 * MINESWEEP_FUZZ_SEED and MINESWEEP_FUZZ_RUNS widen the search.
 */
import { describe, expect, it } from 'vitest';
import { type Frame, FrameDecoder } from '../../src/packets/frame-decoder.ts';
import { TCP, UDP } from '../../src/packets/packet.ts';
import { DECODED, SKIP_REASONS } from '../../src/packets/skip-reason.ts';
import { AT, PACKETS_NUMBERS } from '../../src/schema/packets-memory.ts';
import { LINKTYPE } from '../support/decode-frame.ts';
import { ethernet, hex, ipv4, udp } from '../support/packet-builder.ts';
import { type Random, random } from '../support/random.ts';
import { SAMPLE_FRAMES } from '../support/sample-frames.ts';

const { MOST_DATAGRAMS, MOST_FRAGMENT_BYTES } = PACKETS_NUMBERS;

/** CAPWAP under DTLS, which nobody reads (a second decoder calls it UDP). */
const SEALED = {
  name: 'CAPWAP under DTLS',
  linkType: LINKTYPE.ethernet,
  frame: ethernet({}, ipv4({}, udp({ destinationPort: 5247 }, hex('01 00 00 00 17 fe fd 00 01 00 00 00'))))
    .bytes,
};
const SAMPLES = [...SAMPLE_FRAMES, SEALED];

const seed = Number(process.env.MINESWEEP_FUZZ_SEED ?? 20260801);
const runs = Number(process.env.MINESWEEP_FUZZ_RUNS ?? 200_000);

/** With the longest IPv6 header. */
const LARGEST_DATAGRAM = 65_535 + 40;
const LINK_TYPES = [0, 1, 9, 12, 14, 50, 51, 101, 104, 105, 108, 113, 127, 147, 228, 229, 239, 276];
/** Bytes that mean something to some layer: versions, tags, protocols, ports, flags. */
const TELLING = [
  0x00, 0x01, 0x04, 0x06, 0x08, 0x11, 0x21, 0x29, 0x2c, 0x2f, 0x30, 0x33, 0x45, 0x47, 0x4f, 0x60, 0x6b, 0x7f,
  0x80, 0x81, 0x86, 0x88, 0xa8, 0xaa, 0xbe, 0xdd, 0xeb, 0xff,
] as const;

describe('Packet', () => {
  it('turns any bytes into a packet within its block, or a reason', () => {
    const rng = random(seed);
    const decoder = new FrameDecoder();
    const block = new Uint8Array(2048);
    const outcomes = new Array<number>(SKIP_REASONS.length).fill(0);
    for (let run = 0; run < runs; run++) {
      if (run % 64 === 0)
        block.forEach((_, i) => {
          block[i] = rng.below(256);
        });
      const frame = filled(rng, block);
      const where = `seed ${seed}, run ${run}`;
      const outcome = decoder.decode(frame);
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      if (outcome === DECODED) expectSound(decoder, frame, where);
    }
    expect(outcomes.length).toBe(SKIP_REASONS.length);
    expect(outcomes.reduce((total, each) => total + each, 0)).toBe(runs);
    // The mutations reach every end that there is.
    if (runs >= 200_000) expect(Math.min(...outcomes)).toBeGreaterThan(0);
    expect(decoder.fragments.inFlight).toBeLessThanOrEqual(MOST_DATAGRAMS);
    expect(decoder.fragments.held).toBeLessThanOrEqual(MOST_FRAGMENT_BYTES);
    decoder.endFragments();
    expect(decoder.fragments.held).toBe(0);
  });
});

/** A mutated sample at the very end of the block or in the middle of it, so that a read too far is seen. */
function filled(rng: Random, block: Uint8Array): Frame {
  const sample = rng.pick(SAMPLES);
  const at = rng.chance(0.5) ? block.length - sample.frame.length : rng.below(64);
  block.set(sample.frame, at);
  for (let i = rng.below(5); i > 0; i--) {
    const place = at + rng.below(Math.min(sample.frame.length, rng.pick([16, 60, 120, 2048])));
    block[place] = rng.chance(0.5) ? rng.pick(TELLING) : rng.below(256);
  }
  if (rng.chance(0.05)) repeatPart(rng, block, at, sample.frame.length);
  return {
    bytes: block,
    at,
    captured: rng.chance(0.3) ? rng.below(sample.frame.length + 1) : sample.frame.length,
    wireBytes: rng.chance(0.1) ? rng.pick([0, 1, 60, 70_000, 0x7fff_ffff, 0xffff_ffff]) : sample.frame.length,
    linkType: rng.chance(0.1) ? rng.pick(LINK_TYPES) : sample.linkType,
    timeUs: 1.7e15 + rng.below(60_000_000),
  };
}

/** Writes one stretch of the frame over all that follows: nested layers without end. */
function repeatPart(rng: Random, block: Uint8Array, at: number, length: number): void {
  const from = at + rng.below(length);
  const period = rng.pick([4, 8, 20, 24, 28]);
  for (let i = from + period; i < at + length; i++) block[i] = block[i - period] ?? 0;
}

function expectSound({ packet }: FrameDecoder, frame: Frame, where: string): void {
  const { payloadStart, payloadEnd, payloadBytes, ipBytes, protocol, tunnels } = packet;
  // A datagram made of fragments takes the frame's place, and is longer than it.
  const isFragments = payloadEnd >= AT.datagram;
  const first = isFragments ? AT.datagram : AT.scratch;
  const last = first + (isFragments ? LARGEST_DATAGRAM : frame.captured);
  const isSound =
    first <= payloadStart &&
    payloadStart <= payloadEnd &&
    payloadEnd <= last &&
    payloadEnd - payloadStart <= payloadBytes &&
    // A header may claim more payload than was on the wire; IP bytes are bounded by that.
    payloadEnd - payloadStart < ipBytes &&
    (protocol === TCP || protocol === UDP) &&
    tunnels <= 8;
  if (!isSound) {
    expect.fail(
      `${where}: ${JSON.stringify({ last, payloadStart, payloadEnd, payloadBytes, ipBytes, tunnels })}`,
    );
  }
}

/**
 * Any frame, however mutated, ends in a packet within its block or in a reason. One seed a run, printed on failure;
 * MINESWEEP_FUZZ_SEED and MINESWEEP_FUZZ_RUNS widen the search.
 */
import { describe, expect, it } from 'vitest';
import { BYTE_LIMIT, DATAGRAM_LIMIT } from '../../src/packets/fragments.ts';
import { Packet, TCP, UDP } from '../../src/packets/packet.ts';
import { DECODED, SKIP_REASONS } from '../../src/packets/skip-reason.ts';
import { CaptureRecord } from '../../src/readers/pcap/record.ts';
import { type Random, random } from '../support/random.ts';
import { SAMPLE_FRAMES } from '../support/sample-frames.ts';

const seed = Number(process.env.MINESWEEP_FUZZ_SEED ?? 20260801);
const runs = Number(process.env.MINESWEEP_FUZZ_RUNS ?? 200_000);

const LINK_TYPES = [0, 1, 9, 12, 14, 50, 51, 101, 104, 105, 108, 113, 127, 147, 228, 229, 239, 276];
/** Bytes that mean something to some layer: versions, tags, protocols, ports, flags. */
const TELLING = [
  0x00, 0x01, 0x04, 0x06, 0x08, 0x11, 0x21, 0x29, 0x2c, 0x2f, 0x30, 0x33, 0x45, 0x47, 0x4f, 0x60, 0x6b, 0x7f,
  0x80, 0x81, 0x86, 0x88, 0xa8, 0xaa, 0xbe, 0xdd, 0xeb, 0xff,
] as const;

describe('Packet', () => {
  it('turns any bytes into a packet within its block, or a reason', () => {
    const rng = random(seed);
    const packet = new Packet();
    const record = new CaptureRecord();
    const block = new Uint8Array(2048);
    const outcomes = new Array<number>(SKIP_REASONS.length).fill(0);
    for (let run = 0; run < runs; run++) {
      if (run % 64 === 0)
        block.forEach((_, i) => {
          block[i] = rng.below(256);
        });
      fill(rng, record, block);
      const where = `seed ${seed}, run ${run}`;
      const outcome = packet.decode(record);
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      if (outcome === DECODED) expectSound(packet, record, where);
    }
    expect(outcomes.length).toBe(SKIP_REASONS.length);
    expect(outcomes.reduce((total, each) => total + each, 0)).toBe(runs);
    // The mutations reach every end that there is.
    if (runs >= 200_000) expect(Math.min(...outcomes)).toBeGreaterThan(0);
    expect(packet.fragments.inFlight).toBeLessThanOrEqual(DATAGRAM_LIMIT);
    expect(packet.fragments.bytesHeld).toBeLessThanOrEqual(BYTE_LIMIT);
    packet.fragments.finish();
    expect(packet.fragments.bytesHeld).toBe(0);
  });
});

/** A mutated sample at the very end of the block or in the middle of it, so that a read too far is seen. */
function fill(rng: Random, record: CaptureRecord, block: Uint8Array): void {
  const sample = rng.pick(SAMPLE_FRAMES);
  const at = rng.chance(0.5) ? block.length - sample.frame.length : rng.below(64);
  block.set(sample.frame, at);
  for (let i = rng.below(5); i > 0; i--) {
    const place = at + rng.below(Math.min(sample.frame.length, rng.pick([16, 60, 120, 2048])));
    block[place] = rng.chance(0.5) ? rng.pick(TELLING) : rng.below(256);
  }
  if (rng.chance(0.05)) repeatPart(rng, block, at, sample.frame.length);
  record.useBlock(block);
  record.at = at;
  record.captured = rng.chance(0.3) ? rng.below(sample.frame.length + 1) : sample.frame.length;
  record.wireBytes = rng.chance(0.1)
    ? rng.pick([0, 1, 60, 70_000, 0x7fff_ffff, 0xffff_ffff])
    : sample.frame.length;
  record.linkType = rng.chance(0.1) ? rng.pick(LINK_TYPES) : sample.linkType;
  record.timeUs = 1.7e15 + rng.below(60_000_000);
}

/** Writes one stretch of the frame over all that follows: nested layers without end. */
function repeatPart(rng: Random, block: Uint8Array, at: number, length: number): void {
  const from = at + rng.below(length);
  const period = rng.pick([4, 8, 20, 24, 28]);
  for (let i = from + period; i < at + length; i++) block[i] = block[i - period] ?? 0;
}

function expectSound(packet: Packet, record: CaptureRecord, where: string): void {
  const { bytes, payloadStart, payloadEnd, payloadBytes, ipBytes, protocol } = packet;
  const isOurs = bytes === record.bytes;
  const first = isOurs ? record.at : 0;
  const last = isOurs ? record.at + record.captured : bytes.length;
  const isSound =
    first <= payloadStart &&
    payloadStart <= payloadEnd &&
    payloadEnd <= last &&
    payloadEnd - payloadStart <= payloadBytes &&
    payloadBytes < ipBytes &&
    (ipBytes <= 524_280 || !isOurs) && // fragments sum, those that come again too
    (protocol === TCP || protocol === UDP) &&
    packet.view.byteLength === bytes.length &&
    packet.tunnels <= 8 &&
    packet.shims <= 16;
  const { tunnels, shims } = packet;
  if (!isSound) {
    expect.fail(
      `${where}: ${JSON.stringify({ first, last, payloadStart, payloadEnd, payloadBytes, ipBytes, tunnels, shims })}`,
    );
  }
}

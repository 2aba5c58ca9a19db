/** A table that is full: it makes room whatever the times are, and counts whom it let go. */
import { describe, expect, it } from 'vitest';
import { Tap } from '../../src/packets/tap.ts';
import { createReader, pumpCapture } from '../../src/readers/pcap/reader.ts';
import { CaptureRecord } from '../../src/readers/pcap/record.ts';
import { bytesSource } from '../support/capture-reading.ts';
import { type WrittenPacket, writePcap } from '../support/capture-writer.ts';
import { ethernet, ipv4, SYN, tcp } from '../support/packet-builder.ts';
import { newTap } from '../support/tap-hearing.ts';

const START_US = 1_700_000_000e6;
const FLOWS = 64;

/** Connections of one packet each, so many seconds from the start. */
function openings(count: number, network: number, seconds: (index: number) => number): WrittenPacket[] {
  return Array.from({ length: count }, (_, i) => ({
    timeUs: START_US + seconds(i) * 1e6,
    linkType: 1,
    bytes: ethernet(
      {},
      ipv4(
        { source: `10.${network}.0.${i}`, destination: '192.0.2.1' },
        tcp({ sourcePort: 5000 + i, flags: SYN }),
      ),
    ).bytes,
  }));
}

async function tapOf(packets: readonly WrittenPacket[]): Promise<Tap> {
  const tap = new Tap(newTap({}).observer, { flows: FLOWS, undecided: 10 });
  const record = new CaptureRecord();
  await pumpCapture(bytesSource(writePcap(packets)), createReader('pcap', record, tap), record);
  return tap;
}

describe('a full table of flows', () => {
  it('lets the longest idle go first', async () => {
    const tap = await tapOf([...openings(FLOWS, 0, (i) => i * 100), ...openings(10, 1, () => FLOWS * 100)]);
    expect(tap.packets).toBe(FLOWS + 10);
    expect(tap.evictedFlows).toBeGreaterThan(0);
    expect(tap.flows.size).toBe(FLOWS + 10 - tap.evictedFlows);
  });

  it('makes room where all others are later: captures overlap, and clocks are set back', async () => {
    const tap = await tapOf([...openings(FLOWS, 0, (i) => 100 + i), ...openings(40, 1, () => 1)]);
    expect(tap.packets).toBe(FLOWS + 40);
    expect(tap.flows.size + tap.evictedFlows).toBe(FLOWS + 40);
    expect(tap.flows.size).toBeLessThanOrEqual(FLOWS);
  });
});

/** The same session captured on both sides of a router that translates addresses: the audit says that it may count twice. */
import { describe, expect, it } from 'vitest';
import { type CapturedPacket, readCapture } from '../support/capture-reader.ts';
import { layersOf } from '../support/layers.ts';
import { mergeAll, scanParts } from '../support/merging.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { laboratoryCapture } from '../support/truth.ts';

const folder = temporaryFolder();
const OUTSIDE = [203, 0, 113, 7];
const NOTE = 'same-work';

/** The packets once more, somewhat later, with another address in place of one. */
function translated(packets: readonly CapturedPacket[], address: string, laterUs: number): CapturedPacket[] {
  const old = address.split('.').map(Number);
  return packets.map((packet) => {
    const bytes = packet.bytes.slice();
    const layers = layersOf(packet);
    for (const at of layers === null ? [] : [layers.ip + 12, layers.ip + 16]) {
      if (old.every((byte, index) => bytes[at + index] === byte)) bytes.set(OUTSIDE, at);
    }
    return { ...packet, bytes, timeUs: packet.timeUs + laterUs };
  });
}

function bothSides(packets: readonly CapturedPacket[], address: string, laterUs: number): CapturedPacket[] {
  return [...packets, ...translated(packets, address, laterUs)].sort((a, b) => a.timeUs - b.timeUs);
}

describe.each(['btc-v1-full', 'xmr-many-shares'])('%s on both sides of a router', (name) => {
  const truth = laboratoryCapture(name);
  const packets = readCapture(truth.capture);

  it.each([
    ['the miner', truth.miner],
    ['the pool', truth.pool.ip],
  ])('that translates the address of %s: it is said', async (_, address) => {
    const { notes } = await scanInputs([writeCapture(folder, 'both.pcap', bothSides(packets, address, 200))]);
    expect(notes.filter(({ code }) => code === NOTE)).toHaveLength(1);
  });

  it('in two parts: it is said once', async () => {
    const both = bothSides(packets, truth.miner, 200);
    const merged = await mergeAll(await scanParts(folder, both, [both.length >> 1]));
    const scanned = await scanInputs([writeCapture(folder, 'whole.pcap', both)]);
    expect(merged.notes.filter(({ code }) => code === NOTE)).toEqual(
      scanned.notes.filter(({ code }) => code === NOTE),
    );
  });

  it('and once more a minute later is another session', async () => {
    const file = writeCapture(folder, 'later.pcap', bothSides(packets, truth.miner, 60_000_000));
    const { totals, notes } = await scanInputs([file]);
    expect(totals.minerAddresses).toBe(2);
    expect(notes.filter(({ code }) => code === NOTE)).toEqual([]);
  });
});

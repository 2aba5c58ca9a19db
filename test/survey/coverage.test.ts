/** What part of the input was read: what the snap length cut off was not, and no record weighs more than a packet can. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CapturedPacket, readCapture } from '../support/capture-reader.ts';
import { mergeAll, scanParts } from '../support/merging.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { laboratoryCapture } from '../support/truth.ts';

const folder = temporaryFolder();
const whole = readCapture(laboratoryCapture('neg-electrum').capture);

function cutAt(snapLength: number): CapturedPacket[] {
  return whole.map((packet) => ({
    ...packet,
    bytes: packet.bytes.slice(0, snapLength),
    wireBytes: packet.bytes.length,
  }));
}

describe('a capture with a short snap length', () => {
  const cut = cutAt(80);
  const wire = whole.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const kept = cut.reduce((sum, { bytes }) => sum + bytes.length, 0);

  it('was read as far as packets were kept, and calls nothing clean', async () => {
    const { coverage } = await scanInputs([writeCapture(folder, 'cut.pcap', cut)]);
    expect(coverage.decoded.packets).toBe(1);
    expect(coverage.decoded.bytes).toBeCloseTo(kept / wire, 12);
    expect(coverage.complete).toBe(false);
    const merged = await mergeAll(await scanParts(folder, cut, [whole.length >> 1]));
    // The connection that runs over the seam is counted there, and all else is as in the whole.
    const { atSeam, ...plain } = merged.coverage;
    expect(atSeam?.connections).toBe(1);
    expect(plain).toEqual(coverage);
  });

  it('is complete where next to nothing is cut off', async () => {
    const longest = Math.max(...whole.map(({ bytes }) => bytes.length));
    const { coverage } = await scanInputs([writeCapture(folder, 'longest.pcap', cutAt(longest - 1))]);
    expect(coverage.truncated.packets).toBeGreaterThan(0);
    expect(coverage.complete).toBe(true);
  });
});

it('a record that claims more than any packet has weighs what was captured, and is damage', async () => {
  const file = writeCapture(folder, 'claims.pcap', cutAt(80));
  const bytes = readFileSync(file);
  // Length on the wire in the header of the first record.
  bytes.writeUInt32LE(0xf400_0000, 24 + 12);
  writeFileSync(file, bytes);
  const { coverage, inputs } = await scanInputs([file]);
  expect(inputs[0]?.damage).toMatchObject([{ kind: 'bad-wire-length', count: 1, at: 24 }]);
  expect(coverage.complete).toBe(false);
  expect(coverage.truncated.packets).toBeLessThan(1);
});

it('a log of flows that counts no packets can be complete', async () => {
  const file = path.join(folder, 'bytes.csv');
  writeFileSync(
    file,
    'start,duration,src,sport,dst,dport,bytes\n2026-01-01T00:00:00Z,60,192.0.2.1,50000,198.51.100.1,443,90000\n',
  );
  const listed = path.join(folder, 'listed.txt');
  writeFileSync(listed, '203.0.113.9:3333\n');
  const { coverage } = await scanInputs([file], { poolFiles: [listed] });
  expect(coverage.decoded.bytes).toBe(1);
  expect(coverage.complete).toBe(true);
});

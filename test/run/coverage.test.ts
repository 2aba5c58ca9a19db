/** What part of the input was read: what the snap length cut off was not, and no record weighs more than a packet can. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { renderAudit } from '../../src/report/index.ts';
import { PACKED } from '../fuzz/seeds.ts';
import { type CapturedPacket, readCapture } from '../support/capture-reader.ts';
import { mergeAll, scanParts } from '../support/merging.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { laboratoryCapture } from '../support/truth.ts';

const folder = temporaryFolder();
const whole = readCapture(laboratoryCapture('neg-electrum').capture);

async function rendered(format: string, audit: Audit): Promise<string> {
  const options = { width: 100, color: false, zone: 'UTC', language: 'en' } as const;
  return [...(await renderAudit(format, audit, options))].join('');
}

function cutAt(snapLength: number): CapturedPacket[] {
  return whole.map((packet) => ({
    ...packet,
    bytes: packet.bytes.slice(0, snapLength),
    wireBytes: packet.bytes.length,
  }));
}

describe('a capture with a short snap length', () => {
  const cut = cutAt(80);
  // IP bytes: without the header of the frame.
  const wire = whole.reduce((sum, { bytes }) => sum + bytes.length - 14, 0);
  const kept = cut.reduce((sum, { bytes }) => sum + bytes.length - 14, 0);

  it('was read as far as packets were kept, and told so', async () => {
    const { coverage } = await scanInputs([writeCapture(folder, 'cut.pcap', cut)]);
    expect(coverage.decoded.packets).toBe(1);
    expect(coverage.decoded.bytes).toBeCloseTo(kept / wire, 12);
    const merged = await mergeAll(await scanParts(folder, cut, [whole.length >> 1]));
    // The connection that runs over the seam is counted there, and all else is as in the whole.
    const { atSeam, ...plain } = merged.coverage;
    expect(atSeam?.connections).toBe(1);
    const { complete, judged } = coverage;
    expect({ ...plain, complete, judged }).toEqual(coverage);
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
  expect(coverage.truncated.packets).toBeLessThan(1);
});

it('a log of flows that counts no packets can be complete', async () => {
  const file = path.join(folder, 'bytes.csv');
  writeFileSync(
    file,
    'start,duration,src,sport,dst,dport,bytes\n2026-01-01T00:00:00Z,60,192.0.2.1,50000,198.51.100.1,443,90000\n',
  );
  const names = path.join(folder, 'names.txt');
  writeFileSync(names, '198.51.100.1 www.example.org\n');
  const { coverage } = await scanInputs([file], { nameFiles: [names] });
  expect(coverage.decoded.bytes).toBe(1);
  expect(coverage.complete).toBe(true);
});

it('a packet that claims more bytes than were on the wire adds no more than those', async () => {
  const packets = readCapture(laboratoryCapture('xmr-plain-vardiff').capture);
  const claiming = packets.map((packet, i) => {
    const bytes = Uint8Array.from(packet.bytes);
    if (i === packets.length - 1) new DataView(bytes.buffer).setUint16(14 + 2, 60_000);
    return { ...packet, bytes };
  });
  const wire = packets.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const { hosts } = await scanInputs([writeCapture(folder, 'claims-60000.pcap', claiming)]);
  expect(hosts).toHaveLength(1);
  const { bytesOut = 0, bytesIn = 0 } = hosts[0]?.traffic ?? {};
  expect(bytesOut + bytesIn).toBeGreaterThan(wire / 2);
  expect(bytesOut + bytesIn).toBeLessThan(wire);
});

describe('compressed bytes that are cut or corrupt', () => {
  const capture = readFileSync(writeCapture(folder, 'plain.pcap', whole));
  const gzip = gzipSync(capture);
  const flipped = (bytes: Uint8Array, at: number): Uint8Array =>
    bytes.map((byte, i) => (i === at ? byte ^ 0xff : byte));
  const cases: [string, Uint8Array][] = [
    ['gzip without its trailer', gzip.subarray(0, -8)],
    ['gzip without its last byte', gzip.subarray(0, -1)],
    ['gzip with a wrong checksum', flipped(gzip, gzip.length - 5)],
    ['gzip with corrupt deflate data', flipped(gzip, gzip.length >> 1)],
    ...PACKED.flatMap((packed, i): [string, Uint8Array][] => {
      const name = ['bzip2', 'zstd', 'lz4'][i] ?? '';
      return [
        [`${name} that is cut`, packed.subarray(0, -1)],
        [`${name} that is corrupt`, flipped(packed, 6)],
      ];
    }),
  ];
  it.each(cases)('make the coverage incomplete: %s', async (name, bytes) => {
    const sound = path.join(folder, 'sound.pcap.gz');
    const damaged = path.join(folder, `${name.replaceAll(' ', '-')}.gz`);
    writeFileSync(sound, gzip);
    writeFileSync(damaged, bytes);
    const audit = await scanInputs([sound, damaged]);
    expect(audit.coverage.complete).toBe(false);
    expect(audit.coverage.skippedReasons['unread input']).toBe(1);
    for (const format of ['table', 'ticket', 'markdown', 'html']) {
      expect(await rendered(format, audit)).not.toContain('No mining found');
    }
  });
});

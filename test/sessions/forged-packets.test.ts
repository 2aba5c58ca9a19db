/** Sessions into which somebody forges one packet, or whose packets are not in order of time, as `mergecap -a` writes them. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCapture } from '../support/capture-reader.ts';
import { writePcap } from '../support/capture-writer.ts';
import { REPO_ROOT } from '../support/corpus.ts';
import { ACK, PSH, RST } from '../support/packet-builder.ts';
import { scanInputs } from '../support/scanning.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { split } from '../support/transform.ts';

const PACKETS = readCapture(path.join(REPO_ROOT, 'fixtures/cryptonote/xmr-many-shares.pcap'));
const SHARES = PACKETS.filter(isShare).length;
const SECONDS = ((PACKETS.at(-1)?.timeUs ?? 0) - (PACKETS[0]?.timeUs ?? 0)) / 1e6;
const folder = temporaryFolder('out-of-order');

function isShare({ bytes }: { bytes: Uint8Array }): boolean {
  return Buffer.from(bytes).toString('latin1').includes('"method":"submit"');
}

describe('a session whose packets stand in a file', () => {
  for (const { name, order } of [
    { name: 'in order', order: [0, 1, 2] },
    { name: 'with the last third first', order: [2, 0, 1] },
    { name: 'with the last third first and the first one last', order: [2, 1, 0] },
    { name: 'with the second third first', order: [1, 0, 2] },
  ])
    it(`${name} has all its shares and its whole time`, async () => {
      const parts = split(PACKETS, 3);
      const file = path.join(folder, `${order.join('')}.pcap`);
      writeFileSync(file, writePcap(order.flatMap((part) => parts[part] ?? [])));
      const { sessions } = await scanInputs([file]);
      expect(sessions.map(({ shares }) => shares.submitted)).toEqual([SHARES]);
      expect((sessions[0]?.activeSeconds ?? 0) / SECONDS).toBeCloseTo(1, 1);
    });
});

/** Where a frame of this capture has the sequence number and the flags of TCP, and what it carries. */
const SEQUENCE = 38;
const FLAGS = 47;
const CONTENT = 66;

/** A packet like this one, a millisecond before it: other flags, a number that is so much farther, and no word of mining. */
function forged(packet: (typeof PACKETS)[number], flags: number, ahead: number): (typeof PACKETS)[number] {
  const bytes = Uint8Array.from(packet.bytes);
  const view = new DataView(bytes.buffer);
  view.setUint32(SEQUENCE, view.getUint32(SEQUENCE) + ahead);
  const length = 14 + view.getUint16(16);
  expect([bytes[23], (bytes[46] ?? 0) >> 4, length]).toEqual([6, 8, bytes.length]);
  bytes[FLAGS] = flags;
  bytes.fill(0x20, CONTENT);
  if (flags !== RST) return { ...packet, timeUs: packet.timeUs - 1000, bytes };
  view.setUint16(16, CONTENT - 14);
  return { ...packet, timeUs: packet.timeUs - 1000, bytes: bytes.slice(0, CONTENT), wireBytes: CONTENT };
}

describe('a session into which somebody forges', () => {
  const at = PACKETS.findIndex((packet, i) => i > 100 && isShare(packet));
  for (const { name, flags, ahead } of [
    { name: 'a segment that runs ahead by 5 kB', flags: PSH | ACK, ahead: 5000 },
    { name: 'a segment that runs ahead by 12 MB', flags: PSH | ACK, ahead: 12_000_000 },
    { name: 'a reset with the expected number', flags: RST, ahead: 0 },
    { name: 'a reset with a number that no receiver takes', flags: RST, ahead: 777 },
    { name: 'a reset with a number far behind', flags: RST, ahead: -900_000 },
  ])
    it(`${name} has all its shares, and nothing is missing`, async () => {
      const file = path.join(folder, 'forged.pcap');
      const packet = PACKETS[at];
      if (packet === undefined) throw new Error('no share');
      writeFileSync(file, writePcap(PACKETS.toSpliced(at, 0, forged(packet, flags, ahead))));
      const { sessions, notes } = await scanInputs([file]);
      const found = sessions.map(({ shares, facts }) => [shares.submitted, facts?.connections.missedOut]);
      expect(found).toEqual([[SHARES, 0]]);
      expect(notes).toEqual([]);
    });
});

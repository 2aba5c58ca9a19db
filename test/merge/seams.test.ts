import { describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { type MergePart, merge } from '../../src/merge.ts';
import { type CapturedPacket, readCapture } from '../support/capture-reader.ts';
import { comparable, differences, scanInputs } from '../support/scanning.ts';
import { temporaryFolder, writeCapture } from '../support/split.ts';
import { laboratory } from '../support/truth.ts';

const folder = temporaryFolder();

function partOf(audit: Audit, where: string): MergePart {
  // Through text, as it is read from a file.
  const text = JSON.stringify(audit);
  return { where, read: async () => JSON.parse(text) };
}

let serial = 0;
async function scanned(packets: readonly CapturedPacket[]): Promise<MergePart> {
  const name = `part-${serial++}`;
  return partOf(await scanInputs([writeCapture(folder, name, packets)]), name);
}

const EXACT = { timeMs: 0, relative: 1e-12 };
const only = process.env.ONLY;

for (const { name, capture } of laboratory().filter((each) => only === undefined || each.name === only)) {
  describe(name, () => {
    const packets = readCapture(capture).map((packet) => ({ ...packet, timeUs: Math.floor(packet.timeUs) }));
    const count = packets.length;
    const step = Math.max(1, Math.floor(count / Number(process.env.SEAMS ?? 12)));
    const whole = scanInputs([writeCapture(folder, `${name}-whole`, packets)]);
    it('one', async () => {
      const merged = await merge([await scanned(packets)], { poolFiles: [], local: [] });
      expect(differences(comparable(await whole), comparable(merged), EXACT)).toEqual([]);
    });
    for (let at = 1; at < count; at += step) {
      it(`cut at ${at}`, async () => {
        const parts = [await scanned(packets.slice(0, at)), await scanned(packets.slice(at))];
        const merged = await merge(parts, { poolFiles: [], local: [] });
        expect(differences(comparable(await whole), comparable(merged), EXACT)).toEqual([]);
      });
    }
  });
}

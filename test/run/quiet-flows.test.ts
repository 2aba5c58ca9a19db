/** Connections to servers of the web that are over when the capture ends: only their coverage counts. */
import { describe, expect, it } from 'vitest';
import type { CapturedPacket } from '../support/capture-reader.ts';
import { conversation } from '../support/conversation.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { plainHello } from '../support/tls.ts';

const folder = temporaryFolder();
const VISITS = 30;
const START_US = 1_790_000_000_000_000;

function visit(i: number): CapturedPacket[] {
  const client = `192.0.2.7:${40_000 + i}`;
  const packets = conversation({ miner: client, pool: '198.51.100.9:443', startUs: START_US + i * 1000 })
    .connect()
    .minerSays(plainHello('www.web.example', ['h2', 'http/1.1']))
    .poolSays(new Uint8Array(900).fill(0x16))
    .close()
    .toPackets();
  // Of every third the answers took another way.
  return i % 3 === 0 ? packets.filter((_, at) => at === 0 || at === 2 || at === 3) : packets;
}

/** The visits, and so many seconds later a connection of nobody. */
async function scanned(seconds: number) {
  const packets = Array.from({ length: VISITS }, (_, i) => visit(i)).flat();
  packets.push(
    ...conversation({
      miner: '192.0.2.8:50000',
      pool: '198.51.100.10:22',
      startUs: START_US + seconds * 1e6,
    })
      .connect()
      .toPackets(),
  );
  packets.sort((a, b) => a.timeUs - b.timeUs);
  return scanInputs([writeCapture(folder, `visits-${seconds}`, packets)]);
}

describe('connections to the web', () => {
  it('count in what could not be seen, whether they have ended for good or may go on', async () => {
    const open = await scanned(5);
    const over = await scanned(3000);
    expect(over.coverage.encrypted).toEqual(open.coverage.encrypted);
    expect(over.coverage.oneSided).toEqual(open.coverage.oneSided);
    expect(over.coverage.oneSided.packets).toBeGreaterThan(0);
    expect(over.hosts).toEqual([]);
  });
});

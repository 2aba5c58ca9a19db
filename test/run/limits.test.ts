/** What a bound kept out is said in the audit: a reader must know what was not looked at. */
import { describe, expect, it } from 'vitest';
import { MOST_WATCHED } from '../../src/schema/packets-memory.ts';
import { conversation } from '../support/conversation.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { textsOf } from '../support/texts.ts';

const folder = temporaryFolder();
const NOISE = Uint8Array.from({ length: 40 }, (_, i) => 0x80 | ((i * 37) & 0x7f));

/** A connection of noise that lasts. */
function lasting(i: number) {
  const miner = `192.0.2.${1 + (i % 250)}:${2000 + Math.floor(i / 250)}`;
  return conversation({ miner, pool: '198.51.100.77:7000', startUs: 1_790_000_000_000_000 + i })
    .connect()
    .minerSays(NOISE)
    .poolSays(NOISE)
    .after(20)
    .minerSays(NOISE)
    .toPackets();
}

describe('connections that cannot be read', () => {
  it('and were too many at once to be measured are counted in the notes', async () => {
    const more = 3;
    const packets = Array.from({ length: MOST_WATCHED + more }, (_, i) => lasting(i)).flat();
    packets.sort((a, b) => a.timeUs - b.timeUs);
    const audit = await scanInputs([writeCapture(folder, 'crowd', packets)]);
    expect(audit.hosts).toEqual([]);
    expect(textsOf(audit.notes)).toEqual([
      `${more} unreadable connections not checked for signs of mining: too many at once`,
    ]);
  });
});

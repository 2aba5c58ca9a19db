/** A catalogue that is older than a year at the time of the traffic misses new pools, and the audit says so. */
import { describe, expect, it } from 'vitest';
import { CATALOGUE_DATE } from '../../src/pools/catalogue.ts';
import { conversation } from '../support/conversation.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const DAY_US = 86_400_000_000;

async function notesAfter(days: number): Promise<readonly string[]> {
  const startUs = Date.parse(CATALOGUE_DATE) * 1000 + days * DAY_US;
  const talk = conversation({ miner: '192.0.2.5:40000', pool: '198.51.100.9:3333', startUs })
    .connect()
    .close();
  const { notes } = await scanInputs([writeCapture(folder, `after-${days}`, talk.toPackets())]);
  return notes.filter(({ code }) => code === 'old-catalogue').map(({ text }) => text);
}

describe('the age of the pool catalogue', () => {
  it('is said where the traffic is more than a year younger, and nowhere else', async () => {
    expect(await notesAfter(400)).toEqual([
      `the pool catalogue is of ${CATALOGUE_DATE}, 400 days before the traffic: pools may be missing`,
    ]);
    expect(await notesAfter(300)).toEqual([]);
    expect(await notesAfter(-3000)).toEqual([]);
  });
});

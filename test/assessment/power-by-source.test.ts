/** One miner has one power, whatever its rate is known from: the intervals of two readings of it meet. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { REPO_ROOT } from '../support/corpus.ts';
import { scanInputs } from '../support/scanning.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { twoWayTable } from '../support/two-way-table.ts';

const folder = temporaryFolder();

describe('the power of a miner of equihash on a processor', () => {
  it('is that of its kind, by its shares and by flow records of the same session', async () => {
    const capture = path.join(REPO_ROOT, 'fixtures/equihash/zec-zip301.pcap');
    const log = path.join(folder, 'zec.csv');
    // Times, packets and IP bytes each way as tshark counts them in the capture.
    writeFileSync(
      log,
      twoWayTable(
        '2026-11-24T22:19:59.222Z,2026-11-24T22:21:29.233Z,192.0.2.33,47476,203.0.113.12,3357,6,147,134298,101,9719',
      ),
    );
    const pools = path.join(folder, 'pools.txt');
    writeFileSync(pools, '203.0.113.12:3357\n');
    const assume = ['pool=203.0.113.12 port=3357 algorithm=equihash difficulty=600..1000'];
    const parsed = await scanInputs([capture]);
    const flows = await scanInputs([log], { poolFiles: [pools], assume });
    const powers = [parsed, flows].map(({ hosts }) => hosts[0]?.power);
    expect(powers.map((power) => power?.tier)).toEqual(['B', 'C']);
    const [a, b] = powers;
    expect(a?.wattsLow).toBeLessThanOrEqual(b?.watts ?? 0);
    expect(a?.wattsHigh).toBeGreaterThanOrEqual(b?.watts ?? 0);
    expect(b?.wattsLow).toBeLessThanOrEqual(a?.watts ?? 0);
    expect(b?.wattsHigh).toBeGreaterThanOrEqual(a?.watts ?? 0);
  });
});

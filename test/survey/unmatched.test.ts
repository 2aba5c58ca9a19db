/** Silence in flow logs that nothing could be matched in is no all-clear: coverage and words say so. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { nothingFound } from '../../src/report/summary.ts';
import { en } from '../../src/report/text/en.ts';
import { scanInputs } from '../support/scanning.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ROWS = [
  'ts,te,sa,da,sp,dp,pr,flg,ipkt,ibyt',
  '2026-03-02 10:00:00.000,2026-03-02 10:00:50.000,192.0.2.1,198.51.100.1,40000,443,TCP,...AP.SF,10,4000',
  '2026-03-02 10:01:00.000,2026-03-02 10:01:50.000,192.0.2.1,198.51.100.2,40001,4444,TCP,...AP.SF,10,4000',
].join('\n');

function write(name: string, text: string): string {
  const file = path.join(temporaryFolder('unmatched'), name);
  writeFileSync(file, `${text}\n`);
  return file;
}

describe('flow logs without names', () => {
  it('are never called clean where no address is listed', async () => {
    const audit = await scanInputs([write('flows.csv', ROWS)]);
    expect(audit.coverage).toMatchObject({ complete: false, unmatched: { bytes: 1, packets: 1 } });
    expect(nothingFound(audit, en)).toMatch(
      /Nothing could be matched .*the catalogue holds names, and these logs have none/,
    );
    expect(nothingFound(audit, en)).toMatch(/pools resolve.*--pools.*--names/);
    expect(nothingFound(audit, en)).not.toMatch(/No mining found/);
    expect(audit.notes.map(({ code }) => code)).toContain('nothing-to-match');
  });

  it('are as complete as what was read where addresses are listed, or names stand beside them', async () => {
    const listed = write('listed.txt', '203.0.113.9:3333');
    const withList = await scanInputs([write('flows.csv', ROWS)], { poolFiles: [listed] });
    expect(withList.coverage.complete).toBe(true);
    expect(withList.coverage.unmatched).toBeUndefined();
    expect(nothingFound(withList, en)).toMatch(/No mining found/);
    const names = write('names.csv', 'time,name,address\n2026-03-02T10:00:00Z,www.example.org,198.51.100.1');
    const withNames = await scanInputs([write('flows.csv', ROWS)], { nameFiles: [names] });
    expect(withNames.coverage.complete).toBe(true);
  });

  it('are incomplete where a list holds names alone', async () => {
    const listed = write('listed.txt', 'pool.example.net');
    const audit = await scanInputs([write('flows.csv', ROWS)], { poolFiles: [listed] });
    expect(audit.coverage.complete).toBe(false);
  });
});

/** How old databases and catalogue are is told by the time at which all the parts end, as one scan of them would. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ownersBuild } from '../../src/commands/owners.ts';
import { conversation } from '../support/conversation.ts';
import { departures, mergeAll, partOf } from '../support/merging.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { textsOf } from '../support/texts.ts';

const folder = temporaryFolder();
const asnDb = path.join(folder, 'owners.mmdb');
const table = path.join(folder, 'owners.csv');

beforeAll(async () => {
  writeFileSync(table, '1.0.0.0,1.0.0.255,64500,Some Telecom Ltd\n');
  await ownersBuild([table], asnDb, { dateMs: Date.UTC(2026, 5, 17) });
});

/** A miner that logs in at noon of that day. */
function captureOf(day: string): string {
  const packets = conversation({
    // A port of its own, that no connection goes on in another part.
    miner: `1.0.0.7:4${day.slice(2, 4)}${day.slice(5, 7)}`,
    pool: '198.51.100.9:3333',
    startUs: Date.parse(`${day}T12:00:00Z`) * 1000,
  })
    .connect()
    .minerSays({ id: 1, method: 'mining.subscribe', params: ['cgminer/4.13.1'] })
    .poolSays({ id: 1, result: [[['mining.notify', 'a6']], '5e0a11c7', 4], error: null })
    .minerSays({ id: 2, method: 'mining.authorize', params: ['someone.1', 'x'] })
    .poolSays({ id: 2, result: true, error: null })
    .toPackets();
  return writeCapture(folder, day, packets);
}

const months = (count: number, order: 'before' | 'after'): string =>
  `Owners come from owners.csv (owners build) of 2026-06-17, ${count} months ${order} the traffic: addresses may have changed hands.`;
const OLD_CATALOGUE =
  /^the pool catalogue is of \d{4}-\d\d-\d\d, [\d,]+ days before the traffic: pools may be missing$/;

describe('notes on age', () => {
  it.each([
    { name: 'a part that is old beside one that is not', days: ['2017-01-17', '2026-07-17'], notes: [] },
    // 17 January 2018 to 17 June 2026: 8 years and 5 months.
    {
      name: 'two parts that are old by other numbers',
      days: ['2017-01-17', '2018-01-17'],
      notes: [months(101, 'after')],
    },
    {
      name: 'two parts that are newer than the data',
      days: ['2028-01-17', '2028-06-17'],
      notes: [expect.stringMatching(OLD_CATALOGUE), months(24, 'before')],
    },
  ])('are those of the whole: $name', async ({ days, notes }) => {
    const captures = days.map(captureOf);
    const whole = await scanInputs(captures, { asnDb });
    expect(textsOf(whole.notes)).toEqual(notes);
    const audits = await Promise.all(captures.map((capture) => scanInputs([capture], { asnDb })));
    const parts = audits.map((audit, i) => partOf(audit, days[i] ?? ''));
    const told: string[] = [];
    const merged = await mergeAll(parts, { log: (_, message) => told.push(message) });
    expect(textsOf(merged.notes)).toEqual(notes);
    expect(told).toEqual(notes);
    expect(departures(whole, merged)).toEqual([]);
    // And where the merge has the database itself.
    expect(textsOf((await mergeAll(parts, { asnDb })).notes)).toEqual(notes);
  });

  it('are none of a database that names nobody any more', async () => {
    const part = partOf(await scanInputs([captureOf('2017-01-17')], { asnDb }), 'old');
    const ownersFile = path.join(folder, 'own.csv');
    writeFileSync(ownersFile, 'prefix,class,organisation,asn\n1.0.0.0/24,education,A school,64500\n');
    const merged = await mergeAll([part], { ownersFile });
    expect(merged.hosts.map(({ owner }) => owner.name)).toEqual(['A school']);
    expect(merged.notes).toEqual([]);
    expect(merged.sources.map(({ title }) => title)).not.toContain('minesweep-ASN');
  });
});

/** Energy by place is that of the totals: what is modelled without payload stands beside it and is no part of it. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderAudit } from '../../src/report/index.ts';
import { renderTotalsCsv } from '../../src/report/totals-csv.ts';
import { REPO_ROOT } from '../support/corpus.ts';
import { scanInputs } from '../support/scanning.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ownersFile = path.join(temporaryFolder(), 'owners.csv');
writeFileSync(
  ownersFile,
  'prefix,organisation,class,city\n192.0.2.18/32,One,enterprise,Suzhou\n' +
    '192.0.2.23/32,Two,enterprise,Suzhou\n',
);
const MEASURED = 'cryptonote/xmr-many-shares.pcap';
/** 43 shares, and neither algorithm nor program nor difficulty. */
const UNRATED = 'stratum-v1/ltc-cpuminer-multi.pcap';

const options = { width: 200, color: false, zone: 'UTC', language: 'en' as const };

async function scanned(...names: readonly string[]) {
  const audit = await scanInputs(
    names.map((name) => path.join(REPO_ROOT, 'fixtures', name)),
    { ownersFile },
  );
  const [measured, unrated] = ['192.0.2.18', '192.0.2.23'].map(
    (ip) => audit.hosts.find((host) => host.ip === ip)?.power ?? null,
  );
  return { audit, measured, unrated, csv: [...renderTotalsCsv(audit)].join('').split('\r\n') };
}

describe('the energy of a city', () => {
  it('is that of the miners whose power the totals have; modelled power stands beside it', async () => {
    const { audit, measured, unrated, csv } = await scanned(MEASURED, UNRATED);
    expect([measured?.tier, unrated?.tier]).toEqual(['A', 'C']);
    expect(audit.totals.cities).toEqual([
      {
        ...{ country: null, region: null, city: 'Suzhou', addresses: 2 },
        ...{ kwhPerDay: measured?.kwhPerDay, modelledKwhPerDay: unrated?.kwhPerDay },
      },
    ]);
    expect(audit.totals.power?.kwhPerDay).toBe(measured?.kwhPerDay);
    expect(audit.totals.modelledPower?.kwhPerDay).toBe(unrated?.kwhPerDay);
    expect(csv.filter((line) => line.includes('Suzhou') && line.includes('kWh'))).toEqual([
      `places,Suzhou,${measured?.kwhPerDay},kWh/day,,,,`,
      `"places, modelled, not included",Suzhou,${unrated?.kwhPerDay},kWh/day,,,,C`,
    ]);
    for (const format of ['html', 'markdown'])
      expect([...(await renderAudit(format, audit, options))].join('')).toContain(
        'kWh/day, modelled, not included',
      );
  });

  it('is none where all power is modelled, and has no column for what is not there', async () => {
    const { audit, unrated, csv } = await scanned(UNRATED);
    expect(audit.totals.power).toBeNull();
    expect(audit.totals.cities).toMatchObject([{ kwhPerDay: 0, modelledKwhPerDay: unrated?.kwhPerDay }]);
    expect(csv).toContain('places,Suzhou,,kWh/day,,,,');
    const other = await scanned(MEASURED);
    expect(other.audit.totals.cities[0]).not.toHaveProperty('modelledKwhPerDay');
    expect([...(await renderAudit('html', other.audit, options))].join('')).not.toContain(
      'kWh/day, modelled',
    );
  });
});

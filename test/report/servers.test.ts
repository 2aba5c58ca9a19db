/** Pool servers of the own networks have rows of their own; no verdict, no total and no word takes them for miners. */
import { describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { renderExplanation } from '../../src/report/explain/explain.ts';
import { summaryAbove } from '../../src/report/summary.ts';
import { renderTotalsCsv } from '../../src/report/totals-csv.ts';
import { catalogueOf } from '../../src/statements/catalogue.ts';
import { sampleAudit } from '../support/sample-audit.ts';

const en = catalogueOf('en');

const SERVER = '198.51.100.10';

/** One miner and the pool of the own networks that it mines at. */
function withServer(): Audit {
  const audit = sampleAudit();
  const [miner] = audit.hosts;
  const traffic = { ...miner.traffic, bytesOut: 8_970, bytesIn: 6_300, packetsOut: 59, packetsIn: 34 };
  const server = {
    ...miner,
    ip: SERVER,
    roles: ['pool' as const],
    traffic,
    hashrate: [],
    duty: null,
    power: null,
  };
  audit.hosts = [
    { ...miner, roles: ['miner'], verdict: 'confirmed' },
    { ...server, verdict: 'confirmed' },
  ];
  audit.totals.hosts = { confirmed: 1, probable: 0, suspected: 0, attempted: 0, listed: 0 };
  audit.sessions = [];
  return audit;
}

describe('a pool server', () => {
  it('is no part of the hosts that verdicts are counted of, and is told apart', () => {
    const line = summaryAbove(withServer(), 'UTC', en).find(({ label }) => label === en.label.hosts);
    expect(line?.phrases.flat()).toEqual([
      '1 confirmed; of 1 host with evidence; not counted: 1 host that only serves miners',
    ]);
    const rows = [...renderTotalsCsv(withServer())].join('').split('\r\n');
    expect(rows).toContain('hosts,confirmed,1,addresses,,,1,');
    expect(rows).toContain('pool servers,,1,addresses,,,,');
  });

  it('is explained as what miners talk to', () => {
    const audit = withServer();
    const text = [
      ...renderExplanation(audit, audit.hosts[1], { width: 200, zone: 'UTC', language: 'en' }),
    ].join('');
    expect(text).toContain(
      `${SERVER} is a pool: its sessions with miners are confirmed, and it mines nothing itself.`,
    );
    expect(text).toMatch(/With miners: from them 8\.97 kB in 59 packets .*, to them 6\.30 kB in 34 packets/);
    expect(text).not.toContain('To pools');
    expect(text).not.toContain('HASHRATE');
  });
});

/**
 * The Jiangsu scenario, end to end: what the audit says of flow logs at full size and of captures of a tenth, against
 * the truth that both were made from and the figures that the province published. README.md beside tells which figure
 * comes from which. With MINESWEEP_UPDATE_GOLDEN=1 the audits in docs/guide/jiangsu.md are written anew.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Audit, AuditHost } from '../../src/audit/audit.ts';
import { PUBLISHED_AUDITS } from '../../src/energy/published.ts';
import { renderTable } from '../../src/report/table.ts';
import { inLanguage } from '../../src/statements/catalogue.ts';
import { si } from '../../src/statements/figures.ts';
import { REPO_ROOT } from '../support/corpus.ts';
import { scanInputs } from '../support/scanning.ts';
import { type Scenario, WORKS, writeScenario } from './jiangsu.ts';
import type { Miner } from './province.ts';

const NO_PUE = { name: 'none', low: 1, central: 1, high: 1 };
const JIANGSU = PUBLISHED_AUDITS[0];
/** "Over": a bound. */
const PUBLISHED_HASHES = 10e15;

const folder = mkdtempSync(path.join(tmpdir(), 'minesweep-jiangsu-'));
let scenario: Scenario;
let flows: Audit;
let captures: Audit;

beforeAll(async () => {
  scenario = writeScenario(folder);
  const { ownersFile, assumeFile } = scenario;
  flows = await scanInputs([scenario.flowFolder], { ownersFile, pue: NO_PUE, assume: [assumeFile] });
  captures = await scanInputs([scenario.captureFolder], { ownersFile, pue: NO_PUE });
}, 240_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function miners(audit: Audit): AuditHost[] {
  return audit.hosts.filter(({ verdict }) => verdict === 'confirmed' || verdict === 'probable');
}

function ips(list: readonly { readonly ip: string }[]): string[] {
  return list.map(({ ip }) => ip).sort();
}

function ownersOf(audit: Audit): Record<string, number> {
  return Object.fromEntries(audit.totals.owners.map((row) => [row.class, row.addresses]));
}

function citiesOf(audit: Audit): Record<string, number> {
  return Object.fromEntries(audit.totals.cities.map((row) => [row.city, row.addresses]));
}

describe('the flow logs of the province at full size', () => {
  it('name the 4,502 addresses that mine, and nobody else', () => {
    expect(flows.totals.minerAddresses).toBe(4502);
    expect(ips(miners(flows))).toEqual(ips(scenario.miners));
    expect(flows.totals.hosts).toEqual({
      confirmed: 0,
      probable: 4502,
      suspected: 0,
      attempted: scenario.attempted,
      listed: scenario.listed,
    });
  });

  it('bound the machines behind them: one each, and as many as connect at one time', () => {
    expect(scenario.province.machines).toBe(10_639);
    expect(flows.totals.machines).toEqual({ low: 4502, high: 10_639 });
  });

  it('have 136.77 Mbit/s with pools: both directions, IP bytes, mean of the day', () => {
    const { bytesOut, bytesIn, mbpsOut, mbpsIn } = flows.totals.traffic;
    expect(flows.window).toEqual({
      start: '2021-10-06T16:00:00.000000Z',
      end: '2021-10-07T16:00:00.000000Z',
      seconds: 86_400,
      observed: [{ start: '2021-10-06T16:00:00.000000Z', end: '2021-10-07T16:00:00.000000Z' }],
      observedSeconds: 86_400,
    });
    expect(bytesOut + bytesIn).toBe(scenario.flows.poolBytes);
    expect(mbpsOut + mbpsIn).toBeCloseTo(136.77, 6);
    // Sixty addresses with relays carry nearly all of it: traffic is no measure of mining in the province.
    const relayedLines = new Set(
      scenario.miners.filter(({ passesLinesOn }) => passesLinesOn).map(({ ip }) => ip),
    );
    const theirs = flows.hosts
      .filter(({ ip }) => relayedLines.has(ip))
      .reduce((sum, { traffic }) => sum + traffic.bytesOut + traffic.bytesIn, 0);
    expect(theirs / (bytesOut + bytesIn)).toBeGreaterThan(0.9);
  });

  it('have 945 of 4,502 addresses at institutions, exactly, by class and city', () => {
    expect(flows.totals.institutionalShare).toBe(945 / 4502);
    expect(ownersOf(flows)).toEqual(scenario.province.owners);
    expect(citiesOf(flows)).toEqual(scenario.province.cities);
    expect(flows.totals.cities.slice(0, 3).map(({ city }) => city)).toEqual(['Suzhou', 'Xuzhou', 'Nanjing']);
    expect(flows.totals.cities.every(({ region }) => region === 'Jiangsu')).toBe(true);
  });

  it('measure no hashrate and no electricity', () => {
    const rates = [...flows.totals.hashrate, ...flows.hosts.flatMap(({ hashrate }) => hashrate)];
    expect(rates.filter(({ basis }) => basis !== 'modelled')).toEqual([]);
    expect(flows.totals.power).toBeNull();
    const [table] = summaryOf(flows);
    expect(table).toMatch(/Not seen +hashrate of .* sessions on 4,502 hosts/);
  });

  it.each(WORKS)('model %s where the difficulty is known: a wide range with the truth inside', (work) => {
    const rows = flows.totals.hashrate.filter(({ algorithm }) => algorithm === work);
    expect(rows.map(({ basis, hosts }) => ({ basis, hosts }))).toEqual([
      { basis: 'modelled', hosts: scenario.province.addressesByWork[work] },
    ]);
    const [{ low95, high95 }] = rows;
    const truth = scenario.province.hashesPerSecond[work];
    expect(low95).toBeLessThan(truth);
    expect(high95).toBeGreaterThan(truth);
  });

  it('have the published figures inside what is modelled, and say that it is', () => {
    const { modelledPower } = flows.totals;
    expect(modelledPower?.kwhPerDayLow).toBeLessThan(JIANGSU.kwhPerDay);
    expect(modelledPower?.kwhPerDayHigh).toBeGreaterThan(JIANGSU.kwhPerDay);
    const bitcoin = flows.totals.hashrate.find(({ algorithm }) => algorithm === 'sha256d');
    expect(bitcoin?.low95).toBeLessThan(PUBLISHED_HASHES);
    expect(bitcoin?.high95).toBeGreaterThan(PUBLISHED_HASHES);
    const [table] = summaryOf(flows);
    expect(table).toMatch(/Modelled +power of 4,502 hosts without a measured rate/);
    expect(table).toMatch(/not\s+included\s+in\s+totals/);
  });

  it('give the published electricity only where one flat figure per address is asked for', async () => {
    const flat = await scanInputs([scenario.flowFolder], {
      ownersFile: scenario.ownersFile,
      wattsPerAddress: 2406,
    });
    const { power } = flat.totals;
    expect(power?.kwhPerDay).toBeCloseTo((4502 * 2406 * 24) / 1000, 3);
    expect(Math.abs((power?.kwhPerDay ?? 0) / JIANGSU.kwhPerDay - 1)).toBeLessThan(0.001);
    expect(new Set(miners(flat).map((host) => host.power?.tier))).toEqual(new Set(['flat']));
  });
});

/** Work for Ethereum Classic and ProgPow looks like Ethereum's: where the pool serves several, the family is named. */
const NAMES: Readonly<Record<(typeof WORKS)[number], readonly string[]>> = {
  sha256d: ['sha256d'],
  ethash: ['ethash', 'ethash-family'],
  'rx/0': ['rx/0'],
};

describe('the captures of a tenth of the province', () => {
  it('confirm every address that they show, and nobody else', () => {
    expect(captures.totals.hosts).toEqual({
      ...{ confirmed: scenario.tenth.addresses, probable: 0, suspected: 0, attempted: 0, listed: 0 },
    });
    expect(ips(captures.hosts)).toEqual(ips(scenario.tenthMiners));
    expect(captures.totals.institutionalShare).toBe(
      scenario.tenth.institutionalAddresses / scenario.tenth.addresses,
    );
    expect(ownersOf(captures)).toEqual(scenario.tenth.owners);
    expect(citiesOf(captures)).toEqual(scenario.tenth.cities);
    expect(captures.totals.machines.low).toBeLessThanOrEqual(scenario.tenth.machines);
    expect(captures.totals.machines.high).toBeGreaterThanOrEqual(scenario.tenth.machines);
  });

  it.each(WORKS)('measure %s by its shares, with the truth inside the interval', (work) => {
    const rows = captures.totals.hashrate.filter(({ algorithm }) => NAMES[work].includes(algorithm));
    for (const row of rows) expect(row).toMatchObject({ basis: 'shares', headline: true });
    const sumOf = (of: (row: (typeof rows)[number]) => number) => rows.reduce((sum, row) => sum + of(row), 0);
    expect(sumOf(({ hosts }) => hosts)).toBe(scenario.tenth.addressesByWork[work]);
    const truth = scenario.tenth.hashesPerSecond[work];
    expect(sumOf(({ low95 }) => low95 ?? 0)).toBeLessThan(truth);
    expect(sumOf(({ high95 }) => high95 ?? 0)).toBeGreaterThan(truth);
  });

  it('never add hashes of one algorithm to those of another', () => {
    expect(captures.totals.hashrate.map(({ algorithm }) => algorithm).sort()).toEqual(
      Object.values(NAMES).flat().sort(),
    );
    for (const { algorithm, estimate, hosts } of captures.totals.hashrate) {
      const own = captures.hosts
        .flatMap(({ hashrate }) => hashrate)
        .filter((row) => row.algorithm === algorithm);
      expect(own).toHaveLength(hosts);
      expect(estimate / own.reduce((sum, row) => sum + row.estimate, 0)).toBeCloseTo(1, 9);
    }
  });

  it('have the published 10 PH/s, ten times as many, inside the interval of the Bitcoin row alone', () => {
    const row = captures.totals.hashrate.find(({ algorithm }) => algorithm === 'sha256d');
    expect((row?.low95 ?? 0) * 10).toBeLessThan(PUBLISHED_HASHES);
    expect((row?.high95 ?? 0) * 10).toBeGreaterThan(scenario.province.hashesPerSecond.sha256d);
  });

  it('have 95 % intervals that hold the truth of about 95 % of the addresses', () => {
    const held = scenario.tenthMiners.filter((miner) => {
      const row = captures.hosts.find(({ ip }) => ip === miner.ip)?.hashrate.find(({ headline }) => headline);
      const truth = miner.machines.reduce((sum, { hashesPerSecond }) => sum + hashesPerSecond, 0);
      return (row?.low95 ?? Number.POSITIVE_INFINITY) <= truth && (row?.high95 ?? 0) >= truth;
    });
    expect(held.length / scenario.tenthMiners.length).toBeGreaterThan(0.93);
  });

  it('have the published 260,000 kWh a day, ten times as many, inside the range, and near its middle', () => {
    const { power } = captures.totals;
    if (power === null) throw new Error('no power');
    expect(power.kwhPerDayLow * 10).toBeLessThan(JIANGSU.kwhPerDay);
    expect(power.kwhPerDayHigh * 10).toBeGreaterThan(JIANGSU.kwhPerDay);
    expect(Math.abs(power.kwhPerDay / scenario.tenth.kwhPerDay - 1)).toBeLessThan(0.05);
    const byCity = captures.totals.cities.reduce((sum, { kwhPerDay }) => sum + kwhPerDay, 0);
    expect(byCity).toBeCloseTo(power.kwhPerDay, 6);
  });

  it('show that a share of addresses is no share of electricity', () => {
    const watts = (of: (miner: Miner) => boolean): number => {
      const wanted = new Set(scenario.tenthMiners.filter(of).map(({ ip }) => ip));
      return captures.hosts
        .filter(({ ip }) => wanted.has(ip))
        .reduce((sum, host) => sum + (host.power?.watts ?? 0), 0);
    };
    const all = watts(() => true);
    // docs/reference/energy.md section 4: 0.085, 0.98 and 9.85 of 10.91 MW.
    expect(Math.abs(watts(({ work }) => work === 'rx/0') / all - 0.008)).toBeLessThan(0.003);
    expect(Math.abs(watts(({ work }) => work === 'sha256d') / all - 0.09)).toBeLessThan(0.01);
    expect(Math.abs(watts(({ work }) => work === 'ethash') / all - 0.902)).toBeLessThan(0.01);
  });

  it('call the servers of the institutions probably hijacked, and nobody else', () => {
    const hijacked = captures.hosts.filter(({ owner }) => owner.intent === 'hijacked');
    expect(ips(hijacked)).toEqual(ips(scenario.tenthMiners.filter(({ work }) => work === 'rx/0')));
    // Three wallets between them, each at dozens of organisations.
    const shared = /^the same account mines at \d\d unrelated organisations/;
    expect(hijacked.every(({ owner }) => owner.reasons.some(({ text }) => shared.test(text)))).toBe(true);
  });
});

/** The table's summary, and what stands before it: the verdicts and the hosts. */
function summaryOf(audit: Audit): [string, string] {
  const options = { zone: 'Asia/Shanghai', language: 'en' as const, width: 100, color: false };
  // Files stand by the path that the commands in docs/guide/jiangsu.md give them.
  const named: Audit = JSON.parse(JSON.stringify(audit).replaceAll(folder, 'province'));
  const lines = [...renderTable(named, options)].join('').split('\n');
  const summary = lines.findIndex((line) => line.startsWith('Window '));
  return [lines.slice(summary).join('\n').trimEnd(), lines.slice(0, summary).join('\n')];
}

/** Ten times the captures beside what is true and what was published, as a table. */
function tenfold(): string {
  const { province } = scenario;
  const rates = WORKS.map((work) => {
    const found = captures.totals.hashrate.filter(({ algorithm }) => NAMES[work].includes(algorithm));
    const [estimate = 0, low = 0, high = 0] = (['estimate', 'low95', 'high95'] as const).map((key) =>
      found.reduce((sum, row) => sum + (row[key] ?? 0) * 10, 0),
    );
    return [
      NAMES[work].join(' and '),
      inLanguage('en').figures.interval(estimate, low, high, 'H/s'),
      si(province.hashesPerSecond[work], 'H/s'),
      work === 'sha256d' ? 'over 10 PH/s' : '–',
    ];
  });
  const { power } = captures.totals;
  const days = [power?.kwhPerDay ?? 0, power?.kwhPerDayLow ?? 0, power?.kwhPerDayHigh ?? 0];
  const [middle = 0, low = 0, high = 0] = days.map((kwh) => kwh * 10_000);
  const rows = [
    ['', 'ten times the captures', 'truth', 'published'],
    ['---', '---', '---', '---'],
    ...rates,
    [
      'electricity a day',
      inLanguage('en').figures.interval(middle, low, high, 'Wh'),
      si(province.kwhPerDay * 1000, 'Wh'),
      si(JIANGSU.kwhPerDay * 1000, 'Wh'),
    ],
  ];
  return rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

describe('docs/guide/jiangsu.md', () => {
  it('shows the audit of flows with its first hosts, and ten times the captures', () => {
    const file = path.join(REPO_ROOT, 'docs/guide/jiangsu.md');
    const text = readFileSync(file, 'utf8');
    const block = (name: string, audit: Audit): string => {
      const [summary, hosts] = summaryOf(audit);
      const shown = `${hosts.split('\n').slice(0, 6).join('\n')}\n…\n\n${summary}`;
      return `<!-- scenario: ${name} -->\n\`\`\`\n${shown}\n\`\`\`\n<!-- end -->`;
    };
    const blocks: Readonly<Record<string, string>> = {
      flows: block('flows', flows),
      tenfold: `<!-- scenario: tenfold -->\n${tenfold()}\n<!-- end -->`,
    };
    const renewed = text.replace(
      /<!-- scenario: (\w+) -->\n[\s\S]*?<!-- end -->/g,
      (_, name: string) => blocks[name] ?? `no block ${name}`,
    );
    expect(renewed.match(/<!-- scenario: /g)).toHaveLength(2);
    if (process.env.MINESWEEP_UPDATE_GOLDEN === '1') writeFileSync(file, renewed);
    else expect(text).toBe(renewed);
  });
});

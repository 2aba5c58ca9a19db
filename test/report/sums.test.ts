/**
 * A small audit whose sums a reader can work out: three miners, a weaker host and a pool server of the own networks, whose
 * bytes are those of its miners. Every sum that a report prints of them stands here as it was added by hand.
 */
import { describe, expect, it } from 'vitest';
import type { Audit, AuditHost, AuditPool, AuditSession, Owner } from '../../src/audit/audit.ts';
import { assessTotals, hostCounts } from '../../src/audit/totals.ts';
import { PUBLISHED_AUDITS } from '../../src/energy/published.ts';
import { breakdowns } from '../../src/report/breakdown.ts';
import { renderDepartmentsCsv } from '../../src/report/departments.ts';
import { History } from '../../src/report/history/days.ts';
import { renderHistoryCsv } from '../../src/report/history/machine.ts';
import { renderLetters } from '../../src/report/letter.ts';
import { printable } from '../../src/report/phrase.ts';
import { publishedAudits } from '../../src/report/published.ts';
import { hostRows } from '../../src/report/rows.ts';
import { reasonTally } from '../../src/report/shares.ts';
import { summaryAbove } from '../../src/report/summary.ts';
import { renderTotalsCsv } from '../../src/report/totals-csv.ts';
import { catalogueOf } from '../../src/statements/catalogue.ts';
import { statement } from '../../src/statements/index.ts';
import { sampleAudit } from '../support/sample-audit.ts';

const en = catalogueOf('en');
/** An hour of 2 March, so that 1 kW is 1 kWh, and 450,000 bytes are 1 kbit/s. */
const WINDOW = {
  start: '2026-03-02T08:00:00.000Z',
  end: '2026-03-02T09:00:00.000Z',
  seconds: 3600,
  observed: [{ start: '2026-03-02T08:00:00.000Z', end: '2026-03-02T09:00:00.000Z' }],
  observedSeconds: 3600,
};
const SAMPLE = sampleAudit();

const physics: Partial<Owner> = { class: 'education', name: 'University', department: 'Physics' };
const chemistry: Partial<Owner> = { class: 'government', name: 'Ministry', department: 'Chemistry' };

interface Given {
  readonly ip: string;
  readonly verdict?: AuditHost['verdict'];
  readonly roles?: AuditHost['roles'];
  readonly owner?: Partial<Owner>;
  /** Bytes out and in. */
  readonly bytes: readonly [number, number];
  readonly watts?: number;
  readonly tier?: 'A' | 'C';
  readonly duty?: number;
  readonly rate?: number;
  readonly algorithm?: string;
  readonly pools?: readonly string[];
}

/** A host; watts may be half as many or twice. */
function host(given: Given): AuditHost {
  const { ip, verdict = 'confirmed', roles = ['miner'], owner = {}, bytes, watts, tier = 'A' } = given;
  const { duty = 1, rate, algorithm = 'rx/0', pools = [] } = given;
  const [first] = SAMPLE.hosts;
  const power = (times: number): number => times * (watts ?? 0);
  const kwh = (times: number): number => (times * (watts ?? 0) * 24) / 1000;
  const [bytesOut, bytesIn] = bytes;
  return {
    ...first,
    ...{
      ip,
      verdict,
      roles: [...roles],
      duty,
      pools: [...pools],
      firstSeen: WINDOW.start,
      lastSeen: WINDOW.end,
    },
    owner: {
      ...first.owner,
      class: 'unknown',
      name: null,
      department: null,
      contact: null,
      reasons: [],
      ...owner,
    },
    traffic: { ...first.traffic, bytesOut, bytesIn, packetsOut: bytesOut / 100, packetsIn: bytesIn / 100 },
    ...{ algorithms: [algorithm], coins: [], rigs: { low: 1, high: 2 } },
    power:
      watts === undefined
        ? null
        : {
            ...{ wattsLow: power(0.5), watts, wattsHigh: power(2), tier },
            ...{ kwhPerDayLow: kwh(0.5), kwhPerDay: kwh(1), kwhPerDayHigh: kwh(2) },
          },
    hashrate:
      rate === undefined
        ? []
        : [
            {
              ...{
                algorithm,
                unit: 'H/s',
                basis: 'shares',
                estimate: rate,
                low95: rate / 2,
                high95: rate * 2,
              },
              headline: true,
            },
          ],
  };
}

const HOSTS = [
  host({
    ip: '10.0.0.1',
    owner: physics,
    bytes: [450_000, 900_000],
    watts: 100,
    rate: 1000,
    pools: ['alpha'],
  }),
  host({
    ...{ ip: '10.0.0.2', verdict: 'probable', owner: chemistry, bytes: [45_000, 135_000], watts: 300 },
    ...{ rate: 500, duty: 0.5, pools: ['beta'] },
  }),
  host({
    ip: '10.0.0.3',
    bytes: [4_500, 22_500],
    watts: 50,
    tier: 'C',
    algorithm: 'kawpow',
    rate: 7,
    pools: ['beta'],
  }),
  host({ ip: '10.0.0.4', verdict: 'suspected', owner: physics, bytes: [30, 70], pools: ['gamma'] }),
  host({ ip: '10.0.0.9', roles: ['pool'], owner: physics, bytes: [22_500, 4_500], watts: 900, rate: 9000 }),
];

const pool = (
  name: string,
  hosts: number,
  sessions: number,
  bytesOut: number,
  bytesIn: number,
): AuditPool => ({
  ...{ pool: name, operator: null, endpoints: [`${name}:3333`], hosts, sessions, coins: [] },
  traffic: { bytesOut, bytesIn, packetsOut: 0, packetsIn: 0, mbpsOut: 0.001, mbpsIn: 0.002 },
});

const session = (ip: string, more: Partial<AuditSession> = {}): AuditSession => ({
  ...SAMPLE.sessions[0],
  ...{ miner: { ip, port: 40_000 }, start: WINDOW.start, end: WINDOW.end },
  ...more,
});

function smallAudit(hosts: readonly AuditHost[] = HOSTS): Audit {
  const audit: Audit = {
    ...SAMPLE,
    window: WINDOW,
    hosts: [...hosts],
    sessions: [
      session('10.0.0.1'),
      session('10.0.0.1'),
      session('10.0.0.2'),
      session('10.0.0.3', { pool: { ...SAMPLE.sessions[0].pool, ip: '10.0.0.9' } }),
      session('10.0.0.4', { attempts: 5 }),
    ],
    pools: [
      pool('gamma', 1, 5, 30, 70),
      pool('alpha', 1, 2, 450_000, 900_000),
      pool('delta', 3, 3, 1, 1),
      pool('beta', 2, 2, 49_500, 157_500),
    ],
  };
  Object.assign(audit.totals, hostCounts(hosts, WINDOW.seconds));
  const powered = hosts.filter(({ roles }) => !roles.includes('pool'));
  assessTotals(
    audit,
    powered.flatMap(({ power }) =>
      power === null ? [] : [{ ...power, tier: power.tier ?? 'A', assumptions: [] }],
    ),
  );
  return audit;
}

const linesOf = (text: Iterable<string>): string[] => [...text].join('').trimEnd().split('\r\n');

describe('the totals of a small audit', () => {
  it('are the sums of its miners; the pool server is in none, and what others had stands apart', () => {
    const rows = linesOf(renderTotalsCsv(smallAudit())).map((line) =>
      line.replace(', not included', '').split(','),
    );
    const shown = (figure: string) =>
      rows
        .filter((row) => row[0] === figure)
        .map(([, name, value, unit, low, high, whole]) =>
          [name, value, unit, low, high, whole].filter((cell) => cell !== '').join(' '),
        );
    expect(shown('hosts')).toEqual([
      ...['confirmed 2 addresses 4', 'probable 1 addresses 4', 'suspected 1 addresses 4'],
      ...['attempted 0 addresses 4', 'listed 0 addresses 4'],
    ]);
    expect(shown('miner addresses')).toEqual(['3 addresses 4']);
    expect(shown('pool servers')).toEqual(['1 addresses']);
    // 450,000 + 45,000 + 4,500, and 900,000 + 135,000 + 22,500.
    expect(shown('traffic')).toEqual([
      ...['out 499500 B', 'in 1057500 B', 'out 4995 packets', 'in 10575 packets'],
      ...['out 0.00111 Mbit/s', 'in 0.00235 Mbit/s'],
    ]);
    // Four of miners; a row of attempts stands for five.
    expect(shown('sessions')).toEqual(['4 sessions 9']);
    expect(shown('traffic of other hosts')).toEqual(['100 B']);
    expect(shown('sessions of other hosts')).toEqual(['5 sessions 9']);
    // 100 W and 300 W; 50 W are modelled.
    expect(shown('power')).toEqual(['400 W 200 800', '9.6 kWh/day 4.8 19.2']);
    expect(shown('"power modelled"')).toEqual(['50 W 25 100', '1.2 kWh/day 0.6 2.4']);
    // A census: no interval of sampling.
    const [, of, , , low, high] =
      rows.find(([figure, name]) => figure === 'owners' && name === 'education') ?? [];
    expect([of, low, high]).toEqual(['education', '', '']);
    expect(shown('institutional').map((row) => row.split(' addresses')[0])).toEqual([
      'government and education and enterprise 2',
    ]);
    expect(shown('algorithms').map((row) => row.split(' ').slice(0, 2))).toEqual([
      ['rx/0', '2'],
      ['kawpow', '1'],
    ]);
  });

  it('stand above a table: traffic both ways, with the sessions of miners', () => {
    const lineOf = (label: string): string[] =>
      (summaryAbove(smallAudit(), 'UTC', en).find((line) => line.label === label)?.phrases ?? []).map(
        (phrase) => phrase.join(''),
      );
    // 1.11 and 2.35 kbit/s; 499,500 and 1,057,500 bytes.
    expect(lineOf(en.label.traffic)).toEqual([
      '3.46 kbps on average over the time watched: out 1.11 kbps, in 2.35 kbps (1.56 MB with pools in 4 sessions)',
      'not included: 100 B in 5 sessions of 1 host with a verdict weaker than probable',
    ]);
    expect(lineOf(en.label.hosts)).toEqual([
      '2 confirmed, 1 probable, 1 suspected; of 4 hosts with evidence; not counted: 1 host that only serves miners',
    ]);
  });
});

describe('departments', () => {
  it('stand in the order of power, modelled power, miners and name; no department is last', () => {
    const at = (ip: string, department: string | null, more: Partial<Given> = {}) =>
      host({ ip, owner: { department }, bytes: [0, 0], ...more });
    const rows = linesOf(
      renderDepartmentsCsv(
        smallAudit([
          at('10.0.0.1', null, { watts: 9000 }),
          at('10.0.0.2', 'No power b'),
          at('10.0.0.3', 'No power a'),
          at('10.0.0.4', 'Two miners'),
          at('10.0.0.5', 'Two miners'),
          at('10.0.0.6', 'Modelled little', { watts: 1, tier: 'C' }),
          at('10.0.0.7', 'Modelled much', { watts: 900, tier: 'C' }),
          at('10.0.0.8', 'Small', { watts: 10 }),
          at('10.0.0.9', 'Large', { watts: 20 }),
          at('10.0.0.10', 'Large', { watts: 30 }),
          at('10.0.0.11', 'Large', { watts: 4000, verdict: 'suspected' }),
        ]),
      ),
    );
    expect(
      rows.slice(1).map((row) =>
        row
          .split(',')
          .filter((cell) => cell !== '')
          .join(' '),
      ),
    ).toEqual([
      'Large 2 50 1.2 0 0 10.0.0.9;10.0.0.10',
      'Small 1 10 0.24 0 0 10.0.0.8',
      'Modelled much 1 0 0 900 21.6 10.0.0.7',
      'Modelled little 1 0 0 1 0.024 10.0.0.6',
      'Two miners 2 0 0 0 0 10.0.0.4;10.0.0.5',
      'No power a 1 0 0 0 0 10.0.0.3',
      'No power b 1 0 0 0 0 10.0.0.2',
      '1 9000 216 0 0 10.0.0.1',
    ]);
  });

  it('of one name in two organisations, or with two contacts, are two', () => {
    const of = (ip: string, name: string, contact: string, watts: number) =>
      host({ ip, owner: { department: 'IT', name, contact }, bytes: [0, 0], watts });
    const audit = smallAudit([
      of('10.0.0.1', 'A', 'x', 3),
      of('10.0.0.2', 'B', 'x', 2),
      of('10.0.0.3', 'B', 'y', 1),
    ]);
    expect(
      linesOf(renderDepartmentsCsv(audit))
        .slice(1)
        .map((row) => row.slice(0, 8)),
    ).toEqual([...['IT,A,x,1', 'IT,B,x,1', 'IT,B,y,1']]);
  });
});

describe('what breaks the miners down', () => {
  const rowsOf = (audit: Audit, id: string): string[] =>
    (breakdowns(audit, en).find((each) => each.id === id)?.table?.rows ?? []).map((row) =>
      row
        .map((phrase) => phrase.map((part) => (typeof part === 'string' ? part : part.wire)).join(''))
        .join(' | '),
    );

  it('has pools by their miners, then by hosts, with bytes both ways; the server is no miner of any', () => {
    const rows = rowsOf(smallAudit(), 'pools').map((row) => row.split(' | ').slice(0, 6));
    expect(rows).toEqual([
      ['beta', '–', '2', '2', '2', '3.00 kbps (207 kB)'],
      ['alpha', '–', '1', '1', '2', '3.00 kbps (1.35 MB)'],
      ['gamma', '–', '0', '1', '5', '3.00 kbps (100 B)'],
    ]);
    const both = host({ ip: '10.0.0.4', verdict: 'suspected', bytes: [0, 0], pools: ['gamma', 'delta'] });
    expect(rowsOf(smallAudit([both]), 'pools').map((row) => row.split(' | ')[0])).toEqual(['delta', 'gamma']);
  });

  it('has owners as parts of all miners, and of those that are known', () => {
    expect(rowsOf(smallAudit(), 'owners').map((row) => row.split(' | '))).toEqual([
      expect.arrayContaining(['1', '33.3 %', '50.0 %']),
      expect.arrayContaining(['1', '33.3 %', '50.0 %']),
      expect.arrayContaining(['1', '33.3 %', '–']),
    ]);
  });

  it('has departments with their part of the miners', () => {
    expect(
      rowsOf(smallAudit(), 'departments').map((row) =>
        row.split(' | ').slice(0, 1).concat(row.split(' | ').slice(3)),
      ),
    ).toEqual([
      ['Chemistry', '1', '33.3 %', '300 W', '7.20', '–'],
      ['Physics', '1', '33.3 %', '100 W', '2.40', '–'],
      ['no department', '1', '33.3 %', '–', '–', '1.20'],
    ]);
  });
});

describe('reasons', () => {
  it('are counted by miners, most first; those that differ in their count alone are one, with its range', () => {
    const owners = (count: number) =>
      statement('sign', { use: 'hijacked', sign: statement('sign-many-owners', { count }) });
    const algorithm = (name: string) =>
      statement('sign', { use: 'deliberate', sign: statement('sign-asic-algorithm', { algorithm: name }) });
    const having = (...reasons: ReturnType<typeof statement>[]): AuditHost =>
      host({ ip: '10.0.0.1', owner: { reasons }, bytes: [0, 0] });
    const rows = reasonTally([
      ...[
        having(algorithm('sha256d')),
        having(owners(3), owners(9)),
        having(owners(5), algorithm('sha256d')),
      ],
      having(owners(4)),
    ]);
    expect(rows.map(({ reason, addresses }) => [reason.params.sign, addresses])).toEqual([
      [expect.objectContaining({ params: { count: 4, most: 9 } }), 3],
      [expect.objectContaining({ params: { algorithm: 'sha256d' } }), 2],
    ]);
  });
});

describe('one host', () => {
  it('has the shares of all its evidence in one word, and in a letter those of all its sessions', () => {
    const shares = (count: number): AuditHost['evidence'][number] => ({
      ...statement('share', { dialect: 'cryptonote', pool: 'alpha', said: null, varies: false }),
      ...{ kind: 'share', strength: 'strong', count, input: 'a', record: 1, time: WINDOW.start },
    });
    const miner = { ...HOSTS[0], evidence: [shares(30), shares(4), { ...shares(7), kind: 'rejection' }] };
    const [row] = hostRows(smallAudit([miner]), [miner], en, 'UTC');
    expect(row.evidence.map(printable).at(-1)).toBe('34 shares, cryptonote');

    const sum = (submitted: number, accepted: number) =>
      session('10.0.0.1', { shares: { ...SAMPLE.sessions[0].shares, submitted, accepted } });
    const audit = { ...smallAudit([miner]), sessions: [sum(100, 90), sum(20, 15)] };
    const letter = [...renderLetters(audit, miner, { language: 'en' })].join('');
    expect(letter).toMatch(/2 sessions, 120 shares.*105 accepted/);
  });
});

describe('beside a published audit', () => {
  it('stand the figures of this one, also by address, machine and terahash', () => {
    const asic = (ip: string, watts: number, rate: number) =>
      host({ ip, owner: physics, bytes: [300_000, 150_000], watts, algorithm: 'sha256d', rate });
    const audit = smallAudit([asic('10.0.0.1', 1000, 30e12), asic('10.0.0.2', 2000, 70e12)]);
    const { lines } = publishedAudits(audit, PUBLISHED_AUDITS.slice(0, 1), en);
    const own = lines.flatMap((line) => (typeof line === 'string' ? [] : [printable(line[1].at(-1) ?? [])]));
    // 600,000 and 300,000 bytes in an hour; 3 kW are 72 kWh a day; 3,000 W for 100 TH/s.
    expect(own).toEqual(
      expect.arrayContaining([
        '2',
        '72.0 kWh (36.0–144)',
        '2–4',
        '3.00 kW',
        '1.50 kW',
        '36.0 kWh',
        '1.00 kbps',
        '30.0 J/TH',
      ]),
    );
  });
});

describe('a history of small audits', () => {
  it('has the sums of each day by owner and of all, of miners alone', () => {
    const history = new History('UTC');
    const again = {
      ...smallAudit([HOSTS[0]]),
      inputs: [{ ...SAMPLE.inputs[0], path: 'again', sha256: null }],
    };
    const later = {
      start: '2026-03-02T10:00:00.000Z',
      end: '2026-03-02T12:00:00.000Z',
      seconds: 7200,
      observed: [{ start: '2026-03-02T10:00:00.000Z', end: '2026-03-02T12:00:00.000Z' }],
      observedSeconds: 7200,
    };
    const timed = { firstSeen: later.start, lastSeen: later.end };
    again.hosts = again.hosts.map((each) => ({ ...each, ...timed, verdict: 'probable' }));
    again.sessions = [session('10.0.0.1', { start: later.start, end: later.end })];
    again.window = later;
    expect([history.add(smallAudit()), history.add(again)]).toEqual([null, null]);
    const rows = linesOf(renderHistoryCsv(history))
      .slice(1)
      .map((line) => line.split(','))
      .filter(([, , , figure, , value]) => figure !== 'complete' && value !== '0')
      .map(([, owner, , figure, name, value, , low, high]) =>
        [owner, figure, name, ...[value, low, high].map((cell) => cell && Number(Number(cell).toFixed(4)))]
          .filter((cell) => cell !== '')
          .join(' '),
      );
    expect(rows).toEqual([
      '* observed 10800',
      ...['* hosts confirmed 2', '* hosts probable 1', '* hosts suspected 1'],
      // The miners of the first audit, and the first of them once more: 450,000 and 900,000.
      ...['* traffic out 949500', '* traffic in 1957500'],
      // 100 W and 300 W for an hour, 100 W for two.
      ...['* energy 0.6 0.3 1.2', '* energy modelled 0.05 0.025 0.1'],
      // 7 H/s for one of three hours; 1,000 for three, and 500 for half of one.
      // Limits are half and twice, and errors are independent: of Physics in the hour and in the two hours hypot(500 / 3,
      // 1000 / 3) = 373 below and 745 above; with Chemistry's 41.7 and 83.3 that is 375 and 750.
      ...['* hashrate kawpow 2.3 1.2 4.7', '* hashrate rx/0 1080 710 1830'],
      ...['hosts confirmed 1', 'traffic out 4500', 'traffic in 22500', 'energy modelled 0.05 0.025 0.1'],
      'hashrate kawpow 2.3 1.2 4.7',
      ...['Chemistry hosts probable 1', 'Chemistry traffic out 45000', 'Chemistry traffic in 135000'],
      ...['Chemistry energy 0.3 0.15 0.6', 'Chemistry hashrate rx/0 83 42 167'],
      ...['Physics hosts confirmed 1', 'Physics hosts suspected 1'],
      ...['Physics traffic out 900000', 'Physics traffic in 1800000'],
      ...['Physics energy 0.3 0.15 0.6', 'Physics hashrate rx/0 1000 630 1750'],
    ]);
  });
});

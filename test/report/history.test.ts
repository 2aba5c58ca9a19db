/** Many audits as days: sums that are added by hand, what is left out, and what Prometheus and Grafana read. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { main } from '../../src/cli.ts';
import { History, type OwnerDay, rangeOf } from '../../src/report/history/days.ts';
import { renderHistoryCsv, renderHistoryMetrics } from '../../src/report/history/machine.ts';
import { renderHistoryTable } from '../../src/report/history/table.ts';
import { renderPrometheus } from '../../src/report/prometheus.ts';
import { statement } from '../../src/statements/index.ts';
import { capture } from '../cli/streams.ts';
import { REPO_ROOT } from '../support/corpus.ts';
import { sampleAudit, totalled } from '../support/sample-audit.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const hasPromtool = spawnSync('promtool', ['--version']).error === undefined;

/** An audit of one miner that draws 1000 W and was active from `start` to `end`. */
function audit(name: string, ip: string, start: string, end: string, more: Partial<Audit> = {}): Audit {
  const sample = sampleAudit();
  const [host] = sample.hosts;
  const [session] = sample.sessions;
  const [input] = sample.inputs;
  if (host === undefined || session === undefined || input === undefined) throw new Error('no sample');
  const window = {
    start,
    end,
    seconds: (Date.parse(end) - Date.parse(start)) / 1000,
    observed: [{ start, end }],
    observedSeconds: (Date.parse(end) - Date.parse(start)) / 1000,
  };
  const traffic = { ...host.traffic, bytesOut: 1000, bytesIn: 3000 };
  const power = {
    ...{ wattsLow: 500, watts: 1000, wattsHigh: 2000 },
    ...{ kwhPerDayLow: 12, kwhPerDay: 24, kwhPerDayHigh: 48, tier: 'A' as const },
  };
  const owner = { ...host.owner, department: 'Physics', class: 'education' as const };
  return totalled({
    ...sample,
    ...{ window, inputs: [{ ...input, path: name, sha256: null }] },
    hosts: [{ ...host, ip, duty: 1, firstSeen: start, lastSeen: end, traffic, power, owner }],
    sessions: [{ ...session, miner: { ...session.miner, ip }, start, end }],
    ...more,
  });
}

const NOON = audit('a', '192.0.2.1', '2026-03-02T06:00:00.000Z', '2026-03-02T18:00:00.000Z');
const OTHER_SITE = audit('b', '192.0.2.2', '2026-03-02T06:00:00.000Z', '2026-03-02T12:00:00.000Z');
/** Six hours before midnight, eighteen after it. */
const NIGHT = audit('c', '192.0.2.1', '2026-03-02T18:00:00.000Z', '2026-03-03T18:00:00.000Z');

function historyOf(audits: readonly Audit[], zone = 'UTC'): History {
  const history = new History(zone);
  for (const each of audits) expect(history.add(each)).toBe(null);
  return history;
}

function kwhOf(sum: OwnerDay | undefined): number[] {
  return sum?.kwh == null ? [] : rangeOf(sum.kwh).map((kwh) => Math.round(kwh));
}

describe('a history', () => {
  it('adds audits of a day, counts an address once, and parts an audit at midnight', () => {
    const [first, second, ...rest] = historyOf([NOON, OTHER_SITE, NIGHT]).days();
    expect(rest).toEqual([]);
    // 12 h, with the other site at the same time, and 6 h of the night.
    expect(first).toMatchObject({ date: '2026-03-02', seconds: 18 * 3600 });
    expect([...(first?.all.hosts.keys() ?? [])].sort()).toEqual(['192.0.2.1', '192.0.2.2']);
    // 1 kW for 12 h, 6 h and 6 h; a quarter of the traffic of the night.
    expect(kwhOf(first?.all)).toEqual([12, 24, 48]);
    expect([first?.all.bytesOut, first?.all.bytesIn]).toEqual([2250, 6750]);
    expect(second).toMatchObject({ date: '2026-03-03', seconds: 18 * 3600 });
    expect(kwhOf(second?.all)).toEqual([9, 18, 36]);
    expect(first?.owners.map(({ owner, class: of }) => [owner, of])).toEqual([['Physics', 'education']]);
    // 2150 H/s while a site is watched: 24 h of it in 18 h of the day.
    const [work] = first?.all.work ?? [];
    expect((work?.hashes ?? 0) / (first?.seconds ?? 1)).toBeCloseTo((2150 * 24) / 18, 6);
  });

  it('keeps what was seen at the midnight with which an audit ends, on the day before', () => {
    const day = audit('a', '192.0.2.1', '2026-03-02T06:00:00.000Z', '2026-03-03T00:00:00.000Z');
    const sessions = day.sessions.map((session) => ({ ...session, start: session.end }));
    const days = historyOf([{ ...day, sessions }]).days();
    expect(days.map(({ date, all }) => [date, [...all.hosts.keys()]])).toEqual([
      ['2026-03-02', ['192.0.2.1']],
    ]);
    expect(kwhOf(days[0]?.all)).toEqual([9, 18, 36]);
  });

  it('has days of the zone that is asked for', () => {
    // Midnight of Shanghai is 16:00 UTC.
    const days = historyOf([NOON], 'Asia/Shanghai').days();
    expect(days.map(({ date, seconds }) => [date, seconds / 3600])).toEqual([
      ['2026-03-02', 10],
      ['2026-03-03', 2],
    ]);
    expect(days.map(({ all }) => Math.round(all.kwh?.central ?? 0))).toEqual([10, 2]);
  });

  it('adds what is wrong about the hardware, and counting in squares; with limits beside each estimate', () => {
    const counting = { countingLow: 0.5, countingHigh: 2 };
    const [one, two] = [NOON, OTHER_SITE].map((each) => ({
      ...each,
      hosts: each.hosts.map((host) => ({ ...host, power: host.power && { ...host.power, ...counting } })),
    }));
    const [day] = historyOf([one, two]).days();
    // 12 and 6 kWh; of the hardware alone 12 and 6 at least and at most, of the counting 6 and 3 below, 12 and 6 above.
    const [low = 0, central, high = 0] = day?.all.kwh == null ? [] : rangeOf(day.all.kwh);
    expect(central).toBe(18);
    expect(low).toBeCloseTo(18 - Math.hypot(6, 3));
    expect(high).toBeCloseTo(18 + Math.hypot(12, 6));
    const csv = [...renderHistoryCsv(historyOf([one, two]))].join('');
    expect(csv).toContain('2026-03-02,*,,energy,,18,kWh,11,31,estimated');
    const metrics = [...renderHistoryMetrics(historyOf([one, two]))].join('');
    expect(metrics).toContain(
      'minesweep_day_energy_kwh_low{owner="*",class="",unit="kWh",basis="estimated"} 11 ',
    );
    expect(metrics).toMatch(/minesweep_day_hashrate_high\{.*basis="shares"\} \d/);
  });

  it('counts no input twice, and nothing that was filtered', () => {
    const history = historyOf([NOON]);
    expect(history.add(NOON)).toBe('counted-already');
    const filter = { hosts: [], departments: ['Physics'], verdict: null, pool: null };
    expect(history.add({ ...OTHER_SITE, filter })).toBe('filtered');
    expect(
      history.add({
        ...OTHER_SITE,
        window: { start: null, end: null, seconds: 0, observed: [], observedSeconds: 0 },
      }),
    ).toBe('no-window');
    const wrong = { ...OTHER_SITE.window, start: '1970-01-01T00:00:00.000Z' };
    expect(history.add({ ...OTHER_SITE, window: wrong })).toBe('too-long');
  });

  it('adds up to the same whatever the owner', () => {
    const rows = [...renderHistoryCsv(historyOf([NOON, OTHER_SITE, NIGHT]))]
      .join('')
      .split('\r\n')
      .map((line) => line.split(','));
    expect(rows[0]?.slice(0, 6)).toEqual(['day', 'owner', 'class', 'figure', 'name', 'value']);
    const sum = (owner: string, figure: string): number =>
      rows
        .filter((row) => row[1] === owner && row[3] === figure)
        .reduce((all, row) => all + Number(row[5]), 0);
    for (const figure of ['traffic', 'energy']) {
      expect(sum('*', figure)).toBeGreaterThan(0);
      expect(sum('Physics', figure)).toBeCloseTo(sum('*', figure), 6);
    }
    expect(sum('*', 'traffic')).toBeCloseTo(3 * 4000, 6);
  });
});

describe('for Prometheus', () => {
  const text = [...renderHistoryMetrics(historyOf([NOON, OTHER_SITE, NIGHT]))].join('');

  it.skipIf(!hasPromtool)(
    'are samples that it takes as blocks, with the day as time (skipped without promtool)',
    () => {
      const [file, blocks] = [path.join(folder, 'history.om'), path.join(folder, 'blocks')];
      writeFileSync(file, text);
      const made = spawnSync('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', file, blocks], {
        encoding: 'utf8',
      });
      expect([made.status, made.stderr]).toEqual([0, '']);
      // A database has a log beside its blocks.
      mkdirSync(path.join(blocks, 'wal'));
      const dumped = spawnSync('promtool', ['tsdb', 'dump', `--sandbox-dir-root=${folder}`, blocks], {
        encoding: 'utf8',
      }).stdout.split('\n');
      const energy = dumped.filter(
        (line) => line.includes('"minesweep_day_energy_kwh"') && line.includes('owner="*"'),
      );
      expect(energy.map((line) => line.split(' ').slice(-2).map(Number))).toEqual([
        [24, Date.parse('2026-03-02T06:00:00Z')],
        [18, Date.parse('2026-03-03T00:00:00Z')],
      ]);
    },
  );

  it('have the names that the dashboard asks for, in expressions that Prometheus parses', () => {
    const file = path.join(REPO_ROOT, 'packaging/grafana/minesweep.json');
    const dashboard: { panels: { targets?: { expr: string }[] }[] } = JSON.parse(readFileSync(file, 'utf8'));
    const expressions = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    expect(expressions.length).toBeGreaterThan(12);
    const asked = new Set(expressions.flatMap((expr) => expr.match(/minesweep_\w+/g) ?? []));
    // The sample has no power; the name is what counts.
    const withPower = {
      ...sampleAudit(),
      totals: { ...sampleAudit().totals, power: NOON.hosts[0]?.power ?? null },
    };
    const printed = new Set(
      [text, [...renderPrometheus(withPower)].join('')].flatMap((all) =>
        [...all.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name),
      ),
    );
    expect([...asked].filter((name) => !printed.has(name))).toEqual([]);
    if (!hasPromtool) return;
    const rules = expressions.map(
      (expr, i) => `      - record: a${i}\n        expr: ${JSON.stringify(expr)}\n`,
    );
    writeFileSync(path.join(folder, 'rules.yml'), `groups:\n  - name: x\n    rules:\n${rules.join('')}`);
    const checked = spawnSync('promtool', ['check', 'rules', path.join(folder, 'rules.yml')], {
      encoding: 'utf8',
    });
    expect([checked.status, checked.stderr]).toEqual([0, '']);
  });
});

describe('minesweep history', () => {
  async function run(...argv: readonly string[]) {
    const to = capture();
    const status = await main(argv, { SOURCE_DATE_EPOCH: '1800000000' }, to.streams);
    return { status, out: to.out(), err: to.err() };
  }

  it('finds the audits below folders, and says which it could not read', async () => {
    for (const [name, each] of Object.entries({ one: NOON, two: NIGHT })) {
      mkdirSync(path.join(folder, 'audits', name), { recursive: true });
      writeFileSync(path.join(folder, 'audits', name, 'audit.json'), JSON.stringify(each));
    }
    const whole = await run('history', path.join(folder, 'audits'));
    expect([whole.status, whole.err]).toEqual([0, '']);
    expect(whole.out.split('\r\n').filter((line) => line.includes('observed'))).toHaveLength(2);
    mkdirSync(path.join(folder, 'audits', 'bad'));
    writeFileSync(path.join(folder, 'audits', 'bad', 'audit.json'), '{"schema":');
    const damaged = await run('history', path.join(folder, 'audits'));
    expect([damaged.status, damaged.out]).toEqual([4, whole.out]);
    expect(damaged.err).toContain('bad/audit.json: not read: not an audit of minesweep: it is not JSON');
    expect((await run('history', path.join(folder, 'nothing'))).status).toBe(1);
    expect(readdirSync(path.join(folder, 'audits')).length).toBe(3);
  });

  it.skipIf(process.getuid?.() === 0)('says which folder may not be listed (skipped for root)', async () => {
    const barred = path.join(folder, 'barred');
    mkdirSync(path.join(barred, 'below'), { recursive: true, mode: 0o755 });
    chmodSync(path.join(barred, 'below'), 0);
    const { status, err } = await run('history', barred);
    expect(status).toBe(1);
    expect(err).toMatch(/barred.*cannot be listed: EACCES.*below/);
    expect(err).not.toContain('bug');
    chmodSync(path.join(barred, 'below'), 0o755);
  });

  it('is a page of its own, in both languages, with foreign names as text', async () => {
    const evil = audit('x', '192.0.2.9', '2026-03-05T06:00:00.000Z', '2026-03-05T18:00:00.000Z');
    const hosts = evil.hosts.map((host) => ({
      ...host,
      owner: { ...host.owner, department: '<img src=x> & \u202Eevil' },
    }));
    const notes = [
      statement('pseudonyms-of-accounts'),
      statement('pseudonyms-of-addresses', { range: '2001:db8::/32' }),
    ];
    writeFileSync(
      path.join(folder, 'audits', 'two', 'audit.json'),
      JSON.stringify({ ...evil, hosts, notes }),
    );
    for (const lang of ['en', 'zh']) {
      const { out } = await run('history', path.join(folder, 'audits'), '-f', 'html', '--lang', lang);
      expect(out).toContain(lang === 'en' ? 'Mining over time' : '挖矿历史');
      expect(out).toContain(
        lang === 'en'
          ? 'Pseudonyms: accounts; addresses in 2001:db8::/32'
          : '化名：账号；2001:db8::/32 内的地址',
      );
      expect(out).toContain('&lt;img src=x&gt; &amp; \\u{202e}evil');
      expect(out).not.toMatch(/<img|<script>alert|\u202E/);
      expect(out.match(/<svg/g)?.length).toBeGreaterThan(6);
    }
  });
});

it('is a line a day on a terminal, within its columns', () => {
  const lines = (width: number): string[] =>
    [...renderHistoryTable(historyOf([NOON, OTHER_SITE]), { width, language: 'en' })].join('').split('\n');
  // 12 and 6 hours of 1 kW; 4 kB each.
  expect(lines(160)[1]).toMatch(/^2026-03-02 +12 h .* 8\.00 kB +18\.0 kWh \(9\.00–36\.0\)/);
  for (const width of [80, 100])
    expect(Math.max(...lines(width).map((line) => line.length))).toBeLessThanOrEqual(width);
});

/** Nights one after the other: what is news, what is kept, and what a failed, late, repeated or incomplete night changes. */
import { describe, expect, it } from 'vitest';
import type { Audit, AuditHost, AuditUndecided, LeasedMachine, Verdict } from '../../src/audit/audit.ts';
import { type Cases, noCases } from '../../src/cases/case.ts';
import { readCases } from '../../src/cases/file.ts';
import { addNight, type NightOptions } from '../../src/cases/night.ts';
import { renderCases } from '../../src/report/night.ts';
import { newsColumns } from '../../src/report/night-rows.ts';
import { printable } from '../../src/report/phrase.ts';
import { catalogueOf } from '../../src/statements/catalogue.ts';
import { sampleAudit } from '../support/sample-audit.ts';

interface Seen {
  readonly ip: string;
  readonly verdict?: Verdict;
  readonly rate?: number;
  readonly mac?: string;
}

const [TEMPLATE] = sampleAudit().hosts;
const day = (n: number): string => `2026-11-${String(n).padStart(2, '0')}`;

function hostOf({ ip, verdict = 'confirmed', rate = 1000, mac }: Seen, n: number): AuditHost {
  const lease: LeasedMachine[] =
    mac === undefined ? [] : [{ mac, hostname: null, user: null, from: null, to: null, source: 'lines' }];
  return {
    ...TEMPLATE,
    ...{
      ip,
      verdict,
      roles: ['miner'],
      firstSeen: `${day(n)}T01:00:00.000Z`,
      lastSeen: `${day(n)}T02:00:00.000Z`,
    },
    hashrate: [
      {
        ...{ algorithm: 'rx/0', unit: 'H/s', basis: 'shares', headline: true },
        ...{ estimate: rate, low95: rate * 0.9, high95: rate * 1.1 },
      },
    ],
    ...(mac === undefined ? {} : { machines: lease }),
  };
}

/** A conversation of this client that could not be judged. */
function openTo(client: string): AuditUndecided {
  const ends = { client, server: '203.0.113.7', port: 443, name: '', transport: 'tcp' };
  return {
    ...ends,
    start: `${day(1)}T01:00:00.000Z`,
    end: `${day(1)}T02:00:00.000Z`,
    bytes: 1000,
    reason: 'encrypted',
  };
}

function audit(n: number, hosts: readonly Seen[], complete = true, open: AuditUndecided[] = []): Audit {
  const whole = sampleAudit();
  return {
    ...whole,
    window: {
      start: `${day(n)}T00:00:00.000Z`,
      end: `${day(n)}T23:59:00.000Z`,
      seconds: 86_340,
      observed: [],
      observedSeconds: 86_340,
    },
    coverage: { ...whole.coverage, complete, undecided: open },
    sessions: [],
    hosts: hosts.map((host) => hostOf(host, n)),
  };
}

/** Takes a night in; its news as 'kind ip'. */
function night(
  known: Cases,
  n: number,
  hosts: readonly Seen[],
  {
    complete = true,
    damaged = false,
    failOn = 'probable' as Verdict,
    open = [] as AuditUndecided[],
    ...asked
  }: Partial<NightOptions> & { readonly complete?: boolean; readonly open?: AuditUndecided[] } = {},
) {
  const options = { failOn, goneAfter: 7, zone: 'UTC', damaged, ...asked };
  const taken = addNight(known, audit(n, hosts, complete, open), options);
  return { ...taken, said: taken.news.map(({ kind, case: { machine } }) => `${kind} ${machine.ip}`) };
}

const A = { ip: '192.0.2.1' };
const B = { ip: '192.0.2.2' };

describe('figures of cases', () => {
  it('are marked if nothing that was read gives them', () => {
    const known = noCases();
    const modelled = audit(1, [A, B]);
    const [host] = modelled.hosts;
    if (host.power === null) throw new Error('the sample has no power');
    host.power = { ...host.power, watts: 319, tier: 'C' };
    host.hashrate = [{ ...host.hashrate[0], basis: 'self-reported' }];
    const { news } = addNight(known, modelled, {
      failOn: 'probable',
      goneAfter: 7,
      zone: 'UTC',
      damaged: false,
    });
    const text = catalogueOf('en');
    const cells = news.map((each) =>
      newsColumns(text, 'UTC').flatMap(({ id, cell }) =>
        id === 'power' || id === 'hashrate' ? [printable(cell(each).at(-1) ?? [])] : [],
      ),
    );
    expect(cells[0]).toEqual(['~1.00 kH/s', '~319 W']);
    expect(cells[1].join()).not.toContain('~');
    const listed = [...renderCases(known.cases, { width: 200, zone: 'UTC', language: 'en' })].join('');
    expect(listed.split('\n').filter((line) => line.includes('~'))).toEqual([
      expect.stringMatching(/192\.0\.2\.1 .*~\d/),
    ]);
  });
});

describe('a night', () => {
  it('tells everything the first time, and nothing of it again', () => {
    const known = noCases();
    expect(night(known, 1, [A, B])).toMatchObject({
      said: ['new 192.0.2.1', 'new 192.0.2.2'],
      matched: true,
    });
    expect(night(known, 2, [A, B], { failOnNew: true })).toMatchObject({
      said: [],
      matched: false,
      rest: { mining: 2, unseen: 0 },
    });
    expect(known.cases.map(({ nights }) => nights.length)).toEqual([2, 2]);
  });

  it('matches while a case is open, and neither acknowledged nor accepted', () => {
    const known = noCases();
    const row = (machine: string, until: string) => ({ machine, until, because: 'course' });
    night(known, 1, [A, B]);
    const ips = ({ openCases = [] }: { openCases?: { machine: { ip: string } }[] }) =>
      openCases.map(({ machine }) => machine.ip).sort();
    // Not seen in this night, it is open still.
    const second = night(known, 2, [B]);
    expect([second.said, second.matched, ips(second)]).toEqual([[], true, [A.ip, B.ip]]);
    const one = night(known, 3, [A, B], { accepted: [row(A.ip, day(3))] });
    expect([one.matched, ips(one), one.rest]).toMatchObject([true, [B.ip], { acknowledged: 1, mining: 1 }]);
    const all = night(known, 4, [A, B], { accepted: [row(A.ip, day(4)), row(B.ip, day(9))] });
    expect([all.matched, ips(all), all.rest.acknowledged]).toEqual([false, [], 2]);
    // It was accepted up to the day before.
    const after = night(known, 5, [A, B], { accepted: [row(A.ip, day(4)), row(B.ip, day(9))] });
    expect([after.said, after.matched, ips(after)]).toEqual([[], true, [A.ip]]);
    for (const each of known.cases) Object.assign(each, { state: 'acknowledged', until: day(9) });
    expect(night(known, 6, [A, B])).toMatchObject({ matched: false, openCases: [] });
    // A weaker case is no case of the threshold.
    expect(night(noCases(), 1, [{ ...A, verdict: 'suspected' }])).toMatchObject({
      matched: false,
      openCases: [],
    });
  });

  it('tells of a machine that is gone after seven complete nights, and of one that is back', () => {
    const known = noCases();
    night(known, 1, [A, B]);
    for (let n = 2; n <= 7; n++) expect(night(known, n, [B]).said).toEqual([]);
    expect(night(known, 8, [B]).said).toEqual(['gone 192.0.2.1']);
    expect(night(known, 9, [B]).said).toEqual([]);
    expect(night(known, 10, [A, B])).toMatchObject({ said: ['back 192.0.2.1'], matched: true });
    expect(known.cases[0]).toMatchObject({ state: 'back', opened: `${day(1)}T01:00:00.000Z` });
  });

  it('closes nothing if something of the machine stayed open, or it was damaged, or did not happen', () => {
    const known = noCases();
    night(known, 1, [A, B]);
    for (let n = 2; n <= 7; n++) night(known, n, [B], { complete: false });
    expect(night(known, 8, [B], { open: [openTo('192.0.2.1')] }).said).toEqual([]);
    expect(night(known, 9, [B], { damaged: true }).said).toEqual([]);
    // The tenth failed: nobody asked. The eleventh is the seventh without the machine, whatever stays open of others.
    expect(night(known, 11, [B], { open: [openTo('192.0.2.99')] }).said).toEqual(['gone 192.0.2.1']);
  });

  it('tells of pairs that could not be judged once, the longest of the new ones if asked for', () => {
    const known = noCases();
    const [one, other] = [openTo('192.0.2.1'), openTo('192.0.2.2')];
    expect(night(known, 1, [], { open: [one, one] }).open).toEqual({ pairs: 1, fresh: 1, longest: [] });
    const second = night(known, 2, [], { open: [one, other], undecided: 5, failOnUndecided: 1 });
    expect(second).toMatchObject({ open: { pairs: 2, fresh: 1, longest: [other] }, matched: true });
    const third = night(known, 3, [], { open: [one, other], undecided: 5, failOnUndecided: 1 });
    expect(third).toMatchObject({ open: { pairs: 2, fresh: 0, longest: [] }, matched: false });
  });

  it('tells of a stronger verdict and of twice the rate of the week', () => {
    const known = noCases();
    night(known, 1, [{ ...A, verdict: 'suspected' }, B]);
    expect(known.cases.map(({ verdict }) => verdict)).toEqual(['suspected', 'confirmed']);
    const second = night(known, 2, [
      { ...A, verdict: 'probable' },
      { ...B, rate: 1900 },
    ]);
    expect(second.said).toEqual(['worse 192.0.2.1']);
    expect(second.news[0]).toMatchObject({ reason: 'stronger', before: 'suspected' });
    expect(
      night(known, 3, [
        { ...A, verdict: 'probable' },
        { ...B, rate: 3000 },
      ]).said,
    ).toEqual(['worse 192.0.2.2']);
    expect(
      night(known, 4, [
        { ...A, verdict: 'suspected' },
        { ...B, rate: 3000 },
      ]).said,
    ).toEqual([]);
  });

  it('tells once of a rate that stays', () => {
    const known = noCases();
    const rates = [1000, 1000, 1000, 1000, 1000, 1000, 1000, 10_000, 10_000, 10_000, 10_000];
    const said = rates.map((rate, i) => night(known, i + 1, [{ ...A, rate }]).said);
    expect(said.flat()).toEqual(['new 192.0.2.1', 'worse 192.0.2.1']);
  });

  it('takes what a wrong clock dated for seen in this night', () => {
    const known = noCases();
    const wrong = audit(2, [A]);
    Object.assign(wrong.hosts[0], {
      firstSeen: '1970-01-01T00:00:00.000Z',
      lastSeen: '2099-01-01T00:00:00.000Z',
    });
    addNight(known, wrong, { failOn: 'probable', goneAfter: 7, zone: 'UTC', damaged: false });
    expect(known.cases[0]).toMatchObject({
      opened: `${day(2)}T00:00:00.000Z`,
      lastSeen: `${day(2)}T23:59:00.000Z`,
    });
  });

  it('does not tell of what is weaker than was asked for', () => {
    const known = noCases();
    expect(night(known, 1, [{ ...A, verdict: 'suspected' }])).toMatchObject({
      said: [],
      matched: false,
      rest: { mining: 0, weaker: 1 },
    });
    expect(night(noCases(), 1, [{ ...A, verdict: 'suspected' }], { failOn: 'suspected' }).said).toEqual([
      'new 192.0.2.1',
    ]);
  });

  it('is silent about what is acknowledged until that ends', () => {
    const known = noCases();
    night(known, 1, [A]);
    Object.assign(known.cases[0], {
      state: 'acknowledged',
      until: day(3),
      because: 'a course',
      changed: `${day(2)}T08:00:00.000Z`,
    });
    expect(night(known, 2, [{ ...A, rate: 9000 }])).toMatchObject({ said: [], rest: { acknowledged: 1 } });
    expect(night(known, 3, [A]).said).toEqual([]);
    const ended = night(known, 4, [A]);
    expect(ended.said).toEqual(['back 192.0.2.1']);
    expect(ended.news[0].reason).toBe('acknowledgement-ended');
    expect(known.cases[0]).toMatchObject({ state: 'open', until: null, because: null });
  });

  it('tells of a closed case only if the machine mined after that', () => {
    const known = noCases();
    night(known, 1, [A]);
    Object.assign(known.cases[0], { state: 'closed', changed: `${day(2)}T12:00:00.000Z` });
    expect(night(known, 2, [A]).said).toEqual([]);
    expect(night(known, 3, [A]).said).toEqual(['back 192.0.2.1']);
  });

  it('may come twice or late', () => {
    const known = noCases();
    night(known, 1, [A]);
    night(known, 5, [A]);
    const before = structuredClone(known);
    expect(night(known, 5, [A]).said).toEqual([]);
    expect(known).toEqual(before);
    expect(night(known, 3, [A, B]).said).toEqual(['new 192.0.2.2']);
    expect(known.cases[0]).toMatchObject({ lastSeen: `${day(5)}T02:00:00.000Z` });
    expect(known.cases[0].nights.map(({ date }) => date)).toEqual([day(1), day(3), day(5)]);
    expect(known.nights.map(({ date }) => date)).toEqual([day(1), day(3), day(5)]);
  });

  it('adds up the energy of a case once for each night', () => {
    const known = noCases();
    const kwh = ((TEMPLATE.power?.kwhPerDay ?? 0) * 86_340) / 86_400;
    night(known, 1, [A]);
    night(known, 1, [A]);
    night(known, 2, [A]);
    expect(kwh).toBeGreaterThan(0);
    expect(known.cases[0].kwh).toBeCloseTo(2 * kwh, 9);
  });

  it('keeps 400 nights of each case, and no case that was not seen in them', () => {
    const known = noCases();
    for (let n = 0; n < 420; n++) {
      const date = new Date(Date.UTC(2025, 0, 1 + n)).toISOString().slice(0, 10);
      const of = {
        ...audit(1, n === 0 ? [A, B] : [A]),
        window: {
          start: `${date}T00:00:00.000Z`,
          end: `${date}T23:00:00.000Z`,
          seconds: 82_800,
          observed: [],
          observedSeconds: 82_800,
        },
      };
      addNight(known, of, { failOn: 'probable', goneAfter: 7, zone: 'UTC', damaged: false });
    }
    expect(known.cases.map(({ nights }) => nights.length)).toEqual([400]);
    expect(known.nights).toHaveLength(400);
  });
});

describe('a machine', () => {
  const [ONE, OTHER] = ['aa:bb:cc:00:00:01', 'aa:bb:cc:00:00:02'];

  it('is one case whatever its address', () => {
    const known = noCases();
    night(known, 1, [{ ...A, mac: ONE }]);
    expect(night(known, 2, [{ ...B, mac: ONE }]).said).toEqual([]);
    expect(known.cases).toHaveLength(1);
    expect(known.cases[0].machine).toMatchObject({ ip: B.ip, mac: ONE });
    // Another machine has the first address now.
    expect(night(known, 3, [{ ...A, mac: OTHER }]).said).toEqual(['new 192.0.2.1']);
    expect(known.cases).toHaveLength(2);
  });

  it('is one sighting if it has two addresses in a night, with the energy of both', () => {
    const known = noCases();
    for (let again = 0; again < 2; again++)
      night(known, 1, [
        { ...A, mac: ONE, rate: 500 },
        { ...B, mac: ONE },
      ]);
    const [{ nights, kwh, machine }, ...others] = known.cases;
    expect([others, nights.length, nights[0].rate, machine.ip]).toEqual([[], 1, 1000, B.ip]);
    expect(kwh).toBeCloseTo((2 * (TEMPLATE.power?.kwhPerDay ?? 0) * 86_340) / 86_400, 9);
  });

  it('without a lease is the one that had the address last', () => {
    const known = noCases();
    night(known, 1, [{ ...A, mac: ONE }]);
    night(known, 3, [{ ...A, mac: OTHER }]);
    expect(night(known, 4, [A]).said).toEqual([]);
    expect(known.cases.map(({ nights }) => nights.length)).toEqual([1, 2]);
  });

  it('is not lost if nobody can tell which of two it was, nor told of what nobody had a lease for', () => {
    const two = audit(1, [{ ...A, mac: ONE }]);
    const [host] = two.hosts;
    const lease = host.machines?.[0];
    if (lease === undefined) throw new Error('no lease');
    host.machines?.push({ ...lease, mac: OTHER });
    const options = { failOn: 'probable', goneAfter: 7, zone: 'UTC', damaged: false } as const;
    const macs = (of: Audit) => addNight(noCases(), of, options).news.map((news) => news.case.machine.mac);
    // Flow logs have hosts without sessions.
    expect(macs(two)).toEqual([null]);
    const [session] = sampleAudit().sessions;
    const own = { ...session, miner: { ip: A.ip, port: 1 }, verdict: 'confirmed' as const };
    const sessions = [{ ...own, machine: lease }, own];
    expect(macs({ ...two, hosts: [{ ...host, machines: [lease] }], sessions })).toEqual([ONE, null]);
  });

  it('stays itself if one night has no lease of it', () => {
    const known = noCases();
    night(known, 1, [{ ...A, mac: ONE }]);
    expect(night(known, 2, [A]).said).toEqual([]);
    expect(known.cases).toHaveLength(1);
    expect(known.cases[0].machine.mac).toBe(ONE);
  });

  it('stays itself if a lease tells its name one night, and frames its hardware address the next', () => {
    const known = noCases();
    const named = audit(1, [{ ...A, mac: ONE }]);
    for (const lease of named.hosts[0].machines ?? []) Object.assign(lease, { mac: null, hostname: 'pc-7' });
    const options = { failOn: 'probable', goneAfter: 7, zone: 'UTC', damaged: false } as const;
    addNight(known, named, options);
    expect(night(known, 2, [{ ...A, mac: ONE }]).said).toEqual([]);
    expect(known.cases.map(({ machine }) => [machine.mac, machine.hostname])).toEqual([[ONE, 'pc-7']]);
  });

  it('takes over the case of its address once a lease tells', () => {
    const known = noCases();
    night(known, 1, [A]);
    expect(night(known, 2, [{ ...A, mac: ONE }]).said).toEqual([]);
    expect(known.cases[0].machine.mac).toBe(ONE);
  });
});

it('a device is no file of cases, and nothing waits for it', async () => {
  await expect(readCases('/dev/zero')).rejects.toThrow('a pipe or a device');
});

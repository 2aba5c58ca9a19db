/** What a flow log of the same site tells of an audit with pseudonyms: of exact rows which host each is, of coarse ones no more than chance. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { coarse } from '../../src/audit/coarse.ts';
import { readAudit } from '../../src/audit/read-audit.ts';
import { auditProblem } from '../../src/audit/schema.ts';
import { main } from '../../src/cli.ts';
import { pseudonymizeAudit } from '../../src/pseudonyms/audit.ts';
import { createPseudonymizer } from '../../src/pseudonyms/pseudonymizer.ts';
import { capture } from '../cli/streams.ts';
import { conversation } from '../support/conversation.ts';
import { sampleAudit } from '../support/sample-audit.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const HOSTS = 21;
const KEY = 'an operator keeps this key';
const names = (isRandom: boolean) =>
  createPseudonymizer({ key: KEY, accounts: true, addresses: true, isRandom });

const H = '3b5766388903a9c81cc919f6f344bafb23813fa90b13a023af11bab1240f16a7';
const job = {
  blob: `1010d7a1b2c306${H}00000000${H}05`,
  job_id: 'j1',
  target: 'b88d0600',
  algo: 'rx/0',
  height: 1,
  seed_hash: H,
};

/** Hosts that mine at one pool in the same minutes, each a little later and with a little more to say than the one before. */
async function siteAudit(): Promise<Audit> {
  const packets = Array.from({ length: HOSTS }, (_, i) => {
    const talk = conversation({
      miner: `10.20.${i % 3}.${17 + 5 * i}:${40_000 + 7 * i}`,
      pool: '198.51.100.7:3333',
      startUs: 1_795_560_000_000_000 + i * 600_000,
    });
    return talk
      .connect()
      .minerSays({
        id: 1,
        method: 'login',
        params: { login: `acct${i}`, pass: 'x', agent: `XMRig/6.22.2${' '.repeat(i)}` },
      })
      .poolSays({ id: 1, jsonrpc: '2.0', error: null, result: { id: 's', job, status: 'OK' } })
      .after(65 + 0.1 * i)
      .minerSays({
        id: 2,
        method: 'submit',
        params: { id: 's', job_id: 'j1', nonce: '020000aa', result: `000000${H.slice(6)}` },
      })
      .poolSays({ id: 2, jsonrpc: '2.0', error: null, result: { status: 'OK' } })
      .toPackets();
  });
  return scanInputs(
    [
      writeCapture(
        folder,
        'site',
        packets.flat().sort((a, b) => a.timeUs - b.timeUs),
      ),
    ],
    {
      local: ['10.20.0.0/16'],
    },
  );
}

type Row = Pick<Audit['sessions'][number], 'miner' | 'start' | 'end' | 'traffic'>;

/** Hosts that somebody with the site's flows names rightly, who takes the likeliest flow of each session, by lot among equal ones. */
function linked(shared: readonly Row[], flows: readonly Row[], truth: (ip: string) => string): number {
  const distance = (a: Row, b: Row): number =>
    (a.miner.port !== 0 && a.miner.port === b.miner.port ? 0 : 1e6) +
    Math.abs(Date.parse(a.start) - Date.parse(b.start)) +
    Math.abs(Date.parse(a.end) - Date.parse(b.end)) +
    Math.abs(a.traffic.bytesOut - b.traffic.bytesOut) +
    Math.abs(a.traffic.bytesIn - b.traffic.bytesIn);
  let right = 0;
  for (const row of shared) {
    const distances = flows.map((flow) => distance(row, flow));
    const least = Math.min(...distances);
    const likely = flows.filter((_, i) => distances[i] === least);
    if (likely.some(({ miner }) => truth(miner.ip) === row.miner.ip)) right += 1 / likely.length;
  }
  return right;
}

describe('a flow log of the site', () => {
  it('names each host of an audit with exact rows, and of coarse ones with random pseudonyms as many as chance', async () => {
    const audit = await siteAudit();
    expect(audit.sessions).toHaveLength(HOSTS);
    for (const isRandom of [false, true]) {
      const by = names(isRandom);
      const exact = pseudonymizeAudit(audit, by);
      expect(linked(exact.sessions, audit.sessions, by.address)).toBe(HOSTS);
    }
    const by = names(true);
    const shared = pseudonymizeAudit(coarse(audit), by);
    expect(shared.sessions.map(({ miner }) => miner.port)).toEqual(audit.sessions.map(() => 0));
    expect(linked(shared.sessions, audit.sessions, by.address)).toBeLessThanOrEqual(1);
    // All did the same work, each for other seconds, which nothing tells.
    const figures = JSON.stringify(shared.sessions.map(({ hashrate }) => hashrate[0].estimate));
    expect(new Set(JSON.parse(figures)).size).toBe(1);
    for (const { hashrate, duty, power } of shared.hosts)
      expect([hashrate, duty, power]).toEqual(
        [shared.hosts[0]].flatMap((first) => [first.hashrate, first.duty, first.power]),
      );
    expect(shared.machines.map(({ energy }) => energy)).toEqual(
      shared.machines.map(() => shared.machines[0].energy),
    );
    // Nobody who sorts flows by any column has the order of the rows.
    const order = shared.sessions.map(({ miner }) =>
      audit.sessions.findIndex((row) => by.address(row.miner.ip) === miner.ip),
    );
    expect(order.filter((at, i) => at === i).length).toBeLessThan(6);
  });

  it('says what is not hidden, in one sentence of the audit', async () => {
    const said = (audit: Audit) =>
      audit.notes.filter(({ code }) => code === 'pseudonyms-not-hidden').map(({ text }) => text);
    expect(said(pseudonymizeAudit(sampleAudit(), names(false)))).toEqual([
      expect.stringContaining('exact times, ports and sizes'),
    ]);
    expect(said(pseudonymizeAudit(coarse(sampleAudit()), names(true)))).toEqual([
      expect.stringContaining('in which minutes'),
    ]);
  });
});

describe('a coarse audit', () => {
  const shared = coarse(sampleAudit());
  const text = JSON.stringify(shared);

  it('is whole: its totals are those of its rows', async () => {
    expect(auditProblem(shared)).toBeNull();
    const file = path.join(folder, 'coarse.json');
    writeFileSync(file, text);
    expect((await readAudit(file, Readable.from([]))).hosts).toHaveLength(7);
  });

  it('has no second, no client port, no record, no exact size and no hash', () => {
    const times = text.match(/"\d{4}-\d\d-\d\dT[^"]*Z"/g) ?? [];
    expect(times.length).toBeGreaterThan(20);
    expect(times.filter((time) => !time.endsWith(':00.000Z"'))).toEqual([]);
    expect([...new Set(text.match(/"(?:record|at|sha256)":[^,}]+/g))].sort()).toEqual([
      '"at":0',
      '"record":0',
      '"sha256":null',
    ]);
    const rows = JSON.stringify([shared.hosts, shared.sessions, shared.pools, shared.inputs]);
    const sizes = rows.match(/"(?:bytes|packets|mbps)\w*":[^,}]+/g) ?? [];
    expect(sizes.length).toBeGreaterThan(50);
    expect(sizes.filter((size) => !/:(?:0|(?:0\.0*)?[125]0*|[125]e[+-]\d+)$/.test(size))).toEqual([]);
    expect(text).not.toContain('"merge"');
  });
});

describe('pseudonyms of addresses', () => {
  const random = names(true);
  const prefix = names(false);
  const bits = (ip: string): string =>
    ip
      .split(':')
      .slice(2)
      .map((part) =>
        Number.parseInt(part || '0', 16)
          .toString(2)
          .padStart(16, '0'),
      )
      .join('');

  it('that are random have no more in common in a network than elsewhere', () => {
    const common = (a: string, b: string): number => {
      let at = 0;
      while (at < a.length && a[at] === b[at]) at++;
      return at;
    };
    const near = Array.from({ length: 200 }, (_, i) => bits(random.address(`10.1.2.${i}`)));
    const mean = near.slice(1).reduce((sum, each, i) => sum + common(each, near[i]), 0) / 199;
    // A fair coin agrees once on average before it does not.
    expect(mean).toBeLessThan(2);
    expect(new Set(near).size).toBe(200);
    expect(random.address('10.1.2.3')).toBe(names(true).address('10.1.2.3'));
    expect(random.address('10.1.2.3')).not.toBe(prefix.address('10.1.2.3'));
  });

  it('have no network among them, by which the bits of hosts could be read', async () => {
    const audit = await siteAudit();
    expect(audit.merge?.local).toEqual(['10.20.0.0/16']);
    for (const by of [prefix, random]) {
      const shared = pseudonymizeAudit(
        { ...audit, notes: [{ code: 'verbatim', params: {}, text: 'own 10.20.0.0/16, fd00:1::/32' }] },
        by,
      );
      expect(shared.merge?.local).toEqual([]);
      const first = [by.address('10.20.0.0'), by.address('fd00:1::')];
      expect(first.filter((ip) => JSON.stringify(shared).includes(ip))).toEqual([]);
      expect(JSON.stringify(shared.notes)).toMatch(/own net-\w{8}, net-\w{8}/);
    }
  });
});

it('--coarse and --pseudonymize-as want --pseudonymize', async () => {
  for (const flags of [['--coarse'], ['--pseudonymize-as', 'random']]) {
    const to = capture();
    expect(await main(['report', 'x.json', ...flags], {}, to.streams)).toBe(2);
    expect(to.err()).toContain('without --pseudonymize there are no pseudonyms');
  }
});

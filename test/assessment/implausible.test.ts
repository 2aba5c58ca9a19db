/** A rate that the machines behind an address cannot have is no headline, and its evidence says why. */
import { describe, expect, it } from 'vitest';
import { refusalsOf } from '../../src/assessment/implausible.ts';
import type { Audit } from '../../src/audit/audit.ts';
import { totalHeadlines } from '../../src/audit/rate-rows.ts';
import { conversation } from '../support/conversation.ts';
import { scanInputs } from '../support/scanning.ts';
import { bareSession, finalizedAs } from '../support/sessions.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();

const HEX = '3b5766388903a9c81cc919f6f344bafb23813fa90b13a023af11bab1240f16a7';

/** An Ergo session: shares, one every 10 s, each of 2^256/b hashes. */
async function mined(name: string, agent: string | null, hashes: number, shares = 20): Promise<Audit> {
  const b = (2n ** 256n / BigInt(hashes)).toString();
  let talk = conversation({ miner: '192.0.2.9:40000', pool: '198.51.100.9:3333' })
    .connect()
    .minerSays({ id: 1, method: 'mining.subscribe', params: agent === null ? [] : [agent] })
    .poolSays({ id: 1, result: [[['mining.notify', '1']], '08000002', 4], error: null })
    .minerSays({ id: 2, method: 'mining.authorize', params: ['rigs.w', 'x'] })
    .poolSays(
      { id: 2, result: true, error: null },
      { id: null, method: 'mining.notify', params: ['j', 1_400_000, HEX, '', '', '00000002', b, '', true] },
    );
  for (let id = 10; id < 10 + shares; id++) {
    const nonce = `080000020a${id}5566`;
    talk = talk
      .after(10)
      .minerSays({ id, method: 'mining.submit', params: ['rigs.w', 'j', `0a${id}5566`, '692ab1c0', nonce] })
      .poolSays({ id, result: true, error: null });
  }
  return scanInputs([writeCapture(folder, `${name}.pcap`, talk.toPackets())]);
}

const headlines = (audit: Audit): boolean[] => audit.hosts[0].hashrate.map(({ headline }) => headline);
const kinds = (audit: Audit): string[] => audit.hosts[0].evidence.map(({ kind }) => kind);

describe('a headline', () => {
  it('is refused to a rig of cards with a thousand times its rate, with the reason', async () => {
    // 20 shares of 7.5e13 hashes in 200 s: 7.5 TH/s, at 0.7 J/MH 5 MW.
    const audit = await mined('ergo-absurd', 'TeamRedMiner/0.10.21', 75e12);
    expect(headlines(audit)).toEqual([false]);
    expect(audit.totals.hashrate).toEqual([]);
    expect(kinds(audit)).toContain('implausible-rate');
    const reason = audit.hosts[0].evidence.find(({ kind }) => kind === 'implausible-rate');
    expect(reason?.params).toMatchObject({ algorithm: 'autolykos2', machine: 'gpu', machines: 1 });
    // What one rig's worth of power takes, at most.
    expect(audit.hosts[0].power?.watts ?? 0).toBeLessThan(10_000);
  });

  it('is refused to whoever does not say what it runs as well', async () => {
    const audit = await mined('ergo-silent', null, 75e12);
    expect([audit.sessions[0].agent, headlines(audit), kinds(audit).includes('implausible-rate')]).toEqual([
      null,
      [false],
      true,
    ]);
  });

  it('is left to a rig of cards, and to a large one', async () => {
    for (const hashes of [1e9, 30e9]) {
      const audit = await mined(`ergo-${hashes}`, 'TeamRedMiner/0.10.21', hashes);
      expect(headlines(audit)).toEqual([true]);
      expect(kinds(audit)).not.toContain('implausible-rate');
    }
  });

  it('is judged by what the miner says it runs', () => {
    const machines = ['cpuminer/2.5.1', null].map((agent) => {
      const session = bareSession('stratum-v1');
      session.claims.agent = agent;
      const ledger = { ip: '192.0.2.1', sessions: [finalizedAs(session)], poolConnections: [] };
      const selfReported = new Map([['sha256d', 1e18]]);
      return refusalsOf(ledger, { works: [], counters: [], selfReported }).get('sha256d')?.machine;
    });
    expect(machines).toEqual(['cpu', 'gpu']);
  });

  it('is left to a proxy for ten rigs, and for no more', async () => {
    // 200 GH/s: 140 kW of the best cards.
    expect(headlines(await mined('ergo-proxy', 'stratum-proxy/1.0', 2e12))).toEqual([true]);
    expect(headlines(await mined('ergo-no-proxy', 'TeamRedMiner/0.10.21', 2e12))).toEqual([false]);
    expect(headlines(await mined('ergo-large-proxy', 'stratum-proxy/1.0', 75e12))).toEqual([false]);
  });

  it('is refused to one share of more than a rig can have, although its interval is wide', async () => {
    const audit = await mined('ergo-one-share', 'TeamRedMiner/0.10.21', 1e13, 1);
    const [rate] = audit.hosts[0].hashrate;
    expect(rate.low95).toBeLessThan(50e9);
    expect([rate.headline, audit.totals.hashrate.length]).toEqual([false, 0]);
  });

  it('takes no more power than its machines draw', async () => {
    // 50 GH/s: at 0.7 to 1.8 J/MH 35 to 90 kW, of one rig.
    const audit = await mined('ergo-power', 'TeamRedMiner/0.10.21', 5e11);
    expect(headlines(audit)).toEqual([true]);
    const { wattsHigh = 0, watts = 0 } = audit.hosts[0].power ?? {};
    expect(watts).toBeGreaterThan(9000);
    // 10 kW, and at most half as much for cooling.
    expect(wattsHigh).toBeLessThanOrEqual(15_000);
    expect(audit.totals.powerAssumptions.map(({ code }) => code)).toContain('power-bounded');
  });
});

it('a total of more than the whole network is none', () => {
  const row = { algorithm: 'rx/0', unit: 'H/s', basis: 'shares', headline: false, hosts: 20_000 } as const;
  const totals = (estimate: number): number =>
    totalHeadlines([{ ...row, estimate, low95: estimate, high95: estimate }]).length;
  // Monero's largest year had 6.8 GH/s.
  expect([totals(1e9), totals(50e9)]).toEqual([1, 0]);
});

/** Machines behind one address, at least and at most. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { matchPool } from '../../src/endpoints/pool-match.ts';
import { NOTHING_SHOWN } from '../../src/evidence/secrets.ts';
import { openLedgers, rigsBehind } from '../../src/hosts/ledger.ts';
import { PoolSet } from '../../src/pools/pool-set.ts';
import { finalizeSession, readCounters } from '../../src/sessions/finalize.ts';
import { JOB } from '../../src/sessions/observations.ts';
import { conversation } from '../support/conversation.ts';
import { scanInputs } from '../support/scanning.ts';
import { searching } from '../support/sessions.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const START = 1_790_000_000_000_000;

/** One connection with so many logins, each of which submits a share. */
function connection(port: number, logins: readonly string[], at = 0) {
  let talk = conversation({
    miner: `192.0.2.9:${port}`,
    pool: '198.51.100.1:3333',
    startUs: START + at * 1e6,
  })
    .connect()
    .minerSays({ id: 1, method: 'mining.subscribe', params: ['cgminer/4.13.1'] })
    .poolSays({ id: 1, result: [[['mining.notify', 'a6']], '5e0a11c7', 4], error: null });
  logins.forEach((login, i) => {
    talk = talk
      .minerSays({ id: 10 + i, method: 'mining.authorize', params: [login, 'x'] })
      .poolSays({ id: 10 + i, result: true, error: null });
  });
  const job = ['4f', '11'.repeat(32), '01', '02', [], '20000000', '17034219', '68a1b2c3', true];
  talk = talk.poolSays({ id: null, method: 'mining.notify', params: job }).after(30);
  logins.forEach((login, i) => {
    talk = talk
      .minerSays({
        id: 50 + i,
        method: 'mining.submit',
        params: [login, '4f', `0000000${i}`, '68a1b2c3', '0000148f'],
      })
      .poolSays({ id: 50 + i, result: true, error: null });
  });
  return talk.toPackets();
}

async function rigs(name: string, ...parts: readonly ReturnType<typeof connection>[]) {
  const packets = parts.flat().sort((a, b) => a.timeUs - b.timeUs);
  const audit = await scanInputs([writeCapture(folder, name, packets)]);
  const [{ rigs: found, rigsBy = [] }] = audit.hosts;
  return { ...found, by: rigsBy };
}

describe('the machines behind one address', () => {
  it('are one for one login, whatever its name', async () => {
    expect(await rigs('one', connection(4000, ['acct.r1']))).toEqual({ low: 1, high: 1, by: [] });
  });

  it('are up to as many as workers are named, at one time or not', async () => {
    const [first, second] = [connection(4000, ['acct.r1']), connection(4001, ['acct.r2'], 100)];
    expect(await rigs('workers', first, second)).toEqual({ low: 1, high: 2, by: ['workers'] });
  });

  it('are up to as many as log in on one connection, by account alone as well', async () => {
    expect(await rigs('logins', connection(4000, ['ann', 'bob', 'eve']))).toEqual({
      ...{ low: 1, high: 3 },
      by: ['logins'],
    });
  });

  it('are up to as many as there are connections at one time, not one after the other', async () => {
    const together = [0, 1, 2].map((i) => connection(4000 + i, ['acct'], i));
    expect(await rigs('together', ...together)).toEqual({ low: 1, high: 3, by: ['connections'] });
    const inTurn = [0, 1, 2].map((i) => connection(4000 + i, ['acct'], i * 100));
    expect(await rigs('turns', ...inTurn)).toEqual({ low: 1, high: 1, by: [] });
  });

  it('are as many as the set bytes of nonces tell apart, at the least as well', async () => {
    const session = searching({ rates: [900, 450, 1200], sets: true });
    session.observed.note(JOB, { timeUs: START, record: 1, input: 0 }, 'pool', NOTHING_SHOWN);
    session.cover(START, START + 360e6);
    const match = matchPool(new PoolSet(), [], '198.51.100.1', 3333, START);
    const finalized = finalizeSession(session, match, () => null);
    if (finalized === null) throw new Error('no session');
    const [ledger] = openLedgers(readCounters([finalized]), []);
    expect(rigsBehind(ledger)).toEqual({ low: 3, high: 3, by: ['nonces'] });
  });

  it('are, in flow records, one at least and as many as connect at one time, a short gap in between or not', async () => {
    // Three miners all day, of which one comes back on another port after ten minutes.
    const spans = [
      [4000, 0, 24],
      [4001, 0, 24],
      [4002, 0, 12],
      [4003, 12 + 1 / 6, 24],
    ] as const;
    const rows = spans.flatMap(([port, from, to]) => {
      const times = [from, to].map((hour) => new Date(START / 1000 + hour * 3_600_000).toISOString());
      const counts = `tcp,${Math.round((to - from) * 400)},${Math.round((to - from) * 50_000)}`;
      return [
        `${times},192.0.2.9,203.0.113.9,${port},3333,${counts}`,
        `${times},203.0.113.9,192.0.2.9,3333,${port},${counts}`,
      ];
    });
    const flows = path.join(folder, 'flows.csv');
    const pools = path.join(folder, 'pools.txt');
    writeFileSync(flows, ['start,end,src,dst,sport,dport,proto,packets,bytes', ...rows, ''].join('\n'));
    writeFileSync(pools, '203.0.113.9:3333\n');
    const audit = await scanInputs([flows], { poolFiles: [pools] });
    expect(audit.hosts.map(({ verdict, rigs, rigsBy }) => ({ verdict, rigs, rigsBy }))).toEqual([
      { verdict: 'probable', rigs: { low: 1, high: 3 }, rigsBy: ['connections'] },
    ]);
  });
});

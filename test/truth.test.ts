/**
 * The laboratory captures: each session is found with what really happened in it, counted by the client or the
 * pool, and the true hashrate lies inside the interval wherever chance does not put it outside.
 */
import { describe, expect, it } from 'vitest';
import { type Audit, type AuditSession, VERDICTS, type Verdict } from '../src/audit/audit.ts';
import { isMemberOf } from '../src/evidence/algorithm.ts';
import { scanInputs } from './support/scanning.ts';
import { laboratory, type Truth } from './support/truth.ts';

function sessionsOf(audit: Audit, truth: Truth): AuditSession[] {
  return audit.sessions.filter((session) => session.miner.ip === truth.miner);
}

function isAtMost(verdict: Verdict, most: Verdict): boolean {
  return VERDICTS.indexOf(verdict) >= VERDICTS.indexOf(most);
}

/**
 * The shares as the capture can show them: of `ltc-cpuminer-multi` 30 bytes of each answer are kept, so that a
 * refusal ends behind `"result":null,"error":` and nobody can tell it from an answer without an error.
 */
function asCaptured({ name, shares }: Truth): Truth['shares'] {
  if (name !== 'ltc-cpuminer-multi' || shares === null) return shares;
  return { ...shares, rejected: 0, stale: 0, unanswered: shares.rejected + shares.stale };
}

/** The sum over the sessions of one truth: a reconnect opens a second one. */
function sharesOf(sessions: readonly AuditSession[]): unknown {
  const sum = { submitted: 0, accepted: 0, rejected: 0, stale: 0, unanswered: 0 };
  for (const { shares } of sessions) {
    sum.submitted += shares.submitted;
    sum.accepted += shares.accepted;
    sum.rejected += shares.rejected;
    sum.stale += shares.stale;
    sum.unanswered += shares.unanswered;
  }
  return sum;
}

/** Changes of difficulty over all sessions; a new session that goes on as before is no change. */
function changesOf(sessions: readonly AuditSession[]): { timeUs: number; hashesPerShare: number }[] {
  const changes: { timeUs: number; hashesPerShare: number }[] = [];
  for (const { time, hashesPerShare } of sessions.flatMap((session) => session.difficulty)) {
    const value = hashesPerShare ?? Number.NaN;
    const before = changes.at(-1)?.hashesPerShare ?? 0;
    if (Math.abs(value / before - 1) < 1e-3) continue;
    changes.push({ timeUs: Date.parse(time) * 1000, hashesPerShare: value });
  }
  return changes;
}

/** A family that contains the member takes nothing back: coins of Ethereum's work have the same messages. */
function memberOrSame(found: string | null, truth: string | null): string | null {
  return found !== null && truth !== null && isMemberOf(found, truth) ? truth : found;
}

const miners = laboratory().filter((truth) => truth.mining);

describe('the laboratory session', () => {
  for (const truth of miners.filter((each) => each.dialect !== 'tls')) {
    describe(truth.name, () => {
      it('is found, by its miner, pool and dialect, as strong as the capture allows', async () => {
        const audit = await scanInputs([truth.capture]);
        const sessions = sessionsOf(audit, truth);
        const [first] = sessions;
        const host = audit.hosts.find((each) => each.ip === truth.miner);
        expect({
          verdict: host?.verdict,
          pool: { ip: first?.pool.ip, port: first?.pool.port },
          via: first?.via.map(({ ip, port }) => ({ ip, port })),
          dialect: [...new Set(sessions.map((session) => session.dialect))],
          algorithm: truth.hashrate === null ? null : memberOrSame(first?.algorithm ?? null, truth.algorithm),
        }).toEqual({
          verdict: truth.atMost,
          pool: truth.pool,
          via: truth.via === null ? [] : [truth.via],
          dialect: [truth.dialect],
          algorithm: truth.hashrate === null ? null : truth.algorithm,
        });
      });

      it('has its login', async () => {
        const [first] = sessionsOf(await scanInputs([truth.capture]), truth);
        const expected = truth.account === null ? [] : [{ account: truth.account, worker: truth.worker }];
        expect(first?.logins).toEqual(expected);
        if (truth.agent !== null) expect(first?.agent).toBe(truth.agent);
      });

      it('has its shares, by what became of them', async () => {
        expect(sharesOf(sessionsOf(await scanInputs([truth.capture]), truth))).toEqual(asCaptured(truth));
      });

      it('has its history of difficulty', async () => {
        const changes = changesOf(sessionsOf(await scanInputs([truth.capture]), truth));
        expect(changes.length).toBe(truth.difficulty.length);
        for (const [index, change] of truth.difficulty.entries()) {
          const found = changes[index];
          expect(Math.abs((found?.hashesPerShare ?? 0) / change.hashesPerShare - 1)).toBeLessThan(1e-3);
          // The pool writes its log when it decides, and a message may wait for its connection.
          if (change.timeUs === null) continue;
          expect(Math.abs((found?.timeUs ?? 0) - change.timeUs)).toBeLessThan(1.5e6);
        }
      });

      it('has the rates that the miner reported', async () => {
        const [first] = sessionsOf(await scanInputs([truth.capture]), truth);
        expect(first?.selfReported.map((report) => report.hashrate)).toEqual(truth.selfReported);
      });

      it(truth.hashrate === null ? 'has no rate' : 'has a rate whose interval holds the truth', async () => {
        const audit = await scanInputs([truth.capture]);
        const rows = audit.hosts
          .find((host) => host.ip === truth.miner)
          ?.hashrate.filter((row) => row.basis === 'shares');
        if (truth.hashrate === null) return expect(rows).toEqual([]);
        expect(rows?.length).toBe(1);
        const [row] = rows ?? [];
        expect(row?.estimate).toBeGreaterThan(0);
        if (!truth.insideByChance) return;
        expect(row?.low95).toBeLessThanOrEqual(truth.hashrate);
        expect(row?.high95).toBeGreaterThanOrEqual(truth.hashrate);
      });
    });
  }

  for (const truth of miners.filter((each) => each.dialect === 'tls')) {
    it(`${truth.name} is never called more than behaviour can carry, and has no shares or rate`, async () => {
      const audit = await scanInputs([truth.capture]);
      for (const host of audit.hosts) expect(isAtMost(host.verdict, truth.atMost), host.verdict).toBe(true);
      expect(audit.sessions.filter((session) => session.shares.submitted > 0)).toEqual([]);
      expect(audit.totals.hashrate).toEqual([]);
    });
  }
});

describe('no host is above listed in', () => {
  for (const truth of laboratory().filter((each) => !each.mining)) {
    it(truth.name, async () => {
      const audit = await scanInputs([truth.capture]);
      expect(audit.hosts.filter((host) => host.verdict !== 'listed')).toEqual([]);
      expect(audit.sessions).toEqual([]);
    });
  }
});

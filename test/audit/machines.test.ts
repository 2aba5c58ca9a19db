/** Who had the address of a host when it mined, as leases tell. */
import { describe, expect, it } from 'vitest';
import type { AuditSession } from '../../src/audit/audit.ts';
import { assignMachines, machineNotes } from '../../src/audit/machines.ts';
import type { Lease } from '../../src/machines/lease.ts';
import { sampleAudit } from '../support/sample-audit.ts';

const DAY_US = Date.parse('2026-03-02T00:00:00Z') * 1000;
const HOUR_US = 3_600_000_000;
const time = (hour: number): string => new Date((DAY_US + hour * HOUR_US) / 1000).toISOString();

function lease(hostname: string, from: number, to: number): Lease {
  const [fromUs, toUs] = [from, to].map((hour) => DAY_US + hour * HOUR_US);
  return { ip: '192.0.2.1', mac: null, hostname, user: null, fromUs, toUs, source: 'table' };
}

/** Hosts and machines of sessions between these hours, all of one address. */
function assigned(hours: readonly (readonly [number, number])[], leases: readonly Lease[]) {
  const audit = sampleAudit();
  const [host] = audit.hosts;
  const [session] = audit.sessions;
  const sessions = hours.map(
    ([from, to]): AuditSession => ({
      ...session,
      miner: { ip: '192.0.2.1', port: 1 },
      start: time(from),
      end: time(to),
    }),
  );
  const own = {
    ...audit,
    hosts: [{ ...host, ip: '192.0.2.1', firstSeen: time(1), lastSeen: time(9) }],
    sessions,
  };
  assignMachines(own, (ip, fromUs, toUs) =>
    leases.filter((each) => each.ip === ip && each.fromUs < toUs && each.toUs > fromUs),
  );
  return {
    host: own.hosts[0].machines?.map(({ hostname }) => hostname),
    sessions: own.sessions.map(({ machine }) => machine?.hostname),
    notes: machineNotes(own).map(({ code }) => code),
  };
}

describe('the machine of a session', () => {
  it('is the one that had the address for the longest part of it', () => {
    const leases = [lease('early', 0, 4), lease('late', 4, 12)];
    expect(assigned([[3, 9]], leases)).toEqual({ host: ['late'], sessions: ['late'], notes: [] });
    expect(assigned([[1, 5]], leases)).toEqual({ host: ['early'], sessions: ['early'], notes: [] });
    expect(
      assigned(
        [
          [5, 9],
          [1, 3],
        ],
        leases,
      ),
    ).toEqual({ host: ['early', 'late'], sessions: ['late', 'early'], notes: ['leases-shared'] });
  });

  it('is one of the host, however many sessions it had', () => {
    const sessions = [
      [1, 2],
      [3, 4],
      [13, 14],
    ] as const;
    const told = assigned(sessions, [lease('a', 0, 12), lease('b', 12, 24)]);
    expect(told).toMatchObject({ host: ['a', 'b'], sessions: ['a', 'a', 'b'] });
    expect(assigned([...sessions].reverse(), [lease('a', 0, 12)])).toEqual({
      ...{ host: ['a'], sessions: [undefined, 'a', 'a'], notes: [] },
    });
  });

  it('is nobody’s where no lease tells, which is said', () => {
    expect(assigned([[3, 9]], [])).toEqual({
      host: undefined,
      sessions: [undefined],
      notes: ['leases-none'],
    });
  });
});

it('The machines of a host without sessions are all that had its address while it was seen', () => {
  const leases = [lease('late', 5, 12), lease('early', 0, 5), lease('gone', -9, 0)];
  expect(assigned([], leases).host).toEqual(['early', 'late']);
});

/** Which servers of cases tell of other clients there. */
import { expect, it } from 'vitest';
import type { Cases } from '../../src/cases/case.ts';
import { minersServers } from '../../src/cases/miners-servers.ts';

type Row = Cases['cases'][number];

/** A case with a night: day, verdict, server. */
function caseOf(id: string, state: Row['state'], date: string, verdict: Row['verdict'], pool: string): Row {
  const night: Partial<Row['nights'][number]> = { date, verdict, pool };
  return { id, state, nights: [night] } as Row;
}

it('tells of servers that are no catalogue’s, proven of an open case in the last month', () => {
  const cases = [
    caseOf('a', 'open', '2026-11-20', 'confirmed', '192.0.2.1'),
    caseOf('b', 'gone', '2026-11-01', 'confirmed', '2001:db8::1'),
    caseOf('c', 'closed', '2026-11-20', 'confirmed', '192.0.2.2'),
    caseOf('d', 'open', '2026-11-20', 'probable', '192.0.2.3'),
    caseOf('e', 'open', '2026-09-01', 'confirmed', '192.0.2.4'),
    caseOf('f', 'open', '2026-11-20', 'confirmed', 'pool.example'),
  ];
  const nights = [{ date: '2026-11-21' }] as Cases['nights'];
  expect([...minersServers({ cases, nights })]).toEqual([
    ['192.0.2.1', 'a'],
    ['2001:db8::1', 'b'],
  ]);
  expect(minersServers({ cases: [], nights: [] }).size).toBe(0);
});

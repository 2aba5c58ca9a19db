/** Both legs of very many sessions through one proxy, one after the other: each finds its own, and soon. */
import { expect, it } from 'vitest';
import { joinLegs } from '../../src/hosts/legs.ts';
import { bareSession, finalizedAs } from '../support/sessions.ts';

const MINUTE_US = 60e6;
const SESSIONS = 8000;
const [MINER, PROXY, POOL] = ['10.0.0.1', '10.0.0.2', '198.51.100.3'];

function leg(from: string, to: string, at: number) {
  const ends = { miner: { ip: from, port: at }, pool: { ip: to, port: 3333 } };
  const session = bareSession('cryptonote', ends);
  session.connections.startUs = at * MINUTE_US;
  session.connections.endUs = (at + 0.5) * MINUTE_US;
  session.claims.login('wallet', `rig${at}`);
  session.shares.submitted = 10;
  return finalizedAs(session);
}

it('joins the legs of thousands of sessions', () => {
  const minutes = Array.from({ length: SESSIONS }, (_, at) => at);
  const all = minutes.flatMap((at) => [leg(MINER, PROXY, at), leg(PROXY, POOL, at)]);
  const { sessions } = joinLegs(all, []);
  expect(sessions).toHaveLength(SESSIONS);
  for (const { session } of sessions) {
    expect([session.miner.ip, session.pool.ip, session.via.map(({ ip }) => ip)]).toEqual([
      MINER,
      POOL,
      [PROXY],
    ]);
    expect(session.claims.logins[0]?.worker).toBe(`rig${session.miner.port}`);
  }
}, 10_000);

/** Sessions as they are before they are finalized: bare ones, and of miners that count from 0 at each job. */

import type { PoolMatch } from '../../src/endpoints/pool-match.ts';
import type { FinalSession } from '../../src/sessions/finalize.ts';
import { Session } from '../../src/sessions/session.ts';
import type { LoggedShare } from '../../src/sessions/share-table.ts';
import { verbatim } from '../../src/statements/index.ts';

const START_US = 1.7e15;
/** Seconds after each job at which the miner finds a share, never the same twice. */
const AGES = [1.5, 4.25, 7.75, 13.5, 22.25, 38];

export interface Searching {
  readonly dialect?: string;
  readonly jobs?: number;
  /** Hashes per second of each machine; its number is the fourth byte of its nonces where `sets` is true. */
  readonly rates: readonly number[];
  readonly sets?: boolean;
  readonly agent?: string;
  readonly algorithm?: (job: number) => string | null;
}

/** A session of a miner with a pool, in which nothing was said yet. */
export function bareSession(
  dialect = 'cryptonote',
  origin: Partial<ConstructorParameters<typeof Session>[0]> = {},
): Session {
  return new Session(
    {
      dialect,
      miner: { ip: '192.0.2.1', port: 5000 },
      pool: { ip: '198.51.100.1', port: 3333 },
      via: [],
      transport: 'tcp',
      certain: true,
      ...origin,
    },
    { sinceUs: Number.NEGATIVE_INFINITY, untilUs: Number.POSITIVE_INFINITY },
  );
}

/** An endpoint that no pool is known for. */
export const NO_POOL: PoolMatch = {
  ...{ by: null, name: null, names: [], pool: null, operator: null, kind: null, use: null, dedicated: false },
  ...{ portListed: false, coins: [], algorithm: null, paysInOther: false, rule: '' },
};

/** The session as it is when it is over: confirmed, of rx/0, and without work unless told. */
export function finalizedAs(session: Session, more: Partial<FinalSession> = {}): FinalSession {
  return {
    session,
    verdict: { verdict: 'confirmed', reason: verbatim('') },
    ...{
      algorithm: 'rx/0',
      algorithms: ['rx/0'],
      algorithmSource: 'job',
      coin: 'XMR',
      match: NO_POOL,
      works: [],
      mined: [],
      counter: null,
    },
    ...more,
  };
}

/** A session whose machines count up from 0 at each job of 60 s. */
export function searching({
  dialect = 'cryptonote',
  jobs = 6,
  rates,
  sets = false,
  agent,
  algorithm,
}: Searching): Session {
  const session = bareSession(dialect);
  session.jobs.fixesNonce = sets;
  session.claims.agent = agent ?? null;
  const log: LoggedShare[] = [];
  for (let job = 0; job < jobs; job++) {
    for (const [machine, rate] of rates.entries()) {
      for (const [i, base] of AGES.entries()) {
        const age = base + ((job * 7 + machine * 3 + i) % 10) / 20;
        const count = Math.round(rate * age);
        const nonce = Buffer.alloc(4);
        nonce.writeUInt32LE(sets || rates.length > 1 ? ((machine << 24) | count) >>> 0 : count);
        const jobTimeUs = START_US + job * 60e6;
        const share: LoggedShare = {
          timeUs: jobTimeUs + age * 1e6,
          jobTimeUs,
          jobId: `job ${job}`,
          nonce: nonce.toString('hex'),
          extraNonce2: null,
          difficulty: { scale: 'hashes', value: 5000 },
          algorithm: algorithm?.(job) ?? null,
          outcome: 'accepted',
          isMadeUp: false,
        };
        log.push(share);
      }
    }
  }
  session.shares.log = log.sort((a, b) => a.timeUs - b.timeUs);
  return session;
}

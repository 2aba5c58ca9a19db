/** Difficulties that no hash can meet, as numbers beyond a double or just absurd ones, price nothing and hide nothing. */
import { describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { auditProblem } from '../../src/audit/schema.ts';
import { boundedDifficulty, isReachable } from '../../src/evidence/target.ts';
import { conversation } from '../support/conversation.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const HEX = '0'.repeat(62);
/** The example of BIP 173: it tells that sha256d is mined. */
const ACCOUNT = 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4';

interface TimeInterval {
  /** Text, as some pools send it, where it is beyond a double. */
  readonly difficulty: number | string;
  readonly shares: number;
}

/** A Stratum v1 session of sha256d: intervals of one job each, a share every 10 s. */
function mined(intervals: readonly TimeInterval[]) {
  let talk = conversation({ miner: '192.0.2.9:40000', pool: '198.51.100.9:3333' })
    .connect()
    .minerSays({ id: 1, method: 'mining.subscribe', params: ['cpuminer/2.5.1'] })
    .poolSays({ id: 1, result: [[['mining.notify', '1']], '08000002', 4], error: null })
    .minerSays({ id: 2, method: 'mining.authorize', params: [`${ACCOUNT}.w`, 'x'] })
    .poolSays({ id: 2, result: true, error: null });
  let id = 10;
  for (const [i, { difficulty, shares }] of intervals.entries()) {
    const job = [
      `j${i}`,
      `${HEX}0${i}`,
      // A coinbase of height 905,123 and bits of Bitcoin's chain: the job itself names the algorithm.
      `01000000${'01'}${'0'.repeat(64)}ffffffff1c03a3cf0d2f6d696e6573776565702d746573742f`,
      'ff',
      [],
      '20000000',
      '17034219',
      '6553f100',
      true,
    ];
    talk = talk.poolSays(
      { id: null, method: 'mining.set_difficulty', params: [difficulty] },
      { id: null, method: 'mining.notify', params: job },
    );
    for (let share = 0; share < shares; share++) {
      const nonce = (0x1234567 * ++id).toString(16).padStart(8, '0').slice(-8);
      talk = talk
        .after(10)
        .minerSays({
          id,
          method: 'mining.submit',
          params: [`${ACCOUNT}.w`, `j${i}`, '00000000', '6553f100', nonce],
        })
        .poolSays({ id, result: true, error: null });
    }
  }
  return talk.toPackets();
}

/** The audit as it is written: what is no number comes back as null. */
async function written(name: string, packets: ReturnType<typeof mined>): Promise<Audit> {
  const audit = await scanInputs([writeCapture(folder, name, packets)]);
  return JSON.parse(JSON.stringify(audit));
}

describe('a difficulty that no hash can meet', () => {
  it.each(['1e999', 1e308, 1e300, 1e100, 1e70])(
    'is not known, and its shares are counted (%s)',
    async (difficulty) => {
      const audit = await written(`all-${difficulty}`, mined([{ difficulty, shares: 5 }]));
      expect(auditProblem(audit)).toBeNull();
      expect(audit.hosts[0]?.hashrate).toEqual([]);
      const { algorithm, work, shares, activeSeconds, hashrate } = audit.sessions[0];
      expect(algorithm).toBe('sha256d');
      expect(shares).toEqual({ submitted: 5, accepted: 5, rejected: 0, stale: 0, unanswered: 0 });
      expect(work).toEqual({ hashes: null, difficultyUnits: null, unpricedShares: 5 });
      expect({ activeSeconds, hashrate }).toEqual({ activeSeconds: 0, hashrate: [] });
      expect(audit.sessions[0]?.difficulty).toEqual([]);
    },
  );

  it('is neither time nor work of the stretches around it', async () => {
    const before = { difficulty: 16, shares: 6 };
    const [whole, without] = [
      await written(
        'around',
        mined([before, { difficulty: 1e308, shares: 30 }, { difficulty: 32, shares: 6 }]),
      ),
      await written('plain', mined([before, { difficulty: 32, shares: 6 }])),
    ];
    const [session] = whole.sessions;
    const rates = without.sessions[0]?.hashrate ?? [];
    expect(session?.hashrate.find(({ basis }) => basis === 'shares')?.estimate).toBeCloseTo(
      rates.find(({ basis }) => basis === 'shares')?.estimate ?? 0,
      -6,
    );
    expect(session?.activeSeconds).toBeCloseTo(120, 0);
    expect(session?.work).toEqual({
      hashes: (6 * 16 + 6 * 32) * 2 ** 32,
      difficultyUnits: 6 * 16 + 6 * 32,
      unpricedShares: 30,
    });
    expect(session?.difficulty.map(({ hashesPerShare }) => hashesPerShare)).toEqual([2 ** 36, 2 ** 37]);
  });

  it('is one beyond the hardest target of 256 bits', () => {
    expect(isReachable({ scale: 'hashes', value: 2 ** 256 })).toBe(true);
    expect(isReachable({ scale: 'hashes', value: 2 ** 257 })).toBe(false);
    expect(isReachable({ scale: 'units', value: 2 ** 224 })).toBe(true);
    expect(isReachable({ scale: 'units', value: 2 ** 225 })).toBe(false);
    for (const value of [Number.POSITIVE_INFINITY, Number.MAX_VALUE]) {
      const bounded = boundedDifficulty({ scale: 'hashes', value });
      expect(Number.isFinite(bounded.value ** 2)).toBe(true);
      expect(isReachable(bounded)).toBe(false);
    }
  });
});

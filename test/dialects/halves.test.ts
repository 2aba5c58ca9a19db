/**
 * One direction of a session alone, for every dialect: what a tap on one side of a link, or a route that differs each way, leaves. Each
 * half of the canonical conversation is at least suspected and at most probable, names no algorithm and no coin that the whole does
 * not, or a family that holds it, and counts the shares that it shows.
 */
import { describe, expect, it } from 'vitest';
import type { Audit, AuditSession } from '../../src/audit/audit.ts';
import { isMemberOf } from '../../src/evidence/algorithm.ts';
import { scanPackets } from '../support/scanning.ts';
import { CANONICAL, ENDS } from './canonical.ts';
import { RECENT } from './canonical-recent.ts';

const ALL = [...CANONICAL, ...RECENT];
/** What one end says alone of which nothing can be said: answers over HTTP to what is not seen, digests in pairs, blocks in binary. */
const SAYS_NOTHING: ReadonlySet<string> = new Set([
  ...['chia pool', 'duino-coin pool', 'alephium-node miner', 'polled-work pool'],
]);
const VERDICTS: readonly string[] = ['suspected', 'probable'];

function rowOf({ sessions: [row] }: Audit): Omit<AuditSession, 'facts'> | undefined {
  return row;
}

/** True if it says nothing that the whole does not: the same, a family that holds it, or nothing. */
function agrees(part: string | null, whole: string | null): boolean {
  return part === null || part === whole || (whole !== null && isMemberOf(part, whole));
}

describe('one direction of the canonical conversation', () => {
  for (const [at, { conversation, expected }] of ALL.entries()) {
    for (const half of ['miner', 'pool'] as const) {
      const name = `${expected.dialect} ${half}`;
      it.skipIf(SAYS_NOTHING.has(name))(`of ${expected.dialect} (${at}), the ${half}’s`, async () => {
        const packets = conversation.toPackets();
        const sender = Buffer.from(ENDS[half].split(':')[0].split('.').map(Number));
        const own = packets.filter(({ bytes }) => Buffer.from(bytes).subarray(26, 30).equals(sender));
        const whole = rowOf(await scanPackets(packets));
        const part = rowOf(await scanPackets(own));
        expect(VERDICTS).toContain(part?.verdict);
        expect({
          submitted: part?.shares.submitted,
          algorithm: agrees(part?.algorithm ?? null, whole?.algorithm ?? null),
          coin: agrees(part?.coin ?? null, whole?.coin ?? null),
        }).toEqual({ submitted: half === 'miner' ? expected.shares : 0, algorithm: true, coin: true });
      });
    }
  }
});

/** Every dialect's canonical conversation as packets, scanned as a whole: one session, its ends and its verdict. */
import { describe, expect, it } from 'vitest';
import { scanPackets } from '../support/scanning.ts';
import { CANONICAL, ENDS } from './canonical.ts';
import { RECENT } from './canonical-recent.ts';

/**
 * Met in the middle: a pool of Nimiq has said nothing that answers a share, as it answers none that is fine; and of an
 * unknown form too little is left.
 */
const WHOLE: Readonly<Record<string, string>> = {
  // Nobody logs in, and each chain writes its work in its own way.
  'polled-work': 'probable',
};
const LATE: Readonly<Record<string, string>> = {
  nimiq: 'probable',
  'stratum-other': 'suspected',
  // Its one block was refused.
  'polled-work': 'suspected',
};

describe('the canonical conversation, scanned', () => {
  [...CANONICAL, ...RECENT].forEach(({ conversation, expected: { dialect }, late }, at) => {
    const found = async (fromTheMiddle: boolean): Promise<unknown> => {
      const packets = conversation.toPackets({ fromTheMiddle });
      const audit = await scanPackets(packets);
      return audit.sessions.map(({ dialect: id, verdict, miner, pool }) => [
        ...[id, verdict],
        ...[miner, pool].map(({ ip, port }) => `${ip}:${port}`),
      ]);
    };

    it(`of ${dialect} (${at}): who mines, and the verdict`, async () => {
      const { miner, pool } = ENDS;
      expect(await found(false)).toEqual([[dialect, WHOLE[dialect] ?? 'confirmed', miner, pool]]);
      const rest = LATE[dialect] ?? 'confirmed';
      // The first job is anybody's; the first share of the proxy tells it.
      const known = dialect === 'btc-agent' ? dialect : late.dialect;
      expect(await found(true)).toEqual([[known, rest, miner, pool]]);
    });
  });
});

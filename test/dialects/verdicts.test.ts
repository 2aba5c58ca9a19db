/** Every dialect's canonical conversation as packets, scanned as a whole: one session, and it is confirmed. */
import { describe, expect, it } from 'vitest';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { CANONICAL } from './canonical.ts';

const folder = temporaryFolder();
/** Met in the middle, a pool of Nimiq has said nothing that answers a share: it answers none that is fine. */
const LATE: Readonly<Record<string, string>> = { nimiq: 'probable' };

describe('the canonical conversation, scanned', () => {
  CANONICAL.forEach(({ conversation, expected: { dialect } }, at) => {
    const verdicts = async (name: string, fromTheMiddle: boolean): Promise<unknown> => {
      const packets = conversation.toPackets({ fromTheMiddle });
      const audit = await scanInputs([writeCapture(folder, `${name}-${at}`, packets)]);
      return audit.sessions.map((session) => ({ dialect: session.dialect, verdict: session.verdict }));
    };

    it(`of ${dialect} is confirmed (${at})`, async () => {
      expect(await verdicts('whole', false)).toEqual([{ dialect, verdict: 'confirmed' }]);
      expect(await verdicts('late', true)).toEqual([{ dialect, verdict: LATE[dialect] ?? 'confirmed' }]);
    });
  });
});

/** A farmer of Chia, met in clear: a protocol without jobs. */
import { expect, it } from 'vitest';
import { conversation } from '../support/conversation.ts';
import { post, respond } from '../support/dialogue.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const LAUNCHER = `0x${'5c'.repeat(32)}`;

it('farms with partials that are answered, and has no hashrate', async () => {
  let talk = conversation({ miner: '192.0.2.30:40000', pool: '198.51.100.30:80' }).connect();
  for (let at = 0; at < 4; at++) {
    const partial = post('/partial', {
      payload: { launcher_id: LAUNCHER, proof_of_space: { size: 32 }, sp_hash: `0x0${at}`.padEnd(66, 'a') },
      aggregate_signature: `0x${'7d'.repeat(96)}`,
    });
    talk = talk
      .minerSays(partial.bytes)
      .poolSays(respond({ new_difficulty: 10 }).bytes)
      .after(60);
  }
  const audit = await scanInputs([writeCapture(folder, 'chia', talk.toPackets())]);
  expect(audit.sessions).toMatchObject([
    { dialect: 'chia', verdict: 'probable', coin: 'XCH', hashrate: [], shares: { accepted: 4 } },
  ]);
});

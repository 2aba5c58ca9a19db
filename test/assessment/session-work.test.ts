/** What a session's shares amount to, where their difficulty is seen late or never. */
import { describe, expect, it } from 'vitest';
import { conversation } from '../support/conversation.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
/** Meets the target below: the last word is the most significant one. */
const RESULT = '3b5766388903a9c81cc919f6f344bafb23813fa90b13a023af11bab1b88d0500';
const HASH = '3b5766388903a9c81cc919f6f344bafb23813fa90b13a023af11bab1240f16a7';

/** Shares of job `a`, whose target came before the capture; then perhaps a job whose target is seen, and a share of it. */
async function workOf(name: string, seesJob: boolean) {
  let talk = conversation({ miner: '192.0.2.9:40000', pool: '198.51.100.9:3333' });
  const share = (id: number, job: string) => {
    talk = talk
      .minerSays({
        id,
        method: 'submit',
        params: { id: 's', job_id: job, nonce: `0000000${id}`, result: `0000000${id}${RESULT.slice(8)}` },
      })
      .poolSays({ id, result: { status: 'OK' }, error: null })
      .after(20);
  };
  share(1, 'a');
  share(2, 'a');
  if (seesJob) {
    const blob = `1010f1d69ad606${HASH}00000000${HASH}1f`;
    talk = talk.poolSays({ method: 'job', params: { job_id: 'b', blob, target: 'b88d0600', algo: 'rx/0' } });
    share(3, 'b');
  }
  const audit = await scanInputs([writeCapture(folder, name, talk.toPackets())]);
  return audit.sessions[0]?.work;
}

describe('the work of a session', () => {
  it('is not known where no share could be priced', async () => {
    expect(await workOf('unpriced', false)).toEqual({
      hashes: null,
      difficultyUnits: null,
      unpricedShares: 2,
    });
  });

  it('is that of the shares that could be', async () => {
    expect(await workOf('in part', true)).toEqual({
      hashes: 10_000,
      difficultyUnits: null,
      unpricedShares: 2,
    });
  });
});

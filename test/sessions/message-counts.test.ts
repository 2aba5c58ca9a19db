/** Who says what decides whether a flow is a session or the record of one; what a miner adds to its calls does not. */
import { describe, expect, it } from 'vitest';
import { MessagesFields } from '../../src/sessions/fields.ts';
import { isTranscript } from '../../src/sessions/message-counts.ts';
import { conversation } from '../support/conversation.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const HASH = '3b5766388903a9c81cc919f6f344bafb23813fa90b13a023af11bab1240f16a7';

describe('a record of a session', () => {
  it.each([
    ['one end said both parts', { miner: 3, poolByMiner: 9 }, true],
    ['the pool’s end said both parts', { minerByPool: 3, pool: 9 }, true],
    ['each end said its own', { miner: 3, pool: 9 }, false],
    ['the ends were taken for each other', { minerByPool: 3, poolByMiner: 9 }, false],
    ['a miner says what pools say, and its pool speaks', { miner: 3, poolByMiner: 99, pool: 2 }, false],
    ['only one end was captured', { miner: 3 }, false],
  ])('is told where %s', (_, said, expected) => {
    expect(isTranscript({ ...new MessagesFields(), ...said })).toBe(expected);
  });
});

it('a miner that disguises its calls as log records, and writes jobs of its own, is seen all the same', async () => {
  const blob = `1010f1d69ad606${HASH}00000000${HASH}1f`;
  const job = { job_id: 'a', blob, target: 'b88d0600', algo: 'rx/0' };
  const disguise = { '@timestamp': '2026-01-01T00:00:00Z', level: 'info', tags: ['app'] };
  let talk = conversation({ miner: '192.0.2.40:40000', pool: '198.51.100.40:3333' }).connect();
  talk = talk
    .minerSays({ id: 1, method: 'login', params: { login: 'w', pass: 'x' }, ...disguise })
    .poolSays({ id: 1, result: { id: 's', job, status: 'OK' }, error: null });
  for (let id = 2; id < 8; id++) {
    const params = { id: 's', job_id: 'a', nonce: `0000000${id}`, result: HASH };
    talk = talk
      .minerSays(
        { method: 'job', params: { ...job, job_id: `${id}` } },
        { id, method: 'submit', params, ...disguise },
      )
      .poolSays({ id, result: { status: 'OK' }, error: null })
      .after(20);
  }
  const audit = await scanInputs([writeCapture(folder, 'disguised', talk.toPackets())]);
  expect(audit.hosts.map(({ ip, verdict }) => ({ ip, verdict }))).toEqual([
    { ip: '192.0.2.40', verdict: 'confirmed' },
  ]);
  expect(audit.sessions[0]?.shares).toMatchObject({ submitted: 6, accepted: 6 });
});

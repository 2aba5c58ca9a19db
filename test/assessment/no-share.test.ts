/** What a session without a share tells of power: nothing that is measured, unless it lasts. */
import { expect, it } from 'vitest';
import { conversation } from '../support/conversation.ts';
import { JOB } from '../support/randomx-job.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();

async function totalsOf(name: string, seconds: number) {
  const talk = conversation({
    ...{ miner: '10.0.0.5:40001', pool: '198.51.100.9:3333' },
    startUs: Date.UTC(2026, 10, 24, 8) * 1000,
  })
    .connect()
    .minerSays({ id: 1, method: 'login', params: { login: 'a', pass: 'x', agent: 'XMRig/6.22.2' } })
    .poolSays({ id: 1, jsonrpc: '2.0', error: null, result: { id: 's', job: JOB, status: 'OK' } })
    .after(seconds)
    .poolSays({ jsonrpc: '2.0', method: 'job', params: { ...JOB, job_id: 'j2' } });
  const { totals } = await scanInputs([writeCapture(folder, name, talk.toPackets())]);
  return totals;
}

it('a fragment of a session without a share has no measured power', async () => {
  const { power, modelledPower, minerAddresses } = await totalsOf('fragment', 0.046);
  expect(minerAddresses).toBe(1);
  expect(power).toBeNull();
  expect(modelledPower?.watts).toBeGreaterThan(0);
});

it('one that gets jobs for ten minutes is priced by its kind of machine', async () => {
  const { power, modelledPower } = await totalsOf('lasting', 600);
  expect(power?.watts).toBeGreaterThan(0);
  expect(modelledPower).toBeUndefined();
});

/** Names of a session's pool are names: a miner that was given an address says that instead. */
import { describe, expect, it } from 'vitest';
import { conversation } from '../support/conversation.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();

/** A miner that says which host it talks to (docs/reference/protocols.md 1.1). */
async function namesOf(file: string, host: string): Promise<readonly string[] | undefined> {
  const talk = conversation({ miner: '192.0.2.11:4000', pool: '198.51.100.9:3333' })
    .connect()
    .minerSays({ id: 1, method: 'mining.subscribe', params: ['cgminer/4.13.1', null, host, 3333] })
    .poolSays({ id: 1, result: [[['mining.notify', 'a6']], '5e0a11c7', 4], error: null })
    .minerSays({ id: 2, method: 'mining.authorize', params: ['someone.1', 'x'] })
    .poolSays({ id: 2, result: true, error: null });
  const audit = await scanInputs([writeCapture(folder, file, talk.toPackets())]);
  return audit.sessions[0]?.pool.names;
}

describe('the names of a pool', () => {
  it('are what the miner calls it', async () => {
    expect(await namesOf('name', 'pool.lab.test')).toEqual(['pool.lab.test']);
  });

  it('are none where it calls it by address', async () => {
    expect(await namesOf('v4', '198.51.100.9')).toEqual([]);
    expect(await namesOf('v6', '2001:db8::9')).toEqual([]);
    expect(await namesOf('bracketed', '[2001:db8::9]')).toEqual([]);
  });
});

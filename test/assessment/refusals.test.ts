/** Refused shares among a host's evidence: each reason with its own count, and the pool's words where they hold for all. */
import { describe, expect, it } from 'vitest';
import { absorb } from '../../src/sessions/absorb.ts';
import { conversation } from '../support/conversation.ts';
import { scanInputs } from '../support/scanning.ts';
import { bareSession } from '../support/sessions.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const HASH = '3b5766388903a9c81cc919f6f344bafb23813fa90b13a023af11bab1240f16a7';

/** The rows of refused work where a pool refuses one share with each of these words. */
async function rowsOf(name: string, words: readonly string[]): Promise<string[]> {
  const job = {
    job_id: 'a',
    blob: `1010f1d69ad606${HASH}00000000${HASH}1f`,
    target: 'b88d0600',
    algo: 'rx/0',
  };
  let talk = conversation({ miner: '192.0.2.9:40000', pool: '198.51.100.9:3333' })
    .connect()
    .minerSays({ id: 1, method: 'login', params: { login: 'acct', pass: 'x', agent: 'XMRig/6.22.2' } })
    .poolReplies({ error: null, result: { id: 's', job, status: 'OK' } });
  for (const [index, message] of words.entries()) {
    const nonce = `0000000${index}`;
    talk = talk
      .minerSays({ id: index + 2, method: 'submit', params: { id: 's', job_id: 'a', nonce, result: HASH } })
      .poolReplies({ error: { code: -1, message } })
      .after(20);
  }
  const audit = await scanInputs([writeCapture(folder, name, talk.toPackets())]);
  const rows = audit.hosts.flatMap(({ evidence }) => evidence.filter(({ kind }) => kind === 'rejection'));
  return rows.map(({ text, count }) => (count > 1 ? `${text} (${count} times)` : text));
}

const said = (words: string): string => `shares rejected by the pool, cryptonote with 198.51.100.9: ${words}`;

describe('refused shares', () => {
  it('are counted by reason', async () => {
    const words = ['Stale share', 'Low difficulty share', 'Stale share'];
    expect(await rowsOf('reasons', words)).toEqual([
      said('stale: Stale share (2 times)'),
      said('low-difficulty: Low difficulty share'),
    ]);
  });

  it('of one reason in several words are given without words, as no words hold for all', async () => {
    expect(await rowsOf('words', ['Stale share', 'Job not found', 'Stale share'])).toEqual([
      said('stale (3 times)'),
    ]);
  });

  it('are like other messages in this: a count never stands beside words that hold for some of it alone', async () => {
    const talk = conversation({ miner: '192.0.2.9:40000', pool: '198.51.100.9:3333' })
      .connect()
      .minerSays({ id: 1, method: 'mining.configure', params: [['version-rolling'], {}] })
      .poolReplies({ result: {}, error: null })
      .minerSays({ id: 2, method: 'mining.subscribe', params: [] })
      .poolReplies({ result: [[['mining.notify', 'a6']], '5e0a11c7', 4], error: null })
      .minerSays({ id: 3, method: 'mining.authorize', params: ['acct.rig', 'x'] })
      .poolReplies({ result: true, error: null });
    const { hosts } = await scanInputs([writeCapture(folder, 'methods', talk.toPackets())]);
    const row = hosts[0]?.evidence.find(({ kind }) => kind === 'request');
    expect(row?.count).toBe(2);
    expect(row?.text).toBe('pool session requested, stratum-v1 with 198.51.100.9: mining.configure …');
  });

  it('stay so where a session is joined from parts', () => {
    const part = (timeUs: number, text: string) => {
      const session = bareSession();
      session.observed.observations.push({
        kind: 'rejection-stale',
        timeUs,
        record: 1,
        input: 0,
        count: 1,
        detail: text,
      });
      return session;
    };
    const whole = part(1, 'Stale share');
    absorb(whole, part(2, 'Stale share'));
    expect(whole.observed.observations).toMatchObject([{ count: 2, detail: 'Stale share' }]);
    absorb(whole, part(3, 'Job not found'));
    expect(whole.observed.observations).toMatchObject([{ count: 3, detail: '' }]);
  });
});

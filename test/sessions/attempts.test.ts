/** A miner that gets no work, again and again: one row that counts, the same for any parts of an input. */
import { describe, expect, it } from 'vitest';
import { conversation } from '../support/conversation.ts';
import { mergeAll, partOf } from '../support/merging.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const START = 1_790_000_000_000_000;
const MINUTE = 60_000_000;

interface Attempt {
  readonly minute: number;
  readonly pool?: string;
  readonly agent?: string;
  readonly answer?: 'refused' | 'subscribed' | 'admitted' | 'difficulty' | 'echo' | 'job' | null;
  readonly value?: number;
  readonly words?: string;
}

function attempt({
  minute,
  pool = '198.51.100.1:3333',
  agent = 'cgminer/4.13.1',
  answer = null,
  value = 1024,
  words = 'unauthorized worker',
}: Attempt) {
  let said = conversation({ miner: `192.0.2.9:${4000 + minute}`, pool, startUs: START + minute * MINUTE })
    .connect()
    .minerSays({ id: 1, method: 'mining.subscribe', params: agent === '' ? [] : [agent] })
    .minerSays({ id: 2, method: 'mining.authorize', params: [`rig.${minute % 2}`, 'x'] });
  const subscribed = { id: 1, result: [[['mining.notify', 'a']], '08000002', 4], error: null };
  if (answer === 'subscribed' || answer === 'admitted' || answer === 'difficulty')
    said = said.poolSays(subscribed);
  if (answer === 'admitted' || answer === 'difficulty')
    said = said.poolSays({ id: 2, result: true, error: null });
  if (answer === 'difficulty')
    said = said.poolSays({ id: null, method: 'mining.set_difficulty', params: [value] });
  if (answer === 'echo')
    said = said
      .poolSays({ id: 1, method: 'mining.subscribe', params: [agent] })
      .poolSays({ id: 2, method: 'mining.authorize', params: ['rig', 'x'] });
  if (answer === 'refused') said = said.poolSays({ id: 2, result: null, error: [24, words, null] });
  if (answer === 'job')
    said = said.poolSays({
      id: null,
      method: 'mining.notify',
      params: ['1', '11'.repeat(32), '01', '02', [], '20000000', '17034219', '68a1b2c3', true],
    });
  return said.close().toPackets();
}

/** Something else that goes on until the capture ends, so that the attempts are over. */
function lastWord() {
  return conversation({ miner: '192.0.2.250:5000', pool: '198.51.100.250:80', startUs: START + 90 * MINUTE })
    .connect()
    .toPackets();
}

function capture(name: string, attempts: readonly Attempt[]): string {
  const packets = [...attempts.map(attempt), lastWord()].flat().sort((a, b) => a.timeUs - b.timeUs);
  return writeCapture(folder, name, packets);
}

async function rows(name: string, attempts: readonly Attempt[]) {
  const audit = await scanInputs([capture(name, attempts)], {});
  return { audit, counts: audit.sessions.map((row) => row.attempts ?? 1) };
}

const minutes = (...list: readonly number[]): Attempt[] => list.map((minute) => ({ minute }));

describe('attempts', () => {
  it('at one endpoint with one outcome are one row, from the first to the last, with all logins', async () => {
    const { audit, counts } = await rows('alike', minutes(0, 5, 12));
    expect(counts).toEqual([3]);
    const [row] = audit.sessions;
    expect(row).toMatchObject({
      verdict: 'attempted',
      attempts: 3,
      logins: [
        { account: 'rig', worker: '0' },
        { account: 'rig', worker: '1' },
      ],
    });
    expect(row.start.slice(0, 16)).toBe(new Date(START / 1000).toISOString().slice(0, 16));
    expect(Date.parse(row.end) - Date.parse(row.start)).toBeGreaterThanOrEqual(12 * 60_000);
    // What is counted stays connections.
    expect(audit.hosts.map(({ sessions }) => sessions)).toEqual([3]);
    expect(audit.pools.map(({ sessions }) => sessions)).toEqual([3]);
  });

  it.each([
    ['of nobody, if an hour lies between', minutes(0, 11, 80), [3]],
    ['of another endpoint', [{ minute: 0 }, { minute: 1, pool: '198.51.100.1:3334' }], [1, 1]],
    ['of another outcome', [{ minute: 0 }, { minute: 1, answer: 'refused' }, { minute: 2 }], [2, 1]],
    [
      'refused for another reason',
      [
        { minute: 0, answer: 'refused', words: 'Banned for 90 s' },
        { minute: 1, answer: 'refused', words: 'Banned for 30.5 s' },
        { minute: 2, answer: 'refused', words: 'Unknown account' },
      ],
      [2, 1],
    ],
    [
      'that were admitted, apart from those that were subscribed alone',
      [
        { minute: 0, answer: 'subscribed' },
        { minute: 1, answer: 'admitted' },
        { minute: 2, answer: 'subscribed' },
        { minute: 3, answer: 'admitted' },
      ],
      [2, 2],
    ],
    [
      'of another difficulty',
      [
        { minute: 0, answer: 'difficulty' },
        { minute: 1, answer: 'difficulty' },
        { minute: 2, answer: 'difficulty', value: 2048 },
      ],
      [2, 1],
    ],
    ['that got a job', [{ minute: 0 }, { minute: 1, answer: 'job' }, { minute: 2 }], [2, 1]],
  ] as const)('leave out those %s', async (name, attempts, expected) => {
    expect((await rows(name, attempts)).counts).toEqual(expected);
  });

  it.each(['subscribed', 'admitted', 'difficulty', 'echo'] as const)(
    'that were answered (%s) keep verdict, reason and all evidence of each',
    async (answer) => {
      const { audit: single } = await rows(`one-${answer}`, [{ minute: 0, answer }]);
      const [one] = single.sessions;
      const { audit, counts } = await rows(
        `answered-${answer}`,
        [0, 5, 12].map((minute) => ({ minute, answer })),
      );
      expect(counts).toEqual([3]);
      const [row] = audit.sessions;
      expect(one.verdict).toBe('attempted');
      expect([row.verdict, row.reason, row.difficulty]).toEqual([one.verdict, one.reason, one.difficulty]);
      expect(row.traffic.packetsOut).toBe(3 * one.traffic.packetsOut);
      const countsOf = ({ hosts }: typeof audit) =>
        hosts.flatMap(({ evidence }) => evidence.map(({ kind, count }) => [kind, count] as const));
      expect(countsOf(audit)).toEqual(countsOf(single).map(([kind, count]) => [kind, 3 * count]));
    },
  );

  it('whose refusals count down show the words of the first, and that they vary', async () => {
    const all = minutes(0, 20, 40).map(({ minute }): Attempt => {
      return { minute, answer: 'refused', words: `Banned until 12:${80 - minute}, ${80 - minute} minutes` };
    });
    const { audit, counts } = await rows('counts-down', all);
    expect(counts).toEqual([3]);
    const [{ evidence }] = audit.hosts;
    expect(evidence.filter(({ kind }) => kind === 'refusal')).toMatchObject([
      { count: 3, params: { said: 'Banned until 12:80, 80 minutes', varies: true } },
    ]);
  });

  it('have the logins of one account in the order of workers, whoever came first', async () => {
    const { audit } = await rows('workers', minutes(1, 6));
    expect(audit.sessions[0].logins.map(({ worker }) => worker)).toEqual(['0', '1']);
  });

  it('fold alike in any parts of an input', async () => {
    const all: Attempt[] = [
      { minute: 0, agent: '' },
      { minute: 4, agent: 'bfgminer/5.2.0' },
      { minute: 8 },
      { minute: 17, answer: 'refused', words: 'Banned for 780 s' },
      { minute: 24, answer: 'refused', words: 'Banned for 360 s' },
      { minute: 18 },
      { minute: 30 },
      ...[31, 35, 42].map((minute): Attempt => ({ minute, answer: 'admitted' })),
      ...[32, 36, 43].map((minute): Attempt => ({ minute, answer: 'difficulty' })),
      ...[33, 37, 44].map((minute): Attempt => ({ minute, answer: 'echo' })),
    ];
    const whole = await scanInputs([capture('whole', all)], {});
    expect(whole.sessions.map((row) => row.attempts ?? 1)).toEqual([5, 2, 3, 3, 3]);
    for (const [turn, isFirst] of [(at: number) => at % 2 === 0, (at: number) => at < 2].entries()) {
      const parts = [true, false].map((first) => all.filter((_, at) => isFirst(at) === first));
      const audits = await Promise.all(
        parts.map((part, at) => scanInputs([capture(`part-${turn}-${at}`, part)], {})),
      );
      const merged = await mergeAll(audits.map((audit, at) => partOf(audit, `part ${at}`)));
      expect(merged.sessions).toHaveLength(5);
      const told = merged.sessions.map(({ facts: _, traffic, ...row }) => [row, traffic.packetsOut]);
      expect(told).toEqual(whole.sessions.map(({ facts: _, traffic, ...row }) => [row, traffic.packetsOut]));
    }
  });
});

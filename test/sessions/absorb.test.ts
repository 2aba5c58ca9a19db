/** What a later part of a session makes of an earlier one: the work is that of one scan of both. */
import { describe, expect, it } from 'vitest';
import type { Share } from '../../src/dialects/sink.ts';
import { absorb } from '../../src/sessions/absorb.ts';
import type { Observation } from '../../src/sessions/field-types.ts';
import { AGENT, ALGORITHMS, COIN, joinObservation, LOGIN } from '../../src/sessions/observations.ts';
import { Observed } from '../../src/sessions/observed.ts';
import type { Session } from '../../src/sessions/session.ts';
import { Work } from '../../src/sessions/work.ts';
import { cutOff, extend, newWorkInterval } from '../../src/sessions/work-interval.ts';
import { bareSession } from '../support/sessions.ts';

const START = 1.7e15;
const at = (second: number): number => START + second * 1e6;
const share = (jobId: string | null, nonce: string): Share => ({
  ...{ jobId, account: null, worker: null, nonce, extraNonce2: null, reaches: null },
});

type Step = (session: Session) => void;
const job =
  (id: string, second: number, worth: number | null = null): Step =>
  (session) =>
    session.job(id, worth, {}, at(second));
const algorithm =
  (name: string): Step =>
  (session) =>
    session.algorithm({ kind: 'algorithm', algorithm: name, source: 'job', detail: '', side: 'pool' });
const difficulty =
  (value: number, second: number): Step =>
  (session) =>
    session.jobs.setDifficulty({ scale: 'hashes', value }, at(second));
const sent =
  (jobId: string | null, second: number, outcome: 'accepted' | 'low-difficulty' | null = 'accepted'): Step =>
  (session) => {
    const row = session.share(share(jobId, `${second}`), at(second));
    if (outcome !== null) session.answer(row, outcome);
  };

/** Its packets work interval these times, and the last one says something. */
function cover(session: Session, firstSecond: number, lastSecond: number): void {
  session.observed.lastUs = at(lastSecond);
  session.cover(at(firstSecond), at(lastSecond));
}

/** What the session of these steps comes to. */
function comesTo(session: Session, endSecond: number) {
  cover(session, 0, endSecond);
  const { work, shares, jobs } = session;
  return {
    workIntervals: work.workIntervals.map((workInterval) => [
      ...[
        workInterval.algorithm,
        (workInterval.startUs - START) / 1e6,
        (workInterval.endUs - START) / 1e6,
        workInterval.shares,
        workInterval.hashes,
      ],
      ...[workInterval.hashesSquared, workInterval.hashesInForce / 1e6],
    ]),
    ...{
      unpriced: work.unpriced,
      bare: work.bareShares,
      submitted: shares.submitted,
      assumed: shares.assumed,
    },
    ...{ jobs: jobs.count, difficulties: jobs.difficulties.map(({ difficulty: { value } }) => value) },
  };
}

function ofOne(steps: readonly Step[], endSecond: number) {
  const session = bareSession();
  for (const step of steps) step(session);
  return comesTo(session, endSecond);
}

function ofParts(steps: readonly Step[], cut: number, cutSecond: number, endSecond: number) {
  const [session, later] = [bareSession(), bareSession()];
  for (const step of steps.slice(0, cut)) step(session);
  for (const step of steps.slice(cut)) step(later);
  cover(session, 0, cutSecond);
  cover(later, cutSecond, endSecond);
  absorb(session, later, true);
  return comesTo(session, endSecond);
}

describe('a session in two parts is that of both', () => {
  it.each<[string, readonly Step[], number, number]>([
    ['where shares of its jobs come later', [job('a', 1, 1000), sent('a', 20), sent('a', 21, null)], 1, 10],
    [
      'where a share of its job is refused later',
      [job('a', 1, 1000), sent('a', 20, 'low-difficulty'), sent('a', 21)],
      1,
      10,
    ],
    [
      'where later jobs have its difficulty',
      [job('a', 1, 1000), sent('a', 2), job('b', 11), sent('b', 20), sent('b', 21)],
      2,
      10,
    ],
    [
      'where the difficulty is that of a former job',
      [job('a', 1, 1000), job('b', 11, 500), sent('a', 20), sent('b', 21)],
      1,
      10,
    ],
    [
      'where a difficulty came before any job',
      [difficulty(1000, 1), job('a', 11), sent('a', 20), sent('a', 21)],
      1,
      10,
    ],
    ['where no difficulty ever came', [job('a', 1), sent('a', 2), job('b', 11), sent('b', 20)], 2, 10],
    ['where it came in the later part', [job('a', 1), sent('a', 2), job('b', 11, 700), sent('b', 20)], 2, 10],
    [
      'where the algorithm changes',
      [
        algorithm('rx/0'),
        job('a', 1, 1000),
        algorithm('kawpow'),
        job('b', 3, 2000),
        sent('a', 20),
        sent('b', 21),
      ],
      4,
      10,
    ],
    [
      'where the later part names another',
      [
        algorithm('rx/0'),
        job('a', 1, 1000),
        sent('a', 2),
        algorithm('kawpow'),
        job('b', 11, 2000),
        sent('b', 20),
      ],
      3,
      10,
    ],
    [
      'where the later part names none',
      [algorithm('rx/0'), job('a', 1, 1000), sent('a', 2), job('b', 11, 1000), sent('b', 20)],
      3,
      10,
    ],
    ['where jobs are lost', [job('a', 1, 1000), sent('lost', 20), sent('lost', 21, 'low-difficulty')], 1, 10],
    ['where nothing comes later', [job('a', 1, 1000), sent('a', 2)], 2, 10],
    ['where nothing came before', [job('a', 11, 1000), sent('a', 20)], 0, 10],
  ])('%s', (_name, steps, cut, cutSecond) => {
    expect(ofParts(steps, cut, cutSecond, 60)).toEqual(ofOne(steps, 60));
  });
});

describe('what was heard of two parts', () => {
  const packetRef = (second: number) => ({ timeUs: at(second), record: second, input: 0 });
  const shown = (text: string) => text as Parameters<Observed['note']>[3];

  it('opens a session by a login, and by a request only before there was work', () => {
    const opened = (earlier: Step, later: Step) => {
      const [first, next] = [bareSession(), bareSession()];
      earlier(first);
      later(next);
      absorb(first, next);
      return [first.observed.opened, first.observed.openedByLogin];
    };
    const nothing: Step = () => {};
    const login: Step = (session) => session.login(shown('acct'), null);
    const asks: Step = (session) => session.request();
    expect(opened(nothing, asks)).toEqual([true, false]);
    expect(opened(job('a', 1, 1000), asks)).toEqual([false, false]);
    expect(opened(sent(null, 1), asks)).toEqual([false, false]);
    expect(opened(job('a', 1, 1000), login)).toEqual([true, true]);
    expect(opened(nothing, login)).toEqual([true, true]);
    expect(opened(login, nothing)).toEqual([true, true]);
    expect(opened(nothing, nothing)).toEqual([false, false]);
  });

  it('counts what the reader of one connection says once in each part once', () => {
    const counts = (isOneConnection: boolean) => {
      const [first, next] = [new Observed(false), new Observed(true)];
      for (const [part, second] of [
        [first, 1],
        [next, 20],
      ] as const)
        for (const kind of [COIN, LOGIN, ALGORITHMS['share-hash'], ALGORITHMS.job])
          part.note(kind, packetRef(second), 'pool', shown('x'));
      first.absorb(next, isOneConnection, false);
      expect([first.certain, first.firstUs, first.lastUs]).toEqual([true, at(1), at(20)]);
      return Object.fromEntries(first.observations.map(({ kind, count }) => [kind, count]));
    };
    expect(counts(true)).toEqual({ coin: 1, login: 2, 'algorithm-share-hash': 1, 'algorithm-job': 2 });
    expect(counts(false)).toEqual({ coin: 2, login: 2, 'algorithm-share-hash': 2, 'algorithm-job': 2 });
  });

  it('of a kind that only the later part has is all that part counted', () => {
    const [first, next] = [new Observed(false), new Observed(false)];
    next.note(COIN, packetRef(20), 'pool', shown('x'));
    next.note(AGENT, packetRef(21), 'miner', shown('y'));
    first.absorb(next, true, false);
    expect(first.observations.map(({ kind, count }) => [kind, count])).toEqual([
      ['coin', 1],
      ['agent', 1],
    ]);
    expect(first.firstPacketRef()).toEqual(packetRef(20));
  });

  it.each<[string, Partial<Observation>, Partial<Observation>, Partial<Observation>]>([
    ['has the words of both if they are the same', { detail: 'x' }, { detail: 'x' }, { detail: 'x' }],
    [
      'has the words of the first, which are not all',
      { detail: 'x' },
      { detail: 'y' },
      { detail: 'x', isMixed: true },
    ],
    [
      'is as mixed as a part',
      { detail: 'x' },
      { detail: 'x', isMixed: true },
      { detail: 'x', isMixed: true },
    ],
    [
      'is as mixed as the first',
      { detail: 'x', isMixed: true },
      { detail: 'x' },
      { detail: 'x', isMixed: true },
    ],
    [
      'has the words of the first refusal, and says that they vary',
      { kind: 'refusal', detail: 'x' },
      { kind: 'refusal', detail: 'y' },
      { detail: 'x', isMixed: true },
    ],
    [
      'has no words of rejections that differ',
      { kind: 'rejection-stale', detail: 'x' },
      { kind: 'rejection-stale', detail: 'y' },
      { detail: '' },
    ],
    [
      'says how an algorithm became known once',
      { kind: 'algorithm-job', detail: 'x' },
      { kind: 'algorithm-job', detail: 'y' },
      { detail: 'x' },
    ],
  ])('%s', (_name, first, other, expected) => {
    const seen = (second: number, more: Partial<Observation>): Observation => ({
      kind: 'agent',
      ...packetRef(second),
      count: 2,
      detail: '',
      ...more,
    });
    const kind = first.kind ?? 'agent';
    for (const order of [
      [seen(1, first), seen(9, other)],
      [seen(9, other), seen(1, first)],
    ]) {
      const all: Observation[] = [];
      for (const observation of order) joinObservation(all, { ...observation });
      expect(all).toEqual([{ kind, ...packetRef(1), count: 4, ...expected }]);
    }
  });
});

it('A stretch that is cut off loses what was in force behind the cut', () => {
  const inForce = (scale: 'hashes' | 'units', untilUs: number, value = 10) => {
    const workInterval = newWorkInterval(null, 100, { scale, value });
    extend(workInterval, 200);
    cutOff(workInterval, untilUs);
    return [workInterval.endUs, workInterval.hashesInForce, workInterval.unitsInForce];
  };
  expect(inForce('hashes', 160)).toEqual([160, 600, 0]);
  expect(inForce('units', 160)).toEqual([160, 0, 600]);
  expect([inForce('hashes', 200), inForce('hashes', 300), inForce('hashes', 99)]).toEqual([
    ...[
      [200, 1000, 0],
      [200, 1000, 0],
      [200, 1000, 0],
    ],
  ]);
  // No hash meets more than 2^256: such a time has no work to take out.
  expect(inForce('hashes', 160, 2 ** 300)).toEqual([160, 0, 0]);
});

describe('the stretches of a session', () => {
  type Told = readonly [from: number, to: number, hashesInForce: number, unitsInForce: number];
  const told = (work: Work): Told[] =>
    work.workIntervals.map((workInterval) => [
      workInterval.startUs,
      workInterval.endUs,
      workInterval.hashesInForce,
      workInterval.unitsInForce,
    ]);
  const hashes = (value: number) => ({ scale: 'hashes', value }) as const;
  const units = (value: number) => ({ scale: 'units', value }) as const;
  // No hash meets more than 2^256.
  const impossible = hashes(2 ** 300);

  it.each<[string, (work: Work) => void, readonly Told[]]>([
    ['begin with the first difficulty', (work) => work.job(null, null, 10), []],
    [
      'weigh each difficulty by its time',
      (work) => {
        work.job(hashes(3), null, 10);
        work.job(hashes(5), null, 20);
        work.job(units(2), null, 30);
      },
      [[10, 100, 30 + 50, 140]],
    ],
    [
      'are one for each algorithm',
      (work) => {
        work.job(hashes(3), 'rx/0', 10);
        work.job(hashes(5), 'kawpow', 20);
        work.job(hashes(5), 'rx/0', 40);
      },
      [
        [10, 20, 30, 0],
        [20, 40, 100, 0],
        [40, 100, 300, 0],
      ],
    ],
    [
      'leave out the time of a difficulty that no hash can meet',
      (work) => {
        work.job(hashes(3), null, 10);
        work.job(impossible, null, 20);
        work.job(hashes(5), null, 40);
      },
      [
        [10, 20, 30, 0],
        [20, 40, 0, 0],
        [40, 100, 300, 0],
      ],
    ],
    [
      'begin with the earliest job, also if it comes late',
      (work) => {
        work.job(hashes(3), null, 50);
        work.job(hashes(5), null, 30);
      },
      [[30, 100, 350, 0]],
    ],
  ])('%s', (_name, jobs, expected) => {
    const work = new Work();
    jobs(work);
    work.lastUntil(100);
    expect(told(work)).toEqual(expected);
  });

  it('are bounded, with room for one that has work', () => {
    const work = new Work();
    for (let i = 0; i < 3000; i++) work.job(hashes(1), `${i % 2}`, i);
    expect(work.workIntervals).toHaveLength(1024);
    const tight = new Work();
    for (let i = 0; i < 3000; i++) tight.job(impossible, `${i % 2}`, i);
    expect(tight.workIntervals).toHaveLength(1023);
    tight.job(hashes(1), '0', 3000);
    expect(tight.workIntervals).toHaveLength(1024);
  });

  it('take a share of the last stretch of its algorithm, or else of the last that has work', () => {
    const work = new Work();
    work.job(hashes(3), 'rx/0', 10);
    work.job(hashes(3), 'kawpow', 20);
    work.job(impossible, 'rx/0', 30);
    const at = (name: string | null): number | undefined => work.add(40, hashes(7), name, false)?.startUs;
    expect([at('rx/0'), at('kawpow'), at('other'), at(null)]).toEqual([10, 20, 20, 20]);
    expect(
      work.workIntervals.map(({ shares, hashes: sum, hashesSquared }) => [shares, sum, hashesSquared]),
    ).toEqual([
      [1, 7, 49],
      [3, 21, 147],
      [0, 0, 0],
    ]);
    expect(work.unpriced).toBe(0);
  });

  it('give back what a refused share was worth', () => {
    const work = new Work();
    work.job(units(3), null, 10);
    const share = { timeUs: 20, workInterval: 0, isBare: false } as const;
    for (const value of [4, 5]) work.add(20, units(value), null, false);
    work.takeBack({ ...share, difficulty: units(5) });
    expect(work.workIntervals).toMatchObject([
      { shares: 1, units: 4, unitsSquared: 16, hashes: 0, hasUnits: true },
    ]);
    work.add(20, null, null, true);
    work.add(20, null, null, true);
    work.takeBack({ ...share, difficulty: null, workInterval: null, isBare: true });
    expect([work.unpriced, work.bareShares]).toEqual([1, 1]);
    expect(work.series.toFacts().rows).toEqual([[0, 2, 0, 4, 1]]);
  });

  it('go on in the next period with what is in force', () => {
    const work = new Work();
    work.turn(200);
    expect(work).toMatchObject({ workIntervals: [], bareJobUs: null });
    work.job(null, null, 5);
    work.job(hashes(3), 'rx/0', 10);
    work.turn(200);
    work.lastUntil(210);
    expect([work.bareJobUs, told(work)]).toEqual([200, [[200, 210, 30, 0]]]);
    expect(work.workIntervals[0]).toMatchObject({ algorithm: 'rx/0', shares: 0, hashes: 0 });
  });
});

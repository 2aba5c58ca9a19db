import { describe, expect, it } from 'vitest';
import { type SessionSeen, sessionVerdict } from '../../src/evidence/verdict.ts';

const NOTHING: SessionSeen = {
  certain: true,
  opened: false,
  admitted: null,
  jobs: 0,
  shares: 0,
  answers: 0,
  accepted: 0,
  workless: false,
  denials: 0,
  echo: false,
  emptyAnswers: false,
  relayed: false,
  silentMiner: false,
  lowHash: false,
  oneSided: false,
  watches: false,
  forged: false,
  doubt: null,
  conflict: false,
  wholeAnswers: 0,
  minerMarks: false,
  dedicated: false,
  sealed: false,
  transcript: false,
  silentPool: false,
};

describe('the verdict on a session', () => {
  /** In a form that no dialect has, observed whole. */
  const unlisted: Partial<SessionSeen> = {
    ...{ unknownForm: true, minerMarks: true, opened: true, admitted: true },
    ...{ jobs: 2, shares: 3, answers: 3, accepted: 3 },
  };
  const cases: readonly { name: string; seen: Partial<SessionSeen>; verdict: string | null }[] = [
    {
      name: 'is confirmed in an unknown form by jobs and three shares',
      seen: unlisted,
      verdict: 'confirmed',
    },
    {
      name: 'is probable in it if only two were accepted',
      seen: { ...unlisted, accepted: 2 },
      verdict: 'probable',
    },
    { name: 'is probable in it after one job', seen: { ...unlisted, jobs: 1 }, verdict: 'probable' },
    {
      name: 'is a suspicion in it without a login',
      seen: { ...unlisted, admitted: null },
      verdict: 'suspected',
    },
    {
      name: 'is a suspicion in it if nothing names a miner',
      seen: { ...unlisted, minerMarks: false },
      verdict: 'suspected',
    },
    {
      name: 'is confirmed by a login, jobs, and shares that are answered',
      seen: { opened: true, admitted: true, jobs: 3, shares: 5, answers: 5, wholeAnswers: 5 },
      verdict: 'confirmed',
    },
    {
      name: 'is confirmed from the middle of a session by jobs and answered shares',
      seen: { jobs: 1, shares: 2, answers: 2, wholeAnswers: 2 },
      verdict: 'confirmed',
    },
    {
      name: 'is probable for the job stream that follows an accepted login: without a share nobody is confirmed',
      seen: { opened: true, admitted: true, jobs: 2 },
      verdict: 'probable',
    },
    {
      name: 'is confirmed by it and shares that the pool, as some do, answers only if they are bad',
      seen: { opened: true, admitted: true, jobs: 2, shares: 3 },
      verdict: 'confirmed',
    },
    {
      name: 'is a suspicion for one who reads many jobs and submits none',
      seen: { opened: true, admitted: true, jobs: 60, watches: true },
      verdict: 'suspected',
    },
    {
      name: 'is no more than probable by one direction alone',
      seen: { jobs: 1, shares: 2, answers: 2, wholeAnswers: 2, oneSided: true },
      verdict: 'probable',
    },
    {
      name: 'is an attempt at a server whose answers are errors in plain text, whatever else it gives back',
      seen: {
        opened: true,
        admitted: true,
        jobs: 3,
        shares: 5,
        answers: 5,
        wholeAnswers: 5,
        emptyAnswers: true,
      },
      verdict: 'attempted',
    },
    {
      name: 'is no more than suspected at a broker',
      seen: { opened: true, admitted: true, jobs: 3, shares: 5, answers: 5, wholeAnswers: 5, relayed: true },
      verdict: 'suspected',
    },
    {
      name: 'is a suspicion for many accepted shares of a form of their own, without a session',
      seen: { opened: true, shares: 40, answers: 40, accepted: 40 },
      verdict: 'suspected',
    },
    {
      name: 'is nothing for a few of them',
      seen: { opened: true, shares: 12, answers: 12, accepted: 12 },
      verdict: null,
    },
    {
      name: 'is probable for one job after a login',
      seen: { opened: true, admitted: true, jobs: 1 },
      verdict: 'probable',
    },
    {
      name: 'is no more than suspected if the server says yes to all and never sends work',
      seen: {
        opened: true,
        admitted: true,
        shares: 5,
        answers: 5,
        accepted: 5,
        wholeAnswers: 5,
        workless: true,
        minerMarks: true,
      },
      verdict: 'suspected',
    },
    {
      name: 'is an attempt at a server that knows no such method',
      seen: { shares: 5, workless: true, denials: 3, minerMarks: true },
      verdict: 'attempted',
    },
    {
      name: 'is an attempt at a server that refuses all and never sends work',
      seen: { opened: true, admitted: false, shares: 5, answers: 5, workless: true, minerMarks: true },
      verdict: 'attempted',
    },
    {
      name: 'is an attempt at an echo',
      seen: { opened: true, admitted: true, jobs: 3, shares: 5, answers: 5, wholeAnswers: 5, echo: true },
      verdict: 'attempted',
    },
    {
      name: 'is no more than suspected if somebody else may have sent the packets',
      seen: { opened: true, admitted: true, jobs: 3, shares: 5, answers: 5, wholeAnswers: 5, forged: true },
      verdict: 'suspected',
    },
    {
      name: 'is no more than probable if other data came at the same place',
      seen: { opened: true, admitted: true, jobs: 3, shares: 5, answers: 5, wholeAnswers: 5, conflict: true },
      verdict: 'probable',
    },
    {
      name: 'stays an attempt whoever sent the packets',
      seen: { opened: true, forged: true, conflict: true },
      verdict: 'attempted',
    },
    {
      name: 'is nothing where one end says both parts',
      seen: { opened: true, admitted: true, jobs: 3, shares: 5, transcript: true },
      verdict: null,
    },
    {
      name: 'is nothing for shares to one who never says anything',
      seen: { shares: 5, silentPool: true },
      verdict: null,
    },
    {
      name: 'is an attempt for a login to one who never says anything',
      seen: { opened: true, silentPool: true },
      verdict: 'attempted',
    },
    {
      name: 'is nothing for work that no job was given for, from the beginning on',
      seen: { opened: true, admitted: true, shares: 5, answers: 5, wholeAnswers: 5 },
      verdict: null,
    },
    {
      name: 'is confirmed for such work of a known miner: its jobs may be of a kind that nobody reads',
      seen: { opened: true, admitted: true, shares: 5, answers: 5, wholeAnswers: 5, minerMarks: true },
      verdict: 'confirmed',
    },
    {
      name: 'is probable for shares alone of a known miner',
      seen: { shares: 4, minerMarks: true },
      verdict: 'probable',
    },
    {
      name: 'is a suspicion for shares of anybody, without a job',
      seen: { shares: 4 },
      verdict: 'suspected',
    },
    { name: 'is probable for jobs alone, from the middle', seen: { jobs: 4 }, verdict: 'probable' },
    {
      name: 'is an attempt where a first job came without a login',
      seen: { opened: true, jobs: 1 },
      verdict: 'attempted',
    },
    {
      name: 'is an attempt where the login was refused, jobs or not',
      seen: { opened: true, admitted: false, jobs: 2 },
      verdict: 'attempted',
    },
    { name: 'is a suspicion for a lone difficulty', seen: {}, verdict: 'suspected' },
    {
      name: 'is nothing where many protocols say so and nothing else',
      seen: { certain: false, opened: true },
      verdict: null,
    },
    {
      name: 'is an attempt where a miner asked in words that others use too',
      seen: { certain: false, opened: true, minerMarks: true },
      verdict: 'attempted',
    },
    {
      name: 'is probable for answered shares in cut messages',
      seen: { certain: false, minerMarks: true, shares: 43, answers: 43 },
      verdict: 'probable',
    },
    {
      name: 'is probable for many sealed messages like shares to a dedicated pool',
      seen: { certain: false, sealed: true, shares: 10, dedicated: true },
      verdict: 'probable',
    },
    {
      name: 'is a suspicion for as many to anybody else',
      seen: { certain: false, sealed: true, shares: 10 },
      verdict: 'suspected',
    },
    {
      name: 'is an attempt for a sealed session without any',
      seen: { certain: false, sealed: true, dedicated: true },
      verdict: 'attempted',
    },
    {
      name: 'is never more than a suspicion for one cut share',
      seen: { certain: false, minerMarks: true, shares: 1, answers: 1 },
      verdict: 'suspected',
    },
  ];
  for (const { name, seen, verdict } of cases) {
    it(name, () => expect(sessionVerdict({ ...NOTHING, ...seen })?.verdict ?? null).toBe(verdict));
  }
});

describe('the verdict and its reason', () => {
  const whole: Partial<SessionSeen> = {
    ...{ opened: true, admitted: true, jobs: 3, shares: 5, answers: 5, accepted: 5, wholeAnswers: 5 },
  };
  const cut: Partial<SessionSeen> = { certain: false, minerMarks: true };
  const lone: Partial<SessionSeen> = { opened: true, shares: 40, answers: 40 };
  const refusing: Partial<SessionSeen> = { workless: true, opened: true, shares: 5, minerMarks: true };
  it.each<[string, Partial<SessionSeen>, string | null]>([
    ['a whole session', whole, 'confirmed shares-answered'],
    ['whose packets came from an outside sender', { ...whole, doubt: 'outside' }, 'suspected tunnel-outside'],
    ['that may be forged as well', { ...whole, doubt: 'outside', forged: true }, 'suspected forged-packets'],
    ['with data in conflict', { ...whole, conflict: true }, 'probable conflicting-data'],
    [
      'a job stream of one direction',
      { ...whole, shares: 0, wholeAnswers: 0, oneSided: true },
      'probable job-stream',
    ],
    ['lone shares through a tunnel', { shares: 4, doubt: 'one-way' }, 'suspected shares-one-sided'],
    ['what a device says of itself', { deviceReport: true }, 'probable device-report-verdict'],
    ['nine sealed shares at a pool', { sealed: true, shares: 9, dedicated: true }, 'suspected sealed-shares'],
    ['ten of them', { sealed: true, shares: 10, dedicated: true }, 'probable sealed-at-pool'],
    ['one of them', { sealed: true, shares: 1 }, 'suspected sealed-shares'],
    ['two cut shares', { ...cut, shares: 2, answers: 2 }, 'suspected common-messages'],
    ['three cut shares', { ...cut, shares: 3, answers: 1 }, 'probable cut-shares'],
    ['three without an answer', { ...cut, shares: 3 }, 'suspected common-messages'],
    ['jobs in common words', { ...cut, jobs: 1 }, 'suspected common-messages'],
    ['all of a session in common words', { ...whole, ...cut }, 'probable cut-shares'],
    [
      'an unknown form with a login and no job',
      { ...whole, unknownForm: true, minerMarks: true, jobs: 0 },
      'suspected unknown-form',
    ],
    ['an unknown form in full', { ...whole, unknownForm: true, minerMarks: true }, 'confirmed unknown-form'],
    ['an unknown form, and only cut', { ...whole, ...cut, unknownForm: true }, 'probable unknown-form'],
    ['nineteen accepted shares without a job', { ...lone, accepted: 19 }, null],
    ['twenty of them', { ...lone, accepted: 20 }, 'suspected shares-without-session'],
    ['one of low hashes', { ...lone, accepted: 1, lowHash: true }, 'suspected shares-without-session'],
    ['none accepted, of low hashes', { ...lone, lowHash: true }, null],
    ['shares without a job from the middle', { ...lone, opened: false }, 'suspected shares-one-sided'],
    ['answers of a server without work', { ...refusing, answers: 5 }, 'attempted not-a-pool'],
    ['such answers from the middle', { ...refusing, opened: false, answers: 5 }, 'probable shares-one-sided'],
    ['no answer of a server without work', refusing, 'suspected server-without-work'],
    [
      'denials of a server that took one share',
      { ...refusing, answers: 5, accepted: 1, denials: 1 },
      'suspected server-without-work',
    ],
    [
      'denials of a server that took the login',
      { ...refusing, admitted: true, denials: 1 },
      'suspected server-without-work',
    ],
    [
      'answers of a server without work, from the middle',
      { ...refusing, opened: false, admitted: true, answers: 5, wholeAnswers: 5 },
      'probable shares-one-sided',
    ],
    [
      'answered shares of a miner whose login and jobs nobody saw',
      { shares: 2, answers: 2, wholeAnswers: 2, minerMarks: true },
      'probable shares-one-sided',
    ],
    [
      'jobs to who says nothing',
      { silentMiner: true, opened: true, admitted: true, jobs: 3 },
      'suspected lone-messages',
    ],
    ['nothing to who says nothing', { silentMiner: true, opened: true }, 'attempted session-not-established'],
    [
      'jobs and a share of who says nothing else',
      { silentMiner: true, jobs: 3, shares: 1 },
      'probable shares-one-sided',
    ],
    [
      'a share after one job',
      { opened: true, admitted: true, jobs: 1, shares: 1 },
      'probable shares-one-sided',
    ],
    ['a share from the middle', { admitted: true, jobs: 2, shares: 1 }, 'probable shares-one-sided'],
    [
      'a share after a refused login',
      { opened: true, admitted: false, jobs: 2, shares: 1 },
      'probable shares-one-sided',
    ],
    ['two jobs after a login', { opened: true, admitted: true, jobs: 2 }, 'probable job-stream'],
    ['one job after a login', { opened: true, admitted: true, jobs: 1 }, 'probable job-without-shares'],
    ['jobs from the middle, after a login', { admitted: true, jobs: 2 }, 'probable job-without-shares'],
    ['jobs from the middle', { jobs: 2 }, 'probable running-jobs'],
    [
      'a login to a server without work',
      { opened: true, workless: true },
      'attempted session-not-established',
    ],
    ['a record of a session, forged or not', { ...whole, transcript: true, forged: true }, null],
    ['a login alone', { opened: true, admitted: true }, 'attempted session-not-established'],
    ['an answer to a login alone', { admitted: true }, 'suspected lone-messages'],
  ])('of %s', (_name, seen, expected) => {
    const found = sessionVerdict({ ...NOTHING, ...seen });
    expect(found === null ? null : `${found.verdict} ${found.reason.code}`).toBe(expected);
  });
});

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

describe('the verdict and its reason', () => {
  const whole: Partial<SessionSeen> = {
    ...{ opened: true, admitted: true, jobs: 3, shares: 5, answers: 5, accepted: 5, wholeAnswers: 5 },
  };
  const cut: Partial<SessionSeen> = { certain: false, minerMarks: true };
  const lone: Partial<SessionSeen> = { opened: true, shares: 40, answers: 40 };
  /** In a form that no dialect has, observed whole. */
  const unlisted: Partial<SessionSeen> = {
    ...{ unknownForm: true, minerMarks: true, opened: true, admitted: true },
    ...{ jobs: 2, shares: 3, answers: 3, accepted: 3 },
  };
  const jobless: Partial<SessionSeen> = { ...whole, jobs: 0, accepted: 0 };
  const running: Partial<SessionSeen> = { jobs: 1, shares: 2, answers: 2, wholeAnswers: 2 };
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
    ['an unknown form in full', unlisted, 'confirmed unknown-form'],
    ['one of which only two shares were accepted', { ...unlisted, accepted: 2 }, 'probable unknown-form'],
    ['one after one job', { ...unlisted, jobs: 1 }, 'probable unknown-form'],
    ['one without a login', { ...unlisted, admitted: null }, 'suspected unknown-form'],
    ['one in which nothing names a miner', { ...unlisted, minerMarks: false }, 'suspected unknown-form'],
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
    ['answered shares and a job from the middle', running, 'confirmed shares-answered'],
    ['one direction of them alone', { ...running, oneSided: true }, 'probable one-direction'],
    [
      'shares that the pool, as some do, answers only if they are bad',
      { opened: true, admitted: true, jobs: 2, shares: 3 },
      'confirmed job-stream',
    ],
    [
      'who reads many jobs and submits none',
      { opened: true, admitted: true, jobs: 60, watches: true },
      'suspected watcher',
    ],
    [
      'a server whose answers are errors in plain text',
      { ...whole, emptyAnswers: true },
      'attempted not-a-pool',
    ],
    ['a session at a broker', { ...whole, relayed: true }, 'suspected relayed'],
    [
      'a server that says yes to all and never sends work',
      { ...whole, jobs: 0, workless: true, minerMarks: true },
      'suspected server-without-work',
    ],
    [
      'a server that knows no such method',
      { shares: 5, workless: true, denials: 3, minerMarks: true },
      'attempted not-a-pool',
    ],
    ['an echo', { ...whole, echo: true }, 'attempted echo-server'],
    ['a session whose packets may be forged', { ...whole, forged: true }, 'suspected forged-packets'],
    [
      'a login whoever sent the packets',
      { opened: true, forged: true, conflict: true },
      'attempted session-not-established',
    ],
    ['shares to who never says anything', { shares: 5, silentPool: true }, null],
    [
      'a login to who never says anything',
      { opened: true, silentPool: true },
      'attempted session-not-established',
    ],
    ['work that no job was given for, from the beginning on', jobless, null],
    // Its jobs may be of a kind that nobody reads.
    ['such work of a known miner', { ...jobless, minerMarks: true }, 'confirmed shares-answered'],
    ['shares alone of a known miner', { shares: 4, minerMarks: true }, 'probable shares-one-sided'],
    ['a first job without a login', { opened: true, jobs: 1 }, 'attempted session-not-established'],
    [
      'jobs after a refused login',
      { opened: true, admitted: false, jobs: 2 },
      'attempted session-not-established',
    ],
    ['a lone difficulty', {}, 'suspected lone-messages'],
    ['what many protocols say, and nothing else', { certain: false, opened: true }, null],
    [
      'a miner that asked in words that others use too',
      { ...cut, opened: true },
      'attempted session-not-established',
    ],
    ['ten sealed shares elsewhere', { sealed: true, shares: 10 }, 'suspected sealed-shares'],
    ['a sealed session without any', { sealed: true, dedicated: true }, 'attempted sealed-handshake'],
    ['a login alone', { opened: true, admitted: true }, 'attempted session-not-established'],
    ['an answer to a login alone', { admitted: true }, 'suspected lone-messages'],
  ])('of %s', (_name, seen, expected) => {
    const found = sessionVerdict({ ...NOTHING, ...seen });
    expect(found === null ? null : `${found.verdict} ${found.reason.code}`).toBe(expected);
  });
});

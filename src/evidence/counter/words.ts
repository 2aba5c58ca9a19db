/**
 * The result of the counter in plain words for `explain`: what was read, from what, and what it cannot know.
 */
import { type Statement, statement } from '../../statements/index.ts';
import type { CounterClock, CounterInput, NoClock } from './counter-input.ts';
import { UNSEEN } from './unseen.ts';

/** Statements about a clock, most telling first. */
export function describeClock(
  clock: Omit<CounterClock, 'words'>,
  dialect: CounterInput['dialect'],
): Statement[] {
  const { tracks, rigs, structure, sharesUsed } = clock;
  const { half, what } = UNSEEN[dialect];
  return [
    describeStructure(clock),
    ...(tracks === null ? [] : [statement('counter-tracks', { low: tracks.low, high: tracks.high })]),
    ...(rigs === null ? [] : [statement('counter-rigs', { rigs })]),
    statement('counter-fit', { shares: sharesUsed, chance: clock.pValue }),
    ...(structure.outliers >= 0.005 ? [statement('counter-outliers', { part: structure.outliers })] : []),
    statement(what, { part: half }),
  ];
}

/** Statements about why there is no clock, with the figure of the test. */
export function describeNoClock({ reason, sharesUsed, pValue }: Omit<NoClock, 'words'>): Statement[] {
  if (reason === 'too-few-shares') return [statement('no-clock-few', { shares: sharesUsed })];
  return [
    reason === 'unsteady' ? statement('no-clock-unsteady') : statement('no-clock-random', { chance: pValue }),
  ];
}

/** What it may mean that counter and shares disagree: the counter lies above the rate from shares, or below it. */
export function describeDisagreement(isAbove: boolean, isPatchy: boolean): Statement {
  if (isPatchy) return statement('packets-missing');
  return statement(isAbove ? 'nonces-faster' : 'nonces-slower');
}

function describeStructure({ structure: { kind, size } }: Omit<CounterClock, 'words'>): Statement {
  return kind === 'single' ? statement('counts-single') : statement(`counts-${kind}`, { size: size ?? 0 });
}

/**
 * What the counter says, in plain words for `explain`: what was read from what, and what it cannot know.
 */
import type { CounterClock, CounterInput, NoClock } from './counter-input.ts';
import { UNSEEN } from './unseen.ts';

/** Sentences about a clock, most telling first. */
export function describeClock(
  clock: Omit<CounterClock, 'words'>,
  dialect: CounterInput['dialect'],
): string[] {
  const words = [structureWords(clock)];
  const tracks = clock.tracks;
  if (tracks !== null) {
    const number = tracks.low === tracks.high ? `${tracks.low}` : `${tracks.low} to ${tracks.high}`;
    words.push(`${number} ${tracks.high === 1 ? 'track counts' : 'tracks count'} (threads or devices).`);
  }
  if (clock.rigs !== null) {
    words.push(
      clock.rigs === 1
        ? 'The fixed nonce byte has 1 value: one machine.'
        : `The fixed nonce byte has ${clock.rigs} values: one for each machine.`,
    );
  }
  words.push(
    `${clock.sharesUsed} shares lie on the clock; random nonces would do as well with a chance of at most ${small(clock.pValue)}.`,
  );
  if (clock.structure.outliers >= 0.005) {
    words.push(
      `${Math.round(clock.structure.outliers * 100)} % of the shares are off it (pauses, donation minutes, slow spells); where nonces do not tell which, the interval holds both.`,
    );
  }
  const { half, what } = UNSEEN[dialect];
  words.push(`The interval allows ${Math.round(100 * half)} % for what nonces cannot show: ${what}.`);
  return words;
}

/** Sentences about why there is no clock, with the figure of the test. */
export function describeNoClock(result: Omit<NoClock, 'words'>): string[] {
  switch (result.reason) {
    case 'too-few-shares':
      return [
        `No clock: ${result.sharesUsed} ${result.sharesUsed === 1 ? 'share with a nonce is' : 'shares with a nonce are'} too few to tell.`,
      ];
    case 'unsteady':
      return ['No clock: the nonces count up, but too unsteadily to give a rate.'];
    case 'timed':
      return [
        'No clock: the digits rise through the session, but as time, jobs or shares alone make them rise, not as work does.',
        'A timer does so, or a start drawn from the time of day; a miner that never changes its pace looks like one.',
      ];
    default:
      return [
        `No clock: random nonces explain the shares as well (chance of such a fit by luck ${small(result.pValue)}).`,
      ];
  }
}

/** What it may mean that counter and shares disagree: the counter lies above the rate from shares, or below it. */
export function describeDisagreement(isAbove: boolean, isPatchy: boolean): string {
  if (isPatchy)
    return 'The nonces run faster than the shares tell: packets are missing from the capture, and shares with them.';
  return isAbove
    ? 'The nonces run faster than the shares tell: pauses, refused work, or work handed in elsewhere.'
    : 'The nonces run slower than the shares tell: more machines or threads than were told apart.';
}

function structureWords(clock: Omit<CounterClock, 'words'>): string {
  const size = clock.structure.size;
  switch (clock.structure.kind) {
    case 'single':
      return 'The nonce counts up from 0 at each job: its value over the seconds since the job is the rate.';
    case 'pooled':
      return 'All nonces are drawn in batches from one counter that starts at 0 with each job: its height over the seconds since the job is the rate.';
    case 'chunks':
      return `Tracks draw chunks of ${size} nonces from one counter that starts at 0 with each job: the place in the chunk over time is the rate of one track.`;
    case 'lanes':
      return `Each track counts up from its own part of the nonce range (${size} nonces) at each job: the place in it over time is the rate of one track.`;
    case 'base-job':
      return 'Nonces count up from a start drawn once, anew at each job: the line of nonce over time is the rate.';
    case 'base-session':
      return 'Nonces count up through the whole session: the line of nonce over time is the rate.';
    default:
      return `Extranonce2, with version bits or time where they are rolled, counts units of work, by the number of shares of 2^${Math.round(Math.log2(size ?? 1))} hashes: its advance over time is the rate.`;
  }
}

function small(chance: number): string {
  if (chance >= 0.1) return chance.toFixed(1);
  if (chance > 1e-6) return `1 in ${grouped(Math.round(1 / chance))}`;
  return `1 in 10^${Math.min(12, Math.floor(-Math.log10(chance)))}`;
}

/** Thousands apart; without Intl, whose loading would cost a short scan more than all its counters. */
function grouped(count: number): string {
  if (count < 1000) return String(count);
  const thousands = Math.floor(count / 1000);
  return `${grouped(thousands)},${String(count % 1000).padStart(3, '0')}`;
}

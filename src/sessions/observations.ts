/**
 * What was observed of a session: facts of one kind once, with their number and the place of the first, in the order in which
 * the kinds were first observed. A session has about ten, so that they are a list: a Map takes as much again as they do.
 */
import { ALGORITHM_SOURCES, OUTCOMES } from '../evidence/fact.ts';
import type { Observation } from './field-types.ts';
import type { Origin } from './message-counts.ts';

/** What is counted together: its name in the audit, who says it, and whose words it is. */
export interface Kind {
  readonly name: string;
  readonly by: 'miner' | 'pool';
  readonly origin: Origin;
}

/** Begins the kind of what was observed of refused shares; the outcome follows. */
const REJECTION = 'rejection-';

function kind(name: string, by: 'miner' | 'pool', origin: Origin = 'either'): Kind {
  return { name, by, origin };
}

export const LOGIN = kind('login', 'miner', 'miner');
export const AGENT = kind('agent', 'miner');
export const REQUEST = kind('request', 'miner');
export const TARGET = kind('target', 'miner');
export const SHARE = kind('share', 'miner', 'miner');
export const SELF_REPORTED = kind('self-reported', 'miner');
export const REPORT = kind('device-report', 'miner', 'miner');
export const PASSTHROUGH = kind('passthrough', 'miner');
export const ADMISSION = kind('admission', 'pool', 'pool');
export const REFUSAL = kind('refusal', 'pool', 'pool');
export const SERVICE = kind('service', 'pool', 'mostly-pool');
export const DIFFICULTY = kind('difficulty', 'pool', 'mostly-pool');
export const JOB = kind('job', 'pool', 'pool');
export const DENIAL = kind('denial', 'pool', 'denial');
export const RECONNECT = kind('reconnect', 'pool');
/** Who says these is told with each. */
export const COIN = kind('coin', 'pool');
export const ALGORITHMS = kindsOf(ALGORITHM_SOURCES, (source) => kind(`algorithm-${source}`, 'pool'));
export const ANSWERS = kindsOf(OUTCOMES, (outcome) =>
  kind(outcome === 'accepted' ? 'answer' : `${REJECTION}${outcome}`, 'pool', 'pool'),
);

function kindsOf<Name extends string>(names: readonly Name[], of: (name: Name) => Kind) {
  return Object.fromEntries(names.map((name) => [name, of(name)])) as Readonly<Record<Name, Kind>>;
}

/** What was observed of the kind. */
export function observationOf(observations: readonly Observation[], kind: string): Observation | undefined {
  for (const observation of observations) if (observation.kind === kind) return observation;
  return undefined;
}

/** Notes what was observed, in place of what is there of its kind. */
export function putObservation(observations: Observation[], observation: Observation): void {
  const at = observations.findIndex(({ kind }) => kind === observation.kind);
  if (at === -1) observations.push(observation);
  else observations[at] = observation;
}

/** Forgets what was observed of the kind. */
export function dropObservation(observations: Observation[], kind: string): void {
  const at = observations.findIndex((observation) => observation.kind === kind);
  if (at !== -1) observations.splice(at, 1);
}

/** Notes what was observed, beside what is there of its kind: the earlier one stays, and counts the other. */
export function joinObservation(observations: Observation[], observation: Observation): void {
  const known = observationOf(observations, observation.kind);
  if (known === undefined) observations.push(observation);
  else if (known.timeUs <= observation.timeUs) addTo(known, observation);
  else putObservation(observations, addTo(observation, known));
}

/** Adds an observation to an earlier one of its kind, whose words stay, but of refused shares only what holds for both. */
function addTo(first: Observation, other: Observation): Observation {
  first.count += other.count;
  if (other.isMixed === true) first.isMixed = true;
  if (first.detail === other.detail) return first;
  if (isRejection(first.kind)) first.detail = '';
  // How an algorithm became known is said once of a connection, by whichever part of it comes first.
  else if (!first.kind.startsWith('algorithm-')) first.isMixed = true;
  return first;
}

/** True for a kind of what was observed that is an answer to a share. */
export function isAnswer(kind: string): boolean {
  return kind === 'answer' || isRejection(kind);
}

/** True for a kind of what was observed that is a refused share. */
export function isRejection(kind: string): boolean {
  return kind.startsWith(REJECTION);
}

/** Why the pool rejected shares, of such a kind. */
export function rejectionReason(kind: string): string {
  return kind.slice(REJECTION.length);
}

/**
 * Do the connections of one client with one server behave like mining, as far as flow records show? A miner stays with
 * one server for a long time, with little and steady traffic both ways: small shares at random times, each answered, and
 * unsolicited jobs in between. A score says how similar it is (behaviour-score.ts). Chats and queues are similar, so this
 * alone is never more than a suspicion. Ports of such services are not judged, and neither is traffic of which the format
 * or sampling hides something. Figures: docs/reference/behaviour.md.
 */
import { type Statement, statement } from '../statements/index.ts';
import { type BehaviourScore, behaviourScore, unevenness } from './behaviour-score.ts';
import type { FlowConversation } from './conversation-summary.ts';
import { isOrdinaryPort } from './ordinary-ports.ts';
import type { FlowRelation } from './relation.ts';

/** A relation that was open for less in all is not judged. */
export const LEAST_SECONDS = 20 * 60;
/** Shorter conversations count for nothing. */
export const LEAST_MEAN_SECONDS = 60;
/** Of a connection, bytes/s of both directions; a proxy of a hundred rigs stays below, a voice call does not. */
const MOST_BYTES_PER_SECOND = 6000;
/** Who is busy in a smaller part of its runs (relation.ts) mines now and then, or visits. */
const STEADY_DUTY = 0.6;
/** Unevenness of connections (behaviour-score.ts) up to which they are turns of one program: miners 0.4, visits 2 and more. */
const MOST_UNEVEN = 1;
/** Shape is gone if fewer packets are looked at (docs/reference/behaviour.md). */
export const MOST_SAMPLING = 10;
/** IP and TCP headers without and with timestamps, IPv4. */
const HEADERS = 52;
/** Of scores between this and the threshold some are of miners (docs/reference/behaviour.md, calibration). */
const SURELY_UNLIKE = -5;
/** Messages up of a miner of few shares, in all and an hour. */
const FEW_MESSAGES = 12;
const SLOW_AN_HOUR = 30;
/** Payload of the smallest share or job that any dialect has. */
const LEAST_PUSH = 48;

/** Why behaviour was not judged: what the records do not show, or show of too little. */
export type Unclear =
  | 'sampled'
  | 'too-short'
  | 'no-packets'
  | 'no-times'
  | 'port'
  | 'no-roles'
  | 'intermittent'
  | 'undecided';

export type JudgedBehaviour =
  /** `what`: the test that failed, for who reads the code; the score is null if it was not judged so far. */
  | { readonly behaviour: 'unlike'; readonly what: string; readonly score: BehaviourScore | null }
  | { readonly behaviour: 'like-mining'; readonly reason: Statement; readonly score: BehaviourScore }
  /** The reason is null if it is that of most traffic, and needs no note. */
  | {
      readonly behaviour: 'unclear';
      readonly why: Unclear;
      readonly reason: Statement | null;
      readonly score: BehaviourScore | null;
    };

/** What the records allow to say, with the reason in words. What they do not show is never held against a miner. */
export function flowBehaviour(relation: FlowRelation): JudgedBehaviour {
  const { traffic, activeSeconds, connections, meanSeconds, sampling, roles } = relation;
  const { interval, isUntold } = sampling;
  if (interval > MOST_SAMPLING) return unclear('sampled', statement('flow-sampled', { interval }));
  if (connections === 0) return { behaviour: 'unlike', what: 'no answer', score: null };
  if (isOrdinaryPort(relation.server.port)) return unclear('port');
  if (traffic.packetsOut === 0 || traffic.packetsIn === 0)
    return unclear('no-packets', statement('flow-one-way'));
  if (activeSeconds < LEAST_SECONDS || meanSeconds < LEAST_MEAN_SECONDS) return unclear('too-short');
  if (roles === 'undecided') return unclear('no-roles', statement('flow-no-roles'));
  const score = behaviourScore(relation);
  const isSteady = relation.duty >= STEADY_DUTY;
  if (score.score >= score.threshold && (isSteady || isEven(relation))) {
    const reason = statement(connections > 1 ? 'steady-reconnecting' : 'steady-long');
    return { behaviour: 'like-mining', reason, score };
  }
  if (isUntold) return { ...unclear('sampled', statement('flow-sampling-untold')), score };
  if (interval > 1) return { ...unclear('sampled', statement('flow-sampled', { interval })), score };
  if (isSurelyUnlike(relation, score))
    return { behaviour: 'unlike', what: 'too far from what miners do', score };
  return { ...unclear(isSteady ? 'undecided' : 'intermittent'), score };
}

/** True if so many connections are alike that they are no visits: each has the same pace. */
export function isEven({ scatterBetween }: FlowRelation, most = MOST_UNEVEN): boolean {
  return (unevenness(scatterBetween) ?? Number.POSITIVE_INFINITY) <= most;
}

/**
 * False where the records leave room for a miner of few shares: of so few messages login and keep-alives are a large part,
 * so that their sizes and pace say nothing.
 */
function isSurelyUnlike({ traffic, heldSeconds }: FlowRelation, { score }: BehaviourScore): boolean {
  const messages = traffic.packetsOut - traffic.packetsIn;
  return score < SURELY_UNLIKE && messages >= Math.max(FEW_MESSAGES, (heldSeconds / 3600) * SLOW_AN_HOUR);
}

function unclear(why: Unclear, reason: Statement | null = null): JudgedBehaviour {
  return { behaviour: 'unclear', why, reason, score: null };
}

/** More than any miner, and more than the first seconds of one may hold. */
function isHeavy({ bytesOut, bytesIn }: FlowRelation['traffic'], seconds: number): boolean {
  return bytesOut + bytesIn > MOST_BYTES_PER_SECOND * Math.max(seconds, LEAST_MEAN_SECONDS);
}

/** A connection of this length is a session, however often it is opened; shorter ones are requests. */
const LEAST_SESSION_SECONDS = 10;

/**
 * The figures of a relation in the words of the test of listed endpoints (evidence/behaviour.ts). Pushes are estimated from
 * above: no more than there are packets beyond the handshakes, no more than the payload fills. Sampled ones give no figures:
 * with one packet in more than ten, being there in many hours is all that can be said; nor do connections that last no
 * longer than a request.
 */
export function connectionFigures(relation: FlowRelation) {
  const { traffic, connections, activeSeconds, meanSeconds, sampling } = relation;
  const isTooCoarse = sampling.interval > MOST_SAMPLING || meanSeconds < LEAST_SESSION_SECONDS;
  const { bytesOut, bytesIn, packetsOut, packetsIn } = traffic;
  return {
    answered: connections > 0,
    seconds: sampling.interval > MOST_SAMPLING ? 0 : activeSeconds,
    bytesOut,
    bytesIn,
    pushesOut: isTooCoarse ? 0 : pushes(bytesOut, packetsOut, connections),
    pushesIn: isTooCoarse ? 0 : pushes(bytesIn, packetsIn, connections),
  };
}

function pushes(bytes: number, packets: number, connections: number): number {
  const payload = Math.max(0, bytes - packets * HEADERS);
  return Math.max(0, Math.min(packets - 2 * connections, Math.floor(payload / LEAST_PUSH)));
}

/** Of a sampled relation: different hours with packets, and packets that were looked at, from which on it lasts. */
const LEAST_HOURS = 6;
const LEAST_OBSERVED = 12;

/**
 * Sampling takes the shape away and leaves the presence: hour after hour with one endpoint, both ways and thin, is all
 * that a miner can show then, and no visit does (docs/reference/behaviour.md).
 */
export function lastsForHours({ traffic, sampling, hours, minutes }: FlowRelation): boolean {
  const { bytesOut, bytesIn, packetsOut, packetsIn } = traffic;
  return (
    sampling.interval > MOST_SAMPLING &&
    hours >= LEAST_HOURS &&
    sampling.observedPackets >= LEAST_OBSERVED &&
    packetsOut > 0 &&
    packetsIn > 0 &&
    (bytesOut + bytesIn) / (minutes * 60) <= MOST_BYTES_PER_SECOND
  );
}

/**
 * What a conversation must be to count towards the behaviour of its two ends: answered, thin, longer than a visit. Else
 * why not: it is unlike mining, or nobody can tell.
 */
export function countsToBehaviour(
  conversation: Pick<
    FlowConversation,
    'answered' | 'activeSeconds' | 'roles' | 'server' | 'traffic' | 'sampling' | 'records'
  >,
): 'counts' | 'unlike' | Unclear {
  const { answered, activeSeconds, traffic, roles, server, sampling } = conversation;
  const isLong = answered && activeSeconds >= LEAST_MEAN_SECONDS;
  if (activeSeconds === 0 && sampling.observedPackets > MOST_AT_ONCE) return 'no-times';
  if (sampling.interval > MOST_SAMPLING) return isLong ? 'counts' : 'sampled';
  if (!answered || isHeavy(traffic, activeSeconds)) return 'unlike';
  if (isOrdinaryPort(server.port)) return 'port';
  if (!isLong) return sampling.isUntold ? 'sampled' : 'too-short';
  if (isThinnedOut(conversation)) return 'sampled';
  return roles === 'undecided' ? 'no-roles' : 'counts';
}

/** A connection of more packets lasts longer than its only time tells: the log has no times of ends. */
export const MOST_AT_ONCE = 20;

/** Mean IP bytes of the packets of an end that says something, headers with all options included. */
const LEAST_SAID = 100;

/**
 * Nobody told of sampling, and yet most records tell of one packet alone. Where both ends send payload, one of them must
 * also have acknowledged: each two records have three packets or more.
 */
function isThinnedOut(conversation: Pick<FlowConversation, 'records' | 'traffic' | 'sampling'>): boolean {
  const { bytesOut, bytesIn, packetsOut, packetsIn } = conversation.traffic;
  return (
    !conversation.sampling.isKnown &&
    2 * (packetsOut + packetsIn) < 3 * conversation.records &&
    Math.min(bytesOut / packetsOut, bytesIn / packetsIn) >= LEAST_SAID
  );
}

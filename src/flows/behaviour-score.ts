/**
 * How much the connections of one client with one server look like mining, as a score: a logistic model on flow
 * records. Each feature has a band that contains most miners. Inside it costs nothing, outside it costs its weight for
 * each doubling of the distance, so that no feature can compensate for another. Ports and addresses are not features.
 * Bands, weights and threshold are a table that a fit has written (data/behaviour.json).
 */
import behaviour from '../../data/behaviour.json' with { type: 'json' };
import { isWebPort } from './ordinary-ports.ts';
import type { Scatter } from './pulse.ts';
import type { FlowRelation } from './relation.ts';

/** One row of the model: the range of miners for a feature, and what it costs to be outside. */
export type BehaviourWeight = BehaviourProfile['weights'][number];
/** One kind of miners: what they do is alike, so that a band can be narrow. */
export type BehaviourProfile = BehaviourModel[number];
/** A relation is suspected if one of the profiles says so. */
export type BehaviourModel = typeof BEHAVIOUR_MODEL;
export const BEHAVIOUR_MODEL = behaviour.model;

interface BehaviourFeature {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  /** Null if the records do not tell it. */
  readonly of: (relation: FlowRelation) => number | null;
}

/** Distances beyond this many doublings cost no more: one unlikely figure is no more than that. */
const MOST_DOUBLINGS = 4;
/** Stands for a rate or size of nothing, whose logarithm has no end. */
const LEAST = 1 / 64;
/**
 * IPv4 and TCP headers without options, and with timestamps: nearly all packets of a connection have them or have not.
 */
const BARE = 40;
const WITH_TIMESTAMPS = 52;
const IPV6_MORE = 20;

/**
 * A share goes up, its answer comes down, and an acknowledgement goes up; a job comes down, and its acknowledgement
 * goes up. Hence packets up less packets down are the messages up, and twice those down less those up the pushes.
 */
export const BEHAVIOUR_FEATURES: readonly BehaviourFeature[] = [
  {
    id: 'shares',
    title: 'messages up that are answered (packets up less packets down)',
    unit: 'a minute',
    of: ({ traffic, heldSeconds }) =>
      Math.max(0, traffic.packetsOut - traffic.packetsIn) / minutesOf(heldSeconds),
  },
  { id: 'share-size', title: 'payload of such a message', unit: 'B', of: shareSize },
  {
    id: 'pushes',
    title: 'messages down that nobody asked for (twice the packets down less those up)',
    unit: 'a minute',
    of: ({ traffic, heldSeconds }) =>
      Math.max(0, 2 * traffic.packetsIn - traffic.packetsOut) / minutesOf(heldSeconds),
  },
  {
    id: 'packet-size-in',
    title: 'IP bytes of a packet down (IPv6: less 20)',
    unit: 'B',
    of: ({ traffic, server }) => traffic.bytesIn / Math.max(1, traffic.packetsIn) - moreHeader(server.ip),
  },
  {
    id: 'scatter-out',
    title: 'variance of the packets up of a record, over that of chance',
    unit: '',
    of: ({ scatterOut }) => unevenness(scatterOut),
  },
  {
    id: 'scatter-in',
    title: 'the same of packets down',
    unit: '',
    of: ({ scatterIn }) => unevenness(scatterIn),
  },
];

/** What a feature took from the score. */
interface BehaviourPart {
  readonly id: string;
  readonly value: number | null;
  readonly cost: number;
}

export interface BehaviourScore {
  /** Natural log odds, at as many miners as others. */
  readonly score: number;
  /** From which on it is suspected. */
  readonly threshold: number;
  readonly parts: readonly BehaviourPart[];
}

/** By the profile that it comes closest to. */
export function behaviourScore(
  relation: FlowRelation,
  model: BehaviourModel = BEHAVIOUR_MODEL,
): BehaviourScore {
  const isCut = (relation.scatterOut?.packets ?? LONG_RECORD) < LONG_RECORD;
  const [first, ...others] = model
    .filter(({ isUncut }) => !isUncut || !isCut)
    .map((profile) => profileScore(relation, profile));
  const margin = ({ score, threshold }: BehaviourScore): number => score - threshold;
  return others.reduce((best, each) => (margin(each) > margin(best) ? each : best), first);
}

export function profileScore(relation: FlowRelation, profile: BehaviourProfile): BehaviourScore {
  let score = profile.bias;
  const parts: BehaviourPart[] = [];
  for (const { id, of } of BEHAVIOUR_FEATURES) {
    const weight = profile.weights.find((each) => each.id === id);
    const value = of(relation);
    if (weight === undefined) continue;
    const { below, above, unknown } = doublingsOutside(value, weight);
    const cost = below * weight.below + above * weight.above + unknown * weight.unknown;
    score -= cost;
    parts.push({ id, value, cost });
  }
  const threshold = isWebPort(relation.server.port) ? profile.webThreshold : profile.threshold;
  return { score, threshold, parts };
}

/** How far a figure lies outside its band, in doublings. */
export function doublingsOutside(
  value: number | null,
  { low, high }: Pick<BehaviourWeight, 'low' | 'high'>,
): { below: number; above: number; unknown: number } {
  if (value === null) return { below: 0, above: 0, unknown: 1 };
  const doublings = (ratio: number): number => Math.min(MOST_DOUBLINGS, Math.max(0, Math.log2(ratio)));
  const figure = Math.max(value, LEAST);
  return { below: doublings(low / figure), above: doublings(figure / high), unknown: 0 };
}

/** Variance over that of chance, of which a rate that drifts by a quarter explains a part that grows with the counts. */
export function unevenness(scatter: Scatter | null): number | null {
  return scatter === null ? null : scatter.ratio / (1 + DRIFT * scatter.packets);
}

const DRIFT = 0.05;
/** Records of so many packets are over minutes in which a pool sets its difficulty: how they scatter tells little. */
const LONG_RECORD = 20;

function minutesOf(seconds: number): number {
  return Math.max(seconds, 1) / 60;
}

function moreHeader(ip: string): number {
  return ip.includes(':') ? IPV6_MORE : 0;
}

/** Payload up, by the messages up. */
function shareSize({ traffic, server, smallestMean }: FlowRelation): number | null {
  const { bytesOut, packetsOut, packetsIn } = traffic;
  const messages = packetsOut - packetsIn;
  if (messages <= 0) return null;
  const more = moreHeader(server.ip);
  const headers = more + (smallestMean > 0 && smallestMean < WITH_TIMESTAMPS + more ? BARE : WITH_TIMESTAMPS);
  return Math.max(0, bytesOut - packetsOut * headers) / messages;
}

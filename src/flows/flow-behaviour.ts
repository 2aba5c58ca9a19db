/**
 * Do the connections of one client with one server behave like mining, as far as flow records tell? Mining is one server
 * for long, thin and steady both ways: small shares by chance, each answered, and jobs in between that nobody asked for.
 * So more packets go up than come down but never twice as many, those down are the larger, and the counts of records
 * scatter as chance has it, which neither clocks (keep-alives, sensors) nor people and jobs of programs do. Chats and
 * queues come close, so that this alone is never more than a suspicion; ports of such services count for nothing, and
 * everything that a format or sampling takes away makes it silent. Bounds: test/flows/flow-behaviour.test.ts.
 */
import { isOrdinaryPort } from './ordinary-ports.ts';
import type { FlowRelation } from './relation.ts';

const LEAST_SECONDS = 20 * 60;
/** Of a client that reconnects: many programs come back every few minutes. */
const LEAST_SECONDS_OF_MANY = 60 * 60;
/** Shorter conversations count for nothing. */
export const LEAST_MEAN_SECONDS = 60;
/** Part of the minutes between first and last record in which it was busy. */
const LEAST_DUTY = 0.8;
/** Bytes/s of both directions; a proxy of a hundred rigs stays below, a voice call does not. */
const MOST_BYTES_PER_SECOND = 6000;
/** Shape is gone where fewer packets are looked at (flow-formats 6.4). */
const MOST_SAMPLING = 10;
/**
 * Variance of the packets of a record over that of chance: sensors and keep-alives stay below the least, shells, databases
 * and tunnels come above the most.
 */
const LEAST_SCATTER = 0.32;
const MOST_SCATTER = 10;

interface Bounds {
  /** Packets a minute up: a share or job every forty seconds at the least, two shares a second at the most. */
  readonly packetsPerMinute: readonly [least: number, most: number];
  /** Mean IP bytes of a packet. Bare acknowledgements have 40 to 52, shares 100 to 400. */
  readonly bytesPerPacketOut: readonly [least: number, most: number];
  readonly bytesPerPacketIn: readonly [least: number, most: number];
  /** Packets up for each down: share and acknowledgement against answer, acknowledgement against job. */
  readonly packetRatio: readonly [least: number, most: number];
}

const RHYTHM_KNOWN: Bounds = {
  packetsPerMinute: [3, 240],
  bytesPerPacketOut: [104, 400],
  bytesPerPacketIn: [110, 900],
  packetRatio: [1.05, 2.2],
};
/** Where no record tells the rhythm, the shape has to tell more. */
const RHYTHM_UNKNOWN: Bounds = {
  packetsPerMinute: [4, 70],
  bytesPerPacketOut: [106, 170],
  bytesPerPacketIn: [140, 650],
  packetRatio: [1.15, 1.93],
};
const LEAST_SECONDS_WITHOUT_RHYTHM = 60 * 60;

/** IP and TCP headers without and with timestamps, IPv4. */
const HEADERS = 52;
/** Payload of the smallest share or job that any dialect has. */
const LEAST_PUSH = 48;

export type FlowBehaviour = 'like-mining' | 'unlike' | 'unclear';

export interface JudgedBehaviour {
  readonly behaviour: FlowBehaviour;
  readonly because: string;
}

/** Figures of a relation that bounds are put to. */
export interface RelationFigures {
  readonly packetsPerMinuteOut: number;
  readonly packetsPerMinuteIn: number;
  readonly bytesPerMinuteOut: number;
  readonly bytesPerMinuteIn: number;
  readonly bytesPerPacketOut: number;
  readonly bytesPerPacketIn: number;
  /** Packets up for each down. */
  readonly packetRatio: number;
  /** Busy minutes over minutes. */
  readonly duty: number;
}

export function relationFigures({
  traffic,
  activeSeconds,
  activeMinutes,
  minutes,
}: FlowRelation): RelationFigures {
  const { bytesOut, bytesIn, packetsOut, packetsIn } = traffic;
  const open = Math.max(activeSeconds, 1) / 60;
  return {
    packetsPerMinuteOut: packetsOut / open,
    packetsPerMinuteIn: packetsIn / open,
    bytesPerMinuteOut: bytesOut / open,
    bytesPerMinuteIn: bytesIn / open,
    bytesPerPacketOut: packetsOut > 0 ? bytesOut / packetsOut : 0,
    bytesPerPacketIn: packetsIn > 0 ? bytesIn / packetsIn : 0,
    packetRatio: packetsIn > 0 ? packetsOut / packetsIn : 0,
    duty: minutes > 0 ? activeMinutes / minutes : 0,
  };
}

/** What the records allow to say, with the reason in words. */
export function flowBehaviour(relation: FlowRelation): JudgedBehaviour {
  const { traffic, activeSeconds, sampling, server, roles, connections, meanSeconds, scatter } = relation;
  if (sampling.interval > MOST_SAMPLING) return unclear(`one packet in ${sampling.interval} was looked at`);
  if (connections === 0) return unlike('no answer');
  if (traffic.packetsOut === 0 || traffic.packetsIn === 0) return unclear('packets of one direction only');
  const least = connections > 1 ? LEAST_SECONDS_OF_MANY : LEAST_SECONDS;
  if (activeSeconds < least || meanSeconds < LEAST_MEAN_SECONDS) return unlike('short');
  if (roles === 'undecided') return unclear('nothing tells the server from the client');
  if (isOrdinaryPort(server.port)) return unlike('a port of services that look the same');
  const figures = relationFigures(relation);
  if (figures.duty < LEAST_DUTY) return unlike('busy now and then only');
  if ((traffic.bytesOut + traffic.bytesIn) / activeSeconds > MOST_BYTES_PER_SECOND)
    return unlike('too much traffic');
  const hasRhythm = scatter !== null;
  if (hasRhythm && scatter < LEAST_SCATTER) return unlike('as regular as a clock');
  if (hasRhythm && scatter > MOST_SCATTER) return unlike('in bursts');
  const bounds = hasRhythm ? RHYTHM_KNOWN : RHYTHM_UNKNOWN;
  if (!isWithin(figures.packetsPerMinuteOut, bounds.packetsPerMinute))
    return unlike('too few or too many packets');
  if (!isWithin(figures.packetRatio, bounds.packetRatio)) return unlike('not answered as shares are');
  const isShaped =
    isWithin(figures.bytesPerPacketOut, bounds.bytesPerPacketOut) &&
    isWithin(figures.bytesPerPacketIn, bounds.bytesPerPacketIn);
  if (!isShaped) return unlike('packets of other sizes');
  if (!hasRhythm && activeSeconds < LEAST_SECONDS_WITHOUT_RHYTHM)
    return unclear('too few records tell the rhythm');
  return {
    behaviour: 'like-mining',
    because:
      connections > 1
        ? 'one server over many connections, thin and steady in both directions'
        : 'one server for long, thin and steady in both directions',
  };
}

function isWithin(value: number, [least, most]: readonly [number, number]): boolean {
  return value >= least && value <= most;
}

function unlike(because: string): JudgedBehaviour {
  return { behaviour: 'unlike', because };
}

function unclear(because: string): JudgedBehaviour {
  return { behaviour: 'unclear', because };
}

/** What the test of connections to listed endpoints asks for (evidence/behaviour.ts). */
export interface FlowConnectionFigures {
  readonly answered: boolean;
  readonly seconds: number;
  readonly bytesOut: number;
  readonly bytesIn: number;
  readonly pushesOut: number;
  readonly pushesIn: number;
}

/** A connection of this length is a session, however often it is opened; shorter ones are requests. */
const LEAST_SESSION_SECONDS = 10;

/**
 * The figures of a relation in the words of that test. Pushes are estimated from above: no more than there are packets
 * beyond the handshakes, no more than the payload fills. Sampled ones give no figures: with one packet in more than ten,
 * being there in many hours is all that can be said; nor do connections that last no longer than a request.
 */
export function connectionFigures(relation: FlowRelation): FlowConnectionFigures {
  const { traffic, connections, activeSeconds, meanSeconds, sampling } = relation;
  const isShapeless = sampling.interval > MOST_SAMPLING || meanSeconds < LEAST_SESSION_SECONDS;
  const { bytesOut, bytesIn, packetsOut, packetsIn } = traffic;
  return {
    answered: connections > 0,
    seconds: activeSeconds,
    bytesOut,
    bytesIn,
    pushesOut: isShapeless ? 0 : pushes(bytesOut, packetsOut, connections),
    pushesIn: isShapeless ? 0 : pushes(bytesIn, packetsIn, connections),
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
 * Sampling takes the shape away and leaves the presence: hour after hour with one endpoint, both ways and thin, is all that
 * a miner can show then, and no visit does (flow-formats 6.4).
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

/** What a conversation must be to count towards the behaviour of its two ends: answered, thin, longer than a visit. */
export function mayBeMining(conversation: {
  readonly answered: boolean;
  readonly activeSeconds: number;
  readonly roles: 'sure' | 'likely' | 'undecided';
  readonly server: { readonly port: number };
  readonly traffic: FlowRelation['traffic'];
}): boolean {
  const { answered, activeSeconds, traffic, roles, server } = conversation;
  return (
    answered &&
    activeSeconds >= LEAST_MEAN_SECONDS &&
    roles !== 'undecided' &&
    !isOrdinaryPort(server.port) &&
    (traffic.bytesOut + traffic.bytesIn) / activeSeconds <= MOST_BYTES_PER_SECOND
  );
}

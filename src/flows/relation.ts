/**
 * Conversations of one client with one server, added up over the whole of the input: a miner that reconnects every few
 * minutes is one client of one server all day, whatever its ports. Times are joined, not added, so that two
 * connections at once count once. Bounded by its user.
 */

import { totalOf } from '../order.ts';
import { lengthUs, mostAtOnce, type TimeInterval, unionOf } from '../time-interval.ts';
import { type FlowConversation, type FlowEndpoint, RUN_SILENCE_MINUTES } from './conversation-summary.ts';
import { NO_PULSE, NO_SPREAD, type Pulse, type Scatter, type Spread, scatterOf, spreadOf } from './pulse.ts';

const MINUTE_US = 60_000_000;
/** A shorter run is no busy time: a visit now and then is busy for as long as it lasts. */
const LEAST_RUN_MINUTES = 20;
/** So many exporters tell of one pair of ends. */
const MOST_EXPORTERS = 64;
/** Conversations that are kept one by one: as many as an audit lists. */
const MOST_LISTED = 100;
/** An interval for every connection up to here; beyond, new ones lengthen the last. */
const MOST_INTERVALS = 4096;

/** What is told of a relation as it is added up. */
interface RelationFacts {
  firstUs: number;
  lastUs: number;
  /** Where its first record stands. */
  input: number;
  record: number;
  /** As sure as the surest of its conversations. */
  roles: FlowConversation['roles'];
  /** Connections that were answered, and those that were not. */
  connections: number;
  unanswered: number;
  denied: boolean;
  traffic: { bytesOut: number; bytesIn: number; packetsOut: number; packetsIn: number };
  /** Least mean of the packets of a record, IP bytes; 0 if nobody counted packets. */
  smallestMean: number;
  sampling: { interval: number; isKnown: boolean; isUntold: boolean; observedPackets: number };
}

export interface FlowRelation extends Readonly<RelationFacts> {
  /** With the port of the first connection. */
  readonly client: FlowEndpoint;
  readonly server: FlowEndpoint;
  /** Time with a connection open, silences of up to ten minutes included. */
  readonly activeSeconds: number;
  /** The same of each connection by itself, added: what rates are over, so that many at once are as one. */
  readonly heldSeconds: number;
  /** Mean length of an answered connection, s. */
  readonly meanSeconds: number;
  /** Most connections at one time; a moment's overlap is none. */
  readonly atOnce: number;
  /** Minutes in which something was said, of those from the first to the last. */
  readonly activeMinutes: number;
  readonly minutes: number;
  /**
   * Part of the minutes of its runs in which it was busy, and that are of runs of 20 minutes and more. Two hours of
   * silence part runs: who mines by night is silent by day.
   */
  readonly duty: number;
  /** Different hours with packets, of sampled relations with listed endpoints; else 0. */
  readonly hours: number;
  /** Of all its connections, each held against its own pace. */
  readonly scatterOut: Scatter | null;
  readonly scatterIn: Scatter | null;
  /** The same of the packets of its connections, one beside the other: visits differ, turns of a program do not. */
  readonly scatterBetween: Scatter | null;
  /** Who sent the exports that tell of it, of those in captures. */
  readonly senders: readonly string[];
  /** Who saw it, by their numbers. */
  readonly observers: readonly number[];
  /** Its conversations, the first ones; and how many there are beyond these. */
  readonly list: readonly ListedConversation[];
  readonly more: number;
}

/** What an operator of a translator of addresses asks for; times in us since 1970, IP bytes. */
interface ListedConversation {
  readonly port: number;
  readonly startUs: number;
  readonly endUs: number;
  readonly bytesOut: number;
  readonly bytesIn: number;
}

/** The sum of a relation without its ends. */
interface RelationState extends RelationFacts {
  /** The client's port in its first connection. */
  firstPort: number;
  busyMinutes: number;
  heldSeconds: number;
  spreadOut: Spread;
  spreadIn: Spread;
  between: Pulse;
  /** Times of the answered connections, us; what they span together. */
  intervals: { startUs: number; endUs: number }[];
  spannedUs: number;
}

/** A relation being added up. Conversations may come in any order. */
export class RelationSum {
  private readonly ends: { readonly client: string; readonly server: FlowEndpoint };
  private readonly senders = new Set<string>();
  private readonly hours = new Set<number>();
  private readonly observers: number[] = [];
  private readonly sum = noSum();
  private listed: ListedConversation[] = [];
  private count = 0;

  constructor(client: string, server: FlowEndpoint) {
    this.ends = { client, server };
  }

  add(conversation: FlowConversation): void {
    const { client, activeSeconds, activePeriods, answered, denied, traffic, sampling } = conversation;
    for (const sender of conversation.senders)
      if (this.senders.size < MOST_EXPORTERS) this.senders.add(sender);
    this.addObservers(conversation.observers);
    if (answered) for (const hour of conversation.hours) this.hours.add(hour);
    const { firstUs, lastUs, input, record, roles, smallestMean, pulseOut, pulseIn } = conversation;
    const intervals = answered ? [...conversation.intervals] : [];
    const { bytesOut, bytesIn } = traffic;
    this.count++;
    this.listed.push({ port: client.port, startUs: firstUs, endUs: lastUs, bytesOut, bytesIn });
    if (this.listed.length >= 2 * MOST_LISTED) this.listed = earliest(this.listed);
    this.join({
      firstPort: client.port,
      firstUs,
      lastUs,
      input,
      record,
      roles,
      denied,
      traffic,
      sampling,
      intervals,
      connections: answered ? activePeriods : 0,
      unanswered: answered ? 0 : activePeriods,
      busyMinutes: answered ? (conversation.busyBuckets * conversation.bucketSeconds) / 60 : 0,
      heldSeconds: answered ? activeSeconds : 0,
      spreadOut: answered ? spreadOf(pulseOut) : NO_SPREAD,
      spreadIn: answered ? spreadOf(pulseIn) : NO_SPREAD,
      between: answered ? pulseAs(traffic, activeSeconds) : NO_PULSE,
      smallestMean: answered ? smallestMean : 0,
      spannedUs: lengthUs(intervals),
    });
  }

  /** Adds what another sum holds; its list stays there. */
  addAll(other: RelationSum): void {
    this.join(other.sum);
    this.addObservers(other.observers);
    for (const hour of other.hours) this.hours.add(hour);
  }

  private addObservers(observers: readonly number[]): void {
    for (const observer of observers)
      if (this.observers.length < MOST_EXPORTERS && !this.observers.includes(observer))
        this.observers.push(observer);
  }

  private join(more: RelationState): void {
    const { sum } = this;
    if (more.firstUs < sum.firstUs) {
      const { firstUs, firstPort, input, record } = more;
      Object.assign(sum, { firstUs, firstPort, input, record });
    }
    sum.lastUs = Math.max(sum.lastUs, more.lastUs);
    if (SURENESS.indexOf(more.roles) < SURENESS.indexOf(sum.roles)) sum.roles = more.roles;
    for (const count of ['bytesOut', 'bytesIn', 'packetsOut', 'packetsIn'] as const)
      sum.traffic[count] += more.traffic[count];
    sum.sampling = {
      interval: Math.max(sum.sampling.interval, more.sampling.interval),
      isKnown: sum.sampling.isKnown && more.sampling.isKnown,
      isUntold: sum.sampling.isUntold || more.sampling.isUntold,
      observedPackets: sum.sampling.observedPackets + more.sampling.observedPackets,
    };
    sum.denied &&= more.denied;
    sum.unanswered += more.unanswered;
    sum.connections += more.connections;
    sum.heldSeconds += more.heldSeconds;
    sum.spannedUs += more.spannedUs;
    sum.busyMinutes += more.busyMinutes;
    for (const way of ['spreadOut', 'spreadIn'] as const)
      sum[way] = {
        excess: sum[way].excess + more[way].excess,
        packets: sum[way].packets + more[way].packets,
        records: sum[way].records + more[way].records,
        freedom: sum[way].freedom + more[way].freedom,
      };
    sum.between = {
      squares: sum.between.squares + more.between.squares,
      packets: sum.between.packets + more.between.packets,
      seconds: sum.between.seconds + more.between.seconds,
      records: sum.between.records + more.between.records,
    };
    if (more.smallestMean > 0 && (sum.smallestMean === 0 || more.smallestMean < sum.smallestMean))
      sum.smallestMean = more.smallestMean;
    for (const interval of more.intervals) {
      if (sum.intervals.length < MOST_INTERVALS) sum.intervals.push({ ...interval });
      else this.lengthen(interval);
    }
  }

  private lengthen({ startUs, endUs }: TimeInterval): void {
    const last = this.sum.intervals[MOST_INTERVALS - 1];
    last.startUs = Math.min(last.startUs, startUs);
    last.endUs = Math.max(last.endUs, endUs);
  }

  /** The sum so far. */
  relation(): FlowRelation {
    const { firstPort, busyMinutes, heldSeconds, intervals, spannedUs, ...rest } = this.sum;
    const { spreadOut, spreadIn, between, ...facts } = rest;
    const { firstUs, lastUs, connections } = facts;
    const openUs = lengthUs(unionOf(intervals));
    const runs = unionOf(intervals, RUN_SILENCE_MINUTES * MINUTE_US).map((run) => minutesOf([run]));
    const runMinutes = totalOf(runs, (run) => run);
    const longMinutes = totalOf(runs, (run) => (run >= LEAST_RUN_MINUTES ? run : 0));
    // Records of few packets say when something was sent, not how long it went on: there, hours with packets count whole.
    const spanSeconds = Math.max(0, (lastUs - firstUs) / 1e6);
    const presentSeconds = Math.min(spanSeconds, this.hours.size * 3600);
    // What of its span each connection was active, of all of them together.
    const activePart = spannedUs > 0 ? Math.min(1, (heldSeconds * 1e6) / spannedUs) : 1;
    const activeMinutes = Math.max(presentSeconds / 60, Math.min(minutesOf(intervals), busyMinutes));
    return {
      ...facts,
      traffic: { ...facts.traffic },
      client: { ip: this.ends.client, port: firstPort },
      server: this.ends.server,
      activeSeconds: Math.max(presentSeconds, (openUs * activePart) / 1e6),
      heldSeconds: Math.max(presentSeconds, heldSeconds),
      atOnce: mostAtOnce(intervals.map(withoutEnd)),
      meanSeconds: connections === 0 ? 0 : heldSeconds / connections,
      activeMinutes: Math.round(activeMinutes),
      minutes: minutesOf([{ startUs: firstUs, endUs: lastUs }]),
      duty: runMinutes === 0 ? 1 : Math.min(activeMinutes, longMinutes) / runMinutes,
      hours: this.hours.size,
      scatterOut: scatterOf(spreadOut),
      scatterIn: scatterOf(spreadIn),
      scatterBetween: scatterOf(spreadOf(between)),
      senders: [...this.senders],
      observers: this.observers,
      list: earliest(this.listed),
      more: Math.max(0, this.count - MOST_LISTED),
    };
  }
}

/** The first ones, in the order of time. */
function earliest(list: readonly ListedConversation[]): ListedConversation[] {
  return list
    .toSorted((a, b) => a.startUs - b.startUs || a.port - b.port || a.endUs - b.endUs)
    .slice(0, MOST_LISTED);
}

/** Who connects anew may do so before the old connection is given up. */
function withoutEnd({ startUs, endUs }: TimeInterval): TimeInterval {
  return { startUs, endUs: Math.max((startUs + endUs) / 2, endUs - MINUTE_US) };
}

/** A connection as one record. */
function pulseAs({ packetsOut, packetsIn }: RelationFacts['traffic'], seconds: number): Pulse {
  const packets = packetsOut + packetsIn;
  return seconds <= 0 ? NO_PULSE : { squares: (packets * packets) / seconds, packets, seconds, records: 1 };
}

/** Minutes of the clock that these intervals lie in, each counted once. */
function minutesOf(intervals: readonly TimeInterval[]): number {
  const minuteOf = (timeUs: number): number => Math.floor(timeUs / MINUTE_US);
  const whole = intervals.map(({ startUs, endUs }) => ({
    startUs: minuteOf(startUs) * MINUTE_US,
    endUs: (minuteOf(endUs) + 1) * MINUTE_US,
  }));
  return lengthUs(unionOf(whole)) / MINUTE_US;
}

function noSum(): RelationState {
  return {
    firstPort: 0,
    firstUs: Number.POSITIVE_INFINITY,
    lastUs: Number.NEGATIVE_INFINITY,
    input: 0,
    record: 0,
    roles: 'undecided',
    connections: 0,
    unanswered: 0,
    denied: true,
    busyMinutes: 0,
    heldSeconds: 0,
    traffic: { bytesOut: 0, bytesIn: 0, packetsOut: 0, packetsIn: 0 },
    spreadOut: NO_SPREAD,
    spreadIn: NO_SPREAD,
    between: NO_PULSE,
    smallestMean: 0,
    intervals: [],
    spannedUs: 0,
    sampling: { interval: 1, isKnown: true, isUntold: false, observedPackets: 0 },
  };
}

const SURENESS: readonly FlowConversation['roles'][] = ['sure', 'likely', 'undecided'];

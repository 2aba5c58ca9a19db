/**
 * Conversations of one client with one server, added up over the whole of the input: a miner that reconnects every few
 * minutes is one client of one server all day, whatever its ports. Times are joined, not added, so that two
 * connections at once count once. Bounded by its user.
 */
import { type FlowConversation, type FlowEndpoint, RUN_SILENCE_MINUTES } from './conversation-summary.ts';
import type { Scatter } from './pulse.ts';

const MINUTE_US = 60_000_000;
/** A shorter run tells nothing: a visit now and then is busy for as long as it lasts. */
const LEAST_RUN_MINUTES = 20;
/** So many exporters tell of one pair of ends. */
const MOST_SENDERS = 64;
/** A stretch for every connection up to here; beyond, new ones lengthen the last. */
const MOST_STRETCHES = 4096;

export interface FlowRelation {
  /** With the port of the first connection. */
  readonly client: FlowEndpoint;
  readonly server: FlowEndpoint;
  /** As sure as the surest of its conversations. */
  readonly roles: FlowConversation['roles'];
  readonly firstUs: number;
  readonly lastUs: number;
  /** Connections that were answered, and those that were not. */
  readonly connections: number;
  readonly unanswered: number;
  /** Time with a connection open, silences of up to ten minutes included. */
  readonly activeSeconds: number;
  /** Mean length of an answered connection, s. */
  readonly meanSeconds: number;
  /** Minutes in which something was said, of those from the first to the last. */
  readonly activeMinutes: number;
  readonly minutes: number;
  /**
   * Runs of busy time, with two hours and more of silence between them: minutes of all, and of those of 20 minutes and
   * more. Who mines by night is silent by day.
   */
  readonly runMinutes: number;
  readonly longRunMinutes: number;
  /** Different hours with packets, of sampled relations with listed endpoints; else 0. */
  readonly hours: number;
  readonly traffic: FlowConversation['traffic'];
  /** Of its longest conversation that tells one. */
  readonly scatterOut: Scatter | null;
  readonly scatterIn: Scatter | null;
  /** Least mean of the packets of a record, IP bytes; 0 if nobody counted packets. */
  readonly smallestMean: number;
  readonly sampling: FlowConversation['sampling'];
  readonly denied: boolean;
  /** Who sent the exports that tell of it, of those in captures. */
  readonly senders: readonly string[];
  /** Where its first record stands. */
  readonly input: number;
  readonly record: number;
}

/** A relation being added up. Conversations may come in any order. */
export class RelationSum {
  private readonly server: FlowEndpoint;
  private client: FlowEndpoint;
  private firstUs = Number.POSITIVE_INFINITY;
  private lastUs = Number.NEGATIVE_INFINITY;
  private input = 0;
  private record = 0;
  private roles: FlowConversation['roles'] = 'undecided';
  private connections = 0;
  private unanswered = 0;
  private denied = true;
  private readonly senders = new Set<string>();
  private busyMinutes = 0;
  private readonly hours = new Set<number>();
  private heldSeconds = 0;
  private traffic = { bytesOut: 0, bytesIn: 0, packetsOut: 0, packetsIn: 0 };
  private scatterOut: LongestScatter = null;
  private scatterIn: LongestScatter = null;
  private smallestMean = 0;
  private sampling = { interval: 1, isKnown: true, observedPackets: 0 };
  /** Times of the answered connections, us. */
  private readonly stretches: { startUs: number; endUs: number }[] = [];

  constructor({ client, server }: FlowConversation) {
    this.client = client;
    this.server = server;
  }

  add(conversation: FlowConversation): void {
    const {
      firstUs,
      lastUs,
      traffic,
      activeSeconds,
      sampling,
      activePeriods,
      scatterOut,
      scatterIn,
      smallestMean,
    } = conversation;
    if (firstUs < this.firstUs) {
      this.firstUs = firstUs;
      this.client = conversation.client;
      this.input = conversation.input;
      this.record = conversation.record;
    }
    this.lastUs = Math.max(this.lastUs, lastUs);
    for (const sender of conversation.senders) if (this.senders.size < MOST_SENDERS) this.senders.add(sender);
    if (SURENESS.indexOf(conversation.roles) < SURENESS.indexOf(this.roles)) this.roles = conversation.roles;
    this.traffic.bytesOut += traffic.bytesOut;
    this.traffic.bytesIn += traffic.bytesIn;
    this.traffic.packetsOut += traffic.packetsOut;
    this.traffic.packetsIn += traffic.packetsIn;
    this.sampling = {
      interval: Math.max(this.sampling.interval, sampling.interval),
      isKnown: this.sampling.isKnown && sampling.isKnown,
      observedPackets: this.sampling.observedPackets + sampling.observedPackets,
    };
    if (!conversation.denied) this.denied = false;
    if (!conversation.answered) {
      this.unanswered += activePeriods;
      return;
    }
    this.connections += activePeriods;
    this.heldSeconds += activeSeconds;
    for (const hour of conversation.hours) this.hours.add(hour);
    this.busyMinutes += (conversation.busyBuckets * conversation.bucketSeconds) / 60;
    this.scatterOut = longest(this.scatterOut, activeSeconds, scatterOut);
    this.scatterIn = longest(this.scatterIn, activeSeconds, scatterIn);
    if (smallestMean > 0 && (this.smallestMean === 0 || smallestMean < this.smallestMean))
      this.smallestMean = smallestMean;
    for (const stretch of conversation.stretches) {
      if (this.stretches.length < MOST_STRETCHES) this.stretches.push({ ...stretch });
      else this.lengthen(stretch);
    }
  }

  private lengthen({ startUs, endUs }: { readonly startUs: number; readonly endUs: number }): void {
    const last = this.stretches[MOST_STRETCHES - 1];
    last.startUs = Math.min(last.startUs, startUs);
    last.endUs = Math.max(last.endUs, endUs);
  }

  /** The sum so far. */
  relation(): FlowRelation {
    const sorted = [...this.stretches].sort((a, b) => a.startUs - b.startUs);
    let openUs = 0;
    let spannedUs = 0;
    let minutes = 0;
    let reachedUs = Number.NEGATIVE_INFINITY;
    let reachedMinute = Number.NEGATIVE_INFINITY;
    const runs: { startUs: number; endUs: number }[] = [];
    for (const { startUs, endUs } of sorted) {
      spannedUs += endUs - startUs;
      openUs += Math.max(0, endUs - Math.max(startUs, reachedUs));
      reachedUs = Math.max(reachedUs, endUs);
      const [from, to] = [Math.floor(startUs / MINUTE_US), Math.floor(endUs / MINUTE_US)];
      minutes += Math.max(0, to - Math.max(from - 1, reachedMinute));
      reachedMinute = Math.max(reachedMinute, to);
      const run = runs.at(-1);
      if (run !== undefined && startUs - run.endUs <= RUN_SILENCE_MINUTES * MINUTE_US)
        run.endUs = Math.max(run.endUs, endUs);
      else runs.push({ startUs, endUs });
    }
    const lengths = runs.map((run) => minutesOf(run.startUs, run.endUs));
    // Records of few packets say when something was sent, not how long it went on: there, hours with packets count whole.
    const spanSeconds = Math.max(0, (this.lastUs - this.firstUs) / 1e6);
    const presentSeconds = Math.min(spanSeconds, this.hours.size * 3600);
    // What of its span each connection was active, of all of them together.
    const activePart = spannedUs > 0 ? Math.min(1, (this.heldSeconds * 1e6) / spannedUs) : 1;
    return {
      client: this.client,
      server: this.server,
      roles: this.roles,
      firstUs: this.firstUs,
      lastUs: this.lastUs,
      connections: this.connections,
      unanswered: this.unanswered,
      activeSeconds: Math.max(presentSeconds, (openUs * activePart) / 1e6),
      meanSeconds: this.connections === 0 ? 0 : this.heldSeconds / this.connections,
      activeMinutes: Math.round(Math.max(presentSeconds / 60, Math.min(minutes, this.busyMinutes))),
      minutes: minutesOf(this.firstUs, this.lastUs),
      runMinutes: sum(lengths),
      longRunMinutes: sum(lengths.filter((minutes) => minutes >= LEAST_RUN_MINUTES)),
      hours: this.hours.size,
      traffic: { ...this.traffic },
      scatterOut: this.scatterOut?.scatter ?? null,
      scatterIn: this.scatterIn?.scatter ?? null,
      smallestMean: this.smallestMean,
      sampling: this.sampling,
      denied: this.denied,
      senders: [...this.senders],
      input: this.input,
      record: this.record,
    };
  }
}

/** Minutes of the clock that two times lie in, and those between. */
function minutesOf(startUs: number, endUs: number): number {
  return Math.floor(endUs / MINUTE_US) - Math.floor(startUs / MINUTE_US) + 1;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

type LongestScatter = { readonly seconds: number; readonly scatter: Scatter } | null;

/** The scatter of the longest conversation that has one. */
function longest(known: LongestScatter, seconds: number, scatter: Scatter | null): LongestScatter {
  return scatter !== null && (known === null || seconds > known.seconds) ? { seconds, scatter } : known;
}

const SURENESS: readonly FlowConversation['roles'][] = ['sure', 'likely', 'undecided'];

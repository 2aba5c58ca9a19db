/**
 * Rows of numbers to conversations as objects: which end is the server, what was answered, whose counters count. Above
 * the waterline; runs once a conversation, at the end.
 */

import { addressText } from '../address.ts';
import {
  BOTH_WAYS,
  CONVERTED,
  DIRECTION_0_ORIGINATED,
  DIRECTION_1_ORIGINATED,
  DISORDERED,
  ESTIMATED,
  FLAGS_KNOWN_0,
  FLAGS_KNOWN_1,
  RATE_UNTOLD,
  SAMPLING_UNKNOWN,
  WAS_DENIED,
  WATCHED_0,
  WATCHED_1,
} from '../kernel/conversations/marks.ts';
import { busyBuckets, busyHours, busyIntervals, busyRuns } from './activity.ts';
import { AddressTable } from './address-table.ts';
import type { ConversationRows } from './conversation-rows.ts';
import { mostSeen, observersOf, type View } from './observer-views.ts';
import { type Pulse, pulseOf } from './pulse.ts';

export interface FlowEndpoint {
  readonly ip: string;
  readonly port: number;
}

/** One TCP conversation as flow records tell it. Out is client to server. */
export interface FlowConversation {
  readonly client: FlowEndpoint;
  readonly server: FlowEndpoint;
  /**
   * `sure`: the source says who began, flags tell, or one end is listed; `likely`: ports, or who has many peers;
   * `undecided`: nothing tells, the sender of the first record stands as client.
   */
  readonly roles: 'sure' | 'likely' | 'undecided';
  /** True if the server, or the client too, is a listed endpoint. */
  readonly isServerListed: boolean;
  readonly isClientListed: boolean;
  readonly firstUs: number;
  readonly lastUs: number;
  /** Time covered by records and by silences of up to ten minutes between them. */
  readonly activeSeconds: number;
  /** Intervals of activity, 1 or more: beyond one, several connections of the same two ports, or long silence. */
  readonly activePeriods: number;
  /** When it was busy, us; silences of up to two hours are part of an interval. */
  readonly intervals: readonly { readonly startUs: number; readonly endUs: number }[];
  /** Part of the time between the first and the last busy minute that was busy, in buckets of `bucketSeconds`. */
  readonly duty: number;
  readonly bucketSeconds: number;
  readonly busyBuckets: number;
  /** Hours since 1970 with packets; of sampled conversations with listed endpoints only, else none. */
  readonly hours: readonly number[];
  readonly records: number;
  /** How packets up and down are spread over records. */
  readonly pulseOut: Pulse;
  readonly pulseIn: Pulse;
  /** Least mean of the packets of a record, IP bytes; 0 if nobody counted packets. */
  readonly smallestMean: number;
  /** IP bytes and packets, sampling multiplied. */
  readonly traffic: {
    readonly bytesOut: number;
    readonly bytesIn: number;
    readonly packetsOut: number;
    readonly packetsIn: number;
  };
  /** `converted`: frames less their link headers; `estimated`: payload plus the least that headers take. */
  readonly bytesAre: 'exact' | 'converted' | 'estimated';
  readonly answered: boolean;
  /** True if the source says that it blocked this. */
  readonly denied: boolean;
  readonly sampling: {
    /** One packet in so many; 1 if all. */
    readonly interval: number;
    /** False if nobody told, so that 1 is assumed. */
    readonly isKnown: boolean;
    /** True if packets are sampled, and the log does not tell at which rate. */
    readonly isUntold: boolean;
    /** Packets that were looked at, of all observers: what the uncertainty follows from. */
    readonly observedPackets: number;
  };
  /** Who saw it, one at least, by their numbers; and who sent the exports of those that a capture shows. */
  readonly observers: readonly number[];
  readonly senders: readonly string[];
  /** Ordinal of the input that held the first record, and that record's number. */
  readonly input: number;
  readonly record: number;
}

const NO_HOURS: readonly number[] = [];
const NO_SENDERS: readonly string[] = [];
/** Longer silence ends a spell (kernel/conversations/add-rows.ts). */
export const SILENCE_MINUTES = 10;
/** Longer silence of two ends parts what they do by night from what they did the day before (relation.ts). */
export const RUN_SILENCE_MINUTES = 120;
const SYN = 2;
const RST = 4;
const ACK = 0x10;
const SYSTEM_PORTS = 1024;
const EPHEMERAL_PORTS = 32768;
/** An endpoint with so many peers, and twice as many as the other, is a server. */
const LEAST_PEERS = 3;
const MOST_PLACES = 1 << 18;

export class Summaries {
  private readonly words = new Int32Array(4);
  /**
   * Of endpoints whose ports tell nothing: their addresses, and by address and port their conversations; filled by
   * `all`.
   */
  private addresses: AddressTable | null = null;
  private peers: Map<number, number> | null = null;

  constructor(
    private readonly rows: ConversationRows,
    /** By observer; none of those that are not exporters in captures. */
    private readonly senderOf: readonly string[],
  ) {}

  /** Those of the rows that are wanted. */
  *all(isWanted: (row: number) => boolean): Generator<FlowConversation> {
    this.peers = this.countPeers();
    for (let row = 0; row < this.rows.size; row++) if (isWanted(row)) yield this.one(row);
  }

  one(row: number): FlowConversation {
    const { rows } = this;
    const { marks, firstUs, lastUs, sampling, records, smallestMean, input, record } = rows.row(row);
    const { clientDirection, roles } = this.roles(row);
    const out = mostSeen(rows, row, clientDirection);
    const back = mostSeen(rows, row, 1 - clientDirection);
    const serverListed = clientDirection === 0 ? WATCHED_1 : WATCHED_0;
    const clientListed = clientDirection === 0 ? WATCHED_0 : WATCHED_1;
    const busy = rows.busy(row);
    const buckets = busyBuckets(busy);
    return {
      client: this.endpoint(row, clientDirection),
      server: this.endpoint(row, 1 - clientDirection),
      roles,
      isServerListed: (marks & serverListed) !== 0,
      isClientListed: (marks & clientListed) !== 0,
      firstUs,
      lastUs,
      ...this.activity(row),
      intervals: this.intervals(row),
      duty: buckets.length / ((buckets.at(-1) ?? 0) - (buckets[0] ?? 0) + 1),
      bucketSeconds: busy.bucketMinutes * 60,
      busyBuckets: buckets.length,
      hours: sampling > 1 && (marks & (WATCHED_0 | WATCHED_1)) !== 0 ? busyHours(busy) : NO_HOURS,
      records,
      pulseOut: pulseOf(rows.direction(row, clientDirection)),
      pulseIn: pulseOf(rows.direction(row, 1 - clientDirection)),
      smallestMean,
      traffic: { bytesOut: out.bytes, bytesIn: back.bytes, packetsOut: out.packets, packetsIn: back.packets },
      bytesAre: (marks & ESTIMATED) !== 0 ? 'estimated' : (marks & CONVERTED) !== 0 ? 'converted' : 'exact',
      answered: (marks & WAS_DENIED) === 0 && this.isAnswered(row, clientDirection, out, back),
      denied: (marks & WAS_DENIED) !== 0,
      sampling: this.sampling(row, out, back),
      observers: observersOf(rows, row),
      senders: this.senders(row),
      input,
      record,
    };
  }

  private senders(row: number): readonly string[] {
    const { rows, senderOf } = this;
    if (senderOf.length === 0) return NO_SENDERS;
    return [...new Set(observersOf(rows, row).flatMap((observer) => senderOf[observer] ?? []))];
  }

  /** Records that fill a gap between earlier ones do not lengthen what is counted, but they do mark its minutes. */
  private activity(row: number): { activeSeconds: number; activePeriods: number } {
    const { activeUs, activePeriods, firstUs, lastUs, marks } = this.rows.row(row);
    const activeSeconds = activeUs / 1e6;
    if ((marks & DISORDERED) === 0) return { activeSeconds, activePeriods };
    const { runs, minutes } = busyRuns(this.rows.busy(row), SILENCE_MINUTES);
    const seconds = (lastUs - firstUs) / 1e6;
    return { activeSeconds: Math.min(seconds, Math.max(activeSeconds, minutes * 60)), activePeriods: runs };
  }

  private intervals(row: number): FlowConversation['intervals'] {
    const { firstUs: startUs, lastUs: endUs } = this.rows.row(row);
    if (endUs - startUs <= RUN_SILENCE_MINUTES * 60e6) return [{ startUs, endUs }];
    return busyIntervals(this.rows.busy(row), RUN_SILENCE_MINUTES).map((interval) => ({
      startUs: Math.max(startUs, interval.startUs),
      endUs: Math.min(endUs, interval.endUs),
    }));
  }

  /** If an observer without sampling counts both directions, it does not matter how others sample. */
  private sampling(row: number, out: View, back: View): FlowConversation['sampling'] {
    const { sampling, marks, observed } = this.rows.row(row);
    const interval = Math.max(1, sampling);
    const isWhole = interval > 1 && out.interval <= 1 && back.interval <= 1;
    return {
      interval: isWhole ? 1 : interval,
      isKnown: (marks & SAMPLING_UNKNOWN) === 0,
      isUntold: (marks & RATE_UNTOLD) !== 0,
      observedPackets: isWhole ? out.packets + back.packets : observed,
    };
  }

  private endpoint(row: number, direction: number): FlowEndpoint {
    const port = this.rows.endpoint(row, direction, this.words);
    return { ip: addressText(this.words), port };
  }

  /** Flags of a direction, all records together; -1 if no record had any. */
  private flags(row: number, direction: number): number {
    const known = direction === 0 ? FLAGS_KNOWN_0 : FLAGS_KNOWN_1;
    return (this.rows.row(row).marks & known) === 0 ? -1 : this.rows.flags(row, direction);
  }

  /** In this order: the source's own word; a listed end; flags; ports; who has many peers; who was first. */
  private roles(row: number): { clientDirection: number; roles: FlowConversation['roles'] } {
    const { marks } = this.rows.row(row);
    const began = marks & (DIRECTION_0_ORIGINATED | DIRECTION_1_ORIGINATED);
    if (began === DIRECTION_0_ORIGINATED) return { clientDirection: 0, roles: 'sure' };
    if (began === DIRECTION_1_ORIGINATED) return { clientDirection: 1, roles: 'sure' };
    const listed = marks & (WATCHED_0 | WATCHED_1);
    if (listed === WATCHED_0) return { clientDirection: 1, roles: 'sure' };
    if (listed === WATCHED_1) return { clientDirection: 0, roles: 'sure' };
    if (opens(this.flags(row, 0), this.flags(row, 1))) return { clientDirection: 0, roles: 'sure' };
    if (opens(this.flags(row, 1), this.flags(row, 0))) return { clientDirection: 1, roles: 'sure' };
    const port0 = this.rows.port(row, 0);
    const port1 = this.rows.port(row, 1);
    for (const bound of [SYSTEM_PORTS, EPHEMERAL_PORTS]) {
      if (port1 < bound && port0 >= bound) return { clientDirection: 0, roles: 'likely' };
      if (port0 < bound && port1 >= bound) return { clientDirection: 1, roles: 'likely' };
    }
    const peers0 = this.peers?.get(this.place(row, 0)) ?? 0;
    const peers1 = this.peers?.get(this.place(row, 1)) ?? 0;
    if (peers1 >= LEAST_PEERS && peers1 >= 2 * peers0) return { clientDirection: 0, roles: 'likely' };
    if (peers0 >= LEAST_PEERS && peers0 >= 2 * peers1) return { clientDirection: 1, roles: 'likely' };
    // Who spoke first, if both beginnings were seen.
    const [start0, start1] = [this.rows.direction(row, 0).startUs, this.rows.direction(row, 1).startUs];
    const bothOpened = (this.flags(row, 0) & this.flags(row, 1) & SYN) !== 0;
    if (bothOpened && start0 > 0 && start1 > 0 && start0 !== start1) {
      return { clientDirection: start0 < start1 ? 0 : 1, roles: 'likely' };
    }
    return { clientDirection: 0, roles: 'undecided' };
  }

  /**
   * A client that acknowledges was answered, even where only its half was seen; a server that only resets did not.
   * Without flags, packets back are an answer, and many packets of one direction alone, or some that carry more than a SYN
   * does, are half of a conversation. Of records of both directions they are if they are both: the answers took another way.
   */
  private isAnswered(row: number, clientDirection: number, out: View, back: View): boolean {
    const asked = this.flags(row, clientDirection);
    const reply = this.flags(row, 1 - clientDirection);
    const hasReply = back.packets > 0 || back.bytes > 0;
    if (hasReply && reply >= 0 && (reply & RST) !== 0 && (reply & ~(RST | ACK)) === 0) {
      // Resets alone refuse a SYN; a connection already up may end so, and its client then had acknowledged.
      return asked >= 0 && (asked & ACK) !== 0;
    }
    if (hasReply) return true;
    if (asked >= 0) return (asked & ACK) !== 0;
    const isWhole = (this.rows.row(row).marks & BOTH_WAYS) !== 0;
    if (isWhole) return out.packets > HALF_SEEN && out.bytes > LONGEST_SYN * out.packets;
    // If nobody counted packets, nothing shows that no answer came.
    return out.packets === 0 || out.packets > HALF_SEEN || out.bytes > LONGEST_SYN * out.packets;
  }

  /** Address and port of an end as one number. */
  private place(row: number, direction: number): number {
    const words = this.words;
    const port = this.rows.endpoint(row, direction, words);
    this.addresses ??= new AddressTable(MOST_PLACES + 2);
    return this.addresses.add(words[0], words[1], words[2], words[3]) * 65_536 + port;
  }

  /** Only of rows whose ports are both high or both middling, which are few. */
  private countPeers(): Map<number, number> {
    const peers = new Map<number, number>();
    for (let row = 0; row < this.rows.size && peers.size < MOST_PLACES; row++) {
      const port0 = this.rows.port(row, 0);
      const port1 = this.rows.port(row, 1);
      const isClear = [SYSTEM_PORTS, EPHEMERAL_PORTS].some((bound) => port0 < bound !== port1 < bound);
      if (isClear) continue;
      for (const direction of [0, 1]) {
        const place = this.place(row, direction);
        peers.set(place, (peers.get(place) ?? 0) + 1);
      }
    }
    return peers;
  }
}

/** A try that is never answered sends its SYN six times (Linux, tcp_syn_retries). */
const HALF_SEEN = 7;
/** IP bytes with all options, IPv6. */
const LONGEST_SYN = 100;

/** Do the flags of these two directions say that the first opened the connection? -1 if unknown. */
function opens(asking: number, answering: number): boolean {
  if (asking < 0 || (asking & SYN) === 0) return false;
  // AWS reports SYN for the one and SYN with ACK for the other; a try without an answer has no ACK either.
  if ((asking & ACK) === 0) return answering < 0 || (answering & ACK) !== 0 || (answering & SYN) === 0;
  // A refusal: nothing but resets came back.
  return (
    answering >= 0 && (answering & SYN) === 0 && (answering & RST) !== 0 && (answering & ~(RST | ACK)) === 0
  );
}

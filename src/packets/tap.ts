/**
 * Packets to counters: each record is decoded, counted for its flow, and, where the flow may be mining, handed to
 * the flow's stream. What is skipped is counted by reason, so that packets read = decoded + skipped, always.
 *
 * HOT: `record` runs once a packet. Up to the call of a stream there are numbers only: no objects, strings,
 * closures or boxed numbers. A flow costs counters until its payload looks like the start of something that a
 * mining session can travel in (JSON, HTTP, TLS, SOCKS); the look is one byte.
 */

import type { CaptureRecord, RecordSink } from '../readers/pcap/record.ts';
import {
  CANDIDATE,
  DISMISSED,
  EARLY,
  FIN_0,
  FIN_1,
  FlowTable,
  ISN_0_KNOWN,
  ISN_1_KNOWN,
  PROBING,
  RST_SEEN,
  SYN_ACK_SEEN,
  SYN_SEEN,
  UNWATCHED,
  WANTED,
  WATCHED,
  WEB,
} from './flow-table.ts';
import { mayOpenObject } from './json-glance.ts';
import { Packet } from './packet.ts';
import { PacketCounts } from './packet-counts.ts';
import { type Stamp, StreamCounters, type StreamListener, TcpStream } from './stream.ts';
import { isDns, opensExport } from './udp.ts';
import { Watch, type WatchedFlow } from './watch.ts';

/** What the tap tells the side above the waterline. */
export interface TapObserver {
  /**
   * The first payload of a lane, whole and in its place in `packet`: true where this look settles the flow (it is
   * not mining, as far as payload can tell), so that it needs no stream.
   */
  settles(flow: number, packet: Packet, stamp: Stamp): boolean;
  /** A flow may be mining: who shall hear its bytes. */
  candidate(flow: number): CandidateListener;
  /** A lasting flow that could not be read, and what its sides said in sizes and times. Comes before `flowEnded`. */
  watched(flow: number, watched: WatchedFlow): void;
  /** The flow's last packet has passed; its columns hold the final numbers. */
  flowEnded(flow: number): void;
  /** Payload of a UDP packet from or to port 53, in place. Source and destination stand in `packet`. */
  dns(packet: Packet, stamp: Stamp): void;
  /** Bits of names (framing/name-gate.ts): messages with none of them need not come to `dns`. Absent: all come. */
  readonly dnsBits?: Int32Array;
  /** Payload of a UDP packet that begins like NetFlow, IPFIX or sFlow, in place. */
  exportDatagram(packet: Packet, stamp: Stamp): void;
}

/**
 * `undecided` until the bytes tell; `foreign`: nothing that can be read, the flow is dismissed; `other`: it speaks
 * something else that was understood, and is dismissed for longer; `mining`: it is kept for good.
 */
export type Standing = 'undecided' | 'foreign' | 'other' | 'mining';

export interface CandidateListener extends StreamListener {
  readonly standing: Standing;
  /** No more bytes will come. */
  end(): void;
}

interface Candidate {
  readonly flow: number;
  readonly stream: TcpStream;
  readonly listener: CandidateListener;
}

/** Limits of a run. Reaching one is counted. */
export interface TapLimits {
  /** Flows that live at once; beyond that idle ones end early. */
  readonly flows: number;
  /** Candidates that live at once and are not known to mine. */
  readonly undecided: number;
}

export const DEFAULT_LIMITS: TapLimits = { flows: 1 << 20, undecided: 1 << 16 };

/** Bytes at the start of a payload that are looked at to tell the middle of a JSON line. */
const TEXT_LOOK = 8;
/**
 * Looks as a candidate without a pause: few lines of noise must hide nobody. A look ends when its own budget of messages
 * and bytes is spent (sessions/conversation.ts), or at once if its first bytes are no text.
 */
export const FREE_LOOKS = 64;
/** Looks that a flow gets before it stays dismissed; the n-th behind the free ones is at a 2^n-th payload. */
export const MAX_STRIKES = FREE_LOOKS + 24;
/** What a flow is charged that has spent the budget of a look on messages of another protocol. */
const STRIKES_OF_OTHERS = 8;
/** Bytes of a lane's first payload in which an object may begin behind its length. */
const LENGTH_LOOK = 12;
/** Flows that cannot be read are watched from this age on, unless they have carried more than this by then. */
export const WATCH_AFTER_US = 15_000_000;
const MOST_BYTES_BEFORE = 1_000_000;
/** With all slots taken, those of flows that are over, or silent for so long, are given back; then not soon again. */
const WATCH_IDLE_US = 600_000_000;
const SWEEP_PAUSE_US = 60_000_000;
/** A closed connection keeps its stream so long, for packets that come late or out of order. */
const LINGER_US = 10_000_000;
/** A SYN that comes after data of the same connection by so little is out of order, not a new connection. */
const REORDER_US = 3_000_000;
const REORDER_BYTES = 1 << 16;

export const FIN = 0x01;
export const SYN = 0x02;
export const RST = 0x04;
export const ACK = 0x10;
const TCP = 6;

/** First payload bytes that open something a mining session can travel in. */
const OPENS = new Uint8Array(256);
for (const c of '{[PGCHJ') OPENS[c.charCodeAt(0)] = 1; // JSON; POST, PUT, GET, CONNECT, HTTP/1.1; PROXY; JOB (Duino-Coin)
OPENS[0x16] = 1; // TLS handshake record
OPENS[0x04] = 1; // SOCKS 4
OPENS[0x05] = 1; // SOCKS 5
OPENS[0x0d] = 1; // PROXY protocol version 2
OPENS[0x00] = 1; // Stratum V2 in clear: extension 0
OPENS[0x81] = 1; // WebSocket text and binary frames, joined in mid-session
OPENS[0x82] = 1;
/** First act of a Noise handshake with an ElligatorSwift key: as many bytes as this and nothing else (Stratum V2 4.4). */
const NOISE_ACT_BYTES = 64;

const QUOTE = 0x22;
export const BRACE = 0x7b;
export const LETTER_P = 0x50;

export class Tap extends PacketCounts implements RecordSink {
  readonly flows: FlowTable;
  readonly packet = new Packet();
  readonly streamCounters = new StreamCounters();
  /** Flows that ended early because the table was full. */
  evictedFlows = 0;
  /** Candidates dismissed early because too many were undecided. */
  crowdedOut = 0;
  /** Bytes of the packets that would have made them candidates. */
  crowdedBytes = 0;
  /** Flows that were not watched because too many were. */
  unwatchedFlows = 0;
  /** Packets outside these times feed the streams but count nowhere. */
  sinceUs = Number.NEGATIVE_INFINITY;
  untilUs = Number.POSITIVE_INFINITY;
  /** Ordinal of the input that is being read. */
  input = 0;

  readonly #observer: TapObserver;
  readonly #limits: TapLimits;
  readonly #candidates = new Map<number, Candidate>();
  #undecided = 0;
  /** Closed candidates in the order of their closing. */
  readonly #closed: { candidate: Candidate; atUs: number }[] = [];
  #nextExpiryUs = Number.POSITIVE_INFINITY;
  readonly #watch = new Watch();
  #nextSweepUs = Number.NEGATIVE_INFINITY;
  readonly #stamp: Stamp = { timeUs: 0, record: 0, input: 0 };

  constructor(observer: TapObserver, limits: TapLimits = DEFAULT_LIMITS) {
    super();
    this.#observer = observer;
    this.#limits = limits;
    this.flows = new FlowTable(limits.flows);
  }

  /** As the observer has them; null where it wants to hear all. */
  get dnsBits(): Int32Array | null {
    return this.#observer.dnsBits ?? null;
  }

  record(record: CaptureRecord): void {
    const packet = this.packet;
    const reason = packet.decode(record);
    const counts = record.timeUs >= this.sinceUs && record.timeUs < this.untilUs;
    if (counts) this.count(record, reason);
    if (reason !== 0) return;
    if (packet.protocol !== TCP) {
      this.datagram(record);
      return;
    }
    const from = packet.payloadStart;
    packet.opening = from < packet.payloadEnd ? packet.bytes[from] : 0;
    this.#makeWay(record.timeUs);
    this.#tcp(packet, this.flows.find(packet), record, counts);
  }

  /** A TCP packet that was decoded and counted elsewhere stands in `packet`; its ends as `FlowTable.recall` knows them. */
  segment(record: CaptureRecord, counts: boolean, key: number, higher: number): void {
    this.#makeWay(record.timeUs);
    this.#tcp(this.packet, this.flows.recall(key, higher, this.packet), record, counts);
  }

  /** Segments up to this time concern their own flow alone; of later ones others may end. */
  get quietUntilUs(): number {
    return this.flows.isFull ? Number.NEGATIVE_INFINITY : this.#nextExpiryUs;
  }

  /** A UDP packet stands in `packet`. */
  datagram(record: CaptureRecord): void {
    const packet = this.packet;
    if (isDns(packet)) this.#observer.dns(packet, this.#stampOf(record));
    else if (opensExport(packet)) this.#observer.exportDatagram(packet, this.#stampOf(record));
  }

  /** Ends all that is open: the run's last packet has passed. */
  end(): void {
    this.packet.fragments.finish();
    for (const candidate of [...this.#candidates.values()]) this.#close(candidate);
    const flows = this.flows;
    for (let flow = 0; flow < flows.end; flow++) {
      if (flows.isAlive(flow)) this.#endFlow(flow);
    }
  }

  /** Before the flow of a packet is looked up. */
  #makeWay(timeUs: number): void {
    if (timeUs > this.#nextExpiryUs) this.#expire(timeUs);
    if (this.flows.isFull) this.#evict(timeUs);
  }

  #tcp(packet: Packet, flow: number, record: CaptureRecord, counts: boolean): void {
    const flows = this.flows;
    const timeUs = record.timeUs;
    const flags = packet.flags;
    if (flows.isNew) {
      flows.firstUs[flow] = timeUs;
      flows.lastUs[flow] = timeUs;
      if ((flags & (SYN | ACK)) === (SYN | ACK)) flows.orient(flow, 1);
    }
    if ((flags & SYN) !== 0) this.#synchronise(flow, packet, timeUs);
    const lane = flows.lane as 0 | 1;
    if (counts) {
      if (lane === 0) {
        flows.bytes0[flow] += packet.ipBytes;
        flows.packets0[flow]++;
      } else {
        flows.bytes1[flow] += packet.ipBytes;
        flows.packets1[flow]++;
      }
    }
    if (timeUs > flows.lastUs[flow]) flows.lastUs[flow] = timeUs;
    else if (timeUs < flows.firstUs[flow]) flows.firstUs[flow] = timeUs;

    const payloadBytes = packet.payloadBytes;
    if (payloadBytes > 0) {
      if (lane === 0) flows.pushes0[flow]++;
      else flows.pushes1[flow]++;
    }
    const state = flows.state[flow];
    if (state === CANDIDATE) this.#feed(flow, lane, record);
    else if (payloadBytes > 0 && this.#looksOpen(flow, lane, state)) {
      if (this.#isWholeOpening(flow, lane) && this.#observer.settles(flow, packet, this.#stampOf(record))) {
        flows.state[flow] = DISMISSED;
      } else this.#promote(flow, lane, record);
    } else if (payloadBytes > 0 && counts) {
      if (flows.slot[flow] > 0) this.#note(flow, lane, record);
      else if (state !== UNWATCHED && timeUs - flows.firstUs[flow] > WATCH_AFTER_US) {
        this.#considerWatch(flow, record);
      } else if (state !== UNWATCHED && (flows.seen[flow] & (SYN_SEEN | SYN_ACK_SEEN | EARLY)) === 0) {
        this.#watchFromHere(flow, lane, record);
      }
    }
    if ((flags & (FIN | RST)) !== 0) this.#finish(flow, lane, flags, timeUs);
  }

  #note(flow: number, lane: 0 | 1, record: CaptureRecord): void {
    const flows = this.flows;
    if (this.#watch.note(flows.slot[flow] - 1, lane, this.packet, this.#stampOf(record))) return;
    this.#watch.close(flows.slot[flow] - 1);
    flows.slot[flow] = 0;
    flows.state[flow] = UNWATCHED;
  }

  /** A flow has lasted: is it to be watched? Web connections and bulk are not, and one-sided ones wait. */
  #considerWatch(flow: number, record: CaptureRecord): void {
    const flows = this.flows;
    const timeUs = record.timeUs;
    if (flows.pushes0[flow] === 0 || flows.pushes1[flow] === 0) return;
    const isWeb = (flows.seen[flow] & (WEB | WANTED)) === WEB;
    flows.state[flow] = UNWATCHED;
    if (isWeb || flows.bytes0[flow] + flows.bytes1[flow] > MOST_BYTES_BEFORE) return;
    let slot = this.#watch.open(record.number, this.input);
    if (slot < 0 && timeUs >= this.#nextSweepUs) {
      this.#sweepWatch(timeUs);
      slot = this.#watch.open(record.number, this.input);
    }
    if (slot < 0) {
      this.unwatchedFlows++;
      return;
    }
    flows.slot[flow] = slot + 1;
    flows.state[flow] = WATCHED;
  }

  /** Nobody knows how long a flow has lasted whose beginning was not seen: it is watched while slots are many. */
  #watchFromHere(flow: number, lane: 0 | 1, record: CaptureRecord): void {
    if (!this.#watch.isRoomy) return;
    const slot = this.#watch.open(record.number, this.input);
    if (slot < 0) return;
    // What opens it may still come on the other lane: until then it is looked at as before.
    this.flows.slot[flow] = slot + 1;
    this.#note(flow, lane, record);
  }

  /** Hands over what is known of flows that are over or have fallen silent, and frees their slots. */
  #sweepWatch(nowUs: number): void {
    const flows = this.flows;
    this.#nextSweepUs = nowUs + SWEEP_PAUSE_US;
    for (let flow = 0; flow < flows.end; flow++) {
      if (flows.slot[flow] === 0 || !flows.isAlive(flow)) continue;
      const isClosed = (flows.seen[flow] & (FIN_0 | FIN_1 | RST_SEEN)) !== 0;
      if (isClosed || nowUs - flows.lastUs[flow] > WATCH_IDLE_US) this.#endWatch(flow);
    }
  }

  #endWatch(flow: number): void {
    const flows = this.flows;
    const slot = flows.slot[flow] - 1;
    if (slot < 0) return;
    this.#observer.watched(flow, this.#watch.read(slot));
    this.#watch.close(slot);
    flows.slot[flow] = 0;
    if (flows.state[flow] === WATCHED || flows.state[flow] === PROBING) flows.state[flow] = UNWATCHED;
  }

  #endFlow(flow: number): void {
    this.#endWatch(flow);
    this.#observer.flowEnded(flow);
  }

  /** The one-byte look. Sets where the lane begins on its first payload. */
  #looksOpen(flow: number, lane: 0 | 1, state: number): boolean {
    const flows = this.flows;
    const packet = this.packet;
    const isFirst = (lane === 0 ? flows.pushes0[flow] : flows.pushes1[flow]) === 1;
    const first = packet.opening;
    if (isFirst && state === PROBING) {
      if (OPENS[first] === 1 || isDns(packet) || opensBehindLength(packet)) return true;
      if (packet.payloadBytes === NOISE_ACT_BYTES) return true;
      // Data that runs ahead of the handshake's number is out of order: the stream will tell what it is.
      const known = lane === 0 ? ISN_0_KNOWN : ISN_1_KNOWN;
      const isn = lane === 0 ? flows.isn0[flow] : flows.isn1[flow];
      if ((flows.seen[flow] & known) !== 0) return packet.sequence !== ((isn + 1) | 0);
      if ((flows.seen[flow] & (SYN_SEEN | SYN_ACK_SEEN)) === 0 && looksTextual(packet)) {
        flows.seen[flow] |= EARLY;
      }
      flows.seen[flow] |= known;
      if (lane === 0) flows.isn0[flow] = (packet.sequence - 1) | 0;
      else flows.isn1[flow] = (packet.sequence - 1) | 0;
      return false;
    }
    const strikes = flows.strikes[flow];
    if (strikes >= MAX_STRIKES) return false;
    if (strikes > FREE_LOOKS) {
      const pushes = flows.pushes0[flow] + flows.pushes1[flow];
      if ((pushes & ((1 << Math.min(strikes - FREE_LOOKS, 16)) - 1)) !== 0) return false;
    }
    if (first === BRACE || first === LETTER_P) return secondLookOpens(packet, first);
    return false;
  }

  /** The first payload of the first lane that speaks, in its place and with nothing cut off. */
  #isWholeOpening(flow: number, lane: 0 | 1): boolean {
    const flows = this.flows;
    const packet = this.packet;
    if (flows.pushes0[flow] + flows.pushes1[flow] !== 1) return false;
    if (packet.payloadEnd - packet.payloadStart !== packet.payloadBytes) return false;
    const known = lane === 0 ? ISN_0_KNOWN : ISN_1_KNOWN;
    const isn = lane === 0 ? flows.isn0[flow] : flows.isn1[flow];
    return (flows.seen[flow] & known) === 0 || packet.sequence === ((isn + 1) | 0);
  }

  #promote(flow: number, lane: 0 | 1, record: CaptureRecord): void {
    if (this.#undecided >= this.#limits.undecided) {
      this.crowdedOut++;
      this.crowdedBytes += this.packet.ipBytes;
      return;
    }
    this.#makeCandidate(flow, lane);
    this.#feed(flow, lane, record);
  }

  /** Makes the flow a candidate; the lane's payload that is about to be fed is counted already. */
  #makeCandidate(flow: number, lane: 0 | 1): void {
    const flows = this.flows;
    const listener = this.#observer.candidate(flow);
    const stream = new TcpStream(listener, this.streamCounters);
    const seen = flows.seen[flow];
    const isFirstLook = flows.state[flow] === PROBING;
    // A lane that has sent nothing yet begins after its SYN; one that has is joined where it is.
    const pushes0 = flows.pushes0[flow] - (lane === 0 ? 1 : 0);
    const pushes1 = flows.pushes1[flow] - (lane === 1 ? 1 : 0);
    const isn0 =
      isFirstLook && pushes0 === 0 && (seen & ISN_0_KNOWN) !== 0 ? (flows.isn0[flow] + 1) | 0 : null;
    const isn1 =
      isFirstLook && pushes1 === 0 && (seen & ISN_1_KNOWN) !== 0 ? (flows.isn1[flow] + 1) | 0 : null;
    if (isn0 !== null) stream.begin(0, isn0);
    if (isn1 !== null) stream.begin(1, isn1);
    this.#candidates.set(flow, { flow, stream, listener });
    this.#undecided++;
    flows.state[flow] = CANDIDATE;
  }

  #feed(flow: number, lane: 0 | 1, record: CaptureRecord): void {
    const candidate = this.#candidates.get(flow);
    if (candidate === undefined) return;
    const before = standingOf(candidate);
    candidate.stream.accept(lane, this.packet, this.#stampOf(record));
    const standing = standingOf(candidate);
    if (before !== 'undecided' || standing === 'undecided') return;
    if (standing === 'mining') this.#undecided--;
    else this.#dismiss(candidate, standing === 'other');
  }

  #dismiss(candidate: Candidate, isSpent: boolean): void {
    const flow = candidate.flow;
    this.#undecided--;
    this.#candidates.delete(flow);
    this.flows.state[flow] = this.flows.slot[flow] > 0 ? WATCHED : DISMISSED;
    const strikes = this.flows.strikes[flow];
    const charged = isSpent ? Math.max(strikes, FREE_LOOKS) + STRIKES_OF_OTHERS : strikes + 1;
    this.flows.strikes[flow] = Math.min(MAX_STRIKES, charged);
    candidate.listener.end();
  }

  /** A SYN: notes its number; ends the flow first where it opens another connection between the same ends. */
  #synchronise(flow: number, packet: Packet, timeUs: number): void {
    const flows = this.flows;
    const isAnswer = (packet.flags & ACK) !== 0;
    const seen = flows.seen[flow];
    const known = flows.lane === 0 ? ISN_0_KNOWN : ISN_1_KNOWN;
    if (!isAnswer && !flows.isNew && (seen & known) !== 0) {
      const distance = ((flows.lane === 0 ? flows.isn0[flow] : flows.isn1[flow]) - packet.sequence) | 0;
      const isSame =
        distance === 0 ||
        (distance > 0 && distance < REORDER_BYTES && timeUs - flows.firstUs[flow] < REORDER_US);
      if (!isSame) this.#reopen(flow, timeUs);
    }
    const isUnknown = flows.lane === 1 || (!flows.isNew && (seen & known) === 0);
    if (!isAnswer && isUnknown && (flows.seen[flow] & (FIN_0 | FIN_1 | RST_SEEN)) !== 0) {
      this.#reopen(flow, timeUs);
    }
    const isLane0 = flows.lane === 0;
    if (isLane0) flows.isn0[flow] = packet.sequence;
    else flows.isn1[flow] = packet.sequence;
    flows.seen[flow] |= (isLane0 ? ISN_0_KNOWN : ISN_1_KNOWN) | (isAnswer ? SYN_ACK_SEEN : SYN_SEEN);
  }

  /** The connection between these ends is over and another one begins. */
  #reopen(flow: number, timeUs: number): void {
    const candidate = this.#candidates.get(flow);
    if (candidate !== undefined) this.#close(candidate);
    this.#endFlow(flow);
    this.flows.reset(flow);
    this.flows.firstUs[flow] = timeUs;
    this.flows.lastUs[flow] = timeUs;
    this.flows.orient(flow, 0);
  }

  #finish(flow: number, lane: 0 | 1, flags: number, timeUs: number): void {
    const flows = this.flows;
    if ((flags & FIN) !== 0) flows.seen[flow] |= lane === 0 ? FIN_0 : FIN_1;
    if ((flags & RST) !== 0) flows.seen[flow] |= RST_SEEN;
    const seen = flows.seen[flow];
    const isOver = (seen & RST_SEEN) !== 0 || (seen & (FIN_0 | FIN_1)) === (FIN_0 | FIN_1);
    if (!isOver || flows.state[flow] !== CANDIDATE) return;
    const candidate = this.#candidates.get(flow);
    if (candidate === undefined) return;
    this.#closed.push({ candidate, atUs: timeUs });
    if (this.#closed.length === 1) this.#nextExpiryUs = timeUs + LINGER_US;
  }

  /** Ends the streams of connections that closed a while ago. */
  #expire(nowUs: number): void {
    let expired = 0;
    while (expired < this.#closed.length && this.#closed[expired].atUs + LINGER_US < nowUs) {
      const candidate = this.#closed[expired++].candidate;
      if (this.#candidates.get(candidate.flow) === candidate) this.#close(candidate);
    }
    this.#closed.splice(0, expired);
    this.#nextExpiryUs =
      this.#closed.length === 0 ? Number.POSITIVE_INFINITY : this.#closed[0].atUs + LINGER_US;
  }

  #close(candidate: Candidate): void {
    candidate.stream.end();
    if (candidate.listener.standing === 'undecided') this.#undecided--;
    this.#candidates.delete(candidate.flow);
    this.flows.state[candidate.flow] = this.flows.slot[candidate.flow] > 0 ? WATCHED : DISMISSED;
    candidate.listener.end();
    // What has been a session is not looked at again: its connection is over.
    if (standingOf(candidate) === 'mining') this.flows.strikes[candidate.flow] = MAX_STRIKES;
  }

  /** Makes room: closed and idle flows end, the longest idle first, until an eighth of the table is free. */
  #evict(nowUs: number): void {
    const flows = this.flows;
    const wanted = flows.size - Math.max(1, flows.size >>> 3);
    // The last round takes as many as it must, also of those whose last packet is later than this one: captures overlap,
    // and clocks are set back.
    const next = (idleUs: number): number => (idleUs < 1_000_000 ? Number.NEGATIVE_INFINITY : idleUs / 5);
    for (let idleUs = 300_000_000; flows.size > wanted; idleUs = next(idleUs)) {
      for (let flow = 0; flow < flows.end; flow++) {
        if (!flows.isAlive(flow)) continue;
        if (idleUs < 0 && flows.size <= wanted) return;
        const candidate = this.#candidates.get(flow);
        if (candidate?.listener.standing === 'mining' && idleUs >= 0) continue;
        const isClosed = (flows.seen[flow] & (FIN_0 | FIN_1 | RST_SEEN)) !== 0;
        if (!isClosed && nowUs - flows.lastUs[flow] < idleUs) continue;
        if (candidate !== undefined) this.#close(candidate);
        this.#endFlow(flow);
        flows.remove(flow);
        this.evictedFlows++;
      }
    }
  }

  #stampOf(record: CaptureRecord): Stamp {
    const stamp = this.#stamp;
    stamp.timeUs = record.timeUs;
    stamp.record = record.number;
    stamp.input = this.input;
    return stamp;
  }
}

/** An object behind its length. */
function opensBehindLength({ bytes, payloadStart, payloadEnd }: Packet): boolean {
  const to = Math.min(payloadEnd, payloadStart + LENGTH_LOOK) - 1;
  for (let at = payloadStart; at < to; at++) if (bytes[at] === BRACE && bytes[at + 1] === QUOTE) return true;
  return false;
}

/** In the middle of a flow: text, as in the middle of a JSON line, against random bytes. */
function looksTextual(packet: Packet): boolean {
  const to = Math.min(packet.payloadEnd, packet.payloadStart + TEXT_LOOK);
  for (let at = packet.payloadStart; at < to; at++) {
    const byte = packet.bytes[at];
    if ((byte < 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) || byte > 0x7e) return false;
  }
  return to > packet.payloadStart;
}

/** For a flow looked at before: `{` and `P` stand at the start of one encrypted packet in 128, so look further. */
function secondLookOpens({ bytes, payloadStart, payloadEnd }: Packet, first: number): boolean {
  if (first === BRACE) return mayOpenObject(bytes, payloadStart, payloadEnd);
  const at = payloadStart + 1;
  if (at >= payloadEnd) return true;
  const second = bytes[at];
  return second === 0x4f || second === 0x55 || second === 0x52; // POST, PUT, PROXY
}

function standingOf(candidate: Candidate): Standing {
  return candidate.listener.standing;
}

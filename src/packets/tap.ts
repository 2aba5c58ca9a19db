/**
 * From captures to events for the code above the waterline: drives the kernel, which counts, and keeps a stream for each
 * flow that may be mining. Skipped packets are counted by reason, so that packets read = decoded + skipped, always.
 */

import { IS_FOREIGN, IS_MINING, IS_OTHER, STAYS } from '../kernel/packets/flow-state.ts';
import { limits } from '../limits.ts';
import type { Place } from '../place.ts';
import { AT, SKIP_REASONS } from '../schema/packets-memory.ts';
import { type CandidateListener, DOUBTS, type Opening, type Standing } from './candidate.ts';
import { FlowTable } from './flow-table.ts';
import { OBJECT_KINDS } from './object-scanner.ts';
import type { Packet } from './packet.ts';
import { PacketKernel } from './packet-kernel.ts';
import { TunnelTable } from './tunnel-table.ts';
import { readWatch, type WatchedFlow } from './watched-flow.ts';

/** What the tap tells the side above the waterline. */
export interface TapObserver {
  /** Names that concern somebody, and all below them: no other DNS message, host or server name is told of. */
  readonly names: Iterable<string>;
  /** Paths that miners ask for without a body. */
  readonly polls: Iterable<string>;
  /** True if any address may be of interest; otherwise those that were told to `Tap.concern`. */
  readonly anyAddress: boolean;
  /** A flow may be mining: who shall hear its bytes. */
  candidate(flow: number, opening: Opening): CandidateListener;
  /** The client of a web visit named a host that may concern somebody. The visit itself is not told of. */
  visit(flow: number, lane: 0 | 1, host: string, place: Place): void;
  /** Of flows that cannot be read those are told of in which both sides have said so many messages. */
  readonly leastMessages: number;
  /** A lasting flow that could not be read, and what its sides said in sizes and times. Comes before `flowEnded`. */
  watched(flow: number, watched: WatchedFlow, slot: number): void;
  /** The same of a flow in mid-watch: its oldest messages are forgotten next. */
  filled(slot: number, watched: WatchedFlow): void;
  /**
   * The last packet has passed of a flow that was told of, or that may concern somebody; its row holds the final numbers.
   * How it was judged: of NOT_TOLD and those behind it (src/kernel/packets/flow-state.ts).
   */
  flowEnded(flow: number): number;
  /** True if one of the ends of a flow that nobody could read has a name. */
  isNamed(flow: number): boolean;
  /**
   * A packet that holds a DNS message, in its bytes[from, to), with a name that may concern somebody. `fits`: a question
   * that can be answered, or the first answer to one.
   */
  dns(packet: Packet, from: number, to: number, place: Place, fits: boolean): void;
  /** Payload of a UDP packet that begins like NetFlow, IPFIX or sFlow, in place. */
  exportDatagram(packet: Packet, place: Place): void;
}

/** Limits of a run. Reaching one is counted. */
export interface TapLimits {
  /** Flows that live at once; beyond that some end early. */
  readonly flows: number;
  /** Candidates that live at once and are not known to mine. */
  readonly undecided: number;
  /** Flows that are watched at once. */
  readonly watched: number;
  /** Bytes of a stream's segments that may wait for others, and those of all. */
  readonly reorder: number;
  readonly waiting: number;
  /** Bytes of the clear part of TLS that are kept. */
  readonly greetings: number;
}

/** By OPENS_ of src/kernel/packets/flow-state.ts. */
const OPENINGS: readonly Opening[] = ['plain', 'dns'];
const ANSWERS: Readonly<Record<Standing, number>> = {
  undecided: STAYS,
  foreign: IS_FOREIGN,
  other: IS_OTHER,
  mining: IS_MINING,
};

export class Tap {
  readonly kernel: PacketKernel;
  readonly flows: FlowTable;
  readonly tunnels: TunnelTable;
  /** Packets and bytes by skip reason; index 0 counts the decoded ones. */
  readonly reasonPackets: Float64Array;
  readonly reasonBytes: Float64Array;

  private readonly candidates = new Map<number, CandidateListener>();
  private readonly place = { timeUs: 0, record: 0, input: 0 };

  constructor(
    private readonly observer: TapObserver,
    most: TapLimits = limits,
  ) {
    const kernel: PacketKernel = new PacketKernel(
      {
        dns: (from, to, fits) => observer.dns(kernel.packet, from, to, this.now(), fits === 1),
        exported: () => observer.exportDatagram(kernel.packet, this.now()),
        candidate: (flow, opens) => this.hear(flow, observer.candidate(flow, OPENINGS[opens])),
        payload: (flow, lane, from, to) => {
          const listener = this.listener(flow);
          listener.payload(sideOf(lane), kernel.bytes, from, to, this.stamped());
          return ANSWERS[listener.standing];
        },
        object: (flow, lane, from, to, wireBytes, number) => {
          const listener = this.listener(flow);
          const found = { bytes: kernel.bytes, from, to, wireBytes, kind: OBJECT_KINDS[number] };
          const isJson = listener.object?.(sideOf(lane), found, this.stamped());
          return (ANSWERS[listener.standing] << 1) | (isJson === true ? 1 : 0);
        },
        gap: (flow, lane, missing, isCut) => {
          const listener = this.listener(flow);
          listener.gap(sideOf(lane), missing, isCut !== 0);
          return ANSWERS[listener.standing];
        },
        conflict: (flow, lane, from, to) => {
          const listener = this.listener(flow);
          listener.conflict?.(sideOf(lane), kernel.bytes, from, to, this.stamped());
          return ANSWERS[listener.standing];
        },
        roundTrip: (flow, lane, tripUs) => this.listener(flow).roundTrip?.(sideOf(lane), tripUs),
        doubt: (flow, lane, doubt, count) =>
          this.listener(flow).doubt?.(DOUBTS[doubt], sideOf(lane), this.stamped(), count),
        close: (flow) => this.close(flow),
        named: (flow, lane, from, to) => observer.visit(flow, sideOf(lane), this.text(from, to), this.now()),
        filled: (slot) => observer.filled(slot, readWatch(kernel, slot)),
        watched: (flow, slot) => observer.watched(flow, readWatch(kernel, slot), slot),
        flowEnded: (flow) => observer.flowEnded(flow),
        isNamed: (flow) => observer.isNamed(flow),
      },
      true,
    );
    this.kernel = kernel;
    this.flows = new FlowTable(kernel);
    this.tunnels = new TunnelTable(kernel);
    const { buffer } = kernel.bytes;
    this.reasonPackets = new Float64Array(buffer, AT.reasonPackets, SKIP_REASONS.length);
    this.reasonBytes = new Float64Array(buffer, AT.reasonBytes, SKIP_REASONS.length);
    this.useLimits(most);
    this.useNames();
  }

  /** Tells the kernel how much it may keep, again if that is another number now. */
  useLimits(most: TapLimits): void {
    const { control } = this.kernel;
    control.flowLimit = most.flows;
    control.undecidedLimit = most.undecided;
    control.watchLimit = most.watched;
    control.reorderLimit = most.reorder;
    control.waitingLimit = most.waiting;
    control.greetingsLimit = most.greetings;
  }

  /** Tells the kernel which names and paths concern somebody, again if there are others now. */
  useNames(): void {
    const { kernel, observer } = this;
    kernel.control.anyAddress = observer.anyAddress ? 1 : 0;
    kernel.control.leastMessages = observer.leastMessages;
    kernel.control.polls = 0;
    for (const name of observer.names)
      kernel.calls.addName(AT.nameBits, AT.scratch, kernel.put(Buffer.from(name, 'latin1')));
    for (const path of observer.polls)
      kernel.calls.addPoll(AT.scratch, kernel.put(Buffer.from(path, 'latin1')));
  }

  /** Connections that have ended and their IP bytes, by how they were judged (src/kernel/packets/flow-state.ts). */
  judged(judgement: number): { readonly conversations: number; readonly bytes: number } {
    const [conversations, bytes] = this.kernel.counts.memory.f64.subarray(AT.judged / 8 + 2 * judgement);
    return { conversations, bytes };
  }

  /** From now on flows with this address are told of when they end. */
  concern(words: ArrayLike<number>): void {
    this.kernel.calls.addAddress(words[0], words[1], words[2], words[3]);
  }

  /** What a DNS message in bytes[from, to), which `lane` of the flow sent, says: DNS_ of src/kernel/packets/flow-state.ts. */
  judgeDns(flow: number, lane: 0 | 1, bytes: Uint8Array, from: number, to: number, timeUs: number): number {
    return this.kernel.calls.judgeDns(flow, lane, AT.scratch, this.kernel.put(bytes, from, to), timeUs);
  }

  hearGreeting(flow: number, listener: CandidateListener): void {
    this.candidates.set(flow, listener);
    this.kernel.calls.hearGreeting(flow);
    this.candidates.delete(flow);
  }

  /** Begins a period of the run: nothing of it is counted yet, connections go on. */
  turn(sinceUs: number, untilUs: number): void {
    this.kernel.calls.turnFlows(sinceUs);
    Object.assign(this.kernel.control, { sinceUs, untilUs });
  }

  /** Ends all that is open: the run's last packet has passed. */
  end(): void {
    this.kernel.calls.endFragments();
    for (const flow of [...this.candidates.keys()]) this.kernel.calls.closeCandidate(flow);
    this.kernel.calls.endFlows();
  }

  /** The listener hears the bytes of a candidate from now on. */
  hear(flow: number, listener: CandidateListener): void {
    this.candidates.set(flow, listener);
  }

  private listener(flow: number): CandidateListener {
    const listener = this.candidates.get(flow);
    if (listener === undefined) throw new Error(`flow ${flow} is no candidate`);
    return listener;
  }

  private close(flow: number): number {
    const listener = this.listener(flow);
    this.candidates.delete(flow);
    listener.end();
    return ANSWERS[listener.standing];
  }

  private now(): Place {
    const { record, control } = this.kernel;
    return this.at(record.timeUs, record.number, control.input);
  }

  /** Of what a candidate says. */
  private stamped(): Place {
    const { stampUs, stampRecord, stampInput } = this.kernel.calls;
    return this.at(stampUs.value, stampRecord.value, stampInput.value);
  }

  private at(timeUs: number, record: number, input: number): Place {
    const { place } = this;
    place.timeUs = timeUs;
    place.record = record;
    place.input = input;
    return place;
  }

  private text(from: number, to: number): string {
    return Buffer.from(this.kernel.bytes.subarray(from, to)).toString('latin1');
  }
}

function sideOf(lane: number): 0 | 1 {
  return lane === 0 ? 0 : 1;
}

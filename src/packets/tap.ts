/**
 * From captures to events for the code above the waterline: drives the kernel, which counts, and keeps a stream for each
 * flow that may be mining. Skipped packets are counted by reason, so that packets read = decoded + skipped, always.
 */

import type { ObjectScanner } from '../framing/object-scanner.ts';
import { IS_FOREIGN, IS_MINING, IS_OTHER, STAYS } from '../kernel/packets/flow-state.ts';
import { COUNTS_AT, NAME_BITS_AT, SCRATCH_AT } from '../kernel/packets/memory.ts';
import { limits } from '../limits.ts';
import { type CandidateListener, DOUBTS, type Opening, type Stamp, type Standing } from './candidate.ts';
import { FlowTable } from './flow-table.ts';
import { OBJECT_KINDS } from './object-scanner.ts';
import type { Packet } from './packet.ts';
import { PacketKernel } from './packet-kernel.ts';
import { SKIP_REASONS } from './skip-reason.ts';
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
  visit(flow: number, lane: 0 | 1, host: string, stamp: Stamp): void;
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
  dns(packet: Packet, from: number, to: number, stamp: Stamp, fits: boolean): void;
  /** Payload of a UDP packet that begins like NetFlow, IPFIX or sFlow, in place. */
  exportDatagram(packet: Packet, stamp: Stamp): void;
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

  private readonly observer: TapObserver;
  private readonly candidates = new Map<number, CandidateListener>();
  private readonly stamp: Stamp = { timeUs: 0, record: 0, input: 0 };

  constructor(observer: TapObserver, most: TapLimits = limits) {
    this.observer = observer;
    const kernel: PacketKernel = new PacketKernel(
      {
        dns: (from, to, fits) => observer.dns(kernel.packet, from, to, this.now(), fits === 1),
        exported: () => observer.exportDatagram(kernel.packet, this.now()),
        candidate: (flow, opens) => this.hear(flow, observer.candidate(flow, OPENINGS[opens])),
        payload: (flow, lane, from, to, timeUs, record, input) => {
          const listener = this.listener(flow);
          listener.payload(lane, kernel.bytes, from, to, this.at(timeUs, record, input));
          return ANSWERS[listener.standing];
        },
        object: (flow, lane, from, to, wireBytes, kind, timeUs, record, input) => {
          const listener = this.listener(flow);
          const stamp = this.at(timeUs, record, input);
          const isJson = listener.object?.(
            lane,
            kernel.bytes,
            from,
            to,
            wireBytes,
            OBJECT_KINDS[kind],
            stamp,
          );
          return (ANSWERS[listener.standing] << 1) | (isJson === true ? 1 : 0);
        },
        gap: (flow, lane, missing, isCut) => {
          const listener = this.listener(flow);
          // The kernel's number has no sign.
          listener.gap(lane, missing >>> 0, isCut !== 0);
          return ANSWERS[listener.standing];
        },
        conflict: (flow, lane, from, to, timeUs, record, input) => {
          const listener = this.listener(flow);
          listener.conflict?.(lane, kernel.bytes, from, to, this.at(timeUs, record, input));
          return ANSWERS[listener.standing];
        },
        roundTrip: (flow, lane, tripUs) => this.listener(flow).roundTrip?.(lane, tripUs),
        doubt: (flow, lane, doubt, count, timeUs, record, input) => {
          this.listener(flow).doubt?.(DOUBTS[doubt], lane, this.at(timeUs, record, input), count);
        },
        close: (flow) => this.close(flow),
        named: (flow, lane, from, to) => observer.visit(flow, lane, this.text(from, to), this.now()),
        filled: (slot) => observer.filled(slot, readWatch(kernel, slot)),
        watched: (flow, slot) => observer.watched(flow, readWatch(kernel, slot), slot),
        flowEnded: (flow) => observer.flowEnded(flow),
        isNamed: (flow) => (observer.isNamed(flow) ? 1 : 0),
      },
      true,
    );
    this.kernel = kernel;
    this.flows = new FlowTable(kernel);
    this.tunnels = new TunnelTable(kernel);
    const reasons = COUNTS_AT + kernel.offset('counts_reasons');
    this.reasonPackets = new Float64Array(kernel.bytes.buffer, reasons, SKIP_REASONS.length);
    this.reasonBytes = new Float64Array(
      kernel.bytes.buffer,
      reasons + SKIP_REASONS.length * 8,
      SKIP_REASONS.length,
    );
    this.useLimits(most);
    kernel.setControlTime('endUs', Number.POSITIVE_INFINITY);
    this.sinceUs = Number.NEGATIVE_INFINITY;
    this.untilUs = Number.POSITIVE_INFINITY;
    this.useNames();
  }

  /** Tells the kernel how much it may keep, again if that is another number now. */
  useLimits(most: TapLimits): void {
    this.kernel.setControl('flowLimit', most.flows);
    this.kernel.setControl('undecidedLimit', most.undecided);
    this.kernel.setControl('watchLimit', most.watched);
    this.kernel.setControlTime('reorderLimit', most.reorder);
    this.kernel.setControlTime('waitingLimit', most.waiting);
    this.kernel.setControlTime('greetingsLimit', most.greetings);
  }

  /** Tells the kernel which names and paths concern somebody, again if there are others now. */
  useNames(): void {
    const { kernel, observer } = this;
    kernel.setControl('anyAddress', observer.anyAddress ? 1 : 0);
    kernel.setControl('leastMessages', observer.leastMessages);
    kernel.setControl('polls', 0);
    for (const name of observer.names)
      kernel.calls.addName(NAME_BITS_AT, SCRATCH_AT, kernel.put(Buffer.from(name, 'latin1')));
    for (const path of observer.polls)
      kernel.calls.addPoll(SCRATCH_AT, kernel.put(Buffer.from(path, 'latin1')));
  }

  /** Packets outside these times feed the streams but count nowhere. */
  set sinceUs(timeUs: number) {
    this.kernel.setControlTime('sinceUs', timeUs);
  }

  set untilUs(timeUs: number) {
    this.kernel.setControlTime('untilUs', timeUs);
  }

  /** Ordinal of the input that is being read. */
  set input(ordinal: number) {
    this.kernel.setControl('input', ordinal);
  }

  /** What is read next: its clock is so far ahead, us; its packets may have been read before; it holds them twice. */
  readsBy(aheadUs: number, isCopy: boolean, isTwice: boolean): void {
    this.kernel.setControlTime('aheadUs', aheadUs);
    this.kernel.setControl('isCopy', isCopy ? 1 : 0);
    this.kernel.setControl('isTwice', isTwice ? 1 : 0);
  }

  get packets(): number {
    return this.count('packets');
  }

  get bytes(): number {
    return this.count('bytes');
  }

  get truncatedPackets(): number {
    return this.count('truncatedPackets');
  }

  get truncatedBytes(): number {
    return this.count('truncatedBytes');
  }

  /** Bytes of decoded packets that were cut off. */
  get cutBytes(): number {
    return this.count('cutBytes');
  }

  /** Capture time of the packets counted, us; NaN before the first. */
  get firstUs(): number {
    return this.count('firstUs');
  }

  get lastUs(): number {
    return this.count('lastUs');
  }

  /** Flows that ended early because the table was full. */
  get evictedFlows(): number {
    return this.kernel.control('evictedFlows');
  }

  /** Candidates dismissed early because too many were undecided. */
  get crowdedOut(): number {
    return this.kernel.control('crowdedOut');
  }

  /** Dismisses the candidates that are not known to mine: there is no room for what they said. */
  forgetUndecided(): void {
    this.kernel.calls.forgetUndecided();
  }

  /** Bytes of their flows. */
  get crowdedBytes(): number {
    return this.kernel.controlSum('crowdedBytes');
  }

  /** Segments of flows that have had their looks, and their payload. */
  get passed(): { readonly bytes: number; readonly packets: number } {
    const { kernel } = this;
    return { bytes: kernel.controlSum('passedBytes'), packets: kernel.control('passedPackets') };
  }

  /** Flows of which the clear part of TLS was not kept. */
  get lostGreetings(): number {
    return this.kernel.control('lostGreetings');
  }

  /** Tunnels that were forgotten because the kernel's table was full. */
  get forgottenTunnels(): number {
    return this.kernel.control('forgottenTunnels');
  }

  /** Flows that were not watched because too many were. */
  get unwatchedFlows(): number {
    return this.kernel.control('unwatchedFlows');
  }

  /** Of flows that have ended: those encrypted from the start, and those seen in one direction only. */
  get encrypted(): { readonly bytes: number; readonly packets: number } {
    const { kernel } = this;
    return { bytes: kernel.controlSum('encryptedBytes'), packets: kernel.controlSum('encryptedPackets') };
  }

  get oneSided(): { readonly bytes: number; readonly packets: number } {
    const { kernel } = this;
    return { bytes: kernel.controlSum('oneSidedBytes'), packets: kernel.controlSum('oneSidedPackets') };
  }

  /** Connections that have ended and their IP bytes, by how they were judged (src/kernel/packets/flow-state.ts). */
  judged(judgement: number): { readonly conversations: number; readonly bytes: number } {
    const { kernel } = this;
    const at = COUNTS_AT + kernel.offset('counts_judged') + judgement * 16;
    const [conversations, bytes] = [at, at + 8].map((place) => kernel.view.getFloat64(place, true));
    return { conversations, bytes };
  }

  private count(field: string): number {
    return this.kernel.view.getFloat64(COUNTS_AT + this.kernel.offset(`counts_${field}`), true);
  }

  /** From now on flows with this address are told of when they end. */
  concern(words: ArrayLike<number>): void {
    this.kernel.calls.addAddress(words[0], words[1], words[2], words[3]);
  }

  /** What a DNS message in bytes[from, to), which `lane` of the flow sent, says: DNS_ of src/kernel/packets/flow-state.ts. */
  judgeDns(flow: number, lane: 0 | 1, bytes: Uint8Array, from: number, to: number, timeUs: number): number {
    return this.kernel.calls.judgeDns(flow, lane, SCRATCH_AT, this.kernel.put(bytes, from, to), timeUs);
  }

  /** True if what the two sides of a flow that ends said in clear of TLS was kept; until then it can be heard. */
  hasGreeted(flow: number): boolean {
    return this.kernel.calls.hasGreeted(flow) !== 0;
  }

  /** False if no certificate in it is for a name that concerns somebody. */
  greetingMayConcern(flow: number): boolean {
    return this.kernel.calls.greetingMayConcern(flow) !== 0;
  }

  hearGreeting(flow: number, listener: CandidateListener): void {
    this.candidates.set(flow, listener);
    this.kernel.calls.hearGreeting(flow);
    this.candidates.delete(flow);
  }

  /** The lane of a candidate says objects from now on: it hears of them and not of the bytes. */
  handOver(flow: number, lane: 0 | 1, scanner: ObjectScanner): void {
    this.kernel.calls.attachScanner(flow, lane, scanner.at);
  }

  /** Connections of which nothing came, and that were open when the run began and when it ended. */
  get atEdges(): { readonly start: number; readonly end: number } {
    return { start: this.kernel.control('atStart'), end: this.kernel.control('atEnd') };
  }

  /** What was heard so shortly before the run's end, and not closed, may go on elsewhere, us. */
  set openUs(timeUs: number) {
    this.kernel.setControlTime('openUs', timeUs);
  }

  /** The run's last packet has passed. */
  closeRun(endUs: number): void {
    this.kernel.setControlTime('endUs', endUs);
  }

  /** True if the flow may go on behind the run's last packet. */
  isOpen(flow: number): boolean {
    return this.kernel.calls.isOpen(flow) !== 0;
  }

  /** Begins a period of the run: nothing of it is counted yet, connections go on. */
  turn(sinceUs: number, untilUs: number): void {
    this.kernel.calls.turnFlows(sinceUs);
    this.sinceUs = sinceUs;
    this.untilUs = untilUs;
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

  private now(): Stamp {
    const { record } = this.kernel;
    return this.at(record.timeUs, record.number, this.kernel.control('input'));
  }

  private at(timeUs: number, record: number, input: number): Stamp {
    const { stamp } = this;
    stamp.timeUs = timeUs;
    stamp.record = record;
    stamp.input = input;
    return stamp;
  }

  private text(from: number, to: number): string {
    return Buffer.from(this.kernel.bytes.subarray(from, to)).toString('latin1');
  }
}

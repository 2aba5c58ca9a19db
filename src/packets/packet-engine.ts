/**
 * From captures to the streams of connections that may be mining: drives the kernel, which counts, finds JSON objects and puts
 * bytes in order, and feeds each such connection's stream. What else it finds it tells its listener, each thing to one part of
 * it. Skipped packets are counted by reason, so that packets read = decoded + skipped, always.
 */

import type { ObjectCounts } from '../framing/object-scanner.ts';
import { IS_FOREIGN, IS_MINING, IS_OTHER, OPENS_DNS, STAYS } from '../kernel/packets/flow-state.ts';
import { limits } from '../limits.ts';
import type { PacketRef } from '../packet-ref.ts';
import { AT, JUDGEMENTS, PACKETS_MEMORY, SKIP_REASONS } from '../schema/packets-memory.ts';
import { FlowTable } from './flow-table.ts';
import { JUDGEMENT, type Judgement } from './judgements.ts';
import { putMiningWords } from './mining-words.ts';
import { OBJECT_KINDS } from './object-scanner.ts';
import type { Packet } from './packet.ts';
import { PacketKernel } from './packet-kernel.ts';
import { DOUBTS, type Status, type Stream } from './stream.ts';
import { TunnelTable } from './tunnel-table.ts';
import { readWatch, type WatchedFlow } from './watched-flow.ts';

/** What concerns somebody: nothing else is told of. */
export interface Interests {
  /** Names, and all below them: of DNS messages, hosts of web visits, servers of TLS. */
  readonly names: Iterable<string>;
  /** Paths that miners ask for without a body. */
  readonly polls: Iterable<string>;
  /** True if any address may be of interest; otherwise those that were told to `PacketEngine.concern`. */
  readonly anyAddress: boolean;
  /** Of flows that cannot be read those are told of in which both sides have said so many messages. */
  readonly leastMessages: number;
}

/** Who is told what the engine finds. Packets and packet references are valid during the call only. */
export interface PacketListener {
  readonly streams: {
    /** A flow may be mining, or speaks DNS over TCP: the stream that takes what it says. */
    open(flow: number, isDns: boolean): Stream;
    /** The clock was set by so much behind the packet of this time, both us. */
    clockSet(timeUs: number, byUs: number): void;
    /** No packet has come in the run for long, us since 1970. */
    silence(startUs: number, endUs: number): void;
    /** Its stream has findings. */
    found(flow: number): void;
    /** Its stream has ended, and has no more findings. */
    closed(flow: number): void;
    /**
     * The last packet has passed of a flow that was told of, or that may concern somebody; its row holds the final numbers.
     * How it was judged, if the listener tells.
     */
    ended(flow: number): Judgement;
  };
  readonly conversations: {
    /** A conversation has ended that could not be judged, for this reason; its row holds the final numbers. */
    left(flow: number, why: Judgement): void;
    /**
     * The same of one that others of the same `pair` of a client and a port of a server may judge, and why these may
     * (REPEATS_ of kernel/packets/flow-state.ts); `mark` is the same for all that belong together, 0 if nothing tells.
     */
    repeated(flow: number, why: Judgement, pair: number, kind: number, mark: number): void;
    /** An Initial packet of QUIC, in place. */
    opening(flow: number, direction: 0 | 1, datagram: Uint8Array): void;
  };
  readonly connections: {
    /** The client of a web visit named a host that may concern somebody. The visit itself is not told of. */
    visit(flow: number, direction: 0 | 1, host: string, packet: PacketRef): void;
    /** A lasting flow that could not be read, and what its sides said in sizes and times. Comes before its end. */
    watched(flow: number, watched: WatchedFlow, slot: number): void;
    /** The same of a flow in mid-watch: its oldest messages are forgotten next. */
    filled(slot: number, watched: WatchedFlow): void;
  };
  readonly lookups: {
    /**
     * A packet that holds a DNS message, in its bytes[from, to), with a name that may concern somebody. `fits`: a question
     * that can be answered, or the first answer to one.
     */
    inPacket(packet: Packet, from: number, to: number, packetRef: PacketRef, fits: boolean): void;
  };
  readonly exports: {
    /** Payload of a UDP packet that begins like NetFlow, IPFIX or sFlow, in place. */
    datagram(packet: Packet, packetRef: PacketRef): void;
  };
}

/** Limits of a run. Reaching one is counted. */
export interface EngineLimits {
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
  readonly handshakes: number;
}

const ANSWERS: Readonly<Record<Status, number>> = {
  undecided: STAYS,
  foreign: IS_FOREIGN,
  other: IS_OTHER,
  mining: IS_MINING,
};

export class PacketEngine {
  readonly kernel: PacketKernel;
  readonly flows: FlowTable;
  readonly tunnels: TunnelTable;
  /** Packets and bytes by skip reason; index 0 counts the decoded ones. */
  readonly reasonPackets: Float64Array;
  readonly reasonBytes: Float64Array;

  private listener: PacketListener | null = null;
  /** Of connections that may be mining, in the order in which they became so. */
  private readonly streams = new Map<number, Stream>();
  /** One object that is written over: a new one for each packet costs time. */
  private readonly packetRef = { timeUs: 0, record: 0, input: 0 };

  constructor(most: EngineLimits = limits) {
    const kernel: PacketKernel = new PacketKernel(
      {
        clockSet: (timeUs, byUs) => this.told.streams.clockSet(timeUs, byUs),
        silence: (startUs, endUs) => this.told.streams.silence(startUs, endUs),
        dns: (from, to, fits) => this.told.lookups.inPacket(kernel.packet, from, to, this.now(), fits === 1),
        exported: () => this.told.exports.datagram(kernel.packet, this.now()),
        candidate: (flow, opens) => this.streams.set(flow, this.told.streams.open(flow, opens === OPENS_DNS)),
        payload: (flow, direction, from, to) => this.payload(flow, sideOf(direction), from, to),
        object: (flow, direction, from, to, wireBytes, number) => {
          const stream = this.stream(flow);
          const found = { bytes: kernel.bytes, from, to, wireBytes, kind: OBJECT_KINDS[number] };
          const isJson = stream.object?.(sideOf(direction), found, this.stamped()) === true;
          return (ANSWERS[stream.status] << 1) | (isJson ? 1 : 0);
        },
        foreign: (flow, direction) => {
          const stream = this.stream(flow);
          stream.leaveJson?.(sideOf(direction));
          return ANSWERS[stream.status];
        },
        gap: (flow, direction, missing, isCut) => {
          const stream = this.stream(flow);
          stream.gap(sideOf(direction), missing, isCut !== 0, this.stamped());
          if (stream.hasFindings) this.told.streams.found(flow);
          return ANSWERS[stream.status];
        },
        roundTrip: (flow, direction, tripUs) => this.stream(flow).roundTrip?.(sideOf(direction), tripUs),
        doubt: (flow, _, doubt, count) => this.stream(flow).doubt?.(DOUBTS[doubt], this.stamped(), count),
        close: (flow) => this.close(flow),
        named: (flow, direction, from, to) =>
          this.told.connections.visit(flow, sideOf(direction), this.text(from, to), this.now()),
        filled: (slot) => this.told.connections.filled(slot, readWatch(kernel, slot)),
        watched: (flow, slot) => this.told.connections.watched(flow, readWatch(kernel, slot), slot),
        flowEnded: (flow) => JUDGEMENT[this.told.streams.ended(flow)],
        left: (flow, why) => this.told.conversations.left(flow, JUDGEMENTS[why]),
        quic: (flow, direction, from, to) =>
          this.told.conversations.opening(flow, sideOf(direction), kernel.bytes.subarray(from, to)),
        repeated: (flow, why, pair, kind, mark) =>
          this.told.conversations.repeated(flow, JUDGEMENTS[why], pair, kind, mark >>> 0),
      },
      true,
    );
    this.kernel = kernel;
    this.flows = new FlowTable(kernel);
    this.tunnels = new TunnelTable(kernel);
    const { buffer } = kernel.bytes;
    this.reasonPackets = new Float64Array(buffer, AT.reasonPackets, SKIP_REASONS.length);
    this.reasonBytes = new Float64Array(buffer, AT.reasonBytes, SKIP_REASONS.length);
    putMiningWords(kernel);
    this.useLimits(most);
  }

  /** Who is told from now on. Call before the first packet. */
  tell(listener: PacketListener): void {
    this.listener = listener;
  }

  private get told(): PacketListener {
    if (this.listener === null) throw new Error('packets come, and nobody is told');
    return this.listener;
  }

  /** Tells the kernel how much it may keep, again if that is another number now. */
  useLimits(most: EngineLimits): void {
    const { control } = this.kernel;
    control.flowLimit = most.flows;
    control.undecidedLimit = most.undecided;
    control.watchLimit = most.watched;
    control.reorderLimit = most.reorder;
    control.waitingLimit = most.waiting;
    control.handshakesLimit = most.handshakes;
  }

  /** Tells the kernel what concerns somebody, again if that is something else now. */
  useInterests({ names, polls, anyAddress, leastMessages }: Interests): void {
    const { control, calls } = this.kernel;
    control.anyAddress = anyAddress ? 1 : 0;
    control.leastMessages = leastMessages;
    control.polls = 0;
    for (const name of names)
      calls.addName(AT.nameBits, AT.scratch, this.kernel.put(Buffer.from(name, 'latin1')));
    for (const path of polls) calls.addPoll(AT.scratch, this.kernel.put(Buffer.from(path, 'latin1')));
  }

  /** Conversations that have ended and their IP bytes, by how the kernel judged them. */
  judged(judgement: Judgement): { readonly conversations: number; readonly bytes: number } {
    const { f64 } = this.kernel.counts.memory;
    const [conversations, bytes] = f64.subarray(AT.judged / 8 + 2 * JUDGEMENT[judgement]);
    return { conversations, bytes };
  }

  /** Addresses that have opened conversations, and conversations that could not be judged. */
  get hosts(): number {
    return counted(this.kernel.control.hostBits);
  }

  get hostsNotJudged(): number {
    return counted(this.kernel.control.leftBits);
  }

  /** True: the listener is told of each conversation that could not be judged. */
  tellsLeft(isAsked: boolean): void {
    this.kernel.control.tellsLeft = isAsked ? 1 : 0;
  }

  /** From now on flows with this address are told of when they end. */
  concern(words: ArrayLike<number>): void {
    this.kernel.calls.addAddress(words[0], words[1], words[2], words[3]);
  }

  /** What a DNS message in bytes[from, to), which `direction` of the flow sent, says: DNS_ of src/kernel/packets/flow-state.ts. */
  judgeDns(
    flow: number,
    direction: 0 | 1,
    bytes: Uint8Array,
    from: number,
    to: number,
    timeUs: number,
  ): number {
    return this.kernel.calls.judgeDns(flow, direction, AT.scratch, this.kernel.put(bytes, from, to), timeUs);
  }

  /** The stream takes what is kept of the clear part of TLS of a flow that ends, and ends. */
  readHandshake(flow: number, stream: Stream): void {
    this.streams.set(flow, stream);
    this.kernel.calls.readHandshake(flow);
    this.streams.delete(flow);
  }

  /** Goes on with these streams alone, from a state. */
  resume(streams: ReadonlyMap<number, Stream>): void {
    this.streams.clear();
    for (const [flow, stream] of streams) this.streams.set(flow, stream);
  }

  /** Begins a period of the run: nothing of it is counted yet, connections go on. */
  turn(sinceUs: number, untilUs: number): void {
    this.kernel.calls.turnFlows(sinceUs);
    Object.assign(this.kernel.control, { sinceUs, untilUs });
  }

  /** Ends all that is open: the run's last packet has passed. */
  end(): void {
    this.kernel.calls.endFragments();
    for (const flow of [...this.streams.keys()]) this.kernel.calls.closeCandidate(flow);
    this.kernel.calls.endFlows();
  }

  private stream(flow: number): Stream {
    const stream = this.streams.get(flow);
    if (stream === undefined) throw new Error(`flow ${flow} is no candidate`);
    return stream;
  }

  private payload(flow: number, direction: 0 | 1, from: number, to: number): number {
    const stream = this.stream(flow);
    const json = stream.payload(direction, this.kernel.bytes, from, to, this.stamped());
    if (json !== null) {
      const { kernel } = this;
      const { bytes, isLineStart } = json;
      const isInPlace = bytes === kernel.bytes;
      const end = isInPlace ? json.to : kernel.put(bytes, json.from, json.to);
      const start = isInPlace ? json.from : AT.scratch;
      if (kernel.calls.openObjects(flow, direction, limits.json, start, end, isLineStart) === 0)
        stream.leaveJson?.(direction);
    }
    if (stream.hasFindings) this.told.streams.found(flow);
    return ANSWERS[stream.status];
  }

  private close(flow: number): number {
    const stream = this.stream(flow);
    const objects = [this.objectCounts(flow, 0), this.objectCounts(flow, 1)] as const;
    this.kernel.calls.endObjects(flow);
    stream.end(objects);
    this.streams.delete(flow);
    const { streams } = this.told;
    if (stream.hasFindings) streams.found(flow);
    streams.closed(flow);
    return ANSWERS[stream.status];
  }

  private objectCounts(flow: number, direction: 0 | 1): ObjectCounts | null {
    const { calls, rows } = this.kernel;
    const at = calls.scannerOf(flow, direction);
    if (at === 0) return null;
    rows.scanner.at = at;
    const { oversize, passedBytes, errorLines, relayLines, wireBytes } = rows.scanner;
    const isInside = calls.isInsideObject(at) !== 0;
    return { isInside, bytesBehind: isInside ? 0 : wireBytes, oversize, passedBytes, errorLines, relayLines };
  }

  private now(): PacketRef {
    const { record, control } = this.kernel;
    return this.at(record.timeUs, record.number, control.input);
  }

  /** Of what a candidate says. */
  private stamped(): PacketRef {
    const { stampUs, stampRecord, stampInput } = this.kernel.calls;
    return this.at(stampUs.value, stampRecord.value, stampInput.value);
  }

  private at(timeUs: number, record: number, input: number): PacketRef {
    const { packetRef } = this;
    packetRef.timeUs = timeUs;
    packetRef.record = record;
    packetRef.input = input;
    return packetRef;
  }

  private text(from: number, to: number): string {
    return Buffer.from(this.kernel.bytes.subarray(from, to)).toString('latin1');
  }
}

function sideOf(direction: number): 0 | 1 {
  return direction === 0 ? 0 : 1;
}

/** How many there are whose hashes have set so many bits: to one in thousands, and few exactly (linear counting, Whang 1990). */
function counted(bits: number): number {
  const all = 8 * PACKETS_MEMORY.bytes.hostBits;
  return bits === 0 ? 0 : Math.round(-all * Math.log(1 - bits / all));
}

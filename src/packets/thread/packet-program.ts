/**
 * HOT. The packets that most captures are made of, as WebAssembly (wasm.ts): TCP and UDP in Ethernet, behind at most one
 * VLAN tag, in IPv4 without options or fragments or in IPv6 without extension headers. It counts them and makes their
 * rows as PacketWriter does, at full speed from the first packet on, where V8 would learn for a tenth of a second. It ends
 * at any other packet, and at the first one of a flow: no packet is read otherwise than PacketWriter would read it.
 */

import { MOST_WIRE_BYTES, type RecordLayout, type TakenRecords } from '../../readers/pcap/record.ts';
import * as w from '../../wasm.ts';
import { type FlowIndex, type FlowMemory, KEY_WORDS } from '../flow-index.ts';
import type { PacketCounts } from '../packet-counts.ts';
import { isTunnelPort } from '../tunnels.ts';
import { COUNTS, HIGHER, ROW_WORDS, type SharedSlots, SLOT_ROWS, WIDE } from './slots.ts';

const ROW_BYTES = 4 * ROW_WORDS;
const PORTS = 65_536;

// State. Doubles: 0 and 1 the times that count | 2 parts of a microsecond | 3 time of the packet in hand | 4 first and 5
// last time of all packets | 6 and 7 of those that count. Wides: 8 bytes of those, 9 of those among them that were cut, 18 what was cut off.
// Words: 20 number of the last record | 21 the one before the slot | 22 rows | 23 where they lie | 24 where the block
// lies | 25 second of the last record, 26 of the one before | 27 packets that count, 28 that were cut | 29 seed and 30
// mask of the index | 31 not 0 where names are asked for | 32 interface whose packets are taken | 33 ticks a second and
// 34 most in the high word of a time.
const SINCE = 0;
const UNTIL = 1;
const DIVISOR = 2;
const NOW = 3;
const FIRST = 4;
const LAST = 5;
const COUNTED_FIRST = 6;
const COUNTED_LAST = 7;
const BYTES = 8;
const CUT_BYTES = 9;
const NUMBER = 20;
const RECORDS_BEFORE = 21;
const ROWS = 22;
const ROWS_AT = 23;
const BLOCK_AT = 24;
const LAST_SECOND = 25;
const EARLIER_SECOND = 26;
const COUNTED = 27;
const CUT = 28;
const SEED = 29;
const MASK = 30;
const ASKS_FOR_NAMES = 31;
const INTERFACE = 32;
const PER_SECOND = 33;
const MOST_HIGH = 34;
const STATE_WORDS = 35;
/** Behind the words. */
const CUT_OFF_BYTES = 18;
/** A bit for each port of UDP that may carry a tunnel. */
const PORTS_AT = 192;
/** Room for the labels of a name. */
const LABELS_AT = PORTS_AT + PORTS / 8;

/**
 * Instructions that set `may` to 1 where the message of DNS in [from, to) may hold a name that is asked for, else to 0.
 * Bits of names lie in the room, which has place for the labels of a name, too; `spare` are variables to use.
 */
export type DnsLook = (
  room: { readonly bitsAt: number; readonly labelsAt: number },
  message: readonly [from: w.Local, to: w.Local, may: w.Local],
  spare: readonly w.Local[],
) => w.Code;

export class PacketProgram implements TakenRecords {
  readonly #programs: Partial<Record<RecordLayout['kind'], Run>> = {};
  readonly #make: (kind: RecordLayout['kind']) => Run;
  #run: Run;
  readonly #buffer: SharedArrayBuffer;
  readonly #doubles: Float64Array;
  readonly #wides: BigInt64Array;
  readonly #words: Int32Array;

  /** Null where the slots have no memory for it. */
  static of(slots: SharedSlots, dns: DnsLook | null): PacketProgram | null {
    return slots.program === null ? null : new PacketProgram(slots.program, dns);
  }

  private constructor(
    { memory, at, flows, names }: NonNullable<SharedSlots['program']>,
    dns: DnsLook | null,
  ) {
    const { buffer } = memory;
    this.#buffer = buffer;
    const room = { bitsAt: names.byteOffset, labelsAt: at + LABELS_AT };
    const look: Look = (message, spare) => (dns === null ? [] : dns(room, message, spare));
    this.#make = (kind) => w.instantiate(program(at, flows, look, kind), memory);
    this.#run = this.#programOf('pcap');
    this.#doubles = new Float64Array(buffer, at, BYTES);
    this.#wides = new BigInt64Array(buffer, at, CUT_OFF_BYTES + 1);
    this.#words = new Int32Array(buffer, at, STATE_WORDS);
    const ports = new Uint8Array(buffer, at + PORTS_AT, PORTS / 8);
    for (let port = 0; port < PORTS; port++) if (isTunnelPort(port)) ports[port >> 3] |= 1 << (port & 7);
    this.#words[MASK] = flows.index.length - 1;
    this.#forgetCounts();
  }

  /** Packets outside these times are not counted. */
  during(sinceUs: number, untilUs: number): void {
    this.#doubles[SINCE] = sinceUs;
    this.#doubles[UNTIL] = untilUs;
  }

  /** Whether DNS needs a row only with a name that is asked for. */
  askForNames(isOn: boolean): void {
    this.#words[ASKS_FOR_NAMES] = isOn ? 1 : 0;
  }

  /** Flows are those of this index, which lies in its memory. */
  follow(index: FlowIndex): void {
    this.#words[SEED] = index.seed;
  }

  /** Rows go to this slot from now on. */
  open(rows: Int32Array, recordsBefore: number): void {
    this.#words[ROWS_AT] = rows.byteOffset;
    this.#words[RECORDS_BEFORE] = recordsBefore;
  }

  /** As of CommonRecords. */
  begin(bytes: Uint8Array, layout: RecordLayout): boolean {
    if (bytes.buffer !== this.#buffer) return false;
    this.#words[BLOCK_AT] = bytes.byteOffset;
    this.#run = this.#programOf(layout.kind);
    this.#doubles[DIVISOR] = layout.ticksPerSecond / 1e6;
    this.#words[PER_SECOND] = layout.ticksPerSecond;
    // Microseconds beyond what a double counts exactly are rounded elsewhere.
    this.#words[MOST_HIGH] = layout.ticksPerSecond === 1e6 ? 2 ** 21 - 1 : 2 ** 31 - 1;
    this.#words[INTERFACE] = layout.kind === 'pcapng' ? layout.id : 0;
    this.#doubles[FIRST] = Number.POSITIVE_INFINITY;
    this.#doubles[LAST] = Number.NEGATIVE_INFINITY;
    return true;
  }

  #programOf(kind: RecordLayout['kind']): Run {
    this.#programs[kind] ??= this.#make(kind);
    return this.#programs[kind];
  }

  /** As of CommonRecords, with so many rows in the slot already. */
  run(from: number, to: number, number: number, rows: number): number {
    const words = this.#words;
    const block = words[BLOCK_AT];
    words[NUMBER] = number;
    words[ROWS] = rows;
    return this.#run(block + from, block + to) - block;
  }

  /** Rows of the slot. */
  get rows(): number {
    return this.#words[ROWS];
  }

  get number(): number {
    return this.#words[NUMBER];
  }

  get timeUs(): number {
    return this.#doubles[NOW];
  }

  get lastSecond(): number {
    return this.#words[LAST_SECOND] >>> 0;
  }

  get earlierSecond(): number {
    return this.#words[EARLIER_SECOND] >>> 0;
  }

  get firstUs(): number {
    return this.#doubles[FIRST];
  }

  get lastUs(): number {
    return this.#doubles[LAST];
  }

  /** Adds the packets that it has counted. */
  moveTo(counts: PacketCounts): void {
    const words = this.#words;
    if (words[COUNTED] === 0) return;
    counts.packets += words[COUNTED];
    counts.bytes += Number(this.#wides[BYTES]);
    counts.reasonPackets[0] += words[COUNTED];
    counts.reasonBytes[0] += Number(this.#wides[BYTES]);
    counts.truncatedPackets += words[CUT];
    counts.truncatedBytes += Number(this.#wides[CUT_BYTES]);
    counts.cutBytes += Number(this.#wides[CUT_OFF_BYTES]);
    const first = this.#doubles[COUNTED_FIRST];
    const last = this.#doubles[COUNTED_LAST];
    if (!(first >= counts.firstUs)) counts.firstUs = first;
    if (!(last <= counts.lastUs)) counts.lastUs = last;
    this.#forgetCounts();
  }

  #forgetCounts(): void {
    this.#words[COUNTED] = 0;
    this.#words[CUT] = 0;
    this.#wides[BYTES] = 0n;
    this.#wides[CUT_BYTES] = 0n;
    this.#wides[CUT_OFF_BYTES] = 0n;
    this.#doubles[COUNTED_FIRST] = Number.POSITIVE_INFINITY;
    this.#doubles[COUNTED_LAST] = Number.NEGATIVE_INFINITY;
  }
}

const TCP = 6;
const UDP = 17;
const DNS = 53;
const HEADER_BYTES = 16;
/** Frame, then interface, time, captured and wire length. */
const BLOCK_BYTES = 32;
const ENHANCED_PACKET = 6;
/** Ethernet, IPv4 and UDP: no common packet is shorter. */
const LEAST_BYTES = 42;
/** No record is longer, as most files say. */
const MOST_BYTES = 262_144;
/** Of the two bytes of an EtherType in little endian. */
const IPV4 = 0x0008;
const IPV6 = 0xdd86;
const VLAN = 0x0081;
/** Of four numbers in network order each the other way round. */
const REVERSED = w.sixteenOf([3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12]);
const MILLION = doubleConstant(1e6);

/** Takes records from `at` to `to`; gives back where it ended. */
type Run = (...numbers: number[]) => number;
type Look = (message: Parameters<DnsLook>[1], spare: readonly w.Local[]) => w.Code;

function program(room: number, flows: FlowMemory, look: Look, kind: RecordLayout['kind']): w.Program {
  const body = (...locals: w.Local[]) => instructions(room, flows, look, kind, locals);
  return { parameters: 2, variables: 49, wides: 2, vectors: 2, body };
}

function instructions(
  room: number,
  flows: FlowMemory,
  look: Look,
  kind: RecordLayout['kind'],
  locals: readonly w.Local[],
): w.Code {
  const [at, to, end, captured, wire, frame, ip, type, protocol, transport, ipBytes, ...ofPacket] = locals;
  const [wireEnd, limit, payloadAt, payloadEnd, payloadBytes, flags, ports, sequence, ...ofTcp] = ofPacket;
  const [acknowledgement, length, isWide, hasRow, opening, counts, bits, out, ...ofEnds] = ofTcp;
  const [source0, source1, source2, source3, ...ofDestination] = ofEnds;
  const [destination0, destination1, destination2, destination3, higher, ...ofFlow] = ofDestination;
  const [low0, low1, low2, low3, high0, high1, high2, high3, lowPorts, hash, slot, flow, ...ofKey] = ofFlow;
  const [key, isOther, next, ticks, seconds, sixteen, otherSixteen] = ofKey;
  const sources = [source0, source1, source2, source3];
  const destinations = [destination0, destination1, destination2, destination3];
  const lows = [low0, low1, low2, low3];
  const highs = [high0, high1, high2, high3];

  const doubleIn = (place: number): w.Code => w.doubleAt(room + 8 * place);
  const setDouble = (place: number, value: w.Code): w.Code => w.storeDouble(room + 8 * place, 0, value);
  const wordIn = (place: number): w.Code => w.fourAt(room + 4 * place);
  const setWord = (place: number, value: w.Value): w.Code => w.storeFour(room + 4 * place, 0, value);
  const countIn = (place: number): w.Code => setWord(place, w.add(wordIn(place), 1));
  const addBytes = (place: number, bytes: w.Value = wire): w.Code =>
    w.storeEight(room + 8 * place, 0, w.addWide(w.eightAt(room + 8 * place), w.widen(bytes)));
  /** Two bytes in network order. */
  const twoAt = (address: w.Value, offset = 0): w.Code =>
    w.or(w.shiftLeft(w.byteAt(address, offset), 8), w.byteAt(address, offset + 1));
  /** Ends at the record in hand, of which nothing was done. */
  const leave = w.giveBack(at);

  // 0 seconds | 4 parts of them | 8 captured length | 12 length on the wire
  const pcap = [
    captured.set(w.fourAt(at, 8)),
    wire.set(w.fourAt(at, 12)),
    frame.set(w.add(at, HEADER_BYTES)),
    next.set(w.add(frame, captured)),
    w.when(w.more(captured, w.subtract(to, frame)), leave),
  ];
  // 0 type | 4 length of the block | 8 interface | 12 time, high word first | 20 captured length | 24 length on the wire
  const pcapng = [
    w.when(w.less(w.subtract(to, at), BLOCK_BYTES), leave),
    length.set(w.fourAt(at, 4)),
    captured.set(w.fourAt(at, 20)),
    wire.set(w.fourAt(at, 24)),
    w.when(w.or(w.different(w.fourAt(at), ENHANCED_PACKET), w.and(length, 3)), leave),
    w.when(w.or(w.less(length, BLOCK_BYTES), w.more(length, w.subtract(to, at))), leave),
    frame.set(w.add(at, 28)),
    next.set(w.add(at, length)),
    w.when(w.different(w.fourAt(w.subtract(next, 4)), length), leave),
    w.when(w.more(captured, w.subtract(length, BLOCK_BYTES)), leave),
    w.when(w.different(w.fourAt(at, 8), wordIn(INTERFACE)), leave),
    w.when(w.more(w.fourAt(at, 12), wordIn(MOST_HIGH)), leave),
  ];
  const header = [
    kind === 'pcap' ? pcap : pcapng,
    w.when(w.or(w.less(captured, LEAST_BYTES), w.more(captured, MOST_BYTES)), leave),
    w.when(w.or(w.less(wire, captured), w.more(wire, MOST_WIRE_BYTES)), leave),
    end.set(w.add(frame, captured)),
  ];

  const link = [
    ip.set(w.add(frame, 14)),
    type.set(w.wordAt(frame, 12)),
    w.when(w.equal(type, VLAN), type.set(w.wordAt(frame, 16)), ip.set(w.add(frame, 18))),
  ];
  // Packet.ipv4:  0 version, header words | 2 total length | 6 flags, fragment offset | 9 protocol | 12 addresses
  const ipv4 = [
    w.when(w.or(w.different(w.byteAt(ip), 0x45), w.and(w.wordAt(ip, 6), 0xff3f)), leave),
    protocol.set(w.byteAt(ip, 9)),
    transport.set(w.add(ip, 20)),
    ipBytes.set(twoAt(ip, 2)),
    sixteen.set(w.chosenBytes(w.sixteenAt(ip, 12), REVERSED)),
    [source0, source1, destination0, destination1, isWide].map((local) => local.set(0)),
    source2.set(0xffff),
    source3.set(w.fourOf(sixteen, 0)),
    destination2.set(0xffff),
    destination3.set(w.fourOf(sixteen, 1)),
  ];
  // Packet.ipv6:  0 version | 4 payload length | 6 next header | 8 source | 24 destination
  const ipv6 = [
    w.when(w.different(w.shiftRight(w.byteAt(ip), 4), 6), leave),
    protocol.set(w.byteAt(ip, 6)),
    transport.set(w.add(ip, 40)),
    ipBytes.set(w.add(twoAt(ip, 4), 40)),
    w.when(w.or(w.equal(ipBytes, 40), w.more(transport, end)), leave),
    sixteen.set(w.chosenBytes(w.sixteenAt(ip, 8), REVERSED)),
    otherSixteen.set(w.chosenBytes(w.sixteenAt(ip, 24), REVERSED)),
    sources.map((local, lane) => local.set(w.fourOf(sixteen, lane))),
    destinations.map((local, lane) => local.set(w.fourOf(otherSixteen, lane))),
    isWide.set(1),
    // Mapped addresses of IPv4 look as if they had come in IPv4.
    w.when(w.or(w.equal(source2, 0xffff), w.equal(destination2, 0xffff)), leave),
  ];
  const network = [
    w.whether(w.equal(type, IPV4), ipv4, [w.when(w.different(type, IPV6), leave), ipv6]),
    wireEnd.set(w.add(ip, ipBytes)),
    limit.set(end),
    w.when(w.less(wireEnd, limit), limit.set(wireEnd)),
  ];

  // Packet.tcp:  0 ports | 4 sequence | 8 acknowledgement | 12 header words | 13 flags
  const tcp = [
    w.when(w.more(w.add(transport, 20), limit), leave),
    payloadAt.set(w.add(transport, w.shiftLeft(w.shiftRight(w.byteAt(transport, 12), 4), 2))),
    w.when(w.or(w.less(payloadAt, w.add(transport, 20)), w.more(payloadAt, wireEnd)), leave),
    payloadBytes.set(w.subtract(wireEnd, payloadAt)),
    payloadEnd.set(limit),
    w.when(w.more(payloadAt, limit), payloadAt.set(limit)),
    flags.set(w.byteAt(transport, 13)),
    sixteen.set(w.chosenBytes(w.sixteenAt(transport), REVERSED)),
    ports.set(w.fourOf(sixteen, 0)),
    sequence.set(w.fourOf(sixteen, 1)),
    acknowledgement.set(w.fourOf(sixteen, 2)),
    hasRow.set(1),
  ];
  const destinationPort = w.and(ports, 0xffff);
  const sourcePort = w.shiftRight(ports, 16);
  const isTunnel = w.and(
    w.shiftRight(
      w.byteAt(w.add(w.shiftRight(destinationPort, 3), room + PORTS_AT)),
      w.and(destinationPort, 7),
    ),
    1,
  );
  // Packet.udp:  0 ports | 4 length
  const udp = [
    w.when(w.or(w.different(protocol, UDP), w.more(w.add(transport, 8), limit)), leave),
    ports.set(w.or(w.shiftLeft(twoAt(transport), 16), twoAt(transport, 2))),
    length.set(twoAt(transport, 4)),
    w.when(w.or(w.less(length, 8), isTunnel), leave),
    payloadAt.set(w.add(transport, 8)),
    payloadEnd.set(w.add(transport, length)),
    w.when(w.more(payloadEnd, wireEnd), payloadEnd.set(wireEnd)),
    payloadBytes.set(w.subtract(payloadEnd, payloadAt)),
    w.when(w.more(payloadEnd, limit), payloadEnd.set(limit)),
    [flags, sequence, acknowledgement].map((local) => local.set(0)),
    hasRow.set(w.or(w.equal(destinationPort, DNS), w.equal(sourcePort, DNS))),
    w.when(
      w.and(hasRow, w.different(wordIn(ASKS_FOR_NAMES), 0)),
      look([payloadAt, payloadEnd, hasRow], [...lows, ...highs, lowPorts, hash, slot, key, type, length]),
    ),
    // It may be an export of flows (udp.ts).
    w.when(
      w.and(w.equal(hasRow, 0), w.more(payloadEnd, payloadAt)),
      w.when(w.equal(w.byteAt(payloadAt), 0), leave),
    ),
  ];

  // sourceSortsHigher
  const comparisons = [
    [source3, destination3],
    [source2, destination2],
    [source1, destination1],
    [source0, destination0],
  ] as const;
  const order = comparisons.reduceRight<w.Code>(
    (otherwise, [source, destination]) =>
      w.whether(
        w.different(source, destination),
        [higher.set(w.moreSigned(source, destination))],
        [otherwise],
      ),
    higher.set(w.more(sourcePort, destinationPort)),
  );
  const ends = w.whether(
    higher.value,
    [
      lows.map((local, i) => local.set(destinations[i])),
      highs.map((local, i) => local.set(sources[i])),
      lowPorts.set(w.or(w.shiftLeft(ports, 16), sourcePort)),
    ],
    [
      lows.map((local, i) => local.set(sources[i])),
      highs.map((local, i) => local.set(destinations[i])),
      lowPorts.set(ports),
    ],
  );
  const mix = (shift: number, added: w.Value, factor: number): w.Code =>
    hash.set(w.multiply(w.add(w.exclusiveOr(hash, w.shiftRight(hash, shift)), added), factor | 0));
  const isOtherKey = [...lows, ...highs, lowPorts].reduce<w.Code>(
    (differences, local, i) => w.or(differences, w.exclusiveOr(w.fourAt(key, 4 * i), local)),
    [0x41, 0], // i32.const
  );
  // FlowIndex.find, of flows that are there.
  const find = [
    order,
    ends,
    hash.set(w.multiply(w.exclusiveOr(w.exclusiveOr(low3, lowPorts), wordIn(SEED)), 0x9e3779b1 | 0)),
    mix(15, high3, 0x85ebca77),
    mix(13, w.exclusiveOr(low0, high0), 0xc2b2ae3d),
    mix(
      16,
      w.add(w.exclusiveOr(low1, w.shiftLeft(high1, 7)), w.exclusiveOr(low2, w.shiftLeft(high2, 11))),
      0x27d4eb2f,
    ),
    hash.set(w.exclusiveOr(hash, w.shiftRight(hash, 15))),
    slot.set(hash),
    w.loopAsLongAs(
      [
        slot.set(w.and(slot, wordIn(MASK))),
        flow.set(w.fourAt(w.shiftLeft(slot, 2), flows.index.byteOffset)),
        w.when(w.equal(flow, 0), leave),
        flow.add(-1),
        isOther.set(w.exclusiveOr(w.fourAt(w.shiftLeft(flow, 2), flows.hashes.byteOffset), hash)),
        w.when(
          w.equal(isOther, 0),
          key.set(w.add(w.multiply(flow, 4 * KEY_WORDS), flows.keys.byteOffset)),
          isOther.set(isOtherKey),
        ),
        slot.add(1),
      ],
      isOther.value,
    ),
  ];

  const perSecond = w.widen(wordIn(PER_SECOND));
  const time =
    kind === 'pcap'
      ? w.addDouble(
          w.multiplyDouble(w.doubleOfFour(w.fourAt(at)), MILLION),
          w.divideDouble(w.doubleOfFour(w.fourAt(at, 4)), doubleIn(DIVISOR)),
        )
      : // InterfaceTable.stamp
        w.addDouble(
          w.multiplyDouble(w.doubleOf(seconds), MILLION),
          w.divideDouble(
            w.multiplyDouble(w.doubleOf(w.subtractWide(ticks, w.multiplyWide(seconds, perSecond))), MILLION),
            w.doubleOfFour(wordIn(PER_SECOND)),
          ),
        );
  const readTicks = [
    ticks.set(w.orWide(w.shiftWideLeft(w.widen(w.fourAt(at, 12)), 32n), w.widen(w.fourAt(at, 16)))),
    seconds.set(w.divideWide(ticks, perSecond)),
  ];
  const cutOff = addBytes(CUT_OFF_BYTES, w.subtract(wire, captured));
  // PcapReader and PacketCounts
  const count = [
    kind === 'pcap' ? [] : readTicks,
    setDouble(NOW, time),
    setDouble(FIRST, w.leastDouble(doubleIn(FIRST), doubleIn(NOW))),
    setDouble(LAST, w.mostDouble(doubleIn(LAST), doubleIn(NOW))),
    countIn(NUMBER),
    kind === 'pcap' ? [setWord(EARLIER_SECOND, wordIn(LAST_SECOND)), setWord(LAST_SECOND, w.fourAt(at))] : [],
    counts.set(
      w.and(
        w.moreOrEqualDouble(doubleIn(NOW), doubleIn(SINCE)),
        w.lessDouble(doubleIn(NOW), doubleIn(UNTIL)),
      ),
    ),
    w.when(
      counts.value,
      countIn(COUNTED),
      addBytes(BYTES),
      w.when(w.less(captured, wire), countIn(CUT), addBytes(CUT_BYTES), cutOff),
      setDouble(COUNTED_FIRST, w.leastDouble(doubleIn(COUNTED_FIRST), doubleIn(NOW))),
      setDouble(COUNTED_LAST, w.mostDouble(doubleIn(COUNTED_LAST), doubleIn(NOW))),
    ),
  ];

  const put = (place: number, value: w.Value): w.Code => w.storeFour(out, 4 * place, value);
  const bitIf = (condition: w.Local, bit: number): w.Code => w.multiply(condition, bit);
  // PacketWriter.record
  const row = [
    out.set(w.add(w.multiply(wordIn(ROWS), ROW_BYTES), wordIn(ROWS_AT))),
    bits.set(w.or(w.or(flags, w.shiftLeft(protocol, 8)), bitIf(counts, COUNTS))),
    opening.set(0),
    w.when(w.more(payloadEnd, payloadAt), opening.set(w.byteAt(payloadAt))),
    w.storeDouble(out, 0, doubleIn(NOW)),
    put(2, w.subtract(wordIn(NUMBER), wordIn(RECORDS_BEFORE))),
    put(3, w.or(w.or(bits, bitIf(higher, HIGHER)), bitIf(isWide, WIDE))),
    put(4, flow),
    put(5, ipBytes),
    put(6, w.subtract(payloadAt, wordIn(BLOCK_AT))),
    put(7, w.subtract(payloadEnd, wordIn(BLOCK_AT))),
    put(8, payloadBytes),
    put(9, ports),
    put(10, sequence),
    put(11, acknowledgement),
    put(12, source3),
    put(13, destination3),
    put(14, opening),
    countIn(ROWS),
    w.when(
      isWide.value,
      [source0, source1, source2, destination0, destination1, destination2].map((local, i) =>
        put(ROW_WORDS + i, local),
      ),
      countIn(ROWS),
    ),
  ];

  return [
    w.loopWhile(
      w.and(w.moreOrEqual(w.subtract(to, at), HEADER_BYTES), w.lessOrEqual(wordIn(ROWS), SLOT_ROWS - 2)),
      header,
      link,
      network,
      higher.set(0),
      flow.set(0),
      w.whether(w.equal(protocol, TCP), [tcp, find], [udp]),
      count,
      w.when(hasRow.value, row),
      at.set(next),
    ),
    leave,
  ];
}

function doubleConstant(value: number): w.Code {
  return [0x44, [...new Uint8Array(new Float64Array([value]).buffer)]]; // f64.const
}

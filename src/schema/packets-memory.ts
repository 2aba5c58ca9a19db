/** The memory of the kernel of captures, behind the few kilobytes of its own constants. Pages that nobody touches cost nothing. */
import { NAME_BITS } from './records-memory.ts';
import { memoryMap, struct } from './struct.ts';

/** Why a packet has no TCP or UDP header to show: packets read = decoded + the sum over all reasons, always. */
export const SKIP_REASONS = [
  'decoded',
  // No decoder for this LINKTYPE.
  'unknown link type',
  // ARP, LLDP, PPP control, encrypted 802.11 and whatever else carries no IP.
  'not IP',
  // The capture, or the packet around it, ends inside the headers below IP or inside those of a tunnel.
  'link header cut',
  // It ends inside the IP header or an extension header.
  'ip header cut',
  // Version, header length or total length of the IP header contradict each other.
  'bad ip header',
  // A fragment that waits for the rest of its datagram, or never gets it.
  'fragment',
  // ICMP, SCTP, ESP and every other protocol that is neither TCP nor UDP.
  'other transport',
  // The capture ends inside the fixed part of the TCP or UDP header.
  'transport header cut',
  // The TCP or UDP header contradicts itself or the IP length.
  'bad transport header',
  // More tags, labels, extension headers or tunnels than any network nests.
  'too many layers',
  // In a tunnel that is not read: encrypted (DTLS), or a frame in pieces.
  'sealed tunnel',
] as const;

/**
 * How a conversation was judged when it ended, up to 'unlike', or why it could not be (docs/reference/judged.md). The order counts:
 * ending.ts compares, and short ones from 'encrypted' to 'unlisted-name' are judged beside others.
 */
export const JUDGEMENTS = [
  // The driver leaves it to the kernel.
  'not-told',
  // Every message was framed to its end by a reader that knows the protocol.
  'read',
  // Text to its end, searched on both sides for words of mining: none.
  'searched',
  // The server is a pool's by its name or address.
  'listed',
  // The operator allows it.
  'allowed',
  // By its length, its bytes and the number of its messages it is no miner's.
  'unlike',
  'encrypted',
  // In clear or not, nobody knows the protocol.
  'unread',
  // Encrypted, to a server whose name is on no list.
  'unlisted-name',
  'undecided',
  'intermittent',
  'heavy',
  'sampled',
  'one-direction',
  // It began before or went on behind the capture, and what was seen of it is little.
  'cut',
  'limit',
  'tunnel',
  'no-packets',
  'no-times',
] as const;

/** What can be wrong with the bytes of a capture. */
export const CAPTURE_DAMAGE = [
  'empty', // no bytes at all
  'not-a-capture', // no magic number that a reader knows
  'truncated-header', // the input ends inside the file header
  'truncated-record', // the input ends inside a record or block
  'bad-record-length', // a captured length that the format, or the block around it, rules out
  'bad-wire-length', // more bytes on the wire than any packet has: the record counts with those that were captured
  'bad-block-length', // a pcapng block length that is not a multiple of 4, absurd, or unlike its copy at the end
  'bad-section', // a pcapng section header without a byte-order magic
  'unknown-interface', // a packet of an interface that the section never described
  'too-many-interfaces', // more interfaces in a section than a reader keeps
  'skipped-bytes', // the count is bytes: what lay between lost and regained footing
] as const;

/** The current packet: the numbers of its innermost TCP or UDP packet, and what the layers tell each other on the way. */
export const PACKET = struct('Packet', [
  ['source', 'address', 0, 'Address of the sender, in host order.'],
  ['destination', 'address', 0, 'Address of the receiver.'],
  ['protocol', 'u32', 0, 'TCP (6) or UDP (17).'],
  ['sourcePort', 'u32', 0, 'Port of the sender.'],
  ['destinationPort', 'u32', 0, 'Port of the receiver.'],
  ['flags', 'u32', 0, 'The TCP flags byte; 0 for UDP.'],
  ['sequence', 'i32', 0, 'TCP sequence number; 0 for UDP.'],
  ['acknowledgement', 'i32', 0, 'TCP acknowledgement number; 0 for UDP.'],
  // If the header says 0 (segmentation offload, jumbograms), the wire length less what stands before IP. Outside of tunnels
  // never more than that; what a tunnel carries may have been cut by the port that mirrors it.
  ['ipBytes', 'u32', 0, 'Of the innermost IP packet by its header; of a datagram the sum of its fragments.'],
  ['payloadStart', 'u32', 0, 'Where the captured payload lies: memory that the next block overwrites.'],
  ['payloadEnd', 'u32', 0, 'Where it ends.'],
  ['payloadBytes', 'u32', 0, 'Payload on the wire by the IP header; more than was captured if it was cut.'],
  ['tunnels', 'u32', 0, 'Tunnels crossed.'],
  ['shims', 'u32', 0, 'VLAN tags, MPLS labels and extension headers.'],
  ['limit', 'u32', 0, 'Captured bytes end here.'],
  ['wireEnd', 'u32', 0, 'On the wire, the current layer ends here, at `limit` or behind it.'],
  ['transportAt', 'u32', 0, 'Where the header of TCP lies.'],
  ['ipAt', 'u32', 0, 'Where the innermost IP header lies.'],
  ['ipVersion', 'u32', 0, 'Its version.'],
  ['through', 'u32', 0, 'The tunnel that it came through (kernel/packets/layers/through.ts); 0: none.'],
  ['ownBytes', 'u32', 0, 'IP bytes of the innermost IP packet, of a fragment alone.'],
  ['recordBytes', 'u32', 0, 'IP bytes of the outermost IP packet; 0: there is none.'],
  ['outers', 'u32', 0, 'IP packets around the innermost one (region `outers`).'],
]);

/** An IP packet that carries another one. */
const OUTER = struct('Outer', [
  ['source', 'address', 0, 'Address of the sender.'],
  ['destination', 'address', 0, 'Address of the receiver.'],
  ['protocol', 'u32', 0, 'Protocol number of IP.'],
  ['ports', 'u32', 0, 'Source << 16 | destination; 0 if it has none.'],
  ['bytes', 'u32', 0, 'IP bytes, of a datagram the sum of its fragments.'],
  ['own', 'u32', 0, 'IP bytes, of a fragment alone.'],
]);

/** The current captured record, as its file describes it. */
export const CAPTURE_RECORD = struct('CaptureRecord', [
  ['timeUs', 'f64', 0, 'us since 1970, UTC; nanosecond files give fractions (resolution 0.25 us).'],
  ['number', 'f64', 0, '1-based number within its input.'],
  ['dataAt', 'u32', 0, 'Where the captured bytes lie.'],
  ['captured', 'u32', 0, 'Bytes that the capture kept.'],
  ['wireBytes', 'u32', 0, 'Bytes that were on the wire, link header included.'],
  ['linkType', 'i32', 0, 'LINKTYPE_ value (tcpdump.org registry).'],
]);

/** Packets and bytes of the run. */
export const COUNTS = struct('Counts', [
  ['packets', 'f64', 0, 'All.'],
  ['bytes', 'f64', 0, 'IP bytes of all, and wire bytes of those that are no IP.'],
  ['apartBytes', 'f64', 0, 'Bytes of those that are of no conversation.'],
  ['shownBytes', 'f64', 0, 'Bytes of those that another input has shown.'],
  ['truncatedPackets', 'f64', 0, 'Those cut by the snap length.'],
  ['truncatedBytes', 'f64', 0, 'Their bytes.'],
  ['cutBytes', 'f64', 0, 'Bytes of decoded packets that were cut off.'],
  ['firstUs', 'f64', Number.NaN, 'Capture time of the packets counted, us; NaN before the first.'],
  ['lastUs', 'f64', Number.NaN, 'The latest.'],
]);

/** Damage of the current input, of one kind. */
export const DAMAGE = struct('DamageRow', [
  ['count', 'f64', 0, 'How often it came; of skipped bytes, these.'],
  ['firstAt', 'f64', 0, 'Byte offset in the decompressed input of the first.'],
  ['order', 'f64', 0, 'Place in the order of first appearance, from 1.'],
]);

/** Where the reader of the input stands, for both formats. */
export const INPUT = struct('Input', [
  ['packets', 'f64', 0, 'Records given on.'],
  ['firstUs', 'f64', Number.NaN, 'Earliest of their times, us; NaN while none had one.'],
  ['lastUs', 'f64', Number.NaN, 'The latest.'],
  ['previousUs', 'f64', Number.NaN, 'Time of the record before, us; NaN before the first.'],
  ['longestPauseUs', 'f64', 0, 'Longest time between two records that follow each other, us.'],
  ['streamAt', 'f64', 0, 'Offset in the stream of the next byte to come.'],
  ['origin', 'f64', 0, 'Stream offset less place in memory, for the current bytes.'],
  ['lostAt', 'f64', 0, 'Stream offset at which footing was lost.'],
  ['clockUs', 'f64', 0, 'pcapng: time of the last packet that had one; simple packet blocks borrow it.'],
  ['divisor', 'f64', 1, 'pcap: fractions of a microsecond in the second time field, 1 or 1000.'],
  ['firstSecond', 'f64', -1, 'pcap: seconds of the first record, -1 while there is none.'],
  ['lastSecond', 'f64', -1, 'pcap: seconds of the last record.'],
  ['earlierSecond', 'f64', -1, 'pcap: seconds of the record before the last.'],
  ['silenceUs', 'f64', 0, 'The last leap ahead that was taken for a silence, us.'],
  ['pausedAtUs', 'f64', 0, 'Time of the record before which it pauses, us.'],
  ['leaps', 'u32', 0, 'Leaps of the clock that were looked at.'],
  ['damageKinds', 'u32', 0, 'Kinds of damage that came.'],
  ['interfaces', 'u32', 0, 'pcapng: interfaces that the section has described.'],
  ['isAstray', 'bool', 0, 'The record has a time of its own: those around it are of one clock.'],
  ['needed', 'u32', 0, 'Bytes beyond those at hand without which the next record cannot be read, 1 or more.'],
  ['state', 'u32', 0, 'What the reader of the format is in the middle of.'],
  ['headerBytes', 'u32', 0, 'pcap: bytes of a record header.'],
  ['linkType', 'i32', 0, 'pcap: link type of all records.'],
  ['limit', 'u32', 0, 'Lengths up to this are believed.'],
  ['little', 'bool', 1, 'Least significant byte first.'],
  ['isPcap', 'bool', 0, 'It is pcap, not pcapng.'],
  ['isPaused', 'bool', 0, 'The next record is later than `control.pauseUs`.'],
]);

/** An interval of time in which records of the input were. Packets far from all others come from a wrong clock. */
export const TIME_INTERVAL = struct('TimeInterval', [
  ['firstUs', 'f64', 0, 'Earliest time, us.'],
  ['lastUs', 'f64', 0, 'Latest time, us.'],
  ['records', 'f64', 0, 'How many there are.'],
]);

/** What the driver tells the kernel, and what both count. */
export const CONTROL = struct('Control', [
  [
    'sinceUs',
    'f64',
    Number.NEGATIVE_INFINITY,
    'Packets before this time feed streams but count nowhere, us.',
  ],
  ['untilUs', 'f64', Number.POSITIVE_INFINITY, 'Packets from this time on do the same, us.'],
  ['pauseUs', 'f64', Number.POSITIVE_INFINITY, 'Before a record that is later the reader pauses, us.'],
  ['aheadUs', 'f64', 0, 'How far the clock of the input is ahead, us.'],
  ['latestUs', 'f64', Number.NaN, 'Latest time of any record, us; NaN before the first.'],
  ['clockSetUs', 'f64', 0, 'By how much the clock was set ahead since the run began, us (clock.ts).'],
  ['reorderLimit', 'f64', 0, 'Bytes of segments of one stream that may wait for others.'],
  ['waitingLimit', 'f64', 0, 'The same of all streams, with what each segment takes beside its bytes.'],
  ['handshakesLimit', 'f64', 0, 'Bytes of the clear part of TLS that may be kept.'],
  ['handshakeBytes', 'f64', 0, 'Bytes of the clear part of TLS that are kept.'],
  ['endUs', 'f64', Number.POSITIVE_INFINITY, 'When the run ended, us.'],
  ['openUs', 'f64', 0, 'A flow that said nothing for longer before the end of the run is over, us.'],
  ['crowdedBytes', 'f64', 0, 'Bytes of the flows of candidates that were crowded out.'],
  ['passedBytes', 'f64', 0, 'Payload of segments of flows that have had their looks.'],
  ['encryptedBytes', 'f64', 0, 'Bytes of flows that were encrypted from the start.'],
  ['encryptedPackets', 'f64', 0, 'Packets of these flows.'],
  ['oneSidedBytes', 'f64', 0, 'Bytes of flows seen in one direction only.'],
  ['oneSidedPackets', 'f64', 0, 'Packets of these flows.'],
  [
    'isCopy',
    'u32',
    0,
    'Packets of the input may have been read from another one: 1 of another probe, 2 of the same; else 0.',
  ],
  ['isTwice', 'u32', 0, '1 if the input holds its packets twice.'],
  ['looksAhead', 'u32', 0, '1 while records are decoded before their turn: no state changes.'],
  ['handshakes', 'u32', 0, 'Flows of which the clear part of TLS is kept.'],
  ['lostHandshakes', 'u32', 0, 'Flows of which it could not be kept.'],
  ['flowLimit', 'u32', 0, 'Flows that may live at once.'],
  ['undecidedLimit', 'u32', 0, 'Candidates that may be undecided at once.'],
  ['undecided', 'u32', 0, 'Candidates that are undecided.'],
  ['watchLimit', 'u32', 0, 'Flows that may be watched at once.'],
  ['leastMessages', 'u32', 0, 'Watched flows are told of in which both sides have said so many messages.'],
  ['eachRecord', 'u32', 0, '1 if each record goes to the driver and there are no flows.'],
  ['anyAddress', 'u32', 0, '1 if any server may be of interest: the operator lists addresses.'],
  ['polls', 'u32', 0, 'Paths that miners poll.'],
  ['firstWordEnd', 'u32', 0, 'From this place on a word of mining ends; at the last place text does.'],
  ['hostBits', 'u32', 0, 'Bits of `hostBits` that are set.'],
  ['leftBits', 'u32', 0, 'Bits of `leftBits` that are set.'],
  ['tellsLeft', 'u32', 0, '1 if the driver is told of each conversation that could not be judged.'],
  ['input', 'u32', 0, 'Ordinal of the input.'],
  ['evictedFlows', 'u32', 0, 'Flows that ended early because the table was full.'],
  ['crowdedOut', 'u32', 0, 'Candidates that were dismissed because too many were undecided.'],
  ['passedPackets', 'u32', 0, 'Segments of flows that have had their looks.'],
  ['forgottenTunnels', 'u32', 0, 'Tunnels that were forgotten because the table was full.'],
  ['unwatchedFlows', 'u32', 0, 'Flows that were not watched because too many were.'],
  ['atStart', 'u32', 0, 'Flows without a payload that were open when the run began.'],
  ['atEnd', 'u32', 0, 'Flows without a payload that were open when the run ended.'],
]);

/** What became of fragments, and which datagrams are in flight. */
export const FRAGMENTS = struct('Fragments', [
  ['seen', 'f64', 0, 'Fragments.'],
  ['reassembled', 'f64', 0, 'Datagrams made whole.'],
  ['recoveredPackets', 'f64', 0, 'Fragments of whole datagrams, without the one that came last.'],
  ['recoveredBytes', 'f64', 0, 'IP bytes of these fragments.'],
  ['incomplete', 'f64', 0, 'Datagrams given up: too old, too many, too large, or the input ended.'],
  ['repeated', 'f64', 0, 'Fragments that repeat one already held.'],
  ['overlapping', 'f64', 0, 'Fragments that overlap others in another way (teardrop).'],
  ['malformed', 'f64', 0, 'Fragments that contradict the format or their own datagram.'],
  ['inFlight', 'f64', 0, 'Datagrams of which fragments are missing.'],
  ['held', 'f64', 0, 'Bytes that these take.'],
  ['oldest', 'u32', 0, 'Where the oldest of these datagrams lies; 0: there is none.'],
  ['newest', 'u32', 0, 'Where the newest lies.'],
]);

/** An interface of a pcapng section. */
export const INTERFACE = struct('Interface', [
  ['ticksPerSecond', 'f64', 1e6, 'Ticks a second of its clock.'],
  ['offsetUs', 'f64', 0, 'What is added to its times, us.'],
  ['linkType', 'i32', -1, 'LINKTYPE_ value; -1 if its block was too short to say.'],
  ['snapLength', 'u32', 0, 'In bytes; 0 is no limit.'],
]);

/** A tunnel that packets came through, by number from 1 on. */
export const TUNNEL = struct('Tunnel', [
  ['source', 'address', 0, 'Outer source address.'],
  ['destination', 'address', 0, 'Outer destination address.'],
  ['around', 'u32', 0, 'The tunnel that it came through itself; 0: none.'],
  ['beside', 'u32', 0, 'Another that packets of the same side of a flow came through; 0: none.'],
  [
    'single',
    'u32',
    0,
    'The number of this tunnel without others beside it; 0: unused, and `around` is the next unused one.',
  ],
  ['isUsed', 'u32', 0, '1 if something referred to it when room was looked for last.'],
]);

/** A flow that is watched: its messages, of which the ring has the last, and what they were told from. Two sides follow. */
export const WATCH = struct('Watch', [
  ['firstUs', 'f64', 0, 'Time of the first message, us.'],
  ['lastUs', 'f64', 0, 'Time of the last message, us.'],
  ['minute', 'f64', 0, 'Minute of the last message, since 1970.'],
  ['record', 'f64', 0, 'Where the watch began: 1-based record within the input.'],
  ['segments', 'f64', 0, 'Segments of the flow.'],
  ['tlsSegments', 'f64', 0, 'Segments that hold TLS records.'],
  ['randomSegments', 'f64', 0, 'Segments of bytes that look random.'],
  ['hiddenSegments', 'f64', 0, 'Segments of which only headers were captured.'],
  ['input', 'u32', 0, 'Ordinal of the input in which it began.'],
  ['count', 'u32', 0, 'Messages of both directions.'],
  ['messages1', 'u32', 0, 'Messages of direction 1.'],
  ['activeMinutes', 'u32', 0, 'Minutes in which something was said.'],
  ['stream', 'u32', 0, 'What puts its segments in order; 0 while they come in order.'],
  ['isDull', 'bool', 0, 'It carries too much, or nothing that shares could be; never if it is wanted.'],
  ['isWanted', 'bool', 0, 'It is watched whatever it carries.'],
  ['isOpen', 'bool', 0, 'The last message was bytes without records, which may go on.'],
  ['isFromStart', 'bool', 0, 'Watched as soon as it was encrypted: what comes first opens the session.'],
]);

/** How far a side of a watched flow has come. */
export const SIDE = struct('Side', [
  ['next', 'i32', 0, 'Sequence number of the next byte, if it is known.'],
  ['left', 'u32', 0, 'Bytes left of a TLS record.'],
  ['length', 'u32', 0, 'Length of the TLS record, as far as the bytes of its header were seen.'],
  ['isKnown', 'bool', 0, 'Whether `next` is known.'],
  ['headerBytes', 'u8', 0, 'Bytes of the header that were seen.'],
  ['type', 'u8', 0, 'First byte of the header: the type of the record.'],
  ['unused', 'u8', 0, 'Nothing.'],
]);

/** A conversation of the run: a connection of TCP, datagrams between two ports, or packets of another protocol between two hosts. */
export const FLOW = struct('FlowRow', [
  ['low', 'address', 0, 'The end that sorts lower.'],
  ['high', 'address', 0, 'The other.'],
  ['ports', 'u32', 0, 'Low << 16 | high; 0 if the protocol has none.'],
  ['protocol', 'u8', 0, 'Protocol number of IP.'],
  ['state', 'u8', 0, 'State of the flow (kernel/packets/flow-state.ts).'],
  ['failedLooks', 'u8', 0, 'Times that the flow was a candidate and turned out to be none.'],
  ['flipped', 'u8', 0, '1 if direction 0 is the end that sorts higher.'],
  ['seen', 'u32', 0, 'What was seen, in bits of kernel/packets/flow-state.ts.'],
  ['alive', 'bool', 0, 'It is in use.'],
  ['words0', 'u8', 0, 'Kinds of words of mining in the text of direction 0 (kernel/packets/text.ts).'],
  ['words1', 'u8', 0, 'The same of direction 1.'],
  ['text0', 'u16', 0, 'How far a word has come in the text of direction 0; NO_TEXT if it is none.'],
  ['text1', 'u16', 0, 'The same of direction 1.'],
  ['wordCount0', 'u16', 0, 'Words of mining in the text of direction 0.'],
  ['wordCount1', 'u16', 0, 'The same of direction 1.'],
  ['prose0', 'u16', 0, 'How far the text of direction 0 is one of words, an i16 (kernel/packets/text.ts).'],
  ['prose1', 'u16', 0, 'The same of direction 1.'],
  ['slot', 'u16', 0, 'Slot of the watch over the flow, plus one; 0 if there is none.'],
  ['stream', 'u32', 0, "What puts a candidate's segments in order (kernel/packets/streams.ts)."],
  ['isn0', 'i32', 0, 'Sequence number of the SYN of direction 0; of ICMP a hash of the first echo.'],
  ['isn1', 'i32', 0, 'Sequence number of the SYN of direction 1.'],
  ['pushes0', 'u32', 0, 'Packets with payload of direction 0.'],
  ['pushes1', 'u32', 0, 'Packets with payload of direction 1.'],
  ['late', 'u32', 0, 'Packets with payload of both directions, later than LATE_US behind the first packet.'],
  [
    'reads',
    'u32',
    0,
    'Packets with payload that were read to their end: datagrams, and plain requests of a web client.',
  ],
  ['asked', 'u32', 0, 'Hash of what a web client asks for; 0 before its first request, 1 once two differ.'],
  ['bytes0', 'f64', 0, 'IP bytes of direction 0.'],
  ['bytes1', 'f64', 0, 'IP bytes of direction 1.'],
  ['packets0', 'u32', 0, 'Packets of direction 0.'],
  ['packets1', 'u32', 0, 'Packets of direction 1.'],
  ['firstUs', 'f64', 0, 'First packet, us.'],
  ['lastUs', 'f64', 0, 'Last packet, us.'],
  [
    'hardware0',
    'f64',
    0,
    'Hardware address of the sender of direction 0 (kernel/packets/layers/hardware.ts); 0: not known.',
  ],
  ['hardware1', 'f64', 0, 'The same of direction 1.'],
]);

/** A SYN of a flow that waits for its answer (kernel/packets/syn.ts). */
export const CLAIM = struct('Claim', [
  ['timeUs', 'f64', 0, 'When it came, us.'],
  ['isn', 'i32', 0, 'Its sequence number.'],
  ['bytes', 'u16', 0, 'IP bytes.'],
  ['packets', 'u16', 0, 'It may have come several times.'],
]);

/** What finds JSON objects in the bytes of a direction (kernel/packets/payload/objects.ts). */
export const SCANNER = struct('Scanner', [
  ['prefix', 'address', 0, 'What may stand before an object: PREFIX_LIMIT bytes.'],
  ['timeUs', 'f64', 0, 'Time of the packet of the last bytes, us.'],
  ['record', 'f64', 0, 'Number of that packet in the input.'],
  ['passedBytes', 'f64', 0, 'Bytes of objects that were passed over.'],
  ['input', 'u32', 0, 'Ordinal of the input of that packet.'],
  ['prefixLength', 'u32', 0, 'Bytes of the prefix.'],
  ['mode', 'u32', 0, 'Whether the next byte is in an object, between two, or in something else.'],
  ['depth', 'u32', 0, 'Braces and brackets that are open.'],
  ['braces', 'u32', 0, 'Which of these are braces: a bit a level, the outermost lowest.'],
  ['limit', 'u32', 0, 'Longest object, bytes.'],
  ['junk', 'u32', 0, 'Bytes of something else since the last object.'],
  ['wireBytes', 'u32', 0, 'All bytes since the last object.'],
  ['held', 'u32', 0, 'Block of memory with the beginning of an object that goes on in the next piece.'],
  ['heldRoom', 'u32', 0, 'Bytes of that block.'],
  ['heldLength', 'u32', 0, 'Bytes of that block that are in use.'],
  ['badJson', 'u32', 0, 'Balanced objects that were no JSON, or broke off at a byte that JSON forbids.'],
  ['oversize', 'u32', 0, 'Objects longer than the limit.'],
  ['junkLines', 'u32', 0, 'Lines of something else.'],
  ['cut', 'u32', 0, 'Objects whose end was not captured.'],
  ['errorLines', 'u32', 0, 'Lines of something else that are an error in plain text.'],
  ['relayLines', 'u32', 0, 'Lines of something else that stand before what a server passes on.'],
  ['inBatch', 'bool', 0, 'In a list of objects.'],
  ['inString', 'bool', 0, 'In a string.'],
  ['escaped', 'bool', 0, 'Behind a backslash in it.'],
  ['braceWaits', 'bool', 0, 'A brace stands behind the prefix, and the piece ended there.'],
  ['isOver', 'bool', 0, 'The rest of an object that was too long is being passed over.'],
  ['takesAgent', 'bool', 0, 'Binary messages of BTCAgent may come.'],
  ['isOfDirection', 'bool', 0, 'In the bytes of a direction, not in the body of a message.'],
]);

const KILOBYTE = 1024;
/** The kernel's own constants lie before all else: texts that it compares with. */
const CONSTANTS_BYTES = 16 * KILOBYTE;
const MEGABYTE = 1024 * 1024;
export const MOST_FLOWS = 1 << 20;
export const MOST_TUNNELS = 1 << 15;
export const MOST_WATCHED = 8192;
/** Letters of all words of mining, and the place before them. */
export const MOST_WORD_PLACES = 512;
/** Bytes that no word tells apart are of one class. */
export const WORD_CLASSES = 64;
/** The end of a server's name that is kept. */
export const NAME_BYTES = 64;
/** Bytes of the input that are read at once. */
export const BLOCK_BYTES = MEGABYTE;
/** Bytes of a watched flow with its sides. */
export const WATCH_BYTES = WATCH.bytes + 2 * SIDE.bytes;
/** The heap lies behind all that a run needs: behind the flows, or, where there are none, behind the input. */
export const HEAP_BYTES = 512 * MEGABYTE;
export const SMALL_HEAP_BYTES = 64 * MEGABYTE;

/** Numbers that the kernel knows as well. */
export const PACKETS_NUMBERS = {
  /** Tunnels that one packet may cross. */
  TUNNEL_LIMIT: 8,
  /** Tags, labels and extension headers that one packet may have in all. */
  SHIM_LIMIT: 16,
  MOST_RECORD_BYTES: 64 * MEGABYTE,
  /** Limits of datagrams in flight. 65,535 bytes take 119 fragments at the 576 bytes that every IPv4 host accepts. */
  MOST_DATAGRAMS: 1024,
  MOST_FRAGMENT_BYTES: 16 * MEGABYTE,
  MOST_FRAGMENTS: 256,
  FRAGMENT_WAIT_US: 30_000_000,
  /** Messages of a watched flow. */
  RING: 256,
  NAME_BYTES,
  WORD_CLASSES,
  /** A miner goes on to speak behind the first so many us. */
  LATE_US: 30_000_000,
} as const;
const { RING, MOST_RECORD_BYTES } = PACKETS_NUMBERS;

export const PACKETS_MEMORY = memoryMap(CONSTANTS_BYTES, {
  packet: PACKET,
  record: CAPTURE_RECORD,
  counts: COUNTS,
  /** By skip reason: packets, bytes; and connections with their bytes, in pairs, by how they were judged. */
  reasonPackets: SKIP_REASONS.length * 8,
  reasonBytes: SKIP_REASONS.length * 8,
  judged: JUDGEMENTS.length * 16,
  damage: [DAMAGE, CAPTURE_DAMAGE.length],
  input: INPUT,
  control: CONTROL,
  /** Hashes of the paths that miners poll. */
  polls: [4, 64],
  /** Starts of the labels of the current DNS name. */
  labels: [4, 128],
  /** Free blocks of the heap, a list for each size. */
  heapLists: 128,
  /** What all streams share (kernel/packets/streams.ts). */
  streams: 64,
  fragments: FRAGMENTS,
  /** Keys of the hashes of ends, of flows and of tunnels, which the driver draws. */
  key: 16,
  tunnelKey: 16,
  /** In the order in which they came. */
  intervals: [TIME_INTERVAL, 8],
  /** Bits for the hash of each name that concerns somebody (kernel/names.ts), and for that of each of their addresses. */
  nameBits: NAME_BITS / 8,
  addressBits: (1 << 16) / 8,
  interfaces: [INTERFACE, 65_536],
  /** What the driver puts in: a frame, a hello, a name. */
  scratch: 128 * KILOBYTE,
  /** The datagram that was made of fragments last. */
  datagram: 65 * KILOBYTE,
  /** First segments of flows that are held (kernel/packets/held.ts), and the current packet while they are observed. */
  held: [8 * KILOBYTE, 256],
  aside: 256,
  outers: [OUTER, 8],
  /** Classes of bytes; for each place in a word of mining and each class the next place; by place, the kind of a word that ends. */
  wordClasses: 256,
  wordSteps: MOST_WORD_PLACES * WORD_CLASSES * 2,
  wordKinds: MOST_WORD_PLACES,
  tunnels: [TUNNEL, MOST_TUNNELS],
  /** An index to tunnels, two halfwords for each. */
  tunnelIndex: MOST_TUNNELS * 4,
  /** Bytes of the input. A record of the largest size fits whole behind what is left of a block. */
  block: MOST_RECORD_BYTES + 2 * BLOCK_BYTES,
  watches: [WATCH_BYTES, MOST_WATCHED],
  ringTimes: MOST_WATCHED * RING * 8,
  ringSizes: MOST_WATCHED * RING * 2,
  /** Slots of watches that are free again. */
  freeWatches: MOST_WATCHED * 4,
  /** Questions to name servers, as many as resolvers under load have open at once, some thousands, and more. */
  questions: [16, 1 << 16],
  /** The index of flows: two words for each. */
  index: MOST_FLOWS * 2 * 4,
  flows: [FLOW, MOST_FLOWS],
  /** By flow: the SYN that waits. */
  claims: [CLAIM, MOST_FLOWS],
  /** Numbers of flows that are free again. */
  free: MOST_FLOWS * 4,
  /** By flow: what the two sides of TLS said in clear (kernel/packets/handshake.ts). */
  handshakes: MOST_FLOWS * 4,
  /** By flow: what each side came through, a halfword each. */
  through: MOST_FLOWS * 4,
  /** Ports from which hosts begin conversations (kernel/packets/peers.ts), by hash. */
  callers: [8, 1 << 16],
  /** A bit for the hash of each address that has opened a conversation. */
  hostBits: MEGABYTE,
  /** The same of conversations that could not be judged. */
  leftBits: MEGABYTE,
  /** By flow: the name that its client gave the server in clear, or the end of it, and its length in the last byte. */
  flowNames: MOST_FLOWS * NAME_BYTES,
  /** By flow: 1 if the current input, of a second probe, shows more of it than others have. */
  goesOn: MOST_FLOWS,
  /** By flow: how far its directions have sent and acknowledged, in an input that holds its packets twice. */
  sent: MOST_FLOWS * 16,
  /** By flow: whether it speaks a protocol that carries texts of others (kernel/packets/payload/service.ts). */
  services: MOST_FLOWS,
  heap: 0,
});

/** Where each region begins. */
export const { at: AT } = PACKETS_MEMORY;

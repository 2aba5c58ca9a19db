/**
 * Elements of NetFlow v9 and IPFIX that say something of a flow: numbers and names of IANA's registry, how each is read, and
 * where it goes. A new one is a line here.
 */
import { struct } from './struct.ts';

/** What one record says, before it is known what its parts mean together. 0 if it does not say, unless told otherwise. */
export const RECORD = struct('DataRecord', [
  ['bytes', 'f64', 0, 'Since the report before.'],
  ['packets', 'f64', 0, 'Since the report before.'],
  ['totalBytes', 'f64', 0, 'Since the flow began.'],
  ['totalPackets', 'f64', 0, 'Since the flow began.'],
  ['reverseBytes', 'f64', 0, 'Of the other direction.'],
  ['reversePackets', 'f64', 0, 'Of the other direction.'],
  ['reverseTotalBytes', 'f64', 0, 'Of the other direction.'],
  ['reverseTotalPackets', 'f64', 0, 'Of the other direction.'],
  ['outBytes', 'f64', 0, 'Of what goes out, if what comes in is counted as well.'],
  ['outPackets', 'f64', 0, 'Of what goes out, if what comes in is counted as well.'],
  ['protocol', 'f64', 0, 'Of IP.'],
  ['tcpFlags', 'f64', -1, '-1 if the record does not say.'],
  ['reverseTcpFlags', 'f64', -1, '-1 if the record does not say.'],
  ['sourcePort', 'f64', 0, 'Of the sender.'],
  ['destinationPort', 'f64', 0, 'Of the receiver.'],
  ['source4At', 'f64', 0, 'Where the IPv4 address of the sender lies.'],
  ['destination4At', 'f64', 0, 'Where that of the receiver lies.'],
  ['source6At', 'f64', 0, 'Where the IPv6 address of the sender lies.'],
  ['destination6At', 'f64', 0, 'Where that of the receiver lies.'],
  ['ipVersion', 'f64', 0, '4 or 6.'],
  ['startUs', 'f64', Number.NaN, 'us since 1970; NaN if the record does not say.'],
  ['endUs', 'f64', Number.NaN, 'us since 1970; NaN if the record does not say.'],
  ['observedUs', 'f64', Number.NaN, 'Time of an event, for records that have no other; us since 1970.'],
  ['startUptime', 'f64', -1, 'ms since the boot of the exporter; -1 if the record does not say.'],
  ['endUptime', 'f64', -1, 'ms since the boot of the exporter; -1 if the record does not say.'],
  ['startDelta', 'f64', -1, 'us before the export; -1 if the record does not say.'],
  ['endDelta', 'f64', -1, 'us before the export; -1 if the record does not say.'],
  ['durationUs', 'f64', -1, '-1 if the record does not say.'],
  ['bootMs', 'f64', 0, 'Boot of the exporter, ms since 1970.'],
  ['direction', 'f64', -1, '1 if it was seen where it goes out.'],
  ['forwarding', 'f64', 0, 'The two highest bits of forwardingStatus: 2 is dropped (RFC 7270).'],
  ['biflowDirection', 'f64', 0, 'Which end opened it (RFC 5103).'],
  ['firewallEvent', 'f64', 0, '3 is denied.'],
  ['samplerId', 'f64', -1, '-1 if the record names none.'],
  ['ingress', 'f64', -1, 'Interface by which it came in.'],
  ['samplingInterval', 'f64', 0, 'One packet in so many.'],
  ['packetInterval', 'f64', 0, 'Packets taken one after another (RFC 5477).'],
  ['packetSpace', 'f64', -1, 'Packets left out between; -1 if the record does not say.'],
  ['samplingSize', 'f64', 0, 'Packets taken at random,'],
  ['samplingPopulation', 'f64', 0, 'of so many.'],
  ['samplingProbability', 'f64', 0, 'Of each packet.'],
  ['frameAt', 'f64', 0, 'Where the first bytes of a sampled frame lie.'],
  ['packetAt', 'f64', 0, 'Where the first bytes of a sampled IP packet lie.'],
  ['sectionBytes', 'f64', 0, 'How many there are.'],
  ['frameSize', 'f64', 0, 'Bytes of the frame on the wire.'],
  ['frameType', 'f64', 0, 'dataLinkFrameType: 1 is Ethernet.'],
  ['outerTag', 'f64', 0, 'VLAN id of the outer tag.'],
  ['innerTag', 'f64', 0, 'VLAN id of the inner tag.'],
]);

export type RecordField = keyof typeof RECORD.at;

/** How an element is read, by number in the kernel, and the lengths that it may have; any up to 8 if none are named. */
export const READINGS = {
  skip: null,
  number: null,
  milliseconds: null,
  seconds: null,
  uptime: null,
  /** The number, unless it is 0. */
  nonzero: null,
  /** A port: the lower 16 bits. */
  port: null,
  /** The last byte: flags stand in one, or below the length of the header in two. */
  'last-byte': null,
  /** The two highest bits of the last byte. */
  'top-bits': null,
  address4: [4],
  address6: [16],
  'ntp-micro': [8],
  'ntp-nano': [8],
  real: [4, 8],
  /** First bytes of a packet, of any length. */
  section: [],
} as const satisfies Readonly<Record<string, readonly number[] | null>>;

export type Reading = keyof typeof READINGS;

/**
 * In which templates an element means this, if not in all: those of OUT counters beside IN counters, those that count frames
 * alone, or under the enterprise number of the other direction (RFC 5103).
 */
export type When = 'out' | 'frames' | 'reverse' | 'reverse-frames';

/** `unless`: elements of the template that say it better. */
type Element = readonly [
  number: number,
  name: string,
  reading: Reading,
  field: RecordField,
  more?: { readonly when?: When; readonly unless?: readonly number[] },
];

/** What NetFlow v9 calls an interface as the scope of options: it numbers scopes apart from fields. */
export const V9_SCOPE_INTERFACE = -2;

export const ELEMENTS: readonly Element[] = [
  [V9_SCOPE_INTERFACE, 'interface', 'number', 'ingress'],
  [1, 'octetDeltaCount', 'number', 'bytes'],
  [1, 'octetDeltaCount', 'number', 'reverseBytes', { when: 'reverse' }],
  [2, 'packetDeltaCount', 'number', 'packets'],
  [2, 'packetDeltaCount', 'number', 'reversePackets', { when: 'reverse' }],
  [4, 'protocolIdentifier', 'last-byte', 'protocol'],
  [6, 'tcpControlBits', 'last-byte', 'tcpFlags'],
  [6, 'tcpControlBits', 'last-byte', 'reverseTcpFlags', { when: 'reverse' }],
  [7, 'sourceTransportPort', 'port', 'sourcePort'],
  [8, 'sourceIPv4Address', 'address4', 'source4At'],
  [10, 'ingressInterface', 'number', 'ingress'],
  [11, 'destinationTransportPort', 'port', 'destinationPort'],
  [12, 'destinationIPv4Address', 'address4', 'destination4At'],
  [21, 'flowEndSysUpTime', 'uptime', 'endUptime'],
  [22, 'flowStartSysUpTime', 'uptime', 'startUptime'],
  // What leaves the router, after drops and rewriting: only if there is no better counter.
  [23, 'postOctetDeltaCount', 'number', 'bytes', { unless: [1, 85, 231] }],
  [23, 'postOctetDeltaCount', 'number', 'outBytes', { when: 'out' }],
  [24, 'postPacketDeltaCount', 'number', 'packets', { unless: [2, 86, 298] }],
  [24, 'postPacketDeltaCount', 'number', 'outPackets', { when: 'out' }],
  [27, 'sourceIPv6Address', 'address6', 'source6At'],
  [28, 'destinationIPv6Address', 'address6', 'destination6At'],
  // If both are there, the one that is set counts.
  [34, 'samplingInterval', 'nonzero', 'samplingInterval'],
  [48, 'samplerId', 'number', 'samplerId'],
  [50, 'samplerRandomInterval', 'nonzero', 'samplingInterval'],
  [58, 'vlanId', 'nonzero', 'outerTag', { when: 'frames' }],
  [60, 'ipVersion', 'number', 'ipVersion'],
  [61, 'flowDirection', 'number', 'direction'],
  // Totals beside increments say nothing new.
  [85, 'octetTotalCount', 'number', 'totalBytes', { unless: [1] }],
  [85, 'octetTotalCount', 'number', 'reverseTotalBytes', { when: 'reverse', unless: [1, 2] }],
  [86, 'packetTotalCount', 'number', 'totalPackets', { unless: [2] }],
  [86, 'packetTotalCount', 'number', 'reverseTotalPackets', { when: 'reverse', unless: [1, 2] }],
  [89, 'forwardingStatus', 'top-bits', 'forwarding'],
  [103, 'layer2packetSectionSize', 'number', 'frameSize'],
  [104, 'layer2packetSectionData', 'section', 'frameAt'],
  [150, 'flowStartSeconds', 'seconds', 'startUs'],
  [151, 'flowEndSeconds', 'seconds', 'endUs'],
  [152, 'flowStartMilliseconds', 'milliseconds', 'startUs'],
  [153, 'flowEndMilliseconds', 'milliseconds', 'endUs'],
  [154, 'flowStartMicroseconds', 'ntp-micro', 'startUs'],
  [155, 'flowEndMicroseconds', 'ntp-micro', 'endUs'],
  [156, 'flowStartNanoseconds', 'ntp-nano', 'startUs'],
  [157, 'flowEndNanoseconds', 'ntp-nano', 'endUs'],
  [158, 'flowStartDeltaMicroseconds', 'number', 'startDelta'],
  [159, 'flowEndDeltaMicroseconds', 'number', 'endDelta'],
  [160, 'systemInitTimeMilliseconds', 'number', 'bootMs'],
  [161, 'flowDurationMilliseconds', 'milliseconds', 'durationUs'],
  [162, 'flowDurationMicroseconds', 'number', 'durationUs'],
  [180, 'udpSourcePort', 'port', 'sourcePort'],
  [181, 'udpDestinationPort', 'port', 'destinationPort'],
  [182, 'tcpSourcePort', 'port', 'sourcePort'],
  [183, 'tcpDestinationPort', 'port', 'destinationPort'],
  [231, 'initiatorOctets', 'number', 'bytes', { unless: [1, 85] }],
  [232, 'responderOctets', 'number', 'reverseBytes'],
  [233, 'firewallEvent', 'number', 'firewallEvent'],
  [239, 'biflowDirection', 'number', 'biflowDirection'],
  [243, 'dot1qVlanId', 'nonzero', 'outerTag', { when: 'frames' }],
  [245, 'dot1qCustomerVlanId', 'nonzero', 'innerTag', { when: 'frames' }],
  [298, 'initiatorPackets', 'number', 'packets', { unless: [2, 86] }],
  [299, 'responderPackets', 'number', 'reversePackets'],
  [302, 'selectorId', 'number', 'samplerId'],
  [305, 'samplingPacketInterval', 'number', 'packetInterval'],
  [306, 'samplingPacketSpace', 'number', 'packetSpace'],
  [309, 'samplingSize', 'number', 'samplingSize'],
  [310, 'samplingPopulation', 'number', 'samplingPopulation'],
  [311, 'samplingProbability', 'real', 'samplingProbability'],
  [312, 'dataLinkFrameSize', 'number', 'frameSize'],
  [313, 'ipHeaderPacketSection', 'section', 'packetAt'],
  [315, 'dataLinkFrameSection', 'section', 'frameAt'],
  [322, 'observationTimeSeconds', 'seconds', 'observedUs'],
  [323, 'observationTimeMilliseconds', 'milliseconds', 'observedUs'],
  [324, 'observationTimeMicroseconds', 'ntp-micro', 'observedUs'],
  [325, 'observationTimeNanoseconds', 'ntp-nano', 'observedUs'],
  // Octets with the link header (RFC 7133).
  [352, 'layer2OctetDeltaCount', 'number', 'bytes', { when: 'frames' }],
  [352, 'layer2OctetDeltaCount', 'number', 'reverseBytes', { when: 'reverse-frames' }],
  [353, 'layer2OctetTotalCount', 'number', 'totalBytes', { when: 'frames', unless: [352] }],
  [353, 'layer2OctetTotalCount', 'number', 'reverseTotalBytes', { when: 'reverse-frames', unless: [352] }],
  [408, 'dataLinkFrameType', 'number', 'frameType'],
  // Of the Cisco ASA, before firewallEvent had a number.
  [40005, 'NF_F_FW_EVENT', 'number', 'firewallEvent', { unless: [233] }],
];

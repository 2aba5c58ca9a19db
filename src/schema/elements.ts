/** Elements of NetFlow v9 and IPFIX that say something of a flow: how each is read, and where it goes. */
import elementsText from '../../data/elements.tsv?raw';
import { struct } from './struct.ts';
import { number, oneOf, optional, table, text, words } from './table.ts';

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

/** What NetFlow v9 calls an interface as the scope of options: it numbers scopes apart from fields. */
export const V9_SCOPE_INTERFACE = -2;

/** By what they mean in which templates: a new one is a line in data/elements.tsv. */
export const elements = table('elements.tsv', elementsText, {
  number: number(V9_SCOPE_INTERFACE, 65535),
  name: text,
  reading: oneOf(...(Object.keys(READINGS) as Reading[])),
  field: oneOf(...(Object.keys(RECORD.at) as RecordField[])),
  when: optional(oneOf('out', 'frames', 'reverse', 'reverse-frames')),
  unless: (cell) => words(cell).map(number(1, 65535)),
});
export type Element = ReturnType<typeof elements>[number];

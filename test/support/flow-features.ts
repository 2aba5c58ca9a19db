/**
 * Features of a connection, and what a format must have for each: the tables of docs/reference/formats.md are made of this
 * list. If a format lacks something that a feature needs, there is no judgement (src/flows/flow-behaviour.ts), never a
 * bolder one.
 */
import type { FlowFormat } from '../../src/readers/flow-format.ts';

/** `partial`: only if the source sends it, or coarsely. */
type Allowed = 'yes' | 'partial' | 'no';

interface FlowFeature {
  /** Capital: of the table; small if the feature is partial. */
  readonly letter: string;
  /** What it tells. */
  readonly title: string;
  readonly allowedBy: (format: FlowFormat) => Allowed;
}

const has = (format: FlowFormat, ...fields: readonly (keyof FlowFormat['fields'])[]): boolean =>
  fields.every((field) => format.fields[field] !== undefined);
const hasFlows = (format: FlowFormat): boolean => has(format, 'destination', 'destinationPort');

/** Of packets: counted, estimated by the source, or not there. */
const byPackets = (format: FlowFormat): Allowed =>
  !hasFlows(format) || format.abilities.packets === 'no'
    ? 'no'
    : format.abilities.packets === 'counted'
      ? 'yes'
      : 'partial';

const byTime = (format: FlowFormat): Allowed =>
  !hasFlows(format) ? 'no' : format.abilities.time === 'flow' ? 'yes' : 'partial';

export const FLOW_FEATURES: readonly FlowFeature[] = [
  {
    letter: 'E',
    title: 'listed address and port',
    allowedBy: (format) => (hasFlows(format) ? 'yes' : 'no'),
  },
  {
    letter: 'N',
    title: 'names of addresses in the log itself',
    allowedBy: (format) => (has(format, 'name') ? 'yes' : 'no'),
  },
  {
    letter: 'C',
    title: 'which end is the client (else by ports and peers)',
    allowedBy: (format) => {
      if (!hasFlows(format)) return 'no';
      return has(format, 'originator') || format.abilities.tcpFlags === 'yes' ? 'yes' : 'partial';
    },
  },
  {
    letter: 'A',
    title: 'attempts without an answer',
    allowedBy: (format) => {
      const { bothDirections, tcpFlags } = format.abilities;
      if (!hasFlows(format)) return 'no';
      return bothDirections === 'yes' || tcpFlags === 'yes' ? 'yes' : 'partial';
    },
  },
  { letter: 'D', title: 'duration, duty, hours with one server, reconnects', allowedBy: byTime },
  {
    letter: 'V',
    title: 'packets and bytes each way; on request a modelled hashrate',
    allowedBy: byPackets,
  },
  {
    letter: 'R',
    title: 'regularity of pushes, from many records a connection',
    allowedBy: (format) => {
      const { records, packets } = format.abilities;
      if (!hasFlows(format) || packets !== 'counted' || records === 'one') return 'no';
      return records === 'many' ? 'yes' : 'partial';
    },
  },
];

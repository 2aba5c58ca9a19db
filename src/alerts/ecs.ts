/** Elastic Common Schema 8.11: one document an event. Own fields stand below `minesweep`, as ECS asks for. */
import fields from '../../data/alerts/ecs.tsv?raw';
import { alertFields, jsonFormat } from './fields.ts';

const TYPES = { appeared: 'start', raised: 'info', ended: 'end' } as const;

export const ECS = jsonFormat(
  'ecs',
  'Elastic Common Schema',
  alertFields('ecs.tsv', fields, {
    types: ({ kind }) => [TYPES[kind]],
    // RFC 7042: upper case, with hyphens.
    upperMac: ({ machine }) => machine?.mac?.toUpperCase().replaceAll(':', '-'),
  }),
  // The state of the audit, beside its alerts.
  (time, message) => ({
    ...{ '@timestamp': time, message },
    event: { kind: 'state', module: 'minesweep', dataset: 'minesweep.coverage' },
    ecs: { version: '8.11.0' },
  }),
);

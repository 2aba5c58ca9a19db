/**
 * ArcSight's Common Event Format, version 0: a header of seven parts and an extension of key=value pairs. Escapes: `|` and
 * `\` in the header, `=` and `\` in values, line ends as \n.
 */
import { escapeTerminal } from '../escape.ts';
import type { AlertEvent } from './event.ts';
import { type AlertField, type FieldValue, sentenceOf, severityOf } from './fields.ts';

export const CEF_FIELDS: readonly AlertField[] = [
  { name: 'externalId', holds: 'the same in every run', value: ({ id }) => id },
  { name: 'rt', holds: 'time of the event, ms since 1970', value: ({ time }) => Date.parse(time) },
  { name: 'start', holds: 'first time', value: ({ first }) => Date.parse(first) },
  { name: 'end', holds: 'last time', value: ({ last }) => Date.parse(last) },
  { name: 'src', holds: 'the miner (c6a2 if IPv6)', value: ({ ip }) => (ip.includes(':') ? null : ip) },
  {
    name: 'c6a2Label',
    holds: '`Source IPv6 Address`',
    value: ({ ip }) => (ip.includes(':') ? 'Source IPv6 Address' : null),
  },
  { name: 'c6a2', holds: 'the miner', value: ({ ip }) => (ip.includes(':') ? ip : null) },
  { name: 'spt', holds: 'its port', value: ({ port }) => (port === 0 ? null : port) },
  {
    name: 'dst',
    holds: 'the pool (c6a3 if IPv6)',
    value: ({ pool }) => (pool?.ip.includes(':') === false ? pool.ip : null),
  },
  {
    name: 'c6a3Label',
    holds: '`Destination IPv6 Address`',
    value: ({ pool }) => (pool?.ip.includes(':') ? 'Destination IPv6 Address' : null),
  },
  { name: 'c6a3', holds: 'the pool', value: ({ pool }) => (pool?.ip.includes(':') ? pool.ip : null) },
  { name: 'dpt', holds: 'its port', value: ({ pool }) => pool?.port ?? null },
  { name: 'dhost', holds: 'name by which the pool was reached', value: ({ pool }) => pool?.domain ?? null },
  {
    name: 'destinationServiceName',
    holds: 'name of the pool',
    value: ({ pool }) => pool?.name ?? null,
  },
  { name: 'smac', holds: 'hardware address of the miner', value: ({ machine }) => machine?.mac ?? null },
  { name: 'shost', holds: 'its host name', value: ({ machine }) => machine?.hostname ?? null },
  { name: 'suid', holds: 'its user', value: ({ machine }) => machine?.user ?? null },
  { name: 'proto', holds: '`TCP`', value: ({ pool }) => (pool === null ? null : 'TCP') },
  { name: 'app', holds: 'the dialect', value: ({ dialect }) => dialect },
  { name: 'suser', holds: 'account, or its pseudonym', value: ({ account }) => account },
  { name: 'cs1Label', holds: '`verdict`', value: () => 'verdict' },
  { name: 'cs1', holds: 'the verdict', value: ({ verdict }) => verdict },
  {
    name: 'cs2Label',
    holds: '`algorithm`',
    value: ({ algorithm }) => (algorithm === null ? null : 'algorithm'),
  },
  { name: 'cs2', holds: 'algorithm', value: ({ algorithm }) => algorithm },
  { name: 'cs3Label', holds: '`owner`', value: () => 'owner' },
  { name: 'cs3', holds: 'class of the owner', value: ({ owner }) => owner.class },
  { name: 'cs4Label', holds: '`evidence`', value: () => 'evidence' },
  {
    name: 'cs4',
    holds: 'codes of the evidence that decided',
    value: ({ evidence }) => evidence.map(({ code }) => code),
  },
  {
    name: 'cs6Label',
    holds: '`department`',
    value: ({ owner }) => (owner.department == null ? null : 'department'),
  },
  {
    name: 'cs6',
    holds: 'department and contact',
    value: ({ owner }) => [owner.department, owner.contact].flatMap((part) => part ?? []).join(', ') || null,
  },
  {
    name: 'cs5Label',
    holds: '`pseudonyms`',
    value: ({ pseudonyms }) => (pseudonyms === null ? null : 'pseudonyms'),
  },
  { name: 'cs5', holds: 'what of it is a pseudonym', value: ({ pseudonyms }) => pseudonyms },
  {
    name: 'cfp1Label',
    holds: '`hashrate`',
    value: ({ hashrate }) => (hashrate === null ? null : `hashrate ${hashrate.unit}`),
  },
  { name: 'cfp1', holds: 'headline rate', value: ({ hashrate }) => hashrate?.estimate ?? null },
];

/** Severity of CEF is 0 to 10. */
const SEVERITY = { 1: 9, 2: 7, 3: 4 } as const;

/** One line. `version` is that of minesweep. */
export function cefLine(event: AlertEvent, version: string): string {
  const head = [
    'CEF:0',
    'minesweep',
    'minesweep',
    version,
    event.kind,
    sentenceOf(event),
    String(SEVERITY[severityOf(event)]),
  ];
  const pairs = CEF_FIELDS.flatMap(({ name, value }) => {
    const given = value(event);
    return given === null || given === '' ? [] : [`${name}=${escaped(given)}`];
  });
  return [...head.map(escapedHead), pairs.join(' ')].join('|');
}

function escapedHead(part: string): string {
  return escapeTerminal(part.replaceAll(/[\r\n]+/g, ' '))
    .replaceAll('\\', '\\\\')
    .replaceAll('|', '\\|');
}

function escaped(value: FieldValue): string {
  const text = Array.isArray(value) ? value.join(',') : String(value);
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => escapeTerminal(line).replaceAll('\\', '\\\\').replaceAll('=', '\\='))
    .join('\\n');
}

/** Elastic Common Schema 8.11: one document an event. Own fields stand below `minesweep`, as ECS asks for. */
import { escapeJson } from '../escape.ts';
import type { AlertEvent } from './event.ts';
import { type AlertField, nested, sentenceOf, severityOf } from './fields.ts';

const ECS_VERSION = '8.11.0';

export const ECS_FIELDS: readonly AlertField[] = [
  { name: '@timestamp', holds: 'time of the event', value: ({ time }) => time },
  { name: 'ecs.version', holds: '`8.11.0`', value: () => ECS_VERSION },
  { name: 'message', holds: 'the event in one sentence', value: sentenceOf },
  { name: 'event.id', holds: 'the same in every run', value: ({ id }) => id },
  { name: 'event.kind', holds: '`alert`', value: () => 'alert' },
  { name: 'event.module', holds: '`minesweep`', value: () => 'minesweep' },
  { name: 'event.dataset', holds: '`minesweep.alert`', value: () => 'minesweep.alert' },
  {
    name: 'event.category',
    holds: '`network`, `intrusion_detection`',
    value: () => ['network', 'intrusion_detection'],
  },
  {
    name: 'event.type',
    holds: '`start` appeared, `info` raised, `end` ended',
    value: ({ kind }) => [TYPES[kind]],
  },
  {
    name: 'event.action',
    holds: '`mining-appeared`, `mining-raised`, `mining-ended`',
    value: ({ kind }) => `mining-${kind}`,
  },
  { name: 'event.severity', holds: '1 confirmed, 2 probable, 3 weaker', value: severityOf },
  { name: 'event.start', holds: 'first time', value: ({ first }) => first },
  { name: 'event.end', holds: 'last time', value: ({ last }) => last },
  { name: 'network.transport', holds: '`tcp`', value: ({ pool }) => (pool === null ? null : 'tcp') },
  { name: 'network.protocol', holds: 'the dialect', value: ({ dialect }) => dialect },
  { name: 'source.ip', holds: 'the miner', value: ({ ip }) => ip },
  { name: 'source.mac', holds: 'its hardware address', value: ({ machine }) => macOf(machine?.mac ?? null) },
  { name: 'source.user.name', holds: 'its user', value: ({ machine }) => machine?.user ?? null },
  { name: 'source.address', holds: 'its host name', value: ({ machine }) => machine?.hostname ?? null },
  { name: 'source.port', holds: 'its port', value: ({ port }) => (port === 0 ? null : port) },
  { name: 'destination.ip', holds: 'the pool', value: ({ pool }) => pool?.ip ?? null },
  { name: 'destination.port', holds: 'its port', value: ({ pool }) => pool?.port ?? null },
  {
    name: 'destination.domain',
    holds: 'name by which the pool was reached',
    value: ({ pool }) => pool?.domain ?? null,
  },
  { name: 'rule.id', holds: 'the verdict', value: ({ verdict }) => `minesweep-${verdict}` },
  { name: 'rule.name', holds: 'the verdict', value: ({ verdict }) => `Mining ${verdict}` },
  { name: 'rule.category', holds: '`cryptomining`', value: () => 'cryptomining' },
  { name: 'organization.name', holds: 'owner of the address', value: ({ owner }) => owner.name },
  { name: 'minesweep.verdict', holds: 'the verdict', value: ({ verdict }) => verdict },
  { name: 'minesweep.pool', holds: 'name of the pool', value: ({ pool }) => pool?.name ?? null },
  { name: 'minesweep.roles', holds: 'the roles', value: ({ roles }) => roles },
  { name: 'minesweep.algorithm', holds: 'algorithm', value: ({ algorithm }) => algorithm },
  { name: 'minesweep.account', holds: 'account, or its pseudonym', value: ({ account }) => account },
  {
    name: 'minesweep.hashrate.estimate',
    holds: 'headline rate',
    value: ({ hashrate }) => hashrate?.estimate ?? null,
  },
  { name: 'minesweep.hashrate.unit', holds: 'its unit', value: ({ hashrate }) => hashrate?.unit ?? null },
  {
    name: 'minesweep.owner.department',
    holds: 'department of the owners table',
    value: ({ owner }) => owner.department ?? null,
  },
  { name: 'minesweep.owner.contact', holds: 'its contact', value: ({ owner }) => owner.contact ?? null },
  { name: 'minesweep.owner.class', holds: 'class of the owner', value: ({ owner }) => owner.class },
  {
    name: 'minesweep.owner.intent',
    holds: 'hijacked, deliberate or undetermined',
    value: ({ owner }) => owner.intent,
  },
  {
    name: 'minesweep.evidence',
    holds: 'codes of the evidence that decided',
    value: ({ evidence }) => evidence.map(({ code }) => code),
  },
  {
    name: 'minesweep.pseudonyms',
    holds: 'what of it is a pseudonym',
    value: ({ pseudonyms }) => pseudonyms,
  },
];

const TYPES = { appeared: 'start', raised: 'info', ended: 'end' } as const;

/** As ECS writes hardware addresses (RFC 7042): upper case, with hyphens. */
function macOf(mac: string | null): string | null {
  return mac === null ? null : mac.toUpperCase().replaceAll(':', '-');
}

/** Not everything could be judged: the state of the audit, beside its alerts. */
export function ecsIncomplete(time: string, message: string): string {
  const event = { kind: 'state', module: 'minesweep', dataset: 'minesweep.coverage' };
  return escapeJson(JSON.stringify({ '@timestamp': time, message, event, ecs: { version: ECS_VERSION } }));
}

/** One line of JSON. */
export function ecsLine(event: AlertEvent): string {
  return escapeJson(JSON.stringify(nested(ECS_FIELDS, event)));
}

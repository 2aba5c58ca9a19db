/**
 * Suricata's EVE: one `alert` line an event, with the fields that its schema (etc/schema.json, Suricata 7) knows. The schema
 * leaves no room for own fields, so verdict, account and rate stand as tags.
 */
import { escapeJson } from '../escape.ts';
import { ALERT_KINDS, type AlertEvent } from './event.ts';
import { type AlertField, nested, sentenceOf, severityOf } from './fields.ts';

/** Signature ids from 1,000,000 on are for local rules. */
const FIRST_SIGNATURE = 8_700_001;

export const EVE_FIELDS: readonly AlertField[] = [
  { name: 'timestamp', holds: 'time of the event', value: ({ time }) => eveTime(time) },
  { name: 'event_type', holds: '`alert`', value: () => 'alert' },
  { name: 'src_ip', holds: 'the miner', value: ({ ip }) => ip },
  { name: 'src_port', holds: 'its port', value: ({ port }) => (port === 0 ? null : port) },
  { name: 'dest_ip', holds: 'the pool', value: ({ pool }) => pool?.ip ?? null },
  { name: 'dest_port', holds: 'its port', value: ({ pool }) => pool?.port ?? null },
  { name: 'proto', holds: '`TCP`', value: ({ pool }) => (pool === null ? null : 'TCP') },
  { name: 'alert.action', holds: '`allowed`', value: () => 'allowed' },
  { name: 'alert.gid', holds: '1', value: () => 1 },
  {
    name: 'alert.signature_id',
    holds: `${ALERT_KINDS.map((kind, i) => `${FIRST_SIGNATURE + i} ${kind}`).join(', ')}`,
    value: ({ kind }) => FIRST_SIGNATURE + ALERT_KINDS.indexOf(kind),
  },
  { name: 'alert.rev', holds: '1', value: () => 1 },
  { name: 'alert.signature', holds: 'the event in one sentence', value: sentenceOf },
  { name: 'alert.category', holds: '`Crypto Currency Mining Activity Detected`', value: () => CATEGORY },
  { name: 'alert.severity', holds: '1 confirmed, 2 probable, 3 weaker', value: severityOf },
  { name: 'alert.source.ip', holds: 'the miner', value: ({ ip }) => ip },
  { name: 'alert.target.ip', holds: 'the pool', value: ({ pool }) => pool?.ip ?? null },
  {
    name: 'alert.metadata.tag',
    holds:
      '`id:`, `verdict:`, `role:`, `pool:`, `algorithm:`, `account:`, `hashrate:`, `owner:`, `department:`, `contact:`, `mac:`, `hostname:`, `user:`, `first:`, `evidence:`, `pseudonyms:`',
    value: tagsOf,
  },
];

/** Suricata's own class for coin mining (classification.config: coin-mining). */
const CATEGORY = 'Crypto Currency Mining Activity Detected';

/** One line of JSON. */
export function eveLine(event: AlertEvent): string {
  return escapeJson(JSON.stringify(nested(EVE_FIELDS, event)));
}

/** Not everything could be judged: an event of the kind in which Suricata says such things of itself. */
export function eveIncomplete(time: string, message: string): string {
  const event = { timestamp: eveTime(time), log_level: 'Warning', event_type: 'engine', engine: { message } };
  return escapeJson(JSON.stringify(event));
}

/** EVE writes the offset without a colon. */
function eveTime(time: string): string {
  return time.replace(/(\.\d+)?Z$/, (_, fraction = '.000') => `${fraction.padEnd(7, '0')}+0000`);
}

function tagsOf({
  id,
  verdict,
  roles,
  pool,
  algorithm,
  account,
  hashrate,
  owner,
  machine,
  first,
  evidence,
  pseudonyms,
}: AlertEvent): string[] {
  const tag = (name: string, value: string | null | undefined): string[] =>
    value === null || value === undefined || value === '' ? [] : [`${name}:${value}`];
  return [
    ...tag('id', id),
    ...tag('verdict', verdict),
    ...roles.flatMap((role) => tag('role', role)),
    ...tag('pool', pool?.name),
    ...tag('algorithm', algorithm),
    ...tag('account', account),
    ...tag('hashrate', hashrate === null ? null : `${hashrate.estimate} ${hashrate.unit}`),
    ...tag('owner', owner.class),
    ...tag('department', owner.department),
    ...tag('contact', owner.contact),
    ...tag('mac', machine?.mac),
    ...tag('hostname', machine?.hostname),
    ...tag('user', machine?.user),
    ...tag('first', first),
    ...evidence.flatMap(({ code }) => tag('evidence', code)),
    ...tag('pseudonyms', pseudonyms),
  ];
}

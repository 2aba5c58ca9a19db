/**
 * Suricata's EVE: one `alert` line an event, with the fields that its schema (etc/schema.json, Suricata 7) knows. The schema
 * leaves no room for own fields, so verdict, account and rate stand as tags.
 */
import fields from '../../data/alerts/eve.tsv?raw';
import { ALERT_KINDS, type AlertEvent } from './event.ts';
import { alertFields, jsonFormat } from './fields.ts';

/** Signature ids from 1,000,000 on are for local rules. */
const FIRST_SIGNATURE = 8_700_001;

export const EVE = jsonFormat(
  'eve',
  'Suricata EVE alerts',
  alertFields('eve.tsv', fields, {
    eveTime: ({ time }) => eveTime(time),
    signature: ({ kind }) => FIRST_SIGNATURE + ALERT_KINDS.indexOf(kind),
    tags: tagsOf,
  }),
  // An event of the kind in which Suricata says such things of itself.
  (time, message) => ({
    timestamp: eveTime(time),
    log_level: 'Warning',
    event_type: 'engine',
    engine: { message },
  }),
);

/** EVE writes the offset without a colon. */
function eveTime(time: string): string {
  return time.replace(/(\.\d+)?Z$/, (_, fraction = '.000') => `${fraction.padEnd(7, '0')}+0000`);
}

function tagsOf({ pool, hashrate, owner, machine, evidence, ...event }: AlertEvent): string[] {
  return Object.entries({
    id: event.id,
    verdict: event.verdict,
    role: event.roles,
    pool: pool?.name,
    algorithm: event.algorithm,
    account: event.account,
    hashrate: hashrate && `${hashrate.estimate} ${hashrate.unit}`,
    'hashrate-basis': hashrate?.basis,
    owner: owner.class,
    department: owner.department,
    contact: owner.contact,
    mac: machine?.mac,
    hostname: machine?.hostname,
    user: machine?.user,
    first: event.first,
    evidence: evidence.map(({ code }) => code),
    pseudonyms: event.pseudonyms,
  }).flatMap(([name, values]) =>
    [values ?? ''].flat().flatMap((value) => (value === '' ? [] : `${name}:${value}`)),
  );
}

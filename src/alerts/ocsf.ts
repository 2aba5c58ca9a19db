/** OCSF 1.5, Detection Finding (class 2004): one event a line. Own facts stand below `unmapped`, as OCSF asks for. */
import { escapeJson } from '../escape.ts';
import { ALERT_KINDS, type AlertEvent, alertId } from './event.ts';
import { type AlertField, nested, sentenceOf, severityOf } from './fields.ts';

const CLASS = 2004;
const activityOf = ({ kind }: AlertEvent): number => ALERT_KINDS.indexOf(kind) + 1;

export const OCSF_FIELDS: readonly AlertField[] = [
  {
    name: 'activity_id',
    holds: '1 appeared (Create), 2 raised (Update), 3 ended (Close)',
    value: activityOf,
  },
  { name: 'category_uid', holds: '2 (Findings)', value: () => 2 },
  { name: 'class_uid', holds: '2004 (Detection Finding)', value: () => CLASS },
  { name: 'type_uid', holds: 'class and activity', value: (event) => CLASS * 100 + activityOf(event) },
  { name: 'time', holds: 'time of the event, ms since 1970', value: ({ time }) => Date.parse(time) },
  { name: 'start_time', holds: 'first time', value: ({ first }) => Date.parse(first) },
  { name: 'end_time', holds: 'last time', value: ({ last }) => Date.parse(last) },
  {
    name: 'severity_id',
    holds: '4 (High) confirmed, 3 (Medium) probable, 2 (Low) weaker',
    value: (event) => 5 - severityOf(event),
  },
  {
    name: 'confidence_id',
    holds: '3 (High) confirmed, 2 (Medium) probable, 1 (Low) weaker',
    value: (event) => 4 - severityOf(event),
  },
  {
    name: 'status_id',
    holds: '1 (New) appeared, 2 (In Progress) raised, 4 (Resolved) ended',
    value: ({ kind }) => ({ appeared: 1, raised: 2, ended: 4 })[kind],
  },
  { name: 'message', holds: 'the event in one sentence', value: sentenceOf },
  { name: 'metadata.version', holds: '`1.5.0`', value: () => '1.5.0' },
  { name: 'metadata.uid', holds: 'the same in every run', value: ({ id }) => id },
  { name: 'metadata.product.name', holds: '`minesweep`, and its version', value: () => 'minesweep' },
  { name: 'metadata.product.vendor_name', holds: '`minesweep`', value: () => 'minesweep' },
  {
    name: 'finding_info.uid',
    holds: 'one for all events of a host from its first time on',
    value: ({ ip, first, verdict }) => alertId(ip, 'appeared', first, verdict),
  },
  {
    name: 'finding_info.title',
    holds: '`Cryptocurrency mining`',
    value: () => 'Cryptocurrency mining',
  },
  { name: 'finding_info.desc', holds: 'what decided', value: ({ evidence }) => evidence[0]?.text ?? null },
  { name: 'finding_info.first_seen_time', holds: 'first time', value: ({ first }) => Date.parse(first) },
  { name: 'finding_info.last_seen_time', holds: 'last time', value: ({ last }) => Date.parse(last) },
  {
    name: 'finding_info.analytic',
    holds: 'the verdict, as a rule (type 1)',
    value: ({ verdict }) => ({ type_id: 1, name: `Mining ${verdict}`, uid: `minesweep-${verdict}` }),
  },
  {
    name: 'finding_info.attacks',
    holds: 'T1496 Resource Hijacking, of ATT&CK',
    value: () => [
      {
        tactic: { uid: 'TA0040', name: 'Impact' },
        technique: { uid: 'T1496', name: 'Resource Hijacking' },
      },
    ],
  },
  {
    name: 'evidences',
    holds: 'the ends of the session with the most traffic: miner, pool, TCP',
    value: ({ ip, port, machine, pool }) => [
      {
        src_endpoint: defined({
          ip,
          port: port === 0 ? null : port,
          mac: machine?.mac,
          hostname: machine?.hostname,
        }),
        ...(pool === null
          ? {}
          : {
              dst_endpoint: defined({
                ip: pool.ip || null,
                port: pool.port,
                hostname: pool.domain,
                svc_name: pool.name || null,
              }),
              // Which of the two is inside is not known here.
              connection_info: { protocol_num: 6, protocol_name: 'tcp', direction_id: 0 },
            }),
      },
    ],
  },
  {
    name: 'resources',
    holds: 'the host, with its user',
    value: ({ ip, machine }) => [
      {
        ...{ uid: ip, name: machine?.hostname ?? ip, type: 'host' },
        ...(machine?.user == null ? {} : { owner: { name: machine.user } }),
      },
    ],
  },
  {
    name: 'observables',
    holds: 'addresses (type 2) of miner and pool, name of the pool (type 1)',
    value: ({ ip, pool }) => [
      { name: 'evidences[].src_endpoint.ip', type_id: 2, value: ip },
      ...(pool?.ip ? [{ name: 'evidences[].dst_endpoint.ip', type_id: 2, value: pool.ip }] : []),
      ...(pool?.domain == null
        ? []
        : [{ name: 'evidences[].dst_endpoint.hostname', type_id: 1, value: pool.domain }]),
    ],
  },
  { name: 'unmapped.verdict', holds: 'the verdict', value: ({ verdict }) => verdict },
  { name: 'unmapped.roles', holds: 'the roles', value: ({ roles }) => roles },
  { name: 'unmapped.dialect', holds: 'the dialect', value: ({ dialect }) => dialect },
  { name: 'unmapped.algorithm', holds: 'algorithm', value: ({ algorithm }) => algorithm },
  { name: 'unmapped.account', holds: 'account, or its pseudonym', value: ({ account }) => account },
  { name: 'unmapped.hashrate', holds: 'headline rate and its unit', value: ({ hashrate }) => hashrate },
  { name: 'unmapped.owner', holds: 'class, name, intent, department, contact', value: ({ owner }) => owner },
  {
    name: 'unmapped.evidence',
    holds: 'codes of the evidence that decided',
    value: ({ evidence }) => evidence.map(({ code }) => code),
  },
  { name: 'unmapped.pseudonyms', holds: 'what of it is a pseudonym', value: ({ pseudonyms }) => pseudonyms },
];

function defined(fields: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined),
  );
}

/** One line of JSON. `version` is that of minesweep. */
export function ocsfLine(event: AlertEvent, version: string): string {
  const product = { name: 'metadata.product.version', holds: '', value: () => version };
  return escapeJson(JSON.stringify(nested([...OCSF_FIELDS, product], event)));
}

/** OCSF 1.5, Detection Finding (class 2004): one event a line. Own facts stand below `unmapped`, as OCSF asks for. */
import fields from '../../data/alerts/ocsf.tsv?raw';
import { ALERT_KINDS, type AlertEvent, alertId } from './event.ts';
import { alertFields, jsonFormat, severityOf } from './fields.ts';

const CLASS = 2004;
const activityOf = ({ kind }: AlertEvent): number => ALERT_KINDS.indexOf(kind) + 1;

export const OCSF = jsonFormat(
  'ocsf',
  'OCSF Detection Finding',
  alertFields('ocsf.tsv', fields, {
    activity: activityOf,
    type: (event) => CLASS * 100 + activityOf(event),
    severityId: (event) => 5 - severityOf(event),
    confidence: (event) => 4 - severityOf(event),
    status: ({ kind }) => ({ appeared: 1, raised: 2, ended: 4 })[kind],
    finding: ({ ip, first, verdict }) => alertId(ip, 'appeared', first, verdict),
    analytic: ({ verdict }) => ({ type_id: 1, name: `Mining ${verdict}`, uid: `minesweep-${verdict}` }),
    evidences: evidencesOf,
    resources: ({ ip, machine }) => [
      {
        uid: ip,
        name: machine?.hostname ?? ip,
        type: 'host',
        ...(machine?.user == null ? {} : { owner: { name: machine.user } }),
      },
    ],
    observables: ({ ip, pool }) => [
      { name: 'evidences[].src_endpoint.ip', type_id: 2, value: ip },
      ...(pool?.ip ? [{ name: 'evidences[].dst_endpoint.ip', type_id: 2, value: pool.ip }] : []),
      ...(pool?.domain == null
        ? []
        : [{ name: 'evidences[].dst_endpoint.hostname', type_id: 1, value: pool.domain }]),
    ],
  }),
);

function evidencesOf({ ip, port, machine, pool }: AlertEvent): object[] {
  const { mac, hostname } = machine ?? {};
  const source = { src_endpoint: defined({ ip, port: port === 0 ? null : port, mac, hostname }) };
  if (pool === null) return [source];
  const { port: at, domain, name } = pool;
  return [
    {
      ...source,
      dst_endpoint: defined({ ip: pool.ip || null, port: at, hostname: domain, svc_name: name || null }),
      // Which of the two is inside is not known here.
      connection_info: { protocol_num: 6, protocol_name: 'tcp', direction_id: 0 },
    },
  ];
}

function defined(fields: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined),
  );
}

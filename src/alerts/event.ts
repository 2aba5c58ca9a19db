/**
 * Events about hosts that mine: one when a host first has a verdict, one when it rises, one when its last session is
 * over. Made from rows of an audit, so that a watch and a report agree.
 */
import { createHash } from 'node:crypto';
import {
  type Audit,
  type AuditHost,
  type AuditSession,
  BASES,
  type HashrateRow,
  OWNER_CLASSES,
  VERDICTS,
  type Verdict,
} from '../audit/audit.ts';
import { pseudonymsIn } from '../audit/pseudonyms.ts';
import { strongestFirst } from '../audit/strength.ts';
import { groupBy } from '../order.ts';
import {
  address,
  amount,
  count,
  field,
  list,
  type Of,
  oneOf,
  optional,
  orNull,
  record,
  text,
  time,
} from '../schema/field.ts';

export const ALERT_KINDS = ['appeared', 'raised', 'ended'] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

/** An alert, as the journal keeps it. */
export const ALERT_EVENT = record({
  id: field(text, 'The same for the same host, kind and first time, in every run.'),
  kind: field(oneOf(ALERT_KINDS), 'What became known.'),
  time: field(time, 'When it became known: the last time of the host, or of its end.'),
  ip: field(address, 'Of the host.'),
  port: field(count, 'Of the host in the session with the most traffic; 0 if there is none.'),
  verdict: field(oneOf(VERDICTS), 'Of the host.'),
  roles: field(list(text), 'Of the host.'),
  pool: field(
    orNull(
      record({
        ip: field(text, 'Of the server.'),
        port: field(count, 'Of the server.'),
        name: field(text, 'Of the pool.'),
        domain: optional(orNull(text), 'The name that it was reached by; null if none is known.'),
      }),
    ),
    'The end of the session with the most traffic; null if the host only looked up a name.',
  ),
  dialect: field(orNull(text), 'Of that session.'),
  algorithm: field(orNull(text), 'Of that session.'),
  account: field(orNull(text), 'Of that session.'),
  hashrate: field(
    orNull(
      record({
        estimate: field(amount, 'Per second.'),
        unit: field(text, 'Of the estimate.'),
        algorithm: field(text, 'Of the estimate.'),
        basis: optional(oneOf(BASES), 'What the estimate rests on.'),
        low95: optional(orNull(amount), 'Lower bound of its 95 % interval.'),
        high95: optional(orNull(amount), 'Upper bound.'),
      }),
    ),
    'Of that session; null if unknown.',
  ),
  owner: field(
    record({
      class: field(oneOf(OWNER_CLASSES), 'Kind of owner.'),
      name: field(orNull(text), 'Of the owner.'),
      intent: field(oneOf(['hijacked', 'deliberate', 'undetermined']), 'Whether the owner knows of it.'),
      department: optional(orNull(text), 'By the owners table.'),
      contact: optional(orNull(text), 'By the owners table.'),
    }),
    'Whose the host is.',
  ),
  machine: optional(
    record({
      mac: field(orNull(text), 'Hardware address.'),
      hostname: field(orNull(text), 'Name of the host.'),
      user: field(orNull(text), 'Who was logged in.'),
    }),
    'Who had the address at the time; absent if neither a lease nor frames tell.',
  ),
  first: field(time, 'First time of the host.'),
  last: field(time, 'Last time of the host.'),
  pseudonyms: field(orNull(text), 'What of the event is a pseudonym; null if all is real.'),
  evidence: field(
    list(record({ code: field(text, 'Of what was seen.'), text: field(text, 'In words.') })),
    'The strongest first.',
  ),
});
export type AlertEvent = Readonly<Of<typeof ALERT_EVENT>>;

const MOST_EVIDENCE = 5;

/** The event of a host of an audit. */
export function alertOf(
  audit: Audit,
  host: AuditHost,
  kind: AlertKind,
  first = host.firstSeen,
  session = mainSession(audit.sessions, host),
): AlertEvent {
  const algorithm = session?.algorithm ?? host.algorithms[0] ?? null;
  const rate = rateOf(host, session, algorithm);
  // A hardware address that several addresses had at one time names no machine.
  const isSure = !audit.machines.some(({ id, basis }) => basis === 'address' && id === host.ip);
  const machine = isSure ? (session?.machine ?? host.machines?.at(-1)) : undefined;
  const { class: ownerClass, name, intent, department = null, contact = null } = host.owner;
  return {
    id: alertId(host.ip, kind, first, host.verdict),
    kind,
    time: host.lastSeen,
    ip: host.ip,
    port: session?.miner.port ?? 0,
    verdict: host.verdict,
    roles: host.roles,
    pool: session === null ? null : poolOf(session),
    dialect: session?.dialect ?? null,
    algorithm,
    account: session?.logins[0]?.account ?? null,
    hashrate: rate === undefined ? null : hashrateOf(rate),
    owner: { class: ownerClass, name, intent, department, contact },
    ...(machine && { machine: { mac: machine.mac, hostname: machine.hostname, user: machine.user } }),
    first,
    last: host.lastSeen,
    pseudonyms: pseudonymsIn(audit),
    evidence: strongestFirst(host.evidence)
      .slice(0, MOST_EVIDENCE)
      .map(({ code, text }) => ({ code, text })),
  };
}

function hashrateOf({
  estimate,
  unit,
  algorithm,
  basis,
  low95,
  high95,
}: HashrateRow): AlertEvent['hashrate'] {
  return { estimate, unit, algorithm, basis, low95, high95 };
}

/** The events of a whole audit: each host has appeared. */
export function* alertsOf(audit: Audit): Generator<AlertEvent> {
  const sessions = groupBy(audit.sessions, ({ miner }) => miner.ip);
  for (const host of audit.hosts)
    yield alertOf(audit, host, 'appeared', host.firstSeen, mainSession(sessions.get(host.ip) ?? [], host));
}

/** 16 hex digits. A verdict may rise more than once: then it tells the events apart. */
export function alertId(ip: string, kind: AlertKind, first: string, verdict: Verdict): string {
  const what = kind === 'raised' ? `${kind} ${verdict}` : kind;
  return createHash('sha256').update(`${ip} ${what} ${first}`).digest('hex').slice(0, 16);
}

function poolOf({ pool: { ip, port, pool, names } }: AuditSession): AlertEvent['pool'] {
  const [domain = null] = names;
  return { ip, port, name: pool ?? domain ?? '', domain };
}

/** The host's rate of the session's algorithm, or the session's own: never one of another algorithm. */
function rateOf(
  host: AuditHost,
  session: AuditSession | null,
  algorithm: string | null,
): HashrateRow | undefined {
  const of = (rows: readonly HashrateRow[]): HashrateRow | undefined =>
    rows.find((row) => row.headline && row.algorithm === algorithm);
  return of(host.hashrate) ?? of(session?.hashrate ?? []);
}

function mainSession(sessions: readonly AuditSession[], host: AuditHost): AuditSession | null {
  let main: AuditSession | null = null;
  for (const session of sessions) {
    if (session.miner.ip !== host.ip) continue;
    if (main === null || bytesOf(session) > bytesOf(main)) main = session;
  }
  return main;
}

function bytesOf({ traffic }: AuditSession): number {
  return traffic.bytesOut + traffic.bytesIn;
}

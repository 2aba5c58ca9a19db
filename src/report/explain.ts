/**
 * One host of an audit explained in plain sentences: its verdict and the rule behind it, each fact with its place in
 * the input, its sessions in order, the sources of its rate, what could not be seen, and possible false positives. For
 * a terminal or a case file, as plain text; English only, as the facts are.
 */
import type { Audit, AuditHost, AuditSession, Evidence, Strength, Verdict } from '../audit/audit.ts';
import { evidenceKind } from '../audit/evidence-kinds.ts';
import { isPoolServer } from '../audit/miners.ts';
import { counted, grouped } from '../statements/figures.ts';
import { below, item, type Line, paragraph, setOut } from './explain-lines.ts';
import { rateLines } from './explain-rates.ts';
import { sessionLines } from './explain-sessions.ts';
import { unseenLines } from './explain-unseen.ts';
import { bitrate, byteCount, duration, interval, percent, significant, span } from './figures.ts';
import { joined, type Phrase, wire } from './phrase.ts';

interface ExplainOptions {
  /** Columns of the page. */
  readonly width: number;
  /** IANA time zone of times. */
  readonly zone: string;
}

const NARROWEST = 40;

/** Meanings of the verdicts (contract). */
const MEANING: Readonly<Record<Verdict, string>> = {
  confirmed:
    'A pool session was parsed from both sides: an accepted login or a job, and shares submitted and answered; or a login followed by a stream of jobs.',
  probable:
    'The protocol was seen in part or from one side only, or a dedicated pool endpoint was used and the session behaves like mining.',
  suspected: 'Only behaviour, or a single weak protocol fact, was seen. This proves nothing.',
  attempted: 'A pool was tried, but no session was established.',
  listed: 'The host contacted a listed pool endpoint or looked up its name, nothing more.',
};

const STRENGTH_TEXT: Readonly<Record<Strength, string>> = {
  proof: 'Proof',
  strong: 'Strong evidence',
  weak: 'Weak evidence',
  hint: 'A hint',
};

/** The explanation, a line at a time. `host` must be of the audit. */
export function* renderExplanation(
  audit: Audit,
  host: AuditHost,
  options: ExplainOptions,
): Generator<string> {
  const width = Math.max(NARROWEST, options.width);
  const sessions = sessionsOf(audit, host.ip);
  const isServer = isPoolServer(host);
  const standing = isServer
    ? ` is a ${host.roles.join()}: its sessions with miners are ${host.verdict}, and it mines nothing itself.`
    : ` is ${host.verdict}.`;
  yield* setOut([[wire(host.ip), standing]].map(paragraph), width);
  yield* setOut([...verdictLines(host, sessions, options.zone), ...ownerLines(host)], width);
  yield* section('FACTS, in order of time', factLines(host.evidence, options.zone), width);
  yield* section('SESSIONS, in order of time', sessionLines(sessions, host.ip, options.zone), width);
  if (!isServer) yield* section('HASHRATE', rateLines(host, sessions), width);
  yield* section('TRAFFIC', trafficLines(host), width);
  yield* section('NOT SEEN', unseenLines(audit, host, sessions), width);
  yield* section('POSSIBLE FALSE POSITIVES', lookAlikeLines(host.evidence), width);
}

function sessionsOf(audit: Audit, ip: string): AuditSession[] {
  return audit.sessions
    .filter((session) => session.miner.ip === ip || session.pool.ip === ip)
    .sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
}

function* verdictLines(host: AuditHost, sessions: readonly AuditSession[], zone: string): Iterable<Line> {
  yield paragraph([MEANING[host.verdict]]);
  const rules = new Map<string, number>();
  for (const { verdict, reason } of sessions) {
    if (verdict !== host.verdict || reason === undefined) continue;
    rules.set(reason.text, (rules.get(reason.text) ?? 0) + 1);
  }
  const [rule, ...others] = [...rules].sort((a, b) => b[1] - a[1]);
  if (rule !== undefined) {
    const parts = [rule, ...others].map(
      ([reason, count]): Phrase => [wire(reason), ` (${counted(count, 'session')})`],
    );
    yield paragraph(['Reason: ', ...joined(parts, '; '), '.']);
  }
  const roles = host.roles.length === 0 ? '' : `, in the role of ${host.roles.join(' and ')}`;
  const seconds = (Date.parse(host.lastSeen) - Date.parse(host.firstSeen)) / 1000;
  const lasted = seconds > 0 ? ` (${duration(seconds)})` : '';
  yield paragraph([`Seen ${span(host.firstSeen, host.lastSeen, zone)}${lasted}${roles}.`]);
}

function* ownerLines({ owner }: AuditHost): Iterable<Line> {
  if (owner.class === 'unknown' && owner.name === null && owner.reasons.length === 0) return;
  const where = [owner.city, owner.region, owner.country].filter((part) => part !== null);
  yield paragraph([
    `Owner: ${owner.class}`,
    ...(owner.name === null ? [] : [', ', wire(owner.name)]),
    ...(owner.asn === null ? [] : [` (AS${owner.asn})`]),
    ...(where.length === 0 ? [] : [', ', wire(where.join(', '))]),
    ...(owner.department == null ? [] : [', ', wire(owner.department)]),
    owner.source === null ? '.' : ' (known from ',
    ...(owner.source === null ? [] : [wire(owner.source)]),
    ...(owner.rule == null ? [] : [': ', wire(owner.rule.text)]),
    ...(owner.confidence === null ? [] : [`; confidence ${Math.round(owner.confidence * 100)} %`]),
    owner.source === null ? '' : ').',
    ...(owner.contact == null ? [] : [' Contact: ', wire(owner.contact), '.']),
  ]);
  if (owner.reasons.length > 0) {
    const reasons = joined(
      owner.reasons.map((reason) => [wire(reason.text)]),
      '; ',
    );
    yield paragraph([`Intent: ${owner.intent}. Signs: `, ...reasons, '.']);
  }
}

function* factLines(evidence: readonly Evidence[], zone: string): Iterable<Line> {
  const ordered = [...evidence].sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  for (const [i, fact] of ordered.entries()) {
    const title = evidenceKind(fact.kind)?.title ?? null;
    const prefix = title !== null && !fact.text.startsWith(title) ? `${title}: ` : '';
    yield item(`${i + 1}.`, [
      prefix,
      wire(fact.text),
      fact.count > 1 ? ` (${counted(fact.count, 'time')})` : '',
    ]);
    const place: Phrase = fact.input === '' ? ['no input'] : [wire(fact.input)];
    const record = fact.record > 0 ? `, record ${grouped(fact.record)}` : '';
    yield below([`${STRENGTH_TEXT[fact.strength]}: `, ...place, `${record}, ${moment(fact.time, zone)}`]);
  }
  if (ordered.length === 0) yield paragraph(['The audit has none.']);
}

/** A time to the millisecond. */
export function moment(time: string, zone: string): string {
  const [start = time] = span(time, time, zone).split(' – ');
  const milliseconds = /\.(\d{1,3})/.exec(time)?.[1]?.padEnd(3, '0');
  return `${start}${milliseconds === undefined ? '' : `.${milliseconds}`} ${zone}`;
}

function* trafficLines(host: AuditHost): Iterable<Line> {
  const { traffic, duty, power } = host;
  // Out is always from miner to pool, also if the host is the pool.
  const [label, out, into] = isPoolServer(host)
    ? ['With miners', 'from them', 'to them']
    : ['To pools', 'out', 'in'];
  const way = (name: string, bytes: number, packets: number, mbps: number): string =>
    `${name} ${byteCount(bytes)} in ${counted(packets, 'packet')} (${bitrate(mbps)} on average over the window)`;
  yield paragraph([
    `${label}: ${way(out, traffic.bytesOut, traffic.packetsOut, traffic.mbpsOut)}, `,
    `${way(into, traffic.bytesIn, traffic.packetsIn, traffic.mbpsIn)}.`,
  ]);
  if (duty !== null) yield paragraph([`It was mining ${percent(duty)} of the window.`]);
  if (power !== null) {
    const watts = interval(power.watts, power.wattsLow, power.wattsHigh, 'W');
    const kwh = `${significant(power.kwhPerDay)} kWh per day (${significant(power.kwhPerDayLow)}–${significant(power.kwhPerDayHigh)})`;
    yield paragraph([`Power: ${watts} while mining; ${kwh}, extrapolated to 24 h.`]);
  }
}

function* lookAlikeLines(evidence: readonly Evidence[]): Iterable<Line> {
  for (const kind of new Set(evidence.map((fact) => fact.kind))) {
    const known = evidenceKind(kind);
    if (known === null) continue;
    yield item('-', [`${known.title}: ${known.lookAlike} (rule: ${known.rule}).`]);
  }
}

function* section(title: string, lines: Iterable<Line>, width: number): Generator<string> {
  const all = [...lines];
  if (all.length === 0) return;
  yield `\n${title}\n`;
  yield* setOut(all, width);
}

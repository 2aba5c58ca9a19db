/**
 * One host of an audit explained in plain sentences: its verdict and the rule behind it, each fact with its place in
 * the input, its sessions in order, the sources of its rate, what could not be seen, and possible false positives. For
 * a terminal or a case file, as plain text.
 */
import type { Audit, AuditHost, AuditSession, Evidence } from '../../audit/audit.ts';
import { isCountedMiner, isPoolServer } from '../../audit/miners.ts';
import { catalogueOf } from '../../statements/catalogue.ts';
import type { ReportText } from '../../statements/codes.ts';
import { bitrate, byteCount, interval, percent, significant, span } from '../figures.ts';
import type { ReportOptions } from '../format.ts';
import { joined, type Phrase, wire } from '../phrase.ts';
import { waysOf } from '../rows.ts';
import { below, item, type Line, lasted, paragraph, setOut } from './lines.ts';
import { lookForLines, nextLines } from './next.ts';
import { rateLines } from './rates.ts';
import { sessionLines } from './sessions.ts';
import { unseenLines } from './unseen.ts';

const NARROWEST = 40;

/** The explanation, a line at a time. `host` must be of the audit. */
export function* renderExplanation(
  audit: Audit,
  host: AuditHost,
  options: Pick<ReportOptions, 'width' | 'zone' | 'language'>,
): Generator<string> {
  const text = catalogueOf(options.language);
  const { explain } = text;
  const { zone } = options;
  const width = Math.max(NARROWEST, options.width);
  const sessions = sessionsOf(audit, host.ip);
  const isServer = isPoolServer(host);
  const standing = (isServer ? explain.isServer : explain.is)({
    ip: [wire(host.ip)],
    role: host.roles.map((role) => text.role[role]).join(),
    verdict: text.verdict[host.verdict],
  });
  const { sections } = explain;
  yield* setOut([paragraph(standing)], width);
  yield* setOut(
    [
      ...verdictLines(host, sessions, zone, text),
      ...ownerLines(host, text),
      ...machineLines(host, zone, text),
    ],
    width,
  );
  yield* section(sections.facts, factLines(host.evidence, zone, text), width);
  yield* section(sections.sessions, sessionLines(sessions, host.ip, zone, text), width);
  if (!isServer) yield* section(sections.hashrate, rateLines(host, sessions, text), width);
  yield* section(sections.traffic, trafficLines(host, text), width);
  yield* section(sections.unseen, unseenLines(audit, host, sessions, text), width);
  yield* section(sections.lookAlikes, lookAlikeLines(host.evidence, text), width);
  yield* section(sections.next, nextLines(host, text), width);
}

/** What to look for at the machine of a host, for a case file. */
export function* renderLookFor(
  audit: Audit,
  host: AuditHost,
  { width, language }: Pick<ReportOptions, 'width' | 'language'>,
): Generator<string> {
  const text = catalogueOf(language);
  yield* setOut([paragraph([wire(host.ip), text.explain.lookFor.title])], width);
  yield '\n';
  yield* setOut([...lookForLines(host, sessionsOf(audit, host.ip), text)], width);
}

function* machineLines(host: AuditHost, zone: string, { explain }: ReportText): Iterable<Line> {
  for (const { hostname, user, mac, from, to, source } of host.machines ?? []) {
    const names = [hostname, user, mac].filter((name) => name !== null).join(', ');
    const time = (given: string | null): string => (given === null ? '?' : moment(given, zone));
    yield paragraph(explain.machine({ names: [wire(names)], source, from: time(from), to: time(to) }));
  }
}

function sessionsOf(audit: Audit, ip: string): AuditSession[] {
  return audit.sessions
    .filter((session) => session.miner.ip === ip || session.pool.ip === ip)
    .sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
}

function* verdictLines(
  host: AuditHost,
  sessions: readonly AuditSession[],
  zone: string,
  text: ReportText,
): Iterable<Line> {
  const { explain } = text;
  yield paragraph([explain.meaning[host.verdict]]);
  const rules = new Map<string, number>();
  for (const { verdict, reason } of sessions) {
    if (verdict !== host.verdict || reason === undefined) continue;
    const said = text.translate(reason);
    rules.set(said, (rules.get(said) ?? 0) + 1);
  }
  if (rules.size > 0) {
    const parts = [...rules]
      .sort((a, b) => b[1] - a[1])
      .map(([reason, count]): Phrase => [wire(reason), text.bracketed(text.count.sessions(count))]);
    yield paragraph(explain.reason({ reasons: joined(parts, text.semicolon) }));
  }
  yield paragraph(
    explain.seen({
      when: span(host.firstSeen, host.lastSeen, zone),
      lasted: lasted(host.firstSeen, host.lastSeen, text),
      roles: host.roles.length === 0 ? '' : explain.inRoles(host.roles.map((role) => text.role[role])),
    }),
  );
  if (host.through !== undefined)
    yield paragraph(
      explain.through({
        ways: joined(
          waysOf(host, text).map((way) => [wire(way)]),
          text.semicolon,
        ),
      }),
    );
}

function* ownerLines({ owner }: AuditHost, text: ReportText): Iterable<Line> {
  if (owner.class === 'unknown' && owner.name === null && owner.reasons.length === 0) return;
  const { comma, explain } = text;
  const words = explain.owner;
  const where = [owner.city, owner.region, owner.country].filter((part) => part !== null);
  const after = (said: string | null | undefined): Phrase =>
    said == null || said === '' ? [] : [comma, wire(said)];
  yield paragraph([
    ...words.class({ class: text.ownerClass[owner.class] }),
    ...after(owner.name),
    ...(owner.asn === null ? [] : [text.bracketed(`AS${owner.asn}`)]),
    ...after(where.join(', ')),
    ...after(owner.department),
    ...(owner.source === null ? [text.stop] : words.known({ source: [wire(text.word(owner.source))] })),
    ...(owner.rule == null ? [] : [text.colon, wire(text.translate(owner.rule))]),
    ...(owner.confidence === null ? [] : [words.confidence(owner.confidence)]),
    ...(owner.source === null ? [] : [words.end]),
    ...(owner.contact == null ? [] : words.contact({ contact: [wire(owner.contact)] })),
  ]);
  if (owner.reasons.length > 0) {
    const signs = joined(
      owner.reasons.map((reason) => [wire(text.translate(reason))]),
      text.semicolon,
    );
    yield paragraph(words.intent({ intent: text.intent[owner.intent], signs }));
  }
}

function* factLines(evidence: readonly Evidence[], zone: string, text: ReportText): Iterable<Line> {
  const { explain } = text;
  const ordered = [...evidence].sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  for (const [i, fact] of ordered.entries()) {
    const said = text.translate(fact);
    const title = kindOf(fact.kind, text)?.title;
    const prefix = title !== undefined && !said.startsWith(title) ? `${title}${text.colon}` : '';
    yield item(`${i + 1}.`, [prefix, wire(said), fact.count > 1 ? explain.times(fact.count) : '']);
    yield below(
      explain.place({
        strength: explain.strength[fact.strength],
        input: fact.input === '' ? explain.noInput : [wire(fact.input)],
        record: fact.record > 0 ? explain.record(fact.record) : '',
        time: moment(fact.time, zone),
      }),
    );
  }
  if (ordered.length === 0) yield paragraph([explain.noFacts]);
}

/** A time to the millisecond. */
export function moment(time: string, zone: string): string {
  const [start = time] = span(time, time, zone).split(' – ');
  const milliseconds = /\.(\d{1,3})/.exec(time)?.[1]?.padEnd(3, '0');
  return `${start}${milliseconds === undefined ? '' : `.${milliseconds}`} ${zone}`;
}

function* trafficLines(host: AuditHost, text: ReportText): Iterable<Line> {
  const { traffic, duty, power } = host;
  const words = text.explain.traffic;
  // Out is always from miner to pool, also if the host is the pool.
  const names = isPoolServer(host) ? words.miners : words.pools;
  const way = (name: string, bytes: number, packets: number, mbps: number): string =>
    words.way(name, byteCount(bytes), text.count.packets(packets), bitrate(mbps));
  yield paragraph(
    words.both({
      label: names.label,
      out: way(names.out, traffic.bytesOut, traffic.packetsOut, traffic.mbpsOut),
      in: way(names.in, traffic.bytesIn, traffic.packetsIn, traffic.mbpsIn),
    }),
  );
  // Of a suspicion it is not known that it mined at all.
  if (duty !== null) yield paragraph([words[isCountedMiner(host) ? 'duty' : 'activity'](percent(duty))]);
  if (power === null) return;
  const watts = interval(power.watts, power.wattsLow, power.wattsHigh, 'W');
  const [kwh, low, high] = [power.kwhPerDay, power.kwhPerDayLow, power.kwhPerDayHigh].map(significant);
  yield paragraph([words.power(watts, kwh, low, high)]);
}

function* lookAlikeLines(evidence: readonly Evidence[], text: ReportText): Iterable<Line> {
  for (const id of new Set(evidence.map((fact) => fact.kind))) {
    const kind = kindOf(id, text);
    if (kind !== null) yield item('-', text.explain.lookAlike(kind));
  }
}

/** Words of a kind of evidence; null if the audit is of another version, and the kind unknown. */
function kindOf(id: string, { kind }: ReportText): ReportText['kind']['share'] | null {
  return Object.hasOwn(kind, id) ? kind[id as keyof typeof kind] : null;
}

function* section(title: string, lines: Iterable<Line>, width: number): Generator<string> {
  const all = [...lines];
  if (all.length === 0) return;
  yield `\n${title}\n`;
  yield* setOut(all, width);
}

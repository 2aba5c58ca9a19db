/**
 * One host of an audit explained in plain sentences: first its verdict, what to do, the strongest facts and the false positives
 * that they leave open; in full each fact with its place in the input, its sessions in order, the sources of its rate, and what
 * could not be seen. For a terminal or a case file, as plain text.
 */
import type { Audit, AuditHost, AuditSession, Evidence } from '../../audit/audit.ts';
import { saysItsTitle } from '../../audit/evidence-kinds.ts';
import { isLeased, machineNames } from '../../audit/machines.ts';
import { isCountedMiner, isPoolServer } from '../../audit/miners.ts';
import { readerOf } from '../../audit/reader.ts';
import { strongestFirst } from '../../audit/strength.ts';
import { compareText } from '../../order.ts';
import { catalogueOf } from '../../statements/catalogue.ts';
import type { ReportText } from '../../statements/codes.ts';
import { bitrate, byteCount, clock } from '../../statements/figures.ts';
import { statedFacts } from '../facts.ts';
import type { ReportOptions } from '../format.ts';
import { joined, type Phrase, wire, wires } from '../phrase.ts';
import { dutyOf, waysOf } from '../rows.ts';
import { below, counted, item, type Line, lasted, paragraph, setOut } from './lines.ts';
import { lookForLines, nextLines } from './next.ts';
import { rateLines } from './rates.ts';
import { sessionLines } from './sessions.ts';
import { unseen } from './unseen.ts';

const NARROWEST = 40;

/** What the short explanation has. */
const FACTS_SHOWN = 3;
/** Other addresses of a machine that are named. */
const MOST_ADDRESSES = 5;

type Page = Pick<ReportOptions, 'width' | 'zone' | 'language' | 'reader'>;

/** The explanation in full, a line at a time. `host` must be of the audit. */
export function* renderExplanation(audit: Audit, host: AuditHost, options: Page): Generator<string> {
  const text = catalogueOf(options.language, readerOf(audit, options.reader));
  const { sections } = text.explain;
  const { zone } = options;
  const width = Math.max(NARROWEST, options.width);
  const sessions = sessionsOf(audit, host.ip);
  yield* setOut(
    [
      statusLine(host, text),
      ...verdictLines(host, sessions, zone, text),
      ...ownerLines(host, text),
      ...machineLines(host, zone, text),
      ...otherAddressLines(audit, host, zone, text),
    ],
    width,
  );
  yield* section(sections.next, nextLines(host, text), width);
  const inOrder = host.evidence.toSorted((a, b) => compareText(a.time, b.time));
  yield* section(sections.facts, factLines(inOrder, zone, text), width);
  yield* section(sections.sessions, sessionLines(sessions, host.ip, zone, text), width);
  if (!isPoolServer(host)) yield* section(sections.hashrate, rateLines(host, sessions, text), width);
  yield* section(sections.traffic, trafficLines(host, text), width);
  const notSeen = [...unseen(audit, host, sessions, text)].map((phrase) => item('-', phrase));
  yield* section(sections.unseen, notSeen, width);
  yield* section(sections.lookAlikes, lookAlikeLines(host.evidence, text), width);
}

/** What decides, for a screen: the sentence, what to do, the strongest facts, what else they could be, and how to see the rest. */
export function* renderShortExplanation(audit: Audit, host: AuditHost, options: Page): Generator<string> {
  const text = catalogueOf(options.language, readerOf(audit, options.reader));
  const { explain } = text;
  const { zone } = options;
  const width = Math.max(NARROWEST, options.width);
  const { owner, evidence } = host;
  const status = [
    statusLine(host, text),
    paragraph([explain.meaning[host.verdict]]),
    seenLine(host, zone, text),
  ];
  const isOwned = owner.class !== 'unknown' || owner.intent !== 'undetermined';
  yield* setOut(
    [
      ...status,
      ...(isOwned ? ownerLines(host, text) : []),
      ...machineLines(host, zone, text),
      ...otherAddressLines(audit, host, zone, text),
    ],
    width,
  );
  yield* section(explain.sections.next, nextLines(host, text), width);
  const strongest = strongestFirst(evidence.toSorted((a, b) => b.count - a.count)).slice(0, FACTS_SHOWN);
  const title = explain.sections.strongest(strongest.length, evidence.length);
  yield* section(title, factLines(strongest, zone, text), width);
  yield* section(explain.sections.lookAlikes, lookAlikeLines(evidence, text), width);
  const sessions = text.count.sessions(sessionsOf(audit, host.ip).length);
  yield '\n';
  yield* setOut([paragraph([explain.more(sessions)])], width);
}

function statusLine(host: AuditHost, text: ReportText): Line {
  return paragraph(
    (isPoolServer(host) ? text.explain.isServer : text.explain.is)({
      ip: host.ip,
      role: host.roles.map((role) => text.role[role]).join(),
      verdict: text.verdict[host.verdict],
    }),
  );
}

/** What to look for at the machine of a host, for a case file. */
export function* renderLookFor(
  audit: Audit,
  host: AuditHost,
  { width, language }: Pick<ReportOptions, 'width' | 'language'>,
): Generator<string> {
  const text = catalogueOf(language);
  yield* setOut([paragraph(text.explain.lookFor.title(host))], width);
  yield '\n';
  yield* setOut([...lookForLines(host, sessionsOf(audit, host.ip), text)], width);
}

function* machineLines(host: AuditHost, zone: string, text: ReportText): Iterable<Line> {
  const { explain, comma } = text;
  const { rigs, rigsBy } = host;
  if (rigsBy !== undefined)
    yield paragraph([
      explain.rigs(
        text.figures.range(rigs.low, rigs.high),
        rigsBy.map((sign) => text.rigSign[sign]),
      ),
    ]);
  for (const { from, to, source, ...machine } of host.machines ?? []) {
    const names = machineNames(machine).join(comma);
    const time = (given: string | null): string => (given === null ? '?' : `${clock(given, zone)} ${zone}`);
    const leased =
      from === null && to === null
        ? explain.machineListed({ names })
        : explain.machine({ names, from: time(from), to: time(to) });
    yield paragraph(isLeased({ source }) ? leased : explain.machineInFrames({ names }));
  }
}

function sessionsOf(audit: Audit, ip: string): AuditSession[] {
  return audit.sessions
    .filter((session) => session.miner.ip === ip || session.pool.ip === ip)
    .sort((a, b) => compareText(a.start, b.start));
}

function* verdictLines(
  host: AuditHost,
  sessions: readonly AuditSession[],
  zone: string,
  text: ReportText,
): Iterable<Line> {
  const { explain } = text;
  yield paragraph([explain.meaning[host.verdict]]);
  const reasons = sessions.flatMap(({ verdict, reason }) =>
    verdict !== host.verdict || reason === undefined ? [] : [text.translate(reason)],
  );
  if (reasons.length > 0) {
    const parts = counted(reasons)
      .sort((a, b) => b[1] - a[1])
      .map(([reason, count]): Phrase => [wire(reason), text.bracketed(text.count.sessions(count))]);
    yield paragraph(explain.reason({ reasons: joined(parts, text.semicolon) }));
  }
  yield seenLine(host, zone, text);
  if (host.through !== undefined)
    yield paragraph(explain.through({ ways: wires(waysOf(host, text), text.semicolon) }));
}

function seenLine({ firstSeen, lastSeen, roles }: AuditHost, zone: string, text: ReportText): Line {
  const words = roles.map((role) => text.role[role]);
  const when = text.figures.span(firstSeen, lastSeen, zone);
  return paragraph([text.explain.seen(when, lasted(firstSeen, lastSeen, text), words)]);
}

/** A machine that moved is as many hosts as it had addresses. */
function* otherAddressLines(
  { machines }: Audit,
  { ip }: AuditHost,
  zone: string,
  text: ReportText,
): Iterable<Line> {
  for (const { addresses } of machines) {
    const others = addresses.filter((address) => address.ip !== ip);
    if (others.length === 0 || others.length === addresses.length) continue;
    const shown = others
      .slice(0, MOST_ADDRESSES)
      .map(
        (address): Phrase => [
          wire(address.ip),
          text.bracketed(text.figures.span(address.from, address.to, zone)),
        ],
      );
    const more = others.length - shown.length;
    const list = more > 0 ? [...shown, [text.explain.alsoMore(more)]] : shown;
    yield paragraph(
      text.explain.alsoAt({ since: moment(addresses[0].from, zone), others: joined(list, text.semicolon) }),
    );
  }
}

function* ownerLines({ owner }: AuditHost, text: ReportText): Iterable<Line> {
  if (owner.class === 'unknown' && owner.name === null && owner.reasons.length === 0) return;
  const place = [owner.city, owner.region, owner.country].filter((part) => part !== null).join(text.comma);
  yield paragraph(
    text.explain.owner({
      class: text.ownerClass[owner.class],
      name: text.word(owner.name ?? '') || null,
      asn: owner.asn,
      place: place || null,
      department: owner.department || null,
      source: owner.source === null ? null : text.word(owner.source),
      // Of reserved space the rule is the name.
      rule: owner.rule == null || owner.source === 'reserved' ? null : text.translate(owner.rule),
      confidence: owner.confidence,
      contact: owner.contact ?? null,
    }),
  );
  if (owner.reasons.length > 0) {
    const signs = wires(owner.reasons.map(text.translate), text.semicolon);
    yield paragraph(text.explain.intent({ intent: text.intent[owner.intent], signs }));
  }
}

function* factLines(evidence: readonly Evidence[], zone: string, text: ReportText): Iterable<Line> {
  const { explain } = text;
  const { common, said: saidOf } = statedFacts(evidence, text);
  if (common !== null) yield paragraph([wire(common)]);
  for (const [i, fact] of evidence.entries()) {
    const said = saidOf(fact);
    const title = saysItsTitle(fact.kind) ? '' : (kindOf(fact.kind, text)?.title ?? '');
    yield item(
      `${i + 1}.`,
      explain.fact({ title: said.startsWith(title) ? null : title, said, count: fact.count }),
    );
    yield below(
      explain.place({
        strength: explain.strength[fact.strength],
        input: fact.input,
        record: fact.record,
        time: moment(fact.time, zone),
      }),
    );
  }
  if (evidence.length === 0) yield paragraph([explain.noFacts]);
}

/** A time to the millisecond. */
function moment(time: string, zone: string): string {
  const milliseconds = /\.(\d{1,3})/.exec(time)?.[1]?.padEnd(3, '0');
  return `${clock(time, zone)}${milliseconds === undefined ? '' : `.${milliseconds}`} ${zone}`;
}

function* trafficLines(host: AuditHost, text: ReportText): Iterable<Line> {
  const { traffic, power } = host;
  const words = text.explain.traffic;
  // Out is always from miner to pool, also if the host is the pool.
  const names = isPoolServer(host) ? words.miners : words.pools;
  const way = (name: string, bytes: number, packets: number, mbps: number): string =>
    words.way(name, byteCount(bytes), text.count.packets(packets), bitrate(mbps));
  const out = way(names.out, traffic.bytesOut, traffic.packetsOut, traffic.mbpsOut);
  yield paragraph([
    words.both(names.label, out, way(names.in, traffic.bytesIn, traffic.packetsIn, traffic.mbpsIn)),
  ]);
  // Of a suspicion it is not known that it mined at all.
  const duty = dutyOf(host, text);
  if (duty !== null) yield paragraph([words[isCountedMiner(host) ? 'duty' : 'activity'](duty)]);
  if (host.observedSeconds !== undefined)
    yield paragraph([words.watched(text.figures.duration(host.observedSeconds))]);
  if (power === null) return;
  const [watts, kwh] = text.figures.power(power);
  yield paragraph([words.power(watts, kwh)]);
}

/** What else the strongest facts could be: what the weaker ones leave open is settled by them. */
function* lookAlikeLines(evidence: readonly Evidence[], text: ReportText): Iterable<Line> {
  const [strongest] = strongestFirst(evidence);
  const deciding = evidence.filter(({ strength }) => strength === strongest?.strength);
  for (const id of new Set(deciding.map((fact) => fact.kind))) {
    const kind = kindOf(id, text);
    if (kind !== null) yield item('-', [text.explain.lookAlike(kind.title, kind.rule, kind.lookAlike)]);
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

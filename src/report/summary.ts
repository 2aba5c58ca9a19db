/**
 * The totals of an audit in sentences, in the order in which an administrator asks: what was looked at, how much of
 * it could be read, what was found, what could not be seen, what was damaged. Every share states its whole, and an
 * audit with too little coverage is never called clean.
 */

import { endpointText } from '../address.ts';
import type { Audit, AuditInput, AuditSession, AuditUndecided, Judged, Verdict } from '../audit/audit.ts';
import { VERDICTS } from '../audit/audit.ts';
import {
  allNotJudged,
  conversationsOf,
  isNothingJudged,
  judgedParts,
  reasonsOf,
  seenPart,
} from '../audit/judged.ts';
import { countedHosts, isAtLeast, isCountedMiner } from '../audit/miners.ts';
import { groupBy, totalOf } from '../order.ts';
import type { ReportText } from '../statements/codes.ts';
import { bitrate, byteCount, grouped, si } from '../statements/figures.ts';
import { departmentsOf, hasDepartments } from './departments.ts';
import type { Phrase } from './phrase.ts';
import { joined, wire } from './phrase.ts';
import { institutionalOf, institutionalRange } from './shares.ts';
import { othersTexts, trafficShares } from './traffic.ts';

/** A label with one or more sentences; `rates` marks the place of the hashrate rows. */
export interface SummaryLine {
  readonly label: string;
  readonly phrases: readonly Phrase[];
}

/** Damage of at most this many inputs is told in full. */
const DAMAGED_INPUTS_SHOWN = 10;
const CITIES_SHOWN = 5;
const DEPARTMENTS_SHOWN = 5;

/** What was looked at: above the hashrate rows. */
export function summaryAbove(audit: Audit, zone: string, text: ReportText): SummaryLine[] {
  return [
    { label: text.label.window, phrases: [[windowText(audit, zone, text)]] },
    { label: text.label.inputs, phrases: [[inputsText(audit, text)]] },
    { label: text.label.coverage, phrases: [[coverageText(audit, text)]] },
    ...(audit.hosts.length === 0 ? [] : foundLines(audit, text)),
  ];
}

/** Energy, blind spots and damage: below the hashrate rows. */
export function summaryBelow(audit: Audit, text: ReportText): SummaryLine[] {
  const { label } = text;
  const { power } = audit.totals;
  const foreign = (sentences: readonly string[]): Phrase[] => sentences.map((each) => [wire(each)]);
  return withPhrases([
    [label.power, power === null ? [] : [[text.summary.power(...text.figures.power(power))]]],
    [label.modelled, modelledPhrases(audit, text)],
    [label.notSeen, notObservable(audit, text)],
    [label.undecided, foreign(undecidedTexts(audit, text))],
    [label.damage, damagePhrases(audit.inputs, text)],
    [label.notes, foreign(audit.notes.map((note) => text.translate(note)))],
    [label.sources, foreign(creditsOf(audit))],
  ]);
}

/** The lines that say something. */
function withPhrases(
  lines: readonly (readonly [label: string, phrases: readonly Phrase[]])[],
): SummaryLine[] {
  return lines.flatMap(([label, phrases]) => (phrases.length === 0 ? [] : [{ label, phrases }]));
}

/** Whose data the audit holds, as their licences ask for. */
export function creditsOf({ sources }: Audit): string[] {
  return sources.flatMap(({ attribution }) => (attribution === '' ? [] : [attribution]));
}

/** Assumptions of modelled rates that are told in full. */
const ASSUMPTIONS_SHOWN = 3;

/** What was modelled, not measured: power without a rate behind it, and the assumptions of modelled rates. */
function modelledPhrases(audit: Audit, text: ReportText): Phrase[] {
  const { modelledPower: power, hashrateAssumptions = [] } = audit.totals;
  const more = hashrateAssumptions.length - ASSUMPTIONS_SHOWN;
  return [
    ...(power === undefined
      ? []
      : [
          [
            text.summary.modelledPower(
              text.count.hosts(unmeasuredHosts(audit)),
              ...text.figures.power(power),
            ),
          ],
        ]),
    ...hashrateAssumptions.slice(0, ASSUMPTIONS_SHOWN).map((each) => [wire(text.translate(each))]),
    ...(more > 0 ? [[text.summary.moreAssumptions(more)]] : []),
  ];
}

/** Miners whose power is modelled alone. */
export function unmeasuredHosts({ hosts }: Audit): number {
  return hosts.filter((host) => isCountedMiner(host) && host.power?.tier === 'C').length;
}

/** What power and modelled rates rest on beyond the traffic, in the words of the language. */
export function assumptionsOf({ totals }: Audit, text: ReportText): string[] {
  const hasPower = totals.power !== null || totals.modelledPower !== undefined;
  return [...(totals.hashrateAssumptions ?? []), ...(hasPower ? totals.powerAssumptions : [])].map(
    text.translate,
  );
}

/** The warning of an interrupted run, or null. */
function partialWarning(audit: Audit, text: ReportText): string | null {
  if (!audit.partial) return null;
  const read = audit.inputs.length;
  return text.summary.partial(read, read + (audit.unread ?? 0));
}

/** What an audit of some hosts is of, or null if it is of all. */
function filterNote({ filter }: Audit, { summary, comma, semicolon, verdict }: ReportText): string | null {
  if (filter === undefined) return null;
  const { hosts, departments, pool } = filter;
  const parts = [
    ...(hosts.length > 0 ? [summary.filterHosts(hosts.join(comma))] : []),
    ...(departments.length > 0
      ? [summary.filterDepartments(departments.map((name) => name || summary.noDepartment).join(comma))]
      : []),
    ...(filter.verdict === null ? [] : [summary.filterVerdict(verdict[filter.verdict])]),
    ...(pool === null ? [] : [summary.filterPool(pool)]),
  ];
  return summary.filtered(parts.join(semicolon));
}

/** What a reader must know before all else: that the run was cut short, that hosts were left out, what was found. */
export function warningsOf(audit: Audit, text: ReportText): string[] {
  return [...doubtsOf(audit, text), headline(audit, text)];
}

/** That the run was cut short, or hosts were left out. */
export function doubtsOf(audit: Audit, text: ReportText): string[] {
  return [partialWarning(audit, text), filterNote(audit, text)].filter((each) => each !== null);
}

/** What the audit says above all: what was found, in how many conversations, and how many could not be judged. */
export function headline(audit: Audit, text: ReportText): string {
  const { summary, count } = text;
  const { judged } = audit.coverage;
  if (audit.hosts.length > 0)
    return summary.found(verdictCounts(audit, text), conversationsText(audit, text), judgedText(audit, text));
  // Of the others this audit does not speak.
  if (audit.filter !== undefined) return summary.noneLeft;
  const inputs = count.inputs(audit.inputs.length);
  const looked = summary.looked(recordsText(recordsIn(audit), text), inputs);
  const { sessions, poolConnections: contacts } = audit.allowed ?? { sessions: 0, poolConnections: 0 };
  const beside =
    sessions + contacts === 0
      ? ''
      : summary.besideAllowed(count.sessions(sessions), count.contacts(contacts));
  if (audit.partial) return summary.quietPartial(looked, beside);
  if (audit.window.start === null) {
    return isOutside(audit)
      ? summary.nothingInside(recordsText(recordsOf(audit.inputs), text), inputs)
      : summary.nothingRead(inputs);
  }
  if (hasNamesAlone(audit)) return summary.namesAlone(count.names(total(audit.inputs, 'names')), inputs);
  if (isNothingJudged(judged))
    return summary.notJudged(conversationsText(audit, text), reasonsText(judged, text), beside);
  const say = audit.coverage.complete ? summary.quiet : summary.quietIncomplete;
  return say(conversationsText(audit, text), judgedText(audit, text), beside);
}

/** '12,431 conversations of 1,902 hosts'. */
function conversationsText({ coverage, inputs }: Audit, text: ReportText): string {
  return ofHosts(conversationsOf(coverage.judged), inputs.at(-1)?.hosts, text);
}

/** From this part of all bytes on it is told that they are in no conversation. */
const LEAST_APART = 0.05;

/** '17 conversations of 9 hosts could not be judged (12 encrypted, 4 in tunnels, 1 unread)'. */
function judgedText({ coverage, inputs }: Audit, text: ReportText): string {
  const { judged, counts } = coverage;
  const { conversations } = allNotJudged(judged);
  const said =
    conversations === 0
      ? text.summary.allJudged
      : text.summary.someJudged(
          ofHosts(conversations, inputs.at(-1)?.hostsNotJudged, text),
          reasonsText(judged, text),
        );
  const apart = (counts?.apart ?? 0) / Math.max(1, (counts?.all.bytes ?? 0) + (counts?.records.bytes ?? 0));
  return apart < LEAST_APART
    ? said
    : `${said}${text.semicolon}${text.summary.apart(text.figures.percent(apart))}`;
}

function ofHosts(conversations: number, hosts: number | undefined, { summary, count }: ReportText): string {
  const counted = count.conversations(conversations);
  return hosts === undefined || hosts === 0 ? counted : summary.ofHosts(counted, count.hosts(hosts));
}

export function reasonsText(judged: Judged, { summary, comma }: ReportText): string {
  return reasonsOf(judged)
    .map(([why, conversations]) => summary.unjudged(grouped(conversations), summary.whyUnjudged[why]))
    .join(comma);
}

function foundLines(audit: Audit, text: ReportText): SummaryLine[] {
  const { totals, clusters = [] } = audit;
  const { summary, count, label } = text;
  const { low, high } = totals.machines;
  const rigs = high > 0 ? summary.rigs(count.machines(low, high), totals.minerAddresses) : '';
  const { bytesOut, bytesIn, mbpsOut, mbpsIn } = totals.traffic;
  const shares = trafficShares(audit);
  const clustered = count.addresses(new Set(clusters.flatMap(({ addresses }) => addresses)).size);
  const whole = summary.ofWhole(count.minerAddresses(totals.minerAddresses));
  const departments = firstOf(
    hasDepartments(audit) ? departmentsOf(audit) : [],
    DEPARTMENTS_SHOWN,
    ({ department, hosts, watts }) => [
      department === '' ? summary.noDepartment : wire(department),
      summary.department(hosts.length, watts === 0 ? '' : si(watts, 'W')),
    ],
    summary.moreDepartments,
    text,
  );
  const places = firstOf(
    totals.cities,
    CITIES_SHOWN,
    ({ city, addresses }) => [
      wire(city),
      summary.place(addresses, text.figures.percent(addresses / totals.minerAddresses)),
    ],
    summary.morePlaces,
    text,
  );
  return withPhrases([
    [label.hosts, [[hostsText(audit, text)]]],
    [label.miners, [[summary.miners(count.addresses(totals.minerAddresses)), rigs]]],
    [label.owners, ownerPhrases(audit, text)],
    [label.departments, departments.map((phrase) => [...phrase, whole])],
    [label.places, places.map((phrase) => [...phrase, whole])],
    [
      label.clusters,
      clusters
        .slice(0, 1)
        .map((largest) => [summary.clusters(clusters.length, clustered, largest.addresses.length)]),
    ],
    [
      label.traffic,
      [
        [
          summary.traffic(bitrate(mbpsOut + mbpsIn), bitrate(mbpsOut), bitrate(mbpsIn)),
          summary.trafficBytes(byteCount(bytesOut + bytesIn), count.sessions(shares.minerSessions)),
        ],
        ...othersTexts(shares, text).map((others) => [others]),
      ],
    ],
  ]);
}

/** Whose the miners are; nothing if nobody knows. */
function ownerPhrases(audit: Audit, text: ReportText): Phrase[] {
  const { totals } = audit;
  const { summary, count } = text;
  if (totals.owners.every((owner) => owner.class === 'unknown')) return [];
  const owners = totals.owners.map((owner) =>
    summary.ownerCount(text.ownerClass[owner.class], owner.addresses, text.figures.percent(owner.share)),
  );
  const whole = count.minerAddresses(totals.minerAddresses);
  const phrases: Phrase[] = [[summary.owners(owners.join(text.comma), whole)]];
  const found = institutionalOf(audit);
  if (found === null) return phrases;
  const range = institutionalRange(audit, text);
  phrases.push([summary.institutional(text.figures.percent(found.share), range, found.addresses)]);
  const { institutionalShareWithResearch: wider } = totals;
  if (wider != null && wider > found.share)
    phrases.push([summary.withResearch(text.figures.percent(wider), Math.round(wider * found.all))]);
  return phrases;
}

/** The first rows in one phrase, and how many more there are; nothing if there are none. */
function firstOf<Row>(
  rows: readonly Row[],
  most: number,
  phraseOf: (row: Row) => Phrase,
  moreOf: (count: number) => string,
  { comma }: ReportText,
): Phrase[] {
  if (rows.length === 0) return [];
  const more = rows.length > most ? moreOf(rows.length - most) : '';
  return [[...joined(rows.slice(0, most).map(phraseOf), comma), more]];
}

/** '3 confirmed, 1 probable': verdicts that some machine has. */
export function verdictCounts(audit: Audit, text: ReportText): string {
  const { machines, totals } = audit;
  if (machines.length === 0) return countsText(totals.hosts, text);
  const counts = { confirmed: 0, probable: 0, suspected: 0, attempted: 0, listed: 0 };
  for (const { verdict } of machines) counts[verdict]++;
  return countsText(counts, text);
}

function countsText(hosts: Audit['totals']['hosts'], text: ReportText): string {
  return VERDICTS.filter((verdict: Verdict) => hosts[verdict] > 0)
    .map((verdict) => text.summary.verdictCount(hosts[verdict], text.verdict[verdict]))
    .join(text.comma);
}

/** The verdicts with their whole, and the pool servers that have rows but are not part of it. */
function hostsText(audit: Audit, text: ReportText): string {
  const { summary, count } = text;
  const counted = countedHosts(audit).length;
  const said = summary.hosts(countsText(audit.totals.hosts, text), count.hosts(counted));
  const servers = audit.hosts.length - counted;
  return servers === 0 ? said : `${said}${text.semicolon}${summary.servers(servers)}`;
}

/** If less of the window was watched, that is said. */
const WATCHED = 0.99;

/** The window with its length, and what of it was watched. */
export function windowText(audit: Audit, zone: string, text: ReportText): string {
  const { start, end, seconds, observedSeconds } = audit.window;
  if (start === null || end === null) {
    return isOutside(audit) ? text.summary.noneInside : text.summary.noWindow;
  }
  const whole = `${text.figures.span(start, end, zone)}${text.bracketed(text.figures.duration(seconds))}`;
  return observedSeconds >= WATCHED * seconds
    ? whole
    : `${whole}${text.comma}${text.summary.observed(text.figures.duration(observedSeconds))}`;
}

/** Packets and flow records. */
interface Records {
  readonly packets: number;
  readonly flows: number;
}

/** All that the inputs hold. */
function recordsOf(inputs: readonly AuditInput[]): Records {
  return { packets: total(inputs, 'packets'), flows: total(inputs, 'flows') };
}

function total(inputs: readonly AuditInput[], field: 'bytes' | 'packets' | 'flows' | 'names'): number {
  return totalOf(inputs, (input) => input[field] ?? 0);
}

/** What of it lies in the times asked for: of nothing else the audit speaks. */
function recordsIn({ window, inputs }: Audit): Records {
  const { packets, flows } = recordsOf(inputs);
  return { packets: window.packets ?? packets, flows: window.flows ?? flows };
}

/** True if names were read, and no packet and no flow. */
function hasNamesAlone(audit: Audit): boolean {
  const { packets, flows } = recordsIn(audit);
  return packets + flows === 0 && total(audit.inputs, 'names') > 0 && audit.window.start !== null;
}

/** True if something was read, and nothing of it lies in the times asked for. */
function isOutside({ window, inputs }: Audit): boolean {
  const { packets, flows } = recordsOf(inputs);
  return window.start === null && window.packets !== undefined && packets + flows > 0;
}

/** '169 packets and 12 flows'. */
function recordsText({ packets, flows }: Records, text: ReportText): string {
  const { count } = text;
  if (flows === 0) return count.packets(packets);
  return packets === 0 ? count.flows(flows) : count.records(count.packets(packets), count.flows(flows));
}

/** How many inputs were read, damaged and unreadable. */
export function inputsText(audit: Audit, text: ReportText): string {
  const { inputs } = audit;
  const { summary } = text;
  const unreadable = inputs.filter((input) => input.kind === 'unreadable').length;
  const damaged = inputs.filter((input) => input.damage.length > 0).length - unreadable;
  const states = [summary.inputsRead(inputs.length - unreadable, inputs.length)];
  if (damaged > 0) states.push(summary.inputsDamaged(damaged));
  if (unreadable > 0) states.push(summary.inputsUnreadable(unreadable));
  const read = recordsOf(inputs);
  const inside = recordsIn(audit);
  const isAll = inside.packets === read.packets && inside.flows === read.flows;
  const part = isAll ? '' : `${text.semicolon}${summary.inWindow(recordsText(inside, text))}`;
  return `${states.join(text.comma)}${text.semicolon}${byteCount(total(inputs, 'bytes'))}${text.comma}${recordsText(read, text)}${part}`;
}

/** Why nobody may call the network clean: the run was cut short, too little could be read or matched. */
export function whyIncomplete(audit: Audit, text: ReportText): string {
  return [...warningsOf(audit, text), coverageText(audit, text)].reduce((said, next) =>
    text.sentences(said, next),
  );
}

/** Below this part of conversations that were seen whole, more time would tell more. */
const MOSTLY_SEEN = 0.99;

/** What part could be judged and read, and whether enough was seen. */
export function coverageText(audit: Audit, text: ReportText): string {
  const { complete, decoded, encrypted, oneSided, truncated, sampled, judged } = audit.coverage;
  const { summary } = text;
  if (hasNamesAlone(audit)) return summary.namesOnly(text.count.names(total(audit.inputs, 'names')));
  const { conversations, bytes } = judgedParts(judged);
  const parts =
    conversationsOf(judged) === 0
      ? []
      : [summary.judgedParts(text.figures.percent(conversations), text.figures.percent(bytes))];
  if (seenPart(judged) < MOSTLY_SEEN) parts.push(summary.captureLonger);
  parts.push(summary.bytesDecoded(text.figures.percent(decoded.bytes)));
  if (truncated.packets > 0) parts.push(summary.truncated(text.figures.percent(truncated.packets)));
  if (sampled.packets > 0) parts.push(summary.sampled(text.figures.percent(sampled.packets)));
  const ofTcp: string[] = [];
  if (encrypted.bytes > 0) ofTcp.push(summary.encrypted(text.figures.percent(encrypted.bytes)));
  if (oneSided.bytes > 0) ofTcp.push(summary.oneSided(text.figures.percent(oneSided.bytes)));
  if (ofTcp.length > 0) parts.push(summary.ofTcpBytes(ofTcp.join(text.comma)));
  return `${complete ? '' : summary.incomplete}${parts.join(text.semicolon)}`;
}

/** Why a session that was gained has no rate. */
function blindness(session: AuditSession, text: ReportText): string | null {
  // What is modelled was not seen for that.
  if (session.hashrate.some(({ basis }) => basis !== 'modelled')) return null;
  if (!isAtLeast(session.verdict, 'suspected')) return null;
  const { blind } = text.summary;
  if (session.transport === 'tls' || session.transport === 'noise') return blind.encrypted;
  if (session.dialect === 'flow') return blind.flow;
  if (session.shares.submitted === 0) return blind.noShare;
  return session.algorithm === null ? blind.noAlgorithm : blind.noDifficulty;
}

/** What could not be measured in the sessions that were found, and how many they are. */
export function notObservable(audit: Audit, text: ReportText): Phrase[] {
  const { count, summary } = text;
  const unpricedShares = totalOf(audit.sessions, ({ work }) => work.unpricedShares);
  const phrases = [...groupBy(audit.sessions, (session) => blindness(session, text))].flatMap(
    ([reason, sessions]): Phrase[] => {
      const hosts = count.hosts(new Set(sessions.map(({ miner }) => miner.ip)).size);
      return reason === null ? [] : [[summary.blindTo(count.sessions(sessions.length), hosts, reason)]];
    },
  );
  if (unpricedShares > 0) phrases.push([summary.unpriced(count.shares(unpricedShares))]);
  return phrases;
}

/** The conversations that could not be judged, if they were asked for: the longest first, with what would settle each; equal ones once. */
export function undecidedTexts({ coverage }: Audit, text: ReportText): string[] {
  const said = (coverage.undecided ?? []).map((each) => undecidedText(each, text));
  return [...groupBy(said, String)].map(([sentence, equal]) =>
    equal.length === 1 ? sentence : text.summary.times(equal.length, sentence),
  );
}

/** One of them; its name is from the wire. */
export function undecidedText(
  { client, server, port, name, transport, start, end, bytes, reason, conversations }: AuditUndecided,
  { summary, comma, figures, count }: ReportText,
): string {
  const seconds = (Date.parse(end) - Date.parse(start)) / 1000;
  const about = [
    ...(name === '' ? [] : [name]),
    transport,
    ...(conversations === undefined ? [] : [count.conversations(conversations)]),
    figures.duration(seconds),
    byteCount(bytes),
  ];
  const where = port === 0 ? server : endpointText(server, port);
  return summary.undecided(
    client,
    where,
    about.join(comma),
    summary.whyUnjudged[reason],
    summary.settles[reason],
  );
}

function damagePhrases(inputs: readonly AuditInput[], text: ReportText): Phrase[] {
  const damaged = inputs.filter((input) => input.damage.length > 0);
  const phrases = damaged.slice(0, DAMAGED_INPUTS_SHOWN).map((input): Phrase => {
    return [wire(input.path), text.colon, ...damageOf(input, text)];
  });
  const more = damaged.length - phrases.length;
  return more > 0 ? [...phrases, [text.summary.damageMore(text.count.moreInputs(more))]] : phrases;
}

/** The damage of one input, kind by kind. */
export function damageOf(input: AuditInput, text: ReportText): Phrase {
  return joined(
    input.damage.map((row) => [wire(text.translate(row))]),
    text.semicolon,
  );
}

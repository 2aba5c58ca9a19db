/**
 * Address by address: who it is, its sessions, its shares over time and the evidence. Strongest verdicts come first, and
 * after a number of hosts the page says where the others are told. Each section folds.
 */
import type { Audit, AuditHost, AuditSession, Evidence, Strength } from '../../audit/audit.ts';
import { STRENGTHS } from '../../audit/audit.ts';
import { rowsByMachine } from '../../audit/machine-rows.ts';
import { strongestFirst } from '../../audit/strength.ts';
import type { ReportText } from '../../statements/codes.ts';
import { bitrate, byteCount, clock, grouped, sideBySide } from '../../statements/figures.ts';
import type { Statement } from '../../statements/index.ts';
import { statedFacts } from '../facts.ts';
import { dutyOf, type HostRow, hostRows, sessionsByAddress, waysOf } from '../rows.ts';
import { intentAssessed } from '../shares.ts';
import { sharesBy, stepsOver } from '../steps.ts';
import { timeChart } from './chart.ts';
import { badge, sectionId } from './host-table.ts';
import { type Content, foreign, html, type Markup, phrase, table } from './markup.ts';
import { stepLabels } from './over-time.ts';
import { sessionTable } from './session-table.ts';

/** Hosts that have a section of their own. */
export const SECTIONS_AT_MOST = 250;
/** Those among them with a chart: each costs as much to draw as all the rest of its section ten times over. */
const CHARTS_AT_MOST = 40;
/** With at most this many hosts, all sections stand open. */
const OPEN_AT_MOST = 10;
const EVIDENCE_AT_MOST = 16;
const ADDRESSES_AT_MOST = 8;
const STEPS_AT_MOST = 60;
/** The shortest window of a session's series. */
const SERIES_SECONDS = 60;

/** The sections, piece by piece. */
export function* hostSections(
  audit: Audit,
  shown: readonly AuditHost[],
  zone: string,
  text: ReportText,
): Generator<string> {
  const { details: words } = text.page;
  const hosts = shown.slice(0, SECTIONS_AT_MOST);
  if (hosts.length === 0) return;
  yield html`<section id="details"><h2>${words.title}</h2>
<p class="note">${words.note(hosts.length, shown.length)} <span class="screen">${words.printNote}</span></p>
<p class="controls" id="detail-controls" hidden><button type="button" id="open-all">${words.openAll}</button> <button type="button" id="close-all">${words.closeAll}</button></p>
`.text;
  const rows = hostRows(audit, hosts, text, zone);
  const sessions = sessionsByAddress(audit);
  const assessed = intentAssessed(audit);
  const ipsOf = new Map(
    rowsByMachine(audit, shown).flatMap(({ ips }) => ips.map((ip) => [ip, ips] as const)),
  );
  const places = new Map(hosts.map(({ ip }, place) => [ip, sectionId(place)]));
  for (const [place, host] of hosts.entries()) {
    const row = rows[place];
    if (row === undefined) continue;
    const own = sessions.get(host.ip) ?? [];
    const others = otherAddresses(host.ip, ipsOf.get(host.ip) ?? [], places, text.comma);
    const facts = [
      ...factsOf(host, row, assessed, zone, text),
      ...(others.length === 0 ? [] : [[words.others, others] as const]),
    ].map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`);
    yield html`<details class="host" id="${sectionId(place)}"${hosts.length <= OPEN_AT_MOST ? html` open` : null}><summary><span class="address">${foreign(host.ip)}</span> ${badge(
      host,
      text,
    )} <span class="summary">${phrase(row.role)}${summary(row)}</span></summary>
<dl class="facts">${facts}</dl>
${place < CHARTS_AT_MOST ? timelines(own, zone, text) : []}<h3>${words.sessions}</h3>
${sessionTable(host, own, zone, text)}<h3>${words.evidence} <small>${words.evidenceNote}</small></h3>
${evidenceTable(host.evidence, zone, text)}<p class="back"><a href="#hosts">${words.back}</a></p></details>
`.text;
  }
  yield '</section>\n';
}

/** Links to the sections of the other addresses that a machine had. */
function otherAddresses(
  ip: string,
  ips: readonly string[],
  places: ReadonlyMap<string, string>,
  comma: string,
): Content[] {
  const others = ips.filter((other) => other !== ip).slice(0, ADDRESSES_AT_MOST);
  return others.map((other, i) => {
    const section = places.get(other);
    const said = section === undefined ? foreign(other) : html`<a href="#${section}">${foreign(other)}</a>`;
    return [i > 0 ? comma : '', said];
  });
}

function summary(row: HostRow): Content {
  const [rate] = row.hashrate;
  const [work] = row.work;
  return [work.length > 0 ? [' · ', ...phrase(work)] : '', ' · ', ...phrase(rate)];
}

function factsOf(
  host: AuditHost,
  row: HostRow,
  assessed: boolean,
  zone: string,
  text: ReportText,
): (readonly [string, Content])[] {
  const { page } = text;
  const { details: words } = page;
  const { traffic, power, owner } = host;
  const duty = dutyOf(host, text);
  const facts: (readonly [string, Content])[] = [
    [words.seen, text.figures.span(host.firstSeen, host.lastSeen, zone)],
    ...(host.observedSeconds === undefined
      ? []
      : [[words.watched, text.figures.duration(host.observedSeconds)] as const]),
    [words.duty, duty === null ? '–' : words.dutyOf(duty)],
    [
      words.traffic,
      words.trafficOf(
        bitrate(traffic.mbpsOut),
        bitrate(traffic.mbpsIn),
        byteCount(traffic.bytesOut + traffic.bytesIn),
      ),
    ],
    [
      words.rates,
      host.hashrate.length === 0
        ? text.unknown
        : host.hashrate.map((rate, i) => [
            i > 0 ? html`<br>` : '',
            foreign(rate.algorithm),
            ` ${sideBySide([text.figures.hashrate(rate), text.basis[rate.basis]])}`,
          ]),
    ],
    [words.machines, host.rigs.high === 0 ? '–' : machinesOf(host, text)],
    [
      words.power,
      power === null
        ? page.notAssessed
        : `${words.powerOf(...text.figures.power(power))}${power.tier === undefined ? '' : `${text.semicolon}${words.tier[power.tier]}`}`,
    ],
    [words.owner, ownerLine(host, text)],
    [
      words.intent,
      owner.intent === 'undetermined' && owner.reasons.length === 0 && !assessed
        ? page.notAssessed
        : [text.intent[owner.intent], reasonList(owner.reasons, text)],
    ],
  ];
  if (host.through !== undefined)
    facts.push([words.through, foreign(waysOf(host, text).join(text.semicolon))]);
  const [machines] = row.machine;
  if (machines.length > 0) facts.push([text.column.machine.at(-1) ?? '', phrase(machines)]);
  const [accounts] = row.account;
  if (accounts.length > 0) facts.push([words.accounts, phrase(accounts)]);
  return facts;
}

function reasonList(reasons: readonly Statement[], text: ReportText): Content {
  if (reasons.length === 0) return null;
  return html`<ul>${reasons.map((reason) => html`<li>${foreign(text.translate(reason))}</li>`)}</ul>`;
}

function ownerLine({ owner }: AuditHost, text: ReportText): Content {
  const { details: words, notAssessed } = text.page;
  const assessed = owner.source !== null || owner.class !== 'unknown' || owner.name !== null;
  if (!assessed) return notAssessed;
  const named = (name: string | null | undefined): Content => (name == null ? null : foreign(name));
  const known = [
    named(owner.name && text.word(owner.name)),
    owner.asn === null ? null : `AS${owner.asn}`,
    ...[owner.city, owner.region, owner.country, owner.department, owner.contact].map(named),
  ];
  const parts: Content[] = [
    text.ownerClass[owner.class],
    ...known.map((each) => (each === null ? null : [text.comma, each])),
  ];
  if (owner.source !== null)
    parts.push([text.semicolon, words.source, ' ', foreign(text.word(owner.source))]);
  if (owner.rule != null) parts.push([text.comma, foreign(text.translate(owner.rule))]);
  if (owner.confidence !== null)
    parts.push(`${text.comma}${words.confidence} ${text.figures.percent(owner.confidence)}`);
  return parts;
}

/** Shares that were read and shares that were counted, each in a chart of their own. */
function timelines(sessions: readonly AuditSession[], zone: string, text: ReportText): Markup[] {
  const { details: words } = text.page;
  const read = sessions.flatMap(({ series, sharesSeen }) => (sharesSeen == null ? series : []));
  const seen = sessions.flatMap(({ sharesSeen }) => sharesSeen?.series ?? []);
  return [timeline(words.timeline, read, zone, text), timeline(words.timelineSeen, seen, zone, text)].filter(
    (chart) => chart !== null,
  );
}

/** Shares of all sessions by step; nothing if no share has a time. */
function timeline(
  name: string,
  series: readonly { readonly start: string; readonly seconds: number; readonly shares: number }[],
  zone: string,
  text: ReportText,
): Markup | null {
  const { details: words } = text.page;
  const windows = series.filter((each) => each.shares > 0);
  const times = windows.map((each) => Date.parse(each.start)).filter((time) => Number.isFinite(time));
  const ends = windows.map((each) => Date.parse(each.start) + each.seconds * 1000).filter(Number.isFinite);
  if (times.length === 0) return null;
  const first = times.reduce((a, b) => Math.min(a, b));
  // A part of a millisecond begins no step.
  const last = Math.floor(ends.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY));
  if (Math.abs(last) > LAST_TIME) return null;
  const steps = stepsOver(first, last, STEPS_AT_MOST, SERIES_SECONDS);
  if (steps === null || steps.count < 2) return null;
  const title = words.timelineStep(text.figures.duration(steps.stepMs / 1000));
  const chart = timeChart(
    title,
    {
      steps: stepLabels(steps, zone),
      curves: [{ name: title, color: 1, values: sharesBy(steps, windows) }],
      drawn: 'bars',
      axis: grouped,
      whole: true,
    },
    text,
    'one',
  );
  return html`<h3>${name} <small>${title}</small></h3>
${chart}
`;
}

/** The last time that a Date can hold, ms. */
const LAST_TIME = 8.64e15;

function times(count: number): string {
  return count > 1 ? ` ×${grouped(count)}` : '';
}

function evidenceTable(evidence: readonly Evidence[], zone: string, text: ReportText): Markup {
  const { details: words } = text.page;
  const { common, said } = statedFacts(evidence, text);
  if (evidence.length === 0) return html`<p>${words.noEvidence}</p>`;
  const sorted = strongestFirst(evidence);
  const shown = sorted.slice(0, EVIDENCE_AT_MOST);
  const more = sorted.length - shown.length;
  const mark = (strength: Strength): Markup =>
    html`<span class="strength s${STRENGTHS.indexOf(strength)}">${text.strength[strength]}</span>`;
  return html`${common === null ? null : html`<p>${foreign(common)}</p>`}${table(
    words.evidence,
    [
      [words.strength, ({ strength }) => mark(strength)],
      [words.kind, ({ kind }) => foreign(kind)],
      [words.what, (row) => [foreign(said(row)), times(row.count)]],
      [words.time, ({ time }) => clock(time, zone)],
      [words.where, ({ input, record }) => [foreign(input), ` ${grouped(record)}`]],
    ],
    shown,
  )}${more > 0 ? html`<p class="note">${words.moreEvidence(more)}</p>` : null}`;
}

/** How many, and what the most rests on. */
function machinesOf({ rigs, rigsBy = [] }: AuditHost, text: ReportText): string {
  const range = text.figures.range(rigs.low, rigs.high);
  return rigsBy.length === 0
    ? range
    : `${range}${text.bracketed(rigsBy.map((sign) => text.rigSign[sign]).join(text.comma))}`;
}

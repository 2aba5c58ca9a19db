/**
 * Every machine as one row, with its addresses. Without a script it is a plain table, in the order of the other formats; the page's script
 * makes it sortable and searchable by what stands in `data-v` (`data-g`: the group within
 * which alone rates compare; `data-s`: the full account if the cell shortens it, for the search).
 */

import { ACTIONS, actionOf } from '../../audit/action.ts';
import type { Audit, AuditHost } from '../../audit/audit.ts';
import { VERDICTS } from '../../audit/audit.ts';
import { rowsByMachine } from '../../audit/machine-rows.ts';
import { strongestFirst } from '../../audit/strength.ts';
import type { ReportText } from '../../statements/codes.ts';
import { grouped } from '../../statements/figures.ts';
import { addressRanks } from '../address-order.ts';
import { type Phrase, render } from '../phrase.ts';
import { type Forms, type HostRow, hostRows } from '../rows.ts';
import { ALL_HOSTS, type Selection } from '../selection.ts';
import { clipEnd } from '../width.ts';
import { below, type Content, foreign, html, type Markup, phrase } from './markup.ts';

/** Columns of text that the strongest fact may take in the table. */
const EVIDENCE_COLUMNS = 80;
/** Pools, or algorithms and coins, that a cell names: a scanner tries hundreds. */
const NAMES_AT_MOST = 3;
/** Addresses that a machine had before its last. */
const ADDRESSES_AT_MOST = 3;
/** The same on paper. */
const BRIEF_COLUMNS = 60;
/** Of more hosts paper has those that are confirmed. */
const PRINTED_AT_MOST = 500;
/** Where the order of the rows is that of a column: its number, and which way. */
const SORTED: Readonly<Partial<Record<Selection['sort'], readonly [column: number, way: string]>>> = {
  ip: [0, 'ascending'],
  'first-seen': [1, 'ascending'],
  verdict: [2, 'ascending'],
  traffic: [5, 'descending'],
};

/** The column of owners has a cell in at least one of so many rows. */
const OWNED_PART = 10;

/** The id of a host's section, by its place among the rows. */
export function sectionId(place: number): string {
  return `host-${place + 1}`;
}

/** Titles of the columns, in their order; the page's style prints the short ones beside the cells on a phone. */
export function hostColumnTitles({ column, page, comma }: ReportText, form: 'whole' | 'short'): string[] {
  const titleFor = (forms: readonly string[]): string => forms.at(form === 'whole' ? 0 : -1) ?? '';
  const rate = column.hashrate.map((title) => `${title}${comma}${(column.power[0] ?? '').toLowerCase()}`);
  return [
    ...[column.ip, column.since, column.verdict].map(titleFor),
    page.hosts.owner,
    ...[rate, column.traffic, column.algorithmCoin, column.pool, column.account, column.evidence].map(
      titleFor,
    ),
  ];
}

/** The section, piece by piece. `sections` is how many hosts, from the first, have one of their own. */
export function* hostTable(
  audit: Audit,
  hosts: readonly AuditHost[],
  zone: string,
  text: ReportText,
  sections: number,
  { sort }: Selection = ALL_HOSTS,
): Generator<string> {
  const { hosts: words } = text.page;
  yield html`<section id="hosts"><h2>${words.title}</h2>
`.text;
  if (hosts.length === 0) {
    yield html`<p>${words.none}</p></section>
`.text;
    return;
  }
  const machines = rowsByMachine(audit, hosts);
  const rows = machines.map(({ host }) => host);
  const present = VERDICTS.filter((verdict) => rows.some((host) => host.verdict === verdict));
  const actions = new Set(rows.map(actionOf));
  const sorted = SORTED[sort];
  const isLong = rows.length > PRINTED_AT_MOST;
  const confirmed = rows.filter(({ verdict }) => verdict === 'confirmed').length;
  const lines = hostRows(audit, rows, text, zone);
  // Where hardly a row has an owner, no column is for owners.
  const owned = lines.filter((row) => ownerLines(row).length > 0).length;
  const isOwned = owned * OWNED_PART > rows.length;
  const look = [isLong ? 'long' : '', isOwned ? '' : 'ownerless'].join(' ').trim();
  yield html`<p class="note">${words.note}</p>
${
  isLong
    ? html`<p class="note paper">${words.paper(confirmed, rows.length)}</p>
`
    : null
}<div class="controls" id="host-controls" hidden>
<label>${words.search} <input id="host-search" type="search" placeholder="${words.searchHint}" autocomplete="off" spellcheck="false"></label>
<label><span class="away">${text.column.verdict[0] ?? ''}</span><select id="host-verdict"><option value="">${words.anyVerdict}</option>${present.map(
    (verdict) => html`<option value="${VERDICTS.indexOf(verdict)}">${text.verdict[verdict]}</option>`,
  )}</select></label>
<label><span class="away">${text.column.action[0]}</span><select id="host-action"><option value="">${words.anyAction}</option>${ACTIONS.filter(
    (action) => actions.has(action),
  ).map((action) => html`<option value="${action}">${text.action[action]}</option>`)}</select></label>
<span class="note">${words.sortHint}</span>
<output>${words.found.before}<span id="host-found">${grouped(rows.length)}</span>${words.found.after(grouped(rows.length))}</output>
</div>
<div class="scroll"><table id="host-table"${look === '' ? null : html` class="${look}"`}><caption class="away">${words.title}</caption><thead><tr>${hostColumnTitles(
    text,
    'whole',
  ).map(
    (title, i) =>
      html`<th scope="col"${sorted?.[0] === i ? html` aria-sort="${sorted[1]}"` : null}>${title}</th>`,
  )}</tr></thead><tbody>
`.text;
  const ranks = addressRanks(hosts.map((host) => host.ip));
  const places = new Map(hosts.slice(0, sections).map(({ ip }, place) => [ip, sectionId(place)]));
  for (const [i, row] of lines.entries()) {
    const machine = machines[i];
    if (machine !== undefined) yield machineLine(machine, row, places, ranks, text, isOwned);
  }
  yield html`</tbody></table></div>
<p><button type="button" id="host-all" hidden>${words.showAll}</button></p></section>
`.text;
}

function machineLine(
  { host, ips }: ReturnType<typeof rowsByMachine>[number],
  row: HostRow,
  sections: ReadonlyMap<string, string>,
  ranks: ReadonlyMap<string, number>,
  text: ReportText,
  isOwned: boolean,
): string {
  const rate = host.hashrate.find((each) => each.headline) ?? host.hashrate[0];
  const link = (ip: string): Content => {
    const section = sections.get(ip);
    return section === undefined ? foreign(ip) : html`<a href="#${section}">${foreign(ip)}</a>`;
  };
  const [first = host.ip, ...others] = [host.ip, ...ips.filter((ip) => ip !== host.ip)];
  const shortAccount = row.account[1] ?? row.account[0];
  const whole = render(row.account[0], String);
  const short = render(shortAccount, String);
  const brief = render(row.evidence[row.evidence.length - 1] ?? [], String);
  const pools = host.pools.length > NAMES_AT_MOST ? host.pools.join(', ') : null;
  const bps = host.traffic.mbpsOut + host.traffic.mbpsIn;
  const cells: readonly (readonly [attributes: Content, cell: Content])[] = [
    [
      html` data-v="${ranks.get(host.ip) ?? 0}"`,
      [
        link(first),
        below(lineOf(row.machine[0])),
        others.slice(0, ADDRESSES_AT_MOST).map((ip) => below(link(ip))),
        below(others.length > ADDRESSES_AT_MOST ? text.page.other(others.length - ADDRESSES_AT_MOST) : null),
        isOwned ? null : ownerLines(row).map((line) => below(phrase(line))),
      ],
    ],
    [
      html` data-v="${Date.parse(host.firstSeen)}"`,
      [phrase(row.since[0]), below(['– ', phrase(row.last[0])])],
    ],
    [html` data-v="${VERDICTS.indexOf(host.verdict)}"`, [badge(host, text), below(phrase(row.role))]],
    [null, isOwned ? ownerCell(row) : null],
    [
      rate === undefined ? null : html` data-v="${rate.estimate}" data-g="${rate.algorithm}"`,
      [phrase(row.hashrate[0]), below(lineOf(row.power.at(-1) ?? []))],
    ],
    [html` data-v="${bps}"`, phrase(row.traffic)],
    [null, phrase(capped(host.algorithms.length + host.coins.length, row.work))],
    [pools === null ? null : html` data-s="${pools}"`, phrase(capped(host.pools.length, row.pool))],
    [whole === short ? null : html` data-s="${whole}"`, phrase(shortAccount)],
    [
      null,
      [strongest(host, text), html`<span class="brief">${foreign(clipEnd(brief, BRIEF_COLUMNS))}</span>`],
    ],
  ];
  return html`<tr data-a="${actionOf(host)}">${cells.map(([attributes, cell]) => html`<td${attributes}>${cell}</td>`)}</tr>
`.text;
}

/** All names of a cell if they are few, else the first and how many more. */
function capped(count: number, forms: Forms): Phrase {
  return (count > NAMES_AT_MOST ? forms[1] : forms[0]) ?? forms[0];
}

/** A phrase, if it says something. */
function lineOf(said: Phrase): Content {
  return render(said, String) === '' ? null : phrase(said);
}

/** The department of the operator's own table first, if there is one, and its contact. */
function ownerLines({ department, contact, owner }: HostRow): readonly Phrase[] {
  return [department, owner, contact].filter((line) => line.length > 0);
}

function ownerCell(row: HostRow): Content {
  const [first, ...others] = ownerLines(row);
  if (first === undefined) return '–';
  return [phrase(first), others.map((line) => html`<br><small class="organisation">${phrase(line)}</small>`)];
}

/** The verdict as a badge: colour and word. */
export function badge({ verdict }: AuditHost, text: ReportText): Markup {
  return html`<span class="badge v${VERDICTS.indexOf(verdict)}">${text.verdict[verdict]}</span>`;
}

/** The strongest fact and how many more there are; the host's section and audit.json tell them all. */
function strongest({ evidence }: AuditHost, text: ReportText): Content {
  const [best] = strongestFirst(evidence);
  if (best === undefined) return null;
  const more = new Set(evidence.map((each) => each.text)).size - 1;
  return html`<span class="fact">${foreign(clipEnd(text.translate(best), EVIDENCE_COLUMNS))}${
    more > 0 ? html` <small>+${grouped(more)}</small>` : null
  }</span>`;
}

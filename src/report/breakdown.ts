/**
 * Miners by owner, intent, algorithm, coin, pool, place and account, as tables that every report for people prints: the
 * page with bars above them, Markdown as they are. Each count has its denominator.
 */
import { type Audit, INSTITUTIONAL, type Intent, type Traffic } from '../audit/audit.ts';
import { minersOf } from '../audit/miners.ts';
import { totalOf } from '../order.ts';
import type { ReportText } from '../statements/codes.ts';
import { byteCount, grouped, si, significant } from '../statements/figures.ts';
import { departmentsOf, hasDepartments } from './departments.ts';
import { type Phrase, wire, wires } from './phrase.ts';
import { trafficRate } from './rows.ts';
import { institutionalOf, intentAssessed, reasonTally, type Tally, tally } from './shares.ts';
import { type Column, type PlainTable, tableOf } from './tables.ts';

const INTENTS: readonly Intent[] = ['hijacked', 'deliberate', 'undetermined'];
const ACCOUNTS_NAMED = 3;
const POOLS_NAMED = 5;

/** One way to break the miners down. */
export interface Breakdown {
  readonly id: keyof typeof BREAKDOWNS;
  readonly title: string;
  /** What the reader has to know of it; null for nothing. */
  readonly note: string | null;
  /** What a chart of it draws: names with addresses; empty if there is none. */
  readonly bars: readonly Tally[];
  /** Addresses that the bars are a share of; 0 if they are of none. */
  readonly whole: number;
  /** Null if it was not assessed, or nothing is known: `absent` says which. */
  readonly table: PlainTable | null;
  readonly absent: string;
  /** A sentence below the table. */
  readonly below: string | null;
  /** The file that has the rows which a report leaves out. */
  readonly file: string;
}

type Made = Pick<Breakdown, 'title'> & Partial<Breakdown>;

/** In the order of a provincial audit; those without anything to say are left out. */
const BREAKDOWNS = {
  owners,
  departments,
  intent: intents,
  reasons,
  algorithms: (audit: Audit, text: ReportText): Made => {
    const rows = tally(minersOf(audit), ({ algorithms }) => algorithms);
    return { ...tallied(audit, rows, text.column.algorithm[0], text), title: text.page.breakdown.algorithms };
  },
  coins: (audit: Audit, text: ReportText): Made => {
    const { coins: title, coinsNote: note } = text.page.breakdown;
    const rows = tally(minersOf(audit), ({ coins }) => coins);
    return { ...tallied(audit, rows, title, text), note };
  },
  pools,
  places,
  clusters,
};

const EMPTY = { note: null, bars: [], whole: 0, table: null, absent: '', below: null, file: 'audit.json' };

/** All of them; none if nobody has any evidence of mining. */
export function breakdowns(audit: Audit, text: ReportText): Breakdown[] {
  if (audit.hosts.length === 0) return [];
  return Object.entries(BREAKDOWNS).flatMap(([id, make]) => {
    const made = make(audit, text);
    return made === null ? [] : [{ ...EMPTY, ...made, id: id as Breakdown['id'] }];
  });
}

/** Addresses and their part of all miners. */
function countColumns<Row extends Pick<Tally, 'addresses'>>(all: number, text: ReportText): Column<Row>[] {
  const { page } = text;
  return [
    [page.minerAddresses, ({ addresses }) => grouped(addresses), 'figure'],
    [page.ofMiners(all), ({ addresses }) => text.figures.percent(addresses / all), 'figure'],
  ];
}

/** Miners by a word that several of them have; `isOurs`: the words are of our catalogue. */
function tallied(
  audit: Audit,
  rows: readonly Tally[],
  title: string,
  text: ReportText,
  isOurs = false,
): Made {
  const all = minersOf(audit).length;
  const name: Column<Tally> = [title, (row) => [isOurs ? row.name : wire(row.name)]];
  return {
    title,
    bars: rows,
    whole: all,
    table: rows.length === 0 ? null : tableOf(rows, [name, ...countColumns<Tally>(all, text)]),
    absent: text.unknown,
  };
}

/** A name of others, '–' if there is none. */
function named(name: string | null): Phrase {
  return [name === null || name === '' ? '–' : wire(name)];
}

/** A figure, '–' for nothing. */
function shown(value: number | undefined, format: (value: number) => string = significant): string {
  return value === undefined || value === 0 ? '–' : format(value);
}

function owners(audit: Audit, text: ReportText): Made {
  const { page } = text;
  const { breakdown: words } = page;
  const { owners: rows, minerAddresses: all } = audit.totals;
  const found = institutionalOf(audit);
  const about = { title: words.owners, absent: page.notAssessed };
  if (found === null || rows.length === 0) return about;
  const known = all - found.unknown;
  const bars = rows.map((row) => ({ ...row, name: text.ownerClass[row.class] }));
  const mark = text.bracketed(words.institutional);
  return {
    ...about,
    note: words.ownersNote,
    bars,
    whole: all,
    table: tableOf(bars, [
      [words.ownerClass, (row) => [row.name, INSTITUTIONAL.includes(row.class) ? mark : '']],
      [page.addresses, ({ addresses }) => grouped(addresses), 'figure'],
      [words.ofAll, ({ share }) => text.figures.percent(share), 'figure'],
      [
        words.ofKnown,
        (row) => (row.class === 'unknown' || known === 0 ? '–' : text.figures.percent(row.addresses / known)),
        'figure',
      ],
    ]),
  };
}

/** Totals per department, if the operator's table names any. */
function departments(audit: Audit, text: ReportText): Made | null {
  const { breakdown: words } = text.page;
  const rows = (hasDepartments(audit) ? departmentsOf(audit) : []).map((row) => ({
    ...row,
    name: row.department === '' ? text.summary.noDepartment : row.department,
    addresses: row.hosts.length,
  }));
  if (rows.length === 0) return null;
  const all = audit.totals.minerAddresses;
  const columns: Column<(typeof rows)[number]>[] = [
    [text.column.department[0], ({ department, name }) => [department === '' ? name : wire(name)]],
    [words.organisation, ({ organisation }) => named(organisation)],
    [words.contact, ({ contact }) => named(contact)],
    ...countColumns<(typeof rows)[number]>(all, text).slice(0, 2),
    [text.column.power[0], ({ watts }) => shown(watts, (value) => si(value, 'W')), 'figure'],
    [words.energy, ({ kwhPerDay }) => shown(kwhPerDay), 'figure'],
  ];
  if (rows.some(({ modelledWatts }) => modelledWatts > 0))
    columns.push([words.energyModelled, ({ modelledKwhPerDay }) => shown(modelledKwhPerDay), 'figure']);
  return {
    title: words.departments,
    note: words.departmentsNote,
    bars: rows,
    whole: all,
    file: 'departments.csv',
    table: tableOf(rows, columns),
  };
}

function intents(audit: Audit, text: ReportText): Made {
  const { intent: title, intentNote: note } = text.page.breakdown;
  if (!intentAssessed(audit)) return { title, absent: text.page.notAssessed };
  const rows = INTENTS.map((intent) => ({
    name: text.intent[intent],
    addresses: minersOf(audit).filter(({ owner }) => owner.intent === intent).length,
  }));
  return { ...tallied(audit, rows, title, text, true), note };
}

/** Why addresses look hijacked or deliberate: each reason with those that have it. */
function reasons(audit: Audit, text: ReportText): Made | null {
  const { breakdown: words } = text.page;
  const rows = reasonTally(minersOf(audit)).map(({ reason, addresses }) => ({
    name: text.translate(reason),
    addresses,
  }));
  if (rows.length === 0) return null;
  const { table } = tallied(audit, rows, words.reason, text);
  return { title: words.reasons, note: words.reasonsNote, table };
}

function pools(audit: Audit, text: ReportText): Made {
  const { page, column } = text;
  const { breakdown: words } = page;
  // Whoever only looked a name up makes no pool large.
  const minersAt = new Map(
    tally(minersOf(audit), (host) => host.pools).map((row) => [row.name, row.addresses]),
  );
  const ordered = audit.pools
    .map((pool) => ({ pool, miners: minersAt.get(pool.pool) ?? 0 }))
    .sort((a, b) => b.miners - a.miners || b.pool.hosts - a.pool.hosts);
  const clients = audit.hosts.filter(({ roles }) => !roles.includes('scanner'));
  const reached = new Set(clients.flatMap((host) => host.pools));
  const rows = ordered.filter(({ pool }) => reached.has(pool.pool));
  const scanned = ordered.length - rows.length;
  const about = { title: words.pools, absent: page.none, file: 'pools.csv' };
  if (rows.length === 0) return about;
  return {
    ...about,
    note: words.poolsNote,
    below: scanned === 0 ? null : words.scanned(scanned),
    bars: rows
      .filter(({ miners }) => miners > 0)
      .map(({ pool, miners }) => ({ name: pool.pool, addresses: miners })),
    table: tableOf(rows, [
      [column.pool[0], ({ pool }) => [wire(pool.pool)]],
      [words.operator, ({ pool }) => named(pool.operator)],
      [page.minerAddresses, ({ miners }) => grouped(miners), 'figure'],
      [column.hosts[0], ({ pool }) => grouped(pool.hosts), 'figure'],
      [column.sessions[0], ({ pool }) => grouped(pool.sessions), 'figure'],
      [column.traffic[0], ({ pool: { traffic } }) => rateAndBytes(traffic, text), 'figure'],
      [words.coins, ({ pool }) => wires(pool.coins, text.comma)],
      [column.endpoints[0], ({ pool }) => wires(pool.endpoints), 'small'],
    ]),
  };
}

function rateAndBytes(traffic: Traffic, { bracketed }: ReportText): string {
  return `${trafficRate(traffic)}${bracketed(byteCount(traffic.bytesOut + traffic.bytesIn))}`;
}

/** Addresses that share an account; nothing if there are none. */
function clusters({ clusters: rows = [] }: Audit, text: ReportText): Made | null {
  const { page, comma } = text;
  const { breakdown: words } = page;
  if (rows.length === 0) return null;
  const first = (accounts: readonly string[]): Phrase => {
    const more = accounts.length - ACCOUNTS_NAMED;
    return [...wires(accounts.slice(0, ACCOUNTS_NAMED), comma), more > 0 ? ` +${grouped(more)}` : ''];
  };
  return {
    title: words.clusters,
    note: words.clustersNote,
    table: tableOf(rows, [
      [words.accounts, ({ accounts }) => first(accounts), 'small'],
      [page.addresses, ({ addresses }) => grouped(addresses.length), 'figure'],
      [words.workers, ({ workers }) => grouped(workers.length), 'figure'],
      [words.sameWorker, ({ sameWorker }) => grouped(sameWorker.length), 'figure'],
      [words.pools, (row) => wires(row.pools.slice(0, POOLS_NAMED), comma)],
    ]),
  };
}

function places({ totals }: Audit, text: ReportText): Made {
  const { page } = text;
  const { breakdown: words } = page;
  const { cities, minerAddresses: all } = totals;
  const about = { title: words.cities, absent: page.notAssessed };
  if (cities.length === 0) return about;
  const columns: Column<(typeof cities)[number]>[] = [
    [words.city, ({ city }) => named(city)],
    [words.region, ({ region }) => named(region)],
    [words.country, ({ country }) => named(country)],
    ...countColumns<(typeof cities)[number]>(all, text).slice(0, 2),
    [words.energy, ({ kwhPerDay }) => shown(kwhPerDay), 'figure'],
  ];
  if (cities.some(({ modelledKwhPerDay }) => modelledKwhPerDay !== undefined))
    columns.push([words.energyModelled, ({ modelledKwhPerDay }) => shown(modelledKwhPerDay), 'figure']);
  return {
    ...about,
    note: words.citiesNote,
    bars: cities.map(({ city, addresses }) => ({ name: city, addresses })),
    whole: all,
    table: tableOf(cities, columns),
    below: words.placeUnknown(
      totalOf(cities, ({ addresses }) => addresses),
      all,
    ),
  };
}

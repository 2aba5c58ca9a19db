/**
 * Miners by owner, intent, algorithm, coin, pool, place and account, as tables that every report for people prints: the
 * page with bars above them, Markdown as they are. Each count has its denominator.
 */
import { type Audit, INSTITUTIONAL, type Intent } from '../audit/audit.ts';
import { minersOf } from '../audit/miners.ts';
import type { ReportText } from '../statements/en/report.ts';
import { grouped } from '../statements/figures.ts';
import { departmentsOf, hasDepartments } from './departments.ts';
import { percent, si, significant } from './figures.ts';
import { joined, type Phrase, wire } from './phrase.ts';
import { poolRows } from './rows.ts';
import { institutionalOf, intentAssessed, reasonTally, type Tally, tally, wilson } from './shares.ts';
import type { PlainTable } from './tables.ts';

const INTENTS: readonly Intent[] = ['hijacked', 'deliberate', 'undetermined'];
const ACCOUNTS_NAMED = 3;
const POOLS_NAMED = 5;

/** One way to break the miners down. */
export interface Breakdown {
  readonly id:
    | 'owners'
    | 'departments'
    | 'intent'
    | 'reasons'
    | 'algorithms'
    | 'coins'
    | 'pools'
    | 'places'
    | 'clusters';
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

/** All of them, in the order of a provincial audit; none if nobody has any evidence of mining. */
export function breakdowns(audit: Audit, text: ReportText): Breakdown[] {
  if (audit.hosts.length === 0) return [];
  const { breakdown: words } = text.page;
  const miners = minersOf(audit);
  const counted = (
    id: Breakdown['id'],
    title: string,
    note: string | null,
    rows: Tally[],
    column = title,
  ) => ({
    ...EMPTY,
    id,
    title,
    note,
    bars: rows,
    whole: miners.length,
    table: rows.length === 0 ? null : tallyTable(rows, column, miners.length, text, wire),
    absent: text.unknown,
  });
  return [
    owners(audit, text),
    ...departments(audit, text),
    intents(audit, text),
    ...reasons(audit, text),
    counted(
      'algorithms',
      words.algorithms,
      null,
      tally(miners, (host) => host.algorithms),
      text.column.algorithm[0],
    ),
    counted(
      'coins',
      words.coins,
      words.coinsNote,
      tally(miners, (host) => host.coins),
    ),
    pools(audit, text),
    places(audit, text),
    ...clusters(audit, text),
  ];
}

const EMPTY = { bars: [], whole: 0, table: null, absent: '', below: null, file: 'audit.json' } as const;

function owners(audit: Audit, text: ReportText): Breakdown {
  const { page } = text;
  const { breakdown: words } = page;
  const { owners: rows, minerAddresses: all } = audit.totals;
  const found = institutionalOf(audit);
  const about = { ...EMPTY, id: 'owners' as const, title: words.owners, absent: page.notAssessed };
  if (found === null || rows.length === 0) return { ...about, note: null };
  const known = all - found.unknown;
  const named = rows.map((row) => ({ ...row, name: text.ownerClass[row.class] }));
  return {
    ...about,
    note: words.ownersNote,
    bars: named,
    whole: all,
    table: {
      columns: [
        { title: words.ownerClass },
        { title: page.addresses, figure: true },
        { title: words.ofAll, figure: true },
        { title: page.interval95, figure: true },
        { title: words.ofKnown, figure: true },
      ],
      rows: named.map((row) => [
        [row.name, INSTITUTIONAL.includes(row.class) ? text.bracketed(words.institutional) : ''],
        [grouped(row.addresses)],
        [percent(row.share)],
        [wilson(row.addresses, all)],
        [row.class === 'unknown' || known === 0 ? '–' : percent(row.addresses / known)],
      ]),
    },
  };
}

/** Totals per department, if the operator's table names any. */
function departments(audit: Audit, text: ReportText): Breakdown[] {
  const { page, column } = text;
  const { breakdown: words } = page;
  const rows = hasDepartments(audit) ? departmentsOf(audit) : [];
  if (rows.length === 0) return [];
  const all = audit.totals.minerAddresses;
  const name = (department: string): Phrase => [department === '' ? '–' : wire(department)];
  const figure = (value: number, shown: string): Phrase => [value === 0 ? '–' : shown];
  const isModelled = rows.some(({ modelledWatts }) => modelledWatts > 0);
  return [
    {
      ...EMPTY,
      id: 'departments',
      title: words.departments,
      note: words.departmentsNote,
      bars: rows.map(({ department, hosts }) => ({
        name: department === '' ? text.summary.noDepartment : department,
        addresses: hosts.length,
      })),
      whole: all,
      file: 'departments.csv',
      table: {
        columns: [
          { title: column.department[0] },
          { title: words.organisation },
          { title: words.contact },
          { title: page.minerAddresses, figure: true },
          { title: page.ofMiners(all), figure: true },
          { title: column.power[0], figure: true },
          { title: words.energy, figure: true },
          ...(isModelled ? [{ title: words.energyModelled, figure: true }] : []),
        ],
        rows: rows.map((row) => [
          row.department === '' ? [text.summary.noDepartment] : name(row.department),
          name(row.organisation),
          name(row.contact),
          [grouped(row.hosts.length)],
          [percent(row.hosts.length / all)],
          figure(row.watts, si(row.watts, 'W')),
          figure(row.kwhPerDay, significant(row.kwhPerDay)),
          ...(isModelled ? [figure(row.modelledKwhPerDay, significant(row.modelledKwhPerDay))] : []),
        ]),
      },
    },
  ];
}

function intents(audit: Audit, text: ReportText): Breakdown {
  const { breakdown: words } = text.page;
  const about = { ...EMPTY, id: 'intent' as const, title: words.intent, absent: text.page.notAssessed };
  if (!intentAssessed(audit)) return { ...about, note: null };
  const miners = minersOf(audit);
  const rows = INTENTS.map((intent) => ({
    name: text.intent[intent],
    addresses: miners.filter(({ owner }) => owner.intent === intent).length,
  }));
  return {
    ...about,
    note: words.intentNote,
    bars: rows,
    whole: miners.length,
    table: tallyTable(rows, words.intent, miners.length, text, (name) => name),
  };
}

/** Why addresses look hijacked or deliberate: each reason with those that have it. */
function reasons(audit: Audit, text: ReportText): Breakdown[] {
  const { breakdown: words } = text.page;
  const miners = minersOf(audit);
  const rows = reasonTally(miners).map(({ reason, addresses }) => ({
    name: text.translate(reason),
    addresses,
  }));
  if (rows.length === 0) return [];
  return [
    {
      ...EMPTY,
      id: 'reasons',
      title: words.reasons,
      note: words.reasonsNote,
      table: tallyTable(rows, words.reason, miners.length, text, wire),
    },
  ];
}

function tallyTable(
  rows: readonly Tally[],
  title: string,
  all: number,
  { page }: ReportText,
  cell: (name: string) => Phrase[number],
): PlainTable {
  return {
    columns: [
      { title },
      { title: page.minerAddresses, figure: true },
      { title: page.ofMiners(all), figure: true },
      { title: page.interval95, figure: true },
    ],
    rows: rows.map(({ name, addresses }) => [
      [cell(name)],
      [grouped(addresses)],
      [percent(addresses / all)],
      [wilson(addresses, all)],
    ]),
  };
}

function pools(audit: Audit, text: ReportText): Breakdown {
  const { page, column } = text;
  const { breakdown: words } = page;
  // Whoever only looked a name up makes no pool large.
  const minersAt = new Map<string, number>();
  for (const { pools: own } of minersOf(audit))
    for (const name of own) minersAt.set(name, (minersAt.get(name) ?? 0) + 1);
  const ordered = audit.pools
    .map((pool) => ({ pool, miners: minersAt.get(pool.pool) ?? 0 }))
    .sort((a, b) => b.miners - a.miners || b.pool.hosts - a.pool.hosts);
  const clients = audit.hosts.filter(({ roles }) => !roles.includes('scanner'));
  const reached = new Set(clients.flatMap(({ pools }) => pools));
  const kept = ordered.filter(({ pool }) => reached.has(pool.pool));
  const scanned = ordered.length - kept.length;
  const printed = poolRows(kept.map(({ pool }) => pool));
  const rows = kept.map(({ pool, miners }, i) => ({ pool, miners, row: printed[i] }));
  const about = { ...EMPTY, id: 'pools' as const, title: words.pools, absent: page.none, file: 'pools.csv' };
  if (rows.length === 0) return { ...about, note: null };
  return {
    ...about,
    note: words.poolsNote,
    below: scanned === 0 ? null : words.scanned(scanned),
    bars: rows
      .filter(({ miners }) => miners > 0)
      .map(({ pool, miners }) => ({ name: pool.pool, addresses: miners })),
    table: {
      columns: [
        { title: column.pool[0] },
        { title: words.operator },
        { title: page.minerAddresses, figure: true },
        { title: column.hosts[0], figure: true },
        { title: column.sessions[0], figure: true },
        { title: column.traffic[0], figure: true },
        { title: words.coins },
        { title: column.endpoints[0], small: true },
      ],
      rows: rows.map(({ pool, miners, row }) => [
        [wire(pool.pool)],
        [pool.operator === null ? '–' : wire(pool.operator)],
        [grouped(miners)],
        [row?.hosts ?? ''],
        [row?.sessions ?? ''],
        [row?.traffic ?? ''],
        wires(pool.coins, text.comma),
        row?.endpoints ?? [],
      ]),
    },
  };
}

/** Addresses that share an account; nothing if there are none. */
function clusters({ clusters: rows = [] }: Audit, text: ReportText): Breakdown[] {
  const { page } = text;
  const { breakdown: words } = page;
  if (rows.length === 0) return [];
  return [
    {
      ...EMPTY,
      id: 'clusters',
      title: words.clusters,
      note: words.clustersNote,
      table: {
        columns: [
          { title: words.accounts, small: true },
          { title: page.addresses, figure: true },
          { title: words.workers, figure: true },
          { title: words.sameWorker, figure: true },
          { title: words.pools },
        ],
        rows: rows.map(({ accounts, addresses, workers, sameWorker, pools }) => [
          [
            ...wires(accounts.slice(0, ACCOUNTS_NAMED), text.comma),
            accounts.length > ACCOUNTS_NAMED ? ` +${grouped(accounts.length - ACCOUNTS_NAMED)}` : '',
          ],
          [grouped(addresses.length)],
          [grouped(workers.length)],
          [grouped(sameWorker.length)],
          wires(pools.slice(0, POOLS_NAMED), text.comma),
        ]),
      },
    },
  ];
}

function places({ totals }: Audit, text: ReportText): Breakdown {
  const { page } = text;
  const { breakdown: words } = page;
  const { cities, minerAddresses: all } = totals;
  const about = { ...EMPTY, id: 'places' as const, title: words.cities, absent: page.notAssessed };
  if (cities.length === 0) return { ...about, note: null };
  let known = 0;
  for (const { addresses } of cities) known += addresses;
  const name = (given: string | null): Phrase => [given === null ? '–' : wire(given)];
  const energy = (kwh: number | undefined): Phrase => [
    kwh === undefined || kwh === 0 ? '–' : significant(kwh),
  ];
  const isModelled = cities.some(({ modelledKwhPerDay }) => modelledKwhPerDay !== undefined);
  return {
    ...about,
    note: words.citiesNote,
    bars: cities.map(({ city, addresses }) => ({ name: city, addresses })),
    whole: all,
    table: {
      columns: [
        { title: words.city },
        { title: words.region },
        { title: words.country },
        { title: page.minerAddresses, figure: true },
        { title: page.ofMiners(all), figure: true },
        { title: words.energy, figure: true },
        ...(isModelled ? [{ title: words.energyModelled, figure: true }] : []),
      ],
      rows: cities.map((row) => [
        name(row.city),
        name(row.region),
        name(row.country),
        [grouped(row.addresses)],
        [percent(row.addresses / all)],
        energy(row.kwhPerDay),
        ...(isModelled ? [energy(row.modelledKwhPerDay)] : []),
      ]),
    },
    below: words.placeUnknown(known, all),
  };
}

function wires(names: readonly string[], between: string): Phrase {
  return joined(
    names.map((name) => [wire(name)]),
    between,
  );
}

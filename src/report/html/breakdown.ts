/** Miners by owner, intent, algorithm, pool, coin and place: each as bars and as a table with its whole. */
import { type Audit, type AuditHost, INSTITUTIONAL, type Intent } from '../../audit/audit.ts';
import { minersOf } from '../../audit/miners.ts';
import { grouped, percent, significant } from '../figures.ts';
import { poolRows } from '../rows.ts';
import type { ReportText } from '../text/en.ts';
import { type Bar, barChart } from './chart.ts';
import { institutionalOf, intentAssessed, tally, wilson } from './figures.ts';
import { type Content, foreign, html, type Markup, phrase, table } from './markup.ts';

const BARS_AT_MOST = 8;
const ROWS_AT_MOST = 25;
const INTENTS: readonly Intent[] = ['hijacked', 'deliberate', 'undetermined'];

/** The section. */
export function breakdown(audit: Audit, text: ReportText): Markup {
  const { breakdown: words } = text.page;
  const miners = minersOf(audit);
  const cards =
    audit.hosts.length === 0
      ? html`<p>${words.noMiners}</p>`
      : html`<div class="grid">${owners(audit, text)}${intents(audit, miners, text)}${algorithms(miners, text)}${coins(
          miners,
          text,
        )}${pools(audit, text)}${places(audit, text)}${clusters(audit, text)}</div>`;
  return html`<section id="breakdown"><h2>${words.title}</h2>
<p class="note">${text.page.several}</p>
${cards}</section>
`;
}

function card(title: string, note: string | null, content: Content, wide = false): Markup {
  return html`<div class="card${wide ? ' whole' : ''}"><h3>${title}</h3>${
    note === null ? null : html`<p class="note">${note}</p>`
  }${content}</div>
`;
}

/** The bars of the first rows, and of the rest together. */
function bars(
  rows: readonly { readonly name: string; readonly addresses: number }[],
  title: string,
  all: number,
  text: ReportText,
): Markup {
  const shown = rows.length <= BARS_AT_MOST ? rows : rows.slice(0, BARS_AT_MOST - 1);
  const drawn: Bar[] = shown.map(({ name, addresses }) => ({
    name,
    value: addresses,
    said: all > 0 ? `${grouped(addresses)} (${percent(addresses / all)})` : grouped(addresses),
  }));
  const rest = rows.slice(shown.length);
  // Addresses of the rest cannot be added up, as one may stand in several rows: only their number is told.
  const more = rest.length === 0 ? null : html`<p class="note">${text.page.other(rest.length)}</p>`;
  return html`${barChart(drawn, title)}${more}`;
}

/** The first rows of a table, and a word about the others. */
function rowsShown<Row>(
  rows: readonly Row[],
  text: ReportText,
  render: (shown: readonly Row[]) => Markup,
  where = 'audit.json',
): Markup {
  const shown = rows.slice(0, ROWS_AT_MOST);
  const cut = rows.length > shown.length;
  return html`${render(shown)}${
    cut ? html`<p class="note">${text.page.more(shown.length, rows.length, where)}</p>` : null
  }`;
}

function owners(audit: Audit, text: ReportText): Markup {
  const { page } = text;
  const { breakdown: words } = page;
  const { owners: rows, minerAddresses: all } = audit.totals;
  const found = institutionalOf(audit);
  if (found === null || rows.length === 0) return card(words.owners, null, notAssessed(text));
  const known = all - found.unknown;
  const named = rows.map((row) => ({ ...row, name: text.ownerClass[row.class] }));
  return card(
    words.owners,
    words.ownersNote,
    html`${bars(named, words.owners, all, text)}${table(
      [
        {
          title: words.ownerClass,
          cell: (row) =>
            INSTITUTIONAL.includes(row.class)
              ? html`${row.name} <small>${words.institutional}</small>`
              : row.name,
        },
        { title: page.addresses, figure: true, cell: (row) => grouped(row.addresses) },
        { title: words.ofAll, figure: true, cell: (row) => percent(row.share) },
        { title: page.interval95, figure: true, cell: (row) => wilson(row.addresses, all) },
        {
          title: words.ofKnown,
          figure: true,
          cell: (row) => (row.class === 'unknown' || known === 0 ? '–' : percent(row.addresses / known)),
        },
      ],
      named,
    )}`,
  );
}

function intents(audit: Audit, miners: readonly AuditHost[], text: ReportText): Markup {
  const { breakdown: words } = text.page;
  if (!intentAssessed(audit)) return card(words.intent, null, notAssessed(text));
  const rows = INTENTS.map((intent) => ({
    name: text.intent[intent],
    addresses: miners.filter(({ owner }) => owner.intent === intent).length,
  }));
  return card(
    words.intent,
    words.intentNote,
    html`${bars(rows, words.intent, miners.length, text)}${tallyTable(rows, words.intent, miners.length, text, false)}`,
  );
}

function algorithms(miners: readonly AuditHost[], text: ReportText): Markup {
  const words = text.page.breakdown;
  return tallied(
    words.algorithms,
    null,
    tally(miners, (host) => host.algorithms),
    text.column.algorithm[0] ?? '',
    miners,
    text,
  );
}

function coins(miners: readonly AuditHost[], text: ReportText): Markup {
  const words = text.page.breakdown;
  return tallied(
    words.coins,
    words.coinsNote,
    tally(miners, (host) => host.coins),
    words.coins,
    miners,
    text,
  );
}

function tallied(
  title: string,
  note: string | null,
  rows: readonly { readonly name: string; readonly addresses: number }[],
  column: string,
  miners: readonly AuditHost[],
  text: ReportText,
): Markup {
  if (rows.length === 0) return card(title, null, html`<p class="absent">${text.unknown}</p>`);
  return card(
    title,
    note,
    html`${bars(rows, title, miners.length, text)}${rowsShown(rows, text, (shown) => tallyTable(shown, column, miners.length, text, true))}`,
  );
}

function tallyTable(
  rows: readonly { readonly name: string; readonly addresses: number }[],
  title: string,
  all: number,
  { page }: ReportText,
  isForeign: boolean,
): Markup {
  return table(
    [
      { title, cell: (row) => (isForeign ? foreign(row.name) : row.name) },
      { title: page.minerAddresses, figure: true, cell: (row) => grouped(row.addresses) },
      { title: page.ofMiners(all), figure: true, cell: (row) => percent(row.addresses / all) },
      { title: page.interval95, figure: true, cell: (row) => wilson(row.addresses, all) },
    ],
    rows,
  );
}

function pools(audit: Audit, text: ReportText): Markup {
  const { breakdown: words } = text.page;
  const { column } = text;
  if (audit.pools.length === 0) return card(words.pools, null, html`<p class="absent">${text.page.none}</p>`);
  const printed = poolRows(audit);
  const rows = audit.pools
    .map((pool, i) => ({ pool, row: printed[i] }))
    .sort((a, b) => b.pool.hosts - a.pool.hosts);
  const chart = bars(
    rows.map(({ pool }) => ({ name: pool.pool, addresses: pool.hosts })),
    words.pools,
    0,
    text,
  );
  const list = rowsShown(
    rows,
    text,
    (shown) =>
      table(
        [
          { title: column.pool[0] ?? '', cell: ({ pool }) => foreign(pool.pool) },
          {
            title: words.operator,
            cell: ({ pool }) => (pool.operator === null ? '–' : foreign(pool.operator)),
          },
          { title: column.hosts[0] ?? '', figure: true, cell: ({ row }) => row?.hosts ?? '' },
          { title: column.sessions[0] ?? '', figure: true, cell: ({ row }) => row?.sessions ?? '' },
          { title: column.traffic[0] ?? '', figure: true, cell: ({ row }) => row?.traffic ?? '' },
          {
            title: words.coins,
            cell: ({ pool }) => pool.coins.map((coin, i) => [i > 0 ? text.comma : '', foreign(coin)]),
          },
          {
            title: column.endpoints[0] ?? '',
            cell: ({ row }) => html`<span class="small">${phrase(row?.endpoints ?? [])}</span>`,
          },
        ],
        shown,
      ),
    'pools.csv',
  );
  return card(words.pools, words.poolsNote, html`${chart}${list}`, true);
}

/** Addresses that share an account; no card where there are none. */
function clusters({ clusters: rows = [] }: Audit, text: ReportText): Markup | null {
  const { page } = text;
  const { breakdown: words } = page;
  if (rows.length === 0) return null;
  const list = rowsShown(rows, text, (shown) =>
    table(
      [
        {
          title: words.accounts,
          cell: ({ accounts }) =>
            html`<span class="small">${foreign(accounts.slice(0, 3).join(', '))}${
              accounts.length > 3 ? ` +${grouped(accounts.length - 3)}` : ''
            }</span>`,
        },
        { title: page.addresses, figure: true, cell: (row) => grouped(row.addresses.length) },
        { title: words.workers, figure: true, cell: (row) => grouped(row.workers.length) },
        { title: words.sameWorker, figure: true, cell: (row) => grouped(row.sameWorker.length) },
        { title: words.pools, cell: (row) => foreign(row.pools.slice(0, 5).join(', ')) },
      ],
      shown,
    ),
  );
  return card(words.clusters, words.clustersNote, list, true);
}

function places({ totals }: Audit, text: ReportText): Markup {
  const { page } = text;
  const { breakdown: words } = page;
  const { cities, minerAddresses: all } = totals;
  if (cities.length === 0) return card(words.cities, null, notAssessed(text));
  let known = 0;
  for (const { addresses } of cities) known += addresses;
  const cell = (name: string | null): Content => (name === null ? '–' : foreign(name));
  return card(
    words.cities,
    words.citiesNote,
    html`${bars(
      cities.map(({ city, addresses }) => ({ name: city, addresses })),
      words.cities,
      all,
      text,
    )}${rowsShown(cities, text, (shown) =>
      table(
        [
          { title: words.city, cell: ({ city }) => cell(city) },
          { title: words.region, cell: ({ region }) => cell(region) },
          { title: words.country, cell: ({ country }) => cell(country) },
          { title: page.minerAddresses, figure: true, cell: (row) => grouped(row.addresses) },
          { title: page.ofMiners(all), figure: true, cell: (row) => percent(row.addresses / all) },
          { title: words.energy, figure: true, cell: (row) => significant(row.kwhPerDay) },
        ],
        shown,
      ),
    )}<p class="note">${words.placeUnknown(known, all)}</p>`,
    true,
  );
}

function notAssessed({ page }: ReportText): Markup {
  return html`<p class="absent">${page.notAssessed}</p>`;
}

/** A history as one page: charts by day, a table by owner, a table by day. */
import { groupBy } from '../../order.ts';
import { catalogueOf } from '../../statements/catalogue.ts';
import type { ReportText } from '../../statements/codes.ts';
import { byteCount, clock, grouped, si } from '../../statements/figures.ts';
import type { ReportOptions } from '../format.ts';
import { figureColumns, pseudonymTexts, SHOWN } from '../history/columns.ts';
import { countOf, type History, type HistoryDay, joined, type OwnerDay, ownerKey } from '../history/days.ts';
import type { Column } from '../tables.ts';
import { barChart, type Curve, timeCard } from './chart.ts';
import { foreign, html, type Markup, table } from './markup.ts';
import { shellBottom, shellTop } from './shell.ts';

/** The last so many days are shown. */
const MOST_DAYS = 366;
/** Up to so many days stand as bars. */
const MOST_BARS = 62;
const ALGORITHMS_DRAWN = 4;
const OWNERS_DRAWN = 12;
/** Of the verdicts that are shown. */
const COLORS = [5, 2, 6];

export function* renderHistoryHtml(
  history: History,
  { zone, language }: Pick<ReportOptions, 'zone' | 'language'>,
  { tool, generatedMs }: { readonly tool: string; readonly generatedMs: number },
): Generator<string> {
  const text = catalogueOf(language);
  const words = text.page.history;
  const all = history.days();
  const days = all.slice(-MOST_DAYS);
  const [first, last] = [days[0], days.at(-1)];
  const lead = [
    first === undefined || last === undefined
      ? text.summary.noWindow
      : `${text.figures.between(first.date, last.date)} ${zone}`,
    text.page.madeBy(tool, `${clock(new Date(generatedMs).toISOString(), zone)} ${zone}`),
  ];
  const incomplete = days.filter(({ complete }) => !complete).length;
  const warnings = [
    ...(incomplete > 0 ? [words.incomplete(incomplete, days.length)] : []),
    ...pseudonymTexts(history, text),
    ...(all.length > days.length ? [words.cut(all.length - days.length)] : []),
  ];
  yield shellTop({ title: words.title, lead, warnings, tool }, text).text;
  yield html`<main>${charts(days, text)}${owners(days, text)}${byDay(days, text)}</main>
${shellBottom(html`<p class="screen">${text.page.foot.self}</p>`)}`.text;
}

function charts(days: readonly HistoryDay[], text: ReportText): Markup | null {
  const words = text.page.history;
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return null;
  // Days without an audit have their place, and nothing in it.
  const dates: string[] = [];
  const byDate = new Map(days.map((day) => [day.date, day]));
  const end = Date.parse(last.date);
  for (let ms = Math.max(Date.parse(first.date), end - MOST_DAYS * 86_400_000); ms <= end; ms += 86_400_000)
    dates.push(new Date(ms).toISOString().slice(0, 10));
  const missing = dates.filter((date) => !byDate.has(date)).length;
  const steps = dates.map((date) => date.slice(5));
  const gaps = dates.flatMap((date, i) => (byDate.has(date) ? [] : [[i, i + 1] as const]));
  const drawn = dates.length > MOST_BARS ? 'area' : 'bars';
  const card = (
    title: string,
    curves: Curve[],
    axis: (value: number) => string,
    note: string | null,
  ): Markup => timeCard(title, { steps, curves, drawn, axis, whole: axis === grouped, gaps }, note, text);
  const curve = (name: string, color: number, value: (day: HistoryDay) => number): Curve => ({
    name,
    color,
    values: dates.map((date) => {
      const day = byDate.get(date);
      return day === undefined ? null : value(day);
    }),
  });
  const hosts = SHOWN.map((verdict, at) =>
    curve(text.verdict[verdict], COLORS[at], ({ all }) => countOf(all.machines, verdict)),
  );
  const { out, into } = text.page.time;
  const traffic = [curve(out, 1, ({ all }) => all.bytesOut), curve(into, 2, ({ all }) => all.bytesIn)];
  const energy = [
    curve(words.measured, 3, ({ all }) => all.kwh?.central ?? 0),
    ...(days.some(({ all }) => all.modelledKwh !== null)
      ? [curve(words.modelled, 6, ({ all }) => all.modelledKwh?.central ?? 0)]
      : []),
  ];
  const rates = ratesOf(days).slice(0, ALGORITHMS_DRAWN);
  return html`<section id="time"><h2>${words.byDay}</h2>${
    missing > 0 ? html`<p class="note">${words.missing(missing)}</p>` : null
  }<div class="grid">${card(words.hosts, hosts, grouped, null)}${card(words.traffic, traffic, byteCount, words.trafficNote)}${card(
    words.energy,
    energy,
    text.figures.energy,
    words.energyNote,
  )}${rates.map(({ algorithm, unit, basis }) =>
    card(
      words.hashrate(algorithm, text.basis[basis]),
      [
        curve(algorithm, 4, ({ all, seconds }) => {
          const work = all.work.find((each) => each.algorithm === algorithm && each.basis === basis);
          return seconds === 0 ? 0 : (work?.hashes ?? 0) / seconds;
        }),
      ],
      (value) => si(value, unit),
      words.hashrateNote,
    ),
  )}</div></section>
`;
}

/** Algorithms with the most days first. */
function ratesOf(days: readonly HistoryDay[]): OwnerDay['work'][number][] {
  const works = days.flatMap(({ all }) => all.work);
  return [...groupBy(works, ({ algorithm, basis }) => `${algorithm} ${basis}`).values()]
    .sort((a, b) => b.length - a.length)
    .flatMap((same) => same.slice(-1));
}

function owners(days: readonly HistoryDay[], text: ReportText): Markup | null {
  const words = text.page.history;
  const byOwner = groupBy(
    days.flatMap((day) => day.owners),
    ownerKey,
  );
  const rows = [...byOwner.values()]
    .map((each) => ({ sum: each.reduce(joined), days: each.length }))
    .sort(
      (a, b) => (b.sum.kwh?.central ?? 0) - (a.sum.kwh?.central ?? 0) || b.sum.hosts.size - a.sum.hosts.size,
    );
  if (rows.length === 0) return null;
  const bars = rows
    .filter(({ sum }) => sum.kwh !== null)
    .slice(0, OWNERS_DRAWN)
    .map(({ sum }) => ({
      name: nameOf(sum, text),
      value: sum.kwh?.central ?? 0,
      label: text.figures.energy(sum.kwh?.central ?? 0),
    }));
  return html`<section id="owners"><h2>${words.byOwner}</h2>${
    bars.length === 0
      ? null
      : html`<figure class="card"><figcaption><h3>${words.energy}</h3></figcaption>${barChart(bars, words.energy)}</figure>`
  }${table(
    words.byOwner,
    [
      [words.owner, ({ sum }) => foreign(nameOf(sum, text))],
      [words.days, (row) => grouped(row.days), 'figure'],
      ...columnsOf(text, ({ sum }: (typeof rows)[number]) => sum),
    ],
    rows,
  )}</section>
`;
}

function nameOf({ owner, class: ownerClass }: OwnerDay, text: ReportText): string {
  return owner === ''
    ? (text.ownerClass[ownerClass as keyof typeof text.ownerClass] ?? ownerClass)
    : text.word(owner);
}

function byDay(days: readonly HistoryDay[], text: ReportText): Markup | null {
  const words = text.page.history;
  if (days.length === 0) return null;
  return html`<section id="days"><h2>${words.everyDay}</h2>${table(
    words.everyDay,
    [
      [words.day, ({ date, complete }) => `${date}${complete ? '' : ' *'}`],
      [words.observed, ({ seconds }) => text.figures.duration(seconds), 'figure'],
      ...columnsOf(text, ({ all }: HistoryDay) => all),
    ],
    days.toReversed(),
  )}${days.every(({ complete }) => complete) ? null : html`<p class="note">${words.star}</p>`}</section>
`;
}

/** Columns of the figures of an owner; `of` finds them in a row. */
function columnsOf<Row>(text: ReportText, of: (row: Row) => OwnerDay): Column<Row, string>[] {
  return Object.values(figureColumns(text)).map(([title, cell]) => [
    title,
    (row) => cell(of(row))[0],
    'figure',
  ]);
}

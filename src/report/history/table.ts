/** A history on a terminal: a line a day, the last one last. */
import { catalogueOf } from '../../statements/catalogue.ts';
import type { ReportText } from '../../statements/codes.ts';
import { si } from '../../statements/figures.ts';
import { type Column, fitColumns, lineOf } from '../fit.ts';
import type { ReportOptions } from '../format.ts';
import type { Phrase } from '../phrase.ts';
import { wrap } from '../width.ts';
import { figureColumns, pseudonymTexts } from './columns.ts';
import type { History, HistoryDay } from './days.ts';

/** So many days fit a terminal; the page and the CSV have all. */
const MOST_DAYS = 62;
const LEAST_LAST = 14;
const WIDEST = 60;

type DayColumn = readonly [
  titles: readonly string[],
  cell: (day: HistoryDay) => readonly [string, ...string[]],
];

export function* renderHistoryTable(
  history: History,
  { width, language }: Pick<ReportOptions, 'width' | 'language'>,
): Generator<string> {
  const text = catalogueOf(language);
  const words = text.page.history;
  const all = history.days();
  const days = all.slice(-MOST_DAYS);
  const known = columnsOf(text);
  const { columns, leftOut } = fitColumns(known, days, width, LEAST_LAST, 'history');
  yield `${lineOf(columns, ({ title }) => title)}\n`;
  for (let i = 0; i < days.length; i++) yield `${lineOf(columns, ({ cells }) => cells[i] ?? '')}\n`;
  const titles = known.filter(({ id }) => leftOut.includes(id)).map(({ titles: [title] }) => title);
  const said = [
    ...pseudonymTexts(history, text),
    ...(days.every(({ complete }) => complete) ? [] : [words.star]),
    ...(all.length > days.length ? [words.cut(all.length - days.length)] : []),
    ...(titles.length > 0 ? [text.plain.leftOut(width, titles.join(text.comma))] : []),
  ];
  for (const sentence of said) yield `${wrap(sentence, width).join('\n')}\n`;
}

function columnsOf(text: ReportText): Column<HistoryDay>[] {
  const words = text.page.history;
  const columns: Readonly<Record<string, DayColumn>> = {
    day: [[words.day], ({ date, complete }) => [`${date}${complete ? '' : ' *'}`]],
    observed: [[words.observed], ({ seconds }) => [text.figures.duration(seconds)]],
    ...Object.fromEntries(
      Object.entries(figureColumns(text)).map(([id, [title, cell]]): [string, DayColumn] => [
        id,
        [id === 'traffic' ? [title, ...text.column.traffic] : [title], ({ all }) => cell(all)],
      ]),
    ),
    rates: [[text.page.nav.rates], ({ all, seconds }) => ratesText(all.work, seconds, text)],
  };
  return Object.entries(columns).map(([id, [titles, cell]]) => ({
    ...{ id, titles, widest: WIDEST },
    cell: (day) => {
      const [first, ...shorter] = cell(day);
      return [[first], ...shorter.map((form): Phrase => [form])];
    },
  }));
}

/** Mean rates over the time watched, each with what it is known by; shorter without that. */
function ratesText(
  work: HistoryDay['all']['work'],
  seconds: number,
  text: ReportText,
): readonly [string, string] {
  const each = seconds === 0 ? [] : work;
  const rates = each.map(({ algorithm, unit, hashes }) => `${algorithm} ${si(hashes / seconds, unit)}`);
  const long = rates.map((rate, at) => `${rate}${text.bracketed(text.basis[each[at].basis])}`);
  return [long.join(text.semicolon), rates.join(text.semicolon)];
}

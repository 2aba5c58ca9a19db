/** News and cases as rows, for every format that prints a night. Cells are phrases: text from the wire is not escaped yet. */
import { type Case, NEWS_KINDS, type News, type Night } from '../cases/case.ts';
import type { ReportText } from '../statements/en/report.ts';
import { interval, si } from './figures.ts';
import { type Phrase, render, wire } from './phrase.ts';
import { ends, type Forms, machineForms, timeForms } from './rows.ts';
import type { PlainTable } from './tables.ts';

/** A cell of news or of a case, longest form first. */
export interface ListColumn<Row> {
  readonly id: string;
  readonly title: string;
  readonly widest: number;
  cell(row: Row): Forms;
}

export function caseColumns(text: ReportText, zone: string): ListColumn<Omit<Case, 'nights'>>[] {
  const { column } = text;
  const title = (forms: readonly string[]): string => forms.at(-1) ?? '';
  const optional = (name: string | null): Phrase => (name === null ? [] : [wire(name)]);
  return [
    { id: 'ip', title: title(column.ip), widest: 45, cell: ({ machine }) => [[wire(machine.ip)]] },
    {
      id: 'machine',
      title: title(column.machine),
      widest: 36,
      cell: ({ machine }) => machineForms(nobody(machine) ? [] : [machine]),
    },
    { id: 'since', title: title(column.since), widest: 16, cell: ({ opened }) => timeForms(opened, zone) },
    { id: 'last', title: title(column.last), widest: 16, cell: ({ lastSeen }) => timeForms(lastSeen, zone) },
    {
      id: 'verdict',
      title: title(column.verdict),
      widest: 16,
      cell: ({ verdict }) => [[text.verdict[verdict]]],
    },
    {
      id: 'department',
      title: title(column.department),
      widest: 24,
      cell: ({ owner }) => [optional(owner.department), optional(owner.department)],
    },
    {
      id: 'contact',
      title: title(column.contact),
      widest: 24,
      cell: ({ owner }) => [optional(owner.contact)],
    },
  ];
}

function nobody({ mac, hostname, user }: Case['machine']): boolean {
  return mac === null && hostname === null && user === null;
}

export function newsColumns(text: ReportText, zone: string): ListColumn<News>[] {
  const { column, night: words } = text;
  const [ip, machine, since, last, verdict, ...whose] = caseColumns(text, zone).map(
    (each): ListColumn<News> => ({ ...each, cell: (news) => each.cell(news.case) }),
  );
  return [
    { id: 'kind', title: words.columns.kind, widest: 8, cell: ({ kind }) => [[words.kind[kind]]] },
    ...[ip, machine, since, last, verdict, ...whose],
    {
      id: 'hashrate',
      title: column.hashrate.at(-1) ?? '',
      widest: 28,
      cell: ({ night }) => rateForms(night),
    },
    {
      id: 'power',
      title: column.power[0] ?? '',
      widest: 10,
      cell: ({ watts }) => [[watts === null ? '' : si(watts, 'W')]],
    },
    {
      id: 'pool',
      title: column.pool[0] ?? '',
      widest: 24,
      cell: ({ night }) => [night.pool === null ? [] : [wire(night.pool)]],
    },
    {
      id: 'account',
      title: column.account[0] ?? '',
      widest: 16,
      cell: ({ account }) => [account === null ? [] : ends(account)],
    },
    { id: 'reason', title: words.columns.reason, widest: 40, cell: (news) => [[reasonText(news, text)]] },
    {
      id: 'action',
      title: column.action[0] ?? '',
      widest: 4000,
      cell: ({ action }) => [[text.action[action]]],
    },
  ];
}

export function rateForms({ rate, unit, low95, high95 }: News['night']): Forms {
  if (rate === null || unit === null) return [['']];
  return [[interval(rate, low95, high95, unit)], [si(rate, unit)]];
}

export function reasonText({ reason, before }: News, text: ReportText): string {
  const { night } = text;
  const was =
    reason === 'stronger' && before !== null ? `${text.comma}${night.was(text.verdict[before])}` : '';
  return `${night.reason[reason]}${was}`;
}

/** 'Mining, night of 2026-11-24: 2 new, 1 gone'. */
export function nightTitle({ date, news }: Night, { night, comma }: ReportText): string {
  const counts = NEWS_KINDS.flatMap((kind) => {
    const count = news.filter((each) => each.kind === kind).length;
    return count === 0 ? [] : [night.count(count, night.kind[kind])];
  });
  return night.title(date, counts.length === 0 ? night.none : counts.join(comma));
}

/** What stands below the news: the rest in one line, and that the night is not complete. */
export function nightRemarks({ rest, threshold, complete }: Night, { night, verdict }: ReportText): string[] {
  return [...(complete ? [] : [night.incomplete]), night.rest(rest, verdict[threshold])];
}

/** The news as a table for the page; columns without a word are left out. */
export function newsTable({ news }: Night, zone: string, text: ReportText): PlainTable {
  return plainTable(newsColumns(text, zone), news);
}

function plainTable<Row>(columns: readonly ListColumn<Row>[], rows: readonly Row[]): PlainTable {
  const cells = columns.map(({ cell }) => rows.map((row) => cell(row)[0]));
  const kept = columns.map((_, i) => i).filter((i) => cells[i]?.some((cell) => render(cell, String) !== ''));
  return {
    columns: kept.map((i) => ({ title: columns[i]?.title ?? '' })),
    rows: rows.map((_, row) => kept.map((i) => cells[i]?.[row] ?? [])),
  };
}

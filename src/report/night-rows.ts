/** News and cases as rows, for every format that prints a night. Cells are phrases: text from the wire is not escaped yet. */
import { machineWords } from '../audit/machines.ts';
import { type Case, NEWS_KINDS, type News, type Night } from '../cases/case.ts';
import type { ReportText } from '../statements/codes.ts';
import type { Column } from './fit.ts';
import { printable, render, wire } from './phrase.ts';
import { ends, type Forms, machineForms, timeForms } from './rows.ts';
import { undecidedText } from './summary.ts';
import { type PlainTable, tableOf } from './tables.ts';

/** Columns by id, which is the name of the title unless another is given. */
export function listColumns<Row>(
  columns: Readonly<Record<string, readonly [widest: number, cell: (row: Row) => Forms, title?: string]>>,
  { column, night }: ReportText,
): Column<Row>[] {
  const titles = new Map<string, string | readonly string[]>(Object.entries({ ...column, ...night.columns }));
  return Object.entries(columns).map(([id, [widest, cell, title = id]]) => {
    const forms = titles.get(title) ?? '';
    return { id, titles: [typeof forms === 'string' ? forms : (forms.at(-1) ?? '')], widest, cell };
  });
}

/** Text from the wire, or from the operator's tables. */
export function known(text: string | null): Forms {
  return [text === null ? [] : [wire(text)]];
}

export function caseColumns(text: ReportText, zone: string): Column<Omit<Case, 'nights'>>[] {
  return listColumns(
    {
      ip: [45, ({ machine }) => known(machine.ip)],
      machine: [36, ({ machine }) => machineForms(machineWords(machine) === '' ? [] : [machine])],
      since: [16, ({ opened }) => timeForms(opened, zone)],
      last: [16, ({ lastSeen }) => timeForms(lastSeen, zone)],
      verdict: [16, ({ verdict }) => [[text.verdict[verdict]]]],
      department: [24, ({ owner }) => known(owner.department)],
      contact: [24, ({ owner }) => known(owner.contact)],
    },
    text,
  );
}

export function newsColumns(text: ReportText, zone: string): Column<News>[] {
  const kinds = listColumns<News>({ kind: [8, ({ kind }) => [[text.night.kind[kind]]]] }, text);
  const cases = caseColumns(text, zone).map(
    (each): Column<News> => ({ ...each, cell: (news) => each.cell(news.case) }),
  );
  const facts = listColumns<News>(
    {
      hashrate: [28, ({ night }) => rateForms(night, text)],
      power: [
        10,
        ({ watts, night: { tier } }) => [
          [watts === null ? '' : text.figures.shortWatts({ watts, wattsHigh: null, tier })],
        ],
      ],
      pool: [24, ({ night }) => known(night.pool)],
      account: [16, ({ account }) => [account === null ? [] : ends(account)]],
      reason: [40, (news) => [[reasonText(news, text)]]],
      action: [4000, ({ action }) => [[text.action[action]]]],
    },
    text,
  );
  return [...kinds, ...cases, ...facts];
}

export function rateForms({ rate, unit, basis, ...limits }: News['night'], { figures }: ReportText): Forms {
  if (rate === null || unit === null) return [['']];
  const row = { estimate: rate, unit, basis: basis ?? '', ...limits };
  return [[figures.hashrate(row)], [figures.shortRate(row)]];
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
export function nightRemarks(
  { rest, threshold, complete, open, openCases = [] }: Night,
  text: ReportText,
): string[] {
  const { night, verdict } = text;
  const { mining, weaker, acknowledged, unseen, closed } = rest;
  const parts = [
    ...(mining > 0 ? [night.part.mining(mining)] : []),
    ...(weaker > 0 ? [night.part.weaker(weaker, verdict[threshold])] : []),
    ...(acknowledged > 0 ? [night.part.acknowledged(acknowledged)] : []),
    ...(unseen > 0 ? [night.part.unseen(unseen)] : []),
    ...(closed > 0 ? [night.part.closed(closed)] : []),
  ];
  const said = parts.length === 0 ? [] : [night.rest(parts)];
  const left = open.pairs === 0 ? night.allJudged : night.open(open.pairs, open.fresh);
  const longest = open.longest.map((each) => printable([wire(undecidedText(each, text))]));
  const stands = openCases.length === 0 ? [] : [night.openCases(openCases.length, verdict[threshold])];
  return [...(complete ? [] : [night.incomplete]), ...stands, ...said, left, ...longest];
}

/** The news as a table for the page; columns without a word are left out. */
export function newsTable({ news }: Night, zone: string, text: ReportText): PlainTable {
  const columns = newsColumns(text, zone).filter(({ cell }) =>
    news.some((each) => render(cell(each)[0], String) !== ''),
  );
  return tableOf(
    news,
    columns.map(({ titles, cell }) => [titles[0], (each) => cell(each)[0]]),
  );
}

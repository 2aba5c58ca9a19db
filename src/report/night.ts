/**
 * A night in every format: its news, and one line for the rest; and lists of cases. Text from the wire is escaped for the
 * format, as in reports of audits.
 */
import type { Digest } from '../alerts/digest.ts';
import { VERDICTS } from '../audit/audit.ts';
import { machineWords } from '../audit/machines.ts';
import type { Case, Night } from '../cases/case.ts';
import { escapeJson, escapeTerminal } from '../escape.ts';
import { catalogueOf } from '../statements/catalogue.ts';
import { kwhCell } from '../statements/figures.ts';
import { type Column, fitColumns, lineOf } from './fit.ts';
import type { ReportOptions } from './format.ts';
import { type TestCase, testSuite } from './junit.ts';
import {
  caseColumns,
  known,
  listColumns,
  newsColumns,
  nightRemarks,
  nightTitle,
  rateForms,
  reasonText,
} from './night-rows.ts';
import { printable, render, wire } from './phrase.ts';
import { renderNightGithub } from './pipelines/github.ts';
import { renderNightSarif } from './pipelines/sarif.ts';
import { timeForms } from './rows.ts';
import { groupedLines, listLine, WIDEST, WIDEST_LINE } from './ticket.ts';
import { clipEnd, wrap } from './width.ts';

/** Formats of a night, by id; `file`: where its cases can be judged. */
export const NIGHT_FORMATS: Readonly<
  Record<
    string,
    (night: Night, options: ReportOptions, file: string) => Iterable<string> | Promise<Iterable<string>>
  >
> = {
  table: renderTable,
  ticket: renderTicket,
  json: renderJson,
  ndjson: renderNdjson,
  junit: renderJunit,
  github: renderNightGithub,
  sarif: renderNightSarif,
  html: async (night, options) => (await import('./html/night.ts')).renderNightHtml(night, options),
};

function* fitted<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width: number,
): Generator<string> {
  const { columns: fit } = fitColumns(columns, rows, width, 20, 'cases');
  yield `${lineOf(fit, ({ title }) => title)}\n`;
  for (let i = 0; i < rows.length; i++) yield `${lineOf(fit, ({ cells }) => cells[i] ?? '')}\n`;
}

function* renderTable(night: Night, { width, zone, language, reader }: ReportOptions): Generator<string> {
  const text = catalogueOf(language, reader ?? 'admin');
  yield `${wrap(nightTitle(night, text), width).join('\n')}\n\n`;
  if (night.news.length > 0) {
    yield* fitted(newsColumns(text, zone), night.news, width);
    yield '\n';
  }
  for (const remark of nightRemarks(night, text)) yield `${wrap(remark, width).join('\n')}\n`;
}

/** For a mail: a line for each piece of news, by department. */
export function* renderTicket(night: Night, { zone, language, reader }: ReportOptions): Generator<string> {
  const text = catalogueOf(language, reader ?? 'admin');
  const isTabled = night.news.some((news) => news.case.owner.department != null);
  const rows = night.news.map((news) => {
    const cells = new Map(
      newsColumns(text, zone).map(({ id, cell }) => {
        const forms = cell(news);
        // Whoever looks for the machine needs its name, or else its hardware address.
        return [id, printable((id === 'machine' ? forms[1] : forms.at(-1)) ?? [])];
      }),
    );
    const cell = (id: string): string => cells.get(id) ?? '';
    const machine = cell('machine') === '' ? '' : text.bracketed(cell('machine'));
    const [since = []] = timeForms(news.case.opened, zone);
    const facts = [
      `${text.night.kind[news.kind]}${text.colon}${cell('ip')}${machine}`,
      cell('verdict'),
      text.ticket.since(render(since, String)),
      ...[cell('hashrate'), cell('power')],
    ];
    const reason = news.kind === 'new' ? [] : [cell('reason')];
    const { department, contact } = news.case.owner;
    return {
      department: isTabled ? (department === null ? [] : [wire(department)]) : null,
      contact: contact === null ? [] : [wire(contact)],
      line: listLine([facts, reason, [cell('action')], [cell('pool'), cell('account')]], text),
    };
  });
  const remarks = nightRemarks(night, text).flatMap((remark) => wrap(remark, WIDEST));
  for (const line of [nightTitle(night, text), ...groupedLines(rows, text), '', ...remarks])
    yield `${clipEnd(line, WIDEST_LINE)}\n`;
}

function* renderJson(night: Night): Generator<string> {
  yield `${escapeJson(JSON.stringify(night, null, 2))}\n`;
}

function* renderNdjson({ news, ...rest }: Night): Generator<string> {
  for (const each of news) yield `${escapeJson(JSON.stringify({ type: 'news', ...each }))}\n`;
  yield `${escapeJson(JSON.stringify({ type: 'night', ...rest }))}\n`;
}

/** A test for each piece of news, one for each older case that makes the status 3, and one that the night is complete. */
function* renderJunit(
  { news: all, complete, generated, matched, openCases = [] }: Night,
  { language }: ReportOptions,
): Generator<string> {
  const text = catalogueOf(language);
  const lack = { type: 'incomplete', message: text.night.incomplete };
  const cases = all.map((news): TestCase => {
    const { machine, verdict } = news.case;
    const [kind, pool] = [text.night.kind[news.kind], news.night.pool || null];
    const about = [reasonText(news, text), pool, machineWords(machine)] as const;
    const failure = { type: verdict, message: text.junit.told(kind, text.verdict[verdict], ...about) };
    return { name: text.junit.news(machine.ip), group: `cases.${news.kind}`, failure };
  });
  const told = new Set(all.map((news) => news.case.id));
  const older = openCases.filter(({ id }) => matched && !told.has(id));
  const still = older.map(({ machine, verdict, state }): TestCase => {
    const words = [text.night.state[state], text.verdict[verdict], machineWords(machine)];
    const message = words.filter((word) => word !== '').join(text.comma);
    return { name: text.junit.news(machine.ip), group: 'cases.open', failure: { type: verdict, message } };
  });
  yield* testSuite(generated, [
    { name: text.junit.night, group: 'coverage', ...(complete ? {} : { failure: lack }) },
    ...cases,
    ...still,
  ]);
}

/** Cases, a line each: the strongest first, then those seen last. */
export function* renderCases(
  cases: readonly Case[],
  { width, zone, language }: Pick<ReportOptions, 'width' | 'zone' | 'language'>,
): Generator<string> {
  const text = catalogueOf(language);
  const { state, noCases } = text.night;
  if (cases.length === 0) {
    yield `${noCases}\n`;
    return;
  }
  const [heads, facts] = [
    listColumns<Case>({ id: [8, ({ id }) => [[id]]], state: [14, (each) => [[state[each.state]]]] }, text),
    listColumns<Case>(
      {
        nights: [6, ({ nights }) => [[String(nights.length)]]],
        kwh: [8, ({ kwh, nights }) => [[kwh > 0 ? kwhCell(kwh, nights.some(isModelled)) : '']]],
        until: [10, ({ until }) => [[until ?? '']]],
        because: [4000, ({ because }) => known(because), 'reason'],
      },
      text,
    ),
  ];
  const rank = ({ verdict }: Case): number => VERDICTS.indexOf(verdict);
  const ordered = cases.toSorted((a, b) => rank(a) - rank(b) || (a.lastSeen < b.lastSeen ? 1 : -1));
  yield* fitted([...heads, ...caseColumns(text, zone), ...facts], ordered, width);
}

function isModelled({ tier }: Case['nights'][number]): boolean {
  return tier === 'C';
}

/** Cases with their histories, a line a night. */
export function* renderCaseHistory(
  cases: readonly Case[],
  options: Pick<ReportOptions, 'width' | 'zone' | 'language'>,
): Generator<string> {
  const text = catalogueOf(options.language);
  for (const each of cases) {
    yield* renderCases([each], options);
    const machine = machineWords(each.machine);
    if (machine !== '') yield `${escapeTerminal([text.column.machine[0], machine].join(text.colon))}\n`;
    if (each.by !== null) yield `${escapeTerminal([each.by, each.because ?? ''].join(text.colon))}\n`;
    yield '\n';
    const columns = listColumns<Case['nights'][number]>(
      {
        date: [10, ({ date }) => known(date), 'nights'],
        verdict: [16, ({ verdict }) => [[text.verdict[verdict]]]],
        algorithm: [16, ({ algorithm }) => known(algorithm)],
        hashrate: [28, (night) => rateForms(night, text)],
        kwh: [8, (night) => [[night.kwh === null ? '' : kwhCell(night.kwh, isModelled(night))]]],
        pool: [40, ({ pool }) => known(pool)],
      },
      text,
    );
    yield* fitted(columns, each.nights, options.width);
    yield '\n';
  }
}

/** A night in Markdown, for the summary of a pipeline. */
export function nightSummary(night: Night, options: ReportOptions): string {
  const text = catalogueOf(options.language);
  const fenced = [...renderTicket(night, options)].join('').replaceAll('`', 'ˋ');
  return `### ${nightTitle(night, text)}\n\n\`\`\`text\n${fenced}\`\`\`\n`;
}

/** A night as a message: its ticket for people, all of it for programs. */
export function digestOf(night: Night, options: ReportOptions): Digest {
  const text = catalogueOf(options.language);
  const ticket = [...renderTicket(night, options)].join('');
  const { news } = night;
  const going = news.filter(({ kind }) => kind !== 'gone');
  return {
    subject: nightTitle(night, text),
    text: ticket,
    more: text.night.moreLines,
    severity:
      going.length === 0
        ? 'info'
        : going.some((each) => each.case.verdict === 'confirmed')
          ? 'error'
          : 'warning',
    isOver: going.length === 0 && night.rest.mining === 0,
    time: night.generated,
    alerts: news.map(
      ({ kind, account, case: { id, machine, verdict, owner, opened, lastSeen }, night: seen }) => ({
        ...{ id, kind, ip: machine.ip, verdict, pool: seen.pool, algorithm: seen.algorithm, account },
        summary: `${text.night.kind[kind]}${text.colon}${machine.ip}${text.comma}${text.verdict[verdict]}`,
        ...{ department: owner.department, contact: owner.contact },
        ...{ first: opened, last: lastSeen, isOver: kind === 'gone' },
      }),
    ),
    events: null,
    night,
  };
}

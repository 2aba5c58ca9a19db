/** When blocks of which coin were found, by the operator's files: CSV with the columns time and coin, or JSON lines with both. */
import { csvRows, delimiterOf } from '../csv.ts';
import { fail } from '../errors.ts';
import { readTextList } from '../given-file.ts';
import { addTo } from '../order.ts';
import { TimeCell } from '../readers/tables/time-cell.ts';
import { checked, type Problem, readBack } from '../schema/check.ts';
import { field, matching, text as ofText, record } from '../schema/field.ts';
import type { Chain } from './in-step.ts';

const HINT =
  'Write a header and lines such as 2026-11-27T20:05:31Z,BTC, or {"time":"2026-11-27T20:05:31Z","coin":"BTC"}.';
/** Blocks of all files. */
const MOST_BLOCKS = 1_000_000;

const BLOCK = record({
  time: field(ofText, 'When it was found.'),
  coin: field(matching('^[A-Za-z][A-Za-z0-9]{1,9}$'), 'Ticker of its coin.'),
});

/** The blocks of each coin, in the order of time. Throws FILE_UNREADABLE and FILE_INVALID. */
export async function loadBlocks(files: readonly string[]): Promise<readonly Chain[]> {
  const byCoin = new Map<string, Set<number>>();
  let left = MOST_BLOCKS;
  for (const file of files) {
    const text = await readTextList(file, 'the file of blocks', HINT);
    for (const { coin, timeUs } of blocksOf(text, file)) {
      if (left-- === 0)
        fail('FILE_INVALID', 'more than a million blocks', { where: file, hint: 'Leave out other days.' });
      addTo(byCoin, coin, timeUs);
    }
  }
  return [...byCoin].map(([coin, times]) => ({
    coin,
    source: 'file',
    timesUs: [...times].sort((a, b) => a - b),
  }));
}

function* blocksOf(text: string, file: string): Iterable<{ coin: string; timeUs: number }> {
  const cell = new TimeCell();
  for (const { line, value } of /^\s*\{/.test(text) ? jsonLines(text) : tableRows(text, file)) {
    const wrong = ({ at, message }: Problem): never =>
      fail('FILE_INVALID', at === '' ? 'not a JSON object' : `${at} ${message}`, {
        where: `${file}:${line}`,
        hint: HINT,
      });
    const { time, coin } =
      typeof value === 'string' ? readBack(value, BLOCK, wrong) : checked(value, BLOCK, wrong);
    const bytes = Buffer.from(`${time}\n`);
    if (cell.read(bytes, 0) !== bytes.length - 1) wrong({ at: 'time', message: 'must be a time' });
    yield { coin: coin.toUpperCase(), timeUs: cell.timeUs };
  }
}

interface Row {
  readonly line: number;
  /** A line of JSON, or what a table says. */
  readonly value: unknown;
}

function* tableRows(text: string, file: string): Iterable<Row> {
  let columns: readonly string[] | null = null;
  for (const { line, fields } of csvRows(text, delimiterOf(text))) {
    const cells = fields.map((field) => field.trim());
    if (columns === null) {
      columns = cells.map((cell) => cell.toLowerCase());
      if (!columns.includes('time') || !columns.includes('coin'))
        fail('FILE_INVALID', 'the column time or coin is missing', { where: file, hint: HINT });
      continue;
    }
    yield { line, value: { time: cells[columns.indexOf('time')], coin: cells[columns.indexOf('coin')] } };
  }
}

function* jsonLines(text: string): Iterable<Row> {
  for (const [at, line] of text.split('\n').entries())
    if (line.trim() !== '') yield { line: at + 1, value: line };
}

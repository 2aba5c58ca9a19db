/** When blocks of which coin were found, by the operator's files: CSV with the columns time and coin, or JSON lines with both. */
import { csvRows, delimiterOf } from '../csv.ts';
import { fail } from '../errors.ts';
import { readNamedList } from '../given-file.ts';
import { member, parseText } from '../json.ts';
import { addTo } from '../order.ts';
import { TimeCell } from '../readers/tables/time-cell.ts';
import type { Chain } from './in-step.ts';

const HINT =
  'Write a header and lines such as 2026-11-27T20:05:31Z,BTC, or {"time":"2026-11-27T20:05:31Z","coin":"BTC"}.';
/** Blocks of all files. */
const MOST_BLOCKS = 1_000_000;

/** The blocks of each coin, in the order of time. Throws FILE_UNREADABLE and FILE_INVALID. */
export async function loadBlocks(files: readonly string[]): Promise<readonly Chain[]> {
  const byCoin = new Map<string, Set<number>>();
  let left = MOST_BLOCKS;
  for (const file of files) {
    const bytes = await readNamedList(file, 'the file of blocks', HINT);
    for (const { coin, timeUs } of blocksOf(bytes.toString('utf8'), file)) {
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
  for (const { line, time, coin } of /^\uFEFF?\s*\{/.test(text)
    ? jsonLines(text, file)
    : tableRows(text, file)) {
    const bytes = Buffer.from(`${time}\n`);
    const end = cell.read(bytes, 0);
    const isTime = end === bytes.length - 1;
    if (!isTime || !/^[A-Za-z][A-Za-z0-9]{1,9}$/.test(coin)) {
      fail('FILE_INVALID', isTime ? `'${coin}' is not a coin` : `'${time}' is not a time`, {
        where: `${file}:${line}`,
        hint: HINT,
      });
    }
    yield { coin: coin.toUpperCase(), timeUs: cell.timeUs };
  }
}

interface Row {
  readonly line: number;
  readonly time: string;
  readonly coin: string;
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
    yield { line, time: cells[columns.indexOf('time')] ?? '', coin: cells[columns.indexOf('coin')] ?? '' };
  }
}

function* jsonLines(text: string, file: string): Iterable<Row> {
  for (const [at, line] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    if (line.trim() === '') continue;
    const where = `${file}:${at + 1}`;
    const row = parseText(line);
    if (typeof row !== 'object' || row === null)
      fail('FILE_INVALID', 'not a JSON object', { where, hint: HINT });
    yield { line: at + 1, time: String(member(row, 'time') ?? ''), coin: String(member(row, 'coin') ?? '') };
  }
}

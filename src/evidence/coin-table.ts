/** Coins by ticker (data/coins.tsv): other names, and the algorithm that they were mined with, by date. */
import coins from '../../data/coins.tsv?raw';
import { table, text, words } from '../schema/table.ts';
import { algorithmId } from './algorithm-table.ts';

interface CoinEra {
  /** Null: none can be named. */
  readonly algorithm: string | null;
  /** Begin of the next era, us since 1970; infinity for the last one. */
  readonly untilUs: number;
}

const rows = table('coins.tsv', coins, {
  ticker: text,
  names: words,
  algorithms: (cell) => text(cell).split(' ').map(era),
});

export type Coin = ReturnType<typeof rows>[number];

export const COINS = rows();

/** 'ethash<2022-09-15': the day is the first of the next era. */
function era(word: string): CoinEra {
  const [algorithm, day] = word.split('<');
  const untilUs = day === undefined ? Number.POSITIVE_INFINITY : Date.parse(day) * 1000;
  if (Number.isNaN(untilUs)) throw new Error(`${day} is not a day`);
  return { algorithm: algorithm === '-' ? null : algorithmId(algorithm), untilUs };
}

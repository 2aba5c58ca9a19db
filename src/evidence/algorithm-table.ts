/**
 * The algorithms that pools serve (data/algorithms.tsv): unit of the rate, worth of one unit of Stratum difficulty in
 * hashes, other names. If pool and miner programs disagree on the worth the whole range stands, with the value that most of
 * them use.
 */
import algorithms from '../../data/algorithms.tsv?raw';
import { note, oneOf, optional, table, text, words } from '../schema/table.ts';

const rows = table('algorithms.tsv', algorithms, {
  id: text,
  family: text,
  unit: oneOf('H/s', 'Sol/s', 'graphs/s'),
  difficulty: optional(powerOfTwo),
  aliases: words,
  lowest: optional(powerOfTwo),
  highest: optional(powerOfTwo),
  disagree: note,
});

export type Algorithm = ReturnType<typeof rows>[number];
export type RateUnit = Algorithm['unit'];

export const ALGORITHMS = rows();

/** '2^32'. */
function powerOfTwo(cell: string): number {
  const exponent = /^2\^(\d\d?)$/.exec(cell)?.[1];
  if (exponent === undefined) throw new Error('is no power such as 2^32');
  return 2 ** Number(exponent);
}

/** The id of an algorithm in a cell. */
export function algorithmId(cell: string): string {
  if (!ALGORITHMS.some(({ id }) => id === cell)) throw new Error('is not in algorithms.tsv');
  return cell;
}

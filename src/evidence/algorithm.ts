/**
 * Names of algorithms and coins (data/algorithms.tsv, data/coins.tsv), as miners and pools write them, to one id; and what a
 * unit of difficulty of that algorithm is worth in hashes. Names come from the wire: unknown ones give null.
 */
import algorithms from '../../data/algorithms.tsv?raw';
import coins from '../../data/coins.tsv?raw';
import { date, note, oneOf, optional, table, text, words } from '../schema/table.ts';

const algorithmRows = table('algorithms.tsv', algorithms, {
  id: text,
  family: text,
  unit: oneOf('H/s', 'Sol/s', 'graphs/s'),
  difficulty: optional(powerOfTwo),
  aliases: words,
  lowest: optional(powerOfTwo),
  highest: optional(powerOfTwo),
  disagree: note,
});

type Algorithm = ReturnType<typeof algorithmRows>[number];
export type RateUnit = Algorithm['unit'];

export const ALGORITHMS = algorithmRows();

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

interface CoinEra {
  /** Null: none can be named. */
  readonly algorithm: string | null;
  /** Begin of the next era, us since 1970; infinity for the last one. */
  readonly untilUs: number;
}

const coinRows = table('coins.tsv', coins, {
  ticker: text,
  names: words,
  algorithms: (cell) => text(cell).split(' ').map(era),
});

type Coin = ReturnType<typeof coinRows>[number];

export const COINS = coinRows();

/** 'ethash<2022-09-15': the day is the first of the next era. */
function era(word: string): CoinEra {
  const [algorithm, day] = word.split('<');
  const untilUs = day === undefined ? Number.POSITIVE_INFINITY : Date.parse(date(day)) * 1000;
  return { algorithm: algorithm === '-' ? null : algorithmId(algorithm), untilUs };
}

const LONGEST_NAME = 64;

/** Spelling without case, blanks and separators, so that 'CryptoNight_R' is 'cryptonight/r'. */
function folded(name: string): string {
  return name.length > LONGEST_NAME ? '' : name.toLowerCase().replace(/[\s\-_/.]/g, '');
}

const BY_ID = new Map<string, Algorithm>();
const BY_NAME = new Map<string, Algorithm>();
for (const algorithm of ALGORITHMS) {
  BY_ID.set(algorithm.id, algorithm);
  for (const name of [algorithm.id, ...algorithm.aliases]) BY_NAME.set(folded(name), algorithm);
}

/** Row of the table by any of its names; null if the name is not known. Coins' names are not looked at. */
export function algorithmNamed(name: string): Algorithm | null {
  return BY_ID.get(name) ?? BY_NAME.get(folded(name)) ?? null;
}

/**
 * Id of an algorithm by any of its names ('randomx', 'gr', 'CryptoNight-V7'), or by a coin that has one algorithm
 * ('monero', 'RVN'); null if the name is not known.
 */
export function canonicalAlgorithm(name: string): string | null {
  return algorithmNamed(name)?.id ?? algorithmOfCoin(name);
}

/** Unit of the rate: 'H/s' for everything that is not known to count solutions or graphs. */
export function unitOf(name: string): RateUnit {
  return (algorithmNamed(name) ?? algorithmNamed(membersOf(name)[0] ?? ''))?.unit ?? 'H/s';
}

/** Algorithms that one kind of machine computes alike, e.g. 'randomx'; null if the name is not known. */
export function familyOf(name: string): string | null {
  return algorithmNamed(name)?.family ?? null;
}

/** Families of members that one kind of job is for, where they are several. */
const FAMILIES_OF_JOBS: Readonly<Record<string, readonly string[]>> = {
  'ethash-family': ['ethash', 'progpow'],
  'kaspa-family': ['kheavyhash', 'astrobwt'],
  'cuckoo-family': ['cuckoo'],
};

/** Of what jobs leave open, the coin that most work of this form was for. */
const USUAL_COINS: ReadonlyMap<string, string> = new Map([
  ['ethash-family', 'ETH'],
  ['kaspa-family', 'KAS'],
  ['cryptonight', 'XMR'],
  ['randomx', 'XMR'],
]);

/** Null of one algorithm, and of a group without such a coin. */
export function usualCoin(group: string): string | null {
  return USUAL_COINS.get(group) ?? null;
}

/** True if the algorithm may be the member of a group that is known by the form of its jobs alone. */
export function isMemberOf(group: string, algorithm: string): boolean {
  const family = familyOf(algorithm);
  const families = Object.hasOwn(FAMILIES_OF_JOBS, group) ? FAMILIES_OF_JOBS[group] : [familyOf(group)];
  return family !== null && families.includes(family);
}

/** The algorithms that a group may stand for. */
export function membersOf(group: string): readonly string[] {
  return ALGORITHMS.flatMap(({ id }) => (isMemberOf(group, id) ? [id] : []));
}

/**
 * Expected hashes per unit of Stratum v1 difficulty: if programs disagree, the value that most of them use. Null
 * for unknown algorithms and for those whose pools send targets or hashes outright.
 */
export function hashesPerUnit(name: string): number | null {
  return algorithmNamed(name)?.difficulty ?? null;
}

/** The same as a range over the programs that disagree (docs/reference/protocols.md 5.3). */
export function hashesPerUnitRange(name: string): { low: number; high: number } | null {
  const row = algorithmNamed(name);
  if (row === null || row.difficulty === null) return null;
  return { low: row.lowest ?? row.difficulty, high: row.highest ?? row.difficulty };
}

const COIN_BY_NAME = new Map(
  COINS.flatMap((coin) => [coin.ticker.toLowerCase(), ...coin.names].map((name) => [name, coin] as const)),
);

/** Row of a coin by ticker or name; null if it is not known. */
export function coinNamed(text: string): Coin | null {
  if (text.length > LONGEST_NAME) return null;
  return COIN_BY_NAME.get(text.toLowerCase().replace(/[\s\-_]/g, '')) ?? null;
}

/**
 * Algorithm of a coin by ticker or name at a time (us since 1970; absent: today's). Null for coins that are not
 * known or had no single one then.
 */
export function algorithmOfCoin(coin: string, timeUs = Number.POSITIVE_INFINITY): string | null {
  const eras = coinNamed(coin)?.algorithms;
  return (eras?.find((era) => timeUs < era.untilUs) ?? eras?.at(-1))?.algorithm ?? null;
}

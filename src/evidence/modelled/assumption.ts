/**
 * What an operator says of the difficulty that a pool sets, if no payload shows it: one line a rule, with the places
 * that it holds for (miner, pool, port, coin, algorithm) and the work of a share. The most particular rule counts.
 *
 *   pool=pool.example port=3333 algorithm=rx/0 difficulty=120000
 *   miner=192.0.2.7:41234 hashes=16384
 *   coin=BTC difficulty=65536..1048576
 *   algorithm=etchash hashes=4G
 *
 * `difficulty` is the pool's own number (times the hashes of one unit, docs/reference/protocols.md 5.3), `hashes` the expected
 * hashes of one share; a range is low..high or low..central..high. Files hold such lines, or CSV with these columns.
 */

import { addressText, addressWords } from '../../address.ts';
import { beginning, fail } from '../../errors.ts';
import type { Estimate } from '../../estimate.ts';
import { algorithmNamed, algorithmOfCoin } from '../algorithm.ts';

export interface Assumption {
  /** Address of the miner, or its address and port: one session; null: any. */
  readonly miner: { readonly ip: string; readonly port: number | null } | null;
  /** Pool, host name or address, lower case; null: any. */
  readonly pool: string | null;
  readonly port: number | null;
  readonly coin: string | null;
  /** Algorithm id; null: as the catalogue or the coin says. */
  readonly algorithm: string | null;
  /** In the pool's own units, or in hashes. */
  readonly unit: 'difficulty' | 'hashes';
  readonly work: Estimate;
  /** Where it was said: the option, or file and line. */
  readonly source: string;
}

/** Where a session went, to find the rule for it. */
interface ModelledPlace {
  readonly miner: { readonly ip: string; readonly port: number };
  /** Names of the pool and of its endpoint, its address included. */
  readonly names: readonly string[];
  readonly port: number;
  readonly coin: string | null;
  readonly algorithm: string | null;
}

const KEYS = ['miner', 'pool', 'port', 'coin', 'algorithm', 'difficulty', 'hashes'] as const;
type Key = (typeof KEYS)[number];
const HINT = "Write it as 'pool=pool.example port=3333 algorithm=rx/0 difficulty=100000..200000'.";
/** Who said it, and what kind of mistake a wrong one is. */
interface Origin {
  readonly where: string;
  readonly code: 'USAGE' | 'FILE_INVALID';
}

const PREFIX: Readonly<Record<string, number>> = { k: 1e3, m: 1e6, g: 1e9, t: 1e12, p: 1e15 };
const MOST_LINES = 100_000;

/** True if the text is a rule, not the name of a file. */
export function isAssumption(text: string): boolean {
  return /(?:^|[\s,;])(?:difficulty|hashes)\s*=/i.test(text);
}

/** True if the text begins as a rule does, with a place or its work; it may still be the name of a file. */
export function isRuleBegun(text: string): boolean {
  const [key = '', rest] = text.trim().split(/\s*=/, 2);
  return rest !== undefined && keyOf(key) !== undefined;
}

/** One rule. Throws USAGE. */
export function parseAssumption(text: string, where: string): Assumption {
  return ruleOf(text, { where, code: 'USAGE' });
}

function ruleOf(text: string, origin: Origin): Assumption {
  const cells = new Map<Key, string>();
  for (const word of text.replace(/\s*=\s*/g, '=').match(/[^\s,;]+/g) ?? []) {
    const at = word.indexOf('=');
    const key = keyOf(word.slice(0, Math.max(0, at)));
    if (key === undefined) wrong(origin, `${shown(word, origin)} is not part of an assumption`);
    if (cells.has(key)) wrong(origin, `'${key}' is given twice`);
    cells.set(key, word.slice(at + 1));
  }
  return assumptionOf(cells, origin);
}

/** What a file that is none holds may be a secret. */
function shown(word: string, { code }: Origin): string {
  return code === 'USAGE' ? `'${beginning(word)}'` : 'a word of it';
}

function keyOf(text: string): Key | undefined {
  return KEYS.find((key) => key === text.toLowerCase());
}

function wrong(origin: Origin, message: string, hint = HINT): never {
  return fail(origin.code, message, { where: origin.where, hint });
}

/** The rules of a file: lines as above, or CSV with a header of the same words. Throws FILE_INVALID naming the line. */
export function parseAssumptions(text: string, path: string): Assumption[] {
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.length > MOST_LINES) {
    wrong({ where: path, code: 'FILE_INVALID' }, 'more lines than a list of assumptions has');
  }
  let header: readonly (Key | undefined)[] | null = null;
  const found: Assumption[] = [];
  for (const [i, line] of lines.entries()) {
    const words = line.replace(/(?:^|\s)#.*$/, '').trim();
    if (words === '') continue;
    const origin: Origin = { where: `${path}:${i + 1}`, code: 'FILE_INVALID' };
    if (isAssumption(words)) found.push(ruleOf(words, origin));
    else if (header === null) header = headerOf(words, origin);
    else found.push(assumptionOf(cellsOf(words, header), origin));
  }
  return found;
}

function headerOf(line: string, origin: Origin): readonly (Key | undefined)[] {
  const header = cellsIn(line).map(keyOf);
  if (header.includes('difficulty') || header.includes('hashes')) return header;
  return wrong(origin, 'neither an assumption nor the header of a table of them');
}

function cellsOf(line: string, header: readonly (Key | undefined)[]): Map<Key, string> {
  const cells = new Map<Key, string>();
  for (const [i, cell] of cellsIn(line).entries()) {
    const key = header[i];
    if (key !== undefined && cell !== '') cells.set(key, cell);
  }
  return cells;
}

function cellsIn(line: string): string[] {
  return line.split(/[,;\t]/).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
}

function assumptionOf(cells: ReadonlyMap<Key, string>, origin: Origin): Assumption {
  const difficulty = cells.get('difficulty');
  const hashes = cells.get('hashes');
  const work = difficulty ?? hashes;
  if (work === undefined || (difficulty !== undefined && hashes !== undefined)) {
    return wrong(origin, "an assumption needs either 'difficulty' or 'hashes'");
  }
  const port = cells.get('port');
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535)) {
    return wrong(origin, `'${beginning(port)}' is not a port`);
  }
  const miner = cells.get('miner');
  const end = miner === undefined ? null : endOf(miner);
  if (miner !== undefined && end === null) {
    return wrong(origin, `'${beginning(miner)}' is neither an address nor an address with a port`);
  }
  const named = cells.get('algorithm');
  const algorithm = named === undefined ? null : (algorithmNamed(named)?.id ?? null);
  if (named !== undefined && algorithm === null) {
    return wrong(
      origin,
      `the algorithm '${beginning(named)}' is not known`,
      'Write it as XMRig and the pools do: rx/0, sha256d, etchash, kawpow.',
    );
  }
  const coin = cells.get('coin')?.toUpperCase() ?? null;
  if (coin !== null && algorithm === null && algorithmOfCoin(coin) === null) {
    return wrong(origin, `the coin '${beginning(coin)}' is not known, and no algorithm is given`);
  }
  return {
    miner: end,
    pool: cells.get('pool')?.toLowerCase().replace(/\.$/, '') ?? null,
    port: port === undefined ? null : Number(port),
    coin,
    algorithm,
    unit: difficulty === undefined ? 'hashes' : 'difficulty',
    work: spanOf(work, origin),
    source: origin.where,
  };
}

/** 192.0.2.7, 192.0.2.7:41234, 2001:db8::7, [2001:db8::7]:41234; null if it is none of these. */
function endOf(text: string): Assumption['miner'] {
  const [, host = '', port] = /^\[?(.+?)\]?(?:(?<=\]|^[\d.]+):(\d{1,5}))?$/.exec(text) ?? [];
  const words = addressWords(host);
  return words === null ? null : { ip: addressText(words), port: port === undefined ? null : Number(port) };
}

/** 100000, 64k..1M, 1..2..4: positive, rising. */
function spanOf(text: string, origin: Origin): Estimate {
  const numbers = text.split('..').map((part) => {
    const match = /^(\d+(?:\.\d+)?(?:e\d{1,2})?)([kmgtp]?)$/i.exec(part.trim());
    return match === null ? Number.NaN : Number(match[1]) * (PREFIX[(match[2] ?? '').toLowerCase()] ?? 1);
  });
  const [low = Number.NaN, middle = low, high = middle] = numbers;
  if (numbers.length > 3 || !(low > 0) || !(low <= middle && middle <= high) || !Number.isFinite(high)) {
    return wrong(
      origin,
      `'${beginning(text)}' is no difficulty`,
      'Write a number (65536, 64k, 4G) or a range of them (100000..200000).',
    );
  }
  if (numbers.length === 2) return { low, central: Math.sqrt(low * middle), high: middle };
  return { low, central: middle, high };
}

/**
 * The rule for a place, or null. Of several the most particular counts: miner, then pool, port, coin and algorithm. Of equal
 * ones the last counts, as with options.
 */
export function assumptionFor(rules: readonly Assumption[], place: ModelledPlace): Assumption | null {
  let best: Assumption | null = null;
  let most = -1;
  for (const rule of rules) {
    if (!fits(rule, place)) continue;
    const weight =
      (rule.miner === null ? 0 : rule.miner.port === null ? 16 : 32) +
      (rule.pool === null ? 0 : 8) +
      (rule.port === null ? 0 : 4) +
      (rule.coin === null ? 0 : 2) +
      (rule.algorithm === null ? 0 : 1);
    if (weight >= most) {
      best = rule;
      most = weight;
    }
  }
  return best;
}

function fits({ miner, pool, port, coin, algorithm }: Assumption, place: ModelledPlace): boolean {
  if (
    miner !== null &&
    (miner.ip !== place.miner.ip || (miner.port ?? place.miner.port) !== place.miner.port)
  )
    return false;
  if (pool !== null && !place.names.some((name) => isOrIsBelow(name.toLowerCase(), pool))) return false;
  if (port !== null && port !== place.port) return false;
  const isPlaced = miner !== null || pool !== null || port !== null;
  // If the rule names a place, the place tells what is mined there. Otherwise the rule must name it.
  if (coin !== null && place.coin !== coin && !(isPlaced && place.coin === null)) return false;
  if (algorithm !== null && place.algorithm !== algorithm) return isPlaced && place.algorithm === null;
  return true;
}

function isOrIsBelow(name: string, pool: string): boolean {
  return name === pool || name.endsWith(`.${pool}`);
}

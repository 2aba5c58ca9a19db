/**
 * The catalogue's patterns spelled out as host names that DNS can be asked for. A number is tried up to a few, a part that
 * may be anything is tried as the pool's coins and algorithms and as regions. Only names that the catalogue itself takes for
 * names of miners count, or that it writes down as doubtful. Patterns that stay open ('**') and what nobody can guess are left out, and counted.
 */
import { wordList } from '../../schema/words.ts';
import type { PoolEntry } from '../entry.ts';
import type { PoolSet } from '../pool-set.ts';

export interface SpelledName {
  readonly name: string;
  readonly pool: PoolEntry;
}

interface Spelling {
  readonly names: readonly SpelledName[];
  /** Names of the pools' web sites: an address that serves one of them too serves more than miners. */
  readonly sites: readonly string[];
  /** Patterns of which some names may be missing. */
  readonly openPatterns: number;
}

const MOST_OF_A_PATTERN = 200;
const LAST_NUMBER = 3;
const PLACES = wordList('usual-region');
/** What pools without patterns call their hosts. */
const USUAL = wordList('usual-host');

export function spellNames(pools: PoolSet, entries: readonly PoolEntry[]): Spelling {
  const names = new Map<string, PoolEntry>();
  const sites = new Set<string>();
  let openPatterns = 0;
  for (const pool of entries) {
    if (pool.gone !== null) continue;
    for (const site of [...pool.sites, ...pool.domains.flatMap((domain) => [domain, `www.${domain}`])])
      sites.add(site);
    const found = new Set(pool.hosts);
    const written = [...pool.mining, ...pool.unsure];
    const patterns = written.length === 0 && pool.rest === 'grammar' ? usualNames(pool) : written;
    for (const pattern of patterns) {
      if (pattern.includes('*')) openPatterns++;
      for (const below of spelled(pattern, pool).slice(0, MOST_OF_A_PATTERN))
        for (const domain of pool.domains) found.add(below === '@' ? domain : `${below}.${domain}`);
    }
    for (const name of found) {
      const match = pools.byName(name);
      const isMeant = match?.use === 'mining' || (match?.use === 'unsure' && written.length > 0);
      if (isMeant && match.pool.name === pool.name && !names.has(name)) names.set(name, pool);
    }
  }
  for (const name of names.keys()) sites.delete(name);
  return { names: [...names].map(([name, pool]) => ({ name, pool })), sites: [...sites], openPatterns };
}

function usualNames(pool: PoolEntry): string[] {
  const coins = coinsOf(pool);
  return [...USUAL, ...coins, ...coins.flatMap((coin) => [`${coin}-eu`, `${coin}-us`, `${coin}-asia`])];
}

function coinsOf({ coins, ports }: PoolEntry): string[] {
  return [...new Set([...coins, ...ports.flatMap((use) => use.coins)])].map((coin) => coin.toLowerCase());
}

/** A pattern of pattern.ts as the labels that it may stand for; none for what stays open. */
function spelled(pattern: string, pool: PoolEntry): string[] {
  if (pattern.startsWith('**')) return [];
  const algorithms = pool.ports.flatMap(({ algorithm }) =>
    algorithm === null ? [] : [algorithm.toLowerCase()],
  );
  const anything = [...new Set([...coinsOf(pool), ...algorithms, ...PLACES])].filter((word) =>
    /^[a-z0-9-]+$/.test(word),
  );
  let isFirst = true;
  return pattern.split(/([.-])/).reduce<string[]>(
    (heads, part) => {
      let choices: readonly string[] = [part];
      if (part.endsWith('#')) {
        const stem = part.slice(0, -1);
        choices = [stem, ...Array.from({ length: LAST_NUMBER }, (_, i) => `${stem}${i + 1}`)];
      } else if (part.endsWith('*')) {
        const stem = part.slice(0, -1);
        choices = (isFirst ? anything : [...PLACES]).map((word) => `${stem}${word}`);
        isFirst = false;
      }
      return heads.flatMap((head) => choices.map((choice) => head + choice)).slice(0, MOST_OF_A_PATTERN);
    },
    [''],
  );
}

/**
 * Reads the labels below a pool's domain if no rule of its entry matches: pools everywhere name hosts alike
 * (`stratum-eu`, `xmr-us1`, `de.kaspa`, `www`, `api`). If a word is not known, the kind of the name stays unsure.
 */
import { algorithmNamed, coinNamed } from '../evidence/algorithm.ts';
import { wordList } from '../schema/words.ts';
import type { NameUse } from './entry.ts';

const WEB_LABELS = wordList('web-label');
const MINING_WORDS = wordList('mining-word');
const REGIONS = wordList('region');
const LANGUAGE_REGIONS = wordList('language-region');
const FILLERS = wordList('filler');
const ALGORITHM_WORDS = wordList('algorithm-word');
/** Words that name an algorithm nowhere else. */
const OWN_WORDS: ReadonlyMap<string, string> = new Map([
  ['beamhash', 'beamhash3'],
  ['kp', 'kawpow'],
]);

/** Ticker that a lower-case word of a host name stands for ('xmr', 'monero'), else null. */
export function coinOfWord(word: string): string | null {
  return coinNamed(word)?.ticker ?? null;
}

/** Algorithm that a lower-case word of a host name stands for ('kawpow', 'daggerhashimoto'), else null. */
export function algorithmOfWord(word: string): string | null {
  if (ALGORITHM_WORDS.has(word)) return algorithmNamed(word)?.id ?? null;
  return OWN_WORDS.get(word) ?? null;
}

/** Use of a name by the labels below the pool's domain (left to right, none for the domain itself). */
export function readLabels(labels: readonly string[]): NameUse {
  if (labels.length === 0 || isSiteName(labels)) return 'web';
  let mining = false;
  let places = 0;
  let coins = 0;
  for (const word of wordsOf(labels)) {
    const stem = withoutDigits(word);
    if (coinOfWord(word) !== null || coinOfWord(stem) !== null || algorithmOfWord(word) !== null) coins++;
    else if (MINING_WORDS.has(word) || MINING_WORDS.has(stem)) mining = true;
    else if (REGIONS.has(word) || REGIONS.has(stem)) places += 2;
    else if (LANGUAGE_REGIONS.has(stem)) places += stem === word ? 1 : 2;
    else if (!FILLERS.has(stem) && stem !== '') return 'unsure';
  }
  return mining || places >= 2 || (places > 0 && coins > 0) ? 'mining' : 'unsure';
}

/** True for labels that only web sites, APIs, mail and the like have ('www', 'api', 'docs.eu'). */
export function isSiteName(labels: readonly string[]): boolean {
  return WEB_LABELS.has(labels[0] ?? '') || WEB_LABELS.has(labels[labels.length - 1] ?? '');
}

/** Words of labels: parted at '-' and '_'. */
export function wordsOf(labels: readonly string[]): string[] {
  return labels.flatMap((label) => label.split(/[-_]/));
}

/** A word without the digits at its end: 'eu1' gives 'eu', '01' gives ''. */
export function withoutDigits(word: string): string {
  return word.replace(/\d+$/, '');
}

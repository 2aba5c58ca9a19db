/**
 * Reads the labels below a pool's domain if no rule of its entry matches: pools everywhere name hosts alike
 * (`stratum-eu`, `xmr-us1`, `de.kaspa`, `www`, `api`). If a word is not known, the kind of the name stays unsure.
 */
import { algorithmOfWord, coinOfWord } from './coins.ts';
import type { NameUse } from './entry.ts';

/** First or last labels of web sites, APIs, downloads, mail and the like. */
const WEB_LABELS = new Set(
  (
    'www www2 web api api2 apis app apps account accounts admin analytics assets auth beta blog bot calc cdn chart ' +
    'charts chat cloud console dashboard demo dev dl doc docs download downloads email explorer faq files forum ' +
    'ftp gitlab grafana help id images img info login m mail mailer media mobile monitor monitoring my news ns ' +
    'ns1 ns2 pay payments portal rss shop smtp imap pop static stat stats statistics status store support test ' +
    'testing ticket tickets track tracker tutorial wallet webmail wiki pics landing click links email-link url'
  ).split(' '),
);

/** Words that only mining hosts have in their names. */
const MINING_WORDS = new Set(
  'stratum stratums str mine mining miner miners mineur pplns pps ssl tls tcp ss sv1 sv2 v2 asic gpu cpu'.split(
    ' ',
  ),
);

/** Regions; the second set are languages of a web site as well, so that they need a digit or another word. */
const REGIONS = new Set(
  (
    'eu us usa na sa asia as ap apac aspac sg sgp hk au aus ca cis latam africa am euro europe north south east west ' +
    'central cent use usw usse ussw usmw eus wus nae naw america americas canada australia singapore hongkong london ' +
    'frankfurt moscow mow amsterdam ny nyc la tokyo sea me ae kz in sz bj va fra india'
  ).split(' '),
);
const LANGUAGE_REGIONS = new Set(
  'ru de fr es it pl pt br cn zh jp kr tr ua uk gb nl se fi no cz ro bg vn th id ir by mx'.split(' '),
);

/** Words that say nothing by themselves but do not spoil a name either. */
const FILLERS = new Set(
  'pool pools solo auto vip backup bak proxy node server host main new low high nh'.split(' '),
);

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
  let end = word.length;
  while (end > 0) {
    const code = word.charCodeAt(end - 1);
    if (code < 0x30 || code > 0x39) break;
    end--;
  }
  return word.slice(0, end);
}

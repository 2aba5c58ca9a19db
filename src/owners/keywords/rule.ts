/**
 * Keyword rules on names of organisations and of networks: how one is written, normalised and matched. A rule is a
 * list of words with the cases in which they mislead beside them.
 */
import type { OwnerClass } from '../answer.ts';

export interface KeywordRule {
  readonly class: Exclude<OwnerClass, 'unknown'>;
  /** ISO 639 codes of the words. */
  readonly languages: string;
  /**
   * `org`: the organisation of an AS or WHOIS entry. `netname`: a WHOIS handle, cut at - and _, whole parts only.
   */
  readonly field: 'org' | 'netname';
  /**
   * One word or phrase a line or between bars; a * at the end lets the word go on (`universit*`). A blank stands for
   * any run of blanks and punctuation, a * within for anything.
   */
  readonly words: string;
  /** True for scripts without blanks between words: the words match anywhere. */
  readonly anywhere?: true;
  /** True if the words count at the start of the name only. */
  readonly atStart?: true;
  /** If one of these (same notation) is in the name, the rule does not apply. */
  readonly unless?: string;
  readonly confidence: number;
  /** True if the words are too common a coincidence to stand alone. */
  readonly needsSecond?: true;
}

export interface CompiledRule {
  readonly rule: KeywordRule;
  /** Its first group is the word that matched. */
  readonly pattern: RegExp;
  readonly unless: RegExp | null;
}

/** What may stand before a brand: legal forms of some countries, an article, the seat. */
const FORMS_IN_FRONT =
  'the|p?jsc|pr?jsc|ooo|llc|pt|sia|uab|cs|limited liability company|private joint stock company|joint stock company|shenzhen|hangzhou|beijing|shanghai|zhejiang|guangzhou';

export function compileRule(rule: KeywordRule): CompiledRule {
  const place = rule.anywhere ? 'anywhere' : 'word';
  return {
    rule,
    pattern: compileWords(rule.words, rule.atStart ? 'start' : place),
    unless: rule.unless === undefined ? null : compileWords(rule.unless, place),
  };
}

/** A pattern on normalised names, in which a blank is every boundary there is: no class of letters is needed. */
function compileWords(words: string, place: 'anywhere' | 'word' | 'start'): RegExp {
  const tree: WordTree = new Map();
  for (const word of words.split(/[|\n]/)) {
    // The stars go around the normalisation, which would take them for punctuation.
    const parts = word
      .trim()
      .split('*')
      .map((part) => normalName(part).trim());
    const isOpen = place === 'anywhere' || parts[parts.length - 1] === '';
    const letters = [...parts.join('*').replace(/\*$/, '')];
    if (letters.length === 0) continue;
    let node = tree;
    for (const letter of letters) {
      const next = node.get(letter) ?? new Map();
      node.set(letter, next);
      node = next;
    }
    node.set(isOpen ? OPEN_END : CLOSED_END, new Map());
  }
  const before = { anywhere: '', word: ' ', start: `^ (?:(?:${FORMS_IN_FRONT}) )*` };
  return new RegExp(`${before[place]}(${treePattern(tree)})`);
}

/** Words by their letters: hundreds of them are one walk through the name, not hundreds. */
type WordTree = Map<string, WordTree>;
const OPEN_END = 'open';
const CLOSED_END = 'closed';

function treePattern(tree: WordTree): string {
  const branches: string[] = [];
  for (const [letter, below] of tree) {
    if (letter === OPEN_END) return '';
    if (letter === CLOSED_END) branches.push('(?= )');
    else branches.push((letter === '*' ? '.*' : letter) + treePattern(below));
  }
  return branches.length === 1 ? branches[0] : `(?:${branches.join('|')})`;
}

/**
 * A name as rules see it: compatibility forms folded (full-width letters), lower case, accents off Latin, Greek and
 * Cyrillic letters, a leading AS number removed ("AS264682 - "), and each run of anything but letters, marks, digits and
 * underscores one blank, with one in front and one at the end. So word boundaries are the same in every script.
 */
export function normalName(text: string): string {
  const folded = ASCII.test(text)
    ? text.toLowerCase()
    : text
        .normalize('NFKC')
        .toLowerCase()
        .normalize('NFD')
        .replace(/[\u0300-\u036f]/g, '')
        .normalize('NFC');
  return ` ${folded} `.replace(NOT_WORD, ' ').replace(/^ as\d+ /, ' ');
}

const ASCII = /^[\x20-\x7e]*$/;
const NOT_WORD = /[^\p{L}\p{M}\p{N}_]+/gu;

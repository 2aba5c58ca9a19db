/**
 * Names of organisations and networks to classes, by keyword rules (data/keyword-rules.tsv, data/keywords.tsv): which classes a
 * name speaks for, the one that counts when several do ("University Hospital" is healthcare), and the word that said so. A
 * rule is a list of words with those beside them that show that they mislead.
 */
import ruleText from '../../data/keyword-rules.tsv?raw';
import wordText from '../../data/keywords.tsv?raw';
import { under } from '../order.ts';
import { note, number, oneOf, table, text, words, yes } from '../schema/table.ts';
import { OWNER_CLASSES, type OwnerClass } from './answer.ts';

const rules = table('keyword-rules.tsv', ruleText, {
  rule: text,
  class: oneOf(...OWNER_CLASSES),
  field: oneOf('org', 'netname'),
  place: oneOf('word', 'start', 'anywhere'),
  confidence: number(0, 1),
  second: yes,
  languages: words,
  remark: note,
});

const ruleWords = table('keywords.tsv', wordText, {
  rule: text,
  /** A * at the end lets the word go on. A blank stands for any run of blanks and punctuation, a * within for anything. */
  word: text,
  except: oneOf('', 'except'),
});

type KeywordRule = ReturnType<typeof rules>[number];

interface CompiledRule {
  readonly rule: KeywordRule;
  /** Its first group is the word that matched. */
  readonly pattern: RegExp;
  readonly unless: RegExp | null;
}

/** What may stand before a brand: legal forms of some countries, an article, the seat. */
const FORMS_IN_FRONT =
  'the|p?jsc|pr?jsc|ooo|llc|pt|sia|uab|cs|limited liability company|private joint stock company|joint stock company|shenzhen|hangzhou|beijing|shanghai|zhejiang|guangzhou';

/** The rules of a field, in order, compiled. */
function compileRules(field: KeywordRule['field']): CompiledRule[] {
  return rules()
    .filter((rule) => rule.field === field)
    .map((rule) => {
      const own = ruleWords().filter((row) => row.rule === rule.rule);
      const wordsOf = (except: string) => own.filter((row) => row.except === except).map(({ word }) => word);
      const [unless, place] = [wordsOf('except'), rule.place === 'start' ? 'word' : rule.place];
      return {
        rule,
        pattern: compileWords(wordsOf(''), rule.place),
        unless: unless.length === 0 ? null : compileWords(unless, place),
      };
    });
}

/** A pattern on normalised names, in which a blank is every boundary there is: no class of letters is needed. */
function compileWords(words: readonly string[], place: KeywordRule['place']): RegExp {
  const tree: WordTree = new Map();
  for (const word of words) {
    // The stars go around the normalisation, which would take them for punctuation.
    const parts = word.split('*').map((part) => normalName(part).trim());
    const isOpen = place === 'anywhere' || parts[parts.length - 1] === '';
    const letters = [...parts.join('*').replace(/\*$/, '')];
    let node = tree;
    for (const letter of letters) {
      node = under(node, letter, () => new Map());
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
function normalName(text: string): string {
  const folded = ASCII.test(text)
    ? text.toLowerCase()
    : text
        .normalize('NFKC')
        .toLowerCase()
        .normalize('NFD')
        .replace(/[\u0300-\u036f]/g, '')
        .replace(/[øłđıßæœ]/g, (letter) => WHOLE_LETTERS[letter])
        .normalize('NFC');
  return ` ${folded} `.replace(NOT_WORD, ' ').replace(/^ as\d+ /, ' ');
}

/** Letters that have no accent to take off, as they are written without them. */
const WHOLE_LETTERS: Readonly<Record<string, string>> = {
  ...{ ø: 'o', ł: 'l', đ: 'd', ı: 'i' },
  ...{ ß: 'ss', æ: 'ae', œ: 'oe' },
};

const ASCII = /^[\x20-\x7e]*$/;
const NOT_WORD = /[^\p{L}\p{M}\p{N}_]+/gu;

interface KeywordMatch {
  readonly class: OwnerClass;
  /** The part of the name that matched, normalised. */
  readonly word: string;
  readonly confidence: number;
  readonly needsSecond: boolean;
  /** Matches of a lower rank count first. */
  readonly rank: number;
}

/** First comes what counts when a name speaks for several classes. */
const INSTITUTIONS: readonly OwnerClass[] = ['healthcare', 'education', 'research', 'government', 'finance'];
const PRIORITY: readonly OwnerClass[] = [...INSTITUTIONS, 'cdn', 'hosting', 'mobile', 'isp', 'enterprise'];

/** A name longer than any organisation's: rules read no further. */
const MAX_NAME = 300;

const compiled = new Map<KeywordRule['field'], readonly CompiledRule[]>();

/** What the words of an organisation's name say, the class that counts first, legal forms last. */
export function organisationMatches(name: string): KeywordMatch[] {
  return matches('org', normalName(name.slice(0, MAX_NAME)));
}

/** What the parts of a WHOIS network name say (`NJ-DAXUE-NET`): whole parts between - and _ only. */
export function netnameMatches(name: string): KeywordMatch[] {
  return matches('netname', normalName(name.slice(0, MAX_NAME).replace(/_/g, ' ')));
}

/** A word of an institution counts more than a brand, a brand more than what it deals in, a legal form least. */
function rankOf(rule: KeywordRule): number {
  if (rule.confidence < 0.5) return 3;
  if (INSTITUTIONS.includes(rule.class) && rule.place !== 'start') return 0;
  return rule.place === 'start' ? 1 : 2;
}

function matches(field: KeywordRule['field'], name: string): KeywordMatch[] {
  const found: KeywordMatch[] = [];
  for (const { rule, pattern, unless } of under(compiled, field, () => compileRules(field))) {
    const match = pattern.exec(name);
    if (match === null || unless?.test(name)) continue;
    found.push({
      class: rule.class,
      word: match[1],
      confidence: rule.confidence,
      needsSecond: rule.second,
      rank: rankOf(rule),
    });
  }
  return found.sort((a, b) => a.rank - b.rank || PRIORITY.indexOf(a.class) - PRIORITY.indexOf(b.class));
}

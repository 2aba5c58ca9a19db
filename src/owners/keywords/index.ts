/**
 * Names of organisations and networks to classes, by the keyword rules: which classes a name speaks for, the one that
 * counts when several do ("University Hospital" is healthcare), and the word that said so.
 */
import type { OwnerClass } from '../answer.ts';
import { type CompiledRule, compileRules, type KeywordRule, normalName } from './rule.ts';

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
  const rules = compiled.get(field) ?? compileRules(field);
  compiled.set(field, rules);
  for (const { rule, pattern, unless } of rules) {
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

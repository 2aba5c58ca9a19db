/** One word for one thing: the texts of each language against data/texts/terms.tsv, and the rules of written Chinese. */
import { describe, expect, it } from 'vitest';
import terms from '../../data/texts/terms.tsv?raw';
import { note, table, text, words } from '../../src/schema/table.ts';
import { ROWS } from '../../src/statements/catalogue.ts';

const TERMS = table('texts/terms.tsv', terms, {
  concept: text,
  en: text,
  zh: text,
  notEn: note,
  notZh: note,
})();
const HAN = '\\p{Script=Han}';

/** What is read of a text: its words, without the names and forms of its places. */
function wordsOf(source: string): string {
  return source.replaceAll(/\{[@\w./~-]+(?::\w+(?: \w+)?)?(?=[|}])/g, '{').replaceAll(/\|[\w?>{}/-]*=/g, '|');
}

describe.each([
  ['en', 'notEn'],
  ['zh', 'notZh'],
] as const)('the texts in %s', (language, unused) => {
  const rows = ROWS[language]();

  it.each(TERMS)('say $concept in one word', (term) => {
    const apart = words(term[unused]).map((word) => word.replaceAll('_', ' '));
    const found = rows.filter(({ text: said }) => apart.some((word) => wordsOf(said).includes(word)));
    expect(found.map(({ code, text: said }) => `${code}: ${said}`)).toEqual([]);
    expect(rows.some(({ text: said }) => said.toLowerCase().includes(term[language].toLowerCase()))).toBe(
      true,
    );
  });
});

const RULES: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['a blank between Chinese words', new RegExp(`${HAN} +${HAN}|${HAN}\\{ \\}(?!$)|\\{ \\}${HAN}`, 'u')],
  ['half-width punctuation', new RegExp(`${HAN} ?[,;:!?](?!//)|[,;!?] ?${HAN}`, 'u')],
  ['half-width brackets', new RegExp(`${HAN} ?\\(|\\) ?${HAN}`, 'u')],
  ['a blank beside full-width punctuation', /\S [，。；：、（）！？]|[，。；：、（）！？] \S/],
  ['a blank before %', /[\d}] +%/],
  ['a range without ～', /\d ?[-–—] ?\d|\} ?[–—-] ?\{|\{low\w*(?::\w+)?\} ?至/],
  ['a line that begins with a colon', /^(?:\{ \})?：/],
];

/** Parts of other texts, signs, what stands between protocols, and a sentence that follows another. */
const MAY = new Set(['.colon', 'form.or', '@lacking', 'page.hosts.found.before', 'explain.rate.overTime']);

describe('Chinese', () => {
  it.each(RULES)('has nowhere %s', (_what, pattern) => {
    const found = ROWS.zh().filter(({ code, text: said }) => !MAY.has(code) && pattern.test(wordsOf(said)));
    expect(found.map(({ code, text: said }) => `${code}: ${said}`)).toEqual([]);
  });

  it.each(['确认 的地址', '地址,端口', '约 3 % 的流量', '每天 3-5 千瓦时', '：三个', '算力 (每秒)'])(
    'would show what is wrong in: %s',
    (said) => {
      expect(RULES.filter(([, pattern]) => pattern.test(said))).not.toEqual([]);
    },
  );
});

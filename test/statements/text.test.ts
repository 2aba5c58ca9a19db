/** Texts of data/texts/: what their places say, and what is wrong with one. */
import { describe, expect, it } from 'vitest';
import { catalogueOf, inLanguage, ROWS } from '../../src/statements/catalogue.ts';
import { checkPieces, codesSource, namesIn } from '../../src/statements/declared.ts';
import { statement } from '../../src/statements/index.ts';
import { LANGUAGES } from '../../src/statements/languages.ts';
import { parse, say } from '../../src/statements/text.ts';

/** What the text says of parameters, all of one form. */
function said(text: string, params: Record<string, unknown>, form = 'text'): string {
  const parts: unknown[] = [];
  const part = (code: string): ReturnType<typeof parse> => [`<${code}>`];
  say(parse(text, { formOf: () => form, part }), params, inLanguage('en'), (each) => parts.push(each));
  return parts.join('');
}

describe('a text', () => {
  it.each([
    ['{ }to {pool},{ }', { pool: 'x' }, 'text', ' to x, '],
    ['{n} {n|1=host|hosts}', { n: 1 }, 'count', '1 host'],
    ['{n} {n|1=host|hosts}', { n: 1200 }, 'count', '1,200 hosts'],
    ['{n|>2=many|2=two|few}', { n: 3 }, 'count', 'many'],
    ['{n|>2=many|2=two|few}', { n: 2 }, 'count', 'two'],
    ['{low|{high}={low}|{low} to {high}}', { low: 3, high: 3 }, 'number', '3'],
    ['{low|{high}={low}|{low} to {high}}', { low: 3, high: 4 }, 'number', '3 to 4'],
    ['a{said|?=|: {said}}', { said: null }, 'text', 'a'],
    ['a{said|?=|: {said}}', { said: '?' }, 'text', 'a: ?'],
    ['a{said|?=|: {said}}', {}, 'text', 'a'],
    ['{items|?=none|{items}}', { items: [] }, 'and', 'none'],
    ['{items|?=none|{items}}', { items: ['a', 'b', 'c'] }, 'and', 'a, b and c'],
    ['{is|yes=on|no=off}', { is: false }, 'yes', 'off'],
    ['{kind|=empty|{kind}}', { kind: '' }, 'text', 'empty'],
    ['{lost/of:percent}', { lost: 1, of: 3 }, 'count', '33.3 %'],
    ['{low~high}', { low: 3, high: 3 }, 'count', '3'],
    ['{low~high:si unit}', { low: 52, high: 1900, unit: 'H/s' }, 'count', '52.0 H/s – 1.90 kH/s'],
    ['{watts:si W}', { watts: 32_768 }, 'number', '32.8 kW'],
    ['{low~high}', { low: 3, high: null }, 'count', '3–?'],
    ['{@part} \\{{kind.share.title}\\|\\}', {}, 'text', '<@part> {<kind.share.title>|}'],
    // What the wire says is no text of ours.
    ['{said}', { said: '{@part}{said|?=|x}' }, 'text', '{@part}{said|?=|x}'],
  ])('%s of %j as %s is %s', (text, params, form, expected) => {
    expect(said(text, params, form)).toBe(expected);
  });

  it.each([
    ['{pool', 'is no place'],
    ['{two words}', 'is no place'],
    ['{n|1=one', 'a brace is not closed'],
    ['one}', 'is in no braces'],
  ])('%s is wrong: %s', (text, reason) => {
    expect(() => said(text, {})).toThrow(reason);
  });

  it.each([
    ['{n}', {}, 'count'],
    ['{n}', { n: 3 }, 'list'],
    ['{n}', { n: {} }, 'text'],
    ['{n|1=one}', { n: 2 }, 'count'],
  ])('%s has nothing to say of %j as %s', (text, params, form) => {
    expect(() => said(text, params, form)).toThrow();
  });
});

describe('a choice', () => {
  it.each([
    ['{which|old=before|new=after}', null],
    ['{which|old=before|later}', null],
    ['{which|old=before}', "'which' may be something that has no text"],
    ['{which|old=before|new=after|newer=x}', "'which' is never 'newer'"],
    ['{which|?=unknown|{which|old=before|new=after}}', "'which' is never '?'"],
    ['{which:colour}', "there is no form 'colour'"],
  ])('%s of old and new is wrong: %s', (text, reason) => {
    const pieces = parse(text, { formOf: () => 'old/new', part: () => [] });
    const which = { name: 'which', isOptional: false, form: 'old/new', isNullable: false };
    const check = (): void => checkPieces(pieces, [which]);
    if (reason === null) expect(check).not.toThrow();
    else expect(check).toThrow(reason);
  });
});

describe('the parameters of a text', () => {
  it.each([
    ['{lost/of:percent}', ['lost', 'of']],
    ['{low~high:si unit}', ['low', 'high', 'unit']],
    ['{hosts} {hosts|1=host|of {of}}{more|}', ['hosts', 'hosts', 'of', 'more']],
    ['nothing', []],
  ])('%s are %j', (text, names) => {
    expect(namesIn(parse(text, { formOf: () => 'count', part: () => [] }))).toEqual(names);
  });

  it('are all declared, the whole of a percentage too', () => {
    const formOf = (name: string): string => {
      if (name !== 'lost') throw new Error(`no parameter '${name}'`);
      return 'count';
    };
    expect(() => parse('{lost/off:digits2}', { formOf, part: () => [] })).toThrow("no parameter 'off'");
  });
});

describe('the tables of texts', () => {
  it('are whole in each language', () => {
    expect(codesSource()).toContain("'diff-overlap': { seconds: number };");
    for (const language of LANGUAGES) expect(ROWS[language]().length).toBeGreaterThan(1200);
  });

  it('quote what is not ours, and say nothing of codes that are none of an audit', () => {
    const { explain, translate } = catalogueOf('zh');
    expect(explain.is({ ip: '{x}', verdict: '确认' })).toEqual([{ wire: '{x}' }, '：', '确认', '。']);
    for (const code of ['.comma', 'summary.noWindow', '@inputs', 'word.decoded', 'toString'])
      expect(translate({ code, params: {}, text: 'as it is' })).toBe('as it is');
    expect(translate(statement('diff-overlap', { seconds: 5 }))).toBe(
      '两个时段重叠 5 秒：两次都有的主机显示为未变。',
    );
  });
});

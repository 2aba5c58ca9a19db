import { describe, expect, it } from 'vitest';
import { escapeCsv, escapeCsvItem, escapeJson, escapeMarkdown, escapeTerminal } from '../../src/escape.ts';

describe('escapeTerminal shows what acts or hides', () => {
  it.each([
    { name: 'plain text', text: 'rig-a.01 Ω 機房 😀', expected: 'rig-a.01 Ω 機房 😀' },
    { name: 'a colour sequence', text: '\u001b[31mred', expected: '\\u{1b}[31mred' },
    { name: 'a one-byte control sequence', text: '\u009b2J', expected: '\\u{9b}2J' },
    { name: 'line ends and tabs', text: 'a\r\n\tb', expected: 'a\\u{d}\\u{a}\\u{9}b' },
    { name: 'NUL and DEL', text: '\u0000\u007f', expected: '\\u{0}\\u{7f}' },
    { name: 'bidirectional overrides and isolates', text: '\u202e\u2066x', expected: '\\u{202e}\\u{2066}x' },
    {
      name: 'zero-width characters',
      text: 'a\u200b\u200d\ufeffb',
      expected: 'a\\u{200b}\\u{200d}\\u{feff}b',
    },
    { name: 'line and paragraph separators', text: '\u2028\u2029', expected: '\\u{2028}\\u{2029}' },
    { name: 'tag characters beyond the first plane', text: 'a\u{e0041}', expected: 'a\\u{e0041}' },
    { name: 'a lone surrogate', text: 'a\ud800b', expected: 'a\\u{d800}b' },
    { name: 'an invisible letter', text: 'a\u3164b', expected: 'a\\u{3164}b' },
    { name: 'a backslash', text: 'DOMAIN\\user', expected: 'DOMAIN\\user' },
    { name: 'text that looks like an escape', text: '\\u{1b}', expected: '\\u{5c}u{1b}' },
  ])('$name', ({ text, expected }) => {
    expect(escapeTerminal(text)).toBe(expected);
  });
});

describe('escapeCsv lets no cell start a formula', () => {
  it.each([
    { text: '=1+1', expected: "'=1+1" },
    { text: '+1', expected: "'+1" },
    { text: '-1', expected: "'-1" },
    { text: '@SUM(A1)', expected: "'@SUM(A1)" },
    { text: '  =1', expected: "'  =1" },
    { text: '\u00a0=1', expected: "'\u00a0=1" },
    { text: '\t=1', expected: '\\u{9}=1' },
    { text: '\r=1', expected: '\\u{d}=1' },
    { text: '\uff1d1', expected: "'\uff1d1" },
    { text: '\uff0b1', expected: "'\uff0b1" },
    { text: '\uff0d1', expected: "'\uff0d1" },
    { text: '\uff20A', expected: "'\uff20A" },
    { text: '\u22121', expected: "'\u22121" },
    { text: 'x;=1', expected: "x;'=1" },
    { text: 'x; =1', expected: "x;' =1" },
    { text: 'x,@A', expected: "x,'@A" },
    { text: 'x|-1', expected: "x|'-1" },
    { text: 'x"=1', expected: 'x"\'=1' },
    { text: ';=;=', expected: ";'=;'=" },
    { text: 'a=b', expected: 'a=b' },
    { text: 'rig-01', expected: 'rig-01' },
    { text: 'user@pool', expected: 'user@pool' },
  ])('$text', ({ text, expected }) => {
    expect(escapeCsv(text)).toBe(expected);
  });

  it('keeps the items of a list apart', () => {
    expect(escapeCsvItem('a;b')).toBe('a%3Bb');
    expect(escapeCsvItem('a%3Bb')).toBe('a%253Bb');
    expect(escapeCsvItem('100 %')).toBe('100 %');
    expect(escapeCsvItem(';=1')).toBe('%3B=1');
  });
});

describe('escapeMarkdown makes code that nothing breaks out of', () => {
  it.each([
    { text: 'rx/0', expected: '`rx/0`' },
    { text: '', expected: '' },
    { text: 'a|b', expected: '`a`&#124;`b`' },
    { text: '|', expected: '&#124;' },
    { text: 'a\\|b', expected: '`a\\`&#124;`b`' },
    { text: '`', expected: '`` ` ``' },
    { text: 'a``b', expected: '```a``b```' },
    { text: ' a ', expected: '`  a  `' },
    { text: '<script>', expected: '`<script>`' },
    { text: '[x](javascript:1)', expected: '`[x](javascript:1)`' },
    { text: 'a\n| b |', expected: '`a\\u{a}`&#124;` b `&#124;'.replace('` b `', '`  b  `') },
  ])('$text', ({ text, expected }) => {
    expect(escapeMarkdown(text)).toBe(expected);
  });
});

describe('escapeJson', () => {
  it('changes no value and leaves nothing that acts', () => {
    const value = { 'k\u2028': 'a\u2028\u2029\u202e\u009b\u007f\u200b\u{e0041}\u001b\n😀' };
    const text = escapeJson(JSON.stringify(value));
    expect(JSON.parse(text)).toEqual(value);
    expect(text).toBe('{"k\\u2028":"a\\u2028\\u2029\\u202e\\u009b\\u007f\\u200b\\udb40\\udc41\\u001b\\n😀"}');
  });
});

/**
 * The field's words: home-made ones that were replaced must not come back. Here are the words that no name in src/ may have,
 * with the files in which one of them is a term of somebody else.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { REPO_ROOT } from './support/corpus.ts';

const SRC = path.join(REPO_ROOT, 'src');
/** Where a word may stand: what it means there. */
const TERMS: Readonly<Record<string, RegExp>> = {
  // Parts of the range of nonces that threads of a card search; lanes of SIMD, and of xxHash.
  lane: /^(?:kernel\/(?:counters|ends|records\/(?:lines|binary\/xxhash))|evidence\/counter)/,
  // RFC 9110 7.6.1: headers that are hop-by-hop; proxies in the texts of a report.
  hop: /^(?:report|statements|kernel\/packets\/layers)\//,
  // Promise.allSettled.
  settled: /^commands\/watch-alerts\.ts$/,
  // Objects of STIX and attributes of MISP.
  sighting: /^report\/(?:stix|misp)\.ts$/,
  // Nodemailer's word for the first line of a mail server.
  greeting: /^alerts\/send\.ts$/,
};
const BANNED = new Set([
  ...['lane', 'lanes', 'stretch', 'stretches', 'sighting', 'sightings', 'sighted', 'voice', 'voices'],
  ...[
    'hop',
    'hops',
    'greeting',
    'greetings',
    'greeted',
    'tap',
    'fate',
    'standing',
    'hollow',
    'stray',
    'strays',
  ],
  ...['torn', 'heard', 'survey', 'settle', 'settled', 'settlement'],
]);
const CODE = /\/\*.*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|(?<name>[A-Za-z_$][\w$]*)/gs;
const PART = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g;

function* wordsOf(code: string): Generator<string> {
  for (const { groups } of code.matchAll(CODE))
    for (const [part] of groups?.name?.matchAll(PART) ?? []) yield part.toLowerCase();
}

describe('the names of src', () => {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );

  it('have no word that the field does not know', () => {
    const found = files.flatMap((file) =>
      [...new Set(wordsOf(readFileSync(path.join(SRC, file), 'utf8')))]
        .filter((word) => BANNED.has(word) && TERMS[word.replace(/s$/, '')]?.test(file) !== true)
        .map((word) => `${file}: ${word}`),
    );
    expect(found).toEqual([]);
  });
});

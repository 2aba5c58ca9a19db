/**
 * Where any of many words stands in a text, a character a byte, in any case: as it is, with letters escaped as JSON and URLs do,
 * or in part at an end of the text, which may go on in another packet. A tree of letters: time grows with the text, not with
 * the number of words.
 */

import { under } from '../order.ts';

/** Fewest letters at an end of the text that count as a part of a word. */
const LEAST_PART = 3;
const ESCAPED = /\\u00([0-9a-f]{2})|%([0-9a-f]{2})|\\(.)/gis;

interface Letters {
  readonly next: Map<string, Letters>;
  isEnd: boolean;
}

type Place = readonly [from: number, to: number];

export class SecretWords {
  private readonly forward = node();
  private readonly backward = node();
  private longest = 0;

  constructor(words: Iterable<string>) {
    for (const word of words) {
      const lower = word.toLowerCase();
      add(this.forward, lower);
      add(this.backward, [...lower].reverse().join(''));
      this.longest = Math.max(this.longest, word.length);
    }
  }

  get isEmpty(): boolean {
    return this.longest === 0;
  }

  /** Each place of a word in the text, from its first letter to behind its last one. */
  *places(text: string): Generator<Place> {
    yield* this.placesIn(text.toLowerCase());
    const { plain, at } = unescaped(text);
    if (plain.length < text.length)
      for (const [from, to] of this.placesIn(plain.toLowerCase()))
        yield [at[from] ?? 0, at[to] ?? text.length];
  }

  private *placesIn(text: string): Generator<Place> {
    for (let from = 0; from < text.length; from++) {
      let letters: Letters | undefined = this.forward;
      let end = 0;
      let at = from;
      for (; at < text.length; at++) {
        letters = letters.next.get(text[at]);
        if (letters === undefined) break;
        if (letters.isEnd) end = at + 1;
      }
      // The text ends within a word.
      if (letters !== undefined && at - from >= LEAST_PART) end = at;
      if (end > 0) yield [from, end];
    }
    for (let to = Math.min(text.length, this.longest); to >= LEAST_PART; to--) {
      let letters: Letters | undefined = this.backward;
      for (let at = to - 1; at >= 0 && letters !== undefined; at--) letters = letters.next.get(text[at]);
      if (letters !== undefined) {
        yield [0, to];
        return;
      }
    }
  }
}

function node(): Letters {
  return { next: new Map(), isEnd: false };
}

function add(root: Letters, word: string): void {
  let letters = root;
  for (const letter of word) letters = under(letters.next, letter, node);
  letters.isEnd = true;
}

/** The text with its escapes resolved, and where each of its letters begins in the text; behind the last one, where that ends. */
function unescaped(text: string): { readonly plain: string; readonly at: readonly number[] } {
  const pieces: string[] = [];
  const at: number[] = [];
  let done = 0;
  const keep = (to: number): void => {
    pieces.push(text.slice(done, to));
    for (let i = done; i < to; i++) at.push(i);
  };
  for (const { index, 0: found, 1: json, 2: url, 3: letter = '' } of text.matchAll(ESCAPED)) {
    keep(index);
    const hex = json ?? url;
    pieces.push(hex === undefined ? letter : String.fromCharCode(Number.parseInt(hex, 16)));
    at.push(index);
    done = index + found.length;
  }
  keep(text.length);
  at.push(text.length);
  return { plain: pieces.join(''), at };
}

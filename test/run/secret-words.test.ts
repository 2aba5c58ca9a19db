/** Where words stand, against a search for each word alone; and frames of WebSocket, by the example of RFC 6455 section 5.7. */
import { describe, expect, it } from 'vitest';
import { MaskedFrames } from '../../src/run/masked-frames.ts';
import { SecretWords } from '../../src/run/secret-words.ts';
import { random } from '../support/random.ts';

const coveredBy = (words: readonly string[], text: string): string => {
  const shown = [...text];
  for (const [from, to] of new SecretWords(words).places(text)) shown.fill('x', from, to);
  return shown.join('');
};

describe('words', () => {
  it.each([
    ['as they are, one within another', ['secret', 'cret'], 'a secret, concrete', 'a xxxxxx, conxxxxe'],
    ['escaped as JSON does', ['pa"s/s'], '"pa\\"s\\/s" pa\\u0022s/s', '"xxxxxxxx" xxxxxxxxxxx'],
    ['escaped as URLs do', ['p@ss word'], 'p=p%40ss%20word&q=1', 'p=xxxxxxxxxxxxx&q=1'],
    ['cut at the ends', ['hunter2!'], 'ter2! then hun', 'xxxxx then xxx'],
    ['less than three letters at an end', ['hunter2!'], '2! then hu', '2! then hu'],
    ['nowhere', [], 'text', 'text'],
  ])('are found %s', (_, words, text, shown) => {
    expect(coveredBy(words, text)).toBe(shown);
  });

  it('are those that a search for each finds', () => {
    const { below } = random(20261202);
    const letters = 'abc';
    const drawn = (length: number): string => Array.from({ length }, () => letters[below(3)]).join('');
    for (let round = 0; round < 200; round++) {
      const words = Array.from({ length: 1 + below(6) }, () => drawn(4 + below(4)));
      const text = drawn(40);
      const shown = [...text];
      for (const word of words) {
        for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1))
          shown.fill('x', at, at + word.length);
        for (let part = 3; part < word.length; part++) {
          if (text.startsWith(word.slice(-part))) shown.fill('x', 0, part);
          if (text.endsWith(word.slice(0, part))) shown.fill('x', text.length - part, text.length);
        }
      }
      expect([words, coveredBy(words, text)]).toEqual([words, shown.join('')]);
    }
  });

  it('take no longer if there are many', () => {
    const words = Array.from({ length: 20_000 }, (_, i) => `password${i}`);
    const text = 'the password is none of them, or passwd, or pass word '.repeat(20);
    const secrets = new SecretWords(words);
    const began = performance.now();
    for (let i = 0; i < 100; i++) expect([...secrets.places(text)]).toEqual([]);
    expect(performance.now() - began).toBeLessThan(2000);
  });
});

describe('frames of WebSocket', () => {
  const REQUEST =
    'GET /ws HTTP/1.1\r\nHost: pool.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n';
  /** "Hello", masked. */
  const HELLO = Buffer.from('818537fa213d7f9f4d5158', 'hex');
  const plainOf = (pieces: readonly Uint8Array[]): string => {
    const frames = new MaskedFrames();
    return pieces
      .map((piece) => {
        const keys = frames.take(piece)?.keys;
        return Buffer.from(piece.map((byte, i) => byte ^ (keys?.[i] ?? 0))).toString('latin1');
      })
      .join('');
  };

  it('are read in pieces of any size', () => {
    const all = Buffer.concat([Buffer.from(REQUEST), HELLO, HELLO]);
    for (const size of [1, 2, 3, 7, 50, 1000]) {
      const pieces = Array.from({ length: Math.ceil(all.length / size) }, (_, i) =>
        all.subarray(i * size, (i + 1) * size),
      );
      const plain = plainOf(pieces);
      expect([size, plain.match(/Hello/g)?.length]).toEqual([size, 2]);
      expect(plain.startsWith(REQUEST)).toBe(true);
    }
  });

  it('may be long', () => {
    const payload = Buffer.alloc(300, 'a');
    const key = HELLO.subarray(2, 6);
    const masked = payload.map((byte, i) => byte ^ (key[i % 4] ?? 0));
    const frame = Buffer.concat([Buffer.from([0x81, 0xfe, 1, 44]), key, masked]);
    expect(plainOf([Buffer.from(REQUEST), frame, HELLO])).toContain('a'.repeat(300));
  });

  it('that are compressed are told', () => {
    const frames = new MaskedFrames();
    frames.take(Buffer.from(REQUEST));
    const frame = Buffer.from(HELLO);
    frame[0] = 0xc1;
    expect(frames.take(frame)?.compressed).toEqual([[6, 11]]);
  });

  it.each([
    ['no request for them', 'POST / HTTP/1.1\r\n\r\n'],
    ['a request that was refused', `${REQUEST}{"id":1,"method":"login","params":["\u0081\u0085aaaa"]}\n`],
    ['a request without the field', 'GET / HTTP/1.1\r\nX-Upgrade: websocket-not\r\n\r\n'],
  ])('are not sought behind %s', (_, text) => {
    const bytes = Buffer.from(text, 'latin1');
    expect(plainOf([bytes, HELLO])).toBe(bytes.toString('latin1') + HELLO.toString('latin1'));
  });
});

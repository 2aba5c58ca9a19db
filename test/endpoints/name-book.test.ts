/** Names of addresses as answers of DNS and clients give them: each counts for who asked or said so. */
import { expect, it } from 'vitest';
import { addressWords } from '../../src/address.ts';
import { NameBook } from '../../src/endpoints/name-book.ts';
import type { DnsMessage } from '../../src/framing/dns.ts';

const packetRef = { timeUs: 1.7e15, record: 1, input: 0 };

it('A name counts for the client that has it from an answer, and for all if the operator gave it', () => {
  const learned: string[] = [];
  const book = new NameBook({ learned: (_, { name }) => learned.push(name) });
  const address = addressWords('198.51.100.1') ?? [];
  const add = (name: string, client: string, isSaid = false): void =>
    book.book(address, { name, client, isSaid, packetRef });
  add('a.example', '192.0.2.1');
  add('b.example', '192.0.2.2');
  add('c.example', '');
  add('a.example', '192.0.2.1');
  add('a.example', '192.0.2.1', true);
  const namesOf = (client: string): string[] => book.namesOf('198.51.100.1', client).map(({ name }) => name);
  expect(namesOf('192.0.2.1')).toEqual(['a.example', 'c.example', 'a.example']);
  expect(namesOf('192.0.2.2')).toEqual(['b.example', 'c.example']);
  expect(namesOf('192.0.2.3')).toEqual(['c.example']);
  expect(book.namesOf('198.51.100.2', '192.0.2.1')).toEqual([]);
  expect(learned).toEqual(['a.example', 'b.example', 'c.example', 'a.example']);
  expect([book.mayHave(address), book.mayHave(addressWords('198.51.100.2') ?? [])]).toEqual([true, false]);
});

it('An answer gives its addresses to the name that was asked for and to its aliases, those of pools alone', () => {
  const book = new NameBook();
  const alias = (name: string, target: string) => ({ name, target, address: null, ttlSeconds: 60 });
  const address = (name: string, ip: string) => ({ ...alias(name, ''), address: addressWords(ip) });
  const learn = (question: string, ...answers: DnsMessage['answers']): void =>
    book.learn(
      { id: 1, isResponse: true, code: 0, question, type: 1, answers },
      (name) => name.startsWith('pool'),
      '192.0.2.1',
      packetRef,
    );
  learn(
    'www.example',
    alias('www.example', 'pool.example'),
    alias('pool.example', 'cdn.example'),
    alias('other.example', 'pool-2.example'),
    address('cdn.example', '198.51.100.1'),
    address('stranger.example', '198.51.100.2'),
  );
  learn('www.example', address('www.example', '198.51.100.3'));
  learn('pool.example', address('pool.example', '2001:db8::5'));
  expect(book.entries()).toEqual([
    { ip: '198.51.100.1', name: 'pool.example', client: '192.0.2.1', isSaid: false, ...packetRef },
    { ip: '2001:db8::5', name: 'pool.example', client: '192.0.2.1', isSaid: false, ...packetRef },
  ]);
});

it('An address has 4,096 names at most, and what has no room is counted', () => {
  const book = new NameBook();
  for (let i = 0; i < 4100; i++)
    book.book(addressWords('198.51.100.1') ?? [], { name: `${i}`, client: '', isSaid: false, packetRef });
  expect([book.namesOf('198.51.100.1', '').length, book.overflow]).toEqual([4096, 4]);
});

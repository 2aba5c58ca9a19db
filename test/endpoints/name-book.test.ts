/** Names of addresses as answers of DNS and clients give them: each counts for who asked or said so. */
import { expect, it } from 'vitest';
import { addressWords } from '../../src/address.ts';
import { NameBook } from '../../src/endpoints/name-book.ts';

const place = { timeUs: 1.7e15, record: 1, input: 0 };

it('A name counts for the client that has it from an answer, and for all if the operator gave it', () => {
  const learned: string[] = [];
  const book = new NameBook({ learned: (_, { name }) => learned.push(name) });
  const address = addressWords('198.51.100.1') ?? [];
  const add = (name: string, client: string, isSaid = false): void =>
    book.book(address, { name, client, isSaid, place });
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

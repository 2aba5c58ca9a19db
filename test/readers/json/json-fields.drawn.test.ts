/** Values of JSON objects by path, against JSON.parse: keys in any order, the same names at several places, any texts. */
import { describe, expect, it } from 'vitest';
import { ABSENT, INCOMPLETE, INVALID } from '../../../src/kernel/records/json-kinds.ts';
import { JsonFields } from '../../../src/readers/json/json-fields.ts';
import { random } from '../../support/random.ts';
import { runs } from '../../support/runs.ts';

// Keys of the same beginning, end and length are different keys.
const LONG = 'a_long_key_of_more_than_sixteen_letters';
const ALIKE = 'a_long_key_or_more_than_sixteen_letters';
const PATHS = ['a', 'ab', LONG, 'in.a', 'in.deep.a', 'id.x', 'list', '8letters', `in.${ALIKE}`];
const NAMES = ['a', 'ab', 'b', 'in', 'id', 'deep', 'list', '', 'kéy', '8letters', '9_letters', LONG, ALIKE];
const rng = random(17);

function value(depth: number): unknown {
  const kind = rng.below(depth > 3 ? 5 : 8);
  if (kind === 0) return rng.below(1e9);
  if (kind === 1) return rng.chance(0.5);
  if (kind === 2) return null;
  if (kind < 5) return Array.from({ length: rng.below(12) }, () => 'aé"\\\n{}[]:, 0'[rng.below(14)]).join('');
  if (kind === 5) return Array.from({ length: rng.below(4) }, () => value(depth + 1));
  return object(depth + 1);
}

function object(depth = 0): Record<string, unknown> {
  const names = NAMES.filter(() => rng.chance(0.6)).sort(() => rng.below(3) - 1);
  return Object.fromEntries(names.map((name) => [name, value(depth)]));
}

/** What stands at a path; undefined where nothing does, or null. */
function at(root: unknown, path: string): unknown {
  let here = root;
  for (const key of path.split('.')) {
    if (typeof here !== 'object' || here === null || Array.isArray(here)) return undefined;
    here = Object.entries(here).find(([name]) => name === key)?.[1];
  }
  return here ?? undefined;
}

function found(fields: JsonFields, bytes: Uint8Array, index: number): unknown {
  if (fields.kinds[index] === ABSENT) return undefined;
  const text = Buffer.from(bytes.subarray(fields.starts[index], fields.ends[index])).toString();
  const isText = bytes[(fields.starts[index] ?? 0) - 1] === 0x22 && bytes[fields.ends[index] ?? 0] === 0x22;
  return JSON.parse(isText ? `"${text}"` : text);
}

describe('JsonFields', () => {
  it('finds what JSON.parse finds, whatever came before', () => {
    const fields = new JsonFields(PATHS);
    for (let i = 0; i < runs(300, 3000); i++) {
      const root = object();
      const bytes = Buffer.from(JSON.stringify(root, null, rng.below(3)));
      expect(fields.read(bytes, 0, bytes.length)).toBe(bytes.length);
      const values = PATHS.map((_, index) => found(fields, bytes, index));
      expect(values).toEqual(PATHS.map((path) => at(root, path)));
    }
  });

  it('reads more keys than it expects', () => {
    const fields = new JsonFields(['wanted']);
    const entries = Array.from({ length: 5000 }, (_, i) => [`k${i}`, i]);
    const root = Object.fromEntries([...entries, ['wanted', 7]]);
    const bytes = Buffer.from(JSON.stringify(root));
    for (let i = 0; i < 3; i++) {
      expect(fields.read(bytes, 0, bytes.length)).toBe(bytes.length);
      expect(found(fields, bytes, 0)).toBe(7);
    }
  });

  it('says of every cut object that it goes on, also where the bytes behind would end it', () => {
    const bytes = Buffer.from('{"a":"text","in":{"a":[1,2,{"b":"}"}],"deep":{"a":1e5}},"ab":true}');
    const fields = new JsonFields(PATHS);
    expect(fields.read(bytes, 0, bytes.length)).toBe(bytes.length);
    for (let to = 1; to < bytes.length; to++) expect(fields.read(bytes, 0, to)).toBe(INCOMPLETE);
  });

  it.each(['{"a":"\u0001"}', '{"a":"longer text\n"}', '{"a" "b"}', '{a:1}', '{"a":}'])(
    'refuses %j',
    (text) => {
      const bytes = Buffer.from(text);
      expect(new JsonFields(PATHS).read(bytes, 0, bytes.length)).toBe(INVALID);
    },
  );
});

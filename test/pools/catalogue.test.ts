import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { csvRows } from '../../src/csv.ts';
import { algorithmNamed } from '../../src/evidence/algorithm.ts';
import { CATALOGUE } from '../../src/pools/catalogue.ts';
import { NameIndex } from '../../src/pools/classify.ts';
import { normaliseName } from '../../src/pools/names.ts';
import { refuseName } from '../../src/pools/screen.ts';
import { POOL_SOURCES, portFact } from '../../src/pools/sources.ts';
import { corpusFolder } from '../support/corpus.ts';

const corpus = corpusFolder();
const GATHERED = corpus === null ? null : path.join(corpus, '..', 'reference', 'pools.csv');
const index = new NameIndex(CATALOGUE);

/** Rows that were screened out: foreign domains that a typing error made, and a name without a top level. */
const SCREENED_OUT = new Set(['music-solo.baikalmine.com.com', 'poolkh.com.com', 'etc.woolypooly']);

describe('the catalogue', () => {
  it('states each name once, in one spelling', () => {
    const seen = new Set<string>();
    for (const entry of CATALOGUE) {
      for (const name of [...entry.domains, ...new Set([...entry.hosts, ...entry.sites])]) {
        expect(normaliseName(name), name).toBe(name);
      }
      for (const domain of entry.domains) {
        expect(seen.has(domain), domain).toBe(false);
        seen.add(domain);
      }
    }
  });

  it('claims no domain that the screen for imported lists would refuse', () => {
    const refused = CATALOGUE.filter((entry) => entry.rest !== 'web')
      .flatMap((entry) => [...entry.domains, ...entry.hosts])
      .filter((name) => refuseName(name) !== null);
    expect(refused).toEqual([]);
  });

  it('takes ports only from sources that allow it', () => {
    const wrong = CATALOGUE.filter(
      (entry) =>
        entry.ports.length > 0 && entry.sources.every((tag) => POOL_SOURCES.get(tag)?.taken === 'domain'),
    );
    expect(wrong.map((entry) => entry.name)).toEqual([]);
  });

  it('calls algorithms as the audit does', () => {
    const named = CATALOGUE.flatMap((entry) => entry.ports.flatMap((use) => use.algorithm ?? []));
    expect(named.map((id) => [id, algorithmNamed(id)?.id ?? id]).filter(([id, own]) => id !== own)).toEqual(
      [],
    );
  });
});

describe.skipIf(GATHERED === null || !existsSync(GATHERED))(
  'the gathered facts, where they are at hand',
  () => {
    const [header = [], ...rows] =
      GATHERED === null ? [] : [...csvRows(readFileSync(GATHERED, 'utf8'), ',')].map(({ fields }) => fields);
    const cell = (row: readonly string[], column: string): string => row[header.indexOf(column)] ?? '';
    const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');

    it('have each host of a pool as mining or unsure, of the right pool', () => {
      const wrong: string[] = [];
      for (const row of rows) {
        const pattern = cell(row, 'domain_pattern');
        if (cell(row, 'kind') !== 'pool' || SCREENED_OUT.has(pattern)) continue;
        const match = index.classifyName(pattern.replace(/^\*\./, 'eu1.'));
        const names = match === null ? [] : [match.pool.name, ...match.pool.aliases, ...match.pool.domains];
        const right = names.some((name) => plain(name).startsWith(plain(cell(row, 'pool'))));
        const owner = match?.pool.hosts.includes(pattern) || right;
        if (match === null || match.use === 'web' || !owner)
          wrong.push(`${pattern}: ${match?.pool.name} ${match?.use}`);
      }
      expect(wrong).toEqual([]);
    });

    it('have each web site as a web site', () => {
      const wrong = rows
        .filter((row) => cell(row, 'kind') === 'website')
        .map((row) => cell(row, 'domain_pattern'))
        .filter((name) => index.classifyName(name)?.use !== 'web');
      expect(wrong).toEqual([]);
    });

    it('have each browser miner, proxy of malware and donation host as one', () => {
      const wrong = rows
        .filter((row) => ['browser-miner', 'malware-proxy', 'donation'].includes(cell(row, 'kind')))
        .filter((row) => {
          const match = index.classifyName(cell(row, 'domain_pattern'));
          return match === null || match.use === 'web' || match.pool.kind !== cell(row, 'kind');
        });
      expect(wrong.map((row) => cell(row, 'domain_pattern'))).toEqual([]);
    });
  },
);

describe('the table of ports', () => {
  it('knows what else lives at a port', () => {
    expect(portFact(3389)).toEqual({
      port: 3389,
      strength: 'weak',
      use: 'NiceHash octopus (legacy)',
      benign: 'RDP (very common)',
      sources: ['hive'],
    });
    expect(portFact(10128)?.strength).toBe('strong');
    expect(portFact(22)).toBeNull();
  });
});

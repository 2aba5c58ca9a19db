import { describe, expect, it } from 'vitest';
import { MinesweepError } from '../../../src/errors.ts';
import {
  assumptionFor,
  isAssumption,
  parseAssumption,
  parseAssumptions,
} from '../../../src/evidence/modelled/assumption.ts';

const ANYWHERE = { pool: null, port: null, coin: null, algorithm: null };

function mistake(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof MinesweepError) return `${error.code} ${error.where}: ${error.message}`;
    throw error;
  }
  return 'none';
}

describe('an assumption of the difficulty', () => {
  it.each([
    {
      words: 'pool=Pool.Example. port=3333 algorithm=rx/0 difficulty=120000',
      expected: {
        pool: 'pool.example',
        port: 3333,
        coin: null,
        algorithm: 'rx/0',
        unit: 'difficulty',
        work: { low: 120_000, central: 120_000, high: 120_000 },
      },
    },
    {
      words: 'coin=btc, difficulty = 64k..1M',
      expected: {
        ...ANYWHERE,
        coin: 'BTC',
        unit: 'difficulty',
        work: { low: 64_000, central: Math.sqrt(64e9), high: 1_000_000 },
      },
    },
    {
      words: 'algorithm=etchash;hashes=1G..4G..8.5G',
      expected: {
        ...ANYWHERE,
        algorithm: 'etchash',
        unit: 'hashes',
        work: { low: 1e9, central: 4e9, high: 8.5e9 },
      },
    },
  ])('is read from $words', ({ words, expected }) => {
    expect(isAssumption(words)).toBe(true);
    expect(parseAssumption(words, '--assume')).toEqual({ miner: null, ...expected, source: '--assume' });
  });

  it.each([
    ['pool=a', "USAGE here: an assumption needs either 'difficulty' or 'hashes'"],
    ['difficulty=1 hashes=2', "USAGE here: an assumption needs either 'difficulty' or 'hashes'"],
    ['difficulty=0', "USAGE here: '0' is no difficulty"],
    ['difficulty=5..1', "USAGE here: '5..1' is no difficulty"],
    ['difficulty=-3', "USAGE here: '-3' is no difficulty"],
    ['difficulty=1..2..3..4', "USAGE here: '1..2..3..4' is no difficulty"],
    ['difficulty=1 port=70000', "USAGE here: '70000' is not a port"],
    ['difficulty=1 algorithm=nothing', "USAGE here: the algorithm 'nothing' is not known"],
    [
      'difficulty=1 coin=NOSUCHCOIN',
      "USAGE here: the coin 'NOSUCHCOIN' is not known, and no algorithm is given",
    ],
    ['difficulty=1 difficulty=2', "USAGE here: 'difficulty' is given twice"],
    ['difficulty=1 colour=red', "USAGE here: 'colour=red' is not part of an assumption"],
  ])('is refused where it says %s', (words, expected) => {
    expect(mistake(() => parseAssumption(words, 'here'))).toBe(expected);
  });

  it('is read from files: lines, tables with a header, remarks', () => {
    const lines = '\ufeff# ours\r\npool=a.example difficulty=5 # a guess\r\n\r\nhashes=7\r\n';
    const table = 'pool,port,difficulty,remark\n"b.example",3333,1k..2k,vardiff\n,,9,\n';
    expect(parseAssumptions(lines, 'f').map(({ pool, work, source }) => [pool, work.low, source])).toEqual([
      ['a.example', 5, 'f:2'],
      [null, 7, 'f:4'],
    ]);
    expect(
      parseAssumptions(table, 't').map(({ pool, port, work }) => [pool, port, work.low, work.high]),
    ).toEqual([
      ['b.example', 3333, 1000, 2000],
      [null, null, 9, 9],
    ]);
    expect(mistake(() => parseAssumptions('what is this', 'f'))).toBe(
      'FILE_INVALID f:1: neither an assumption nor the header of a table of them',
    );
    expect(mistake(() => parseAssumptions('hashes=1\nhashes=x', 'f'))).toBe(
      "FILE_INVALID f:2: 'x' is no difficulty",
    );
    expect(parseAssumptions('', 'f')).toEqual([]);
  });

  it('holds for the most particular place that it names', () => {
    const rules = [
      'difficulty=1',
      'algorithm=rx/0 difficulty=2',
      'port=3333 difficulty=3',
      'pool=pool.example difficulty=4',
      'pool=pool.example port=3333 difficulty=5',
      'pool=other.example algorithm=kawpow difficulty=6',
    ].map((words) => parseAssumption(words, ''));
    const miner = { ip: '192.0.2.7', port: 41_234 };
    const found = (names: string[], port: number, algorithm: string | null, coin: string | null = null) =>
      assumptionFor(rules, { miner, names, port, algorithm, coin })?.work.low ?? null;
    expect([
      found(['xmr.example'], 1, 'sha256d'),
      found(['xmr.example'], 1, 'rx/0'),
      found(['xmr.example'], 3333, 'rx/0'),
      found(['eu.pool.example'], 1, 'rx/0'),
      found(['EU.pool.example'], 3333, 'rx/0'),
      found(['notpool.example'], 1, null),
      found(['other.example'], 1, null),
      found(['other.example'], 1, 'rx/0'),
    ]).toEqual([1, 2, 3, 4, 5, 1, 6, 2]);
  });

  it('may name the miner, or one session of it', () => {
    const rules = [
      'miner=192.0.2.7 hashes=1',
      'miner=192.0.2.7:41234 hashes=2',
      'miner=[2001:DB8::7]:5 hashes=3',
      'pool=pool.example hashes=4',
    ].map((words) => parseAssumption(words, ''));
    const found = (ip: string, port: number) =>
      assumptionFor(rules, {
        miner: { ip, port },
        names: ['pool.example'],
        port: 443,
        algorithm: null,
        coin: null,
      })?.work.low;
    expect([
      found('192.0.2.7', 1),
      found('192.0.2.7', 41_234),
      found('2001:db8::7', 5),
      found('2001:db8::7', 6),
    ]).toEqual([1, 2, 3, 4]);
    for (const words of ['miner=somebody hashes=1', 'miner=192.0.2.7: hashes=1'])
      expect(() => parseAssumption(words, '')).toThrow('neither an address');
  });
});

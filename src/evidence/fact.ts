/** The words of what a session says: difficulties, outcomes of shares, and how an algorithm or coin is known. */

/**
 * Work that one share stands for. `hashes`: expected hashes (or solutions, graphs) outright, 2^256/target.
 * `units`: a Stratum v1 difficulty whose worth in hashes depends on the algorithm (docs/reference/protocols.md 5.3).
 */
export type Difficulty =
  | { readonly scale: 'hashes'; readonly value: number }
  | { readonly scale: 'units'; readonly value: number };

/** Why a share was not accepted, by text first and code second (docs/reference/protocols.md 1.4). */
export const OUTCOMES = [
  ...(['accepted', 'stale', 'duplicate', 'low-difficulty', 'unauthorised', 'malformed', 'other'] as const),
];
export type Outcome = (typeof OUTCOMES)[number];

/** How an algorithm or coin became known, strongest first (docs/guide/reading-an-audit.md). */
export const ALGORITHM_SOURCES = [
  'share-hash', // a share that hashes to its target
  'job', // algorithm named in the job, coinbase, bits and notify shape
  'dialect', // the dialect serves one algorithm only
  'said', // a miner, a device or a call for work names it in its own words
  'account', // account address with a valid checksum
  'agent', // miner software that does one algorithm only
  'catalogue', // pool name, then port and coin
  'family', // the dialect serves several algorithms that are alike: which of them is not known, and so no rate
] as const;
export type AlgorithmSource = (typeof ALGORITHM_SOURCES)[number];

/** The sources as an audit names them: whether a job leaves one algorithm or several open is told by their list. */
export const SOURCE_NAMES: Readonly<Record<AlgorithmSource, string>> = {
  'share-hash': 'proof',
  job: 'job',
  dialect: 'job',
  said: 'said',
  account: 'address',
  agent: 'agent',
  catalogue: 'pool',
  family: 'job',
};

/** The algorithm, and from what it is known. `side` is who said it. */
export interface AlgorithmClaim {
  readonly kind: 'algorithm';
  readonly algorithm: string;
  readonly source: AlgorithmSource;
  readonly detail: string;
  /** Of a source that hashes shares again: how many, and how many meet their difficulty. */
  readonly proof?: { readonly met: number; readonly tried: number };
  readonly side: 'miner' | 'pool';
}

/** The coin, and from what it is known. */
export interface CoinClaim {
  readonly kind: 'coin';
  readonly coin: string;
  readonly source: AlgorithmSource;
  readonly side: 'miner' | 'pool';
}

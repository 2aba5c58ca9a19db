/**
 * The facts that dialects read from messages. A fact is what was sent, not what it means: verdicts are made from them
 * later. Each kind of fact is sent by one side only, so it also shows who mines (see `SPOKEN_BY`).
 */

/**
 * Work that one share stands for. `hashes`: expected hashes (or solutions, graphs) outright, 2^256/target.
 * `units`: a Stratum v1 difficulty whose worth in hashes depends on the algorithm (docs/protocols.md 5.3).
 */
export type Difficulty =
  | { readonly scale: 'hashes'; readonly value: number }
  | { readonly scale: 'units'; readonly value: number };

/** Why a share was not accepted, by text first and code second (docs/protocols.md 1.4). */
export type Outcome =
  | 'accepted'
  | 'stale'
  | 'duplicate'
  | 'low-difficulty'
  | 'unauthorised'
  | 'malformed'
  | 'other';

/** How an algorithm or coin became known, strongest first: the contract's order. */
export const ALGORITHM_SOURCES = [
  'share-hash', // a share that hashes to its target
  'job', // algorithm named in the job, coinbase, bits and notify shape
  'dialect', // the dialect serves one algorithm only
  'account', // account address with a valid checksum
  'agent', // miner software that does one algorithm only
  'catalogue', // pool name, then port and coin
] as const;
export type AlgorithmSource = (typeof ALGORITHM_SOURCES)[number];

/** Login, authorize or the wallet in a URL. `worker` null if none was named. Never carries the password. */
export interface LoginFact {
  readonly kind: 'login';
  readonly account: string;
  readonly worker: string | null;
}
/** Miner software as it names itself. */
interface AgentFact {
  readonly kind: 'agent';
  readonly agent: string;
}
/** A miner-side message that opens or keeps a session but names nobody (subscribe, keepalived, getwork poll). */
interface RequestFact {
  readonly kind: 'request';
  readonly method: string;
}
/** The pool's answer to a login. */
export interface AdmissionFact {
  readonly kind: 'admission';
  readonly admitted: boolean;
  readonly reason: string;
}
/** The pool's answer to a subscribe or similar opening, or another pool-side message that is not a job. */
interface ServiceFact {
  readonly kind: 'service';
  readonly method: string;
}
/** Difficulty for the jobs that follow on this connection. */
interface DifficultyFact {
  readonly kind: 'difficulty';
  readonly difficulty: Difficulty;
}
/** A job. `difficulty` if the job carries its own target; null if the connection's holds. */
export interface JobFact {
  readonly kind: 'job';
  readonly jobId: string;
  readonly difficulty: Difficulty | null;
  /** The block that it builds on, as this dialect names it: the hash, or if it says none the height. */
  readonly previous?: string;
  /** True if a byte of the nonce is not the miner's to search: the pool or a proxy has set it (NiceHash mode). */
  readonly fixesNonce?: boolean;
}
/** Work submitted. `token` pairs it with its answer within the session. */
export interface ShareFact {
  readonly kind: 'share';
  readonly token: number;
  /** Job that it belongs to; null if the message was cut before it. */
  readonly jobId: string | null;
  readonly account: string | null;
  readonly worker: string | null;
  /** Nonce digits as sent, hex without 0x, for the counter estimator; null if none. */
  readonly nonce: string | null;
  /** Extranonce2 digits as sent, if the dialect has one; then the time and the version bits, each after a colon. */
  readonly extraNonce2?: string | null;
  /**
   * Difficulty that the hash reaches which it carries, hashes; absent if it carries none. Below its job's it is no
   * work.
   */
  readonly reaches?: number;
}
/** The pool's answer to a share. */
interface AnswerFact {
  readonly kind: 'answer';
  readonly token: number;
  readonly outcome: Outcome;
  /** The pool's own words; '' if accepted without any. */
  readonly text: string;
}
/** The server does not know the method that it was called with, or cannot read the call: no pool says so of its own. */
interface DenialFact {
  readonly kind: 'denial';
  readonly method: string;
}
/** Hashrate that the miner claims, H/s (unit of the algorithm). */
interface SelfReportedFact {
  readonly kind: 'self-reported';
  readonly hashrate: number;
}
/** The algorithm, and from what it is known. `side` is who said it. */
export interface AlgorithmFact {
  readonly kind: 'algorithm';
  readonly algorithm: string;
  readonly source: AlgorithmSource;
  readonly detail: string;
  /** Of a source that hashes shares again: how many, and how many meet their difficulty. */
  readonly proof?: { readonly met: number; readonly tried: number };
  readonly side: 'miner' | 'pool';
}
/** The coin, and from what it is known. */
export interface CoinFact {
  readonly kind: 'coin';
  readonly coin: string;
  readonly source: AlgorithmSource;
  readonly side: 'miner' | 'pool';
}
/** The pool sends the miner elsewhere. Host '' and port 0 mean the same endpoint. */
export interface ReconnectFact {
  readonly kind: 'reconnect';
  readonly host: string;
  readonly port: number;
}

/** The host that the miner says it talks to (subscribe and hello of some dialects, HTTP Host). Port 0: not said. */
export interface TargetFact {
  readonly kind: 'target';
  readonly host: string;
  readonly port: number;
}

export type Fact =
  | LoginFact
  | AgentFact
  | RequestFact
  | AdmissionFact
  | ServiceFact
  | DifficultyFact
  | JobFact
  | ShareFact
  | AnswerFact
  | DenialFact
  | SelfReportedFact
  | AlgorithmFact
  | CoinFact
  | ReconnectFact
  | TargetFact;

/** Which side says each kind of fact; null if the fact itself tells (`side`). */
export const SPOKEN_BY: Readonly<Record<Fact['kind'], 'miner' | 'pool' | null>> = {
  login: 'miner',
  agent: 'miner',
  request: 'miner',
  admission: 'pool',
  service: 'pool',
  difficulty: 'pool',
  job: 'pool',
  share: 'miner',
  answer: 'pool',
  denial: 'pool',
  'self-reported': 'miner',
  algorithm: null,
  coin: null,
  reconnect: 'pool',
  target: 'miner',
};

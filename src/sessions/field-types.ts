/** The types that data/session.tsv names. */
import type { Difficulty } from '../evidence/fact.ts';
import type { PacketRef } from '../packet-ref.ts';
import type { LoggedShare } from './share-table.ts';
import type { WorkInterval } from './work-interval.ts';

export type { OneConnection } from '../endpoints/connection-list.ts';
export type { Through } from '../endpoints/through.ts';
export type { TrafficSum } from '../endpoints/traffic.ts';
export type { AlgorithmClaim, CoinClaim, Difficulty } from '../evidence/fact.ts';
export type { Job, LoggedShare } from './share-table.ts';
export type { WorkInterval } from './work-interval.ts';

/** Who logged in. */
export interface Login {
  readonly account: string;
  readonly worker: string | null;
}

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

export interface Reconnect extends HostPort {
  readonly timeUs: number;
}

export interface SelfReport {
  readonly timeUs: number;
  /** H/s. */
  readonly hashrate: number;
}

export interface TimedDifficulty {
  readonly timeUs: number;
  readonly difficulty: Difficulty;
}

/** A kind of fact: how often it was seen, and where first. */
export interface Observation extends PacketRef {
  readonly kind: string;
  count: number;
  detail: string;
  /** True if `detail` are the words of the first, and others had other words. */
  isMixed?: boolean;
  /** Of an algorithm that shares prove: how many were recomputed, and how many meet their difficulty. */
  proof?: { readonly algorithm: string; readonly met: number; readonly tried: number };
}

/** A share whose job was not seen, or was one of the first and may have been sent before. */
export interface RepriceableShare {
  readonly logged: LoggedShare;
  readonly workInterval: WorkInterval | null;
  /** True if it was priced by the difficulty in force. */
  readonly assumed: boolean;
  /** Its row, to which an answer may come; `NO_ROW` if none may. */
  row: number;
}

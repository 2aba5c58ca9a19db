/** What the operator's files hold, by what their places are: names, addresses and networks. */
import type { Network } from '../networks.ts';
import type { NameUse, PoolEntry } from './entry.ts';
import type { LookUp } from './feeds/feed.ts';

/** One endpoint of an operator's file at a place, after screening. */
export interface UserPlace {
  readonly pool: PoolEntry;
  /** Null: every port, because the file names none. */
  readonly port: number | null;
  readonly tls: boolean;
  /** Of a name. */
  readonly use: NameUse;
  /** An address that serves others than the pool's miners too, or belongs to a CDN. */
  readonly isShared: boolean;
  /** When it was known to be so; null if the file does not say. */
  readonly lookUp: LookUp | null;
  /** Where it is from: what the list says, else its file and line. */
  readonly source: string;
  /** The file and line, for people. */
  readonly rule: string;
}

/** The operator's places by what they are. */
export interface UserPlaces {
  /** By exact normalised name. */
  readonly names: Places;
  /** By suffix: any name below it, not itself. */
  readonly suffixes: Places;
  /** By canonical text. */
  readonly addresses: Places;
  readonly networks: readonly { readonly network: Network; readonly places: readonly UserPlace[] }[];
}

type Places = ReadonlyMap<string, readonly UserPlace[]>;

/** The options of a scan. */
import { availableParallelism } from 'node:os';
import type { PowerOptions } from '../assessment/assess.ts';
import type { LimitName } from '../limits.ts';
import type { OwnerFiles } from '../owners/book.ts';
import type { StatedOrder } from '../readers/flow-reading.ts';
import type { Secret } from '../secret.ts';
import type { S3Settings } from '../sources/s3/account.ts';
import type { ThreadUse } from '../thread-program.ts';
import type { TimeInterval } from '../time-interval.ts';
import type { ModelOptions } from './assumptions.ts';

export interface ScanProgress {
  doneBytes: number;
  /** Null if the size of an input is not known (standard input). */
  totalBytes: number | null;
  packets: number;
  /** Flow records. */
  flows: number;
  /** The input being read, and which it is of how many. */
  input: string;
  ordinal: number;
  inputs: number;
  /** What the kernel has taken for what waits in it: it lies outside of what V8 counts. */
  heapBytes: number;
}

export interface StateUse {
  readonly file: string;
  /** It is written after so many inputs, or so long (us), besides at the end; null: at the end alone. */
  readonly checkpoint: { readonly inputs: number } | { readonly us: number } | null;
}

export interface ScanOptions extends ModelOptions, OwnerFiles, PowerOptions {
  /** Files, folders, globs, or '-' for standard input. */
  inputs: readonly string[];
  /** Own networks, as CIDR text. */
  local: readonly string[];
  /** Senders of tunnels, and exporters, that are believed beside own networks, as CIDR text. */
  trustTunnels?: readonly string[];
  trustExporters?: readonly string[];
  poolFiles: readonly string[];
  /** How long addresses out of DNS are proof of their pool, us; a week if absent. */
  lookUpMaxAgeUs?: number;
  allowFile: string | null;
  /** Files that tie names to addresses: resolver logs, passive DNS, tables. */
  nameFiles?: readonly string[];
  /** Files that say when blocks of which coin were found. */
  blockFiles?: readonly string[];
  /** Limits that are not the defaults. */
  limits?: Partial<Record<LimitName, number>>;
  /** True if each input's SHA-256 is wanted. */
  hash: boolean;
  /** Nothing before this time counts; us since 1970. */
  sinceUs: number | null;
  /** Nothing from this time on counts; us since 1970. */
  untilUs: number | null;
  /** What of a pause between two parts of an input that grows was not watched; nothing if absent. */
  unwatched?: (pause: TimeInterval) => readonly TimeInterval[];
  /** Format of every input, if the operator states it. */
  inputFormat: string | null;
  /** Lists of accounts, agents and hosts that are malware's. */
  malwareFiles?: readonly string[];
  /** Files of leases: who had which address when. */
  leaseFiles?: readonly string[];
  /** Which column of a table of flows is what, ours to theirs; null: by its header. */
  columns?: Readonly<Record<string, string>> | null;
  /** Zone of times in flow logs that have none (IANA name); UTC where null. */
  timeZone?: string | null;
  /** What dates of numbers in flow logs begin with, as in 03/04/2026; null: what other dates of the file tell. */
  dateOrder?: StatedOrder | null;
  /** Conversations that could not be judged that the audit lists, the longest; none if absent. */
  undecided?: number;
  /** Servers at which somebody was proven to mine before, with the case that says so. */
  minersServers?: ReadonlyMap<string, string>;
  /** Share of conversations seen whole, 0 to 1, below which coverage is not complete; 0.99 if absent. */
  coverageThreshold?: number;
  /** Most threads used; one a core if null or absent. The audit is the same for any number. */
  jobs?: number | null;
  /** Whether inputs are read in threads of their own; if absent, only if it pays. The audit is the same. */
  thread?: ThreadUse;
  /** Whose credentials read objects (s3://…), and whether the machine may be asked for some; absent: no object is read. */
  objects?: S3Settings;
  /** Password of the stores among the inputs. */
  storePassword?: Secret;
  /** The file that the run goes on from, and is left in for the next one; null: neither. */
  state?: StateUse | null;
  /** Time of writing that the audit states, ms since 1970; now if absent. */
  generatedMs?: number;
  /** Aborted: the scan stops early and returns what it has, with `partial` true. */
  signal: AbortSignal;
  onProgress?: (progress: ScanProgress) => void;
  log?: (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void;
}

/** Whether the scan may use a thread beside the main one. */
export function threadUse({ thread = 'auto', jobs = null }: ScanOptions): ThreadUse {
  return (jobs ?? availableParallelism()) < 2 ? 'never' : thread;
}

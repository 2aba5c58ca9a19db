/**
 * The package as a library (docs/library.md): `import { scan } from 'minesweep'`. The build ships the types of this file, and
 * those of audits as the schema has them.
 */
import type { Audit } from './audit/audit.ts';

export { isAudit } from './audit/schema.ts';
export { MinesweepError } from './errors.ts';
export type { Audit };

/** Options of a scan. All but `inputs` may be absent; docs/usage.md says what they mean, by the names of the command's. */
export interface Options {
  /** Files, folders, globs, addresses of stores. */
  readonly inputs: readonly string[];
  /** Own networks, as CIDR. */
  readonly local?: readonly string[];
  /** Lists of pools: `--pools`. */
  readonly poolFiles?: readonly string[];
  readonly allowFile?: string;
  readonly nameFiles?: readonly string[];
  readonly blockFiles?: readonly string[];
  readonly malwareFiles?: readonly string[];
  readonly ownersFile?: string;
  readonly asnDb?: string;
  readonly cityDb?: string;
  /** True if each input's SHA-256 is wanted. */
  readonly hash?: boolean;
  /** Nothing before this time counts. */
  readonly since?: Date;
  /** Nothing from this time on counts. */
  readonly until?: Date;
  readonly inputFormat?: string;
  /** Zone of times in flow logs that have none. */
  readonly timeZone?: string;
  /** Share of bytes decoded, 0 to 1, below which coverage is not complete: 0.99 if absent. */
  readonly coverageThreshold?: number;
  /** Most threads used: one a core if absent. The audit is the same for any number. */
  readonly jobs?: number;
  readonly storePassword?: string;
  /** Where credentials of objects (s3://…) are, as in `process.env`, and whether the machine may be asked; absent: none is read. */
  readonly objects?: {
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly asksMachine?: boolean;
  };
  /** If it is aborted, the scan ends early with what it has, and `partial` is true. */
  readonly signal?: AbortSignal;
  readonly log?: (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void;
}

/** Scans captures and flow logs into one audit. Throws MinesweepError if nothing could be read or an option is wrong. */
export async function scan({ since, until, ...options }: Options): Promise<Audit> {
  return (await import('./scan.ts')).scan({
    ...{ local: [], poolFiles: [], allowFile: null, hash: false, inputFormat: null },
    ...{ signal: new AbortController().signal },
    ...options,
    sinceUs: since === undefined ? null : since.getTime() * 1000,
    untilUs: until === undefined ? null : until.getTime() * 1000,
  });
}

/** Reads an audit. Throws MinesweepError if the file cannot be read, or departs from the schema. */
export async function readAudit(file: string): Promise<Audit> {
  return (await import('./audit/read-audit.ts')).readAudit(file, process.stdin);
}

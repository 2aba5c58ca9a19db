/** What a watch is asked to do. */
import type { Audit } from '../audit/audit.ts';
import type { Times } from '../run/run.ts';
import type { ScanOptions } from '../run/scan-options.ts';
import type { Health } from './health.ts';
import type { PeriodLength } from './period.ts';

export interface WatchOptions extends Omit<ScanOptions, 'inputs' | 'sinceUs' | 'untilUs' | 'state'> {
  /** Folders, or `-` alone for a pipe that never ends. */
  readonly inputs: readonly string[];
  readonly stateFile: string | null;
  readonly period: PeriodLength;
  /** How often the current audit is written, us. */
  readonly everyUs: number;
  /** A file that nobody has written to for so long is whole, us. */
  readonly quietUs: number;
  /** Input is to come at least so often, us; null: whenever it comes. A longer pause is no observed time. */
  readonly expectUs?: number | null;
  /** Hears how the watch goes. */
  readonly health?: Health;
  /** An audit is made; `closed` names the period that it ends, null while that goes on. `isDue`: it is to be written. */
  readonly onAudit: (audit: Audit, closed: string | null, isDue: boolean) => Promise<void>;
}

/** Until the first file has told of a period. */
export const ALL_TIMES: Times & { inputs: readonly string[] } = { inputs: [], sinceUs: null, untilUs: null };

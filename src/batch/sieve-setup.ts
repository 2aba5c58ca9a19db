import type { ListedField } from '../flows/endpoint-watch.ts';

/** What must be known to tell which records only count. */
export interface SieveSetup {
  readonly sinceUs: number;
  readonly untilUs: number;
  /** Of the listed endpoints. */
  readonly listed: readonly ListedField[];
}

/** The operator's lists, read before a scan; a watch reads them again on SIGHUP. */

import { beginOwners } from '../assessment/assess-hosts.ts';
import { type LeaseBook, loadLeases } from '../machines/leases.ts';
import { Networks } from '../networks.ts';
import { totalOf } from '../order.ts';
import { loadMalware } from '../owners/malware.ts';
import { type AllowList, loadAllowList } from '../pools/allow.ts';
import { loadPools, oldLookUps, refusalNote } from '../pools/load.ts';
import type { ImportReport, PoolSet } from '../pools/pool-set.ts';
import type { TellSlow } from '../slow-list.ts';
import type { Statement } from '../statements/index.ts';
import { loadAssumptions } from './assumptions.ts';
import { loadBlocks } from './blocks-file.ts';
import type { Chain } from './in-step.ts';
import type { ScanOptions } from './scan-options.ts';
import { Trust } from './trust.ts';

export interface Lists {
  readonly pools: PoolSet;
  /** True if the operator's files list addresses. */
  readonly hasListedAddresses: boolean;
  /**
   * Names that are allowed, as those below them are, whether their rules still hold or not: the addresses of their servers must
   * be known.
   */
  readonly allowedNames: readonly string[];
  /** All rules, whether they still hold or not. */
  readonly allowList: AllowList;
  /** How many conversations that could not be judged are listed, the longest first. */
  readonly undecided: number;
  /** Servers at which somebody was proven to mine before, with the case that says so. */
  readonly minersServers: ReadonlyMap<string, string>;
  readonly local: Networks;
  /** Whose tunnels and exports are believed. */
  readonly trust: Trust;
  readonly malware: Awaited<ReturnType<typeof loadMalware>>;
  readonly assumptions: Awaited<ReturnType<typeof loadAssumptions>>;
  readonly book: Awaited<ReturnType<typeof beginOwners>>['book'];
  /** Who had which address when; null if nobody says. */
  readonly leases: LeaseBook | null;
  /** When blocks were found. */
  readonly blocks: readonly Chain[];
  /** What is wrong with them. */
  readonly warnings: readonly Statement[];
}

/** What the watch over packets and flow records works with; times in us since 1970, infinite if there is no bound. */
export interface RunOptions
  extends Pick<
    Lists,
    'pools' | 'hasListedAddresses' | 'allowedNames' | 'trust' | 'allowList' | 'undecided' | 'minersServers'
  > {
  readonly sinceUs: number;
  readonly untilUs: number;
}

/** True of a time, us since 1970, that counts. */
export function isAskedFor(
  timeUs: number,
  { sinceUs, untilUs }: Pick<RunOptions, 'sinceUs' | 'untilUs'>,
): boolean {
  return timeUs >= sinceUs && timeUs < untilUs;
}

/** Reads the lists that the options name. Throws MinesweepError FILE_UNREADABLE, FILE_INVALID or USAGE. */
export async function loadLists(options: ScanOptions): Promise<Lists> {
  const warnings: Statement[] = [];
  const tell: TellSlow = (message) => options.log?.('warn', message);
  const assumptions = await loadAssumptions(options);
  const malware = await loadMalware(options.malwareFiles ?? []);
  const pools = await loadPools(options.poolFiles, options.lookUpMaxAgeUs, tell);
  for (const report of pools.imports) {
    const old = oldLookUps(report, pools.lookUpMaxAgeUs);
    if (old !== null) warnings.push(old);
    options.log?.('info', importText(report));
    const refused = refusalNote(report);
    if (refused !== null) warnings.push(refused);
  }
  const { allowFile, poolFiles, blockFiles = [], leaseFiles = [], timeZone = null } = options;
  const allowList = await loadAllowList(allowFile, tell);
  return {
    pools,
    hasListedAddresses: poolFiles.length > 0,
    malware,
    assumptions,
    warnings,
    local: await Networks.parse(options.local),
    trust: await Trust.of(options),
    allowList,
    allowedNames: [...allowList.domains()],
    undecided: options.undecided ?? 0,
    minersServers: options.minersServers ?? new Map(),
    ...(await beginOwners(options, tell)),
    blocks: await loadBlocks(blockFiles),
    leases: leaseFiles.length === 0 ? null : await loadLeases(leaseFiles, timeZone, tell),
  };
}

function importText(report: ImportReport): string {
  const refused = totalOf(report.refused, ({ count }) => count);
  return `${report.path}: ${report.format}, ${report.kept} places kept, ${refused} refused`;
}

/** Which hosts the totals count as miners. */
import { isAtLeast } from '../evidence/verdict.ts';
import type { Audit, AuditHost, Verdict } from './audit.ts';

export { isAtLeast };

/** An address counts as a miner from `probable` on. */
export function isMiner(verdict: Verdict): boolean {
  return isAtLeast(verdict, 'probable');
}

/** A server of the own networks that others mine at, or are to believe they do, and that mines nowhere itself. */
export function isPoolServer({ roles }: AuditHost): boolean {
  return roles.length === 1 && (roles[0] === 'pool' || roles[0] === 'honeypot');
}

/** Hosts of an audit but for pool servers: those that the totals count by verdict. */
export function countedHosts(audit: Audit): AuditHost[] {
  return audit.hosts.filter((host) => !isPoolServer(host));
}

/** True for hosts that the totals count as miners: confirmed or probable, and no pool server. */
export function isCountedMiner(host: AuditHost): boolean {
  return isMiner(host.verdict) && !isPoolServer(host);
}

/** True of a host that gathers the work of miners and does none of its own, as far as its roles tell. */
export function isMinersProxy({ roles }: Pick<AuditHost, 'roles'>): boolean {
  return roles.includes('proxy') && roles.every((role) => role === 'proxy' || role === 'pool');
}

/** How many miners mine an algorithm, whether their rate is known or not. */
export function minersOfAlgorithm(audit: Audit, algorithm: string): number {
  return minersOf(audit).filter(
    ({ algorithms, hashrate }) =>
      algorithms.includes(algorithm) || hashrate.some((row) => row.algorithm === algorithm),
  ).length;
}

export function minersOf(audit: Audit): AuditHost[] {
  return audit.hosts.filter(isCountedMiner);
}

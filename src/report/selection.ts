/**
 * Which hosts a report for people shows, and in which order: by default strongest verdict first, then power, then rate,
 * then address. Totals always stand for all hosts, and JSON always has them all.
 */
import { type Audit, type AuditHost, VERDICTS, type Verdict } from '../audit/audit.ts';
import type { Networks } from '../networks.ts';
import { addressRanks } from './address-order.ts';

export const SORT_KEYS = [
  'verdict',
  'power',
  'hashrate',
  'traffic',
  'ip',
  'first-seen',
  'last-seen',
] as const;
export type SortKey = (typeof SORT_KEYS)[number];

export interface Selection {
  readonly sort: SortKey;
  /** Hosts shown at most; null: all. */
  readonly top: number | null;
  /** Networks that hosts are shown of; null: any. */
  readonly hosts: Networks | null;
  /** Part of a pool's name or of an endpoint, in any case; null: any. */
  readonly pool: string | null;
  /** The weakest verdict shown; null: any. */
  readonly verdict: Verdict | null;
  /** Columns of the host list by id; null: the usual ones. */
  readonly columns: readonly string[] | null;
}

export const ALL_HOSTS: Selection = {
  sort: 'verdict',
  top: null,
  hosts: null,
  pool: null,
  verdict: null,
  columns: null,
};

/** The hosts shown, in order. */
export function selectedHosts(audit: Audit, selection: Selection = ALL_HOSTS): AuditHost[] {
  const { sort, top, hosts, verdict, pool } = selection;
  const wanted = pool?.toLowerCase() ?? '';
  const ranks = addressRanks(audit.hosts.map(({ ip }) => ip));
  const rank = ({ ip }: AuditHost): number => ranks.get(ip) ?? 0;
  const shown = audit.hosts.filter(
    (host) =>
      (verdict === null || VERDICTS.indexOf(host.verdict) <= VERDICTS.indexOf(verdict)) &&
      (hosts === null || hosts.containsAddress(host.ip)) &&
      (wanted === '' || host.pools.some((name) => name.toLowerCase().includes(wanted))),
  );
  const keys = KEYS[sort];
  shown.sort((a, b) => {
    for (const key of keys) {
      const difference = key(a) - key(b);
      if (difference !== 0) return difference;
    }
    return rank(a) - rank(b);
  });
  return top === null ? shown : shown.slice(0, top);
}

type Key = (host: AuditHost) => number;

const byVerdict: Key = ({ verdict }) => VERDICTS.indexOf(verdict);
const byPower: Key = ({ power }) => -(power?.watts ?? 0);
const byTraffic: Key = ({ traffic }) => -(traffic.mbpsOut + traffic.mbpsIn);
/** Rates of different algorithms do not compare: only within one does the larger come first. */
const byRate: Key = ({ hashrate }) => -(hashrate.find(({ headline }) => headline)?.estimate ?? 0);

const KEYS: Readonly<Record<SortKey, readonly Key[]>> = {
  verdict: [byVerdict, byPower, byRate, byTraffic],
  power: [byPower, byVerdict],
  hashrate: [byRate, byVerdict],
  traffic: [byTraffic, byVerdict],
  ip: [],
  'first-seen': [({ firstSeen }) => Date.parse(firstSeen)],
  'last-seen': [({ lastSeen }) => -Date.parse(lastSeen)],
};

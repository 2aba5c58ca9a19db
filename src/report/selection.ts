/**
 * In which order a report for people shows hosts, and how many: by default strongest verdict first, then power, then rate,
 * then address. Totals always stand for all hosts of the audit, and JSON always has them all.
 */
import { type Audit, type AuditHost, VERDICTS } from '../audit/audit.ts';
import { addressRanks } from './address-order.ts';

export interface Selection {
  readonly sort: SortKey;
  /** Hosts shown at most; null: all. */
  readonly top: number | null;
  /** Columns of the host list by id; null: the usual ones. */
  readonly columns: readonly string[] | null;
}

export const ALL_HOSTS: Selection = { sort: 'verdict', top: null, columns: null };

/** The hosts shown, in order. */
export function selectedHosts(audit: Audit, selection: Selection = ALL_HOSTS): AuditHost[] {
  const { sort, top } = selection;
  const ranks = addressRanks(audit.hosts.map(({ ip }) => ip));
  const rank = ({ ip }: AuditHost): number => ranks.get(ip) ?? 0;
  const shown = [...audit.hosts];
  const keys: readonly Key[] = KEYS[sort];
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

const KEYS = {
  verdict: [byVerdict, byPower, byRate, byTraffic],
  power: [byPower, byVerdict],
  hashrate: [byRate, byVerdict],
  traffic: [byTraffic, byVerdict],
  ip: [],
  'first-seen': [({ firstSeen }) => Date.parse(firstSeen)],
  'last-seen': [({ lastSeen }) => -Date.parse(lastSeen)],
} satisfies Record<string, readonly Key[]>;

type SortKey = keyof typeof KEYS;
export const SORT_KEYS = Object.keys(KEYS) as SortKey[];

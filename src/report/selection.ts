/**
 * Which hosts a report for people shows, and in which order: by default strongest verdict first, then power, then rate,
 * then address. Totals always stand for all hosts, and JSON always has them all.
 */
import { BlockList, SocketAddress } from 'node:net';
import { type Audit, type AuditHost, VERDICTS, type Verdict } from '../audit/audit.ts';
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
  /** Networks, as CIDR or address; none: any. */
  readonly hosts: readonly string[];
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
  hosts: [],
  pool: null,
  verdict: null,
  columns: null,
};

/** The hosts shown, in order. */
export function selectedHosts(audit: Audit, selection: Selection = ALL_HOSTS): AuditHost[] {
  const { sort, top, verdict, pool } = selection;
  const networks = blockList(selection.hosts);
  const wanted = pool?.toLowerCase() ?? '';
  const ranks = addressRanks(audit.hosts.map(({ ip }) => ip));
  const rank = ({ ip }: AuditHost): number => ranks.get(ip) ?? 0;
  const shown = audit.hosts.filter(
    (host) =>
      (verdict === null || VERDICTS.indexOf(host.verdict) <= VERDICTS.indexOf(verdict)) &&
      (networks === null || isWithin(networks, host.ip)) &&
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

function blockList(networks: readonly string[]): BlockList | null {
  if (networks.length === 0) return null;
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', length] = network.split('/');
    const family = address.includes(':') ? 'ipv6' : 'ipv4';
    list.addSubnet(address, length === undefined ? (family === 'ipv6' ? 128 : 32) : Number(length), family);
  }
  return list;
}

function isWithin(list: BlockList, ip: string): boolean {
  try {
    return list.check(new SocketAddress({ address: ip, family: ip.includes(':') ? 'ipv6' : 'ipv4' }));
  } catch {
    // An audit that was read back may hold what is not an address.
    return false;
  }
}

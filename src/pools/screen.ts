/**
 * Names that must not come in from a list: whole registries, the shared domains of hosting and dynamic DNS services,
 * the sites, seeds and wallets of coins. Each of these is in some public list, and each would accuse people who never
 * mined.
 */
import { wordList } from '../schema/words.ts';
import type { LineReason } from '../statements/index.ts';

const REGISTRY_LABELS = wordList('registry-label');
const SHARED_APEXES = wordList('shared-domain');
const NEVER_POOLS = wordList('never-pool');

/** Labels of nodes, seeds, wallets and explorers, below whatever domain. */
const PROJECT_LABEL =
  /^(?:[a-z0-9]+-)?(?:(?:dns-?)?seed(?:s|er|ers|node|nodes)?|(?:full|boot|light|rpc)?nodes?|rpc|wallets?|explorers?|electrumx?|faucets?)\d*(?:-[a-z0-9]+)?$/;

/** Ports of coins' own networks: a node listens there, not a pool. */
const NODE_PORTS = new Set([8333, 18080, 18081, 18089, 30303, 9333, 16111]);

/**
 * The domain of a name that one owner holds: its last two labels, three below a country's registry or a domain that
 * many share. A table of its own and not the public suffix list: 3 MB and 50 ms for a list that lacks free dynamic DNS.
 */
export function ownedDomain(name: string): string {
  const labels = name.split('.');
  const [second = '', last = ''] = labels.slice(-2);
  const isShared = last.length === 2 && REGISTRY_LABELS.has(second);
  return labels.slice(isShared || SHARED_APEXES.has(`${second}.${last}`) ? -3 : -2).join('.');
}

/**
 * Why a name may not enter, in words; null if it may. `name` is normalised and without a leading '*.'.
 * @param isPool The catalogue knows the name: coin projects and exchanges have pools as well.
 */
export function refuseName(name: string, isPool = false): LineReason | null {
  const labels = name.split('.');
  const last = labels[labels.length - 1] ?? '';
  if (labels.length < 2) return 'line-single-label';
  if (!/[a-z]/.test(last)) return 'line-no-host-name';
  if (labels.length === 2 && last.length === 2 && REGISTRY_LABELS.has(labels[0] ?? ''))
    return 'line-public-suffix';
  if (SHARED_APEXES.has(name)) return 'line-shared-domain';
  const above = labels.slice(0, -ownedDomain(name).split('.').length);
  if (!isPool && above.some((label) => PROJECT_LABEL.test(label))) return 'line-coin-node';
  const isSite = NEVER_POOLS.has(name) || NEVER_POOLS.has(name.replace(/^www\./, ''));
  if (isSite || (!isPool && NEVER_POOLS.has(ownedDomain(name)))) return 'line-known-site';
  if (looksRunTogether(labels)) return 'line-run-together';
  return null;
}

/** 'pangolinminer.comgandalph3000.com': a '.com' name with another one behind it, the line end lost. */
function looksRunTogether(labels: readonly string[]): boolean {
  return labels.slice(1, -1).some((label) => /^com(?![mp])[a-z0-9]{8,}$/.test(label));
}

export function isNodePort(port: number): boolean {
  return NODE_PORTS.has(port);
}

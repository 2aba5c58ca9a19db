/**
 * Where facts of the catalogue come from, and what each licence lets us take. From collections without a
 * known licence, only the bare fact is taken that a domain serves a pool: no rows, no ports. Single
 * facts, each from a page or source file of its own, are not part of anybody's collection.
 */
interface PoolSource {
  readonly title: string;
  readonly licence: string;
  /** `facts`: host names and ports were taken. `domain`: only that a domain serves a pool. */
  readonly taken: 'facts' | 'domain';
}

export const POOL_SOURCES: Readonly<Record<string, PoolSource>> = {
  hive: { title: 'minershive/hive-pooltemplates', licence: 'none stated', taken: 'domain' },
  maltrail: { title: 'stamparm/maltrail, crypto_mining trail', licence: 'MIT', taken: 'facts' },
  sigma: { title: 'SigmaHQ/sigma, DNS and connection rules', licence: 'DRL 1.1', taken: 'facts' },
  panther: { title: 'panther-labs/panther-analysis', licence: 'Apache-2.0', taken: 'facts' },
  falco: { title: 'falcosecurity/rules, miner lists', licence: 'Apache-2.0', taken: 'facts' },
  nocoin: { title: 'hoshsadiq/adblock-nocoin-list', licence: 'MIT', taken: 'facts' },
  'ndpi-example': { title: 'ntop/nDPI example host list', licence: 'MIT upstream', taken: 'facts' },
  rainbowminer: { title: 'RainbowMiner pool scripts', licence: 'GPL-3.0, facts only', taken: 'facts' },
  'xmrig-source': { title: 'XMRig defaults', licence: 'GPL-3.0, facts only', taken: 'facts' },
  'xmrig-config': { title: 'XMRig example configuration', licence: 'GPL-3.0, facts only', taken: 'facts' },
  'xmr-stak-source': { title: 'xmr-stak defaults', licence: 'GPL-3.0, facts only', taken: 'facts' },
  'xmr-stak-docs': { title: 'xmr-stak documentation', licence: 'GPL-3.0, facts only', taken: 'facts' },
  'ethminer-docs': { title: 'ethminer pool examples', licence: 'GPL-3.0, facts only', taken: 'facts' },
  bitcointalk: { title: 'announcement in the Bitcointalk forum', licence: 'single facts', taken: 'facts' },
  'domain-knowledge': { title: 'general knowledge of pools', licence: 'none needed', taken: 'facts' },
  capture: { title: 'seen in a public capture', licence: 'single facts', taken: 'facts' },
  'code-search': { title: 'single public source files', licence: 'single facts', taken: 'facts' },
  'stratum-watcher': { title: 'a watcher of Bitcoin pools', licence: 'not seen', taken: 'domain' },
  'minerProxy-README': { title: 'Char1es0rz/minerProxy', licence: 'not seen', taken: 'domain' },
  'nbminer-docs': { title: 'NBMiner documentation', licence: 'not checked', taken: 'domain' },
  'gminer-docs': { title: 'GMiner documentation', licence: 'not checked', taken: 'domain' },
  't-rex': { title: 'T-Rex documentation', licence: 'not checked', taken: 'domain' },
  teamredminer: { title: 'TeamRedMiner documentation', licence: 'not checked', taken: 'domain' },
  user: { title: "an operator's own file", licence: "the operator's", taken: 'facts' },
};

/** Whose machine it is, by which rule, and why mining looks hijacked or deliberate (owners/). */
import { grouped } from '../figures.ts';
import type { Statement } from '../statement.ts';

/** A number; `most`: of several reasons the highest, `count` being the lowest. */
export type Counted = { count: number; most?: number };
export const number = ({ count, most = count }: Counted): string =>
  most === count ? grouped(count) : `${grouped(count)}–${grouped(most)}`;

type Use = { use: 'hijacked' | 'deliberate' };
export const SPACES = {
  'this-network': 'this network',
  private: 'private address space',
  shared: 'carrier-grade NAT (shared) space',
  loopback: 'loopback',
  'link-local': 'link-local',
  protocol: 'protocol assignments',
  documentation: 'documentation',
  benchmark: 'benchmarks',
  multicast: 'multicast',
  reserved: 'reserved',
  discard: 'discard',
} as const;
export type Space = keyof typeof SPACES;

export const OWNERS = {
  'owner-table-line': (p: { line: number; prefix: string; by: Statement | null }) =>
    `line ${p.line} of the owners table, ${p.prefix}${p.by === null ? '' : `: ${p.by.text}`}`,
  'owner-database-type': (p: { word: string }) => `database says "${p.word}"`,
  'owner-research-network': (p: { network: string }) =>
    `behind the research and education network ${p.network}: most of its users are universities`,
  'owner-asn': (p: { asn: number; name: string }) => `AS${p.asn} is ${p.name}`,
  'owner-name-word': (p: { word: string; name: string }) => `"${p.word}" in the name "${p.name}"`,
  'owner-netname-word': (p: { word: string; netname: string }) =>
    `"${p.word}" in the network name "${p.netname}"`,
  'owner-domain': (p: { of: 'host' | 'holder'; name: string; word: string; atEnd: boolean }) =>
    `${p.of === 'host' ? 'host name' : 'holder domain'} ${p.name} ${p.atEnd ? 'ends in' : 'contains'} "${p.word}"`,
  'owner-reserved': (p: { space: Space; rfc: number }) => `${SPACES[p.space]} (RFC ${p.rfc})`,
  'owner-at-other-time': (p: { rule: Statement }) => `at another time: ${p.rule.text}`,
  /** An address that changed hands: who had it most of the time, then the others. */
  'owner-changed': (p: { first: Statement | null; others: readonly Statement[] }) =>
    [p.first?.text ?? 'nobody', ...p.others.map(({ text }) => text)].join('; '),
  'owner-by-rule': (p: { rule: Statement; class: string; name: string | null }) =>
    `${p.rule.text} (${p.class}${p.name === null ? '' : `, ${p.name}`})`,

  sign: (p: Use & { sign: Statement }) => `${p.sign.text}: consistent with ${p.use} use`,
  'signs-of-one-kind': (p: Use) => `only one kind of sign for ${p.use} use: not enough for a verdict`,
  'signs-undecided': 'the signs are not enough for a verdict',
  'sign-asic-algorithm': (p: { algorithm: string }) => `${p.algorithm}, usually mined by ASICs`,
  'sign-gpu-algorithm': (p: { algorithm: string }) => `${p.algorithm} on graphics cards`,
  'sign-cpu-algorithm': (p: { algorithm: string }) => `${p.algorithm} on processors of an organisation`,
  'sign-malware-list': (p: { list: string }) => `account, proxy or agent is on a malware list (${p.list})`,
  'sign-firmware': 'agent is the firmware of a mining machine',
  'sign-asic-program': 'agent is a program that drives ASICs',
  'sign-rig-system': 'agent is a mining rig manager or a marketplace',
  'sign-altered-agent': 'agent is missing, altered or long outdated',
  'sign-stock-xmrig': 'agent is an unmodified XMRig, which malware uses too',
  'sign-hidden-path': (p: { tunnel: string }) => `the pool is reached through a hidden path (${p.tunnel})`,
  'sign-clear-port': (p: { port: number }) => `unencrypted mining on port ${p.port}`,
  'sign-public-tls': 'a public pool with TLS',
  'sign-many-owners': (p: Counted) => `the same account mines at ${number(p)} unrelated organisations`,
  'sign-many-addresses': (p: Counted) => `the same account mines at ${number(p)} addresses`,
  'sign-machine-workers': 'workers are named after hosts, addresses or random characters',
  'sign-rig-workers': 'workers are named like rigs',
  'sign-around-clock': 'a machine of an organisation mines day and night',
  'sign-own-proxy': (p: Counted) => `an own proxy collects ${number(p)} workers`,
  'sign-many-rigs': (p: Counted) => `${number(p)} rigs or ASICs behind one address`,
};

/**
 * Whether mining looks hijacked or deliberate: log-odds of observed signs, docs/reference/owners.md section 7. Of each
 * family the weightiest sign counts; the verdict needs 1.5 and two families that point the same way, because a false name
 * harms people. Nothing follows from the class of the owner alone, and the words say "consistent with", never "is".
 */

import { setupOfAgent } from '../evidence/agent.ts';
import { totalOf } from '../order.ts';
import { type Statement, statement } from '../statements/index.ts';
import { OWNER_CLASSES, type OwnerClass } from './answer.ts';
import { workerKind } from './worker-kind.ts';

export type Intent = 'hijacked' | 'deliberate' | 'undetermined';
export type MachineClass = 'cpu' | 'gpu' | 'asic' | 'board';

type SignFamily = 'algorithm' | 'agent' | 'pool path' | 'login' | 'timing' | 'scale';

/** What was observed of one host. What nobody looked at is left out: absence is not a sign. */
export interface IntentSignals {
  readonly ownerClass: OwnerClass;
  readonly algorithms: readonly string[];
  /** By agent, algorithm and rate; null if not known. */
  readonly machine: MachineClass | null;
  /** Agents as sent; '' for a session whose miner gave none though its dialect has a place for it. */
  readonly agents: readonly string[];
  readonly workers: readonly string[];
  readonly endpoints: readonly PoolPath[];
  /** Unrelated organisations, this one included, in which the same account mines. 0 or 1: nothing shared. */
  readonly ownersOfAccount?: number;
  /** Addresses of this owner with the same account. */
  readonly addressesOfAccount?: number;
  /** True if many people share the account by design: marketplace, payout service, the pool's own. */
  readonly isSharedAccount?: boolean;
  /** Name of a public list of malware accounts, proxies or agents that has one of this host's. */
  readonly malwareList?: string;
  /** True if the host mined around the clock over at least a day. */
  readonly isAroundTheClock?: boolean;
  /** Workers behind this one address. */
  readonly workersBehind?: number;
  /** True if the host relays work of other hosts of the same owner to a pool. */
  readonly isOwnProxy?: boolean;
}

interface PoolPath {
  readonly port: number;
  readonly isTls: boolean;
  /** True if the catalogue knows the pool. */
  readonly isListedPool: boolean;
  /** The hidden path to it, if one was seen. */
  readonly tunnel?: 'socks';
}

interface IntentReason {
  readonly family: SignFamily;
  /** Positive speaks for hijacked, negative for deliberate. */
  readonly weight: number;
  readonly statement: Statement;
}

interface IntentEstimate {
  readonly intent: Intent;
  /** Sum of the weights that counted. */
  readonly logOdds: number;
  /** The signs that counted, weightiest first. */
  readonly reasons: readonly IntentReason[];
}

const DECIDES = 1.5;
const FAMILIES_NEEDED = 2;

/** Organisations whose machines serve others; a home or an operator's line is none. */
const SERVER_OWNERS: ReadonlySet<OwnerClass> = new Set(
  OWNER_CLASSES.filter((owner) => !['isp', 'mobile', 'cdn', 'unknown'].includes(owner)),
);
const CPU_ALGORITHM = /^(?:rx\/|cn|argon2\/|ghostrider|panthera|yespower|randomx)/;
/** A rate that is too slow for an ASIC of these says no more than that: no card is made for them. */
const NEVER_ON_CARDS = /^(?:sha256d?|scrypt)$/;
const ASIC_ALGORITHM =
  /^(?:sha256d?|scrypt|x11|equihash|eaglesong|kheavyhash|hns|blake2b|blake2s-kadena|blake256|lbry)$/;

/** Weighs what was observed. */
export function intentOf(signals: IntentSignals): IntentEstimate {
  const weightiest = new Map<SignFamily, IntentReason>();
  for (const reason of signs(signals)) {
    const known = weightiest.get(reason.family);
    if (known === undefined || Math.abs(reason.weight) > Math.abs(known.weight)) {
      weightiest.set(reason.family, reason);
    }
  }
  const reasons = [...weightiest.values()].sort(
    (a, b) => Math.abs(b.weight) - Math.abs(a.weight) || (a.family < b.family ? -1 : 1),
  );
  const logOdds = Math.round(totalOf(reasons, ({ weight }) => weight) * 100) / 100;
  const families = (sign: 1 | -1): number => reasons.filter(({ weight }) => weight * sign > 0).length;
  const intent =
    logOdds >= DECIDES && families(1) >= FAMILIES_NEEDED
      ? 'hijacked'
      : logOdds <= -DECIDES && families(-1) >= FAMILIES_NEEDED
        ? 'deliberate'
        : 'undetermined';
  return { intent, logOdds, reasons };
}

/** The reasons as the audit has them: what speaks for what, and what the verdict lacks. */
export function intentStatements({ intent, logOdds, reasons }: IntentEstimate): Statement[] {
  const use = (weight: number): 'hijacked' | 'deliberate' => (weight > 0 ? 'hijacked' : 'deliberate');
  const signs = reasons.map((reason) =>
    statement('sign', { sign: reason.statement, use: use(reason.weight) }),
  );
  if (intent !== 'undetermined' || reasons.length === 0) return signs;
  // Strong and undecided: the weight is that of one family, whatever stands against it.
  const isStrong = Math.abs(logOdds) >= DECIDES;
  const of = { use: use(logOdds) };
  return [...signs, isStrong ? statement('signs-of-one-kind', of) : statement('signs-undecided')];
}

function* signs(signals: IntentSignals): Iterable<IntentReason> {
  yield* algorithmSigns(signals);
  yield* agentSigns(signals);
  for (const endpoint of signals.endpoints) yield* pathSigns(endpoint);
  yield* loginSigns(signals);
  if (signals.isAroundTheClock === true && SERVER_OWNERS.has(signals.ownerClass))
    yield sign('timing', 0.7, statement('sign-around-clock'));
  yield* scaleSigns(signals);
}

function sign(family: SignFamily, weight: number, said: Statement): IntentReason {
  return { family, weight, statement: said };
}

function* algorithmSigns({ algorithms, machine, ownerClass }: IntentSignals): Iterable<IntentReason> {
  for (const algorithm of algorithms) {
    if (machine === 'asic' || (machine === null && ASIC_ALGORITHM.test(algorithm)))
      yield sign(
        'algorithm',
        machine === 'asic' ? -3 : -1.5,
        statement('sign-asic-algorithm', { algorithm }),
      );
    else if (machine === 'gpu') {
      // Cards of a laboratory are there for its work.
      if (!NEVER_ON_CARDS.test(algorithm) && ownerClass !== 'research')
        yield sign('algorithm', -0.8, statement('sign-gpu-algorithm', { algorithm }));
    } else if (CPU_ALGORITHM.test(algorithm) && SERVER_OWNERS.has(ownerClass))
      yield sign('algorithm', 1, statement('sign-cpu-algorithm', { algorithm }));
  }
}

function* agentSigns({ agents, algorithms, machine, malwareList }: IntentSignals): Iterable<IntentReason> {
  const isCpu = algorithms.some((algorithm) => CPU_ALGORITHM.test(algorithm));
  const isAsic = machine === 'asic' || algorithms.some((algorithm) => ASIC_ALGORITHM.test(algorithm));
  if (malwareList !== undefined)
    yield sign('login', 3, statement('sign-malware-list', { list: malwareList }));
  for (const kind of agents.map(setupOfAgent)) {
    if (kind === 'firmware' && isAsic) yield sign('agent', -2.5, statement('sign-firmware'));
    else if (kind === 'asic-program' && machine === 'asic')
      yield sign('agent', -2.5, statement('sign-asic-program'));
    else if (kind === 'rig-system') yield sign('agent', -1.5, statement('sign-rig-system'));
    else if (kind === 'altered-or-old' && isCpu) yield sign('agent', 0.8, statement('sign-altered-agent'));
    else if (kind === 'stock-xmrig') yield sign('agent', 0.3, statement('sign-stock-xmrig'));
  }
}

/** Ports that firewalls let out for something else. */
const BORROWED_PORTS: ReadonlySet<number> = new Set([53, 80, 443, 8080]);

function* pathSigns({ port, isTls, isListedPool, tunnel }: PoolPath): Iterable<IntentReason> {
  if (tunnel !== undefined) yield sign('pool path', 1.5, statement('sign-hidden-path', { tunnel }));
  else if (BORROWED_PORTS.has(port) && !isTls)
    yield sign('pool path', 1.2, statement('sign-clear-port', { port }));
  else if (isListedPool && isTls) yield sign('pool path', -0.3, statement('sign-public-tls'));
}

function* loginSigns(signals: IntentSignals): Iterable<IntentReason> {
  const { ownersOfAccount = 0, addressesOfAccount = 0, isSharedAccount = false, workers } = signals;
  if (ownersOfAccount >= 2 && !isSharedAccount)
    yield sign('login', 2.5, statement('sign-many-owners', { count: ownersOfAccount }));
  else if (addressesOfAccount >= 5 && !isSharedAccount && SERVER_OWNERS.has(signals.ownerClass))
    // One student's farm and one worm look alike from here: hardly a sign by itself.
    yield sign('login', 0.3, statement('sign-many-addresses', { count: addressesOfAccount }));
  const kinds = workers.map(workerKind);
  if (kinds.includes('random') || kinds.includes('address') || kinds.includes('host-name'))
    yield sign('login', 0.7, statement('sign-machine-workers'));
  if (kinds.includes('rig')) yield sign('login', -0.8, statement('sign-rig-workers'));
}

function* scaleSigns({ workersBehind = 0, machine, isOwnProxy }: IntentSignals): Iterable<IntentReason> {
  if (workersBehind < 4) return;
  if (isOwnProxy === true) yield sign('scale', -1.5, statement('sign-own-proxy', { count: workersBehind }));
  else if (machine === 'gpu' || machine === 'asic')
    yield sign('scale', -1.5, statement('sign-many-rigs', { count: workersBehind }));
}

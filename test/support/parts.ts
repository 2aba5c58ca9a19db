/**
 * Parts of a capture, as rotated files, asymmetric routes and lossy taps leave them, and what a part claims that the whole
 * does not bear out (contract, Conclusions: monotone).
 */
import { type Audit, type AuditSession, VERDICTS } from '../../src/audit/audit.ts';
import type { CapturedPacket } from './capture-reader.ts';
import { layersOf } from './layers.ts';

type Packets = readonly CapturedPacket[];

interface Part {
  readonly name: string;
  readonly isOneWay?: true;
  readonly packets: Packets;
}

/** Seconds, and parts of the whole time, from which on a part is seen. */
const FROM_SECONDS = [20, 60];
const FROM_SHARES = [0.1, 0.35, 0.6, 0.85];
/** And parts of it from which and until which. */
const BETWEEN = [
  [0, 0.15],
  [0, 0.5],
  [0, 0.9],
  [0.3, 0.7],
];
/** Of how many segments one is missing. */
const EVERY = [2, 3, 4, 5, 7, 11];

/** Every part of the capture that still has packets and is not all of it. */
export function partsOf(packets: Packets): readonly Part[] {
  const times = packets.map(({ timeUs }) => timeUs);
  const startUs = times.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const lastUs = times.reduce((a, b) => Math.max(a, b), 0);
  const from = [...FROM_SECONDS.map((s) => s * 1e6), ...FROM_SHARES.map((s) => s * (lastUs - startUs))];
  const parts: Part[] = [
    ...from.map((us) => ({
      name: `from ${(us / 1e6).toFixed(1)} s on`,
      packets: packets.filter(({ timeUs }) => timeUs >= startUs + us),
    })),
    ...BETWEEN.map(([first, last]) => ({
      name: `from ${first * 100} % to ${last * 100} %`,
      packets: packets.filter(({ timeUs }) => {
        const at = (timeUs - startUs) / Math.max(1, lastUs - startUs);
        return at >= first && at <= last;
      }),
    })),
    {
      name: 'from server to client alone',
      packets: packets.filter((packet) => toServer(packet) !== true),
      isOneWay: true,
    },
    {
      name: 'from client to server alone',
      packets: packets.filter((packet) => toServer(packet) !== false),
      isOneWay: true,
    },
    ...EVERY.map((every) => ({ name: `every ${every}. segment missing`, packets: lossy(packets, every) })),
  ];
  return parts.filter((part) => part.packets.length > 0 && part.packets.length < packets.length);
}

/** True from the higher port of TCP to the lower; null for what has no ports. */
function toServer(packet: CapturedPacket): boolean | null {
  const layers = layersOf(packet);
  if (layers === null || layers.tcp === null) return null;
  return layers.view.getUint16(layers.tcp) > layers.view.getUint16(layers.tcp + 2);
}

function lossy(packets: Packets, every: number): Packets {
  let segment = 0;
  return packets.filter((packet) => {
    const layers = layersOf(packet);
    const isSegment = layers !== null && layers.tcp !== null && layers.end > layers.payload;
    return !isSegment || ++segment % every !== 0;
  });
}

/** Jobs without a share that are many: who sees fewer of them cannot know that none will come. */
const MANY_JOBS = 8;

/** What the audit of a part claims that the audit of the whole does not. */
export function takenBack(whole: Audit, part: Audit, isOneWay: boolean): string[] {
  const claims: string[] = [];
  for (const host of part.hosts) {
    if (isOneWay && host.verdict === 'confirmed')
      claims.push(`${host.ip} is confirmed by one direction alone`);
    const known = whole.hosts.find(({ ip }) => ip === host.ip);
    const own = whole.sessions.filter(({ miner }) => miner.ip === host.ip);
    const strength = (verdict: (typeof VERDICTS)[number] | undefined): number =>
      verdict === undefined ? VERDICTS.length : VERDICTS.indexOf(verdict);
    if (strength(host.verdict) < strength(known?.verdict) && !own.some(mayWeaken))
      claims.push(`${host.ip} is ${host.verdict}, not ${known?.verdict}`);
  }
  for (const session of part.sessions) {
    const own = whole.sessions.filter(
      ({ miner, pool, via }) =>
        miner.ip === session.miner.ip && [pool, ...via].some(({ ip }) => ip === session.pool.ip),
    );
    const says = (
      what: string,
      claimed: readonly (string | null)[],
      known: readonly (string | null)[],
    ): void => {
      for (const each of claimed)
        if (each !== null && !known.includes(each)) claims.push(`${what} ${each}, not ${known.join()}`);
    };
    says(
      'algorithm',
      [session.algorithm],
      own.flatMap(({ algorithm }) => [algorithm, ...familiesOf(algorithm)]),
    );
    says(
      'coin',
      [session.coin],
      own.map(({ coin }) => coin),
    );
    says('account', accountsOf(session), own.flatMap(accountsOf));
  }
  return claims;
}

function accountsOf({ logins }: AuditSession): string[] {
  return logins.map(({ account }) => account);
}

/** A refusal, a denial, an end that turned out to be none of a pool, or many jobs that nobody worked on. */
function mayWeaken({ shares, facts, verdict }: AuditSession): boolean {
  if (facts === undefined) return false;
  const isIdle = shares.submitted === 0 && facts.jobs.count >= MANY_JOBS;
  return isIdle || facts.claims.admitted === false || facts.messages.denials > 0 || verdict === 'attempted';
}

/** Algorithms that a part may name by their family alone. */
const FAMILIES: readonly (readonly [family: string, algorithms: RegExp])[] = [
  ['cryptonight', /^cn\//],
  ['randomx', /^rx\//],
  ['equihash', /^(?:equihash|verushash)/],
  ['progpow', /^(?:kawpow|firopow|meowpow|evrprogpow|progpow)/],
  ['cuckoo-family', /^cuck/],
  ['ethash-family', /^(?:ethash|etchash|ubqhash|progpow|quai)/],
  ['xelishash', /^xelishash/],
  ['kaspa-family', /^(?:kheavyhash|karlsenhash|pyrinhash|nxlhash|hoohash|astrixhash|walahash|spectrex)/],
];

function familiesOf(algorithm: string | null): string[] {
  return FAMILIES.filter(([, algorithms]) => algorithms.test(algorithm ?? '')).map(([family]) => family);
}

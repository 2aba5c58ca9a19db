/** The roles of a host, from its sessions: rules of docs/reference/protocols.md 1.28 and docs/guide/reading-an-audit.md. */
import { identifyAgent } from '../evidence/agent.ts';
import { isAtLeast, type Verdict } from '../evidence/verdict.ts';
import { observationOf } from '../sessions/observations.ts';
import type { HostLedger } from './ledger.ts';

type HostRole = 'miner' | 'proxy' | 'browser-miner' | 'solo' | 'pool' | 'scanner' | 'monitor' | 'honeypot';

const SOLO_DIALECTS: ReadonlySet<string> = new Set([
  ...['monero-daemon', 'getblocktemplate', 'alephium-node', 'node-grpc'],
]);

/** Reasons for a verdict that are those of one who looks on. */
const LOOKS_ON: ReadonlySet<string> = new Set(['watcher', 'pool-check']);

/** Dialects that web pages speak, if they come over WebSocket. */
const BROWSER_DIALECTS: ReadonlySet<string> = new Set(['websocket-miner', 'cryptonote']);

export interface Status {
  readonly verdict: Verdict;
  /** Other hosts of the input mine at this one. */
  readonly serves: boolean;
  /** Others connect to their pool through it. */
  readonly isProxy: boolean;
  /** It asked many pools and worked for none (scanners.ts). */
  readonly scans: boolean;
}

/** Roles on the miner's side; those of servers are given where servers get their rows. */
export function rolesOf(ledger: HostLedger, { verdict, serves, isProxy, scans }: Status): HostRole[] {
  const roles = new Set<HostRole>();
  const working = ledger.sessions.filter(({ verdict: own }) => !LOOKS_ON.has(own.reason.code));
  if (verdict === 'confirmed' || verdict === 'probable' || verdict === 'suspected') {
    for (const { session, match, verdict: own } of working) {
      if (own.verdict === 'attempted') continue;
      if (SOLO_DIALECTS.has(session.dialect)) roles.add('solo');
      const isInPage = session.transport === 'websocket' && BROWSER_DIALECTS.has(session.dialect);
      if (isInPage || match.kind === 'browser-miner') roles.add('browser-miner');
      const passesOn = observationOf(session.observed.observations, 'passthrough') !== undefined;
      if (serves || passesOn || isProxySoftware(session.claims.agent)) roles.add('proxy');
    }
    if (
      ledger.poolConnections.some(
        ({ match, verdict: own }) => match.kind === 'browser-miner' && own === 'probable',
      )
    ) {
      roles.add('browser-miner');
    }
    const isMining = [...working.map(({ verdict: own }) => own), ...ledger.poolConnections].some((own) =>
      isAtLeast(own.verdict, 'suspected'),
    );
    if (roles.size === 0 && isMining) roles.add('miner');
  }
  if (isProxy) roles.add('proxy');
  const asks = ledger.poolConnections.some(({ kind }) => kind === 'asked');
  if (asks || working.length < ledger.sessions.length) roles.add('monitor');
  if (scans) roles.add('scanner');
  return [...roles];
}

/** Names itself as a program that gathers miners: they may be where the capture did not look. */
function isProxySoftware(agent: string | null): boolean {
  return agent !== null && identifyAgent(agent)?.vendorClass === 'proxy';
}

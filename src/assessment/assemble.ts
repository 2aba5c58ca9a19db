/**
 * Findings to the audit: sessions, hosts, pools and totals as rows of the audit, in an order that depends on
 * nothing but what was found.
 */

import {
  AUDIT_SCHEMA,
  type Audit,
  type AuditInput,
  type AuditSession,
  type Coverage,
  type MergeBasis,
} from '../audit/audit.ts';
import { clustersOf } from '../audit/clusters.ts';
import { isoTime } from '../audit/time.ts';
import type { Contact } from '../endpoints/contact.ts';
import { duplicateNotes } from '../hosts/duplicates.ts';
import { openLedgers, servedAlgorithms } from '../hosts/ledger.ts';
import { judgeScanners } from '../hosts/scanners.ts';
import { limits } from '../limits.ts';
import { compareText } from '../order.ts';
import type { SettledSession } from '../sessions/settle.ts';
import { type Statement, statement } from '../statements/index.ts';
import { hostRow, localServers } from './host-rows.ts';
import { missedNotes } from './missed.ts';
import { poolRows } from './pool-rows.ts';
import { ratesOf } from './rates.ts';
import { contactRow, sessionRow } from './session-rows.ts';
import { totalsOf } from './totals.ts';

interface Findings {
  readonly tool: { readonly name: string; readonly version: string };
  readonly partial: boolean;
  /** Inputs that an interrupted run did not come to. */
  readonly unread?: number;
  /** Time of writing, ms since 1970; now if absent. */
  readonly generatedMs?: number | undefined;
  readonly notes: readonly Statement[];
  /** Absent if nothing was left out. */
  readonly allowed?: NonNullable<Audit['allowed']>;
  readonly inputs: AuditInput[];
  /** us since 1970; null if no packet counted. */
  readonly window: { readonly startUs: number; readonly endUs: number } | null;
  /** Packets and flow records that lie in it; absent if no times were asked for. */
  readonly counted?: { readonly packets: number; readonly flows: number };
  readonly coverage: Coverage;
  /** Taken: the list is empty afterwards, so that each session can go when its row is made. */
  readonly sessions: SettledSession[];
  readonly contacts: Iterable<Contact>;
  /** True if the address lies in the operator's own networks. */
  readonly isLocal: (ip: string) => boolean;
  readonly merge: MergeBasis;
}

/** Builds the audit. */
export function assembleAudit(findings: Findings): Audit {
  const seconds = findings.window === null ? 0 : (findings.window.endUs - findings.window.startUs) / 1e6;
  const contacts = [...findings.contacts];
  const { settled, hosts, pools, totals, notes } = judgedHosts(findings, contacts, seconds);
  const sessions = sessionRows(settled, contacts, seconds);
  let evidenceLeft = 0;
  for (const { evidence } of hosts) evidenceLeft += evidence.splice(limits.evidence).length;
  return {
    schema: AUDIT_SCHEMA,
    tool: findings.tool,
    generated: new Date(findings.generatedMs ?? Date.now()).toISOString(),
    partial: findings.partial,
    ...(findings.unread === undefined || findings.unread === 0 ? {} : { unread: findings.unread }),
    notes: [
      ...findings.notes,
      ...notes,
      ...(evidenceLeft === 0 ? [] : [statement('limit-evidence', { count: evidenceLeft })]),
    ],
    ...(findings.allowed === undefined ? {} : { allowed: findings.allowed }),
    sources: [],
    inputs: findings.inputs,
    window: {
      start: findings.window === null ? null : isoTime(findings.window.startUs),
      end: findings.window === null ? null : isoTime(findings.window.endUs),
      seconds,
      ...findings.counted,
    },
    coverage: { ...findings.coverage, complete: findings.coverage.complete && !findings.partial },
    totals,
    hosts,
    sessions,
    pools,
    clusters: clustersOf(sessions),
    merge: findings.merge,
  };
}

/** What is said of the sessions together, and the sessions as the other sessions of their hosts show them. */
function judgedHosts(findings: Findings, contacts: readonly Contact[], seconds: number) {
  const judged = judgeScanners(
    findings.sessions.splice(0),
    contacts,
    findings.isLocal,
    findings.window?.endUs ?? Number.NaN,
  );
  const settled = judged.sessions;
  const ledgers = openLedgers(settled, contacts);
  const inputPaths = findings.inputs.map((input) => input.path);
  const rates = ledgers.map(ratesOf);
  const served = servedAlgorithms(settled);
  const hosts = ledgers.map((ledger, i) =>
    hostRow(ledger, rates[i], inputPaths, seconds, {
      serves: served.has(ledger.ip),
      scanning: judged.scanners.get(ledger.ip) ?? null,
    }),
  );
  const servers = { isLocal: findings.isLocal, honeypots: judged.honeypots };
  hosts.push(...localServers(settled, servers, hosts, inputPaths, seconds));
  return {
    settled,
    hosts,
    pools: poolRows(settled, contacts, seconds),
    totals: totalsOf(hosts, ledgers, rates, served, seconds),
    notes: [...missedNotes(settled), ...duplicateNotes(settled)],
  };
}

/** The rows of sessions, which are let go one by one, and of connections in which nothing could be read. */
function sessionRows(
  settled: SettledSession[],
  contacts: readonly Contact[],
  seconds: number,
): AuditSession[] {
  const rows: AuditSession[] = [];
  settled.reverse();
  for (let next = settled.pop(); next !== undefined; next = settled.pop())
    rows.push(sessionRow(next, seconds));
  for (const contact of contacts) {
    if (contact.kind === 'connection') rows.push(contactRow(contact, seconds));
  }
  return rows.sort(
    (a, b) =>
      compareText(a.start, b.start) || compareText(a.miner.ip, b.miner.ip) || a.miner.port - b.miner.port,
  );
}

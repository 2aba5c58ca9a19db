/** One scan for a test, and its audit in the forms that tests compare. */

import type { Audit, AuditHost, AuditSession } from '../../src/audit/audit.ts';
import { compareText } from '../../src/order.ts';
import { type ScanOptions, scan } from '../../src/scan.ts';
import type { CapturedPacket } from './capture-reader.ts';
import { writeCapture } from './split.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Scans with nothing set but the inputs and what the test gives. */
export function scanInputs(inputs: readonly string[], options: Partial<ScanOptions> = {}): Promise<Audit> {
  return scan({
    inputs,
    local: [],
    poolFiles: [],
    allowFile: null,
    hash: false,
    sinceUs: null,
    untilUs: null,
    inputFormat: null,
    signal: new AbortController().signal,
    ...options,
  });
}

/** Scans packets as one capture. */
export function scanPackets(
  packets: readonly CapturedPacket[],
  options: Partial<ScanOptions> = {},
): Promise<Audit> {
  return scanInputs([writeCapture(temporaryFolder('scan'), 'packets', packets)], options);
}

/** What is left of an audit for the contract's word "equal": without `generated`, `inputs`, and where facts stood. */
export function comparable(audit: Audit): unknown {
  const { generated: _, inputs: __, merge: ____, ...rest } = audit;
  return {
    ...rest,
    // A merge tells the same things in another order.
    notes: rest.notes.toSorted((a, b) => compareText(a.text, b.text)),
    sessions: rest.sessions.map(({ facts: _______, ...row }) => row),
    hosts: rest.hosts.map((host) => ({
      ...host,
      evidence: host.evidence.map(({ input: ___, record: _____, ...fact }) => fact),
    })),
  };
}

/**
 * What must stay when only the packets change, not what is said: verdicts, sessions, shares, difficulties, rates. The hardware address
 * of who sends is of the packets: behind a tunnel there is none.
 */
export function essence(audit: Audit): unknown {
  return {
    totals: { hosts: audit.totals.hosts, machines: audit.totals.machines, hashrate: audit.totals.hashrate },
    hosts: audit.hosts.map(hostEssence),
    sessions: audit.sessions.map(sessionEssence),
  };
}

function hostEssence(host: AuditHost): unknown {
  const { traffic: _, evidence: __, owner: ___, through: ____, machines: _____, ...rest } = host;
  return rest;
}

/**
 * Left out are how well nonces fit, which rests on microseconds (their rates stand in `hashrate`), and what is there for a
 * merge alone: where facts stood, and which jobs a later part may still answer. And each connection by itself: its bytes are traffic, and
 * who calls by a connection each ends some of them at other times where packets swap places.
 */
function sessionEssence(session: AuditSession): unknown {
  const {
    traffic: _,
    counter: __,
    facts: ___,
    open: ____,
    connections: _____,
    more: ______,
    machine: _______,
    ...rest
  } = session;
  return rest;
}

/** How far two findings may lie apart where packets arrive at other times. */
export interface Tolerance {
  readonly timeMs: number;
  /** Of numbers, as a part of the expected one. */
  readonly relative: number;
}

/** Where two findings differ by more than the tolerance, each as `path: expected, found`. */
export function differences(expected: unknown, found: unknown, tolerance: Tolerance, path = ''): string[] {
  if (typeof expected === 'number' && typeof found === 'number') {
    const isNear = Math.abs(expected - found) <= Math.abs(expected) * tolerance.relative;
    return isNear ? [] : [`${path}: ${expected}, ${found}`];
  }
  if (typeof expected === 'string' && typeof found === 'string' && /^\d{4}-\d\d-\d\dT/.test(expected)) {
    const isNear = Math.abs(Date.parse(expected) - Date.parse(found)) <= tolerance.timeMs;
    return isNear ? [] : [`${path}: ${expected}, ${found}`];
  }
  if (!isCompound(expected) || !isCompound(found)) {
    return expected === found ? [] : [`${path}: ${JSON.stringify(expected)}, ${JSON.stringify(found)}`];
  }
  const keys = new Set([...Object.keys(expected), ...Object.keys(found)]);
  return [...keys].flatMap((key) => differences(expected[key], found[key], tolerance, `${path}/${key}`));
}

function isCompound(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/**
 * The facts a host's verdict rests on, as rows of the audit: first seen where, and how often. The same fact of many
 * sessions is one row. Details carry the wire's own words unescaped; reports escape them for where they go.
 */

import type { Evidence, HashrateRow } from '../audit/audit.ts';
import { type CounterRate, fallsShort, overlap } from '../audit/rate-rows.ts';
import { isoTime } from '../audit/time.ts';
import { poolLabel } from '../endpoints/pool-match.ts';
import { unitOf } from '../evidence/algorithm.ts';
import { describeDisagreement } from '../evidence/counter/words.ts';
import type { HostLedger } from '../hosts/ledger.ts';
import type { Finding } from '../hosts/scanners.ts';
import { compareText } from '../order.ts';
import type { SettledSession } from '../sessions/settle.ts';
import {
  isRejection,
  type Place,
  rejectionReason,
  type Sighting,
  sightingOf,
} from '../sessions/sightings.ts';
import { EVIDENCE_KINDS, sightedKind } from '../statements/en/evidence.ts';
import { statement, verbatim } from '../statements/index.ts';
import { contactRows } from './contact-evidence.ts';
import { clockOf, sessionCounterRate } from './counter-rates.ts';
import type { EvidenceRow } from './evidence-row.ts';
import { hashrateRows, type Sources } from './rates.ts';

const MAX_DETAIL = 300;

/** The row of one who only looks, or is only looked at. */
export function findingRow(kind: 'scan' | 'honeypot', { statement, place }: Finding): EvidenceRow {
  return { kind, statement, count: 1, ...place };
}

/** Evidence rows of a host, all of them, in the order of time. `inputPaths` by ordinal of the input. */
export function hostEvidence(
  ledger: HostLedger,
  inputPaths: readonly string[],
  rates: Sources,
  further: readonly EvidenceRow[] = [],
): Evidence[] {
  const rows = new Map<string, EvidenceRow>();
  const last: LastSighted = new Map();
  for (const settled of ledger.sessions) {
    addSighted(rows, settled, last);
    for (const row of sessionRows(settled)) add(rows, row);
  }
  for (const contact of ledger.contacts) for (const row of contactRows(contact)) add(rows, row);
  for (const row of counterRows(ledger, rates)) add(rows, row);
  for (const row of refusedRows(ledger, rates)) add(rows, row);
  for (const row of further) add(rows, row);
  return [...rows.values()]
    .sort(
      (a, b) =>
        a.timeUs - b.timeUs || compareText(a.kind, b.kind) || compareText(a.statement.text, b.statement.text),
    )
    .map((row) => ({
      kind: row.kind,
      strength: EVIDENCE_KINDS[row.kind].strength,
      code: row.statement.code,
      params: row.statement.params,
      text: row.statement.text,
      count: row.count,
      input: inputPaths[row.input] ?? '',
      record: row.record,
      time: isoTime(row.timeUs),
    }));
}

/** Adds the row, or counts it in the one that says the same; answers which. */
function add(rows: Map<string, EvidenceRow>, row: EvidenceRow): EvidenceRow {
  const key = `${row.kind} ${row.statement.text}`;
  const known = rows.get(key);
  if (known !== undefined) return count(known, row.count, row);
  rows.set(key, row);
  return row;
}

function count(row: EvidenceRow, more: number, { timeUs, record, input }: Place): EvidenceRow {
  row.count += more;
  if (timeUs < row.timeUs) Object.assign(row, { timeUs, record, input });
  return row;
}

/** By kind, what was sighted last, of which sessions, and the row that it is counted in. */
type LastSighted = Map<string, { about: string; detail: string; isMixed?: boolean; row: EvidenceRow }>;

/** Adds what was sighted of a session. Sessions of a host are alike: mostly the row is that of the session before. */
function addSighted(rows: Map<string, EvidenceRow>, settled: SettledSession, last: LastSighted): void {
  const { session, algorithm, algorithmSource: source } = settled;
  const where = whereOf(settled);
  const isSealed = session.transport === 'noise';
  const about = [isSealed, where.dialect, where.pool, algorithm, source].join();
  for (const sighting of session.heard.sightings) {
    const { kind, detail, isMixed, proof } = sighting;
    const before = last.get(kind);
    const isAlike = before?.about === about && before.detail === detail && before.isMixed === isMixed;
    if (isAlike && proof === undefined) {
      count(before.row, countOf(before.row, sighting), sighting);
      continue;
    }
    const made = isSealed ? sealedRow(kind, where) : sightedRow(sighting, where, { algorithm, source });
    if (made === null) continue;
    const { timeUs, record, input } = sighting;
    const row = add(rows, { ...made, count: countOf(made, sighting), timeUs, record, input });
    if (proof === undefined) last.set(kind, { about, detail, isMixed, row });
  }
}

function countOf({ kind }: Row, sighting: Sighting): number {
  return kind === 'algorithm' || kind === 'noise-handshake' ? 1 : sighting.count;
}

function whereOf({ session, match }: SettledSession): Where {
  return { dialect: session.dialect, pool: poolLabel(match, session.pool) };
}

function* sessionRows(settled: SettledSession): Iterable<EvidenceRow> {
  const { session, verdict, match } = settled;
  const where = whereOf(settled);
  const place = { count: session.connections.attempts, ...session.firstPlace };
  if (verdict.verdict === 'confirmed') {
    const found = statement('session', { ...where, reason: verdict.reason });
    yield { kind: 'session', statement: found, ...place };
  }
  const pool = match.pool ?? '';
  const { rule } = match;
  if (match.by === 'name') {
    const found = statement('pool-name', { name: match.name ?? '', pool, rule });
    yield { kind: 'pool-name', statement: found, ...place };
  } else if (match.by === 'address') {
    const endpoint = `${session.pool.ip}:${session.pool.port}`;
    yield {
      kind: 'pool-address',
      statement: statement('pool-address', { endpoint, pool, rule }),
      ...place,
    };
  }
}

type Row = Pick<EvidenceRow, 'kind' | 'statement'>;
type Where = { dialect: string; pool: string };

/** Sightings are named by fact; algorithm facts by their source, refused shares by the reason. */
function sightedRow(
  { kind: sighting, detail, isMixed = false, proof }: Sighting,
  where: Where,
  named: { algorithm: string | null; source: string | null },
): Row | null {
  const sighted = { ...where, said: detail === '' ? null : clipped(detail), varies: isMixed };
  if (sighting === 'algorithm-share-hash' && proof !== undefined) {
    return { kind: 'share-hash', statement: statement('share-hash', { ...where, ...proof }) };
  }
  if (sighting.startsWith('algorithm-')) {
    return { kind: 'algorithm', statement: statement('algorithm', { ...where, ...named }) };
  }
  if (isRejection(sighting)) {
    return {
      kind: 'rejection',
      statement: statement('rejection', { ...sighted, reason: rejectionReason(sighting) }),
    };
  }
  const kind = sightedKind(sighting);
  return kind === null ? null : { kind, statement: statement(kind, sighted) };
}

/**
 * One row per algorithm: the nonces of all sessions, in the words of the session that says most, and what shares say to
 * it.
 */
function* counterRows(ledger: HostLedger, rates: Sources): Iterable<EvidenceRow> {
  for (const rate of rates.counters) {
    const read = ledger.sessions.filter(
      (settled) => sessionCounterRate(settled)?.algorithm === rate.algorithm,
    );
    const best = read.reduce((most, one) => (sharesRead(one) > sharesRead(most) ? one : most), read[0]);
    const share = sightingOf(best.session.heard.sightings, 'share');
    const clock = clockOf(best.counter?.estimate ?? null);
    if (share === undefined || clock === null) continue;
    const place = { timeUs: share.timeUs, record: share.record, input: share.input };
    const { algorithm } = rate;
    const unit = unitOf(algorithm);
    const { estimate, low95, high95, shares: nonces } = rate;
    const counted = { algorithm, estimate, low95, high95, unit, nonces };
    const rows = hashrateRows(rates).filter((row) => row.algorithm === algorithm);
    const shares = rows.find((row) => row.basis === 'shares');
    const isHeadline = rows.some((row) => row.basis === 'counter' && row.headline);
    const [structure = verbatim('')] = clock.words;
    const relation = relationTo(shares, rate, isHeadline);
    yield {
      kind: 'counter',
      statement: statement('counter', { ...counted, shares: relation, structure }),
      count: 1,
      ...place,
    };
    if (shares === undefined || relation !== 'contradict') continue;
    const isAbove = rate.estimate > shares.estimate;
    yield {
      kind: 'counter-disagrees',
      statement: statement('counter-disagrees', {
        ...counted,
        sharesEstimate: shares.estimate,
        sharesLow95: shares.low95,
        sharesHigh95: shares.high95,
        cause: describeDisagreement(isAbove, fallsShort(shares, rate, rates.missed)),
      }),
      count: 1,
      ...place,
    };
  }
}

/** Rates that are not a headline, as the host's machines cannot have them. */
function* refusedRows({ sessions }: HostLedger, { refused }: Sources): Iterable<EvidenceRow> {
  for (const { algorithm, rate, highest, machine, machines } of refused.values()) {
    const own = sessions.find((settled) => settled.works.some((part) => part.algorithm === algorithm));
    const { timeUs, record, input } = (own ?? sessions[0]).session.firstPlace;
    const params = { algorithm, rate, highest, unit: unitOf(algorithm), machine, machines };
    yield {
      kind: 'implausible-rate',
      statement: statement('implausible-rate', params),
      count: 1,
      timeUs,
      record,
      input,
    };
  }
}

function sharesRead(settled: SettledSession): number {
  return sessionCounterRate(settled)?.shares ?? 0;
}

function relationTo(
  shares: HashrateRow | undefined,
  rate: CounterRate,
  isHeadline: boolean,
): 'none' | 'contradict' | 'agree-wider' | 'agree-narrower' {
  if (shares === undefined) return 'none';
  if (!overlap(rate, shares)) return 'contradict';
  return isHeadline ? 'agree-wider' : 'agree-narrower';
}

/** What is known by sizes alone is not a message that was read. */
function sealedRow(sighting: string, where: Where): Row | null {
  const silent = { ...where, said: null, varies: false };
  if (sighting === 'service')
    return { kind: 'noise-handshake', statement: statement('noise-handshake', silent) };
  return sighting === 'share' ? { kind: 'sealed-share', statement: statement('sealed-share', silent) } : null;
}

function clipped(text: string): string {
  return text.length > MAX_DETAIL ? `${text.slice(0, MAX_DETAIL)}…` : text;
}

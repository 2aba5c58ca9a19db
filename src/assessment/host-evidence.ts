/**
 * The facts a host's verdict rests on, as rows of the audit: first seen where, and how often. The same fact of many
 * sessions is one row. Details carry the wire's own words unescaped; reports escape them for where they go.
 */

import type { Evidence, HashrateRow } from '../audit/audit.ts';
import { type EvidenceKindId, observedKind, strengthOf } from '../audit/evidence-kinds.ts';
import { type CounterRate, fallsShort, overlap } from '../audit/rate-rows.ts';
import { isoTime } from '../audit/time.ts';
import { poolLabel } from '../endpoints/pool-match.ts';
import { unitOf } from '../evidence/algorithm.ts';
import { describeDisagreement } from '../evidence/counter/words.ts';
import { SOURCE_NAMES } from '../evidence/fact.ts';
import { clipped } from '../evidence/shared-text.ts';
import type { HostLedger } from '../hosts/ledger.ts';
import { compareText } from '../order.ts';
import type { PacketRef } from '../packet-ref.ts';
import type { Observation } from '../sessions/field-types.ts';
import type { FinalSession } from '../sessions/finalize.ts';
import { isRejection, observationOf, rejectionReason } from '../sessions/observations.ts';
import { type Statement, statement, verbatim } from '../statements/index.ts';
import { clockOf, sessionCounterRate } from './counter-rates.ts';
import { type EvidenceRow, poolConnectionRows, row } from './pool-connection-evidence.ts';
import { hashrateRows, type Sources } from './rates.ts';

const MAX_DETAIL = 300;

/** Evidence rows of a host, all of them, in the order of time. `inputPaths` by ordinal of the input. */
export function hostEvidence(
  ledger: HostLedger,
  inputPaths: readonly string[],
  rates: Sources,
  further: readonly EvidenceRow[] = [],
): Evidence[] {
  const rows = new Map<string, EvidenceRow>();
  const last: LastObserved = new Map();
  for (const finalized of ledger.sessions) {
    addObserved(rows, finalized, last);
    for (const row of sessionRows(finalized)) add(rows, row);
  }
  for (const found of [
    ...ledger.poolConnections.flatMap((poolConnection) => [...poolConnectionRows(poolConnection)]),
    ...counterRows(ledger, rates),
    ...refusedRows(ledger, rates),
    ...further,
  ])
    add(rows, found);
  return [...rows.values()]
    .sort(
      (a, b) =>
        a.timeUs - b.timeUs || compareText(a.kind, b.kind) || compareText(a.statement.text, b.statement.text),
    )
    .map(({ kind, statement: { code, params, text }, count, input, record, timeUs }) => ({
      kind,
      strength: strengthOf(kind),
      code,
      params,
      text,
      count,
      input: inputPaths[input] ?? '',
      record,
      time: isoTime(timeUs),
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

function count(row: EvidenceRow, more: number, { timeUs, record, input }: PacketRef): EvidenceRow {
  row.count += more;
  if (timeUs < row.timeUs) Object.assign(row, { timeUs, record, input });
  return row;
}

/** By kind, what was observed last, of which sessions, and the row that it is counted in. */
type LastObserved = Map<string, { about: string; detail: string; isMixed?: boolean; row: EvidenceRow }>;

/** Adds what was observed of a session. Sessions of a host are alike: mostly the row is that of the session before. */
function addObserved(rows: Map<string, EvidenceRow>, finalized: FinalSession, last: LastObserved): void {
  const { session, algorithm, algorithmSource } = finalized;
  const source = algorithmSource === null ? null : SOURCE_NAMES[algorithmSource];
  const where = whereOf(finalized);
  const isSealed = session.transport === 'noise';
  const about = [isSealed, where.dialect, where.pool, algorithm, source].join();
  for (const observation of session.observed.observations) {
    const { kind, detail, isMixed, proof } = observation;
    const before = last.get(kind);
    const isAlike = before?.about === about && before.detail === detail && before.isMixed === isMixed;
    if (isAlike && proof === undefined) {
      count(before.row, countOf(before.row, observation), observation);
      continue;
    }
    const made = isSealed ? sealedFact(kind, where) : observedFact(observation, where, { algorithm, source });
    if (made === null) continue;
    const at = add(rows, row(made.kind, made.statement, observation, countOf(made, observation)));
    if (proof === undefined) last.set(kind, { about, detail, isMixed, row: at });
  }
}

function countOf({ kind }: Fact, observation: Observation): number {
  return kind === 'algorithm' || kind === 'noise-handshake' ? 1 : observation.count;
}

function whereOf({ session, match }: FinalSession): Where {
  return { dialect: session.dialect, pool: poolLabel(match, session.pool) };
}

function* sessionRows(finalized: FinalSession): Iterable<EvidenceRow> {
  const { session, verdict, match } = finalized;
  const { firstPacketRef: packetRef, connections } = session;
  const found = (kind: EvidenceKindId, said: Statement): EvidenceRow =>
    row(kind, said, packetRef, connections.attempts);
  if (verdict.verdict === 'confirmed')
    yield found('session', statement('session', { ...whereOf(finalized), reason: verdict.reason }));
  const { by, rule, name } = match;
  const pool = match.pool ?? '';
  const endpoint = `${session.pool.ip}:${session.pool.port}`;
  if (by === 'name') yield found('pool-name', statement('pool-name', { name: name ?? '', pool, rule }));
  else if (by === 'address') yield found('pool-address', statement('pool-address', { endpoint, pool, rule }));
}

type Fact = Pick<EvidenceRow, 'kind' | 'statement'>;
type Where = { dialect: string; pool: string };

/** Observations are named by fact; algorithm facts by their source, refused shares by the reason. */
function observedFact(
  { kind: observation, detail, isMixed = false, proof }: Observation,
  where: Where,
  named: { algorithm: string | null; source: string | null },
): Fact | null {
  const observed = { ...where, said: detail === '' ? null : clipped(detail, MAX_DETAIL), varies: isMixed };
  if (observation === 'algorithm-share-hash' && proof !== undefined) {
    return { kind: 'share-hash', statement: statement('share-hash', { ...where, ...proof }) };
  }
  if (observation.startsWith('algorithm-')) {
    return { kind: 'algorithm', statement: statement('algorithm', { ...where, ...named }) };
  }
  if (isRejection(observation)) {
    const reason = rejectionReason(observation);
    return { kind: 'rejection', statement: statement('rejection', { ...observed, reason }) };
  }
  const kind = observedKind(observation);
  return kind === null ? null : { kind, statement: statement(kind, observed) };
}

/**
 * One row per algorithm: the nonces of all sessions, in the words of the session that says most, and what shares say to
 * it.
 */
function* counterRows(ledger: HostLedger, rates: Sources): Iterable<EvidenceRow> {
  for (const rate of rates.counters) {
    const read = ledger.sessions.filter(
      (finalized) => sessionCounterRate(finalized)?.algorithm === rate.algorithm,
    );
    const best = read.reduce((most, one) => (sharesRead(one) > sharesRead(most) ? one : most), read[0]);
    const share = observationOf(best.session.observed.observations, 'share');
    const clock = clockOf(best.counter?.estimate ?? null);
    if (share === undefined || clock === null) continue;
    const { algorithm, estimate, low95, high95, shares: nonces } = rate;
    const counted = { algorithm, estimate, low95, high95, unit: unitOf(algorithm), nonces };
    const rows = hashrateRows(rates).filter((each) => each.algorithm === algorithm);
    const shares = rows.find(({ basis }) => basis === 'shares');
    const isHeadline = rows.some(({ basis, headline }) => basis === 'counter' && headline);
    const [structure = verbatim('')] = clock.words;
    const relation = relationTo(shares, rate, isHeadline);
    yield row('counter', statement('counter', { ...counted, shares: relation, structure }), share);
    if (shares === undefined || relation !== 'contradict') continue;
    const isAbove = estimate > shares.estimate;
    const disagrees = statement('counter-disagrees', {
      ...counted,
      sharesEstimate: shares.estimate,
      sharesLow95: shares.low95,
      sharesHigh95: shares.high95,
      cause: describeDisagreement(isAbove, fallsShort(shares, rate, rates.missed)),
    });
    yield row('counter-disagrees', disagrees, share);
  }
}

/** Rates that are not a headline, as the host's machines cannot have them. */
function* refusedRows({ sessions }: HostLedger, { refused }: Sources): Iterable<EvidenceRow> {
  for (const { algorithm, rate, highest, machine, machines } of refused.values()) {
    const own = sessions.find((finalized) => finalized.works.some((part) => part.algorithm === algorithm));
    const params = { algorithm, rate, highest, unit: unitOf(algorithm), machine, machines };
    const { firstPacketRef } = (own ?? sessions[0]).session;
    yield row('implausible-rate', statement('implausible-rate', params), firstPacketRef);
  }
}

function sharesRead(finalized: FinalSession): number {
  return sessionCounterRate(finalized)?.shares ?? 0;
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
function sealedFact(observation: string, where: Where): Fact | null {
  const silent = { ...where, said: null, varies: false };
  if (observation === 'service')
    return { kind: 'noise-handshake', statement: statement('noise-handshake', silent) };
  return observation === 'share'
    ? { kind: 'sealed-share', statement: statement('sealed-share', silent) }
    : null;
}

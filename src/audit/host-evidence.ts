/**
 * The facts a host's verdict rests on, as rows of the audit: first seen where, and how often. The same fact of many
 * sessions is one row. Details carry the wire's own words unescaped; reports escape them for where they go.
 */

import { poolLabel } from '../endpoints/pool-match.ts';
import { unitOf } from '../evidence/algorithm.ts';
import { describeDisagreement } from '../evidence/counter/words.ts';
import type { EvidenceKindId } from '../evidence/kinds.ts';
import { EVIDENCE_KINDS } from '../evidence/kinds.ts';
import type { HostLedger } from '../hosts/ledger.ts';
import type { Looking } from '../hosts/lookers.ts';
import { isRejection } from '../sessions/session.ts';
import type { SettledSession } from '../sessions/settle.ts';
import type { Evidence, HashrateRow } from './audit.ts';
import { contactRows } from './contact-evidence.ts';
import { type CounterRate, clockOf, sessionCounterRate } from './counter-rates.ts';
import type { EvidenceRow } from './evidence-row.ts';
import { fallsShort, hashrateRows, overlap, type Sources } from './rates.ts';
import { isoTime } from './time.ts';

const MAX_ROWS = 64;
const MAX_DETAIL = 300;

/** The row of one who only looks, or is only looked at. */
export function lookingRow(kind: 'scan' | 'honeypot', { detail, place }: Looking): EvidenceRow {
  return { kind, detail, count: 1, ...place };
}

/** Evidence rows of a host, in the order of time. `inputPaths` by ordinal of the input. */
export function hostEvidence(
  ledger: HostLedger,
  inputPaths: readonly string[],
  rates: Sources,
  further: readonly EvidenceRow[] = [],
): Evidence[] {
  const rows = new Map<string, EvidenceRow>();
  for (const settled of ledger.sessions) for (const row of sessionRows(settled)) add(rows, row);
  for (const contact of ledger.contacts) for (const row of contactRows(contact)) add(rows, row);
  for (const row of counterRows(ledger, rates)) add(rows, row);
  for (const row of further) add(rows, row);
  return [...rows.values()]
    .sort((a, b) => a.timeUs - b.timeUs || inOrder(a.kind, b.kind) || inOrder(a.detail, b.detail))
    .slice(0, MAX_ROWS)
    .map((row) => ({
      kind: row.kind,
      strength: EVIDENCE_KINDS[row.kind].strength,
      detail: `${row.detail}${row.count > 1 ? ` (${row.count} times)` : ''}`,
      input: inputPaths[row.input] ?? '',
      record: row.record,
      time: isoTime(row.timeUs),
    }));
}

function inOrder(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function add(rows: Map<string, EvidenceRow>, row: EvidenceRow): void {
  const key = `${row.kind} ${row.detail}`;
  const known = rows.get(key);
  if (known === undefined) rows.set(key, row);
  else {
    known.count += row.count;
    if (row.timeUs < known.timeUs) {
      known.timeUs = row.timeUs;
      known.record = row.record;
      known.input = row.input;
    }
  }
}

function* sessionRows({
  session,
  verdict,
  match,
  algorithm,
  algorithmSource,
}: SettledSession): Iterable<EvidenceRow> {
  const where = `${session.dialect} with ${poolLabel(match, session.pool)}`;
  const isSealed = session.transport === 'noise';
  for (const [kind, sighting] of session.sightings) {
    const id = isSealed ? sealedKindOf(kind) : kindOf(kind);
    if (id === null) continue;
    const words =
      id === 'algorithm'
        ? `${algorithm ?? 'unknown'} from ${algorithmSource ?? 'nothing'}`
        : `${sighting.detail}${sighting.isMixed === true ? ' …' : ''}`;
    const isSilent = isSealed || id === 'answer' || id === 'share' || id === 'job';
    const said = words === '' || isSilent ? '' : `: ${clipped(words)}`;
    yield {
      kind: id,
      detail: `${EVIDENCE_KINDS[id].title}, ${where}${said}`,
      count: id === 'algorithm' || id === 'noise-handshake' ? 1 : sighting.count,
      timeUs: sighting.timeUs,
      record: sighting.record,
      input: sighting.input,
    };
  }
  const place = session.firstPlace;
  if (verdict.verdict === 'confirmed') {
    yield { kind: 'session', detail: `${where}: ${verdict.because}`, count: 1, ...place };
  }
  if (match.by === 'name') {
    yield {
      kind: 'pool-name',
      detail: `${match.name} is ${match.pool} (${match.rule})`,
      count: 1,
      ...place,
    };
  } else if (match.by === 'address') {
    const endpoint = `${session.pool.ip}:${session.pool.port}`;
    yield {
      kind: 'pool-address',
      detail: `${endpoint} is ${match.pool} (${match.rule})`,
      count: 1,
      ...place,
    };
  }
}

/** One row per algorithm: the nonces of all sessions, in the words of the session that says most, and what shares say to it. */
function* counterRows(ledger: HostLedger, rates: Sources): Iterable<EvidenceRow> {
  for (const rate of rates.counters) {
    const read = ledger.sessions.filter(
      (settled) => sessionCounterRate(settled)?.algorithm === rate.algorithm,
    );
    const best = read.reduce((most, one) => (sharesRead(one) > sharesRead(most) ? one : most), read[0]);
    const share = best.session.sightings.get('share');
    const clock = clockOf(best.counter?.estimate ?? null);
    if (share === undefined || clock === null) continue;
    const place = { timeUs: share.timeUs, record: share.record, input: share.input };
    const { algorithm } = rate;
    const unit = unitOf(algorithm);
    const counted = `${algorithm} at ${rateText(rate, unit)} from ${rate.shares} nonces`;
    const rows = hashrateRows(rates).filter((row) => row.algorithm === algorithm);
    const shares = rows.find((row) => row.basis === 'shares');
    const isHeadline = rows.some((row) => row.basis === 'counter' && row.headline);
    yield {
      kind: 'counter',
      detail: `${counted}${relation(rate, shares, isHeadline)}. ${clipped(clock.words[0] ?? '')}`,
      count: 1,
      ...place,
    };
    if (shares === undefined || overlap(rate, shares)) continue;
    const isAbove = rate.estimate > shares.estimate;
    yield {
      kind: 'counter-disagrees',
      detail: `${counted}, ${rateText(shares, unit)} from shares. ${describeDisagreement(isAbove, fallsShort(shares, rate, rates.missed))}`,
      count: 1,
      ...place,
    };
  }
}

function sharesRead(settled: SettledSession): number {
  return sessionCounterRate(settled)?.shares ?? 0;
}

function relation(rate: CounterRate, shares: HashrateRow | undefined, isHeadline: boolean): string {
  if (shares === undefined) return '';
  if (!overlap(rate, shares)) return ', which shares contradict';
  return isHeadline
    ? ', narrower than shares, with which it agrees'
    : ', in agreement with shares, which are narrower';
}

function rateText(
  { estimate, low95, high95 }: Pick<HashrateRow, 'estimate' | 'low95' | 'high95'>,
  unit: string,
): string {
  const figure = (value: number | null): string =>
    value === null ? '?' : String(Number(value.toPrecision(4)));
  return `${figure(estimate)} ${unit} (${figure(low95)} to ${figure(high95)})`;
}

/** What is known by sizes alone is no message that was read. */
function sealedKindOf(sighting: string): EvidenceKindId | null {
  if (sighting === 'service') return 'noise-handshake';
  return sighting === 'share' ? 'sealed-share' : null;
}

/** Sightings are named by fact; algorithm facts by their source, refused shares by the reason. */
function kindOf(sighting: string): EvidenceKindId | null {
  if (sighting === 'algorithm-share-hash') return 'share-hash';
  if (sighting.startsWith('algorithm-')) return 'algorithm';
  if (isRejection(sighting)) return 'rejection';
  return sighting in EVIDENCE_KINDS ? (sighting as EvidenceKindId) : null;
}

function clipped(text: string): string {
  return text.length > MAX_DETAIL ? `${text.slice(0, MAX_DETAIL)}…` : text;
}

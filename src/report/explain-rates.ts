/** The sources of a host's hashrate: shares and their work, nonces, and the rate that the miner reports. */
import type { AuditHost, AuditSession, HashrateRow, HostHashrateRow } from '../audit/audit.ts';
import { counted } from '../statements/figures.ts';
import { below, item, type Line, paragraph } from './explain-lines.ts';
import { duration, hashrateWithInterval, interval, si } from './figures.ts';
import { type Phrase, wire } from './phrase.ts';

/** Sessions whose counters are told one by one. */
const MOST_COUNTERS = 5;

/** Lines about the rates of the host, one item per row of the audit. */
export function* rateLines(host: AuditHost, sessions: readonly AuditSession[]): Iterable<Line> {
  if (host.hashrate.length === 0) {
    const isEncrypted = sessions.some(({ transport }) => transport === 'tls' || transport === 'noise');
    const isOfRecords = sessions.some(({ dialect }) => dialect === 'flow');
    const unseen = isOfRecords
      ? 'Not observable: flow records show no shares. A range can be modelled (--model).'
      : 'The rate is unknown.';
    yield paragraph([isEncrypted ? 'Not observable: the content is encrypted.' : unseen]);
    return;
  }
  for (const row of host.hashrate) {
    const own = sessions.filter((session) => session.hashrate.some((each) => isSame(each, row)));
    const mark = row.headline ? '*' : '-';
    yield item(mark, [wire(row.algorithm), `: ${hashrateWithInterval(row)}, `, ...basis(row, own), '.']);
    if (row.basis === 'counter') yield* counterWords(own, row.unit);
    if (row.basis === 'modelled') yield* modelWords(own);
  }
  for (const row of host.hashrate) {
    const shares = host.hashrate.find((each) => each.algorithm === row.algorithm && each.basis === 'shares');
    if (row.basis === 'counter' && shares !== undefined) yield paragraph(comparison(row, shares));
  }
  if (host.hashrate.some((row) => row.headline)) {
    const ranges = host.hashrate.some((row) => row.basis === 'modelled')
      ? 'Intervals are 95 %; the range of a modelled figure also covers what is not known of the assumptions.'
      : 'Intervals are 95 %.';
    yield paragraph([`* marks the rate that is used for the host. ${ranges}`]);
  }
}

function isSame(a: HashrateRow, b: HashrateRow): boolean {
  return a.algorithm === b.algorithm && a.basis === b.basis;
}

function basis(row: HostHashrateRow, own: readonly AuditSession[]): Phrase {
  switch (row.basis) {
    case 'shares': {
      let shares = 0;
      let hashes = 0;
      for (const session of own) {
        shares += session.shares.submitted - session.shares.rejected;
        hashes += session.work.hashes ?? 0;
      }
      const unit = row.unit.replace('/s', '');
      const work = hashes > 0 ? ` worth ${si(hashes, unit)}` : '';
      const { activeSeconds: seconds } = row;
      const time = seconds === undefined ? '' : `, found in ${duration(seconds)} of mining`;
      return [`from ${counted(shares, 'share')}${work}${time}`];
    }
    case 'counter':
      return [`from the nonces of ${counted(own.length, 'session')}`];
    case 'self-reported':
      return ['reported by the miner, which can set it freely'];
    case 'modelled':
      return ['modelled from bytes and assumptions, not measured'];
  }
}

function* counterWords(own: readonly AuditSession[], unit: string): Iterable<Line> {
  const read = own.filter((session) => session.counter?.verdict === 'clock');
  for (const session of read.slice(0, MOST_COUNTERS)) {
    const words = (session.counter?.notes ?? []).map(({ text }) => wire(text));
    const which = own.length === 1 ? [] : [`Port ${session.miner.port}: `];
    const overTime = counterOverTime(session, unit);
    yield below([
      ...which,
      ...words.flatMap((word, i): Phrase => (i === 0 ? [word] : [' ', word])),
      overTime,
    ]);
  }
  if (read.length > MOST_COUNTERS) {
    yield below([`${counted(read.length - MOST_COUNTERS, 'more session')} read in the same way.`]);
  }
}

/** How the rate moved, in spans of 15 minutes; nothing if there is but one. */
function counterOverTime({ counter }: AuditSession, unit: string): string {
  const series = counter?.series ?? [];
  const last = series.at(-1);
  if (last === undefined || series.length < 2) return '';
  const rates = series.map(({ estimate }) => estimate);
  const range = `${si(Math.min(...rates), unit)} and ${si(Math.max(...rates), unit)}`;
  return ` In spans of 15 minutes it lay between ${range}; in the last at ${interval(last.estimate, last.low95, last.high95, unit)}.`;
}

/** Counts and assumptions of modelled sessions, those that many share told once. */
function* modelWords(own: readonly AuditSession[]): Iterable<Line> {
  const told = own.flatMap(({ modelled }) => (modelled === undefined ? [] : [modelled.notes]));
  const sentences = [...new Set(told.flat().map(({ text }) => text))];
  const shown = sentences.slice(0, MOST_COUNTERS * 3);
  for (const sentence of shown) yield below([wire(sentence)]);
  if (sentences.length > shown.length)
    yield below([`And ${counted(sentences.length - shown.length, 'more')}.`]);
}

function comparison(counter: HashrateRow, shares: HashrateRow): Phrase {
  const low = Math.max(counter.low95 ?? 0, shares.low95 ?? 0);
  const high = Math.min(
    counter.high95 ?? Number.POSITIVE_INFINITY,
    shares.high95 ?? Number.POSITIVE_INFINITY,
  );
  if (low <= high) {
    return [
      'Nonces and shares of ',
      wire(counter.algorithm),
      ` agree; they are independent measurements. The more precise one, from ${counter.headline ? 'nonces' : 'shares'}, is used for the host.`,
    ];
  }
  if (counter.headline) {
    return [
      'Nonces and shares of ',
      wire(counter.algorithm),
      ' disagree: packets are missing from the capture, and shares in them. The nonce-based figure is used for the host.',
    ];
  }
  const meaning =
    counter.estimate > shares.estimate
      ? 'The miner searched more than the shares show: pauses, rejected shares, or shares submitted elsewhere.'
      : 'The shares show more than the nonces: there are more machines or threads than could be distinguished.';
  return [
    'Nonces and shares of ',
    wire(counter.algorithm),
    ` disagree. ${meaning} The share-based figure is used for the host.`,
  ];
}

/** The sources of a host's hashrate: shares and their work, nonces, and the rate that the miner reports. */
import type { AuditHost, AuditSession, HashrateRow, HostHashrateRow } from '../../audit/audit.ts';
import { overlap } from '../../audit/rate-rows.ts';
import type { ReportText } from '../../statements/codes.ts';
import { si, significant } from '../../statements/figures.ts';
import { type Phrase, wire, wires } from '../phrase.ts';
import { below, item, type Line, paragraph } from './lines.ts';

/** Sessions whose counters are told one by one. */
const MOST_COUNTERS = 5;

/** Lines about the rates of the host, one item per row of the audit. */
export function* rateLines(
  host: AuditHost,
  sessions: readonly AuditSession[],
  text: ReportText,
): Iterable<Line> {
  const { rate: words } = text.explain;
  if (host.hashrate.length === 0) {
    const isEncrypted = sessions.some(({ transport }) => transport === 'tls' || transport === 'noise');
    const isOfRecords = sessions.some(({ dialect }) => dialect === 'flow');
    const isCounted = sessions.some(({ sharesSeen }) => sharesSeen != null);
    const encrypted = isCounted ? words.counted : words.encrypted;
    yield paragraph([isEncrypted || isCounted ? encrypted : isOfRecords ? words.records : words.unknown]);
    return;
  }
  for (const row of host.hashrate) {
    const own = sessions.filter((session) => session.hashrate.some((each) => isSame(each, row)));
    yield item(
      row.headline ? '*' : '-',
      words.row({ algorithm: row.algorithm, rate: text.figures.hashrate(row), basis: basis(row, own, text) }),
    );
    if (row.basis === 'counter') yield* counterWords(own, row.unit, text);
    if (row.basis === 'modelled') yield* modelWords(own, text);
  }
  for (const row of host.hashrate) {
    const shares = host.hashrate.find((each) => each.algorithm === row.algorithm && each.basis === 'shares');
    if (row.basis === 'counter' && shares !== undefined) yield paragraph(comparison(row, shares, words));
  }
  if (host.hashrate.some((row) => row.headline)) {
    const isModelled = host.hashrate.some((row) => row.basis === 'modelled');
    yield paragraph([isModelled ? words.markedModelled : words.marked]);
  }
}

function isSame(a: HashrateRow, b: HashrateRow): boolean {
  return a.algorithm === b.algorithm && a.basis === b.basis;
}

function basis(row: HostHashrateRow, own: readonly AuditSession[], text: ReportText): string {
  const { rate: words } = text.explain;
  switch (row.basis) {
    case 'shares': {
      let shares = 0;
      let hashes = 0;
      for (const session of own) {
        shares += session.shares.submitted - session.shares.rejected;
        hashes += session.work.hashes ?? 0;
      }
      const { activeSeconds: seconds } = row;
      return words.fromShares(
        text.count.shares(shares),
        hashes > 0 ? si(hashes, row.unit.replace('/s', '')) : null,
        seconds === undefined ? null : text.figures.duration(seconds),
        row.correction === undefined ? null : significant(row.correction.factor),
      );
    }
    case 'counter':
      return words.fromNonces(text.count.sessions(own.length));
    case 'self-reported':
      return words.reported;
    case 'modelled':
      return own.every(isByCount) ? words.modelledByCount : words.modelled;
  }
}

/** Its shares were counted, not taken from bytes. */
function isByCount({ modelled }: AuditSession): boolean {
  return modelled?.notes.some(({ code }) => code === 'counted-shares') === true;
}

function* counterWords(own: readonly AuditSession[], unit: string, text: ReportText): Iterable<Line> {
  const { rate: words } = text.explain;
  const read = own.filter((session) => session.counter?.verdict === 'clock');
  const notesOf = ({ counter }: AuditSession): string[] => (counter?.notes ?? []).map(text.translate);
  const shared =
    read.length < 2
      ? []
      : notesOf(read[0]).filter((note) => read.every((each) => notesOf(each).includes(note)));
  if (shared.length > 0) yield below(wires(shared, ' '));
  for (const session of read.slice(0, MOST_COUNTERS)) {
    const notes = notesOf(session).filter((note) => !shared.includes(note));
    yield below([
      ...(own.length === 1 ? [] : [words.port(session.miner.port)]),
      ...wires(notes, ' '),
      counterOverTime(session, unit, text),
    ]);
  }
  if (read.length > MOST_COUNTERS) yield below([words.moreSessions(read.length - MOST_COUNTERS)]);
}

/** How the rate moved, in spans of 15 minutes; nothing if there is but one. */
function counterOverTime({ counter }: AuditSession, unit: string, text: ReportText): string {
  const series = counter?.series ?? [];
  const last = series.at(-1);
  if (last === undefined || series.length < 2) return '';
  const rates = series.map(({ estimate }) => estimate);
  return text.explain.rate.overTime(
    text.figures.range(Math.min(...rates), Math.max(...rates), (rate) => si(rate, unit)),
    text.figures.interval(last.estimate, last.low95, last.high95, unit),
  );
}

/** Counts and assumptions of modelled sessions, those that many share told once. */
function* modelWords(own: readonly AuditSession[], text: ReportText): Iterable<Line> {
  const told = own.flatMap(({ modelled }) => (modelled === undefined ? [] : [modelled.notes]));
  const sentences = [...new Set(told.flat().map(text.translate))];
  const shown = sentences.slice(0, MOST_COUNTERS * 3);
  for (const sentence of shown) yield below([wire(sentence)]);
  if (sentences.length > shown.length) yield below([text.explain.rate.more(sentences.length - shown.length)]);
}

function comparison(counter: HashrateRow, shares: HashrateRow, words: Words): Phrase {
  const { algorithm } = counter;
  if (overlap(counter, shares))
    return words.agree({ algorithm, from: counter.headline ? 'nonces' : 'shares' });
  if (counter.headline) return words.lost({ algorithm });
  return (counter.estimate > shares.estimate ? words.moreNonces : words.moreShares)({ algorithm });
}

type Words = ReportText['explain']['rate'];

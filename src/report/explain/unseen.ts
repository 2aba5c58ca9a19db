/** What could not be seen of a host, and why. */
import type { Audit, AuditHost, AuditSession } from '../../audit/audit.ts';
import { judgedPart, judgedParts } from '../../audit/judged.ts';
import type { ReportText } from '../../statements/codes.ts';
import { percent } from '../figures.ts';
import { joined, type Phrase, wire } from '../phrase.ts';
import { item, type Line } from './lines.ts';

const MOST_DAMAGE = 5;

/** One item for each thing that is not known. */
export function* unseenLines(
  audit: Audit,
  host: AuditHost,
  sessions: readonly AuditSession[],
  text: ReportText,
): Iterable<Line> {
  for (const phrase of unseen(audit, host, sessions, text)) yield item('-', phrase);
}

function* unseen(
  audit: Audit,
  host: AuditHost,
  sessions: readonly AuditSession[],
  text: ReportText,
): Iterable<Phrase> {
  const { unseen: words } = text.explain;
  const { count } = text;
  if (audit.partial) yield [words.partial];
  const encrypted = sessions.filter(({ transport }) => transport === 'tls' || transport === 'noise').length;
  if (encrypted > 0) yield [words.encrypted(encrypted)];
  const refused = sessions.filter(
    ({ tls, transport }) => tls?.refused === true && transport !== 'tls',
  ).length;
  if (refused > 0) yield [words.refused(count.sessions(refused))];
  const opaque = sessions.filter(({ dialect, tls }) => dialect === 'flow' && tls?.refused !== true).length;
  if (opaque > 0) yield [words.opaque(count.sessions(opaque))];
  let unpriced = 0;
  for (const { work, transport } of sessions) if (transport !== 'noise') unpriced += work.unpricedShares;
  if (unpriced > 0) yield [words.unpriced(count.shares(unpriced))];
  const units = sessions.filter(({ work }) => work.hashes === null && work.difficultyUnits !== null).length;
  if (units > 0) yield [words.units(count.sessions(units))];
  yield* counters(sessions, text);
  yield* coverage(audit, host, text);
}

function* counters(sessions: readonly AuditSession[], text: ReportText): Iterable<Phrase> {
  const reasons = new Map<string, number>();
  for (const { counter } of sessions) {
    const [note] = counter == null || counter.verdict === 'clock' ? [] : counter.notes;
    if (note === undefined) continue;
    const said = text.translate(note);
    reasons.set(said, (reasons.get(said) ?? 0) + 1);
  }
  for (const [why, number] of [...reasons].slice(0, MOST_DAMAGE)) {
    yield text.explain.unseen.nonces({ sessions: text.count.sessions(number), why: [wire(why)] });
  }
}

function* coverage({ coverage: seen, inputs }: Audit, host: AuditHost, text: ReportText): Iterable<Phrase> {
  const { unseen: words } = text.explain;
  if (seen.judged !== undefined && judgedPart(seen.judged) < 1) {
    const { conversations, bytes } = judgedParts(seen.judged);
    yield [words.judged(percent(conversations), percent(bytes))];
  }
  if (!seen.complete && seen.decoded.bytes < 1) yield [words.decoded(percent(seen.decoded.bytes))];
  if (seen.truncated.packets > 0) yield [words.truncated(percent(seen.truncated.packets))];
  if (seen.oneSided.packets > 0) yield [words.oneSided(percent(seen.oneSided.packets))];
  const cited = new Set(host.evidence.map((fact) => fact.input));
  for (const { path, damage } of inputs
    .filter((input) => cited.has(input.path) && input.damage.length > 0)
    .slice(0, MOST_DAMAGE)) {
    const kinds = damage.map((each): Phrase => [wire(text.translate(each))]);
    yield words.damaged({ input: [wire(path)], kinds: joined(kinds, text.semicolon) });
  }
}

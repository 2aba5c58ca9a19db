/** What could not be seen of a host, and why. */
import type { Audit, AuditHost, AuditSession } from '../../audit/audit.ts';
import { allNotJudged, judgedParts } from '../../audit/judged.ts';
import type { ReportText } from '../../statements/codes.ts';
import { type Phrase, wires } from '../phrase.ts';
import { counted } from './lines.ts';

const MOST_DAMAGE = 5;

/** A phrase for each thing that is not known. */
export function* unseen(
  audit: Audit,
  host: AuditHost,
  sessions: readonly AuditSession[],
  text: ReportText,
): Iterable<Phrase> {
  const { unseen: words } = text.explain;
  if (audit.partial) yield [words.partial];
  const sessionsThat = (is: (session: AuditSession) => boolean): number => sessions.filter(is).length;
  const shares = sessions.map(({ work, transport }) => (transport === 'noise' ? 0 : work.unpricedShares));
  const counts: readonly (readonly [count: number, say: (count: number) => string])[] = [
    [sessionsThat(({ transport }) => transport === 'tls' || transport === 'noise'), words.encrypted],
    [sessionsThat(({ tls, transport }) => tls?.refused === true && transport !== 'tls'), words.refused],
    [sessionsThat(({ dialect, tls }) => dialect === 'flow' && tls?.refused !== true), words.opaque],
    [shares.reduce((sum, each) => sum + each, 0), words.unpriced],
    [sessionsThat(({ work }) => work.hashes === null && work.difficultyUnits !== null), words.units],
  ];
  for (const [count, say] of counts) if (count > 0) yield [say(count)];
  const unread = sessions.flatMap(({ counter }) =>
    counter == null || counter.verdict === 'clock' ? [] : counter.notes.slice(0, 1),
  );
  for (const [why, count] of counted(unread.map(text.translate)).slice(0, MOST_DAMAGE))
    yield words.nonces({ sessions: count, why });
  yield* coverage(audit, host, text);
}

function* coverage({ coverage: seen, inputs }: Audit, host: AuditHost, text: ReportText): Iterable<Phrase> {
  const { unseen: words } = text.explain;
  if (allNotJudged(seen.judged).conversations > 0) {
    const { conversations, bytes } = judgedParts(seen.judged);
    yield [words.judged(text.figures.percent(conversations), text.figures.percent(bytes))];
  }
  if (!seen.complete && seen.decoded.bytes < 1)
    yield [words.decoded(text.figures.percent(seen.decoded.bytes))];
  if (seen.truncated.packets > 0) yield [words.truncated(text.figures.percent(seen.truncated.packets))];
  if (seen.oneSided.packets > 0) yield [words.oneSided(text.figures.percent(seen.oneSided.packets))];
  const cited = new Set(host.evidence.map((fact) => fact.input));
  for (const { path, damage } of inputs
    .filter((input) => cited.has(input.path) && input.damage.length > 0)
    .slice(0, MOST_DAMAGE)) {
    yield words.damaged({ input: path, kinds: wires(damage.map(text.translate), text.semicolon) });
  }
}

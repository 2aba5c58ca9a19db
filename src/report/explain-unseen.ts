/** What could not be seen of a host, and why. */

import type { Audit, AuditHost, AuditSession } from '../audit/audit.ts';
import { judgedPart, judgedParts } from '../audit/judged.ts';
import { counted } from '../statements/figures.ts';
import { item, type Line } from './explain-lines.ts';
import { percent } from './figures.ts';
import { joined, type Phrase, wire } from './phrase.ts';

const MOST_DAMAGE = 5;

/** One item for each thing that is not known. */
export function* unseenLines(
  audit: Audit,
  host: AuditHost,
  sessions: readonly AuditSession[],
): Iterable<Line> {
  if (audit.partial) yield item('-', ['The scan was interrupted: the rest is not in the audit.']);
  const encrypted = sessions.filter(({ transport }) => transport === 'tls' || transport === 'noise');
  if (encrypted.length > 0) {
    const verb = encrypted.length === 1 ? 'is' : 'are';
    yield item('-', [
      `${counted(encrypted.length, 'session')} ${verb} encrypted: names, bytes and timing are known, work and rate are not observable.`,
    ]);
  }
  const refused = sessions.filter(
    ({ tls, transport }) => tls?.refused === true && transport !== 'tls',
  ).length;
  if (refused > 0) {
    yield item('-', [
      `In ${counted(refused, 'session')} TLS was offered and the server answered in clear text: no session was established.`,
    ]);
  }
  const opaque = sessions.filter(({ dialect, tls }) => dialect === 'flow' && tls?.refused !== true).length;
  if (opaque > 0) {
    yield item('-', [
      `${counted(opaque, 'session')} without a readable message: only endpoints, bytes and times are known.`,
    ]);
  }
  let unpriced = 0;
  for (const { work, transport } of sessions) if (transport !== 'noise') unpriced += work.unpricedShares;
  if (unpriced > 0) {
    yield item('-', [
      `Work of ${counted(unpriced, 'share')} is unknown: difficulty not seen, impossible to meet, or not met by the share’s own hash.`,
    ]);
  }
  const units = sessions.filter(({ work }) => work.hashes === null && work.difficultyUnits !== null).length;
  if (units > 0) {
    yield item('-', [
      `Work of ${counted(units, 'session')} stays in units of difficulty: the algorithm is unknown.`,
    ]);
  }
  yield* counters(sessions);
  yield* coverage(audit, host);
}

function* counters(sessions: readonly AuditSession[]): Iterable<Line> {
  const reasons = new Map<string, number>();
  for (const { counter } of sessions) {
    const [note] = counter == null || counter.verdict === 'clock' ? [] : counter.notes;
    const word = note?.text;
    if (word !== undefined) reasons.set(word, (reasons.get(word) ?? 0) + 1);
  }
  for (const [word, count] of [...reasons].slice(0, MOST_DAMAGE)) {
    yield item('-', [`Nonces of ${counted(count, 'session')}: `, wire(word)]);
  }
}

function* coverage({ coverage: seen, inputs }: Audit, host: AuditHost): Iterable<Line> {
  if (seen.judged !== undefined && judgedPart(seen.judged) < 1) {
    const { conversations, bytes } = judgedParts(seen.judged);
    yield item('-', [
      `Only ${percent(conversations)} of all conversations and ${percent(bytes)} of their bytes could be judged.`,
    ]);
  }
  if (!seen.complete && seen.decoded.bytes < 1) {
    yield item('-', [`Only ${percent(seen.decoded.bytes)} of all bytes could be decoded.`]);
  }
  if (seen.truncated.packets > 0) {
    yield item('-', [`${percent(seen.truncated.packets)} of all packets were truncated by the capture.`]);
  }
  if (seen.oneSided.packets > 0) {
    yield item('-', [
      `${percent(seen.oneSided.packets)} of all packets belong to connections seen in one direction only.`,
    ]);
  }
  const cited = new Set(host.evidence.map((fact) => fact.input));
  for (const input of inputs
    .filter(({ path, damage }) => cited.has(path) && damage.length > 0)
    .slice(0, MOST_DAMAGE)) {
    const kinds = input.damage.map(({ text }): Phrase => [wire(text)]);
    yield item('-', [wire(input.path), ' is damaged: ', ...joined(kinds, '; '), '.']);
  }
}

/** The sessions of a host, in order: login, job, shares, rejected shares. */
import { endpointText } from '../../address.ts';
import type { AuditSession } from '../../audit/audit.ts';
import { poolEnd } from '../../audit/pool-end.ts';
import type { ReportText } from '../../statements/codes.ts';
import { byteCount, clock, grouped, si, significant } from '../../statements/figures.ts';
import { joined, type Phrase, wire } from '../phrase.ts';
import { workerName } from '../rows.ts';
import { timelineOf } from '../timeline.ts';
import { below, item, type Line, lasted } from './lines.ts';

/** More sessions than this are counted, not told. */
const MOST_SESSIONS = 100;
const MOST_LOGINS = 8;
const MOST_CONNECTIONS = 20;
const MOST_SPANS = 5;

/** Lines of the sessions; `ip` is the host that is explained. */
export function* sessionLines(
  sessions: readonly AuditSession[],
  ip: string,
  zone: string,
  text: ReportText,
): Iterable<Line> {
  for (const [i, session] of sessions.slice(0, MOST_SESSIONS).entries()) {
    yield* oneSession(session, i + 1, ip, zone, text);
  }
  if (sessions.length > MOST_SESSIONS) {
    yield item('…', [text.explain.session.more(sessions.length - MOST_SESSIONS)]);
  }
}

function* oneSession(
  session: AuditSession,
  number: number,
  ip: string,
  zone: string,
  text: ReportText,
): Iterable<Line> {
  const { session: words, reason } = text.explain;
  const { start, end, verdict, attempts = null } = session;
  const when = text.figures.span(start, end, zone);
  yield item(`${number}.`, [words.when(when, lasted(start, end, text), text.verdict[verdict], attempts)]);
  yield below(route(session, ip, words));
  const inner = session.via.find(({ traffic }) => traffic !== undefined)?.traffic;
  if (inner !== undefined) yield below([words.inner(byteCount(inner.bytesOut), byteCount(inner.bytesIn))]);
  yield* connectionLines(session, zone, text);
  yield* asked(session, text);
  yield* given(session, text);
  yield* worked(session, zone, text);
  if (session.reason !== undefined) yield below(reason({ reasons: [wire(text.translate(session.reason))] }));
}

function route(session: AuditSession, ip: string, words: ReportText['explain']['session']): Phrase {
  const { miner, pool, via, transport, dialect, traffic } = session;
  const isOne = hasOnePort(session);
  return words.route({
    port: isOne ? miner.port : null,
    client: miner.ip === ip ? null : isOne ? endpointText(miner.ip, miner.port) : miner.ip,
    pool: pool.pool,
    name: pool.ip === '' ? null : (pool.names[0] ?? null),
    address: poolEnd(pool),
    hops: via.flatMap(({ kind, ...hop }) => words.hop({ kind, at: endpointText(hop.ip, hop.port) })),
    dialect,
    transport: dialect === transport ? null : transport,
    out: byteCount(traffic.bytesOut),
    into: byteCount(traffic.bytesIn),
  });
}

function hasOnePort({ connections, more = 0 }: AuditSession): boolean {
  return connections.length + more <= 1;
}

/** What the log of a NAT is asked by; of one connection the lines above say it all. */
function* connectionLines(
  session: AuditSession,
  zone: string,
  { explain: { session: words }, figures }: ReportText,
): Iterable<Line> {
  if (hasOnePort(session)) return;
  const { connections, more = 0 } = session;
  for (const { port, start, end, bytesOut, bytesIn } of connections.slice(0, MOST_CONNECTIONS))
    yield below([
      words.connection(port, figures.span(start, end, zone), byteCount(bytesOut), byteCount(bytesIn)),
    ]);
  const left = more + Math.max(0, connections.length - MOST_CONNECTIONS);
  if (left > 0) yield below([words.moreConnections(left)]);
}

function* asked({ logins, agent }: AuditSession, text: ReportText): Iterable<Line> {
  const { session: words } = text.explain;
  const listed = logins
    .slice(0, MOST_LOGINS)
    .map(({ account, worker }) => words.worker({ account, worker: worker && workerName(worker, text) }));
  if (logins.length > MOST_LOGINS) listed.push([words.moreLogins(logins.length - MOST_LOGINS)]);
  if (listed.length > 0 || agent !== null)
    yield below(words.login({ logins: joined(listed, text.comma), agent }));
}

function* given(session: AuditSession, text: ReportText): Iterable<Line> {
  const { session: words } = text.explain;
  const { algorithm, algorithmSource, coin, difficulty } = session;
  const unit = unitOf(session);
  const parts: Phrase[] = [];
  if (algorithm !== null) parts.push(words.algorithm({ algorithm, source: algorithmSource }));
  if (coin !== null) parts.push(words.coin({ coin }));
  const [first] = difficulty;
  if (first !== undefined) {
    const { hashesPerShare: hashes, difficultyUnits } = first;
    const worth = hashes === null ? words.difficulty(difficultyUnits ?? 0) : words.worth(si(hashes, unit));
    const changes = difficulty.length - 1;
    const last = difficulty[changes]?.hashesPerShare ?? null;
    parts.push([
      changes === 0 ? worth : words.changed(worth, changes, last === null ? null : si(last, unit)),
    ]);
  }
  if (parts.length > 0) yield below(words.job({ job: joined(parts, text.comma) }));
}

function* worked(session: AuditSession, zone: string, text: ReportText): Iterable<Line> {
  const { session: words } = text.explain;
  const { shares, rejects, work } = session;
  if (session.sharesSeen != null) {
    yield* seen(session.sharesSeen, zone, text);
    return;
  }
  if (shares.submitted === 0) {
    yield below([session.sharesUncounted === undefined ? words.noShares : words.padded]);
    return;
  }
  const { submitted, accepted, stale, unanswered, rejected } = shares;
  const worth = work.hashes === null || work.hashes === 0 ? null : si(work.hashes, unitOf(session));
  yield below([words.shares(submitted, accepted, stale, unanswered, worth)]);
  if (rejected === 0) return;
  const reasons = Object.entries(rejects).map(
    ([reason, count]): Phrase => [wire(text.word(reason)), ` ${grouped(count)}`],
  );
  yield below(words.rejected({ shares: rejected, why: joined(reasons, text.comma) }));
}

/** The course of a session that nobody can read. */
function* seen(
  shares: NonNullable<AuditSession['sharesSeen']>,
  zone: string,
  text: ReportText,
): Iterable<Line> {
  const { session: words } = text.explain;
  const { submitted, accepted, acceptedLow, rejected, connections, silences } = shares;
  const { low, central, high } = submitted;
  const { duration: time } = text.figures;
  yield below([
    words.seen(
      text.count.shares(central),
      low === high ? '' : text.bracketed(text.figures.range(low, high)),
      text.figures.range(acceptedLow ?? accepted, accepted),
      grouped(rejected),
      significant(shares.pacePerMinute),
      time(shares.activeSeconds),
    ),
  ]);
  const { newTargets, channels = 0 } = shares;
  if (newTargets !== undefined) yield below([words.targets(newTargets, channels)]);
  const course = timelineOf(shares);
  if (course !== null) {
    const { startMs, stepMs, shares: counts } = course;
    const steps = counts.map((count, i) => {
      const start = new Date(startMs + i * stepMs).toISOString();
      return `${clock(start, zone)} ${grouped(Math.round(count))}`;
    });
    yield below([words.course(time(stepMs / 1000), steps.join(text.comma))]);
  }
  const spans = (rows: readonly { readonly start: string; readonly end: string }[]): string => {
    const shown = rows.slice(0, MOST_SPANS).map(({ start, end }) => text.figures.span(start, end, zone));
    return `${shown.join(text.semicolon)}${rows.length > MOST_SPANS ? ` +${rows.length - MOST_SPANS}` : ''}`;
  };
  if (silences.length > 0) yield below([words.silent(spans(silences))]);
  if (connections.length > 1) yield below([words.connections(connections.length, spans(connections))]);
}

/** What is counted as work: hashes, or solutions and graphs if the rate says so. */
function unitOf({ hashrate }: AuditSession): string {
  return (hashrate[0]?.unit ?? 'H/s').replace('/s', '');
}

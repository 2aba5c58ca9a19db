/** The sessions of a host, in order: login, job, shares, rejected shares. */
import type { AuditSession } from '../audit/audit.ts';
import { counted, grouped } from '../statements/figures.ts';
import { below, item, type Line } from './explain-lines.ts';
import { byteCount, duration, si, span } from './figures.ts';
import { joined, type Phrase, wire } from './phrase.ts';

/** More sessions than this are counted, not told. */
const MOST_SESSIONS = 100;
const MOST_LOGINS = 8;

/** From what an algorithm is known, in words. */
const KNOWN_BY: Readonly<Record<string, string>> = {
  'share-hash': 'a share hashes to its target',
  job: 'by the job',
  dialect: 'the protocol serves no other',
  account: 'by the address of the account',
  agent: 'by the software',
  catalogue: 'by the pool',
};

/** Lines of the sessions; `ip` is the host that is explained. */
export function* sessionLines(sessions: readonly AuditSession[], ip: string, zone: string): Iterable<Line> {
  for (const [i, session] of sessions.slice(0, MOST_SESSIONS).entries()) {
    yield* oneSession(session, i + 1, ip, zone);
  }
  if (sessions.length > MOST_SESSIONS) {
    yield item('…', [`and ${counted(sessions.length - MOST_SESSIONS, 'more session')}.`]);
  }
}

function* oneSession(session: AuditSession, number: number, ip: string, zone: string): Iterable<Line> {
  const seconds = (Date.parse(session.end) - Date.parse(session.start)) / 1000;
  const lasted = seconds > 0 ? ` (${duration(seconds)})` : '';
  const tries = session.attempts === undefined ? '' : `, ${counted(session.attempts, 'attempt')}`;
  yield item(`${number}.`, [
    `${span(session.start, session.end, zone)}${lasted}: ${session.verdict}${tries}.`,
  ]);
  yield below(route(session, ip));
  yield* asked(session);
  yield* given(session);
  yield* worked(session);
  if (session.reason !== undefined) yield below(['Reason: ', wire(session.reason.text), '.']);
}

function route(session: AuditSession, ip: string): Phrase {
  const { miner, pool, via, transport, dialect, traffic } = session;
  const name = pool.pool === null ? [] : [wire(pool.pool), ' at '];
  const [host] = pool.names;
  const address = endpoint(pool.ip, pool.port);
  const target: Phrase = host === undefined ? [wire(address)] : [wire(host), ' (', wire(address), ')'];
  const hops = via.flatMap(
    (hop): Phrase => [
      ...(hop.kind === 'proxy-protocol'
        ? [', with a PROXY header that claims the client ']
        : [', through the ', wire(hop.kind), ' proxy ']),
      wire(endpoint(hop.ip, hop.port)),
    ],
  );
  const from: Phrase =
    miner.ip === ip ? [`From port ${miner.port}`] : ['From ', wire(endpoint(miner.ip, miner.port))];
  return [
    ...from,
    ' to ',
    ...name,
    ...target,
    ...hops,
    '; ',
    ...(dialect === transport ? [wire(dialect)] : [wire(dialect), ' over ', wire(transport)]),
    `, ${byteCount(traffic.bytesOut)} out, ${byteCount(traffic.bytesIn)} in.`,
  ];
}

function* asked({ logins, agent }: AuditSession): Iterable<Line> {
  const listed = logins.slice(0, MOST_LOGINS).map(({ account, worker }): Phrase => {
    return worker === null ? [wire(account)] : [wire(account), ' as worker ', wire(worker)];
  });
  if (logins.length > MOST_LOGINS) listed.push([`${grouped(logins.length - MOST_LOGINS)} more`]);
  const software: Phrase = agent === null ? [] : ['by ', wire(agent)];
  if (listed.length > 0) {
    const by: Phrase = agent === null ? [] : [', ', ...software];
    yield below(['Login: ', ...joined(listed, ', '), ...by, '.']);
  } else if (agent !== null) yield below(['Login: none seen; session ', ...software, '.']);
}

function* given(session: AuditSession): Iterable<Line> {
  const { algorithm, algorithmSource, coin, difficulty } = session;
  const unit = unitOf(session);
  const parts: Phrase[] = [];
  if (algorithm !== null) {
    const how = algorithmSource === null ? null : (KNOWN_BY[algorithmSource] ?? null);
    parts.push([wire(algorithm), ...(how === null ? [] : [` (${how})`])]);
  }
  if (coin !== null) parts.push(['coin ', wire(coin)]);
  const [first] = difficulty;
  if (first !== undefined) {
    const worth =
      first.hashesPerShare === null
        ? `difficulty ${grouped(first.difficultyUnits ?? 0)}`
        : `shares worth ${si(first.hashesPerShare, unit)} each`;
    const changes = difficulty.length - 1;
    const last = difficulty[difficulty.length - 1]?.hashesPerShare;
    const then = last == null ? '' : `, ${si(last, unit)} at the end`;
    parts.push([
      changes === 0
        ? worth
        : `${worth} at first, changed ${changes === 1 ? 'once' : counted(changes, 'time')}${then}`,
    ]);
  }
  if (parts.length > 0) yield below(['Job: ', ...joined(parts, ', '), '.']);
}

function* worked(session: AuditSession): Iterable<Line> {
  const { shares, rejects, work } = session;
  if (shares.submitted === 0) {
    yield below(['Shares: none seen.']);
    return;
  }
  const outcomes = [
    `${grouped(shares.accepted)} accepted`,
    ...(shares.stale > 0 ? [`${grouped(shares.stale)} stale`] : []),
    ...(shares.unanswered > 0 ? [`${grouped(shares.unanswered)} without an answer`] : []),
  ];
  const worth =
    work.hashes === null || work.hashes === 0 ? '' : `; work of ${si(work.hashes, unitOf(session))}`;
  yield below([`Shares: ${grouped(shares.submitted)} submitted, ${outcomes.join(', ')}${worth}.`]);
  if (shares.rejected === 0) return;
  const reasons = Object.entries(rejects).map(
    ([reason, count]): Phrase => [wire(reason), ` ${grouped(count)}`],
  );
  const why: Phrase = reasons.length === 0 ? [] : [' (', ...joined(reasons, ', '), ')'];
  yield below([`Rejected: ${counted(shares.rejected, 'share')}`, ...why, '; not counted as work.']);
}

/** What is counted as work: hashes, or solutions and graphs if the rate says so. */
function unitOf({ hashrate }: AuditSession): string {
  return (hashrate[0]?.unit ?? 'H/s').replace('/s', '');
}

function endpoint(ip: string, port: number): string {
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;
}

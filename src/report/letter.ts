/**
 * Letters to the abuse contacts of pools, one for each account of a host: who was paid, when in UTC, from which of our
 * addresses and ports, and for how much work. A pool finds an account by these. The letter is about the account: it lists the
 * sessions of all hosts that paid into it.
 */
import { endpointText } from '../address.ts';
import type { Audit, AuditHost, AuditSession } from '../audit/audit.ts';
import { isPublic } from '../audit/indicators.ts';
import { isMiner } from '../audit/miners.ts';
import { poolEnd, poolLabel } from '../audit/pool-end.ts';
import { escapeTerminal } from '../escape.ts';
import { distinct, totalOf } from '../order.ts';
import { catalogueOf } from '../statements/catalogue.ts';
import type { ReportOptions } from './format.ts';
import { workerName } from './rows.ts';
import { wrap } from './width.ts';

const WIDEST = 76;
const MOST_SESSIONS = 200;
const MOST_RECORDINGS = 20;

/** The letters; none if no account of the host is known. The audit must be without pseudonyms. */
export function* renderLetters(
  audit: Audit,
  host: AuditHost,
  { language }: Pick<ReportOptions, 'language'>,
): Generator<string> {
  const text = catalogueOf(language);
  const { letter, comma, colon, count } = text;
  const told = new Map<string, { pool: string; account: string }>();
  for (const session of audit.sessions) {
    if (session.miner.ip !== host.ip || !isMiner(session.verdict)) continue;
    for (const { account } of session.logins)
      if (account !== null)
        told.set(`${account} ${poolLabel(session.pool)}`, { pool: poolLabel(session.pool), account });
  }
  let between = '';
  for (const { pool, account } of told.values()) {
    const sessions = audit.sessions
      .filter(
        (each) => poolLabel(each.pool) === pool && each.logins.some((login) => login.account === account),
      )
      .sort((a, b) => (a.start < b.start ? -1 : 1));
    const once = (values: readonly (string | null)[]): string =>
      [...new Set(values.filter((value) => value !== null && value !== ''))].join(comma);
    const sum = (of: 'submitted' | 'accepted'): number => totalOf(sessions, ({ shares }) => shares[of]);
    const logins = sessions.flatMap((each) => each.logins.filter((login) => login.account === account));
    const facts: readonly (readonly [name: string, value: string])[] = [
      [letter.account, account],
      [letter.workers, once(logins.map(({ worker }) => worker && workerName(worker, text)))],
      [letter.work, once(sessions.flatMap(({ coin, algorithm }) => [coin, algorithm]))],
      [letter.servers, once(sessions.flatMap(serversOf))],
      [letter.program, once(sessions.map(({ agent }) => agent))],
      [letter.times, utc(sessions[0]?.start ?? '', latest(sessions))],
      [
        letter.sum,
        `${count.sessions(sessions.length)}${comma}${letter.shares(sum('submitted'), sum('accepted'))}`,
      ],
    ];
    const lines = [
      `To: ${letter.contact(pool)}`,
      `Subject: ${letter.subject(account)}`,
      '',
      ...wrap(letter.what(pool), WIDEST),
      '',
      ...facts.flatMap(([name, value]) => (value === '' ? [] : [`${name}${colon}${value}`])),
      '',
      ...wrap(letter.list, WIDEST),
      '',
      ...sessions.slice(0, MOST_SESSIONS).flatMap((session) => sessionLines(session, letter)),
      ...(sessions.length > MOST_SESSIONS ? [letter.more(sessions.length - MOST_SESSIONS)] : []),
      '',
      ...letter.ask.flatMap((line) => wrap(line, WIDEST)),
      '',
      ...evidenceLines(audit, sessions, letter),
      letter.sign,
    ];
    yield `${between}${lines.map((line) => escapeTerminal(line)).join('\n')}\n`;
    between = `\n${'-'.repeat(WIDEST)}\n\n`;
  }
}

type Letter = ReturnType<typeof catalogueOf>['letter'];

function serversOf({ pool }: AuditSession): string[] {
  const at = poolEnd(pool);
  if (pool.ip === '' || pool.names.length === 0) return [at];
  return pool.names.map((name) => `${name}:${pool.port} (${at})`);
}

/** Whatever zone reports are in: a pool's logs are compared with it. */
const utc = (start: string, end: string): string => catalogueOf('en').figures.span(start, end, 'UTC');

function latest(sessions: readonly AuditSession[]): string {
  return distinct(sessions.map(({ end }) => end)).at(-1) ?? '';
}

/** The session; and if it has several connections, each with its own port and times: an address has other users in between. */
function sessionLines(session: AuditSession, letter: Letter): string[] {
  const { miner, pool, via, start, end, shares, connections, more = 0 } = session;
  const hops = via.filter(({ kind }) => kind !== 'proxy-protocol');
  // If both legs were seen, the pool has the ports of the proxy in its log.
  const isProxied = hops.some(({ traffic }) => traffic !== undefined);
  const last = hops.length - 1;
  const ours = (port: number | null): string => {
    const at = (ip: string, own: number, isLast: boolean): string =>
      isLast ? (port === null ? ip : endpointText(ip, port)) : endpointText(ip, own);
    return [
      at(miner.ip, miner.port, !isProxied),
      ...hops.map((hop, i) => at(hop.ip, hop.port, isProxied && i === last)),
    ].join(' → ');
  };
  // The pool sees the last of them, or what that is translated to.
  const hidden = isPublic((hops.at(-1) ?? miner).ip) ? '' : ` ${letter.hidden}`;
  const count = connections.length + more;
  const from = `${ours(count > 1 ? null : (connections[0]?.port ?? miner.port))}${hidden}`;
  const work = letter.shares(shares.submitted, shares.accepted);
  const line = `- ${utc(start, end)}, ${from} → ${poolEnd(pool)}, ${work}`;
  if (count <= 1) return [line];
  return [
    `${line}, ${letter.connections(count)}`,
    ...connections.map((one) => `  - ${utc(one.start, one.end)}, ${ours(one.port)}`),
    ...(more > 0 ? [`  ${letter.moreConnections(more)}`] : []),
  ];
}

/** Inputs by their hashes: what will be shown later is what was seen. */
function* evidenceLines(
  { inputs }: Audit,
  sessions: readonly AuditSession[],
  letter: Letter,
): Generator<string> {
  const [start, end] = [sessions[0]?.start ?? '', latest(sessions)];
  const hashed = inputs.filter(
    ({ sha256, first, last }) => sha256 !== null && (first ?? '') <= end && (last ?? '~') >= start,
  );
  if (hashed.length === 0) return;
  yield* wrap(letter.evidence, WIDEST);
  for (const { sha256 } of hashed.slice(0, MOST_RECORDINGS)) yield `  ${sha256}`;
  if (hashed.length > MOST_RECORDINGS) yield `  ${letter.moreRecordings(hashed.length - MOST_RECORDINGS)}`;
  yield '';
}

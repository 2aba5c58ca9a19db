/** The sessions of one host as a table: with whom, in what protocol and algorithm, under which account, how much work. */
import { endpointText } from '../../address.ts';
import type { AuditHost, AuditSession } from '../../audit/audit.ts';
import { poolEnd } from '../../audit/pool-end.ts';
import type { ReportText } from '../../statements/codes.ts';
import { grouped, si, significant } from '../../statements/figures.ts';
import { ends, workerName } from '../rows.ts';
import { below, type Content, foreign, html, type Markup, phrase, table } from './markup.ts';

const SESSIONS_AT_MOST = 12;
const LOGINS_AT_MOST = 6;
const SILENCES_AT_MOST = 3;

/** The first sessions, and a word about the others. */
export function sessionTable(
  host: AuditHost,
  sessions: readonly AuditSession[],
  zone: string,
  text: ReportText,
): Markup {
  const { details: words } = text.page;
  if (sessions.length === 0) return html`<p>${words.noSessions}</p>`;
  // What a scanner tried is one line, however many ends there were.
  const tried = host.roles.includes('scanner')
    ? sessions.filter(({ verdict }) => verdict === 'attempted')
    : [];
  const others = sessions.filter((session) => !tried.includes(session));
  const shown = others.slice(0, SESSIONS_AT_MOST);
  const more = others.length - shown.length;
  const folded =
    tried.length === 0
      ? null
      : html`<p>${words.tried(tried.length, new Set(tried.map(({ pool }) => poolEnd(pool))).size)}</p>`;
  if (shown.length === 0) return html`${folded}`;
  return html`${folded}${table(
    words.sessions,
    [
      [words.time, ({ start, end }) => text.figures.span(start, end, zone)],
      [words.pool, (session) => endpoint(session, host, text)],
      [words.protocol, (session) => protocol(session, text)],
      [words.algorithm, (session) => algorithm(session, text)],
      [words.login, (session) => logins(session, text)],
      [words.shares, (session) => shares(session, zone, text), 'figure'],
      [words.difficulty, (session) => difficulty(session, text), 'figure'],
      [words.rate, (session) => rates(session, text), 'figure'],
    ],
    shown,
  )}${shown.some(isUnpriced) ? html`<p class="note">${words.seenNote}</p>` : null}${more > 0 ? html`<p class="note">${words.moreSessions(more)}</p>` : null}`;
}

/** Shares were counted, and nobody says what they are worth. */
function isUnpriced({ sharesSeen, hashrate }: AuditSession): boolean {
  return sharesSeen != null && hashrate.length === 0;
}

function endpoint({ pool, miner, via }: AuditSession, host: AuditHost, { page }: ReportText): Content {
  const [name] = pool.names;
  // Seen from a pool server of the own networks, the other side is the miner.
  if (pool.ip === host.ip && miner.ip !== host.ip) return foreign(endpointText(miner.ip, miner.port));
  return [
    pool.pool === null ? '' : [foreign(pool.pool), html`<br>`],
    name === undefined || pool.ip === '' ? '' : [foreign(`${name}:${pool.port}`), html`<br>`],
    html`<small>${foreign(poolEnd(pool))}</small>`,
    via.map((each) => [
      html`<br>`,
      `${page.details.via} `,
      foreign(`${each.kind} ${endpointText(each.ip, each.port)}`),
    ]),
  ];
}

function protocol({ dialect, transport, reason }: AuditSession, text: ReportText): Content {
  return [dialect, below(transport), below(reason === undefined ? null : foreign(text.translate(reason)))];
}

function algorithm(
  { algorithm: name, algorithmSource, coin, agent }: AuditSession,
  text: ReportText,
): Content {
  return [
    name === null ? '–' : foreign(name),
    coin === null ? '' : [' (', foreign(coin), ')'],
    below(algorithmSource === null ? null : text.word(algorithmSource)),
    below(agent === null ? null : foreign(agent)),
  ];
}

function logins({ logins: rows }: AuditSession, text: ReportText): Content {
  const { page } = text;
  const [first] = rows;
  if (first === undefined) return '–';
  const workers = rows.flatMap(({ worker }) => worker ?? []).slice(0, LOGINS_AT_MOST);
  const more = rows.length - LOGINS_AT_MOST;
  return [
    phrase(ends(first.account)),
    workers.map((worker) => [html`<br>`, foreign(workerName(worker, text))]),
    below(more > 0 ? page.other(more) : null),
  ];
}

function shares(
  { shares: count, sharesSeen, sharesUncounted }: AuditSession,
  zone: string,
  text: ReportText,
): Content {
  const { page } = text;
  if (sharesSeen != null) return seen(sharesSeen, zone, text);
  if (sharesUncounted !== undefined) return ['–', below(page.details.padded)];
  if (count.submitted === 0) return '–';
  const { accepted, rejected, stale, unanswered } = count;
  const shown = page.details.sharesOf(
    grouped(accepted),
    grouped(rejected),
    grouped(stale),
    grouped(unanswered),
  );
  return [grouped(count.submitted), below(shown)];
}

/** Shares that were counted, and the course of the session. */
function seen(
  { submitted, accepted, acceptedLow, rejected, pacePerMinute, ...course }: Seen,
  zone: string,
  { page: { details: words }, semicolon, bracketed, figures }: ReportText,
): Content {
  const { low, central, high } = submitted;
  const said = [
    words.sharesSeen(
      figures.range(acceptedLow ?? accepted, accepted),
      grouped(rejected),
      significant(pacePerMinute),
    ),
    ...(course.connections.length > 1 ? [words.connections(course.connections.length)] : []),
    ...course.silences
      .slice(0, SILENCES_AT_MOST)
      .map(({ start, end }) => words.silent(figures.span(start, end, zone))),
  ];
  const range = low === high ? grouped(central) : `${grouped(central)}${bracketed(figures.range(low, high))}`;
  return [range, below(said.join(semicolon))];
}

type Seen = NonNullable<AuditSession['sharesSeen']>;

function difficulty({ difficulty: values }: AuditSession, { page }: ReportText): Content {
  const last = values[values.length - 1];
  if (last === undefined) return '–';
  const shown =
    last.hashesPerShare === null
      ? `(${significant(last.difficultyUnits ?? 0)})`
      : si(last.hashesPerShare, '');
  return [shown, below(values.length === 1 ? null : page.details.changes(values.length))];
}

function rates({ hashrate, modelled }: AuditSession, text: ReportText): Content {
  const worth = modelled?.notes.find(({ code }) => code === 'rate-if');
  const shown = hashrate.map((rate, i) => [
    i > 0 ? html`<br>` : '',
    text.figures.hashrate(rate),
    below(text.basis[rate.basis]),
  ]);
  if (shown.length === 0) return '–';
  return [shown, below(worth === undefined ? null : foreign(text.translate(worth)))];
}

/**
 * A night: what is known before it and the audit of it to what is known after it, and the news. Nights may come late or
 * twice: a night stands in a case once, and one that is older than the last changes no state but by what was seen in it.
 */
import { createHash } from 'node:crypto';
import { type Audit, type AuditUndecided, VERDICTS, type Verdict } from '../audit/audit.ts';
import { isAtLeast } from '../audit/miners.ts';
import { isSameMachine, mayBeSameMachine } from '../machines/lease.ts';
import { compareText } from '../order.ts';
import { type Accepted, acceptedRow } from './accept.ts';
import {
  type Case,
  type CaseNight,
  type Cases,
  NEWS_KINDS,
  type News,
  type NewsKind,
  type NewsReason,
  NIGHT_SCHEMA,
  NIGHTS_KEPT,
  type Night,
} from './case.ts';
import { type Observation, observationsOf } from './observations.ts';

export interface NightOptions {
  /** News of this verdict or a stronger one count for the exit status. */
  readonly failOn: Verdict;
  /** So many nights without the machine in which nothing of it stayed open, and its case is gone. */
  readonly goneAfter: number;
  /** IANA name of the zone of days. */
  readonly zone: string;
  /** True if some input was damaged: the night counts, but closes nothing. */
  readonly damaged: boolean;
  /** Conversations that could not be judged which are listed; null if they are not asked for. */
  readonly undecided?: number | null;
  /** True if news alone count for the exit status, and not cases that stand. */
  readonly failOnNew?: boolean;
  /** Machines that are accepted, whatever their cases say. */
  readonly accepted?: readonly Accepted[];
  /** So many new pairs of them count for the exit status; null: none do. */
  readonly failOnUndecided?: number | null;
}

/** Rates are compared with those of so many nights before. */
const WEEK = 7;
/** From this many times the rate of the week on it is worse. */
const WORSE = 2;
/** A machine without a lease is the one that had its address, if that was seen so many nights ago at most. */
const ADDRESS_NIGHTS = 7;

/** Takes the night in. Changes `known`. The audit must be of some time, and of all hosts. */
export function addNight(known: Cases, audit: Audit, options: NightOptions): Night {
  const date = dateOf(audit, options.zone);
  const complete = audit.coverage.complete && !audit.partial && !options.damaged;
  // Weaker ones are kept as well, so that they can become worse.
  const least = isAtLeast('suspected', options.failOn) ? options.failOn : 'suspected';
  const news: News[] = [];
  const seen = new Set<Case>();
  for (const observation of observationsOf(audit, date, least)) {
    const found = caseOf(known, observation, seen);
    const before = found?.verdict ?? null;
    const reason = found === null ? 'first-seen' : reasonOf(found, observation);
    const about = found ?? opened(observation);
    if (found === null) known.cases.push(about);
    else update(found, observation, reason);
    keepNight(about, observation.night);
    seen.add(about);
    if (reason !== null) news.push(newsOf(about, observation, reason, before));
  }
  const earlier = known.nights.find((night) => night.date === date);
  // What others did is no matter of a case: the night counts if it was read.
  const isCounted = !audit.partial && !options.damaged;
  if (earlier === undefined) known.nights.push({ date, complete: isCounted });
  else earlier.complete ||= isCounted;
  known.nights.sort((a, b) => compareText(a.date, b.date));
  const dropped = known.nights.splice(0, known.nights.length - NIGHTS_KEPT).at(-1)?.date ?? '';
  known.cases = known.cases.filter(({ nights }) => (nights.at(-1)?.date ?? '') > dropped);
  const changed = audit.window.end ?? audit.generated;
  const open = openOf(known, audit, date, options.undecided ?? null);
  const stillOpen = new Set(audit.coverage.undecided?.map(({ client }) => client));
  for (const about of known.cases) {
    if (seen.has(about)) continue;
    if (hasEnded(about, date)) reopen(about, 'open', changed);
    if (stillOpen.has(about.machine.ip))
      about.stayedOpen = [...(about.stayedOpen ?? []), date].slice(-NIGHTS_KEPT);
    else if (isCounted && isGone(about, known, options.goneAfter)) {
      Object.assign(about, { state: 'gone', changed });
      news.push(goneNews(about));
    }
  }
  const isAccepted = (about: Pick<Case, 'id' | 'machine'>): boolean =>
    (acceptedRow(options.accepted ?? [], about)?.until ?? '') >= date;
  const told = news.filter((each) => isAtLeast(each.case.verdict, options.failOn) && !isAccepted(each.case));
  const openCases = known.cases
    .filter(
      ({ state, verdict }) => (state === 'open' || state === 'back') && isAtLeast(verdict, options.failOn),
    )
    .filter((about) => !isAccepted(about))
    .map(({ nights: _, ...about }) => structuredClone(about));
  const rest = known.cases.filter(({ id }) => !told.some((each) => each.case.id === id));
  const isAllowed = (about: Case): boolean => about.state === 'acknowledged' || isAccepted(about);
  const mined = rest.filter((about) => seen.has(about) && !isAllowed(about));
  const verdictRank = (each: News): number => VERDICTS.indexOf(each.case.verdict);
  const rank = ({ kind }: News): number => NEWS_KINDS.indexOf(kind);
  return {
    schema: NIGHT_SCHEMA,
    tool: audit.tool,
    generated: audit.generated,
    date,
    window: { start: audit.window.start, end: audit.window.end },
    complete,
    damaged: options.damaged,
    threshold: options.failOn,
    matched:
      (options.failOnNew === true ? told : openCases).length > 0 ||
      (options.failOnUndecided != null && open.fresh >= options.failOnUndecided),
    news: told.sort(
      (a, b) => rank(a) - rank(b) || verdictRank(a) - verdictRank(b) || (b.watts ?? 0) - (a.watts ?? 0),
    ),
    openCases: openCases.sort(
      (a, b) => VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict) || compareText(a.id, b.id),
    ),
    open,
    rest: {
      mining: mined.filter(({ verdict }) => isAtLeast(verdict, options.failOn)).length,
      weaker: mined.filter(({ verdict }) => !isAtLeast(verdict, options.failOn)).length,
      acknowledged: rest.filter(isAllowed).length,
      unseen: rest.filter(
        (about) =>
          !seen.has(about) && !isAccepted(about) && (about.state === 'open' || about.state === 'back'),
      ).length,
      closed: rest.filter(
        (about) => !isAccepted(about) && (about.state === 'gone' || about.state === 'closed'),
      ).length,
    },
  };
}

/** Pairs that are remembered. */
const MOST_PAIRS = 100_000;

/** What could not be judged in the night, of which pairs of hosts, and which of these are new. Changes `known`. */
function openOf(known: Cases, { coverage }: Audit, date: string, most: number | null): Night['open'] {
  const before = known.pairs ?? {};
  const pairs = new Map(Object.entries(before));
  const fresh: AuditUndecided[] = [];
  const now = new Set<string>();
  for (const each of coverage.undecided ?? []) {
    const pair = `${each.client} ${each.server} ${each.port} ${each.transport}`;
    if (!now.has(pair) && before[pair] === undefined) fresh.push(each);
    now.add(pair);
    pairs.delete(pair);
    pairs.set(pair, date);
  }
  known.pairs = Object.fromEntries([...pairs].slice(-MOST_PAIRS));
  return { pairs: now.size, fresh: fresh.length, longest: fresh.slice(0, most ?? 0) };
}

/** The day on which most of the traffic lies: that of the middle of its time. */
function dateOf({ window, generated }: Audit, zone: string): string {
  const middle =
    window.start === null || window.end === null
      ? Date.parse(generated)
      : (Date.parse(window.start) + Date.parse(window.end)) / 2;
  // Swedish writes dates as ISO 8601 does.
  return new Intl.DateTimeFormat('sv', { timeZone: zone }).format(middle);
}

/** The case of a machine; null if it has none. */
function caseOf({ cases }: Cases, { machine, night }: Observation, seen: ReadonlySet<Case>): Case | null {
  const isKnown = isNamed({ machine });
  const same = cases.find((about) => isKnown && isNamed(about) && isSameMachine(about.machine, machine));
  if (same !== undefined) return same;
  // No lease tells now, or none did: it is whoever had the address last, if that is not long ago.
  const isNear = ({ nights }: Case): boolean =>
    Math.abs(Date.parse(night.date) - Date.parse(nights.at(-1)?.date ?? '')) <= ADDRESS_NIGHTS * 86_400_000;
  const [last = null] = cases
    .filter(
      (about) =>
        about.machine.ip === machine.ip &&
        !seen.has(about) &&
        mayBeSameMachine(about.machine, machine) &&
        (isNear(about) || (!isKnown && !isNamed(about))),
    )
    .sort((a, b) => compareText(b.lastSeen, a.lastSeen));
  return last;
}

function isNamed({ machine: { mac, hostname, user } }: Pick<Case, 'machine'>): boolean {
  return mac !== null || hostname !== null || user !== null;
}

function opened({ machine, night, owner, firstSeen, lastSeen }: Observation): Case {
  const key = JSON.stringify([machine.mac ?? machine.hostname ?? machine.user ?? machine.ip, firstSeen]);
  return {
    id: createHash('sha256').update(key).digest('hex').slice(0, 8),
    machine,
    opened: firstSeen,
    lastSeen,
    state: 'open',
    changed: firstSeen,
    until: null,
    because: null,
    by: null,
    verdict: night.verdict,
    owner: ownerOf(owner),
    kwh: 0,
    nights: [],
  };
}

function ownerOf({
  class: kind,
  name,
  department = null,
  contact = null,
}: Observation['owner']): Case['owner'] {
  return { class: kind, name, department, contact };
}

/** Why a known case is news; null if it is none. */
function reasonOf(about: Case, { night, lastSeen }: Observation): NewsReason | null {
  const isLater = lastSeen > about.changed;
  if (about.state === 'acknowledged') return hasEnded(about, night.date) ? 'acknowledgement-ended' : null;
  if ((about.state === 'gone' || about.state === 'closed') && isLater) return 'seen-again';
  if (about.state === 'closed') return null;
  if (!isAtLeast(about.verdict, night.verdict)) return 'stronger';
  return isFaster(about, night) ? 'faster' : null;
}

/** True if the rate is twice the mean of the week before, and beyond doubt more than ever in it: else it was told already. */
function isFaster({ nights }: Case, night: CaseNight): boolean {
  const week = nights
    .filter(
      ({ date, algorithm, unit }) =>
        date < night.date && algorithm === night.algorithm && unit === night.unit,
    )
    .slice(-WEEK)
    .flatMap(({ rate }) => rate ?? []);
  if (night.rate === null || week.length === 0) return false;
  const mean = week.reduce((sum, rate) => sum + rate, 0) / week.length;
  return night.rate >= WORSE * mean && (night.low95 ?? night.rate / WORSE) > Math.max(...week);
}

function update(
  about: Case,
  { machine, night, owner, firstSeen, lastSeen }: Observation,
  reason: NewsReason | null,
): void {
  if (reason === 'seen-again') reopen(about, 'back', lastSeen);
  if (reason === 'acknowledgement-ended') reopen(about, 'open', lastSeen);
  if (!isAtLeast(about.verdict, night.verdict)) about.verdict = night.verdict;
  if (firstSeen < about.opened) about.opened = firstSeen;
  if (lastSeen < about.lastSeen) return;
  about.lastSeen = lastSeen;
  const { ip, mac, hostname, user } = machine;
  const known = about.machine;
  about.machine = {
    ip,
    mac: mac ?? known.mac,
    hostname: hostname ?? known.hostname,
    user: user ?? known.user,
  };
  about.owner = ownerOf(owner);
}

/** The night in the case: of the same night twice, or of a part that came late, what is more. */
function keepNight(about: Case, night: CaseNight): void {
  const known = about.nights.find(({ date }) => date === night.date);
  if (known === undefined) {
    about.nights.push(night);
    about.nights.sort((a, b) => compareText(a.date, b.date));
    about.nights.splice(0, about.nights.length - NIGHTS_KEPT);
    about.kwh += night.kwh ?? 0;
    return;
  }
  const kwh = Math.max(known.kwh ?? 0, night.kwh ?? 0);
  about.kwh += kwh - (known.kwh ?? 0);
  const isMore = (night.rate ?? 0) > (known.rate ?? 0) || known.rate === null;
  const verdict = isAtLeast(known.verdict, night.verdict) ? known.verdict : night.verdict;
  Object.assign(known, isMore ? night : {}, {
    verdict,
    kwh: known.kwh === null && night.kwh === null ? null : kwh,
  });
}

/** True if the case was acknowledged until a day before this one. */
function hasEnded({ state, until }: Case, date: string): boolean {
  return state === 'acknowledged' && until !== null && until < date;
}

function reopen(about: Case, state: 'open' | 'back', changed: string): void {
  Object.assign(about, { state, changed, until: null, because: null, by: null });
}

function isGone({ state, nights, stayedOpen = [] }: Case, known: Cases, goneAfter: number): boolean {
  if (state !== 'open' && state !== 'back') return false;
  const last = nights.at(-1)?.date ?? '';
  const counted = known.nights.filter(
    ({ date, complete }) => complete && date > last && !stayedOpen.includes(date),
  );
  return counted.length >= goneAfter;
}

function newsOf(
  about: Case,
  { night, account, watts, action }: Pick<Observation, 'night' | 'account' | 'watts' | 'action'>,
  reason: NewsReason,
  before: Verdict | null,
): News {
  const { nights: _, ...shown } = structuredClone(about);
  return { kind: KINDS[reason], reason, before, account, watts, action, case: shown, night };
}

const KINDS: Readonly<Record<NewsReason, NewsKind>> = {
  'first-seen': 'new',
  'seen-again': 'back',
  'acknowledgement-ended': 'back',
  stronger: 'worse',
  faster: 'worse',
  'not-seen': 'gone',
};

function goneNews(about: Case): News {
  const night = structuredClone(about.nights.at(-1));
  if (night === undefined) throw new Error(`case ${about.id} has no night`);
  const seen = { night, account: null, watts: null, action: 'confirm-gone' } as const;
  return newsOf(about, seen, 'not-seen', about.verdict);
}

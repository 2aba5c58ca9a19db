/**
 * The first screen of an audit on a terminal: in one sentence what was found, then each machine in two lines (which, whose, since
 * when, how sure; how much, where, whom to ask), what was seen and is no mining, power with its denominator, what was judged,
 * and what to do next. The table of addresses with all totals is --wide (table.ts).
 */
import type { Audit, AuditHost, AuditMachine, AuditSession, HashrateRow } from '../audit/audit.ts';
import { VERDICTS } from '../audit/audit.ts';
import { allNotJudged, conversationsOf, isNothingJudged } from '../audit/judged.ts';
import { machineRows } from '../audit/machine-rows.ts';
import { isAtLeast, isMiner, isMinersProxy, isPoolServer } from '../audit/miners.ts';
import { servedBy } from '../audit/totals.ts';
import { escapeTerminal } from '../escape.ts';
import { distinct, groupBy, totalOf } from '../order.ts';
import { catalogueOf } from '../statements/catalogue.ts';
import type { ReportText } from '../statements/codes.ts';
import { clock, sideBySide } from '../statements/figures.ts';
import { DAMAGED_NAMED, type ReportOptions } from './format.ts';
import { type Paint, painter, VERDICT_COLORS } from './paint.ts';
import { sessionsByAddress } from './rows.ts';
import { selectedHosts } from './selection.ts';
import {
  coverageText,
  creditsOf,
  doubtsOf,
  headline,
  inputsText,
  reasonsText,
  undecidedTexts,
} from './summary.ts';
import { extrapolatedFrom } from './survey.ts';
import { padEnd, widthOf, wrap } from './width.ts';

/** Names told in a sentence; of more, how many. */
const NAMED = 4;
const NOTES_SHOWN = 3;
/** Kinds of evidence that no message gives. */
const BEHAVIOUR = new Set(['behaviour', 'mining-marks']);
const IS_MARK = /^pseudonyms-/;
/** Columns of a machine's lines: its end must not be far from its beginning. */
const WIDEST_ENTRY = 100;
/** Below this an owner has a line of its own. */
const NARROWEST_OWNER = 10;
/** A window of at most so many days says days of the week. */
const DAYS_OF_WEEK = 14;
const GAP = '  ';
/** What no shell reads as anything but a name. */
const PLAIN_WORD = /^[\w][\w.:-]*$/;

/** A fact in shorter and shorter forms. */
type Fact = readonly string[];

/** A machine as the screen prints it. */
interface Entry {
  readonly machine: AuditMachine;
  readonly who: string;
  /** The same without a hardware address, for which the owner is better said. */
  readonly shortWho: string;
  readonly owner: string;
  readonly since: string;
  readonly verdict: string;
  /** What is said first must be said; the last are left out if there is no room. */
  readonly facts: readonly Fact[];
  /** How many of the last may be left out. */
  readonly spare: number;
  readonly ask: string;
}

/** The screen, lines of at most `options.width` columns. */
export function* renderScreen(whole: Audit, options: ReportOptions, width: number): Generator<string> {
  // Whoever makes an audit by hand may leave the machines out.
  const audit = whole.machines.length > 0 ? whole : { ...whole, machines: machineRows(whole).rows };
  const text = catalogueOf(options.language);
  const paint = painter(options);
  const said = (sentence: string): string => `${wrap(escapeTerminal(sentence), width).join('\n')}\n`;
  for (const doubt of doubtsOf(audit, text)) yield `${said(doubt)}\n`;
  const passing = passingOn(audit);
  const mining = miningMachines(audit, passing, options);
  yield paint('1', said(firstSentence(audit, passing, text)));
  if (audit.window.start !== null) yield said(whenText(audit.window, options, text));
  const most = options.selection?.top ?? options.screen?.most ?? mining.length;
  const hosts = new Map(audit.hosts.map((host) => [host.ip, host]));
  const sessions = sessionsByAddress(audit);
  const entries = mining
    .slice(0, most)
    .map((machine) => entryOf(machine, hosts, sessions, audit.window, options, text));
  const isQuiet = mining.length === 0;
  const more = mining.length - entries.length;
  const power = isQuiet ? [] : powerTexts(audit, passing, text);
  // Totals of more machines than are shown stand above them.
  if (more > 0) for (const sentence of power) yield said(sentence);
  if (entries.length > 0) yield '\n';
  yield* entryLines(entries, Math.min(width, WIDEST_ENTRY), paint, text.comma);
  if (more > 0) yield said(text.screen.more(more, mining.length));
  yield '\n';
  const below = [
    ...otherTexts(audit, passing, text),
    ...(more > 0 ? [] : power),
    ...(isQuiet ? quietTexts(audit, text) : judgedTexts(audit, text)),
    ...undecidedTexts(audit, text),
    ...doubtfulInputs(audit, text),
    // Licences of data ask for it.
    ...creditsOf(audit).map((credit) => `${text.label.sources}${text.colon}${credit}`),
    ...nextTexts(audit, mining, options, text),
  ];
  for (const sentence of below) yield said(sentence);
}

/** Machines that mine or may mine, in the order in which their hosts are asked for. */
function miningMachines(audit: Audit, passing: Machines, { selection }: ReportOptions): AuditMachine[] {
  const all = selection === undefined ? undefined : { ...selection, top: null };
  const rank = new Map(selectedHosts(audit, all).map(({ ip }, i) => [ip, i]));
  const rankOf = ({ addresses }: AuditMachine): number =>
    Math.min(...addresses.map(({ ip }) => rank.get(ip) ?? Number.MAX_SAFE_INTEGER));
  return audit.machines
    .filter((machine) => isAtLeast(machine.verdict, 'suspected') && !passing.has(machine))
    .map((machine) => ({ machine, rank: rankOf(machine) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ machine }) => machine);
}

type Machines = ReadonlySet<AuditMachine>;

/** Proxies whose miners are in the audit themselves. */
function passingOn({ machines, sessions }: Audit): Machines {
  const served = servedBy(sessions);
  return new Set(
    machines.filter(
      (machine) => isMinersProxy(machine) && machine.addresses.every(({ ip }) => served.has(ip)),
    ),
  );
}

/** How many machines have which verdict, and how many conversations could not be judged. */
function firstSentence(audit: Audit, passing: Machines, text: ReportText): string {
  const { inputs, coverage } = audit;
  const machines = audit.machines.filter((machine) => !passing.has(machine));
  if (machines.length === 0) return headline(audit, text);
  const isMining = machines.some(({ verdict }) => isAtLeast(verdict, 'suspected'));
  const counts = VERDICTS.flatMap((verdict) => {
    const n = machines.filter((machine) => machine.verdict === verdict).length;
    return n === 0 || isAtLeast(verdict, 'suspected') !== isMining
      ? []
      : [{ n, verdict: text.verdict[verdict] }];
  });
  const words = counts.map(({ n, verdict }, i) => text.screen.counted(n, verdict, i === 0)).join(text.comma);
  const left = allNotJudged(coverage.judged).conversations;
  const open = text.screen.open(left, conversationsOf(coverage.judged), inputs.at(-1)?.hostsNotJudged ?? 0);
  if (!isMining) return text.screen.traces(words, open);
  // A suspicion accuses nobody.
  const isProven = machines.some(({ verdict }) => isMiner(verdict));
  return isProven ? text.screen.mining(words, open) : text.screen.possible(words, open);
}

/** The window to the minute, and what of it was watched. */
function whenText(
  { start, end, seconds, observedSeconds }: Audit['window'],
  { zone }: ReportOptions,
  text: ReportText,
): string {
  if (start === null || end === null) return '';
  const digits = seconds < 600 ? 19 : 16;
  const [from, to] = [clock(start, zone).slice(0, digits), clock(end, zone).slice(0, digits)];
  const until = from.slice(0, 10) === to.slice(0, 10) ? to.slice(11) : to;
  const length = text.figures.duration(seconds);
  const watched =
    observedSeconds >= 0.99 * seconds
      ? ''
      : `${text.comma}${text.summary.observed(text.figures.duration(observedSeconds))}`;
  return `${text.figures.between(from, until)} ${zone}${text.bracketed(`${length}${watched}`)}`;
}

function entryOf(
  machine: AuditMachine,
  hosts: ReadonlyMap<string, AuditHost>,
  sessions: ReadonlyMap<string, AuditSession[]>,
  window: Audit['window'],
  options: ReportOptions,
  text: ReportText,
): Entry {
  const last = machine.addresses.at(-1)?.ip ?? machine.id;
  const host = hosts.get(last);
  const [name, other] = callsOf(machine);
  const contact = host?.owner.contact ?? null;
  return {
    machine,
    who: escapeTerminal(other === undefined ? name : `${name}${text.bracketed(other)}`),
    shortWho: escapeTerminal(
      other === undefined || machine.basis === 'hardware' ? name : `${name}${text.bracketed(other)}`,
    ),
    owner: ownerText(host, text),
    since: text.screen.since(sinceText(machine.firstSeen, window, options)),
    verdict: text.verdict[machine.verdict],
    ...factsOf(machine, host, sessionsOf(machine, sessions), text),
    ask: contact === null ? '' : escapeTerminal(text.screen.ask(contact)),
  };
}

/** What people call the machine, best first: a name, its last address; its hardware address if frames alone tell that. */
function callsOf({ id, basis, names, addresses }: AuditMachine): string[] {
  const last = addresses.at(-1)?.ip ?? id;
  const [name] = names;
  if (name === undefined) return [last];
  return basis === 'hardware' ? [last, name] : [name, last];
}

/** Sessions of the machine: of an address that several had one after another, those of its time. */
function sessionsOf(
  { addresses }: AuditMachine,
  sessions: ReadonlyMap<string, AuditSession[]>,
): AuditSession[] {
  return distinct(addresses.map(({ ip }) => ip)).flatMap((own) =>
    (sessions.get(own) ?? []).filter(
      ({ miner, start }) =>
        miner.ip === own && addresses.some(({ ip, from, to }) => ip === own && start >= from && start <= to),
    ),
  );
}

function ownerText(host: AuditHost | undefined, text: ReportText): string {
  if (host === undefined) return '';
  const { department, name, class: ownerClass } = host.owner;
  if (department != null) return escapeTerminal(department);
  return name === null || ownerClass === 'unknown' ? '' : escapeTerminal(text.word(name));
}

/** A day of the week and a time; in a long window the day; in a short one the time. */
function sinceText(time: string, window: Audit['window'], { zone, language }: ReportOptions): string {
  const shown = clock(time, zone);
  if (window.seconds > DAYS_OF_WEEK * 86_400 || window.start === null) return shown.slice(0, 10);
  const isOneDay = clock(window.start, zone).slice(0, 10) === clock(window.end ?? time, zone).slice(0, 10);
  if (isOneDay) return shown.slice(11, 16);
  const day = new Intl.DateTimeFormat(language, { weekday: 'short', timeZone: zone }).format(new Date(time));
  return `${day} ${shown.slice(8, 16)}`;
}

/** What is known of it, each with shorter and shorter forms; empty ones are not said. */
function factsOf(
  { addresses, hashrate, power, pools, roles, verdict }: AuditMachine,
  host: AuditHost | undefined,
  sessions: readonly AuditSession[],
  text: ReportText,
): Pick<Entry, 'facts' | 'spare'> {
  const { screen, count, comma } = text;
  const rates = hashrate.filter(({ headline }) => headline);
  const rate =
    (isShort: boolean) =>
    (row: HashrateRow): string => {
      const { algorithm, basis } = row;
      const words = [
        isShort ? text.figures.shortRate(row) : text.figures.hashrate(row),
        ...(isShort ? [] : [algorithm]),
        ...(basis === 'shares' || basis === 'counter' ? [] : [text.basis[basis]]),
      ];
      return sideBySide(words);
    };
  const roleWords = roles.filter((role) => role !== 'miner').map((role) => text.role[role]);
  const isSealed = sessions.some(({ transport }) => transport === 'tls' || transport === 'noise');
  const proxies = distinct(
    sessions.flatMap(({ via }) => via.flatMap(({ ip, kind }) => (kind === 'proxy-protocol' ? [] : [ip]))),
  );
  const submitted = totalOf(sessions, ({ shares }) => shares.submitted);
  const counted = totalOf(sessions, ({ sharesSeen }) => sharesSeen?.submitted.central ?? 0);
  const [firstPool, ...otherPools] = pools;
  const pool =
    firstPool === undefined ? '' : `${firstPool}${otherPools.length > 0 ? ` +${otherPools.length}` : ''}`;
  const isByBehaviour =
    verdict === 'suspected' && (host?.evidence ?? []).every(({ kind }) => BEHAVIOUR.has(kind));
  const through = proxies.length === 0 ? '' : screen.through(proxies.slice(0, 2).join(comma));
  const facts: Fact[] = [
    ...(host?.owner.intent === 'hijacked' ? [[text.intent.hijacked]] : []),
    roleWords.length > 0 ? [roleWords.join(comma)] : [],
    rates.length === 0
      ? []
      : [
          rates.map(rate(false)).join(comma),
          rates.map(rate(true)).join(comma),
          `${rate(true)(rates[0])}${rates.length > 1 ? ` +${rates.length - 1}` : ''}`,
        ],
    // What is modelled stands in no line of measured figures.
    power === null || power.tier === 'C' ? [] : [text.figures.shortWatts(power)],
    pool === '' ? [] : [isByBehaviour ? screen.with(pool) : `${pool}${through}`],
    rates.length === 0 && isMiner(verdict) ? [isSealed ? screen.sealed : screen.noRate] : [],
  ];
  const lesser: Fact[] = [
    submitted > 0 ? [count.shares(submitted)] : counted > 0 ? [screen.sharesCounted(counted)] : [],
    addresses.length > 1 ? [count.addresses(distinct(addresses.map(({ ip }) => ip)).length)] : [],
  ];
  const isSaid = ([first = '']: Fact): boolean => first !== '';
  const spare = lesser.filter(isSaid);
  const escaped = [...facts.filter(isSaid), ...spare].map((forms) => forms.map(escapeTerminal));
  return { facts: escaped, spare: spare.length };
}

/** Two lines each, those of one kind below each other; what has no room goes down a line. */
function* entryLines(all: readonly Entry[], width: number, paint: Paint, comma: string): Generator<string> {
  const widest = (of: (entry: Entry) => string): number => Math.max(0, ...all.map((e) => widthOf(of(e))));
  const numbers = String(all.length).length;
  const lead = ' '.repeat(numbers + 1);
  const [since, verdict] = [widest((e) => e.since), widest((e) => e.verdict)];
  const ends = lead.length + GAP.length + since + GAP.length + verdict;
  const isRoomy = widest((e) => e.who) + GAP.length + widest((e) => e.owner) <= width - ends;
  const entries = isRoomy ? all : all.map((e) => ({ ...e, who: e.shortWho }));
  // One long address does not move the others: it has a line of its own.
  const whoRoom = width - ends;
  const who = Math.max(0, ...entries.map((e) => widthOf(e.who)).filter((w) => w <= whoRoom));
  const ownerRoom = Math.min(
    widest((e) => e.owner),
    width - ends - who - GAP.length,
  );
  const owner =
    ownerRoom >=
    Math.min(
      NARROWEST_OWNER,
      widest((e) => e.owner),
    )
      ? Math.max(0, ownerRoom)
      : 0;
  for (const [i, entry] of entries.entries()) {
    const isBeside = owner > 0 && widthOf(entry.owner) <= owner;
    const about = [
      ...(owner > 0 ? [padEnd(isBeside ? entry.owner : '', owner)] : []),
      padEnd(entry.since, since),
      paint(VERDICT_COLORS[entry.machine.verdict], entry.verdict),
    ].join(GAP);
    const head = `${String(i + 1).padStart(numbers)} `;
    if (widthOf(entry.who) <= who) yield `${head}${padEnd(entry.who, who)}${GAP}${about}\n`;
    else {
      for (const [n, line] of wrap(entry.who, width - lead.length).entries())
        yield `${n === 0 ? head : lead}${line}\n`;
      yield `${lead}${' '.repeat(Math.min(who, width - ends - (owner > 0 ? owner + GAP.length : 0)))}${GAP}${about}\n`;
    }
    const facts = isBeside || entry.owner === '' ? entry.facts : [[entry.owner], ...entry.facts];
    yield* factLines({ ...entry, facts }, `${lead}${GAP}`, width, comma);
  }
}

/** The facts, in the longest form that leaves room for whom to ask; else that has a line of its own. */
function* factLines(
  { facts, spare, ask }: Pick<Entry, 'facts' | 'spare' | 'ask'>,
  indent: string,
  width: number,
  comma: string,
): Generator<string> {
  const room = width - indent.length;
  const line = (form: number, leftOut: number): string =>
    facts
      .slice(0, facts.length - leftOut)
      .map((forms) => forms[Math.min(form, forms.length - 1)])
      .join(comma);
  const lines = [line(0, 0), line(1, 0), line(2, 0)];
  for (let leftOut = 1; leftOut <= spare; leftOut++) lines.push(line(1, leftOut), line(2, leftOut));
  const beside = lines.find((each) => widthOf(each) + GAP.length + widthOf(ask) <= room);
  if (beside !== undefined) {
    const said = ask === '' ? beside : `${padEnd(beside, room - widthOf(ask))}${ask}`;
    if (said !== '') yield `${indent}${said}\n`;
    return;
  }
  const alone = lines.find((each) => widthOf(each) <= room) ?? lines[2];
  for (const piece of wrap(alone, room)) yield `${indent}${piece}\n`;
  for (const piece of wrap(ask, room)) yield `${indent}${' '.repeat(room - widthOf(piece))}${piece}\n`;
}

/** What was seen and is no mining: look-ups, contacts, attempts, scanners, proxies, servers. */
function otherTexts(audit: Audit, passing: Machines, text: ReportText): string[] {
  const { screen } = text;
  const weak = audit.machines.filter(
    (machine) => !isAtLeast(machine.verdict, 'suspected') || passing.has(machine),
  );
  const evidenceOf = new Map(audit.hosts.map(({ ip, evidence }) => [ip, evidence]));
  const groups = groupBy(weak, ({ verdict, roles, addresses }): keyof ReportText['screen']['other'] => {
    if (roles.includes('proxy')) return 'proxy';
    if (roles.includes('scanner')) return 'scanner';
    if (roles.includes('monitor')) return 'monitor';
    if (verdict === 'attempted') return 'attempted';
    const kinds = addresses.flatMap(({ ip }) => evidenceOf.get(ip) ?? []).map(({ kind }) => kind);
    return kinds.length > 0 && kinds.every((kind) => kind === 'dns-lookup') ? 'lookedUp' : 'contacted';
  });
  const rows: [keyof ReportText['screen']['other'], string[]][] = [...groups].map(([why, machines]) => [
    why,
    machines.map((machine) => callsOf(machine)[0]),
  ]);
  const servers = audit.hosts.filter(isPoolServer);
  const pools = servers.filter(({ roles }) => roles[0] === 'pool').map(({ ip }) => ip);
  const traps = servers.filter(({ roles }) => roles[0] !== 'pool').map(({ ip }) => ip);
  if (pools.length > 0) rows.push(['pool', pools]);
  if (traps.length > 0) rows.push(['honeypot', traps]);
  return rows.map(([why, names]) => {
    const more = names.length - NAMED;
    const some = names.slice(0, NAMED).join(text.comma);
    return screen.other[why](more > 0 ? screen.andMore(some, more) : some);
  });
}

/** Power with its denominator, and what was not measured. */
function powerTexts(audit: Audit, passing: Machines, text: ReportText): string[] {
  const { screen, figures } = text;
  const { totals } = audit;
  const miners = audit.machines.filter((machine) => isMiner(machine.verdict) && !passing.has(machine));
  if (miners.length === 0) return [];
  const measured = miners.filter(({ power }) => power !== null && power.tier !== 'C').length;
  const { power, modelledPower: model } = totals;
  const modelled = model === undefined ? '' : figures.watts(model);
  if (power === null) return [screen.noPower(miners.length, modelled)];
  const [watts, kwh] = figures.power(power);
  const left = miners.length - measured;
  return [screen.power(watts, kwh, extrapolatedFrom(audit, text), measured, miners.length, left, modelled)];
}

/** How many conversations were judged, and why others were not; nothing if all were. */
function judgedTexts({ coverage }: Audit, text: ReportText): string[] {
  const { judged, complete, undecided } = coverage;
  const left = allNotJudged(judged).conversations;
  if (left === 0 && complete) return [];
  const all = conversationsOf(judged);
  return [
    text.screen.judged(all - left, all, left, reasonsText(judged, text), undecided === undefined, complete),
  ];
}

/** What was read and judged, and what it is worth that nothing was found. */
function quietTexts(audit: Audit, text: ReportText): string[] {
  const { judged } = audit.coverage;
  const worth = isNothingJudged(judged) ? [] : [text.screen.worth(allNotJudged(judged).conversations)];
  return [text.screen.read(inputsText(audit, text)), coverageText(audit, text), ...worth];
}

/** Damage in one line, and the first notes. */
function doubtfulInputs({ inputs, notes }: Audit, text: ReportText): string[] {
  const { screen } = text;
  const damaged = inputs.filter(({ damage }) => damage.length > 0);
  const named = damaged
    .slice(0, DAMAGED_NAMED)
    .map(({ path, damage }) => `${path}${text.colon}${damage.map(text.translate).join(text.semicolon)}`);
  // That names are none is read before all else.
  const sortedNotes = [...notes].sort((a, b) => Number(IS_MARK.test(b.code)) - Number(IS_MARK.test(a.code)));
  return [
    ...(named.length === 0
      ? []
      : [screen.damaged(damaged.length, inputs.length, named.join(text.semicolon))]),
    ...sortedNotes.slice(0, NOTES_SHOWN).map((note) => screen.note(text.translate(note))),
    ...(notes.length > NOTES_SHOWN ? [screen.moreNotes(notes.length - NOTES_SHOWN)] : []),
  ];
}

/** What to type next: the machine that is first, the audit if it was written; else what would judge more. */
function nextTexts(
  audit: Audit,
  [first]: readonly AuditMachine[],
  { screen: asked }: ReportOptions,
  { screen }: ReportText,
): string[] {
  const file = asked?.audit ?? null;
  const shown = file !== null && /^[\w./-]+$/.test(file) ? file : file === null ? '' : 'AUDIT';
  if (first !== undefined) {
    return [screen.next(callsOf(first).find((name) => PLAIN_WORD.test(name)) ?? first.id, shown)];
  }
  // Flow logs of addresses alone: without a list only behaviour was judged.
  if (audit.notes.some(({ code }) => code === 'nothing-to-match')) return [screen.nextResolve];
  if (audit.coverage.undecided === undefined && allNotJudged(audit.coverage.judged).conversations > 0)
    return [screen.nextUndecided];
  return audit.coverage.complete ? [screen.nextNightly] : [];
}

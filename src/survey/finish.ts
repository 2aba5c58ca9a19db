/** From a run to its audit. The run cannot go on afterwards: its connections end, and their sessions are settled. */

import { assembleAudit } from '../assessment/assemble.ts';
import { assessHosts } from '../assessment/assess-hosts.ts';
import { mergeBasis } from '../assessment/merge-basis.ts';
import type { Audit, Coverage } from '../audit/audit.ts';
import { JudgedSum } from '../audit/judged.ts';
import { type Contact, copyContact } from '../endpoints/contact.ts';
import type { NameBook } from '../endpoints/name-book.ts';
import { markDuplicates } from '../hosts/duplicates.ts';
import { limits } from '../limits.ts';
import { LeaseBook } from '../machines/leases.ts';
import type { Tap } from '../packets/tap.ts';
import { loadAllowList } from '../pools/allow.ts';
import { catalogueWarning } from '../pools/catalogue.ts';
import { countSessions } from '../sessions/attempts.ts';
import { readCounters, type SettledSession } from '../sessions/settle.ts';
import { statement } from '../statements/index.ts';
import { VERSION } from '../version.ts';
import { type Allowance, isAllowed, isSessionAllowed } from './allowance.ts';
import { comesWithin } from './blocks-file.ts';
import { addRecords, Captured } from './captured.ts';
import { addCaptured, countCoverage, coverageOf } from './coverage.ts';
import type { FlowSurvey } from './flow-survey.ts';
import type { Lists } from './lists.ts';
import { contactsThatFit, readingHasEnded, SHORT_OF_MEMORY } from './memory.ts';
import type { Run } from './run.ts';
import {
  type Overflown,
  type Remarks,
  remarkFindings,
  remarkInputs,
  remarkLosses,
  remarksOf,
} from './run-remarks.ts';
import type { ScanOptions } from './scan-options.ts';
import { windowWithout } from './window.ts';

/** Throws MinesweepError FILE_UNREADABLE or FILE_INVALID for the operator's lists. */
export async function finishRun(run: Run, options: ScanOptions, lists: Lists, unread = 0): Promise<Audit> {
  const remarks = remarksOf([...lists.warnings, ...run.notes], options.log ?? (() => {}));
  remarkInputs(run, options, remarks);
  const { window, counted } = windowOfRun(run, options, lists, remarks);
  const found = settleRun(run, lists, window !== null, remarks);
  const isShort = options.signal.reason === SHORT_OF_MEMORY || found.isShort;
  remarkLosses(run, found, remarks);
  const isAllowedPair = await loadAllowed(
    options,
    window?.startUs ?? Number.NaN,
    lookedUpIn(run, found),
    remarks,
  );
  const { sessions, contacts, allowed } = leaveOutAllowed(found, isAllowedPair);
  remarkFindings(run, options, { sessions, contacts, allowed }, remarks);
  const staleness = window === null ? null : catalogueWarning(window.endUs);
  if (staleness !== null) remarks.warn(staleness);
  if (isShort) remarks.notes.push(statement('short-of-memory'));
  const audit = assembleAudit({
    tool: { name: 'minesweep', version: VERSION },
    partial: options.signal.aborted || isShort,
    unread,
    generatedMs: options.generatedMs,
    notes: remarks.notes,
    ...(allowed === null ? {} : { allowed }),
    inputs: run.inputs,
    window,
    ...(options.sinceUs === null && options.untilUs === null ? {} : { counted }),
    coverage: coverageOfRun(run, found.judged, options),
    sessions,
    contacts,
    isLocal: (ip) => lists.local.containsAddress(ip),
    merge: mergeBasis({
      sinceUs: options.sinceUs,
      untilUs: options.untilUs,
      local: options.local,
      coverageThreshold: options.coverageThreshold ?? null,
      names: found.names.entries(),
      sessions,
      contacts: found.inCaptures.filter((contact) => !isAllowed(contact, isAllowedPair)),
      records: found.inRecords.filter((contact) => !isAllowed(contact, isAllowedPair)),
      pairs: run.flows.thin,
      unknown: run.tap.atEdges,
    }),
  });
  await assessHosts(audit, {
    ...options,
    book: lists.book,
    assumptions: lists.assumptions,
    malware: lists.malware,
    leases: lists.leases,
    called: calledBy(run.flows),
    nameOf: (ip) => run.survey.heardNames.reverse.nameOf(ip),
  });
  return audit;
}

/** The window of the audit, and what lies in it. If it leaves out a wrong clock, sessions end within it. */
function windowOfRun(
  { tap, survey, flows, inputs }: Run,
  options: ScanOptions,
  lists: Lists,
  { notes, warn }: Remarks,
) {
  const { window, notes: apart } = windowWithout(timesOf(tap, flows), inputs, flows.strays);
  for (const note of apart) warn(note);
  if (window !== null && apart.length > 0) survey.narrow(window);
  const { totals } = flows.conversations;
  const counted = { packets: tap.packets, flows: totals.insideRecords + flows.inStores.left().rows };
  const outside = inputs.reduce((sum, input) => sum + (input.packets ?? 0), totals.outsideRecords);
  if (window === null && outside > 0 && (options.sinceUs ?? options.untilUs) !== null)
    warn(statement('outside-times', { count: outside }));
  if (totals.edgeRecords > 0)
    notes.push(statement('across-times', { count: totals.edgeRecords, of: counted.flows }));
  if (window !== null && lists.blocks.length > 0 && !lists.blocks.some((chain) => comesWithin(chain, window)))
    warn(statement('blocks-apart'));
  return { window, counted };
}

/** What a run has found, before the operator's list of what is allowed. */
interface Found extends Overflown {
  readonly sessions: SettledSession[];
  /** Copies of contacts as captures and as flow records alone show them. */
  readonly inCaptures: readonly Contact[];
  readonly inRecords: readonly Contact[];
  readonly names: NameBook;
  readonly judged: JudgedSum;
  /** Contacts were left out as memory was short. */
  readonly isShort: boolean;
}

/** Ends what is open, and settles sessions and contacts of captures and of flow records together. */
function settleRun({ tap, survey, flows }: Run, lists: Lists, hasWindow: boolean, { notes }: Remarks): Found {
  survey.end(hasWindow ? tap.lastUs : null);
  readingHasEnded();
  const { sessions: settled, contacts, names, ...overflow } = survey.finish(lists.blocks);
  const sessions = markDuplicates(readCounters(settled));
  // Shares one by one are of no more use, and most of what a session takes.
  for (const { session } of sessions) session.shares.log = [];
  // Sessions are let go one by one while their rows are made: nobody else holds them.
  settled.length = 0;
  const most = contactsThatFit(limits.contacts);
  contacts.narrow(most);
  const captured = new Captured(sessions, contacts);
  const inCaptures = [...contacts.values()].map(copyContact);
  const inRecords: Contact[] = [];
  const judged = new JudgedSum();
  for (const record of flows.contacts(captured, most, judged)) {
    if (inRecords.length < most) inRecords.push(copyContact(record));
    else contacts.overflow++;
  }
  notes.push(...addRecords(contacts, captured, inRecords));
  const isShort = most < limits.contacts && contacts.overflow + flows.relationOverflow > 0;
  return { sessions, contacts, inCaptures, inRecords, names, judged, isShort, overflow };
}

/** Sessions and contacts that the list does not allow for; `allowed` counts the others, null if there are none. */
function leaveOutAllowed({ sessions: all, contacts: everyContact }: Found, isAllowedPair: Allowance) {
  const found = all.splice(0);
  const sessions = found.filter(({ session }) => !isSessionAllowed(session, isAllowedPair));
  const contacts = [...everyContact.values()].filter((contact) => !isAllowed(contact, isAllowedPair));
  const allowed = {
    sessions: countSessions(found) - countSessions(sessions),
    contacts: [...everyContact.values()].length - contacts.length,
  };
  return { sessions, contacts, allowed: allowed.sessions + allowed.contacts > 0 ? allowed : null };
}

function coverageOfRun(
  { tap, survey, flows, inputs }: Run,
  judged: JudgedSum,
  options: ScanOptions,
): Coverage {
  const counts = countCoverage(tap, flows, survey, inputs);
  addCaptured(judged, counts, tap, flows.listsAllPools(tap.firstUs) && flows.listsAllPools(tap.lastUs));
  return coverageOf(counts, judged, options.coverageThreshold);
}

function lookedUpIn({ flows }: Run, { names }: Found): LookedUp {
  return (server, client) =>
    [...names.namesOf(server, client), ...flows.namesOf(server, client)]
      .filter((booked) => !booked.isSaid)
      .map((booked) => booked.name);
}

/** Who had which address, as the logs themselves say. */
function calledBy({ machines }: FlowSurvey): LeaseBook {
  const called = new LeaseBook();
  for (const { ip, hostname, timeUs, source } of machines)
    called.add({ ip, hostname, fromUs: timeUs }, source);
  return called;
}

/** From the first to the last of packets and records; null if there was none. */
function timesOf(
  tap: Tap,
  { conversations, named, inStores }: FlowSurvey,
): { startUs: number; endUs: number } | null {
  const { totals } = conversations;
  const starts = [tap.firstUs, totals.firstUs, inStores.firstUs].filter((timeUs) => !Number.isNaN(timeUs));
  const ends = [tap.lastUs, totals.lastUs, inStores.lastUs].filter((timeUs) => !Number.isNaN(timeUs));
  // Logs of names alone have times, too.
  if (starts.length === 0 && !Number.isNaN(named.firstUs))
    return { startUs: named.firstUs, endUs: named.lastUs };
  return starts.length === 0 ? null : { startUs: Math.min(...starts), endUs: Math.max(...ends) };
}

/** Names that a server has by answers to a client, or by files of the operator. */
type LookedUp = (server: string, client: string) => readonly string[];

/** Says whether one of two addresses, or a name of the pool's end, is allowed for by the operator's list. */
async function loadAllowed(
  options: ScanOptions,
  timeUs: number,
  lookedUp: LookedUp,
  { warn }: Remarks,
): Promise<Allowance> {
  if (options.allowFile === null) return () => false;
  const list = await loadAllowList([options.allowFile], Number.isNaN(timeUs) ? 0 : timeUs);
  for (const { file, line, until } of list.expired) {
    warn(statement('allow-expired', { file, line, day: until ?? '' }));
  }
  for (const { file, line } of list.unread) warn(statement('allow-no-rule', { file, line }));
  return (miner, pool, names) =>
    list.allowsAddress(miner.ip, miner.port) !== null ||
    list.allowsAddress(pool.ip, pool.port) !== null ||
    [...names, ...lookedUp(pool.ip, miner.ip)].some((name) => list.allowsName(name, pool.port) !== null);
}

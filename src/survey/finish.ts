/** From a run to its audit. The run cannot go on afterwards: its connections end, and their sessions are settled. */

import { assembleAudit } from '../assessment/assemble.ts';
import { assessHosts } from '../assessment/assess-hosts.ts';
import { mergeBasis } from '../assessment/merge-basis.ts';
import type { Audit, AuditInput } from '../audit/audit.ts';
import { JudgedSum } from '../audit/judged.ts';
import { type Contact, copyContact } from '../endpoints/contact.ts';
import { markDuplicates } from '../hosts/duplicates.ts';
import { limits } from '../limits.ts';
import { LeaseBook } from '../machines/leases.ts';
import type { Tap } from '../packets/tap.ts';
import { loadAllowList } from '../pools/allow.ts';
import { catalogueWarning } from '../pools/catalogue.ts';
import { countSessions } from '../sessions/attempts.ts';
import { readCounters } from '../sessions/settle.ts';
import { type Statement, statement } from '../statements/index.ts';
import { VERSION } from '../version.ts';
import { type Allowance, isAllowed, isSessionAllowed } from './allowance.ts';
import { comesWithin } from './blocks-file.ts';
import { addRecords, Captured } from './captured.ts';
import { addCaptured, canMatch, countCoverage, coverageOf } from './coverage.ts';
import type { FlowSurvey } from './flow-survey.ts';
import type { Lists } from './lists.ts';
import { contactsThatFit, readingHasEnded, SHORT_OF_MEMORY } from './memory.ts';
import { addExportDamage } from './read-inputs.ts';
import type { Run } from './run.ts';
import type { ScanOptions } from './scan-options.ts';
import { throughNotes } from './through-notes.ts';
import { windowWithout } from './window.ts';

/** Throws MinesweepError FILE_UNREADABLE or FILE_INVALID for the operator's lists. */
export async function finishRun(run: Run, options: ScanOptions, lists: Lists, unread = 0): Promise<Audit> {
  const { tap, survey, flows, inputs } = run;
  const tell = options.log ?? (() => {});
  const notes: Statement[] = [...lists.warnings, ...run.notes];
  /** Warnings stand in the audit as well. */
  const warn = (note: Statement): void => {
    notes.push(note);
    tell('warn', note.text);
  };
  survey.exports.finish();
  const lastExport = inputs[survey.exports.input];
  if (lastExport !== undefined) addExportDamage(lastExport, survey, tell);
  for (const note of flows.remarks.notes(options.timeZone ?? null)) warn(note);
  notes.push(...survey.exports.notes(), ...flows.copies.notes());
  for (const note of flows.copies.captureNotes()) warn(note);
  const repeated = repeatedLogs(inputs.filter(({ path }) => !flows.copies.has(path)));
  if (repeated.length > 0) {
    const [[copy, of]] = repeated;
    warn(statement('logs-alike', { copy, of, more: repeated.length - 1 }));
  }
  const { window, notes: apart } = windowWithout(windowOf(tap, flows), inputs, flows.strays);
  for (const note of apart) warn(note);
  const { totals } = flows.conversations;
  const counted = { packets: tap.packets, flows: totals.insideRecords + flows.inStores.left().rows };
  if (window === null) {
    const packets = inputs.reduce((sum, input) => sum + (input.packets ?? 0), 0);
    const outside = packets + totals.outsideRecords;
    if (outside > 0 && (options.sinceUs ?? options.untilUs) !== null) {
      warn(statement('outside-times', { count: outside }));
    }
  }
  if (totals.edgeRecords > 0) {
    notes.push(statement('across-times', { count: totals.edgeRecords, of: counted.flows }));
  }
  if (
    window !== null &&
    lists.blocks.length > 0 &&
    !lists.blocks.some((chain) => comesWithin(chain, window))
  ) {
    warn(statement('blocks-apart'));
  }
  survey.end(window === null ? null : tap.lastUs);
  readingHasEnded();
  const {
    sessions: settled,
    contacts,
    names,
    nameOverflow,
    opaqueOverflow,
    inStepOverflow,
  } = survey.finish(lists.blocks);
  const sessions = markDuplicates(readCounters(settled));
  // Shares one by one are of no more use, and most of what a session takes.
  for (const { session } of sessions) session.shares.log = [];
  // Sessions are let go one by one while their rows are made: nobody else holds them.
  settled.length = 0;
  const most = contactsThatFit(limits.contacts);
  contacts.narrow(most);
  const captured = new Captured(sessions, contacts);
  const inCaptures = [...contacts.values()].map(copyContact);
  const records: Contact[] = [];
  const judged = new JudgedSum();
  for (const record of flows.contacts(captured, most, judged)) {
    if (records.length < most) records.push(copyContact(record));
    else contacts.overflow++;
  }
  notes.push(...addRecords(contacts, captured, records));
  const isShort =
    options.signal.reason === SHORT_OF_MEMORY ||
    (most < limits.contacts && contacts.overflow + flows.relationOverflow > 0);
  const { incomplete, overlapping, malformed } = tap.kernel.fragments;
  if (incomplete + overlapping + malformed > 0) {
    warn(statement('fragments', { incomplete, overlapping, malformed }));
  }
  const { evicted, keptOverflow, viewOverflow } = flows.conversations.losses;
  for (const [code, count] of [
    ['captures-out-of-order', run.outOfOrder],
    ['limit-names', nameOverflow],
    ['limit-connections', tap.evictedFlows],
    ['limit-opaque', tap.unwatchedFlows + opaqueOverflow],
    ['limit-in-step', inStepOverflow],
    ['limit-contacts', contacts.overflow],
    ['limit-undecided', tap.crowdedOut],
    ['limit-sessions', survey.sessions.left],
    ['limit-messages', survey.longMessages],
    ['limit-looks', tap.passed.packets],
    ['limit-tunnels', tap.forgottenTunnels],
    ['limit-conversations', evicted],
    ['limit-conversations-total', keptOverflow],
    ['limit-observers', viewOverflow],
    ['no-time', totals.timelessRecords],
    ['limit-relations', flows.relationOverflow],
  ] as const) {
    if (count > 0) warn(statement(code, { count }));
  }
  if (totals.insideRecords > 0 && !canMatch(flows, survey)) warn(statement('nothing-to-match'));
  // What records cannot tell is not a warning, but it is not a finding either.
  for (const unjudged of flows.unjudged.values()) notes.push(statement('not-judged', unjudged));
  const lookedUp: LookedUp = (server, client) =>
    [...names.namesOf(server, client), ...flows.namesOf(server, client)]
      .filter((booked) => !booked.isSaid)
      .map((booked) => booked.name);
  const allow = await loadAllowed(options, window?.startUs ?? Number.NaN, lookedUp, warn);
  const found = { sessions: sessions.splice(0), contacts: [...contacts.values()] };
  const kept = {
    sessions: found.sessions.filter(({ session }) => !isSessionAllowed(session, allow)),
    contacts: found.contacts.filter((contact) => !isAllowed(contact, allow)),
  };
  const allowed = {
    sessions: countSessions(found.sessions) - countSessions(kept.sessions),
    contacts: found.contacts.length - kept.contacts.length,
  };
  found.sessions.length = 0;
  for (const note of throughNotes(kept.sessions, kept.contacts)) warn(note);
  const { exports, names: unheard } = survey.unread;
  if (exports + unheard > 0) warn(statement('through-unread', { exports, names: unheard }));
  const hasAllowed = allowed.sessions + allowed.contacts > 0;
  if (hasAllowed) {
    notes.push(statement('allowed', { file: options.allowFile ?? '', ...allowed }));
  }
  const staleness = window === null ? null : catalogueWarning(window.endUs);
  if (staleness !== null) warn(staleness);
  if (isShort) notes.push(statement('short-of-memory'));
  const counts = countCoverage(tap, flows, survey, inputs);
  addCaptured(judged, counts, tap, flows.listsAllPools(tap.firstUs) && flows.listsAllPools(tap.lastUs));
  const audit = assembleAudit({
    tool: { name: 'minesweep', version: VERSION },
    partial: options.signal.aborted || isShort,
    unread,
    generatedMs: options.generatedMs,
    notes,
    ...(hasAllowed ? { allowed } : {}),
    inputs,
    window,
    ...(options.sinceUs === null && options.untilUs === null ? {} : { counted }),
    coverage: coverageOf(counts, judged, options.coverageThreshold),
    sessions: kept.sessions,
    contacts: kept.contacts,
    isLocal: (ip) => lists.local.containsAddress(ip),
    merge: mergeBasis({
      sinceUs: options.sinceUs,
      untilUs: options.untilUs,
      local: options.local,
      coverageThreshold: options.coverageThreshold ?? null,
      names: names.entries(),
      sessions: kept.sessions,
      contacts: inCaptures.filter((contact) => !isAllowed(contact, allow)),
      records: records.filter((contact) => !isAllowed(contact, allow)),
      pairs: flows.thin,
      unknown: tap.atEdges,
    }),
  });
  await assessHosts(audit, {
    ...options,
    book: lists.book,
    assumptions: lists.assumptions,
    malware: lists.malware,
    leases: lists.leases,
    called: calledBy(flows),
    nameOf: (ip) => survey.heardNames.reverse.nameOf(ip),
  });
  return audit;
}

/** Who had which address, as the logs themselves say. */
function calledBy({ machines }: FlowSurvey): LeaseBook {
  const called = new LeaseBook();
  for (const { ip, hostname, timeUs, source } of machines)
    called.add({ ip, hostname, fromUs: timeUs }, source);
  return called;
}

/** From the first to the last of packets and records; null if there was none. */
function windowOf(
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

/** Flow logs of one kind with as many records between the same times: copies, packed and unpacked, say. */
function repeatedLogs(inputs: readonly AuditInput[]): readonly (readonly [again: string, first: string])[] {
  const firsts = new Map<string, string>();
  const repeated: (readonly [string, string])[] = [];
  for (const { path, kind, flows, first, last } of inputs) {
    if (flows === undefined || flows < 2 || first === null) continue;
    const key = `${kind} ${flows} ${first} ${last}`;
    const known = firsts.get(key);
    if (known === undefined) firsts.set(key, path);
    else if (known !== path) repeated.push([path, known]); // else given for its names as well
  }
  return repeated;
}

/** Names that a server has by answers to a client, or by files of the operator. */
type LookedUp = (server: string, client: string) => readonly string[];

/** Says whether one of two addresses, or a name of the pool's end, is allowed for by the operator's list. */
async function loadAllowed(
  options: ScanOptions,
  timeUs: number,
  lookedUp: LookedUp,
  warn: (note: Statement) => void,
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

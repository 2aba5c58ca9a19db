/** What an audit says of its own making: inputs that are copies, limits that were reached, what was left out. */
import type { Audit, AuditInput } from '../audit/audit.ts';
import type { PoolConnection } from '../endpoints/pool-connection.ts';
import { doubtful, type Through } from '../endpoints/through.ts';
import { under } from '../order.ts';
import type { FinalSession } from '../sessions/finalize.ts';
import { type Statement, statement } from '../statements/index.ts';
import { canMatch } from './coverage.ts';
import { exportNotes } from './export-notes.ts';
import { type Copy, copyNotes } from './inputs/input-copies.ts';
import { addExportDamage } from './inputs/read-inputs.ts';
import type { Run } from './run.ts';
import type { ScanOptions } from './scan-options.ts';

/** Senders that a note names. */
const MOST_NAMED = 3;

/** What the audit says of itself; warnings are logged as well. */
export interface Remarks {
  readonly notes: Statement[];
  readonly warn: (note: Statement) => void;
}

export function remarksOf(notes: Statement[], log: NonNullable<ScanOptions['log']>): Remarks {
  const warn = (note: Statement): void => {
    notes.push(note);
    log('warn', note.text);
  };
  return { notes, warn };
}

/** Ends the exports of the last capture; says what is to be known of the inputs, and which of them are copies. */
export function remarkInputs(
  { exports, flows, inputs }: Run,
  options: ScanOptions,
  { notes, warn }: Remarks,
): void {
  exports.finish();
  if (exports.input !== null) addExportDamage(inputs[exports.input], exports, options.log ?? (() => {}));
  for (const note of flows.remarks.notes(inputs, options.timeZone ?? null)) {
    // That columns were found by their names is worth a look, and no warning.
    if (note.code === 'columns-guessed') notes.push(note);
    else warn(note);
  }
  notes.push(...exportNotes(exports.collector.told()), ...flows.copies.notes());
  const alike = repeatedLogs(inputs.filter(({ path }) => !flows.copies.has(path)));
  for (const note of [...flows.copies.captureNotes(), ...copyNotes('logs-alike', alike)]) warn(note);
}

/** What limits and the operator's options kept from being seen. */
export function remarkLosses(run: Run, { notes, warn }: Remarks): void {
  const { engine, streams, lookups, connections, flows } = run;
  const { sessions } = streams;
  const { control, fragments } = engine.kernel;
  const { incomplete, overlapping, malformed } = fragments;
  if (incomplete + overlapping + malformed > 0)
    warn(statement('fragments', { incomplete, overlapping, malformed }));
  const { totals } = flows.conversations;
  const { evicted, keptOverflow, viewOverflow } = flows.conversations.losses;
  for (const [code, count] of [
    ['captures-out-of-order', run.outOfOrder],
    ['limit-names', lookups.book.overflow],
    ['limit-connections', control.evictedFlows],
    ['limit-opaque', control.unwatchedFlows + connections.opaque.overflow + control.lostHandshakes],
    ['limit-in-step', connections.watches.overflow + connections.inStep.overflow + sessions.blocks.overflow],
    ['limit-contacts', connections.poolConnections.overflow],
    ['limit-undecided', control.crowdedOut],
    ['limit-sessions', sessions.left],
    ['limit-messages', streams.longMessages],
    ['limit-looks', control.passedPackets],
    ['limit-tunnels', control.forgottenTunnels],
    ['limit-conversations', evicted],
    ['limit-conversations-total', keptOverflow],
    ['limit-observers', viewOverflow],
    ['no-time', totals.timelessRecords],
    ['limit-relations', flows.relationOverflow],
  ] as const) {
    if (count > 0) warn(statement(code, { count }));
  }
  if (totals.insideRecords > 0 && !canMatch(run)) warn(statement('nothing-to-match'));
  // What records cannot tell is not a warning, but it is not a finding either.
  for (const unjudged of flows.unjudged.values()) notes.push(statement('not-judged', unjudged));
}

interface Findings {
  readonly sessions: readonly FinalSession[];
  readonly poolConnections: readonly PoolConnection[];
  /** Null if nothing is allowed. */
  readonly allowed: NonNullable<Audit['allowed']> | null;
}

/** What findings came through, and what the operator's list left out of them. */
export function remarkFindings(
  { exports, lookups }: Run,
  options: ScanOptions,
  { sessions, poolConnections, allowed }: Findings,
  { notes, warn }: Remarks,
): void {
  for (const note of throughNotes(sessions, poolConnections)) warn(note);
  if (exports.unread + lookups.unread > 0)
    warn(statement('through-unread', { exports: exports.unread, names: lookups.unread }));
  if (allowed !== null) notes.push(statement('allowed', { file: options.allowFile ?? '', ...allowed }));
}

/** Flow logs of one kind with as many records between the same times: copies, packed and unpacked, say. */
function repeatedLogs(inputs: readonly AuditInput[]): readonly Copy[] {
  const firsts = new Map<string, string>();
  const repeated: Copy[] = [];
  for (const { path, kind, flows, first, last } of inputs) {
    if (flows === undefined || flows < 2 || first === null) continue;
    const key = `${kind} ${flows} ${first} ${last}`;
    const known = firsts.get(key);
    if (known === undefined) firsts.set(key, path);
    else if (known !== path) repeated.push([path, known]); // else given for its names as well
  }
  return repeated;
}

/** One note a reason, with the packets of the findings and who sent them. */
function throughNotes(
  sessions: readonly FinalSession[],
  poolConnections: readonly PoolConnection[],
): Statement[] {
  const found = new Map<ReturnType<typeof codeOf>, { packets: number; readonly senders: Set<string> }>();
  const findings = [
    ...sessions.map(({ session, verdict }) => ({ ...session.connections, verdict: verdict.verdict })),
    ...poolConnections,
  ];
  for (const { through = [], traffic, verdict } of findings) {
    if (verdict !== 'suspected') continue;
    const doubt = doubtful(through);
    if (doubt === null) continue;
    const code = codeOf(doubt);
    const row = under(found, code, () => ({ packets: 0, senders: new Set<string>() }));
    row.packets += traffic.packetsOut + traffic.packetsIn;
    if (doubt.source !== null) row.senders.add(doubt.source);
  }
  return [...found].map(([code, { packets, senders }]) => {
    const named = [...senders].sort().slice(0, MOST_NAMED);
    return statement(code, { packets, senders: named, more: senders.size - named.length });
  });
}

function codeOf({ kind, doubt }: Through) {
  return kind === 'export' ? 'through-exporter' : (`through-${doubt ?? 'unknown'}` as const);
}

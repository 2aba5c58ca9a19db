/**
 * Which machines mine, and which alerts were sent about them: an event when one first reaches the least verdict, when its
 * verdict rises, when its last session is over, and repeated while it goes on if that is asked for. A machine that gets another
 * address goes on. A journal prevents
 * sending anything twice, whatever happens to the program: a line is on the disk before its event is sent. If the machine
 * dies between the two, the event is lost, not doubled.
 *
 * For messages to people the same line puts the event into a queue, and a further one takes what was sent out of it: nothing
 * is lost then, and what was sent in the moment of a crash is sent again, with the same id.
 */
import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import type { Audit, AuditHost, Verdict } from '../audit/audit.ts';
import { type MachineHost, machineHosts } from '../audit/machine-rows.ts';
import { isAtLeast } from '../audit/miners.ts';
import { codeOf } from '../errors.ts';
import { readBackLine } from '../schema/check.ts';
import { field, list, record, text } from '../schema/field.ts';
import { ALERT_EVENT, type AlertEvent, type AlertKind, alertId, alertOf } from './event.ts';

export interface LedgerOptions {
  readonly least: Verdict;
  /** A host that goes on is told of again after so long, us; null: never. */
  readonly repeatUs: number | null;
  /** File of the journal; null: nothing is kept over restarts. */
  readonly journal: string | null;
  /** True if events wait in a queue until somebody says that they were sent. */
  readonly isQueued?: boolean;
}

/** Further lines of the journal: an event that is to be sent, and the ids of those that were. */
const QUEUED = record({ queued: field(ALERT_EVENT, 'The event.') });
const SENT = record({ sent: field(list(text), 'Ids of events.') });

/** What was noted last, and what it replaced. */
interface Noted {
  readonly event: AlertEvent;
  readonly before: AlertEvent | undefined;
  /** Of the journal before, bytes. */
  readonly size: number;
}

/** A host whose last packet is so long ago is over, however its connection ended, ms. */
const SILENT_MS = 600_000;
/** The journal is written again when it has so many more lines than hosts. */
const SPARE_LINES = 1000;

export class AlertLedger {
  /** The last event of each machine, by what it is known by. */
  private readonly reported = new Map<string, AlertEvent>();
  private queue: AlertEvent[] = [];
  private journal: number | null = null;
  private lines = 0;
  private last: Noted | null = null;

  constructor(private readonly options: LedgerOptions) {
    const { journal } = options;
    if (journal === null) return;
    const written = textOf(journal);
    // A line that was not written whole goes.
    const whole = written.slice(0, written.lastIndexOf('\n') + 1);
    for (const line of whole.split('\n')) {
      const sent = readBackLine(line, SENT)?.sent;
      const queued = readBackLine(line, QUEUED)?.queued;
      const reported = queued ?? readBackLine(line, ALERT_EVENT);
      if (sent !== undefined) this.leaveQueue(sent);
      else if (reported !== null) this.reported.set(keyOf(reported), reported);
      else continue;
      if (queued !== undefined) this.queue.push(queued);
      this.lines++;
    }
    this.journal = openSync(journal, 'a', 0o600);
    ftruncateSync(this.journal, Buffer.byteLength(whole));
  }

  /** The events of an audit, each noted as sent before it is handed out. Throws if it cannot be noted. */
  *take(audit: Audit): Generator<AlertEvent> {
    const endMs = Date.parse(audit.window?.end ?? '') || 0;
    const going = audit.sessions.filter(({ open: known = null }) => known !== null);
    const open = new Set(going.map(({ miner }) => miner.ip ?? ''));
    const seen = new Set<string>();
    for (const machine of machineHosts(audit)) {
      const { host, ips } = machine;
      if (!isAtLeast(host.verdict, this.options.least) || host.roles.includes('pool')) continue;
      const known = this.reportOf(machine);
      if (known !== undefined) seen.add(keyOf(known));
      const isOpen = ips.some((ip) => open.has(ip));
      for (const kind of this.kindsOf(host, known, isOpen, endMs)) {
        const reported = this.reportOf(machine);
        const isOngoing = reported !== undefined && reported.kind !== 'ended';
        const event = alertOf(audit, host, kind, isOngoing ? reported.first : beginOf(host, reported));
        seen.add(keyOf(event));
        // A repeat is an event of its own.
        yield this.note(
          isOngoing && kind === 'appeared' ? { ...event, id: repeatId(event) } : event,
          reported,
        );
      }
    }
    // Of machines that a new period does not know any more, the last event says all.
    for (const [key, reported] of [...this.reported]) {
      if (reported.kind === 'ended' || seen.has(key) || endMs - Date.parse(reported.last) <= SILENT_MS)
        continue;
      const id = alertId(reported.ip, 'ended', reported.first, reported.verdict);
      yield this.note({ ...reported, kind: 'ended', id, time: reported.last });
    }
    this.tidy();
  }

  /** Events that are to be sent, oldest first. */
  get unsent(): readonly AlertEvent[] {
    return this.queue;
  }

  /** True if no host mines any more, as far as was told. */
  get isQuiet(): boolean {
    return [...this.reported.values()].every(({ kind }) => kind === 'ended');
  }

  /** These were sent. Throws if that cannot be noted: after a crash they would be sent again. */
  sent(events: readonly AlertEvent[]): void {
    const sent = events.map(({ id }) => id);
    this.leaveQueue(sent);
    this.append({ sent });
    this.tidy();
  }

  private leaveQueue(ids: readonly string[]): void {
    const sent = new Set(ids);
    this.queue = this.queue.filter(({ id }) => !sent.has(id));
  }

  /** The last event could not be sent: the next audit brings it again. */
  takeBack(): void {
    if (this.last === null) return;
    const { event, before, size } = this.last;
    this.last = null;
    this.reported.delete(keyOf(event));
    if (before !== undefined) this.reported.set(keyOf(before), before);
    if (this.journal === null) return;
    ftruncateSync(this.journal, size);
    this.lines--;
  }

  /** What was told last of the machine, at whichever of its addresses. */
  private reportOf({ id, ips }: MachineHost): AlertEvent | undefined {
    for (const key of [id, ...ips]) {
      const reported = this.reported.get(key);
      if (reported !== undefined) return reported;
    }
    return undefined;
  }

  private kindsOf(
    host: AuditHost,
    reported: AlertEvent | undefined,
    isOpen: boolean,
    endMs: number,
  ): AlertKind[] {
    const kinds: AlertKind[] = [];
    const lastMs = Date.parse(host.lastSeen);
    // The audit of the period before, or of an older state, knows less than was told.
    if (reported !== undefined && lastMs < Date.parse(reported.last)) return [];
    // What was over goes on only with packets behind its end: a run may be repeated from an older state.
    const isBack = reported?.kind === 'ended' && lastMs > Date.parse(reported.last) + SILENT_MS;
    if (reported === undefined || isBack) kinds.push('appeared');
    else if (reported.kind === 'ended') return [];
    else if (!isAtLeast(reported.verdict, host.verdict)) kinds.push('raised');
    else if (this.isToRepeat(reported, lastMs)) kinds.push('appeared');
    if (!isOpen && endMs - lastMs > SILENT_MS) kinds.push('ended');
    return kinds;
  }

  private isToRepeat(reported: AlertEvent, lastMs: number): boolean {
    const { repeatUs } = this.options;
    return repeatUs !== null && (lastMs - Date.parse(reported.last)) * 1000 >= repeatUs;
  }

  /** `before`: what was told last of the machine, if it may be known by something else now. */
  private note(event: AlertEvent, before = this.reported.get(keyOf(event))): AlertEvent {
    const { isQueued = false } = this.options;
    const size = this.append(isQueued ? { queued: event } : event);
    if (isQueued) this.queue.push(event);
    this.last = { event, before, size };
    if (before !== undefined) this.reported.delete(keyOf(before));
    this.reported.set(keyOf(event), event);
    return event;
  }

  /** Writes a line, whole or not at all; returns where it begins, bytes. */
  private append(line: object): number {
    const { journal } = this;
    if (journal === null) return 0;
    const { size } = fstatSync(journal);
    try {
      writeFileSync(journal, `${JSON.stringify(line)}\n`);
      fsyncSync(journal);
    } catch (cause) {
      ftruncateSync(journal, size);
      throw cause;
    }
    this.lines++;
    return size;
  }

  private tidy(): void {
    const { journal } = this.options;
    const needed = this.reported.size + this.queue.length;
    if (journal === null || this.journal === null || this.lines < needed + SPARE_LINES) return;
    const part = `${journal}.part`;
    // What was told last of a host comes last.
    const lines = [...this.queue.map((queued) => ({ queued })), ...this.reported.values()].map(
      (line) => `${JSON.stringify(line)}\n`,
    );
    try {
      writeFileSync(part, lines.join(''), { mode: 0o600, flush: true });
      renameSync(part, journal);
    } catch {
      // No room: it stays as long as it is.
      rmSync(part, { force: true });
      return;
    }
    closeSync(this.journal);
    this.journal = openSync(journal, 'a', 0o600);
    this.lines = needed;
    this.last = null;
  }

  close(): void {
    if (this.journal !== null) closeSync(this.journal);
    this.journal = null;
  }
}

/** What the machine of an event is known by: as in the audit, or its address. */
function keyOf({ machine, ip }: AlertEvent): string {
  return machine?.mac ?? machine?.hostname ?? machine?.user ?? ip;
}

/** When a host began to mine, or came back after its end: an audit knows the first time of its whole period. */
function beginOf({ firstSeen, lastSeen }: AuditHost, ended: AlertEvent | undefined): string {
  return ended !== undefined && Date.parse(firstSeen) <= Date.parse(ended.last) ? lastSeen : firstSeen;
}

function repeatId({ ip, verdict, last }: AlertEvent): string {
  return alertId(ip, 'appeared', `again ${last}`, verdict);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return '';
    throw cause;
  }
}

/**
 * A scan that does not end: files are read when they are complete, the audit is written again and again, and one is
 * closed for each period. Errors of a file, a folder or a disk are logged, and the watch goes on.
 */

import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Audit, AuditInput } from '../audit/audit.ts';
import { isoTime } from '../audit/time.ts';
import { setLimits } from '../limits.ts';
import { discover, type SourceRef } from '../sources/discover.ts';
import { readRun, writeRun } from '../state/run-image.ts';
import { loadState, saveState } from '../state/state-file.ts';
import { statement } from '../statements/index.ts';
import { finishRun } from '../survey/finish.ts';
import { orderByFirstPacket } from '../survey/inputs.ts';
import { type Lists, loadLists } from '../survey/lists.ts';
import { readInputs } from '../survey/read-inputs.ts';
import { Run, type Times } from '../survey/run.ts';
import type { ScanOptions } from '../survey/scan-options.ts';
import { type FolderFile, WatchedFolders } from './folders.ts';
import { type Period, type PeriodLength, periodOf } from './period.ts';

export interface WatchOptions extends Omit<ScanOptions, 'inputs' | 'sinceUs' | 'untilUs' | 'state'> {
  /** Folders, or `-` alone for a pipe that never ends. */
  readonly inputs: readonly string[];
  readonly stateFile: string | null;
  readonly period: PeriodLength;
  /** How often the current audit is written, us. */
  readonly everyUs: number;
  /** A file that nobody has written to for so long is whole, us. */
  readonly quietUs: number;
  /** An audit is made; `closed` names the period that it ends, null while that goes on. `isDue`: it is to be written. */
  readonly onAudit: (audit: Audit, closed: string | null, isDue: boolean) => Promise<void>;
}

const SWEEP_MS = 1000;
/** A file waits so long, or the quiet time if that is shorter, for others that begin before it. */
const HOLD_MS = 5000;
/** An audit between two writings, and a state, take no more than this part of the time. */
const SHARE = 0.1;
const LEAST_PAUSE_MS = 1000;
/** A file dated farther ahead of the clock than this has a wrong clock: it ends no period. */
const AHEAD_US = 86_400e6;
/** So long behind the end of a period, by the packets' time, files are waited for that still belong to it. */
const LATE_US: Readonly<Record<PeriodLength, number>> = { day: 3_600e6, hour: 900e6 };
/** What was sent before the end is answered within this time behind it. */
const ANSWER_US = 120e6;
/** Time that a file is given to end when the watch is told to stop, ms. */
const GRACE_MS = 2000;

/** Watches until the signal says to stop; then state and audit are written. Throws MinesweepError as a scan does. */
export async function watch(options: WatchOptions, reload: { wanted: boolean }): Promise<void> {
  setLimits(options.limits ?? {});
  const lists = await loadLists({ ...options, ...ALL_TIMES });
  for (const { text } of lists.warnings) options.log?.('warn', text);
  const { stateFile } = options;
  const run = await stateOf(stateFile, options, lists);
  const closing = run === null ? null : await stateOf(closingFile(stateFile), options, lists);
  const watcher = new Watch(options, lists, run, closing);
  if (options.inputs.includes('-')) await watcher.followPipe(reload);
  else await watcher.followFolders(reload);
  await watcher.end();
}

const ALL_TIMES: Times & { inputs: readonly string[] } = { inputs: [], sinceUs: null, untilUs: null };

/** The run that the state holds, whatever its period; null if there is none, or another build has left it. */
async function stateOf(file: string | null, { log }: WatchOptions, lists: Lists): Promise<Run | null> {
  if (file === null) return null;
  try {
    return await loadState(file, lists, null);
  } catch (error) {
    // A service that is upgraded must come up again: what was open then is lost, and said.
    log?.('error', `${file}: ${error instanceof Error ? error.message : error}; begins anew`);
    return null;
  }
}

/** Beside the state, that of the period before. */
function closingFile(stateFile: string | null): string | null {
  return stateFile === null ? null : `${stateFile}.closing`;
}

class Watch {
  private readonly options: WatchOptions;
  private lists: Lists;
  private run: Run | null;
  private period: Period | null = null;
  /** The period before, as long as files may come late that belong to it. */
  private closing: { readonly run: Run; readonly period: Period; hasNews: boolean } | null = null;
  /** Aborted when an input has to end at once. */
  private readonly reading = new AbortController();
  /** Since when files wait to be read, by the steady clock, ms. */
  private waiting = new Map<string, number>();
  private isDirty = false;
  private hasNews = false;
  private savedMs = 0;
  private saveTookMs = 0;
  private auditedMs = 0;
  private auditTookMs = 0;
  private writtenMs = performance.now();
  /** True if something came since the audit was written. */
  private isStale = false;

  constructor(options: WatchOptions, lists: Lists, run: Run | null, closing: Run | null) {
    this.options = options;
    this.lists = lists;
    this.run = run;
    this.period = this.periodOfRun(run);
    const closed = this.periodOfRun(closing);
    if (closing !== null && closed !== null) this.closing = { run: closing, period: closed, hasNews: true };
    options.signal.addEventListener('abort', () => setTimeout(() => this.reading.abort(), GRACE_MS).unref(), {
      once: true,
    });
  }

  async followFolders(reload: { wanted: boolean }): Promise<void> {
    const folders = new WatchedFolders(this.options.inputs, this.options.quietUs / 1000);
    while (!this.options.signal.aborted) {
      await this.reloadIf(reload);
      const whole = await folders.sweep((folder, reason) => this.tell('warn', `${folder}: ${reason}`));
      for (const ref of await this.due(whole, folders)) {
        if (this.options.signal.aborted) break;
        await this.take(ref, whole);
        await this.between();
      }
      await this.between();
      await sleep(SWEEP_MS, undefined, { signal: this.options.signal }).catch(() => undefined);
    }
  }

  /**
   * What is to be read now, in the order of first packets. A file waits a moment for those before it that come later:
   * what is read behind its time is read in pieces.
   */
  private async due(whole: readonly FolderFile[], folders: WatchedFolders): Promise<readonly SourceRef[]> {
    const nowMs = performance.now();
    const unread = this.unread(whole, folders);
    this.waiting = new Map(unread.map(({ path }) => [path, this.waiting.get(path) ?? nowMs]));
    const holdMs = Math.min(HOLD_MS, this.options.quietUs / 1000);
    const isDue = (path: string): boolean => nowMs - (this.waiting.get(path) ?? nowMs) >= holdMs;
    if (!unread.some(({ path }) => isDue(path))) return [];
    const ordered = await this.inOrder(unread);
    return ordered.slice(0, ordered.findLastIndex(({ path }) => isDue(path)) + 1);
  }

  /** A pipe is one input without an end; a period ends between two of its blocks. */
  async followPipe(reload: { wanted: boolean }): Promise<void> {
    const run = this.runNow();
    const options = { ...this.options, ...run.times, inputs: ['-'] };
    const afterBlock = async (): Promise<void> => {
      this.changed();
      await this.reloadIf(reload);
      const { lastUs } = run.tap;
      this.period ??= lastUs > 0 ? periodOf(lastUs, this.options.period) : null;
      if (this.period !== null && lastUs >= this.period.untilUs) {
        this.tell('info', `${this.period.name}: closed`);
        await this.deliver(run, this.period.name, true);
        this.period = periodOf(lastUs, this.options.period);
        run.turn(this.lists, { sinceUs: this.period.sinceUs, untilUs: null });
      }
    };
    // A pipe may be silent for long, and what came last is to be told of.
    let pause = Promise.resolve();
    let isBusy = false;
    const timer = setInterval(() => {
      if (isBusy) return;
      isBusy = true;
      pause = this.between().finally(() => {
        isBusy = false;
      });
    }, SWEEP_MS);
    try {
      await readInputs(run, options, this.lists, { afterBlock });
    } finally {
      clearInterval(timer);
      // The last state must not be written beside one that is still being written.
      await pause;
    }
  }

  /** Files that have not been read, in the order of their first packets. */
  private async inOrder(files: readonly FolderFile[]): Promise<readonly SourceRef[]> {
    if (files.length === 0) return [];
    const { inputFormat, columns = null, timeZone = null, signal } = this.options;
    try {
      const refs = (await discover(files.map((file) => file.path))).map((ref) => ({ ...ref, isFound: true }));
      const { refs: ordered, skipped } = await orderByFirstPacket(refs, {
        inputFormat,
        columns,
        timeZone,
        signal,
      });
      const run = this.runNow();
      for (const name of skipped) this.tell('info', `${name}: no capture and no log, not read`);
      for (const file of files) if (skipped.includes(file.path)) run.places.set(file.path, placeOf(file));
      return ordered;
    } catch (error) {
      this.tell('error', messageOf(error));
      return [];
    }
  }

  private unread(whole: readonly FolderFile[], folders: WatchedFolders): FolderFile[] {
    const { places } = this.runNow();
    // A file that is gone may come again under another name: by its content it is known then.
    for (const known of places.keys()) if (!folders.has(known)) places.delete(known);
    return whole.filter((file) => {
      const known = places.get(file.path);
      const place = placeOf(file);
      if (known === place) return false;
      if (known === undefined || !known.startsWith(`${file.identity} `)) return true;
      places.set(file.path, place);
      const said = statement('input-grown', { input: file.path });
      if (this.runNow().note(said)) this.tell('warn', said.text);
      return false;
    });
  }

  private runNow(): Run {
    this.run ??= new Run(this.lists, ALL_TIMES);
    return this.run;
  }

  private async take(ref: SourceRef, whole: readonly FolderFile[]): Promise<void> {
    const file = whole.find((each) => each.path === ref.path);
    const place = file === undefined ? '' : placeOf(file);
    try {
      await this.read(ref, place);
    } catch (error) {
      this.tell('error', `${ref.path}: ${messageOf(error)}`);
      this.runNow().places.set(ref.path, place);
    }
    this.changed();
  }

  private changed(): void {
    this.isDirty = true;
    this.isStale = true;
    this.hasNews = true;
  }

  /**
   * Reads a file into the run. If the file goes beyond the period, that is closed and the file is read into the next,
   * too.
   */
  private async read(ref: SourceRef, place: string): Promise<void> {
    for (let isAgain = false; ; isAgain = true) {
      const run = this.runNow();
      const before = Buffer.concat(writeRun(run));
      const inputs = run.inputs.length;
      await this.readInto(run, ref);
      if (this.reading.signal.aborted) {
        this.run = readRun(before, this.lists, run.times);
        return;
      }
      const input = run.inputs.at(inputs);
      const [firstUs, lastUs] = [input?.first, input?.last].map((time) => Date.parse(time ?? '') * 1000);
      const isSane = lastUs <= Date.now() * 1000 + AHEAD_US;
      if (this.period === null && isSane) {
        // Nothing was counted before this file: it is read again, within its own period.
        const again = readRun(before, this.lists, run.times);
        this.begin(again, periodOf(firstUs, this.options.period));
        this.run = again;
        continue;
      }
      if (this.period !== null && isSane && lastUs >= this.period.untilUs) {
        await this.deliverClosing();
        this.closing = { run, period: this.period, hasNews: true };
        this.tell('info', `${this.period.name}: closed`);
        await this.deliverClosing();
        const next = readRun(before, this.lists, run.times);
        this.begin(next, periodOf(Math.max(firstUs, this.period.untilUs), this.options.period));
        this.run = next;
        continue;
      }
      if (
        this.period !== null &&
        lastUs < Math.min(this.period.sinceUs, this.closing?.period.sinceUs ?? Number.POSITIVE_INFINITY)
      ) {
        const said = statement('input-late', { input: ref.path });
        if (run.note(said)) this.tell('warn', said.text);
      }
      run.places.set(ref.path, place);
      // A file that has just closed a period is in it.
      if (!isAgain) await this.readLate(ref, firstUs);
      return;
    }
  }

  private periodOfRun(run: Run | null): Period | null {
    const sinceUs = run?.times.sinceUs ?? null;
    return sinceUs === null ? null : periodOf(sinceUs, this.options.period);
  }

  /**
   * A file that begins in the period before, or right behind it, is read into the run of that period as well. When a file
   * begins long behind its end, no more are waited for.
   */
  private async readLate(ref: SourceRef, firstUs: number): Promise<void> {
    const { closing } = this;
    if (closing === null) return;
    if (firstUs >= closing.period.untilUs + LATE_US[this.options.period]) {
      await this.deliverClosing();
      this.closing = null;
      const file = closingFile(this.options.stateFile);
      if (file !== null) await rm(file, { force: true });
    } else if (firstUs < closing.period.untilUs + ANSWER_US) {
      await this.readInto(closing.run, ref);
      closing.hasNews = true;
    }
  }

  private async readInto(run: Run, ref: SourceRef): Promise<void> {
    const { signal } = this.reading;
    const options = { ...this.options, ...run.times, inputs: [ref.path], signal };
    await readInputs(run, options, this.lists, { knowsFiles: true });
  }

  /** Writes the audit of the period before, if files came for it. */
  private async deliverClosing(): Promise<void> {
    const { closing } = this;
    if (closing === null || !closing.hasNews) return;
    closing.hasNews = false;
    await this.deliver(closing.run, closing.period.name, true);
  }

  private begin(run: Run, period: Period): void {
    this.period = period;
    run.turn(this.lists, { sinceUs: period.sinceUs, untilUs: period.untilUs });
  }

  /** What is due between two inputs: the audit, for alerts and for its files, and the state. */
  private async between(): Promise<void> {
    const nowMs = performance.now();
    const isDue = this.isStale && nowMs - this.writtenMs >= this.options.everyUs / 1000;
    const pauseMs = Math.max(LEAST_PAUSE_MS, this.auditTookMs / SHARE);
    if (this.run !== null && ((this.hasNews && nowMs - this.auditedMs >= pauseMs) || isDue)) {
      this.hasNews = false;
      await this.deliver(this.run, null, isDue);
      this.auditedMs = performance.now();
      this.auditTookMs = this.auditedMs - nowMs;
      if (isDue) {
        this.writtenMs = nowMs;
        this.isStale = false;
      }
    }
    if (isDue) await this.deliverClosing();
    const savePauseMs = Math.max(LEAST_PAUSE_MS, this.saveTookMs / SHARE);
    if (this.isDirty && performance.now() - this.savedMs >= savePauseMs) await this.save();
  }

  private async save(): Promise<void> {
    const { stateFile } = this.options;
    if (stateFile === null || this.run === null) return;
    const beganMs = performance.now();
    try {
      // The older one first: a file that it alone has is read into the other again.
      const older = closingFile(stateFile);
      if (this.closing !== null && older !== null) await saveState(older, this.closing.run);
      await saveState(stateFile, this.run);
      this.isDirty = false;
    } catch (error) {
      this.tell('error', messageOf(error));
    }
    this.savedMs = performance.now();
    this.saveTookMs = this.savedMs - beganMs;
  }

  /** The audit of a copy: what is open goes on. */
  private async auditOf(run: Run): Promise<Audit> {
    const copy = readRun(Buffer.concat(writeRun(run)), this.lists, run.times);
    if (this.options.inputs.includes('-') && copy.inputs.length === 0) copy.inputs.push(pipeSoFar(copy));
    const { log: _, onProgress: __, ...options } = this.options;
    // An audit is made whole even while the watch is told to stop.
    return finishRun(copy, { ...options, ...run.times, signal: new AbortController().signal }, this.lists);
  }

  /** Makes an audit and hands it over. What goes wrong is told, and tried again with the next one. */
  private async deliver(run: Run, closed: string | null, isDue: boolean): Promise<void> {
    try {
      await this.options.onAudit(await this.auditOf(run), closed, isDue);
    } catch (error) {
      this.tell('error', messageOf(error));
    }
  }

  private async reloadIf(reload: { wanted: boolean }): Promise<void> {
    if (!reload.wanted) return;
    reload.wanted = false;
    try {
      this.lists = await loadLists({ ...this.options, ...ALL_TIMES });
      this.run?.takeLists(this.lists);
      this.tell('info', 'lists are read again');
    } catch (error) {
      this.tell('error', `${messageOf(error)}; the lists stay what they were`);
    }
  }

  /** The last audit, and the state. */
  async end(): Promise<void> {
    if (this.run !== null) await this.deliver(this.run, null, true);
    await this.deliverClosing();
    await this.save();
  }

  private tell(level: 'info' | 'warn' | 'error', message: string): void {
    this.options.log?.(level, message);
  }
}

/** A pipe has no row of its own before it ends. */
function pipeSoFar({ tap }: Run): AuditInput {
  const [first, last] = [tap.firstUs, tap.lastUs].map((us) => (Number.isNaN(us) ? null : isoTime(us)));
  return {
    ...{ path: '-', kind: 'pcap', bytes: tap.bytes, sha256: null, packets: tap.packets },
    ...{ first, last, damage: [] },
  };
}

function placeOf({ identity, bytes, modifiedMs }: FolderFile): string {
  return `${identity} ${bytes} ${modifiedMs}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

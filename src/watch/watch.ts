/**
 * A scan that does not end: files are read when they are complete, the audit is written again and again, and one is
 * closed for each period. Errors of a file, a folder or a disk are logged, and the watch goes on.
 */

import { rename, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Audit, AuditInput } from '../audit/audit.ts';
import { damageRow } from '../audit/damage.ts';
import { isoTime } from '../audit/time.ts';
import { reasonOf } from '../errors.ts';
import { setLimits } from '../limits.ts';
import { withLock } from '../lock.ts';
import { finishRun } from '../run/finish.ts';
import { orderByFirstPacket, type PlacedRef } from '../run/inputs/inputs.ts';
import { readInputs } from '../run/inputs/read-inputs.ts';
import { type Lists, loadLists } from '../run/lists.ts';
import { isPast, type Run } from '../run/run.ts';
import type { Piece, SourceRef } from '../sources/byte-source.ts';
import { discover } from '../sources/discover.ts';
import type { ImagedRun } from '../state/run-image.ts';
import { loadState, saveState } from '../state/state-file.ts';
import { statement } from '../statements/index.ts';
import { type TimeInterval, within } from '../time-interval.ts';
import { Away } from './away.ts';
import { type SweptFile, WatchedFolders } from './folders.ts';
import { GrowingFiles, isPiece, placeOf } from './growing-files.ts';
import { Marks } from './marks.ts';
import { periodOf } from './period.ts';
import { type Closing, PeriodRuns, periodOfRun } from './period-runs.ts';
import { ALL_TIMES, type WatchOptions } from './watch-options.ts';

/** Between two looks through the folders, or the quiet time if that is shorter. */
const SWEEP_MS = 1000;
const LEAST_SWEEP_MS = 50;
/** A file waits so long, or the quiet time if that is shorter, for others that begin before it. */
const HOLD_MS = 5000;
/** An audit between two writings, and a state, take no more than this part of the time. */
const SHARE = 0.1;
/** Reading again takes no more than this part. */
const AGAIN_SHARE = 0.25;
const LEAST_PAUSE_MS = 1000;
/** What a file that grows has brought waits so many times as long as reading took, so that a run is not put aside for each record. */
const PIECE_PAUSES = 3;
const LONGEST_PIECE_PAUSE_MS = 60_000;
/** Of a pipe, flow records are judged when it ends. */
const NO_CAPTURE =
  'standard input is no capture: its audit is made when it ends; to have it sooner, watch the folder of the log';
/** A capture that begins so long before the latest is late, but not out of order, by the packets' time. */
const MOST_BACK_US = 3_600e6;

/**
 * Watches until the signal says to stop; then state and audit are written. False if memory is nearly full: then it ends by
 * itself, to go on in a new process. Throws MinesweepError as a scan does.
 */
export async function watch(options: WatchOptions, reload: { wanted: boolean }): Promise<boolean> {
  const follow = async (): Promise<boolean> => {
    const watcher = await begin(options);
    if (options.inputs.includes('-')) await watcher.followPipe(reload);
    else await watcher.followFolders(reload);
    return watcher.end();
  };
  return options.stateFile === null ? follow() : withLock(options.stateFile, follow, options);
}

/**
 * A watch that goes on from its state. A function of its own: the first run would otherwise be held as long as the watch
 * lasts, and a watch may drop it.
 */
async function begin(options: WatchOptions): Promise<Watch> {
  setLimits(options.limits ?? {});
  const lists = await loadLists({ ...options, ...ALL_TIMES });
  for (const { text } of lists.warnings) options.log?.('warn', text);
  const marks = new Marks(options.stateFile);
  await marks.find();
  const kept = await stateOf(options, lists);
  // They are of another watch then.
  if (kept.length === 0) await marks.drop();
  return new Watch(options, lists, marks, kept);
}

/** The runs that the state holds, whatever their periods; none if there is no state, or one of another layout. */
async function stateOf({ stateFile, log }: WatchOptions, lists: Lists): Promise<readonly Run[]> {
  if (stateFile === null) return [];
  try {
    return await loadState(stateFile, lists, null);
  } catch (error) {
    const stats = await stat(stateFile);
    if (!stats.isFile()) throw error;
    // A service that is upgraded must come up again: it does not go on with what was open then, and says so.
    const aside = `${stateFile}.unread-${stats.mtime.toISOString()}`;
    await rename(stateFile, aside);
    log?.('error', `${stateFile}: ${reasonOf(error)}; kept as ${aside}, and begins anew`);
    return [];
  }
}

/** What the watch had read before it went back. */
interface Tip {
  readonly current: ImagedRun;
  readonly closing: Closing | null;
  /** What is to be read again, by its content; of files that grow how much, by their identity. */
  readonly owed: readonly string[];
  readonly owedBytes: ReadonlyMap<string | null, number>;
}

class Watch {
  private readonly runs: PeriodRuns;
  private readonly growing: GrowingFiles;
  /** How long the files of the last look took to read. */
  private readingTookMs = 0;
  private tip: Tip | null = null;
  /** Until then the watch does not go back again, by the steady clock, ms. */
  private onwardsUntilMs = 0;
  /** Captures wait for that: until then the marks that they need stay. */
  private isLateWaiting = false;
  /** Since when files wait to be read, by the steady clock, ms. */
  private waiting = new Map<string, number>();
  /** What lies in the folders, by path. */
  private files: ReadonlyMap<string, SweptFile> = new Map();
  private isDirty = false;
  private hasNews = false;
  private savedMs = 0;
  private saveTookMs = 0;
  private auditedMs = 0;
  private auditTookMs = 0;
  private writtenMs = performance.now();
  /** True if something came since the audit was written. */
  private isStale = false;
  /** When a folder was gone. */
  private readonly away = new Away();
  /** What went wrong, and has not gone well since. */
  private readonly complaints = new Map<'audit' | 'state' | 'mark', string>();

  constructor(
    private readonly options: WatchOptions,
    lists: Lists,
    private readonly marks: Marks,
    kept: readonly Run[],
  ) {
    this.runs = new PeriodRuns(options, lists, () => this.deliverClosing());
    this.runs.go(kept);
    const onChange = (): void => this.changed(this.runs.current);
    this.growing = new GrowingFiles(options, (message) => this.tell('info', message), onChange);
  }

  async followFolders(reload: { wanted: boolean }): Promise<void> {
    const folders = new WatchedFolders(this.options.inputs, this.options.quietUs / 1000);
    while (!this.isOver()) {
      await this.reloadIf(reload);
      const files = await folders.sweep((folder, reason) => this.misses(folder, reason));
      this.away.look(folders.missing > 0, Date.now() * 1000);
      const due = await this.due(files, folders);
      this.reportHealth(folders);
      const beganMs = performance.now();
      for (const ref of due) {
        if (this.isOver()) break;
        await this.readNext(ref);
        this.arrive(performance.now() - beganMs);
        // Before all is read again an audit would know less than the last one.
        if (this.tip === null) await this.between();
        this.reportHealth(folders);
      }
      this.readingTookMs = performance.now() - beganMs;
      if (this.tip !== null) await this.giveUpReadingAgain(this.tip);
      await this.between();
      const pauseMs = Math.max(LEAST_SWEEP_MS, Math.min(SWEEP_MS, this.options.quietUs / 1000));
      await sleep(pauseMs, undefined, { signal: this.options.signal }).catch(() => undefined);
    }
  }

  /** A folder went away: what would come there is not seen, and the audit is not complete. No reason: it is there again. */
  private misses(folder: string, reason: string | null): void {
    if (reason === null) {
      this.tell('info', `${folder}: is there again`);
      return;
    }
    this.tell('warn', `${folder}: ${reason}`);
    const damage = [damageRow({ kind: 'not-found', count: 1, at: 0 })];
    const row = { path: folder, kind: 'unreadable', bytes: 0, sha256: null, first: null, last: null, damage };
    this.runs.current.run.inputs.push(row);
    this.changed(this.runs.current);
  }

  /** What of a pause of a file nobody watched: all of it if input is expected more often, or while a folder was gone. */
  private unwatched(pause: TimeInterval): readonly TimeInterval[] {
    const { expectUs = null } = this.options;
    const isSilence = expectUs !== null && pause.endUs - pause.startUs > expectUs;
    return isSilence ? [pause] : within([pause], this.away.times);
  }

  private reportHealth(folders: WatchedFolders | null): void {
    const { health } = this.options;
    if (health === undefined) return;
    health.beat();
    const { run } = this.runs.current;
    const nowMs = performance.now();
    const oldestMs = Math.min(nowMs, ...this.waiting.values());
    health.filesWaiting = this.waiting.size;
    health.behindSeconds = (nowMs - oldestMs) / 1000;
    health.foldersMissing = folders?.missing ?? 0;
    health.periodStartMs = run.times.sinceUs === null ? null : run.times.sinceUs / 1000;
    if (!health.isSilent()) return;
    const said = statement('watch-silent', { since: `${new Date().toISOString().slice(0, 19)}Z` });
    if (!run.note(said)) return;
    this.tell('warn', said.text);
    this.changed(this.runs.current);
  }

  private isOver(): boolean {
    return this.options.signal.aborted || this.runs.isShort;
  }

  /**
   * What is to be read now, in the order of first packets. A file waits a moment for those before it that come later. For
   * a capture that comes later still, the watch goes back, and what was read since is to be read again.
   */
  private async due(files: readonly SweptFile[], folders: WatchedFolders): Promise<readonly PlacedRef[]> {
    const nowMs = performance.now();
    const unread = await this.unread(files, folders);
    this.waiting = new Map(unread.map(({ path }) => [path, this.waiting.get(path) ?? nowMs]));
    const holdMs = Math.min(HOLD_MS, this.options.quietUs / 1000);
    const pieceMs = Math.max(holdMs, Math.min(this.readingTookMs * PIECE_PAUSES, LONGEST_PIECE_PAUSE_MS));
    const isDue = (ref: { path: string; piece?: Piece }): boolean =>
      nowMs - (this.waiting.get(ref.path) ?? nowMs) >= (isBegun(ref) ? pieceMs : holdMs);
    if (!unread.some(isDue)) return [];
    const ordered = await this.inOrder(unread);
    const due = ordered.slice(0, ordered.findLastIndex(isDue) + 1);
    const { positionUs } = this.runs.current.run;
    const late = due.filter(
      ({ captureUs = positionUs, piece }) =>
        !isBegun({ piece }) && captureUs < positionUs && captureUs >= positionUs - MOST_BACK_US,
    );
    this.isLateWaiting = late.length > 0 && nowMs < this.onwardsUntilMs;
    if (this.isLateWaiting) return due.filter((ref) => !late.includes(ref));
    for (const { captureUs } of late) {
      const again = await this.goBack(captureUs, folders);
      if (again === null) continue;
      const known = new Set(again);
      const all = await this.inOrder(await this.unread(files, folders));
      return all.slice(0, all.findLastIndex((ref) => isDue(ref) || known.has(ref.path)) + 1);
    }
    return due;
  }

  /**
   * Goes back to before a capture of that time, if there is a mark so old and all that was read since is there to be read
   * again: those files. Null if not: then connections that go on in the capture are read in pieces, which is counted.
   */
  private async goBack(
    captureUs: number | undefined,
    folders: WatchedFolders,
  ): Promise<readonly string[] | null> {
    if (captureUs === undefined) return null;
    const { current, closing } = this.runs;
    const { finished, places, growing } = current.run;
    try {
      const earlier = await this.marks.before(captureUs, this.runs.lists);
      const [run] = earlier;
      if (run === undefined) return null;
      const owed = [...finished].filter(([content]) => !run.finished.has(content));
      for (const [, path] of owed) {
        const file = folders.at(path);
        if (file === undefined || placeOf(file) !== places.get(path)) return null;
      }
      const ahead = [...growing].filter(([id, { bytes }]) => (run.growing.get(id)?.bytes ?? 0) < bytes);
      for (const [, { path, identity }] of ahead)
        if (identity === null || folders.at(path)?.identity !== identity) return null;
      const owedBytes = new Map(ahead.map(([, { identity, bytes }]) => [identity, bytes]));
      this.tip = { current, closing, owed: owed.map(([content]) => content), owedBytes };
      this.runs.go(earlier);
      this.growing.forget();
      await this.marks.drop(captureUs);
      const count = owed.length + ahead.length;
      this.tell('info', `${count} files are read again, for one that begins before the last of them`);
      const read = [...places]
        .filter(([path, place]) => run.places.get(path) !== place)
        .map(([path]) => path);
      return [...read, ...ahead.map(([, { path }]) => path)];
    } catch (error) {
      this.tell('error', reasonOf(error));
      return null;
    }
  }

  /** Goes on from here, if all is read again. */
  private arrive(tookMs: number): void {
    const { finished, growing } = this.runs.current.run;
    if (this.tip?.owed.every((content) => finished.has(content)) !== true) return;
    const read = new Map([...growing.values()].map(({ identity, bytes }) => [identity, bytes]));
    for (const [identity, bytes] of this.tip.owedBytes) if ((read.get(identity) ?? 0) < bytes) return;
    this.tip = null;
    this.onwardsUntilMs = performance.now() + tookMs / AGAIN_SHARE;
  }

  /** Goes on from where the watch was: a file went away meanwhile, or the watch has to end. */
  private async giveUpReadingAgain({ current, closing }: Tip): Promise<void> {
    this.tip = null;
    this.growing.forget();
    this.runs.current = current;
    this.runs.closing = closing;
    // Told to stop, it goes back again after the restart; what cannot be read again is no reason to try once more.
    if (!this.options.signal.aborted) await this.marks.drop();
  }

  /** A pipe is one input without an end; a period ends between two of its blocks. */
  async followPipe(reload: { wanted: boolean }): Promise<void> {
    const { current } = this.runs;
    const { run } = current;
    let period = periodOfRun(run, this.options.period);
    const afterBlock = async (): Promise<void> => {
      this.changed(current);
      await this.reloadIf(reload);
      this.options.health?.read(run.engine.kernel.counts.lastUs);
      const { lastUs } = run.engine.kernel.counts;
      period ??= lastUs > 0 ? periodOf(lastUs, this.options.period) : null;
      if (period !== null && lastUs >= period.untilUs) {
        this.tell('info', `${period.name}: closed`);
        await this.deliver(current, period.name, true);
        period = periodOf(lastUs, this.options.period);
        run.turn(this.runs.lists, { sinceUs: period.sinceUs, untilUs: null });
        current.changed();
      }
    };
    // A pipe may be silent for long, and what came last is to be told of.
    let pause = Promise.resolve();
    let isBusy = false;
    const timer = setInterval(() => {
      if (isBusy) return;
      isBusy = true;
      this.reportHealth(null);
      pause = this.between().finally(() => {
        isBusy = false;
      });
    }, SWEEP_MS);
    try {
      const onOther = (): void => this.tell('warn', NO_CAPTURE);
      await readInputs(run, this.runs.readingOptions(run, '-'), this.runs.lists, { afterBlock, onOther });
    } finally {
      clearInterval(timer);
      // The last state must not be written beside one that is still being written.
      await pause;
      this.changed(current);
    }
    this.runs.giveUpIfShort();
  }

  /** What has not been read, in the order of first packets. */
  private async inOrder(refs: readonly SourceRef[]): Promise<readonly PlacedRef[]> {
    if (refs.length === 0) return [];
    try {
      const { refs: ordered, skipped } = await orderByFirstPacket(refs, this.options);
      for (const name of skipped) this.tell('info', `${name}: no capture and no log, not read`);
      for (const { path } of refs) if (skipped.includes(path)) this.pass(path);
      return ordered;
    } catch (error) {
      this.tell('error', reasonOf(error));
      return [];
    }
  }

  /** What is there to be read: complete files, and pieces of files that grow. */
  private async unread(files: readonly SweptFile[], folders: WatchedFolders): Promise<SourceRef[]> {
    const { run } = this.runs.current;
    const { places } = run;
    this.files = new Map(files.map((file) => [file.path, file]));
    // A file that is gone may come again under another name: by its content it is known then.
    for (const known of [...places.keys()]) if (folders.at(known) === undefined) this.runs.place(known, null);
    await this.growing.follow(files, run);
    const refs: SourceRef[] = [];
    const met = new Set<string>();
    for (const file of files) {
      // Two names of one file.
      if (met.has(file.identity)) continue;
      met.add(file.identity);
      const ref = await this.unreadOf(file, run).catch((error: unknown) => {
        this.tell('error', `${file.path}: ${reasonOf(error)}`);
        return null;
      });
      if (ref !== null) refs.push(ref);
    }
    return refs;
  }

  /** What is to be read of a file; null: nothing, or not yet. */
  private async unreadOf(file: SweptFile, run: Run): Promise<SourceRef | null> {
    const place = placeOf(file);
    const growing = this.growing.known(file, run);
    if (growing !== null) {
      const [, { isOver, place: before, bytes }] = growing;
      // One that comes back with its mount, or has another time, has not grown.
      if (isOver && place !== before && file.bytes > bytes) this.noteGrown(file.path, run);
      return this.growing.next(file, run);
    }
    const known = run.places.get(file.path);
    if (known === place) return null;
    if (known?.startsWith(`${file.identity} `) === true) {
      this.runs.place(file.path, place);
      this.noteGrown(file.path, run);
      return null;
    }
    const [ref] = await discover([file.path]);
    if (ref === undefined) return null;
    const found = { ...ref, isFound: true };
    const piece = await this.growing.begin(file, found, run);
    if (piece === 'read') this.pass(file.path);
    if (piece === 'whole') return file.isWhole ? found : null;
    return piece === 'read' ? null : piece;
  }

  private noteGrown(input: string, run: Run): void {
    const said = statement('input-grown', { input });
    if (run.note(said)) this.tell('warn', said.text);
  }

  /** Nothing of the file is read. */
  private pass(path: string): void {
    const file = this.files.get(path);
    if (file !== undefined) this.runs.place(path, placeOf(file));
  }

  private async readNext(ref: PlacedRef): Promise<void> {
    const { captureUs } = ref;
    // Going back is to be possible to before a capture, if it comes in order.
    const isMarked = this.tip === null && !this.isLateWaiting;
    if (isMarked && !isBegun(ref) && captureUs !== undefined && isPast(captureUs))
      await this.attempt('mark', () => this.marks.keep(this.runs.runs(), captureUs));
    await this.runs.read(ref, async () => {
      if (isPiece(ref)) await this.growing.took(ref, this.runs.current.run);
      else this.pass(ref.path);
    });
    this.waiting.delete(ref.path);
    this.changed(this.runs.current);
  }

  private changed(kept: ImagedRun): void {
    kept.changed();
    this.isDirty = true;
    this.isStale = true;
    this.hasNews = true;
  }

  /** Writes the audit of the period before, if files came for it. */
  private async deliverClosing(): Promise<void> {
    const { closing } = this.runs;
    if (closing === null || !closing.hasNews) return;
    const period = periodOfRun(closing.kept.run, this.options.period);
    closing.hasNews = !(await this.deliver(closing.kept, period?.name ?? null, true));
    this.isStale ||= closing.hasNews;
  }

  /** What is due between two inputs: the audit, for alerts and for its files, and the state. */
  private async between(): Promise<void> {
    const nowMs = performance.now();
    const isDue = this.isStale && nowMs - this.writtenMs >= this.options.everyUs / 1000;
    const pauseMs = Math.max(LEAST_PAUSE_MS, this.auditTookMs / SHARE);
    if ((this.hasNews && nowMs - this.auditedMs >= pauseMs) || isDue) {
      // A pipe goes on meanwhile.
      this.hasNews = false;
      if (isDue) this.isStale = false;
      const isDelivered = await this.deliver(this.runs.current, null, isDue);
      this.hasNews ||= !isDelivered;
      this.isStale ||= !isDelivered;
      this.auditedMs = performance.now();
      this.auditTookMs = this.auditedMs - nowMs;
      if (isDue) this.writtenMs = nowMs;
    }
    if (isDue) await this.deliverClosing();
    const savePauseMs = Math.max(LEAST_PAUSE_MS, this.saveTookMs / SHARE);
    if (this.isDirty && performance.now() - this.savedMs >= savePauseMs) await this.save();
  }

  private async save(): Promise<void> {
    const { stateFile } = this.options;
    if (stateFile === null) {
      this.isDirty = false;
      return;
    }
    const beganMs = performance.now();
    this.isDirty = !(await this.attempt('state', () => saveState(stateFile, this.runs.runs())));
    this.savedMs = performance.now();
    this.saveTookMs = this.savedMs - beganMs;
  }

  /** The audit of a copy: what is open goes on. */
  private async auditOf(kept: ImagedRun): Promise<Audit> {
    const copy = kept.copy(this.runs.lists);
    if (this.options.inputs.includes('-') && copy.inputs.length === 0) copy.inputs.push(pipeSoFar(copy));
    const { log: _, onProgress: __, ...options } = this.options;
    // An audit is made whole even while the watch is told to stop.
    return finishRun(
      copy,
      {
        ...{ ...options, ...copy.times, signal: new AbortController().signal },
        unwatched: (pause) => this.unwatched(pause),
      },
      this.runs.lists,
    );
  }

  /** Makes an audit and hands it over. What goes wrong is tried again with the next one: false then. */
  private deliver(kept: ImagedRun, closed: string | null, isDue: boolean): Promise<boolean> {
    return this.attempt('audit', async () => this.options.onAudit(await this.auditOf(kept), closed, isDue));
  }

  private async reloadIf(reload: { wanted: boolean }): Promise<void> {
    if (!reload.wanted) return;
    reload.wanted = false;
    try {
      this.runs.useLists(await loadLists({ ...this.options, ...ALL_TIMES }));
      this.tell('info', 'lists are read again');
    } catch (error) {
      this.tell('error', `${reasonOf(error)}; the lists stay what they were`);
    }
  }

  /** The state, and the last audits. True if they are written, and the watch has not given up. */
  async end(): Promise<boolean> {
    await this.save();
    const isDelivered = await this.deliver(this.runs.current, null, true);
    await this.deliverClosing();
    const isClosed = this.runs.closing?.hasNews !== true;
    return isDelivered && isClosed && !this.isDirty && !this.runs.isShort;
  }

  /** True if it went well. What went wrong is told once, as long as it does. */
  private async attempt(about: 'audit' | 'state' | 'mark', work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      this.complaints.delete(about);
      return true;
    } catch (error) {
      const said = reasonOf(error);
      if (this.complaints.get(about) !== said) this.tell('error', said);
      this.complaints.set(about, said);
      return false;
    }
  }

  private tell(level: 'info' | 'warn' | 'error', message: string): void {
    this.options.log?.(level, message);
  }
}

/** A pipe has no row of its own before it ends. */
function pipeSoFar({ engine }: Run): AuditInput {
  const { firstUs, lastUs, bytes, packets } = engine.kernel.counts;
  const [first, last] = [firstUs, lastUs].map((us) => (Number.isNaN(us) ? null : isoTime(us)));
  return { path: '-', kind: 'pcap', bytes, sha256: null, packets, first, last, damage: [] };
}

/** It is a piece of a file of which another one was read. */
function isBegun({ piece }: { readonly piece?: Piece | undefined }): boolean {
  return (piece?.bytes ?? 0) > 0;
}

/**
 * The run of the period that goes on, and that of the period before, into which files are read: whole or not at all, in
 * whatever way a read ends.
 */

import { damageRow } from '../audit/damage.ts';
import { reasonOf } from '../errors.ts';
import type { PlacedRef } from '../run/inputs/inputs.ts';
import { readInputs } from '../run/inputs/read-inputs.ts';
import type { Lists } from '../run/lists.ts';
import { collectGarbage, isShortOfMemory, SHORT_OF_MEMORY } from '../run/memory.ts';
import { isPast, Run } from '../run/run.ts';
import type { ScanOptions } from '../run/scan-options.ts';
import type { SourceRef } from '../sources/byte-source.ts';
import { ImagedRun } from '../state/run-image.ts';
import type { DamageKind } from '../statements/index.ts';
import { statement } from '../statements/index.ts';
import { isPiece, type PieceRef } from './growing-files.ts';
import { type Period, type PeriodLength, periodOf } from './period.ts';
import { ALL_TIMES, type WatchOptions } from './watch-options.ts';

/** So long behind the end of a period, by the packets' time, files are waited for that still belong to it. */
const LATE_US: Readonly<Record<PeriodLength, number>> = { day: 3_600e6, hour: 900e6 };
/** What was sent before the end is answered within this time behind it. */
const ANSWER_US = 120e6;
/** Time that a file is given to end when the watch is told to stop, ms. */
const GRACE_MS = 2000;

/** The period before, as long as files may come late that belong to it. */
export interface Closing {
  readonly kept: ImagedRun;
  hasNews: boolean;
}

export class PeriodRuns {
  current: ImagedRun;
  closing: Closing | null = null;
  /** True if memory is nearly full: the watch is to end, and to go on in a new process. */
  isShort = false;
  /** Aborted when an input has to end at once. */
  private reading = new AbortController();
  /** Files that this process has read. */
  private filesRead = 0;

  /** @param onClosing Hears of the period before, when files came for it and none will come any more. */
  constructor(
    private readonly options: WatchOptions,
    public lists: Lists,
    private readonly onClosing: () => Promise<void>,
  ) {
    this.current = new ImagedRun(new Run(lists, ALL_TIMES));
    const graceMs = options.inputs.includes('-') ? 0 : GRACE_MS;
    const stop = (): unknown => setTimeout(() => this.reading.abort(), graceMs).unref();
    options.signal.addEventListener('abort', stop, { once: true });
  }

  /** Goes on with runs of a state. */
  go([run, closing]: readonly Run[]): void {
    if (run === undefined) return;
    this.current = new ImagedRun(run);
    this.closing = closing === undefined ? null : { kept: new ImagedRun(closing), hasNews: true };
  }

  /** What a state holds: the current one first. */
  runs(): readonly ImagedRun[] {
    return this.closing === null ? [this.current] : [this.current, this.closing.kept];
  }

  useLists(lists: Lists): void {
    this.lists = lists;
    for (const kept of this.runs()) {
      kept.run.useLists(lists);
      kept.changed();
    }
  }

  /** Where a file lay that was read; null: it is gone. */
  place(file: string, place: string | null): void {
    const { places } = this.current.run;
    if (place === null) places.delete(file);
    else places.set(file, place);
    this.current.changed();
  }

  /** Reads a file, or a piece of one, into the run. If the file goes beyond the period, that is closed and the file is read into the next, too. */
  async read(ref: PlacedRef, take: () => Promise<void>): Promise<void> {
    const length = this.options.period;
    for (let isAgain = false; ; isAgain = true) {
      const kept = this.current;
      const before = kept.image();
      const inputs = kept.run.inputs.length;
      if (!(await this.readInto(kept, ref))) return;
      const { run } = kept;
      const period = periodOfRun(run, length);
      const input = run.inputs.at(inputs);
      const [firstUs, lastUs] =
        ref.piece?.found == null
          ? [input?.first, input?.last].map((time) => Date.parse(time ?? '') * 1000)
          : [ref.piece.found.firstUs, ref.piece.found.lastUs];
      const isSane = isPast(lastUs);
      if (period === null && isSane) {
        // Nothing was counted before this file: it is read again, within its own period.
        kept.goBack(before, this.lists);
        const unreadable = [...kept.run.inputs];
        this.begin(kept, periodOf(firstUs, length));
        kept.run.inputs.push(...unreadable);
        continue;
      }
      if (period !== null && isSane && lastUs >= period.untilUs) {
        await this.onClosing();
        if (this.closing?.hasNews === true) {
          const lost = periodOfRun(this.closing.kept.run, length);
          this.options.log?.(
            'error',
            `${lost?.name}: its audit could not be written for a whole period, and is lost`,
          );
        }
        this.closing = { kept, hasNews: true };
        this.options.log?.('info', `${period.name}: closed`);
        await this.onClosing();
        this.current = new ImagedRun(kept.copy(this.lists, before));
        this.begin(this.current, periodOf(Math.max(firstUs, period.untilUs), length));
        continue;
      }
      const closed = this.closing === null ? null : periodOfRun(this.closing.kept.run, length);
      if (period !== null && lastUs < Math.min(period.sinceUs, closed?.sinceUs ?? Number.POSITIVE_INFINITY)) {
        const said = statement('input-late', { input: ref.path });
        if (run.note(said)) this.options.log?.('warn', said.text);
      }
      await take();
      this.options.health?.read(lastUs);
      if (!isPiece(ref) || ref.piece.bytes === 0) {
        const { path } = ref;
        const how = isPiece(ref) && ref.piece.isGrowing ? 'read, and read on as it grows' : 'read';
        this.options.log?.('info', `${path}: ${how}`);
      }
      this.current.changed();
      // A file that has just closed a period is in it.
      if (!isAgain && closed !== null) await this.readLate(ref, firstUs, closed);
      return;
    }
  }

  /**
   * A file that begins in the period before, or right behind it, is read into the run of that period as well. When a file
   * begins long behind its end, no more are waited for.
   */
  private async readLate(ref: PlacedRef, firstUs: number, { untilUs }: Period): Promise<void> {
    const { closing } = this;
    if (closing === null) return;
    if (firstUs >= untilUs + LATE_US[this.options.period]) {
      await this.onClosing();
      // On a disk that is full it waits.
      if (!closing.hasNews) this.closing = null;
    } else if (firstUs < untilUs + ANSWER_US) {
      await this.readInto(closing.kept, ref);
      closing.hasNews = true;
    }
  }

  /**
   * Reads a file into a run, whole or not at all. True if that is done with: it was read, or it cannot be and is counted;
   * false if it is to be read again by the next process.
   */
  private async readInto(kept: ImagedRun, ref: PlacedRef): Promise<boolean> {
    const before = kept.image();
    let why: DamageKind = 'read-error';
    try {
      // What was found beside others does not hold for a piece that is read alone.
      const given = isPiece(ref) ? { refs: [aloneOf(ref)] } : {};
      await readInputs(kept.run, this.readingOptions(kept.run, ref.path), this.lists, {
        knowsFiles: true,
        ...given,
      });
      kept.changed();
      if (isPiece(ref) && ref.given.bytes === 0) {
        // It went away since it was found.
        kept.goBack(before, this.lists);
        return false;
      }
      if (!this.reading.signal.aborted) {
        this.filesRead++;
        return true;
      }
      why = 'short-of-memory';
    } catch (error) {
      this.options.log?.('error', `${ref.path}: ${reasonOf(error)}`);
    }
    kept.goBack(before, this.lists);
    if (ref.piece !== undefined) ref.piece.found = null;
    const { aborted, reason } = this.reading.signal;
    if (aborted && reason !== SHORT_OF_MEMORY) return false;
    if (aborted && this.filesRead > 0 && this.options.stateFile !== null) {
      this.giveUpIfShort();
      return false;
    }
    if (aborted) {
      // What a process that has read nothing else cannot hold, the next one cannot either.
      this.reading = new AbortController();
      kept.run.engine.kernel.calls.forgetUndecided();
      collectGarbage();
    }
    const left = damageRow({ kind: why, count: 1, at: 0 });
    this.options.log?.('error', `${ref.path}: ${left.text}`);
    const { path, size } = ref;
    const times = { first: null, last: null };
    kept.run.inputs.push({
      path,
      kind: 'unreadable',
      bytes: size ?? 0,
      sha256: null,
      ...times,
      damage: [left],
    });
    kept.changed();
    return true;
  }

  readingOptions(run: Run, input: string): ScanOptions {
    const { reading } = this;
    return {
      ...this.options,
      ...run.times,
      inputs: [input],
      signal: reading.signal,
      onProgress: (progress) => {
        this.options.onProgress?.(progress);
        this.options.health?.beat();
        if (!reading.signal.aborted && isShortOfMemory(progress.heapBytes)) reading.abort(SHORT_OF_MEMORY);
      },
    };
  }

  /** Ends the watch if that is why a read was ended. */
  giveUpIfShort(): void {
    if (this.reading.signal.reason !== SHORT_OF_MEMORY) return;
    this.isShort = true;
    this.options.log?.('error', 'memory is nearly full: the watch ends, to go on in a new process');
  }

  private begin(kept: ImagedRun, { sinceUs, untilUs }: Period): void {
    kept.run.turn(this.lists, { sinceUs, untilUs });
    kept.changed();
  }
}

/** A piece as it was found, without what a look at other captures has added. */
function aloneOf({ path, size, modifiedMs, isPipe, isFound, piece, open }: PlacedRef & PieceRef): SourceRef {
  return { path, size, ...(modifiedMs === undefined ? {} : { modifiedMs }), isPipe, isFound, piece, open };
}

/** Null before the first file that has a time. */
export function periodOfRun({ times }: Run, length: PeriodLength): Period | null {
  return times.sinceUs === null ? null : periodOf(times.sinceUs, length);
}

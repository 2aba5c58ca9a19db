/**
 * Older states beside the state: a capture that comes out of order has the watch go back to before it, so that it is read
 * in its turn. Two are kept, as far apart as captures may be late: one of them is always old enough.
 */
import { rm } from 'node:fs/promises';
import type { Lists } from '../run/lists.ts';
import type { Run } from '../run/run.ts';
import type { ImagedRun } from '../state/run-image.ts';
import { loadState, saveState, stateHead } from '../state/state-file.ts';

/** By the packets' time. */
const APART_US = 300e6;
/** Marks take no more than this part of the time. */
const SHARE = 0.1;
const ENDINGS = ['.earlier-1', '.earlier-2'];

interface Mark {
  readonly file: string;
  /** First packet of the latest capture that had been read, us since 1970. */
  readonly positionUs: number;
}

export class Marks {
  private readonly files: readonly string[];
  /** The newest first. */
  private marks: Mark[] = [];
  private notBeforeMs = 0;

  /** @param stateFile Null: none are kept. */
  constructor(stateFile: string | null) {
    this.files = stateFile === null ? [] : ENDINGS.map((ending) => `${stateFile}${ending}`);
  }

  /** Finds those that an earlier run has left. */
  async find(): Promise<void> {
    for (const file of this.files) {
      const head = await stateHead(file);
      if (head !== null) this.marks.push({ file, positionUs: head.positionUs ?? Number.NEGATIVE_INFINITY });
    }
    this.marks.sort((a, b) => b.positionUs - a.positionUs);
  }

  /** Keeps the runs as they are before a capture of that time, if the newest mark is too old. Throws OUTPUT_FAILED. */
  async keep(runs: readonly ImagedRun[], captureUs: number): Promise<void> {
    const [newest] = this.marks;
    if (newest !== undefined && captureUs - newest.positionUs < APART_US) return;
    const beganMs = performance.now();
    if (beganMs < this.notBeforeMs) return;
    const free = this.files.find((file) => !this.marks.some((mark) => mark.file === file));
    const file = free ?? this.marks.at(-1)?.file;
    if (file === undefined) return;
    try {
      await saveState(file, runs);
      this.marks = [
        { file, positionUs: runs[0].run.positionUs },
        ...this.marks.filter((mark) => mark.file !== file),
      ];
    } finally {
      const endedMs = performance.now();
      this.notBeforeMs = endedMs + (endedMs - beganMs) / SHARE;
    }
  }

  /** The runs as they were before a capture of that time; none if no mark is so old. Throws as a state does. */
  async before(captureUs: number, lists: Lists): Promise<Run[]> {
    const mark = this.marks.find(({ positionUs }) => positionUs <= captureUs);
    return mark === undefined ? [] : loadState(mark.file, lists, null);
  }

  /** Drops those that know nothing of a capture of that time, for it is read before them. */
  async drop(captureUs = Number.NEGATIVE_INFINITY): Promise<void> {
    const dropped = this.marks.filter(({ positionUs }) => positionUs > captureUs);
    this.marks = this.marks.filter(({ positionUs }) => positionUs <= captureUs);
    for (const { file } of dropped) await rm(file, { force: true });
  }
}

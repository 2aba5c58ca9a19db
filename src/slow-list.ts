/** A list that takes long to read says how far it is. */
import { grouped } from './statements/figures.ts';

/** Takes a message now and then, while a list is read. */
export type TellSlow = (message: string) => void;

const PAUSE_MS = 3000;
/** Rows between two looks at the clock. */
const STEP = 4096;

/** The rows; `tell` hears how many there were so far, after 3 s and every 3 s from then on. */
export function* toldIfSlow<T>(rows: Iterable<T>, file: string, tell: TellSlow | undefined): Iterable<T> {
  let nextMs = performance.now() + PAUSE_MS;
  let count = 0;
  for (const row of rows) {
    yield row;
    if (++count % STEP !== 0 || performance.now() < nextMs) continue;
    nextMs = performance.now() + PAUSE_MS;
    tell?.(`${file}: ${grouped(count)} rows so far`);
  }
}

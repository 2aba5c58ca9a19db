/**
 * Reads the nonces of all sessions of a run, with threads beside the main one if there is enough to read: some
 * hundreds to two thousand miners take a second. The order of budget and answers is that of the sessions, whoever reads.
 */
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { type CounterEstimate, type CounterInput, estimateCounter } from '../evidence/counter/counter.ts';
import {
  CounterBudget,
  type CounterTask,
  counterTask,
  readingCost,
  type SessionCounter,
} from '../sessions/counter.ts';
import type { SettledSession, Settlement } from '../sessions/settle.ts';
import { type ThreadUse, threadProgram } from '../thread-program.ts';

/** What pays for the start of one more thread, as `CounterBudget` counts: about half a second of reading. */
const COST_A_THREAD = 50_000;
const MOST_THREADS = 8;
/** What a thread is given at a time, by the same count; one such batch waits there while another is read. */
const BATCH_COST = 2000;
const BATCHES_AHEAD = 2;

/** Sessions whose nonces are read one after the other. */
interface Batch {
  /** Where each one's answer belongs. */
  readonly places: readonly number[];
  readonly inputs: readonly CounterInput[];
}

/** The sessions with what their nonces say. `tell` hears how many threads there are. */
export async function readCounters(
  settled: readonly Settlement[],
  use: ThreadUse,
  tell: (message: string) => void = () => {},
): Promise<SettledSession[]> {
  const reading = new Reading(settled);
  let cost = 0;
  for (const { session } of settled) cost += readingCost(session.shares.log.length);
  const threads = startThreads(threadsFor(use, Math.min(cost, CounterBudget.whole)), reading);
  const many = threads.length === 1 ? 'a thread' : `${threads.length} threads`;
  if (threads.length > 0) tell(`nonces are read in ${many} beside the main one`);
  try {
    await reading.finish();
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
  return settled.map((settlement, index) => ({ ...settlement, counter: reading.counters[index] ?? null }));
}

class Reading {
  readonly counters: (SessionCounter | null)[] = [];
  private readonly settled: readonly Settlement[];
  private readonly budget = new CounterBudget();
  /** The session that is next. */
  private next = 0;
  /** Lots of threads that ended before they had read them. */
  private readonly returned: Batch[] = [];
  /** Lots that are with threads. */
  private away = 0;
  /** Wakes who waits for them. */
  private wake: () => void = () => {};

  constructor(settled: readonly Settlement[]) {
    this.settled = settled;
  }

  /** Reads what nobody else has taken, and waits for the others. */
  async finish(): Promise<void> {
    for (;;) {
      const batch = this.take();
      if (batch !== null) {
        this.answer(
          batch,
          batch.inputs.map((input) => estimateCounter(input)),
        );
        // Threads that have read theirs are given more.
        await setImmediate();
      } else if (this.away > 0) {
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      } else return;
    }
  }

  /** The next sessions to be read; null if none is left. Without reading, their counters stand as they are. */
  private take(): Batch | null {
    const returned = this.returned.pop();
    if (returned !== undefined) return returned;
    const places: number[] = [];
    const inputs: CounterInput[] = [];
    for (let cost = 0; cost < BATCH_COST && this.next < this.settled.length; this.next++) {
      const { session, algorithm } = this.settled[this.next];
      const task: CounterTask | null = counterTask(session, algorithm, this.budget);
      this.counters[this.next] = task?.counter ?? null;
      if (task === null || task.input === null) continue;
      places.push(this.next);
      inputs.push(task.input);
      cost += task.cost;
    }
    return places.length === 0 ? null : { places, inputs };
  }

  /** A thread takes the next sessions; null if none is left. */
  send(): Batch | null {
    const batch = this.take();
    if (batch !== null) this.away++;
    return batch;
  }

  /** The thread that took them has read them. */
  receive(batch: Batch, estimates: readonly CounterEstimate[]): void {
    this.answer(batch, estimates);
    this.back();
  }

  private answer({ places }: Batch, estimates: readonly CounterEstimate[]): void {
    for (const [index, place] of places.entries()) {
      const counter = this.counters[place];
      if (counter != null) this.counters[place] = { ...counter, estimate: estimates[index] ?? null };
    }
  }

  /** A thread has ended: others read what was with it. */
  giveBack(batches: readonly Batch[]): void {
    this.returned.push(...batches);
    for (let count = batches.length; count > 0; count--) this.back();
  }

  private back(): void {
    this.away--;
    this.wake();
  }
}

function threadsFor({ threads, jobs }: ThreadUse, cost: number): number {
  if (threads === 'never' || cost === 0) return 0;
  const paid = Math.floor(cost / COST_A_THREAD);
  return Math.min(MOST_THREADS, jobs - 1, threads === 'always' ? Math.max(1, paid) : paid);
}

function startThreads(count: number, reading: Reading): Worker[] {
  const program = count > 0 ? threadProgram('counting') : null;
  const threads: Worker[] = [];
  if (program === null) return threads;
  try {
    while (threads.length < count) threads.push(startThread(program, reading));
  } catch {
    // The system has no more of them.
  }
  return threads;
}

function startThread(program: string | URL, reading: Reading): Worker {
  const thread = new Worker(program, { name: 'counting' });
  const batches: Batch[] = [];
  const feed = (): void => {
    while (batches.length < BATCHES_AHEAD) {
      const batch = reading.send();
      if (batch === null) return;
      batches.push(batch);
      thread.postMessage(batch.inputs);
    }
  };
  thread.on('message', (estimates: readonly CounterEstimate[]) => {
    const batch = batches.shift();
    if (batch === undefined) return;
    reading.receive(batch, estimates);
    feed();
  });
  // What went wrong there does not matter: the main thread reads what is left.
  thread.on('error', () => {});
  thread.on('exit', () => reading.giveBack(batches.splice(0)));
  feed();
  return thread;
}

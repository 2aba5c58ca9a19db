/**
 * Reads and decodes captures in a thread of its own, so that decoding packets and following flows take a core each. What
 * decoding costs is the first touch of a packet's bytes; the main thread then touches those of candidates alone.
 *
 * Bounded: a ring of slots is under way; who is ahead waits. Where the thread does not start, the caller reads by itself;
 * where it ends amid a reading, that rejects.
 */
import { setImmediate } from 'node:timers/promises';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { Tap } from '../tap.ts';
import type { CaptureRead, Order, Reading, Report } from './messages.ts';
import { PacketRows } from './packet-rows.ts';
import {
  BYTES_READ,
  CONTROL_WORDS,
  FREE,
  LAST,
  MOVED,
  PART,
  RECORDS_AFTER,
  RESUMED,
  SLOT_NUMBERS,
  SLOTS,
  STARTED,
  STATE,
  STOP,
  shareSlots,
} from './slots.ts';

/** Waited for the thread at a time, before the main thread looks after its other work: signals, progress. */
const WAIT_MS = 5;
/** Slots that are taken between two such looks. */
const SLOTS_A_TURN = 16;
/** A thread that has not started by then will not be waited for. */
const START_MS = 10_000;

export class DecodingThread {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #slots = shareSlots();
  readonly #control = new Int32Array(this.#slots.control);
  readonly #numbers = new Float64Array(this.#slots.numbers);
  readonly #rows = new PacketRows(this.#slots);
  /** The slot that is next in turn. */
  #slot = 0;
  #failure: Error | null = null;

  /** Of a thread that runs the program of `main.ts` and was given nothing to do yet. */
  constructor(worker: Worker) {
    const { port1, port2 } = new MessageChannel();
    this.#worker = worker;
    this.#port = port1;
    worker.on('error', (error: unknown) => this.#fail(error));
    worker.on('exit', (code) => this.#fail(new Error(`it ended with ${code}`)));
    if (worker.threadId < 0) this.#fail(new Error('it did not start'));
    this.#order({ what: 'begin', slots: this.#slots, port: port2 }, [port2]);
  }

  /** Starts a thread with this program; null where that fails. */
  static start(program: string): DecodingThread | null {
    try {
      return new DecodingThread(new Worker(program, { name: 'decoding' }));
    } catch {
      return null;
    }
  }

  /** True where nothing more can be read. */
  get isGone(): boolean {
    return this.#failure !== null;
  }

  /**
   * Reads a file to its end through the tap, or until `onBlock`, which is called after each block with the bytes and
   * records so far, returns false. Null where the thread did not start: nothing was read then.
   */
  async read(
    reading: Omit<Reading, 'sinceUs' | 'untilUs' | 'asksForNames'>,
    tap: Tap,
    onBlock: (bytesRead: number, packets: number) => boolean,
  ): Promise<CaptureRead | null> {
    const control = this.#control;
    const startBy = performance.now() + START_MS;
    let taken = 0;
    Atomics.store(control, STOP, 0);
    const { sinceUs, untilUs, dnsBits } = tap;
    if (dnsBits !== null) this.#slots.program?.names.set(dnsBits);
    this.#order({ what: 'read', ...reading, sinceUs, untilUs, asksForNames: dnsBits !== null });
    for (;;) {
      const at = this.#slot * CONTROL_WORDS + STATE;
      const state = Atomics.load(control, at);
      if (state === FREE || state === RESUMED) {
        if (taken === 0 && Atomics.load(control, STARTED) === 0 && performance.now() > startBy) {
          this.#fail(new Error('it did not start in time'));
        }
        if (this.#failure !== null) {
          if (taken === 0) return null;
          throw this.#failure;
        }
        if (Atomics.wait(control, at, state, WAIT_MS) === 'timed-out') await setImmediate();
        continue;
      }
      this.#takeSlot(tap, state, onBlock);
      Atomics.store(control, at, state === PART ? RESUMED : FREE);
      Atomics.notify(control, at);
      if (state !== PART) this.#slot = (this.#slot + 1) % SLOTS;
      if (state === LAST) return this.#result(tap);
      if (++taken % SLOTS_A_TURN === 0) await setImmediate();
    }
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    this.#port.close();
    await this.#worker.terminate();
  }

  #takeSlot(tap: Tap, state: number, onBlock: (bytesRead: number, packets: number) => boolean): void {
    const at = this.#slot * CONTROL_WORDS;
    for (; this.#control[at + MOVED] > 0; this.#control[at + MOVED]--) {
      const said = this.#hear();
      if (said.what === 'moved') this.#rows.move(said.slot, said.block);
    }
    // What was read before the thread heard that it is to stop is let go.
    if (Atomics.load(this.#control, STOP) !== 0) return;
    this.#rows.give(this.#slot, tap);
    if (state === PART) return;
    const numbersAt = this.#slot * SLOT_NUMBERS;
    const goesOn = onBlock(this.#numbers[numbersAt + BYTES_READ], this.#numbers[numbersAt + RECORDS_AFTER]);
    if (!goesOn) Atomics.store(this.#control, STOP, 1);
  }

  #result(tap: Tap): CaptureRead {
    const said = this.#hear();
    if (said.what !== 'read') throw new Error(`the decoding thread said ${said.what} out of turn`);
    tap.packet.fragments.takeCounts(said.fragments);
    return said.read;
  }

  /** What the thread has said of the slot in hand. */
  #hear(): Report {
    const said = receiveMessageOnPort(this.#port);
    if (said === undefined) throw new Error('the decoding thread said nothing of a slot');
    return said.message;
  }

  #order(order: Order, transfer: MessagePort[] = []): void {
    this.#worker.postMessage(order, transfer);
  }

  #fail(cause: unknown): void {
    const why = cause instanceof Error ? cause.message : String(cause);
    this.#failure ??= new Error(`the thread that decodes captures failed: ${why}`, { cause });
  }
}

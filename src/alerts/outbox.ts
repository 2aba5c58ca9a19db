/**
 * Sends what a ledger has in its queue: what comes within two seconds in one message, and messages some seconds apart. What
 * cannot be sent stays in the queue and is tried again, in longer and longer pauses, or when the server says.
 */
import { reasonOf } from '../errors.ts';
import type { AlertEvent } from './event.ts';
import type { AlertLedger } from './ledger.ts';
import { SendError } from './send.ts';

export interface OutboxOptions {
  /** One attempt. */
  readonly send: (events: readonly AlertEvent[]) => Promise<void>;
  readonly tell: (level: 'info' | 'warn' | 'error', message: string) => void;
  /** For messages. */
  readonly name: string;
  /** Events that come within this time are one message. */
  readonly gatherMs?: number;
  /** Between two messages. */
  readonly apartMs?: number;
  /** Before the second attempt; doubled before each further one. */
  readonly pauseMs?: number;
}

const GATHER_MS = 2000;
const APART_MS = 10_000;
const PAUSE_MS = 5000;
const LONGEST_PAUSE_MS = 300_000;
/** A server that asks for more is asked again after this. */
const LONGEST_WAIT_MS = 3_600_000;

export class Outbox {
  private timer: NodeJS.Timeout | null = null;
  private sending: Promise<void> | null = null;
  private failures = 0;
  /** By the steady clock, ms. */
  private notBeforeMs = 0;

  constructor(
    private readonly ledger: AlertLedger,
    private readonly options: OutboxOptions,
  ) {}

  /** Events that an attempt has failed to send. */
  get unsent(): number {
    return this.failures === 0 ? 0 : this.ledger.unsent.length;
  }

  /** Something may be in the queue. */
  wake(): void {
    if (this.timer !== null || this.sending !== null || this.ledger.unsent.length === 0) return;
    const { gatherMs = GATHER_MS } = this.options;
    const waitMs = Math.max(gatherMs, this.notBeforeMs - performance.now());
    this.timer = setTimeout(() => {
      this.timer = null;
      void this.run().then(() => this.wake());
    }, waitMs).unref();
  }

  private run(): Promise<void> {
    this.sending ??= this.attempt().finally(() => {
      this.sending = null;
    });
    return this.sending;
  }

  private async attempt(): Promise<void> {
    const events = [...this.ledger.unsent];
    const { send, tell, name, apartMs = APART_MS, pauseMs = PAUSE_MS } = this.options;
    try {
      await send(events);
    } catch (cause) {
      const asked = cause instanceof SendError ? (cause.waitMs ?? 0) : 0;
      const doubled = Math.min(pauseMs * 2 ** this.failures, LONGEST_PAUSE_MS);
      this.failures = Math.min(this.failures + 1, 30);
      this.notBeforeMs = performance.now() + Math.max(doubled, Math.min(asked, LONGEST_WAIT_MS));
      tell('warn', `${name}: alerts are not sent, they are tried again: ${reasonOf(cause)}`);
      return;
    }
    if (this.failures > 0) tell('info', `${name}: alerts are sent again`);
    this.failures = 0;
    this.notBeforeMs = performance.now() + apartMs;
    try {
      this.ledger.sent(events);
    } catch (cause) {
      tell('warn', `${name}: that alerts were sent cannot be noted: ${reasonOf(cause)}`);
    }
  }

  /** Sends what waits, unless its server has refused it before. What is left waits for the next start. */
  async end(): Promise<void> {
    if (this.timer !== null) clearTimeout(this.timer);
    await this.sending;
    if (this.failures === 0 && this.ledger.unsent.length > 0) await this.run();
    const left = this.ledger.unsent.length;
    if (left > 0) this.options.tell('warn', `${this.options.name}: ${left} alerts are not sent`);
  }
}

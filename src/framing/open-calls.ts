/**
 * Calls of a direction that wait for their reply (JSON-RPC 1.0 and 2.0 as pools bend them, docs/reference/protocols.md 1.1). Ids repeat:
 * cpuminer numbers every submit 4, ethminer every hashrate 9. So equal ids pair first in, first out. They are bounded: the
 * oldest are dropped, and shares last.
 */
import type { Call } from './message.ts';

/** Calls of one direction that may still be answered. */
const OPEN_CALLS_LIMIT = 1024;
/** And their bytes; one call alone may have more. Once parsed, a byte of `[[[[` takes 28 bytes of memory. */
const OPEN_CALLS_BYTES = 128 * 1024;

export class OpenCalls {
  private readonly calls: Call[] = [];
  private bytes = 0;

  add(call: Call): void {
    while (
      this.calls.length === OPEN_CALLS_LIMIT ||
      (this.calls.length > 0 && this.bytes + call.bytes > OPEN_CALLS_BYTES)
    ) {
      const oldest = this.calls.findIndex(({ share }) => share === undefined);
      this.remove(Math.max(0, oldest));
    }
    this.bytes += call.bytes;
    this.calls.push(call);
  }

  has(id: string): boolean {
    return this.calls.some((call) => call.id === id);
  }

  /**
   * The oldest call with the id; if there is none, one with the id in the other type, as some pools answer 5 with "5", or one
   * that was cut before its id: any reply may be its own.
   */
  take(id: string): Call | undefined {
    const { calls } = this;
    let at = 0;
    while (at < calls.length && calls[at].id !== id) at++;
    if (at < calls.length) return this.remove(at);
    const other = id.startsWith('"') ? id.slice(1, -1) : `"${id}"`;
    const like = calls.findIndex((call) => call.id === other);
    return this.remove(like === -1 ? calls.findIndex((call) => call.id === undefined) : like);
  }

  /**
   * Replies may be lost: of calls with one id only the newest may still be answered, or every later reply would
   * go to the call before its own.
   */
  doubt(): void {
    const seen = new Set<string | undefined>();
    for (let at = this.calls.length - 1; at >= 0; at--) {
      const { id } = this.calls[at];
      if (seen.has(id)) this.remove(at);
      seen.add(id);
    }
  }

  private remove(at: number): Call | undefined {
    if (at === -1) return undefined;
    const call = at === this.calls.length - 1 ? this.calls.pop() : this.calls.splice(at, 1)[0];
    this.bytes -= call?.bytes ?? 0;
    return call;
  }
}

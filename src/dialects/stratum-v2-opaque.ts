/**
 * Encrypted Stratum V2 by sizes (docs/protocols.md 2.1): a message of p bytes travels as 22 + p + 16, so a standard
 * share is 62 bytes and an extended one 63 and its extranonce. A size between counts as a share from its third time on:
 * openings of channels have such sizes too, but not again and again. Answers cover several shares and are not counted.
 */
import type { OpaqueFlight } from '../framing/message.ts';
import type { Sink } from './sink.ts';

const STANDARD_SHARE = 62;
/** 63 and an extranonce of 1 to 32 bytes. */
const EXTENDED_LEAST = 64;
const EXTENDED_MOST = 95;
const TIMES = 3;
/** Shares that may leave in one go. */
const MERGED_MOST = 8;

const ACT_1 = 64;
const ACT_2 = 234;

export class OpaqueSession {
  private readonly times = new Map<number, number>();
  /** Size of this session's shares; 0 while unknown. */
  private size = 0;

  read(flight: OpaqueFlight, session: Sink): void {
    if (flight.lane === 1) {
      if (flight.offset === 0) session.service('noise act 2');
      else if (flight.offset === ACT_2) session.service('noise setup answered');
    } else if (flight.offset === 0) session.request('noise act 1');
    // The first message behind the handshake sets the connection up.
    else if (flight.offset > ACT_1) this.count(flight, session);
  }

  private count(flight: OpaqueFlight, session: Sink): void {
    const { bytes } = flight;
    if (this.size === 0) this.size = this.sizeFrom(bytes);
    const merged = this.size === 0 ? 0 : bytes / this.size;
    if (!Number.isInteger(merged) || merged > MERGED_MOST) return;
    for (let at = 0; at < merged; at++) {
      session.share(flight, {});
    }
  }

  private sizeFrom(bytes: number): number {
    if (bytes === STANDARD_SHARE) return bytes;
    if (bytes < EXTENDED_LEAST || bytes > EXTENDED_MOST) return 0;
    const times = (this.times.get(bytes) ?? 0) + 1;
    this.times.set(bytes, times);
    return times >= TIMES ? bytes : 0;
  }
}

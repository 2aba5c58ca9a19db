/**
 * DNS over TCP (RFC 1035 4.2.2, RFC 7766): messages with their length in 2 bytes in front, taken out of the ordered
 * bytes of one direction. Messages longer than real answers are skipped. After a gap the direction is lost, because
 * nothing marks the beginning of the next message.
 */

import { appended } from './bytes.ts';
import type { Direction } from './message.ts';

/** Longest message that is read, bytes. */
export const DNS_MESSAGE_LIMIT = 8 * 1024;

/** Receives each whole message of a direction, valid during the call only. */
export interface DnsReaderListener {
  message(direction: Direction, bytes: Uint8Array, from: number, to: number): void;
}

export class DnsReader {
  private header = 0;
  private headerBytes = 0;
  private left = 0;
  private buffer: Uint8Array = new Uint8Array(0);
  private length = 0;
  /** True if nothing more can be read. */
  lost = false;

  constructor(
    private readonly direction: Direction,
    private readonly listener: DnsReaderListener,
  ) {}

  push(bytes: Uint8Array, from: number, to: number): void {
    let at = from;
    while (at < to && !this.lost) {
      if (this.headerBytes < 2) {
        this.header = (this.header << 8) | bytes[at++];
        if (++this.headerBytes === 2) this.open();
        continue;
      }
      const count = Math.min(this.left, to - at);
      const isRead = this.header <= DNS_MESSAGE_LIMIT;
      if (isRead && count === this.header) this.listener.message(this.direction, bytes, at, at + count);
      else if (isRead) {
        this.buffer = appended(this.buffer, this.length, bytes.subarray(at, at + count));
        this.length += count;
      }
      at += count;
      this.left -= count;
      if (this.left > 0) continue;
      if (this.length > 0) this.listener.message(this.direction, this.buffer, 0, this.length);
      this.length = 0;
      this.header = 0;
      this.headerBytes = 0;
    }
  }

  gap(): void {
    this.lost = true;
  }

  private open(): void {
    this.left = this.header;
    // No message is shorter than its header.
    if (this.header < 12) this.lost = true;
  }
}

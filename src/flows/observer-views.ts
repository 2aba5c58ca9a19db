/**
 * What a conversation's observers have seen: whose counters count. The first has them in the conversation's row, the others
 * in chains of views (kernel/conversations/views.ts).
 */
import type { ConversationRows } from './conversation-rows.ts';

/** What one observer has of a direction, sampling multiplied. */
export interface View {
  readonly bytes: number;
  readonly packets: number;
  /** One packet in so many. */
  readonly interval: number;
}

/** 95 % of samples lie no farther off, in square roots of the packets that were looked at. */
const Z = 1.96;

/** What so many bytes of samples are at least. */
function surely({ bytes, packets, interval }: View): number {
  if (packets <= 0 || interval <= 1) return 0;
  return bytes * Math.max(0, 1 - Z / Math.sqrt(packets / interval));
}

/** Who saw a conversation. */
export function observersOf(rows: ConversationRows, row: number): number[] {
  const { observer: first, views } = rows.row(row);
  const all = [first];
  for (let entry = views; entry !== 0; ) {
    const { observer, next } = rows.observed(entry);
    all.push(observer);
    entry = next;
  }
  return all;
}

/**
 * Of a direction the view with the most bytes. One who samples counts beside one who looked at every packet only if he is sure
 * to have seen more: the most of several guesses is too much.
 */
export function mostSeen(rows: ConversationRows, row: number, direction: number): View {
  const { observer: first, views: head } = rows.row(row);
  const { bytes: firstBytes, packets: firstPackets } = rows.direction(row, direction);
  // Nearly always there is one observer, who looked at every packet.
  if (head === 0 && rows.interval(first) <= 1) {
    return { bytes: firstBytes, packets: firstPackets, interval: 1 };
  }
  const whole = { bytes: 0, packets: 0, interval: 1 };
  const sampled = { bytes: 0, packets: 0, interval: 0 };
  let isWhole = false;
  const look = (observer: number, bytes: number, packets: number): void => {
    const interval = rows.interval(observer);
    const best = interval > 1 ? sampled : whole;
    if (interval <= 1 && (bytes > 0 || packets > 0)) isWhole = true;
    if (bytes < best.bytes || (bytes === best.bytes && packets <= best.packets)) return;
    best.bytes = bytes;
    best.packets = packets;
    if (interval > 1) best.interval = interval;
  };
  look(first, firstBytes, firstPackets);
  for (let entry = head; entry !== 0; ) {
    const view = rows.observed(entry);
    if (direction === 0) look(view.observer, view.bytes0, view.packets0);
    else look(view.observer, view.bytes1, view.packets1);
    entry = view.next;
  }
  if (!isWhole) return { ...sampled, interval: Math.max(1, sampled.interval) };
  return surely(sampled) > whole.bytes ? sampled : whole;
}

/**
 * What a conversation's observers have seen: whose counters count. The first has them in the conversation's row, the others
 * in chains of views (kernel/conversations/views.ts).
 */
import type { ConversationRows } from './conversation-rows.ts';

/** What one observer has of a lane, sampling multiplied. */
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

/** Observers beyond the first. */
export function furtherObservers(rows: ConversationRows, row: number): number {
  let count = 0;
  for (let entry = rows.word(row, rows.at.views); entry !== 0; entry = rows.viewed(entry, 0).next) count++;
  return count;
}

/**
 * Of a lane the view with the most bytes. One who samples counts beside one who looked at every packet only if he is sure
 * to have seen more: the most of several guesses is too much.
 */
export function mostSeen(rows: ConversationRows, row: number, lane: number): View {
  const first = {
    observer: rows.word(row, rows.at.observer),
    bytes: rows.ofLane(row, lane, rows.lane.bytes),
    packets: rows.ofLane(row, lane, rows.lane.packets),
  };
  const head = rows.word(row, rows.at.views);
  // Nearly always there is one observer, who looked at every packet.
  if (head === 0 && rows.interval(first.observer) <= 1) {
    return { bytes: first.bytes, packets: first.packets, interval: 1 };
  }
  const whole = { bytes: 0, packets: 0, interval: 1 };
  const sampled = { bytes: 0, packets: 0, interval: 0 };
  let isWhole = false;
  const take = ({ observer, bytes, packets }: typeof first): void => {
    const interval = rows.interval(observer);
    const best = interval > 1 ? sampled : whole;
    if (interval <= 1 && (bytes > 0 || packets > 0)) isWhole = true;
    if (bytes < best.bytes || (bytes === best.bytes && packets <= best.packets)) return;
    best.bytes = bytes;
    best.packets = packets;
    if (interval > 1) best.interval = interval;
  };
  take(first);
  for (let entry = head; entry !== 0; ) {
    const view = rows.viewed(entry, lane);
    take(view);
    entry = view.next;
  }
  if (!isWhole) return { ...sampled, interval: Math.max(1, sampled.interval) };
  return surely(sampled) > whole.bytes ? sampled : whole;
}

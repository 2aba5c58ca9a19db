/**
 * Counters of a conversation by who reported them, beyond the first reporter, whose counters are in its directions. Chains of
 * small rows, bounded; those of conversations that are forgotten are used again (flows/observer-views.ts reads them).
 */

import { INTERVALS_AT, table, VIEWS, VIEWS_AT, View } from './memory.ts';

function viewOf(entry: u32): View {
  return changetype<View>(VIEWS_AT + <usize>(entry - 1) * offsetof<View>());
}

/** Adds to the view of `observer` in the chain at `head` (plus one; 0: empty); returns the chain's head. */
export function addToView(head: u32, observer: u32, direction: u32, packets: f64, bytes: f64): u32 {
  for (let entry = head; entry !== 0; entry = viewOf(entry).next) {
    if (viewOf(entry).observer !== observer) continue;
    addCounters(viewOf(entry), direction, packets, bytes);
    return head;
  }
  const entry = takeView();
  if (entry === 0) {
    table.viewOverflow += 1;
    return head;
  }
  const view = viewOf(entry);
  memory.fill(changetype<usize>(view), 0, offsetof<View>());
  view.observer = observer;
  view.next = head;
  addCounters(view, direction, packets, bytes);
  return entry;
}

function addCounters(view: View, direction: u32, packets: f64, bytes: f64): void {
  if (direction === 0) {
    view.packets0 += packets;
    view.bytes0 += bytes;
  } else {
    view.packets1 += packets;
    view.bytes1 += bytes;
  }
}

function takeView(): u32 {
  const free = table.freeView;
  if (free === 0) return table.viewsEnd === <u32>VIEWS ? 0 : ++table.viewsEnd;
  table.freeView = viewOf(free).next;
  return free;
}

/** Gives a chain back. */
export function releaseViews(head: u32): void {
  for (let entry = head; entry !== 0; ) {
    const view = viewOf(entry);
    const next = view.next;
    view.next = table.freeView;
    table.freeView = entry;
    entry = next;
  }
}

/** The observer looks at one packet in so many. */
export function noteSampling(observer: u32, interval: f64): void {
  const at = INTERVALS_AT + ((<usize>observer) << 2);
  if (interval > <f64>load<u32>(at)) store<u32>(at, <u32>interval);
}

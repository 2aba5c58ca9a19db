/**
 * Flow records of TCP to conversations: both directions joined, sampling multiplied once, stitched across timeouts, files
 * and exporters (flows/conversations.ts).
 */

import {
  BY_SOURCE,
  BYTE_LAYER,
  DENIED,
  LINK_BYTES,
  ORIGINATORS,
  PAYLOAD_BYTES,
  THINNED,
} from '../records/marks.ts';
import { Row } from '../records/memory.ts';
import { countRow, mayBeListed, outcomeByPort, outcomeOf } from '../records/sieve.ts';
import { bytes, KEPT, packets, reverseBytes, reversePackets } from '../records/totals.ts';
import { markBusy } from './activity.ts';
import { directionOf } from './conversation.ts';
import { meet, watched } from './host.ts';
import {
  BOTH_WAYS,
  CONVERTED,
  DIRECTION_0_ORIGINATED,
  DIRECTION_1_ORIGINATED,
  DISORDERED,
  ESTIMATED,
  FLAGS_KNOWN_0,
  FLAGS_KNOWN_1,
  RATE_UNTOLD,
  SAMPLING_UNKNOWN,
  WAS_DENIED,
  WATCHED_0,
  WATCHED_1,
} from './marks.ts';
import { Conversation, ORDINALS_AT, ORDINALS_BYTES, table } from './memory.ts';
import { countPulse, noteSmallest } from './pulse.ts';
import { makeRoom } from './room.ts';
import { boundProbes, direction, fetch, find, isNew } from './rows.ts';
import { addToView, noteSampling } from './views.ts';

/**
 * Longer silence between two records ends a spell of activity: a quiet connection is cut by inactive timeouts of seconds
 * to minutes, and pools speak every few minutes.
 */
const SILENCE_US: f64 = 600_000_000;
const MINUTE_US: f64 = 60_000_000;
/** Records whose rows are fetched at once. */
const WINDOW: usize = 64;

/** The records to come are of this input. */
export function beginInput(input: i32): void {
  memory.fill(ORDINALS_AT, 0, (<usize>table.ordinals) << 2);
  table.ordinals = 0;
  table.input = input;
}

/** Adds the rows of records that lie in [from, to). */
export function addRows(from: usize, to: usize): void {
  for (let at = from; at < to; ) {
    const end = min(at + WINDOW * offsetof<Row>(), to);
    boundProbes();
    fetch(at, end);
    for (; at < end; at += offsetof<Row>()) addRow(changetype<Row>(at));
  }
}

function addRow(row: Row): void {
  let outcome = outcomeOf(row);
  let listed = 0;
  if (outcome === KEPT && mayBeListed(row)) {
    listed = watched(changetype<usize>(row));
    if (listed === 0) outcome = outcomeByPort(row);
  }
  countRow(row, outcome);
  if (outcome !== KEPT) return;
  if (table.size >= table.maximum) makeRoom();
  if (!(row.endUs <= table.keptUs)) table.keptUs = row.endUs;
  addRecord(row, find(row), listed);
}

function addRecord(row: Row, conversation: Conversation, listed: i32): void {
  const observer = observerOf(row.exporter);
  const interval = row.samplingInterval;
  if (interval > 1) noteSampling(observer, interval);
  if (isNew) {
    conversation.observer = observer;
    conversation.input = table.input;
    conversation.record = row.number;
  }
  conversation.records += 1;
  noteSmallest(conversation, packets, bytes);
  noteSmallest(conversation, reversePackets, reverseBytes);
  conversation.marks |= marksOf(row, listed);
  if (row.tcpFlags >= 0) addFlags(conversation, direction, row.tcpFlags);
  if (row.reverseTcpFlags >= 0) addFlags(conversation, 1 - direction, row.reverseTcpFlags);
  const there = directionOf(conversation, direction);
  const back = directionOf(conversation, 1 - direction);
  if (there.startUs === 0 || row.startUs < there.startUs) there.startUs = row.startUs;
  conversation.observed += (packets + reversePackets) / max(interval, 1);
  if (interval > conversation.sampling) conversation.sampling = interval;
  if (conversation.observer === observer) {
    there.packets += packets;
    there.bytes += bytes;
    back.packets += reversePackets;
    back.bytes += reverseBytes;
    // Records of a second observer tell the same packets again; sampled ones tell no rhythm.
    if (interval <= 1) {
      const seconds = (row.endUs - row.startUs) / 1e6;
      countPulse(there, packets, seconds);
      countPulse(back, reversePackets, seconds);
    }
  } else {
    conversation.views = addToView(conversation.views, observer, direction, packets, bytes);
    if (reversePackets > 0 || reverseBytes > 0)
      conversation.views = addToView(
        conversation.views,
        observer,
        1 - direction,
        reversePackets,
        reverseBytes,
      );
  }
  extendActivity(conversation, row.startUs, row.endUs);
}

function marksOf(row: Row, listed: i32): u32 {
  let marks: u32 = 0;
  if (listed !== 0) {
    if ((listed & 1) !== 0) marks |= direction === 0 ? WATCHED_0 : WATCHED_1;
    if ((listed & 2) !== 0) marks |= direction === 0 ? WATCHED_1 : WATCHED_0;
  }
  const originator = row.marks & ORIGINATORS;
  if (originator !== 0)
    marks |=
      (originator === BY_SOURCE) === (direction === 0) ? DIRECTION_0_ORIGINATED : DIRECTION_1_ORIGINATED;
  if ((row.marks & DENIED) !== 0) marks |= WAS_DENIED;
  if (row.samplingInterval === 0) marks |= SAMPLING_UNKNOWN;
  if ((row.marks & THINNED) !== 0) marks |= RATE_UNTOLD;
  const layer = row.marks & BYTE_LAYER;
  if (layer === LINK_BYTES) marks |= CONVERTED;
  else if (layer === PAYLOAD_BYTES) marks |= ESTIMATED;
  if (row.reversePackets >= 0 || row.reverseBytes >= 0) marks |= BOTH_WAYS;
  return marks;
}

function addFlags(conversation: Conversation, by: u32, flags: i32): void {
  if (by === 0) {
    conversation.flags0 |= <u8>flags;
    conversation.marks |= FLAGS_KNOWN_0;
  } else {
    conversation.flags1 |= <u8>flags;
    conversation.marks |= FLAGS_KNOWN_1;
  }
}

/**
 * Adds the time of a record to what its conversation covers. Records may come in any order; what they fill up later is
 * then told by the minutes that were busy.
 */
function extendActivity(conversation: Conversation, startUs: f64, endUs: f64): void {
  markBusy(conversation, <i32>floor(startUs / MINUTE_US), <i32>floor(endUs / MINUTE_US), isNew);
  if (isNew) {
    conversation.firstUs = startUs;
    conversation.lastUs = endUs;
    conversation.activeUs = endUs - startUs;
    conversation.activePeriods = 1;
    return;
  }
  const first = conversation.firstUs;
  const last = conversation.lastUs;
  if (endUs < last - SILENCE_US) conversation.marks |= DISORDERED;
  if (startUs > last + SILENCE_US || endUs < first - SILENCE_US) {
    conversation.activeUs += endUs - startUs;
    conversation.activePeriods += 1;
  } else {
    if (endUs > last) conversation.activeUs += endUs - last;
    if (startUs < first) conversation.activeUs += first - startUs;
  }
  if (endUs > last) conversation.lastUs = endUs;
  if (startUs < first) conversation.firstUs = startUs;
}

function observerOf(ordinal: u32): u32 {
  if (ordinal >= <u32>ORDINALS_BYTES / 4) return meet(ordinal);
  const at = ORDINALS_AT + ((<usize>ordinal) << 2);
  const known = load<u32>(at);
  if (known !== 0) return known - 1;
  const observer = <u32>meet(ordinal);
  store<u32>(at, observer + 1);
  table.ordinals = max(table.ordinals, ordinal + 1);
  table.observers = max(table.observers, observer + 1);
  return observer;
}

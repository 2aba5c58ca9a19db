/**
 * The conversations of flow records: two ends find their row by open addressing, and everything about them is in one piece
 * of memory, because separate columns would cost a cache miss each.
 */

import { copyAddress, isSameAddress, sortsHigher } from '../ends.ts';
import { changeKey, hashOfEnds, MOST_PROBES } from '../keyed-hash.ts';
import { Row } from '../records/memory.ts';
import { clearTotals } from '../records/totals.ts';
import { CONVERSATION_BYTES } from './conversation.ts';
import { hold } from './host.ts';
import { FLIPPED, GONE } from './marks.ts';
import { CONVERSATIONS_AT, Conversation, INDEX_AT, INDEX_BYTES, KEY_AT, table } from './memory.ts';

const FIRST_PLACES: u32 = 2048;

/** Direction of the record that `find` was last called with, and whether that call made the row. */
export let direction: u32 = 0;
export let isNew: bool = false;
/** Entries that one insert has met on its way. */
let mostProbes: u32 = 0;

/** Begins an empty table. */
export function begin(maximum: u32): void {
  clearTotals();
  table.keptUs = NaN;
  table.maximum = maximum;
  table.mask = FIRST_PLACES - 1;
  fitMemory();
}

/** Has memory for as many conversations as the index. */
export function fitMemory(): void {
  const end = CONVERSATIONS_AT + <usize>((table.mask + 1) >> 1) * CONVERSATION_BYTES;
  if (end > (<usize>memory.size()) << 16) hold(end);
}

/**
 * Touches the memory that these records will want. Look-ups one after another wait for their misses one by one; in these
 * loops none depends on another, so that they overlap.
 */
export function fetch(from: usize, to: usize): void {
  for (let at = from; at < to; at += offsetof<Row>()) {
    const row = changetype<Row>(at);
    const isHigher = sourceSortsHigher(row);
    const low = isHigher ? row.destination : row.source;
    row.hash = hashOfEnds(KEY_AT, low, isHigher ? row.source : row.destination, portsOf(row, isHigher));
    entryAt(row.hash & table.mask);
  }
  for (let at = from; at < to; at += offsetof<Row>()) {
    const hash = changetype<Row>(at).hash;
    const entry = entryAt(hash & table.mask);
    if (entry === 0 || ((entry ^ hash) & ~table.mask) !== 0) continue;
    const found = changetype<usize>(conversationAt((entry & table.mask) - 1));
    for (let line: usize = 0; line < CONVERSATION_BYTES; line += 64) load<u32>(found + line);
  }
}

/** True if the source sorts after the destination. */
function sourceSortsHigher(row: Row): bool {
  return sortsHigher(row.source, row.sourcePort, row.destination, row.destinationPort);
}

function portsOf(row: Row, isHigher: bool): u32 {
  return isHigher
    ? (row.destinationPort << 16) | row.sourcePort
    : (row.sourcePort << 16) | row.destinationPort;
}

/**
 * A place of the index: 0 if empty, else the row's number + 1 in the bits of the mask, and above them those of the hash:
 * another's row, which would be a cache miss, is hardly ever looked at.
 */
function entryAt(place: u32): u32 {
  return load<u32>(INDEX_AT + ((<usize>place) << 2));
}

export function conversationAt(row: u32): Conversation {
  return changetype<Conversation>(CONVERSATIONS_AT + <usize>row * CONVERSATION_BYTES);
}

/** The conversation of a record's two ends, made if it is new (direction 0 is then the record's source). */
export function find(row: Row): Conversation {
  const isHigher = sourceSortsHigher(row);
  const low = isHigher ? row.destination : row.source;
  const high = isHigher ? row.source : row.destination;
  const ports = portsOf(row, isHigher);
  const hash = row.hash;
  const mask = table.mask;
  let place = hash & mask;
  for (let entry = entryAt(place); entry !== 0; entry = entryAt(place)) {
    if (((entry ^ hash) & ~mask) === 0) {
      const known = conversationAt((entry & mask) - 1);
      if (known.ports === ports && isSameAddress(known.low, low) && isSameAddress(known.high, high)) {
        direction = (known.marks & FLIPPED) ^ u32(isHigher);
        isNew = false;
        return known;
      }
    }
    place = (place + 1) & mask;
  }
  if (table.size << 1 > mask) widenIndex();
  const made = conversationAt(table.size);
  clear(made);
  copyAddress(made.low, low);
  copyAddress(made.high, high);
  made.ports = ports;
  made.marks = u32(isHigher);
  insert(table.size++, hash);
  direction = 0;
  isNew = true;
  return made;
}

function clear(conversation: Conversation): void {
  const at = changetype<usize>(conversation);
  for (let word: usize = 0; word < CONVERSATION_BYTES; word += 16) v128.store(at + word, i64x2.splat(0));
}

function insert(row: u32, hash: u32): void {
  const mask = table.mask;
  let place = hash & mask;
  let probes: u32 = 0;
  for (; entryAt(place) !== 0; probes++) place = (place + 1) & mask;
  store<u32>(INDEX_AT + ((<usize>place) << 2), (hash & ~mask) | (row + 1));
  mostProbes = max(mostProbes, probes);
}

/** Takes another key if one insert has met more others than chance explains. Hashes of records are not of that key. */
export function boundProbes(): void {
  if (mostProbes <= MOST_PROBES) return;
  changeKey(KEY_AT);
  indexAll();
}

function widenIndex(): void {
  table.mask = min(8 * table.mask + 7, <u32>INDEX_BYTES / 4 - 1);
  fitMemory();
  indexAll();
}

/** Makes the index of all conversations anew. */
export function indexAll(): void {
  mostProbes = 0;
  memory.fill(INDEX_AT, 0, (<usize>(table.mask + 1)) << 2);
  for (let row: u32 = 0; row < table.size; row++) {
    const conversation = conversationAt(row);
    insert(row, hashOfEnds(KEY_AT, conversation.low, conversation.high, conversation.ports));
  }
}

/** Leaves out the conversations that are marked as gone; the others stay in their order, under other numbers. */
export function compact(): void {
  let kept: u32 = 0;
  for (let row: u32 = 0; row < table.size; row++) {
    const conversation = conversationAt(row);
    if ((conversation.marks & GONE) !== 0) continue;
    if (kept !== row) copyConversation(conversationAt(kept), conversation);
    kept++;
  }
  table.size = kept;
  indexAll();
}

function copyConversation(to: Conversation, from: Conversation): void {
  for (let word: usize = 0; word < CONVERSATION_BYTES; word += 16)
    v128.store(changetype<usize>(to) + word, v128.load(changetype<usize>(from) + word));
}

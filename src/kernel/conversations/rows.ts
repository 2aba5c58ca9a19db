/**
 * The conversations of flow records: two ends find their row by open addressing, and everything about them is in one piece
 * of memory, because separate columns would cost a cache miss each.
 */

import { changeKey, hashOfEnds, MOST_PROBES } from '../keyed-hash.ts';
import { Row } from '../records/memory.ts';
import { clearTotals } from '../records/totals.ts';
import { Address, CONVERSATION_BYTES } from './conversation.ts';
import { hold } from './host.ts';
import { FLIPPED, GONE } from './marks.ts';
import { CONVERSATIONS_AT, Conversation, INDEX_AT, INDEX_BYTES, KEY_AT } from './memory.ts';
import { table } from './table.ts';

const FIRST_PLACES: u32 = 2048;

/** Direction of the record that `find` was last called with, and whether that call made the row. */
export let lane: u32 = 0;
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
    row.hash = hashOf(lowEnd(row, isHigher), highEnd(row, isHigher), portsOf(row, isHigher));
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

/** True if the source sorts after the destination: address words as signed numbers, then port. */
function sourceSortsHigher(row: Row): bool {
  if (row.source3 !== row.destination3) return row.source3 > row.destination3;
  if (row.source2 !== row.destination2) return row.source2 > row.destination2;
  if (row.source1 !== row.destination1) return row.source1 > row.destination1;
  if (row.source0 !== row.destination0) return row.source0 > row.destination0;
  return row.sourcePort > row.destinationPort;
}

function lowEnd(row: Row, isHigher: bool): Address {
  const at = changetype<usize>(row) + offsetof<Row>('source0');
  return changetype<Address>(isHigher ? at + offsetof<Address>() : at);
}

function highEnd(row: Row, isHigher: bool): Address {
  return lowEnd(row, !isHigher);
}

function portsOf(row: Row, isHigher: bool): u32 {
  return isHigher
    ? (row.destinationPort << 16) | row.sourcePort
    : (row.sourcePort << 16) | row.destinationPort;
}

/** Of two ends, whichever of them sent the record. */
function hashOf(low: Address, high: Address, ports: u32): u32 {
  return hashOfEnds(KEY_AT, changetype<usize>(low), changetype<usize>(high), ports);
}

function isSame(a: Address, b: Address): bool {
  return a.word3 === b.word3 && a.word2 === b.word2 && a.word1 === b.word1 && a.word0 === b.word0;
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

function lowOf(conversation: Conversation): Address {
  return changetype<Address>(changetype<usize>(conversation));
}

function highOf(conversation: Conversation): Address {
  return changetype<Address>(changetype<usize>(conversation) + offsetof<Conversation>('high0'));
}

/** The conversation of a record's two ends, made if it is new (lane 0 is then the record's source). */
export function find(row: Row): Conversation {
  const isHigher = sourceSortsHigher(row);
  const low = lowEnd(row, isHigher);
  const high = highEnd(row, isHigher);
  const ports = portsOf(row, isHigher);
  const hash = row.hash;
  const mask = table.mask;
  let place = hash & mask;
  for (let entry = entryAt(place); entry !== 0; entry = entryAt(place)) {
    if (((entry ^ hash) & ~mask) === 0) {
      const known = conversationAt((entry & mask) - 1);
      if (known.ports === ports && isSame(lowOf(known), low) && isSame(highOf(known), high)) {
        lane = (known.marks & FLIPPED) ^ u32(isHigher);
        isNew = false;
        return known;
      }
    }
    place = (place + 1) & mask;
  }
  if (table.size << 1 > mask) widenIndex();
  const made = conversationAt(table.size);
  clear(made);
  copyAddress(lowOf(made), low);
  copyAddress(highOf(made), high);
  made.ports = ports;
  made.marks = u32(isHigher);
  insert(table.size++, hash);
  lane = 0;
  isNew = true;
  return made;
}

function copyAddress(to: Address, from: Address): void {
  v128.store(changetype<usize>(to), v128.load(changetype<usize>(from)));
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
    insert(row, hashOf(lowOf(conversation), highOf(conversation), conversation.ports));
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

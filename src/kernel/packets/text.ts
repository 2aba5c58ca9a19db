/**
 * Text that no reader frames is searched for words of mining, on both sides, while it goes by: a small automaton whose
 * table the driver makes (packets/mining-words.ts). A direction is text as long as it has no byte that text does not have.
 */

import { begins } from './bytes.ts';
import * as is from './flow-state.ts';
import { direction, Flow, flowOf } from './flows.ts';
import { TCP, UDP } from './layers/packet.ts';
import {
  control,
  packet,
  record,
  WORD_CLASSES,
  WORD_CLASSES_AT,
  WORD_KINDS_AT,
  WORD_STEPS_AT,
} from './memory.ts';
import { isQuotation, isService, noteQuotation } from './payload/service.ts';

/** Of a direction that is no text, or was not searched to its end. */
export const NO_TEXT: u16 = 0xffff;
/** Nobody searches bulk: more than this, and more than a miner says in its time. */
const BULK_BYTES: f64 = 1_000_000;
const BULK_BYTES_PER_SECOND: f64 = 6000;
const MOST_WORDS: u16 = 0xffff;

/** Kinds of words, a bit each (packets/mining-words.ts). Methods of Stratum name a share or a job. */
const SHARE_METHOD: u32 = 0x01;
const JOB_METHOD: u32 = 0x08;
/** Of Monero only names tell that stand together: nonce, submit or login, and job_id in a share; seed_hash and job_id in a job. */
const SHARE_NAMES: u32 = 0x46;
const JOB_NAMES: u32 = 0x50;
/** What pools say and miners do not. */
const OF_POOLS: u32 = 0x18;
/** Those hardly said of anything else. */
const TELLING_KINDS: u32 = 0xc9;
/** Words of each side from which on they are no quotation. */
const LEAST_WORDS: u16 = 6;
const LEAST_US: f64 = 15_000_000;
/** Bytes of a packet that are looked at, and the least; of text at least one in so many is a blank (RFC 2045 6.8 has two in 78). */
const SAMPLE_BYTES: u32 = 256;
const LEAST_SAMPLE: u32 = 64;
/**
 * Words are a third of the letters and digits or more; a packet with fewer of these tells nothing against it. A few lines of
 * something else, or some hundred bytes at the end, are no matter.
 */
const WEIGHED_BYTES: u32 = 1024;
const WORDS_OF: u32 = 3;
const LEAST_RUNS: u32 = 24;
const LEAST_WORD: u32 = 3;
const MOST_WORD: u32 = 20;
const MOST_PROSE: i32 = 512;
const LEAST_PROSE: i32 = -64;
const NO_PROSE: i32 = -1024;
const BLANKS_OF: u32 = 48;
/** What is said at first is searched so far; what was skimmed over behind it is searched if it goes on for so long. */
const FIRST_BYTES: f64 = 8192;
const SEARCHED_US: f64 = 60_000_000;
/** Bell to carriage return, and escape, a bit each. */
const TEXT_CONTROLS: u32 = 0x0800_3f80;

/** Takes the current payload. */
export function searchText(row: Flow): void {
  const from = packet.payloadStart;
  const to = packet.payloadEnd;
  const place = direction === 0 ? row.text0 : row.text1;
  if (place === NO_TEXT) return;
  if (row.pushesOf(direction) === 1) lookAtOpening(row, from, to);
  const isWhole = to - from === packet.payloadBytes;
  if (!row.has(is.DENSE) && from < to) {
    if (isStructured(from, to) || isDense(from, to)) row.mark(is.DENSE);
    else weigh(row, from, to);
  }
  if (!isWhole || isBulk(row)) remember(row, NO_TEXT);
  else if (isWorthSearching(row)) remember(row, search(row, place, from, to));
  else {
    row.mark(is.SKIMMED);
    remember(row, isText(from, to) ? 0 : NO_TEXT);
  }
}

/** The same of a datagram, in which no word goes on. */
export function searchDatagram(row: Flow): void {
  if ((direction === 0 ? row.text0 : row.text1) === NO_TEXT) return;
  remember(row, 0);
  searchText(row);
}

function remember(row: Flow, place: u16): void {
  if (direction === 0) row.text0 = place;
  else row.text1 = place;
}

function isBulk(row: Flow): bool {
  const bytes = row.bytes0 + row.bytes1;
  return bytes > BULK_BYTES && bytes > (BULK_BYTES_PER_SECOND * (record.timeUs - row.firstUs)) / 1e6;
}

/**
 * True if what stands in it is no text in words, though it may be printable: hardly a blank, as in base64 and in JSON, or mostly
 * bytes beyond ASCII.
 */
function isDense(from: u32, to: u32): bool {
  const length = min(to - from, SAMPLE_BYTES);
  if (length < LEAST_SAMPLE) return false;
  let blanks: u32 = 0;
  let high: u32 = 0;
  for (let at = from; at < from + length; at++) {
    const byte = <u32>load<u8>(at);
    if (byte <= 0x20) blanks++;
    else if (byte >= 0x80) high++;
  }
  return blanks * BLANKS_OF < length || high * 2 > length;
}

/** Runs of letters and digits in a packet, bytes, and those of them that are words. */
let runs: u32 = 0;
let words: u32 = 0;

/**
 * Weighs the words of a packet against its other runs of letters and digits: numbers, hex and base64 in lines and groups are
 * printable, and no text in words. What was said long ago weighs no more than some lines.
 */
function weigh(row: Flow, from: u32, to: u32): void {
  countWords(from, min(to, from + WEIGHED_BYTES));
  const more = <i32>(words * WORDS_OF) - <i32>runs;
  if (more < 0 && runs < LEAST_RUNS) return;
  const prose = max(NO_PROSE, min(MOST_PROSE, proseOf(row, direction) + more));
  if (prose === NO_PROSE) row.mark(is.DENSE);
  if (direction === 0) row.prose0 = <u16>prose;
  else row.prose1 = <u16>prose;
}

function proseOf(row: Flow, side: u32): i32 {
  return <i32>(<i16>(side === 0 ? row.prose0 : row.prose1));
}

const NO_LETTER: u32 = 0;
const LOWER: u32 = 1;
const UPPER: u32 = 2;
const DIGIT: u32 = 4;

function classOf(byte: u32): u32 {
  if (byte - 0x61 < 26) return LOWER;
  if (byte - 0x41 < 26) return UPPER;
  return byte - 0x30 < 10 ? DIGIT : NO_LETTER;
}

/** A word has three letters or more, of one case but for the first. */
function countWords(from: u32, to: u32): void {
  runs = 0;
  words = 0;
  let length: u32 = 0;
  let classes: u32 = 0;
  for (let at = from; at <= to; at++) {
    const kind = at === to ? NO_LETTER : classOf(load<u8>(at));
    if (kind !== NO_LETTER) {
      classes = length === 1 && classes === UPPER ? kind : classes | kind;
      length++;
      continue;
    }
    runs += length;
    const isWord = length >= LEAST_WORD && length <= MOST_WORD && (classes === LOWER || classes === UPPER);
    if (isWord) words += length;
    length = 0;
    classes = 0;
  }
}

/** All that a conversation says at first, and all behind the time in which most of the web is over. */
function isWorthSearching(row: Flow): bool {
  return row.bytes0 + row.bytes1 < FIRST_BYTES || record.timeUs - row.firstUs > LEAST_US;
}

/** True if there is no control character in it that text does not have; the last bytes are not looked at. */
function isText(from: u32, to: u32): bool {
  const space = i8x16.splat(0x20);
  for (let at = from; at + 16 <= to; at += 16) {
    const bytes = v128.load(at);
    const controls = i8x16.bitmask(i8x16.lt_u(bytes, space));
    if (controls === 0) continue;
    for (let i: u32 = 0; i < 16; i++) {
      const byte = <u32>load<u8>(at + i);
      if (byte < 0x20 && ((TEXT_CONTROLS >>> byte) & 1) === 0) return false;
    }
  }
  return true;
}

function search(row: Flow, from: u16, start: u32, end: u32): u16 {
  const firstEnd = control.firstWordEnd;
  let place = <u32>from;
  for (let at = start; at < end; at++) {
    const byte = <u32>load<u8>(WORD_CLASSES_AT + load<u8>(at));
    place = load<u16>(WORD_STEPS_AT + ((place * WORD_CLASSES + byte) << 1));
    if (place < firstEnd) continue;
    const kind = load<u8>(WORD_KINDS_AT + place);
    // The last place is that of bytes that are no text.
    if (kind === 0) return NO_TEXT;
    if (direction === 0) {
      row.words0 |= kind;
      if (row.wordCount0 < MOST_WORDS) row.wordCount0++;
    } else {
      row.words1 |= kind;
      if (row.wordCount1 < MOST_WORDS) row.wordCount1++;
    }
  }
  return <u16>place;
}

/** JSON, and HTTP, whose bodies may be anything. */
function isStructured(from: u32, to: u32): bool {
  return isJson(from) || (to >= from + 5 && isHttp(from, to));
}

function isJson(from: u32): bool {
  const first = <u32>load<u8>(from);
  return first === 0x7b || first === 0x5b;
}

function isHttp(from: u32, to: u32): bool {
  return (
    begins(from, to, 'HTTP/') ||
    begins(from, to, 'GET ') ||
    begins(from, to, 'POST ') ||
    begins(from, to, 'PUT ')
  );
}

/** What the first payload of a direction shows: HTTP, SSH, JSON, or protocols that carry what others have written. */
function lookAtOpening(row: Flow, from: u32, to: u32): void {
  if (begins(from, to, 'HTTP/1.')) row.mark(is.HTTP);
  if (to >= from + 4 && begins(from, to, 'SSH-')) row.mark(is.SSH);
  if (!isJson(from)) row.mark(is.NOT_JSON);
  if (isQuoted(from, to)) noteQuotation(flowOf(row));
}

/** A page that is asked for, a chat: what stands there others have written. */
function isQuoted(from: u32, to: u32): bool {
  if (to < from + 5) return false;
  return (
    begins(from, to, 'GET ') ||
    begins(from, to, 'NICK ') ||
    begins(from, to, 'CAP LS') ||
    begins(from, to, '<?xml') ||
    begins(from, to, '<stream')
  );
}

/** True if all that both sides have said is text in words, without those of mining, but for what is quoted. */
export function isSearched(row: Flow): bool {
  const isText = row.protocol === TCP || row.protocol === UDP;
  // The banner of SSH is text, and what follows is not.
  if (!isText || row.text0 === NO_TEXT || row.text1 === NO_TEXT || row.has(is.SSH | is.DENSE)) return false;
  if (row.has(is.SKIMMED) && row.lastUs - row.firstUs < SEARCHED_US) return false;
  // Somebody has said a word, and nobody mostly something else.
  const first = proseOf(row, 0);
  const second = proseOf(row, 1);
  if (max(first, second) <= 0 || min(first, second) < LEAST_PROSE) return false;
  if (!speaksOfMining(row)) return true;
  // What stands in mail, or on a page that somebody asks for, is not what the two ends say, unless both do so again and again.
  const isTalk = min(row.wordCount0, row.wordCount1) >= LEAST_WORDS;
  return !isTalk && isQuotation(flowOf(row));
}

/**
 * True if datagrams of JSON are exchanged in which one side speaks as a miner does and the other as a pool, again and again. On
 * TCP JSON is read as sessions; any other text, a log, a queue or a chat, may carry what others have written.
 */
export function saysMining(row: Flow): bool {
  if (row.protocol !== UDP || row.has(is.NOT_JSON) || isService(flowOf(row))) return false;
  if (row.lastUs - row.firstUs < LEAST_US || min(row.wordCount0, row.wordCount1) < LEAST_WORDS) return false;
  const first = <u32>row.words0;
  const second = <u32>row.words1;
  return (isMiner(first) && isPool(second)) || (isMiner(second) && isPool(first));
}

/** Games, queues and shared computing have a nonce, a target and a job_id too, so that one of these alone tells nothing. */
function isMiner(kinds: u32): bool {
  return (kinds & OF_POOLS) === 0 && ((kinds & SHARE_METHOD) !== 0 || (kinds & SHARE_NAMES) === SHARE_NAMES);
}

function isPool(kinds: u32): bool {
  return (kinds & JOB_METHOD) !== 0 || (kinds & JOB_NAMES) === JOB_NAMES;
}

/** True if one side uses a word that is hardly said of anything but mining. */
export function speaksOfMining(row: Flow): bool {
  return ((row.words0 | row.words1) & TELLING_KINDS) !== 0;
}

/**
 * Where a flow record goes. Most are of the web and of names: no conversation is kept of them, they only count. Who reads
 * records counts these, and only the others go on to the table of conversations. In doubt a record goes on.
 */
import { LISTED_AT, Listed, PORTS_AT, Row, WEB_PORTS_AT } from './memory.ts';
import { BRIEF, count, HEAVY, KEPT, ORDINARY, OTHER, OUTSIDE, TIMELESS, VISIT } from './totals.ts';
import { TCP, UDP } from './transport.ts';

const FIN: i32 = 1;
const SYN: i32 = 2;
const RST: i32 = 4;
/** A connection that is over so soon is a visit (LEAST_MEAN_SECONDS of flows/flow-behaviour.ts). */
const VISIT_US: f64 = 60_000_000;
/** No miner sends and gets more, in bytes/us; nor more than this in a minute (isHeavy of flows/flow-behaviour.ts). */
const MOST_BYTES_PER_US: f64 = 0.006;
/** Shape is gone if fewer packets are looked at (MOST_SAMPLING there). */
const MOST_SAMPLING: f64 = 10;

let sinceUs: f64 = 0;
let untilUs: f64 = 0;
let listedEnd: usize = LISTED_AT;
/** False while every record is wanted. */
let isSieving: bool = false;

/** From now on records of these times are counted that are of no listed address. */
export function beginSieve(since: f64, until: f64): void {
  sinceUs = since;
  untilUs = until;
  listedEnd = LISTED_AT;
  isSieving = true;
}

/** Listed are also prefixes whose bits lie there. */
export function addListed(mask0: i32, mask1: i32, mask3: i32, shift: i32, bitsAt: i32): void {
  const listed = changetype<Listed>(listedEnd);
  listed.mask0 = mask0;
  listed.mask1 = mask1;
  listed.mask3 = mask3;
  listed.shift = shift;
  listed.bitsAt = bitsAt;
  listedEnd += offsetof<Listed>();
}

/** Records of this address are wanted, too, from now on: the first of the fields that were added holds such. */
export function listAddress(word0: i32, word1: i32, word3: i32): void {
  if (!isSieving) return;
  const listed = changetype<Listed>(LISTED_AT);
  const bit = bitOf(listed, word0, word1, word3);
  const place = <usize>listed.bitsAt + ((bit >> 5) << 2);
  store<u32>(place, load<u32>(place) | (1 << (bit & 31)));
}

/** From now on every record is wanted. */
export function endSieve(): void {
  isSieving = false;
}

/** True if the record only counts, and is counted now. */
export function onlyCounts(row: Row): bool {
  // Sums of whole numbers (up to 2^53) do not depend on their order; those of others do in their last digit.
  if (!isSieving || floor(row.samplingInterval) !== row.samplingInterval) return false;
  const outcome = outcomeOf(row);
  if (outcome === KEPT) return false;
  countRow(row, outcome);
  return true;
}

/** Where a record goes, unless the exact list says of one that is kept that it is not listed, and only counts. */
export function outcomeOf(row: Row): i32 {
  // Without a time it is neither before nor behind any.
  if (!(row.endUs >= sinceUs && row.startUs < untilUs))
    return row.startUs < 0 || row.startUs >= 0 ? OUTSIDE : TIMELESS;
  if (!isTcp(row)) return isBrief(row) ? BRIEF : OTHER;
  const outcome = outcomeByPort(row);
  return outcome === KEPT || mayBeListed(row) ? KEPT : outcome;
}

const DNS_PORT: i32 = 53;
const NTP_PORT: i32 = 123;

/** A look-up, or a packet each way at most: no session is that. */
function isBrief(row: Row): bool {
  const port = min(row.sourcePort, row.destinationPort);
  if (row.protocol === UDP && (port === DNS_PORT || port === NTP_PORT)) return true;
  return row.samplingInterval <= 1 && row.packets <= 1 && row.reversePackets <= 1;
}

/** Counts a record that goes there. */
export function countRow(row: Row, outcome: i32): void {
  count(row, outcome, row.startUs < sinceUs || row.endUs > untilUs);
}

/** True if a record has two endpoints as TCP has. */
function isTcp(row: Row): bool {
  // 0 is an unknown protocol, or IPv6 hop-by-hop options, which have no ports.
  return row.protocol === TCP || (row.protocol === 0 && (row.sourcePort | row.destinationPort) !== 0);
}

/**
 * Where a record of no listed address goes. Behaviour says nothing on some ports (of the server: the lower one, if the two
 * say anything at all), and nothing of a visit to a port of the web, which the record holds from its SYN to its end.
 */
export function outcomeByPort(row: Row): i32 {
  const port = min(row.sourcePort, row.destinationPort);
  const isOrdinary = hasPort(PORTS_AT, port);
  if (!isOrdinary && !(hasPort(WEB_PORTS_AT, port) && isVisit(row))) return KEPT;
  if (isHeavy(row)) return HEAVY;
  return isVisit(row) ? VISIT : ORDINARY;
}

function isHeavy(row: Row): bool {
  const held = row.bytes + max(0, row.reverseBytes);
  return (
    row.samplingInterval <= MOST_SAMPLING && held > MOST_BYTES_PER_US * max(row.endUs - row.startUs, VISIT_US)
  );
}

function hasPort(bitsAt: usize, port: i32): bool {
  return ((load<u8>(bitsAt + (port >> 3)) >> (port & 7)) & 1) !== 0;
}

/** The record holds a connection from its SYN to its end, and it was over soon. */
function isVisit(row: Row): bool {
  const flags = row.tcpFlags;
  return (
    flags >= 0 && (flags & SYN) !== 0 && (flags & (FIN | RST)) !== 0 && row.endUs - row.startUs < VISIT_US
  );
}

/** False if neither end is listed. */
export function mayBeListed(row: Row): bool {
  for (let at = LISTED_AT; at < listedEnd; at += offsetof<Listed>()) {
    const listed = changetype<Listed>(at);
    if (mayHold(listed, row.source0, row.source1, row.source3)) return true;
    if (mayHold(listed, row.destination0, row.destination1, row.destination3)) return true;
  }
  return false;
}

function mayHold(listed: Listed, word0: i32, word1: i32, word3: i32): bool {
  const bit = bitOf(listed, word0, word1, word3);
  return ((load<u32>(<usize>listed.bitsAt + ((bit >> 5) << 2)) >> (bit & 31)) & 1) !== 0;
}

function bitOf(listed: Listed, word0: i32, word1: i32, word3: i32): u32 {
  const folded = ((word1 & listed.mask1) ^ (word0 & listed.mask0)) * 0x85ebca77;
  return <u32>(((word3 & listed.mask3) ^ folded) * 0x9e3779b1) >> listed.shift;
}

/**
 * How a conversation that is over is judged, if the driver does not tell: by what was read of it, else by bounds that no
 * miner stays in for long (docs/reference/judged.md has each, and who would have to look like that).
 */

import { hashOfEnds } from '../keyed-hash.ts';
import * as is from './flow-state.ts';
import { addressOf, Flow, portOf } from './flows.ts';
import { TCP, UDP } from './layers/packet.ts';
import { control, counts, Judgement, KEY_AT } from './memory.ts';
import { isPeer } from './peers.ts';
import { isSearched, speaksOfMining } from './text.ts';

/** Above this over a minute or more one connection carries more than any miner's. */
const HEAVY_BYTES_PER_SECOND: f64 = 6000;
const MINUTE_US: f64 = 60_000_000;
const NTP: u32 = 123;
const LEAST_POLL_US: f64 = 16_000_000;
const FIRST_POLLS: f64 = 32;
/** A miner says something at least so often, with its pool. */
const LEAST_PACE_US: f64 = 1_200_000_000;
const LEAST_LATE: f64 = 2;
/** Who asks for pages of one connection for longer may poll for work. */
const LONGEST_VISIT_US: f64 = 300_000_000;
/**
 * After so long a silence datagrams, and connections in which nothing was said, are over. Datagrams that begin so long after the
 * capture did have begun in it.
 */
const QUIET_US: f64 = 60_000_000;

/** A conversation that is no TCP is another one behind so long a silence (RFC 4787, REQ-5: not less than 2 minutes). */
export const SILENCE_US: f64 = 300_000_000;

/** It is shorter than a minute: whether it is a miner's, others between the same ends tell (run/ledger.ts). */
function isShort(row: Flow): bool {
  return row.lastUs - row.firstUs < MINUTE_US;
}

export function judge(row: Flow): i32 {
  if (isRead(row) || isVisit(row)) return Judgement.READ;
  const isHidden = row.has(is.OPAQUE | is.SEALED | is.PASSED);
  const isHalf = row.protocol === TCP && row.isOneSided;
  if (!isHidden && !isHalf && row.pushes0 + row.pushes1 > 0 && isSearched(row)) return Judgement.SEARCHED;
  if (isNothing(row)) return Judgement.UNLIKE;
  if (isUnlike(row)) return isWhole(row) ? Judgement.UNLIKE : Judgement.CUT;
  if (row.has(is.CROWDED | is.PASSED)) return Judgement.LIMIT;
  if (isHalf || row.has(is.JOINED)) return Judgement.ONE_DIRECTION;
  if (isShort(row) && !isWhole(row)) return Judgement.CUT;
  // Many connections may go through one tunnel, one through a connection of QUIC.
  if (isOfDatagrams(row) && isHeavy(row)) return Judgement.HEAVY;
  return reasonOf(row);
}

/** Why it cannot be judged, if no bound holds. */
function reasonOf(row: Flow): i32 {
  if (row.has(is.SEALED | is.OPENED)) return Judgement.TUNNEL;
  if (row.has(is.OPAQUE)) return row.has(is.NAMED) ? Judgement.UNLISTED_NAME : Judgement.ENCRYPTED;
  return row.has(is.VEILED | is.SSH) ? Judgement.ENCRYPTED : Judgement.UNREAD;
}

/** Each datagram was, or all but a few packets in a tunnel. */
function isRead(row: Flow): bool {
  const pushes = row.pushes0 + row.pushes1;
  if (pushes === 0 || row.reads === 0) return false;
  if (row.reads === pushes) return !isBusyClock(row, pushes);
  return row.has(is.OPENED) && row.reads >= pushes - (pushes >>> 3);
}

/** A clock that is set more often than each 16 s (RFC 5905 7.2: the least interval), but for some at the beginning. */
function isBusyClock(row: Flow, pushes: u32): bool {
  if (row.protocol !== UDP || (portOf(row, 0) !== NTP && portOf(row, 1) !== NTP)) return false;
  return <f64>pushes > (2 * (row.lastUs - row.firstUs)) / LEAST_POLL_US + FIRST_POLLS;
}

/** Each request was read of a web client that soon has what it asked for. */
function isVisit(row: Flow): bool {
  if (!row.has(is.HTTP) || row.reads === 0 || row.lastUs - row.firstUs >= LONGEST_VISIT_US) return false;
  return (row.reads === row.pushes0 || row.reads === row.pushes1) && !speaksOfMining(row);
}

/** Datagrams and packets, without those of QUIC, which form connections. */
function isOfDatagrams(row: Flow): bool {
  return row.protocol !== TCP && !row.has(is.QUIC);
}

/** Why the conversation that was judged so is to be judged beside others (REPEATS_). */
export function repeatsAs(row: Flow, judgement: i32): i32 {
  if (judgement === Judgement.READ) return isVisit(row) && !isRead(row) ? is.REPEATS_VISIT : is.REPEATS_NOT;
  if (judgement === Judgement.UNLIKE) return unlikeAs(row);
  const isOpenReason = judgement >= Judgement.ENCRYPTED && judgement <= Judgement.UNLISTED_NAME;
  return isOpenReason && isShort(row) && isWhole(row) ? is.REPEATS_SHORT : is.REPEATS_NOT;
}

function unlikeAs(row: Flow): i32 {
  if (isMonologue(row) && row.protocol === TCP && !isHeavy(row)) return is.REPEATS_MONOLOGUE;
  return isSparse(row) ? is.REPEATS_SPARSE : is.REPEATS_NOT;
}

/** One side alone said anything, though packets of both were seen: who only listens submits nothing there. */
function isMonologue(row: Flow): bool {
  return (row.pushes0 === 0) !== (row.pushes1 === 0) && !row.isOneSided;
}

/** It is unlike mining only as little was said in it for so long, from both sides. */
function isSparse(row: Flow): bool {
  if (row.pushes0 === 0 || row.pushes1 === 0 || row.has(is.ONE_WAY)) return false;
  if (row.lastUs - row.firstUs < MINUTE_US || isHeavy(row)) return false;
  return row.protocol !== UDP || !isPeer(addressOf(row, 0), portOf(row, 0));
}

/** Why it could not be judged if there are more of its kind. */
export function reasonIfRepeated(row: Flow, judgement: i32): i32 {
  return judgement === Judgement.READ ? Judgement.UNREAD : reasonOf(row);
}

/**
 * The same for all visits in which one thing is asked for, for all datagrams of one port of a client, and for all monologues of
 * one host to another; 0 if that tells nothing.
 */
export function markOf(row: Flow, kind: i32): u32 {
  if (kind === is.REPEATS_MONOLOGUE) {
    const speaker = row.pushes0 > 0 ? 0 : 1;
    return hashOfEnds(KEY_AT, addressOf(row, speaker), addressOf(row, 1 - speaker), 0) | 1;
  }
  if (kind === is.REPEATS_VISIT) return row.asked === 1 ? 0 : row.asked;
  return isOfDatagrams(row) ? portOf(row, 1 - serverOf(row)) : 0;
}

/** The side of the server: of datagrams, of which whoever speaks first behind a silence may be either, that of the lower port. */
function serverOf(row: Flow): u32 {
  return isOfDatagrams(row) && portOf(row, 0) < portOf(row, 1) ? 0 : 1;
}

/** Nobody has answered, and what was said is next to nothing: a try. */
function isNothing(row: Flow): bool {
  if (row.packets0 > 0 && row.packets1 > 0) return false;
  return row.pushes0 + row.pushes1 === 0 || (row.protocol !== TCP && isFew(row, row.lastUs - row.firstUs));
}

function isUnlike(row: Flow): bool {
  const lifeUs = row.lastUs - row.firstUs;
  if (row.pushes0 + row.pushes1 === 0 || row.has(is.ONE_WAY)) return true;
  if (isMonologue(row)) return true;
  // One message is enough for a share.
  if (row.protocol === UDP && speaksOfMining(row)) return false;
  // The client has said one thing; of the shortest others between the same ends tell more.
  if (lifeUs >= MINUTE_US && row.pushes0 <= 1 && !row.isOneSided && hasBegun(row)) return true;
  if (row.protocol === UDP && isPeer(addressOf(row, 0), portOf(row, 0))) return true;
  if (isHeavy(row) && (row.protocol === TCP || row.has(is.QUIC))) return true;
  return lifeUs >= MINUTE_US && isFew(row, lifeUs);
}

function isFew(row: Flow, lifeUs: f64): bool {
  return <f64>row.late < max(LEAST_LATE, lifeUs / LEAST_PACE_US);
}

function isHeavy(row: Flow): bool {
  const lifeUs = row.lastUs - row.firstUs;
  return lifeUs >= MINUTE_US && row.bytes0 + row.bytes1 > (HEAVY_BYTES_PER_SECOND * lifeUs) / 1e6;
}

/** Its beginning and its end were seen. */
export function isWhole(row: Flow): bool {
  return hasBegun(row) && (row.isClosed || !isOpen(row));
}

function hasBegun(row: Flow): bool {
  if (row.has(is.SYN_SEEN | is.SYN_ACK_SEEN | is.BEGUN)) return true;
  return row.protocol !== TCP && row.firstUs - counts.firstUs > QUIET_US;
}

/** True if the flow may go on behind the run's last packet. */
export function isOpen(row: Flow): bool {
  if (row.has(is.RST_SEEN) || (row.seen & (is.FIN_0 | is.FIN_1)) === (is.FIN_0 | is.FIN_1)) return false;
  return control.endUs - row.lastUs <= silenceOf(row);
}

/** Silence for longer means that it is over, us. */
export function silenceOf(row: Flow): f64 {
  return row.protocol === TCP && row.pushes0 + row.pushes1 > 0 ? control.openUs : QUIET_US;
}

/** The same number for all conversations of one client with one port of one server, and for all monologues between two hosts. */
export function pairOf(row: Flow, kind: i32): f64 {
  if (kind === is.REPEATS_MONOLOGUE) {
    const there = hashOfEnds(KEY_AT, addressOf(row, 0), addressOf(row, 1), 0);
    const back = hashOfEnds(KEY_AT, addressOf(row, 1), addressOf(row, 0), 0);
    return <f64>(min(there, back) & 0x1f_ffff) * 4_294_967_296 + <f64>max(there, back);
  }
  const side = serverOf(row);
  const client = addressOf(row, 1 - side);
  const server = addressOf(row, side);
  const port = portOf(row, side);
  const high = hashOfEnds(KEY_AT, server, client, port | ((<u32>row.protocol) << 16)) & 0x1f_ffff;
  return <f64>high * 4_294_967_296 + <f64>hashOfEnds(KEY_AT, client, server, port);
}

/**
 * "Certainly no name of ours", told in place: a bit for the hash of each name that concerns somebody, and for a host name
 * the hash of each of its suffixes, computed from the last byte backwards. A hit only says maybe.
 */
import { be16 } from './bytes.ts';
import { ADDRESS_BITS, ADDRESS_BITS_AT, LABELS_AT, MOST_LABELS, NAME_BITS, NAME_BITS_AT } from './memory.ts';

const DOT: u32 = 0x2e;
const SEED: u32 = 0x811c9dc5;
const PRIME: u32 = 0x01000193;

// DNS (RFC 1035 4.1).
const HEADER_BYTES: u32 = 12;
const MAX_ANSWERS: u32 = 64;
const TYPE_CNAME: u32 = 5;

/** Letters count in lower case; that a few signs then count as others only adds to the hits. */
function step(hash: u32, byte: u32): u32 {
  return (hash ^ (byte | 0x20)) * PRIME;
}

function has(hash: u32): bool {
  const mixed = hash ^ (hash >>> 15);
  return (load<u8>(NAME_BITS_AT + ((mixed & (NAME_BITS - 1)) >>> 3)) & (1 << (mixed & 7))) !== 0;
}

/** From now on this name, in memory [from, to), and all below it may be held. */
export function addName(from: u32, to: u32): void {
  let hash = SEED;
  for (let at = to; at > from; at--) hash = step(hash, load<u8>(at - 1));
  const mixed = hash ^ (hash >>> 15);
  const place = NAME_BITS_AT + ((mixed & (NAME_BITS - 1)) >>> 3);
  const bit: u32 = 1 << (mixed & 7);
  store<u8>(place, <u8>(load<u8>(place) | bit));
}

/** The host name in memory [from, to). */
export function mayHold(from: u32, to: u32): bool {
  let hash = SEED;
  let at = to;
  if (at > from && load<u8>(at - 1) === DOT) at--; // the root
  for (; at > from; at--) {
    const byte = <u32>load<u8>(at - 1);
    if (byte === DOT && has(hash)) return true;
    hash = step(hash, byte);
  }
  return has(hash);
}

/** Where the DNS name that was looked at last ends. */
let nameEnd: u32 = 0;

/**
 * The name of a DNS message in [from, to) that begins at `start` (RFC 1035 4.1.4, pointers backwards only). A name that
 * breaks the rules is held by nobody, and the message ends with it.
 */
function mayHoldDns(from: u32, to: u32, start: u32): bool {
  let labels: u32 = 0;
  let at = start;
  let limit = start;
  let jumped = false;
  nameEnd = to;
  if (at >= to) return false;
  let length = <u32>load<u8>(at);
  while (length !== 0) {
    if (length >= 0xc0) {
      if (at + 1 >= to) return false;
      const target = from + (((length & 0x3f) << 8) | load<u8>(at + 1));
      if (!jumped) nameEnd = at + 2;
      if (target >= limit) return false;
      jumped = true;
      limit = target;
      at = target;
    } else {
      if (length > 0x3f || at + 1 + length > to) return false;
      store<u32>(LABELS_AT + (labels++ << 2), at);
      at += 1 + length;
    }
    if (at >= to || labels === <u32>MOST_LABELS) return false;
    length = load<u8>(at);
  }
  if (!jumped) nameEnd = at + 1;
  let hash = SEED;
  while (labels > 0) {
    const label = load<u32>(LABELS_AT + (--labels << 2));
    for (let i = label + load<u8>(label); i > label; i--) hash = step(hash, load<u8>(i));
    if (has(hash)) return true;
    hash = step(hash, DOT);
  }
  return false;
}

/** Where a name of a DNS message ends; `to` if it breaks the rules. */
function endOfDnsName(start: u32, to: u32): u32 {
  let at = start;
  for (let labels: u32 = 0; at < to && labels < <u32>MOST_LABELS; labels++) {
    const length = <u32>load<u8>(at);
    if (length === 0) return at + 1;
    if (length >= 0xc0) return at + 1 < to ? at + 2 : to;
    if (length > 0x3f || at + 1 + length > to) return to;
    at += 1 + length;
  }
  return to;
}

export const CONCERNS_NOBODY = 0;
/** A question for a name that is none of ours: which of them is answered with an alias of ours nobody knows yet. */
const IS_QUESTION = 1;
/** The question, or an alias in the answer, may be a name of ours. */
export const IS_OF_NAME = 2;

/** Whom the DNS message in memory [from, to) concerns. */
export function concernOfDns(from: u32, to: u32): i32 {
  if (to < from + HEADER_BYTES + 5) return CONCERNS_NOBODY;
  if (mayHoldDns(from, to, from + HEADER_BYTES)) return IS_OF_NAME;
  if ((load<u8>(from + 2) & 0x80) === 0) return IS_QUESTION;
  let at = nameEnd + 4;
  const answers = min(be16(from + 6), MAX_ANSWERS);
  for (let i: u32 = 0; i < answers && at < to; i++) {
    at = endOfDnsName(at, to);
    if (at + 10 > to) return CONCERNS_NOBODY;
    // type 2 | class 2 | time to live 4 | length 2
    const length = be16(at + 8);
    if (be16(at) === TYPE_CNAME && mayHoldDns(from, to, at + 10)) return IS_OF_NAME;
    at += 10 + length;
  }
  return CONCERNS_NOBODY;
}

// Object identifiers of X.509 (RFC 5280): subject alternative names 2.5.29.17, common name 2.5.4.3.
const ALTERNATIVE_NAMES: u32 = 0x03551d11;
const COMMON_NAME: u32 = 0x03550403;
const DNS_NAME: u32 = 0x82;

/** False if no certificate in memory [from, to) is for a name of ours: what looks like its names is asked for. */
export function certificateMayConcern(from: u32, to: u32): bool {
  for (let at = from; at + 8 <= to; at++) {
    if (load<u8>(at) !== 0x06) continue;
    const id = bswap<u32>(load<u32>(at + 1));
    if (id === COMMON_NAME) {
      // string type 1 | length 1 | the name
      const end = at + 7 + load<u8>(at + 6);
      if (end <= to && mayHold(at + 7, end)) return true;
    } else if (id === ALTERNATIVE_NAMES && alternativesMayConcern(at + 5, to)) return true;
  }
  return false;
}

/** [critical 01 01 ff] | octet string | sequence | then names: type 1, length 1 */
function alternativesMayConcern(start: u32, to: u32): bool {
  let at = start;
  if (load<u8>(at) === 0x01) at += 3;
  at = intoDer(intoDer(at, to), to);
  while (at + 2 <= to) {
    const length = <u32>load<u8>(at + 1);
    const end = at + 2 + length;
    if ((load<u8>(at) & 0xc0) !== 0x80 || length > 0x7f || end > to) return false;
    if (load<u8>(at) === DNS_NAME && mayHold(at + 2, end)) return true;
    at = end;
  }
  return false;
}

/** Behind the head of a DER value: type 1, then a length of 1 byte, or 0x80 + the number of its bytes. */
function intoDer(at: u32, to: u32): u32 {
  if (at + 2 > to) return to;
  const length = <u32>load<u8>(at + 1);
  return at + 2 + (length > 0x80 && length <= 0x84 ? length - 0x80 : 0);
}

function addressHash(w0: u32, w1: u32, w2: u32, w3: u32): u32 {
  const hash = (w0 ^ w1 ^ w2 ^ w3) * 0x9e3779b1;
  return hash >>> 16;
}

/** From now on flows with this address are told of when they end. */
export function addAddress(w0: u32, w1: u32, w2: u32, w3: u32): void {
  const hash = addressHash(w0, w1, w2, w3) & (ADDRESS_BITS - 1);
  const place = ADDRESS_BITS_AT + (hash >>> 3);
  const bit: u32 = 1 << (hash & 7);
  store<u8>(place, <u8>(load<u8>(place) | bit));
}

export function mayHaveAddress(w0: u32, w1: u32, w2: u32, w3: u32): bool {
  const hash = addressHash(w0, w1, w2, w3) & (ADDRESS_BITS - 1);
  return (load<u8>(ADDRESS_BITS_AT + (hash >>> 3)) & (1 << (hash & 7))) !== 0;
}

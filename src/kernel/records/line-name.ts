/**
 * The server that a text names: a host, `host:port` as CONNECT has it, or a URL. An address in its place is that of the receiver,
 * if nothing else says it.
 */

import { copyAddress } from '../ends.ts';
import { readAddress } from './address.ts';
import { byteAt, COLON, digitAt, MINUS, QUOTE } from './cell.ts';
import { row } from './cell-row.ts';
import { cell } from './memory.ts';
import { DESTINATION, DESTINATION_PORT } from './roles.ts';
import { endOfWord, wordBits } from './words.ts';

const SLASH: u32 = 0x2f;
/** Longest name (RFC 1035 section 2.3.4). */
const MOST_NAME: usize = 253;

/** Returns the place behind the text, 0 if it names no server. */
export function readHost(from: usize, to: usize): usize {
  let at = endOfHost(from, to);
  let port: i32 = 0;
  let hostFrom = from;
  if (byteAt(at) === COLON && byteAt(at + 1) === SLASH && byteAt(at + 2) === SLASH) {
    const isSecure = (byteAt(at - 1) | 32) === 0x73;
    port = isSecure ? 443 : 80;
    hostFrom = at + 3;
    at = endOfHost(hostFrom, to);
  }
  const isBracketed = byteAt(hostFrom) === 0x5b;
  if (isBracketed) at = endOfHost(++hostFrom, to);
  while (isBracketed && byteAt(at) === COLON) at = endOfHost(at + 1, to);
  const hostTo = at;
  // `-` says nothing.
  if (hostTo === hostFrom || byteAt(hostFrom) === MINUS) return 0;
  if (isBracketed && byteAt(at) === 0x5d) at++;
  if (byteAt(at) === COLON && digitAt(at + 1) <= 9) {
    let stated: i32 = 0;
    for (at++; digitAt(at) <= 9 && stated < 100_000; at++) stated = stated * 10 + <i32>digitAt(at);
    if (stated <= 0xffff) port = stated;
  }
  if (readAddress(hostFrom) === hostTo) {
    if ((row.got & (1 << DESTINATION)) === 0) {
      copyAddress(row.destination, cell.word);
      row.got |= 1 << DESTINATION;
    }
  } else if (hostTo - hostFrom <= MOST_NAME) {
    row.nameFrom = hostFrom;
    row.nameTo = hostTo;
  }
  if (port !== 0 && (row.got & (1 << DESTINATION_PORT)) === 0) row.destinationPort = port;
  return min(to, endOfWord(at, i8x16.splat(<i8>QUOTE)));
}

/** Behind letters of any script, digits, dots, hyphens and underscores. */
function endOfHost(from: usize, to: usize): usize {
  let others: u32 = 0;
  let at = from;
  while (others === 0 && at < to) {
    const bytes = v128.load(at);
    others = ~(wordBits(bytes) | i8x16.bitmask(bytes)) & 0xffff;
    at += others === 0 ? 16 : ctz(others);
  }
  return min(at, to);
}

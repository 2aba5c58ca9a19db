/**
 * The server that a text names: a host, `host:port` as CONNECT has it, or a URL. An address in its place is that of the receiver,
 * if nothing else says it.
 */
import { readAddress } from './address.ts';
import { byteAt, COLON, cell, digitAt, isLetter, isLetterOrDigit, MINUS, QUOTE } from './cell.ts';
import { row } from './cell-row.ts';
import { DESTINATION, DESTINATION_PORT } from './roles.ts';

const SLASH: u32 = 0x2f;
/** Longest name (RFC 1035 section 2.3.4). */
const MOST_NAME: usize = 253;

/** Returns the place behind the text, 0 if it names no server. */
export function readHost(from: usize, to: usize): usize {
  let at = from;
  let port: i32 = 0;
  while (at < to && at - from < 12 && isLetter(byteAt(at))) at++;
  if (byteAt(at) === COLON && byteAt(at + 1) === SLASH && byteAt(at + 2) === SLASH) {
    const isSecure = (byteAt(at - 1) | 32) === 0x73;
    port = isSecure ? 443 : 80;
    at += 3;
  } else at = from;
  const isBracketed = byteAt(at) === 0x5b;
  if (isBracketed) at++;
  const hostFrom = at;
  while (at < to && isOfHost(byteAt(at), isBracketed)) at++;
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
      row.destination0 = cell.word0;
      row.destination1 = cell.word1;
      row.destination2 = cell.word2;
      row.destination3 = cell.word3;
      row.got |= 1 << DESTINATION;
    }
  } else if (hostTo - hostFrom <= MOST_NAME) {
    row.nameFrom = hostFrom;
    row.nameTo = hostTo;
  }
  if (port !== 0 && (row.got & (1 << DESTINATION_PORT)) === 0) row.destinationPort = port;
  while (at < to && byteAt(at) > 0x20 && byteAt(at) !== QUOTE) at++;
  return at;
}

/** Letters of any script, digits, dots, hyphens, underscores; colons in brackets. */
function isOfHost(byte: u32, isBracketed: bool): bool {
  return (
    isLetterOrDigit(byte) ||
    byte === 0x2e ||
    byte === 0x2d ||
    byte === 0x5f ||
    byte > 0x7f ||
    (isBracketed && byte === COLON)
  );
}

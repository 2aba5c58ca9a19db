/**
 * The head that a syslog daemon puts before a line: `<134>` and a time, a host, as RFC 3164 section 4.1 and RFC 5424 section 6.2
 * have it, and as daemons write them to files: with the program behind the host. Devices add a year, a zone or a colon.
 */

import { byteAt, COLON, digitAt, isLetterOrDigit } from './cell.ts';
import { cell } from './memory.ts';
import { readTime } from './time.ts';
import { CLOCKS_SET_US } from './validate.ts';

const BLANK: u32 = 0x20;

// What the head read last says.
export let hasTime: bool = false;
export let timeUs: f64 = 0;
export let timeMarks: i32 = 0;
export let hostFrom: usize = 0;
export let hostTo: usize = 0;

/** Returns the place behind the head of the line at [from, to), `from` if it has none. */
export function readHead(from: usize, to: usize): usize {
  hasTime = false;
  hostFrom = 0;
  hostTo = 0;
  let at = from;
  let hasFields = false;
  if (byteAt(at) === 0x3c) {
    at++;
    while (digitAt(at) <= 9) at++;
    if (byteAt(at) !== 0x3e) return from;
    at = behindBlanks(at + 1);
    // The version of RFC 5424.
    hasFields = byteAt(at) === 0x31 && byteAt(at + 1) === BLANK;
    if (hasFields) at += 2;
    if (byteAt(at) === COLON) at++;
  }
  at = behindSequence(at);
  // Numbers alone are times of the line itself, which access logs begin with.
  const isBracketed = byteAt(at) === 0x5b;
  const isDated = isBracketed || digitAt(at + 4) > 9 || digitAt(at) > 9;
  let timeEnd = isDated ? readTime(isBracketed ? at + 1 : at) : 0;
  // Seconds since the start of Linux are no time.
  if (timeEnd === 0 || cell.timeUs < CLOCKS_SET_US) return at;
  if (isBracketed && byteAt(timeEnd++) !== 0x5d) return at;
  hasTime = true;
  timeUs = cell.timeUs;
  timeMarks = cell.timeMarks;
  at = timeEnd;
  // A zone by its letters, and the colon of Cisco.
  while (byteAt(at) === BLANK || byteAt(at) === COLON || byteAt(at) === 9) at++;
  const wordAt = at;
  while (at < to && byteAt(at) > BLANK && byteAt(at) !== COLON) at++;
  // A program or a message, and no host.
  if (byteAt(at) !== BLANK || !isLetterOrDigit(byteAt(wordAt))) return behindProgram(wordAt, to);
  hostFrom = wordAt;
  hostTo = at;
  at = behindBlanks(at);
  return hasFields ? behindFields(at, to) : behindProgram(at, to);
}

/** Behind the number that Cisco gives a message, and the sign of a clock that NTP has not set: `585917: *Nov 20 …`. */
function behindSequence(from: usize): usize {
  let at = from;
  while (digitAt(at) <= 9) at++;
  if (at === from || byteAt(at) !== COLON || byteAt(at + 1) !== BLANK) return from;
  at = behindBlanks(at + 1);
  return byteAt(at) === 0x2a || byteAt(at) === 0x2e ? at + 1 : at;
}

/** Behind `squid[712]: `; the place itself if no program stands there. */
function behindProgram(from: usize, to: usize): usize {
  const at = behindWord(from, to);
  return at > from && byteAt(at - 1) === COLON ? behindBlanks(at) : from;
}

/** Behind program, process, kind of message and structured data of RFC 5424. */
function behindFields(from: usize, to: usize): usize {
  let at = from;
  for (let i = 0; i < 3; i++) at = behindBlanks(behindWord(at, to));
  if (byteAt(at) !== 0x5b) return behindBlanks(behindWord(at, to));
  while (at < to && (byteAt(at) !== 0x5d || byteAt(at + 1) !== BLANK)) at++;
  return at < to ? behindBlanks(at + 1) : from;
}

function behindWord(from: usize, to: usize): usize {
  let at = from;
  while (at < to && byteAt(at) > BLANK) at++;
  return at;
}

function behindBlanks(from: usize): usize {
  let at = from;
  while (byteAt(at) === BLANK) at++;
  return at;
}

/**
 * What a flow may open with: something that a mining session can travel in (framing/detect.ts says what), told in place from
 * the first payload of a direction.
 */

import { mayHold } from '../../names.ts';
import { afterBlanks, be32, begins, beginsInAnyCase } from '../bytes.ts';
import * as is from '../flow-state.ts';
import { NAME_BITS_AT, packet } from '../memory.ts';
import { beginsHello, isClientHello, serverFrom, serverTo } from './client-hello.ts';
import { isDnsPort } from './dns.ts';
import { lookAtHead } from './http-head.ts';

/** Bytes of a direction's first payload in which an object may begin behind its length. */
const LENGTH_LOOK: u32 = 12;
/** First act of a Noise handshake with an ElligatorSwift key: as many bytes as this and nothing else (Stratum V2 4.4). */
const NOISE_ACT_BYTES: u32 = 64;
/** Frames with their size in front (framing/sized-frames.ts). */
const MOST_FRAME_BYTES: u32 = 4 << 20;

/** First byte of what comes to a name server's port and is no query: those are shorter than 4 kB; text and TLS would be far longer. */
const LEAST_OTHER: u8 = 0x10;
/** What a proxy of SOCKS 4 answers behind a 0. */
const SOCKS_4_GRANTED: u8 = 0x5a;

const TLS_RECORD: u32 = 0x16;
const CR: u32 = 0x0d;
const QUOTE: u32 = 0x22;
const BRACKET: u32 = 0x5b;
const BRACE: u32 = 0x7b;

/** True if what the first payload of a direction begins with, as far as it goes, may carry a mining session. */
export function mayOpen(from: u32, to: u32): bool {
  if (packet.payloadBytes === NOISE_ACT_BYTES || isDnsPort()) return true;
  switch (<u32>load<u8>(from)) {
    case 0x00:
      if (mayBeFrame(from, to)) return true;
      break;
    case 0x04: // SOCKS 4: to connect
      if (mayBe(from + 1, to, 1, 1)) return true;
      break;
    case 0x05: // SOCKS 5: some methods, or the one that is chosen, as packets may be swapped
      if (mayBe(from + 1, to, 0, 16)) return true;
      break;
    case 0x01: // smux: a stream is opened, or says something (framing/smux.ts)
    case 0x02:
      if (mayBe(from + 1, to, 0, 2) && mayBe(from + 7, to, 0, 0)) return true;
      break;
    case 0x81: // WebSocket text and binary frames, joined in mid-session
    case 0x82:
      return true;
    case CR:
      if (to >= from + 4 && begins(from, to, '\r\n\r\n\0\r\nQUIT\n')) return true; // PROXY protocol version 2
      break;
  }
  const at = afterBlanks(from, to);
  return (at < to && mayOpenText(at, to)) || opensBehindLength(from, to);
}

/** Objects, requests and answers of HTTP, hellos of TLS, a proxy's line, heads of messages, Duino-Coin, cgminer's state. */
function mayOpenText(from: u32, to: u32): bool {
  const first = <u32>load<u8>(from);
  switch (first) {
    case BRACE:
      return true;
    case BRACKET: {
      const at = afterBlanks(from + 1, to);
      return at >= to || load<u8>(at) === BRACE;
    }
    case TLS_RECORD: // version 3.x, a hello of the client or the server
      return mayBe(from + 1, to, 3, 3) && mayBe(from + 5, to, 1, 2);
  }
  if ((first | 0x20) < 0x61 || (first | 0x20) > 0x7a) return false;
  return (
    beginsInAnyCase(from, to, 'http/1.') ||
    begins(from, to, 'PROXY ') ||
    begins(from, to, 'PRI * HTTP/2.0') ||
    beginsHeadOfMessage(from, to) ||
    begins(from, to, 'JOB') ||
    begins(from, to, 'STATUS=') ||
    lookAtHead(from, to) !== is.NO_HEAD
  );
}

/** The head of a message as language servers send it (framing/headed-messages.ts). */
export function beginsHeadOfMessage(from: u32, to: u32): bool {
  return beginsInAnyCase(from, to, 'content-length:') || beginsInAnyCase(from, to, 'content-type:');
}

/** True if the byte at `at` is one of these or has not come. */
function mayBe(at: u32, to: u32, least: u32, most: u32): bool {
  return at >= to || (load<u8>(at) >= least && load<u8>(at) <= most);
}

/**
 * A frame of Stratum V2 in clear (extension 0, with or without a channel), one with its size in 4 bytes in front
 * (framing/sized-frames.ts): a type of 0 or 1 behind that; or an answer of SOCKS 4, as packets may be swapped.
 */
function mayBeFrame(from: u32, to: u32): bool {
  if (to < from + 5) return true;
  const next = load<u8>(from + 1);
  if (next === 0 || next === 0x80 || next === SOCKS_4_GRANTED) return true;
  return load<u8>(from + 4) === 0 && be32(from) <= MOST_FRAME_BYTES;
}

/** An object behind its length. */
function opensBehindLength(from: u32, end: u32): bool {
  const to = min(end, from + LENGTH_LOOK);
  for (let at = from + 1; at < to; at++) {
    if (load<u8>(at) === QUOTE && load<u8>(at - 1) === BRACE) return true;
  }
  return false;
}

/**
 * What a candidate opens with, in memory [from, to). A hello to a server that may be a pool's is framed at once, as are all
 * flows that do not begin with a hello.
 */
export function openingOf(from: u32, to: u32): i32 {
  if (isDnsPort() && load<u8>(from) < LEAST_OTHER) return is.OPENS_DNS;
  if (!beginsHello(from, to)) return is.OPENS_PLAIN;
  return isClientHello(from, to) && serverTo > serverFrom && mayHold(NAME_BITS_AT, serverFrom, serverTo)
    ? is.OPENS_PLAIN
    : is.OPENS_TLS;
}

/**
 * Which flows speak a protocol of their own that carries texts of others: mail (RFC 5321, 3501, 1939), files (RFC 959), stores and
 * queues (Redis, NATS, STOMP). One side begins with a command, the other with an answer; or a request of HTTP sends a body of
 * text. A session that is read in such a flow is quoted there, whoever answers it: it is none of the two ends' own.
 */
import { begins, beginsInAnyCase } from '../bytes.ts';
import * as is from '../flow-state.ts';
import { SERVICES_AT } from '../memory.ts';

/** Longest tag of IMAP that is looked for. */
const MOST_TAG: u32 = 16;

/** Looks at the first payload of a direction, in memory [from, to). */
export function noteService(flow: u32, from: u32, to: u32): void {
  if (to < from + 4) return;
  if (answers(from, to)) mark(flow, is.HAS_ANSWERED);
  else if (asks(from, to)) mark(flow, is.HAS_ASKED);
}

/** A request sends a body of text. */
export function noteText(flow: u32): void {
  mark(flow, is.HAS_TEXT);
}

/** What stands in the flow others have written. */
export function noteQuotation(flow: u32): void {
  mark(flow, is.HAS_QUOTED);
}

export function isQuotation(flow: u32): bool {
  return isService(flow) || (<u32>load<u8>(SERVICES_AT + flow) & is.HAS_QUOTED) !== 0;
}

/** True if one side has asked and the other has answered as such a protocol does. */
export function isService(flow: u32): bool {
  const both = is.HAS_ASKED | is.HAS_ANSWERED;
  return (<u32>load<u8>(SERVICES_AT + flow) & both) === both;
}

function mark(flow: u32, bit: u32): void {
  const at = SERVICES_AT + flow;
  store<u8>(at, load<u8>(at) | <u8>bit);
}

function answers(from: u32, to: u32): bool {
  switch (<u32>load<u8>(from)) {
    case 0x32: // 2 to 5: replies of SMTP and FTP
    case 0x33:
    case 0x34:
    case 0x35:
      return isReply(from);
    case 0x2a: // *
      return begins(from, to, '* OK') || begins(from, to, '* PREAUTH');
    case 0x2b: // +
      return isWord(load<u8>(from + 1));
    case 0x2d: // -
      return begins(from, to, '-ERR') || begins(from, to, '-NOAUTH') || begins(from, to, '-MOVED');
    case 0x24: // $
    case 0x3a: // :
      return isDigit(load<u8>(from + 1)) || load<u8>(from + 1) === 0x2d;
    case 0x49: // I
      return begins(from, to, 'INFO {');
    case 0x43: // C
      return begins(from, to, 'CONNECTED\n');
  }
  return false;
}

/** Three digits, a blank or a dash (RFC 5321 4.2, RFC 959 4.2). */
function isReply(from: u32): bool {
  const end = load<u8>(from + 3);
  return isDigit(load<u8>(from + 1)) && isDigit(load<u8>(from + 2)) && (end === 0x20 || end === 0x2d);
}

function asks(from: u32, to: u32): bool {
  const first = <u32>load<u8>(from);
  if (first === 0x2a) return isDigit(load<u8>(from + 1)); // an array of Redis
  if (!isWord(<u8>first)) return false;
  return (
    isCommand(from, to) ||
    begins(from, to, 'CONNECT {') ||
    begins(from, to, 'CONNECT\n') ||
    isOfImap(from, to)
  );
}

/** Commands of SMTP and LMTP, FTP, POP3, and of Redis and NATS in words, the first ones and those that are met in the middle. */
function isCommand(from: u32, to: u32): bool {
  return (
    beginsInAnyCase(from, to, 'ehlo') ||
    beginsInAnyCase(from, to, 'helo') ||
    beginsInAnyCase(from, to, 'lhlo') ||
    beginsInAnyCase(from, to, 'user') ||
    beginsInAnyCase(from, to, 'auth') ||
    beginsInAnyCase(from, to, 'capa') ||
    beginsInAnyCase(from, to, 'stls') ||
    beginsInAnyCase(from, to, 'apop') ||
    beginsInAnyCase(from, to, 'feat') ||
    beginsInAnyCase(from, to, 'ping') ||
    beginsInAnyCase(from, to, 'mail') ||
    beginsInAnyCase(from, to, 'rcpt') ||
    beginsInAnyCase(from, to, 'rset') ||
    beginsInAnyCase(from, to, 'data') ||
    beginsInAnyCase(from, to, 'quit') ||
    beginsInAnyCase(from, to, 'retr') ||
    beginsInAnyCase(from, to, 'stor') ||
    beginsInAnyCase(from, to, 'noop')
  );
}

/** A tag, a blank, a command that may come first. */
function isOfImap(from: u32, to: u32): bool {
  const most = min(to, from + MOST_TAG);
  let at = from;
  while (at < most && isWord(load<u8>(at))) at++;
  if (at === most || load<u8>(at) !== 0x20) return false;
  at++;
  return (
    beginsInAnyCase(at, to, 'capability') ||
    beginsInAnyCase(at, to, 'login ') ||
    beginsInAnyCase(at, to, 'authenticate ') ||
    beginsInAnyCase(at, to, 'starttls') ||
    beginsInAnyCase(at, to, 'noop') ||
    beginsInAnyCase(at, to, 'id ')
  );
}

function isDigit(byte: u8): bool {
  return byte >= 0x30 && byte <= 0x39;
}

function isWord(byte: u8): bool {
  const letter = byte | 0x20;
  return isDigit(byte) || (letter >= 0x61 && letter <= 0x7a);
}

/** A TLS client hello (RFC 8446 4.1.2), looked at in place: a server name and the protocols are all that is asked of most. */

import { mayHold } from '../../names.ts';
import { be16, be24 } from '../bytes.ts';
import * as is from '../flow-state.ts';
import { Flow, keepName } from '../flows.ts';
import { NAME_BITS_AT } from '../memory.ts';

const HANDSHAKE: u32 = 0x16;

/** Where the server name lies; equal if there is none. */
export let serverFrom: u32 = 0;
export let serverTo: u32 = 0;
/** The client says which protocols it speaks inside of TLS (ALPN): browsers and web libraries do, miners do not. */
let hasAlpn: bool = false;

/** True if memory [from, to) begins with a whole TLS client hello. */
export function isClientHello(from: u32, to: u32): bool {
  serverFrom = 0;
  serverTo = 0;
  hasAlpn = false;
  return to >= from + 48 && load<u8>(from) === HANDSHAKE && clientHello(from, to);
}

/** True if memory [from, to) begins with a record of TLS with a hello, of the client (1) or the server (2). */
export function beginsHello(from: u32, to: u32): bool {
  if (to < from + 6 || load<u8>(from) !== HANDSHAKE || load<u8>(from + 1) !== 3) return false;
  return load<u8>(from + 5) === 1 || load<u8>(from + 5) === 2;
}

/** True if it is the client's, and the end of its record has not come. */
export function isPartOfHello(from: u32, to: u32): bool {
  return beginsHello(from, to) && load<u8>(from + 5) === 1 && to < from + 5 + be16(from + 3);
}

// RFC 8446 4.1.2: record header 5, handshake header 4, version 2, random 32, then lists with their lengths.
function clientHello(from: u32, to: u32): bool {
  if (load<u8>(from + 1) !== 3 || load<u8>(from + 5) !== 1) return false;
  const end = from + 9 + be24(from + 6);
  if (end > to || end > from + 5 + be16(from + 3)) return false;
  let at = from + 43;
  if (at >= end) return false;
  at += 1 + load<u8>(at); // session id
  if (at + 2 > end) return false;
  at += 2 + be16(at); // cipher suites
  if (at + 1 > end) return false;
  at += 1 + load<u8>(at); // compression methods
  if (at === end) return true; // no extensions
  if (at + 2 > end) return false;
  at += 2;
  while (at + 4 <= end) {
    const type = be16(at);
    const length = be16(at + 2);
    at += 4;
    if (at + length > end) return false;
    if (type === 16) hasAlpn = true;
    // server_name (RFC 6066 3): list length 2, name type 1, name length 2, name.
    if (type === 0 && length >= 5 && load<u8>(at + 2) === 0) {
      const nameBytes = be16(at + 3);
      if (nameBytes + 5 > length) return false;
      serverFrom = at + 5;
      serverTo = at + 5 + nameBytes;
    }
    at += length;
  }
  return at === end;
}

/** What the client hello that was looked at means for its flow. */
export function helloOf(row: Flow): i32 {
  if (hasAlpn) row.mark(is.WEB);
  if (serverTo === serverFrom) return is.HELLO_STAYS;
  keepName(row, serverFrom, serverTo);
  if (mayHold(NAME_BITS_AT, serverFrom, serverTo)) return is.HELLO_CONCERNS;
  row.mark(is.NAMED);
  if (!hasAlpn) return is.HELLO_STAYS;
  row.mark(is.OPAQUE);
  return is.HELLO_IS_WEB;
}

/** The names in a certificate of TLS, without reading the rest of it. */

import { mayHold } from '../../names.ts';
import { NAME_BITS_AT } from '../memory.ts';

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
      if (end <= to && mayHold(NAME_BITS_AT, at + 7, end)) return true;
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
    if (load<u8>(at) === DNS_NAME && mayHold(NAME_BITS_AT, at + 2, end)) return true;
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

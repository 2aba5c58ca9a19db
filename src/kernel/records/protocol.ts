/** IP protocols of a text log, by number or name. */

import { byteAt } from './cell.ts';
import { readCount } from './count.ts';
import { cell } from './memory.ts';

/** An IP protocol, by number or name, as in `PROTO_TCP`. Names that are none of the usual ones read as 0, unknown. */
export function readProtocol(place: usize): usize {
  const from = load<u32>(place) === PROTO && load<u16>(place + 4) === O_ ? place + 6 : place;
  const end = readCount(from);
  if (end !== 0) {
    if (cell.value > 255) cell.value = 0;
    return end;
  }
  let at = from;
  let key: u32 = 0;
  for (; ; at++) {
    const byte = byteAt(at);
    const lower = byte | 32;
    if (lower - 97 > 25 && byte - 48 > 9 && byte !== 0x2d && byte !== 0x5f) break;
    if (at - from < 4) key = (key << 8) | lower;
  }
  cell.value = protocolNamed(key, <u32>(at - from));
  return at === from ? 0 : at;
}

// `PROTO_`, the first letter lowest.
const PROTO: u32 = 0x544f5250;
const O_: u32 = 0x5f4f;
// The first four letters of names, one byte each.
const TCP: u32 = 0x746370;
const UDP: u32 = 0x756470;
const ICMP: u32 = 0x69636d70;
const IPV6: u32 = 0x69707636;
const SCTP: u32 = 0x73637470;
const GRE: u32 = 0x677265;
const ESP: u32 = 0x657370;
const IGMP: u32 = 0x69676d70;

function protocolNamed(key: u32, length: u32): u32 {
  if (key === TCP) return 6;
  if (key === UDP) return 17;
  if (key === ICMP) return length === 4 ? 1 : 58; // icmp6, icmpv6, icmp-v6
  if (key === IPV6) return length > 5 ? 58 : 0; // ipv6-icmp
  if (key === SCTP) return 132;
  if (key === GRE) return 47;
  if (key === ESP) return 50;
  if (key === IGMP) return 2;
  if (length === 1) return key === 0x74 ? 6 : key === 0x75 ? 17 : 0; // T and U of Azure
  return 0;
}

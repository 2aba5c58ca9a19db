/**
 * What packets came through: of each tunnel its outer ends, as a small row that flows refer to by number (1 and up). Anybody
 * can send a packet whose inner ends are somebody else's, so a flow remembers who sent it. Nothing is forgotten, and the
 * table is bounded: beyond it a tunnel is UNKNOWN.
 */
import { hashOfEnds } from '../keyed-hash.ts';
import { Flow, lane } from './flows.ts';
import {
  MOST_TUNNELS,
  THROUGH_AT,
  TUNNEL_BYTES,
  TUNNEL_INDEX_AT,
  TUNNEL_KEY_AT,
  TUNNELS_AT,
} from './memory.ts';
import { DESTINATION_AT, packet, SOURCE_AT } from './packet.ts';

export const UNKNOWN_TUNNEL: u32 = 0xffff;
/** Tunnels that one side of a flow is remembered to have come through: a telephone moves from mast to mast. */
const MOST_BESIDE = 16;
const MASK: u32 = MOST_TUNNELS * 2 - 1;
const ADDRESS_BYTES = 16;

@unmanaged
export class Tunnel {
  /** Outer addresses, as in packet.ts. */
  source0: u32;
  source1: u32;
  source2: u32;
  source3: u32;
  destination0: u32;
  destination1: u32;
  destination2: u32;
  destination3: u32;
  /** The tunnel that it came through itself, and another that packets of the same side of a flow came through; 0: none. */
  around: u32;
  beside: u32;
  /** Its number if nothing is beside it. */
  alone: u32;
}

export let tunnels: u32 = 0;

function tunnelAt(number: u32): Tunnel {
  return changetype<Tunnel>(TUNNELS_AT + (number - 1) * TUNNEL_BYTES);
}

/** The packet in hand goes on inside the IP packet whose header was read last. */
export function enterTunnel(): void {
  packet.takeEnds();
  packet.through = numberOf(SOURCE_AT, DESTINATION_AT, packet.through, 0, 0);
}

/** The number of the row with these fields, made if it is new. `alone` is 0 for its own. */
function numberOf(source: usize, destination: usize, around: u32, beside: u32, alone: u32): u32 {
  if (around === UNKNOWN_TUNNEL) return UNKNOWN_TUNNEL;
  let slot = hashOfEnds(TUNNEL_KEY_AT, source, destination, (around << 16) | beside) & MASK;
  let number = <u32>load<u16>(TUNNEL_INDEX_AT + (slot << 1));
  while (number !== 0) {
    const row = tunnelAt(number);
    const at = changetype<usize>(row);
    if (row.around === around && row.beside === beside && memory.compare(at, source, ADDRESS_BYTES) === 0) {
      if (memory.compare(at + ADDRESS_BYTES, destination, ADDRESS_BYTES) === 0) return number;
    }
    slot = (slot + 1) & MASK;
    number = load<u16>(TUNNEL_INDEX_AT + (slot << 1));
  }
  if (tunnels === <u32>MOST_TUNNELS) return UNKNOWN_TUNNEL;
  number = ++tunnels;
  store<u16>(TUNNEL_INDEX_AT + (slot << 1), <u16>number);
  const row = tunnelAt(number);
  memory.copy(changetype<usize>(row), source, ADDRESS_BYTES);
  memory.copy(changetype<usize>(row) + ADDRESS_BYTES, destination, ADDRESS_BYTES);
  row.around = around;
  row.beside = beside;
  row.alone = alone === 0 ? number : alone;
  return number;
}

/**
 * Notes that the packet in hand, of this flow, came through a tunnel. False if its side was seen without one before: then
 * it is a copy, or somebody puts words in its mouth.
 */
export function comesThrough(flow: u32, row: Flow): bool {
  const at = THROUGH_AT + (flow << 2) + ((row.flipped ^ lane) << 1);
  const known = <u32>load<u16>(at);
  if (known === 0 && (lane === 0 ? row.packets0 : row.packets1) > 0) return false;
  store<u16>(at, <u16>(known === 0 ? packet.through : both(known, packet.through)));
  return true;
}

/** What stands for all the tunnels of `known` and this one. */
function both(known: u32, other: u32): u32 {
  if (other === UNKNOWN_TUNNEL) return other;
  let at = known;
  for (let i = 0; i < MOST_BESIDE && at !== UNKNOWN_TUNNEL; i++) {
    const row = tunnelAt(at);
    if (row.alone === other) return known;
    if (row.beside === 0) {
      const ends = changetype<usize>(tunnelAt(other));
      return numberOf(ends, ends + ADDRESS_BYTES, tunnelAt(other).around, known, other);
    }
    at = row.beside;
  }
  return UNKNOWN_TUNNEL;
}

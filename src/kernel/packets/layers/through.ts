/**
 * What packets came through: of each tunnel its outer ends, as a small row that flows refer to by number (1 and up). Anybody
 * can send a packet whose inner ends are somebody else's, so a flow remembers who sent it. The table is bounded: if it is full,
 * the tunnels of the flows that have been idle longest are forgotten, and theirs is UNKNOWN from then on.
 */

import { hashOfEnds } from '../../keyed-hash.ts';
import { direction, Flow, flowsEnd, rowOf } from '../flows.ts';
import {
  control,
  OUTERS_AT,
  Outer,
  packet,
  record,
  THROUGH_AT,
  TUNNEL_INDEX_AT,
  TUNNEL_KEY_AT,
  TUNNELS,
  TUNNELS_AT,
  Tunnel,
} from '../memory.ts';
import { takeEnds } from './packet.ts';

export const UNKNOWN_TUNNEL: u32 = 0xffff;
/** Tunnels that one side of a flow is remembered to have come through: a telephone moves from mast to mast. */
const MOST_BESIDE = 16;
const MASK: u32 = TUNNELS * 2 - 1;
const ADDRESS_BYTES = 16;
/** Tunnels whose flows are this idle are forgotten first, then those a fifth as idle, and so on down to a second. */
const LONG_IDLE_US: f64 = 300_000_000;
const LEAST_IDLE_US: f64 = 1_000_000;

/** Rows that have ever been used, how many of them are free, and the first of these. */
export let tunnels: u32 = 0;
export let freeTunnels: u32 = 0;
export let firstFree: u32 = 0;
export let nextLookUs: f64 = -Infinity;

function tunnelAt(number: u32): Tunnel {
  return changetype<Tunnel>(TUNNELS_AT + (number - 1) * offsetof<Tunnel>());
}

/** The current packet goes on inside the IP packet whose header was read last. */
export function enterTunnel(): void {
  takeEnds();
  const outer = changetype<Outer>(OUTERS_AT + packet.outers++ * offsetof<Outer>());
  v128.store(outer.source, v128.load(packet.source));
  v128.store(outer.destination, v128.load(packet.destination));
  outer.protocol = packet.protocol;
  outer.ports = (packet.sourcePort << 16) | packet.destinationPort;
  outer.bytes = packet.ipBytes;
  outer.own = packet.ownBytes;
  packet.through = numberOf(packet.source, packet.destination, packet.through, 0, 0);
}

/** The number of the row with these fields, made if it is new. `single` is 0 for its own. */
function numberOf(source: usize, destination: usize, around: u32, beside: u32, single: u32): u32 {
  if (around === UNKNOWN_TUNNEL) return UNKNOWN_TUNNEL;
  let slot = slotOf(source, destination, around, beside);
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
  if (tunnels === <u32>TUNNELS && firstFree === 0) {
    forgetIdle(around, beside, single);
    if (firstFree === 0) return UNKNOWN_TUNNEL;
    // The index is another one now.
    return numberOf(source, destination, around, beside, single);
  }
  number = firstFree;
  if (number === 0) number = ++tunnels;
  else {
    firstFree = tunnelAt(number).around;
    freeTunnels--;
  }
  store<u16>(TUNNEL_INDEX_AT + (slot << 1), <u16>number);
  const row = tunnelAt(number);
  memory.copy(changetype<usize>(row), source, ADDRESS_BYTES);
  memory.copy(changetype<usize>(row) + ADDRESS_BYTES, destination, ADDRESS_BYTES);
  row.around = around;
  row.beside = beside;
  row.single = single === 0 ? number : single;
  return number;
}

function slotOf(source: usize, destination: usize, around: u32, beside: u32): u32 {
  return hashOfEnds(TUNNEL_KEY_AT, source, destination, (around << 16) | beside) & MASK;
}

/** Makes an eighth of the rows free, if flows are idle; those that the current packet needs stay. */
function forgetIdle(around: u32, beside: u32, single: u32): void {
  if (record.timeUs < nextLookUs) return;
  const wanted = TUNNELS >> 3;
  for (let idleUs = LONG_IDLE_US; freeTunnels < <u32>wanted && idleUs >= LEAST_IDLE_US; idleUs /= 5) {
    for (let number: u32 = 1; number <= tunnels; number++) tunnelAt(number).isUsed = 0;
    use(around);
    use(beside);
    use(single);
    for (let flow: u32 = 0; flow < flowsEnd; flow++) {
      const row = rowOf(flow);
      if (!row.alive || record.timeUs - row.lastUs > idleUs) continue;
      const at = THROUGH_AT + (flow << 2);
      use(load<u16>(at));
      use(load<u16>(at + 2));
    }
    freeUnused();
  }
  // Whoever fills the table again at once waits, and not we.
  if (freeTunnels < <u32>wanted) nextLookUs = record.timeUs + LEAST_IDLE_US;
  for (let flow: u32 = 0; flow < flowsEnd; flow++) {
    const at = THROUGH_AT + (flow << 2);
    if (isForgotten(load<u16>(at))) store<u16>(at, <u16>UNKNOWN_TUNNEL);
    if (isForgotten(load<u16>(at + 2))) store<u16>(at + 2, <u16>UNKNOWN_TUNNEL);
  }
  memory.fill(TUNNEL_INDEX_AT, 0, TUNNELS * 4);
  for (let number: u32 = 1; number <= tunnels; number++) {
    const row = tunnelAt(number);
    if (row.single === 0) continue;
    const ends = changetype<usize>(row);
    let slot = slotOf(ends, ends + ADDRESS_BYTES, row.around, row.beside);
    while (load<u16>(TUNNEL_INDEX_AT + (slot << 1)) !== 0) slot = (slot + 1) & MASK;
    store<u16>(TUNNEL_INDEX_AT + (slot << 1), <u16>number);
  }
}

/** Notes that something refers to the row, and so to those that it refers to. */
function use(number: u32): void {
  if (number === 0 || number === UNKNOWN_TUNNEL) return;
  const row = tunnelAt(number);
  if (row.isUsed !== 0) return;
  row.isUsed = 1;
  use(row.around);
  use(row.beside);
  use(row.single);
}

function freeUnused(): void {
  for (let number: u32 = 1; number <= tunnels; number++) {
    const row = tunnelAt(number);
    if (row.isUsed !== 0 || row.single === 0) continue;
    row.single = 0;
    row.around = firstFree;
    firstFree = number;
    freeTunnels++;
    control.forgottenTunnels++;
  }
}

function isForgotten(number: u32): bool {
  return number !== 0 && number !== UNKNOWN_TUNNEL && tunnelAt(number).single === 0;
}

/**
 * Notes that the current packet, of this flow, came through a tunnel. False if its side was seen without one before: then
 * it is a copy, or somebody puts words in its mouth.
 */
export function comesThrough(flow: u32, row: Flow): bool {
  const at = THROUGH_AT + (flow << 2) + ((row.flipped ^ direction) << 1);
  const known = <u32>load<u16>(at);
  if (known === 0 && row.packetsOf(direction) > 0) return false;
  store<u16>(at, <u16>(known === 0 ? packet.through : both(known, packet.through)));
  return true;
}

/** What stands for all the tunnels of `known` and this one. */
function both(known: u32, other: u32): u32 {
  if (other === UNKNOWN_TUNNEL) return other;
  let at = known;
  for (let i = 0; i < MOST_BESIDE && at !== UNKNOWN_TUNNEL; i++) {
    const row = tunnelAt(at);
    if (row.single === other) return known;
    if (row.beside === 0) {
      const ends = changetype<usize>(tunnelAt(other));
      return numberOf(ends, ends + ADDRESS_BYTES, tunnelAt(other).around, known, other);
    }
    at = row.beside;
  }
  return UNKNOWN_TUNNEL;
}

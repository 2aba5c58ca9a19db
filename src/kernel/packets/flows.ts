/**
 * All conversations of the run, a row each under a number that stays the same as long as it lives, and an index from the
 * two ends to that number (open addressing, linear probing, deletion by backward shift). Most are flows of TCP.
 */

import { copyAddress, isSameAddress, sortsHigher } from '../ends.ts';
import { changeKey, hashOfEnds, MOST_PROBES } from '../keyed-hash.ts';
import * as is from './flow-state.ts';
import {
  CLAIMS_AT,
  Claim,
  FLOW_NAMES_AT,
  FLOWS,
  FLOWS_AT,
  FlowRow,
  FREE_AT,
  INDEX_AT,
  KEY_AT,
  LATE_US,
  NAME_BYTES,
  packet,
  SERVICES_AT,
  THROUGH_AT,
} from './memory.ts';

@unmanaged
export class Flow extends FlowRow {
  become(state: u32): void {
    this.state = <u8>state;
  }

  mark(bits: u32): void {
    this.seen |= bits;
  }

  /** True of one of these bits. */
  has(bits: u32): bool {
    return (this.seen & bits) !== 0;
  }

  /** Keeps the hardware address of who sends on the direction. */
  sentFrom(direction: u32, hardware: f64): void {
    if (direction === 0) this.hardware0 = hardware;
    else this.hardware1 = hardware;
  }

  /** Counts a packet with payload of the direction. */
  push(direction: u32, timeUs: f64): void {
    if (direction === 0) this.pushes0++;
    else this.pushes1++;
    if (timeUs - this.firstUs > <f64>LATE_US) this.late++;
  }

  /** The number of the direction's SYN, if it is known. */
  isnOf(direction: u32): i32 {
    return direction === 0 ? this.isn0 : this.isn1;
  }

  knowIsn(direction: u32, isn: i32): void {
    if (direction === 0) this.isn0 = isn;
    else this.isn1 = isn;
    this.mark(is.ISN_0_KNOWN << direction);
  }

  pushesOf(direction: u32): u32 {
    return direction === 0 ? this.pushes0 : this.pushes1;
  }

  packetsOf(direction: u32): u32 {
    return direction === 0 ? this.packets0 : this.packets1;
  }

  /** Counts what came on the direction. */
  add(direction: u32, bytes: f64, packets: u32): void {
    if (direction === 0) {
      this.bytes0 += bytes;
      this.packets0 += packets;
    } else {
      this.bytes1 += bytes;
      this.packets1 += packets;
    }
  }

  /** An end has hung up. */
  get isClosed(): bool {
    return this.has(is.FIN_0 | is.FIN_1 | is.RST_SEEN);
  }

  /** Only one end was observed. */
  get isOneSided(): bool {
    return this.packets0 === 0 || this.packets1 === 0;
  }
}

/** Flows that live now, and the highest number ever used plus one. */
export let flowsAlive: u32 = 0;
export let flowsEnd: u32 = 0;
/** Of the packet that `find` was last called for: its flow's number, its direction, and whether it made the flow. */
export let found: u32 = 0;
export let direction: u32 = 0;
export let isNew: bool = false;

const FIRST_SLOTS: u32 = 1 << 13;
export let mask: u32 = FIRST_SLOTS - 1;
export let freeCount: u32 = 0;
/** Entries that one insert has met on its way. */
let mostProbes: u32 = 0;

export function rowOf(flow: u32): Flow {
  return changetype<Flow>(FLOWS_AT + flow * offsetof<Flow>());
}

function isHigh(row: Flow, direction: u32): bool {
  return (row.flipped ^ direction) === 1;
}

/** Where the address of the end that sends on `direction` lies, and its port. */
export function addressOf(row: Flow, direction: u32): usize {
  return isHigh(row, direction) ? row.high : row.low;
}

export function portOf(row: Flow, direction: u32): u32 {
  return isHigh(row, direction) ? row.ports & 0xffff : row.ports >>> 16;
}

/** The current payload is the first of its direction, and stands behind the SYN. */
export function isFirstInPlace(row: Flow): bool {
  if (row.pushesOf(direction) !== 1) return false;
  if (!row.has(is.ISN_0_KNOWN << direction)) return false;
  return packet.sequence === row.isnOf(direction) + 1;
}

function hashOfRow(row: Flow): u32 {
  return hashOfEnds(KEY_AT, row.low, row.high, row.ports);
}

let low: usize = 0;
let high: usize = 0;
let ports: u32 = 0;
let hash: u32 = 0;
let isHigher: u32 = 0;

/** Looks for the flow of the current packet; true if there is one, `found`, and the packet is of `direction`. */
export function findKnown(): bool {
  const source = packet.source;
  const destination = packet.destination;
  isHigher = u32(sortsHigher(source, packet.sourcePort, destination, packet.destinationPort));
  low = isHigher === 1 ? destination : source;
  high = isHigher === 1 ? source : destination;
  ports =
    isHigher === 1
      ? (packet.destinationPort << 16) | packet.sourcePort
      : (packet.sourcePort << 16) | packet.destinationPort;
  hash = hashOfEnds(KEY_AT, low, high, ports);
  let slot = hash & mask;
  let entry = load<u32>(INDEX_AT + (slot << 2));
  while (entry !== 0) {
    const row = rowOf(entry - 1);
    const isSame = row.ports === ports && row.protocol === <u8>packet.protocol;
    if (isSame && isSameAddress(row.low, low) && isSameAddress(row.high, high)) {
      found = entry - 1;
      direction = row.flipped ^ isHigher;
      isNew = false;
      return true;
    }
    slot = (slot + 1) & mask;
    entry = load<u32>(INDEX_AT + (slot << 2));
  }
  return false;
}

/** The flow of the current packet, made if it is new (direction 0 is then the packet's source). */
export function find(): Flow {
  if (findKnown()) return rowOf(found);
  if (flowsAlive << 1 > mask && mask < <u32>(FLOWS << 1) - 1) {
    mask = (mask << 1) | 1;
    indexAll();
  }
  found = freeCount > 0 ? load<u32>(FREE_AT + (--freeCount << 2)) : flowsEnd++;
  const row = rowOf(found);
  memory.fill(changetype<usize>(row), 0, offsetof<Flow>());
  store<u32>(THROUGH_AT + (found << 2), 0);
  store<u8>(SERVICES_AT + found, 0);
  copyAddress(row.low, low);
  copyAddress(row.high, high);
  row.ports = ports;
  row.protocol = <u8>packet.protocol;
  row.flipped = <u8>isHigher;
  row.alive = true;
  flowsAlive++;
  insert(hash, found);
  if (mostProbes > MOST_PROBES) {
    changeKey(KEY_AT);
    indexAll();
  }
  direction = 0;
  isNew = true;
  return row;
}

function insert(hash: u32, flow: u32): void {
  let slot = hash & mask;
  let probes: u32 = 0;
  for (; load<u32>(INDEX_AT + (slot << 2)) !== 0; probes++) slot = (slot + 1) & mask;
  store<u32>(INDEX_AT + (slot << 2), flow + 1);
  mostProbes = max(mostProbes, probes);
}

function indexAll(): void {
  mostProbes = 0;
  memory.fill(INDEX_AT, 0, (mask + 1) << 2);
  for (let flow: u32 = 0; flow < flowsEnd; flow++) {
    const row = rowOf(flow);
    if (row.alive) insert(hashOfRow(row), flow);
  }
}

/** Makes the index of flows that a state holds. */
export function indexFlows(): void {
  while (flowsAlive << 1 > mask && mask < <u32>(FLOWS << 1) - 1) mask = (mask << 1) | 1;
  indexAll();
}

/** Forgets a flow; its number may be given to another. */
export function removeFlow(flow: u32): void {
  const row = rowOf(flow);
  let hole = hashOfRow(row) & mask;
  while (load<u32>(INDEX_AT + (hole << 2)) !== flow + 1) hole = (hole + 1) & mask;
  // Backward shift: an entry may move into the hole unless its home lies cyclically behind the hole.
  let slot = (hole + 1) & mask;
  let entry = load<u32>(INDEX_AT + (slot << 2));
  while (entry !== 0) {
    const home = hashOfRow(rowOf(entry - 1)) & mask;
    if (((slot - home) & mask) >= ((slot - hole) & mask)) {
      store<u32>(INDEX_AT + (hole << 2), entry);
      hole = slot;
    }
    slot = (slot + 1) & mask;
    entry = load<u32>(INDEX_AT + (slot << 2));
  }
  store<u32>(INDEX_AT + (hole << 2), 0);
  row.alive = false;
  store<u32>(FREE_AT + (freeCount++ << 2), flow);
  flowsAlive--;
}

/** Of the current packet, if that is one that was held. */
export function turnTo(directionOfPacket: u32): void {
  direction = directionOfPacket;
}

/** Makes the sender of the packet that `find` last saw that direction. */
export function orient(row: Flow, directionOfPacket: u32): void {
  if (direction !== directionOfPacket) row.flipped ^= 1;
  direction = directionOfPacket;
}

/** Keeps the name in memory [from, to) that the client gave the flow's server, or the end of it. */
export function keepName(row: Flow, from: u32, to: u32): void {
  const length = min(to - from, NAME_BYTES - 1);
  const at = FLOW_NAMES_AT + flowOf(row) * NAME_BYTES;
  memory.copy(at, to - length, length);
  store<u8>(at + NAME_BYTES - 1, <u8>length);
  row.mark(is.HAS_NAME);
}

/** The number of a row's flow. */
export function flowOf(row: Flow): u32 {
  return <u32>((changetype<usize>(row) - FLOWS_AT) / offsetof<Flow>());
}

/** The SYN of the flow that waits for its answer, if it is CLAIMED. */
export function claimOf(row: Flow): Claim {
  return changetype<Claim>(CLAIMS_AT + flowOf(row) * offsetof<Claim>());
}

/** Zeroes all but the ends of a flow: they open another connection. */
export function resetFlow(row: Flow): void {
  const at = changetype<usize>(row);
  const flipped = row.flipped;
  memory.fill(at + offsetof<Flow>('state'), 0, offsetof<Flow>() - offsetof<Flow>('state'));
  row.flipped = flipped;
  row.alive = true;
  store<u8>(SERVICES_AT + flowOf(row), 0);
}

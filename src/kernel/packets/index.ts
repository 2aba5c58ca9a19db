/**
 * The kernel: blocks of a capture file to counters of its flows, in one call a block. Records (pcap.ts, pcapng.ts) come to
 * dispatch.ts; link.ts, ip.ts and tunnels.ts find the innermost TCP or UDP packet; tcp.ts keeps the flows. memory.ts says what
 * lies where, host.ts what is asked of the driver.
 */

import { hearHeld } from './candidate.ts';
import { clearDamage } from './capture/damage.ts';
import { beginPcap, endPcap, readPcap } from './capture/pcap.ts';
import { beginPcapng, endPcapng, readPcapng } from './capture/pcapng.ts';
import { beginCounts, bitOf } from './counts.ts';
import { addressOf, portOf, rowOf } from './flows.ts';
import { beginHeap } from './heap.ts';
import { beginInput as beginReading } from './input.ts';
import { isOpen as isOpenRow } from './judge.ts';
import { decode } from './layers/link.ts';
import { control, input, PACKET_AT, record } from './memory.ts';
import { readDns } from './payload/dns.ts';
import { beginObjects } from './payload/objects.ts';
import { seedFrom } from './payload/questions.ts';
import { beginCopy } from './probes.ts';

export { addName } from '../names';
export { addAddress } from './addresses';
export { closeCandidate, forgetUndecided, resumeFlow } from './candidate';
export { countLeft } from './counts';
export { endFlows, turnFlows } from './ending';
export { indexFlows } from './flows';
export { handshakeMayConcern, hasHandshake, readHandshake } from './handshake';
export { endFragments } from './layers/fragments';
export { saysLength } from './payload/length-prefix';
export {
  closeScanner,
  endBody,
  endObjects,
  isInsideObject,
  openObjects,
  openScanner,
  scan,
  scannerOf,
} from './payload/objects';
export { addPoll } from './polls';
export { stampInput, stampRecord, stampUs } from './streams';

const SEED_BYTES: u32 = 65536;

/** Begins the one run of this memory, which is zero; the heap lies in [from, to). */
export function beginRun(from: u32, to: u32): void {
  // Constants of this program that reach into its memory would be written over.
  if (__heap_base > PACKET_AT) unreachable();
  beginCounts();
  beginHeap(from, to);
  beginObjects();
}

/** Begins an input of one of the two formats. */
export function beginInput(pcap: bool): void {
  clearDamage();
  beginReading();
  input.isPcap = pcap;
  if (control.isCopy !== 0) beginCopy();
  if (pcap) beginPcap();
  else beginPcapng();
}

/** Reads the whole records in [from, to); returns where the first begins that is not whole, or before which it pauses. */
export function consume(from: u32, to: u32): u32 {
  input.isPaused = false;
  seedFrom(from, min(to, from + SEED_BYTES));
  return input.isPcap ? readPcap(from, to, false) : readPcapng(from, to, false);
}

/** The same for an input that still grows: no more bytes of it are there now. */
export function consumeGrowing(from: u32, to: u32): u32 {
  input.isPaused = false;
  return input.isPcap ? readPcap(from, to, true) : readPcapng(from, to, true);
}

/** What is left at the end of the input; returns where it stopped, which is before the end if it pauses. */
export function finish(from: u32, to: u32): u32 {
  input.isPaused = false;
  const at = input.isPcap ? endPcap(from, to) : endPcapng(from, to);
  if (!input.isPaused) hearHeld(record.timeUs);
  return at;
}

/** True if the flow may go on behind the run's last packet. */
export function isOpen(flow: u32): bool {
  return isOpenRow(rowOf(flow));
}

/** The bit of the host that opened the flow, for `countLeft`. */
export function hostBitOf(flow: u32): u32 {
  return bitOf(addressOf(rowOf(flow), 0));
}

/** Bytes beyond the last `to` without which the next record cannot be read. */
export function needed(): u32 {
  return input.needed;
}

/** Decodes bytes that the driver put in memory as one frame of the link type. */
export function decodeFrame(at: u32, captured: u32, wireBytes: u32, linkType: i32, timeUs: f64): i32 {
  record.dataAt = at;
  record.captured = captured;
  record.wireBytes = wireBytes;
  record.linkType = linkType;
  record.timeUs = timeUs;
  return decode();
}

/** What a DNS message over TCP, which `direction` of the flow sent and the driver put in memory, says (DNS_). */
export function judgeDns(flow: u32, direction: u32, from: u32, to: u32, timeUs: f64): i32 {
  const row = rowOf(flow);
  const source = addressOf(row, direction);
  const destination = addressOf(row, 1 - direction);
  return readDns(from, to, source, portOf(row, direction), destination, portOf(row, 1 - direction), timeUs);
}

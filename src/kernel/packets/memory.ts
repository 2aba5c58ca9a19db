/**
 * The layout of the kernel's memory. Each region begins where the one before it ends; the memory never grows, and
 * pages that nobody touches cost nothing. The kernel and its driver (src/packets/packet-kernel.ts) both read this file.
 */

import { NAME_BITS } from '../name-bits.ts';

const KILOBYTE = 1024;
const MEGABYTE = 1024 * 1024;

/** Below lies the static data of the compiler. */
const FIRST_AT = 4 * KILOBYTE;
/** The current packet (packet.ts); the driver reads it. */
export const PACKET_AT = FIRST_AT;
/** The current record (record.ts); the driver reads it. */
export const RECORD_AT = PACKET_AT + 256;
/** Packets and bytes by fate (counts.ts); the driver reads them. */
export const COUNTS_AT = RECORD_AT + 256;
/** Damage of the current input (damage.ts); the driver reads it. */
export const DAMAGE_AT = COUNTS_AT + 512;
export const DAMAGE_ROW_BYTES = 24;
/** Where the reader of the input stands (input.ts). */
export const READER_AT = DAMAGE_AT + 512;
/** What the driver tells the kernel, and what both count (control.ts). */
export const CONTROL_AT = READER_AT + 256;
/** Hashes of the paths that miners poll (polls.ts). */
export const POLLS_AT = CONTROL_AT + 256;
export const MOST_POLLS = 64;
/** Starts of the labels of the current name (dns.ts). */
export const LABELS_AT = POLLS_AT + MOST_POLLS * 4;
export const MOST_LABELS = 128;
/** Free blocks of the heap, a list for each size (heap.ts). */
export const HEAP_LISTS_AT = LABELS_AT + MOST_LABELS * 4;
/** What all streams share (streams.ts). */
export const STREAMS_AT = HEAP_LISTS_AT + 128;
/** What became of fragments (fragments.ts); the driver reads it. */
export const FRAGMENTS_AT = STREAMS_AT + 128;
/** Keys of the hashes of ends: of flows (flows.ts), and of tunnels (through.ts); the driver draws them. */
export const KEY_AT = FRAGMENTS_AT + 128;
export const KEY_BYTES = 16;
export const TUNNEL_KEY_AT = KEY_AT + KEY_BYTES;
/** Stretches of time of the current input (input.ts), in the order in which they came. */
export const STRETCHES_AT = TUNNEL_KEY_AT + KEY_BYTES;
export const STRETCHES = 8;
export const STRETCH_BYTES = 24;

/** Bits for the hash of each name that concerns somebody (kernel/names.ts), and a bit for that of each of their addresses (addresses.ts). */
export const NAME_BITS_AT = 16 * KILOBYTE;
export const ADDRESS_BITS_AT = NAME_BITS_AT + NAME_BITS / 8;
export const ADDRESS_BITS = 1 << 16;

/** Interfaces of a pcapng section (interfaces.ts). */
export const INTERFACES_AT = 64 * KILOBYTE;
export const MOST_INTERFACES = 65536;
export const INTERFACE_BYTES = 24;

/** What the driver puts in: a frame, a hello, a name. */
export const SCRATCH_AT = INTERFACES_AT + MOST_INTERFACES * INTERFACE_BYTES;
export const SCRATCH_BYTES = 128 * KILOBYTE;
/** The datagram that was made of fragments last, and limits of those in flight (fragments.ts). */
export const DATAGRAM_AT = SCRATCH_AT + SCRATCH_BYTES;
export const DATAGRAM_BYTES = 65 * KILOBYTE;
export const MOST_DATAGRAMS = 1024;
export const MOST_FRAGMENT_BYTES = 16 * MEGABYTE;
/** Fragments of one datagram. 65,535 bytes take 119 at the 576 bytes that every IPv4 host accepts. */
export const MOST_FRAGMENTS = 256;
export const FRAGMENT_WAIT_US = 30_000_000;

/** First segments of flows that are held (held.ts), and the current packet while they are heard. */
export const HELD_AT = DATAGRAM_AT + DATAGRAM_BYTES;
export const MOST_HELD = 256;
export const HELD_BYTES = 8 * KILOBYTE;
export const ASIDE_AT = HELD_AT + MOST_HELD * HELD_BYTES;

/** Outer ends of tunnels (through.ts), and an index to them of two halfwords for each. */
export const TUNNELS_AT = ASIDE_AT + 256;
export const MOST_TUNNELS = 1 << 15;
export const TUNNEL_BYTES = 48;
export const TUNNEL_INDEX_AT = TUNNELS_AT + MOST_TUNNELS * TUNNEL_BYTES;

/** Bytes of the input, read straight in here. A record of the largest size fits whole behind what is left of a block. */
export const INPUT_AT = TUNNEL_INDEX_AT + MOST_TUNNELS * 4;
export const BLOCK_BYTES = MEGABYTE;
export const MOST_RECORD_BYTES = 64 * MEGABYTE;
export const INPUT_BYTES = MOST_RECORD_BYTES + 2 * BLOCK_BYTES;
export const INPUT_END = INPUT_AT + INPUT_BYTES;

/** Flows that are watched (watch.ts), and the last messages of each. */
export const WATCHES_AT = INPUT_END;
export const MOST_WATCHED = 8192;
export const WATCH_BYTES = 160;
export const RING = 256;
export const RING_TIMES_AT = WATCHES_AT + MOST_WATCHED * WATCH_BYTES;
export const RING_SIZES_AT = RING_TIMES_AT + MOST_WATCHED * RING * 8;

/** Slots that are free again. */
export const FREE_WATCHES_AT = RING_SIZES_AT + MOST_WATCHED * RING * 2;

/** Questions to name servers (questions.ts), as many as resolvers under load have open at once, some thousands, and more. */
export const QUESTIONS_AT = FREE_WATCHES_AT + MOST_WATCHED * 4;
export const MOST_QUESTIONS = 1 << 16;
export const QUESTION_BYTES = 16;

/** The index of flows: two words for each (flows.ts). */
export const INDEX_AT = QUESTIONS_AT + MOST_QUESTIONS * QUESTION_BYTES;
export const MOST_FLOWS = 1 << 20;
export const FLOWS_AT = INDEX_AT + MOST_FLOWS * 2 * 4;
export const FLOW_BYTES = 128;
/** Numbers of flows that are free again. */
export const FREE_AT = FLOWS_AT + MOST_FLOWS * FLOW_BYTES;
/** What the two sides of TLS said in clear, by flow (greeting.ts). */
export const GREETED_AT = FREE_AT + MOST_FLOWS * 4;
/** What each side of a flow came through, a halfword each (through.ts). */
export const THROUGH_AT = GREETED_AT + MOST_FLOWS * 4;
/** A byte for each flow: 1 if the current input, of a second probe, shows more of it than others have (tcp.ts). */
export const GOES_ON_AT = THROUGH_AT + MOST_FLOWS * 4;
/** How far the lanes of each flow have sent and acknowledged, in an input that holds its packets twice (tcp.ts). */
export const SENT_AT = GOES_ON_AT + MOST_FLOWS;
export const FLOWS_END = SENT_AT + MOST_FLOWS * 16;

/** The heap (heap.ts) lies behind all that a run needs: behind the flows, or, where there are none, behind the input. */
export const HEAP_BYTES = 512 * MEGABYTE;
export const SMALL_HEAP_BYTES = 64 * MEGABYTE;

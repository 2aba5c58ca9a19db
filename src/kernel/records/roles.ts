/**
 * What a column of a table means, by number: the kernel and TypeScript (readers/tables/) both read this file. The numbers
 * index a `switch` and bits of the hot row loop.
 */

export const SKIP: u32 = 0;
export const START: u32 = 1;
export const END: u32 = 2;
export const DURATION: u32 = 3;
export const SOURCE: u32 = 4;
export const DESTINATION: u32 = 5;
export const PROTOCOL: u32 = 6;
export const TCP_FLAGS: u32 = 7;
export const REVERSE_TCP_FLAGS: u32 = 8;
/** What a firewall did; a word of refusal makes the flow denied. */
export const ACTION: u32 = 9;
export const EXPORTER: u32 = 10;
/** Zeek's letters for what happened. */
export const HISTORY: u32 = 11;
/** Addresses of the packet, if SOURCE and DESTINATION may be those of a gateway (AWS). */
export const PACKET_SOURCE: u32 = 12;
export const PACKET_DESTINATION: u32 = 13;
/** Why a row holds no flow (AWS log-status). */
export const STATUS: u32 = 14;
/** Which way (Argus): `->`, `<-`, `<->`, with `?` if Argus guesses. */
export const ARROW: u32 = 15;
/** Date and time of day in two columns, of START and of END. */
export const DAY: u32 = 16;
export const CLOCK: u32 = 17;
export const END_DAY: u32 = 18;
export const END_CLOCK: u32 = 19;
/** From here on: plain numbers. */
export const SOURCE_PORT: u32 = 20;
export const DESTINATION_PORT: u32 = 21;
export const PACKETS: u32 = 22;
export const BYTES: u32 = 23;
export const REVERSE_PACKETS: u32 = 24;
export const REVERSE_BYTES: u32 = 25;
export const SAMPLING: u32 = 26;
/** Bytes of payload, taken if those of the IP layer are absent. */
export const PAYLOAD: u32 = 27;
export const REVERSE_PAYLOAD: u32 = 28;
/** Of both directions together. */
export const TOTAL_PACKETS: u32 = 29;
export const TOTAL_BYTES: u32 = 30;
/** A name of the receiver, `name:port`, or a URL. */
export const NAME: u32 = 31;
/** Zone of the times of the line that state none: `+0100`. Of lines alone, and of no bit: what it says is in the times. */
export const ZONE: u32 = 32;

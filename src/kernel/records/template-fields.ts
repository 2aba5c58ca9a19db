/**
 * A NetFlow v9 or IPFIX template as the kernel goes by it (template-record.ts): what to do with each field of a record, and
 * how long it is. TypeScript (readers/netflow/template.ts) makes it of what the exporter sends.
 */

// What to do with a field. Names are those of IANA's registry of information elements.
export const SKIP: u32 = 0;
export const OCTETS: u32 = 1;
export const PACKETS: u32 = 2;
export const TOTAL_OCTETS: u32 = 3;
export const TOTAL_PACKETS: u32 = 4;
export const REVERSE_OCTETS: u32 = 5;
export const REVERSE_PACKETS: u32 = 6;
export const REVERSE_TOTAL_OCTETS: u32 = 7;
export const REVERSE_TOTAL_PACKETS: u32 = 8;
export const PROTOCOL: u32 = 9;
export const TCP_FLAGS: u32 = 10;
export const REVERSE_TCP_FLAGS: u32 = 11;
export const SOURCE_PORT: u32 = 12;
export const DESTINATION_PORT: u32 = 13;
export const SOURCE_IPV4: u32 = 14;
export const DESTINATION_IPV4: u32 = 15;
export const SOURCE_IPV6: u32 = 16;
export const DESTINATION_IPV6: u32 = 17;
export const IP_VERSION: u32 = 18;
export const START_UPTIME: u32 = 19;
export const END_UPTIME: u32 = 20;
export const START_SECONDS: u32 = 21;
export const END_SECONDS: u32 = 22;
export const START_MILLISECONDS: u32 = 23;
export const END_MILLISECONDS: u32 = 24;
export const START_NTP_MICRO: u32 = 25;
export const END_NTP_MICRO: u32 = 26;
export const START_NTP_NANO: u32 = 27;
export const END_NTP_NANO: u32 = 28;
export const START_DELTA: u32 = 29;
export const END_DELTA: u32 = 30;
export const BOOT_MILLISECONDS: u32 = 31;
export const DURATION_MILLISECONDS: u32 = 32;
export const DURATION_MICROSECONDS: u32 = 33;
export const OBSERVED_MILLISECONDS: u32 = 34;
export const DIRECTION: u32 = 35;
export const FORWARDING: u32 = 36;
export const BIFLOW_DIRECTION: u32 = 37;
export const FIREWALL_EVENT: u32 = 38;
export const SAMPLING_INTERVAL: u32 = 39;
export const RANDOM_INTERVAL: u32 = 40;
export const SAMPLER_ID: u32 = 41;
export const PACKET_INTERVAL: u32 = 42;
export const PACKET_SPACE: u32 = 43;
export const SAMPLING_SIZE: u32 = 44;
export const SAMPLING_POPULATION: u32 = 45;
export const SAMPLING_PROBABILITY: u32 = 46;
export const INGRESS: u32 = 47;
export const SCOPE_INTERFACE: u32 = 48;
export const OUTER_TAG: u32 = 49;
export const INNER_TAG: u32 = 50;
export const OUT_OCTETS: u32 = 51;
export const OUT_PACKETS: u32 = 52;
export const FRAME: u32 = 53;
export const IP_PACKET: u32 = 54;
export const FRAME_SIZE: u32 = 55;
export const FRAME_TYPE: u32 = 56;
export const OBSERVED_SECONDS: u32 = 57;
export const OBSERVED_NTP_MICRO: u32 = 58;
export const OBSERVED_NTP_NANO: u32 = 59;

/** A field's length if each record says it itself. */
export const VARIABLE: u32 = 65_535;
/** No exporter sends so many. */
export const MOST_FIELDS: usize = 512;
/** Words of a field: what to do, and bytes. */
export const FIELD_WORDS: usize = 2;

// What holds for all records of a template, by bits.
export const IS_INITIATOR_FIRST: u32 = 1; // both directions stand in one record because the exporter follows connections
export const HAS_REVERSE: u32 = 2;
export const HAS_TOTALS: u32 = 4;
export const HAS_TIMES: u32 = 8; // a record says when its flow was
export const COUNTS_OUT: u32 = 16; // counters of what goes out stand beside those of what comes in
export const COUNTS_FRAMES: u32 = 32; // octets are those of frames, link header included
// And for a set of them, as its domain stands.
export const IS_PATIENT: u32 = 64; // a record may wait for its sampling interval
export const WAITS_FOR_OUT: u32 = 128; // what counters of what goes out mean is still to be told
export const OUT_IS_REVERSE: u32 = 256;
export const OUT_IS_SAME: u32 = 512; // the exporter reports the other direction by itself
export const COUNTS_RECORDS: u32 = 1024; // records are numbered one by one, not by their message

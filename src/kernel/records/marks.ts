/** Marks of a row, and of the text of a time: the kernel and TypeScript both read this file. */

// What the bytes of a record count, the two lowest bits of its marks.
export const IP_BYTES = 0; // IP total length: NetFlow, IPFIX, Zeek *_ip_bytes, AWS
export const LINK_BYTES = 1; // link header included: Suricata, sFlow frame length
export const PAYLOAD_BYTES = 2; // TCP or UDP payload only: Zeek orig_bytes
export const BYTE_LAYER = 3; // these bits of the marks
// Then the following bits.
export const SCALED = 4;
export const DENIED = 8;
// Who opened the connection; neither, if the record does not say.
export const ORIGINATORS = 3 << 4;
export const BY_SOURCE = 1 << 4;
export const BY_DESTINATION = 2 << 4;
// Packets are sampled at a rate that the log does not tell.
export const THINNED = 1 << 6;

// What must be known of the text of a time.
export const ZONELESS = 1; // it states no zone
export const YEARLESS = 2; // it states no year
export const AMBIGUOUS = 4; // its date may be read month or day first
export const DAY_FIRST = 8; // it is a date only if the day stands first
export const MONTH_FIRST = 16; // likewise the month

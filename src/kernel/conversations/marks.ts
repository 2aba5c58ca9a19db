/** Marks of a conversation: the kernel and TypeScript both read this file. */

export const FLIPPED = 1; // direction 0 is the endpoint that sorts higher
export const DIRECTION_0_ORIGINATED = 2;
export const DIRECTION_1_ORIGINATED = 4;
export const WAS_DENIED = 8;
export const SAMPLING_UNKNOWN = 16;
export const WATCHED_0 = 32; // the endpoint of direction 0 is listed
export const WATCHED_1 = 64;
export const BOTH_WAYS = 128; // a record told of both directions, so that silence is silence
export const CONVERTED = 256; // bytes of frames, less their link headers
export const ESTIMATED = 512; // bytes of payload, plus the least that headers take
export const FLAGS_KNOWN_0 = 1024;
export const FLAGS_KNOWN_1 = 2048;
export const DISORDERED = 4096; // a record came long after later ones
export const RATE_UNTOLD = 16384; // packets are sampled at a rate that the log does not tell
export const GONE = 8192; // to be left out when room is made

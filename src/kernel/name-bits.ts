/** Bits for the hashes of names (names.ts), in a kernel's memory. */
export const NAME_BITS = 1 << 18;

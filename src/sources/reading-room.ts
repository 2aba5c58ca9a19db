/** Beyond a whole number of pages. */
const SHIFT_BYTES = 1024;

/**
 * Room for so many bytes of a file. Large arrays begin 16 bytes behind a page, and what a file is read into must not:
 * where it lies so little behind the place in the page that it comes from, some processors (AMD since Zen 3, REP MOVSB)
 * take the two for overlapping and copy five times slower.
 */
export function readingRoom(bytes: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes + SHIFT_BYTES).subarray(SHIFT_BYTES);
}

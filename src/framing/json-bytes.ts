/**
 * The bytes of JSON by what they mean to a scanner that only looks for the ends of objects (RFC 8259), and of lines.
 */
export const LF = 0x0a;
export const CR = 0x0d;
export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const OPEN_BRACKET = 0x5b;
export const BACKSLASH = 0x5c;
export const CLOSE_BRACKET = 0x5d;
export const OPEN_BRACE = 0x7b;
export const CLOSE_BRACE = 0x7d;

export const FORBIDDEN = 0;
export const PLAIN = 1;
export const STRING = 2;
const OPENS = 3;
export const CLOSES = 4;

/** What a byte outside strings is. Plain ones stand between tokens or in a number, `true`, `false` or `null`. */
export const OUTSIDE = new Uint8Array(256);
for (const character of '\t\n\r 0123456789+-.eEtrufalsn,:') OUTSIDE[character.charCodeAt(0)] = PLAIN;
OUTSIDE[QUOTE] = STRING;
OUTSIDE[OPEN_BRACE] = OPENS;
OUTSIDE[OPEN_BRACKET] = OPENS;
OUTSIDE[CLOSE_BRACE] = CLOSES;
OUTSIDE[CLOSE_BRACKET] = CLOSES;

/** Bytes inside a string that end it, escape the next one, or may not be there (RFC 8259 section 7). */
export const STOPS_STRING = new Uint8Array(256).fill(1, 0, 0x20);
STOPS_STRING[QUOTE] = 1;
STOPS_STRING[BACKSLASH] = 1;

/** Separators between objects. NUL: some clients end their lines with the terminator of a C string. */
export const SEPARATOR = new Uint8Array(256);
for (const character of '\t\n\r \0') SEPARATOR[character.charCodeAt(0)] = 1;

/** Offset behind the line end in `bytes[from, to)`; -1 if there is none. */
export function lineEnd(bytes: Uint8Array, from: number, to: number): number {
  for (let at = from; at < to; at++) if (bytes[at] === LF) return at + 1;
  return -1;
}

/** What a line of a log is made of, by number: the kernel and TypeScript (readers/lines/) both read this file. */

/** A kind of lines begins; its marks stand below. */
export const BEGIN = 0;
/** This text stands somewhere behind. */
export const SEEK = 1;
/** This text stands here. */
export const EXPECT = 2;
/** A cell of a role stands here. */
export const READ = 3;
/** Back to where the line begins. */
export const BACK = 4;
/** Cells that are passed over, quoted or not. */
export const CELLS = 5;
/** Pairs of key and value stand in the line, in any order. */
export const PAIRS = 6;

// Marks of a kind of lines.
export const ANCHORED = 1; // its first step is where the line begins, behind a head of syslog
export const ONLY_NAMES = 2; // it tells names, and another line counts the flow
export const BY_THE_SOURCE = 4; // its source has opened the connection
export const REFUSED = 8; // nothing was let through
export const ANSWERS = 32; // it tells the name that a name server has answered for
export const BARE = 16; // it begins with a time of its own, and no head

/** Mark of the text by which a line of the kind is recognised. */
export const TELLING = 1;

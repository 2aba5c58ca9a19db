/** What the kernel of flow records asks of its driver (src/records-kernel.ts): what only TypeScript knows or counts. */

/** Something is wrong with the row whose line begins there (damage-kind.ts); so many bytes of it could not be read. */
export declare function damaged(kind: i32, line: usize, refusedBytes: i32): void;
/** UTC of a time as its text has it; `marks` say what must be known of the text. */
export declare function taken(timeUs: f64, marks: i32): f64;

/** What the kernel of flow records asks of its driver (src/rows/records-kernel.ts). */

/** UTC of a time as its text has it; `marks` say what must be known of the text. */
export declare function toUtc(timeUs: f64, marks: i32): f64;

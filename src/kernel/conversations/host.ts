/** What the kernel asks of its driver (flows/conversation-rows.ts) in the middle of a batch. */

/** The memory is to have so many bytes. */
export declare function hold(bytes: usize): void;

/** Which ends of the record at this place are listed: bit 1 the source, bit 2 the destination. */
export declare function watched(rowAt: usize): i32;
/** The observer that an exporter is, of whom this input has told nothing yet. */
export declare function meet(ordinal: i32): i32;
/** A conversation goes that is listed or may be mining. False if there is no room for what it has to say. */
export declare function keep(row: u32): bool;

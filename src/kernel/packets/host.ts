/**
 * What the kernel asks of its driver (packets/tap.ts): the few packets that need an object. The packet stands in its
 * place in memory (packet.ts) during the call.
 */

/** A record was decoded, in a run that wants each (control.ts). */
export declare function record(reason: i32): void;
/** The packet holds a DNS message, in memory [from, to), in which a name of ours may be; `fits`: it can be answered, or is
 * the first answer.
 */
export declare function dns(from: usize, to: usize, fits: bool): void;
/** A UDP datagram that begins like NetFlow, IPFIX or sFlow. */
export declare function exported(): void;
/** The flow becomes a candidate: `opens` as in flow-state.ts, `begins` has bit 1 or 2 if lane 0 or 1 begins after its SYN. */
export declare function candidate(flow: i32, opens: i32, begins: i32): void;
/** A segment of a candidate. Answers what it is now. */
export declare function segment(flow: i32, lane: i32): i32;
/** A candidate's connection closed. */
export declare function closed(flow: i32): void;
/** Connections that closed a while ago are to end. */
export declare function expire(): void;
/** A candidate's stream ends. Answers what the flow was. */
export declare function close(flow: i32): i32;
/** The client of a web visit named a host that may concern somebody, in memory [from, to). */
export declare function named(flow: i32, lane: i32, from: usize, to: usize): void;
/** A segment of a watched flow that the driver is to put in order, as are all behind it. */
export declare function reorder(slot: i32, lane: i32): void;
/** The watch over a flow is over: what still waits to be put in order goes to it in the order that is known. */
export declare function settleOrder(slot: i32): void;
/** The same, and nobody asks for what waits. */
export declare function forgetOrder(slot: i32): void;
/** The ring of a watched flow is full: what is added next takes the place of its oldest message. */
export declare function filled(slot: i32): void;
/** The watch over a flow ends; its slot holds what is known. */
export declare function watched(flow: i32, slot: i32): void;
/** A flow ends of which the driver knows something, or may want to. True if something comes of it. */
export declare function flowEnded(flow: i32): bool;

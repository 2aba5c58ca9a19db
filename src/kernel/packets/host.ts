/**
 * What the kernel asks of its driver (packets/packet-engine.ts): the few packets that need an object. The packet stands in its
 * place in memory during the call; what a direction of a candidate says is of the packet that streams.ts has stamped.
 */

/** A record was decoded, in a run that wants each. */
export declare function record(reason: i32): void;
/** The clock was set by so much behind the record of this time, both us. */
export declare function clockSet(timeUs: f64, byUs: f64): void;
/** No packet has come in the run between these times, which lie far apart (input.ts). */
export declare function silence(startUs: f64, endUs: f64): void;
/** The packet holds a DNS message, in memory [from, to), in which a name of ours may be; `fits`: it can be answered, or is
 * the first answer.
 */
export declare function dns(from: usize, to: usize, fits: bool): void;
/** A UDP datagram that begins like NetFlow, IPFIX or sFlow. */
export declare function exported(): void;
/** The flow becomes a candidate: `opens` as in flow-state.ts. */
export declare function candidate(flow: i32, opens: i32): void;
/**
 * The next bytes of a candidate's direction, in memory [from, to). The driver calls `openObjects` if the direction says JSON from some byte
 * on; from then on it is told of objects. Answers IS_.
 */
export declare function payload(flow: i32, direction: i32, from: u32, to: u32): i32;
/**
 * What was found in a direction of JSON (OBJECT_), in memory [from, to); `bytes` counts everything since the object before it.
 * Answers 1 if it is JSON, plus twice the IS_.
 */
export declare function object(flow: i32, direction: i32, from: u32, to: u32, bytes: u32, kind: i32): i32;
/** A direction of JSON carries something else: the driver is told of its bytes again. Answers IS_. */
export declare function foreign(flow: i32, direction: i32): i32;
/** The same as `object`, found in bytes that the driver has scanned (`scan`): the body of a message. Answers if it is JSON. */
export declare function objectInBody(from: u32, to: u32, bytes: u32, kind: i32): bool;
/**
 * What follows is not what comes next in the direction. So many bytes were not captured, or if negative came after all; `isCut`: of a
 * packet of which the rest was. Answers IS_.
 */
export declare function gap(flow: i32, direction: i32, missing: i32, isCut: bool): i32;
/** Bytes of the direction were acknowledged more quickly than any before: the round trip to who got them, us. */
export declare function roundTrip(flow: i32, direction: i32, tripUs: f64): void;
/** Something speaks against the packets of the direction (DOUBT_), so many times; -1 takes one back. */
export declare function doubt(flow: i32, direction: i32, doubt: i32, count: i32): void;
/** No more of the candidate is told, but for the objects that `endObjects` finds. Answers IS_. */
export declare function close(flow: i32): i32;
/** The client of a web visit named a host that may concern somebody, in memory [from, to). */
export declare function named(flow: i32, direction: i32, from: usize, to: usize): void;
/** The ring of a watched flow is full: what is added next takes the place of its oldest message. */
export declare function filled(slot: i32): void;
/** The watch over a flow ends; its slot holds what is known. */
export declare function watched(flow: i32, slot: i32): void;
/** A flow ends of which the driver knows something, or may want to. How it judged the flow (Judgement). */
export declare function flowEnded(flow: i32): i32;
/** A conversation has ended that could not be judged, for this reason (Judgement), if the driver is told of each. */
export declare function left(flow: i32, judgement: i32): void;
/**
 * The same of one that is judged beside others of the same `pair` of a client and a port of a server, as each alone may be a part of
 * more (REPEATS_). `mark`: what tells that they belong together, 0 if nothing does.
 */
export declare function repeated(flow: i32, judgement: i32, pair: f64, kind: i32, mark: u32): void;
/** The payload in memory [from, to) is an Initial packet of QUIC. */
export declare function quic(flow: i32, direction: i32, from: usize, to: usize): void;

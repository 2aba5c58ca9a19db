/**
 * Does an unreadable connection behave like a mining session? Pools push jobs regularly, miners submit small shares at
 * random times, for as long as they mine; web visits are short, downloads and calls are heavy. The
 * figures are bounds around what captures of XMRig, browser miners and ASICs show (docs/reference/protocols.md 4.3 and 4.4);
 * alone they prove nothing, because chats and push channels look similar.
 */

/** A connection in numbers; out is client to server. Bytes are IP bytes, pushes are packets with payload. */
export interface ConnectionFigures {
  readonly seconds: number;
  readonly bytesOut: number;
  readonly bytesIn: number;
  readonly pushesOut: number;
  readonly pushesIn: number;
}

/** Shorter than this, a web visit lasts as long. */
const LEAST_SECONDS = 60;
const LEAST_PUSHES = 4;
/** Mean bytes/s of one connection, beyond which it carries something else; a proxy of hundreds of rigs stays below. */
const MOST_BYTES_PER_SECOND = 32_000;
/** Mean bytes of a push. An Equihash share of 2.8 kB fills its packets as bulk does; there the rate tells. */
const MOST_BYTES_PER_PUSH_OUT = 1500;
const MOST_BYTES_PER_PUSH_IN = 1400;

export function behavesLikeMining(figures: ConnectionFigures): boolean {
  const { seconds, bytesOut, bytesIn, pushesOut, pushesIn } = figures;
  return (
    seconds >= LEAST_SECONDS &&
    pushesOut >= LEAST_PUSHES &&
    pushesIn >= LEAST_PUSHES &&
    (bytesOut + bytesIn) / seconds <= MOST_BYTES_PER_SECOND &&
    bytesOut / pushesOut <= MOST_BYTES_PER_PUSH_OUT &&
    bytesIn / pushesIn <= MOST_BYTES_PER_PUSH_IN
  );
}

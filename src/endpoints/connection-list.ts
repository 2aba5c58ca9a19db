/**
 * The TCP connections of a session or pool connection one by one: who runs a translator of addresses, or looks after abuse at
 * a pool, finds a customer by address, port and time together (RFC 6302). The first ones are kept, the others are counted.
 */

export interface OneConnection {
  /** Of the client; 0 if the source does not tell. */
  readonly port: number;
  /** us since 1970. */
  readonly startUs: number;
  readonly endUs: number;
  /** IP bytes; out is client to server. */
  readonly bytesOut: number;
  readonly bytesIn: number;
}

export interface ConnectionList {
  readonly list: readonly OneConnection[];
  /** Connections beyond those in the list. */
  readonly more: number;
}

/** A session of thousands of connections is named by its first ones. */
const MOST = 100;
/** Clocks of a capture and of an exporter differ by so much, us. */
const CLOCKS_US = 2e6;

export const NO_CONNECTIONS: ConnectionList = Object.freeze({ list: Object.freeze([]), more: 0 });

/** Both lists. The earliest stay, so that parts come to the same list in any order. */
export function joinConnections(a: ConnectionList, b: ConnectionList): ConnectionList {
  if (b.list.length + b.more === 0) return a;
  if (a.list.length + a.more === 0) return b;
  const [last, first] = [a.list.at(-1), b.list[0]];
  // One connection after the other comes in: no need to sort what is full.
  if (a.list.length === MOST && last !== undefined && first !== undefined && first.startUs > last.startUs)
    return { list: a.list, more: a.more + b.list.length + b.more };
  const all = [...a.list, ...b.list].sort(
    (x, y) => x.startUs - y.startUs || x.port - y.port || x.endUs - y.endUs || x.bytesOut - y.bytesOut,
  );
  return { list: all.slice(0, MOST), more: a.more + b.more + Math.max(0, all.length - MOST) };
}

/** The list in which the connection with the port of the later one, if there is one, goes on as that. */
export function prolonged({ list, more }: ConnectionList, later: OneConnection): ConnectionList {
  const at = list.findLastIndex(({ port, startUs }) => port === later.port && startUs <= later.startUs);
  if (at === -1) return joinConnections({ list, more }, { list: [later], more: 0 });
  const { port, startUs, endUs, bytesOut, bytesIn } = list[at];
  const whole = {
    port,
    startUs,
    endUs: Math.max(endUs, later.endUs),
    bytesOut: bytesOut + later.bytesOut,
    bytesIn: bytesIn + later.bytesIn,
  };
  return { list: list.with(at, whole), more };
}

/** What two sources tell of the same connections, captures and flow records: each connection once. */
export function sameConnections(known: ConnectionList, told: ConnectionList): ConnectionList {
  const isKnown = (one: OneConnection): boolean =>
    known.list.some(
      ({ port, startUs, endUs }) =>
        port === one.port && startUs <= one.endUs + CLOCKS_US && endUs >= one.startUs - CLOCKS_US,
    );
  return joinConnections(known, { list: told.list.filter((one) => !isKnown(one)), more: told.more });
}

/**
 * The shape of a pool-protocol dialect: one typed constant in a file of its own, named by its id, and one line in
 * `index.ts`. Recognition looks at one message; reading yields the facts that a message states.
 */
import type { Fact } from '../evidence/fact.ts';
import type { Message } from '../framing/message.ts';

/**
 * `certain`: only this dialect says this. `possible`: this dialect says it, others may as well.
 * `foreign`: this dialect never says it.
 */
export type Recognition = 'certain' | 'possible' | 'foreign';

/** A fact, and the call that it answers, if the message was a reply (for share tokens). */
export interface Dialect {
  /** The contract's dialect id, e.g. 'stratum-v1'. */
  readonly id: string;
  /** Name for people. */
  readonly title: string;
  /** Where the protocol is specified. */
  readonly reference: string;
  /** Month in which the present version of the protocol was last checked in its sources; absent if never. */
  readonly checked?: string;
  /** Why shares of it are counted and not priced, as a clause; absent if they are priced. */
  readonly unpriced?: string;
  /** Coins or algorithms that speak it, for the generated table. */
  readonly serves: string;
  /** How it travels. */
  readonly framing: 'json-lines' | 'http' | 'websocket' | 'text-lines' | 'binary';
  /** True if each request may come on a connection of its own, so that sessions fold over connections. */
  readonly perRequest?: boolean;
  /** Paths that it asks for with a bare GET, so that such a visit is read and not passed over. */
  readonly polls?: readonly string[];
  readonly recognise: (message: Message) => Recognition;
  /** A reader for one session. It keeps what earlier messages said (extranonce, negotiated mask, memo of calls). */
  readonly reader: () => DialectReader;
}

/** Reads the messages of one session in order; each call yields the facts of one message. */
export interface DialectReader {
  read(message: Message): Iterable<Fact>;
}

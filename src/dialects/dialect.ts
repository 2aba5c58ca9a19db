/**
 * The shape of a pool-protocol dialect: one constant in a file of its own, named by its id, and one line in `index.ts`.
 * Most are made of a grammar (grammar.ts), which says what their messages look like (form.ts) and what they say; those of
 * the `mining.` family only say how they differ from the rest of it (mining-family.ts).
 */
import type { Message } from '../framing/message.ts';
import type { Sink } from './sink.ts';

/**
 * `certain`: only this dialect says this. `possible`: this dialect says it, others may as well.
 * `foreign`: this dialect never says it.
 */
export type Recognition = 'certain' | 'possible' | 'foreign';

/** Reads the messages of one session in order, and says to the sink what they say. */
export interface DialectReader {
  read(message: Message, session: Sink): void;
}

export interface Dialect {
  /** Id in audits, e.g. 'stratum-v1'. */
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
  /** True if the miner answers and who asks is a monitor: its peer is no pool, and its pool is what it names. */
  readonly isOfDevice?: boolean;
  /** Id of the dialect that it is taken for until a message shows it: met in its middle, it looks like that one. */
  readonly within?: string;
  /** Paths that it asks for with a bare GET, so that such a visit is read and not passed over. */
  readonly polls?: readonly string[];
  /**
   * What it may know a message by: the method of a call, or of the call that a reply answers, and the kind of what is
   * neither (index.ts). `recognise` is asked about no other.
   */
  readonly methods: readonly string[];
  readonly recognise: (message: Message) => Recognition;
  /** A reader for each session: most must remember what earlier messages said (extranonce, negotiated mask). */
  readonly reader: () => DialectReader;
}

/** What is said of a dialect, whatever its messages are. */
export type Profile = Omit<Dialect, 'methods' | 'recognise' | 'reader'>;

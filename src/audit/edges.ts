/**
 * What an audit carries so that it can be merged: sums that its shares of the whole were made of, the sessions as they
 * stood, and the flows that touch an edge of the input and may go on in another part of it. Nothing here is for people;
 * everything that is shown is made of it again. Times are us since 1970, bytes as everywhere. Passwords are blotted out.
 */
import type { Contact } from '../endpoints/contact.ts';
import type { TlsFacts } from '../endpoints/tls-facts.ts';
import type { SessionState } from '../sessions/carry.ts';
import type { SeenName } from '../sessions/conversation.ts';

export const EDGES_VERSION = 1;

/** Packets and bytes. */
export interface Weight {
  packets: number;
  bytes: number;
}

/** A connection that was open before the first packet of the input, or may go on after the last one. */
export interface FlowState {
  /** Addresses and ports by lane; lane 0 is who spoke first, as far as seen. */
  readonly ends: readonly [FlowEnd, FlowEnd];
  /** `seen` column of the flow table: SYN, FIN, RST and what the first bytes were. */
  readonly seen: number;
  /** Initial sequence numbers, where `seen` says that they are known. */
  readonly initial: readonly number[];
  /** True where nothing of it was decided yet. */
  readonly isProbing: boolean;
  readonly strikes: number;
  /** By lane. */
  readonly bytes: readonly number[];
  readonly packets: readonly number[];
  readonly pushes: readonly number[];
  readonly firstUs: number;
  readonly lastUs: number;
  readonly name: SeenName | null;
  /** What its TLS said in clear. */
  readonly tls: TlsFacts | null;
  /** The watch over its sizes and times, where it could not be read; null without one. */
  readonly watched: WatchState | null;
  /** True where it carries what needs no watch. */
  readonly isUnwatched: boolean;
  /** True where it ended within the input, so that nothing follows. */
  readonly ended: boolean;
  /** Dialect that was being read, null without one; and where the reading stood. */
  readonly dialect: string | null;
  readonly certain: boolean;
  readonly minerLane: number;
  readonly tokens: number;
  readonly isMidway: boolean;
  /** Number of the session in `sessions` that holds what the flow said; null where its packets are still to be read. */
  readonly session: number | null;
  /** What a flow whose beginning was not seen said behind the packets of `head`. */
  readonly body: SessionState | null;
  /** Packets as words (`packetText`): the first ones, and the last ones. */
  readonly head: readonly string[];
  readonly tail: readonly string[];
  /** How many packets of `head` came before the flow was read: rests of messages that began before the input. */
  readonly early: number;
  /** True where all that was captured of it has been read: no message has begun, no segment waits for others. */
  readonly isSettled: boolean;
  /** True where packets between the two were left out. */
  readonly hasSkipped: boolean;
  /** Sequence numbers at which the lanes begin; null where a lane begins with its first packet. */
  readonly begins: readonly (number | null)[];
  /** Lines at the beginning of its packets that were blotted out. */
  readonly blotted: number;
  /** Unfinished messages at its end whose beginning is not among its packets: lost where the flow goes on. */
  readonly torn: number;
}

/** What the watch over a flow knows (packets/watch), lane 1 with negative sizes. */
export interface WatchState {
  readonly record: number;
  readonly input: number;
  readonly startUs: number;
  readonly timesUs: readonly number[];
  readonly sizes: readonly number[];
  readonly messages: readonly number[];
  readonly activeMinutes: number;
  readonly spanUs: number;
  readonly tlsShare: number;
  readonly randomShare: number;
}

export interface FlowEnd {
  readonly ip: string;
  readonly port: number;
}

export interface AuditEdges {
  readonly version: typeof EDGES_VERSION;
  /** True where no packets are carried, so that what is said of people can be replaced: seams are less well joined. */
  readonly sealed: boolean;
  readonly window: { readonly startUs: number; readonly endUs: number } | null;
  readonly options: {
    readonly sinceUs: number | null;
    readonly untilUs: number | null;
    /** Own networks, as CIDR text. */
    readonly local: readonly string[];
    readonly coverageThreshold: number | null;
  };
  /** What coverage was made of; `encrypted` and `oneSided` without the flows below. */
  readonly weights: {
    readonly all: Weight;
    readonly truncated: Weight;
    /** Bytes of decoded packets that were cut off; absent where they were not counted. */
    readonly cutBytes?: number;
    readonly recovered: Weight;
    /** Of flow records, all of them and those that were sampled. */
    readonly records: Weight;
    readonly sampled: Weight;
    readonly encrypted: Weight;
    readonly oneSided: Weight;
    /** By skip reason; '' are the decoded ones. */
    readonly reasons: Readonly<Record<string, Weight>>;
  };
  readonly names: readonly {
    readonly ip: string;
    readonly name: string;
    readonly timeUs: number;
    readonly record: number;
    readonly input: number;
  }[];
  readonly contacts: readonly Contact[];
  /** Contacts that flow records showed and no capture did. */
  readonly records: readonly Contact[];
  readonly sessions: readonly SessionState[];
  readonly flows: readonly FlowState[];
  /** Connections within the input whose server nobody named: another part may have its name. */
  readonly nameless: readonly FlowState[];
  /** Flows that did not fit: those of which nothing but numbers is known, those without a name, and the others. */
  readonly overflow: { readonly numbers: number; readonly nameless: number; readonly others: number };
  /** Start of the last of the scans that were joined for good, us; absent where it is one scan. */
  readonly lastStartUs?: number;
  /** Scans side by side, in the order of their inputs: the lists above are empty then. Absent where they are joined. */
  readonly parts?: readonly EdgesPart[];
}

/** One of the scans that a merged audit is made of. */
export interface EdgesPart {
  readonly edges: AuditEdges;
  /** Messages lost at seams within it, by input: as many numbers as it has inputs. */
  readonly lost: readonly number[];
}

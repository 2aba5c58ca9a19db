/**
 * The edges of a run: what is held apart while packets pass, so that the audit can be merged, and how it is written
 * down. Flows whose beginning was not seen count in what the run shows, but not in what it carries: there their packets
 * stand, to be read again behind those of the part before.
 */

import type { AuditEdges, FlowState, Weight } from '../audit/edges.ts';
import { addressText } from '../endpoints/address.ts';
import { type Contact, Contacts } from '../endpoints/contact.ts';
import type { TlsFacts } from '../endpoints/tls-facts.ts';
import {
  FIN_0,
  FIN_1,
  type FlowTable,
  PROBING,
  RST_SEEN,
  SYN_SEEN,
  UNWATCHED,
} from '../packets/flow-table.ts';
import type { Tape } from '../packets/tape.ts';
import type { WatchedFlow } from '../packets/watch.ts';
import { type SessionState, saveSession } from '../sessions/carry.ts';
import { type Conversation, TOKENS_PER_FLOW } from '../sessions/conversation.ts';
import type { Session } from '../sessions/session.ts';
import { blotPasswords, isMasked } from './blot.ts';
import { packetText } from './packet-text.ts';
import { QuietFlows } from './quiet-flows.ts';
import type { SurveyParts } from './survey-parts.ts';
import { watchState } from './watch-join.ts';

/**
 * Flows that an audit carries at most: those of which nothing but numbers is known, which matter for coverage; those
 * that could not be read, with what their sizes tell; and those that are read, or may still be.
 */
const MOST_FLOWS = [1000, 2000, 65_536] as const;
type Rank = 0 | 1 | 2;
const MOST_NAMELESS = 1000;
/** A connection that closed so long before the last packet has had its last one. */
const CLOSED_US = 10_000_000;
/** Nor does one go on that said nothing of interest for so long. */
const IDLE_US = 600_000_000;
/** Nor one that was read: captures of an hour each night may show the same connection for days. */
const READ_IDLE_US = 7 * 86_400_000_000;

export class EdgeBook {
  /** Of flows that began and ended within the input. */
  readonly encrypted: Weight = { packets: 0, bytes: 0 };
  readonly oneSided: Weight = { packets: 0, bytes: 0 };
  readonly contacts = new Contacts();
  /** Sessions of a single connection whose beginning was not seen. */
  readonly midway = new Set<Session>();
  /** The part of such sessions that is told apart from their beginning. */
  readonly bodies = new Map<Session, Session>();
  /** Watches over flows in parts that were read, by flow. */
  readonly watches = new Map<number, WatchedFlow>();
  /** Flows that go on in none of the parts to come, as they will be carried on: nothing of them was read again. */
  readonly dormant = new Map<number, FlowState>();
  /** Unfinished messages in parts that were read, of which the beginning is not carried, by flow. */
  readonly torn = new Map<number, number>();
  readonly overflow = { numbers: 0, nameless: 0, others: 0 };
  /** Lines that were blotted out or lost at a seam, in audits that were read. */
  lostAtSeam = 0;
  /** True where no packets are to be carried. */
  readonly isSealed: boolean;
  readonly #started: FlowState[] = [];
  readonly #nameless: FlowState[] = [];
  readonly #carried: [number, number, number] = [0, 0, 0];
  readonly #words = new Int32Array(4);

  constructor(isSealed = false) {
    this.isSealed = isSealed;
  }

  /** True where packets of the flow may lie before the first packet of the input. */
  mayHaveBegunBefore(parts: SurveyParts, flow: number): boolean {
    const conversation = parts.conversations.get(flow);
    if (conversation !== undefined && conversation.session !== null) {
      // Without packets to read again it counts as one of the session's connections.
      return conversation.isMidway && (!this.isSealed || this.midway.has(conversation.session));
    }
    return (parts.flows.seen[flow] & SYN_SEEN) === 0;
  }

  /** A flow ends within the input whose beginning was not seen. */
  ended(parts: SurveyParts, flow: number): void {
    if (this.#hasRoom(rankOf(parts, flow))) this.#started.push(this.#flowState(parts, flow, true, null));
  }

  #hasRoom(rank: Rank): boolean {
    if (this.#carried[rank] < MOST_FLOWS[rank]) {
      this.#carried[rank]++;
      return true;
    }
    this.#overflowed(rank);
    return false;
  }

  #overflowed(rank: Rank): void {
    if (rank === 0) this.overflow.numbers++;
    else this.overflow.others++;
  }

  /** A flow within the input has ended whose server nobody named. */
  endedNameless(parts: SurveyParts, flow: number, tls: TlsFacts | null): void {
    if (this.#nameless.length < MOST_NAMELESS)
      this.#nameless.push(this.#flowState(parts, flow, true, null, tls));
    else this.overflow.nameless++;
  }

  /** Such a flow of a part that was read, still without a name. */
  keepNameless(state: FlowState): void {
    if (this.#nameless.length < MOST_NAMELESS)
      this.#nameless.push(this.isSealed ? { ...state, ...NO_PACKETS } : state);
    else this.overflow.nameless++;
  }

  /** The flow has ended: what earlier parts left of it is of no more use. */
  forget(flow: number): void {
    // Without earlier parts there is nothing, for any flow.
    if (this.watches.size + this.torn.size + this.dormant.size === 0) return;
    this.watches.delete(flow);
    this.torn.delete(flow);
    this.dormant.delete(flow);
  }

  addContact(contact: Contact): void {
    this.contacts.add({ ...contact, traffic: { ...contact.traffic } });
  }

  /** Everything that a merge needs. Call once, after the last packet and before the tap ends. */
  save(parts: SurveyParts, rest: Pick<AuditEdges, 'window' | 'options' | 'weights' | 'records'>): AuditEdges {
    const quiet = new QuietFlows(parts, [this.watches, this.torn, this.dormant]);
    const end = (flow: number): void => {
      if (!quiet.take(flow)) parts.tap.retireFlow(flow);
    };
    this.#endSilent(parts, parts.tap.lastUs, end);
    const open = this.#open(parts, end);
    quiet.addTo(parts.unseen);
    quiet.addTo(this);
    const states: SessionState[] = [];
    const numbers = new Map<Session, number>();
    const counted: { readonly session: Session; readonly own: Session }[] = [];
    for (const session of parts.sessions) {
      const own = this.isSealed ? session : (session.twin ?? session);
      if (this.midway.has(session) || !Number.isFinite(own.memory.firstHeardUs)) continue;
      numbers.set(session, counted.push({ session, own }) - 1);
    }
    const flows: FlowState[] = [...this.#started];
    const rows = new Map<number, number>();
    const openSessions = new Set<Session>();
    for (const flow of open) {
      const conversation = parts.conversations.get(flow);
      if (conversation?.session != null) openSessions.add(conversation.session);
      const isCounted = !this.mayHaveBegunBefore(parts, flow);
      const session = isCounted ? conversation?.session : null;
      if (conversation !== undefined) rows.set(conversation.serial, flows.length);
      flows.push(
        this.#flowState(parts, flow, false, session == null ? null : (numbers.get(session) ?? null)),
      );
    }
    for (const { session, own } of counted) {
      const isOver = !openSessions.has(session) && !parts.isFolded(session);
      states.push(withRows(saveSession(own, isOver), rows));
    }
    return {
      version: 1,
      sealed: this.isSealed,
      ...rest,
      names: parts.nameBook.entries(),
      contacts: structuredClone([...this.contacts.values()]),
      sessions: states,
      flows: flows.map((flow) => (flow.body === null ? flow : { ...flow, body: withRows(flow.body, rows) })),
      nameless: [...this.#nameless],
      overflow: { ...this.overflow },
    };
  }

  /** Flows that may go on, as many as there is room for; the others end here, the longest idle first. */
  #open(parts: SurveyParts, end: (flow: number) => void): number[] {
    const { flows } = parts;
    const byRank: [number[], number[], number[]] = [[], [], []];
    for (let flow = 0; flow < flows.end; flow++) {
      if (flows.isAlive(flow)) byRank[rankOf(parts, flow)].push(flow);
    }
    const open: number[] = [];
    for (const rank of [2, 1, 0] as const) {
      const isTooMany = byRank[rank].length + this.#carried[rank] > MOST_FLOWS[rank];
      const own = isTooMany ? byWorth(flows, byRank[rank]) : byRank[rank];
      const room = MOST_FLOWS[rank] - this.#carried[rank];
      this.#carried[rank] += Math.min(room, own.length);
      for (const flow of own.slice(room)) {
        if ((flows.seen[flow] & SYN_SEEN) !== 0) this.#overflowed(rank);
        end(flow);
      }
      for (const flow of own.slice(0, room)) open.push(flow);
    }
    // In the order in which they came, as far as numbers are not given again.
    return open.sort((a, b) => a - b);
  }

  /** Ends flows that will not go on after `nowUs`. */
  endSilent(parts: SurveyParts, nowUs: number): void {
    this.#endSilent(parts, nowUs, (flow) => parts.tap.endFlow(flow));
  }

  #endSilent({ flows, conversations }: SurveyParts, nowUs: number, end: (flow: number) => void): void {
    for (let flow = 0; flow < flows.end; flow++) {
      if (!flows.isAlive(flow)) continue;
      const idleUs = nowUs - flows.lastUs[flow];
      const isRead = conversations.get(flow)?.session != null;
      const isOver = isClosed(flows.seen[flow]) && idleUs > CLOSED_US;
      if (isOver || idleUs > (isRead ? READ_IDLE_US : IDLE_US)) end(flow);
    }
  }

  /** What a flow said whose beginning was not seen, as far as its packets are not carried. */
  #body(conversation: Conversation | undefined, isMidway: boolean, isWhole: boolean): SessionState | null {
    const body = isWhole && isMidway ? conversation?.session : conversation?.body;
    return body == null ? null : saveSession(body);
  }

  #flowState(
    parts: SurveyParts,
    flow: number,
    ended: boolean,
    session: number | null,
    tls: TlsFacts | null = parts.opaque.greetingOf(flow),
  ): FlowState {
    const dormant = this.dormant.get(flow);
    if (dormant !== undefined) return { ...dormant, session, ...(this.isSealed ? NO_PACKETS : {}) };
    const { flows, tap } = parts;
    const conversation = parts.conversations.get(flow);
    // Of a connection that has closed nothing more will be read; what comes late counts as traffic.
    const isRead = session !== null && isClosed(flows.seen[flow]);
    const kept = isRead || this.isSealed ? null : tap.tapeOf(flow);
    const isHidden = kept !== null && isMasked([...kept.head, ...kept.tail]);
    const tape = isHidden ? null : kept;
    const isMidway = this.mayHaveBegunBefore(parts, flow);
    const standpoint = conversation?.standpoint ?? NO_STANDPOINT;
    const packets = tape === null ? NO_PACKETS : packetsOf(tape, isMidway);
    // Thousands of rows: spreading the parts into them takes several times as long as naming what they hold.
    return {
      ends: [this.#endOf(flows, flow, 0), this.#endOf(flows, flow, 1)],
      seen: flows.seen[flow],
      initial: [flows.isn0[flow], flows.isn1[flow]],
      isProbing: flows.state[flow] === PROBING,
      strikes: flows.strikes[flow],
      bytes: [flows.bytes0[flow], flows.bytes1[flow]],
      packets: [flows.packets0[flow], flows.packets1[flow]],
      pushes: [flows.pushes0[flow], flows.pushes1[flow]],
      firstUs: flows.firstUs[flow],
      lastUs: flows.lastUs[flow],
      name: parts.flowNames.get(flow) ?? null,
      tls,
      watched: watchState(this.watches.get(flow) ?? tap.watchOf(flow)),
      isUnwatched: flows.state[flow] === UNWATCHED && !this.watches.has(flow),
      ended,
      dialect: standpoint.dialect,
      certain: standpoint.certain,
      minerLane: standpoint.minerLane,
      tokens: standpoint.tokens,
      isMidway,
      session,
      body: this.#body(conversation, isMidway, this.isSealed || isHidden),
      head: packets.head,
      tail: packets.tail,
      early: packets.early,
      hasSkipped: packets.hasSkipped,
      begins: packets.begins,
      blotted: packets.blotted,
      isSettled: isSettled(conversation) && tap.isInOrder(flow),
      torn: this.torn.get(flow) ?? tornOf(conversation, tape),
    };
  }

  #endOf(flows: FlowTable, flow: number, lane: 0 | 1): { ip: string; port: number } {
    const port = flows.endpoint(flow, lane, this.#words);
    return { ip: addressText(this.#words), port };
  }
}

function rankOf(parts: SurveyParts, flow: number): Rank {
  const { tap, conversations, flowNames, opaque, flows } = parts;
  const conversation = conversations.get(flow);
  const isRead = conversation !== undefined && ['undecided', 'mining'].includes(conversation.standing);
  if (isRead || flowNames.has(flow)) return 2;
  return tap.tapeOf(flow) !== null || flows.slot[flow] > 0 || opaque.greetingOf(flow) !== null ? 1 : 0;
}

/** Whose beginning was not seen is likelier to be the rest of something; then those that spoke last. */
function byWorth({ seen, lastUs }: FlowTable, own: readonly number[]): number[] {
  const isBegun = (flow: number): boolean => (seen[flow] & SYN_SEEN) !== 0;
  const latestFirst = (a: number, b: number): number => lastUs[b] - lastUs[a];
  const begun = own.filter(isBegun).sort(latestFirst);
  const unbegun = own.filter((flow) => !isBegun(flow)).sort(latestFirst);
  return [...unbegun, ...begun];
}

function isClosed(seen: number): boolean {
  return (seen & RST_SEEN) !== 0 || (seen & (FIN_0 | FIN_1)) === (FIN_0 | FIN_1);
}

const NO_STANDPOINT = { dialect: null, certain: false, minerLane: 0, tokens: 0 };

type Packets = Pick<FlowState, 'early' | 'head' | 'tail' | 'hasSkipped' | 'begins' | 'blotted'>;

const NO_PACKETS: Packets = {
  head: [],
  tail: [],
  early: 0,
  hasSkipped: false,
  begins: [null, null],
  blotted: 0,
};

function packetsOf(tape: Tape, isMidway: boolean): Packets {
  const isJoined = !tape.hasSkipped;
  const head = blotPasswords(isJoined ? [...tape.head, ...tape.tail] : tape.head, isMidway);
  const tail = blotPasswords(isJoined ? [] : tape.tail, true);
  return {
    head: head.packets.slice(0, tape.head.length).map(packetText),
    tail: (isJoined ? head.packets.slice(tape.head.length) : tail.packets).map(packetText),
    early: tape.early,
    hasSkipped: tape.hasSkipped,
    begins: tape.begins,
    blotted: head.lines + (tape.isEarlyCut ? 1 : 0),
  };
}

function isSettled(conversation: Conversation | undefined): boolean {
  return conversation === undefined || !(conversation.isInside(0) || conversation.isInside(1));
}

/** Lanes whose unfinished message did not begin in what is kept. */
function tornOf(conversation: Conversation | undefined, tape: Tape | null): number {
  if (conversation?.standing !== 'mining' || tape?.hasSkipped === false) return 0;
  const fromUs = tape?.tail[0]?.timeUs ?? Number.POSITIVE_INFINITY;
  let torn = 0;
  for (const lane of [0, 1] as const) if ((conversation.begunUs(lane) ?? fromUs) < fromUs) torn++;
  return torn;
}

/**
 * Share tokens hold the conversation's number within the run: in what is carried it is the number of the flow, plus
 * one, and 0 for conversations that are over.
 */
function withRows(state: SessionState, rows: ReadonlyMap<number, number>): SessionState {
  let over = 0;
  const pending = state.pending.map(([token = 0, ...rest]) => {
    const row = rows.get(Math.floor(token / TOKENS_PER_FLOW));
    if (row === undefined) return [over++, ...rest];
    return [(row + 1) * TOKENS_PER_FLOW + (token % TOKENS_PER_FLOW), ...rest];
  });
  return { ...state, pending };
}

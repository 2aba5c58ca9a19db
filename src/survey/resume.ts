/**
 * A run goes on where the audit of an earlier part ended, and takes in what the audit of the next one carries: first
 * the packets of flows that began before it, now behind what came before them; then its sessions; then the flows that
 * may go on in the part after it, set to where they stood.
 */
import type { AuditEdges, FlowState } from '../audit/edges.ts';
import { addressWords } from '../endpoints/address.ts';
import type { TlsFacts } from '../endpoints/tls-facts.ts';
import {
  DISMISSED,
  FIN_0,
  FIN_1,
  ISN_0_KNOWN,
  ISN_1_KNOWN,
  PROBING,
  SYN_SEEN,
} from '../packets/flow-table.ts';
import type { TapedPacket } from '../packets/tape.ts';
import { absorb } from '../sessions/absorb.ts';
import { restoreSession, type SessionState } from '../sessions/carry.ts';
import { type Conversation, TOKENS_PER_FLOW } from '../sessions/conversation.ts';
import type { Session } from '../sessions/session.ts';
import type { EdgeBook } from './edge-book.ts';
import { packetMoved, packetOf } from './packet-text.ts';
import type { SurveyParts } from './survey-parts.ts';
import { joinWatch } from './watch-join.ts';

/** What resuming needs beside the parts. */
export interface ResumeContext {
  readonly parts: SurveyParts;
  readonly book: EdgeBook;
  readonly window: { readonly sinceUs: number; readonly untilUs: number };
  /** Numbers for so many conversations; the first of them. */
  reserve(count: number): number;
  /** What the next candidate is made of; null: nothing. */
  adopt(next: Adopted | null): void;
  /** Files a session, or joins it to one that it goes on; answers the one that holds it now. */
  file(session: Session): Session;
  /** True where a part to come has the same connection. */
  goesOn(state: FlowState): boolean;
  /** The conversation of a flow that is not heard: what was said to `adopt` holds for it. */
  rest(flow: number): Conversation;
  /** Makes a contact of a flow in the table, where its server has a name by now. */
  nameNameless(flow: number, tls: TlsFacts | null): boolean;
}

export interface Adopted {
  readonly serial: number;
  readonly standing: { readonly at: FlowState; readonly session: Session } | null;
}

/** Takes in an audit's edges; `firstInput` is the number of its first input among all. */
export function resume(edges: AuditEdges, firstInput: number, context: ResumeContext): void {
  const { parts, book } = context;
  for (const { ip, name, timeUs, record, input } of edges.names) {
    const words = addressWords(ip);
    if (words !== null) parts.nameBook.book(words, name, { timeUs, record, input: input + firstInput });
  }
  const firstSerial = context.reserve(edges.flows.length + 1);
  const rows = edges.flows
    .map((state, row) => ({ state, serial: firstSerial + row + 1 }))
    .filter(({ state }) => isWhole(state));
  const restore = (state: SessionState): Session =>
    restoreSession(withPlaces(state, firstInput, firstSerial), context.window);
  for (const { state, serial } of rows) {
    if (state.isMidway) resumeBegun(state, serial, firstInput, restore, context);
  }
  const sessions = edges.sessions.map((state) => context.file(restore(state)));
  for (const { state, serial } of rows) {
    if (!state.isMidway)
      resumeOpen(state, serial, firstInput, sessions[state.session ?? -1] ?? null, context);
  }
  for (const state of edges.nameless) if (isWhole(state)) resumeNameless(state, firstInput, context);
  for (const contact of edges.contacts) {
    const place = { ...contact.place, input: contact.place.input + firstInput };
    book.addContact({ ...structuredClone(contact), place });
  }
}

/** The schema tells what lists hold, not how many. */
function isWhole({ ends, initial, bytes, packets, pushes }: FlowState): boolean {
  return [ends, initial, bytes, packets, pushes].every((pair) => pair.length === 2);
}

/** A flow that began before this part: its packets follow those of the part before. */
function resumeBegun(
  state: FlowState,
  serial: number,
  firstInput: number,
  restore: (state: SessionState) => Session,
  context: ResumeContext,
): void {
  const { parts, book } = context;
  const { tap, flows, conversations } = parts;
  const found = findFlow(parts, state);
  if (found === null) return;
  const { flow, isSwapped, isNew } = found;
  const before = conversations.get(flow);
  const wasGreeting = before?.isGreeting === true;
  const wasHeard = before?.standing === 'undecided' || before?.standing === 'mining';
  mergeSeen(parts, flow, state, isSwapped);
  const head = packetsOf(state.head, isSwapped, firstInput);
  const tail = packetsOf(state.tail, isSwapped, firstInput);
  context.adopt({ serial, standing: null });
  const early = isNew ? head.slice(0, state.early) : [];
  tap.keepEarly(flow, early);
  tap.replay(flow, head.slice(early.length), isNew ? beginsOf(state, isSwapped) : null);
  if (state.body !== null) {
    const session = joinBody(conversations.get(flow), state.body, restore, flow, context);
    const conversation = conversations.get(flow);
    tap.forgetCandidate(flow);
    const lane = isSwapped ? 1 - state.minerLane : state.minerLane;
    context.adopt({ serial, standing: { at: { ...state, minerLane: lane }, session } });
    tap.replayFrom(flow, tail);
    const next = conversations.get(flow);
    if (next !== undefined) {
      next.isMidway = conversation?.isMidway ?? (flows.seen[flow] & SYN_SEEN) === 0;
      next.body = next.isMidway ? (context.book.bodies.get(session) ?? null) : null;
      next.unmute(state.tokens);
    }
  } else if (state.hasSkipped) tap.replayFrom(flow, tail);
  else tap.replay(flow, tail, null);
  context.adopt(null);
  if (wasHeard) book.lostAtSeam += state.blotted;
  if (wasGreeting || (wasHeard && conversations.get(flow)?.session != null)) {
    const isUnread = hasSpoken(state) && state.head.length === 0 && state.body === null;
    book.lostAtSeam += isUnread ? 1 : 0;
  }
  if (hasSpoken(state)) {
    book.lostAtSeam += book.torn.get(flow) ?? 0;
    book.torn.delete(flow);
  }
  if (state.torn > 0) book.torn.set(flow, state.torn);
  addNumbers(context, flow, state, isSwapped, firstInput);
  if (state.ended) tap.endFlow(flow);
}

/** What a flow said behind its first packets joins its session, and its body where its beginning is still unseen. */
function joinBody(
  conversation: Conversation | undefined,
  state: SessionState,
  restore: (state: SessionState) => Session,
  flow: number,
  { parts, book }: ResumeContext,
): Session {
  const session = conversation?.session ?? null;
  if (conversation === undefined || session === null) {
    const isMidway = (parts.flows.seen[flow] & SYN_SEEN) === 0;
    const again = isMidway ? restore(structuredClone(state)) : null;
    const body = restore(state);
    parts.sessions.push(body);
    if (again !== null) {
      book.midway.add(body);
      book.bodies.set(body, again);
    }
    return body;
  }
  const apart = conversation.isMidway ? conversation.body : session.twin;
  const again = conversation.isMidway || apart !== null ? restore(structuredClone(state)) : null;
  absorb(session, restore(state), true);
  if (again === null) return session;
  if (apart !== null) absorb(apart, again, true);
  if (conversation.isMidway) book.bodies.set(session, apart ?? again);
  return session;
}

/** A flow within the part whose server nobody named in it; it stands in the table for as long as it is looked at. */
function resumeNameless(state: FlowState, firstInput: number, context: ResumeContext): void {
  const { parts, book } = context;
  const { flows } = parts;
  const tls =
    state.tls === null
      ? null
      : { ...state.tls, place: { ...state.tls.place, input: state.tls.place.input + firstInput } };
  const own = { ...state, tls };
  const found = findFlow(parts, state);
  if (found === null || !found.isNew) {
    book.keepNameless(own);
    return;
  }
  const { flow } = found;
  mergeSeen(parts, flow, state, false);
  [flows.bytes0[flow], flows.bytes1[flow]] = state.bytes;
  [flows.packets0[flow], flows.packets1[flow]] = state.packets;
  [flows.pushes0[flow], flows.pushes1[flow]] = state.pushes;
  if (!context.nameNameless(flow, tls)) book.keepNameless(own);
  flows.remove(flow);
}

/** A flow that may go on behind this part: set to where it stood. */
function resumeOpen(
  state: FlowState,
  serial: number,
  firstInput: number,
  session: Session | null,
  context: ResumeContext,
): void {
  const { parts } = context;
  const { tap, flows, conversations } = parts;
  const found = findFlow(parts, state);
  if (found === null) return;
  const { flow, isNew } = found;
  let { isSwapped } = found;
  if (isNew && session !== null && state.isSettled && state.watched === null && !context.goesOn(state)) {
    restFlow(flow, state, serial, firstInput, session, context);
    return;
  }
  if (!isNew && !isSameOpening(parts, flow, state, isSwapped)) {
    flows.lane = isSwapped ? 1 : 0;
    tap.reopenFlow(flow, state.firstUs);
    isSwapped = false;
  }
  mergeSeen(parts, flow, state, isSwapped);
  const head = packetsOf(state.head, isSwapped, firstInput);
  const tail = packetsOf(state.tail, isSwapped, firstInput);
  const lane = isSwapped ? 1 - state.minerLane : state.minerLane;
  context.adopt({
    serial,
    standing: session === null ? null : { at: { ...state, minerLane: lane }, session },
  });
  tap.replay(flow, head, beginsOf(state, isSwapped));
  if (state.hasSkipped || (session !== null && head.length === 0)) tap.replayFrom(flow, tail);
  else tap.replay(flow, tail, null);
  if (session !== null) conversations.get(flow)?.unmute(state.tokens);
  context.adopt(null);
  if (state.torn > 0) context.book.torn.set(flow, state.torn);
  addNumbers(context, flow, state, isSwapped, firstInput);
}

function hasSpoken({ pushes }: FlowState): boolean {
  return pushes[0] + pushes[1] > 0;
}

/** A flow of which nothing follows in this merge: its packets are passed on as they are. */
function restFlow(
  flow: number,
  state: FlowState,
  serial: number,
  firstInput: number,
  session: Session,
  context: ResumeContext,
): void {
  mergeSeen(context.parts, flow, state, false);
  context.adopt({ serial, standing: { at: state, session } });
  context.rest(flow).unmute(state.tokens);
  context.adopt(null);
  addNumbers(context, flow, state, false, firstInput);
  const { name, tls } = state;
  context.book.dormant.set(flow, {
    ...state,
    name: name === null ? null : { ...name, place: { ...name.place, input: name.place.input + firstInput } },
    tls: tls === null ? null : { ...tls, place: { ...tls.place, input: tls.place.input + firstInput } },
    head: state.head.map((text) => packetMoved(text, firstInput)),
    tail: state.tail.map((text) => packetMoved(text, firstInput)),
  });
}

interface Found {
  readonly flow: number;
  /** True where lane 0 of the state is lane 1 of the flow. */
  readonly isSwapped: boolean;
  readonly isNew: boolean;
}

function findFlow({ flows }: SurveyParts, state: FlowState): Found | null {
  const [a, b] = state.ends;
  const from = addressWords(a.ip);
  const to = addressWords(b.ip);
  if (from === null || to === null || flows.isFull) return null;
  const flow = flows.find({
    source0: from[0],
    source1: from[1],
    source2: from[2],
    source3: from[3],
    destination0: to[0],
    destination1: to[1],
    destination2: to[2],
    destination3: to[3],
    sourcePort: a.port,
    destinationPort: b.port,
  });
  if (flows.isNew) {
    flows.firstUs[flow] = state.firstUs;
    flows.lastUs[flow] = state.lastUs;
    flows.strikes[flow] = state.strikes;
  }
  return { flow, isSwapped: flows.lane === 1, isNew: flows.isNew };
}

/** The SYN came twice, once on each side of the seam. */
function isSameOpening(
  { flows, conversations }: SurveyParts,
  flow: number,
  state: FlowState,
  isSwapped: boolean,
): boolean {
  const initial = isSwapped ? flows.isn1[flow] : flows.isn0[flow];
  const isKnown = (flows.seen[flow] & (isSwapped ? ISN_1_KNOWN : ISN_0_KNOWN)) !== 0;
  return isKnown && initial === state.initial[0] && conversations.get(flow)?.session == null;
}

const SWAPS = [
  [FIN_0, FIN_1],
  [ISN_0_KNOWN, ISN_1_KNOWN],
] as const;

function mergeSeen({ flows }: SurveyParts, flow: number, state: FlowState, isSwapped: boolean): void {
  let seen = state.seen & 0xffff;
  if (isSwapped) {
    for (const [low, high] of SWAPS) {
      const bits = ((seen & low) !== 0 ? high : 0) | ((seen & high) !== 0 ? low : 0);
      seen = (seen & ~(low | high)) | bits;
    }
  }
  const [initial0 = 0, initial1 = 0] = isSwapped ? [...state.initial].reverse() : state.initial;
  if ((flows.seen[flow] & ISN_0_KNOWN) === 0) flows.isn0[flow] = initial0;
  if ((flows.seen[flow] & ISN_1_KNOWN) === 0) flows.isn1[flow] = initial1;
  flows.seen[flow] |= seen;
}

function addNumbers(
  { parts, book: { watches } }: ResumeContext,
  flow: number,
  state: FlowState,
  isSwapped: boolean,
  firstInput: number,
): void {
  const { flows, flowNames } = parts;
  const [a, b] = isSwapped ? [1, 0] : [0, 1];
  flows.bytes0[flow] += state.bytes[a];
  flows.bytes1[flow] += state.bytes[b];
  flows.packets0[flow] += state.packets[a];
  flows.packets1[flow] += state.packets[b];
  flows.pushes0[flow] += state.pushes[a];
  flows.pushes1[flow] += state.pushes[b];
  flows.firstUs[flow] = Math.min(flows.firstUs[flow], state.firstUs);
  flows.lastUs[flow] = Math.max(flows.lastUs[flow], state.lastUs);
  if (!state.isProbing && flows.state[flow] === PROBING) flows.state[flow] = DISMISSED;
  if (state.tls !== null) {
    const place = { ...state.tls.place, input: state.tls.place.input + firstInput };
    parts.opaque.greeted(flow, { ...structuredClone(state.tls), place });
  }
  joinWatch(parts, watches, flow, state, isSwapped, firstInput);
  const { name } = state;
  if (name !== null && !flowNames.has(flow)) {
    const place = { ...name.place, input: name.place.input + firstInput };
    flowNames.set(flow, { ...name, place, lane: (name.lane === 1) !== isSwapped ? 1 : 0 });
  }
}

function packetsOf(texts: readonly string[], isSwapped: boolean, firstInput: number): TapedPacket[] {
  return texts.map((text) => packetOf(text, isSwapped, firstInput)).filter((packet) => packet !== null);
}

function beginsOf({ begins }: FlowState, isSwapped: boolean): [number | null, number | null] {
  const [first = null, second = null] = begins;
  return isSwapped ? [second, first] : [first, second];
}

/** Inputs and conversations have other numbers among all parts than in their own. */
function withPlaces(state: SessionState, firstInput: number, firstSerial: number): SessionState {
  return {
    ...state,
    sightings: state.sightings.map((sighting) => ({ ...sighting, input: sighting.input + firstInput })),
    pending: state.pending.map(([token = 0, ...rest]) => [firstSerial * TOKENS_PER_FLOW + token, ...rest]),
  };
}

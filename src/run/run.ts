/**
 * All that a scan keeps from input to input. Nothing else survives the last packet of an input, so a state (state/) keeps
 * exactly this.
 */
import type { AuditInput } from '../audit/audit.ts';
import { moreOf } from '../audit/damage.ts';
import { timeUsOf } from '../audit/time.ts';
import { DIALECTS } from '../dialects/index.ts';
import { type BookedName, NameBook, type NameListener } from '../endpoints/name-book.ts';
import { limits } from '../limits.ts';
import { totalOf, under } from '../order.ts';
import { PacketEngine, type PacketListener } from '../packets/packet-engine.ts';
import { CertificateNames } from '../rows/certificate-names.ts';
import { OTHER_RECORDS } from '../rows/flow-damage.ts';
import type { Piece } from '../sources/byte-source.ts';
import type { Statement } from '../statements/index.ts';
import type { StoreProgress } from '../stores/clickhouse/scan-store.ts';
import { ROTATION_US, type TimeInterval } from '../time-interval.ts';
import { CapturedConversations } from './captured-conversations.ts';
import { CapturedExports } from './captured-exports.ts';
import { FlowAnalysis } from './flow-analysis.ts';
import { Ledger } from './ledger.ts';
import type { Lists, RunOptions } from './lists.ts';
import { Lookups } from './lookups.ts';
import { LEAST_MESSAGES } from './opaque-flows.ts';
import { PoolConnections } from './pool-connections.ts';
import { REVERSE_DOMAINS } from './reverse-names.ts';
import { Streams } from './streams.ts';

/** Nothing outside these times counts, us since 1970; null: no bound. */
export interface Times {
  readonly sinceUs: number | null;
  readonly untilUs: number | null;
}

const DAY_US = 86_400e6;
/** A capture dated farther ahead of the clock than this has a wrong clock. */
const AHEAD_US = DAY_US;
const MOST_PAUSES = 1024;
/** Files that are known again. */
const MOST_FINISHED = 1 << 16;

/** A file that is read on as it grows, as far as it was read. */
export interface GrowingFile {
  path: string;
  /** Device and inode, the same after a rename; null if the file went away, or was emptied. */
  identity: string | null;
  readonly format: string;
  /** What the next part needs of what was read: the header of a capture or a table. */
  head: Uint8Array;
  /** What was read: bytes, and packets or rows. */
  bytes: number;
  records: number;
  /** SHA-256 of those bytes, of the first ones, and of the last ones: by these a copy is known, and another content. */
  digest: string;
  first: Sample;
  last: Sample;
  /** Size and time of the file when it was read last. */
  place: string;
  /** Its end was read, with the record that is cut there. */
  isOver: boolean;
}

/** Some bytes of a file. */
export interface Sample {
  readonly bytes: number;
  readonly digest: string;
}

export class Run implements PacketListener, NameListener {
  readonly engine = new PacketEngine();
  /** What captures show: streams with their sessions, look-ups of names, connections with pools, exports of flow records. */
  readonly streams: Streams;
  readonly lookups: Lookups;
  readonly connections: PoolConnections;
  readonly exports: CapturedExports;
  /** What flow logs show. */
  readonly flows: FlowAnalysis;
  /** Conversations that could not be judged. */
  ledger: Ledger;
  readonly conversations: CapturedConversations;
  readonly certificates = new CertificateNames();
  readonly inputs: AuditInput[] = [];
  /** What was remarkable about the inputs. */
  readonly notes: Statement[] = [];

  /** Files that were read to their end: SHA-256 of what they hold unpacked, and how they were named. */
  readonly finished = new Map<string, string>();
  /** Where files lay that a watch has read, as they were then. */
  readonly places = new Map<string, string>();
  /** Files that a watch reads as they grow, by a number of their own. */
  readonly growing = new Map<number, GrowingFile>();
  /** Which input of this period each of them is. */
  readonly ordinals = new Map<number, number>();
  /** By input: pauses between two parts of a file that grows, longer than a rotation takes. */
  readonly pauses = new Map<number, TimeInterval[]>();
  /** How far the stores were read, by how their addresses are shown. */
  readonly stores = new Map<string, StoreProgress>();
  /** First packet of the latest capture, us since 1970. */
  positionUs = Number.NEGATIVE_INFINITY;
  /** Captures that began before it, and were read in pieces. */
  outOfOrder = 0;
  times: Times;
  /** The lists and times that it goes on with. */
  options: RunOptions;
  /** The day of the period, in days since 1970, and how many of `finished` were so before it. */
  private day = 0;
  private finishedBefore = 0;

  constructor(lists: Lists, times: Times) {
    const { sinceUs, untilUs } = times;
    this.times = { sinceUs, untilUs };
    const options = optionsOf(lists, times);
    this.options = options;
    const { engine } = this;
    const names = new NameBook(this);
    this.flows = new FlowAnalysis(options);
    this.ledger = this.newLedger();
    this.conversations = new CapturedConversations(engine, this.ledger);
    this.exports = new CapturedExports(options, engine, this.flows);
    this.connections = new PoolConnections(options, engine, names);
    this.lookups = new Lookups(options, engine, names, this.connections);
    this.streams = new Streams(options, engine, this.lookups, this.connections);
    engine.tell(this);
    Object.assign(engine.kernel.control, { sinceUs: options.sinceUs, untilUs: options.untilUs });
    engine.useInterests(interestsOf(options));
  }

  /** Of the names that captures tell: the address is a pool's for flow records, too. */
  learned(address: ArrayLike<number>, booked: BookedName): void {
    this.engine.concern(address);
    this.exports.learn(address, booked);
  }

  /** Begins a period. Connections and their sessions go on, and files that were read stay known. */
  turn(lists: Lists, times: Times): void {
    this.times = times;
    const options = optionsOf(lists, times);
    this.engine.turn(options.sinceUs, options.untilUs);
    this.streams.turn(options);
    this.lookups.turn();
    this.connections.turn();
    this.ledger = this.newLedger();
    this.conversations.turn(this.ledger);
    this.exports.turn();
    this.useOptions(options);
    this.flows.turn(options);
    this.inputs.length = 0;
    this.ordinals.clear();
    this.pauses.clear();
    this.notes.length = 0;
    this.outOfOrder = 0;
    const day = Math.floor((times.sinceUs ?? 0) / DAY_US);
    if (day > this.day) this.forgetGone();
    this.day = Math.max(day, this.day);
  }

  /** Files that are not where they lay, and were read before the last day, will hardly come again under another name. */
  private forgetGone(): void {
    const old = [...this.finished].slice(0, this.finishedBefore);
    for (const [content, path] of old) if (!this.places.has(path)) this.finished.delete(content);
    this.finishedBefore = this.finished.size;
  }

  /** Which input of the period the file of a piece is, if part of it was read before. */
  ordinalOf(piece: Piece | undefined): number | undefined {
    return piece === undefined ? undefined : this.ordinals.get(piece.file);
  }

  /** Adds a piece to the row of its file. */
  addPiece({ file, bytes, found }: Piece, part: AuditInput): void {
    const ordinal = this.ordinals.get(file) ?? this.inputs.length;
    this.ordinals.set(file, ordinal);
    const before: AuditInput | undefined = this.inputs[ordinal];
    const read = { ...part, bytes: bytes + part.bytes - (found?.rest ?? 0) };
    this.inputs[ordinal] = before === undefined ? read : joined(before, read);
    const [startUs, endUs] = [before?.last, part.first].map((time) => (time ? timeUsOf(time) : Number.NaN));
    const pauses = under(this.pauses, ordinal, () => []);
    if (endUs - startUs > ROTATION_US && pauses.length < MOST_PAUSES) pauses.push({ startUs, endUs });
  }

  private newLedger(): Ledger {
    const ledger = new Ledger();
    ledger.useLists(this.options);
    this.engine.tellsLeft(ledger.asksForEnds);
    return ledger;
  }

  /** Goes on to a capture that begins then, us since 1970. */
  moveTo(firstUs: number): void {
    if (firstUs < this.positionUs) this.outOfOrder++;
    else if (isPast(firstUs)) this.positionUs = firstUs;
  }

  /** Goes on with lists that were read again. */
  useLists(lists: Lists): void {
    const options = optionsOf(lists, this.times);
    this.useOptions(options);
    this.engine.useLimits(limits);
    this.flows.useLists(options);
  }

  private useOptions(options: RunOptions): void {
    this.options = options;
    this.ledger.useLists(options);
    this.engine.tellsLeft(this.ledger.asksForEnds);
    this.streams.sessions.useTimes(options);
    this.lookups.useLists(options);
    this.connections.useLists(options);
    this.exports.useLists(options);
    this.engine.useInterests(interestsOf(options));
  }

  /**
   * The last packet has passed, at this time, us: what is open then may go on in another part of the input. Null if none
   * has.
   */
  end(endUs: number | null): void {
    if (endUs !== null) this.engine.kernel.control.endUs = endUs;
    this.engine.end();
    if (endUs !== null) this.streams.sessions.markOpen(endUs);
  }

  /** Knows a file from now on by what it holds; of very many the oldest are forgotten. */
  finish(content: string, path: string): void {
    this.finished.set(content, path);
    if (this.finished.size <= MOST_FINISHED) return;
    const [oldest] = this.finished.keys();
    this.finished.delete(oldest);
    this.finishedBefore--;
  }

  /** Notes what was not said before; true if it was not. */
  note(note: Statement): boolean {
    if (this.notes.some(({ text }) => text === note.text)) return false;
    this.notes.push(note);
    return true;
  }
}

/** False for a time that a wrong clock has given, us since 1970. */
export function isPast(timeUs: number): boolean {
  return timeUs <= Date.now() * 1000 + AHEAD_US;
}

/** The row of a file whose next part was read. */
function joined(before: AuditInput, part: AuditInput): AuditInput {
  const sum = (field: 'packets' | 'copies' | 'flows' | 'names') => {
    const count = (before[field] ?? 0) + (part[field] ?? 0);
    return count === 0 && part[field] === undefined ? {} : { [field]: count };
  };
  const times = (field: 'first' | 'last') =>
    [before[field], part[field]].filter((time) => time !== null).sort();
  const damage = new Map(before.damage.map((row) => [row.kind, row]));
  for (const row of part.damage) {
    const known = damage.get(row.kind);
    damage.set(row.kind, known === undefined ? row : moreOf(known, row.count));
  }
  const kind = part.kind === 'unreadable' ? before.kind : part.kind;
  // Of a part that holds nothing else, records of other kinds are its damage.
  const others =
    kind === 'unreadable' ? [] : [...damage.values()].filter((row) => OTHER_RECORDS.has(row.kind));
  for (const row of others) damage.delete(row.kind);
  const other = (before.other ?? 0) + (part.other ?? 0) + totalOf(others, ({ count }) => count);
  return {
    ...part,
    ...sum('packets'),
    ...sum('copies'),
    ...sum('flows'),
    ...sum('names'),
    ...(other > 0 ? { other } : {}),
    kind,
    first: times('first').at(0) ?? null,
    last: times('last').at(-1) ?? null,
    damage: [...damage.values()],
  };
}

function interestsOf({ pools, allowedNames, hasListedAddresses }: RunOptions) {
  return {
    names: [...pools.domains(), ...REVERSE_DOMAINS, ...allowedNames],
    polls: DIALECTS.flatMap((dialect) => dialect.polls ?? []),
    anyAddress: hasListedAddresses,
    leastMessages: LEAST_MESSAGES,
  };
}

function optionsOf(lists: Lists, { sinceUs, untilUs }: Times): RunOptions {
  const { pools, hasListedAddresses, allowedNames, trust, allowList, undecided, minersServers } = lists;
  return {
    pools,
    hasListedAddresses,
    allowedNames,
    trust,
    allowList,
    undecided,
    minersServers,
    sinceUs: sinceUs ?? Number.NEGATIVE_INFINITY,
    untilUs: untilUs ?? Number.POSITIVE_INFINITY,
  };
}

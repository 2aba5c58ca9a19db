/**
 * Sessions that go on from one part to the next: the same miner, pool, ports and account, still open when the earlier part
 * ended, and entered in the middle by the later one. They become one session, priced by what the earlier part knew. A
 * connection that two parts hold, wholly or nearly so, counts once.
 */
import type { AuditInput } from '../audit/audit.ts';
import { timeUsOf } from '../audit/time.ts';
import { FOLDED } from '../dialects/index.ts';
import type { PoolConnection } from '../endpoints/pool-connection.ts';
import { realServer } from '../endpoints/servers.ts';
import { addTraffic } from '../endpoints/traffic.ts';
import { under } from '../order.ts';
import { absorb } from '../sessions/absorb.ts';
import { FOLD_GAP_US, MOST_ALIKE, OPEN_US, type Session } from '../sessions/session.ts';
import { sharedSeconds, type TimeInterval, unionOf } from '../time-interval.ts';
import { joinCounters } from './join-counters.ts';
import type { Part, PartSession } from './parts.ts';

/** Stands for the miner's port where a session has several. */
const ANY_PORT = 0;

/** A connection that was open may go on for so long while nothing of it is captured. */
const MOST_PAUSE_US = 86_400_000_000;
/** The clocks of two parts may differ by so much. */
const CLOCKS_US = 1e6;
/** Nobody opens a connection from the same port so soon again. */
const SAME_START_US = 5e6;
/** Of the shorter one of two sessions, the part in which both were seen. */
const NEARLY_ALL = 0.9;

export class Seams {
  private readonly sessions: PartSession[] = [];
  /** Sessions that were joined, and messages that were cut in two by that. */
  joined = 0;
  messages = 0;
  /** Shares that waited for their answer there. */
  answers = 0;
  /** Sessions of which two captures, in two parts, hold the same time: what both hold counts twice. */
  twice = 0;
  /** Those that both hold wholly or nearly so: only what one of them holds counts. */
  once = 0;
  /** From when to when inputs were captured. */
  #times: readonly TimeInterval[] = [];
  #parts = 0;
  /** Of each seam: sessions of the part before that were open and are not joined, and sessions that began in the middle. */
  readonly left: { goesOn: number; began: number }[] = [];
  /** Numbers in `sessions` of those that were open at the end of the last part. */
  #open = new Set<number>();
  /** Numbers in `sessions` of those of one connection, or of one miner and endpoint. */
  readonly #byEnds = new Map<string, number[]>();

  /** Takes the sessions of the next part; `firstInput` is the number of its first input among all. */
  add(part: Part, firstInput: number): void {
    const sessions = part.sessions.splice(0);
    const fresh: PartSession[] = [];
    const open = new Set<number>();
    let began = 0;
    const times = unionOf(part.audit.inputs.flatMap(timeOf), CLOCKS_US);
    const isTwice = times.some((time) => this.#times.some((other) => overlap(time, other)));
    for (const own of sessions) {
      for (const observation of own.session.observed.observations) moveInput(observation, firstInput);
      const { isOpen } = own.session.connections;
      const twin = isTwice ? this.#twin(own.session) : null;
      if (twin !== null) {
        this.once++;
        if (hasMore(own.session, this.sessions[twin].session)) this.sessions[twin] = own;
        this.#open.delete(twin);
        if (isOpen) open.add(twin);
        continue;
      }
      const at = this.#earlier(own.session);
      if (at === null) {
        fresh.push(own);
        if (!own.session.connections.fromStart && !FOLDED.has(own.session.dialect)) began++;
        continue;
      }
      const { dialect, connections } = this.sessions[at].session;
      // Of a session with many connections two captures may hold different ones.
      if (isTwice && !FOLDED.has(dialect) && overlap(connections, own.session.connections)) this.twice++;
      this.#join(at, own);
      this.#open.delete(at);
      if (isOpen) open.add(at);
    }
    this.#times = unionOf([...this.#times, ...times], CLOCKS_US);
    if (this.#parts++ > 0) this.left.push({ goesOn: this.#open.size, began });
    this.#open = open;
    for (const own of fresh) {
      const at = this.sessions.push(own) - 1;
      const known = under(this.#byEnds, endsOf(own.session), () => []);
      if (known.push(at) > MOST_ALIKE) known.shift();
      if (own.session.connections.isOpen && !FOLDED.has(own.session.dialect)) this.#open.add(at);
    }
  }

  /** Nothing follows: sessions that fell silent long before are over. `endUs` is null if nothing was read. */
  close(endUs: number | null): PartSession[] {
    const all = this.sessions.splice(0);
    this.#byEnds.clear();
    for (const { session } of all)
      if (endUs !== null && endUs - session.connections.endUs > OPEN_US) session.connections.isOpen = false;
    return all;
  }

  /** True if the pool connection of the next part is the rest of a session that said nothing more to be read by. Call before `add`. */
  takesRest({ kind, client, server, count, startUs, endUs, traffic }: PoolConnection): boolean {
    if (kind !== 'connection' || server === null || count !== 1) return false;
    for (const port of [client.port, ANY_PORT]) {
      const all = this.#byEnds.get(keyOf(client.ip, port, server)) ?? [];
      for (const at of all) {
        const { session } = this.sessions[at];
        const isLater =
          startUs >= session.connections.endUs && startUs - session.connections.endUs <= OPEN_US;
        if (!session.connections.isOpen || session.miner.port !== client.port || !isLater) continue;
        addTraffic(session.connections.traffic, traffic);
        session.cover(startUs, endUs);
        const { bytesOut, bytesIn } = traffic;
        session.connections.prolong({ port: client.port, startUs, endUs, bytesOut, bytesIn });
        this.joined++;
        return true;
      }
    }
    return false;
  }

  /** The session of the same connection in another capture. */
  #twin(own: Session): number | null {
    const all = FOLDED.has(own.dialect) ? [] : (this.#byEnds.get(endsOf(own)) ?? []);
    return all.findLast((at) => isSame(this.sessions[at].session, own)) ?? null;
  }

  #earlier(later: Session): number | null {
    if (later.connections.fromStart) return null;
    const all = this.#byEnds.get(endsOf(later)) ?? [];
    return all.findLast((at) => goesOn(this.sessions[at].session, later)) ?? null;
  }

  #join(at: number, later: PartSession): void {
    const earlier = this.sessions[at];
    const counter = joinCounters(earlier, later);
    const { connections, shares } = earlier.session;
    this.joined++;
    this.messages += connections.unfinished;
    this.answers += shares.leftOpen.length;
    absorb(earlier.session, later.session, !FOLDED.has(later.session.dialect));
    this.sessions[at] = { ...earlier, counter, isDuplicate: earlier.isDuplicate || later.isDuplicate };
  }
}

/** When a capture was made; nothing of other inputs. */
function timeOf({ kind, first, last }: AuditInput): TimeInterval[] {
  if ((kind !== 'pcap' && kind !== 'pcapng') || first === null || last === null) return [];
  return [{ startUs: timeUsOf(first), endUs: timeUsOf(last) }];
}

function overlap(a: TimeInterval, b: TimeInterval): boolean {
  return sharedSeconds(a, b) > CLOCKS_US / 1e6;
}

/** Of captures of one direction each, neither has what the other one has. */
function isSame(a: Session, b: Session): boolean {
  const [own, other] = [a.connections, b.connections];
  if ([own, other].some(({ traffic }) => traffic.packetsIn === 0 || traffic.packetsOut === 0)) return false;
  const begin = own.fromStart && other.fromStart && Math.abs(own.startUs - other.startUs) <= SAME_START_US;
  const shorterUs = Math.min(own.endUs - own.startUs, other.endUs - other.startUs);
  const sharedUs = 1e6 * sharedSeconds(own, other);
  const accounts = b.claims.logins.map(({ account }) => account);
  if (a.dialect !== b.dialect || !a.claims.mayBeOf(accounts)) return false;
  return sharedUs > 0 && (begin || sharedUs >= NEARLY_ALL * shorterUs);
}

/** Of shares whose worth is known, or else of bytes. */
function hasMore(own: Session, other: Session): boolean {
  const pricedOf = ({ shares, work }: Session): number => shares.submitted - work.unpriced;
  const bytesOf = ({ connections: { traffic } }: Session): number => traffic.bytesOut + traffic.bytesIn;
  return (pricedOf(own) - pricedOf(other) || bytesOf(own) - bytesOf(other)) > 0;
}

function moveInput(observation: { input: number }, firstInput: number): void {
  observation.input += firstInput;
}

function goesOn(earlier: Session, later: Session): boolean {
  const accounts = later.claims.logins.map(({ account }) => account);
  if (earlier.dialect !== later.dialect || !earlier.claims.mayBeOf(accounts)) return false;
  // Attempts are over, whatever lies between them.
  if (earlier.connections.attempts > 1) return false;
  // A part may lie between parts that were merged without it.
  if (later.connections.startUs < earlier.connections.endUs)
    return later.connections.endUs >= earlier.connections.startUs;
  const gapUs = later.connections.startUs - earlier.connections.endUs;
  return earlier.connections.isOpen && gapUs <= (FOLDED.has(later.dialect) ? FOLD_GAP_US : MOST_PAUSE_US);
}

/** What one connection has in common in all parts; of dialects with a connection a request, what a session has. */
function endsOf({ dialect, miner, pool, via }: Session): string {
  // Who reads on in the middle does not know that the server is a proxy.
  return keyOf(miner.ip, FOLDED.has(dialect) ? ANY_PORT : miner.port, realServer(pool, via));
}

function keyOf(miner: string, port: number, server: { readonly ip: string; readonly port: number }): string {
  return `${miner} ${port} ${server.ip} ${server.port}`;
}

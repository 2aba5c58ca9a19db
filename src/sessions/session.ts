/**
 * One mining conversation with one pool: what its messages say, taken together. What is known of it lies in six groups, a
 * file each; here is what one message means for several of them. Jobs carry the difficulty that shares are worth; accepted,
 * stale and unanswered shares are work. Everything is bounded, and what a bound leaves out is counted.
 */

import type { JobDetails, Share } from '../dialects/sink.ts';
import { addTraffic, type TrafficSum } from '../endpoints/traffic.ts';
import type { AlgorithmClaim, Difficulty, Outcome } from '../evidence/fact.ts';
import type { ObservedFrames } from '../evidence/sealed-frames.ts';
import type { SentSecrets, Shown } from '../evidence/secrets.ts';
import { sharedText } from '../evidence/shared-text.ts';
import { isPossibleRate, priceable } from '../evidence/target.ts';
import { compareText } from '../order.ts';
import type { PacketRef } from '../packet-ref.ts';
import type { BlockBook } from './block-book.ts';
import { Claims } from './claims.ts';
import { Connections } from './connections.ts';
import { ClaimsFields, ConnectionsFields, type GroupName } from './fields.ts';
import { beginPeriod } from './groups.ts';
import { JobBook } from './job-book.ts';
import { Observed } from './observed.ts';
import { SealedFrames } from './sealed-frames.ts';
import { ShareBook } from './share-book.ts';
import { type LoggedShare, NO_ROW, type ShareTable } from './share-table.ts';
import { Work } from './work.ts';
import { cutOff } from './work-interval.ts';

export interface Endpoint {
  /** Canonical text; '' if only the name is known. */
  readonly ip: string;
  readonly port: number;
  /** Host name by which a proxy was asked for it. */
  readonly name?: string;
}

/** A proxy on the way from the miner to the pool. */
export interface Via extends Endpoint {
  readonly kind: string;
  /** Of the miner with it, if the session's own traffic is that of the proxy with the pool. */
  readonly traffic?: Readonly<TrafficSum>;
}

/** The times that count, us since 1970, and where new blocks are noted: one for all sessions of a run. */
export interface SessionWindow {
  readonly sinceUs: number;
  readonly untilUs: number;
  readonly blocks?: BlockBook;
  /** Where shares are kept; absent for a session on its own. */
  readonly shares?: ShareTable;
}

/** A connection that said nothing for so long before the run ended is taken to be over, us. */
export const OPEN_US = 600_000_000;
/** Mining is taken to go on for so long after the last message, if packets still come, us. */
const SILENT_US = 30_000_000;
/** Requests of one miner to one endpoint belong to one session while gaps stay below this (docs/guide/reading-an-audit.md). */
export const FOLD_GAP_US = 120_000_000;
/** Sessions of one connection, or of one miner and endpoint, among which an earlier one is looked for: the last ones. */
export const MOST_ALIKE = 1000;
/** While no more jobs are known, an earlier part of the session may have sent one of them before. */
const EARLY_JOBS = 8;

export class Session {
  dialect: string;
  readonly miner: Endpoint;
  readonly pool: Endpoint;
  readonly via: readonly Via[];
  readonly transport: string;

  readonly claims = new Claims();
  readonly observed: Observed;
  readonly connections = new Connections();
  readonly jobs = new JobBook();
  readonly shares: ShareBook;
  readonly work = new Work();
  /** Of encrypted Stratum V2; null of all else. */
  frames: SealedFrames | null;

  constructor(
    origin: Pick<Session, 'dialect' | 'miner' | 'pool' | 'via' | 'transport'> & { readonly certain: boolean },
    private window: SessionWindow,
  ) {
    this.dialect = origin.dialect;
    this.miner = origin.miner;
    this.pool = origin.pool;
    this.via = origin.via;
    this.transport = origin.transport;
    this.observed = new Observed(origin.certain);
    this.frames = origin.transport === 'noise' ? new SealedFrames() : null;
    this.shares = new ShareBook(window.shares);
    if (origin.pool.name !== undefined) this.connections.name(origin.pool.name);
  }

  /** The groups of data/session.tsv. */
  get groups(): Readonly<Record<GroupName, object>> {
    const { claims, observed, connections, jobs, shares, work } = this;
    return { claims, observed, messages: observed.messages, connections, jobs, shares, work };
  }

  login(account: Shown, worker: Shown | null): void {
    this.observed.opened = true;
    this.observed.openedByLogin = true;
    this.claims.login(account, worker);
  }

  /** A share names who found it. */
  named(account: Shown, worker: Shown | null): void {
    // Seen without its jobs a share may be another dialect's, whose job stands in this place.
    if (this.claims.logins.length > 0 && /^[0-9a-f]{64}$/i.test(account)) return;
    this.claims.login(account, worker);
  }

  agent(agent: Shown): void {
    this.claims.agent ??= sharedText(agent);
  }

  request(): void {
    if (this.jobs.count === 0 && this.shares.submitted === 0) this.observed.opened = true;
  }

  answer(row: number, outcome: Outcome): void {
    const rejected = this.shares.answer(row, outcome);
    if (rejected !== null) this.work.takeBack(rejected);
  }

  counted(observed: ObservedFrames, timeUs: number): void {
    if (this.inWindow(timeUs)) this.frames?.add(observed, (sentUs) => this.inWindow(sentUs));
  }

  selfReported(hashrate: number, timeUs: number): void {
    if (!isPossibleRate(hashrate)) this.claims.overflow++;
    else if (this.inWindow(timeUs)) this.claims.selfReport(hashrate, timeUs);
  }

  algorithm(claim: AlgorithmClaim): void {
    if (claim.source === 'job') this.jobs.algorithm = claim.algorithm;
    this.claims.algorithm(claim);
  }

  /** A job, with what a share of it is worth; null if the difficulty in force holds. */
  job(jobId: string, worth: number | null, details: JobDetails | undefined, timeUs: number): void {
    const { jobs } = this;
    const { sinceUs, untilUs, blocks } = this.window;
    const previous = details?.previous;
    if (previous !== undefined && this.inWindow(timeUs)) {
      blocks?.jobOn(previous, jobs.previous, timeUs);
      jobs.previous = previous;
    }
    jobs.fixesNonce ||= details?.fixesNonce === true;
    const scale = details?.isInUnits === true ? 'units' : 'hashes';
    jobs.add(jobId, worth === null ? null : { scale, value: worth }, timeUs);
    this.work.job(jobs.difficulty, jobs.algorithm, Math.min(Math.max(timeUs, sinceUs), untilUs));
  }

  /** A share; answers its row, `NO_ROW` if it is of a time that does not count. */
  share({ jobId, nonce, extraNonce2, reaches, hash = null }: Share, timeUs: number): number {
    const { jobs, shares } = this;
    if (!this.inWindow(timeUs)) return NO_ROW;
    const job = jobId === null ? undefined : jobs.recent.get(jobId);
    const assumed = job === undefined && jobId !== null && jobs.difficulty !== null;
    const difficulty = assumed ? jobs.difficulty : (job?.difficulty ?? null);
    const algorithm = job?.algorithm ?? jobs.algorithm;
    const isRepeated = shares.repeats(jobId, nonce, extraNonce2, hash);
    const misses = isRepeated || missesTarget(reaches, difficulty);
    const worth = misses ? null : priceable(difficulty);
    const isBare = job !== undefined && difficulty === null;
    const workInterval = this.work.add(timeUs, worth, algorithm, isBare);
    const logged: LoggedShare = {
      timeUs,
      jobTimeUs: job?.timeUs ?? null,
      jobId,
      nonce,
      extraNonce2,
      difficulty: worth,
      algorithm,
      outcome: 'unanswered',
      isMadeUp: misses,
    };
    const row = shares.submit(
      logged,
      workInterval === null ? null : this.work.workIntervals.lastIndexOf(workInterval),
      isBare,
    );
    if (reaches !== null) shares.reach(reaches);
    if (assumed) shares.assumed++;
    const mayBeEarlier = !misses && (job === undefined || (!isBare && jobs.recent.size <= EARLY_JOBS));
    if (!this.connections.fromStart && jobId !== null && mayBeEarlier)
      shares.keepRepriceable({ logged, workInterval, assumed, row });
    return row;
  }

  /** The clock leaps from the last message to this one, which is not time that anybody mined. */
  leap(lastUs: number, packetRef: PacketRef): void {
    this.observed.leap(packetRef);
    this.work.leap(this.within(lastUs), this.within(packetRef.timeUs));
  }

  /** The clock was ahead since then, and is right again. */
  comeBack(leftUs: number, packetRef: PacketRef): void {
    this.observed.leap(packetRef);
    this.work.comeBack(this.within(leftUs));
  }

  /** One of its connections is over, from the miner's port and with what was sent within the times that count. */
  connected(port: number, firstUs: number, lastUs: number, traffic: Readonly<TrafficSum>): void {
    const { connections } = this;
    addTraffic(connections.traffic, traffic);
    this.cover(firstUs, lastUs);
    const { bytesOut, bytesIn, packetsOut, packetsIn } = traffic;
    if (packetsOut + packetsIn === 0) return;
    const [startUs, endUs] = [this.within(firstUs), this.within(lastUs)];
    connections.add({ port, startUs, endUs, bytesOut, bytesIn });
  }

  /** Widens the session's time to what its packets span. */
  cover(firstUs: number, lastUs: number): void {
    this.connections.cover(this.within(firstUs), this.within(lastUs));
    this.endWork();
  }

  /**
   * The last interval of mining ends with the session, or soon after the last message: a reset or a copy that comes an hour
   * later does not show that anybody mined until then.
   */
  endWork(): void {
    this.work.lastUntil(Math.min(this.connections.endUs, this.observed.lastUs + SILENT_US));
  }

  /** What lies outside is of a wrong clock (run/window.ts): the session is no longer than the rest. */
  narrow(startUs: number, endUs: number): void {
    const { sinceUs, untilUs } = this.window;
    this.window = { ...this.window, sinceUs: Math.max(sinceUs, startUs), untilUs: Math.min(untilUs, endUs) };
    const { connections, work } = this;
    for (const workInterval of work.workIntervals) cutOff(workInterval, endUs);
    // Nobody saw a packet of it: its times are infinite, and stay so.
    if (connections.startUs > connections.endUs) return;
    connections.startUs = this.within(connections.startUs);
    connections.endUs = this.within(connections.endUs);
    connections.list = connections.list.map((one) => ({
      ...one,
      startUs: this.within(one.startUs),
      endUs: this.within(one.endUs),
    }));
  }

  private within(timeUs: number): number {
    return Math.min(Math.max(timeUs, this.window.sinceUs), this.window.untilUs);
  }

  /**
   * The session goes on in another period: of what counts within its times alone nothing is known yet, the rest stays, as
   * if these times had been asked for from the start.
   */
  turn(window: SessionWindow): void {
    this.window = window;
    beginPeriod('claims', this.claims, new ClaimsFields());
    beginPeriod('connections', this.connections, new ConnectionsFields());
    if (this.frames !== null) this.frames = new SealedFrames();
    this.shares.turn();
    this.work.turn(window.sinceUs);
  }

  /** Takes out what was shown before it was known to be a secret. */
  conceal(secrets: SentSecrets): void {
    this.claims.conceal(secrets);
    this.observed.conceal(secrets);
  }

  /** Where it was observed first; of one that nothing was observed of, when its connections began. */
  get firstPacketRef(): PacketRef {
    return this.observed.firstPacketRef() ?? { timeUs: this.connections.startUs, record: 0, input: 0 };
  }

  /** True if what was said then counts. */
  inWindow(timeUs: number): boolean {
    return timeUs >= this.window.sinceUs && timeUs < this.window.untilUs;
  }
}

/** Pools take shares down to 0.99 of the difficulty (docs/reference/protocols.md 5.7). */
const TOLERANCE = 0.99;

/** True if the hash that a share carries misses the difficulty of its job: it is no work. */
function missesTarget(reaches: number | null, difficulty: Difficulty | null): boolean {
  return (
    reaches !== null && difficulty?.scale === 'hashes' && reaches < Math.floor(difficulty.value * TOLERANCE)
  );
}

/** By address and port of the miner, then by the address of the pool. */
export function compareEnds(a: Session, b: Session): number {
  return (
    compareText(a.miner.ip, b.miner.ip) || a.miner.port - b.miner.port || compareText(a.pool.ip, b.pool.ip)
  );
}

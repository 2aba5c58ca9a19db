/**
 * One mining conversation with one pool: the fold of the facts that its messages state. Jobs carry the difficulty
 * that shares are worth; requests and answers are paired by token; what is counted as work follows the contract
 * (accepted, stale and unanswered shares). Everything is bounded, and what a bound leaves out is counted.
 */

import { noTraffic } from '../endpoints/traffic.ts';
import type {
  AlgorithmFact,
  CoinFact,
  Difficulty,
  Fact,
  JobFact,
  Outcome,
  ShareFact,
} from '../evidence/fact.ts';
import type { SentSecrets } from '../evidence/secrets.ts';
import { sharedText } from '../evidence/shared-text.ts';
import { boundedDifficulty, isPossibleRate, isReachable, priceable } from '../evidence/target.ts';
import type { Message } from '../framing/message.ts';
import type { BlockBook } from './block-book.ts';
import type { LoggedShare } from './logged-share.ts';
import { newMemory } from './memory.ts';
import { Series } from './series.ts';
import { NONE, withItem } from './short-list.ts';
import {
  joinSighting,
  type Place,
  type Sighting,
  sightingDetail,
  sightingKind,
  sightingOf,
} from './sightings.ts';
import { addWork, extend, goesOnIn, newSpan, putInForce, type Span, spanFor } from './span.ts';
import { countVoice, noVoices, VOICE_OF } from './voices.ts';

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
}

/** Who logged in. */
export interface Login {
  readonly account: string;
  readonly worker: string | null;
}

/** A connection that said nothing for so long before the run ended is taken to be over, us. */
export const OPEN_US = 120_000_000;
export const MAX_JOBS = 512;
const MAX_PENDING = 4096;
const MAX_LOGINS = 256;
const MAX_DIFFICULTIES = 4096;
const MAX_SELF_REPORTS = 4096;
const MAX_SPANS = 1024;
/**
 * At this many logged shares the older half is forgotten: the newest say what the miner does now (sessions/counter.ts).
 */
export const MAX_LOGGED = 4096;
/** Shares that an earlier part of the session may price otherwise, and jobs that it may have sent before. */
const MAX_STRAYS = 64;
const EARLY_JOBS = 8;
/** Shares without an answer that are distinguished at the end. */
const MAX_UNANSWERED = 32;

/** The times that count, us since 1970, and where new blocks are noted: one for all sessions of a run. */
export interface SessionWindow {
  readonly sinceUs: number;
  readonly untilUs: number;
  readonly blocks?: BlockBook;
}

/** What most sessions have: one for all. */
const NO_REJECTS = Object.freeze({});
const REACHED_NOTHING = Object.freeze({ shares: 0, least: Number.POSITIVE_INFINITY });

export class Session {
  readonly dialect: string;
  readonly miner: Endpoint;
  readonly pool: Endpoint;
  readonly via: readonly Via[];
  transport: string;
  /** How the dialect was recognised: by a message that only it has, or by ones that others have too. */
  certain: boolean;

  agent: string | null = null;
  logins: Login[] = [];
  /** True once the pool accepted a login, false once it refused one and accepted none, null while unknown. */
  admitted: boolean | null = null;
  refusal = '';
  /** True if an opening message of the session was seen. */
  opened = false;
  /** True if its connection was seen from the first packet on. */
  fromStart = false;
  algorithms: AlgorithmFact[] = [];
  coins: CoinFact[] = [];
  targets: readonly { host: string; port: number }[] = NONE;
  reconnects: readonly { host: string; port: number; timeUs: number }[] = NONE;

  readonly shares = { submitted: 0, accepted: 0, rejected: 0, stale: 0, unanswered: 0 };
  rejects: Readonly<Record<string, number>> = NO_REJECTS;
  /** Answered shares whose job was visible: the facts that a confirmation needs. */
  wholeAnswers = 0;
  /** Shares that carry their hash, and the least difficulty that one of them reaches. */
  reached: { readonly shares: number; readonly least: number } = REACHED_NOTHING;
  /**
   * Shares of which the difficulty is unknown, or one that no hash can meet, or that their own hash misses: no work is
   * claimed for them.
   */
  unpriced = 0;
  /** Shares whose job was not seen and that were priced by the difficulty in force. */
  assumed = 0;
  jobs = 0;
  readonly voices = noVoices();
  difficulties: { timeUs: number; difficulty: Difficulty }[] = [];
  selfReported: readonly { timeUs: number; hashrate: number }[] = NONE;
  spans: Span[] = [];
  series = new Series();
  log: LoggedShare[] = [];
  readonly sightings: Sighting[] = [];
  /** True if part of each nonce is set by the pool or a proxy. */
  fixesNonce = false;
  /** The block that its last job builds on; null if no job says so. */
  previous: string | null = null;
  /** Least time in which the miner acknowledged what the pool sent, us; null if none was seen. */
  roundTripUs: number | null = null;
  /** Payload bytes of its connections that were sent but not captured, but for what was cut off. */
  missed = 0;
  /** Shares, jobs, logins … that a bound kept out of the lists above. */
  overflow = 0;

  /** Host names of the pool's end, as the session's connections said them; most say none. */
  names: Set<string> | null = null;
  readonly traffic = noTraffic();
  /** Time of the message heard last. */
  heardUs = Number.NEGATIVE_INFINITY;
  startUs = Number.POSITIVE_INFINITY;
  endUs = Number.NEGATIVE_INFINITY;

  /** A connection of it was open when the run ended; and messages that had begun then. */
  isOpen = false;
  unfinished = 0;

  /** What is needed to read on, or to join an earlier part of the session. */
  readonly memory = newMemory();
  /** Shares name their account each time. */
  private lastLogin: Login | null = null;
  private window: SessionWindow;

  constructor(
    origin: {
      dialect: string;
      miner: Endpoint;
      pool: Endpoint;
      via: readonly Via[];
      transport: string;
      certain: boolean;
    },
    window: SessionWindow,
  ) {
    this.dialect = origin.dialect;
    this.miner = origin.miner;
    this.pool = origin.pool;
    this.via = origin.via;
    if (origin.pool.name !== undefined) this.name(origin.pool.name);
    this.transport = origin.transport;
    this.certain = origin.certain;
    this.window = window;
  }

  /**
   * Takes one fact of one message. `tokenBase` keeps share tokens of different connections apart; `saidBy` is the end
   * that sent the message.
   */
  take(fact: Fact, message: Message, tokenBase: number, saidBy: 'miner' | 'pool'): void {
    const timeUs = message.timeUs;
    countVoice(this.voices, fact.kind, saidBy);
    this.memory.firstHeardUs = Math.min(this.memory.firstHeardUs, timeUs);
    this.heardUs = Math.max(this.heardUs, timeUs);
    this.sight(fact, message);
    switch (fact.kind) {
      case 'login':
        this.opened = true;
        this.memory.openedByLogin = true;
        this.login(fact.account, fact.worker);
        break;
      case 'agent':
        this.agent ??= sharedText(fact.agent);
        break;
      case 'request':
        if (this.jobs === 0 && this.shares.submitted === 0) this.opened = true;
        break;
      case 'admission':
        if (fact.admitted) this.admitted = true;
        else {
          this.admitted ??= false;
          if (this.refusal === '') this.refusal = fact.reason;
        }
        break;
      case 'difficulty':
        this.setDifficulty(fact.difficulty, timeUs);
        break;
      case 'job':
        this.job(fact, timeUs);
        break;
      case 'share':
        this.share(fact, timeUs, tokenBase);
        break;
      case 'answer':
        this.answer(tokenBase + fact.token, fact.outcome);
        break;
      case 'self-reported':
        if (!isPossibleRate(fact.hashrate)) this.overflow++;
        else if (this.inWindow(timeUs))
          this.selfReported = this.bounded(this.selfReported, MAX_SELF_REPORTS, {
            timeUs,
            hashrate: fact.hashrate,
          });
        break;
      case 'algorithm':
        this.algorithm(fact);
        break;
      case 'coin':
        if (!this.coins.some((coin) => coin.coin === fact.coin && coin.source === fact.source)) {
          this.coins = this.bounded(this.coins, MAX_LOGINS, fact);
        }
        break;
      case 'target':
        if (!this.targets.some((target) => target.host === fact.host))
          this.targets = this.bounded(this.targets, MAX_LOGINS, fact);
        break;
      case 'reconnect':
        this.reconnects = this.bounded(this.reconnects, MAX_LOGINS, {
          host: fact.host,
          port: fact.port,
          timeUs,
        });
        break;
      case 'service':
      case 'denial':
        break;
    }
  }

  /** Something speaks against the packets of the session. */
  doubt(doubt: keyof typeof VOICE_OF, count: number, { timeUs, record, input }: Place): void {
    this.voices[VOICE_OF[doubt]] += count;
    if (doubt === 'stall') return; // settled at the end
    const known = sightingOf(this.sightings, doubt);
    if (known === undefined) this.sightings.push({ kind: doubt, timeUs, record, input, count, detail: '' });
    else known.count += count;
  }

  /** Takes the round trip between capture point and miner on one of its connections; NaN says nothing. */
  sawRoundTrip(tripUs: number): void {
    if (tripUs >= 0 && !(tripUs >= (this.roundTripUs ?? Number.POSITIVE_INFINITY))) this.roundTripUs = tripUs;
  }

  /** Widens the session's time to what its packets span; the last span ends with them. */
  cover(firstUs: number, lastUs: number): void {
    this.startUs = Math.min(this.startUs, Math.max(firstUs, this.window.sinceUs));
    this.endUs = Math.max(this.endUs, Math.min(lastUs, this.window.untilUs));
    const open = this.spans.at(-1);
    if (open !== undefined) extend(open, this.endUs);
  }

  /**
   * The session goes on in another period: of what counts within its times alone nothing is known yet, the rest stays, as
   * if these times had been asked for from the start.
   */
  turn(window: SessionWindow): void {
    const { sinceUs } = window;
    this.window = window;
    this.startUs = Number.POSITIVE_INFINITY;
    this.endUs = Number.NEGATIVE_INFINITY;
    Object.assign(this.traffic, noTraffic());
    Object.assign(this.shares, { submitted: 0, accepted: 0, rejected: 0, stale: 0, unanswered: 0 });
    this.rejects = NO_REJECTS;
    this.reached = REACHED_NOTHING;
    this.wholeAnswers = 0;
    this.unpriced = 0;
    this.assumed = 0;
    this.selfReported = NONE;
    this.log.length = 0;
    this.series = new Series();
    const { memory } = this;
    const inForce = this.spans.at(-1);
    this.spans.length = 0;
    if (inForce !== undefined) this.spans.push(newSpan(inForce.algorithm, sinceUs, inForce.difficulty));
    memory.pending = null;
    Object.assign(memory, { unanswered: NONE, strays: NONE, bareShares: 0, logged: 0 });
    if (memory.bareJobUs !== null) memory.bareJobUs = sinceUs;
  }

  /** Shares that still wait for an answer are counted as unanswered: call once, when the session is over. */
  settle(): void {
    const { pending } = this.memory;
    if (pending === null) return;
    this.shares.unanswered += pending.size;
    this.memory.unanswered = [...pending.values()].slice(-MAX_UNANSWERED).map(({ logged }) => logged);
    this.memory.pending = null;
  }

  /** Takes out what was shown before it was known to be a secret. */
  conceal(secrets: SentSecrets): void {
    if (this.agent !== null) this.agent = secrets.without(this.agent);
    this.refusal = secrets.without(this.refusal);
    for (const sighting of this.sightings) sighting.detail = secrets.without(sighting.detail);
    this.logins = this.logins.map(({ account, worker }) => ({
      account,
      worker: worker === null ? null : secrets.without(worker),
    }));
    this.lastLogin = null;
  }

  /** The pool's end was called so. */
  name(host: string): void {
    this.names ??= new Set();
    this.names.add(host);
  }

  private inWindow(timeUs: number): boolean {
    return timeUs >= this.window.sinceUs && timeUs < this.window.untilUs;
  }

  /** Where it was heard first; of one that nothing was heard of, when its connections began. */
  get firstPlace(): Place {
    let first: Place | null = null;
    for (const { timeUs, record, input } of this.sightings)
      if (first === null || timeUs < first.timeUs) first = { timeUs, record, input };
    return first ?? { timeUs: this.startUs, record: 0, input: 0 };
  }

  /** The list with the item, unless it is full. */
  private bounded<T>(list: readonly T[], limit: number, item: T): T[] {
    if (list.length < limit) return withItem(list, item);
    this.overflow++;
    return list as T[];
  }

  private sight(fact: Fact, message: Message): void {
    const kind = sightingKind(fact);
    const known = sightingOf(this.sightings, kind);
    const { timeUs, record, input } = message;
    const detail = sightingDetail(fact);
    // Most facts were seen before, in the same words.
    if (
      known !== undefined &&
      known.timeUs <= timeUs &&
      known.detail === detail &&
      fact.kind !== 'algorithm'
    ) {
      known.count++;
      return;
    }
    const seen: Sighting = { kind, timeUs, record, input, count: 1, detail: sharedText(detail) };
    if (fact.kind === 'algorithm' && fact.proof !== undefined) {
      seen.proof = { algorithm: fact.algorithm, ...fact.proof };
    }
    joinSighting(this.sightings, seen);
  }

  private login(account: string, worker: string | null): void {
    const last = this.lastLogin;
    if (last?.account === account && last.worker === worker) return;
    const known = this.logins.find((login) => login.worker === worker && login.account === account);
    this.lastLogin = known ?? { account: sharedText(account), worker };
    if (known === undefined) this.logins = this.bounded(this.logins, MAX_LOGINS, this.lastLogin);
  }

  private setDifficulty(given: Difficulty, timeUs: number): void {
    const difficulty = boundedDifficulty(given);
    const last = this.memory.difficulty;
    this.memory.difficulty = difficulty;
    if (last?.scale === difficulty.scale && last.value === difficulty.value) return;
    this.difficulties = this.bounded(this.difficulties, MAX_DIFFICULTIES, { timeUs, difficulty });
  }

  private job(fact: JobFact, timeUs: number): void {
    this.jobs++;
    this.fixesNonce ||= fact.fixesNonce === true;
    if (fact.previous !== undefined && this.inWindow(timeUs)) {
      this.window.blocks?.jobOn(fact.previous, this.previous, timeUs);
      this.previous = fact.previous;
    }
    if (fact.difficulty !== null) this.setDifficulty(fact.difficulty, timeUs);
    const difficulty = this.memory.difficulty;
    // A job that comes again keeps its place: the miner goes on where it was.
    if (!this.memory.jobs.has(fact.jobId)) {
      this.memory.jobs.set(fact.jobId, { difficulty, algorithm: this.memory.jobAlgorithm, timeUs });
      if (this.memory.jobs.size > MAX_JOBS) {
        for (const oldest of this.memory.jobs.keys()) {
          this.memory.jobs.delete(oldest);
          break;
        }
      }
    }
    if (difficulty === null) {
      this.memory.bareJobUs ??= Math.max(timeUs, this.window.sinceUs);
      return;
    }
    const open = this.spans.at(-1);
    const startUs = Math.min(Math.max(timeUs, this.window.sinceUs), this.window.untilUs);
    // Behind a stretch without work there is always room for one with it.
    const limit = isReachable(difficulty) ? MAX_SPANS : MAX_SPANS - 1;
    if (
      open === undefined ||
      (!goesOnIn(open, this.memory.jobAlgorithm, difficulty) && this.spans.length < limit)
    ) {
      if (open !== undefined) extend(open, startUs);
      this.spans = withItem(this.spans, newSpan(this.memory.jobAlgorithm, startUs, difficulty));
    } else putInForce(open, difficulty, startUs);
  }

  private algorithm(fact: AlgorithmFact): void {
    if (fact.source === 'job') this.memory.jobAlgorithm = fact.algorithm;
    if (
      !this.algorithms.some((known) => known.algorithm === fact.algorithm && known.source === fact.source)
    ) {
      this.algorithms = this.bounded(this.algorithms, MAX_LOGINS, fact);
    }
  }

  private share(fact: ShareFact, timeUs: number, tokenBase: number): void {
    if (fact.account !== null) this.login(fact.account, fact.worker);
    if (!this.inWindow(timeUs)) return;
    const job = fact.jobId === null ? undefined : this.memory.jobs.get(fact.jobId);
    let difficulty = job?.difficulty ?? null;
    if (job === undefined && fact.jobId !== null && this.memory.difficulty !== null) {
      difficulty = this.memory.difficulty;
      this.assumed++;
    }
    const algorithm = job?.algorithm ?? this.memory.jobAlgorithm;
    const misses = missesTarget(fact, difficulty);
    const worth = misses ? null : priceable(difficulty);
    const span = worth === null ? null : spanFor(this.spans, algorithm);
    this.shares.submitted++;
    if (fact.reaches !== undefined) {
      const { shares, least } = this.reached;
      this.reached = { shares: shares + 1, least: Math.min(least, fact.reaches) };
    }
    if (worth === null || span === null) this.unpriced++;
    else addWork(span, worth, 1);
    const isBare = job !== undefined && difficulty === null;
    if (isBare) this.memory.bareShares++;
    this.series.add(timeUs, worth, 1, isBare);
    const logged: LoggedShare = {
      timeUs,
      jobTimeUs: job?.timeUs ?? null,
      jobId: fact.jobId,
      // A made-up share says nothing of a search.
      nonce: misses ? null : fact.nonce,
      extraNonce2: fact.extraNonce2 ?? null,
      difficulty: worth,
      algorithm,
      outcome: 'unanswered',
    };
    if (this.log.length === MAX_LOGGED) this.log.splice(0, MAX_LOGGED / 2);
    this.log = withItem(this.log, logged);
    this.memory.logged++;
    const mayBeEarlier = !misses && (job === undefined || (!isBare && this.memory.jobs.size <= EARLY_JOBS));
    if (!this.fromStart && fact.jobId !== null && mayBeEarlier && this.memory.strays.length < MAX_STRAYS) {
      this.memory.strays = withItem(this.memory.strays, {
        logged,
        span,
        assumed: job === undefined && difficulty !== null,
      });
    }
    this.memory.pending ??= new Map();
    const { pending } = this.memory;
    if (pending.size >= MAX_PENDING) {
      for (const oldest of pending.keys()) {
        pending.delete(oldest);
        this.shares.unanswered++;
        break;
      }
    }
    pending.set(tokenBase + fact.token, { logged, span, isBare });
  }

  private answer(token: number, outcome: Outcome): void {
    const { pending } = this.memory;
    const answered = pending?.get(token);
    if (pending === null || answered === undefined) return;
    pending.delete(token);
    if (pending.size === 0) this.memory.pending = null;
    const { logged, span, isBare } = answered;
    logged.outcome = outcome;
    if (logged.jobId !== null && outcome !== 'unauthorised') this.wholeAnswers++;
    if (outcome === 'accepted') this.shares.accepted++;
    else if (outcome === 'stale') this.shares.stale++;
    else {
      this.shares.rejected++;
      this.rejects = { ...this.rejects, [outcome]: (this.rejects[outcome] ?? 0) + 1 };
      // Not work: taken back if it had been counted.
      if (isBare) this.memory.bareShares--;
      this.series.add(logged.timeUs, logged.difficulty, -1, isBare);
      if (logged.difficulty === null || span === null) this.unpriced--;
      else addWork(span, logged.difficulty, -1);
    }
  }
}

/** Pools take shares down to 0.99 of the difficulty (docs/protocols.md 5.7). */
const TOLERANCE = 0.99;

/** True if the hash that a share carries misses the difficulty of its job: it is no work. */
function missesTarget({ reaches }: ShareFact, difficulty: Difficulty | null): boolean {
  return (
    reaches !== undefined &&
    difficulty?.scale === 'hashes' &&
    reaches < Math.floor(difficulty.value * TOLERANCE)
  );
}

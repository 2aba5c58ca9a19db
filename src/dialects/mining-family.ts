/**
 * What the descendants of Stratum v1 have in common (docs/protocols.md 1.11 to 1.16): subscribe, authorize, jobs and
 * shares under the names of the `mining.` methods, each with parameters of its own. A dialect of the family says what
 * its jobs, shares and difficulties look like; the session around them is the same.
 */
import type { AlgorithmSource, Difficulty, Fact, LoginFact } from '../evidence/fact.ts';
import type { Call, Message, Reply } from '../framing/message.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { admission, agentFact, algorithmBeside, loginFact, refusal, Shares, shareUser } from './opening.ts';
import { isPlain, listOf, objectOf, portOf, positiveNumber, textOf } from './shape.ts';

export interface FamilyJob {
  readonly jobId: string;
  /** Expected hashes of a share; null if the connection's difficulty holds. */
  readonly hashes: number | null;
  /** The block that it builds on: its hash, or a height. */
  readonly previous?: string;
  /** Algorithm and perhaps coin that the job itself proves, and by what. */
  readonly proven?:
    | { readonly algorithm: string; readonly detail: string; readonly coin?: string }
    | undefined;
}

export interface FamilyShare {
  readonly jobId: string | null;
  /** Login as the share names it; null if it names none. */
  readonly user: string | null;
  readonly nonce: string | null;
  /** Algorithm that the share itself proves, and by what. */
  readonly proven?: { readonly algorithm: string; readonly detail: string } | undefined;
}

interface FamilyGrammar {
  /** Algorithm of the dialect, null if it serves several. */
  readonly algorithm: string | null;
  /**
   * Algorithm of the coin that an account belongs to: null if that is not known, undefined if the account tells
   * nothing.
   */
  readonly algorithmOf?: (account: string, timeUs: number) => string | null | undefined;
  /** The one coin that speaks it; absent if there are several. */
  readonly coin?: string;
  /** Says that the algorithm follows from the shape of jobs. */
  readonly detail: string;
  /** The jobs of a `mining.notify`; none if it is not this dialect's. */
  readonly jobs: (call: Call) => readonly FamilyJob[];
  /** A `mining.submit`, or null if it is not this dialect's. */
  readonly share: (call: Call) => FamilyShare | null;
  /** How well a share, an answer to subscribe and other calls show the dialect, if no job was seen. */
  readonly shareTells: Recognition;
  readonly subscription?: (result: unknown) => Recognition;
  readonly other?: (call: Call) => Recognition;
  /** What the number of `mining.set_difficulty` means; absent if it means nothing that can be counted. */
  readonly difficulty?: (units: number) => Difficulty;
  /** Expected hashes of a share, of a job that has a target and a difficulty in force beside it; by default the job's. */
  readonly scaled?: (jobHashes: number, units: number) => number;
  /** Expected hashes of a `mining.set_target` parameter, null if that is malformed. */
  readonly target?: (value: unknown) => number | null;
  readonly login?: (params: readonly unknown[]) => LoginFact | null;
  /** Rate that a call of the miner claims; null if it claims none. */
  readonly selfReported?: (call: Call) => number | null;
  /** True if a share names this worker of the account that logged in, and no account. */
  readonly isWorker?: (user: string) => boolean;
}

/** Calls of the miner that keep a session and carry nothing that is counted. */
const REQUESTS =
  /^mining\.(extranonce\.subscribe|suggest_difficulty|suggest_target|capabilities|configure|multi_version|get_transactions|noop|pong)$/;
/** Calls of the pool that are neither a job nor a difficulty. */
const SERVICES =
  /^(mining\.(set_extranonce|set_version_mask|ping|print|set)|set_extranonce|client\.(show_message|get_version))$/;

/** Recognition and reader for a dialect of the family. */
export function family(grammar: FamilyGrammar): Pick<Dialect, 'framing' | 'recognise' | 'reader'> {
  const recognise = (message: Message): Recognition => {
    if (!isPlain(message)) return 'foreign';
    if (message.kind === 'reply') {
      const recognition = grammar.subscription?.(message.result) ?? 'foreign';
      if (recognition !== 'foreign') return recognition;
      return message.call !== undefined && recognise(message.call) !== 'foreign' ? 'possible' : 'foreign';
    }
    if (message.kind !== 'call') return 'foreign';
    if (message.method === 'mining.notify') return grammar.jobs(message).length > 0 ? 'certain' : 'foreign';
    if (message.method === 'mining.submit') {
      return grammar.share(message) === null ? 'foreign' : grammar.shareTells;
    }
    return grammar.other?.(message) ?? 'foreign';
  };
  return {
    framing: 'json-lines',
    recognise,
    reader: () => new FamilySession(grammar),
  };
}

class FamilySession {
  private readonly grammar: FamilyGrammar;
  private readonly shares = new Shares();
  private lastJobs = '';
  private account: string | null = null;
  /** Algorithm of the account's coin; undefined while no account tells one. */
  private accountAlgorithm: string | null | undefined = undefined;
  /** Number of the last `mining.set_difficulty`. */
  private units: number | null = null;
  private named = '';
  private hasCoin = false;

  constructor(grammar: FamilyGrammar) {
    this.grammar = grammar;
  }

  *read(message: Message): Iterable<Fact> {
    if (!isPlain(message)) return;
    if (message.kind === 'call') yield* this.readCall(message);
    else if (message.kind === 'reply') yield* this.readReply(message);
  }

  private *readCall(call: Call): Iterable<Fact> {
    const { method, params } = call;
    const list = listOf(params) ?? [];
    switch (method) {
      case 'mining.subscribe':
        yield* this.subscribe(method, list);
        return;
      case 'mining.authorize':
        yield* this.authorize(call, list);
        return;
      case 'mining.set_difficulty': {
        const units = positiveNumber(list[0]);
        this.units = units;
        const difficulty = units === null ? undefined : this.grammar.difficulty?.(units);
        if (difficulty !== undefined) yield { kind: 'difficulty', difficulty };
        else yield { kind: 'service', method };
        return;
      }
      case 'mining.set_target': {
        const value = this.grammar.target?.(list[0]) ?? null;
        if (value !== null) yield { kind: 'difficulty', difficulty: { scale: 'hashes', value } };
        else yield { kind: 'service', method };
        return;
      }
      case 'mining.notify':
        yield* this.notify(call);
        return;
      case 'mining.submit': {
        const share = this.grammar.share(call);
        if (share === null && !(call.cut && params === undefined)) return;
        const { jobId = null, user = null, nonce = null, proven } = share ?? {};
        if (proven !== undefined) yield* this.name(proven.algorithm, 'job', proven.detail, 'miner');
        yield this.shares.take(call, { jobId, ...this.userOf(user), nonce });
        return;
      }
      case 'client.reconnect':
        yield { kind: 'reconnect', host: textOf(list[0]) ?? '', port: portOf(list[1]) };
        return;
      case 'mining.hello':
        yield { kind: 'request', method };
        yield* agentFact(objectOf(params)?.agent ?? list[0]);
        return;
      default: {
        const hashrate = this.grammar.selfReported?.(call) ?? null;
        if (hashrate !== null) yield { kind: 'self-reported', hashrate };
        if (REQUESTS.test(method)) yield { kind: 'request', method };
        else if (SERVICES.test(method)) yield { kind: 'service', method };
      }
    }
  }

  private *subscribe(method: string, list: readonly unknown[]): Iterable<Fact> {
    yield { kind: 'request', method };
    yield* agentFact(list[0]);
    const host = textOf(list[2]);
    if (host !== null && portOf(list[3]) !== 0) yield { kind: 'target', host, port: portOf(list[3]) };
  }

  private *authorize(call: Call, list: readonly unknown[]): Iterable<Fact> {
    const login = this.grammar.login === undefined ? loginFact(list[0]) : this.grammar.login(list);
    if (login === null) {
      yield { kind: 'request', method: call.method };
      return;
    }
    this.account = login.account;
    this.accountAlgorithm ??= this.grammar.algorithmOf?.(login.account, call.timeUs);
    yield login;
  }

  private userOf(user: string | null): { account: string | null; worker: string | null } {
    const isWorker = user !== null && this.grammar.isWorker?.(user) === true;
    return isWorker ? { account: this.account, worker: user } : shareUser(user);
  }

  private *notify(call: Call): Iterable<Fact> {
    const jobs = this.grammar.jobs(call).map((job) => ({ ...job, hashes: this.hashesOf(job) }));
    const key = jobs.map(({ jobId, hashes }) => `${jobId} ${hashes}`).join();
    // Pools repeat jobs.
    if (jobs.length === 0 || key === this.lastJobs) return;
    this.lastJobs = key;
    yield* this.nameAlgorithm(jobs[0], call);
    for (const { jobId, hashes, previous } of jobs) {
      yield {
        kind: 'job',
        jobId,
        difficulty: hashes === null ? null : { scale: 'hashes', value: hashes },
        ...(previous === undefined ? {} : { previous }),
      };
    }
  }

  private hashesOf({ hashes }: FamilyJob): number | null {
    const { scaled } = this.grammar;
    return hashes === null || this.units === null || scaled === undefined
      ? hashes
      : scaled(hashes, this.units);
  }

  /** What the job proves or names; else the algorithm of the account's coin; else the dialect's. */
  private *nameAlgorithm(job: FamilyJob, call: Call): Iterable<Fact> {
    const { grammar, accountAlgorithm } = this;
    const proven = job.proven ?? algorithmBeside(call);
    if (proven !== undefined) yield* this.name(proven.algorithm, 'job', proven.detail, 'pool');
    else if (accountAlgorithm !== undefined) {
      const detail = `${grammar.detail}, account of this coin`;
      if (accountAlgorithm !== null) yield* this.name(accountAlgorithm, 'dialect', detail, 'pool');
    } else if (grammar.algorithm !== null) {
      yield* this.name(grammar.algorithm, 'dialect', grammar.detail, 'pool');
    }
    const coin = job.proven?.coin ?? grammar.coin;
    if (coin === undefined || this.hasCoin) return;
    this.hasCoin = true;
    const source = job.proven?.coin === undefined ? 'dialect' : 'job';
    yield { kind: 'coin', coin, source, side: 'pool' };
  }

  private *name(
    algorithm: string,
    source: AlgorithmSource,
    detail: string,
    side: 'miner' | 'pool',
  ): Iterable<Fact> {
    // What a job or share has said, the dialect does not take back.
    if (algorithm === this.named || (source === 'dialect' && this.named !== '')) return;
    this.named = algorithm;
    yield { kind: 'algorithm', algorithm, source, detail, side };
  }

  private *readReply(reply: Reply): Iterable<Fact> {
    const method = reply.call?.method ?? '';
    if (method === 'mining.submit') yield* this.shares.answer(reply);
    else if (method === 'mining.authorize') yield* admission(reply);
    else if (method === 'client.get_version') {
      yield* agentFact(reply.result);
    } else if (method === 'mining.subscribe' || this.grammar.subscription?.(reply.result) === 'certain') {
      if (listOf(reply.result) !== null) yield { kind: 'service', method: 'mining.subscribe' };
      else yield* refusal(reply);
    }
  }
}

/**
 * What the descendants of Stratum v1 have in common (docs/protocols.md 1.11 to 1.16): subscribe, authorize, jobs and
 * shares under the names of the `mining.` methods, each with parameters of its own. A dialect of the family says what
 * its jobs, shares and difficulties look like; the session around them is the same.
 */
import { ALGORITHM_SOURCES, type AlgorithmSource } from '../evidence/fact.ts';
import type { Call, Message, Reply } from '../framing/message.ts';
import type { DialectReader, Recognition } from './dialect.ts';
import { algorithmBeside, type Login, loginOf } from './opening.ts';
import { PlainReader, recogniser } from './plain.ts';
import { listOf, objectOf, portOf, positiveNumber, textOf } from './shape.ts';
import type { Side, Sink } from './sink.ts';

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
  /** True if that is the name of a family of them. */
  readonly isFamily?: boolean;
  /** Algorithm of the coin that an account belongs to; null if the account does not tell. */
  readonly algorithmOf?: (account: string, timeUs: number) => string | null;
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
  /** And other methods that it knows, by name. */
  readonly others?: Readonly<Record<string, (call: Call) => Recognition>>;
  /**
   * Expected hashes of difficulty 1 of `mining.set_difficulty`, or `units` if they are not known; absent if the number
   * means nothing that can be counted.
   */
  readonly difficulty?: number | 'units';
  /** Expected hashes of a share, of a job that has a target and a difficulty in force beside it; by default the job's. */
  readonly scaled?: (jobHashes: number, units: number) => number;
  /** Expected hashes of a `mining.set_target` parameter, null if that is malformed. */
  readonly target?: (value: unknown) => number | null;
  readonly login?: (params: readonly unknown[]) => Login | null;
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

interface Family {
  readonly framing: 'json-lines';
  readonly methods: readonly string[];
  readonly recognise: (message: Message) => Recognition;
  readonly reader: () => DialectReader;
}

/** Recognition and reader for a dialect of the family. */
export function family(grammar: FamilyGrammar): Family {
  const recogniseCall = (message: Call): Recognition => {
    if (message.method === 'mining.notify') return grammar.jobs(message).length > 0 ? 'certain' : 'foreign';
    if (message.method === 'mining.submit') {
      return grammar.share(message) === null ? 'foreign' : grammar.shareTells;
    }
    const { others = {} } = grammar;
    return Object.hasOwn(others, message.method) ? others[message.method](message) : 'foreign';
  };
  const ofReplies = grammar.subscription === undefined ? [] : ['mining.subscribe', '#reply'];
  return {
    framing: 'json-lines',
    methods: ['mining.notify', 'mining.submit', ...ofReplies, ...Object.keys(grammar.others ?? {})],
    recognise: recogniser(recogniseCall, ({ result }) => grammar.subscription?.(result) ?? 'foreign'),
    reader: () => new FamilySession(grammar),
  };
}

class FamilySession extends PlainReader {
  private readonly grammar: FamilyGrammar;
  private lastJobs = '';
  private account: string | null = null;
  /** Algorithm of the account's coin; null while no account tells one. */
  private accountAlgorithm: string | null = null;
  /** Accounts that shares name, which mostly is one. */
  private user: string | null = null;
  /** Number of the last `mining.set_difficulty`. */
  private units: number | null = null;
  private named = '';
  /** From what, by its place in the order of sources. */
  private namedBy = Number.POSITIVE_INFINITY;
  private hasCoin = false;

  constructor(grammar: FamilyGrammar) {
    super();
    this.grammar = grammar;
  }

  protected readCall(call: Call, session: Sink): void {
    const { method, params } = call;
    const list = listOf(params) ?? [];
    switch (method) {
      case 'mining.subscribe': {
        session.request(method);
        session.agent(list[0]);
        const host = textOf(list[2]);
        if (host !== null && portOf(list[3]) !== 0) session.target(host, portOf(list[3]));
        return;
      }
      case 'mining.authorize':
        this.authorize(call, list, session);
        return;
      case 'mining.set_difficulty': {
        const { difficulty } = this.grammar;
        this.units = positiveNumber(list[0]);
        if (this.units === null || difficulty === undefined) session.service(method);
        else if (difficulty === 'units') session.difficulty(this.units, 'units');
        else session.difficulty(this.units * difficulty);
        return;
      }
      case 'mining.set_target': {
        const value = this.grammar.target?.(list[0]) ?? null;
        if (value !== null) session.difficulty(value);
        else session.service(method);
        return;
      }
      case 'mining.notify':
        this.notify(call, session);
        return;
      case 'mining.submit': {
        const share = this.grammar.share(call);
        if (share === null && !(call.cut && params === undefined)) return;
        const { proven, user = null, ...part } = share ?? { jobId: null };
        if (proven !== undefined) this.name(proven.algorithm, 'job', proven.detail, 'miner', session);
        const isWorker = user !== null && this.grammar.isWorker?.(user) === true;
        // Who logged in before the capture is named by each share.
        if (user !== null && !isWorker && user !== this.user) {
          this.user = user;
          this.tellAccount(loginOf(user), call, session);
        }
        session.share(call, isWorker ? { ...part, account: this.account, worker: user } : { ...part, user });
        return;
      }
      case 'client.reconnect':
        session.reconnect(textOf(list[0]) ?? '', portOf(list[1]));
        return;
      case 'mining.hello':
        session.request(method);
        session.agent(objectOf(params)?.agent ?? list[0]);
        return;
      default: {
        const hashrate = this.grammar.selfReported?.(call) ?? null;
        if (hashrate !== null) session.selfReported(hashrate);
        if (REQUESTS.test(method)) session.request(method);
        else if (SERVICES.test(method)) session.service(method);
      }
    }
  }

  private authorize(call: Call, list: readonly unknown[], session: Sink): void {
    const login = this.grammar.login === undefined ? loginOf(list[0]) : this.grammar.login(list);
    if (login === null) {
      session.request(call.method);
      return;
    }
    this.account = login.account;
    this.tellAccount(login, call, session);
    session.login(login.account, login.worker);
  }

  /** An account is named; once a job has come, its coin tells which of the family's algorithms that is of. */
  private tellAccount(login: Login | null, call: Call, session: Sink): void {
    if (login !== null && login.isPayout !== true)
      this.accountAlgorithm ??= this.grammar.algorithmOf?.(login.account, call.timeUs) ?? null;
    if (this.named !== '') this.nameByDialect('miner', session);
  }

  private notify(call: Call, session: Sink): void {
    const jobs = this.grammar.jobs(call);
    const hashes = jobs.map((job) => this.hashesOf(job));
    const key = jobs.map(({ jobId }, at) => `${jobId} ${hashes[at]}`).join();
    // Pools repeat jobs.
    if (jobs.length === 0 || key === this.lastJobs) return;
    this.lastJobs = key;
    this.nameAlgorithm(jobs[0], call, session);
    jobs.forEach(({ jobId, previous }, at) => {
      session.newJob(jobId, hashes[at], { previous });
    });
  }

  private hashesOf({ hashes }: FamilyJob): number | null {
    const { scaled } = this.grammar;
    return hashes === null || this.units === null || scaled === undefined
      ? hashes
      : scaled(hashes, this.units);
  }

  /** What the job proves or names; else the algorithm of the account's coin; else the dialect's. */
  private nameAlgorithm(job: FamilyJob, call: Call, session: Sink): void {
    const { grammar } = this;
    const proven = job.proven ?? algorithmBeside(call);
    if (proven !== undefined) this.name(proven.algorithm, 'job', proven.detail, 'pool', session);
    else this.nameByDialect('pool', session);
    const coin = job.proven?.coin ?? grammar.coin;
    if (coin === undefined || this.hasCoin) return;
    this.hasCoin = true;
    session.coin(coin, job.proven?.coin === undefined ? 'dialect' : 'job', 'pool');
  }

  private nameByDialect(side: Side, session: Sink): void {
    const { grammar, accountAlgorithm } = this;
    if (accountAlgorithm !== null)
      this.name(accountAlgorithm, 'dialect', `${grammar.detail}, account of this coin`, side, session);
    else if (grammar.algorithm !== null)
      this.name(grammar.algorithm, grammar.isFamily ? 'family' : 'dialect', grammar.detail, side, session);
  }

  private name(algorithm: string, source: AlgorithmSource, detail: string, side: Side, session: Sink): void {
    // What a job or share has said, the dialect does not take back, nor its family what an account has told.
    const order = ALGORITHM_SOURCES.indexOf(source);
    if (algorithm === this.named || (source !== 'job' && order >= this.namedBy)) return;
    this.named = algorithm;
    this.namedBy = order;
    session.algorithm(algorithm, source, detail, side);
  }

  protected readReply(reply: Reply, session: Sink): void {
    const method = reply.call?.method ?? '';
    if (method === 'mining.submit') session.answer(reply);
    else if (method === 'mining.authorize') session.admission(reply);
    else if (method === 'client.get_version') session.agent(reply.result);
    else if (method === 'mining.subscribe' || this.grammar.subscription?.(reply.result) === 'certain') {
      if (listOf(reply.result) !== null) session.service('mining.subscribe');
      else session.refusal(reply);
    }
  }
}

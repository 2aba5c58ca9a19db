/**
 * What the descendants of Stratum v1 have in common (docs/reference/protocols.md 1.11 to 1.16): subscribe, authorize, jobs and
 * shares under the names of the `mining.` methods, each with parameters of its own. A dialect of the family says what
 * its jobs, shares and difficulties look like; the session around them is the same.
 */
import { ALGORITHM_SOURCES, type AlgorithmSource } from '../evidence/fact.ts';
import type { Call } from '../framing/message.ts';
import type { Dialect, Profile, Recognition } from './dialect.ts';
import type { Parts } from './form.ts';
import {
  ADMISSION,
  ANSWER,
  type Grammar,
  grammar,
  REQUEST,
  type Row,
  rowsOf,
  SERVICE,
  SUBSCRIPTION,
} from './grammar.ts';
import { algorithmBeside, isHidden, type Login, loginOf, type Naming } from './opening.ts';
import { isHex, listOf, objectOf, portOf, positiveNumber, textOf } from './shape.ts';
import type { Side, Sink } from './sink.ts';

/** A job; without expected hashes the connection's difficulty holds. */
export interface FamilyJob extends Pick<Parts, 'jobId' | 'hashes' | 'previous'> {
  /** Algorithm and perhaps coin that the job itself proves, and by what. */
  readonly proven?: Naming | undefined;
}

export interface FamilyShare extends Pick<Parts, 'jobId' | 'user' | 'nonce'> {
  /** Algorithm that the share itself proves, and by what. */
  readonly proven?: Naming;
}

interface FamilyGrammar extends Partial<Pick<Grammar<FamilySession>, 'ofReply' | 'ahead'>> {
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
  /** The job of a `mining.notify`, or several; null if it is not this dialect's. */
  readonly job: (params: unknown, call: Call) => FamilyJob | readonly FamilyJob[] | null;
  /** A `mining.submit`, or null if it is not this dialect's. */
  readonly share: (params: unknown) => FamilyShare | null;
  /** How well a share shows the dialect, if no job was seen. */
  readonly shareTells: 'certain' | 'possible';
  /** What the answer to subscribe tells. */
  readonly subscription?: (result: unknown) => Recognition;
  /** What other methods say, or tell of the dialect. */
  readonly rows?: Readonly<Record<string, Row<FamilySession>>>;
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
  /** True if a share names this worker of the account that logged in, and no account. */
  readonly isWorker?: (user: string) => boolean;
}

/** Calls of the miner that keep a session and carry nothing that is counted. */
export const REQUESTS =
  'mining.extranonce.subscribe mining.suggest_difficulty mining.suggest_target mining.capabilities ' +
  'mining.multi_version mining.get_transactions';
/** Calls of the pool that are neither a job nor a difficulty. */
export const SERVICES = 'mining.ping client.show_message client.get_version';

const ROWS: Readonly<Record<string, Row<FamilySession>>> = {
  ...rowsOf(`${REQUESTS} mining.configure mining.noop mining.pong`, { read: REQUEST }),
  ...rowsOf(`${SERVICES} mining.print mining.set mining.set_extranonce set_extranonce`, { read: SERVICE }),
  'mining.set_version_mask': { read: SERVICE },
  'client.get_version': { read: SERVICE, reply: ({ result }, session) => session.agent(result) },
  'mining.subscribe': { read: subscribe, reply: SUBSCRIPTION },
  'mining.authorize': { read: (call, session, own) => own.authorize(call, session), reply: ADMISSION },
  'mining.set_difficulty': { read: (call, session, own) => own.setDifficulty(call, session) },
  'mining.set_target': { read: (call, session, own) => own.setTarget(call, session) },
  'mining.notify': { read: (call, session, own) => own.notify(call, session) },
  'mining.submit': { read: (call, session, own) => own.submit(call, session), reply: ANSWER },
  'client.reconnect': { read: reconnect },
  'mining.hello': {
    read: ({ method, params }, session) => {
      session.request(method);
      session.agent(objectOf(params)?.agent ?? listOf(params)?.[0]);
    },
  },
};

/** `[agent, session, host, port]`, of which all may be missing. */
export function subscribe({ method, params }: Call, session: Sink): void {
  const [agent, , named, port] = listOf(params) ?? [];
  session.request(method);
  session.agent(agent);
  const host = textOf(named);
  if (host !== null && portOf(port) !== 0) session.target(host, portOf(port));
}

export function reconnect({ params }: Call, session: Sink): void {
  const [host, port] = listOf(params) ?? [];
  session.reconnect(textOf(host) ?? '', portOf(port));
}

/** The answer to subscribe `[null, prefix of the nonce, rest of it]`: so many bytes together. */
export function ofNonceOf(bytes: number): (result: unknown) => Recognition {
  return (result) => {
    const [nothing, prefix, size, ...rest] = listOf(result) ?? [];
    const isPrefix = nothing === null && isHex(prefix, 2, 2 * bytes - 2) && typeof size === 'number';
    return isPrefix && rest.length === 0 && prefix.length / 2 + size === bytes ? 'possible' : 'foreign';
  };
}

/** A dialect of the family. */
export function family(given: Omit<Profile, 'framing'> & FamilyGrammar): Dialect {
  const { job, share, shareTells, subscription, ofReply, ahead } = given;
  const told: Readonly<Record<string, Row<FamilySession>>> = {
    'mining.notify': { certain: job },
    'mining.submit': { [shareTells]: share },
    ...(subscription === undefined ? {} : { 'mining.subscribe': { tellsInReply: true } }),
    ...given.rows,
  };
  const rows: Record<string, Row<FamilySession>> = { ...ROWS };
  for (const [method, row] of Object.entries(told)) rows[method] = { ...ROWS[method], ...row };
  return grammar({
    ...given,
    framing: 'json-lines',
    own: () => new FamilySession(given),
    rows,
    ofReply: ofReply ?? (subscription === undefined ? undefined : ({ result }) => subscription(result)),
    ahead,
    otherwise: (reply, session) => subscription?.(reply.result) === 'certain' && SUBSCRIPTION(reply, session),
  });
}

class FamilySession {
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
  /** A job has said what its shares could say as well. */
  private hasProvenJob = false;

  constructor(given: FamilyGrammar) {
    this.grammar = given;
  }

  setDifficulty({ method, params }: Call, session: Sink): void {
    const { difficulty } = this.grammar;
    this.units = positiveNumber(listOf(params)?.[0]);
    if (this.units === null || difficulty === undefined) session.service(method);
    else if (difficulty === 'units') session.difficulty(this.units, 'units');
    else session.difficulty(this.units * difficulty);
  }

  setTarget({ method, params }: Call, session: Sink): void {
    const value = this.grammar.target?.(listOf(params)?.[0]) ?? null;
    if (value !== null) session.difficulty(value);
    else session.service(method);
  }

  submit(call: Call, session: Sink): void {
    const share = this.grammar.share(call.params);
    if (share === null) {
      if (isHidden(call)) session.share(call, {});
      return;
    }
    const { jobId, user, nonce, proven } = share;
    if (proven !== undefined && !this.hasProvenJob)
      this.name(proven.algorithm, 'job', proven.detail, 'miner', session);
    const isWorker = user !== null && this.grammar.isWorker?.(user) === true;
    // Who logged in before the capture is named by each share.
    if (user !== null && !isWorker && user !== this.user) {
      this.user = user;
      this.tellAccount(loginOf(user), call, session);
    }
    session.share(call, { jobId, nonce, ...(isWorker ? { account: this.account, worker: user } : { user }) });
  }

  authorize(call: Call, session: Sink): void {
    const list = listOf(call.params) ?? [];
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

  notify(call: Call, session: Sink): void {
    const jobs = [this.grammar.job(call.params, call) ?? []].flat();
    const hashes = jobs.map((job) => this.hashesOf(job));
    const key = jobs.map(({ jobId }, at) => `${jobId} ${hashes[at]}`).join();
    // Pools repeat jobs.
    if (jobs.length === 0 || key === this.lastJobs) return;
    this.lastJobs = key;
    this.nameAlgorithm(jobs[0], call, session);
    jobs.forEach(({ jobId, previous }, at) => {
      session.newJob(jobId, hashes[at], { previous: previous ?? undefined });
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
    this.hasProvenJob = job.proven !== undefined;
    if (proven !== undefined) this.name(proven.algorithm, 'job', proven.detail, 'pool', session);
    else this.nameByDialect('pool', session);
    const coin = job.proven?.coin ?? grammar.coin;
    if (coin !== undefined) session.mines(coin, job.proven?.coin === undefined ? 'dialect' : 'job');
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
    if ((algorithm === this.named || source !== 'job') && order >= this.namedBy) return;
    this.named = algorithm;
    this.namedBy = order;
    session.algorithm(algorithm, source, detail, side);
  }
}

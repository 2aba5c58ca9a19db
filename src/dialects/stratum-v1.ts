/**
 * Stratum v1 as slush specified it, with BIP 310 and the NiceHash extensions (docs/protocols.md 1.5): the messages of
 * Bitcoin and of some dozen algorithms that reuse its nine-part job. A difficulty holds for the jobs that follow it
 * and is in units whose worth depends on the algorithm. Left out: farm proxies' own extensions, coinbase analysis.
 */
import type { ChainReading } from '../evidence/coin-chain.ts';
import { sharedText } from '../evidence/shared-text.ts';
import type { Call, Message, Reply } from '../framing/message.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { algorithmBeside } from './opening.ts';
import { PlainReader } from './plain.ts';
import {
  isHex,
  isPlain,
  jobIdOf,
  listOf,
  objectOf,
  portOf,
  positiveNumber,
  stringsOf,
  textOf,
} from './shape.ts';
import type { Sink } from './sink.ts';
import { poolJob, ShareRecomputation } from './stratum-v1-proof.ts';
import { isJob, isShare, isSubscribe, isSubscription, lbryParts } from './stratum-v1-shape.ts';

/** Difficulty before the pool sets one (EthereumStratum/1.0.0 text and custom). */
const DEFAULT_DIFFICULTY = 1;

/** Calls of the miner that keep a session and carry nothing that is counted. */
const REQUESTS: ReadonlySet<string> = new Set([
  'mining.extranonce.subscribe',
  'mining.suggest_difficulty',
  'mining.suggest_target',
  'mining.get_transactions',
  'mining.capabilities',
  'mining.multi_version',
  // ckpool in front of another ckpool: what is said to and by its miners follows with a `client_id` each.
  'mining.passthrough',
]);
/** Calls of the pool that are neither a job nor a difficulty. */
const SERVICES: ReadonlySet<string> = new Set([
  'mining.set_extranonce',
  'mining.set_version_mask',
  'mining.ping',
  'client.show_message',
  'client.get_version',
]);

export const stratumV1: Dialect = {
  id: 'stratum-v1',
  title: 'Stratum v1',
  reference: 'slush stratum (2012), BIP 310, docs/protocols.md 1.5',
  serves: 'Bitcoin and its forks, Litecoin, Dogecoin, Dash, LBRY and most algorithms with a Bitcoin header',
  framing: 'json-lines',
  methods: [
    'mining.subscribe',
    'mining.authorize',
    'mining.configure',
    'mining.notify',
    'mining.submit',
    'mining.set_difficulty',
    'client.reconnect',
    ...REQUESTS,
    ...SERVICES,
    '#reply',
  ],
  recognise,
  reader: () => new StratumV1Session(),
};

function recognise(message: Message): Recognition {
  if (!isPlain(message)) return 'foreign';
  if (message.kind === 'reply') {
    if (message.call !== undefined) return recognise(message.call) === 'foreign' ? 'foreign' : 'possible';
    return isSubscription(message.result) ? 'possible' : 'foreign';
  }
  return message.kind === 'call' ? recogniseCall(message) : 'foreign';
}

function recogniseCall(call: Call): Recognition {
  const { method, params, cut } = call;
  // A cut message shows its method and not what would prove it.
  if (cut && params === undefined) return isOwnMethod(method) ? 'possible' : 'foreign';
  switch (method) {
    case 'mining.notify':
      return isJob(params) || lbryParts(params) !== null ? 'certain' : 'foreign';
    case 'mining.submit':
      return isShare(params) ? 'certain' : 'foreign';
    case 'mining.configure': {
      const list = listOf(params);
      return stringsOf(list?.[0], 0, 16) !== null && (list?.length === 1 || objectOf(list?.[1]) !== null)
        ? 'certain'
        : 'foreign';
    }
    case 'mining.set_version_mask':
      return isHex(listOf(params)?.[0], 8) ? 'certain' : 'foreign';
    case 'mining.subscribe':
      return isSubscribe(params) ? 'possible' : 'foreign';
    case 'mining.authorize':
      return stringsOf(params, 1, 3) !== null ? 'possible' : 'foreign';
    case 'mining.set_difficulty':
      return positiveNumber(listOf(params)?.[0]) !== null ? 'possible' : 'foreign';
    case 'client.reconnect':
      return listOf(params ?? []) !== null ? 'possible' : 'foreign';
    default:
      return isOwnMethod(method) && (params === undefined || listOf(params) !== null)
        ? 'possible'
        : 'foreign';
  }
}

function isOwnMethod(method: string): boolean {
  return (
    REQUESTS.has(method) ||
    SERVICES.has(method) ||
    /^(mining\.(subscribe|authorize|configure|submit|notify|set_difficulty)|client\.reconnect)$/.test(method)
  );
}

export class StratumV1Session extends PlainReader {
  private readonly proof = new ShareRecomputation();
  /** The subscribe was seen, and no difficulty that cannot be read: a missing one is the default, not merely unknown. */
  private isWhole = false;
  private hasDifficulty = false;
  private lastJobId = '';
  private lastWork = '';
  private chain = '';
  /** Who logged in last; '' if nobody has. */
  protected account = '';

  protected readCall(call: Call, session: Sink): void {
    const { method, params, body } = call;
    const list = listOf(params) ?? [];
    if (Number.isSafeInteger(body.client_id)) session.passesOn();
    switch (method) {
      case 'mining.subscribe':
        if (isSubscribe(params)) this.subscribe(call, list, session);
        return;
      case 'mining.authorize': {
        const login = session.authorize(method, list[0]);
        this.account = login?.account ?? this.account;
        return;
      }
      case 'mining.submit':
        this.submit(call, session);
        return;
      case 'mining.set_difficulty':
        this.setDifficulty(list[0], session);
        return;
      case 'mining.notify':
        this.notify(call, session);
        return;
      case 'client.reconnect':
        session.reconnect(textOf(list[0]) ?? '', portOf(list[1]));
        return;
      case 'mining.configure':
        session.request(method);
        return;
      case 'mining.set_extranonce':
        this.proof.setExtranonce(list[0]);
        session.service(method);
        return;
      case 'mining.set_version_mask':
        this.proof.setMask(list[0]);
        session.service(method);
        return;
      default:
        if (REQUESTS.has(method)) {
          session.request(method);
          if (method === 'mining.passthrough') session.agent(list[0]);
        } else if (SERVICES.has(method)) session.service(method);
    }
  }

  private subscribe(call: Call, list: readonly unknown[], session: Sink): void {
    this.isWhole = !call.cut;
    session.request(call.method);
    session.agent(list[0]);
    // NiceHash puts a signature there.
    const host = textOf(list[2]);
    if (host !== null && !isHex(host, 64)) session.target(host, portOf(list[3]));
  }

  private submit(call: Call, session: Sink): void {
    const { params } = call;
    if (params === undefined && call.cut) {
      session.share(call, { jobId: null });
    } else if (isShare(params)) {
      const [user, jobId, extraNonce2, time, nonce, version] = params;
      session.share(call, {
        jobId: jobIdOf(jobId),
        user,
        nonce: String(nonce),
        extraNonce2: [extraNonce2, time, ...(typeof version === 'string' ? [version] : [])].join(':'),
      });
      this.proof.addShare(params, session);
    }
  }

  protected setDifficulty(value: unknown, session: Sink): void {
    const difficulty = positiveNumber(value);
    if (difficulty === null) {
      // Miners keep the previous one. If there is none, one was set but cannot be read: the default does not apply.
      this.isWhole = false;
      return;
    }
    this.hasDifficulty = true;
    this.proof.setDifficulty(difficulty);
    session.difficulty(difficulty, 'units');
  }

  private notify(call: Call, session: Sink): void {
    const lbry = lbryParts(call.params);
    const params = lbry ?? call.params;
    if (!isJob(params)) return;
    if (this.isWhole && !this.hasDifficulty) this.setDifficulty(DEFAULT_DIFFICULTY, session);
    const jobId = jobIdOf(params[0]) ?? '';
    const work = sharedText(`${params[1]} ${params[7]}`);
    if (jobId === this.lastJobId && work === this.lastWork) return;
    this.lastJobId = jobId;
    this.lastWork = work;
    const beside = algorithmBeside(call);
    if (lbry !== null) this.name('lbry', 'root of a claim trie in mining.notify', ['LBC'], session);
    else if (beside !== undefined) this.name(beside.algorithm, beside.detail, [], session);
    else {
      const job = poolJob(params);
      this.proof.addJob(jobId, job);
      this.nameChain(job.chain, session);
    }
    this.newJob(jobId, sharedText(String(params[1])), session);
  }

  protected newJob(jobId: string, previous: string, session: Sink): void {
    session.newJob(jobId, null, { previous });
  }

  /** A job has told the algorithm. */
  protected get isNamed(): boolean {
    return this.chain !== '';
  }

  /** The algorithm and coin that the job leaves no doubt about. */
  private nameChain({ algorithm, coins, networkDifficulty }: ChainReading, session: Sink): void {
    if (algorithm === null) return;
    const detail = sharedText(`coinbase and network difficulty ${networkDifficulty?.toPrecision(4)}`);
    this.name(algorithm, detail, coins, session);
  }

  private name(algorithm: string, detail: string, coins: readonly string[], session: Sink): void {
    const key = sharedText(`${algorithm} ${coins.join()}`);
    if (key === this.chain) return;
    this.chain = key;
    session.algorithm(algorithm, 'job', detail, 'pool');
    if (coins.length === 1) session.coin(coins[0], 'job', 'pool');
  }

  protected readReply(reply: Reply, session: Sink): void {
    const method = reply.call?.method ?? '';
    if (method === 'mining.submit') session.answer(reply);
    else if (method === 'mining.authorize') session.admission(reply);
    else if (method === 'client.get_version') {
      session.agent(reply.result);
    } else if (method === 'mining.subscribe' || isSubscription(reply.result)) {
      if (isSubscription(reply.result)) {
        this.proof.setExtranonce(reply.result[1]);
        session.service('mining.subscribe');
      } else session.refusal(reply);
    } else if (method === 'mining.configure' && objectOf(reply.result) !== null) {
      this.proof.setMask(objectOf(reply.result)?.['version-rolling.mask']);
      session.service(method);
    }
  }
}

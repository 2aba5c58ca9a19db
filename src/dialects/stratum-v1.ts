/**
 * Stratum v1 as slush specified it, with BIP 310 and the NiceHash extensions (docs/protocols.md 1.5): the messages of
 * Bitcoin and of some dozen algorithms that reuse its nine-part job. A difficulty holds for the jobs that follow it
 * and is in units whose worth depends on the algorithm. Left out: farm proxies' own extensions, coinbase analysis.
 */
import { type Account, identifyAccount } from '../evidence/account.ts';
import { algorithmOfCoin } from '../evidence/algorithm.ts';
import { isOfChain, readChain } from '../evidence/coin-chain.ts';
import type { Fact } from '../evidence/fact.ts';
import { sharedText } from '../evidence/shared-text.ts';
import type { Call, Message, Reply } from '../framing/message.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { admission, agentFact, algorithmBeside, loginFact, refusal, Shares, shareUser } from './opening.ts';
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
import { ShareRecomputation } from './stratum-v1-proof.ts';
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

class StratumV1Session {
  private readonly shares = new Shares();
  private readonly proof = new ShareRecomputation();
  /** The subscribe was seen, and no difficulty that cannot be read: a missing one is the default, not merely unknown. */
  private isWhole = false;
  private hasDifficulty = false;
  private lastJobId = '';
  private lastWork = '';
  private chain = '';
  /** The first account that is an address of a coin that pools pay in. */
  private payout: Account | null = null;

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
        if (isSubscribe(params)) yield* this.subscribe(call, list);
        return;
      case 'mining.authorize': {
        const login = loginFact(list[0]);
        const account = login === null ? null : identifyAccount(login.account, call.timeUs);
        if (account?.checksum === 'valid' && account.isPayoutCoin) this.payout ??= account;
        yield login ?? { kind: 'request', method };
        return;
      }
      case 'mining.submit':
        yield* this.submit(call);
        return;
      case 'mining.set_difficulty':
        yield* this.setDifficulty(list[0]);
        return;
      case 'mining.notify':
        yield* this.notify(call);
        return;
      case 'client.reconnect':
        yield { kind: 'reconnect', host: textOf(list[0]) ?? '', port: portOf(list[1]) };
        return;
      case 'mining.configure':
        yield { kind: 'request', method };
        return;
      case 'mining.set_extranonce':
        this.proof.setExtranonce(list[0]);
        yield { kind: 'service', method };
        return;
      case 'mining.set_version_mask':
        this.proof.setMask(list[0]);
        yield { kind: 'service', method };
        return;
      default:
        if (REQUESTS.has(method)) yield { kind: 'request', method };
        else if (SERVICES.has(method)) yield { kind: 'service', method };
    }
  }

  private *subscribe(call: Call, list: readonly unknown[]): Iterable<Fact> {
    this.isWhole = !call.cut;
    yield { kind: 'request', method: call.method };
    yield* agentFact(list[0]);
    // NiceHash puts a signature there.
    const host = textOf(list[2]);
    if (host !== null && !isHex(host, 64)) yield { kind: 'target', host, port: portOf(list[3]) };
  }

  private *submit(call: Call): Iterable<Fact> {
    const { params } = call;
    if (params === undefined && call.cut) {
      yield this.shares.take(call, { jobId: null, account: null, worker: null, nonce: null });
    } else if (isShare(params)) {
      const [user, jobId, extraNonce2, time, nonce, version] = params;
      yield this.shares.take(call, {
        jobId: jobIdOf(jobId),
        ...shareUser(user),
        nonce: String(nonce),
        extraNonce2: [extraNonce2, time, ...(typeof version === 'string' ? [version] : [])].join(':'),
      });
      yield* this.proof.addShare(params);
    }
  }

  private *setDifficulty(value: unknown): Iterable<Fact> {
    const difficulty = positiveNumber(value);
    if (difficulty === null) {
      // Miners keep the previous one. If there is none, one was set but cannot be read: the default does not apply.
      this.isWhole = false;
      return;
    }
    this.hasDifficulty = true;
    this.proof.setDifficulty(difficulty);
    yield { kind: 'difficulty', difficulty: { scale: 'units', value: difficulty } };
  }

  private *notify(call: Call): Iterable<Fact> {
    const lbry = lbryParts(call.params);
    const params = lbry ?? call.params;
    if (!isJob(params)) return;
    if (this.isWhole && !this.hasDifficulty) yield* this.setDifficulty(DEFAULT_DIFFICULTY);
    const jobId = jobIdOf(params[0]) ?? '';
    const work = sharedText(`${params[1]} ${params[7]}`);
    if (jobId === this.lastJobId && work === this.lastWork) return;
    this.lastJobId = jobId;
    this.lastWork = work;
    const beside = algorithmBeside(call);
    if (lbry !== null) yield* this.name('lbry', 'job', 'root of a claim trie in mining.notify', ['LBC']);
    else if (beside !== undefined) yield* this.name(beside.algorithm, 'job', beside.detail, []);
    else {
      this.proof.addJob(params);
      yield* this.readChain(params);
    }
    yield { kind: 'job', jobId, difficulty: null, previous: sharedText(String(params[1])) };
  }

  /** The algorithm and coin that the job leaves no doubt about, or that the account and the job's bits agree on. */
  private *readChain(parts: readonly unknown[]): Iterable<Fact> {
    const [, , coinbase1, coinbase2, , , nbits, ntime] = parts.map(String);
    const { algorithm, coins, networkDifficulty } = readChain({ coinbase1, coinbase2, nbits, ntime });
    const difficulty = networkDifficulty?.toPrecision(4);
    if (algorithm !== null) {
      const detail = sharedText(`coinbase and network difficulty ${difficulty}`);
      yield* this.name(algorithm, 'job', detail, coins);
      return;
    }
    const paid = this.payout?.coins.filter((coin) => isOfChain(coin, networkDifficulty ?? 0)) ?? [];
    const named = algorithmOfCoin(paid[0] ?? '');
    if (paid.length !== 1 || named === null) return;
    yield* this.name(named, 'account', `address of ${paid[0]}, and network difficulty ${difficulty}`, []);
  }

  private *name(
    algorithm: string,
    source: 'job' | 'account',
    detail: string,
    coins: readonly string[],
  ): Iterable<Fact> {
    const key = sharedText(`${source} ${algorithm} ${coins.join()}`);
    if (key === this.chain) return;
    this.chain = key;
    yield { kind: 'algorithm', algorithm, source, detail, side: 'pool' };
    if (coins.length === 1) yield { kind: 'coin', coin: coins[0], source: 'job', side: 'pool' };
  }

  private *readReply(reply: Reply): Iterable<Fact> {
    const method = reply.call?.method ?? '';
    if (method === 'mining.submit') yield* this.shares.answer(reply);
    else if (method === 'mining.authorize') yield* admission(reply);
    else if (method === 'client.get_version') {
      yield* agentFact(reply.result);
    } else if (method === 'mining.subscribe' || isSubscription(reply.result)) {
      if (isSubscription(reply.result)) {
        this.proof.setExtranonce(reply.result[1]);
        yield { kind: 'service', method: 'mining.subscribe' };
      } else yield* refusal(reply);
    } else if (method === 'mining.configure' && objectOf(reply.result) !== null) {
      this.proof.setMask(objectOf(reply.result)?.['version-rolling.mask']);
      yield { kind: 'service', method };
    }
  }
}

/**
 * Stratum v1 as slush specified it, with BIP 310 and the NiceHash extensions (docs/reference/protocols.md 1.5): the messages of
 * Bitcoin and of some dozen algorithms that reuse its nine-part job. A difficulty holds for the jobs that follow it
 * and is in units whose worth depends on the algorithm. Left out: farm proxies' own extensions, coinbase analysis.
 */
import { sharedText } from '../evidence/shared-text.ts';
import type { Call, Reply } from '../framing/message.ts';
import { form } from './form.ts';
import { ADMISSION, ANSWER, type Grammar, grammar, REQUEST, rowsOf, SERVICE } from './grammar.ts';
import { REQUESTS, reconnect, SERVICES } from './mining-family.ts';
import { algorithmBeside, isHidden } from './opening.ts';
import {
  isHex,
  isListOrNothing,
  jobIdOf,
  listOf,
  objectOf,
  portOf,
  positiveNumber,
  stringsOf,
  textOf,
} from './shape.ts';
import type { Sink } from './sink.ts';
import { type JobNaming, poolJob } from './stratum-v1-job.ts';
import { ShareRecomputation } from './stratum-v1-proof.ts';

/** Difficulty before the pool sets one (EthereumStratum/1.0.0 text and custom). */
const DEFAULT_DIFFICULTY = 1;

/** User, job, extranonce2, time, nonce, and version bits if rolling was agreed. */
const shareOf = form('user jobId hex0..32 hex8 nonce=hex8 hex8?');
/** `[subscriptions, extranonce1, size of extranonce2]`. */
const isSubscription = form('any hex0..16 int1..16');

/** What Stratum v1's methods say, and tell of it. */
export const V1: Grammar<StratumV1Session> = {
  own: () => new StratumV1Session(),
  knowsCut: true,
  ofReply: ({ call, result }) => (call === undefined && isSubscription(result) ? 'possible' : 'foreign'),
  otherwise: (reply, session, own) => own.subscribed(reply, session),
  always: ({ body }, session) => Number.isSafeInteger(body.client_id) && session.passesOn(),
  rows: {
    ...rowsOf(REQUESTS, { possible: isListOrNothing, read: REQUEST }),
    ...rowsOf(SERVICES, { possible: isListOrNothing, read: SERVICE }),
    'mining.subscribe': {
      possible: isSubscribe,
      read: (call, session, own) => own.subscribe(call, session),
      reply: (reply, session, own) => own.subscribed(reply, session) || session.refusal(reply),
    },
    'mining.authorize': {
      possible: (params) => stringsOf(params, 1, 3),
      read: ({ method, params }, session, own) => {
        own.account = session.authorize(method, listOf(params)?.[0])?.account ?? own.account;
      },
      reply: ADMISSION,
    },
    'mining.configure': {
      certain: form('names object?', { names: (value) => stringsOf(value, 0, 16) }),
      read: REQUEST,
      reply: ({ result }, session, own) => {
        if (objectOf(result) === null) return;
        own.proof.setMask(objectOf(result)?.['version-rolling.mask']);
        session.service('mining.configure');
      },
    },
    // ckpool in front of another ckpool: what is said to and by its miners follows with a `client_id` each.
    'mining.passthrough': {
      possible: isListOrNothing,
      read: ({ method, params }, session) => {
        session.request(method);
        session.agent(listOf(params)?.[0]);
      },
    },
    'mining.set_extranonce': {
      possible: isListOrNothing,
      read: ({ method, params }, session, own) => {
        own.proof.setExtranonce(listOf(params)?.[0]);
        session.service(method);
      },
    },
    'mining.set_version_mask': {
      certain: (params) => isHex(listOf(params)?.[0], 8),
      read: ({ method, params }, session, own) => {
        own.proof.setMask(listOf(params)?.[0]);
        session.service(method);
      },
    },
    'mining.set_difficulty': {
      possible: (params) => positiveNumber(listOf(params)?.[0]),
      read: ({ params }, session, own) => own.setDifficulty(listOf(params)?.[0], session),
    },
    'mining.notify': { certain: poolJob, read: (call, session, own) => own.notify(call, session) },
    'mining.submit': {
      certain: shareOf,
      read: (call, session, own) => own.submit(call, session),
      reply: ANSWER,
    },
    'client.get_version': {
      possible: isListOrNothing,
      read: SERVICE,
      reply: ({ result }, session) => session.agent(result),
    },
    'client.reconnect': { possible: (params) => listOf(params ?? []), read: reconnect },
  },
};

export const stratumV1 = grammar({
  id: 'stratum-v1',
  title: 'Stratum v1',
  reference: 'slush stratum (2012), BIP 310, docs/reference/protocols.md 1.5',
  serves: 'Bitcoin and its forks, Litecoin, Dogecoin, Dash, LBRY and most algorithms with a Bitcoin header',
  framing: 'json-lines',
  ...V1,
});

/** `[]`, `[agent]`, `[agent, session]`, `[agent, session, host, port]`; other dialects name themselves second. */
function isSubscribe(params: unknown): boolean {
  const list = listOf(params ?? []);
  if (list === null || list.length > 4) return false;
  const [agent, session] = list;
  if (agent !== undefined && agent !== null && typeof agent !== 'string') return false;
  return !(typeof session === 'string' && session.startsWith('EthereumStratum/'));
}

export class StratumV1Session {
  readonly proof = new ShareRecomputation();
  /** The subscribe was seen, and no difficulty that cannot be read: where no bytes are missing, the default holds. */
  private isWhole = false;
  private hasDifficulty = false;
  private lastJobId = '';
  private lastWork = '';
  private chain = '';
  /** Who logged in last; '' if nobody has. */
  account = '';

  subscribe(call: Call, session: Sink): void {
    if (!isSubscribe(call.params)) return;
    const [agent, , named, port] = listOf(call.params) ?? [];
    this.isWhole = !call.cut;
    session.request(call.method);
    session.agent(agent);
    // NiceHash puts a signature there.
    const host = textOf(named);
    if (host !== null && !isHex(host, 64)) session.target(host, portOf(port));
  }

  /** True if the reply answers a subscription. */
  subscribed({ result }: Reply, session: Sink): boolean {
    if (isSubscription(result) === null) return false;
    this.proof.setExtranonce(listOf(result)?.[1]);
    session.service('mining.subscribe');
    return true;
  }

  submit(call: Call, session: Sink): void {
    const share = shareOf(call.params);
    const parts = listOf(call.params) ?? [];
    if (share === null) {
      if (isHidden(call)) session.share(call, {});
      return;
    }
    const { jobId, user, nonce } = share;
    const extra = parts.length > 5 ? [parts[2], parts[3], parts[5]] : [parts[2], parts[3]];
    session.share(call, { jobId, user, nonce, extraNonce2: extra.join(':') });
    this.proof.addShare(parts, session);
  }

  setDifficulty(value: unknown, session: Sink): void {
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

  notify(call: Call, session: Sink): void {
    const job = poolJob(call.params);
    if (job === null) return;
    if (this.isWhole && !this.hasDifficulty && !session.hasGap)
      this.setDifficulty(DEFAULT_DIFFICULTY, session);
    const jobId = jobIdOf(listOf(call.params)?.[0]) ?? '';
    if (jobId === this.lastJobId && job.work === this.lastWork) return;
    this.lastJobId = jobId;
    this.lastWork = job.work;
    const beside = job.isLbry ? undefined : algorithmBeside(call);
    if (beside === undefined) this.proof.addJob(jobId, job);
    this.name(beside === undefined ? job.naming : { ...beside, coins: [] }, session);
    this.newJob(jobId, job.previous, session);
  }

  protected newJob(jobId: string, previous: string, session: Sink): void {
    session.newJob(jobId, null, { previous });
  }

  /** A job has told the algorithm. */
  protected get isNamed(): boolean {
    return this.chain !== '';
  }

  private name(naming: JobNaming | null, session: Sink): void {
    if (naming === null) return;
    const { algorithm, detail, coins } = naming;
    const chain = `${algorithm} ${coins.join()}`;
    if (chain === this.chain) return;
    this.chain = sharedText(chain);
    session.algorithm(algorithm, 'job', detail, 'pool');
    if (coins.length === 1) session.coin(coins[0], 'job', 'pool');
  }
}

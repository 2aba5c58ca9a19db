/**
 * What the dialects have in common around a session: logins, answers to them, shares and answers to shares.
 */
import { splitLogin } from '../evidence/account.ts';
import { identifyAgent } from '../evidence/agent.ts';
import type { Fact, JobFact, LoginFact } from '../evidence/fact.ts';
import { type Answer, classifyAnswer } from '../evidence/outcome.ts';
import type { Call, Message, Reply } from '../framing/message.ts';
import { headerOf, textOf } from './shape.ts';

/** True for a message over HTTP whose agent is known mining software. */
export function isByMiner(message: Message): boolean {
  return (identifyAgent(headerOf(message, 'user-agent'))?.vendorClass ?? 'unknown') !== 'unknown';
}

/** A login as sent (`account.worker` and relatives), null if it is not text. */
export function loginFact(login: unknown, worker: string | null = null): LoginFact | null {
  const text = textOf(login);
  if (text === null) return null;
  const parts = splitLogin(text);
  return { kind: 'login', account: parts.account, worker: worker ?? parts.worker };
}

/**
 * The algorithm that a pool of several names in a job: `algo` beside `params` (MoneroOcean's and relatives). Undefined
 * if it names none.
 */
export function algorithmBeside({ body }: Call): { algorithm: string; detail: string } | undefined {
  const name = textOf(body.algo ?? body.algorithm);
  return name === null ? undefined : { algorithm: name.toLowerCase(), detail: 'algo of the job' };
}

/** The software that a message names; nothing if that is not text. */
export function* agentFact(name: unknown): Iterable<Fact> {
  const agent = textOf(name);
  if (agent !== null) yield { kind: 'agent', agent };
}

/**
 * True for a reply that the capture cut before it said yes or no. `"result":null` is not enough: what follows may be an
 * error, and if nothing follows, some pools mean yes.
 */
export function isCutShort(reply: Reply): boolean {
  const { result, error } = reply;
  return reply.cut && (result === undefined || result === null) && (error === undefined || error === null);
}

/** The pool's answer to a login. */
export function* admission(reply: Reply): Iterable<Fact> {
  if (isCutShort(reply)) return;
  const { outcome, text } = classifyAnswer(reply.result, reply.error);
  const admitted = outcome === 'accepted';
  yield { kind: 'admission', admitted, reason: admitted ? '' : text };
}

/** A refusal of something other than a login or share: an admission that failed. Nothing if it was not a refusal. */
export function* refusal(reply: Reply): Iterable<Fact> {
  if (reply.error === undefined || reply.error === null || reply.error === false) return;
  yield { kind: 'admission', admitted: false, reason: classifyAnswer(null, reply.error).text };
}

/** Numbers the shares of a session and finds them again when the answer comes. */
export class Shares {
  private count = 0;

  /** A share's facts; `from` names what the message says of it. */
  take(
    call: Message,
    from: {
      jobId: string | null;
      account: string | null;
      worker: string | null;
      nonce: string | null;
      extraNonce2?: string;
      reaches?: number;
    },
  ): Fact {
    const token = this.count++;
    call.memo = { of: this, token };
    return { kind: 'share', token, ...from };
  }

  /** The answer to a share by its message, for envelopes that say it in no reply. Nothing if that was not a share. */
  *answerTo(call: Message | undefined, answer: Answer): Iterable<Fact> {
    const token = this.tokenOf(call);
    if (token !== undefined) yield { kind: 'answer', token, ...answer };
  }

  /** The answer to a share, or nothing if the reply answers something else or says neither yes nor no. */
  *answer(reply: Reply, error: unknown = reply.error ?? rejection(reply)): Iterable<Fact> {
    const token = this.tokenOf(reply.call);
    if (token === undefined || isCutShort(reply)) return;
    yield { kind: 'answer', token, ...classifyAnswer(reply.result, error) };
  }

  private tokenOf(call: Message | undefined): number | undefined {
    return call?.memo?.of === this ? call.memo.token : undefined;
  }
}

/** Why ckpool took no share: it says so beside `result` and leaves `error` null. */
function rejection({ body, result }: Reply): unknown {
  const reason = result === true ? null : textOf(body['reject-reason']);
  return reason === null ? null : { message: reason };
}

/** Account and worker of a share's user name. */
export function shareUser(user: unknown): { account: string | null; worker: string | null } {
  const login = loginFact(user);
  return { account: login?.account ?? null, worker: login?.worker ?? null };
}

/** Says each job once: pools repeat jobs, and polling clients get the same one again and again. */
export class Jobs {
  private last = '';

  /** The job's fact, or nothing if the job and its difficulty are those of the last one. */
  *take(
    jobId: string,
    hashes: number | null,
    more: Pick<JobFact, 'previous' | 'fixesNonce'> = {},
  ): Iterable<Fact> {
    const key = `${jobId} ${hashes}`;
    if (key === this.last) return;
    this.last = key;
    yield {
      kind: 'job',
      jobId,
      difficulty: hashes === null ? null : { scale: 'hashes', value: hashes },
      ...more,
    };
  }
}

/** What dialects ask of messages that have to do with logins and answers, whatever the protocol. */
import { splitLogin } from '../evidence/account.ts';
import { namesMiner } from '../evidence/agent.ts';
import type { Call, Message, Reply } from '../framing/message.ts';
import { headerOf, textOf } from './shape.ts';

/**
 * Who logs in. `worker` null if none was named. `isPayout`: the login names the coin in which a service is to pay, so that
 * the account says nothing of what is mined.
 */
export interface Login {
  readonly account: string;
  readonly worker: string | null;
  readonly isPayout?: boolean;
}

/** Algorithm, and perhaps coin, that a job or session names, and by what. */
export interface Naming {
  readonly algorithm: string;
  readonly detail: string;
  readonly coin?: string;
}

/** A login as sent (`account.worker` and relatives), null if it is not text. */
export function loginOf(login: unknown, worker: string | null = null): Login | null {
  const text = textOf(login);
  if (text === null) return null;
  const parts = splitLogin(text);
  return { account: parts.account, worker: worker ?? parts.worker, isPayout: parts.isPayout };
}

/** True for a message over HTTP whose agent is such software. */
export function isByMiner(message: Message): boolean {
  return namesMiner(headerOf(message, 'user-agent'));
}

/**
 * The algorithm that a pool of several names in a job: `algo` beside `params` (MoneroOcean's and relatives). Undefined
 * if it names none.
 */
export function algorithmBeside({ body }: Call): Naming | undefined {
  const name = textOf(body.algo ?? body.algorithm);
  return name === null ? undefined : { algorithm: name.toLowerCase(), detail: 'algo of the job' };
}

/** True for a call that the capture cut before its parameters: it shows its method and not what would prove it. */
export function isHidden({ cut, params }: Call): boolean {
  return cut && params === undefined;
}

/**
 * True for a reply that the capture cut before it said yes or no. `"result":null` is not enough: what follows may be an
 * error, and if nothing follows, some pools mean yes.
 */
export function isCutShort(reply: Reply): boolean {
  const { result, error } = reply;
  return reply.cut && (result === undefined || result === null) && (error === undefined || error === null);
}

/** Why ckpool took no share: it says so beside `result` and leaves `error` null. */
export function rejectionBeside({ body, result }: Reply): unknown {
  const reason = result === true ? null : textOf(body['reject-reason']);
  return reason === null ? null : { message: reason };
}

/**
 * EthereumStratum/2.0.0 (EIP-1571, docs/reference/protocols.md 1.10): a hello, a session, worker tokens in place of names, and
 * `mining.set` for whatever changes. Its target is sent without leading zeros and holds until the next one. A share
 * that is fine is answered with nothing but its id. Left out: gzip on the stream, session resumption.
 */
import { hashesFromTarget256 } from '../evidence/target.ts';
import type { Call, Reply } from '../framing/message.ts';
import { wordOf } from '../json.ts';
import { WorkNames } from './eth-work.ts';
import { form, oneOf } from './form.ts';
import { ANSWER, grammar, REFUSAL, REQUEST } from './grammar.ts';
import { isCutShort, type Login, loginOf, type Naming } from './opening.ts';
import { isNothing, listOf, objectOf, portOf, stringsOf, textOf } from './shape.ts';
import type { Sink } from './sink.ts';

/** Target until the pool sets one. */
const DEFAULT_TARGET = `00000000ffff${'0'.repeat(52)}`;
const WORKERS_LIMIT = 1024;
/** Quai's pool says `progpow` of its own variant; its node and its miner name themselves. */
const QUAI: Naming = {
  algorithm: 'progpow_quai',
  coin: 'QUAI',
  detail: 'algo of mining.set, and node or miner of Quai',
};

const KINDS = {
  digits: /^[0-9a-fA-F]{1,64}$/,
  height: /^[0-9a-fA-F]{1,16}$/,
  clean: /^[01]$/,
  rate: /^(0x)?[0-9a-fA-F]{1,16}$/,
  name: /^.+$/s,
};
/** Job, height in hex, header hash, "0" or "1" for clean. */
const jobOf = oneOf(
  form('jobId=digits height hex64 clean', KINDS),
  // Abelian names its parts.
  form('job_id:jobId=digits height:height content_hash:hex64 clean_job:clean', KINDS),
);
/** Job, nonce less the pool's part, worker token. */
const shareOf = oneOf(
  form('jobId=digits nonce=hex2..16 user=name', KINDS),
  form('job_id:jobId=digits nonce:nonce=hex2..16 worker:user=name', KINDS),
);
const isRate = form('rate string', KINDS);

export const ethereumStratum2 = grammar({
  id: 'ethereum-stratum-2',
  title: 'EthereumStratum/2.0.0',
  reference: 'EIP-1571, go-quai-stratum proxy/stratum.go, docs/reference/protocols.md 1.10',
  checked: '2026-11',
  serves: 'Ethash and Etchash coins; Quai',
  framing: 'json-lines',
  own: () => new EthereumStratum2Session(),
  rows: {
    'mining.hello': {
      certain: (params) => /^(?:EthereumStratum\/2\.|AbelianStratum)/.test(wordOf(objectOf(params)?.proto)),
      read: (call, session, own) => own.hello(call, session),
      reply: opened,
    },
    'mining.subscribe': {
      possible: (params) => params === undefined || typeof params === 'string',
      read: REQUEST,
      reply: opened,
    },
    'mining.authorize': {
      possible: (params) => stringsOf(params, 1, 2),
      read: ({ method, params }, session) => session.authorize(method, listOf(params)?.[0]),
      reply: (reply, session, own) => own.authorized(reply, session),
    },
    'mining.set': {
      certain: oneOf(form('target:digits', KINDS), form('epoch:hex1..16')),
      read: ({ params }, session, own) => own.set(params, session),
    },
    'mining.notify': { certain: jobOf, read: ({ params }, session, own) => own.notify(params, session) },
    'mining.submit': {
      possible: shareOf,
      share: (params, _, own) => {
        const share = shareOf(params);
        return share && { ...share, user: null, ...own.workers.get(share.user ?? '') };
      },
      reply: ANSWER,
    },
    'mining.noop': { possible: isNothing, read: REQUEST },
    'mining.bye': { possible: isNothing, read: REQUEST },
    'mining.hashrate': {
      possible: isRate,
      read: ({ method, params }, session) => {
        if (isRate(params) !== null) session.hashrate(Number.parseInt(wordOf(listOf(params)?.[0]), 16));
        else if (objectOf(params) !== null) session.service(method);
      },
    },
    'mining.reconnect': {
      possible: form('host:string'),
      read: ({ params }, session) => {
        const { host, port } = objectOf(params) ?? {};
        session.reconnect(textOf(host) ?? '', hexPort(port));
      },
    },
  },
});

/** The answer to a hello or a subscription. */
function opened(reply: Reply, session: Sink): void {
  if (reply.error !== undefined && reply.error !== null) REFUSAL(reply, session);
  else if (!isCutShort(reply)) session.service(reply.call?.method ?? '');
}

class EthereumStratum2Session {
  readonly workers = new Map<string, Login>();
  private isWhole = false;
  private hasTarget = false;
  private readonly names = new WorkNames();
  /** The pool's node is Quai's. */
  private isQuai = false;

  hello(call: Call, session: Sink): void {
    const params = objectOf(call.params) ?? {};
    this.isWhole = !call.cut;
    this.isQuai ||= /\bquai\b/i.test(textOf(params.agent) ?? '');
    session.request(call.method);
    session.agent(params.agent);
    const host = textOf(params.host);
    if (host !== null) session.target(host, hexPort(params.port));
  }

  set(params: unknown, session: Sink): void {
    const set = objectOf(params);
    const name = textOf(set?.algo)?.toLowerCase();
    if (name !== undefined) {
      const isQuais = this.isQuai && name === 'progpow';
      this.names.say(isQuais ? QUAI : { algorithm: name, detail: 'algo of mining.set' }, session);
    }
    if (typeof set?.target === 'string') this.setTarget(set.target, session);
  }

  private setTarget(target: string, session: Sink): void {
    const hashes = KINDS.digits.test(target) ? hashesFromTarget256(target) : null;
    if (hashes === null) return;
    this.hasTarget = true;
    session.difficulty(hashes);
  }

  notify(params: unknown, session: Sink): void {
    const job = jobOf(params);
    if (job === null) return;
    // Who names the parts is no pool of Ethash.
    if (objectOf(params) === null) this.names.say(undefined, session);
    if (this.isWhole && !this.hasTarget && !session.hasGap) this.setTarget(DEFAULT_TARGET, session);
    session.job(job.jobId, null);
  }

  authorized(reply: Reply, session: Sink): void {
    const login = loginOf(listOf(reply.call?.params)?.[0]);
    if (login === null) return;
    const token = textOf(reply.result);
    if (token !== null && this.workers.size < WORKERS_LIMIT) this.workers.set(token, login);
    // A token is the consent here, so it need not be one of the usual words for yes.
    if (token === null) session.admission(reply);
    else session.admit();
  }
}

/** EIP-1571 sends ports in hex. */
function hexPort(value: unknown): number {
  return typeof value === 'string' && /^(0x)?[0-9a-fA-F]{1,4}$/.test(value)
    ? portOf(Number.parseInt(value, 16))
    : 0;
}

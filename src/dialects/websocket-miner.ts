/**
 * Miners in web pages: CryptoNote work in envelopes of their own, mostly over WebSocket. Coinhive's (`type` and
 * `params`; docs/reference/protocols.md 1.21), webminerpool's (`identifier`; 1.22), and any other in which an object with blob,
 * target and job id lies at most three deep. JSON-RPC over WebSocket is the business of the dialects that speak it.
 */
import { readMoneroBlob } from '../evidence/coin-chain.ts';
import { classifyAnswer } from '../evidence/outcome.ts';
import { cryptonoteTarget, difficultiesOfResult } from '../evidence/target.ts';
import type { Call, Datum, JsonObject, Message, Reply } from '../framing/message.ts';
import { isObject, wordOf } from '../json.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { form } from './form.ts';
import { headerOf, isHex, isWebSocket, jobIdOf, objectOf, portOf, textOf } from './shape.ts';
import type { SharePart, Sink } from './sink.ts';

/** A blob has 76 bytes, a few more with many transactions; one of an envelope that is known may be any. */
const BLOB_LEAST = 150;
const BLOB_MOST = 260;
const DEPTH = 3;
/** Members of the families of webminerpool, by variant. */
const VARIANTS: Readonly<Record<string, readonly (string | undefined)[]>> = {
  cn: ['cn/0', 'cn/1', 'cn/2', 'cn/2', 'cn/r'],
  'cn-lite': ['cn-lite/0', 'cn-lite/1'],
  'cn-pico': [undefined, undefined, 'cn-pico', 'cn-pico'],
  'cn-half': [undefined, undefined, 'cn/half', 'cn/half'],
  'cn-rwz': [undefined, undefined, 'cn/rwz', 'cn/rwz'],
};
/** Major version of Monero's blocks from which on they are RandomX's. */
const RANDOMX_VERSION = 12;
/** Values that are looked through for a job. */
const SEARCH_LIMIT = 256;

export const websocketMiner: Dialect = {
  id: 'websocket-miner',
  title: 'Browser miners over WebSocket',
  reference: 'Coinhive’s clones, webminerpool, docs/reference/protocols.md 1.21 and 1.22',
  serves: 'Monero and other CryptoNight coins, in web pages',
  framing: 'websocket',
  methods: ['#datum', '#call', '#reply'],
  recognise,
  reader: () => new WebSocketMinerSession(),
};

type Said = Datum | Call | Reply;

/** Names of messages of known envelopes that say something, and what must be in them. */
const POSSIBLE = new Map<unknown, (body: JsonObject, params: JsonObject | null) => unknown>([
  ['auth', (_, params) => siteKeyOf(params)],
  ['authed', (_, params) => typeof params?.hashes === 'number'],
  ['hash_accepted', (_, params) => typeof params?.hashes === 'number'],
  ['handshake', (body) => typeof body.pool === 'string' && textOf(body.login)],
  ['hashsolved', () => true],
]);

function recognise(message: Message): Recognition {
  if (message.kind !== 'datum' && message.kind !== 'call' && message.kind !== 'reply') return 'foreign';
  const { body } = message;
  const isOwn = isWebSocket(message);
  // In an envelope that nobody knows it may be quoted; only work on it leaves no doubt.
  if (jobIn(message) !== null) return isOwn && isKnown(body) ? 'certain' : 'possible';
  if (isOwn && shareIn(message) !== null) return 'certain';
  // webminerpool's share has a `result`, as a reply has.
  if (message.kind === 'call' || !isOwn) return 'foreign';
  const params = objectOf(body.params);
  const name = body.type ?? body.identifier;
  if (name === 'submit' || name === 'solved') return shareOf(params ?? body) !== null ? 'certain' : 'foreign';
  const told = POSSIBLE.get(name)?.(body, params) ?? false;
  return told === false ? 'foreign' : 'possible';
}

function siteKeyOf(params: JsonObject | null): string | null {
  const key = params?.site_key;
  return typeof key === 'string' && /^[\w.@+/-]{8,256}$/.test(key) ? key : null;
}

interface WebJob {
  readonly jobId: string;
  readonly blob: string;
  readonly hashes: number;
  readonly algorithm: string | null;
  readonly height: number | null;
}

/**
 * The job in a message, at most three objects deep. Lines of a plain stream that hold one deeper down are a pool's log
 * on its way to a collector; and who asks over HTTP is no pool.
 */
function jobIn(message: Said): WebJob | null {
  const { body, http } = message;
  if (http?.status === 0) return null;
  // In an envelope that is known the blob may be of any length that a job can have.
  const known = isKnown(body) ? jobOf(objectOf(body.params) ?? body, 86, 2048) : null;
  if (known !== null || http === undefined) return known;
  return within(body, (object) => jobOf(object, BLOB_LEAST, BLOB_MOST));
}

function isKnown(body: JsonObject): boolean {
  return body.type === 'job' || body.identifier === 'job';
}

/** The share in a message of an envelope that nobody knows. JSON-RPC's own is the business of its dialect. */
function shareIn(message: Said): SharePart | null {
  const { body } = message;
  const isOther = message.kind === 'call' || typeof body.method === 'string';
  return isOther || !isWebSocket(message) ? null : within(body, shareOf);
}

/** The first thing of its kind in an object or the objects in it, as deep as envelopes go. */
function within<T>(body: JsonObject, find: (object: JsonObject) => T | null): T | null {
  let level: JsonObject[] = [body];
  let looked = 0;
  for (let depth = 0; depth < DEPTH; depth++) {
    const next: JsonObject[] = [];
    for (const object of level) {
      const found = find(object);
      if (found !== null) return found;
      for (const value of Object.values(object)) {
        if (++looked > SEARCH_LIMIT) return null;
        if (isObject(value)) next.push(value);
      }
    }
    level = next;
  }
  return null;
}

function jobOf(job: JsonObject, least: number, most: number): WebJob | null {
  const jobId = jobIdOf(job.job_id);
  if (jobId === null || !isHex(job.blob, least, most)) return null;
  if (!isHex(job.target, 8) && !isHex(job.target, 16)) return null;
  const hashes = cryptonoteTarget(job.target)?.hashes ?? null;
  if (hashes === null) return null;
  const height = typeof job.height === 'number' && Number.isSafeInteger(job.height) ? job.height : null;
  return { jobId, blob: job.blob, hashes, algorithm: algorithmOf(job), height };
}

/** XMRig's name; of webminerpool's pair of family and `variant` as well (its README), which leaves -1 to the block. */
function algorithmOf({ algo, variant }: JsonObject): string | null {
  const name = textOf(algo)?.toLowerCase() ?? null;
  if (name === null || typeof variant !== 'number') return name;
  const member = Object.hasOwn(VARIANTS, name) ? VARIANTS[name][variant] : undefined;
  return member ?? null;
}

const shareForm = form('job_id:jobId nonce:nonce=hex8 result:hex64');

function shareOf(share: JsonObject): SharePart | null {
  const parts = shareForm(share);
  return parts && { ...parts, reaches: difficultiesOfResult(share.result) };
}

class WebSocketMinerSession {
  private isAdmitted = false;
  private hasTarget = false;

  read(message: Message, session: Sink): void {
    if (message.kind !== 'datum' && message.kind !== 'call' && message.kind !== 'reply') return;
    const { body } = message;
    const job = jobIn(message);
    if (job !== null) {
      this.job(job, session);
      return;
    }
    if (message.kind === 'call') return;
    const params = objectOf(body.params);
    switch (body.type ?? body.identifier) {
      case 'auth':
        this.login(message, siteKeyOf(params), textOf(params?.user), session);
        return;
      case 'handshake':
        this.login(message, textOf(body.login), textOf(body.userid), session);
        return;
      case 'authed':
        this.isAdmitted = true;
        session.admit();
        return;
      case 'submit':
      case 'solved':
        submit(message, shareOf(params ?? body), session);
        return;
      case 'hash_accepted':
      case 'hashsolved':
        session.nextOutcome({ outcome: 'accepted', text: '' });
        return;
      case 'error':
      case 'banned':
        this.error(textOf(params?.error) ?? textOf(body.param) ?? wordOf(body.type), session);
        return;
      default:
        submit(message, shareIn(message), session);
    }
  }

  private login(message: Message, account: string | null, worker: string | null, session: Sink): void {
    session.signIn(account, worker);
    const host = /^([\w.-]{1,255})(?::(\d{1,5}))?$/.exec(headerOf(message, 'host'));
    if (host !== null && !this.hasTarget) session.target(host[1], portOf(host[2]));
    this.hasTarget = true;
  }

  /** An error of a running session is about its share; before that it refuses the login. */
  private error(words: string, session: Sink): void {
    if (!session.nextOutcome(classifyAnswer(null, { message: words })) && !this.isAdmitted)
      session.refuse(words);
  }

  private job(job: WebJob, session: Sink): void {
    const block = readMoneroBlob(job.blob, job.height);
    if (job.algorithm !== null) session.named(job.algorithm, 'job', 'algo of the job');
    else if (block?.basis === 'height') {
      if (session.named(block.algorithm, 'job', 'version and height of the block'))
        session.coin('XMR', 'job', 'pool');
    } else {
      // Before RandomX all miners in web pages computed some CryptoNight, and forks count their versions anew.
      const isOld = blockVersion(job.blob) < RANDOMX_VERSION;
      if (isOld || block !== null)
        session.named(isOld ? 'cryptonight' : 'randomx', 'family', 'version of the block');
    }
    session.job(job.jobId, job.hashes);
  }
}

/** Major version of the block, of which one byte is all that there was. */
function blockVersion(blob: string): number {
  return Number.parseInt(blob.slice(0, 2), 16);
}

function submit(message: Message, share: SharePart | null, session: Sink): void {
  if (share !== null) session.shareInOrder(message, share);
}

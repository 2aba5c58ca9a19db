/**
 * The JSON stratum of CryptoNote coins, as XMRig and its pools speak it (docs/reference/protocols.md 1.6): login with the first
 * job in its answer, jobs that carry their target, shares with their hash. Also the self-select variant, whose job
 * has a pool wallet in place of a blob. `login` opens much else (Grin, games, quizzes), so alone it proves nothing.
 */

import { identifyAccount } from '../evidence/account.ts';
import { namesMiner } from '../evidence/agent.ts';
import { type MoneroReading, readMoneroBlob } from '../evidence/coin-chain.ts';
import type { Begun, Call, JsonObject, Reply } from '../framing/message.ts';
import { blobNonce, blobPrevious } from './cryptonote-blob.ts';
import { type CryptonoteJob, hasMonerosBlob, isKawpow, jobOf, nonceOf, shareOf } from './cryptonote-forms.ts';
import { form } from './form.ts';
import { ANSWER, grammar, REQUEST } from './grammar.ts';
import { isCutShort, isHidden, loginOf } from './opening.ts';
import { jobIdOf, listOf, objectOf, textOf } from './shape.ts';
import type { SharePart, Sink } from './sink.ts';

/** The first part of the algorithm names that XMRig sends, aliases and those of older releases included. */
const ALGORITHM_NAME =
  /^(rx|randomx|cn|cryptonight|cn-lite|cn-heavy|cn-pico|argon2|astrobwt|kawpow|ghostrider|gr|sha3x|c29[a-z]?)(\/|$|-)/;

/** The list of algorithms is the miner's own. */
const isLogin = form('login:text pass:string');
const isOfSession = form('id:string');

export const cryptonote = grammar({
  id: 'cryptonote',
  title: 'CryptoNote JSON (XMRig)',
  reference:
    'XMRig, xmrig-proxy, nodejs-pool, graxil, minotari_miner, yadacoin; docs/reference/protocols.md 1.6',
  checked: '2026-11',
  serves: 'Monero and other RandomX and CryptoNight coins, Tari, YadaCoin',
  framing: 'json-lines',
  own: () => new CryptonoteSession(),
  ofReply: (reply) => (jobInReply(reply) === null ? 'foreign' : 'certain'),
  ahead: (reply, session, own) => own.readReply(reply, session),
  always: ({ method }, _, own) => {
    own.isUnderWay ||= method !== 'keepalived';
  },
  rows: {
    login: {
      certain: (params) => {
        const [first] = listOf(objectOf(params)?.algo) ?? [];
        return isLogin(params) && typeof first === 'string' && ALGORITHM_NAME.test(first);
      },
      possible: (params, { begun }) => (begun === undefined ? isLogin(params) : isMiners(begun)),
      read: (call, session, own) => own.login(call, session),
      reply: (reply, session) => {
        if (isBegunSession(reply)) session.admit();
        else session.admission(reply);
      },
    },
    job: {
      certain: (params) => jobOf(objectOf(params)),
      read: (call, session, own) => own.pushed(call, session),
    },
    submit: {
      certain: (params) => shareOf(objectOf(params)),
      share: (params, call) => {
        const share = shareOf(objectOf(params) ?? call.begun?.members ?? null);
        return share ?? (isHidden(call) ? begunShare(call.begun?.members) : null);
      },
      reply: ANSWER,
    },
    keepalived: {
      possible: (params, call) => isHidden(call) || isOfSession(params),
      // Observed first, it belongs to a session that began before the capture and opens none.
      read: (call, session, own) => own.isUnderWay && session.request(call.method),
      reply: (reply, session) => isCutShort(reply) || session.service('keepalived'),
    },
    getjob: { possible: isOfSession, read: REQUEST },
  },
});

/**
 * A login whose capture ended within its parameters is this dialect's if its account is an address, or its agent a miner's;
 * the rest has been lost that would tell shares and jobs from those of games.
 */
function isMiners(begun: Begun): boolean {
  const account = identifyAccount(loginOf(begun.members.login)?.account ?? '');
  return account?.checksum === 'valid' || namesMiner(begunAgent(begun) ?? '');
}

/** The agent of a login in which the capture ended, perhaps within the agent's name. */
function begunAgent({ members, cutMember }: Begun): string | null {
  if (cutMember?.name !== 'agent' || textOf(cutMember.text) === null) return textOf(members.agent);
  return `${cutMember.text.trim()}…`;
}

/** What the answer holds, as far as it was captured. */
function resultOf({ result, begun }: Reply): JsonObject | null {
  return objectOf(result) ?? begun?.members ?? null;
}

/** The job in the answer to a login or getjob; null if there is none. */
function jobInReply(reply: Reply, only: string | null = onlyOf(reply.call)): CryptonoteJob | null {
  const result = resultOf(reply);
  return jobOf(objectOf(result?.job), only) ?? jobOf(result, only);
}

/** The algorithm that a login offers, if it offers no other; null if it offers several or none. */
function onlyOf(call: Call | undefined): string | null {
  const offered = listOf(objectOf(call?.params)?.algo);
  return offered?.length === 1 ? (textOf(offered[0])?.toLowerCase() ?? null) : null;
}

/** The answer to a login, cut within the session that it opens, or its job. */
function isBegunSession({ begun }: Reply): boolean {
  return textOf(begun?.members.id) !== null || objectOf(begun?.members.job) !== null;
}

/** Job and nonce of a share whose capture ended within it, as far as they came. */
function begunShare(begun: JsonObject = {}): SharePart {
  return { jobId: jobIdOf(begun.job_id), nonce: nonceOf(begun) };
}

class CryptonoteSession {
  /** First algorithm of the miner's list: the one it uses if the pool names none. */
  private configured: string | null = null;
  /** The same if it offers no other. */
  private only: string | null = null;
  private isNamed = false;
  /** The session is in NiceHash mode: part of each nonce is set by the pool's side. */
  private fixesNonce = false;
  isUnderWay = false;

  login(call: Call, session: Sink): void {
    const params = objectOf(call.params) ?? call.begun?.members ?? null;
    session.authorize('login', params?.login, textOf(params?.rigid));
    session.agent(call.begun === undefined ? params?.agent : begunAgent(call.begun));
    this.configured = textOf((listOf(params?.algo) ?? [])[0])?.toLowerCase() ?? null;
    this.only = onlyOf(call);
  }

  pushed({ cut, params, begun }: Call, session: Sink): void {
    const job = jobOf(objectOf(params) ?? begun?.members ?? null, this.only);
    if (job !== null) this.job(job, session);
    else if (cut) session.service('job');
  }

  /** True if there is a job in it. */
  readReply(reply: Reply, session: Sink): boolean {
    const isToLogin = reply.call?.method === 'login';
    const result = resultOf(reply);
    this.fixesNonce ||= isToLogin && listOf(result?.extensions)?.includes('nicehash') === true;
    const job = jobInReply(reply, this.only);
    if (job === null) return false;
    // Only a login is answered with a session; a job on its own answers getjob.
    if (isToLogin || objectOf(result?.job) !== null) session.admit();
    this.job(job, session);
    return true;
  }

  private job(job: CryptonoteJob, session: Sink): void {
    const isMonerosForm = job.blob !== null && hasMonerosBlob(job.algorithm ?? this.only);
    const block = isMonerosForm ? readMoneroBlob(job.blob, job.height) : null;
    if (job.algorithm !== null) this.name(job.algorithm, 'algo of the job', session);
    else if (block !== null && (block.basis === 'height' || this.only === null)) {
      // Other coins number their blocks as Monero does: a version alone does not gainsay the one algorithm of a miner.
      this.nameByBlock(block, session);
    } else if (this.configured !== null && !this.isNamed) {
      session.named(this.configured, 'agent', 'first of the algorithms that the miner offers', 'miner');
    }
    const coin = job.coin ?? (block?.basis === 'height' ? 'XMR' : null);
    if (coin !== null) session.mines(coin, 'job');
    // XMRig takes a nonce that is not 0 for NiceHash mode: its last byte stays as it came.
    const nonce = isMonerosForm
      ? blobNonce(job.blob)
      : isKawpow(job.algorithm)
        ? job.blob?.slice(64, 80)
        : undefined;
    this.fixesNonce ||= nonce != null && !/^0*$/.test(nonce);
    const previous = isMonerosForm && job.blob !== null ? blobPrevious(job.blob) : null;
    session.job(job.jobId, job.hashes, {
      ...(this.fixesNonce ? { fixesNonce: true } : {}),
      ...(previous === null ? {} : { previous }),
    });
  }

  /** Of a job without a height the time and the version fit other coins as well, which have variants of their own. */
  private nameByBlock({ algorithm, basis }: MoneroReading, session: Sink): void {
    const detail = `${basis} and version of the block`;
    if (basis === 'height') this.name(algorithm, detail, session);
    else session.named(algorithm.startsWith('rx/') ? 'randomx' : 'cryptonight', 'family', detail);
  }

  private name(algorithm: string, detail: string, session: Sink): void {
    this.isNamed = true;
    session.named(algorithm, 'job', detail);
  }
}

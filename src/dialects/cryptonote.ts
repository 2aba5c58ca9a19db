/**
 * The JSON stratum of CryptoNote coins, as XMRig and its pools speak it (docs/protocols.md 1.6): login with the first
 * job in its answer, jobs that carry their target, shares with their hash. Also the self-select variant, whose job
 * has a pool wallet in place of a blob. `login` opens much else (Grin, games, quizzes), so alone it proves nothing.
 */
import { identifyAccount } from '../evidence/account.ts';
import { identifyAgent } from '../evidence/agent.ts';
import { readMoneroBlob } from '../evidence/coin-chain.ts';
import type { Begun, Call, Reply } from '../framing/message.ts';
import { blobNonce, blobPrevious } from './cryptonote-blob.ts';
import { type CryptonoteJob, hasMonerosBlob, isKawpow, jobOf, nonceOf, shareOf } from './cryptonote-forms.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { isCutShort, loginOf } from './opening.ts';
import { PlainReader, recogniser } from './plain.ts';
import { jobIdOf, listOf, objectOf, textOf } from './shape.ts';
import type { Sink } from './sink.ts';

/** The first part of the algorithm names that XMRig sends, aliases and those of older releases included. */
const ALGORITHM_NAME =
  /^(rx|randomx|cn|cryptonight|cn-lite|cn-heavy|cn-pico|argon2|astrobwt|kawpow|ghostrider|gr|sha3x|c29[a-z]?)(\/|$|-)/;

export const cryptonote: Dialect = {
  id: 'cryptonote',
  title: 'CryptoNote JSON (XMRig)',
  reference: 'XMRig, xmrig-proxy, nodejs-pool, graxil, minotari_miner, yadacoin; docs/protocols.md 1.6',
  checked: '2026-11',
  serves: 'Monero and other RandomX and CryptoNight coins, Tari, YadaCoin',
  framing: 'json-lines',
  methods: ['login', 'job', 'submit', 'keepalived', 'getjob', '#reply'],
  recognise: recogniser(recogniseCall, (reply) => (jobInReply(reply) !== null ? 'certain' : 'foreign')),
  reader: () => new CryptonoteSession(),
};

function recogniseCall(message: Call): Recognition {
  if (message.begun !== undefined) return recogniseBegun(message.method, message.begun);
  const params = objectOf(message.params);
  const isHidden = message.cut && message.params === undefined;
  switch (message.method) {
    case 'login':
      return isHidden ? 'foreign' : recogniseLogin(params);
    case 'job':
      return jobOf(params) !== null ? 'certain' : 'foreign';
    case 'submit':
      return shareOf(params) !== null ? 'certain' : 'foreign';
    case 'keepalived':
      return isHidden || typeof params?.id === 'string' ? 'possible' : 'foreign';
    case 'getjob':
      return typeof params?.id === 'string' ? 'possible' : 'foreign';
    default:
      return 'foreign';
  }
}

/** Login and password; the list of algorithms is the miner's own. */
function recogniseLogin(params: Readonly<Record<string, unknown>> | null): Recognition {
  if (textOf(params?.login) === null || typeof params?.pass !== 'string') return 'foreign';
  const [first] = listOf(params.algo) ?? [];
  return typeof first === 'string' && ALGORITHM_NAME.test(first) ? 'certain' : 'possible';
}

/**
 * A call whose capture ended within its parameters. A login is this dialect's if its account is an address, or its
 * agent a miner's; the rest has been lost that would tell shares and jobs from those of games.
 */
function recogniseBegun(method: string, begun: Begun): Recognition {
  if (method !== 'login') return method === 'keepalived' ? 'possible' : 'foreign';
  const account = identifyAccount(loginOf(begun.members.login)?.account ?? '');
  const software = identifyAgent(begunAgent(begun) ?? '');
  const isMiner = software !== null && software.vendorClass !== 'unknown';
  return account?.checksum === 'valid' || isMiner ? 'possible' : 'foreign';
}

/** The agent of a login in which the capture ended, perhaps within the agent's name. */
function begunAgent({ members, torn }: Begun): string | null {
  if (torn?.name !== 'agent' || textOf(torn.text) === null) return textOf(members.agent);
  return `${torn.text.trim()}…`;
}

/** What the answer holds, as far as it was captured. */
function resultOf({ result, begun }: Reply): Readonly<Record<string, unknown>> | null {
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
function begunShare(begun: Readonly<Record<string, unknown>> = {}): {
  jobId: string | null;
  nonce: string | null;
} {
  return { jobId: jobIdOf(begun.job_id), nonce: nonceOf(begun) };
}

class CryptonoteSession extends PlainReader {
  /** First algorithm of the miner's list: the one it uses if the pool names none. */
  private configured: string | null = null;
  /** The same if it offers no other. */
  private only: string | null = null;
  private algorithm = '';
  private coin = '';
  /** The session is in NiceHash mode: part of each nonce is set by the pool's side. */
  private fixesNonce = false;
  private isUnderWay = false;

  protected readCall(call: Call, session: Sink): void {
    const params = objectOf(call.params) ?? call.begun?.members ?? null;
    this.isUnderWay ||= call.method !== 'keepalived';
    switch (call.method) {
      case 'login': {
        session.authorize('login', params?.login, textOf(params?.rigid));
        session.agent(call.begun === undefined ? params?.agent : begunAgent(call.begun));
        this.configured = textOf((listOf(params?.algo) ?? [])[0])?.toLowerCase() ?? null;
        this.only = onlyOf(call);
        return;
      }
      case 'job': {
        const job = jobOf(params, this.only);
        if (job !== null) this.job(job, session);
        else if (call.cut) session.service('job');
        return;
      }
      case 'submit': {
        const share = shareOf(params);
        if (share === null && !(call.cut && call.params === undefined)) return;
        const { jobId, nonce } = share ?? begunShare(call.begun?.members);
        const { reaches = null, hash } = share ?? {};
        session.share(call, { jobId, nonce, reaches, hash });
        return;
      }
      case 'keepalived':
        // Heard first, it belongs to a session that began before the capture and opens none.
        if (!this.isUnderWay) return;
        session.request(call.method);
        return;
      case 'getjob':
        session.request(call.method);
    }
  }

  protected readReply(reply: Reply, session: Sink): void {
    const method = reply.call?.method ?? '';
    const job = jobInReply(reply, this.only);
    const extensions = listOf(resultOf(reply)?.extensions) ?? [];
    this.fixesNonce ||= method === 'login' && extensions.includes('nicehash');
    if (job !== null) {
      // Only a login is answered with a session; a job on its own answers getjob.
      if (method === 'login' || objectOf(resultOf(reply)?.job) !== null) {
        session.admit();
      }
      this.job(job, session);
    } else if (method === 'login') {
      if (isBegunSession(reply)) session.admit();
      else session.admission(reply);
    } else if (method === 'submit') session.answer(reply);
    else if (method === 'keepalived' && !isCutShort(reply)) session.service(method);
  }

  private job(job: CryptonoteJob, session: Sink): void {
    const isMonerosForm = job.blob !== null && hasMonerosBlob(job.algorithm ?? this.only);
    const block = isMonerosForm ? readMoneroBlob(job.blob, job.height) : null;
    if (job.algorithm !== null) this.name(job.algorithm, 'job', 'algo of the job', 'pool', session);
    else if (block !== null && (block.basis === 'height' || this.only === null)) {
      // Other coins number their blocks as Monero does: a version alone does not gainsay the one algorithm of a miner.
      this.name(block.algorithm, 'job', `${block.basis} and version of the block`, 'pool', session);
    } else if (this.configured !== null && this.algorithm === '') {
      this.name(this.configured, 'agent', 'first of the algorithms that the miner offers', 'miner', session);
    }
    const coin = job.coin ?? (block?.basis === 'height' ? 'XMR' : null);
    if (coin !== null && coin !== this.coin) {
      this.coin = coin;
      session.coin(coin, 'job', 'pool');
    }
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

  private name(
    algorithm: string,
    source: 'job' | 'agent',
    detail: string,
    side: 'miner' | 'pool',
    session: Sink,
  ): void {
    if (algorithm === this.algorithm) return;
    this.algorithm = algorithm;
    session.algorithm(algorithm, source, detail, side);
  }
}

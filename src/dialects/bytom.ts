/**
 * Bytom's Stratum (docs/protocols.md 1.7, 1.16): CryptoNote's login, job and submit with a job of header fields in place
 * of a blob. Historical; its algorithm has no row in the table of rates, its targets are read as CryptoNote's.
 */
import { cryptonoteTarget } from '../evidence/target.ts';
import type { JsonObject, Message } from '../framing/message.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { isHex, isPlain, jobIdOf, objectOf } from './shape.ts';
import type { Sink } from './sink.ts';

export const bytom: Dialect = {
  id: 'bytom',
  title: 'Bytom Stratum',
  reference: 'btcpool, docs/protocols.md 1.16',
  serves: 'Bytom',
  framing: 'json-lines',
  methods: ['login', 'job', 'getwork', '#reply'],
  recognise,
  read,
};

function recognise(message: Message): Recognition {
  if (!isPlain(message)) return 'foreign';
  if (message.kind === 'reply') return jobInResult(message.result) !== null ? 'certain' : 'foreign';
  if (message.kind !== 'call') return 'foreign';
  return message.method === 'job' && jobOf(objectOf(message.params)) !== null ? 'certain' : 'foreign';
}

function jobInResult(result: unknown): { jobId: string; hashes: number } | null {
  const fields = objectOf(result);
  return jobOf(objectOf(fields?.job)) ?? jobOf(fields);
}

function jobOf(job: JsonObject | null): { jobId: string; hashes: number } | null {
  const jobId = jobIdOf(job?.job_id);
  if (job === null || jobId === null || !isHex(job.target, 8)) return null;
  const hashes = cryptonoteTarget(job.target)?.hashes ?? null;
  const isJob =
    isHex(job.previous_block_hash, 64) && isHex(job.transactions_merkle_root, 64) && isHex(job.seed, 64);
  return hashes === null || !isJob ? null : { jobId, hashes };
}

function read(message: Message, session: Sink): void {
  if (!isPlain(message)) return;
  if (message.kind === 'call') {
    const params = objectOf(message.params);
    if (message.method === 'login') {
      session.authorize('login', params?.login);
      session.agent(params?.agent);
    } else if (message.method === 'job') takeJob(jobOf(params), session);
    else if (message.method === 'submit') {
      const jobId = jobIdOf(params?.job_id);
      const nonce = isHex(params?.nonce, 8, 16) ? params.nonce : null;
      if (jobId === null || nonce === null) return;
      session.share(message, { jobId, nonce });
    } else if (message.method === 'getwork') session.request('getwork');
  } else if (message.kind === 'reply') {
    const job = jobInResult(message.result);
    if (job !== null && message.call?.method === 'login') session.admit();
    else if (message.call?.method === 'login') session.admission(message);
    else session.answer(message);
    takeJob(job, session);
  }
}

function takeJob(job: { jobId: string; hashes: number } | null, session: Sink): void {
  if (job === null) return;
  session.names('tensority', 'BTM', 'jobs of Bytom');
  session.job(job.jobId, job.hashes);
}

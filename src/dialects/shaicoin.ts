/**
 * Shaicoin's pool protocol over WebSocket (shaipot and its pools): `{"type":"job"}` with header and target, `submit` with
 * the miner's address, a nonce and the path through the graph that is its proof, and `accepted` or `rejected`. There is no
 * login: each share names the address.
 */
import { hashesFromTarget256 } from '../evidence/target.ts';
import type { JsonObject, Message } from '../framing/message.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { isHex, isWebSocket, jobIdOf, textOf } from './shape.ts';
import type { Sink } from './sink.ts';

export const shaicoin: Dialect = {
  id: 'shaicoin',
  title: 'Shaicoin pool protocol',
  reference: 'shaicoin/shaipot, shaicoin pool mining_service.js',
  checked: '2026-11',
  serves: 'Shaicoin',
  framing: 'websocket',
  methods: ['#datum'],
  recognise,
  read,
};

function recognise(message: Message): Recognition {
  if (message.kind !== 'datum' || !isWebSocket(message)) return 'foreign';
  return jobOf(message.body) !== null || shareOf(message.body) !== null ? 'certain' : 'foreign';
}

function jobOf({ type, job_id, data, target }: JsonObject): { jobId: string; hashes: number | null } | null {
  const jobId = jobIdOf(job_id);
  // A header without its nonce and path.
  const isJob = type === 'job' && isHex(data, 120, 400) && isHex(target, 64);
  return isJob && jobId !== null ? { jobId, hashes: hashesFromTarget256(target) } : null;
}

interface ShaicoinShare {
  readonly jobId: string;
  readonly nonce: string;
  readonly user: unknown;
}

function shareOf({ type, miner_id, nonce, job_id, path }: JsonObject): ShaicoinShare | null {
  const jobId = jobIdOf(job_id);
  const isShare =
    type === 'submit' && textOf(miner_id) !== null && isHex(nonce, 2, 64) && isHex(path, 64, 20_000);
  return isShare && jobId !== null ? { jobId, nonce, user: miner_id } : null;
}

function read(message: Message, session: Sink): void {
  if (message.kind !== 'datum' || !isWebSocket(message)) return;
  const { body } = message;
  const job = jobOf(body);
  const share = shareOf(body);
  if (job !== null) takeJob(job.jobId, job.hashes, session);
  else if (share !== null) {
    session.shareInOrder(message, share);
  } else if (body.type === 'accepted') {
    session.nextOutcome({ outcome: 'accepted', text: '' });
  } else if (body.type === 'rejected') {
    const text = textOf(body.message) ?? '';
    const outcome = /job id/i.test(text) ? 'stale' : 'other';
    session.nextOutcome({ outcome, text });
  }
}

function takeJob(jobId: string, hashes: number | null, session: Sink): void {
  session.names('shaihive', 'SHAI', 'jobs of Shaicoin');
  session.job(jobId, hashes);
}

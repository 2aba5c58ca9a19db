/**
 * Shaicoin's pool protocol over WebSocket (shaipot and its pools): `{"type":"job"}` with header and target, `submit` with
 * the miner's address, a nonce and the path through the graph that is its proof, and `accepted` or `rejected`. There is no
 * login: each share names the address.
 */
import type { Fact } from '../evidence/fact.ts';
import { hashesFromTarget256 } from '../evidence/target.ts';
import type { Datum, JsonObject, Message } from '../framing/message.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { Jobs, Shares, shareUser } from './opening.ts';
import { isHex, isWebSocket, jobIdOf, textOf } from './shape.ts';

const OPEN_LIMIT = 1024;

export const shaicoin: Dialect = {
  id: 'shaicoin',
  title: 'Shaicoin pool protocol',
  reference: 'shaicoin/shaipot, shaicoin pool mining_service.js',
  checked: '2026-11',
  serves: 'Shaicoin',
  framing: 'websocket',
  recognise,
  reader: () => new ShaicoinSession(),
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
  readonly account: string | null;
  readonly worker: string | null;
}

function shareOf({ type, miner_id, nonce, job_id, path }: JsonObject): ShaicoinShare | null {
  const jobId = jobIdOf(job_id);
  const isShare =
    type === 'submit' && textOf(miner_id) !== null && isHex(nonce, 2, 64) && isHex(path, 64, 20_000);
  return isShare && jobId !== null ? { jobId, nonce, ...shareUser(miner_id) } : null;
}

class ShaicoinSession {
  private readonly shares = new Shares();
  private readonly jobs = new Jobs();
  /** Shares without an answer: the answers come in order. */
  private readonly open: Datum[] = [];
  private hasJob = false;

  *read(message: Message): Iterable<Fact> {
    if (message.kind !== 'datum' || !isWebSocket(message)) return;
    const { body } = message;
    const job = jobOf(body);
    const share = shareOf(body);
    if (job !== null) yield* this.job(job.jobId, job.hashes);
    else if (share !== null) {
      if (this.open.length === OPEN_LIMIT) this.open.shift();
      this.open.push(message);
      yield this.shares.take(message, share);
    } else if (body.type === 'accepted') {
      yield* this.shares.answerTo(this.open.shift(), { outcome: 'accepted', text: '' });
    } else if (body.type === 'rejected') {
      const text = textOf(body.message) ?? '';
      const outcome = /job id/i.test(text) ? 'stale' : 'other';
      yield* this.shares.answerTo(this.open.shift(), { outcome, text });
    }
  }

  private *job(jobId: string, hashes: number | null): Iterable<Fact> {
    if (!this.hasJob) {
      const detail = 'jobs of Shaicoin';
      yield { kind: 'algorithm', algorithm: 'shaihive', source: 'dialect', detail, side: 'pool' };
      yield { kind: 'coin', coin: 'SHAI', source: 'dialect', side: 'pool' };
    }
    this.hasJob = true;
    yield* this.jobs.take(jobId, hashes);
  }
}

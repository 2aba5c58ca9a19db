/**
 * DERO's getwork over WebSocket (docs/protocols.md 1.24): the wallet is in the URL, the server pushes work unasked, and
 * the counters in that work say how many mini blocks of this connection were taken and refused.
 */
import type { Fact } from '../evidence/fact.ts';
import type { JsonObject, Message } from '../framing/message.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { Jobs, loginFact, Shares } from './opening.ts';
import { isHex, isPlain, jobIdOf, positiveNumber, textOf } from './shape.ts';

/** A mini block has 48 bytes. */
const BLOB_DIGITS = 96;
const OPEN_LIMIT = 1024;

export const dero: Dialect = {
  id: 'dero',
  title: 'DERO getwork over WebSocket',
  reference: 'derohe, miningcore forks, docs/protocols.md 1.24',
  serves: 'DERO',
  framing: 'websocket',
  recognise,
  reader: () => new DeroSession(),
};

function recognise(message: Message): Recognition {
  if (message.kind !== 'datum' || !isPlain(message)) return 'foreign';
  return jobOf(message.body) !== null || shareOf(message.body) !== null ? 'certain' : 'foreign';
}

function jobOf(body: JsonObject): { jobId: string; hashes: number } | null {
  const jobId = jobIdOf(body.jobid);
  const hashes = positiveNumber(body.difficultyuint64) ?? positiveNumber(body.difficulty);
  return jobId === null || hashes === null || !isHex(body.blockhashing_blob, BLOB_DIGITS)
    ? null
    : { jobId, hashes };
}

/** The mini block with its nonce, which is its last 12 bytes. */
function shareOf(body: JsonObject): { jobId: string; nonce: string } | null {
  const jobId = jobIdOf(body.jobid);
  return jobId === null || !isHex(body.mbl_blob, BLOB_DIGITS)
    ? null
    : { jobId, nonce: body.mbl_blob.slice(-24) };
}

class DeroSession {
  private readonly shares = new Shares();
  private readonly jobs = new Jobs();
  private readonly open: Message[] = [];
  private hasLogin = false;
  private hasJob = false;
  /** Counters of the connection, as told last; null before the first job. */
  private taken: number | null = null;
  private refused = 0;

  *read(message: Message): Iterable<Fact> {
    if (message.kind !== 'datum' || !isPlain(message)) return;
    const share = shareOf(message.body);
    if (share !== null) {
      yield* this.login(message);
      if (this.open.length === OPEN_LIMIT) this.open.shift();
      this.open.push(message);
      yield this.shares.take(message, { ...share, account: null, worker: null });
      return;
    }
    const job = jobOf(message.body);
    if (job === null) return;
    if (!this.hasJob) {
      const detail = 'work of DERO';
      yield { kind: 'algorithm', algorithm: 'astrobwt', source: 'dialect', detail, side: 'pool' };
      yield { kind: 'coin', coin: 'DERO', source: 'dialect', side: 'pool' };
    }
    yield* this.login(message);
    this.hasJob = true;
    yield* this.count(message.body);
    yield* this.jobs.take(job.jobId, job.hashes);
  }

  /** `/ws/WALLET` or `/ws/WALLET.WORKER`. */
  private *login(message: Message): Iterable<Fact> {
    const wallet = /^\/ws\/([\w.+-]{1,256})$/.exec(message.http?.target ?? '')?.[1];
    if (this.hasLogin || wallet === undefined) return;
    this.hasLogin = true;
    const login = loginFact(wallet);
    if (login !== null) yield login;
    // Work on a connection that names its wallet is the consent; there is no other.
    yield { kind: 'admission', admitted: true, reason: '' };
  }

  /** What the counters gained since the last job answers the oldest shares. */
  private *count({ blocks, miniblocks, rejected, lasterror }: JsonObject): Iterable<Fact> {
    const taken = countOf(blocks) + countOf(miniblocks);
    const refused = countOf(rejected);
    const gained = this.taken === null ? 0 : taken - this.taken;
    const lost = this.taken === null ? 0 : refused - this.refused;
    this.taken = taken;
    this.refused = refused;
    const text = textOf(lasterror) ?? '';
    for (let at = 0; at < gained && this.open.length > 0; at++) {
      yield* this.shares.answerTo(this.open.shift(), { outcome: 'accepted', text: '' });
    }
    for (let at = 0; at < lost && this.open.length > 0; at++) {
      yield* this.shares.answerTo(this.open.shift(), { outcome: 'other', text });
    }
  }
}

function countOf(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}

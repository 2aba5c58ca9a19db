/**
 * DERO's getwork over WebSocket (docs/protocols.md 1.24): the wallet is in the URL, the server pushes work unasked, and
 * the counters in that work say how many mini blocks of this connection were taken and refused.
 */
import type { JsonObject, Message, Visit } from '../framing/message.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { isHex, isPlain, jobIdOf, positiveNumber, textOf } from './shape.ts';
import type { Sink } from './sink.ts';

/** A mini block has 48 bytes. */
const BLOB_DIGITS = 96;

export const dero: Dialect = {
  id: 'dero',
  title: 'DERO getwork over WebSocket',
  reference: 'derohe, miningcore forks, docs/protocols.md 1.24',
  serves: 'DERO',
  framing: 'websocket',
  methods: ['#datum'],
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
  private hasLogin = false;
  /** Counters of the connection, as told last; null before the first job. */
  private taken: number | null = null;
  private refused = 0;

  read(message: Message, session: Sink): void {
    if (message.kind === 'visit') this.login(message, session);
    if (message.kind !== 'datum' || !isPlain(message)) return;
    const share = shareOf(message.body);
    if (share !== null) {
      session.shareInOrder(message, share);
      return;
    }
    const job = jobOf(message.body);
    if (job === null) return;
    session.names('astrobwt', 'DERO', 'work of DERO');
    // Work on a connection that names its wallet is the consent; there is no other.
    if (this.hasLogin && this.taken === null) session.admit();
    this.count(message.body, session);
    session.job(job.jobId, job.hashes);
  }

  /** `/ws/WALLET` or `/ws/WALLET.WORKER`: said with the request that opens the WebSocket. */
  private login({ http: { status, target } }: Visit, session: Sink): void {
    const wallet = status === 0 ? /^\/ws\/([\w.+-]{1,256})$/.exec(target)?.[1] : undefined;
    if (wallet === undefined) return;
    this.hasLogin = true;
    session.signIn(wallet);
  }

  /** What the counters gained since the last job answers the oldest shares. */
  private count({ blocks, miniblocks, rejected, lasterror }: JsonObject, session: Sink): void {
    const taken = countOf(blocks) + countOf(miniblocks);
    const refused = countOf(rejected);
    const gained = this.taken === null ? 0 : taken - this.taken;
    const lost = this.taken === null ? 0 : refused - this.refused;
    this.taken = taken;
    this.refused = refused;
    const text = textOf(lasterror) ?? '';
    for (let at = 0; at < gained; at++) if (!session.nextOutcome({ outcome: 'accepted', text: '' })) break;
    for (let at = 0; at < lost; at++) if (!session.nextOutcome({ outcome: 'other', text })) break;
  }
}

function countOf(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}

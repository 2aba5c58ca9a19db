/**
 * DERO's getwork over WebSocket (docs/reference/protocols.md 1.24): the wallet is in the URL, the server pushes work unasked, and
 * the counters in that work say how many mini blocks of this connection were taken and refused.
 */
import type { JsonObject, Message } from '../framing/message.ts';
import { form, oneOf } from './form.ts';
import { grammar } from './grammar.ts';
import { isCount, isHex, isPlain, positiveNumber, textOf } from './shape.ts';
import { ACCEPTED, type Sink } from './sink.ts';

const KINDS = {
  positive: positiveNumber,
  /** A mini block has 48 bytes, of which the last 12 are its nonce. */
  block: (value: unknown) => (isHex(value, 96) ? value.slice(-24) : null),
};
const jobOf = oneOf(
  form('jobid:jobId difficultyuint64:hashes=positive blockhashing_blob:block', KINDS),
  form('jobid:jobId difficulty:hashes=positive blockhashing_blob:block', KINDS),
);
const shareOf = form('jobid:jobId mbl_blob:nonce=block', KINDS);

export const dero = grammar({
  id: 'dero',
  title: 'DERO getwork over WebSocket',
  reference: 'derohe, miningcore forks, docs/reference/protocols.md 1.24',
  serves: 'DERO',
  framing: 'websocket',
  own: () => new DeroSession(),
  takes: (message) => message.kind === 'visit' || isPlain(message),
  others: {
    datum: {
      certain: ({ body }) => jobOf(body) ?? shareOf(body),
      read: (message, session, own) => own.read(message, message.body, session),
    },
    visit: { read: ({ http }, session) => session.signInByPath(http, /^\/ws\/([\w.+-]{1,256})$/) },
  },
});

class DeroSession {
  /** Counters of the connection, as told last; null before the first job. */
  private taken: number | null = null;
  private refused = 0;

  read(message: Message, body: JsonObject, session: Sink): void {
    const share = shareOf(body);
    const job = jobOf(body);
    if (share !== null) session.shareInOrder(message, share);
    else if (job !== null) {
      session.names('astrobwt', 'DERO', 'work of DERO');
      session.consent();
      this.count(body, session);
      session.job(job.jobId, job.hashes);
    }
  }

  /** What the counters gained since the last job answers the oldest shares. */
  private count({ blocks, miniblocks, rejected, lasterror }: JsonObject, session: Sink): void {
    const taken = countOf(blocks) + countOf(miniblocks);
    const refused = countOf(rejected);
    const gained = taken - (this.taken ?? taken);
    const lost = this.taken === null ? 0 : refused - this.refused;
    this.taken = taken;
    this.refused = refused;
    const text = textOf(lasterror) ?? '';
    for (let at = 0; at < gained; at++) if (!session.nextOutcome(ACCEPTED)) break;
    for (let at = 0; at < lost; at++) if (!session.nextOutcome({ outcome: 'other', text })) break;
  }
}

function countOf(value: unknown): number {
  return isCount(value) ? value : 0;
}

/**
 * BEAM's Stratum (docs/protocols.md 1.18): every field stands at the top of the object, there are no `params`, and the
 * server answers with code and words in place of result and error. Jobs carry a packed difficulty in solutions.
 */

import type { Answer } from '../evidence/outcome.ts';
import { classifyAnswer } from '../evidence/outcome.ts';
import { hashesFromBeamDifficulty } from '../evidence/target.ts';
import type { Call, JsonObject, Message } from '../framing/message.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { isHex, isPlain, jobIdOf, textOf } from './shape.ts';
import type { OpenShare, Sink } from './sink.ts';

/** Solutions of BeamHash III have 104 bytes; those of its elders 100 and fewer. */
const OUTPUT_LEAST = 136;
const OUTPUT_MOST = 256;
const OPEN_LIMIT = 1024;
/** Solutions of one job that wait for an answer. */
const SAME_ID_LIMIT = 16;

export const beam: Dialect = {
  id: 'beam',
  title: 'BEAM Stratum',
  reference: 'NiceHash Beam, docs/protocols.md 1.18',
  serves: 'BEAM',
  framing: 'json-lines',
  methods: ['login', 'job', 'solution', 'result', '#datum'],
  recognise,
  reader: () => new BeamSession(),
};

function recognise(message: Message): Recognition {
  if (!isPlain(message)) return 'foreign';
  if (message.kind === 'datum') return isLoginAnswer(message.body) ? 'possible' : 'foreign';
  if (message.kind !== 'call' || message.params !== undefined) return 'foreign';
  const { method, body } = message;
  if (method === 'job') return jobOf(body) !== null ? 'certain' : 'foreign';
  if (method === 'solution') return isSolution(body) ? 'certain' : 'foreign';
  if (method === 'result') return isLoginAnswer(body) ? 'possible' : 'foreign';
  return method === 'login' && textOf(body.api_key) !== null ? 'possible' : 'foreign';
}

function isLoginAnswer(body: JsonObject): boolean {
  return (
    typeof body.code === 'number' && isHex(body.nonceprefix, 2, 16) && typeof body.description === 'string'
  );
}

function jobOf(body: JsonObject): { jobId: string; hashes: number } | null {
  const jobId = jobIdOf(body.id);
  const hashes = hashesFromBeamDifficulty(body.difficulty);
  return jobId === null || hashes === null || !isHex(body.input, 64) ? null : { jobId, hashes };
}

function isSolution(body: JsonObject): body is JsonObject & { readonly nonce: string } {
  return jobIdOf(body.id) !== null && isHex(body.nonce, 16) && isHex(body.output, OUTPUT_LEAST, OUTPUT_MOST);
}

/** Code 0 answers a login, 1 a share; the words decide if the code is another. */
function answerOf({ code, description }: JsonObject): Answer {
  const words = textOf(description) ?? '';
  if (code === 0 || code === 1 || /accepted|successful/i.test(words)) {
    return /reject|invalid|expired|denied|fail/i.test(words)
      ? classifyAnswer(null, { message: words })
      : { outcome: 'accepted', text: words };
  }
  return classifyAnswer(null, { code, message: words });
}

class BeamSession {
  /** Shares without an answer, by id: a miner may find several solutions of one job. */
  private readonly open = new Map<string, OpenShare[]>();

  read(message: Message, session: Sink): void {
    if (!isPlain(message)) return;
    if (message.kind === 'datum') this.answer(message.body, session);
    else if (message.kind === 'call') this.readCall(message, session);
  }

  private readCall(call: Call, session: Sink): void {
    const { method, body } = call;
    switch (method) {
      case 'login': {
        session.authorize(method, body.api_key);
        session.agent(body.agent);
        return;
      }
      case 'job': {
        const job = jobOf(body);
        if (job === null) return;
        session.names('beamhash3', 'BEAM', 'jobs of BEAM');
        session.job(job.jobId, job.hashes);
        return;
      }
      case 'solution': {
        if (!isSolution(body)) return;
        const jobId = jobIdOf(body.id) ?? '';
        const share = session.share(call, { jobId, nonce: body.nonce });
        const sameId = this.open.get(jobId) ?? [];
        if (this.open.size < OPEN_LIMIT) this.open.set(jobId, [...sameId, share].slice(-SAME_ID_LIMIT));
        return;
      }
      case 'result':
        this.answer(body, session);
    }
  }

  private answer(body: JsonObject, session: Sink): void {
    if (typeof body.code !== 'number') return;
    const id = jobIdOf(body.id) ?? '';
    const answer = answerOf(body);
    if (id === 'login') {
      if (answer.outcome === 'accepted') session.admit();
      else session.refuse(answer.text);
      return;
    }
    const sameId = this.open.get(id);
    const share = sameId?.shift();
    if (sameId?.length === 0) this.open.delete(id);
    if (share !== undefined)
      session.outcome(share, answer.outcome, answer.outcome === 'accepted' ? '' : answer.text);
  }
}

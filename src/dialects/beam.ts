/**
 * BEAM's Stratum (docs/protocols.md 1.18): every field stands at the top of the object, there are no `params`, and the
 * server answers with code and words in place of result and error. Jobs carry a packed difficulty in solutions.
 */

import type { Fact } from '../evidence/fact.ts';
import type { Answer } from '../evidence/outcome.ts';
import { classifyAnswer } from '../evidence/outcome.ts';
import { hashesFromBeamDifficulty } from '../evidence/target.ts';
import type { Call, JsonObject, Message } from '../framing/message.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { agentFact, Jobs, loginFact, Shares } from './opening.ts';
import { isHex, isPlain, jobIdOf, textOf } from './shape.ts';

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
  private readonly shares = new Shares();
  private readonly jobs = new Jobs();
  /** Shares without an answer, by id: a miner may find several solutions of one job. */
  private readonly open = new Map<string, Call[]>();
  private hasJob = false;

  *read(message: Message): Iterable<Fact> {
    if (!isPlain(message)) return;
    if (message.kind === 'datum') yield* this.answer(message.body);
    else if (message.kind === 'call') yield* this.readCall(message);
  }

  private *readCall(call: Call): Iterable<Fact> {
    const { method, body } = call;
    switch (method) {
      case 'login': {
        yield loginFact(body.api_key) ?? { kind: 'request', method };
        yield* agentFact(body.agent);
        return;
      }
      case 'job': {
        const job = jobOf(body);
        if (job === null) return;
        if (!this.hasJob) {
          const detail = 'jobs of BEAM';
          yield { kind: 'algorithm', algorithm: 'beamhash3', source: 'dialect', detail, side: 'pool' };
          yield { kind: 'coin', coin: 'BEAM', source: 'dialect', side: 'pool' };
        }
        this.hasJob = true;
        yield* this.jobs.take(job.jobId, job.hashes);
        return;
      }
      case 'solution': {
        if (!isSolution(body)) return;
        const jobId = jobIdOf(body.id) ?? '';
        const sameId = this.open.get(jobId) ?? [];
        if (this.open.size < OPEN_LIMIT) this.open.set(jobId, [...sameId, call].slice(-SAME_ID_LIMIT));
        yield this.shares.take(call, { jobId, account: null, worker: null, nonce: body.nonce });
        return;
      }
      case 'result':
        yield* this.answer(body);
    }
  }

  private *answer(body: JsonObject): Iterable<Fact> {
    if (typeof body.code !== 'number') return;
    const id = jobIdOf(body.id) ?? '';
    const answer = answerOf(body);
    if (id === 'login') {
      const admitted = answer.outcome === 'accepted';
      yield { kind: 'admission', admitted, reason: admitted ? '' : answer.text };
      return;
    }
    const sameId = this.open.get(id);
    const share = sameId?.shift();
    if (sameId?.length === 0) this.open.delete(id);
    const text = answer.outcome === 'accepted' ? '' : answer.text;
    yield* this.shares.answerTo(share, { outcome: answer.outcome, text });
  }
}

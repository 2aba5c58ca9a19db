/**
 * BEAM's Stratum (docs/reference/protocols.md 1.18): every field stands at the top of the object, there are no `params`, and the
 * server answers with code and words in place of result and error. Jobs carry a packed difficulty in solutions.
 */
import { type Answer, classifyAnswer } from '../evidence/outcome.ts';
import { hashesFromBeamDifficulty } from '../evidence/target.ts';
import type { Call, Datum, JsonObject } from '../framing/message.ts';
import { form } from './form.ts';
import { grammar } from './grammar.ts';
import { jobIdOf, textOf } from './shape.ts';
import type { OpenShare, Sink } from './sink.ts';

const OPEN_LIMIT = 1024;
/** Solutions of one job that wait for an answer. */
const SAME_ID_LIMIT = 16;

/** Shares without an answer, by id: a miner may find several solutions of one job. */
type Open = Map<string, OpenShare[]>;

const jobOf = form('id:jobId difficulty:hashes=packed input:hex64', { packed: hashesFromBeamDifficulty });
/** Solutions of BeamHash III have 104 bytes; those of its elders 100 and fewer. */
const shareOf = form('id:jobId nonce:nonce=hex16 output:hex136..256');
const isLoginAnswer = form('code:number nonceprefix:hex2..16 description:string');

export const beam = grammar({
  id: 'beam',
  title: 'BEAM Stratum',
  reference: 'NiceHash Beam, docs/reference/protocols.md 1.18',
  serves: 'BEAM',
  framing: 'json-lines',
  own: (): Open => new Map(),
  paramsOf: ({ body }) => body,
  rows: {
    login: {
      possible: form('api_key:text'),
      read: ({ method, body }, session) => {
        session.authorize(method, body.api_key);
        session.agent(body.agent);
      },
    },
    job: {
      certain: jobOf,
      read: ({ body }, session) => session.work(jobOf(body), 'beamhash3', 'BEAM', 'jobs of BEAM'),
    },
    solution: { certain: shareOf, read: submit },
    result: { possible: isLoginAnswer, read: answer },
  },
  others: { datum: { possible: ({ body }) => isLoginAnswer(body), read: answer } },
});

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

function submit(call: Call, session: Sink, open: Open): void {
  const solution = shareOf(call.body);
  if (solution === null) return;
  const share = session.share(call, solution);
  const sameId = open.get(solution.jobId) ?? [];
  if (open.size < OPEN_LIMIT) open.set(solution.jobId, [...sameId, share].slice(-SAME_ID_LIMIT));
}

function answer({ body }: Call | Datum, session: Sink, open: Open): void {
  if (typeof body.code !== 'number') return;
  const id = jobIdOf(body.id) ?? '';
  const { outcome, text } = answerOf(body);
  const isAccepted = outcome === 'accepted';
  if (id === 'login') {
    session.admitted(isAccepted, isAccepted ? '' : text);
    return;
  }
  const sameId = open.get(id);
  const share = sameId?.shift();
  if (sameId?.length === 0) open.delete(id);
  if (share !== undefined) session.outcome(share, outcome, isAccepted ? '' : text);
}

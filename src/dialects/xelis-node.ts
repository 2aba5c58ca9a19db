/**
 * Mining at a Xelis node over WebSocket (xelis-daemon and xelis-go-sdk): the path names address and worker, the node
 * pushes `{"new_job": {…}}` with difficulty, algorithm and template, the miner sends the template back with its nonce,
 * and the node says "block_accepted" or `{"block_rejected": reason}`. Bare texts are not messages here, so what is not
 * refused stays without an answer.
 */
import { canonicalAlgorithm } from '../evidence/algorithm.ts';
import { hashesFromDifficulty } from '../evidence/target.ts';
import type { Datum, JsonObject } from '../framing/message.ts';
import { grammar } from './grammar.ts';
import { isHex, isWebSocket, objectOf, positiveNumber, textOf } from './shape.ts';
import type { Sink } from './sink.ts';

/** Work hash 32 bytes, time 8, nonce 8, extranonce 32, public key 32. */
const WORK_DIGITS = 224;
/** The header of a block, in which the same stands; heights and tips make it longer. */
const MOST_DIGITS = 2048;
/** What a share keeps of its job: of the miner's work the hash before time and nonce, of a header its beginning. */
const KEPT_DIGITS = 64;

export const xelisNode = grammar({
  id: 'xelis-node',
  title: 'Xelis getwork over WebSocket',
  reference: 'xelis-go-sdk getwork, xelis-blockchain miner',
  checked: '2026-11',
  serves: 'Xelis',
  framing: 'websocket',
  own: () => null,
  takes: (message) => message.kind === 'visit' || isWebSocket(message),
  others: {
    datum: {
      certain: ({ body, http }) =>
        jobOf(body) ?? (http?.target.startsWith('/getwork') === true && templateOf(body)),
      read,
    },
    // Address and worker, said with the request that opens the WebSocket, before anybody speaks in it.
    visit: {
      read: ({ http }, session) =>
        session.signInByPath(http, /^\/getwork\/([\w:.-]{1,256})(?:\/([^/?#]{1,256}))?/),
    },
  },
});

interface XelisJob {
  readonly jobId: string;
  readonly hashes: number;
  /** Null if the node does not name one of the three. */
  readonly algorithm: string | null;
}

function jobOf(body: JsonObject): XelisJob | null {
  const job = objectOf(body.new_job);
  const template = textAsHex(job?.template) ?? textAsHex(job?.miner_work);
  const { difficulty } = job ?? {};
  const hashes =
    typeof difficulty === 'string' ? hashesFromDifficulty(difficulty) : positiveNumber(difficulty);
  if (job === null || template === null || hashes === null) return null;
  const algorithm = canonicalAlgorithm(textOf(job.algorithm) ?? '');
  return { jobId: template.slice(0, KEPT_DIGITS), hashes, algorithm };
}

function textAsHex(value: unknown): string | null {
  return isHex(value, WORK_DIGITS, MOST_DIGITS) ? value.toLowerCase() : null;
}

function templateOf(body: JsonObject): string | null {
  return textAsHex(body.block_template) ?? textAsHex(body.miner_work);
}

function read(message: Datum, session: Sink): void {
  const { body } = message;
  const job = jobOf(body);
  const template = templateOf(body);
  if (job !== null) {
    const { jobId, hashes, algorithm } = job;
    session.mines('XEL', 'dialect');
    session.named(algorithm ?? 'xelishash', algorithm === null ? 'family' : 'job', 'algorithm of the job');
    session.consent();
    session.job(jobId, hashes);
  } else if (template !== null) session.shareInOrder(message, { jobId: template.slice(0, KEPT_DIGITS) });
  else if (body.block_rejected !== undefined)
    session.nextOutcome({ outcome: 'other', text: textOf(body.block_rejected) ?? '' });
}

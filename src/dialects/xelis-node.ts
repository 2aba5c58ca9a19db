/**
 * Mining at a Xelis node over WebSocket (xelis-daemon and xelis-go-sdk): the path names address and worker, the node
 * pushes `{"new_job": {…}}` with difficulty, algorithm and template, the miner sends the template back with its nonce,
 * and the node says "block_accepted" or `{"block_rejected": reason}`. Bare texts are not messages here, so what is not
 * refused stays without an answer.
 */
import { canonicalAlgorithm } from '../evidence/algorithm.ts';
import { hashesFromDifficulty } from '../evidence/target.ts';
import type { JsonObject, Message, Visit } from '../framing/message.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { isHex, isWebSocket, objectOf, positiveNumber, textOf } from './shape.ts';
import type { Sink } from './sink.ts';

/** Work hash 32 bytes, time 8, nonce 8, extranonce 32, public key 32. */
const WORK_DIGITS = 224;
/** The header of a block, in which the same stands; heights and tips make it longer. */
const MOST_DIGITS = 2048;

export const xelisNode: Dialect = {
  id: 'xelis-node',
  title: 'Xelis getwork over WebSocket',
  reference: 'xelis-go-sdk getwork, xelis-blockchain miner',
  checked: '2026-11',
  serves: 'Xelis',
  framing: 'websocket',
  methods: ['#datum'],
  recognise,
  reader: () => new XelisNodeSession(),
};

function recognise(message: Message): Recognition {
  if (message.kind !== 'datum' || !isWebSocket(message)) return 'foreign';
  if (jobOf(message.body) !== null) return 'certain';
  return isGetwork(message) && templateOf(message.body) !== null ? 'certain' : 'foreign';
}

function isGetwork(message: Message): boolean {
  return message.http?.target.startsWith('/getwork') === true;
}

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
  return { jobId: identityOf(template), hashes, algorithm };
}

function textAsHex(value: unknown): string | null {
  return isHex(value, WORK_DIGITS, MOST_DIGITS) ? value.toLowerCase() : null;
}

function templateOf(body: JsonObject): string | null {
  return textAsHex(body.block_template) ?? textAsHex(body.miner_work);
}

/** What a share keeps of its job: of the miner's work the hash before time and nonce, of a header its beginning. */
function identityOf(template: string): string {
  return template.slice(0, 64);
}

class XelisNodeSession {
  private hasLogin = false;
  private isAdmitted = false;
  private algorithm = '';

  read(message: Message, session: Sink): void {
    if (message.kind === 'visit') this.login(message, session);
    if (message.kind !== 'datum' || !isWebSocket(message)) return;
    const job = jobOf(message.body);
    const template = templateOf(message.body);
    if (job !== null) this.job(job, session);
    else if (template !== null) {
      session.shareInOrder(message, { jobId: identityOf(template) });
    } else if (message.body.block_rejected !== undefined) {
      const text = textOf(message.body.block_rejected) ?? '';
      session.nextOutcome({ outcome: 'other', text });
    }
  }

  private job({ jobId, hashes, algorithm }: XelisJob, session: Sink): void {
    if (this.algorithm === '') session.coin('XEL', 'dialect', 'pool');
    const name = algorithm ?? 'xelishash';
    if (name !== this.algorithm) {
      this.algorithm = name;
      session.algorithm(name, algorithm === null ? 'family' : 'job', 'algorithm of the job', 'pool');
    }
    // Work on a connection that names its address is the consent; there is no other.
    if (this.hasLogin && !this.isAdmitted) session.admit();
    this.isAdmitted = this.hasLogin;
    session.job(jobId, hashes);
  }

  /** `/getwork/ADDRESS/WORKER`: said with the request that opens the WebSocket, before anybody speaks in it. */
  private login({ http: { status, target } }: Visit, session: Sink): void {
    const parts = status === 0 ? /^\/getwork\/([\w:.-]{1,256})(?:\/([^/?#]{1,256}))?/.exec(target) : null;
    if (parts === null) return;
    this.hasLogin = true;
    const [, address, worker] = parts;
    session.signIn(address, worker ?? null);
  }
}

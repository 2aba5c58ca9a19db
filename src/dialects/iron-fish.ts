/**
 * Iron Fish's Stratum (docs/protocols.md 1.19): methods of the `mining.` namespace whose content is an object `body`, and
 * answers that are calls of their own (`mining.subscribed`, `mining.submitted`). Some pools answer no share at all.
 */
import type { Fact } from '../evidence/fact.ts';
import { classifyAnswer } from '../evidence/outcome.ts';
import { hashesFromTarget256 } from '../evidence/target.ts';
import type { Call, JsonObject, Message } from '../framing/message.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { agentFact, Jobs, loginFact, Shares } from './opening.ts';
import { isHex, isPlain, jobIdOf, objectOf, textOf } from './shape.ts';

const OPEN_LIMIT = 1024;

export const ironFish: Dialect = {
  id: 'iron-fish',
  title: 'Iron Fish Stratum',
  reference: 'ironfish stratum messages, NiceHash FishHash, docs/protocols.md 1.19',
  serves: 'Iron Fish',
  framing: 'json-lines',
  recognise,
  reader: () => new IronFishSession(),
};

function recognise(message: Message): Recognition {
  if (!isPlain(message) || message.kind !== 'call' || message.params !== undefined) return 'foreign';
  const body = objectOf(message.body.body);
  if (body === null) return 'foreign';
  switch (message.method) {
    case 'mining.subscribe':
      return textOf(body.publicAddress) !== null ? 'certain' : 'foreign';
    case 'mining.subscribed':
      return jobIdOf(body.clientId) !== null && isHex(body.xn, 0, 16) ? 'certain' : 'foreign';
    case 'mining.set_target':
      return isHex(body.target, 64) ? 'certain' : 'foreign';
    case 'mining.notify':
      return isJob(body) ? 'certain' : 'foreign';
    case 'mining.submit':
      return isShare(body) ? 'certain' : 'foreign';
    case 'mining.submitted':
      return typeof body.result === 'boolean' ? 'certain' : 'foreign';
    case 'mining.disconnect':
      return typeof body.reason === 'string' ? 'possible' : 'foreign';
    default:
      return 'foreign';
  }
}

function isJob(body: JsonObject): boolean {
  return typeof body.miningRequestId === 'number' && isHex(body.header, 100, 2000);
}

function isShare(body: JsonObject): body is JsonObject & { readonly randomness: string } {
  return typeof body.miningRequestId === 'number' && isHex(body.randomness, 16);
}

class IronFishSession {
  private readonly shares = new Shares();
  private readonly jobs = new Jobs();
  /** Shares without an answer, by id of the message. */
  private readonly open = new Map<string, Call>();
  private hasJob = false;

  *read(message: Message): Iterable<Fact> {
    if (!isPlain(message) || message.kind !== 'call') return;
    const body = objectOf(message.body.body);
    const { method } = message;
    if (body === null) {
      if (method === 'mining.wait_for_work') yield { kind: 'service', method };
      return;
    }
    switch (method) {
      case 'mining.subscribe': {
        yield loginFact(body.publicAddress, textOf(body.name)) ?? { kind: 'request', method };
        yield* agentFact(body.agent);
        return;
      }
      case 'mining.subscribed':
        yield { kind: 'admission', admitted: true, reason: '' };
        return;
      case 'mining.set_target': {
        const value = isHex(body.target, 64) ? hashesFromTarget256(body.target) : null;
        if (value !== null) yield { kind: 'difficulty', difficulty: { scale: 'hashes', value } };
        return;
      }
      case 'mining.notify':
        yield* this.notify(body);
        return;
      case 'mining.submit':
        yield* this.submit(message, body);
        return;
      case 'mining.submitted':
        yield* this.submitted(body);
        return;
      case 'mining.disconnect':
        yield {
          kind: 'admission',
          admitted: false,
          reason: textOf(body.reason) ?? textOf(body.message) ?? '',
        };
        return;
      case 'mining.get_status':
        yield { kind: 'request', method };
        return;
      case 'mining.wait_for_work':
      case 'mining.status':
        yield { kind: 'service', method };
    }
  }

  private *notify(body: JsonObject): Iterable<Fact> {
    if (!isJob(body)) return;
    if (!this.hasJob) {
      const detail = 'jobs of Iron Fish';
      yield { kind: 'algorithm', algorithm: 'fishhash', source: 'dialect', detail, side: 'pool' };
      yield { kind: 'coin', coin: 'IRON', source: 'dialect', side: 'pool' };
    }
    this.hasJob = true;
    yield* this.jobs.take(String(body.miningRequestId), null);
  }

  private *submit(call: Call, body: JsonObject): Iterable<Fact> {
    if (!isShare(body)) return;
    if (call.id !== undefined && this.open.size < OPEN_LIMIT) this.open.set(call.id, call);
    const jobId = String(body.miningRequestId);
    yield this.shares.take(call, { jobId, account: null, worker: null, nonce: body.randomness });
  }

  private *submitted(body: JsonObject): Iterable<Fact> {
    if (typeof body.result !== 'boolean') return;
    const id = JSON.stringify(body.id) ?? '';
    const share = this.open.get(id);
    this.open.delete(id);
    const words = textOf(body.message);
    yield* this.shares.answerTo(
      share,
      classifyAnswer(body.result, words === null ? null : { message: words }),
    );
  }
}

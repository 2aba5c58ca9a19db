/**
 * Iron Fish's Stratum (docs/protocols.md 1.19): methods of the `mining.` namespace whose content is an object `body`, and
 * answers that are calls of their own (`mining.subscribed`, `mining.submitted`). Some pools answer no share at all.
 */
import { classifyAnswer } from '../evidence/outcome.ts';
import { hashesFromTarget256 } from '../evidence/target.ts';
import type { Call, JsonObject, Message } from '../framing/message.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { isHex, isPlain, jobIdOf, objectOf, textOf } from './shape.ts';
import type { OpenShare, Sink } from './sink.ts';

const OPEN_LIMIT = 1024;

export const ironFish: Dialect = {
  id: 'iron-fish',
  title: 'Iron Fish Stratum',
  reference: 'ironfish stratum messages, NiceHash FishHash, docs/protocols.md 1.19',
  serves: 'Iron Fish',
  framing: 'json-lines',
  methods: [
    'mining.subscribe',
    'mining.subscribed',
    'mining.set_target',
    'mining.notify',
    'mining.submit',
    'mining.submitted',
    'mining.disconnect',
  ],
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
  /** Shares without an answer, by id of the message. */
  private readonly open = new Map<string, OpenShare>();

  read(message: Message, session: Sink): void {
    if (!isPlain(message) || message.kind !== 'call') return;
    const body = objectOf(message.body.body);
    const { method } = message;
    if (body === null) {
      if (method === 'mining.wait_for_work') session.service(method);
      return;
    }
    switch (method) {
      case 'mining.subscribe': {
        session.authorize(method, body.publicAddress, textOf(body.name));
        session.agent(body.agent);
        return;
      }
      case 'mining.subscribed':
        session.admit();
        return;
      case 'mining.set_target': {
        const value = isHex(body.target, 64) ? hashesFromTarget256(body.target) : null;
        if (value !== null) session.difficulty(value);
        return;
      }
      case 'mining.notify':
        this.notify(body, session);
        return;
      case 'mining.submit':
        this.submit(message, body, session);
        return;
      case 'mining.submitted':
        this.submitted(body, session);
        return;
      case 'mining.disconnect':
        session.refuse(textOf(body.reason) ?? textOf(body.message) ?? '');
        return;
      case 'mining.get_status':
        session.request(method);
        return;
      case 'mining.wait_for_work':
      case 'mining.status':
        session.service(method);
    }
  }

  private notify(body: JsonObject, session: Sink): void {
    if (!isJob(body)) return;
    session.names('fishhash', 'IRON', 'jobs of Iron Fish');
    session.job(String(body.miningRequestId), null);
  }

  private submit(call: Call, body: JsonObject, session: Sink): void {
    if (!isShare(body)) return;
    const share = session.share(call, { jobId: String(body.miningRequestId), nonce: body.randomness });
    if (call.id !== undefined && this.open.size < OPEN_LIMIT) this.open.set(call.id, share);
  }

  private submitted(body: JsonObject, session: Sink): void {
    if (typeof body.result !== 'boolean') return;
    const id = JSON.stringify(body.id) ?? '';
    const share = this.open.get(id);
    this.open.delete(id);
    if (share === undefined) return;
    const words = textOf(body.message);
    const { outcome, text } = classifyAnswer(body.result, words === null ? null : { message: words });
    session.outcome(share, outcome, text);
  }
}

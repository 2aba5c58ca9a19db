/**
 * Nimiq's pool protocol over WebSocket (docs/protocols.md 1.23): objects with `message`. The pool sets a target as a
 * decimal number and answers no share that is fine, so shares stay unanswered. Historical: the chain is proof of stake
 * since 2024.
 */
import type { Fact } from '../evidence/fact.ts';
import { hashesFromTargetDecimal } from '../evidence/target.ts';
import type { JsonObject, Message } from '../framing/message.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { loginFact, Shares } from './opening.ts';
import { isWebSocket, textOf } from './shape.ts';

const MODES = new Set(['nano', 'smart', 'dumb']);
const ADDRESS = /^NQ\d{2}(?: ?[0-9A-HJ-NP-VXY]{4}){8}$/;

export const nimiq: Dialect = {
  id: 'nimiq',
  title: 'Nimiq pool protocol',
  reference: 'Nimiq developer reference, docs/protocols.md 1.23',
  serves: 'Nimiq, until its proof of stake',
  framing: 'websocket',
  recognise,
  reader: () => new NimiqSession(),
};

function recognise(message: Message): Recognition {
  if (message.kind !== 'datum' || !isWebSocket(message)) return 'foreign';
  const { body } = message;
  switch (body.message) {
    case 'register':
      return isRegister(body) ? 'certain' : 'foreign';
    case 'settings':
      return targetOf(body) !== null && ADDRESS.test(String(body.address)) ? 'certain' : 'foreign';
    case 'new-block':
      return isDigest(body.bodyHash) && isDigest(body.accountsHash) ? 'certain' : 'foreign';
    case 'share':
      return isShare(body) ? 'certain' : 'foreign';
    case 'registered':
      return 'possible';
    default:
      return 'foreign';
  }
}

function isRegister({ mode, address }: JsonObject): boolean {
  return MODES.has(String(mode)) && ADDRESS.test(String(address));
}

function targetOf({ target }: JsonObject): number | null {
  return typeof target === 'number' ? hashesFromTargetDecimal(target) : null;
}

/** 32 bytes in base64. */
function isDigest(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9+/]{43}=$/.test(value);
}

function isShare({ block, blockHeader, minerAddrProof }: JsonObject): boolean {
  return textBytes(block ?? blockHeader) >= 100 && typeof minerAddrProof === 'string';
}

function textBytes(value: unknown): number {
  return typeof value === 'string' && /^[A-Za-z0-9+/=]+$/.test(value) ? value.length : 0;
}

class NimiqSession {
  private readonly shares = new Shares();
  private job: string | null = null;
  private hasJob = false;

  *read(message: Message): Iterable<Fact> {
    if (message.kind !== 'datum' || !isWebSocket(message)) return;
    const { body } = message;
    switch (body.message) {
      case 'register': {
        if (!isRegister(body)) return;
        const device = typeof body.deviceId === 'number' ? String(body.deviceId) : null;
        const login = loginFact(body.address, textOf(body.deviceName) ?? device);
        if (login !== null) yield login;
        return;
      }
      case 'registered':
        yield { kind: 'admission', admitted: true, reason: '' };
        return;
      case 'settings': {
        const value = targetOf(body);
        if (value !== null) yield { kind: 'difficulty', difficulty: { scale: 'hashes', value } };
        return;
      }
      case 'new-block':
        yield* this.newBlock(body);
        return;
      case 'share':
        if (isShare(body)) {
          yield this.shares.take(message, { jobId: this.job, account: null, worker: null, nonce: null });
        }
        return;
      case 'error':
        yield { kind: 'admission', admitted: false, reason: textOf(body.reason) ?? '' };
    }
  }

  private *newBlock({ bodyHash }: JsonObject): Iterable<Fact> {
    if (!isDigest(bodyHash)) return;
    if (!this.hasJob) {
      const detail = 'blocks of Nimiq';
      yield { kind: 'algorithm', algorithm: 'argon2d-nim', source: 'dialect', detail, side: 'pool' };
      yield { kind: 'coin', coin: 'NIM', source: 'dialect', side: 'pool' };
    }
    this.hasJob = true;
    this.job = bodyHash;
    yield { kind: 'job', jobId: bodyHash, difficulty: null };
  }
}
